/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fuzz/bases.h"

#include "fuzz/fuzz.h"
#include "support/imagesaved.h"

#include <string.h>

const struct ig_volume base_small = {.length = 0x4000,
                                     .blocks = 4,
                                     .block_size = 0x1000,
                                     .attributes = 0x0004feff,
                                     .store = 0x2000,
                                     .ftw = 0x2000,
                                     .ftw_length = 0x1000};

static void add(struct ig_image *im, unsigned char state, const char *name,
                const void *data, size_t size)
{
    ig_add(im, &(struct ig_record){state, 7, IG_GLOBAL, name, data, size, NULL});
}

/* An entry for network boot, made by the firmware. */
static void add_entry(struct ig_image *im, const char *name)
{
    struct ig_bytes option = {0}, path = {0};

    ig_hex(&path, "031810006874703a2f2f612f622e65667fff0400");
    ig_load_option(&option, 1, "Net", &path, true);
    add(im, 0, name, option.p, option.size);
    ig_free(&option);
    ig_free(&path);
}

/* One record in every state, a boot entry that is in use, and a key of Secure Boot. */
static void add_states(struct ig_image *im)
{
    static const unsigned char states[] = {0x3F, 0x3E, 0x3D, 0x3C, 0x7F, 0x3F};

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        add(im, states[i], "Timeout", "\3", 2);
    add(im, 0, "BootOrder", "\0\0\1", 4);
    add_entry(im, "Boot0000");
    ig_add(im, &(struct ig_record){0, 0x27, IG_GLOBAL, "PK", "abcd", 4,
                                   im->volume.plain ? NULL : "2024-01-02 03:04:05"});
}

/* Two entries, both in order, one of them next. */
static void small_menu(struct ig_image *im)
{
    ig_create(im, base_small.length, &base_small);
    add_entry(im, "Boot0000");
    add_entry(im, "Boot0001");
    add(im, 0, "BootOrder", "\0\0\1", 4);
    add(im, 0, "BootNext", "\1", 2);
}

static void small_states(struct ig_image *im)
{
    ig_create(im, base_small.length, &base_small);
    add_states(im);
}

static void small_plain(struct ig_image *im)
{
    struct ig_volume v = base_small;

    v.plain = true;
    ig_create(im, v.length, &v);
    add_states(im);
}

/* Years of a Pi's use in 32 KB. */
static void small_saved(struct ig_image *im)
{
    struct ig_volume v = base_small;

    v.length = 0x8000;
    v.blocks = 8;
    v.store = v.ftw = 0x6000;
    ig_create(im, v.length, &v);
    ig_saved_history(im);
}

/* Small ones that are made here, and the volumes of fixtures. */
static const struct source {
    const char *name;
    void (*make)(struct ig_image *im);
    size_t at, length;
} sources[BASES] = {
    {"small-states", small_states, 0, 0},       {"small-saved", small_saved, 0, 0},
    {"small-plain", small_plain, 0, 0},         {"small-menu", small_menu, 0, 0},
    {"rpi4-2m-saved", NULL, 0x1D0000, 0x20000}, {"ovmf-2m-vars", NULL, 0, 0x20000},
    {"rpi4-2m-stock", NULL, 0x1D0000, 0x20000}, {"plain-store", NULL, 0, 0x20000},
    {"ovmf-4m-keys", NULL, 0, 0x84000}};

static void cut_out(struct ig_bytes *volume, const struct source *s)
{
    struct ig_bytes file = {0};

    ig_build(&file, s->name);
    size_t left = file.size - s->at;
    ig_put(volume, file.p + s->at, left < s->length ? left : s->length);
    ig_free(&file);
}

const struct base *base_at(unsigned i)
{
    static struct base bases[BASES];
    const struct source *s = &sources[i % BASES];
    struct base *b = &bases[i % BASES];

    if (!b->volume.p) {
        struct ig_image im;
        b->name = s->name;
        b->at = s->at;
        if (s->make) {
            s->make(&im);
            b->volume = im.file;
        } else {
            cut_out(&b->volume, s);
        }
    }
    return b;
}

uint8_t *base_changed(const uint8_t *data, size_t size, size_t *all)
{
    const struct ig_bytes *base = &base_at(data[1])->volume;
    size_t wanted = data[2] | (size_t)data[3] << 8 | (size_t)data[4] << 16;
    size_t most = base->size * 2;

    *all = wanted == 0 ? base->size : wanted < most ? wanted : most;
    uint8_t *bytes = malloc(*all);
    PROMISE(bytes);
    memset(bytes, 0xFF, *all);
    memcpy(bytes, base->p, *all < base->size ? *all : base->size);
    for (size_t i = BASE_HEAD; i + 3 < size;) {
        size_t at = data[i] | (size_t)data[i + 1] << 8 | (data[i + 2] & 0x80u) << 9;
        size_t n = data[i + 2] & 0x7F;
        i += 3;
        for (size_t k = 0; k < n && i + k < size && at + k < *all; k++)
            bytes[at + k] = data[i + k];
        i += n;
    }
    return bytes;
}
