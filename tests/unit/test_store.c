/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Store headers, the walk over records, and what records are to the firmware. */
#include "base/bytes.h"
#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <fwvar/variables.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VENDOR "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"
#define OTHER  "5b446ed1-e30b-4faa-871a-3654eca36080"

static struct ig_image im;
static struct fwvar_store store;
static struct fwvar_variables *vars;

static void decode(void)
{
    const struct ig_volume *g = &im.volume;
    size_t left = im.file.size - g->at;
    struct fwvar_volume v;

    fwvar_volume_decode(im.file.p + g->at, left, g->at, left, &v);
    fwvar_store_decode(im.file.p + g->at, left < g->length ? left : g->length, &v,
                       &store);
}

static const struct fwvar_usage *read_all(void)
{
    decode();
    fwvar_variables_free(vars);
    ck_assert_int_eq(fwvar_variables_read(&store, &vars, NULL), 0);
    return fwvar_variables_usage(vars);
}

static size_t add(uint8_t state, const char *name, const char *guid, uint32_t value)
{
    uint8_t data[4];

    fw_put32(data, value);
    return ig_add(&im, &(struct ig_record){.state = state,
                                           .attributes = 7,
                                           .guid = guid,
                                           .name = name,
                                           .data = data,
                                           .size = 4});
}

static void start_pi(void)
{
    ig_create(&im, 0x1f0000, &ig_pi_2m);
}

static void finish(void)
{
    fwvar_variables_free(vars);
    vars = NULL;
    ig_close(&im);
}

static uint8_t *header_field(size_t at)
{
    return im.file.p + im.volume.at + 0x48 + at;
}

static const struct fwvar_record *get(const char *name, const char *guid)
{
    struct fwvar_guid g;

    ck_assert_int_eq(fwvar_guid_parse(guid, &g), 0);
    return fwvar_variables_get(vars, &g, name);
}

/* ---- the header ---- */

START_TEST(the_measured_store_header)
{
    test_bytes(header_field(0),
               "782cf3aa7b949a43a1802e144ec37792b8df00005afe000000000000");
    decode();
    ck_assert_uint_eq(store.flaws, 0);
    ck_assert_uint_eq(store.header, 0x48);
    ck_assert_uint_eq(store.first, 0x64);
    ck_assert_uint_eq(store.end, 0xE000);
    ck_assert_uint_eq(store.declared, 0xDFB8);
    ck_assert(store.authenticated);
    ck_assert_uint_eq(fwvar_store_record_header(&store), 60);
    ck_assert_uint_eq(read_all()->capacity, 0xDF9C);
}
END_TEST

START_TEST(header_flaws)
{
    *header_field(0) ^= 1;
    decode();
    ck_assert_uint_eq(store.flaws, FWVAR_STORE_SIGNATURE);
    ck_assert(store.authenticated); /* the likelier form */
    *header_field(0) ^= 1;
    *header_field(20) = 0x5B;
    decode();
    ck_assert_uint_eq(store.flaws, FWVAR_STORE_FORMAT);
    *header_field(20) = 0x5A;
    *header_field(21) = 0xFF;
    decode();
    ck_assert_uint_eq(store.flaws, FWVAR_STORE_STATE);
}
END_TEST

START_TEST(a_wrong_size_hides_no_record)
{
    static const uint32_t sizes[] = {0,       0x1b,    0x200,      0xDFBC,
                                     0x1FFB8, 0x1FFB9, 0x80000000, 0xFFFFFFFF};

    for (int i = 0; i < 9; i++)
        add(0, "Filler", VENDOR, 1);
    size_t last = add(0, "Last", VENDOR, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fw_put32(header_field(16), sizes[i]);
        read_all();
        ck_assert_msg(store.flaws == FWVAR_STORE_SIZE, "0x%x", sizes[i]);
        ck_assert_uint_eq(store.end, 0xE000);
        ck_assert_uint_eq(get("Last", VENDOR)->offset, last);
    }
    /* A little less than the layout's works on real firmware, and is believed. */
    fw_put32(header_field(16), 0xDFB4);
    read_all();
    ck_assert_uint_eq(store.flaws, FWVAR_STORE_SMALL);
    ck_assert_uint_eq(store.end, 0xDFFC);
    ck_assert_uint_eq(get("Last", VENDOR)->offset, last);
}
END_TEST

