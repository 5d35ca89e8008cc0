/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * EFI device paths, bytes to text and text to bytes (UEFI specification 2.10, chapter
 * 10).
 *
 * The text form is edk2's, as MdePkg UefiDevicePathLib prints it with DisplayOnly and
 * AllowShortcuts FALSE: hex digits and GUIDs in upper case, numbers after 0x unless edk2
 * prints them in decimal. The nodes of the specification's text table that edk2 does not
 * know (NvdimmAcpiAdr, NVDIMM, RestService, NVMEoF) are written as the specification
 * does.
 *
 * No information is lost: bytes -> text -> bytes is the identity for every input, also
 * for malformed ones. Each node's text is read back before it is used, and where it would
 * not give the node's bytes again (unknown types, wrong lengths, reserved bytes that are
 * not zero, file names with a `/` in them, text that is not printable ASCII where a node
 * holds bytes) `Path(type,subtype,hex)` is printed instead. Where no node can be read,
 * `Raw(hex)` carries the bytes.
 *
 * Text is UTF-8 without control characters:
 * - Nodes are separated by `/`; several in a row count as one.
 * - `,` between nodes ends an instance (an end-instance node, 7F 01 04 00), as in the
 *   specification; edk2 prints `,/`, which is read too.
 * - `name(arguments)` is a node; whatever has no such form is a file path node, with or
 *   without a `\` at its start: `\EFI\BOOT\BOOTAA64.EFI`.
 * - The end-entire node (7F FF 04 00) is implied at the end, unless `Raw()` stands there.
 * - `Raw(hex)` (ours, not edk2's) may stand last only. Its bytes are appended as they are
 *   and no end node follows: `PciRoot(0x0)/Raw()` is a path without end node, and
 *   `Raw(7FFF0400AA)` an empty path with one byte too many.
 */
#ifndef FWVAR_DEVPATH_H
#define FWVAR_DEVPATH_H

#include <fwvar/error.h>
#include <stdbool.h>
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
    FWVAR_DEVPATH_TRAILING,   /**< bytes follow the end-entire node */
    FWVAR_DEVPATH_LONG_END,   /**< an end-entire node longer than its header */
    FWVAR_DEVPATH_OPEN_NAME   /**< a file path node that does not end in a NUL */
};

/** True for an end-entire node (7F FF, of any length), where edk2 stops to read. */
FWVAR_API bool fwvar_devpath_is_end(const struct fwvar_devpath_node *node);

/**
 * Reads the node at @p *offset (bytes from @p path) and moves @p *offset behind it.
 * An end-entire node is returned like any other; what lies behind it belongs to no path,
 * so a caller stops there (fwvar_devpath_is_end()).
 * @return 0 for a node, 1 at the end of the bytes, #FWVAR_ERR_DAMAGED if the node is
 *         shorter than 4 bytes or reaches past @p size (nothing moved).
 */
FWVAR_API int fwvar_devpath_next(const uint8_t *path, size_t size, size_t *offset,
                                 struct fwvar_devpath_node *node);

/**
 * Checks the form of a path as edk2's IsDevicePathValid does, and strictly: it must end
 * with an end-entire node exactly at @p size. Contents of nodes are not judged, except
 * that a file path must end in a NUL (edk2 runs past the node otherwise).
 * @param at  if not NULL, receives the offset of the flaw in bytes from @p path: the node
 *            at fault, the first byte behind the end node, or @p size.
 */
FWVAR_API enum fwvar_devpath_flaw fwvar_devpath_check(const uint8_t *path, size_t size,
                                                      size_t *at);

/** A flaw as a short English phrase in static storage ("no end node"); never NULL. */
FWVAR_API const char *fwvar_devpath_flaw_text(enum fwvar_devpath_flaw flaw);

/**
 * Prints a path as text. Works on any bytes; fwvar_devpath_parse() gives the same bytes
 * back. A path of an end node alone is the empty text.
 * @return the text, NUL-terminated, owned by the caller (free()), or NULL if out of
 * memory.
 */
FWVAR_API char *fwvar_devpath_text(const uint8_t *path, size_t size);

/**
 * Reads a path from text: what edk2's ConvertTextToDevicePath accepts, in any letter case
 * of names, keywords and digits, with spaces around nodes and arguments.
 *
 * Numbers are decimal, or hex after 0x. Arguments that the specification calls optional
 * may be left out, at the end or between commas, and then have its default; where it
 * states none, edk2's. Shortcuts that are never printed are read: `VenPcAnsi()`,
 * `VenVt100()`, `VenVt100Plus()`, `VenUtf8()`, `UartFlowCtrl(…)`, `SAS(…)`,
 * `DebugPort()`, `HardwarePath(subtype,hex)`, `AcpiPath`, `Msg`, `MediaPath`, `BbsPath`.
 * An address may be followed by `:port`, an IPv6 one then stands in brackets.
 *
 * Stricter than edk2: an unknown name with parentheses is an error (edk2 makes a file
 * path of it), and so are numbers too large for their field, missing required arguments,
 * and arguments or characters that edk2 drops in silence.
 *
 * The empty text is a path of an end node alone.
 * @param bytes  receives the path, end-entire node included, owned by the caller
 * (free()).
 * @param size   receives its length in bytes.
 * @return 0; #FWVAR_ERR_ARG with the column (in characters, from 1), what was expected
 * and what was found in the message; #FWVAR_ERR_NOMEM. On failure nothing is stored.
 */
FWVAR_API int fwvar_devpath_parse(const char *text, uint8_t **bytes, size_t *size,
                                  struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
