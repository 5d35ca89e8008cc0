/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The catalogue of settings: every row, every keyword, every range. */
#include <fwvar/setting.h>

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const boards[] = {"rpi3", "rpi4", "rpi5", "ovmf"};
#define BOARDS (sizeof boards / sizeof boards[0])

static const struct fwvar_setting *row(const char *name, const char *board)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];

    ck_assert_msg(fwvar_setting_find(name, board, found) == 1, "%s", name);
    return found[0];
}

static uint64_t number(const struct fwvar_setting_value *v)
{
    uint64_t n = 0;

    for (size_t i = v->size; i-- > 0;)
        n = n << 8 | v->bytes[i];
    return n;
}

static uint64_t mask(const struct fwvar_setting *s)
{
    return UINT64_MAX >> (64 - 8 * s->size);
}

static bool is_number(const struct fwvar_setting *s)
{
    return s->type == FWVAR_SETTING_UNSIGNED || s->type == FWVAR_SETTING_SIGNED;
}

static struct fwvar_setting_value parse(const struct fwvar_setting *s, const char *board,
                                        const char *text)
{
    struct fwvar_setting_value v;
    struct fwvar_diag diag = {0};

    ck_assert_msg(fwvar_setting_parse(s, board, text, false, &v, &diag) == 0, "%s=%s: %s",
                  s->short_name, text, diag.message);
    return v;
}

static void refused(const struct fwvar_setting *s, const char *board, const char *text,
                    struct fwvar_diag *diag)
{
    struct fwvar_setting_value v;

    memset(diag, 0, sizeof *diag);
    ck_assert_msg(fwvar_setting_parse(s, board, text, false, &v, diag) == FWVAR_ERR_ARG,
                  "%s=%s accepted", s->short_name, text);
    ck_assert_msg(strstr(diag->message, s->short_name), "%s", diag->message);
}

/* What makes a row usable at all. */
START_TEST(rows_are_complete)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);

    ck_assert_ptr_nonnull(s);
    ck_assert(s->name[0] && s->short_name[0] && s->meaning[0]);
    ck_assert_uint_eq(strspn(s->short_name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                      strlen(s->short_name));
    ck_assert_uint_eq(s->attributes & 3, 3);
    ck_assert(s->boards != 0 && (s->boards & ~(unsigned)FWVAR_BOARD_ANY) == 0);
    ck_assert_uint_le(s->size, FWVAR_SETTING_VALUE_MAX);
    if (is_number(s) || s->type == FWVAR_SETTING_BITS) {
        ck_assert(s->size == 1 || s->size == 2 || s->size == 4 || s->size == 8);
        ck_assert(s->keywords || s->ranges);
    }
    ck_assert_ptr_eq(fwvar_setting_by_variable(s->name, &s->guid), s);
}
END_TEST

START_TEST(keywords_round_trip)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);
    char text[FWVAR_SETTING_TEXT_MAX], upper[64], in_brackets[96];
    const struct fwvar_setting_keyword *k = s->keywords;

    for (; k && k->word; k++) {
        for (size_t b = 0; b < BOARDS; b++) {
            unsigned board = fwvar_board_set(boards[b]);
            if (!(board & s->boards) || !(board & k->boards))
                continue;
            struct fwvar_setting_value v = parse(s, boards[b], k->word);
            ck_assert_uint_eq(v.size, s->size);
            ck_assert_uint_eq(number(&v), (uint64_t)k->value & mask(s));
            size_t i = 0;
            for (; k->word[i]; i++)
                upper[i] = (char)(k->word[i] >= 'a' && k->word[i] <= 'z' ? k->word[i] - 32
                                                                         : k->word[i]);
            upper[i] = '\0';
            struct fwvar_setting_value again = parse(s, boards[b], upper);
            ck_assert_mem_eq(again.bytes, v.bytes, v.size);
            /* What is printed is a number and, in brackets behind the topic, a word; both
             * give the same bytes. */
            ck_assert_int_eq(fwvar_setting_format(s, boards[b], v.bytes, v.size, text),
                             0);
            char *end = strstr(text, " (");
            ck_assert_msg(end, "%s", text);
            snprintf(in_brackets, sizeof in_brackets, "%s", end + 2);
            *end = '\0';
            again = parse(s, boards[b], text);
            ck_assert_mem_eq(again.bytes, v.bytes, v.size);
            in_brackets[strlen(in_brackets) - 1] = '\0';
            size_t topic = s->topic ? strlen(s->topic) + 1 : 0;
            again = parse(s, boards[b], in_brackets + topic);
            ck_assert_mem_eq(again.bytes, v.bytes, v.size);
        }
    }
}
END_TEST

