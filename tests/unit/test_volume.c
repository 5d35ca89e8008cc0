/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Volume headers and FTW working blocks: the measured vectors, and each flaw alone. */
#include "base/bytes.h"
#include "support/imagegen.h"
#include "support/testmain.h"

#include <fwvar/ftw.h>

#include <string.h>

#define PI_HEADER                                                                        \
    "000000000000000000000000000000008d2bf1ff96768b4ca9852747075b4f50"                   \
    "00000200000000005f465648fffe0400480019f90000000220000000001000000000000000000000"

static uint8_t header[0x2000];
static struct fwvar_volume v;

static void start(void)
{
    struct ig_bytes b = {0};

    ig_hex(&b, PI_HEADER);
    ck_assert_uint_eq(b.size, FWVAR_VOLUME_HEADER_SIZE);
    memset(header, 0xFF, sizeof header);
    memcpy(header, b.p, b.size);
    ig_free(&b);
}

/* Decodes with a sum that is right, whatever was changed. */
static unsigned flaws_resummed(uint16_t header_length)
{
    fwvar_volume_fix_checksum(header, header_length);
    fwvar_volume_decode(header, sizeof header, 0x1d0000, 0x20000, &v);
    return v.flaws;
}

START_TEST(the_measured_header_is_sound)
{
    fwvar_volume_decode(header, sizeof header, 0x1d0000, 0x20000, &v);
    ck_assert_uint_eq(v.flaws, 0);
    ck_assert_uint_eq(v.offset, 0x1d0000);
    ck_assert_uint_eq(v.length, 0x20000);
    ck_assert_uint_eq(v.attributes, 0x4feff);
    ck_assert_uint_eq(v.header_length, 0x48);
    ck_assert_uint_eq(v.checksum, 0xf919);
    ck_assert_uint_eq(v.checksum_due, 0xf919);
    ck_assert_uint_eq(v.revision, 2);
    ck_assert_uint_eq(v.blocks, 0x20);
    ck_assert_uint_eq(v.block_size, 0x1000);
}
END_TEST

START_TEST(the_firmwares_own_header_has_its_checksum)
{
    fw_put32(header + 0x2C, 0x00040C36); /* what the block driver writes */
    fwvar_volume_fix_checksum(header, 0x48);
    ck_assert_uint_eq(fw_le16(header + 0x32), 0xebe2);
    fwvar_volume_decode(header, sizeof header, 0, 0x20000, &v);
    ck_assert_uint_eq(v.flaws, 0);
}
END_TEST

START_TEST(only_the_checksum_is_mended)
{
    uint8_t before[sizeof header];

    header[0x32] ^= 0x55;
    memcpy(before, header, sizeof header);
    fwvar_volume_fix_checksum(header, 0x48);
    ck_assert_uint_eq(fw_le16(header + 0x32), 0xf919);
    fw_put16(before + 0x32, 0xf919);
    ck_assert_mem_eq(before, header, sizeof header);
}
END_TEST

/* One change each; the checksum is right unless that is the change. */
static const struct {
    size_t at;
    unsigned size;
    uint64_t value;
    unsigned flaws;
} changes[] = {
    {0x00, 8, 0x1234, 0}, /* the zero vector is not looked at */
    {0x36, 1, 0x77, 0},   /* nor is Reserved */
    {0x28, 4, 0x4856465e, FWVAR_VOLUME_SIGNATURE},
    {0x10, 1, 0x8c, FWVAR_VOLUME_GUID},
    {0x1f, 1, 0x51, FWVAR_VOLUME_GUID},
    {0x37, 1, 1, FWVAR_VOLUME_REVISION},
    {0x37, 1, 3, FWVAR_VOLUME_REVISION},
    {0x20, 8, 0, FWVAR_VOLUME_LENGTH},
    {0x20, 8, 0x48, FWVAR_VOLUME_LENGTH},
    {0x20, 8, 0x49, 0},
    {0x20, 8, 0x20001, FWVAR_VOLUME_TRUNCATED},
    {0x20, 8, INT64_MAX, FWVAR_VOLUME_TRUNCATED},
    {0x20, 8, (uint64_t)INT64_MAX + 1, FWVAR_VOLUME_LENGTH},
    {0x20, 8, UINT64_MAX, FWVAR_VOLUME_LENGTH},
    {0x2C, 4, 0x4feff & ~0x4u, FWVAR_VOLUME_ATTRIBUTES},
    {0x2C, 4, 0x4feff & ~0x20u, FWVAR_VOLUME_ATTRIBUTES},
    {0x2C, 4, 0x24, 0},
    {0x34, 2, 0x48, FWVAR_VOLUME_EXTHEADER},
    {0x40, 1, 1, FWVAR_VOLUME_BLOCKMAP}, /* no 0,0 at the end */
    {0x38, 8, 0, FWVAR_VOLUME_BLOCKMAP}, /* ends too early */
};

