/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Plans: what an image shall hold, as one JSON document under version control. A plan is
 * read once and may be applied to any number of images, from several threads at once:
 * applying takes no locks, does no I/O of its own and keeps nothing.
 *
 * There are two kinds. Variable documents (fwvar/document.h) set their variables. Native
 * plans, described in fwvar-plan(5) and docs/plan.schema.json, also know settings by name,
 * boot entries by label, deletions, and what an image is expected to be. Both say what
 * shall be so: applying one twice changes nothing the second time.
 *
 * A server that patches an image per request opens it once and shares it; each request is
 * a transaction of its own:
 *
 * @code
 * fwvar_image_open_bytes(bytes, size, FWVAR_OPEN_THOROUGH, &image, &diag);   // once
 * fwvar_firmware_open(image, NULL, &firmware, &diag);
 * fwvar_firmware_settle(firmware, FWVAR_EFFORT_CONTENT, &diag);
 * fwvar_plan_read(text, length, &plan, &diag);
 *
 * struct fwvar_plan_use use = {.keys = keys, .key_count = n, .firmware = firmware};
 * fwvar_edit_begin(image, 0, &edit, &diag);                            // per request
 * fwvar_plan_apply(plan, edit, &use, &diag);
 * fwvar_edit_finish(edit, &patch, NULL, &diag);
 * fwvar_image_read_patched(image, &patch, offset, block, block_size, &diag);
 * fwvar_edit_end(edit);
 * @endcode
 */
#ifndef FWVAR_PLAN_H
#define FWVAR_PLAN_H

#include <fwvar/edit.h>
#include <fwvar/firmware.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A plan that was read and understood. Never changes; may be shared between threads. */
struct fwvar_plan;

/** Most bytes of a plan's text. */
#define FWVAR_PLAN_SIZE_MAX (64u * 1024 * 1024)

/** What a word in braces stands for: `{name}` in a plan's strings becomes the value. */
struct fwvar_plan_key {
    const char *name;
    const char *value; /**< UTF-8 */
};

/** One use of a plan; all zero is an ordinary one. Pointers are not owned. */
struct fwvar_plan_use {
    const struct fwvar_plan_key *keys; /**< of a name that comes twice the first counts */
    size_t key_count;
    /** A plan applied behind the first in the same transaction, such as what one host has
     *  of its own. Its boot entries replace those of the same label, and its `order`,
     *  `next` and `timeout` take the place of the first one's. Or NULL. */
    const struct fwvar_plan *then;
    /** Of the image of the transaction; asked for its board and release. Shared between
     *  threads only after fwvar_firmware_settle(). NULL: found when it is needed. */
    struct fwvar_firmware *firmware;
    /** Told one line of UTF-8 about a setting that the firmware does not seem to know, and
     *  about a name to be deleted that looks like a slip of the pen; may be NULL. */
    void (*warn)(void *context, const char *text);
    void *context;
    bool strict; /**< those warnings are errors */
};

/**
 * Reads a plan: a native one or a variable document. Unknown keys, wrong types and values
 * that no image could take are errors.
 * @param text  JSON, UTF-8, with or without byte order mark; not kept.
 * @param plan  receives the plan, to be freed with fwvar_plan_free().
 * @return 0; #FWVAR_ERR_ARG with line, column and JSON pointer in the message;
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_plan_read(const char *text, size_t size, struct fwvar_plan **plan,
                              struct fwvar_diag *diag);

/** Frees a plan; NULL is allowed. */
FWVAR_API void fwvar_plan_free(struct fwvar_plan *plan);

/**
 * The keys that a plan's strings name, each once, in the order of the plan.
 * @return the name of key @p i without braces, owned by the plan, or NULL behind the last.
 */
FWVAR_API const char *fwvar_plan_needs(const struct fwvar_plan *plan, size_t i);

/**
 * Applies a plan to a transaction: first what it expects of the image as it was read, then
 * settings, variables, deletions and the boot menu. What is so already is no change.
 * @param use  how, or NULL.
 * @return 0; #FWVAR_ERR_REFUSED with all expectations that are not met in the message, or
 *         for a variable as fwvar_import() in strict form; #FWVAR_ERR_NOTFOUND (a setting
 *         or boot entry of an unknown name, a key without a value); #FWVAR_ERR_AMBIGUOUS
 *         (several variables or hand-made boot entries of one name); #FWVAR_ERR_ARG (a
 *         value the setting does not take, a variable that the plan sets twice, or sets
 *         and deletes). Line, column and JSON pointer are in the
 *         message. After an error the transaction is to be abandoned.
 */
FWVAR_API int fwvar_plan_apply(const struct fwvar_plan *plan, struct fwvar_edit *edit,
                               const struct fwvar_plan_use *use, struct fwvar_diag *diag);

/**
 * The whole way from bytes to bytes, in memory: opens an image, applies a plan, and copies
 * the image with what changed. For many requests on one image the calls at the top of this
 * page are cheaper, because the image is searched and judged only once.
 * @param image   not kept.
 * @param result  receives as many bytes as @p image has, owned by the caller (free()).
 * @param report  receives what changed; may be NULL.
 * @return 0; the errors of fwvar_image_open_bytes() (#FWVAR_OPEN_THOROUGH),
 *         fwvar_edit_begin(), fwvar_plan_apply() and fwvar_edit_finish().
 */
FWVAR_API int fwvar_plan_bytes(const struct fwvar_plan *plan,
                               const struct fwvar_plan_use *use, const void *image,
                               size_t size, uint8_t **result,
                               struct fwvar_edit_report *report, struct fwvar_diag *diag);

/**
 * Writes a plan that gives another image the settings of this one that differ from their
 * defaults, and its hand-made boot entries with their order, BootNext and Timeout. Applied
 * to the image itself it changes nothing.
 * @param firmware  of the image.
 * @param note      told one line of UTF-8 for each thing that a plan cannot say, which is
 *                  left out; may be NULL.
 * @param text      receives JSON with a line end, NUL-terminated, the caller's (free()).
 * @return 0; #FWVAR_ERR_IO; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_plan_write(const struct fwvar_variables *variables,
                               struct fwvar_firmware *firmware,
                               void (*note)(void *context, const char *text),
                               void *context, char **text, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
