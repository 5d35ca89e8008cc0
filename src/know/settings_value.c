/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Values of settings: text to bytes and back. */
#include "base/diag.h"
#include "base/suggest.h"
#include "base/utf16.h"
#include "know/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Characters of a text that are shown; the rest of a hostile one is cut. */
#define SHOWN_MAX 150

void fw_setting_store(const struct fwvar_setting *setting, uint64_t number,
                      struct fwvar_setting_value *value)
{
    value->size = setting->size;
    for (size_t i = 0; i < setting->size; i++)
        value->bytes[i] = (uint8_t)(number >> (8 * i) & 0xff);
}

static uint64_t load(const struct fwvar_setting *setting, const uint8_t *bytes)
{
    uint64_t number = 0;

    for (size_t i = setting->size; i-- > 0;)
        number = number << 8 | bytes[i];
    if (setting->type == FWVAR_SETTING_SIGNED && bytes[setting->size - 1] & 0x80 &&
        setting->size < 8)
        number |= UINT64_MAX << (8 * setting->size);
    return number;
}

/* The numbers that make sense on any of the boards. */
static bool range_of(const struct fwvar_setting *setting, unsigned boards, int64_t *min,
                     int64_t *max)
{
    const struct fwvar_setting_range *r = setting->ranges;
    bool any = false;

    for (; r && r->boards; r++) {
        if (!(r->boards & boards))
            continue;
        *min = any && *min < r->min ? *min : r->min;
        *max = any && *max > r->max ? *max : r->max;
        any = true;
    }
    return any;
}

/* The first word of a value. */
static const char *word_of(const struct fwvar_setting *setting, unsigned boards,
                           int64_t value)
{
    const struct fwvar_setting_keyword *k = setting->keywords;

    for (; k && k->word; k++) {
        if (k->value == value && k->boards & boards)
            return k->word;
    }
    return NULL;
}

static const struct fwvar_setting_keyword *find_word(const struct fwvar_setting *setting,
                                                     unsigned boards, const char *text,
                                                     size_t length)
{
    const struct fwvar_setting_keyword *k = setting->keywords;

    for (; k && k->word; k++) {
        if (k->boards & boards && strlen(k->word) == length &&
            strncasecmp(k->word, text, length) == 0)
            return k;
    }
    return NULL;
}

/* A row is asked about boards it has; others (`--force` on a foreign one) get them all.
 */
static unsigned boards_of(const struct fwvar_setting *setting, const char *board)
{
    unsigned boards = fwvar_board_set(board) & setting->boards;

    return boards ? boards : setting->boards;
}

/* Whether a word is another one for what an earlier word says on the same board. */
static bool is_alias(const struct fwvar_setting_keyword *first,
                     const struct fwvar_setting_keyword *k)
{
    for (; first < k; first++) {
        if (first->value == k->value && first->boards & k->boards)
            return true;
    }
    return false;
}

static void put_words(struct fw_buf *out, const struct fwvar_setting *setting,
                      unsigned boards, const char *separator)
{
    const struct fwvar_setting_keyword *k = setting->keywords;

    for (; k && k->word; k++) {
        if (k->boards & boards && !is_alias(setting->keywords, k))
            fw_buf_printf(out, "%s%s", out->size ? separator : "", k->word);
    }
}

static void put_allowed(struct fw_buf *out, const struct fwvar_setting *setting,
                        unsigned boards)
{
    int64_t min = 0, max = 0;

    switch (setting->type) {
    case FWVAR_SETTING_UTF16:
        fw_buf_printf(out, "text of up to %zu characters", setting->size / 2 - 1);
        return;
    case FWVAR_SETTING_ASCII:
        fw_buf_text(out, "ASCII text");
        return;
    case FWVAR_SETTING_BYTES:
        fw_buf_printf(out, "%zu hex digits", setting->size * 2);
        return;
    case FWVAR_SETTING_BITS:
        put_words(out, setting, boards, "+");
        return;
    case FWVAR_SETTING_UNSIGNED:
    case FWVAR_SETTING_SIGNED:
        break;
    }
    put_words(out, setting, boards, ", ");
    if (range_of(setting, boards, &min, &max))
        fw_buf_printf(out, "%s%" PRId64 "..%" PRId64 "%s%s", out->size ? ", " : "", min,
                      max, setting->unit ? " " : "", setting->unit ? setting->unit : "");
}