START_TEST(an_unknown_layout_is_believed_as_far_as_it_fits)
{
    struct ig_volume odd = ig_pi_2m;

    odd.at = 0;
    odd.length = 0x50000;
    odd.store = 0x10000;
    odd.ftw = 0;
    finish();
    ig_create(&im, 0x50000, &odd);
    decode();
    ck_assert_uint_eq(store.flaws, 0);
    ck_assert_uint_eq(store.end, 0x10000);
    fw_put32(header_field(16), 0x50000 - 0x48);
    decode();
    ck_assert_uint_eq(store.flaws, 0);
    ck_assert_uint_eq(store.end, 0x50000);
    fw_put32(header_field(16), 0x50000 - 0x47);
    decode();
    ck_assert_uint_eq(store.flaws, FWVAR_STORE_SIZE);
    ck_assert_uint_eq(store.end, 0x50000); /* never outside */
    fw_put32(header_field(16), 28);        /* no room for anything */
    ck_assert_uint_eq(read_all()->capacity, 0);
    ck_assert_uint_eq(store.flaws, 0);
    fw_put32(header_field(16), 27);
    decode();
    ck_assert_uint_eq(store.flaws, FWVAR_STORE_SIZE);
}
END_TEST

START_TEST(a_volume_cut_anywhere_is_read_as_far_as_it_goes)
{
    size_t first = add(0, "One", VENDOR, 1), second = add(0, "Two", VENDOR, 2);

    for (size_t size = im.volume.at; size < im.volume.at + 0x200; size++) {
        uint8_t *copy = malloc(size - im.volume.at + 1); /* so that ASan guards the end */
        struct fwvar_volume v;
        size_t n = size - im.volume.at;
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, im.file.p + im.volume.at, n);
        fwvar_volume_decode(copy, n, im.volume.at, n, &v);
        fwvar_store_decode(copy, n, &v, &store);
        fwvar_variables_free(vars);
        ck_assert_int_eq(fwvar_variables_read(&store, &vars, NULL), 0);
        ck_assert_int_eq(get("One", VENDOR) != NULL, size >= first + 60 + 8 + 4);
        ck_assert_int_eq(get("Two", VENDOR) != NULL, size >= second + 60 + 8 + 4);
        if (n < 0x64)
            ck_assert_uint_eq(store.flaws, FWVAR_STORE_CUT);
        fwvar_variables_free(vars);
        vars = NULL;
        free(copy);
    }
}
END_TEST

START_TEST(plain_records_have_short_headers)
{
    struct ig_volume plain = ig_pi_2m;

    plain.plain = true;
    finish();
    ig_create(&im, 0x1f0000, &plain);
    size_t at = add(0, "BootNext", IG_GLOBAL, 7);
    size_t next = add(0x3d, "Gone", IG_GLOBAL, 8);
    ck_assert_uint_eq(next, at + 32 + 18 + 4 + 2);
    read_all();
    ck_assert(!store.authenticated);
    ck_assert_uint_eq(fwvar_store_record_header(&store), 32);
    const struct fwvar_record *r = get("BootNext", IG_GLOBAL);
    ck_assert_uint_eq(r->offset, at);
    ck_assert_uint_eq(r->size, 54);
    ck_assert_uint_eq(r->attributes, 7);
    ck_assert_ptr_null(r->time);
    ck_assert_uint_eq(fw_le32(r->data), 7);
    ck_assert_ptr_null(get("Gone", IG_GLOBAL));
    ck_assert_uint_eq(fwvar_variables_usage(vars)->dead, 1);
}
END_TEST

/* ---- records and the end of the chain ---- */

START_TEST(a_record_is_decoded)
{
    size_t at = add(0x3f, "RamLimitTo3GB", IG_CONFIG, 0);

    test_bytes(im.file.p + at,
               "aa553f0007000000"
               "00000000000000000000000000000000000000000000000000000000"
               "1c0000000400000058c27ccddb31e6229f2263b0b8eed6b5"
               "520061006d004c0069006d006900740054006f00330047004200000000000000ffff");
    decode();
    struct fwvar_record r;
    ck_assert_int_eq(fwvar_record_decode(&store, 0x64, &r), 0);
    ck_assert_uint_eq(r.offset, at);
    ck_assert_uint_eq(r.size, 92);
    ck_assert_uint_eq(r.state, 0x3f);
    ck_assert_uint_eq(r.name_size, 28);
    ck_assert_uint_eq(fwvar_record_name_length(&r), 26);
    ck_assert_uint_eq(r.data_size, 4);
    ck_assert(!r.unwritten);
    ck_assert_int_eq(fwvar_record_decode(&store, 0x65, &r), FWVAR_ERR_NOTFOUND);
    ck_assert_int_eq(fwvar_record_decode(&store, store.end, &r), FWVAR_ERR_NOTFOUND);
    ck_assert_int_eq(fwvar_record_decode(&store, SIZE_MAX, &r), FWVAR_ERR_NOTFOUND);
}
END_TEST

