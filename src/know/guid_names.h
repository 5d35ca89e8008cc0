/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_KNOW_GUID_NAMES_H
#define FW_KNOW_GUID_NAMES_H

#include <fwvar/guid.h>

/* A vendor GUID by the name that edk2 gives it, without the g in front and the Guid
 * behind; letter case does not count, "guid:" may stand in front. False if unknown. */
bool fw_guid_by_name(const char *name, struct fwvar_guid *guid);

#endif
