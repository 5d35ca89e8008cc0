/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Transactions: byte for byte what the firmware would write, and nothing else. */
#include "support/editing.h"
#include "support/testmain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VENDOR "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"
#define SECRET "d719b2cb-3d3a-4596-a3bc-dad00e67656f" /* image security database */
#define FORCE  FWVAR_EDIT_FORCE

/* Where a Raspberry Pi's store must be compacted: 0xDF9C - 0x2800 - 0x1000. */
#define PI_LIMIT 0xA79C

static struct editing e;
static struct ig_bytes before;
static uint8_t blob[0x40000];

static void keep(void)
{
    ig_free(&before);
    ig_put(&before, e.file.p, e.file.size);
}

static void take(struct ig_image *im)
{
    ed_free(&e);
    ed_load(&e, im->file.p, im->file.size);
    keep();
}

static void load(const char *name)
{
    size_t size;
    uint8_t *bytes = test_fixture(name, &size);

    ed_free(&e);
    ed_load(&e, bytes, size);
    keep();
}

static void start(void)
{
    memset(blob, 0x42, sizeof blob);
    load("rpi4-2m-stock");
}

static void stop(void)
{
    ed_free(&e);
    ig_free(&before);
}

static struct sr_image look(void)
{
    struct sr_image sr;

    ck_assert_msg(sr_open(&sr, e.file.p, e.file.size), "%s", sr.error);
    ck_assert(sr.free_clean && sr.header_sum_ok && !sr.ftw.pending);
    ck_assert_uint_eq(sr.n_twins, 0);
    return sr;
}

static void only_changed(const struct sr_range *ranges, size_t n)
{
    size_t where = 0;

    ck_assert_uint_eq(e.file.size, before.size);
    ck_assert_msg(sr_same_outside(before.p, e.file.p, before.size, ranges, n, &where),
                  "byte 0x%zx changed", where);
}

static void unchanged(void)
{
    ck_assert(!e.report.changed && !e.report.compacted);
    only_changed(NULL, 0);
}

static struct ig_record u32(uint8_t state, const char *name, const void *data)
{
    return (struct ig_record){.state = state,
                              .attributes = 7,
                              .guid = VENDOR,
                              .name = name,
                              .data = data,
                              .size = 4};
}

/* ---- appending ---- */

START_TEST(the_appended_record_byte_for_byte)
{
    ed_begin(&e, 0);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 0);
    ed_finish(&e);
    ck_assert(e.report.changed && !e.report.compacted);
    ck_assert_uint_eq(e.report.added, 1);
    ck_assert_uint_eq(e.report.used_before, 0);
    ck_assert_uint_eq(e.report.used_after, 0x5C);
    ck_assert_uint_eq(e.report.free_after, 0xDF9C - 0x5C);
    test_bytes(e.file.p + 0x1d0064,
               "aa553f0007000000"
               "00000000000000000000000000000000000000000000000000000000"
               "1c0000000400000058c27ccddb31e6229f2263b0b8eed6b5"
               "520061006d004c0069006d006900740054006f00330047004200000000000000ffff");
    only_changed(&(struct sr_range){0x1d0064, 0x5C}, 1);
}
END_TEST

START_TEST(padding_is_erased_flash)
{
    ed_begin(&e, 0);
    ed_set(&e, IG_GLOBAL, "BootX", 7, "a", 1);
    ed_set(&e, IG_GLOBAL, "BootYY", 7, "bc", 2);
    ed_finish(&e);
    test_bytes(e.file.p + 0x1d0064 + 60, "42006f006f00740058000000"
                                         "61ffffffaa553f");
}
END_TEST

START_TEST(an_update_clears_bits_and_appends)
{
    load("rpi4-2m-saved");
    ed_begin(&e, 0);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 1);
    ed_finish(&e);
    ck_assert_uint_eq(e.report.updated, 1);
    only_changed((const struct sr_range[]){{0x1d40f0 + 2, 1}, {0x1d4484, 0x5C}}, 2);
    ck_assert_uint_eq(e.file.p[0x1d40f2], 0x3c);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr.n_live, 55);
    ck_assert_uint_eq(sr.n_records, 83);
    ck_assert_uint_eq(sr_find(&sr, "RamLimitTo3GB", NULL)->offset, 0x1d4484);
    sr_close(&sr);
}
END_TEST

