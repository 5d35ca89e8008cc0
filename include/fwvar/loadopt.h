/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * EFI_LOAD_OPTION, the value of Boot####, Driver####, SysPrep#### and
 * PlatformRecovery#### (UEFI specification 2.10, section 3.1.3): attributes, description,
 * device paths, and optional data for the loaded image.
 */
#ifndef FWVAR_LOADOPT_H
#define FWVAR_LOADOPT_H

#include <fwvar/devpath.h>
#include <fwvar/guid.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @name Attributes of a load option */
/**@{*/
#define FWVAR_LOADOPT_ACTIVE          UINT32_C(0x00000001) /**< booted automatically */
#define FWVAR_LOADOPT_FORCE_RECONNECT UINT32_C(0x00000002) /**< Driver#### only */
#define FWVAR_LOADOPT_HIDDEN          UINT32_C(0x00000008) /**< not shown in menus */
#define FWVAR_LOADOPT_CATEGORY        UINT32_C(0x00001f00) /**< mask; 0: boot option */
#define FWVAR_LOADOPT_APP             UINT32_C(0x00000100) /**< category: application */
/**@}*/

/** The longest list of paths: its length is a 16-bit field. */
#define FWVAR_LOADOPT_PATH_MAX 65535

/** Why a firmware would not take an option; the first reason in the order of its bytes.
 */
enum fwvar_loadopt_flaw {
    FWVAR_LOADOPT_OK = 0,
    FWVAR_LOADOPT_SHORT,            /**< nothing after the attributes and lengths */
    FWVAR_LOADOPT_OPEN_DESCRIPTION, /**< a description without NUL */
    FWVAR_LOADOPT_NO_PATH,          /**< the length of the paths is 0 */
    FWVAR_LOADOPT_PATH_OVERRUN,     /**< the paths are longer than what is left */
    FWVAR_LOADOPT_PATH,             /**< the first path is malformed, see path_flaw */
    FWVAR_LOADOPT_PATH_EXTRA        /**< what follows the first path is no path; edk2 does
                                         not look at it */
};

/** A load option taken apart. All pointers are views into the bytes it was read from. */
struct fwvar_loadopt {
    uint32_t attributes;
    const uint8_t *description; /**< UTF-16LE, not aligned */
    size_t description_size;    /**< bytes, without the NUL */
    const uint8_t *path;        /**< the whole list of paths, normally one */
    size_t path_size;           /**< bytes */
    size_t first_path_size;     /**< bytes of the first path, its end node included */
    const uint8_t *data;        /**< optional data, NULL if there is none */
    size_t data_size;           /**< bytes */
    enum fwvar_loadopt_flaw flaw;
    enum fwvar_devpath_flaw path_flaw; /**< if @p flaw is about a path's form */
    size_t path_flaw_at;               /**< its place, in bytes from @p path */
};

/**
 * Reads a load option. Whatever can be read is given also when it is flawed: views are
 * cut to the bytes that are there, and what cannot be told stays empty.
 * @param option  receives the parts; @p bytes must outlive it.
 * @return 0, or #FWVAR_ERR_DAMAGED with the reason in `option->flaw`.
 */
FWVAR_API int fwvar_loadopt_decode(const uint8_t *bytes, size_t size,
                                   struct fwvar_loadopt *option);

/**
 * Builds a load option from `attributes`, `description`, `path` and `data`; the other
 * members are not read. What a firmware would refuse is refused: a description of odd
 * length or with a NUL in it, and paths that are none, malformed, or longer than
 * #FWVAR_LOADOPT_PATH_MAX. Descriptions need not be valid UTF-16.
 * @param bytes  receives the option, owned by the caller (free()).
 * @param size   receives its length in bytes.
 * @return 0, #FWVAR_ERR_ARG or #FWVAR_ERR_NOMEM; on failure nothing is stored.
 */
FWVAR_API int fwvar_loadopt_encode(const struct fwvar_loadopt *option, uint8_t **bytes,
                                   size_t *size, struct fwvar_diag *diag);

/**
 * True if the optional data is edk2's mark of an option that the firmware made by itself
 * (8108AC4E-9F11-4D59-850E-E21A522C59B2, mBmAutoCreateBootOptionGuid in
 * UefiBootManagerLib) and nothing else. The firmware deletes such options when their
 * device is absent.
 */
FWVAR_API bool fwvar_loadopt_is_auto(const struct fwvar_loadopt *option);

/** The mark's bytes, for building an option that the firmware takes for its own. */
FWVAR_API const struct fwvar_guid *fwvar_loadopt_auto_guid(void);

/** CRC-32 over a whole option as Key#### keeps it (zlib's crc32). */
FWVAR_API uint32_t fwvar_loadopt_crc(const uint8_t *bytes, size_t size);

/** A flaw as a short English phrase in static storage; never NULL. */
FWVAR_API const char *fwvar_loadopt_flaw_text(enum fwvar_loadopt_flaw flaw);

#ifdef __cplusplus
}
#endif
#endif