START_TEST(each_flaw_is_found_alone)
{
    for (unsigned i = 0; i < changes[_i].size; i++)
        header[changes[_i].at + i] = (uint8_t)(changes[_i].value >> 8 * i & 0xff);
    unsigned got = flaws_resummed(0x48);
    ck_assert_msg(got == changes[_i].flaws, "0x%zx: flaws 0x%x, expected 0x%x",
                  changes[_i].at, got, changes[_i].flaws);
}
END_TEST

START_TEST(any_wrong_byte_breaks_the_sum)
{
    for (size_t i = 0; i < 0x48; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            header[i] ^= (uint8_t)(1u << bit);
            fwvar_volume_decode(header, sizeof header, 0, 0x20000, &v);
            /* A HeaderLength that does not fit is the flaw then. */
            ck_assert_msg(v.flaws & (FWVAR_VOLUME_CHECKSUM | FWVAR_VOLUME_HEADERLEN),
                          "byte 0x%zx bit %u", i, bit);
            header[i] ^= (uint8_t)(1u << bit);
        }
    }
}
END_TEST

START_TEST(header_length_must_fit)
{
    static const uint16_t wrong[] = {0, 2, 0x46, 0x47, 0x49, 0x1002, 0xffff};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fw_put16(header + 0x30, wrong[i]);
        ck_assert_msg(flaws_resummed(0x48) & FWVAR_VOLUME_HEADERLEN, "0x%x", wrong[i]);
    }
    fw_put16(header + 0x30, 0x60); /* longer than what is readable */
    fwvar_volume_fix_checksum(header, 0x48);
    fwvar_volume_decode(header, 0x48, 0, 0x20000, &v);
    ck_assert(v.flaws & FWVAR_VOLUME_HEADERLEN);
}
END_TEST

START_TEST(a_longer_block_map_is_sound)
{
    fw_put16(header + 0x30, 0x58);
    fw_put64(header + 0x40, UINT64_C(0x1000000000010));
    fw_put64(header + 0x48, UINT64_C(0x1000000000010));
    fw_put64(header + 0x50, 0);
    ck_assert_uint_eq(flaws_resummed(0x58), 0);
    fw_put16(header + 0x30, 0x4A); /* even, but not at the end of a pair */
    ck_assert_uint_eq(flaws_resummed(0x4A), FWVAR_VOLUME_BLOCKMAP);
    fw_put16(header + 0x30, 0x1000);
    memset(header + 0x38, 1, 0x1000 - 0x38);
    ck_assert_uint_eq(flaws_resummed(0x1000), FWVAR_VOLUME_BLOCKMAP);
    fw_put64(header + 0x1000 - 8, 0);
    ck_assert_uint_eq(flaws_resummed(0x1000), 0);
}
END_TEST

START_TEST(a_cut_header_is_cut)
{
    for (size_t n = 0; n < 0x48; n++) {
        fwvar_volume_decode(header, n, 0x10, n, &v);
        ck_assert_uint_eq(v.flaws, FWVAR_VOLUME_CUT);
        ck_assert_uint_eq(v.offset, 0x10);
    }
    fwvar_volume_decode(header, 0x48, 0x10, 0x48, &v);
    ck_assert_uint_eq(v.flaws, FWVAR_VOLUME_TRUNCATED);
}
END_TEST

/* ---- FTW ---- */

static struct ig_image im;
static struct fwvar_ftw ftw;