START_TEST(a_deletion_clears_one_bit)
{
    load("rpi4-2m-saved");
    ed_begin(&e, 0);
    ed_delete(&e, IG_CONFIG, "RamLimitTo3GB");
    ed_finish(&e);
    ck_assert_uint_eq(e.report.deleted, 1);
    ck_assert_uint_eq(e.file.p[0x1d40f2], 0x3d);
    only_changed(&(struct sr_range){0x1d40f2, 1}, 1);
}
END_TEST

START_TEST(identical_is_no_change)
{
    load("rpi4-2m-saved");
    ed_begin(&e, 0);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 0);
    ed_finish(&e);
    unchanged();
    ed_begin(&e, 0); /* there and back */
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 1);
    ed_delete(&e, IG_CONFIG, "RamLimitTo3GB");
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 0);
    ed_set_u32(&e, VENDOR, "New", 0);
    ed_delete(&e, VENDOR, "New");
    ed_finish(&e);
    unchanged();
    ck_assert_uint_eq(e.report.added + e.report.updated + e.report.deleted, 0);
    ed_begin(&e, 0);
    ed_finish(&e);
    unchanged();
}
END_TEST

START_TEST(several_edits_of_one_variable_are_one_record)
{
    ed_begin(&e, 0);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 1);
    ed_set_u32(&e, IG_CONFIG, "SystemTableMode", 2);
    ed_delete(&e, IG_CONFIG, "RamLimitTo3GB");
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 7);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 0);
    ed_finish(&e);
    ck_assert_uint_eq(e.report.added, 2);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr.n_records, 2);
    ck_assert_uint_eq(sr_find(&sr, "RamLimitTo3GB", NULL)->offset, 0x1d0064);
    ck_assert_uint_eq(*sr_find(&sr, "RamLimitTo3GB", NULL)->data, 0);
    sr_close(&sr);
}
END_TEST

START_TEST(other_attributes_are_a_change)
{
    load("rpi4-2m-saved");
    ed_begin(&e, 0);
    ed_set(&e, IG_CONFIG, "RamLimitTo3GB", 3, "\0\0\0", 4);
    ed_finish(&e);
    ck_assert_uint_eq(e.report.updated, 1);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr_find(&sr, "RamLimitTo3GB", NULL)->attributes, 3);
    sr_close(&sr);
}
END_TEST

START_TEST(namesakes_are_two_variables)
{
    const char *v6 = "937fe521-95ae-4d1a-8929-48bcd90ad31a";

    load("rpi4-2m-saved");
    struct sr_image sr = look();
    size_t v4_size = sr_find(&sr, "DCA632010203", NULL)->data_size;
    sr_close(&sr);
    ed_begin(&e, 0);
    ed_set(&e, v6, "DCA632010203", 3, "x", 1);
    ed_finish(&e);
    sr = look();
    ck_assert_uint_eq(sr.n_live, 55);
    ck_assert_uint_eq(sr_find(&sr, "DCA632010203", NULL)->data_size, v4_size);
    ck_assert_uint_eq(sr_find(&sr, "DCA632010203", v6)->data_size, 1);
    sr_close(&sr);
}
END_TEST

/* ---- 0x3E ---- */

START_TEST(records_in_transition)
{
    struct ig_image im;
    struct ig_record r[] = {
        u32(0x3e, "Orphan", "\1\0\0"),    u32(0x3e, "Twin", "\2\0\0"),
        u32(0x3f, "Twin", "\3\0\0"),      u32(0x3e, "Alone", "\4\0\0"),
        u32(0x3e, "Untouched", "\5\0\0"), u32(0x3f, "Untouched", "\6\0\0")};
    size_t at[6];

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    for (size_t i = 0; i < 6; i++)
        at[i] = ig_add(&im, &r[i]);
    take(&im);
    ed_begin(&e, 0);
    ed_set_u32(&e, VENDOR, "Orphan", 9);
    ed_set_u32(&e, VENDOR, "Twin", 8);
    ed_delete(&e, VENDOR, "Alone");
    ed_finish(&e);
    ck_assert_uint_eq(e.file.p[at[0] + 2], 0x3c);
    ck_assert_uint_eq(e.file.p[at[1] + 2], 0x3c); /* the driver finishes twins off */
    ck_assert_uint_eq(e.file.p[at[2] + 2], 0x3c);
    ck_assert_uint_eq(e.file.p[at[3] + 2], 0x3c); /* 0x3E without the DELETED bit */
    ck_assert_uint_eq(e.file.p[at[4] + 2], 0x3e);
    ck_assert_uint_eq(e.file.p[at[5] + 2], 0x3f);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr.n_live, 3);
    sr_close(&sr);
    keep();
    ed_begin(&e, 0); /* a twin is left alone when nothing changes */
    ed_set_u32(&e, VENDOR, "Untouched", 6);
    ed_finish(&e);
    unchanged();
}
END_TEST

