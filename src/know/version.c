/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "know/version.h"

#include <stddef.h>

/* Major version 0 is what private builds of the same sources call themselves
 * ("v0.0.2-61-gaeb5c96"); they have no place among the releases. */
static bool is_release(const char *v)
{
    if (!v || v[0] != 'v' || v[1] < '1' || v[1] > '9')
        return false;
    size_t digits = 0, components = 1;
    for (v++; *v; v++) {
        if (*v == '.' && digits > 0) {
            components++;
            digits = 0;
        } else if (*v >= '0' && *v <= '9' && digits < 6) {
            digits++;
        } else {
            return false;
        }
    }
    return digits > 0 && components >= 2;
}

/* Reads one number and steps over the dot behind it; a missing component is 0. */
static unsigned take_number(const char **p)
{
    unsigned n = 0;

    for (; **p >= '0' && **p <= '9'; (*p)++)
        n = n * 10 + (unsigned)(**p - '0');
    if (**p == '.')
        (*p)++;
    return n;
}

enum fwvar_order fwvar_version_compare(const char *a, const char *b)
{
    if (!is_release(a) || !is_release(b))
        return FWVAR_ORDER_UNKNOWN;
    a++;
    b++;
    while (*a || *b) {
        unsigned x = take_number(&a), y = take_number(&b);
        if (x != y)
            return x < y ? FWVAR_ORDER_OLDER : FWVAR_ORDER_NEWER;
    }
    return FWVAR_ORDER_SAME;
}

int fw_version_within(const char *version, const char *since, const char *until)
{
    if (!since && !until)
        return 1;
    if (!is_release(version))
        return -1;
    if (since && fwvar_version_compare(version, since) == FWVAR_ORDER_OLDER)
        return 0;
    return !until || fwvar_version_compare(version, until) != FWVAR_ORDER_NEWER;
}
