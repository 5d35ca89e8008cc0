/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "base/glob.h"

#include <stddef.h>
#include <stdint.h>

/* The character at *text as a number that orders as code points do, and moves past it;
 * what is not UTF-8 counts as some character too. */
static uint32_t take(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    size_t more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
    uint32_t c = p[0];
    size_t n = 1;

    while (n <= more && (p[n] & 0xC0) == 0x80)
        c = c << 8 | p[n++];
    *text += n;
    return c;
}

/* A character of a pattern, which `\` may protect. */
static uint32_t take_plain(const char **pattern)
{
    if (**pattern == '\\' && (*pattern)[1])
        ++*pattern;
    return take(pattern);
}

/* A set behind its `[`. Returns what follows the `]`, or NULL if there is none. */
static const char *match_set(const char *p, uint32_t c, bool *fits)
{
    bool negated = *p == '!' || *p == '^', found = false;

    p += negated;
    for (bool first = true; first || *p != ']'; first = false) {
        if (!*p)
            return NULL;
        uint32_t from = take_plain(&p), to = from;
        if (p[0] == '-' && p[1] && p[1] != ']') {
            p++;
            to = take_plain(&p);
        }
        found |= from <= c && c <= to;
    }
    *fits = found != negated;
    return p + 1;
}

/* Matches one character of @text and moves both on; false if it does not fit. */
static bool match_one(const char **pattern, const char **text)
{
    uint32_t c = take(text);
    const char *rest;
    bool fits;

    if (**pattern == '?') {
        ++*pattern;
        return true;
    }
    if (**pattern == '[' && (rest = match_set(*pattern + 1, c, &fits)) != NULL) {
        *pattern = rest;
        return fits;
    }
    return **pattern && take_plain(pattern) == c;
}

bool fw_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *from = NULL; /* behind the last `*`, and what it left */

    for (;;) {
        if (*pattern == '*') {
            star = ++pattern;
            from = text;
        } else if (!*text) {
            return !*pattern;
        } else if (!match_one(&pattern, &text)) {
            if (!star)
                return false;
            take(&from); /* the last `*` takes one more; an earlier one need not */
            pattern = star;
            text = from;
        }
    }
}