/* ---- compacting ---- */

START_TEST(compaction_is_the_order_of_reclaim)
{
    struct ig_image im;
    struct ig_record r[] = {
        u32(0x3e, "Orphan", "\1\0\0"),  u32(0x3f, "First", "\2\0\0"),
        u32(0x3c, "Gone", "\3\0\0"),    u32(0x3f, "Second", "\4\0\0"),
        u32(0x3e, "Second", "\5\0\0"),  u32(0x7f, "Half", "\6\0\0"),
        u32(0x3d, "Deleted", "\7\0\0"), u32(0x3f, "Changes", "\x8\0\0")};
    static const char *const order[] = {"First", "Second", "Orphan", "Changes", "New"};

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    for (size_t i = 0; i < sizeof r / sizeof r[0]; i++)
        ig_add(&im, &r[i]);
    im.file.p[0x1d0064 + 60 + 14 + 4] = 0; /* a pad byte that is not 0xFF stays */
    take(&im);
    ed_begin(&e, FWVAR_EDIT_COMPACT);
    ed_set_u32(&e, VENDOR, "New", 9);
    ed_set_u32(&e, VENDOR, "Changes", 10);
    ed_finish(&e);
    ck_assert(e.report.changed && e.report.compacted);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr.n_records, 5);
    ck_assert_uint_eq(sr.n_live, 5);
    char name[32];
    /* New wishes stand in the order in which they were made. */
    ck_assert_str_eq(sr_name(&sr.records[3], name, sizeof name), "New");
    ck_assert_str_eq(sr_name(&sr.records[4], name, sizeof name), "Changes");
    for (size_t i = 0; i < 3; i++) {
        ck_assert_str_eq(sr_name(&sr.records[i], name, sizeof name), order[i]);
        ck_assert_uint_eq(sr.records[i].state, 0x3f);
    }
    ck_assert_uint_eq(e.file.p[sr.records[2].offset + 60 + 14 + 4], 0);
    ck_assert_uint_eq(e.report.used_after, sr.chain_end - sr.first_record);
    size_t store_end = sr.store_end;
    sr_close(&sr);
    only_changed(&(struct sr_range){0x1d0064, store_end - 0x1d0064}, 1);
    keep();
    ed_begin(&e, FWVAR_EDIT_COMPACT); /* again: nothing to do */
    ed_finish(&e);
    unchanged();
}
END_TEST

/* A Pi store with @dead bytes of dead records and @live bytes of live ones. */
static void fill(const struct ig_volume *v, size_t dead, size_t live)
{
    struct ig_image im;

    ig_create(&im, v->at ? 0x1f0000 : v->length, v);
    for (int kind = 0; kind < 2; kind++) {
        size_t left = kind ? live : dead;
        for (int i = 0; left; i++) {
            char name[8];
            size_t n = left > 0x1000 + 200 ? 0x1000 : left;
            snprintf(name, sizeof name, "%c%03u", kind ? 'L' : 'D', (unsigned)i % 1000);
            struct ig_record r = {.state = kind ? 0x3f : 0x3c,
                                  .attributes = 7,
                                  .guid = VENDOR,
                                  .name = name,
                                  .data = blob,
                                  .size = n - 70};
            ig_add(&im, &r);
            left -= n;
        }
    }
    take(&im);
}

static const struct {
    const struct ig_volume *volume;
    size_t limit;
} stores[] = {{&ig_pi_2m, PI_LIMIT}, {&ig_ovmf_2m, 0xDF9C}};

