/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Lock, write beside, flush, rename, flush the folder; in that order. */
#include "image/image.h"
#include "image/sink.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#define MAX_LINKS 40
#define ATTEMPTS  100
#define COMPARE   0x10000

struct target {
    char *path;     /* symbolic links followed */
    int fd;         /* the existing file, locked, or -1 */
    struct stat st; /* of it */
    bool exists;
    bool is_source; /* it is the file the image was read from */
    bool gzip;      /* what is to be written */
    bool sync_later; /* its folder */
};

/* Messages do not name the target: the caller knows which it is. */
static int fail_io(struct fwvar_diag *diag, const char *what)
{
    return fw_fail_write(diag, what, errno);
}

/* ---- the target ---- */

/* @link's destination as a path of its own: relative ones start at the link's folder. */
static char *join(const char *link, const char *to)
{
    const char *slash = strrchr(link, '/');
    size_t folder = to[0] == '/' || !slash ? 0 : (size_t)(slash - link) + 1;
    char *path = malloc(folder + strlen(to) + 1);

    if (path) {
        memcpy(path, link, folder);
        memcpy(path + folder, to, strlen(to) + 1);
    }
    return path;
}

static void fail_link(struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET, "is a symbolic link");
    fw_hint(diag, "remove the link: it may lead out of the folder");
}

/* Follows symbolic links by hand, because the last one may dangle. */
static char *follow(const char *path, bool allowed, struct fwvar_diag *diag)
{
    char to[4096], *at = strdup(path);

    for (int i = 0; at && i < MAX_LINKS; i++) {
        ssize_t n = readlink(at, to, sizeof to - 1);
        if (n < 0 && (errno == EINVAL || errno == ENOENT))
            return at; /* not a link, or not there */
        if (n < 0 || !allowed) {
            if (n < 0)
                fail_io(diag, "cannot write");
            else
                fail_link(diag);
            free(at);
            return NULL;
        }
        to[n] = '\0';
        char *next = join(at, to);
        free(at);
        at = next;
    }
    if (!at)
        fw_nomem(diag);
    else
        fw_fail(diag, FWVAR_ERR_IO, FWVAR_NO_OFFSET, "too many symbolic links");
    free(at);
    return NULL;
}

/* The folder a path lies in; the caller's. NULL if out of memory. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static int fail_replaced(struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_CHANGED, FWVAR_NO_OFFSET,
            "it was replaced by another process");
    fw_hint(diag, "run the command again to work on the new file");
    return FWVAR_ERR_CHANGED;
}

/* File systems that know no locks refuse; there the check behind the lock has to do. */
static bool cannot_lock(int why)
{
    return why == ENOLCK || why == ENOSYS || why == EOPNOTSUPP || why == EINVAL ||
           why == EBADF;
}

static int lock(struct target *t, struct fwvar_diag *diag)
{
    struct stat now;
    int failed;

    do
        failed = flock(t->fd, LOCK_EX | LOCK_NB);
    while (failed && errno == EINTR);
    if (failed && errno == EWOULDBLOCK) {
        fw_fail(diag, FWVAR_ERR_LOCKED, FWVAR_NO_OFFSET,
                "it is being written by another process");
        fw_hint(diag, "wait for it to end and try again");
        return FWVAR_ERR_LOCKED;
    }
    if (failed && !cannot_lock(errno))
        return fail_io(diag, "cannot lock");
    /* Whoever held the lock before may have renamed a new file into place. */
    if (stat(t->path, &now) != 0)
        return errno == ENOENT ? fail_replaced(diag) : fail_io(diag, "cannot look at it");
    return fw_same_file(&now, &t->st) ? 0 : fail_replaced(diag);
}

