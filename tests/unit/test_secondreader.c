/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The second reader: on the fixtures, and on images broken on purpose. */
#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <stdlib.h>
#include <string.h>

#define VENDOR "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"

static const struct {
    const char *name;
    size_t size;
    size_t volume;
    size_t length;
    uint32_t store_size;
    size_t chain_end;
    size_t records;
    size_t live;
    bool authenticated;
} known[] = {
    {"rpi4-2m-stock", 0x1f0000, 0x1d0000, 0x20000, 0xdfb8, 0x1d0064, 0, 0, true},
    {"rpi4-2m-saved", 0x1f0000, 0x1d0000, 0x20000, 0xdfb8, 0x1d4484, 82, 55, true},
    {"rpi4-4m-stock", 0x3d0000, 0x3b0000, 0x20000, 0xdfb8, 0x3b0064, 0, 0, true},
    {"rpi4-old-2m", 0x200000, 0x1e0000, 0x20000, 0xdfb8, 0x1e0064, 0, 0, true},
    {"rpi3-2m-stock", 0x1f0000, 0x1d0000, 0x20000, 0xdfb8, 0x1d0064, 0, 0, true},
    {"rpi5-stock", 0x1f0000, 0x1d0000, 0x20000, 0xdfb8, 0x1d0064, 0, 0, true},
    {"plain-store", 0x20000, 0, 0x20000, 0xdfb8, 0x27c, 8, 6, false},
    {"ovmf-2m-vars", 0x20000, 0, 0x20000, 0xdfb8, 0x64, 0, 0, true},
    {"ovmf-4m-vars", 0x84000, 0, 0x84000, 0x3ffb8, 0x64, 0, 0, true},
    {"ovmf-4m-keys", 0x84000, 0, 0x84000, 0x3ffb8, 0x370, 7, 5, true},
    {"aavmf-vars", 0xc0000, 0, 0xc0000, 0x3ffb8, 0x64, 0, 0, true},
    {"ovmf-combined", 0x200000, 0, 0x20000, 0xdfb8, 0x64, 0, 0, true},
};

START_TEST(fixtures_have_the_known_counts)
{
    size_t size;
    uint8_t *bytes = test_fixture(known[_i].name, &size);
    struct sr_image im;

    ck_assert_msg(sr_open(&im, bytes, size), "%s: %s", known[_i].name, im.error);
    ck_assert_uint_eq(size, known[_i].size);
    ck_assert_uint_eq(im.volumes, 1);
    ck_assert_uint_eq(im.volume_offset, known[_i].volume);
    ck_assert_uint_eq(im.volume_length, known[_i].length);
    ck_assert(im.header_sum_ok);
    ck_assert_uint_eq(im.store_size, known[_i].store_size);
    ck_assert_uint_eq(im.authenticated, known[_i].authenticated);
    ck_assert_uint_eq(im.chain_end, known[_i].chain_end);
    ck_assert_uint_eq(im.stop, SR_STOP_START_ID);
    ck_assert_uint_eq(im.n_records, known[_i].records);
    ck_assert_uint_eq(im.n_live, known[_i].live);
    ck_assert_uint_eq(im.n_twins, 0);
    ck_assert(im.free_clean);
    ck_assert(im.ftw.found && im.ftw.pristine && im.ftw.crc_ok && !im.ftw.pending);
    sr_close(&im);
    free(bytes);
}
END_TEST

START_TEST(unformatted_images_have_no_store)
{
    static const char *const names[] = {"unformatted-ff", "unformatted-zero"};
    size_t size;
    uint8_t *bytes = test_fixture(names[_i], &size);
    struct sr_image im;

    ck_assert(!sr_open(&im, bytes, size));
    ck_assert_str_ne(im.error, "");
    sr_close(&im);
    free(bytes);
}
END_TEST