/* The record that is added takes 0x50 bytes. */
static int add_one(void)
{
    ed_begin(&e, 0);
    ed_set(&e, VENDOR, "Trigger", 7, "abcd", 4);
    return ed_try_finish(&e);
}

START_TEST(the_limit_exactly)
{
    size_t limit = stores[_i].limit, size = 0x50;

    fill(stores[_i].volume, 0x1000, limit - size - 0x1000);
    ck_assert_int_eq(add_one(), 0);
    ck_assert(!e.report.compacted);
    ck_assert_uint_eq(e.report.used_after, limit);
    fill(stores[_i].volume, 0x1000, limit - size - 0x1000 + 4);
    ck_assert_int_eq(add_one(), 0);
    ck_assert(e.report.compacted);
    ck_assert_uint_eq(e.report.used_before, limit - size + 4);
    ck_assert_uint_eq(e.report.used_after, limit - 0x1000 + 4);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr.n_live, sr.n_records);
    ck_assert_ptr_nonnull(sr_find(&sr, "Trigger", NULL));
    sr_close(&sr);
}
END_TEST

START_TEST(too_much_even_when_compacted)
{
    size_t limit = stores[_i].limit;

    fill(stores[_i].volume, 0, limit - 0x50 + 4);
    ck_assert_int_eq(add_one(), FWVAR_ERR_SPACE);
    char numbers[64];
    snprintf(numbers, sizeof numbers, "%zu bytes of live variables and 80 new",
             limit - 0x50 + 4);
    ck_assert_msg(strstr(e.diag.message, numbers), "%s", e.diag.message);
    snprintf(numbers, sizeof numbers, "%zu may be used of 57244", limit);
    ck_assert_msg(strstr(e.diag.message, numbers), "%s", e.diag.message);
    ck_assert_str_ne(e.diag.hint, "");
    only_changed(NULL, 0);
    ed_begin(&e, 0); /* room made in the same run */
    ed_set(&e, VENDOR, "Trigger", 7, "abcd", 4);
    ed_delete(&e, VENDOR, "L001");
    ed_finish(&e);
    ck_assert(e.report.compacted);
}
END_TEST

START_TEST(an_over_full_store_is_compacted_by_any_edit_but_not_by_none)
{
    fill(&ig_pi_2m, 0x3000, PI_LIMIT - 0x2000);
    ed_begin(&e, 0);
    ed_set(&e, VENDOR, "L000", 7, blob, 0x1000 - 70); /* as it is */
    ed_finish(&e);
    unchanged();
    ed_begin(&e, 0);
    ed_delete(&e, VENDOR, "L000");
    ed_finish(&e);
    ck_assert(e.report.compacted);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr.n_live, sr.n_records);
    sr_close(&sr);
}
END_TEST

START_TEST(a_store_may_be_filled_to_its_last_byte_elsewhere)
{
    struct ig_volume odd = ig_ovmf_2m;

    odd.length = 0x50000; /* a layout that is not known: Size is believed */
    odd.ftw = 0;
    for (size_t cut = 0; cut < 4; cut++) {
        struct ig_image im;
        ig_create(&im, 0x50000, &odd);
        im.file.p[0x48 + 16] = (uint8_t)(im.file.p[0x48 + 16] - cut);
        take(&im);
        size_t room = 0xE000 - cut - 0x64;
        ed_begin(&e, FORCE);
        ed_set(&e, VENDOR, "A", 7, blob, 100);
        ed_set(&e, VENDOR, "B", 7, blob, (room & ~(size_t)3) - 164 - 64);
        ed_finish(&e);
        ck_assert_uint_eq(e.report.free_after, room & 3);
        ed_begin(&e, FORCE); /* and compacted again and again */
        ed_set(&e, VENDOR, "A", 7, blob, 97);
        ed_finish(&e);
        ck_assert(e.report.compacted);
        ck_assert_uint_eq(e.report.free_after, room & 3);
        struct sr_image sr = look();
        ck_assert_uint_eq(sr.n_live, 2);
        sr_close(&sr);
        ed_begin(&e, FORCE);
        ed_set(&e, VENDOR, "A", 7, blob, 101);
        ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_SPACE);
    }
}
END_TEST

/* ---- what is not accepted ---- */

