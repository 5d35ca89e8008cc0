/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Load options and key options: options of a saved Raspberry Pi image (release v1.20), a
 * PXE option with its mark, every truncation, every flaw, and what encoding refuses. */
#include <fwvar/keyoption.h>
#include <fwvar/loadopt.h>

#include <check.h>

#include "devpath_pairs.h"

#define UIAPP                                                                            \
    "090100002c005500690041007000700000000407140037aa159a55d54e4ab54186391ff681640406"   \
    "140021aa2c4614760345836e8ab6f46623317fff0400"
#define SHELL                                                                            \
    "000000002c00550045004600490020005300680065006c006c0000000407140037aa159a55d54e4a"   \
    "b54186391ff681640406140083a5047c3e9e1c4fad65e05268d0b4d17fff0400"
#define PXE                                                                              \
    "0100000044005500450046004900200050005800450076003400200028004d00410043003a00"       \
    "44003800330041004400440036003100340044003100350029000000030b2500d83add614d15"       \
    "000000000000000000000000000000000000000000000000000001030c1b0000000000000000"       \
    "000000000000000000000000000000007fff04004eac0881119f594d850ee21a522c59b2"

/* Bytes in a block of exactly their size, for AddressSanitizer. */
static uint8_t *bytes_of(const char *hex, size_t *size)
{
    *size = strlen(hex) / 2;
    uint8_t *bytes = malloc(*size ? *size : 1);
    pair_unhex(hex, strlen(hex), bytes, *size);
    return bytes;
}

static void encodes_to(const struct fwvar_loadopt *option, const uint8_t *bytes,
                       size_t size)
{
    uint8_t *again = NULL;
    size_t again_size = 0;
    struct fwvar_diag diag = {0};

    ck_assert_msg(fwvar_loadopt_encode(option, &again, &again_size, &diag) == 0, "%s",
                  diag.message);
    ck_assert_uint_eq(again_size, size);
    ck_assert_mem_eq(again, bytes, size);
    free(again);
}

static const struct {
    const char *hex;
    uint32_t attributes;
    const char *description; /* ASCII */
    const char *path;
    size_t data_size;
    bool is_auto;
    uint32_t crc;
} good[] = {
    {UIAPP, FWVAR_LOADOPT_ACTIVE | FWVAR_LOADOPT_HIDDEN | FWVAR_LOADOPT_APP, "UiApp",
     "Fv(9A15AA37-D555-4A4E-B541-86391FF68164)/"
     "FvFile(462CAA21-7614-4503-836E-8AB6F4662331)",
     0, false, 0x7fccbfd7},
    {SHELL, 0, "UEFI Shell",
     "Fv(9A15AA37-D555-4A4E-B541-86391FF68164)/"
     "FvFile(7C04A583-9E3E-4F1C-AD65-E05268D0B4D1)",
     0, false, 0xb87a9384},
    {PXE, FWVAR_LOADOPT_ACTIVE, "UEFI PXEv4 (MAC:D83ADD614D15)",
     "MAC(D83ADD614D15,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)", 16, true, 0},
    {"0100000004000000"
     "7fff0400",
     1, "", "", 0, false, 0},
};

START_TEST(good_options)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        size_t size;
        uint8_t *bytes = bytes_of(good[i].hex, &size);
        struct fwvar_loadopt option;
        ck_assert_int_eq(fwvar_loadopt_decode(bytes, size, &option), 0);
        ck_assert_int_eq(option.flaw, FWVAR_LOADOPT_OK);
        ck_assert_uint_eq(option.attributes, good[i].attributes);
        ck_assert_uint_eq(option.description_size, strlen(good[i].description) * 2);
        for (size_t k = 0; k < strlen(good[i].description); k++)
            ck_assert_int_eq(option.description[2 * k], good[i].description[k]);
        char *text = fwvar_devpath_text(option.path, option.path_size);
        ck_assert_str_eq(text, good[i].path);
        free(text);
        ck_assert_uint_eq(option.first_path_size, option.path_size);
        ck_assert_uint_eq(option.data_size, good[i].data_size);
        ck_assert(good[i].data_size ? option.data != NULL : option.data == NULL);
        ck_assert(fwvar_loadopt_is_auto(&option) == good[i].is_auto);
        if (good[i].crc)
            ck_assert_uint_eq(fwvar_loadopt_crc(bytes, size), good[i].crc);
        encodes_to(&option, bytes, size);
        free(bytes);
    }
    ck_assert_uint_eq(strlen(PXE), 2 * 150);
}
END_TEST

