/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "image/source.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* No firmware image is larger than the 64 MB of the virtual Arm machines; what is larger
 * after decompression is a mistake or an attack. */
#define MAX_SIZE ((size_t)256 << 20)

static int fail_errno(struct fwvar_diag *diag, const char *action)
{
    return fw_fail(diag, FWVAR_ERR_IO, FWVAR_NO_OFFSET, "%s: %s", action,
                   strerror(errno));
}

static ssize_t read_retry(int fd, void *bytes, size_t size)
{
    ssize_t n;

    do
        n = read(fd, bytes, size);
    while (n < 0 && errno == EINTR);
    return n;
}

static int too_large(struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_FORMAT, FWVAR_NO_OFFSET,
            "larger than %zu MB: not a firmware image", MAX_SIZE >> 20);
    fw_hint(diag, "name the image itself, not a disk or an archive that holds it");
    return FWVAR_ERR_FORMAT;
}

static int read_all(int fd, struct fw_buf *all, struct fwvar_diag *diag)
{
    uint8_t chunk[16384];
    ssize_t n;

    while ((n = read_retry(fd, chunk, sizeof chunk)) > 0) {
        if (all->size > MAX_SIZE - (size_t)n)
            return too_large(diag);
        fw_buf_put(all, chunk, (size_t)n);
        if (all->bad)
            return fw_nomem(diag);
    }
    return n < 0 ? fail_errno(diag, "cannot read") : 0;
}

/* Decompresses one gzip member after another. */
static int inflate_members(z_stream *z, struct fw_buf *out, struct fwvar_diag *diag)
{
    uint8_t chunk[16384];
    int code = Z_OK;

    while (code != Z_STREAM_END || z->avail_in >= 18) {
        if (code == Z_STREAM_END && inflateReset(z) != Z_OK)
            break;
        z->next_out = chunk;
        z->avail_out = sizeof chunk;
        code = inflate(z, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END)
            break;
        size_t n = sizeof chunk - z->avail_out;
        if (out->size > MAX_SIZE - n)
            return too_large(diag);
        fw_buf_put(out, chunk, n);
        if (out->bad)
            return fw_nomem(diag);
    }
    if (code == Z_STREAM_END || (code == Z_DATA_ERROR && z->total_out == 0 && out->size))
        return 0; /* as gzip does: what follows the last member is ignored */
    if (code == Z_MEM_ERROR)
        return fw_nomem(diag);
    fw_fail(diag, FWVAR_ERR_DAMAGED, FWVAR_NO_OFFSET, "gzip data is %s after %zu bytes",
            code == Z_BUF_ERROR ? "cut short" : "corrupt", out->size);
    fw_hint(diag, "get the file again; `gzip -t` tells whether a copy is whole");
    return FWVAR_ERR_DAMAGED;
}

static int gunzip(struct fw_buf *all, struct fwvar_diag *diag)
{
    z_stream z = {.next_in = all->p, .avail_in = (uInt)all->size};
    struct fw_buf out = {0};

    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return fw_nomem(diag);
    int code = inflate_members(&z, &out, diag);
    inflateEnd(&z);
    if (code != 0) {
        fw_buf_free(&out);
        return code;
    }
    fw_buf_free(all);
    *all = out;
    return 0;
}

static bool is_gzip(const uint8_t *p, size_t n)
{
    return n >= 2 && p[0] == 0x1f && p[1] == 0x8b;
}

static int load_whole(struct fw_source *s, struct fwvar_diag *diag)
{
    struct fw_buf all = {0};
    int code = read_all(s->fd, &all, diag);

    s->gzip = code == 0 && is_gzip(all.p, all.size);
    if (s->gzip)
        code = gunzip(&all, diag);
    if (code != 0) {
        fw_buf_free(&all);
        return code;
    }
    s->mem = s->owned = all.p;
    s->size = all.size;
    return 0;
}

static int check_kind(const struct stat *st, struct fwvar_diag *diag)
{
    if (S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode))
        return 0;
    fw_fail(diag, FWVAR_ERR_IO, FWVAR_NO_OFFSET, "%s, not an image file",
            S_ISDIR(st->st_mode) ? "is a directory" : "is a device");
    fw_hint(diag, S_ISDIR(st->st_mode) ? "name the image in it, such as RPI_EFI.fd"
                                       : "copy its content to a file first");
    return FWVAR_ERR_IO;
}