START_TEST(names_and_data)
{
    const struct fwvar_guid guid = {{1}};
    struct fwvar_variable v = {.guid = guid,
                               .name = (const uint8_t *)"A\0\0\0B",
                               .name_size = 6,
                               .attributes = 7,
                               .data = blob,
                               .data_size = 4};

    ed_begin(&e, FORCE);
    ck_assert_int_eq(ed_try_set(&e, VENDOR, "", 7, blob, 4), FWVAR_ERR_ARG);
    ck_assert_int_eq(ed_try_set(&e, VENDOR, "X", 7, blob, 0), FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_edit_set(e.edit, &v, &e.diag), FWVAR_ERR_ARG); /* NUL inside */
    v.name_size = 3;
    ck_assert_int_eq(fwvar_edit_set(e.edit, &v, &e.diag), FWVAR_ERR_ARG);
    v.name_size = 2;
    ck_assert_int_eq(fwvar_edit_set(e.edit, &v, &e.diag), 0);
    ck_assert_int_eq(ed_try_delete(&e, VENDOR, "Nothing"), FWVAR_ERR_NOTFOUND);
    ed_finish(&e);
    ck_assert_uint_eq(e.report.added, 1);
}
END_TEST

static const struct {
    uint32_t attributes;
    bool accepted;
} attributes[] = {{1, true},          {3, true},     {7, true},     {0xB, true},
                  {0xF, true},        {0, false},    {2, false},    {6, false},
                  {5, false},         {0x17, false}, {0x47, false}, {0x87, false},
                  {0x80000007, false}};

START_TEST(attributes_that_a_store_can_hold)
{
    ed_begin(&e, FORCE);
    int code = ed_try_set(&e, VENDOR, "X", attributes[_i].attributes, blob, 4);
    ck_assert_int_eq(code, attributes[_i].accepted ? 0 : FWVAR_ERR_REFUSED);
    if (code != 0)
        ck_assert_str_ne(e.diag.hint, "");
    ed_finish(&e);
    ck_assert_int_eq(e.report.changed, attributes[_i].accepted);
}
END_TEST

START_TEST(sizes_that_the_firmware_could_rewrite)
{
    size_t head = 60 + 4;

    ed_begin(&e, FORCE); /* force does not help: it would be stuck for ever */
    ck_assert_int_eq(ed_try_set(&e, VENDOR, "X", 7, blob, 0x2000 - head), 0);
    ck_assert_int_eq(ed_try_set(&e, VENDOR, "Y", 7, blob, 0x2001 - head),
                     FWVAR_ERR_REFUSED);
    ck_assert_msg(strstr(e.diag.message, "8192"), "%s", e.diag.message);
    ed_finish(&e);
    load("ovmf-4m-vars");
    ed_begin(&e, 0);
    ck_assert_int_eq(ed_try_set(&e, VENDOR, "Y", 7, blob, 0x2001 - head),
                     FWVAR_ERR_REFUSED);
    ed_finish(&e);
    ed_begin(&e, FORCE);
    ed_set(&e, VENDOR, "Y", 7, blob, 0x8000);
    ed_finish(&e);
    ed_begin(&e, FORCE);
    ed_set(&e, VENDOR, "Y", 7, blob, 0x3FFB8);
    ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_SPACE);
}
END_TEST

/* ---- time-authenticated variables ---- */

static int set_db(const char *data, uint32_t attr, const uint8_t *time)
{
    struct fwvar_variable v = {.name = (const uint8_t *)"d\0b",
                               .name_size = 4,
                               .attributes = attr,
                               .time = time,
                               .data = (const uint8_t *)data,
                               .data_size = strlen(data)};

    ck_assert_int_eq(fwvar_guid_parse(SECRET, &v.guid), 0);
    return fwvar_edit_set(e.edit, &v, &e.diag);
}