START_TEST(mark_alone_is_auto)
{
    const struct fwvar_guid *guid = fwvar_loadopt_auto_guid();
    uint8_t longer[17] = {0};
    struct fwvar_loadopt option = {.data = guid->b, .data_size = 16};

    ck_assert(fwvar_loadopt_is_auto(&option));
    memcpy(longer, guid->b, 16);
    option = (struct fwvar_loadopt){.data = longer, .data_size = 17};
    ck_assert(!fwvar_loadopt_is_auto(&option));
    option.data_size = 16;
    ck_assert(fwvar_loadopt_is_auto(&option));
    longer[15] ^= 1;
    ck_assert(!fwvar_loadopt_is_auto(&option));
    option.data_size = 0;
    ck_assert(!fwvar_loadopt_is_auto(&option));
}
END_TEST

static const struct {
    const char *hex;
    enum fwvar_loadopt_flaw flaw;
    size_t description_size, path_size, first_path_size, data_size;
    enum fwvar_devpath_flaw path_flaw;
    size_t path_flaw_at;
} flawed[] = {
    {"", FWVAR_LOADOPT_SHORT, 0, 0, 0, 0, 0, 0},
    {"010000", FWVAR_LOADOPT_SHORT, 0, 0, 0, 0, 0, 0},
    {"010000000400", FWVAR_LOADOPT_SHORT, 0, 0, 0, 0, 0, 0},
    {"01000000040000", FWVAR_LOADOPT_OPEN_DESCRIPTION, 0, 0, 0, 0, 0, 0},
    {"01000000040041004200", FWVAR_LOADOPT_OPEN_DESCRIPTION, 4, 0, 0, 0, 0, 0},
    {"0100000004004100420000", FWVAR_LOADOPT_OPEN_DESCRIPTION, 4, 0, 0, 0, 0, 0},
    {"01000000000041000000"
     "aabb",
     FWVAR_LOADOPT_NO_PATH, 2, 0, 0, 2, 0, 0},
    {"01000000040041000000", FWVAR_LOADOPT_PATH_OVERRUN, 2, 0, 0, 0, FWVAR_DEVPATH_NO_END,
     0},
    {"0100000005000000"
     "7fff0400",
     FWVAR_LOADOPT_PATH_OVERRUN, 0, 4, 4, 0, 0, 0},
    {"010000000a000000"
     "010106000000"
     "7fff04",
     FWVAR_LOADOPT_PATH_OVERRUN, 0, 9, 0, 0, FWVAR_DEVPATH_OVERRUN, 6},
    {"0100000006000000"
     "010106000000"
     "cc",
     FWVAR_LOADOPT_PATH, 0, 6, 0, 1, FWVAR_DEVPATH_NO_END, 6},
    {"010000000a000000"
     "010100000000"
     "7fff0400",
     FWVAR_LOADOPT_PATH, 0, 10, 0, 0, FWVAR_DEVPATH_SHORT_NODE, 0},
    {"0100000005000000"
     "7fff050000",
     FWVAR_LOADOPT_PATH, 0, 5, 0, 0, FWVAR_DEVPATH_LONG_END, 0},
    {"0100000005000000"
     "7fff0400ee",
     FWVAR_LOADOPT_PATH_EXTRA, 0, 5, 4, 0, FWVAR_DEVPATH_OVERRUN, 4},
    {"010000000e000000"
     "7fff0400"
     "010106000000"
     "ffffffff",
     FWVAR_LOADOPT_PATH_EXTRA, 0, 14, 4, 0, FWVAR_DEVPATH_OVERRUN, 10},
    {"0100000008000000"
     "7fff0400"
     "7fff0400",
     FWVAR_LOADOPT_OK, 0, 8, 4, 0, 0, 0},
};