static bool has_word(const struct fwvar_setting *s, int64_t value)
{
    const struct fwvar_setting_keyword *k = s->keywords;

    for (; k && k->word; k++) {
        if (k->value == value)
            return true;
    }
    return false;
}

START_TEST(ranges_hold)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);
    const struct fwvar_setting_range *r = s->ranges;
    char text[64], range[64], shown[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_setting_value v;
    struct fwvar_diag diag;

    for (; r && r->boards; r++) {
        const char *board = NULL;
        for (size_t b = 0; b < BOARDS && !board; b++)
            board = fwvar_board_set(boards[b]) & r->boards ? boards[b] : NULL;
        snprintf(range, sizeof range, "%" PRId64 "..%" PRId64, r->min, r->max);
        const int64_t inside[] = {r->min, r->max};
        for (size_t i = 0; i < 2; i++) {
            snprintf(text, sizeof text, "%" PRId64, inside[i]);
            v = parse(s, board, text);
            ck_assert_uint_eq(v.size, s->size);
            ck_assert_uint_eq(number(&v), (uint64_t)inside[i] & mask(s));
            fwvar_setting_format(s, board, v.bytes, v.size, shown);
            ck_assert_msg(!strstr(shown, "unknown"), "%s", shown);
            if (s->unit && !has_word(s, inside[i]))
                ck_assert_msg(strstr(shown, s->unit), "%s", shown);
            if (s->unit) {
                snprintf(text, sizeof text, "%" PRId64 " %s", inside[i], s->unit);
                parse(s, board, text);
                snprintf(text, sizeof text, "%" PRId64 "%s", inside[i], s->unit);
                parse(s, board, text);
            }
        }
        const int64_t outside[] = {r->min - 1, r->max + 1};
        for (size_t i = 0; i < 2; i++) {
            if (has_word(s, outside[i]))
                continue;
            snprintf(text, sizeof text, "%" PRId64, outside[i]);
            refused(s, board, text, &diag);
            ck_assert_msg(strstr(diag.message, range), "%s", diag.message);
        }
    }
}
END_TEST

/* Any number of the width can be forced, none beyond. */
START_TEST(force_takes_the_width)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);
    struct fwvar_setting_value v;
    struct fwvar_diag diag;
    char text[64];

    if (!is_number(s) && s->type != FWVAR_SETTING_BITS)
        return;
    uint64_t top = s->type == FWVAR_SETTING_SIGNED ? mask(s) / 2 : mask(s);
    snprintf(text, sizeof text, "0x%" PRIx64, top);
    ck_assert_int_eq(fwvar_setting_parse(s, NULL, text, true, &v, &diag), 0);
    ck_assert_uint_eq(v.size, s->size);
    ck_assert_uint_eq(number(&v), top);
    snprintf(text, sizeof text, "%" PRIu64 "0", top);
    ck_assert_int_eq(fwvar_setting_parse(s, NULL, text, true, &v, &diag), FWVAR_ERR_ARG);
    ck_assert_int_eq(
        fwvar_setting_parse(s, NULL, "99999999999999999999999", true, &v, &diag),
        FWVAR_ERR_ARG);
}
END_TEST

