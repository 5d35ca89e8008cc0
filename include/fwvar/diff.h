/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * What differs between two states of a store: by meaning (variables), and by bytes.
 */
#ifndef FWVAR_DIFF_H
#define FWVAR_DIFF_H

#include <fwvar/save.h>
#include <fwvar/variables.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What happened to a variable. */
enum fwvar_change_op { FWVAR_CHANGE_ADD, FWVAR_CHANGE_UPDATE, FWVAR_CHANGE_DELETE };

/** One variable that differs. Records are views into the compared images. */
struct fwvar_change {
    enum fwvar_change_op op;
    const struct fwvar_record *before; /**< NULL if added */
    const struct fwvar_record *after;  /**< NULL if deleted */
};

/** Parts of an image, to say where bytes differ. */
enum fwvar_region {
    FWVAR_REGION_OUTSIDE, /**< before or after the volume: code, device tree, … */
    FWVAR_REGION_VOLUME_HEADER,
    FWVAR_REGION_STORE_HEADER,
    FWVAR_REGION_RECORDS,
    FWVAR_REGION_FREE,    /**< free space of the store, before and after */
    FWVAR_REGION_LOG,     /**< between the store and the FTW working block */
    FWVAR_REGION_FTW,     /**< FTW working block */
    FWVAR_REGION_SPARE    /**< FTW spare area */
};

/** A run of differing bytes. */
struct fwvar_byte_range {
    uint64_t offset; /**< bytes from the start of the image */
    uint64_t length; /**< bytes */
    enum fwvar_region region; /**< of its first byte; a run never crosses regions */
};

/** A comparison. */
struct fwvar_diff;

/**
 * Compares two images that have stores. Both must outlive the result.
 * @return 0 also if they differ; #FWVAR_ERR_IO; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_diff_images(const struct fwvar_image *before,
                                const struct fwvar_image *after, struct fwvar_diff **diff,
                                struct fwvar_diag *diag);

/**
 * Compares an image with itself patched, without making the patched image. @p image and
 * @p patch must outlive the result. The image need not have a store.
 */
FWVAR_API int fwvar_diff_patch(const struct fwvar_image *image,
                               const struct fwvar_patch *patch, struct fwvar_diff **diff,
                               struct fwvar_diag *diag);

FWVAR_API void fwvar_diff_free(struct fwvar_diff *diff);

/** Number of variables that differ. */
FWVAR_API size_t fwvar_diff_changes(const struct fwvar_diff *diff);

/** Change @p i: changed and deleted variables in the old store's order, then added ones in
 *  the new store's. Owned by the comparison. */
FWVAR_API const struct fwvar_change *fwvar_diff_change(const struct fwvar_diff *diff,
                                                       size_t i);

/** Number of runs of differing bytes, in address order. */
FWVAR_API size_t fwvar_diff_ranges(const struct fwvar_diff *diff);

FWVAR_API const struct fwvar_byte_range *fwvar_diff_range(const struct fwvar_diff *diff,
                                                          size_t i);

/** All differing bytes together. */
FWVAR_API uint64_t fwvar_diff_bytes(const struct fwvar_diff *diff);

/** How the space of the new store is used. */
FWVAR_API const struct fwvar_usage *fwvar_diff_usage(const struct fwvar_diff *diff);

/** A region in words: "free space", … */
FWVAR_API const char *fwvar_region_name(enum fwvar_region region);

#ifdef __cplusplus
}
#endif
#endif
