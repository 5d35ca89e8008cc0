/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Spans of releases. */
#ifndef FW_KNOW_VERSION_H
#define FW_KNOW_VERSION_H

#include <fwvar/release.h>

/* Whether a version lies in a span, its ends included; a NULL end is open.
 * Returns 1, 0, or -1 if the version has no place in the order of releases. */
int fw_version_within(const char *version, const char *since, const char *until);

#endif
