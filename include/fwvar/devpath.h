/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * EFI device paths, bytes to text and text to bytes (UEFI specification 2.10, chapter 10).
 *
 * The text form is edk2's, as MdePkg UefiDevicePathLib prints it with DisplayOnly and
 * AllowShortcuts FALSE. No information is lost: bytes -> text -> bytes is the identity for
 * every input, because whatever a node's text form could not carry (unknown types, wrong
 * lengths, reserved bytes that are not zero) is printed as `Path(type,subtype,hex)`.
 */
#ifndef FWVAR_DEVPATH_H
#define FWVAR_DEVPATH_H

#include <fwvar/error.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One node, a view into the path it was read from. */
struct fwvar_devpath_node {
    uint8_t type;        /**< 0x01 hardware … 0x05 BIOS boot, 0x7F end */
    uint8_t subtype;     /**< meaning depends on @p type */
    uint16_t length;     /**< bytes of the whole node, its 4-byte header included */
    const uint8_t *data; /**< @p length - 4 bytes after the header; not owned */
};

/** What is wrong with the form of a path. */
enum fwvar_devpath_flaw {
    FWVAR_DEVPATH_OK = 0,
    FWVAR_DEVPATH_SHORT_NODE, /**< a node length below 4 (0 would never end) */
    FWVAR_DEVPATH_OVERRUN,    /**< a node reaches past the end of the bytes */
    FWVAR_DEVPATH_NO_END,     /**< the bytes end without an end-entire node */
    FWVAR_DEVPATH_TRAILING    /**< bytes follow the end-entire node */
};

/**
 * Reads the node at @p *offset (bytes from @p path) and moves @p *offset behind it.
 * An end-entire node (7F FF) is returned like any other; the walk ends after it.
 * @return 0 for a node, 1 at the end of the bytes, #FWVAR_ERR_DAMAGED if the node is
 *         shorter than 4 bytes or reaches past @p size (nothing moved).
 */
FWVAR_API int fwvar_devpath_next(const uint8_t *path, size_t size, size_t *offset,
                                 struct fwvar_devpath_node *node);

/**
 * Checks the form of a path as edk2's IsDevicePathValid does, and strictly: it must end
 * with an end-entire node exactly at @p size.
 * @param at  if not NULL, receives the offset of the flaw in bytes from @p path.
 */
FWVAR_API enum fwvar_devpath_flaw fwvar_devpath_check(const uint8_t *path, size_t size,
                                                      size_t *at);

/**
 * Prints a path as text. Works on any bytes: a malformed tail is printed as one generic
 * `Path(type,subtype,hex)` node where a node header can be read and as `Raw(hex)` (ours)
 * where not, so that fwvar_devpath_parse() gives the same bytes back. A final end-entire
 * node is not printed; a path without one ends in `Raw()`.
 * Instances are separated by `,`.
 * @return the text, NUL-terminated, owned by the caller (free()), or NULL if out of memory.
 */
FWVAR_API char *fwvar_devpath_text(const uint8_t *path, size_t size);

/**
 * Reads a path from text: what edk2's ConvertTextToDevicePath accepts, in any letter case,
 * with spaces around arguments and optional arguments left out.
 * @param bytes  receives the path, end-entire node included, owned by the caller (free()).
 * @param size   receives its length in bytes.
 * @return 0; #FWVAR_ERR_ARG with the column (from 1) and what was expected in the message;
 *         #FWVAR_ERR_NOMEM. On failure nothing is stored.
 */
FWVAR_API int fwvar_devpath_parse(const char *text, uint8_t **bytes, size_t *size,
                                  struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
