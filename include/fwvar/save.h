/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Saving an image, all or nothing: at any instant the target is the old file or the new
 * one. A temporary file is written beside the target, flushed to disk, renamed over it, and
 * the folder is flushed.
 */
#ifndef FWVAR_SAVE_H
#define FWVAR_SAVE_H

#include <fwvar/image.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that replace those of the image at an offset; the size of the image stays. */
struct fwvar_patch {
    uint64_t offset;      /**< bytes from the start of the image */
    const uint8_t *bytes; /**< not owned */
    size_t size;          /**< bytes; the range must lie inside the image */
};

/** How to save. */
struct fwvar_save_options {
    const char *path;          /**< target; NULL: the file the image was opened from */
    const char *backup_suffix; /**< keep an existing target under this suffix (not empty,
                                    no `/` in it), or NULL */
    bool no_follow;  /**< a target that is a symbolic link is an error, not followed */
    bool sync_later; /**< the folder is not flushed: the caller does that once for many
                          files (syncfs(2)); the file itself is, before it is renamed */
    bool dry_run;    /**< do everything but write; the result says what would happen */
};

/** What happened, for reports. */
struct fwvar_save_result {
    bool written;      /**< false if the target was already identical and was left alone */
    bool created;      /**< the target did not exist before */
    unsigned links;    /**< hard links the target had; more than 1: the others keep the old
                            content */
    bool owner_lost;   /**< the old owner could not be kept (not permitted) */
    bool sync_skipped; /**< the file system cannot flush a folder */
};

/**
 * Saves @p image with @p patch applied (@p patch may be NULL: unchanged).
 *
 * The target is locked meanwhile; a symbolic link is followed and its target replaced, not
 * the link. Mode and owner of an existing target are kept, a new file gets 0666 less umask.
 * The result is gzip if the target ends in ".gz", or if it is the file the image was read
 * from and that is gzip. A target that is already byte-identical is left alone, mtime
 * included. Sources are checked to be still the file that was read.
 *
 * @return 0; #FWVAR_ERR_IO (the target is as it was, no temporary file stays behind);
 *         #FWVAR_ERR_CHANGED (the file was changed after it was read); #FWVAR_ERR_LOCKED
 *         (another process holds the lock); #FWVAR_ERR_ARG (target is a directory, a device,
 *         or there is no path); #FWVAR_ERR_REFUSED (a symbolic link that is not to be
 *         followed); #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_image_save(const struct fwvar_image *image,
                               const struct fwvar_patch *patch,
                               const struct fwvar_save_options *options,
                               struct fwvar_save_result *result, struct fwvar_diag *diag);

/**
 * Reads bytes of the image with @p patch applied (@p patch may be NULL), for servers that
 * hand out a changed image block by block without making it.
 * @return as fwvar_image_read().
 */
FWVAR_API int fwvar_image_read_patched(const struct fwvar_image *image,
                                       const struct fwvar_patch *patch, uint64_t offset,
                                       void *bytes, size_t size, struct fwvar_diag *diag);

/**
 * Writes the image with @p patch applied to an open descriptor, such as a pipe; gzip if
 * @p gzip. Not atomic, of course.
 * @return 0, #FWVAR_ERR_IO, #FWVAR_ERR_CHANGED or #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_image_write(const struct fwvar_image *image,
                                const struct fwvar_patch *patch, int fd, bool gzip,
                                struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
