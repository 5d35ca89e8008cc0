/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Variables from elsewhere: a folder of efivarfs, a dump of the UEFI Shell, a JSON
 * document, and lists of hosts. The first byte says which, and how to import. What was
 * read is imported into an image, which the second reader then has to find there, and
 * written in every form, which has to read back the same. */
#include "fuzz/bases.h"
#include "fuzz/fuzz.h"
#include "fuzz/judge.h"

#include <fwvar/document.h>
#include <fwvar/folder.h>
#include <fwvar/hosts.h>
#include <fwvar/import.h>
#include <fwvar/migrate.h>

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 16

/* ---- reading ---- */

static struct fwvar_varlist *read_dmpstore(const uint8_t *data, size_t size)
{
    struct fwvar_varlist *list;

    return fwvar_dmpstore_read(data, size, &list, NULL) == 0 ? list : NULL;
}

static struct fwvar_varlist *read_document(const uint8_t *data, size_t size)
{
    struct fwvar_varlist *list;
    struct fwvar_diag diag;

    fwvar_document_kind((const char *)data, size);
    return fwvar_document_read((const char *)data, size, &list, &diag) == 0 ? list : NULL;
}

static char folder[64];

static void remove_folder(void)
{
    rmdir(folder);
}

/* One folder for all runs, in memory; empty between them. */
static int open_folder(void)
{
    if (!folder[0]) {
        snprintf(folder, sizeof folder, "/dev/shm/fuzz-exchange-%ld", (long)getpid());
        PROMISE(mkdir(folder, 0700) == 0);
        atexit(remove_folder);
    }
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    PROMISE(dir >= 0);
    return dir;
}

/* Files: length of the name, length of the content in units of four bytes and one more,
 * then both. Those whose names no file can have are left out. Returns how many bytes. */
static size_t make_file(int dir, const uint8_t *p, size_t size, char *name)
{
    size_t length = p[0], content = (size_t)p[1] * 4 + 1, at = 2;

    if (length > size - at)
        length = size - at;
    memcpy(name, p + at, length);
    name[length] = '\0';
    at += length;
    if (content > size - at)
        content = size - at;
    int fd = strchr(name, '/')
                 ? -1
                 : openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        PROMISE(write(fd, p + at, content) == (ssize_t)content);
        close(fd);
    } else {
        name[0] = '\0';
    }
    return at + content;
}

static void note(void *context, const char *text)
{
    (void)context;
    PROMISE(text[0]);
}

static struct fwvar_varlist *read_folder(const uint8_t *data, size_t size)
{
    char names[FILES][256];
    struct fwvar_varlist *list;
    int dir = open_folder();
    size_t n = 0;

    for (; n < FILES && size > 2; n++) {
        size_t used = make_file(dir, data, size, names[n]);
        data += used;
        size -= used;
    }
    if (fwvar_folder_read(folder, &list, note, NULL, NULL) != 0)
        list = NULL;
    while (n-- > 0) {
        if (names[n][0])
            unlinkat(dir, names[n], 0);
    }
    close(dir);
    return list;
}

/* ---- writing ---- */

/* The same variables, whatever the order; @timed if the form has timestamps, @escaped if
 * it has only names that are text. */
static void same(const struct fwvar_varlist *a, const struct fwvar_varlist *b)
{
    PROMISE(fwvar_varlist_count(a) == fwvar_varlist_count(b));
    for (size_t i = 0; i < fwvar_varlist_count(a); i++) {
        const struct fwvar_variable *v = &fwvar_varlist_at(a, i)->variable;
        const struct fwvar_varlist_item *w =
            fwvar_varlist_find(b, &v->guid, v->name, v->name_size);
        PROMISE(w && w->variable.attributes == v->attributes);
        PROMISE(w->variable.data_size == v->data_size);
        PROMISE(memcmp(w->variable.data, v->data, v->data_size) == 0);
    }
}

static void try_dmpstore(const struct fwvar_varlist *list)
{
    struct fwvar_varlist *back;
    uint8_t *bytes;
    size_t size;

    if (fwvar_varlist_count(list) == 0)
        return;
    PROMISE(fwvar_dmpstore_write(list, &bytes, &size, NULL) == 0);
    PROMISE(fwvar_dmpstore_read(bytes, size, &back, NULL) == 0);
    same(list, back);
    fwvar_varlist_free(back);
    free(bytes);
}

static void try_document(const struct fwvar_varlist *list)
{
    struct fwvar_varlist *back;
    char *text;

    if (fwvar_document_write(list, &text, NULL) != 0)
        return;
    PROMISE(fwvar_document_read(text, strlen(text), &back, NULL) == 0);
    same(list, back);
    fwvar_varlist_free(back);
    free(text);
}

