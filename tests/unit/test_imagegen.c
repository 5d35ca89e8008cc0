/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The generator against bytes measured in real images. */
#include "support/imagegen.h"
#include "support/imagesaved.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <string.h>

START_TEST(empty_pi_store_is_the_measured_one)
{
    struct ig_image im;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    test_bytes(im.file.p + 0x1d0000, "00000000000000000000000000000000"
                                     "8d2bf1ff96768b4ca9852747075b4f50"
                                     "0000020000000000"
                                     "5f465648fffe0400480019f900000002"
                                     "20000000001000000000000000000000"
                                     "782cf3aa7b949a43a1802e144ec37792"
                                     "b8df00005afe000000000000ffffffff");
    test_bytes(im.file.p + 0x1df000, "2b29589e687c7d49a0ce6500fd9f1b95"
                                     "2caf2c64feffffffe00f000000000000ffffffff");
    ig_close(&im);
}
END_TEST

START_TEST(other_platforms_have_the_measured_sums)
{
    struct ig_image im;

    ig_create(&im, 0x84000, &ig_ovmf_4m);
    test_bytes(im.file.p + 0x32, "afb8");
    ig_close(&im);
    ig_create(&im, 0xc0000, &ig_aavmf);
    test_bytes(im.file.p + 0x32, "2809");
    test_bytes(im.file.p + 0x40010, "5be7c686feffffffe0ff030000000000");
    ig_close(&im);
}
END_TEST

START_TEST(record_is_the_measured_one)
{
    struct ig_image im;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    ig_set_u32(&im, "RamLimitTo3GB", IG_CONFIG, 0);
    test_bytes(im.file.p + 0x1d0064,
               "aa553f0007000000"
               "00000000000000000000000000000000000000000000000000000000"
               "1c00000004000000"
               "58c27ccddb31e6229f2263b0b8eed6b5"
               "520061006d004c0069006d006900740054006f003300470042000000"
               "00000000ffffffff");
    ck_assert_uint_eq(im.next, 0x1d0064 + 92);
    ig_close(&im);
}
END_TEST

START_TEST(set_and_delete_leave_the_history_of_the_firmware)
{
    struct ig_image im;
    struct sr_image sr;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    for (uint32_t i = 0; i < 3; i++)
        ig_set_u32(&im, "FanTemp", IG_CONFIG, i);
    ig_set_u32(&im, "FanTemp", IG_GLOBAL, 9);
    ck_assert(sr_open(&sr, im.file.p, im.file.size));
    ck_assert_uint_eq(sr.n_records, 4);
    ck_assert_uint_eq(sr.n_live, 2);
    ck_assert_uint_eq(sr.records[0].state, 0x3c);
    ck_assert_uint_eq(sr.records[1].state, 0x3c);
    ck_assert_uint_eq(sr.records[2].state, 0x3f);
    ck_assert_uint_eq(sr_find(&sr, "FanTemp", IG_CONFIG)->data[0], 2);
    ck_assert_uint_eq(sr_find(&sr, "FanTemp", IG_GLOBAL)->data[0], 9);
    sr_close(&sr);
    ig_delete(&im, "FanTemp", IG_CONFIG);
    ck_assert(sr_open(&sr, im.file.p, im.file.size));
    ck_assert_uint_eq(sr.records[2].state, 0x3d);
    ck_assert_ptr_null(sr_find(&sr, "FanTemp", IG_CONFIG));
    sr_close(&sr);
    ig_close(&im);
}
END_TEST

/* Offset of every live record of a real Pi 4's store that is described in the project's
 * notes: the fixture has the same sequence, names and sizes. */
