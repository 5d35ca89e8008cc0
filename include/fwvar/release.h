/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Which firmware an image holds. The variable store does not say; the code part does, but
 * almost all of it is LZMA-compressed, so there are three ways that cost differently:
 * the layout of the file (free), a look at the uncompressed Trusted Firmware-A at the
 * front (microseconds), and the decompressed main volume (a fifth of a second).
 */
#ifndef FWVAR_RELEASE_H
#define FWVAR_RELEASE_H

#include <fwvar/guid.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a struct fwvar_release was made from. */
enum fwvar_release_confidence {
    FWVAR_RELEASE_NONE = 0, /**< nothing known */
    FWVAR_RELEASE_LAYOUT,   /**< sizes and offsets only: the era, not the release */
    FWVAR_RELEASE_CONTENT   /**< the firmware's own strings and drivers */
};

/** A firmware release. Text fields are ASCII, and "" when not known. */
struct fwvar_release {
    /** "rpi3", "rpi4", "rpi5", the family "rpi", "ovmf" (x86), "aavmf" (Arm) or "" */
    char board[16];
    /** as the firmware prints it: "v1.35"; private builds have their own forms */
    char version[48];
    /** of Trusted Firmware-A as it prints it: "17:09:05, May 24 2023". Often a prebuilt
     * part, so older than the release and shared by several. */
    char tfa_build[32];
    /** of Trusted Firmware-A: "v2.9(release):v2.9" */
    char tfa_version[48];
    enum fwvar_release_confidence confidence;
    /** the layout in words, in static storage: "2 MB layout, pftf v1.5 to v1.38"; never
     * NULL, "" if the layout is not a known one */
    const char *era;
};

/** The order of two versions. */
enum fwvar_order {
    FWVAR_ORDER_OLDER = -1,
    FWVAR_ORDER_SAME = 0,
    FWVAR_ORDER_NEWER = 1,
    FWVAR_ORDER_UNKNOWN = 2
};

/**
 * Compares release versions of the form v1.35: numbers, component by component, so v1.4
 * is older than v1.20. Anything else (private builds such as v0.0.2-61-gaeb5c96, words,
 * "", NULL) has no place in that order.
 * @return how @p a stands to @p b, or #FWVAR_ORDER_UNKNOWN.
 */
FWVAR_API enum fwvar_order fwvar_version_compare(const char *a, const char *b);

/**
 * Fills @p release from the size of the file and the place of its variable volume.
 * The Raspberry Pi 4 and 5 share a layout, so the board is "rpi" for those.
 * @param file_size  bytes of the image.
 * @param nv_offset  bytes from the start of the image to the variable volume.
 * @param fv_main_offset  bytes to the first firmware volume of the image if the caller
 *        knows it, else 0; 0x30000 since layout B means a Raspberry Pi 3.
 */
FWVAR_API void fwvar_release_from_layout(uint64_t file_size, uint64_t nv_offset,
                                         uint64_t fv_main_offset,
                                         struct fwvar_release *release);

#ifdef __cplusplus
}
#endif
#endif