START_TEST(flaws_are_told)
{
    for (size_t i = 0; i < sizeof flawed / sizeof flawed[0]; i++) {
        size_t size;
        uint8_t *bytes = bytes_of(flawed[i].hex, &size);
        struct fwvar_loadopt o;
        int err = fwvar_loadopt_decode(bytes, size, &o);
        ck_assert_msg(o.flaw == flawed[i].flaw, "%s: %s", flawed[i].hex,
                      fwvar_loadopt_flaw_text(o.flaw));
        ck_assert_int_eq(err, o.flaw ? FWVAR_ERR_DAMAGED : 0);
        ck_assert_uint_eq(o.attributes, size >= 4);
        ck_assert_uint_eq(o.description_size, flawed[i].description_size);
        ck_assert_uint_eq(o.path_size, flawed[i].path_size);
        ck_assert_uint_eq(o.first_path_size, flawed[i].first_path_size);
        ck_assert_uint_eq(o.data_size, flawed[i].data_size);
        ck_assert_int_eq(o.path_flaw, flawed[i].path_flaw);
        ck_assert_uint_eq(o.path_flaw_at, flawed[i].path_flaw_at);
        free(bytes);
    }
    for (int flaw = FWVAR_LOADOPT_OK; flaw <= FWVAR_LOADOPT_PATH_EXTRA; flaw++)
        ck_assert_str_ne(fwvar_loadopt_flaw_text((enum fwvar_loadopt_flaw)flaw),
                         "unknown flaw");
}
END_TEST

/* Every truncation and every one-byte change gives views inside the bytes. */
START_TEST(damaged_options_stay_inside)
{
    size_t size;
    uint8_t *whole = bytes_of(PXE, &size);

    for (size_t n = 0; n <= size; n++) {
        uint8_t *cut = malloc(n ? n : 1);
        memcpy(cut, whole, n);
        for (size_t at = 0; at <= n; at++) {
            struct fwvar_loadopt o;
            if (at < n)
                cut[at] ^= 0xff;
            int err = fwvar_loadopt_decode(cut, n, &o);
            ck_assert_int_eq(err, o.flaw ? FWVAR_ERR_DAMAGED : 0);
            ck_assert_uint_le(o.description_size + o.path_size + o.data_size, n);
            if (o.path_size)
                ck_assert(o.path >= cut && o.path + o.path_size <= cut + n);
            if (o.data_size)
                ck_assert(o.data >= cut && o.data + o.data_size <= cut + n);
            if (at < n)
                cut[at] ^= 0xff;
        }
        free(cut);
    }
    free(whole);
}
END_TEST

static void refused(const struct fwvar_loadopt *option, const char *expected)
{
    uint8_t *bytes = NULL;
    size_t size = 77;
    struct fwvar_diag diag = {0};

    ck_assert_int_eq(fwvar_loadopt_encode(option, &bytes, &size, &diag), FWVAR_ERR_ARG);
    ck_assert_msg(strstr(diag.message, expected) != NULL, "%s", diag.message);
    ck_assert_ptr_null(bytes);
    ck_assert_uint_eq(size, 77);
    ck_assert_int_eq(fwvar_loadopt_encode(option, &bytes, &size, NULL), FWVAR_ERR_ARG);
}

START_TEST(encoding_has_limits)
{
    static const uint8_t end[] = {0x7f, 0xff, 4, 0, 0};
    static const uint8_t name[] = {'a', 0, 0, 0, 'b', 0};
    struct fwvar_loadopt option = {.path = end, .path_size = 4};

    option.description = name;
    option.description_size = 1;
    refused(&option, "half a character");
    option.description_size = 6;
    refused(&option, "a NUL");
    option.description_size = 2;
    option.path_size = 0;
    refused(&option, "0 bytes");
    option.path_size = 5;
    refused(&option, "malformed at byte 4");
    option.path_size = 3;
    refused(&option, "malformed at byte 0");
    option.path_size = 4;
    encodes_to(&option, (const uint8_t *)"\0\0\0\0\4\0a\0\0\0\x7f\xff\4", 14);
}
END_TEST