START_TEST(two_variables_share_a_name)
{
    size_t size;
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);
    struct sr_image im;

    ck_assert(sr_open(&im, bytes, size));
    const struct sr_record *v4 =
        sr_find(&im, "DCA632010203", "5b446ed1-e30b-4faa-871a-3654eca36080");
    const struct sr_record *v6 =
        sr_find(&im, "DCA632010203", "937fe521-95ae-4d1a-8929-48bcd90ad31a");
    ck_assert_ptr_nonnull(v4);
    ck_assert_ptr_nonnull(v6);
    ck_assert_ptr_ne(v4, v6);
    ck_assert_ptr_eq(sr_find(&im, "DCA632010203", NULL), v4);
    ck_assert_ptr_null(sr_find(&im, "DCA632010203", IG_GLOBAL));
    ck_assert_ptr_null(sr_find(&im, "DCA63201020", NULL));
    ck_assert_uint_eq(sr_find_any(&im, "BootOrder", 0)->state, 0x3c);
    ck_assert_uint_eq(sr_find_any(&im, "BootOrder", 7)->state, 0x3f);
    ck_assert_ptr_null(sr_find_any(&im, "BootOrder", 8));
    sr_close(&im);
    free(bytes);
}
END_TEST

START_TEST(timestamps_are_read)
{
    size_t size;
    uint8_t *bytes = test_fixture("ovmf-4m-keys", &size);
    struct sr_image im;

    ck_assert(sr_open(&im, bytes, size));
    test_bytes(sr_find(&im, "dbx", NULL)->time, "ea070102030405000000000000000000");
    ck_assert_uint_eq(sr_find(&im, "dbx", NULL)->attributes, 0x27);
    ck_assert_ptr_null(sr_find(&im, "CustomMode", NULL));
    sr_close(&im);
    free(bytes);
}
END_TEST

/* An image to break: three variables of four bytes at 0x64, 0xb0 and 0xfc. */
static struct ig_image broken;
static struct sr_image got;

static void setup(void)
{
    ig_create(&broken, 0x20000, &ig_ovmf_2m);
    ig_set_u32(&broken, "A", VENDOR, 1);
    ig_set_u32(&broken, "B", VENDOR, 2);
    ig_set_u32(&broken, "C", VENDOR, 3);
}

static void teardown(void)
{
    sr_close(&got);
    ig_close(&broken);
}

enum { A = 0x64, B = A + 68, C = B + 68, END = C + 68 };

static void reread(void)
{
    sr_close(&got);
    ck_assert_msg(sr_open(&got, broken.file.p, broken.file.size), "%s", got.error);
}

static void poke(size_t at, const char *hex)
{
    struct ig_bytes b = {0};

    ig_hex(&b, hex);
    ig_poke(&broken.file, at, b.p, b.size);
    ig_free(&b);
    reread();
}

START_TEST(whole_image_is_read)
{
    reread();
    ck_assert_uint_eq(got.n_live, 3);
    ck_assert_uint_eq(got.chain_end, END);
    ck_assert_uint_eq(got.records[1].offset, B);
}
END_TEST

START_TEST(wrong_sum_is_told_from_no_volume)
{
    poke(0x32, "18");
    ck_assert(!got.header_sum_ok);
    broken.file.p[0x37] = 1; /* revision */
    sr_close(&got);
    ck_assert(!sr_open(&got, broken.file.p, broken.file.size));
}
END_TEST

START_TEST(unfinished_record_ends_the_chain)
{
    poke(B + 2, "ff");
    ck_assert_uint_eq(got.stop, SR_STOP_UNFINISHED);
    ck_assert_uint_eq(got.n_records, 1);
    ck_assert_uint_eq(got.chain_end, B);
    ck_assert(!got.free_clean);
    poke(B + 2, "3f");
    poke(B + 40, "ffffffff"); /* DataSize */
    ck_assert_uint_eq(got.stop, SR_STOP_UNFINISHED);
}
END_TEST

START_TEST(sizes_past_the_store_end_the_chain)
{
    static const char *const sizes[] = {
        "04000000feffffff",
        "feffffff04000000",
        "00000080ffffff7f",
        "0400000000df0000",
    };

    poke(C + 36, sizes[_i]);
    ck_assert_uint_eq(got.stop, SR_STOP_OVERRUN);
    ck_assert_uint_eq(got.n_records, 2);
    ck_assert_uint_eq(got.chain_end, C);
}
END_TEST

START_TEST(data_may_reach_the_end_exactly)
{
    ck_assert_uint_eq(0xe000 - C - 64, 0xded4);
    poke(C + 40, "d4de0000");
    ck_assert_uint_eq(got.stop, SR_STOP_END);
    ck_assert_uint_eq(got.n_records, 3);
    ck_assert_uint_eq(got.chain_end, 0xe000);
    poke(C + 40, "d5de0000");
    ck_assert_uint_eq(got.stop, SR_STOP_OVERRUN);
}
END_TEST