static const char *const nonsense[] = {"",  "nonsense", "0x", "-",    "1x",
                                       "+", "--1",      " 1", "0x1g", "1e3"};

START_TEST(nonsense_is_refused)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);
    struct fwvar_setting_value v;
    struct fwvar_diag diag;

    if (!is_number(s) && s->type != FWVAR_SETTING_BITS && s->type != FWVAR_SETTING_BYTES)
        return;
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        refused(s, NULL, nonsense[i], &diag);
        ck_assert_int_eq(fwvar_setting_parse(s, NULL, nonsense[i], true, &v, &diag),
                         FWVAR_ERR_ARG);
    }
}
END_TEST

START_TEST(wrong_size_is_told)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);
    char text[FWVAR_SETTING_TEXT_MAX], expected[64];
    uint8_t bytes[FWVAR_SETTING_VALUE_MAX + 1] = {0};

    if (s->size == 0)
        return;
    for (size_t size = 0; size < sizeof bytes; size++) {
        int err = fwvar_setting_format(s, NULL, bytes, size, text);
        ck_assert_int_eq(err, size == s->size ? 0 : FWVAR_ERR_ARG);
        snprintf(expected, sizeof expected, "size %zu, expected %zu", size, s->size);
        if (err)
            ck_assert_str_eq(text, expected);
    }
}
END_TEST

/* Defaults are values one could set, printed without "unknown", on every board. */
START_TEST(defaults_make_sense)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);
    static const char *const versions[] = {"v1.0", "v1.5", "v1.6", "v1.22", "v1.35", ""};
    char text[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_setting_value v;
    bool exact;

    for (size_t b = 0; b < BOARDS; b++) {
        for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
            int err = fwvar_setting_default(s, boards[b], versions[i], &v, &exact);
            if (err) {
                ck_assert_int_eq(err, FWVAR_ERR_NOTFOUND);
                continue;
            }
            ck_assert(s->boards & fwvar_board_set(boards[b]));
            ck_assert_int_eq(fwvar_setting_format(s, boards[b], v.bytes, v.size, text),
                             0);
            /* 0xff until v1.5 has bits without a meaning. */
            if (strcmp(s->short_name, "video-modes") != 0)
                ck_assert_msg(!strstr(text, "unknown"), "%s: %s", s->name, text);
            if (strcmp(boards[b], "rpi4") != 0 || versions[i][0])
                ck_assert(exact);
        }
    }
}
END_TEST

