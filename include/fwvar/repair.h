/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Mending a damaged variable store without losing a live value.
 *
 * Repair works in the order in which the firmware reads: an unfinished fault tolerant
 * write, the volume header, the store header, the records, then what variables mean to
 * each other. A header that is gone is made again from the known layouts; where the chain
 * of records is broken, everything behind the break that is a record is kept. Each mend is
 * the smallest change that does it: a wrong checksum costs two bytes. Only where bytes in
 * the middle of the chain are beyond repair the store is rebuilt from its live records, in
 * their order.
 *
 * A repair of the result finds nothing to mend.
 */
#ifndef FWVAR_REPAIR_H
#define FWVAR_REPAIR_H

#include <fwvar/check.h>
#include <fwvar/save.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One thing that was mended, or that was left. Strings belong to the repair. */
struct fwvar_mend {
    const char *rule;     /**< the rule of `check` that was broken */
    uint64_t offset;      /**< bytes from the start of the image, or #FWVAR_NO_OFFSET */
    const char *variable; /**< name of the variable concerned, or NULL */
    const char *message;  /**< what was done, or what is wrong and stays */
};

/** What to mend. */
struct fwvar_repair_options {
    const char *const *only; /**< names of rules; everything else is left. NULL: all */
    size_t only_count;
    bool structure_only;     /**< leave what variables mean alone: BootOrder, hotkeys,
                                  attributes, space */
};

/** A finished repair. */
struct fwvar_repair;

/**
 * Repairs an image in memory; the image itself stays as it is.
 * @param image    best opened with #FWVAR_OPEN_ANYTHING and #FWVAR_OPEN_THOROUGH: it need
 *                 not have a store that could be found. Must outlive the repair.
 * @param options  may be NULL: mend everything.
 * @param repair   receives the result, to be freed with fwvar_repair_free().
 * @return 0, also if there was nothing to mend or something is left;
 *         #FWVAR_ERR_FORMAT (no store, and no record where a known layout has its store);
 *         #FWVAR_ERR_ARG (a store larger than any known); #FWVAR_ERR_IO;
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_repair(const struct fwvar_image *image,
                           const struct fwvar_repair_options *options,
                           struct fwvar_repair **repair, struct fwvar_diag *diag);

FWVAR_API void fwvar_repair_free(struct fwvar_repair *repair);

/** Number of things that were mended. */
FWVAR_API size_t fwvar_repair_mends(const struct fwvar_repair *repair);

/** Mend @p i, in the order they were done; owned by the repair. */
FWVAR_API const struct fwvar_mend *fwvar_repair_mend(const struct fwvar_repair *repair,
                                                     size_t i);

/** Number of findings that are still there and not mere advice. */
FWVAR_API size_t fwvar_repair_lefts(const struct fwvar_repair *repair);

/** What was left, number @p i; owned by the repair. */
FWVAR_API const struct fwvar_mend *fwvar_repair_left(const struct fwvar_repair *repair,
                                                     size_t i);

/** The new bytes, for fwvar_image_save(): the whole volume, owned by the repair. Its size
 *  is 0 if nothing changes. */
FWVAR_API const struct fwvar_patch *
fwvar_repair_patch(const struct fwvar_repair *repair);

/** The image as mended, to be read, checked or edited; owned by the repair. It cannot be
 *  saved: save the original with the patch. */
FWVAR_API const struct fwvar_image *
fwvar_repair_image(const struct fwvar_repair *repair);

/** True if live records moved: the store was rebuilt or compacted. */
FWVAR_API bool fwvar_repair_rebuilt(const struct fwvar_repair *repair);

/** The rules that repair can mend. @return name @p i, or NULL behind the last. */
FWVAR_API const char *fwvar_repair_rule_at(size_t i);

#ifdef __cplusplus
}
#endif
#endif
