/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Makes one allocation of the library fail, which the input chooses. The target is linked
 * with wrappers before all that allocates (tests/fault/wrap_memory.c); those of the
 * target itself work. */
#ifndef FWVAR_TESTS_FUZZ_MEMORY_H
#define FWVAR_TESTS_FUZZ_MEMORY_H

#include <stdbool.h>

/* Of the allocations between memory_begin() and memory_end(), as often as those are
 * called, the @n-th fails; the first is 0. */
void memory_fail(unsigned n);

/* None does any more. */
void memory_feed(void);

void memory_begin(void);

/* True if one has failed since memory_begin(). */
bool memory_end(void);

#endif
