/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * The header of the firmware volume that holds the variables (EFI_FIRMWARE_VOLUME_HEADER:
 * PI specification 1.8 volume 3, section 3.2.1; edk2 Pi/PiFirmwareVolume.h).
 */
#ifndef FWVAR_VOLUME_H
#define FWVAR_VOLUME_H

#include <fwvar/guid.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a volume header with one block map entry, as every NV volume seen has it. */
#define FWVAR_VOLUME_HEADER_SIZE 0x48

/**
 * What is wrong with a volume header, as bits. Which of them stops which firmware is
 * decided by the check rules, not here.
 */
enum fwvar_volume_flaw {
    FWVAR_VOLUME_CUT = 1 << 0,         /**< the image ends inside the header */
    FWVAR_VOLUME_SIGNATURE = 1 << 1,   /**< no `_FVH` at +0x28 */
    FWVAR_VOLUME_GUID = 1 << 2,        /**< file system GUID is not the NV data one */
    FWVAR_VOLUME_REVISION = 1 << 3,    /**< revision at +0x37 is not 2 */
    FWVAR_VOLUME_HEADERLEN = 1 << 4,   /**< HeaderLength odd, below 0x48 or too long */
    FWVAR_VOLUME_LENGTH = 1 << 5,      /**< FvLength no longer than its header, or absurd */
    FWVAR_VOLUME_TRUNCATED = 1 << 6,   /**< FvLength reaches past the end of the image */
    FWVAR_VOLUME_CHECKSUM = 1 << 7,    /**< the header's 16-bit words do not add up to 0 */
    FWVAR_VOLUME_BLOCKMAP = 1 << 8,    /**< block map does not end in 0,0 at HeaderLength */
    FWVAR_VOLUME_ATTRIBUTES = 1 << 9,  /**< read or write status off: access is denied */
    FWVAR_VOLUME_EXTHEADER = 1 << 10   /**< ExtHeaderOffset set: read as a name GUID */
};

/** A volume header, decoded. Values are as stored, right or wrong. */
struct fwvar_volume {
    uint64_t offset;        /**< of the header, bytes from the start of the image */
    uint64_t length;        /**< FvLength: bytes, header included */
    uint32_t attributes;    /**< EFI_FVB_ATTRIBUTES_2 */
    uint16_t header_length; /**< bytes, block map included */
    uint16_t checksum;      /**< stored at +0x32 */
    uint16_t checksum_due;  /**< what it would have to be */
    uint16_t ext_header;    /**< ExtHeaderOffset; 0 in every image seen */
    uint8_t revision;       /**< 2 */
    uint32_t blocks;        /**< first block map entry: count … */
    uint32_t block_size;    /**< … and bytes of each */
    unsigned flaws;         /**< enum fwvar_volume_flaw, combined */
};

/** File system GUID of a volume for non-volatile data (gEfiSystemNvDataFvGuid). */
FWVAR_API extern const struct fwvar_guid fwvar_nv_volume_guid;

/**
 * Decodes and judges the volume header at @p bytes. Never fails: what is wrong is in
 * @p volume->flaws.
 * @param available  bytes readable at @p bytes; #FWVAR_VOLUME_CUT if too few.
 * @param offset     where the header lies, bytes from the start of the image.
 * @param image_left bytes of the image from @p offset on, for the truncation test.
 */
FWVAR_API void fwvar_volume_decode(const uint8_t *bytes, size_t available, uint64_t offset,
                                   uint64_t image_left, struct fwvar_volume *volume);

/**
 * Corrects the checksum of the header at @p bytes and changes nothing else: only the two
 * bytes at +0x32 may differ afterwards.
 * @param header_length  bytes to sum, even, at least #FWVAR_VOLUME_HEADER_SIZE.
 */
FWVAR_API void fwvar_volume_fix_checksum(uint8_t *bytes, uint16_t header_length);

#ifdef __cplusplus
}
#endif
#endif