static void try_file_names(const struct fwvar_varlist *list)
{
    struct fwvar_guid guid;
    uint8_t *name;
    size_t size;

    for (size_t i = 0; i < fwvar_varlist_count(list); i++) {
        const struct fwvar_variable *v = &fwvar_varlist_at(list, i)->variable;
        char *file = fwvar_efivarfs_name(v);
        PROMISE(file && !strchr(file, '/'));
        PROMISE(fwvar_efivarfs_parse(file, &guid, &name, &size, NULL) == 0);
        PROMISE(memcmp(&guid, &v->guid, sizeof guid) == 0 && size == v->name_size);
        PROMISE(memcmp(name, v->name, size) == 0);
        free(name);
        free(file);
    }
}

/* ---- into an image ---- */

/* Exactly one way into an image. */
static int bring_in(struct fwvar_edit *edit, const struct fwvar_varlist *list,
                    uint8_t how, struct fwvar_outcomes **outcomes)
{
    const struct fwvar_import_options import = {
        .strict = how & 0x10, .sync = how & 0x20, .mend_order = how & 0x40};
    const struct fwvar_migrate_options migrate = {.all = how & 0x10, .board = "rpi4"};
    struct fwvar_diag diag = {.code = FWVAR_OK};
    int code = how & 0x80 ? fwvar_migrate(edit, list, &migrate, outcomes, &diag)
                          : fwvar_import(edit, list, &import, outcomes, &diag);

    PROMISE(code == 0 || (diag.code == (enum fwvar_error)code && diag.message[0]));
    return code;
}

static void try_import(const struct fwvar_varlist *list, uint8_t how)
{
    struct fwvar_edit_report report;
    struct fwvar_outcomes *outcomes;
    struct fwvar_image *image;
    struct fwvar_edit *edit;
    struct fwvar_patch patch;

    const struct ig_bytes *old = &base_at(BASE_MENU)->volume;

    PROMISE(fwvar_image_open_bytes(old->p, old->size, 0, &image, NULL) == 0);
    PROMISE(fwvar_edit_begin(image, how & 8 ? FWVAR_EDIT_FORCE : 0, &edit, NULL) == 0);
    if (bring_in(edit, list, how, &outcomes) == 0) {
        for (size_t i = 0; i < fwvar_outcomes_count(outcomes); i++)
            PROMISE(fwvar_outcome_word(fwvar_outcomes_at(outcomes, i)->outcome)[0]);
        fwvar_outcomes_free(outcomes);
        if (fwvar_edit_finish(edit, &patch, &report, NULL) == 0) {
            uint8_t *bytes = judge_patched(image, &patch);
            judge_untouched(image, &patch, report.compacted);
            judge_reads_back(edit, bytes, old->size);
            free(bytes);
        }
    }
    fwvar_edit_end(edit);
    fwvar_image_close(image);
}

/* ---- hosts ---- */

static void try_hosts(const uint8_t *data, size_t size)
{
    struct fwvar_diag diag = {.code = FWVAR_OK};
    struct fwvar_hosts *hosts;

    if (fwvar_hosts_read((const char *)data, size, NULL, &hosts, &diag) != 0) {
        PROMISE(diag.code != FWVAR_OK && diag.message[0]);
        return;
    }
    for (size_t i = 0; i < fwvar_hosts_count(hosts); i++) {
        const struct fwvar_host *h = fwvar_hosts_at(hosts, i);
        PROMISE(h->output && h->output[0] != '/' && h->output[0] != '.');
        PROMISE(!strstr(h->output, "/.") && !strstr(h->output, "//"));
        PROMISE(fwvar_hosts_find(hosts, h->output) == h);
        PROMISE(fwvar_hosts_could_be(hosts, h->output));
        fwvar_hosts_line(hosts, i);
    }
    if (fwvar_hosts_plan(hosts))
        fwvar_hosts_check(hosts, fwvar_hosts_plan(hosts), NULL);
    fwvar_hosts_free(hosts);
}

static struct fwvar_varlist *(*const readers[])(const uint8_t *, size_t) = {
    read_dmpstore, read_document, read_folder};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 0x4000)
        return 0;
    if (data[0] % 4 == 3) {
        try_hosts(data + 1, size - 1);
        return 0;
    }
    struct fwvar_varlist *list = readers[data[0] % 4](data + 1, size - 1);
    if (!list)
        return 0;
    try_dmpstore(list);
    try_document(list);
    try_file_names(list);
    try_import(list, data[0]);
    fwvar_varlist_free(list);
    return 0;
}