/* Copies what was built to the caller's text, cut to fit. */
static int hand_over(struct fw_buf *from, char text[FWVAR_SETTING_TEXT_MAX])
{
    char *built = fw_buf_take_text(from);

    snprintf(text, FWVAR_SETTING_TEXT_MAX, "%s", built ? built : "out of memory");
    free(built);
    return built ? FWVAR_OK : FWVAR_ERR_NOMEM;
}

int fwvar_setting_allowed(const struct fwvar_setting *setting, const char *board,
                          char text[FWVAR_SETTING_TEXT_MAX])
{
    struct fw_buf out = {0};

    put_allowed(&out, setting, boards_of(setting, board));
    return hand_over(&out, text);
}

/* Says what would have been right, and what was probably meant. */
static int refuse(const struct fwvar_setting *setting, unsigned boards, const char *text,
                  struct fwvar_diag *diag)
{
    char allowed[FWVAR_SETTING_TEXT_MAX];
    const struct fwvar_setting_keyword *k = setting->keywords;
    struct fw_suggest near = fw_suggest(text);
    struct fw_buf out = {0}, shown = {0};

    put_allowed(&out, setting, boards);
    fw_text_escaped(&shown, text, strnlen(text, SHOWN_MAX));
    char *quoted = fw_buf_take_text(&shown);
    if (hand_over(&out, allowed) != 0 || !quoted) {
        free(quoted);
        return fw_nomem(diag);
    }
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "\"%.200s\" is not a value of %s: %s",
            quoted, setting->short_name, allowed);
    free(quoted);
    for (; k && k->word; k++) {
        if (k->boards & boards)
            fw_suggest_try(&near, k->word);
    }
    if (near.best)
        fw_hint(diag, "did you mean %s?", near.best);
    return FWVAR_ERR_ARG;
}

/* A number as it is written: the magnitude and the sign. */
struct number {
    uint64_t magnitude;
    bool negative;
};

/* The value of a digit, or @base if it is none. */
static unsigned digit_of(char c, unsigned base)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return base == 16 && c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : base;
}

static bool take_digits(const char **text, size_t *length, uint64_t *n)
{
    unsigned base = 10;
    size_t i = 0;

    if (*length > 2 && (*text)[0] == '0' && ((*text)[1] | 0x20) == 'x') {
        base = 16;
        i = 2;
    }
    size_t start = i;
    for (*n = 0; i < *length; i++) {
        char c = (*text)[i];
        unsigned digit = digit_of(c, base);
        if (digit == base)
            break;
        if (*n > (UINT64_MAX - digit) / base)
            return false;
        *n = *n * base + digit;
    }
    *text += i;
    *length -= i;
    return i > start;
}

/* Reads [-]digits, then nothing, or the unit after spaces. */
static bool read_number(const struct fwvar_setting *setting, const char *text,
                        size_t length, struct number *n)
{
    n->negative = length > 0 && *text == '-';
    if (n->negative) {
        text++;
        length--;
    }
    if (!take_digits(&text, &length, &n->magnitude))
        return false;
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    return length == 0 || (setting->unit && strlen(setting->unit) == length &&
                           strncasecmp(text, setting->unit, length) == 0);
}

/* Whether the number can be stored at all; *raw is its two's complement. */
static bool fits(const struct fwvar_setting *setting, struct number n, uint64_t *raw)
{
    unsigned bits = (unsigned)setting->size * 8;
    uint64_t top = UINT64_MAX >> (64 - bits);

    *raw = n.negative ? 0 - n.magnitude : n.magnitude;
    if (setting->type != FWVAR_SETTING_SIGNED)
        return n.negative ? n.magnitude == 0 : n.magnitude <= top;
    return n.negative ? n.magnitude <= top / 2 + 1 : n.magnitude <= top / 2;
}

