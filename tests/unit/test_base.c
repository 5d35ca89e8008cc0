/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* src/base: bounded reading and writing, UTF-16, hex, GUIDs, suggestions. */
#include "base/bytes.h"
#include "base/diag.h"
#include "base/glob.h"
#include "base/suggest.h"
#include "base/utf16.h"
#include "support/testmain.h"

#include <fwvar/guid.h>

#include <stdlib.h>
#include <string.h>

/* ---- bytes ---- */

START_TEST(ranges_cannot_wrap)
{
    ck_assert(fw_range_ok(10, 0, 10));
    ck_assert(fw_range_ok(10, 10, 0));
    ck_assert(!fw_range_ok(10, 1, 10));
    ck_assert(!fw_range_ok(10, 11, 0));
    ck_assert(!fw_range_ok(10, UINT64_MAX, 2));
    ck_assert(!fw_range_ok(10, 2, UINT64_MAX));
    ck_assert(fw_range_ok(UINT64_MAX, UINT64_MAX, 0));
}
END_TEST

START_TEST(reader_takes_little_endian_and_stops_at_the_end)
{
    const uint8_t b[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x80, 0xfe};
    struct fw_reader r = fw_reader(b, sizeof b);

    ck_assert_uint_eq(fw_take64(&r), UINT64_C(0xefcdab8967452301));
    ck_assert_uint_eq(fw_take32(&r), 0); /* two bytes left */
    ck_assert(r.bad);
    ck_assert_uint_eq(fw_left(&r), 2); /* a failed read moves nothing */
    ck_assert_uint_eq(fw_take16(&r), 0xfe80);
    ck_assert_uint_eq(fw_take8(&r), 0);
    ck_assert_ptr_null(fw_take(&r, 1));
    ck_assert_ptr_nonnull(fw_take(&r, 0));
    ck_assert_ptr_null(fw_take(&r, SIZE_MAX));
    ck_assert(r.bad);
}
END_TEST

START_TEST(integers_survive_a_round_trip)
{
    uint8_t b[8];

    fw_put16(b, 0xfedc);
    test_bytes(b, "dcfe");
    ck_assert_uint_eq(fw_le16(b), 0xfedc);
    fw_put32(b, 0xfedcba98);
    test_bytes(b, "98badcfe");
    ck_assert_uint_eq(fw_le32(b), 0xfedcba98);
    fw_put64(b, UINT64_C(0xfedcba9876543210));
    test_bytes(b, "1032547698badcfe");
    ck_assert_uint_eq(fw_le64(b), UINT64_C(0xfedcba9876543210));
}
END_TEST

START_TEST(buffer_grows_and_formats)
{
    struct fw_buf b = {0};
    char longer[400];

    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    fw_buf_put8(&b, 1);
    fw_buf_put16(&b, 0x0302);
    fw_buf_put32(&b, 0x07060504);
    fw_buf_put64(&b, UINT64_C(0x0f0e0d0c0b0a0908));
    fw_buf_fill(&b, 0xee, 2);
    fw_buf_put(&b, NULL, 0);
    fw_buf_fill(&b, 0, 0);
    ck_assert_uint_eq(b.size, 17);
    test_bytes(b.p, "0102030405060708090a0b0c0d0e0feeee");
    fw_buf_free(&b);
    fw_buf_hex(&b, (const uint8_t[]){0, 0xaf}, 2);
    fw_buf_text(&b, " ");
    fw_buf_printf(&b, "%d %s", 7, longer);
    char *text = fw_buf_take_text(&b);
    ck_assert_int_eq(strncmp(text, "00af 7 xxx", 10), 0);
    ck_assert_uint_eq(strlen(text), 7 + sizeof longer - 1);
    ck_assert_ptr_null(b.p);
    free(text);
}
END_TEST

START_TEST(a_bad_buffer_stays_bad)
{
    struct fw_buf b = {0};

    fw_buf_put8(&b, 1);
    fw_buf_fill(&b, 0, SIZE_MAX - 16); /* no machine has that */
    ck_assert(b.bad);
    fw_buf_put8(&b, 2);
    ck_assert_uint_eq(b.size, 1);
    ck_assert_ptr_null(fw_buf_take_text(&b));
}
END_TEST