static const struct {
    size_t offset;
    const char *name;
} landmarks[] = {
    {0x1d0064, "CustomMode"},
    {0x1d00b8, "certdb"},
    {0x1d0108, "VendorKeysNv"},
    {0x1d01a8, "ConsolePref"},
    {0x1d0498, "FanTemp"},
    {0x1d04e8, "AssetTag"},
    {0x1d0578, "SdIsArasan"},
    {0x1d0890, "RtcTimeZone"},
    {0x1d08e8, "RtcDaylight"},
    {0x1d09a8, "Attempt 1"},
    {0x1d2b84, "Attempt 8"},
    {0x1d3044, "Boot0000"},
    {0x1d30d0, "Timeout"},
    {0x1d3120, "PlatformLang"},
    {0x1d317c, "Lang"},
    {0x1d32e8, "ConIn"},
    {0x1d3380, "ConOut"},
    {0x1d3424, "ErrOut"},
    {0x1d34c8, "VarErrorFlag"},
    {0x1d3574, "Boot0001"},
    {0x1d360c, "Key0000"},
    {0x1d3668, "Key0001"},
    {0x1d377c, "DCA632010203"},
    {0x1d3868, "DCA632010203"},
    {0x1d38fc, "ClientId"},
    {0x1d39b8, "Boot0002"},
    {0x1d3abc, "Boot0003"},
    {0x1d3bf0, "Boot0004"},
    {0x1d3d30, "Boot0005"},
    {0x1d3e98, "Boot0006"},
    {0x1d3fe4, "Boot0007"},
    {0x1d3f84, "BootOrder"},
    {0x1d40f0, "RamLimitTo3GB"},
    {0x1d414c, "SystemTableMode"},
    {0x1d433c, "MemoryTypeInformation"},
    {0x1d443c, "MTC"},
};

START_TEST(saved_history_lies_where_a_real_one_does)
{
    struct ig_bytes file = {0};
    struct sr_image sr;

    ig_build(&file, "rpi4-2m-saved");
    ck_assert(sr_open(&sr, file.p, file.size));
    for (size_t i = 0; i < sizeof(landmarks) / sizeof(landmarks[0]); i++) {
        bool found = false;
        char name[64];

        for (size_t k = 0; k < sr.n_records; k++)
            if (sr.records[k].offset == landmarks[i].offset && sr.records[k].live)
                found = strcmp(sr_name(&sr.records[k], name, sizeof(name)),
                               landmarks[i].name) == 0;
        ck_assert_msg(found, "no live %s at 0x%zx", landmarks[i].name,
                      landmarks[i].offset);
    }
    /* The checksums that real hotkeys hold for the shell and the menu. */
    test_bytes(sr_find(&sr, "Key0000", NULL)->data, "0000004084937ab801000b000000");
    test_bytes(sr_find(&sr, "Key0001", NULL)->data, "00000040d7bfcc7f000017000000");
    sr_close(&sr);
    ig_free(&file);
}
END_TEST

START_TEST(network_option_is_the_measured_one)
{
    struct ig_image im;
    struct sr_image sr;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    ig_saved_option(&im, 4);
    ck_assert(sr_open(&sr, im.file.p, im.file.size));
    const struct sr_record *r = sr_find(&sr, "Boot0004", IG_GLOBAL);
    ck_assert_ptr_nonnull(r);
    ck_assert_uint_eq(r->data_size, 150);
    test_bytes(r->data, "010000004400");
    test_bytes(r->data + 66, "030b2500dca632010203"
                             "0000000000000000000000000000000000000000000000000000"
                             "01030c1b00"
                             "0000000000000000000000000000000000000000000000"
                             "7fff04004eac0881119f594d850ee21a522c59b2");
    sr_close(&sr);
    ig_close(&im);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("imagegen");
    TCase *c = tcase_create("measured");

    tcase_add_test(c, empty_pi_store_is_the_measured_one);
    tcase_add_test(c, other_platforms_have_the_measured_sums);
    tcase_add_test(c, record_is_the_measured_one);
    tcase_add_test(c, set_and_delete_leave_the_history_of_the_firmware);
    tcase_add_test(c, saved_history_lies_where_a_real_one_does);
    tcase_add_test(c, network_option_is_the_measured_one);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    return test_main(suite);
}
