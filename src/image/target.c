/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Lock, write beside, flush, rename, flush the folder; in that order. */
#include "image/target.h"

#include "base/diag.h"
#include "image/sink.h"
#include "image/source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAX_LINKS 40
#define ATTEMPTS  100
#define NAME_PART 32

#define EXFAT_MAGIC 0x2011BAB0 /* too new for <linux/magic.h> */

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

char *fw_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int fw_target_replaced(struct fwvar_diag *diag)
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

static int lock(struct fw_target *t, struct fwvar_diag *diag)
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
        return errno == ENOENT ? fw_target_replaced(diag)
                               : fail_io(diag, "cannot look at it");
    return fw_same_file(&now, &t->st) ? 0 : fw_target_replaced(diag);
}

int fw_target_refuse(const struct stat *st, struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "is a %s, not a file",
            S_ISDIR(st->st_mode) ? "directory" : "device or pipe");
    fw_hint(diag, S_ISDIR(st->st_mode) ? "name a file in it"
                                       : "- is standard output, as in `-o -`");
    return FWVAR_ERR_ARG;
}

/* The kernel knows what /dev/stdout leads to, its link only what that was called once. */
static int judge_kind(const char *path, const struct fw_target *t,
                      struct fwvar_diag *diag)
{
    struct stat given, st;

    if (stat(path, &given) != 0)
        return errno == ENOENT ? 0 : fail_io(diag, "cannot write");
    if (!S_ISREG(given.st_mode))
        return fw_target_refuse(&given, diag);
    if (strcmp(path, t->path) == 0)
        return 0;
    bool there = stat(t->path, &st) == 0;
    if (!there && errno != ENOENT)
        return fail_io(diag, "cannot look at it");
    if (there && fw_same_file(&st, &given))
        return 0;
    fw_fail(diag, FWVAR_ERR_CHANGED, FWVAR_NO_OFFSET,
            "is an open file that has no name any more, or another one");
    fw_hint(diag, "name the file itself, or use - for standard output");
    return FWVAR_ERR_CHANGED;
}

/* A lock takes an open file, and reading is the least to open one for. */
static int fail_open(struct fwvar_diag *diag)
{
    int why = errno;

    fail_io(diag, "cannot open");
    if (why == EACCES)
        fw_hint(diag, "the file has to be readable, because it is locked meanwhile");
    return FWVAR_ERR_IO;
}

static int open_and_lock(struct fw_target *t, struct fwvar_diag *diag)
{
    t->fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (t->fd < 0 && errno == ENOENT)
        return 0;
    if (t->fd < 0 || fstat(t->fd, &t->st) != 0)
        return fail_open(diag);
    t->exists = true;
    return S_ISREG(t->st.st_mode) ? lock(t, diag) : fw_target_refuse(&t->st, diag);
}

int fw_target_open(struct fw_target *t, const char *path, bool can_follow,
                   struct fwvar_diag *diag)
{
    t->fd = -1;
    t->exists = false;
    t->path = follow(path, can_follow, diag);
    if (!t->path)
        return diag ? (int)diag->code : FWVAR_ERR_IO;
    int code = judge_kind(path, t, diag);
    return code == 0 ? open_and_lock(t, diag) : code;
}

void fw_target_close(struct fw_target *t)
{
    if (t->fd >= 0)
        close(t->fd);
    free(t->path);
    *t = (struct fw_target){.fd = -1};
}

/* ---- the temporary file ---- */

/* The beginning of a name that is left in a temporary one. Never half a character: FAT
 * stores names as UTF-16 and refuses what is no UTF-8. */
static int name_part(const char *name)
{
    size_t n = strnlen(name, NAME_PART + 1);

    if (n > NAME_PART) {
        n = NAME_PART;
        while (n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80)
            n--;
    }
    return (int)n;
}

char *fw_temporary_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char *whole = NULL;
    uint32_t r;

    if (getrandom(&r, sizeof r, GRND_NONBLOCK) != sizeof r)
        r = (uint32_t)getpid();
    if (asprintf(&whole, "%.*s.%.*s.%08x.tmp", (int)(name - path), path, name_part(name),
                 name, r) < 0)
        return NULL;
    return whole;
}

int fw_temporary_create(struct fw_temporary *tmp, const struct fw_target *t,
                        struct fwvar_diag *diag)
{
    /* The umask applies to new files; a replacement starts private and gets the old mode
     * once it has the old owner. */
    mode_t mode = t->exists ? 0600 : 0666;