START_TEST(authenticated_variables_need_force_and_a_time)
{
    static const uint8_t time[16] = {0xea, 7, 3, 4}, later[16] = {0xea, 7, 3, 5};

    load("ovmf-4m-keys");
    ed_begin(&e, 0);
    ck_assert_int_eq(set_db("new", 0x27, time), FWVAR_ERR_REFUSED);
    ck_assert_int_eq(set_db("new", 7, NULL), FWVAR_ERR_REFUSED); /* no way round */
    ck_assert_int_eq(ed_try_delete(&e, SECRET, "db"), FWVAR_ERR_REFUSED);
    ck_assert_int_eq(ed_try_set(&e, VENDOR, "Mine", 0x27, "x", 1), FWVAR_ERR_REFUSED);
    ed_finish(&e);
    unchanged();
    ed_begin(&e, FORCE);
    ck_assert_int_eq(set_db("new", 0x27, NULL), FWVAR_ERR_REFUSED);
    ck_assert_int_eq(set_db("new", 0x27, time), 0);
    ed_finish(&e);
    struct sr_image sr = look();
    const struct sr_record *r = sr_find(&sr, "db", SECRET);
    ck_assert_mem_eq(r->time, time, 16);
    ck_assert_uint_eq(r->attributes, 0x27);
    sr_close(&sr);
    keep();
    ed_begin(&e, 0); /* as it is: neither force nor a time */
    ck_assert_int_eq(set_db("new", 0x27, NULL), 0);
    ck_assert_int_eq(set_db("new", 0x27, time), 0);
    ed_finish(&e);
    unchanged();
    ed_begin(&e, FORCE); /* only the time is new: the firmware writes that too */
    ck_assert_int_eq(set_db("new", 0x27, later), 0);
    ed_finish(&e);
    ck_assert_uint_eq(e.report.updated, 1);
    sr = look();
    ck_assert_mem_eq(sr_find(&sr, "db", SECRET)->time, later, 16);
    sr_close(&sr);
    ed_begin(&e, FORCE);
    ed_delete(&e, SECRET, "db");
    ed_finish(&e);
    ck_assert_uint_eq(e.report.deleted, 1);
}
END_TEST

START_TEST(a_time_may_be_a_view_into_the_transaction)
{
    static const uint8_t time[16] = {0xea, 7, 3, 4};
    struct fwvar_variable v;

    load("ovmf-4m-keys");
    ed_begin(&e, FORCE);
    ck_assert_int_eq(set_db("new", 0x27, time), 0);
    struct fwvar_guid guid;
    ck_assert_int_eq(fwvar_guid_parse(SECRET, &guid), 0);
    for (char c = 'a'; c <= 'z'; c++) { /* the list of edits grows and moves */
        const uint8_t name[4] = {'X', 0, (uint8_t)c, 0};
        ck_assert_int_eq(fwvar_edit_get_named(e.edit, &guid, "db", &v), 0);
        v.name = name;
        v.name_size = 4;
        ck_assert_int_eq(fwvar_edit_set(e.edit, &v, &e.diag), 0);
    }
    ed_finish(&e);
    struct sr_image sr = look();
    ck_assert_mem_eq(sr_find(&sr, "Xz", SECRET)->time, time, 16);
    sr_close(&sr);
}
END_TEST

START_TEST(other_variables_have_no_time)
{
    static const uint8_t time[16] = {0xea, 7, 3, 4};

    ed_begin(&e, FORCE);
    ck_assert_int_eq(set_db("new", 7, time), 0);
    ed_finish(&e);
    struct sr_image sr = look();
    test_bytes(sr_find(&sr, "db", NULL)->time, "00000000000000000000000000000000");
    sr_close(&sr);
}
END_TEST

START_TEST(a_plain_store)
{
    static const uint8_t time[16] = {0xea, 7, 3, 4};

    load("plain-store");
    struct sr_image sr = look();
    size_t live = sr.n_live, end = sr.chain_end;
    sr_close(&sr);
    ed_begin(&e, FORCE);
    ck_assert_int_eq(set_db("new", 0x27, time), FWVAR_ERR_REFUSED);
    ed_set(&e, IG_GLOBAL, "Timeout", 7, "\x99\0", 2);
    ed_finish(&e);
    sr = look();
    ck_assert_uint_eq(sr.n_live, live + (e.report.added == 1));
    ck_assert_uint_eq(sr_find(&sr, "Timeout", NULL)->offset, end);
    sr_close(&sr);
    test_bytes(e.file.p + end, "aa553f00070000001000000002000000"
                               "61dfe48bca93d211aa0d00e098032b8c"
                               "540069006d0065006f007500740000009900ffff");
}
END_TEST

/* ---- damage ---- */