static int open_target(struct target *t, struct fwvar_diag *diag)
{
    struct stat st;

    if (stat(t->path, &st) != 0) {
        t->exists = false;
        return errno == ENOENT ? 0 : fail_io(diag, "cannot write");
    }
    if (!S_ISREG(st.st_mode)) {
        fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "is a %s, not a file",
                S_ISDIR(st.st_mode) ? "directory" : "device or pipe");
        fw_hint(diag, S_ISDIR(st.st_mode) ? "name a file in it"
                                          : "use `-o -` for standard output");
        return FWVAR_ERR_ARG;
    }
    t->exists = true;
    t->fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (t->fd < 0 || fstat(t->fd, &t->st) != 0)
        return fail_io(diag, "cannot open");
    return lock(t, diag);
}

static bool ends_in_gz(const char *path)
{
    size_t n = strlen(path);

    return n > 3 && strcmp(path + n - 3, ".gz") == 0;
}

/* True if the target lies where the image was read from, but is another file by now. */
static bool source_was_replaced(const struct target *t, const struct fwvar_image *im)
{
    struct stat now;

    return t->exists && !t->is_source && im->path && stat(im->path, &now) == 0 &&
           fw_same_file(&now, &t->st);
}

static int prepare(struct target *t, const struct fwvar_image *im,
                   const struct fwvar_save_options *options, struct fwvar_diag *diag)
{
    const char *path = options->path;

    if (!path && !im->path)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "standard input cannot be changed in place; use -o");
    t->path = follow(path ? path : im->path, !options->no_follow, diag);
    if (!t->path)
        return diag ? (int)diag->code : FWVAR_ERR_IO;
    int code = open_target(t, diag);
    if (code != 0)
        return code;
    const struct fw_source *s = &im->source;
    t->is_source = t->exists && s->is_file && fw_same_file(&t->st, &s->seen);
    t->gzip = t->is_source ? s->gzip : ends_in_gz(t->path);
    if ((!path && !t->is_source) || source_was_replaced(t, im))
        return fail_replaced(diag);
    return fw_source_unchanged(s, diag);
}

/* ---- leave an identical target alone ---- */

static bool same_range(const struct fw_source *a, const struct fw_source *b, uint64_t at,
                       uint64_t end, uint8_t *scratch)
{
    while (at < end) {
        size_t n = end - at < COMPARE ? (size_t)(end - at) : COMPARE;
        const uint8_t *p = fw_source_view(a, at, n, scratch, NULL);
        const uint8_t *q = fw_source_view(b, at, n, scratch + COMPARE, NULL);
        if (!p || !q || memcmp(p, q, n) != 0)
            return false;
        at += n;
    }
    return true;
}

static bool same_patch(const struct fw_source *s, const struct fwvar_patch *patch,
                       uint8_t *scratch)
{
    struct fw_source patched;
    bool same = true;

    fw_source_memory(&patched, patch->bytes, patch->size);
    for (uint64_t at = 0; same && at < patch->size; at += COMPARE) {
        uint64_t left = patch->size - at;
        size_t n = left < COMPARE ? (size_t)left : COMPARE;
        const uint8_t *p = fw_source_view(s, patch->offset + at, n, scratch, NULL);
        same = p && memcmp(p, patch->bytes + at, n) == 0;
    }
    return same;
}

/* 1 if @old already holds what would be written, 0 if not, or out of memory. */
static int same_content(const struct fw_source *old, const struct fw_source *image,
                        const struct fwvar_patch *patch, bool is_source)
{
    struct fwvar_patch none = {0}, *p = &none;

    if (old->size != image->size)
        return 0;
    uint8_t *scratch = malloc(2 * COMPARE);
    if (!scratch)
        return FWVAR_ERR_NOMEM;
    if (patch)
        none = *patch;
    bool same = same_patch(old, p, scratch);
    if (!is_source)
        same = same && same_range(old, image, 0, p->offset, scratch) &&
               same_range(old, image, p->offset + p->size, image->size, scratch);
    free(scratch);
    return same;
}