static bool makes_sense(const struct fwvar_setting *setting, unsigned boards,
                        struct number n, uint64_t raw)
{
    int64_t min = 0, max = 0;

    if (!n.negative && n.magnitude > INT64_MAX)
        return false;
    if (word_of(setting, boards, (int64_t)raw))
        return true;
    return range_of(setting, boards, &min, &max) && (int64_t)raw >= min &&
           (int64_t)raw <= max;
}

static int parse_number(const struct fwvar_setting *setting, unsigned boards,
                        const char *text, bool force, struct fwvar_setting_value *value,
                        struct fwvar_diag *diag)
{
    const struct fwvar_setting_keyword *word =
        find_word(setting, boards, text, strlen(text));
    struct number n;
    uint64_t raw;

    if (word) {
        fw_setting_store(setting, (uint64_t)word->value, value);
        return FWVAR_OK;
    }
    if (!read_number(setting, text, strlen(text), &n))
        return refuse(setting, boards, text, diag);
    if (!fits(setting, n, &raw)) {
        refuse(setting, boards, text, diag);
        fw_hint(diag, "%s holds %zu bits", setting->name, setting->size * 8);
        return FWVAR_ERR_ARG;
    }
    if (!force && !makes_sense(setting, boards, n, raw)) {
        refuse(setting, boards, text, diag);
        fw_hint(diag, "any number of %zu bits can be forced", setting->size * 8);
        return FWVAR_ERR_ARG;
    }
    fw_setting_store(setting, raw, value);
    return FWVAR_OK;
}

static uint64_t known_bits(const struct fwvar_setting *setting, unsigned boards)
{
    const struct fwvar_setting_keyword *k = setting->keywords;
    uint64_t bits = 0;

    for (; k && k->word; k++) {
        if (k->boards & boards)
            bits |= (uint64_t)k->value;
    }
    return bits;
}

static int parse_bits(const struct fwvar_setting *setting, unsigned boards,
                      const char *text, bool force, struct fwvar_setting_value *value,
                      struct fwvar_diag *diag)
{
    uint64_t bits = 0;

    for (const char *p = text;; p++) {
        size_t length = strcspn(p, "+,");
        const struct fwvar_setting_keyword *word = find_word(setting, boards, p, length);
        struct number n;
        uint64_t raw;

        if (word)
            raw = (uint64_t)word->value;
        else if (!read_number(setting, p, length, &n) || !fits(setting, n, &raw))
            return refuse(setting, boards, text, diag);
        if (!force && raw & ~known_bits(setting, boards))
            return refuse(setting, boards, text, diag);
        bits |= raw;
        p += length;
        if (!*p)
            break;
    }
    fw_setting_store(setting, bits, value);
    return FWVAR_OK;
}

static int parse_utf16(const struct fwvar_setting *setting, const char *text,
                       struct fwvar_setting_value *value, struct fwvar_diag *diag)
{
    struct fw_buf units = {0};
    size_t bad_at, room = setting->size - 2;

    if (fw_utf16_put(&units, text, strlen(text), &bad_at) != 0) {
        fw_buf_free(&units);
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "%s: byte %zu of the text is not valid UTF-8", setting->short_name,
                       bad_at + 1);
    }
    size_t size = units.size;
    bool bad = units.bad;
    memset(value->bytes, 0, sizeof value->bytes);
    if (!bad && size > 0 && size <= room)
        memcpy(value->bytes, units.p, size);
    value->size = setting->size;
    fw_buf_free(&units);
    if (bad)
        return fw_nomem(diag);
    if (size > room)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "%s: the text has %zu UTF-16 units, at most %zu fit",
                       setting->short_name, size / 2, room / 2);
    return FWVAR_OK;
}