static const struct {
    size_t at;
    uint8_t value;
    const char *rule;
} damage[] = {
    {0x1d0032, 0x18, "volume-checksum"},  {0x1d0028, 0x00, "volume-signature"},
    {0x1d0010, 0x00, "volume-guid"},      {0x1d0037, 0x01, "volume-revision"},
    {0x1d0048, 0x00, "store-signature"},  {0x1d0058, 0xbc, "store-size"},
    {0x1d005c, 0x00, "store-state"},      {0x1d0065, 0x00, "chain-broken"},
    {0x1d0066, 0xff, "chain-broken"},     {0x1d01f0, 0x00, "record-state"},
    {0x1ddfff, 0x00, "free-space-dirty"}, {0x1d00a0, 0x00, "record-name"},
};

START_TEST(damaged_stores_are_not_edited)
{
    load("rpi4-2m-saved");
    if (strcmp(damage[_i].rule, "record-state") == 0)
        e.file.p[0x1d0066] = 0;
    else
        e.file.p[damage[_i].at] = damage[_i].value;
    int code = ed_try_begin(&e, FORCE);
    ck_assert_msg(code == FWVAR_ERR_DAMAGED, "%s: %d", damage[_i].rule, code);
    ck_assert_str_ne(e.diag.hint, "");
    ck_assert_uint_ne(e.diag.offset, FWVAR_NO_OFFSET);
    ck_assert_msg(strstr(e.diag.message, "refused to change a damaged store"), "%s",
                  e.diag.message);
}
END_TEST

START_TEST(duplicates_stop_edits_even_of_others)
{
    struct ig_image im;
    struct ig_record r = u32(0x3f, "Twice", "\1\0\0");

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    ig_add(&im, &r);
    size_t second = ig_add(&im, &r);
    take(&im);
    ck_assert_int_eq(ed_try_begin(&e, FORCE), FWVAR_ERR_DAMAGED);
    ck_assert_uint_eq(e.diag.offset, second);
    ck_assert_ptr_nonnull(strstr(e.diag.message, "(duplicate)"));
}
END_TEST

START_TEST(the_checksum_is_mended_on_request)
{
    load("rpi4-2m-saved");
    e.file.p[0x1d0032] ^= 1;
    keep();
    ck_assert_int_eq(ed_try_begin(&e, 0), FWVAR_ERR_DAMAGED);
    ed_begin(&e, FWVAR_EDIT_FIX_CHECKSUM);
    ed_finish(&e);
    ck_assert(e.report.changed && !e.report.compacted);
    only_changed(&(struct sr_range){0x1d0032, 1}, 1);
    ck_assert_uint_eq(e.file.p[0x1d0032], 0x19);
    keep();
    ed_begin(&e, FWVAR_EDIT_FIX_CHECKSUM); /* nothing to mend */
    ed_finish(&e);
    unchanged();
    e.file.p[0x1d0037] = 3; /* it does not cover up for other damage */
    ck_assert_int_eq(ed_try_begin(&e, FWVAR_EDIT_FIX_CHECKSUM), FWVAR_ERR_DAMAGED);
}
END_TEST

/* ---- looking into a transaction ---- */

START_TEST(pending_values_are_seen_in_order)
{
    struct fwvar_variable v;
    size_t cursor = 0, n = 0;

    load("rpi4-2m-saved");
    ed_begin(&e, 0);
    ed_set_u32(&e, VENDOR, "New", 1);
    ed_set_u32(&e, VENDOR, "Gone", 1);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 5);
    ed_delete(&e, VENDOR, "Gone");
    ed_delete(&e, IG_CONFIG, "SystemTableMode");
    while (fwvar_edit_next(e.edit, &cursor, &v) == 0) {
        n++;
        if (v.data_size == 4 && v.name_size == 26)
            ck_assert(v.data[0] == 5 || v.name[0] != 'R');
    }
    ck_assert_uint_eq(n, 55 - 1 + 1);
    ck_assert_int_eq(memcmp(v.name, "N\0e\0w", 5), 0); /* new ones come last */
    ck_assert_int_eq(fwvar_edit_next(e.edit, &cursor, &v), 1);
    struct fwvar_guid config;
    ck_assert_int_eq(fwvar_guid_parse(IG_CONFIG, &config), 0);
    ck_assert_int_eq(fwvar_edit_get_named(e.edit, &config, "SystemTableMode", &v),
                     FWVAR_ERR_NOTFOUND);
    ck_assert_int_eq(fwvar_edit_get_named(e.edit, &config, "RamLimitTo3GB", &v), 0);
    ck_assert_uint_eq(v.data[0], 5);
    ck_assert_uint_eq(fwvar_edit_flags(e.edit), 0);
    ed_finish(&e);
}
END_TEST