START_TEST(skip_finds_the_first_other_byte)
{
    uint8_t b[64];

    memset(b, 0xFF, sizeof b);
    ck_assert_uint_eq(fw_skip_bytes(b, 0, 64, 0xFF), 64);
    ck_assert_uint_eq(fw_skip_bytes(b, 64, 64, 0xFF), 64);
    ck_assert_uint_eq(fw_skip_bytes(b, 63, 64, 0xFF), 64);
    ck_assert_uint_eq(fw_skip_bytes(b, 0, 64, 0), 0);
    for (size_t i = 0; i < 64; i++) {
        b[i] = 0x7f;
        ck_assert_uint_eq(fw_skip_bytes(b, 0, 64, 0xFF), i);
        ck_assert_uint_eq(fw_skip_bytes(b, 0, i, 0xFF), i); /* @to is not looked at */
        ck_assert_uint_eq(fw_skip_bytes(b, i, 64, 0xFF), i);
        b[i] = 0xFF;
    }
}
END_TEST

START_TEST(hex_is_strict)
{
    static const struct {
        const char *text;
        size_t bad_at;
    } wrong[] = {{"0", 1},    {"abc", 3}, {"0x12", 1}, {"12 34", 2},
                 {"1g", 1},   {"@1", 0},  {"`1", 0},   {"1:", 1}, /* beside the digits */
                 {"1\x10", 1}};
    struct fw_buf b = {0};
    size_t bad_at = 99;

    ck_assert_int_eq(fw_unhex("0aFf9C", 6, &b, &bad_at), 0);
    ck_assert_uint_eq(b.size, 3);
    test_bytes(b.p, "0aff9c");
    ck_assert_int_eq(fw_unhex("", 0, &b, &bad_at), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_int_eq(fw_unhex(wrong[i].text, strlen(wrong[i].text), &b, &bad_at), -1);
        ck_assert_msg(bad_at == wrong[i].bad_at, "%s: %zu", wrong[i].text, bad_at);
        ck_assert_uint_eq(b.size, 3); /* nothing of a bad text is taken */
    }
    fw_buf_free(&b);
}
END_TEST

START_TEST(sum16_adds_words)
{
    ck_assert_uint_eq(fw_sum16((const uint8_t[]){0x01, 0x02, 0xff, 0xff}, 4), 0x0200);
    ck_assert_uint_eq(fw_sum16(NULL, 0), 0);
}
END_TEST

/* ---- UTF-16 ---- */