START_TEST(the_chain_ends_as_the_driver_sees_it)
{
    size_t first = add(0, "One", VENDOR, 1);
    size_t second = add(0, "Two", VENDOR, 2);
    add(0, "Three", VENDOR, 3);
    size_t end = im.next;
    uint8_t *p = im.file.p;

    const struct fwvar_usage *u = read_all();
    ck_assert_uint_eq(u->end, FWVAR_END_ERASED);
    ck_assert_uint_eq(u->end_offset, end);
    ck_assert_uint_eq(u->live, 3);
    ck_assert_uint_eq(u->used, end - first);
    ck_assert_uint_eq(u->free, u->capacity - u->used);
    ck_assert_uint_eq(u->dirty, FWVAR_NO_OFFSET);

    p[second] = 0; /* a damaged start hides what follows */
    u = read_all();
    ck_assert_uint_eq(u->end, FWVAR_END_GARBAGE);
    ck_assert_uint_eq(u->end_offset, second);
    ck_assert_uint_eq(u->dirty, second);
    ck_assert_uint_eq(u->live, 1);
    p[second] = 0xFF;
    p[second + 1] = 0xFF; /* looks like free space, but is not clean */
    u = read_all();
    ck_assert_uint_eq(u->end, FWVAR_END_ERASED);
    ck_assert_uint_eq(u->dirty, second + 2);
    p[second] = 0xAA;
    p[second + 1] = 0x55;

    fw_put32(p + second + 40, 0x10000); /* DataSize past the store */
    u = read_all();
    ck_assert_uint_eq(u->end, FWVAR_END_OVERRUN);
    ck_assert_uint_eq(u->end_offset, second);
    ck_assert_uint_eq(u->live, 1);
    fw_put32(p + second + 40, 4);
    fw_put32(p + second + 36, 0xFFFFFFFE); /* NameSize */
    ck_assert_uint_eq(read_all()->end, FWVAR_END_OVERRUN);
    fw_put32(p + second + 36, 8);

    p[first + 2] = 0xFF;
    p[im.volume.at + 0xDFFF] = 0; /* the very last byte of the store */
    u = read_all();
    ck_assert_uint_eq(u->end_offset, first + 60);
    ck_assert_uint_eq(u->end, FWVAR_END_GARBAGE);
    ck_assert_uint_eq(u->live, 0);
    ck_assert_uint_eq(u->unfinished, 1);
    p[im.volume.at + 0xE000] = 0; /* the event log is not free space */
}
END_TEST

START_TEST(an_incomplete_header_takes_sixty_bytes)
{
    static const struct {
        size_t at, size;
    } fields[] = {{2, 1}, {4, 4}, {36, 4}, {40, 4}};
    size_t first = add(0, "One", VENDOR, 1);

    for (size_t i = 0; i < 4; i++) {
        uint8_t old[4];
        memcpy(old, im.file.p + first + fields[i].at, fields[i].size);
        memset(im.file.p + first + fields[i].at, 0xFF, fields[i].size);
        const struct fwvar_usage *u = read_all();
        ck_assert_uint_eq(u->unfinished, 1);
        ck_assert_uint_eq(u->end_offset, first + 60);
        const struct fwvar_record *r = fwvar_variables_at(vars, 0);
        ck_assert(r->unwritten);
        ck_assert_uint_eq(r->size, 60);
        ck_assert_uint_eq(r->name_size, 0);
        ck_assert_int_eq(fwvar_variables_role(vars, 0), FWVAR_ROLE_UNFINISHED);
        memcpy(im.file.p + first + fields[i].at, old, fields[i].size);
    }
}
END_TEST

/* Fills the store so that @left bytes are free. */
static void fill_store(size_t left)
{
    size_t end = im.volume.at + im.volume.store;
    static uint8_t data[0x40000];

    memset(data, 0x11, sizeof data);
    size_t size = end - im.next - left - 60 - 4;
    ig_add(&im,
           &(struct ig_record){
               .attributes = 7, .guid = VENDOR, .name = "F", .data = data, .size = size});
}

