/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What differs between two images, and what a transaction changes. */
#include "support/editing.h"
#include "support/testmain.h"

#include <fwvar/diff.h>

#include <stdlib.h>
#include <string.h>

static struct ig_bytes a, b;
static struct fwvar_image *before, *after;
static struct fwvar_diff *diff;

static void start(void)
{
    size_t size;

    a.p = test_fixture("rpi4-2m-saved", &size);
    a.size = size;
    ig_put(&b, a.p, a.size);
}

static void close_all(void)
{
    fwvar_diff_free(diff);
    fwvar_image_close(before);
    fwvar_image_close(after);
    diff = NULL;
    before = after = NULL;
}

static void stop(void)
{
    close_all();
    ig_free(&a);
    ig_free(&b);
}

static void compare(void)
{
    struct fwvar_diag diag;

    close_all();
    ck_assert_int_eq(fwvar_image_open_bytes(a.p, a.size, 0, &before, &diag), 0);
    ck_assert_int_eq(fwvar_image_open_bytes(b.p, b.size, 0, &after, &diag), 0);
    ck_assert_int_eq(fwvar_diff_images(before, after, &diff, &diag), 0);
}

static void range(size_t i, uint64_t offset, uint64_t length, enum fwvar_region region)
{
    const struct fwvar_byte_range *r = fwvar_diff_range(diff, i);

    ck_assert_uint_lt(i, fwvar_diff_ranges(diff));
    ck_assert_uint_eq(r->offset, offset);
    ck_assert_uint_eq(r->length, length);
    ck_assert_msg(r->region == region, "0x%llx: %s", (unsigned long long)offset,
                  fwvar_region_name(r->region));
}

START_TEST(the_same)
{
    compare();
    ck_assert_uint_eq(fwvar_diff_changes(diff), 0);
    ck_assert_uint_eq(fwvar_diff_ranges(diff), 0);
    ck_assert_uint_eq(fwvar_diff_bytes(diff), 0);
    ck_assert_uint_eq(fwvar_diff_usage(diff)->live, 55);
}
END_TEST

/* One byte in each region, and a run across a border is cut there. */
START_TEST(regions)
{
    static const struct {
        size_t at;
        enum fwvar_region region;
    } places[] = {{0, FWVAR_REGION_OUTSIDE},
                  {0x1CFFFF, FWVAR_REGION_OUTSIDE},
                  {0x1D0002, FWVAR_REGION_VOLUME_HEADER},
                  {0x1D0062, FWVAR_REGION_STORE_HEADER},
                  {0x1D0067, FWVAR_REGION_RECORDS},
                  {0x1D4490, FWVAR_REGION_FREE},
                  {0x1DDFFF, FWVAR_REGION_FREE},
                  {0x1DE000, FWVAR_REGION_LOG},
                  {0x1DF100, FWVAR_REGION_FTW},
                  {0x1E0000, FWVAR_REGION_SPARE},
                  {0x1EFFFF, FWVAR_REGION_SPARE}};
    enum { COUNT = sizeof places / sizeof places[0] };

    for (size_t i = 0; i < COUNT; i++)
        b.p[places[i].at] ^= 1;
    compare();
    ck_assert_uint_eq(fwvar_diff_bytes(diff), COUNT);
    size_t n = 0;
    for (size_t i = 0; i < COUNT; i++, n++)
        range(n, places[i].at, 1, places[i].region);
    ck_assert_uint_eq(fwvar_diff_ranges(diff), COUNT);
    b.p[0x1D0000] ^= 1; /* joins 0x1CFFFF, in another region */
    compare();
    range(1, 0x1CFFFF, 1, FWVAR_REGION_OUTSIDE);
    range(2, 0x1D0000, 1, FWVAR_REGION_VOLUME_HEADER);
}
END_TEST

static const struct fwvar_record *record_of(const struct fwvar_change *c)
{
    return c->after ? c->after : c->before;
}

START_TEST(variables)
{
    struct editing e;
    uint8_t *copy = malloc(b.size);

    memcpy(copy, b.p, b.size);
    ed_load(&e, copy, b.size);
    ed_begin(&e, 0);
    ed_set_u32(&e, IG_CONFIG, "NewOne", 1);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 1);
    ed_delete(&e, IG_CONFIG, "FanTemp");
    ed_set(&e, IG_CONFIG, "SystemTableMode", 3, "\2\0\0", 4); /* attributes only */
    ed_finish(&e);
    ig_free(&b);
    b = e.file;
    compare();
    ck_assert_uint_eq(fwvar_diff_changes(diff), 4);
    static const enum fwvar_change_op ops[] = {FWVAR_CHANGE_DELETE, FWVAR_CHANGE_UPDATE,
                                               FWVAR_CHANGE_UPDATE, FWVAR_CHANGE_ADD};
    static const char *const names[] = {"FanTemp", "RamLimitTo3GB", "SystemTableMode",
                                        "NewOne"};
    for (size_t i = 0; i < 4; i++) {
        const struct fwvar_change *c = fwvar_diff_change(diff, i);
        char *name = fwvar_record_name(record_of(c), false, NULL);
        ck_assert_str_eq(name, names[i]);
        free(name);
        ck_assert_int_eq(c->op, ops[i]);
        ck_assert_int_eq(c->before == NULL, c->op == FWVAR_CHANGE_ADD);
        ck_assert_int_eq(c->after == NULL, c->op == FWVAR_CHANGE_DELETE);
    }
    for (size_t i = 0; i < fwvar_diff_ranges(diff); i++)
        ck_assert_int_eq(fwvar_diff_range(diff, i)->region, FWVAR_REGION_RECORDS);
}
END_TEST

