/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Seeds of images and of code. The layout of an input is that of fuzz_image.c and
 * fuzz_content.c. */
#include "fuzz/seeds.h"

#include "fuzz/bases.h"
#include "support/damage.h"
#include "support/imagemain.h"

#include <stdio.h>
#include <string.h>

#define FROM_BASE  0x80
#define CHUNK      0x7F /* bytes of one difference at most */
#define MANY_BYTES 0xC000
#define DICTIONARY "\x5d\0\x10\0" /* properties, and 4 KB instead of the usual 16 MB */

/* ---- images ---- */

/* How the bytes at @p, as long as those of the base, differ from it. */
static void put_differences(struct ig_bytes *b, const struct ig_bytes *base,
                            const unsigned char *p, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t n = 0, most = size - i < CHUNK ? size - i : CHUNK;
        while (i < base->size && i < size && p[i] == base->p[i])
            i++;
        if (i == size)
            return;
        if (i >= base->size && p[i] == 0xFF) {
            i++;
            continue;
        }
        while (n < most && i + n < size &&
               (i + n >= base->size || p[i + n] != base->p[i + n]))
            n++;
        ig_le(b, i & 0xFFFF, 2);
        ig_le(b, n | (i >> 9 & 0x80), 1);
        ig_put(b, p + i, n);
        i += n;
    }
}

static void save_changed(const char *name, unsigned char how, unsigned index,
                         const unsigned char *p, size_t size)
{
    const struct ig_bytes *base = &base_at(index)->volume;
    struct ig_bytes b = {0};

    ig_le(&b, how | FROM_BASE, 1);
    ig_le(&b, index, 1);
    ig_le(&b, size == base->size ? 0 : size, 3);
    put_differences(&b, base, p, size);
    if (b.size == 5)
        ig_le(&b, 0, 1);
    if (b.size < MANY_BYTES)
        seeds_save("image", name, "", 0, b.p, b.size);
    ig_free(&b);
}

static void save_given(const char *name, const void *bytes, size_t size)
{
    static const unsigned char head[5] = {0};

    seeds_save("image", name, head, sizeof head, bytes, size);
}

static void base_seeds(void)
{
    char name[64];

    for (unsigned i = 0; i < BASES; i++) {
        const struct base *base = base_at(i);
        for (unsigned char how = 0; how < 0x10; how++) {
            snprintf(name, sizeof name, "%s-%02x", base->name, how);
            save_changed(name, how, i, base->volume.p, base->volume.size);
        }
    }
}

/* Each kind of damage whose fixture is a base. */
static void damage_seeds(void)
{
    for (const struct damage *kind = damages; kind->name; kind++) {
        unsigned i = 0;
        while (i < BASES && strcmp(base_at(i)->name, kind->base) != 0)
            i++;
        if (i == BASES)
            continue;
        struct ig_bytes file = {0};
        size_t at = base_at(i)->at;
        damage_build(&file, kind);
        if (file.size < MANY_BYTES)
            save_given(kind->name, file.p, file.size);
        else if (file.size > at)
            save_changed(kind->name, at ? 1 : 2, i, file.p + at, file.size - at);
        ig_free(&file);
    }
}

/* One of the small bases with @bytes at @at. */
static void save_poked(const char *name, unsigned char how, unsigned index, size_t at,
                       const struct ig_bytes *bytes)
{
    struct ig_bytes b = {0};

    ig_put(&b, base_at(index)->volume.p, base_at(index)->volume.size);
    memcpy(b.p + at, bytes->p, bytes->size);
    save_changed(name, how, index, b.p, b.size);
    ig_free(&b);
}

/* An unfinished fault tolerant write of @length bytes to block @lba in a small base,
 * whose spare area is blank. */
static void pending_seed(const char *name, unsigned lba, size_t length)
{
    const size_t spare = base_small.ftw + base_small.ftw_length;
    struct ig_bytes q = {0};

    ig_hex(&q, "fcffffff");
    ig_guid(&q, "8d8c7a8e-1d6f-4d3c-8f9a-0c1d2e3f4a5b");
    ig_le(&q, 0, 4);
    ig_le(&q, 1, 8); /* one write, no private data */
    ig_le(&q, 0, 8);
    ig_hex(&q, "fdffffffffffffff");
    ig_le(&q, lba, 8);
    ig_le(&q, 0x48, 8);
    ig_le(&q, length, 8);
    ig_le(&q, UINT64_MAX - spare + 1, 8);
    save_poked(name, 0, 0, base_small.ftw + 0x20, &q);
    ig_free(&q);
}

/* The last record of each small base was begun, and no more. */
static void unwritten_seeds(void)
{
    char name[32];
    struct ig_bytes state = {0};

    ig_le(&state, 0xFF, 1);
    for (unsigned i = 0; i < 4; i++) {
        const struct ig_bytes *base = &base_at(i)->volume;
        size_t at = base_small.store;
        while (memcmp(base->p + at, "\xAA\x55", 2) != 0)
            at -= 4;
        snprintf(name, sizeof name, "unwritten%u", i);
        save_poked(name, 0, i, at + 2, &state);
    }
    ig_free(&state);
}

void seeds_of_images(void)
{
    const struct ig_bytes *small = &base_at(0)->volume;

    save_given("small", small->p, small->size);
    seeds_save("file", "small", "", 0, small->p, small->size);
    base_seeds();
    damage_seeds();
    unwritten_seeds();
    pending_seed("pending", 0, 0x1000 - 0x48);
    pending_seed("pending-empty", 0, 0);
    pending_seed("pending-elsewhere", 1, 0x1000);
}

/* ---- code ---- */

/* As it lies in a file, with a dictionary that costs less to allocate. */
static void save_raw(const char *name, const struct ig_main *m, size_t size)
{
    struct ig_bytes file = {0};

    ig_fill(&file, 0xFF, size);
    ig_put_main(&file, m);
    for (size_t i = 0; i + 5 < size; i++) {
        if (memcmp(file.p + i, "\x5d\0\0\0\1", 5) == 0)
            memcpy(file.p + i, DICTIONARY, 5);
    }
    seeds_save("content", name, "\1", 1, file.p, size);
    ig_free(&file);
}

static void save_inner(const char *name, const struct ig_main *m)
{
    struct ig_bytes inner = {0}, sections = {0};
    char full[32];

    ig_inner_volume(&inner, m);
    seeds_save("content", name, "\0", 1, inner.p, inner.size);
    snprintf(full, sizeof full, "%s-twice", name);
    seeds_save("content", full, "\4", 1, inner.p, inner.size);
    ig_volume_section(&sections, &inner);
    snprintf(full, sizeof full, "%s-sections", name);
    seeds_save("content", full, "\12", 1, sections.p, sections.size);
    ig_free(&inner);
    ig_free(&sections);
}

void seeds_of_content(void)
{
    static const struct {
        const char *name;
        struct ig_main main;
    } boards[] = {{"pi4", {.length = 0x1000, .board = IG_PI4, .release = 135}},
                  {"pi3", {.length = 0x1000, .board = IG_PI3, .release = 142}},
                  {"pi5", {.length = 0x1000, .board = IG_PI5}},
                  {"pc", {.length = 0x1000}}};

    for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++)
        save_inner(boards[i].name, &boards[i].main);
    save_raw("raw", &boards[0].main, 0x1000);
    save_raw("dated",
             &(struct ig_main){.at = 0x9000,
                               .length = 0x1000,
                               .board = IG_PI3,
                               .release = 142,
                               .date = "Jun  5 2023"},
             0xA000);
}
