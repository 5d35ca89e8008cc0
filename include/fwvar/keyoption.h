/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * EFI_KEY_OPTION, the value of Key####: a hot key that boots an option (UEFI
 * specification 2.10, section 3.1.6).
 */
#ifndef FWVAR_KEYOPTION_H
#define FWVAR_KEYOPTION_H

#include <fwvar/error.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @name Bits of the key data */
/**@{*/
#define FWVAR_KEY_REVISION    UINT32_C(0x000000ff) /**< mask; 0 */
#define FWVAR_KEY_SHIFT       UINT32_C(0x00000100)
#define FWVAR_KEY_CONTROL     UINT32_C(0x00000200)
#define FWVAR_KEY_ALT         UINT32_C(0x00000400)
#define FWVAR_KEY_LOGO        UINT32_C(0x00000800)
#define FWVAR_KEY_MENU        UINT32_C(0x00001000)
#define FWVAR_KEY_SYSREQ      UINT32_C(0x00002000)
#define FWVAR_KEY_COUNT       UINT32_C(0xc0000000) /**< mask: how many keys follow */
#define FWVAR_KEY_COUNT_SHIFT 30
/**@}*/

/** The most keys that the two count bits can say. */
#define FWVAR_KEY_COUNT_MAX 3
/** Bytes of the longest key option. */
#define FWVAR_KEYOPTION_SIZE_MAX 22

/** A key: EFI_INPUT_KEY. */
struct fwvar_key {
    uint16_t scan;    /**< EFI scan code (0x0B F1, 0x17 Esc), or 0 */
    uint16_t unicode; /**< character, or 0 */
};

/** A key option taken apart. */
struct fwvar_keyoption {
    uint32_t key_data; /**< FWVAR_KEY_* bits; the count in them equals @p count */
    uint32_t crc;      /**< fwvar_loadopt_crc() of the boot option; if it differs, the
                            firmware ignores the hot key */
    uint16_t option;   /**< number of the boot option */
    unsigned count;    /**< keys, all of which must be pressed */
    struct fwvar_key keys[FWVAR_KEY_COUNT_MAX];
};

/**
 * Reads a key option.
 * @return 0, or #FWVAR_ERR_DAMAGED if @p size is not what the count of keys asks for
 *         (10 bytes and 4 for each); @p option is untouched then.
 */
FWVAR_API int fwvar_keyoption_decode(const uint8_t *bytes, size_t size,
                                     struct fwvar_keyoption *option);

/**
 * Writes a key option; the count bits of the key data are set from `count`.
 * @param size  receives the length in bytes.
 * @return 0, or #FWVAR_ERR_ARG if `count` exceeds #FWVAR_KEY_COUNT_MAX.
 */
FWVAR_API int fwvar_keyoption_encode(const struct fwvar_keyoption *option,
                                     uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX],
                                     size_t *size);

#ifdef __cplusplus
}
#endif
#endif
