/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "image/image.h"

#include <fwvar/save.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "image/layout.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_PROBE 0x1000
#define MAX_GUESS    0x100000 /* volume bytes to look at when nothing tells its length */
#define COMPARE      0x10000

/* Bytes of the volume to work on. A damaged length is derived from the known layouts,
 * then from the block map. */
static size_t window_size(const struct fwvar_image *im, const struct fwvar_volume *v)
{
    uint64_t left = im->source.size - v->offset;
    uint64_t length = v->length;
    uint64_t by_blocks = (uint64_t)v->blocks * v->block_size;
    const struct fwvar_layout *l = fw_layout_find(im->source.size, v->offset, 0);

    if (v->flaws & (FWVAR_VOLUME_LENGTH | FWVAR_VOLUME_TRUNCATED | FWVAR_VOLUME_CUT)) {
        if (l)
            length = l->length;
        else if (!(v->flaws & FWVAR_VOLUME_TRUNCATED))
            length = by_blocks > FWVAR_VOLUME_HEADER_SIZE ? by_blocks : MAX_GUESS;
    }
    return (size_t)(length < left ? length : left);
}

/* Which machine keeps a volume of @size bytes at @at. */
static void tell_platform(struct fwvar_image *im, uint64_t at, size_t size)
{
    im->layout = fw_layout_find(im->source.size, at, size);
    im->platform = im->layout ? im->layout->platform : fw_layout_platform(at, size);
    const struct fwvar_layout *l =
        im->has_store ? fw_layout_denied(im->source.size, &im->store.volume) : NULL;
    if (l && im->platform == FWVAR_PLATFORM_ANY)
        im->platform = l->platform;
}

static int load_volume(struct fwvar_image *im, struct fwvar_diag *diag)
{
    uint8_t scratch[HEADER_PROBE];
    uint64_t at = im->place.offset, left = im->source.size - at;
    size_t n = left < sizeof scratch ? (size_t)left : sizeof scratch;
    struct fwvar_volume volume;

    const uint8_t *p = fw_source_view(&im->source, at, n, scratch, diag);
    if (!p)
        return FWVAR_ERR_IO;
    fwvar_volume_decode(p, n, at, left, &volume);
    size_t size = window_size(im, &volume);
    if (!im->source.mem) {
        im->window = malloc(size);
        if (!im->window)
            return fw_nomem(diag);
    }
    p = fw_source_view(&im->source, at, size, im->window, diag);
    if (!p)
        return FWVAR_ERR_IO;
    fwvar_store_decode(p, size, &volume, &im->store);
    im->has_store = true;
    tell_platform(im, at, size);
    return 0;
}

int fw_image_overlay(const struct fwvar_image *base, uint64_t offset,
                     const uint8_t *bytes, size_t size, struct fwvar_image **image,
                     struct fwvar_diag *diag)
{
    struct fwvar_image *im = calloc(1, sizeof *im);
    struct fwvar_volume volume;

    if (!im || !(im->window = malloc(size ? size : 1))) {
        free(im);
        return fw_nomem(diag);
    }
    memcpy(im->window, bytes, size);
    im->source = base->source;
    im->base = base;
    im->place = (struct fw_location){offset, base->place.second};
    if (im->place.second == offset)
        im->place.second = FWVAR_NO_OFFSET;
    fwvar_volume_decode(im->window, size, offset, im->source.size - offset, &volume);
    fwvar_store_decode(im->window, size, &volume, &im->store);
    im->has_store = true;
    tell_platform(im, offset, size);
    if (base->platform_set)
        im->platform = base->platform;
    *image = im;
    return 0;
}

static int find_store(struct fwvar_image *im, unsigned flags, struct fwvar_diag *diag)
{
    struct fwvar_diag local, *d = diag ? diag : &local;
    int code = fw_locate(&im->source, flags & FWVAR_OPEN_THOROUGH, &im->place, d);

    if (code == FWVAR_ERR_FORMAT && (flags & FWVAR_OPEN_ANYTHING)) {
        im->missing = *d;
        return 0;
    }
    if (code == 0 && im->place.second != FWVAR_NO_OFFSET &&
        !(flags & FWVAR_OPEN_ANYTHING)) {
        code = fw_fail(diag, FWVAR_ERR_AMBIGUOUS, im->place.second,
                       "two firmware volumes with variables, at 0x%llx and 0x%llx: the "
                       "firmware uses one of them, but which?",
                       (unsigned long long)im->place.offset,
                       (unsigned long long)im->place.second);
        fw_hint(diag, "cut the image in two, or erase the volume that is not used");
    }
    return code == 0 ? load_volume(im, diag) : code;
}

int fwvar_image_open(const char *path, unsigned flags, struct fwvar_image **image,
                     struct fwvar_diag *diag)
{
    struct fwvar_image *im = calloc(1, sizeof *im);

    if (!im)
        return fw_nomem(diag);
    int code = fw_source_open(&im->source, path, diag);
    if (code != 0) {
        free(im);
        return code;
    }
    if (im->source.is_file) {
        im->path = strdup(path);
        if (!im->path)
            code = fw_nomem(diag);
    }
    if (code == 0 && (flags & FWVAR_OPEN_LOADED))
        code = fw_source_load(&im->source, diag);
    if (code == 0)
        code = find_store(im, flags, diag);
    if (code != 0) {
        fwvar_image_close(im);
        return code;
    }
    *image = im;
    return 0;
}