START_TEST(the_last_bytes_of_a_store)
{
    for (size_t left = 0; left <= 64; left += 4) {
        finish();
        start_pi();
        fill_store(left);
        size_t at = im.next;
        const struct fwvar_usage *u = read_all();
        ck_assert_uint_eq(u->free, left);
        ck_assert_uint_eq(u->end, left ? FWVAR_END_ERASED : FWVAR_END_FULL);
        if (left < 2)
            continue;
        fw_put16(im.file.p + at, 0x55AA); /* a start with no room for the rest */
        u = read_all();
        ck_assert_uint_eq(u->end, left < 60    ? FWVAR_END_OVERRUN
                                  : left == 60 ? FWVAR_END_FULL
                                               : FWVAR_END_ERASED);
        ck_assert_uint_eq(u->end_offset, left < 60 ? at : at + 60);
        ck_assert_uint_eq(u->unfinished, left >= 60);
    }
}
END_TEST

START_TEST(a_store_that_does_not_end_on_a_multiple_of_four)
{
    struct ig_volume odd = ig_pi_2m;

    odd.at = 0;
    odd.length = 0x30000;
    odd.store = 0x10000;
    odd.ftw = 0;
    for (size_t cut = 1; cut < 4; cut++) {
        finish();
        ig_create(&im, 0x30000, &odd);
        add(0, "A", VENDOR, 1);
        /* Ends with the store, where no padding fits. */
        static uint8_t data[0x10000];
        size_t size = 0x10000 - cut - im.next - 60 - 4;
        ig_add(&im, &(struct ig_record){.attributes = 7,
                                        .guid = VENDOR,
                                        .name = "B",
                                        .data = data,
                                        .size = size});
        fw_put32(header_field(16), (uint32_t)(0x10000 - 0x48 - cut));
        const struct fwvar_usage *u = read_all();
        ck_assert_uint_eq(u->live, 2);
        ck_assert_uint_eq(u->end, FWVAR_END_FULL);
        ck_assert_uint_eq(u->used, u->capacity);
        ck_assert_uint_eq(u->free, 0);
        ck_assert_uint_eq(u->reclaimable, 0);
    }
}
END_TEST

START_TEST(garbage_never_leaves_the_store)
{
    uint32_t x = 2463534242u;

    for (int round = 0; round < 3000; round++) {
        uint8_t *p = im.file.p + im.volume.at + 0x64;
        size_t at = 0;
        for (int i = 0; i < 6; i++, at += 60 + (x & 63)) {
            for (size_t k = 0; k < 60; k++) {
                x ^= x << 13;
                x ^= x >> 17;
                x ^= x << 5;
                p[at + k] = (uint8_t)(x >> 9 & 0xff);
            }
            fw_put16(p + at, 0x55AA);
            if (x & 0x100)
                fw_put32(p + at + 36, x >> 24);
            if (x & 0x200)
                fw_put32(p + at + 40, x >> 16 & 0xFF);
        }
        const struct fwvar_usage *u = read_all();
        ck_assert_uint_le(u->used, u->capacity);
        ck_assert_uint_eq(u->used + u->free, u->capacity);
        ck_assert_uint_le(u->reclaimable, u->used);
        for (size_t i = 0; i < fwvar_variables_count(vars); i++)
            ck_assert_ptr_nonnull(fwvar_variables_at(vars, i)->data);
    }
}
END_TEST

/* ---- roles ---- */

static const struct {
    uint8_t state;
    enum fwvar_role role;
} states[] = {
    {0x3f, FWVAR_ROLE_LIVE},       {0x3e, FWVAR_ROLE_LIVE},
    {0x3d, FWVAR_ROLE_DEAD},       {0x3c, FWVAR_ROLE_DEAD},
    {0x7f, FWVAR_ROLE_UNFINISHED}, {0xff, FWVAR_ROLE_UNFINISHED},
    {0x7e, FWVAR_ROLE_UNKNOWN},    {0x00, FWVAR_ROLE_UNKNOWN},
    {0xbf, FWVAR_ROLE_UNKNOWN},    {0x1f, FWVAR_ROLE_UNKNOWN},
    {0xfe, FWVAR_ROLE_UNKNOWN},
};