START_TEST(wrong_start_ends_the_chain)
{
    poke(B, "00");
    ck_assert_uint_eq(got.stop, SR_STOP_START_ID);
    ck_assert_uint_eq(got.n_live, 1);
    ck_assert(!got.free_clean);
}
END_TEST

START_TEST(junk_in_free_space_is_seen)
{
    poke(0xdfff, "fe");
    ck_assert(!got.free_clean);
    poke(0xdfff, "ff");
    ck_assert(got.free_clean);
    poke(0xe000, "fe"); /* the event log is not part of the store */
    ck_assert(got.free_clean);
}
END_TEST

START_TEST(first_added_twin_wins)
{
    poke(B + 60, "4100"); /* B becomes a second A */
    ck_assert_uint_eq(got.n_twins, 1);
    ck_assert_uint_eq(got.n_live, 2);
    ck_assert_uint_eq(sr_find(&got, "A", VENDOR)->offset, A);
}
END_TEST

START_TEST(record_in_transition_lives_only_alone)
{
    poke(A + 2, "3e");
    ck_assert_uint_eq(got.n_live, 3);
    poke(C + 60, "4100");
    ck_assert_uint_eq(got.n_live, 2);
    ck_assert_uint_eq(got.n_twins, 0);
    ck_assert_uint_eq(sr_find(&got, "A", VENDOR)->offset, C);
}
END_TEST

START_TEST(other_states_are_dead)
{
    static const char *const dead[] = {"3d", "3c", "7f", "00"};

    poke(B + 2, dead[_i]);
    ck_assert_uint_eq(got.n_records, 3);
    ck_assert_uint_eq(got.n_live, 2);
    ck_assert_ptr_null(sr_find(&got, "B", VENDOR));
}
END_TEST

START_TEST(store_size_is_cut_to_the_volume)
{
    poke(0x58, "ffffffff");
    ck_assert_uint_eq(got.store_size, 0xffffffff);
    ck_assert_uint_eq(got.store_end, 0x20000);
    poke(0x58, "00000000");
    ck_assert_uint_eq(got.n_records, 0);
    poke(0x58, "b9df0000");
    ck_assert_uint_eq(got.store_end, 0xe001);
}
END_TEST

/* Flags of the write header and of its record, active low. */
static void queue(const char *header, const char *record)
{
    poke(0xf020, header);
    poke(0xf020 + 24, "01000000000000000000000000000000");
    poke(0xf020 + 40, record);
}

START_TEST(pending_write_is_seen)
{
    queue("fc", "fd"); /* allocated; in the spare area only */
    ck_assert(got.ftw.pending);
    ck_assert(got.ftw.pristine);
    queue("fc", "f9"); /* destination written */
    ck_assert(!got.ftw.pending);
    queue("f8", "fd"); /* whole write complete */
    ck_assert(!got.ftw.pending);
    queue("fc", "ff"); /* not even in the spare area */
    ck_assert(!got.ftw.pending);
    queue("ff", "fd"); /* no header */
    ck_assert(!got.ftw.pending);
}
END_TEST

START_TEST(hostile_queue_is_bounded)
{
    queue("fc", "ff");
    poke(0xf020 + 24, "ffffffffffffffffd8ffffffffffffff");
    ck_assert(!got.ftw.pending);
    poke(0xf020 + 24, "ffffffffffffffff0000000000000000");
    ck_assert(!got.ftw.pending);
    poke(0xf018, "ffffffffffffffff"); /* WriteQueueSize */
    ck_assert(!got.ftw.crc_ok);
    ck_assert_uint_eq(got.ftw.spare, 0x20000);
}
END_TEST

START_TEST(every_truncation_is_survived)
{
    for (size_t n = 0; n < 0x400; n++) {
        uint8_t *cut =
            malloc(n + 1); /* its own block, so that a sanitizer sees the end */
        memcpy(cut, broken.file.p, n);
        ck_assert(!sr_open(&got, cut, n));
        free(cut);
    }
}
END_TEST

START_TEST(every_damaged_byte_is_survived)
{
    for (size_t at = 0; at < END + 8; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            broken.file.p[at] ^= (uint8_t)(1U << bit);
            sr_close(&got);
            sr_open(&got, broken.file.p, broken.file.size);
            broken.file.p[at] ^= (uint8_t)(1U << bit);
        }
    }
}
END_TEST

