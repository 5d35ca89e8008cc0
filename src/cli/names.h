/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_NAMES_H
#define FW_CLI_NAMES_H

#include "cli/cli.h"

#include <fwvar/outcome.h>
#include <fwvar/varlist.h>

/* Splits GUID-Name; false if the text does not begin with a GUID and a dash. */
bool cli_split_guid(const char *text, struct fwvar_guid *guid, const char **name);

/* True if a record with this name (as text) is meant by @wanted: GUID-Name, the short
 * name of a setting, the name itself, or with @glob a pattern. */
bool cli_name_fits(const struct fwvar_record *record, const char *text,
                   const char *wanted, bool glob);

/* Says of a name or pattern that nothing of a list fits it, with the nearest name; nothing
 * if something does. */
void cli_warn_unfit(struct cli *cli, const char *file, const char *wanted,
                    const struct fwvar_varlist *list);
/* The same for all of --only and --except. */
void cli_warn_unfit_choice(struct cli *cli, const char *file,
                           const struct fwvar_choice *choice,
                           const struct fwvar_varlist *list);
/* The same for what is live in a store. */
void cli_warn_unstored(struct cli *cli, const char *file, const char *wanted,
                       const struct fwvar_variables *in);

#endif