START_TEST(longest_path)
{
    uint8_t *path = calloc(1, 65536);
    struct fwvar_loadopt option = {.path = path, .path_size = 65535}, again;
    uint8_t *bytes;
    size_t size;

    memcpy(path, "\1\x09\xfb\xff", 4);
    memcpy(path + 65531, "\x7f\xff\4", 4);
    ck_assert_int_eq(fwvar_loadopt_encode(&option, &bytes, &size, NULL), 0);
    ck_assert_int_eq(fwvar_loadopt_decode(bytes, size, &again), 0);
    ck_assert_uint_eq(again.path_size, 65535);
    free(bytes);
    memcpy(path, "\1\x09\xfc\xff", 4);
    memcpy(path + 65532, "\x7f\xff\4", 4);
    option.path_size = 65536;
    refused(&option, "65536 bytes");
    free(path);
}
END_TEST

START_TEST(key_options)
{
    static const struct {
        const char *hex;
        uint32_t crc;
        uint16_t option, scan;
    } keys[] = {{"0000004084937ab801000b000000", 0xb87a9384, 1, 0x0b},
                {"00000040d7bfcc7f000017000000", 0x7fccbfd7, 0, 0x17}};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        uint8_t out[FWVAR_KEYOPTION_SIZE_MAX];
        size_t size, out_size;
        uint8_t *bytes = bytes_of(keys[i].hex, &size);
        struct fwvar_keyoption key;
        ck_assert_int_eq(fwvar_keyoption_decode(bytes, size, &key), 0);
        ck_assert_uint_eq(key.key_data, UINT32_C(0x40000000));
        ck_assert_uint_eq(key.crc, keys[i].crc);
        ck_assert_uint_eq(key.option, keys[i].option);
        ck_assert_uint_eq(key.count, 1);
        ck_assert_uint_eq(key.keys[0].scan, keys[i].scan);
        ck_assert_uint_eq(key.keys[0].unicode, 0);
        ck_assert_int_eq(fwvar_keyoption_encode(&key, out, &out_size), 0);
        ck_assert_uint_eq(out_size, size);
        ck_assert_mem_eq(out, bytes, size);
        for (size_t n = 0; n < size; n++)
            ck_assert_int_eq(fwvar_keyoption_decode(bytes, n, &key), FWVAR_ERR_DAMAGED);
        free(bytes);
    }
}
END_TEST

START_TEST(key_option_counts)
{
    struct fwvar_keyoption key = {.key_data = FWVAR_KEY_CONTROL | FWVAR_KEY_COUNT,
                                  .keys = {{1, 2}, {3, 4}, {5, 6}}};

    for (unsigned n = 0; n <= FWVAR_KEY_COUNT_MAX; n++) {
        uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX + 1] = {0};
        size_t size;
        struct fwvar_keyoption again;
        key.count = n;
        ck_assert_int_eq(fwvar_keyoption_encode(&key, bytes, &size), 0);
        ck_assert_uint_eq(size, 10 + 4 * n);
        ck_assert_int_eq(fwvar_keyoption_decode(bytes, size, &again), 0);
        ck_assert_uint_eq(again.count, n);
        ck_assert_uint_eq(again.key_data, FWVAR_KEY_CONTROL | (uint32_t)n << 30);
        ck_assert_mem_eq(again.keys, key.keys, n * sizeof key.keys[0]);
        ck_assert_int_eq(fwvar_keyoption_decode(bytes, size + 1, &again),
                         FWVAR_ERR_DAMAGED);
        ck_assert_uint_eq(again.count, n);
    }
    key.count = 4;
    ck_assert_int_eq(fwvar_keyoption_encode(&key, NULL, NULL), FWVAR_ERR_ARG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loadopt");
    TCase *tests = tcase_create("loadopt");

    tcase_add_test(tests, good_options);
    tcase_add_test(tests, mark_alone_is_auto);
    tcase_add_test(tests, flaws_are_told);
    tcase_add_test(tests, damaged_options_stay_inside);
    tcase_add_test(tests, encoding_has_limits);
    tcase_add_test(tests, longest_path);
    tcase_add_test(tests, key_options);
    tcase_add_test(tests, key_option_counts);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
