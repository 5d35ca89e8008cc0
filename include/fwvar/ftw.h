/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * The fault tolerant write (FTW) working block that lies behind the variable store: its
 * header, its CRC-32 and whether a write is pending (edk2 FaultTolerantWrite.h,
 * FaultTolerantWriteDxe).
 */
#ifndef FWVAR_FTW_H
#define FWVAR_FTW_H

#include <fwvar/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a working block header. */
#define FWVAR_FTW_HEADER_SIZE 32

/** The working block of a volume. Positions are bytes from the start of the volume. */
struct fwvar_ftw {
    size_t at;             /**< position of the working block */
    uint64_t queue_size;   /**< WriteQueueSize, bytes */
    uint32_t crc;          /**< as stored */
    uint32_t crc_due;      /**< what it would have to be (zlib crc32) */
    uint8_t state;         /**< 0xFE: valid and not invalid */
    bool sound;            /**< the header is what the driver expects, byte for byte */
    bool pending;          /**< a write is complete in the spare area but not yet at its
                                destination: the firmware would copy the spare over the
                                variables, undoing any edit */
    size_t pending_at;     /**< position of the pending write's record, if pending */
    size_t spare;          /**< position of the spare area */
};

/**
 * Finds and decodes the working block behind the store: by its GUID on a 4 KB boundary,
 * else where the layout of a 0x20000 volume has it (+0xF000).
 * @return 0; #FWVAR_ERR_NOTFOUND if there is none (blank or garbage there is harmless:
 *         the driver initialises it again).
 */
FWVAR_API int fwvar_ftw_decode(const struct fwvar_store *store, struct fwvar_ftw *ftw);

/**
 * Writes a pristine working block header, 32 bytes, for a working area of @p area_size
 * bytes (0x1000 on a Pi).
 */
FWVAR_API void fwvar_ftw_header(uint8_t header[FWVAR_FTW_HEADER_SIZE], uint64_t area_size);

#ifdef __cplusplus
}
#endif
#endif
