/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whole files that are not images. */
#include "image/file.h"

#include "base/diag.h"

#include <fwvar/folder.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int fw_fail_path(struct fwvar_diag *diag, const char *action, const char *path)
{
    return fw_fail(diag, FWVAR_ERR_IO, FWVAR_NO_OFFSET, "cannot %s %.256s: %s", action,
                   path, strerror(errno));
}

int fw_read_rest(int fd, size_t limit, struct fw_buf *all)
{
    uint8_t chunk[16384];

    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n == 0)
            return 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n > 0 && (size_t)n > limit - all->size) {
            errno = EFBIG;
            n = -1;
        }
        if (n < 0)
            return FWVAR_ERR_IO;
        fw_buf_put(all, chunk, (size_t)n);
        if (all->bad)
            return FWVAR_ERR_NOMEM;
    }
}

int fw_write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FWVAR_ERR_IO;
        bytes += n;
        size -= (size_t)n;
    }
    return 0;
}

int fwvar_file_read(const char *path, uint8_t **bytes, size_t *size,
                    struct fwvar_diag *diag)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct fw_buf all = {0};

    if (fd < 0)
        return fw_fail_path(diag, "open", path);
    int code = fw_read_rest(fd, FWVAR_FILE_MAX, &all);
    if (code == FWVAR_ERR_IO)
        fw_fail_path(diag, "read", path);
    if (!standard)
        close(fd);
    fw_buf_put8(&all, 0);
    if (code == 0 && all.bad)
        code = FWVAR_ERR_NOMEM;
    if (code == FWVAR_ERR_NOMEM)
        fw_nomem(diag);
    if (code != 0) {
        fw_buf_free(&all);
        return code;
    }
    *bytes = all.p;
    *size = all.size - 1;
    return 0;
}

/* Makes a new file beside @path; the name is the caller's. */
static int open_beside(const char *path, char **name)
{
    for (int i = 0; i < 100; i++) {
        if (asprintf(name, "%s.tmp%d-%ld", path, i, (long)getpid()) < 0) {
            *name = NULL;
            return -1;
        }
        int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
        free(*name);
        *name = NULL;
    }
    return -1;
}

int fwvar_file_write(const char *path, const void *bytes, size_t size,
                     struct fwvar_diag *diag)
{
    char *name = NULL;
    int fd = open_beside(path, &name);
    int code = 0;

    if (fd < 0) {
        code = name ? fw_fail_path(diag, "create", name) : fw_nomem(diag);
        free(name);
        return code;
    }
    bool failed = fw_write_all(fd, bytes, size) != 0;
    /* Some file systems cannot sync; that is no reason to fail. */
    failed |= fsync(fd) != 0 && errno != EINVAL && errno != ENOSYS;
    failed |= close(fd) != 0;
    if (failed || rename(name, path) != 0) {
        code = fw_fail_path(diag, "write", path);
        unlink(name);
    }
    free(name);
    return code;
}