static void default_is(const char *name, const char *board, const char *version,
                       const char *expected, bool sure)
{
    char text[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_setting_value v;
    bool exact = !sure;

    ck_assert_msg(fwvar_setting_default(row(name, board), board, version, &v, &exact) ==
                      0,
                  "%s", name);
    fwvar_setting_format(row(name, board), board, v.bytes, v.size, text);
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(exact, sure);
}

START_TEST(defaults_follow_releases)
{
    struct fwvar_setting_value v;

    default_is("ram-limit", "rpi4", "v1.35", "1 (3 GB limit on)", true);
    default_is("ram-limit", "rpi4", "", "1 (3 GB limit on)", true);
    default_is("ram-limit", "rpi3", "v1.35", "0 (3 GB limit off)", true);
    default_is("sd-routing", "rpi4", "v1.22", "1 (arasan)", true);
    default_is("sd-routing", "rpi4", "v1.23", "0 (emmc2)", true);
    default_is("sd-routing", "rpi4", "v1.9", "1 (arasan)", true);
    default_is("sd-routing", "rpi4", "v0.0.2-62-gc1c9118", "0 (emmc2)", false);
    default_is("sd-routing", "rpi3", NULL, "0 (sdhost)", true);
    default_is("mmc-dma", "rpi4", "v1.26", "0 (off)", true);
    default_is("mmc-dma", "rpi4", "v1.27", "1 (on)", true);
    default_is("custom-cpu-clock", "rpi4", "v1.5", "600 MHz", true);
    default_is("custom-cpu-clock", "rpi4", "v1.40", "1500 MHz", true);
    default_is("system-table", "rpi4", "v1.35", "0 (acpi)", true);
    default_is("asset-tag", "rpi4", "v1.35", "\"\"", true);
    default_is("lang", "rpi4", "v1.35", "\"en-US\"", true);
    default_is("pcie1", "rpi5", NULL, "010200000000000000", true);
    default_is("video-modes", "rpi4", "v1.11",
               "0x3f (800x600+640x480+1024x768+720p+1080p+native)", true);
    default_is("video-modes", "rpi4", "v1.5",
               "0xff (800x600+640x480+1024x768+720p+1080p+native+0xc0)", true);

    ck_assert_int_eq(
        fwvar_setting_default(row("ram-limit", "rpi4"), "", "v1.35", &v, NULL),
        FWVAR_ERR_AMBIGUOUS);
    ck_assert_int_eq(
        fwvar_setting_default(row("ram-limit", "rpi4"), "rpi4", "v1.3", &v, NULL),
        FWVAR_ERR_NOTFOUND);
    ck_assert_int_eq(
        fwvar_setting_default(row("ram-limit", "rpi4"), "rpi5", "", &v, NULL),
        FWVAR_ERR_NOTFOUND);
    ck_assert_int_eq(fwvar_setting_default(row("timeout", "ovmf"), "ovmf", "", &v, NULL),
                     FWVAR_ERR_NOTFOUND);
}
END_TEST

START_TEST(release_spans)
{
    const struct fwvar_setting *policy = row("boot-policy", "rpi4");

    ck_assert_int_eq(fwvar_setting_in_release(policy, "rpi4", "v1.25"), 0);
    ck_assert_int_eq(fwvar_setting_in_release(policy, "rpi4", "v1.26"), 1);
    ck_assert_int_eq(fwvar_setting_in_release(policy, "rpi4", "v1.28"), 1);
    ck_assert_int_eq(fwvar_setting_in_release(policy, "rpi4", "v1.29"), 0);
    ck_assert_int_eq(fwvar_setting_in_release(policy, "rpi4", "v0.0.2"), -1);
    ck_assert_int_eq(fwvar_setting_in_release(policy, "rpi3", "v1.29"), -1);
    ck_assert_int_eq(fwvar_setting_in_release(policy, "rpi5", "v1.27"), 0);
    ck_assert_int_eq(fwvar_setting_in_release(row("jtag", "rpi4"), "rpi4", ""), 1);
    ck_assert_int_eq(fwvar_setting_in_release(row("jtag", "rpi4"), "rpi", ""), -1);
    ck_assert_int_eq(fwvar_setting_in_release(row("timeout", ""), "", ""), 1);
}
END_TEST

/* The names and values that other documents promise. */
START_TEST(promised_names)
{
    struct fwvar_setting_value v = parse(row("ram-limit", "rpi4"), "rpi4", "off");

    ck_assert_str_eq(row("ram-limit", "rpi4")->name, "RamLimitTo3GB");
    ck_assert_uint_eq(v.size, 4);
    ck_assert_uint_eq(number(&v), 0);
    v = parse(row("ram-limit", "rpi4"), "rpi4", "on");
    ck_assert_uint_eq(number(&v), 1);
    v = parse(row("system-table", "rpi4"), "rpi4", "dt");
    ck_assert_uint_eq(number(&v), 2);
    v = parse(row("system-table", "rpi4"), "rpi4", "ACPI+DT");
    ck_assert_uint_eq(number(&v), 1);
    v = parse(row("cpu-clock", "rpi4"), "rpi4", "max");
    ck_assert_uint_eq(number(&v), 2);
    v = parse(row("custom-cpu-clock", "rpi4"), "rpi4", "1500");
    ck_assert_uint_eq(number(&v), 1500);
    ck_assert_ptr_eq(row("RamLimitTo3GB", "rpi4"), row("ram-limit", "rpi4"));
    ck_assert_ptr_nonnull(strstr(row("ram-more-than-3gb", "rpi4")->meaning, "no effect"));
    char text[FWVAR_GUID_TEXT_SIZE];
    fwvar_guid_format(&row("ram-limit", "rpi4")->guid, text);
    ck_assert_str_eq(text, "cd7cc258-31db-22e6-9f22-63b0b8eed6b5");
}
END_TEST

START_TEST(boards_pick_rows)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];

    ck_assert_uint_eq(fwvar_setting_find("system-table", NULL, found), 2);
    ck_assert_uint_eq(fwvar_setting_find("system-table", "", found), 2);
    ck_assert_uint_eq(fwvar_setting_find("system-table", "rpi", found), 2);
    ck_assert_uint_eq(fwvar_setting_find("SystemTableMode", "rpi5", found), 1);
    ck_assert_uint_eq(found[0]->boards, FWVAR_BOARD_RPI5);
    ck_assert_uint_eq(fwvar_setting_find("ram-limit", "rpi5", found), 0);
    ck_assert_uint_eq(fwvar_setting_find("ram-limit", "rpi", found), 1);
    ck_assert_uint_eq(fwvar_setting_find("RAM-LIMIT", "rpi4", found), 0);
    ck_assert_uint_eq(fwvar_setting_find("ram-limit", "ovmf", found), 0);
    ck_assert_uint_eq(fwvar_setting_find("timeout", "ovmf", found), 1);
    ck_assert_ptr_null(fwvar_setting_at(fwvar_setting_count()));
    ck_assert_ptr_null(
        fwvar_setting_by_variable("RamLimitTo3GB", &row("timeout", "")->guid));
}
END_TEST

