/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Folders as Linux' efivarfs shows them. */
#include <fwvar/folder.h>

#include "base/diag.h"
#include "image/file.h"
#include "image/sink.h"
#include "image/target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ATTRIBUTES_SIZE 4

bool fwvar_folder_is(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* ---- reading ---- */

/* One run of fwvar_folder_read(). */
struct reading {
    int dir;
    struct fwvar_varlist *list;
    fwvar_note_fn note;
    void *context;
    struct fwvar_diag *diag;
};

static int left_out(const struct reading *r, const char *name, const char *why)
{
    struct fw_buf text = {0};

    if (!r->note)
        return 0;
    fw_buf_printf(&text, "%s: left out: %s", name, why);
    char *line = fw_buf_take_text(&text);
    if (!line)
        return fw_nomem(r->diag);
    r->note(r->context, line);
    free(line);
    return 0;
}

/* Opens a regular file; a pipe or a device would hang or have effects. */
static int open_regular(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    struct stat st;

    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

static int read_content(const struct reading *r, const char *name, struct fw_buf *content)
{
    int fd = open_regular(r->dir, name);

    if (fd < 0)
        return FWVAR_ERR_IO;
    int code = fw_read_rest(fd, FWVAR_VARLIST_DATA_MAX + ATTRIBUTES_SIZE, content);
    int reason = errno;
    close(fd);
    errno = reason;
    return code;
}

static int add_file(const struct reading *r, const char *file,
                    struct fwvar_varlist_item *item, const struct fw_buf *content)
{
    uint8_t *name;

    item->variable.attributes = fw_le32(content->p);
    item->variable.data = content->p + ATTRIBUTES_SIZE;
    item->variable.data_size = content->size - ATTRIBUTES_SIZE;
    item->place = file;
    int code = fwvar_efivarfs_parse(file, &item->variable.guid, &name,
                                    &item->variable.name_size, r->diag);
    if (code == FWVAR_ERR_ARG)
        return left_out(r, file, "its name is not NAME-GUID");
    if (code != 0)
        return code;
    item->variable.name = name;
    code = fwvar_varlist_add(r->list, item, r->diag);
    free(name);
    return code;
}

static int read_one(const struct reading *r, const char *file)
{
    struct fwvar_varlist_item item = {.has_attributes = true};
    struct fw_buf content = {0};

    int code = read_content(r, file, &content);
    if (code == FWVAR_ERR_NOMEM)
        fw_nomem(r->diag);
    else if (code == FWVAR_ERR_IO)
        code =
            left_out(r, file, errno == EINVAL ? "not a regular file" : strerror(errno));
    else if (content.size <= ATTRIBUTES_SIZE)
        code = left_out(r, file, "no data");
    else
        code = add_file(r, file, &item, &content);
    fw_buf_free(&content);
    return code;
}

static bool is_shown(const struct dirent *d)
{
    return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

/* The names in a folder; they and the array are the caller's. */
struct names {
    char **at;
    size_t count, cap;
};

static void free_names(struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->at[i]);
    free(n->at);
}

static int add_name(struct names *n, const char *name)
{
    if (n->count == n->cap) {
        size_t cap = n->cap ? n->cap * 2 : 64;
        char **at = realloc(n->at, cap * sizeof *at);
        if (!at)
            return FWVAR_ERR_NOMEM;
        n->at = at;
        n->cap = cap;
    }
    n->at[n->count] = strdup(name);
    if (!n->at[n->count])
        return FWVAR_ERR_NOMEM;
    n->count++;
    return 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, so that the result does not depend on the file system. */
static int list_names(DIR *d, struct names *n)
{
    struct dirent *e;
    int code = 0;

    errno = 0;
    while (code == 0 && (e = readdir(d)) != NULL) {
        if (is_shown(e))
            code = add_name(n, e->d_name);
        errno = 0;
    }
    if (code == 0 && errno)
        return FWVAR_ERR_IO;
    if (n->count)
        qsort(n->at, n->count, sizeof *n->at, by_bytes);
    return code;
}

static int read_names(struct reading *r, DIR *d, const char *path)
{
    struct names names = {0};
    int code = list_names(d, &names);

    if (code == FWVAR_ERR_IO)
        fw_fail_path(r->diag, "read", path);
    else if (code != 0)
        fw_nomem(r->diag);
    for (size_t i = 0; code == 0 && i < names.count; i++)
        code = read_one(r, names.at[i]);
    free_names(&names);
    return code;
}

int fwvar_folder_read(const char *path, struct fwvar_varlist **list, fwvar_note_fn note,
                      void *context, struct fwvar_diag *diag)
{
    struct reading r = {.note = note, .context = context, .diag = diag};
    DIR *d = opendir(path);

    if (!d)
        return fw_fail_path(diag, "open", path);
    r.dir = dirfd(d);
    int code = fwvar_varlist_new(&r.list, diag);
    if (code == 0)
        code = read_names(&r, d, path);
    closedir(d);
    if (code != 0) {
        fwvar_varlist_free(r.list);
        return code;
    }
    *list = r.list;
    return 0;
}

/* ---- writing ---- */

static int write_one(int dir, const struct fwvar_variable *v, const char *name)
{
    uint8_t attributes[ATTRIBUTES_SIZE];
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return FWVAR_ERR_IO;
    fw_put32(attributes, v->attributes);
    int code = fw_write_all(fd, attributes, sizeof attributes);
    if (code == 0)
        code = fw_write_all(fd, v->data, v->data_size);
    if (close(fd) != 0)
        code = FWVAR_ERR_IO;
    return code;
}

static int fail_file(struct fwvar_diag *diag, const char *name)
{
    char what[320];
    int why = errno;

    snprintf(what, sizeof what, "cannot write %.256s", name);
    return fw_fail_write(diag, what, why);
}

static int write_files(int dir, const struct fwvar_varlist *list, struct fwvar_diag *diag)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_varlist_count(list); i++) {
        const struct fwvar_variable *v = &fwvar_varlist_at(list, i)->variable;
        char *name = fwvar_efivarfs_name(v);
        if (!name)
            return fw_nomem(diag);
        if (strlen(name) > NAME_MAX) {
            fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                    "the name of a variable is longer than a file's may be: %.64s…",
                    name);
            fw_hint(diag, "a JSON export holds it: leave out --efivarfs");
            code = FWVAR_ERR_ARG;
        } else if (write_one(dir, v, name) != 0) {
            code = fail_file(diag, name);
        }
        free(name);
    }
    return code;
}

