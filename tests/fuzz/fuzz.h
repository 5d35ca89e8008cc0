/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What every fuzz target has. A target is one file with LLVMFuzzerTestOneInput(); it is
 * linked with libFuzzer, with AFL++'s driver, or with replay.c. A broken promise aborts.
 */
#ifndef FWVAR_TESTS_FUZZ_H
#define FWVAR_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts with what was promised if @what does not hold. */
#define PROMISE(what)                                                                    \
    do {                                                                                 \
        if (!(what)) {                                                                   \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #what);           \
            abort();                                                                     \
        }                                                                                \
    } while (0)

#endif
