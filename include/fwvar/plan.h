/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Plans: edits as a JSON document.
 */
#ifndef FWVAR_PLAN_H
#define FWVAR_PLAN_H

#include <fwvar/edit.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Applies the edits of a plan to a transaction. A document with variables
 * (fwvar/document.h) sets each of them, as `virt-fw-vars --set-json` does: what is so
 * already is no change, what cannot be set is an error.
 * @param text  JSON; no NUL needed behind.
 * @return 0; #FWVAR_ERR_ARG with line, column and JSON pointer in the message;
 *         #FWVAR_ERR_REFUSED as fwvar_import(); #FWVAR_ERR_NOMEM. After a failure the
 *         transaction holds part of the edits and must be ended.
 */
FWVAR_API int fwvar_plan_apply(struct fwvar_edit *edit, const char *text, size_t size,
                               struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