static int parse_ascii(const struct fwvar_setting *setting, const char *text,
                       struct fwvar_setting_value *value, struct fwvar_diag *diag)
{
    size_t length = strlen(text);

    if (length == 0 || length >= sizeof value->bytes)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "%s: the text has %zu characters, 1 to %zu are accepted",
                       setting->short_name, length, sizeof value->bytes - 1);
    for (size_t i = 0; i < length; i++) {
        if (text[i] < 0x20 || text[i] > 0x7e)
            return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "%s: character %zu is not printable ASCII",
                           setting->short_name, i + 1);
    }
    memcpy(value->bytes, text, length + 1);
    value->size = length + 1;
    return FWVAR_OK;
}

static int parse_bytes(const struct fwvar_setting *setting, const char *text,
                       struct fwvar_setting_value *value, struct fwvar_diag *diag)
{
    struct fw_buf raw = {0};
    size_t bad_at, length = strlen(text);

    if (length != setting->size * 2 || fw_unhex(text, length, &raw, &bad_at) != 0 ||
        raw.bad) {
        bool nomem = raw.bad;
        fw_buf_free(&raw);
        return nomem ? fw_nomem(diag) : refuse(setting, setting->boards, text, diag);
    }
    memcpy(value->bytes, raw.p, raw.size);
    value->size = raw.size;
    fw_buf_free(&raw);
    return FWVAR_OK;
}

int fwvar_setting_parse(const struct fwvar_setting *setting, const char *board,
                        const char *text, bool force, struct fwvar_setting_value *value,
                        struct fwvar_diag *diag)
{
    unsigned boards = boards_of(setting, board);

    switch (setting->type) {
    case FWVAR_SETTING_UNSIGNED:
    case FWVAR_SETTING_SIGNED:
        return parse_number(setting, boards, text, force, value, diag);
    case FWVAR_SETTING_BITS:
        return parse_bits(setting, boards, text, force, value, diag);
    case FWVAR_SETTING_UTF16:
        return parse_utf16(setting, text, value, diag);
    case FWVAR_SETTING_ASCII:
        return parse_ascii(setting, text, value, diag);
    case FWVAR_SETTING_BYTES:
        return parse_bytes(setting, text, value, diag);
    }
    return FWVAR_ERR_ARG;
}

static void put_number(struct fw_buf *out, const struct fwvar_setting *setting,
                       unsigned boards, uint64_t raw)
{
    bool negative = setting->type == FWVAR_SETTING_SIGNED && raw > INT64_MAX;
    struct number n = {negative ? 0 - raw : raw, negative};
    const char *word = raw <= INT64_MAX ? word_of(setting, boards, (int64_t)raw) : NULL;

    fw_buf_printf(out, "%s%" PRIu64, negative ? "-" : "", n.magnitude);
    if (word)
        fw_buf_printf(out, " (%s%s%s)", setting->topic ? setting->topic : "",
                      setting->topic ? " " : "", word);
    else if (!makes_sense(setting, boards, n, raw))
        fw_buf_text(out, " (unknown)");
    else if (setting->unit)
        fw_buf_printf(out, " %s", setting->unit);
}

static void put_bit_words(struct fw_buf *out, const struct fwvar_setting *setting,
                          unsigned boards, uint64_t bits)
{
    const struct fwvar_setting_keyword *k = setting->keywords;
    uint64_t other = bits & ~known_bits(setting, boards);
    const char *before = "";

    for (; k && k->word; k++) {
        if (k->boards & boards && bits & (uint64_t)k->value) {
            fw_buf_printf(out, "%s%s", before, k->word);
            before = "+";
        }
    }
    if (other)
        fw_buf_printf(out, "%s0x%" PRIx64, before, other);
}