START_TEST(a_value_may_be_a_view_into_the_transaction)
{
    struct fwvar_variable v;
    struct fwvar_guid guid;

    ck_assert_int_eq(fwvar_guid_parse(VENDOR, &guid), 0);
    ed_begin(&e, 0);
    ed_set(&e, VENDOR, "Same", 7, "abcdefgh", 8);
    ck_assert_int_eq(fwvar_edit_get_named(e.edit, &guid, "Same", &v), 0);
    v.data += 2;
    v.data_size = 3;
    ck_assert_int_eq(fwvar_edit_set(e.edit, &v, &e.diag), 0);
    ck_assert_int_eq(fwvar_edit_get_named(e.edit, &guid, "Same", &v), 0);
    ck_assert_uint_eq(v.data_size, 3);
    ck_assert_mem_eq(v.data, "cde", 3);
    ed_finish(&e);
}
END_TEST

START_TEST(finishing_twice_goes_on)
{
    struct fwvar_patch patch;
    struct fwvar_edit_report r;

    ed_begin(&e, 0);
    ed_set_u32(&e, VENDOR, "One", 1);
    ck_assert_int_eq(fwvar_edit_finish(e.edit, &patch, &r, &e.diag), 0);
    ck_assert_uint_eq(r.added, 1);
    ed_set_u32(&e, VENDOR, "Two", 2);
    ed_finish(&e);
    ck_assert_uint_eq(e.report.added, 2);
    struct sr_image sr = look();
    ck_assert_uint_eq(sr.n_records, 2);
    sr_close(&sr);
}
END_TEST

#define LOOP(t, test, rows)                                                              \
    tcase_add_loop_test(t, test, 0, (int)(sizeof(rows) / sizeof(rows)[0]))

static Suite *make(void)
{
    Suite *s = suite_create("edit");
    TCase *t = tcase_create("edit");

    tcase_add_checked_fixture(t, start, stop);
    tcase_add_test(t, the_appended_record_byte_for_byte);
    tcase_add_test(t, padding_is_erased_flash);
    tcase_add_test(t, an_update_clears_bits_and_appends);
    tcase_add_test(t, a_deletion_clears_one_bit);
    tcase_add_test(t, identical_is_no_change);
    tcase_add_test(t, several_edits_of_one_variable_are_one_record);
    tcase_add_test(t, other_attributes_are_a_change);
    tcase_add_test(t, namesakes_are_two_variables);
    tcase_add_test(t, records_in_transition);
    tcase_add_test(t, compaction_is_the_order_of_reclaim);
    LOOP(t, the_limit_exactly, stores);
    LOOP(t, too_much_even_when_compacted, stores);
    tcase_add_test(t, an_over_full_store_is_compacted_by_any_edit_but_not_by_none);
    tcase_add_test(t, a_store_may_be_filled_to_its_last_byte_elsewhere);
    tcase_add_test(t, names_and_data);
    LOOP(t, attributes_that_a_store_can_hold, attributes);
    tcase_add_test(t, sizes_that_the_firmware_could_rewrite);
    tcase_add_test(t, authenticated_variables_need_force_and_a_time);
    tcase_add_test(t, a_time_may_be_a_view_into_the_transaction);
    tcase_add_test(t, other_variables_have_no_time);
    tcase_add_test(t, a_plain_store);
    LOOP(t, damaged_stores_are_not_edited, damage);
    tcase_add_test(t, duplicates_stop_edits_even_of_others);
    tcase_add_test(t, the_checksum_is_mended_on_request);
    tcase_add_test(t, pending_values_are_seen_in_order);
    tcase_add_test(t, a_value_may_be_a_view_into_the_transaction);
    tcase_add_test(t, finishing_twice_goes_on);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make);
}
