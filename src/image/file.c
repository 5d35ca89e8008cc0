/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whole files that are not images. */
#include "image/file.h"

#include "base/diag.h"
#include "image/sink.h"
#include "image/target.h"

#include <fwvar/folder.h>

#include <errno.h>
#include <fcntl.h>
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

int fwvar_file_write(const char *path, const void *bytes, size_t size,
                     struct fwvar_diag *diag)
{
    struct fw_temporary tmp = {NULL, -1};
    struct fwvar_save_result ignored = {0};
    struct fw_target t = {.fd = -1};

    int code = fw_target_open(&t, path, true, diag);
    if (code == 0)
        code = fw_temporary_create(&tmp, &t, diag);
    if (code == 0 && fw_write_all(tmp.fd, bytes, size) != 0)
        code = fw_fail_write(diag, "cannot write", errno);
    if (code == 0)
        code = fw_temporary_publish(&tmp, &t, &ignored, diag);
    fw_temporary_discard(&tmp);
    fw_target_close(&t);
    return code;
}
