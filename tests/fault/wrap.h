/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What wrappers are made of. The linker sends every call of NAME to __wrap_NAME, and
 * __real_NAME is the function itself. */
#ifndef FWVAR_TESTS_WRAP_H
#define FWVAR_TESTS_WRAP_H

#include "fault/inject.h"

#include <stddef.h>

/* True if the call is to fail; errno is set then. */
bool inject_strike(enum inject_class which, const char *name);
/* How much a read or write is to move. */
size_t inject_portion(size_t size);
/* malloc() of jansson. */
void *inject_json_memory(size_t size);

/* Declares the function that a wrapper stands before, and begins the wrapper. */
#define WRAP(type, name, args)                                                           \
    type __real_##name args;                                                             \
    type __wrap_##name args;                                                             \
    type __wrap_##name args

#define MEMORY(name) inject_strike(INJECT_MEMORY, name)
#define SYSTEM(name) inject_strike(INJECT_SYSTEM, name)

#endif
