/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Filling a struct fwvar_diag. */
#ifndef FW_BASE_DIAG_H
#define FW_BASE_DIAG_H

#include <fwvar/error.h>

/* Sets code, place and message, clears the hint, and returns @code so that a caller can
 * `return fw_fail(…)`. @diag may be NULL. */
__attribute__((format(printf, 4, 5))) int fw_fail(struct fwvar_diag *diag,
                                                  enum fwvar_error code, uint64_t offset,
                                                  const char *format, ...);

/* clang-tidy looks at one file at a time: it is told here that what comes back is the code,
 * and so that whoever returns it did not succeed. */
#ifdef __clang_analyzer__
#define fw_fail(diag, code, ...) ((void)fw_fail(diag, code, __VA_ARGS__), (int)(code))
#endif

/* Adds what to do next. Kept apart so that the message stays one clause. */
__attribute__((format(printf, 2, 3))) void fw_hint(struct fwvar_diag *diag,
                                                   const char *format, ...);

/* "out of memory", ready to return. Seen by its callers, so that they and whoever analyses
 * them know that it is an error. */
static inline int fw_nomem(struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_NOMEM, FWVAR_NO_OFFSET, "out of memory");
    return FWVAR_ERR_NOMEM;
}

#endif