    for (int i = 0; i < ATTEMPTS; i++) {
        tmp->path = fw_temporary_name(t->path);
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

void fw_temporary_discard(struct fw_temporary *tmp)
{
    if (tmp->fd >= 0)
        close(tmp->fd);
    if (tmp->path) {
        unlink(tmp->path);
        free(tmp->path);
    }
    *tmp = (struct fw_temporary){NULL, -1};
}

/* File systems without owners or modes (FAT) refuse; then there is nothing to keep. */
static int keep_owner_and_mode(const struct fw_temporary *tmp, const struct fw_target *t,
                               struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    struct stat now;
    bool lost = false;

    if (!t->exists || fstat(tmp->fd, &now) != 0)
        return 0;
    /* Without rights over the owner the group may still be ours to give. */
    if ((now.st_uid != t->st.st_uid || now.st_gid != t->st.st_gid) &&
        fchown(tmp->fd, t->st.st_uid, t->st.st_gid) != 0) {
        lost = true;
        if (now.st_gid != t->st.st_gid)
            (void)!fchown(tmp->fd, (uid_t)-1, t->st.st_gid);
    }
    result->owner_lost |= lost;
    /* Nobody's file must run as somebody else because it was replaced. */
    mode_t mode = t->st.st_mode & (lost ? 01777 : 07777);
    if (fchmod(tmp->fd, mode) != 0 && errno != EPERM && errno != ENOSYS &&
        errno != EOPNOTSUPP && errno != EINVAL)
        return fail_io(diag, "cannot set its mode");
    return 0;
}

bool fw_cannot_sync(int why)
{
    return why == EINVAL || why == ENOSYS || why == EOPNOTSUPP || why == EBADF ||
           why == EACCES || why == EPERM;
}

int fw_sync_folder(const char *folder, struct fwvar_save_result *result,
                   struct fwvar_diag *diag)
{
    int code = 0, fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        result->sync_skipped = true;
        if (!fw_cannot_sync(errno))
            code = fail_io(diag, "written, but cannot flush its folder");
    }
    if (fd >= 0)
        close(fd);
    return code;
}

static int flush_and_close(struct fw_temporary *tmp, struct fwvar_diag *diag)
{
    if (fsync(tmp->fd) != 0 && !fw_cannot_sync(errno))
        return fail_io(diag, "cannot flush to disk");
    int failed = close(tmp->fd);
    tmp->fd = -1;
    return failed ? fail_io(diag, "cannot write") : 0;
}

/* FAT keeps where a file's bytes are in its name's place in the folder, and a flush of
 * the folder writes names only: after a rename the file has to be flushed again. A
 * descriptor for that, -1 where it takes none, or -2 after an error. */
static int keep_open(int fd)
{
    struct statfs fs;

    if (fstatfs(fd, &fs) != 0 ||
        (fs.f_type != MSDOS_SUPER_MAGIC && fs.f_type != EXFAT_MAGIC))
        return -1;
    int again = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return again < 0 ? -2 : again;
}

static int flush_again(int fd, struct fwvar_diag *diag)
{
    int failed = fd >= 0 && fsync(fd) != 0 && !fw_cannot_sync(errno);

    return failed ? fail_io(diag, "written, but cannot flush to disk") : 0;
}

/* After the rename it is too late to fail for want of anything, so all is there before.
 */
static int exchange(struct fw_temporary *tmp, const struct fw_target *t,
                    const char *folder, int again, struct fwvar_save_result *result,
                    struct fwvar_diag *diag)
{
    int code = flush_and_close(tmp, diag);

    if (code != 0)
        return code;
    if (rename(tmp->path, t->path) != 0)
        return fail_io(diag, "cannot replace");
    free(tmp->path);
    tmp->path = NULL;
    if (t->sync_later)
        return 0;
    code = flush_again(again, diag);
    int second = fw_sync_folder(folder, result, code == 0 ? diag : NULL);
    return code != 0 ? code : second;
}

int fw_temporary_publish(struct fw_temporary *tmp, const struct fw_target *t,
                         struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    int code = keep_owner_and_mode(tmp, t, result, diag);

    if (code != 0)
        return code;
    int again = t->sync_later ? -1 : keep_open(tmp->fd);
    if (again == -2)
        return fail_io(diag, "cannot flush to disk");
    char *folder = fw_folder_of(t->path);
    code = folder ? exchange(tmp, t, folder, again, result, diag) : fw_nomem(diag);
    free(folder);
    if (again >= 0)
        close(again);
    return code;
}
