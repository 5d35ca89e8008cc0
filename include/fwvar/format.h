/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Making an empty variable store: in an erased region of an image, or for a new file.
 */
#ifndef FWVAR_FORMAT_H
#define FWVAR_FORMAT_H

#include <fwvar/save.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where the store goes and how it is divided; sizes and offsets in bytes. */
struct fwvar_format_options {
    uint64_t offset;     /**< of the volume, from the start of the image */
    uint64_t length;     /**< of the volume (FvLength): variables, FTW block and spare */
    uint64_t store_size; /**< headers and records, at the start of the volume; 0 where the
                              length is that of a known layout */
    uint32_t block_size; /**< of the block map; 0: 0x1000, or that of a known layout */
    bool force;          /**< over a store that has variables, or bytes that are not blank */
};

/**
 * Makes the bytes of an empty, valid store. Where length and store size are those of a
 * known layout they are what its build system writes, FTW working block included. In any
 * other geometry the FTW areas stay blank: their place is not written down in the volume,
 * and the firmware makes its own.
 * @param image  opened with #FWVAR_OPEN_ANYTHING and #FWVAR_OPEN_THOROUGH.
 * @param bytes  receives the volume, owned by the caller (free()).
 * @param patch  receives it as a patch; its size is 0 if the image has just that already.
 * @return 0; #FWVAR_ERR_ARG (a geometry that cannot be); #FWVAR_ERR_REFUSED (the region is
 *         not blank; or, whatever the force, the image has its store elsewhere);
 *         #FWVAR_ERR_IO; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_format(const struct fwvar_image *image,
                           const struct fwvar_format_options *options, uint8_t **bytes,
                           struct fwvar_patch *patch, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