START_TEST(suggestions)
{
    ck_assert_str_eq(fwvar_setting_suggest("ramlimit"), "ram-limit");
    ck_assert_str_eq(fwvar_setting_suggest("ram-limti"), "ram-limit");
    ck_assert_str_eq(fwvar_setting_suggest("RAM-LIMIT"), "ram-limit");
    ck_assert_str_eq(fwvar_setting_suggest("ramlimitto3gb"), "RamLimitTo3GB");
    ck_assert_ptr_null(fwvar_setting_suggest("zzzzzzzz"));
    ck_assert_ptr_null(fwvar_setting_suggest(""));
    ck_assert_ptr_null(fwvar_setting_suggest(
        "a-name-that-is-much-longer-than-any-name-of-a-setting-could-ever-be-in-here"));

    struct fwvar_diag diag;
    refused(row("cpu-clock", "rpi4"), "rpi4", "costum", &diag);
    ck_assert_str_eq(diag.message,
                     "\"costum\" is not a value of cpu-clock: low, default, max, custom");
    ck_assert_str_eq(diag.hint, "did you mean custom?");
    refused(row("fan-temp", "rpi4"), "rpi4", "97", &diag);
    ck_assert_str_eq(diag.message, "\"97\" is not a value of fan-temp: 50..80 C");
    ck_assert_str_eq(diag.hint, "any number of 32 bits can be forced");
}
END_TEST

START_TEST(boards_differ_in_values)
{
    struct fwvar_diag diag;
    char text[FWVAR_SETTING_TEXT_MAX];
    uint8_t zero[4] = {0};

    parse(row("custom-cpu-clock", "rpi4"), "rpi4", "2200");
    refused(row("custom-cpu-clock", "rpi3"), "rpi3", "2200", &diag);
    ck_assert_ptr_nonnull(strstr(diag.message, "100..1500 MHz"));
    parse(row("custom-cpu-clock", "rpi"), "rpi", "2200");
    refused(row("sd-routing", "rpi4"), "rpi4", "sdhost", &diag);
    parse(row("sd-routing", "rpi3"), "rpi3", "sdhost");
    fwvar_setting_format(row("sd-routing", "rpi3"), "rpi3", zero, sizeof zero, text);
    ck_assert_str_eq(text, "0 (sdhost)");
    fwvar_setting_allowed(row("sd-routing", "rpi4"), NULL, text);
    ck_assert_str_eq(text, "emmc2, sdhost, arasan");
    fwvar_setting_allowed(row("sd-routing", "rpi4"), "rpi4", text);
    ck_assert_str_eq(text, "emmc2, arasan");
}
END_TEST

