/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "image/tree.h"

#include "base/diag.h"
#include "image/sink.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CANNOT_LOOK "cannot look through its folders"
#define FOLDER      (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* ---- the folder itself ---- */

/* Makes a folder and those above it; what is there already is no error. Whether all went
 * well the last one tells, but why not, the first that failed. */
static int make_folders(const char *path, struct fwvar_diag *diag)
{
    char *at = strdup(path);
    int why = 0;

    if (!at)
        return fw_nomem(diag);
    for (char *slash = strchr(at + 1, '/'); slash && slash[1];
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(at, 0777) != 0 && errno != EEXIST && !why)
            why = errno;
        *slash = '/';
    }
    int failed = mkdir(at, 0777);
    free(at);
    if (!failed || errno == EEXIST)
        return 0;
    return fw_fail_write(diag, "cannot make the folder", why ? why : errno);
}

int fw_tree_open(struct fw_tree *tree, const char *path, bool make,
                 struct fwvar_diag *diag)
{
    *tree = (struct fw_tree){path, open(path, FOLDER)};
    if (tree->fd < 0 && errno == ENOENT) {
        int code = make ? make_folders(path, diag) : 0;
        if (code != 0 || !make)
            return code;
        tree->fd = open(path, FOLDER);
    }
    if (tree->fd >= 0)
        return 0;
    return fw_fail(diag, FWVAR_ERR_IO, FWVAR_NO_OFFSET, "%s",
                   errno == ENOTDIR ? "is not a folder" : strerror(errno));
}

void fw_tree_close(struct fw_tree *tree)
{
    if (tree->fd >= 0)
        close(tree->fd);
    tree->fd = -1;
}

int fw_tree_sync(const struct fw_tree *tree, struct fwvar_diag *diag)
{
    if (tree->fd < 0 || syncfs(tree->fd) == 0)
        return 0;
    return fw_fail_write(diag, "written, but cannot flush to disk", errno);
}

/* ---- finding ---- */

static int in_the_way(struct fwvar_diag *diag, const char *part, const char *what)
{
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET, "%.200s is %s", part, what);
    fw_hint(diag, "it is in the way and is not touched; look what it is for");
    return FWVAR_ERR_REFUSED;
}

static int fail_part(struct fwvar_diag *diag, int folder, const char *part, int why)
{
    struct stat st;

    if (fstatat(folder, part, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode))
        return in_the_way(diag, part,
                          S_ISLNK(st.st_mode) ? "a symbolic link" : "not a folder");
    errno = why;
    return fw_fail_write(diag, "cannot open its folder", why);
}

/* Opens a folder in a folder. Returns 0; 1 if it is missing and not to be made. */
static int enter(int *folder, const char *part, bool make, struct fwvar_diag *diag)
{
    if (make && mkdirat(*folder, part, 0777) != 0 && errno != EEXIST)
        return fw_fail_write(diag, "cannot make its folder", errno);
    int next = openat(*folder, part, FOLDER | O_NOFOLLOW);
    if (next < 0 && errno == ENOENT && !make)
        return 1;
    if (next < 0)
        return fail_part(diag, *folder, part, errno);
    close(*folder);
    *folder = next;
    return 0;
}

/* Opens the folder that a path is in, and leaves its last part in *name. After an I/O
 * error errno is that of the call that failed. */
static int walk(const struct fw_tree *tree, const char *path, bool make, int *folder,
                const char **name, struct fwvar_diag *diag)
{
    char part[256];
    int code = 0;

    *name = path;
    *folder = fcntl(tree->fd, F_DUPFD_CLOEXEC, 3);
    if (*folder < 0)
        return fw_fail_write(diag, "cannot open its folder", errno);
    for (const char *slash; code == 0 && (slash = strchr(*name, '/'));
         *name = slash + 1) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - *name), *name);
        code = enter(folder, part, make, diag);
    }
    if (code != 0) {
        int why = errno;
        close(*folder);
        *folder = -1;
        errno = why;
    }
    return code;
}

/* The kernel's name for an open folder, which nobody can exchange; without /proc the path
 * as it was when it was walked. */
static char *name_file(const struct fw_tree *tree, int folder, const char *name,
                       const char *path)
{
    char *file = NULL;
    char own[32];
    int n;

    snprintf(own, sizeof own, "/proc/self/fd/%d", folder);
    if (access(own, F_OK) == 0)
        n = asprintf(&file, "%s/%s", own, name);
    else
        n = asprintf(&file, "%s/%s", tree->path, path);
    return n < 0 ? NULL : file;
}

static int judge(const struct stat *st, const char *name, struct fwvar_diag *diag)
{
    if (S_ISREG(st->st_mode))
        return 0;
    return in_the_way(diag, name,
                      S_ISLNK(st->st_mode)   ? "a symbolic link"
                      : S_ISDIR(st->st_mode) ? "a folder"
                                             : "not a regular file");
}

int fw_tree_find(const struct fw_tree *tree, const char *path, bool make,
                 struct fw_tree_spot *spot, struct fwvar_diag *diag)
{
    const char *name;

    *spot = (struct fw_tree_spot){.folder = -1};
    int code = tree->fd < 0 ? 1 : walk(tree, path, make, &spot->folder, &name, diag);
    if (code != 0)
        return code < 0 ? code : 0;
    spot->file = name_file(tree, spot->folder, name, path);
    spot->exists = fstatat(spot->folder, name, &spot->st, AT_SYMLINK_NOFOLLOW) == 0;
    if (!spot->exists && errno != ENOENT)
        code = fw_fail_write(diag, "cannot look at it", errno);
    else if (spot->exists)
        code = judge(&spot->st, name, diag);
    if (code == 0 && !spot->file)
        code = fw_nomem(diag);
    if (code != 0)
        fw_tree_leave(spot);
    return code;
}

