/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fuzz/memory.h"

#include "fault/wrap.h"

#include <errno.h>

static bool counting, struck, chosen;
static unsigned left; /* allocations before the one that fails */

void memory_fail(unsigned n)
{
    chosen = true;
    left = n;
}

void memory_feed(void)
{
    chosen = false;
}

void memory_begin(void)
{
    counting = true;
    struck = false;
}

bool memory_end(void)
{
    counting = false;
    return struck;
}

bool inject_strike(enum inject_class which, const char *name)
{
    (void)which;
    (void)name;
    if (!counting || !chosen || left-- > 0)
        return false;
    chosen = false;
    struck = true;
    errno = ENOMEM;
    return true;
}