static void put_bits(struct fw_buf *out, const struct fwvar_setting *setting,
                     unsigned boards, uint64_t bits)
{
    fw_buf_printf(out, "0x%0*" PRIx64 " (", (int)setting->size * 2, bits);
    put_bit_words(out, setting, boards, bits);
    fw_buf_text(out, bits == 0 ? "none)" : ")");
}

static void put_utf16(struct fw_buf *out, const uint8_t *bytes, size_t size)
{
    size_t length = fw_utf16_length(bytes, size);

    fw_buf_text(out, "\"");
    fw_utf16_text(out, bytes, length, FW_ESCAPE_CONTROL);
    fw_buf_text(out, "\"");
    if (length == size)
        fw_buf_text(out, " (no NUL)");
    else if (fw_skip_bytes(bytes, length, size, 0) != size)
        fw_buf_text(out, " (bytes follow the NUL)");
}

static void put_ascii(struct fw_buf *out, const uint8_t *bytes, size_t size)
{
    size_t length = size ? strnlen((const char *)bytes, size) : 0;

    fw_buf_text(out, "\"");
    fw_text_escaped(out, (const char *)bytes, length < SHOWN_MAX ? length : SHOWN_MAX);
    fw_buf_text(out, length < SHOWN_MAX ? "\"" : "...\"");
    if (length == size)
        fw_buf_text(out, " (no NUL)");
    else if (length + 1 < size)
        fw_buf_text(out, " (bytes follow the NUL)");
}

int fwvar_setting_format(const struct fwvar_setting *setting, const char *board,
                         const uint8_t *bytes, size_t size,
                         char text[FWVAR_SETTING_TEXT_MAX])
{
    unsigned boards = boards_of(setting, board);
    struct fw_buf out = {0};

    if (setting->size && size != setting->size) {
        snprintf(text, FWVAR_SETTING_TEXT_MAX, "size %zu, expected %zu", size,
                 setting->size);
        return FWVAR_ERR_ARG;
    }
    switch (setting->type) {
    case FWVAR_SETTING_UNSIGNED:
    case FWVAR_SETTING_SIGNED:
        put_number(&out, setting, boards, load(setting, bytes));
        break;
    case FWVAR_SETTING_BITS:
        put_bits(&out, setting, boards, load(setting, bytes));
        break;
    case FWVAR_SETTING_UTF16:
        put_utf16(&out, bytes, size);
        break;
    case FWVAR_SETTING_ASCII:
        put_ascii(&out, bytes, size);
        break;
    case FWVAR_SETTING_BYTES:
        fw_buf_hex(&out, bytes, size);
        break;
    }
    return hand_over(&out, text);
}

void fw_setting_typed(const struct fwvar_setting *setting, const char *board,
                      const uint8_t *bytes, size_t size, struct fw_buf *out)
{
    unsigned boards = boards_of(setting, board);
    bool is_number =
        setting->type == FWVAR_SETTING_UNSIGNED || setting->type == FWVAR_SETTING_SIGNED;
    uint64_t raw =
        is_number || setting->type == FWVAR_SETTING_BITS ? load(setting, bytes) : 0;
    const char *word =
        is_number && raw <= INT64_MAX ? word_of(setting, boards, (int64_t)raw) : NULL;

    if (word)
        fw_buf_text(out, word);
    else if (setting->type == FWVAR_SETTING_SIGNED)
        fw_buf_printf(out, "%" PRId64, (int64_t)raw);
    else if (is_number || (setting->type == FWVAR_SETTING_BITS && raw == 0))
        fw_buf_printf(out, "%" PRIu64, raw);
    else if (setting->type == FWVAR_SETTING_BITS)
        put_bit_words(out, setting, boards, raw);
    else if (setting->type == FWVAR_SETTING_UTF16)
        fw_utf16_text(out, bytes, fw_utf16_length(bytes, size), FW_ESCAPE_INVALID);
    else if (setting->type == FWVAR_SETTING_ASCII)
        fw_buf_put(out, bytes, size ? strnlen((const char *)bytes, size) : 0);
    else
        fw_buf_hex(out, bytes, size);
}
