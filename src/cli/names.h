/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_NAMES_H
#define FW_CLI_NAMES_H

#include "cli/cli.h"

/* Splits GUID-Name; false if the text does not begin with a GUID and a dash. */
bool cli_split_guid(const char *text, struct fwvar_guid *guid, const char **name);

/* True if a record with this name (as text) is meant by @wanted: GUID-Name, the short
 * name of a setting, the name itself, or with @glob a pattern. */
bool cli_name_fits(const struct fwvar_record *record, const char *text,
                   const char *wanted, bool glob);

#endif
