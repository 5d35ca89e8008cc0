/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Plans: what an image shall hold, as one JSON document under version control. A plan is
 * read once and may be applied to any number of images, from several threads at once.
 * Variable documents (fwvar/document.h) are plans; applying one twice changes nothing the
 * second time.
 */
#ifndef FWVAR_PLAN_H
#define FWVAR_PLAN_H

#include <fwvar/edit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A plan that was read and understood. Never changes; may be shared between threads. */
struct fwvar_plan;

/**
 * Reads a plan. Unknown keys and wrong types are errors.
 * @param text  JSON, UTF-8; not kept.
 * @return 0; #FWVAR_ERR_ARG with line, column and JSON pointer in the message;
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_plan_read(const char *text, size_t size, struct fwvar_plan **plan,
                              struct fwvar_diag *diag);

FWVAR_API void fwvar_plan_free(struct fwvar_plan *plan);

/**
 * Applies a plan to a transaction: sets each of its variables, as virt-fw-vars --set-json
 * does; one that is so already is no change.
 * @return 0; #FWVAR_ERR_REFUSED and #FWVAR_ERR_ARG as fwvar_import() in strict form, with
 *         the variable and its place in the message. The transaction is then to be abandoned.
 */
FWVAR_API int fwvar_plan_apply(const struct fwvar_plan *plan, struct fwvar_edit *edit,
                               struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