static const struct {
    const char *hex;   /* UTF-16LE */
    const char *text;  /* FW_ESCAPE_INVALID */
    const char *shown; /* FW_ESCAPE_CONTROL */
    bool valid;
} texts[] = {
    {"", "", "", true},
    {"42006f00", "Bo", "Bo", true},
    {"e4002c20", "\xc3\xa4\xe2\x80\xac", "\xc3\xa4\\u202C", true},
    {"3dd800de", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", true},
    {"ffdbffdf", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", true}, /* U+10FFFF */
    {"00d8", "\\uD800", "\\uD800", false},
    {"00dc", "\\uDC00", "\\uDC00", false},
    {"00d84100", "\\uD800A", "\\uD800A", false},
    {"00d800d800dc", "\\uD800\xf0\x90\x80\x80", "\\uD800\xf0\x90\x80\x80", false},
    {"00dc00d8", "\\uDC00\\uD800", "\\uDC00\\uD800", false},
    {"410042", "A\\x42", "A\\x42", false},
    {"00", "\\x00", "\\x00", false},
    {"1b005b00", "\x1b[", "\\u001B[", true},
    {"0a007f009f00", "\n\x7f\xc2\x9f", "\\u000A\\u007F\\u009F", true},
    {"2e202a2066206920", "\xe2\x80\xae\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9",
     "\\u202E\\u202A\\u2066\\u2069", true},
    /* Text ends at a NUL, so one inside cannot be carried and the rest would be lost. */
    {"410000004200", "A\\u0000B", "A\\u0000B", false},
};

START_TEST(utf16_becomes_text)
{
    struct fw_buf raw = {0}, out = {0};
    size_t bad_at;

    ck_assert_int_eq(fw_unhex(texts[_i].hex, strlen(texts[_i].hex), &raw, &bad_at), 0);
    bool valid = fw_utf16_text(&out, raw.p, raw.size, FW_ESCAPE_INVALID);
    char *text = fw_buf_take_text(&out);
    ck_assert_str_eq(text, texts[_i].text);
    ck_assert_int_eq(valid, texts[_i].valid);
    free(text);
    ck_assert_int_eq(fw_utf16_text(&out, raw.p, raw.size, FW_ESCAPE_CONTROL), valid);
    text = fw_buf_take_text(&out);
    ck_assert_str_eq(text, texts[_i].shown);
    free(text);
    fw_buf_free(&raw);
}
END_TEST

START_TEST(utf8_is_taken_strictly)
{
    static const struct {
        const char *text;
        size_t size, bad_at;
    } wrong[] = {
        {"\x80", 1, 0},             /* continuation alone */
        {"a\xc0\x80", 3, 1},        /* overlong NUL */
        {"\xc1\xbf", 2, 0},         /* overlong */
        {"\xe0\x80\xaf", 3, 0},     /* overlong */
        {"\xf0\x80\x80\xaf", 4, 0}, /* overlong */
        {"\xed\xa0\x80", 3, 0},     /* surrogate */
        {"\xed\xbf\xbf", 3, 0},     /* surrogate */
        {"\xf4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
        {"\xf8\x88\x80\x80\x80", 5, 0},
        {"ab\xe2\x82", 4, 2}, /* cut */
        {"\xff", 1, 0},
        {"\xc3\x41", 2, 0},
    };
    struct fw_buf out = {0};
    size_t bad_at = 99;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_int_eq(fw_utf16_put(&out, wrong[i].text, wrong[i].size, &bad_at), -1);
        ck_assert_msg(bad_at == wrong[i].bad_at, "case %zu: %zu", i, bad_at);
    }
    fw_buf_free(&out);
}
END_TEST

START_TEST(every_character_survives_a_round_trip)
{
    for (uint32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 251) {
        struct fw_buf utf16 = {0}, utf8 = {0}, again = {0};
        size_t bad_at;

        if (c >= 0xd800 && c < 0xe000)
            continue;
        if (c < 0x10000) {
            fw_buf_put16(&utf16, (uint16_t)c);
        } else {
            fw_buf_put16(&utf16, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
            fw_buf_put16(&utf16, (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        }
        ck_assert(fw_utf16_text(&utf8, utf16.p, utf16.size, FW_ESCAPE_INVALID));
        ck_assert_int_eq(fw_utf16_put(&again, (const char *)utf8.p, utf8.size, &bad_at),
                         0);
        ck_assert_uint_eq(again.size, utf16.size);
        ck_assert_mem_eq(again.p, utf16.p, utf16.size);
        fw_buf_free(&utf16);
        fw_buf_free(&utf8);
        fw_buf_free(&again);
    }
}
END_TEST

START_TEST(length_stops_at_the_nul_or_before_an_odd_byte)
{
    ck_assert_uint_eq(fw_utf16_length((const uint8_t *)"A\0\0\0B\0", 6), 2);
    ck_assert_uint_eq(fw_utf16_length((const uint8_t *)"A\0B", 3), 2);
    ck_assert_uint_eq(fw_utf16_length((const uint8_t *)"A\0B\0", 4), 4);
    ck_assert_uint_eq(fw_utf16_length((const uint8_t *)"\0", 1), 0);
    ck_assert_uint_eq(fw_utf16_length(NULL, 0), 0);
}
END_TEST

START_TEST(what_is_shown_leads_back)
{
    static const char text[] = "A\\u000A\\u000a"; /* lower case is no escape */
    struct fw_buf name = {0};
    size_t bad_at;

    ck_assert_int_eq(fw_utf16_put(&name, text, sizeof text - 1, &bad_at), 0);
    size_t size = fw_utf16_unescape(name.p, name.size);
    ck_assert_uint_eq(size, name.size - 10);
    ck_assert_mem_eq(name.p, "A\0\n\0\\\0u", 7);
    fw_buf_free(&name);
    ck_assert(fw_text_shown_as("A\nB", "A\\u000AB"));
    ck_assert(fw_text_shown_as("\xC3\xA9\\u000A", "\xC3\xA9\\u000A"));
    ck_assert(!fw_text_shown_as("A\nB", "A\nB"));
    ck_assert(!fw_text_shown_as("A\nB", "A\\u000a"));
    ck_assert(!fw_text_shown_as("A\n", "A\\u000AB"));
    ck_assert(!fw_text_shown_as("A\nB", "A"));
    ck_assert(!fw_text_shown_as("\xFF", "\xFF"));
}
END_TEST

START_TEST(text_is_escaped_for_terminals)
{
    static const char raw[] = "a\x1b[1m\xff\xc3\xa4\xe2\x80\xae\n";
    struct fw_buf out = {0};

    fw_text_escaped(&out, raw, sizeof raw - 1);
    char *text = fw_buf_take_text(&out);
    ck_assert_str_eq(text, "a\\u001B[1m\\xFF\xc3\xa4\\u202E\\u000A");
    free(text);
}
END_TEST

/* ---- GUIDs, diagnostics, suggestions ---- */

START_TEST(guid_text)
{
    static const char *const wrong[] = {"",
                                        "8be4df61",
                                        "{8be4df61-93ca-11d2-aa0d-00e098032b8c}",
                                        "8be4df61-93ca-11d2-aa0d-00e098032b8",
                                        "8be4df61-93ca-11d2-aa0d-00e098032b8g",
                                        "8be4df61-93ca-11d2-aa0d-00e098032b8c ",
                                        "8be4df6193ca-11d2-aa0d-00e098032b8c-",
                                        "8be4df61 93ca 11d2 aa0d 00e098032b8c"};
    const struct fwvar_guid global = FWVAR_GUID(0x8be4df61, 0x93ca, 0x11d2, 0xaa, 0x0d,
                                                0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c);
    struct fwvar_guid guid;
    char text[FWVAR_GUID_TEXT_SIZE];

    test_bytes(global.b, "61dfe48bca93d211aa0d00e098032b8c");
    fwvar_guid_format(&global, text);
    ck_assert_str_eq(text, "8be4df61-93ca-11d2-aa0d-00e098032b8c");
    ck_assert_int_eq(fwvar_guid_parse("8BE4DF61-93ca-11D2-aa0d-00e098032B8C", &guid), 0);
    ck_assert(fwvar_guid_equal(&guid, &global));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_msg(fwvar_guid_parse(wrong[i], &guid) == FWVAR_ERR_ARG, "%s", wrong[i]);
        ck_assert(fwvar_guid_equal(&guid, &global)); /* untouched */
    }
    guid.b[15] ^= 1;
    ck_assert(!fwvar_guid_equal(&guid, &global));
}
END_TEST

START_TEST(failures_are_filled_in)
{
    struct fwvar_diag d = {.hint = "old"};

    ck_assert_int_eq(fw_fail(&d, FWVAR_ERR_SPACE, 0x12, "%d too many", 3),
                     FWVAR_ERR_SPACE);
    ck_assert_int_eq(d.code, FWVAR_ERR_SPACE);
    ck_assert_uint_eq(d.offset, 0x12);
    ck_assert_str_eq(d.message, "3 too many");
    ck_assert_str_eq(d.hint, "");
    fw_hint(&d, "%s", "do it");
    ck_assert_str_eq(d.hint, "do it");
    fw_hint(NULL, "nobody asks");
    ck_assert_int_eq(fw_fail(NULL, FWVAR_ERR_IO, 0, "nobody asks"), FWVAR_ERR_IO);
    for (int code = 0; code >= -11; code--)
        ck_assert_str_ne(fwvar_error_text((enum fwvar_error)code), "unknown error");
    ck_assert_str_eq(fwvar_error_text((enum fwvar_error)1), "unknown error");
}
END_TEST

START_TEST(suggestions_are_near)
{
    struct fw_suggest s = fw_suggest("tiemout");

    fw_suggest_try(&s, "BootOrder");
    ck_assert_ptr_null(s.best);
    fw_suggest_try(&s, "Timeout");
    ck_assert_str_eq(s.best, "Timeout");
    fw_suggest_try(&s, "Timeouts"); /* farther */
    ck_assert_str_eq(s.best, "Timeout");
    s = fw_suggest("");
    fw_suggest_try(&s, "a");
    ck_assert_ptr_null(s.best);
}
END_TEST

static const struct {
    const char *pattern, *text;
    bool fits;
} globs[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "", false},
    {"Boot", "Boot", true},
    {"Boot", "boot", false},
    {"Boot", "Boot0", false},
    {"*", "", true},
    {"*", "anything", true},
    {"Boot*", "Boot0001", true},
    {"*Order", "BootOrder", true},
    {"*Order", "BootOrders", false},
    {"B*o*r", "BootOrder", true},
    {"B*x*r", "BootOrder", false},
    {"a*b*c", "abcbcab", false},
    {"a**c", "abc", true},
    {"*ab", "aab", true},
    {"?", "", false},
    {"?", "a", true},
    {"?", "\xC3\xA9", true},         /* one character of two bytes */
    {"??", "\xC3\xA9", false},
    {"?", "\xE2\x82\xAC", true},
    {"?", "\xF0\x9F\x98\x80", true},
    {"?", "\xC3", true},             /* not UTF-8 */
    {"??", "\x80\x80", true},
    {"Boot????", "Boot000A", true},
    {"Boot????", "Boot000", false},
    {"[A-C]", "B", true},
    {"[A-C]", "D", false},
    {"[!A-C]", "D", true},
    {"[^A-C]", "B", false},
    {"[]x]", "]", true},
    {"[!]x]", "]", false},
    {"[a-]", "-", true},
    {"[-a]", "-", true},
    {"[\\]]", "]", true},
    {"[\xC3\xA0-\xC3\xBF]", "\xC3\xA9", true}, /* from a-grave to y-diaeresis */
    {"[\xC3\xA0-\xC3\xBF]", "e", false},
    {"[", "[", true},                /* no set */
    {"[ab", "[ab", true},
    {"[ab", "a", false},
    {"[]", "[]", true},
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"\\", "\\", true},
    {"*[0-9][0-9]", "Boot0012", true},
    {"*[0-9]x", "Boot0012", false},
};

START_TEST(globs_fit_the_whole_text)
{
    ck_assert_msg(fw_glob(globs[_i].pattern, globs[_i].text) == globs[_i].fits, "%s on %s",
                  globs[_i].pattern, globs[_i].text);
}
END_TEST

/* What takes a backtracking matcher ages. */
START_TEST(many_stars_are_fast)
{
    char pattern[2001], text[4001];

    for (size_t i = 0; i < 1000; i++)
        memcpy(pattern + 2 * i, "*a", 2);
    memset(text, 'a', sizeof text - 1);
    pattern[2000] = text[4000] = '\0';
    ck_assert(fw_glob(pattern, text));
    pattern[1999] = 'b';
    ck_assert(!fw_glob(pattern, text));
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("base");
    TCase *bytes = tcase_create("bytes"), *utf16 = tcase_create("utf16");
    TCase *rest = tcase_create("rest");

    tcase_add_test(bytes, ranges_cannot_wrap);
    tcase_add_test(bytes, reader_takes_little_endian_and_stops_at_the_end);
    tcase_add_test(bytes, integers_survive_a_round_trip);
    tcase_add_test(bytes, buffer_grows_and_formats);
    tcase_add_test(bytes, a_bad_buffer_stays_bad);
    tcase_add_test(bytes, skip_finds_the_first_other_byte);
    tcase_add_test(bytes, hex_is_strict);
    tcase_add_test(bytes, sum16_adds_words);
    suite_add_tcase(s, bytes);
    tcase_add_loop_test(utf16, utf16_becomes_text, 0,
                        (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(utf16, utf8_is_taken_strictly);
    tcase_add_test(utf16, every_character_survives_a_round_trip);
    tcase_add_test(utf16, length_stops_at_the_nul_or_before_an_odd_byte);
    tcase_add_test(utf16, text_is_escaped_for_terminals);
    tcase_add_test(utf16, what_is_shown_leads_back);
    suite_add_tcase(s, utf16);
    tcase_add_test(rest, guid_text);
    tcase_add_test(rest, failures_are_filled_in);
    tcase_add_test(rest, suggestions_are_near);
    tcase_add_loop_test(rest, globs_fit_the_whole_text, 0,
                        (int)(sizeof globs / sizeof globs[0]));
    tcase_add_test(rest, many_stars_are_fast);
    suite_add_tcase(s, rest);
    return s;
}

int main(void)
{
    return test_main(make);
}