void fw_tree_leave(struct fw_tree_spot *spot)
{
    if (spot->folder >= 0)
        close(spot->folder);
    free(spot->file);
    *spot = (struct fw_tree_spot){.folder = -1};
}

/* ---- removing ---- */

/* Removes the folders that a path was in, as far up as they are empty. */
static int remove_folders(const struct fw_tree *tree, const char *path,
                          struct fwvar_diag *diag)
{
    char *rest = strdup(path);
    const char *name;
    int folder, code = 0;

    if (!rest)
        return fw_nomem(diag);
    for (char *end; code == 0 && (end = strrchr(rest, '/'));) {
        *end = '\0';
        code = walk(tree, rest, false, &folder, &name, diag);
        if (code != 0)
            break;
        if (unlinkat(folder, name, AT_REMOVEDIR) != 0)
            code =
                errno == ENOTEMPTY || errno == EEXIST || errno == ENOENT
                    ? 1
                    : fw_fail_write(diag, "removed, but cannot remove its folder", errno);
        close(folder);
    }
    free(rest);
    return code < 0 ? code : 0;
}

int fw_tree_remove(const struct fw_tree *tree, const char *path, struct fwvar_diag *diag)
{
    struct fw_tree_spot spot;

    int code = fw_tree_find(tree, path, false, &spot, diag);
    if (code != 0 || !spot.exists)
        return code;
    const char *slash = strrchr(path, '/');
    if (unlinkat(spot.folder, slash ? slash + 1 : path, 0) != 0)
        code = fw_fail_write(diag, "cannot remove", errno);
    fw_tree_leave(&spot);
    return code == 0 ? remove_folders(tree, path, diag) : code;
}

/* ---- listing ---- */

struct names {
    char **names;
    size_t count, cap;
};

void fw_tree_free_list(char **paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    free(paths);
}

static int add(struct names *to, const char *folder, const char *name)
{
    char *path;

    if (to->count == to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 64;
        char **names = realloc(to->names, cap * sizeof *names);
        if (!names)
            return FWVAR_ERR_NOMEM;
        to->names = names;
        to->cap = cap;
    }
    if (asprintf(&path, "%s%s%s", folder, *folder ? "/" : "", name) < 0)
        return FWVAR_ERR_NOMEM;
    to->names[to->count++] = path;
    return 0;
}

/* Whoever else keeps files here may hide them (lost+found), remove them meanwhile, or
 * have something else than a folder there. */
static bool is_not_ours(int why)
{
    return why == EACCES || why == ENOENT || why == ENOTDIR || why == ELOOP;
}

static int fail_list(struct fwvar_diag *diag, int why)
{
    return is_not_ours(why) ? 0 : fw_fail_write(diag, CANNOT_LOOK, why);
}

/* Opens a folder of the tree to be listed; *dir is NULL if it holds nothing for us. */
static int open_folder(const struct fw_tree *tree, const char *path, DIR **dir,
                       struct fwvar_diag *diag)
{
    const char *name;
    int folder;

    *dir = NULL;
    int code = walk(tree, path, false, &folder, &name, diag);
    if (code == FWVAR_ERR_REFUSED || code > 0)
        return 0;
    if (code != 0)
        return fw_fail_write(diag, CANNOT_LOOK, errno);
    /* Not the tree's own descriptor again: it has one place in the folder for all. */
    int fd = openat(folder, *name ? name : ".", FOLDER | O_NOFOLLOW);
    int why = errno;
    close(folder);
    *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (*dir)
        return 0;
    why = fd >= 0 ? errno : why;
    if (fd >= 0)
        close(fd);
    return fail_list(diag, why);
}

/* Adds an entry if it is of that kind. */
static int add_kind(struct names *to, int folder, const char *path, const char *name,
                    mode_t kind, struct fwvar_diag *diag)
{
    struct stat st;

    if (name[0] == '.')
        return 0;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return fail_list(diag, errno);
    if ((st.st_mode & S_IFMT) != kind)
        return 0;
    return add(to, path, name) == 0 ? 0 : fw_nomem(diag);
}

/* Adds what a folder holds of one kind. */
static int list_folder(const struct fw_tree *tree, const char *path, mode_t kind,
                       struct names *to, struct fwvar_diag *diag)
{
    const struct dirent *entry;
    DIR *dir;

    int code = open_folder(tree, path, &dir, diag);
    while (code == 0 && dir) {
        errno = 0;
        entry = readdir(dir);
        if (!entry) {
            code = errno ? fail_list(diag, errno) : 0;
            break;
        }
        code = add_kind(to, dirfd(dir), path, entry->d_name, kind, diag);
    }
    if (dir)
        closedir(dir);
    return code;
}

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

int fw_tree_list(const struct fw_tree *tree, size_t parts, char ***paths, size_t *count,
                 struct fwvar_diag *diag)
{
    struct names level = {0};
    int code = tree->fd < 0 || add(&level, "", "") == 0 ? 0 : fw_nomem(diag);

    for (size_t depth = 1; code == 0 && depth <= parts; depth++) {
        struct names next = {0};
        for (size_t i = 0; code == 0 && i < level.count; i++)
            code = list_folder(tree, level.names[i], depth == parts ? S_IFREG : S_IFDIR,
                               &next, diag);
        fw_tree_free_list(level.names, level.count);
        level = next;
    }
    if (code != 0) {
        fw_tree_free_list(level.names, level.count);
        return code;
    }
    if (level.count > 0)
        qsort(level.names, level.count, sizeof *level.names, by_name);
    *paths = level.names;
    *count = level.count;
    return 0;
}