START_TEST(history_is_no_difference_in_meaning)
{
    struct editing e;
    uint8_t *copy = malloc(b.size);

    memcpy(copy, b.p, b.size);
    ed_load(&e, copy, b.size);
    ed_begin(&e, FWVAR_EDIT_COMPACT);
    ed_finish(&e);
    ig_free(&b);
    b = e.file;
    compare();
    ck_assert_uint_eq(fwvar_diff_changes(diff), 0);
    ck_assert_uint_gt(fwvar_diff_bytes(diff), 0);
}
END_TEST

START_TEST(timestamps_are_a_difference)
{
    size_t size;

    stop();
    a.p = test_fixture("ovmf-4m-keys", &size);
    a.size = size;
    ig_put(&b, a.p, a.size);
    struct sr_image sr;
    ck_assert(sr_open(&sr, b.p, b.size));
    b.p[sr_find(&sr, "dbx", NULL)->offset + 16 + 3] ^= 1;
    sr_close(&sr);
    compare();
    ck_assert_uint_eq(fwvar_diff_changes(diff), 1);
    ck_assert_uint_eq(fwvar_diff_bytes(diff), 1);
}
END_TEST

START_TEST(stores_at_other_places)
{
    size_t size;

    ig_free(&b);
    b.p = test_fixture("rpi4-4m-stock", &size);
    b.size = size;
    compare();
    ck_assert_uint_eq(fwvar_diff_changes(diff), 55);
    const struct fwvar_byte_range *last =
        fwvar_diff_range(diff, fwvar_diff_ranges(diff) - 1);
    ck_assert_uint_eq(last->offset + last->length, size); /* the longer one's tail */
    uint64_t sum = 0, end = 0;
    for (size_t i = 0; i < fwvar_diff_ranges(diff); i++) {
        ck_assert_uint_ge(fwvar_diff_range(diff, i)->offset, end);
        end = fwvar_diff_range(diff, i)->offset + fwvar_diff_range(diff, i)->length;
        sum += fwvar_diff_range(diff, i)->length;
    }
    ck_assert_uint_eq(sum, fwvar_diff_bytes(diff));
}
END_TEST

/* A patch that is not applied and one that is are the same difference. */
START_TEST(a_patch_is_compared_without_being_applied)
{
    struct fwvar_diff *other;
    struct fwvar_edit *edit;
    struct fwvar_patch patch;
    struct fwvar_diag diag;
    const struct fwvar_guid guid = {{7}};

    ck_assert_int_eq(fwvar_image_open_bytes(a.p, a.size, 0, &before, &diag), 0);
    ck_assert_int_eq(fwvar_edit_begin(before, 0, &edit, &diag), 0);
    ck_assert_int_eq(fwvar_edit_set_named(edit, &guid, "X", 7, "abc", 3, &diag), 0);
    ck_assert_int_eq(fwvar_edit_finish(edit, &patch, NULL, &diag), 0);
    ck_assert_int_eq(fwvar_diff_patch(before, &patch, &other, &diag), 0);
    memcpy(b.p + patch.offset, patch.bytes, patch.size);
    struct fwvar_image *keep = before;
    before = NULL;
    compare();
    ck_assert_uint_eq(fwvar_diff_changes(other), 1);
    ck_assert_uint_eq(fwvar_diff_ranges(other), fwvar_diff_ranges(diff));
    ck_assert_uint_eq(fwvar_diff_bytes(other), fwvar_diff_bytes(diff));
    for (size_t i = 0; i < fwvar_diff_ranges(diff); i++) {
        const struct fwvar_byte_range *r = fwvar_diff_range(other, i);
        range(i, r->offset, r->length, r->region);
    }
    ck_assert_uint_eq(fwvar_diff_usage(other)->used, fwvar_diff_usage(diff)->used);
    fwvar_diff_free(other);
    patch.size = 0; /* nothing changes */
    ck_assert_int_eq(fwvar_diff_patch(keep, &patch, &other, &diag), 0);
    ck_assert_uint_eq(fwvar_diff_changes(other) + fwvar_diff_ranges(other), 0);
    fwvar_diff_free(other);
    fwvar_edit_end(edit);
    fwvar_image_close(keep);
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("diff");
    TCase *t = tcase_create("diff");

    tcase_add_checked_fixture(t, start, stop);
    tcase_add_test(t, the_same);
    tcase_add_test(t, regions);
    tcase_add_test(t, variables);
    tcase_add_test(t, history_is_no_difference_in_meaning);
    tcase_add_test(t, timestamps_are_a_difference);
    tcase_add_test(t, stores_at_other_places);
    tcase_add_test(t, a_patch_is_compared_without_being_applied);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make);
}
