/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Shared by what reads the head of an image and what reads its content. */
#ifndef FW_KNOW_RELEASE_H
#define FW_KNOW_RELEASE_H

#include <fwvar/release.h>

#include <stdbool.h>

/* What the version string of the public builds starts with; left out of the version. */
#define FW_VERSION_PREFIX "UEFI Firmware "

/* Copies a NUL-terminated UTF-16 string of printable ASCII. Returns its length; 0 for an
 * empty one, one that does not end, is too long or has other characters. */
size_t fw_release_ascii(const uint8_t *utf16, size_t size, char *text, size_t room);

/* Stores a version string, less the prefix. */
void fw_release_set_version(struct fwvar_release *release, const char *text);

/* The first and last release with a layout, by its words in struct fwvar_release; *last
 * is NULL for the present one. False if it is not a layout with releases. */
bool fw_release_era_span(const char *era, const char **first, const char **last);

/* Whether every release of a layout lies in a span (1), none does (0), or some (-1). It
 * answers for builds whose version says nothing: their layout came with some release. */
int fw_release_era_has(const char *era, const char *since, const char *until);

#endif
