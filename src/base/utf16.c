/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "base/utf16.h"

#include <stdio.h>
#include <string.h>

/* Characters that move the cursor, colour the screen or reorder the line. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c ||
           (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void put_utf8(struct fw_buf *out, uint32_t c)
{
    if (c < 0x80) {
        fw_buf_put8(out, (uint8_t)c);
    } else if (c < 0x800) {
        fw_buf_put8(out, (uint8_t)(0xc0 | c >> 6));
        fw_buf_put8(out, (uint8_t)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        fw_buf_put8(out, (uint8_t)(0xe0 | c >> 12));
        fw_buf_put8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        fw_buf_put8(out, (uint8_t)(0x80 | (c & 0x3f)));
    } else {
        fw_buf_put8(out, (uint8_t)(0xf0 | c >> 18));
        fw_buf_put8(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
        fw_buf_put8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        fw_buf_put8(out, (uint8_t)(0x80 | (c & 0x3f)));
    }
}

static bool is_high(uint32_t c)
{
    return c >= 0xd800 && c < 0xdc00;
}

static bool is_low(uint32_t c)
{
    return c >= 0xdc00 && c < 0xe000;
}

bool fw_utf16_text(struct fw_buf *out, const uint8_t *utf16, size_t size,
                   enum fw_escape escape)
{
    bool valid = true;
    size_t i = 0;

    while (size - i >= 2) {
        uint32_t c = fw_le16(utf16 + i);
        i += 2;
        if (is_high(c) && size - i >= 2 && is_low(fw_le16(utf16 + i))) {
            c = 0x10000 + ((c - 0xd800) << 10) + (fw_le16(utf16 + i) - 0xdc00u);
            i += 2;
        } else if (is_high(c) || is_low(c) || c == 0) {
            fw_buf_printf(out, "\\u%04X", (unsigned)c);
            valid = false;
            continue;
        }
        if (escape == FW_ESCAPE_CONTROL && is_control(c))
            fw_buf_printf(out, "\\u%04X", (unsigned)c);
        else
            put_utf8(out, c);
    }
    if (i < size) {
        fw_buf_printf(out, "\\x%02X", (unsigned)utf16[i]);
        valid = false;
    }
    return valid;
}

/* Decodes one UTF-8 character strictly; returns its length or 0. */
static size_t take_utf8(const uint8_t *p, size_t size, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = p[0] < 0x80             ? 1
               : (p[0] & 0xe0) == 0xc0 ? 2
               : (p[0] & 0xf0) == 0xe0 ? 3
               : (p[0] & 0xf8) == 0xf0 ? 4
                                       : 0;
    if (n == 0 || n > size)
        return 0;
    *c = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        *c = *c << 6 | (p[i] & 0x3f);
    }
    if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
        return 0;
    return n;
}

int fw_utf16_put(struct fw_buf *out, const char *utf8, size_t size, size_t *bad_at)
{
    for (size_t i = 0; i < size;) {
        uint32_t c;
        size_t n = take_utf8((const uint8_t *)utf8 + i, size - i, &c);
        if (n == 0) {
            *bad_at = i;
            return -1;
        }
        if (c >= 0x10000) {
            fw_buf_put16(out, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
            fw_buf_put16(out, (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        } else {
            fw_buf_put16(out, (uint16_t)c);
        }
        i += n;
    }
    return 0;
}

#define ESCAPE_UNITS 6 /* \uXXXX */

static bool hex_value(unsigned c, unsigned *value)
{
    if (c >= '0' && c <= '9')
        *value = c - '0';
    else if (c >= 'A' && c <= 'F')
        *value = c - 'A' + 10;
    else
        return false;
    return true;
}

bool fw_utf16_is_escape(const uint8_t *utf16, size_t size, size_t at)
{
    unsigned ignored;

    if (!fw_range_ok(size, at, (size_t)2 * ESCAPE_UNITS) || fw_le16(utf16 + at) != '\\' ||
        fw_le16(utf16 + at + 2) != 'u')
        return false;
    for (size_t k = 2; k < ESCAPE_UNITS; k++) {
        if (!hex_value(fw_le16(utf16 + at + 2 * k), &ignored))
            return false;
    }
    return true;
}

size_t fw_utf16_unescape(uint8_t *utf16, size_t size)
{
    size_t to = 0;

    for (size_t i = 0; size - i >= 2; i += 2, to += 2) {
        unsigned c = fw_le16(utf16 + i), digit = 0;
        if (fw_utf16_is_escape(utf16, size, i)) {
            c = 0;
            for (size_t k = 2; k < ESCAPE_UNITS; k++) {
                hex_value(fw_le16(utf16 + i + 2 * k), &digit);
                c = c << 4 | digit;
            }
            i += (size_t)2 * (ESCAPE_UNITS - 1);
        }
        fw_put16(utf16 + to, (uint16_t)c);
    }
    return to;
}

bool fw_is_utf8(const char *text, size_t size)
{
    uint32_t c;

    for (size_t i = 0, n; i < size; i += n) {
        n = take_utf8((const uint8_t *)text + i, size - i, &c);
        if (n == 0)
            return false;
    }
    return true;
}

size_t fw_utf16_length(const uint8_t *utf16, size_t size)
{
    size_t i = 0;

    while (size - i >= 2 && fw_le16(utf16 + i) != 0)
        i += 2;
    return i;
}

void fw_text_escaped(struct fw_buf *out, const char *utf8, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint32_t c;
        size_t n = take_utf8((const uint8_t *)utf8 + i, size - i, &c);
        if (n == 0)
            fw_buf_printf(out, "\\x%02X", (unsigned)(uint8_t)utf8[i]);
        else if (is_control(c))
            fw_buf_printf(out, "\\u%04X", (unsigned)c);
        else
            fw_buf_put(out, utf8 + i, n);
        i += n ? n : 1;
    }
}

bool fw_text_shown_as(const char *utf8, const char *shown)
{
    size_t left = strlen(utf8), n;

    for (; left > 0; utf8 += n, left -= n) {
        char escape[16];
        uint32_t c;
        n = take_utf8((const uint8_t *)utf8, left, &c);
        if (n == 0)
            return false;
        const char *part = utf8;
        size_t length = n;
        if (is_control(c)) {
            length = (size_t)snprintf(escape, sizeof escape, "\\u%04X", (unsigned)c);
            part = escape;
        }
        if (strncmp(shown, part, length) != 0)
            return false;
        shown += length;
    }
    return *shown == '\0';
}
