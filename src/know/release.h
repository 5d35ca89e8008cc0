/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Shared by what reads the head of an image and what reads its content. */
#ifndef FW_KNOW_RELEASE_H
#define FW_KNOW_RELEASE_H

#include <fwvar/release.h>

/* What the version string of the public builds starts with; left out of the version. */
#define FW_VERSION_PREFIX "UEFI Firmware "

/* Copies a NUL-terminated UTF-16 string of printable ASCII. Returns its length; 0 for an
 * empty one, one that does not end, is too long or has other characters. */
size_t fw_release_ascii(const uint8_t *utf16, size_t size, char *text, size_t room);

/* Stores a version string, less the prefix. */
void fw_release_set_version(struct fwvar_release *release, const char *text);

#endif