static int decode_ftw(const struct ig_volume *volume, size_t size)
{
    struct fwvar_store store;

    fwvar_volume_decode(im.file.p + volume->at, size, volume->at, size, &v);
    fwvar_store_decode(im.file.p + volume->at, size, &v, &store);
    return fwvar_ftw_decode(&store, &ftw);
}

START_TEST(working_headers_have_their_crc)
{
    uint8_t h[FWVAR_FTW_HEADER_SIZE];

    fwvar_ftw_header(h, 0x1000);
    test_bytes(h, "2b29589e687c7d49a0ce6500fd9f1b952caf2c64feffffffe00f000000000000");
    ck_assert_uint_eq(fw_le32(h + 16), 0x642CAF2C);
    fwvar_ftw_header(h, 0x40000);
    ck_assert_uint_eq(fw_le32(h + 16), 0x86C6E75B);
    ck_assert_uint_eq(fw_le64(h + 24), 0x3FFE0);
}
END_TEST

static const struct {
    const struct ig_volume *volume;
    size_t at, spare;
    uint64_t queue;
} blocks[] = {
    {&ig_pi_2m, 0xF000, 0x10000, 0xFE0},
    {&ig_ovmf_4m, 0x41000, 0x42000, 0xFE0},
    {&ig_aavmf, 0x40000, 0x80000, 0x3FFE0},
};

START_TEST(working_blocks_are_found)
{
    const struct ig_volume *volume = blocks[_i].volume;

    ig_create(&im, volume->at + volume->length, volume);
    ck_assert_int_eq(decode_ftw(volume, volume->length), 0);
    ck_assert_uint_eq(ftw.at, blocks[_i].at);
    ck_assert_uint_eq(ftw.spare, blocks[_i].spare);
    ck_assert_uint_eq(ftw.queue_size, blocks[_i].queue);
    ck_assert_uint_eq(ftw.crc, ftw.crc_due);
    ck_assert(ftw.sound && !ftw.pending);
    ig_close(&im);
}
END_TEST

START_TEST(blank_or_cut_working_blocks_are_harmless)
{
    size_t at = ig_pi_2m.at + 0xF000;

    ig_create(&im, ig_pi_2m.at + 0x20000, &ig_pi_2m);
    ck_assert_int_eq(decode_ftw(&ig_pi_2m, 0xF010), FWVAR_ERR_NOTFOUND);
    ck_assert_int_eq(decode_ftw(&ig_pi_2m, 0xF020), 0);
    ck_assert(!ftw.sound); /* the queue reaches past what is there */
    ck_assert_uint_eq(ftw.spare, 0xF020);
    memset(im.file.p + at, 0xFF, 0x20);
    ck_assert_int_eq(decode_ftw(&ig_pi_2m, 0x20000), FWVAR_ERR_NOTFOUND);
    memset(im.file.p + at, 0, 0x20);
    ck_assert_int_eq(decode_ftw(&ig_pi_2m, 0x20000), 0);
    ck_assert(!ftw.sound && !ftw.pending);
    ig_close(&im);
}
END_TEST

START_TEST(every_wrong_byte_of_a_working_header_shows)
{
    ig_create(&im, ig_pi_2m.at + 0x20000, &ig_pi_2m);
    for (size_t i = 0; i < 32; i++) {
        im.file.p[ig_pi_2m.at + 0xF000 + i] ^= 0x10;
        ck_assert_int_eq(decode_ftw(&ig_pi_2m, 0x20000), 0);
        ck_assert_msg(!ftw.sound, "byte %zu", i);
        im.file.p[ig_pi_2m.at + 0xF000 + i] ^= 0x10;
    }
    ck_assert_int_eq(decode_ftw(&ig_pi_2m, 0x20000), 0);
    ck_assert(ftw.sound);
    ig_close(&im);
}
END_TEST

/* Queue entries: flags of the write header, number of writes, private bytes, flags of the
 * records; what follows from them. Cleared bits mean "done". */
struct entry {
    uint8_t header;
    uint64_t writes, private;
    uint8_t records[3];
};