/* The same of the target. */
static int already_there(const struct target *t, const struct fwvar_image *im,
                         const struct fwvar_patch *patch)
{
    struct fw_source old;

    if (!t->exists)
        return 0;
    if (t->is_source)
        return same_content(&im->source, &im->source, patch, true);
    int code = fw_source_open(&old, t->path, NULL);
    if (code != 0)
        return code == FWVAR_ERR_NOMEM ? code : 0;
    int same = old.gzip == t->gzip ? same_content(&old, &im->source, patch, false) : 0;
    fw_source_close(&old);
    return same;
}

/* ---- the temporary file ---- */

struct temporary {
    char *path;
    int fd;
};

/* Beside @target, hidden, and short enough for any file system. */
static char *temporary_name(const char *target)
{
    const char *slash = strrchr(target, '/');
    int folder = slash ? (int)(slash - target) + 1 : 0;
    char *name = NULL;
    uint32_t r;

    if (getrandom(&r, sizeof r, GRND_NONBLOCK) != sizeof r)
        r = (uint32_t)getpid();
    if (asprintf(&name, "%.*s.%.32s.%08x.tmp", folder, target, target + folder, r) < 0)
        return NULL;
    return name;
}

static int create_temporary(struct temporary *tmp, const struct target *t,
                            struct fwvar_diag *diag)
{
    /* The umask applies to new files; a replacement starts private and gets the old mode
     * once it has the old owner. */
    mode_t mode = t->exists ? 0600 : 0666;

    for (int i = 0; i < ATTEMPTS; i++) {
        tmp->path = temporary_name(t->path);
        if (!tmp->path)
            return fw_nomem(diag);
        tmp->fd =
            open(tmp->path,
                 O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode);
        if (tmp->fd >= 0)
            return 0;
        int why = errno;
        free(tmp->path);
        tmp->path = NULL;
        if (why != EEXIST) {
            errno = why;
            break;
        }
    }
    return fail_io(diag, "cannot create a file beside it");
}

static void discard(struct temporary *tmp)
{
    if (tmp->fd >= 0)
        close(tmp->fd);
    if (tmp->path) {
        unlink(tmp->path);
        free(tmp->path);
    }
    *tmp = (struct temporary){NULL, -1};
}

/* File systems without owners or modes (FAT) refuse; then there is nothing to keep. */
static int keep_owner_and_mode(const struct temporary *tmp, const struct target *t,
                               struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    struct stat now;

    if (!t->exists || fstat(tmp->fd, &now) != 0)
        return 0;
    if ((now.st_uid != t->st.st_uid || now.st_gid != t->st.st_gid) &&
        fchown(tmp->fd, t->st.st_uid, t->st.st_gid) != 0)
        result->owner_lost = true;
    if (fchmod(tmp->fd, t->st.st_mode & 07777) != 0 && errno != EPERM &&
        errno != ENOSYS && errno != EOPNOTSUPP && errno != EINVAL)
        return fail_io(diag, "cannot set its mode");
    return 0;
}

static bool cannot_sync(int why)
{
    return why == EINVAL || why == ENOSYS || why == EOPNOTSUPP || why == EBADF ||
           why == EACCES || why == EPERM;
}

static int sync_folder(const char *folder, struct fwvar_save_result *result,
                       struct fwvar_diag *diag)
{
    int code = 0, fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        result->sync_skipped = true;
        if (!cannot_sync(errno))
            code = fail_io(diag, "written, but cannot flush its folder");
    }
    if (fd >= 0)
        close(fd);
    return code;
}

static int publish(struct temporary *tmp, const struct target *t,
                   struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    if (fsync(tmp->fd) != 0 && !cannot_sync(errno))
        return fail_io(diag, "cannot flush to disk");
    int failed = close(tmp->fd);
    tmp->fd = -1;
    if (failed)
        return fail_io(diag, "cannot write");
    char *folder = folder_of(t->path); /* after the rename it is too late to fail */
    if (!folder)
        return fw_nomem(diag);
    int code = 0;
    if (rename(tmp->path, t->path) != 0) {
        code = fail_io(diag, "cannot replace");
    } else {
        free(tmp->path);
        tmp->path = NULL;
        if (!t->sync_later)
            code = sync_folder(folder, result, diag);
    }
    free(folder);
    return code;
}

