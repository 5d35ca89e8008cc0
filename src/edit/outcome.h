/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_EDIT_OUTCOME_H
#define FW_EDIT_OUTCOME_H

#include <fwvar/outcome.h>

/* Makes an empty list. Returns 0 or FWVAR_ERR_NOMEM. */
int fw_outcomes_new(struct fwvar_outcomes **outcomes, struct fwvar_diag *diag);

/* Adds an item; name and reason are copied. Returns 0 or FWVAR_ERR_NOMEM. */
__attribute__((format(printf, 5, 6))) int
fw_outcomes_add(struct fwvar_outcomes *outcomes, const struct fwvar_variable *variable,
                enum fwvar_outcome outcome, struct fwvar_diag *diag, const char *format,
                ...);

/* 1 if one of the patterns means the variable, 0 if none, or FWVAR_ERR_NOMEM. */
int fw_fits_any(const char *const *patterns, size_t count,
                const struct fwvar_variable *variable);

#endif