static int load(struct fw_source *s, bool by_path, struct fwvar_diag *diag)
{
    uint8_t magic[2] = {0};

    if (fstat(s->fd, &s->seen) != 0)
        return fail_errno(diag, "cannot read");
    int code = check_kind(&s->seen, diag);
    if (code != 0)
        return code;
    if (!S_ISREG(s->seen.st_mode) || !by_path)
        return load_whole(s, diag);
    s->is_file = true;
    s->size = (uint64_t)s->seen.st_size;
    if (s->size < sizeof magic)
        return 0;
    code = fw_source_read(s, 0, magic, sizeof magic, diag);
    if (code == 0 && is_gzip(magic, sizeof magic))
        return load_whole(s, diag);
    /* Looking through a terabyte of nothing would take hours. */
    return code == 0 && s->size > MAX_SIZE ? too_large(diag) : code;
}

int fw_source_open(struct fw_source *s, const char *path, struct fwvar_diag *diag)
{
    bool by_path = strcmp(path, "-") != 0;

    *s = (struct fw_source){.fd = -1};
    s->fd = by_path ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : dup(STDIN_FILENO);
    if (s->fd < 0) {
        int why = errno;
        fail_errno(diag, "cannot open");
        if (why == ENOENT)
            fw_hint(diag, "check the name; - is standard input");
        return FWVAR_ERR_IO;
    }
    int code = load(s, by_path, diag);
    if (code == 0 && s->size == 0) {
        code = fw_fail(diag, FWVAR_ERR_FORMAT, FWVAR_NO_OFFSET, "is empty");
        fw_hint(diag, "get the image again");
    }
    if (code != 0)
        fw_source_close(s);
    return code;
}

int fw_source_load(struct fw_source *s, struct fwvar_diag *diag)
{
    uint8_t *all;

    if (s->mem)
        return 0;
    all = malloc((size_t)s->size);
    if (!all)
        return fw_nomem(diag);
    int code = fw_source_read(s, 0, all, (size_t)s->size, diag);
    if (code != 0) {
        free(all);
        return code;
    }
    s->mem = s->owned = all;
    return 0;
}

void fw_source_memory(struct fw_source *s, const void *bytes, size_t size)
{
    *s = (struct fw_source){.fd = -1, .mem = bytes, .size = size};
}

void fw_source_close(struct fw_source *s)
{
    if (s->fd >= 0)
        close(s->fd);
    free(s->owned);
    *s = (struct fw_source){.fd = -1};
}

int fw_source_read(const struct fw_source *s, uint64_t offset, void *bytes, size_t size,
                   struct fwvar_diag *diag)
{
    uint8_t *to = bytes;

    if (!fw_range_ok(s->size, offset, size))
        return fw_fail(diag, FWVAR_ERR_ARG, offset, "past the end of the image");
    if (s->mem) {
        memcpy(to, s->mem + offset, size);
        return 0;
    }
    while (size > 0) {
        ssize_t n = pread(s->fd, to, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(diag, "cannot read");
        if (n == 0)
            return fw_fail(diag, FWVAR_ERR_CHANGED, offset,
                           "the file became shorter while it was read");
        to += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
    return 0;
}

const uint8_t *fw_source_view(const struct fw_source *s, uint64_t offset, size_t size,
                              uint8_t *scratch, struct fwvar_diag *diag)
{
    if (s->mem && fw_range_ok(s->size, offset, size))
        return s->mem + offset;
    return fw_source_read(s, offset, scratch, size, diag) == 0 ? scratch : NULL;
}

bool fw_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int fw_source_unchanged(const struct fw_source *s, struct fwvar_diag *diag)
{
    struct stat now;

    if (!s->is_file)
        return 0;
    if (fstat(s->fd, &now) != 0)
        return fail_errno(diag, "cannot look at the file that was read");
    if (now.st_size == s->seen.st_size && now.st_mtim.tv_sec == s->seen.st_mtim.tv_sec &&
        now.st_mtim.tv_nsec == s->seen.st_mtim.tv_nsec)
        return 0;
    fw_fail(diag, FWVAR_ERR_CHANGED, FWVAR_NO_OFFSET,
            "the image was changed by somebody else since it was read");
    fw_hint(diag, "run the command again to work on the new content");
    return FWVAR_ERR_CHANGED;
}