int fwvar_image_open_bytes(const void *bytes, size_t size, unsigned flags,
                           struct fwvar_image **image, struct fwvar_diag *diag)
{
    struct fwvar_image *im = calloc(1, sizeof *im);

    if (!im)
        return fw_nomem(diag);
    fw_source_memory(&im->source, bytes, size);
    int code = find_store(im, flags, diag);
    if (code != 0) {
        fwvar_image_close(im);
        return code;
    }
    *image = im;
    return 0;
}

void fwvar_image_close(struct fwvar_image *im)
{
    if (!im)
        return;
    if (!im->base)
        fw_source_close(&im->source);
    free(im->path);
    free(im->window);
    free(im);
}

const struct fwvar_store *fwvar_image_store(const struct fwvar_image *im)
{
    return im->has_store ? &im->store : NULL;
}

const struct fwvar_diag *fwvar_image_missing(const struct fwvar_image *im)
{
    return im->has_store ? NULL : &im->missing;
}

uint64_t fwvar_image_size(const struct fwvar_image *im)
{
    return im->source.size;
}

bool fwvar_image_is_gzip(const struct fwvar_image *im)
{
    return im->source.gzip;
}

const struct fwvar_layout *fwvar_image_layout(const struct fwvar_image *im)
{
    return im->layout;
}

enum fwvar_platform fwvar_image_platform(const struct fwvar_image *im)
{
    return im->platform;
}

void fwvar_image_set_platform(struct fwvar_image *im, enum fwvar_platform platform)
{
    im->platform = platform;
    im->platform_set = true;
}

uint64_t fwvar_image_second_volume(const struct fwvar_image *im)
{
    return im->place.second;
}

/* Puts the bytes of an overlay at @from over those that were read at @offset. */
static void lay_over(uint64_t from, const uint8_t *over, size_t over_size,
                     uint64_t offset, uint8_t *bytes, size_t size)
{
    uint64_t start = offset > from ? offset : from;
    uint64_t end = offset + size < from + over_size ? offset + size : from + over_size;

    if (start < end)
        memcpy(bytes + (start - offset), over + (start - from), (size_t)(end - start));
}

int fwvar_image_read(const struct fwvar_image *im, uint64_t offset, void *bytes,
                     size_t size, struct fwvar_diag *diag)
{
    int code = fw_source_read(&im->source, offset, bytes, size, diag);

    if (code == 0 && im->base)
        lay_over(im->place.offset, im->window, im->store.size, offset, bytes, size);
    return code;
}

const uint8_t *fw_image_start(const struct fwvar_image *im, size_t size, uint8_t **owned,
                              int *code, struct fwvar_diag *diag)
{
    bool lies_there = im->source.mem && !im->base && size <= im->source.size;

    *code = 0;
    *owned = NULL;
    if (lies_there)
        return im->source.mem;
    *owned = malloc(size ? size : 1);
    *code = *owned ? fwvar_image_read(im, 0, *owned, size, diag) : fw_nomem(diag);
    if (*code == 0)
        return *owned;
    free(*owned);
    *owned = NULL;
    return NULL;
}

int fwvar_image_read_patched(const struct fwvar_image *im,
                             const struct fwvar_patch *patch, uint64_t offset,
                             void *bytes, size_t size, struct fwvar_diag *diag)
{
    int code = fwvar_image_read(im, offset, bytes, size, diag);

    if (code == 0 && patch)
        lay_over(patch->offset, patch->bytes, patch->size, offset, bytes, size);
    return code;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Reads the same range of both; views avoid a copy where the bytes are in memory. */
struct pair {
    const uint8_t *a, *b;
    uint8_t scratch[2][COMPARE];
};

static int view_pair(const struct fwvar_image *a, const struct fwvar_image *b,
                     uint64_t at, size_t n, struct pair *p, struct fwvar_diag *diag)
{
    p->a = fw_source_view(&a->source, at, n, p->scratch[0], diag);
    p->b = fw_source_view(&b->source, at, n, p->scratch[1], diag);
    return p->a && p->b ? 0 : FWVAR_ERR_IO;
}

/* Moves *at to the first place from it on where the images are equal (@want) or not. */
static int seek(const struct fwvar_image *a, const struct fwvar_image *b, bool want,
                uint64_t *at, struct pair *p, struct fwvar_diag *diag)
{
    uint64_t common = smaller(a->source.size, b->source.size);

    while (*at < common) {
        size_t n = (size_t)smaller(common - *at, COMPARE), i = 0;
        int code = view_pair(a, b, *at, n, p, diag);
        if (code != 0)
            return code;
        if (!want && memcmp(p->a, p->b, n) == 0)
            i = n;
        while (i < n && (p->a[i] == p->b[i]) != want)
            i++;
        *at += i;
        if (i < n)
            return 0;
    }
    return 0;
}

int fwvar_image_compare(const struct fwvar_image *a, const struct fwvar_image *b,
                        uint64_t *offset, uint64_t *length, struct fwvar_diag *diag)
{
    uint64_t all = a->source.size > b->source.size ? a->source.size : b->source.size;
    struct pair *p = malloc(sizeof *p);
    uint64_t end;

    if (!p)
        return fw_nomem(diag);
    int code = seek(a, b, false, offset, p, diag);
    end = *offset;
    if (code == 0)
        code = seek(a, b, true, &end, p, diag);
    free(p);
    if (code != 0)
        return code;
    if (end == smaller(a->source.size, b->source.size))
        end = all; /* the longer one's tail */
    *length = end - *offset;
    return *length == 0 ? 1 : 0;
}