START_TEST(live_sets_compare_by_meaning)
{
    struct ig_image other;
    struct sr_image im;
    char why[160];

    ig_create(&other, 0x20000, &ig_ovmf_2m);
    ig_set_u32(&other, "C", VENDOR, 9);
    ig_set_u32(&other, "C", VENDOR, 3);
    ig_set_u32(&other, "A", VENDOR, 1);
    reread();
    ck_assert(sr_open(&im, other.file.p, other.file.size));
    ck_assert(!sr_same_live(&got, &im, why, sizeof(why)));
    ck_assert_str_eq(why, VENDOR "-B: only in one of them");
    sr_close(&im);
    ig_set_u32(&other, "B", VENDOR, 2);
    ck_assert(sr_open(&im, other.file.p, other.file.size));
    ck_assert(sr_same_live(&got, &im, why, sizeof(why)));
    sr_close(&im);
    other.file.p[C + 4] = 3;
    ck_assert(sr_open(&im, other.file.p, other.file.size));
    ck_assert(!sr_same_live(&got, &im, why, sizeof(why)));
    ck_assert_ptr_nonnull(strstr(why, "attributes"));
    sr_close(&im);
    ig_close(&other);
}
END_TEST

START_TEST(bytes_compare_outside_ranges)
{
    static const struct sr_range some[] = {{2, 2}, {6, 0}, {7, 1}};
    size_t where = 99;

    ck_assert(sr_same_outside((const uint8_t *)"abcdefgh", (const uint8_t *)"abXXefgX", 8,
                              some, 3, &where));
    ck_assert(!sr_same_outside((const uint8_t *)"abcdefgh", (const uint8_t *)"abXXeXgX",
                               8, some, 3, &where));
    ck_assert_uint_eq(where, 5);
    ck_assert(!sr_same_outside((const uint8_t *)"abcdefgh", (const uint8_t *)"abXXefXX",
                               8, some, 3, &where));
    ck_assert_uint_eq(where, 6);
    ck_assert(sr_same_outside((const uint8_t *)"ab", (const uint8_t *)"ab", 2, NULL, 0,
                              &where));
}
END_TEST

/* The spare area holds a copy of the volume after a reclaim: not a second volume. */
START_TEST(spare_copy_is_no_second_volume)
{
    ig_poke(&broken.file, 0x10000, broken.file.p, 0x10000);
    ig_fill(&broken.file, 0xff, 0x20000);
    reread();
    ck_assert_uint_eq(got.volumes, 1);
    memcpy(broken.file.p + 0x20000, broken.file.p, 0x20000);
    reread();
    ck_assert_uint_eq(got.volumes, 2);
    ck_assert_uint_eq(got.volume_offset, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("secondreader");
    TCase *c = tcase_create("fixtures");

    tcase_add_loop_test(c, fixtures_have_the_known_counts, 0,
                        (int)(sizeof(known) / sizeof(known[0])));
    tcase_add_loop_test(c, unformatted_images_have_no_store, 0, 2);
    tcase_add_test(c, two_variables_share_a_name);
    tcase_add_test(c, timestamps_are_read);
    suite_add_tcase(s, c);
    c = tcase_create("broken");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, whole_image_is_read);
    tcase_add_test(c, wrong_sum_is_told_from_no_volume);
    tcase_add_test(c, unfinished_record_ends_the_chain);
    tcase_add_loop_test(c, sizes_past_the_store_end_the_chain, 0, 4);
    tcase_add_test(c, data_may_reach_the_end_exactly);
    tcase_add_test(c, wrong_start_ends_the_chain);
    tcase_add_test(c, junk_in_free_space_is_seen);
    tcase_add_test(c, first_added_twin_wins);
    tcase_add_test(c, record_in_transition_lives_only_alone);
    tcase_add_loop_test(c, other_states_are_dead, 0, 4);
    tcase_add_test(c, store_size_is_cut_to_the_volume);
    tcase_add_test(c, pending_write_is_seen);
    tcase_add_test(c, hostile_queue_is_bounded);
    tcase_add_test(c, every_truncation_is_survived);
    tcase_add_test(c, every_damaged_byte_is_survived);
    tcase_add_test(c, live_sets_compare_by_meaning);
    tcase_add_test(c, bytes_compare_outside_ranges);
    tcase_add_test(c, spare_copy_is_no_second_volume);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    return test_main(suite);
}