/* ---- putting it together ---- */

/* The message is about another file than the target. */
static void blame_backup(const char *path, struct fwvar_diag *diag)
{
    char message[sizeof diag->message];

    if (!diag)
        return;
    snprintf(message, sizeof message, "backup %.200s: %.256s", path, diag->message);
    memcpy(diag->message, message, sizeof message);
}

static int back_up(const struct target *t, const char *suffix,
                   struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    struct temporary tmp = {NULL, -1};
    struct fw_source old = {.fd = t->fd, .size = (uint64_t)t->st.st_size};
    char *path = NULL;

    if (asprintf(&path, "%s%s", t->path, suffix) < 0)
        return fw_nomem(diag);
    struct target copy = {.path = path, .fd = -1, .exists = true, .st = t->st,
                          .sync_later = t->sync_later};
    int code = create_temporary(&tmp, &copy, diag);
    if (code == 0)
        code = fw_sink_image(&old, NULL, tmp.fd, false, diag);
    if (code == 0)
        code = keep_owner_and_mode(&tmp, &copy, result, diag);
    if (code == 0)
        code = publish(&tmp, &copy, result, diag);
    discard(&tmp);
    if (code != 0)
        blame_backup(path, diag);
    free(path);
    return code;
}

static int replace(const struct fwvar_image *im, const struct fwvar_patch *patch,
                   const struct target *t, struct fwvar_save_result *result,
                   struct fwvar_diag *diag)
{
    struct temporary tmp = {NULL, -1};

    int code = create_temporary(&tmp, t, diag);
    if (code == 0)
        code = fw_sink_image(&im->source, patch, tmp.fd, t->gzip, diag);
    if (code == 0)
        code = keep_owner_and_mode(&tmp, t, result, diag);
    if (code == 0)
        code = publish(&tmp, t, result, diag);
    discard(&tmp);
    if (code == 0)
        result->written = true;
    return code;
}

int fwvar_image_save(const struct fwvar_image *im, const struct fwvar_patch *patch,
                     const struct fwvar_save_options *options,
                     struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    const char *suffix = options->backup_suffix;
    struct target t = {.fd = -1, .sync_later = options->sync_later};
    struct fwvar_save_result ignored;

    if (!result)
        result = &ignored;
    *result = (struct fwvar_save_result){0};
    if (patch && !fw_range_ok(im->source.size, patch->offset, patch->size))
        return fw_fail(diag, FWVAR_ERR_ARG, patch->offset,
                       "patch reaches past the end of the image");
    if (suffix && (!*suffix || strchr(suffix, '/')))
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "'%.64s' is not a suffix for a backup", suffix);
    int code = prepare(&t, im, options, diag);
    result->created = !t.exists;
    result->links = t.exists ? (unsigned)t.st.st_nlink : 0;
    int same = code == 0 ? already_there(&t, im, patch) : 0;
    if (same < 0)
        code = fw_nomem(diag);
    if (code == 0 && !same) {
        if (options->dry_run)
            result->written = true;
        else if (t.exists && suffix)
            code = back_up(&t, suffix, result, diag);
        if (code == 0 && !options->dry_run)
            code = replace(im, patch, &t, result, diag);
    }
    if (t.fd >= 0)
        close(t.fd);
    free(t.path);
    return code;
}

int fwvar_image_write(const struct fwvar_image *im, const struct fwvar_patch *patch,
                      int fd, bool gzip, struct fwvar_diag *diag)
{
    return fw_sink_image(&im->source, patch, fd, gzip, diag);
}
