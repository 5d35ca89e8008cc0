/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "image/sink.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <errno.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK ((size_t)128 << 10)
#define PAGE  4096

struct sink {
    int fd;
    z_stream *gzip; /* NULL: plain */
    uint8_t *chunk; /* for what is not in memory, and for gzip output; made when needed */
    bool kernel_copy; /* copy_file_range has not been refused yet */
    struct fwvar_diag *diag;
};

static const struct {
    int why;
    const char *hint;
} remedies[] = {
    {ENOENT, "create the folder first"},
    {ENOTDIR, "a part of the path is a file, not a folder"},
    {EACCES, "the folder has to be writable, because the file is replaced"},
    {EPERM, "the folder has to be writable, because the file is replaced"},
    {EROFS, "write to another place with -o"},
    {ENOSPC, "free some space and try again"},
    {EDQUOT, "free some space and try again"},
    {EFBIG, "raise the limit of file sizes (ulimit -f) and try again"},
};

int fw_fail_write(struct fwvar_diag *diag, const char *what, int why)
{
    fw_fail(diag, FWVAR_ERR_IO, FWVAR_NO_OFFSET, "%s: %s", what, strerror(why));
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++) {
        if (remedies[i].why == why)
            fw_hint(diag, "%s", remedies[i].hint);
    }
    return FWVAR_ERR_IO;
}

static int write_plain(struct sink *s, const uint8_t *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(s->fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fw_fail_write(s->diag, "cannot write", errno);
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

static int write_gzip(struct sink *s, const uint8_t *p, size_t n, int flush)
{
    uint8_t out[16384];
    int code = 0, z;

    s->gzip->next_in = (Bytef *)(uintptr_t)p; /* zlib does not write there */
    s->gzip->avail_in = (uInt)n;
    do {
        s->gzip->next_out = out;
        s->gzip->avail_out = sizeof out;
        z = deflate(s->gzip, flush);
        code = write_plain(s, out, sizeof out - s->gzip->avail_out);
    } while (code == 0 && (s->gzip->avail_out == 0 || (flush == Z_FINISH && z == Z_OK)));
    return code;
}

static int put(struct sink *s, const uint8_t *p, size_t n)
{
    return s->gzip ? write_gzip(s, p, n, Z_NO_FLUSH) : write_plain(s, p, n);
}

/* Copies inside the kernel as far as that goes; moves *at. */
static void copy_in_kernel(struct sink *s, const struct fw_source *from, uint64_t *at,
                           uint64_t end)
{
    off_t off = (off_t)*at;

    while (*at < end) {
        ssize_t n = copy_file_range(from->fd, &off, s->fd, NULL, (size_t)(end - *at), 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            /* Not between these files: read and write instead, which also tells of an
             * error that was one. */
            s->kernel_copy = false;
            return;
        }
        *at += (uint64_t)n;
    }
}

static int copy_range(struct sink *s, const struct fw_source *from, uint64_t at,
                      uint64_t end)
{
    if (s->kernel_copy)
        copy_in_kernel(s, from, &at, end);
    if (at < end && !from->mem && !s->chunk && !(s->chunk = malloc(CHUNK)))
        return fw_nomem(s->diag);
    while (at < end) {
        size_t n = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
        const uint8_t *p = fw_source_view(from, at, n, s->chunk, s->diag);
        if (!p)
            return s->diag ? (int)s->diag->code : FWVAR_ERR_IO;
        int code = put(s, p, n);
        if (code != 0)
            return code;
        at += n;
    }
    return 0;
}

/* Whether the kernel is to copy. Where the image is in memory too and the file will be,
 * writing it takes half the time (tests/bench). */
static bool kernel_may_copy(const struct fw_source *from, int to)
{
    struct statfs fs;

    if (!from->mem)
        return true;
    return from->is_file && !from->gzip && fstatfs(to, &fs) == 0 &&
           fs.f_type != TMPFS_MAGIC;
}

/* ---- sharing what stays the same (btrfs, XFS, bcachefs) ---- */

/* True if the new file shares all blocks with the image now. */
static bool clone(const struct sink *s, const struct fw_source *from)
{
    return from->is_file && !from->gzip && !s->gzip && from->fd >= 0 &&
           ioctl(s->fd, FICLONE, from->fd) == 0;
}

static int write_at(struct sink *s, uint64_t at, const uint8_t *p, size_t n)
{
    while (n > 0) {
        ssize_t done = pwrite(s->fd, p, n, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fw_fail_write(s->diag, "cannot write", errno);
        p += done;
        at += (uint64_t)done;
        n -= (size_t)done;
    }
    return 0;
}

/* Writes the pages of a patch that differ, so that the others stay shared. */
static int write_changed(struct sink *s, const struct fw_source *from,
                         const struct fwvar_patch *patch)
{
    uint8_t scratch[PAGE];
    int code = 0;

    for (size_t at = 0; patch && code == 0 && at < patch->size;) {
        size_t n = PAGE - (size_t)((patch->offset + at) % PAGE);
        n = n < patch->size - at ? n : patch->size - at;
        const uint8_t *old = fw_source_view(from, patch->offset + at, n, scratch, s->diag);
        if (!old)
            return s->diag->code;
        if (memcmp(old, patch->bytes + at, n) != 0)
            code = write_at(s, patch->offset + at, patch->bytes + at, n);
        at += n;
    }
    return code;
}

static int write_all(struct sink *s, const struct fw_source *from,
                     const struct fwvar_patch *patch)
{
    if (clone(s, from))
        return write_changed(s, from, patch);
    s->kernel_copy = s->kernel_copy && kernel_may_copy(from, s->fd);
    if (!patch)
        return copy_range(s, from, 0, from->size);
    int code = copy_range(s, from, 0, patch->offset);
    if (code == 0)
        code = put(s, patch->bytes, patch->size);
    if (code == 0)
        code = copy_range(s, from, patch->offset + patch->size, from->size);
    return code;
}

/* The header carries no time and no system, so that equal input gives equal bytes. */
static int start_gzip(z_stream *z, gz_header *header, struct fwvar_diag *diag)
{
    if (deflateInit2(z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return fw_nomem(diag);
    header->os = 255;
    deflateSetHeader(z, header);
    return 0;
}

int fw_sink_image(const struct fw_source *source, const struct fwvar_patch *patch, int fd,
                  bool gzip, struct fwvar_diag *diag)
{
    struct fwvar_diag local;
    struct sink s = {.fd = fd, .kernel_copy = !gzip, .diag = diag ? diag : &local};
    z_stream z = {0};
    gz_header header = {0};

    if (patch && !fw_range_ok(source->size, patch->offset, patch->size))
        return fw_fail(diag, FWVAR_ERR_ARG, patch->offset,
                       "patch reaches past the end of the image");
    int code = gzip ? start_gzip(&z, &header, diag) : 0;
    if (code != 0)
        return code;
    s.gzip = gzip ? &z : NULL;
    code = write_all(&s, source, patch);
    if (gzip) {
        if (code == 0)
            code = write_gzip(&s, NULL, 0, Z_FINISH);
        deflateEnd(&z);
    }
    free(s.chunk);
    return code == 0 ? fw_source_unchanged(source, diag) : code;
}