static const struct {
    struct entry entries[2];
    size_t pending_at; /* from the start of the queue; 0: none pending */
} queues[] = {
    {{{0xff, 0, 0, {0}}}, 0},
    {{{0xf8, 1, 0, {0xf9}}, {0xff, 0, 0, {0}}}, 0},      /* a completed reclaim */
    {{{0xfc, 1, 0, {0xfd}}, {0xff, 0, 0, {0}}}, 40},     /* spare done, target not */
    {{{0xfc, 1, 0, {0xff}}, {0xff, 0, 0, {0}}}, 0},      /* nothing in the spare */
    {{{0xfc, 1, 0, {0xf9}}, {0xff, 0, 0, {0}}}, 0},      /* target done too */
    {{{0xf8, 1, 0, {0xf9}}, {0xfc, 1, 0, {0xfd}}}, 120}, /* the second one */
    {{{0xfc, 3, 8, {0xf9, 0xfd, 0xff}}, {0xff, 0, 0, {0}}}, 40 + 48},
    {{{0xf8, 3, 8, {0xf9, 0xf9, 0xf9}}, {0xfc, 1, 4, {0xfd}}}, 40 + 3 * 48 + 40},
    {{{0xf8, 1, 0, {0xfd}}, {0xff, 0, 0, {0}}}, 0}, /* marked complete */
    {{{0xfc, UINT64_MAX, 0, {0xfd}}, {0xff, 0, 0, {0}}}, 0},
    {{{0xfc, 1, UINT64_MAX, {0xfd}}, {0xff, 0, 0, {0}}}, 0},
    {{{0xf8, 0x1000, 0, {0xf9}}, {0xff, 0, 0, {0}}}, 0}, /* past the end */
};

START_TEST(a_pending_write_is_found)
{
    struct ig_bytes q = {0};
    size_t at = ig_pi_2m.at + 0xF020;

    for (size_t e = 0; e < 2; e++) {
        const struct entry *entry = &queues[_i].entries[e];
        ig_le(&q, entry->header, 1);
        ig_fill(&q, 0xff, 23);
        ig_le(&q, entry->writes, 8);
        ig_le(&q, entry->private, 8);
        for (size_t i = 0; i < 3 && i < entry->writes; i++) {
            ig_le(&q, entry->records[i], 1);
            ig_fill(&q, 0xff, 39 + (size_t)(entry->private < 64 ? entry->private : 0));
        }
    }
    ig_create(&im, ig_pi_2m.at + 0x20000, &ig_pi_2m);
    ig_poke(&im.file, at, q.p, q.size);
    ig_free(&q);
    ck_assert_int_eq(decode_ftw(&ig_pi_2m, 0x20000), 0);
    ck_assert(ftw.sound);
    ck_assert_int_eq(ftw.pending, queues[_i].pending_at != 0);
    if (ftw.pending)
        ck_assert_uint_eq(ftw.pending_at, 0xF020 + queues[_i].pending_at);
    ig_close(&im);
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("volume");
    TCase *volume = tcase_create("volume"), *ftws = tcase_create("ftw");

    tcase_add_checked_fixture(volume, start, NULL);
    tcase_add_test(volume, the_measured_header_is_sound);
    tcase_add_test(volume, the_firmwares_own_header_has_its_checksum);
    tcase_add_test(volume, only_the_checksum_is_mended);
    tcase_add_loop_test(volume, each_flaw_is_found_alone, 0,
                        (int)(sizeof changes / sizeof changes[0]));
    tcase_add_test(volume, any_wrong_byte_breaks_the_sum);
    tcase_add_test(volume, header_length_must_fit);
    tcase_add_test(volume, a_longer_block_map_is_sound);
    tcase_add_test(volume, a_cut_header_is_cut);
    suite_add_tcase(s, volume);
    tcase_add_test(ftws, working_headers_have_their_crc);
    tcase_add_loop_test(ftws, working_blocks_are_found, 0, 3);
    tcase_add_test(ftws, blank_or_cut_working_blocks_are_harmless);
    tcase_add_test(ftws, every_wrong_byte_of_a_working_header_shows);
    tcase_add_loop_test(ftws, a_pending_write_is_found, 0,
                        (int)(sizeof queues / sizeof queues[0]));
    suite_add_tcase(s, ftws);
    return s;
}

int main(void)
{
    return test_main(make);
}