START_TEST(every_state_has_a_role)
{
    for (unsigned state = 0; state < 256; state++) {
        enum fwvar_role role = FWVAR_ROLE_UNKNOWN;
        for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
            if (states[i].state == state)
                role = states[i].role;
        }
        finish();
        start_pi();
        size_t at = add(0, "One", VENDOR, 1);
        im.file.p[at + 2] = (uint8_t)state;
        read_all();
        ck_assert_msg(fwvar_variables_role(vars, 0) == role, "0x%02x", state);
        ck_assert_int_eq(get("One", VENDOR) != NULL, role == FWVAR_ROLE_LIVE);
    }
}
END_TEST

static void roles(const enum fwvar_role *expected, size_t n)
{
    ck_assert_uint_eq(fwvar_variables_count(vars), n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(fwvar_variables_role(vars, i) == expected[i], "record %zu: %d", i,
                      (int)fwvar_variables_role(vars, i));
}

START_TEST(twins_duplicates_and_namesakes)
{
    add(0x3e, "Twin", VENDOR, 1);
    add(0x3f, "Twin", VENDOR, 2);
    add(0x3e, "Twin", VENDOR, 3); /* also behind it */
    add(0x3e, "Orphan", VENDOR, 4);
    add(0x3e, "Orphan", VENDOR, 5); /* the driver's look-up takes the last */
    add(0x3f, "Twice", VENDOR, 6);
    add(0x3f, "Twice", VENDOR, 7);
    add(0x3f, "Twice", OTHER, 8); /* another variable */
    add(0x3f, "Twic", VENDOR, 9);
    add(0x3c, "Twice", VENDOR, 10);
    const struct fwvar_usage *u = read_all();
    roles((const enum fwvar_role[]){FWVAR_ROLE_TWIN, FWVAR_ROLE_LIVE, FWVAR_ROLE_TWIN,
                                    FWVAR_ROLE_TWIN, FWVAR_ROLE_LIVE, FWVAR_ROLE_LIVE,
                                    FWVAR_ROLE_DUPLICATE, FWVAR_ROLE_LIVE,
                                    FWVAR_ROLE_LIVE, FWVAR_ROLE_DEAD},
          10);
    ck_assert_uint_eq(fw_le32(get("Twin", VENDOR)->data), 2);
    ck_assert_uint_eq(fw_le32(get("Orphan", VENDOR)->data), 5);
    ck_assert_uint_eq(fw_le32(get("Twice", VENDOR)->data), 6);
    ck_assert_uint_eq(fw_le32(get("Twice", OTHER)->data), 8);
    ck_assert_uint_eq(fw_le32(get("Twic", VENDOR)->data), 9);
    ck_assert_ptr_null(get("twice", VENDOR));
    ck_assert_ptr_null(get("Twi", VENDOR));
    ck_assert_uint_eq(u->live, 5);
    ck_assert_uint_eq(u->duplicates, 1);
    ck_assert_uint_eq(u->twins, 3);
    ck_assert_uint_eq(u->dead, 1);
    /* A reclaim keeps live ones and duplicates (measured), nothing else. */
    ck_assert_uint_eq(u->reclaimable, 2 * 76 + 80 + 76);
}
END_TEST

START_TEST(names_with_flaws)
{
    size_t at = add(0, "Name", VENDOR, 1);
    bool valid = true;

    fw_put16(im.file.p + at + 60 + 8, 'x'); /* no NUL at the end */
    read_all();
    ck_assert_uint_eq(fwvar_record_name_length(fwvar_variables_at(vars, 0)), 10);
    char *name = fwvar_record_name(fwvar_variables_at(vars, 0), false, &valid);
    ck_assert_str_eq(name, "Namex");
    free(name);
    fw_put16(im.file.p + at + 60 + 8, 0);
    fw_put16(im.file.p + at + 60, 0xD800);
    read_all();
    name = fwvar_record_name(fwvar_variables_at(vars, 0), false, &valid);
    ck_assert_str_eq(name, "\\uD800ame");
    ck_assert(!valid);
    free(name);
    fw_put32(im.file.p + at + 36, 0); /* no name at all */
    fw_put32(im.file.p + at + 40, 14);
    read_all();
    ck_assert_uint_eq(fwvar_record_name_length(fwvar_variables_at(vars, 0)), 0);
    fw_put32(im.file.p + at + 36, 1);
    fw_put32(im.file.p + at + 40, 13);
    read_all();
    ck_assert_uint_eq(fwvar_record_name_length(fwvar_variables_at(vars, 0)), 1);
}
END_TEST

/* ---- ten thousand records ---- */

START_TEST(ten_thousand_records_are_all_found)
{
    enum { COUNT = 10000 };
    struct ig_volume big = ig_pi_2m;
    char name[16];

    big.at = 0;
    big.length = 0x200000;
    big.store = 0x1f0000;
    big.ftw = 0;
    finish();
    ig_create(&im, 0x200000, &big);
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "Var%u", (unsigned)i);
        add(i % 3 == 2 ? 0x3c : 0x3f, name, i % 2 ? VENDOR : OTHER, i);
    }
    const struct fwvar_usage *u = read_all();
    ck_assert_uint_eq(fwvar_variables_count(vars), COUNT);
    ck_assert_uint_eq(u->dead, COUNT / 3);
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "Var%u", (unsigned)i);
        const struct fwvar_record *r = get(name, i % 2 ? VENDOR : OTHER);
        ck_assert_int_eq(r != NULL, i % 3 != 2);
        if (r)
            ck_assert_uint_eq(fw_le32(r->data), i);
        ck_assert_ptr_null(get(name, i % 2 ? OTHER : VENDOR));
    }
}
END_TEST