START_TEST(text_values)
{
    const struct fwvar_setting *tag = row("asset-tag", "rpi4");
    const struct fwvar_setting *lang = row("lang", "");
    char text[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_diag diag;
    struct fwvar_setting_value v = parse(tag, NULL, "Rack 7 \xc3\xa9");

    ck_assert_uint_eq(v.size, 66);
    ck_assert_mem_eq(v.bytes,
                     "R\0a\0c\0k\0 \0"
                     "7\0 \0\xe9\0\0\0",
                     18);
    for (size_t i = 16; i < 66; i++)
        ck_assert_uint_eq(v.bytes[i], 0);
    fwvar_setting_format(tag, NULL, v.bytes, v.size, text);
    ck_assert_str_eq(text, "\"Rack 7 \xc3\xa9\"");
    v = parse(tag, NULL, "0123456789abcdef0123456789abcdef");
    ck_assert_uint_eq(v.bytes[62], 'f');
    ck_assert_uint_eq(v.bytes[64] | v.bytes[65], 0);
    refused(tag, NULL, "0123456789abcdef0123456789abcdefg", &diag);
    ck_assert_ptr_nonnull(strstr(diag.message, "33 UTF-16 units, at most 32"));
    refused(tag, NULL, "a\xff", &diag);
    ck_assert_ptr_nonnull(strstr(diag.message, "byte 2"));
    v = parse(tag, NULL, "");
    ck_assert_uint_eq(v.size, 66);
    v.bytes[10] = 1;
    fwvar_setting_format(tag, NULL, v.bytes, v.size, text);
    ck_assert_str_eq(text, "\"\" (bytes follow the NUL)");
    memset(v.bytes, 0x1b, 66);
    fwvar_setting_format(tag, NULL, v.bytes, v.size, text);
    ck_assert_ptr_nonnull(strstr(text, "(no NUL)"));
    ck_assert_ptr_null(strchr(text, 0x1b));

    v = parse(lang, NULL, "de-DE");
    ck_assert_uint_eq(v.size, 6);
    ck_assert_mem_eq(v.bytes, "de-DE", 6);
    refused(lang, NULL, "", &diag);
    refused(lang, NULL, "d\te", &diag);
    ck_assert_int_eq(fwvar_setting_format(lang, NULL, v.bytes, 5, text), 0);
    ck_assert_str_eq(text, "\"de-DE\" (no NUL)");
    ck_assert_int_eq(fwvar_setting_format(lang, NULL, NULL, 0, text), 0);
    ck_assert_str_eq(text, "\"\" (no NUL)");
    static uint8_t long_text[60000];
    memset(long_text, 7, sizeof long_text);
    ck_assert_int_eq(fwvar_setting_format(lang, NULL, long_text, sizeof long_text, text),
                     0);
    ck_assert_ptr_nonnull(strstr(text, "...\" (no NUL)"));
}
END_TEST

START_TEST(bit_sets)
{
    const struct fwvar_setting *modes = row("video-modes", "rpi4");
    struct fwvar_setting_value v = parse(modes, NULL, "720p+native");
    char text[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_diag diag;

    ck_assert_uint_eq(v.size, 1);
    ck_assert_uint_eq(v.bytes[0], 0x28);
    v = parse(modes, NULL, "800x600,640x480,0x10");
    ck_assert_uint_eq(v.bytes[0], 0x13);
    v = parse(modes, NULL, "63");
    ck_assert_uint_eq(v.bytes[0], 0x3f);
    v = parse(modes, NULL, "0");
    fwvar_setting_format(modes, NULL, v.bytes, v.size, text);
    ck_assert_str_eq(text, "0x00 (none)");
    refused(modes, NULL, "0x40", &diag);
    refused(modes, NULL, "720p+", &diag);
    refused(modes, NULL, "+720p", &diag);
    refused(modes, NULL, "720p++native", &diag);
    refused(modes, NULL, "720", &diag);
    ck_assert_ptr_nonnull(strstr(diag.message, "1080p+native"));
    ck_assert_int_eq(fwvar_setting_parse(modes, NULL, "0xff", true, &v, &diag), 0);
    ck_assert_uint_eq(v.bytes[0], 0xff);
}
END_TEST

START_TEST(numbers_of_every_form)
{
    const struct fwvar_setting *zone = row("rtc-timezone", "rpi4");
    char text[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_diag diag;
    struct fwvar_setting_value v = parse(zone, NULL, "-60");

    ck_assert_mem_eq(v.bytes, "\xc4\xff", 2);
    fwvar_setting_format(zone, NULL, v.bytes, v.size, text);
    ck_assert_str_eq(text, "-60 min");
    ck_assert_int_eq(fwvar_setting_parse(zone, NULL, "-32768", true, &v, &diag), 0);
    fwvar_setting_format(zone, NULL, v.bytes, v.size, text);
    ck_assert_str_eq(text, "-32768 (unknown)");
    ck_assert_int_eq(fwvar_setting_parse(zone, NULL, "-32769", true, &v, &diag),
                     FWVAR_ERR_ARG);
    v = parse(row("timeout", ""), NULL, "0x1E s");
    ck_assert_mem_eq(v.bytes, "\x1e\0", 2);
    v = parse(row("timeout", ""), NULL, "forever");
    ck_assert_mem_eq(v.bytes, "\xff\xff", 2);
    refused(row("timeout", ""), NULL, "65536", &diag);
    ck_assert_str_eq(diag.hint, "Timeout holds 16 bits");
    refused(row("timeout", ""), NULL, "-1", &diag);
    uint8_t odd[4] = {7, 0, 0, 0};
    fwvar_setting_format(row("ram-limit", "rpi4"), NULL, odd, 4, text);
    ck_assert_str_eq(text, "7 (unknown)");
    uint8_t far_off[8];
    memset(far_off, 0xff, sizeof far_off);
    fwvar_setting_format(row("rtc-epoch", "rpi4"), NULL, far_off, 8, text);
    ck_assert_str_eq(text, "18446744073709551615 (unknown)");
    v = parse(row("pcie1", "rpi5"), NULL, "000300000000000000");
    ck_assert_uint_eq(v.size, 9);
    ck_assert_uint_eq(v.bytes[1], 3);
}
END_TEST

int main(void)
{
    const int rows = (int)fwvar_setting_count();
    Suite *suite = suite_create("settings");
    TCase *tc = tcase_create("rows");

    tcase_add_loop_test(tc, rows_are_complete, 0, rows);
    tcase_add_loop_test(tc, keywords_round_trip, 0, rows);
    tcase_add_loop_test(tc, ranges_hold, 0, rows);
    tcase_add_loop_test(tc, force_takes_the_width, 0, rows);
    tcase_add_loop_test(tc, nonsense_is_refused, 0, rows);
    tcase_add_loop_test(tc, wrong_size_is_told, 0, rows);
    tcase_add_loop_test(tc, defaults_make_sense, 0, rows);
    suite_add_tcase(suite, tc);
    tc = tcase_create("values");
    tcase_add_test(tc, defaults_follow_releases);
    tcase_add_test(tc, release_spans);
    tcase_add_test(tc, promised_names);
    tcase_add_test(tc, boards_pick_rows);
    tcase_add_test(tc, suggestions);
    tcase_add_test(tc, boards_differ_in_values);
    tcase_add_test(tc, text_values);
    tcase_add_test(tc, bit_sets);
    tcase_add_test(tc, numbers_of_every_form);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