static void remove_folder(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;

    while (d && (e = readdir(d)) != NULL) {
        if (is_shown(e))
            unlinkat(dirfd(d), e->d_name, 0);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

/* Makes a folder beside @path; its name is the caller's. NULL after a message. */
static char *make_beside(const char *path, struct fwvar_diag *diag)
{
    for (int i = 0; i < 100; i++) {
        char *name = fw_temporary_name(path);
        if (!name) {
            fw_nomem(diag);
            return NULL;
        }
        if (mkdir(name, 0777) == 0)
            return name;
        int why = errno;
        free(name);
        errno = why;
        if (why != EEXIST)
            break;
    }
    fw_fail_write(diag, "cannot make the folder", errno);
    return NULL;
}

static int not_empty(struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET, "is there and not empty");
    fw_hint(diag, "name a new folder: what lies in this one would mix with the export");
    return FWVAR_ERR_REFUSED;
}

static int publish(const char *made, const char *path, struct fwvar_diag *diag)
{
    struct fwvar_save_result ignored;
    char *above = fw_folder_of(path); /* after the rename it is too late to fail */

    if (!above)
        return fw_nomem(diag);
    int code = 0;
    if (rename(made, path) == 0)
        code = fw_sync_folder(above, &ignored, diag);
    else if (errno == ENOTEMPTY || errno == EEXIST)
        code = not_empty(diag);
    else
        code = fw_fail_write(diag, "cannot make the folder", errno);
    free(above);
    return code;
}

/* All files of the folder that was made, flushed at once. */
static int fill(const char *made, const struct fwvar_varlist *list,
                struct fwvar_diag *diag)
{
    int dir = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

    if (dir < 0)
        return fw_fail_write(diag, "cannot open the folder", errno);
    int code = write_files(dir, list, diag);
    if (code == 0 && syncfs(dir) != 0 && !fw_cannot_sync(errno))
        code = fw_fail_write(diag, "cannot flush to disk", errno);
    close(dir);
    return code;
}

int fwvar_folder_write(const char *path, const struct fwvar_varlist *list,
                       struct fwvar_diag *diag)
{
    size_t length = strlen(path);
    struct fwvar_diag local;

    while (length > 1 && path[length - 1] == '/')
        length--;
    diag = diag ? diag : &local;
    char *own = strndup(path, length), *made = own ? make_beside(own, diag) : NULL;
    int code = !own ? fw_nomem(diag) : !made ? (int)diag->code : fill(made, list, diag);
    if (code == 0)
        code = publish(made, own, diag);
    if (code != 0 && made)
        remove_folder(made);
    free(made);
    free(own);
    return code;
}