START_TEST(fixtures_are_read_as_the_second_reader_does)
{
    static const char *const names[] = {"rpi4-2m-saved", "plain-store", "ovmf-4m-keys",
                                        "rpi4-4m-stock", "aavmf-vars"};
    struct sr_image sr;
    size_t size;

    finish();
    im.file.p = test_fixture(names[_i], &size);
    im.file.size = size;
    ck_assert(sr_open(&sr, im.file.p, size));
    im.volume.at = sr.volume_offset;
    im.volume.length = sr.volume_length;
    const struct fwvar_usage *u = read_all();
    ck_assert_uint_eq(fwvar_variables_count(vars), sr.n_records);
    ck_assert_uint_eq(u->live, sr.n_live);
    ck_assert_uint_eq(u->end_offset, sr.chain_end);
    for (size_t i = 0; i < sr.n_records; i++) {
        const struct fwvar_record *r = fwvar_variables_at(vars, i);
        const struct sr_record *s = &sr.records[i];
        ck_assert_uint_eq(r->offset, s->offset);
        ck_assert_uint_eq(r->size, s->size);
        ck_assert_uint_eq(r->state, s->state);
        ck_assert_uint_eq(r->attributes, s->attributes);
        ck_assert_ptr_eq(r->data, s->data);
        ck_assert_ptr_eq(r->time, s->time);
        ck_assert_int_eq(fwvar_variables_role(vars, i) == FWVAR_ROLE_LIVE, s->live);
    }
    sr_close(&sr);
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("store");
    TCase *header = tcase_create("header"), *chain = tcase_create("chain");
    TCase *role = tcase_create("roles");

    tcase_add_checked_fixture(header, start_pi, finish);
    tcase_add_test(header, the_measured_store_header);
    tcase_add_test(header, header_flaws);
    tcase_add_test(header, a_wrong_size_hides_no_record);
    tcase_add_test(header, an_unknown_layout_is_believed_as_far_as_it_fits);
    tcase_add_test(header, a_volume_cut_anywhere_is_read_as_far_as_it_goes);
    tcase_add_test(header, plain_records_have_short_headers);
    suite_add_tcase(s, header);
    tcase_add_checked_fixture(chain, start_pi, finish);
    tcase_add_test(chain, a_record_is_decoded);
    tcase_add_test(chain, the_chain_ends_as_the_driver_sees_it);
    tcase_add_test(chain, an_incomplete_header_takes_sixty_bytes);
    tcase_add_test(chain, the_last_bytes_of_a_store);
    tcase_add_test(chain, a_store_that_does_not_end_on_a_multiple_of_four);
    tcase_add_test(chain, garbage_never_leaves_the_store);
    suite_add_tcase(s, chain);
    tcase_add_checked_fixture(role, start_pi, finish);
    tcase_add_test(role, every_state_has_a_role);
    tcase_add_test(role, twins_duplicates_and_namesakes);
    tcase_add_test(role, names_with_flaws);
    tcase_add_test(role, ten_thousand_records_are_all_found);
    tcase_add_loop_test(role, fixtures_are_read_as_the_second_reader_does, 0, 5);
    suite_add_tcase(s, role);
    return s;
}

int main(void)
{
    return test_main(make);
}
