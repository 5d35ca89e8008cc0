/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Plans: what an image shall hold, as one JSON document under version control. A plan is
 * read once and may be applied to any number of images, from several threads at once; a
 * variable document (fwvar/document.h) is a plan too.
 *
 * Plans are declarative: applying one twice changes nothing the second time. Boot entries
 * are matched by label, so that a plan whose URL changed updates its entry.
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

/** A value for `{name}` in the strings of a plan. Pointers are not owned. */
struct fwvar_substitution {
    const char *name;
    const char *value;
};

/** What a plan is applied with; zero-initialise. */
struct fwvar_plan_options {
    const struct fwvar_substitution *substitutions;
    size_t substitution_count;
    const struct fwvar_plan *override; /**< applied after the plan itself, or NULL: the
                                            settings and boot entries of one host */
};

/**
 * Applies a plan to a transaction: checks what it expects, then makes its edits.
 * @return 0; #FWVAR_ERR_REFUSED if an expectation does not hold (which, and what is there
 *         instead, in the message); #FWVAR_ERR_ARG (a `{name}` without value; a value that
 *         the setting does not take); the errors of the edits. The transaction is then to be
 *         abandoned.
 */
FWVAR_API int fwvar_plan_apply(const struct fwvar_plan *plan, struct fwvar_edit *edit,
                               const struct fwvar_plan_options *options,
                               struct fwvar_diag *diag);

/**
 * Writes a plan that reproduces an image's settings and hand-made boot entries.
 * @param text  receives it, NUL-terminated, owned by the caller (free()).
 */
FWVAR_API int fwvar_plan_write(const struct fwvar_image *image,
                               const struct fwvar_variables *variables, char **text,
                               struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
