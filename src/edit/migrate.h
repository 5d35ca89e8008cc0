/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_EDIT_MIGRATE_H
#define FW_EDIT_MIGRATE_H

#include "edit/boot.h"
#include "edit/outcome.h"

#include <fwvar/migrate.h>

/* One run of fwvar_migrate(). */
struct fw_migration {
    struct fwvar_edit *edit;
    const struct fwvar_varlist *old;
    const struct fwvar_migrate_options *options;
    struct fwvar_outcomes *outcomes;
    struct fwvar_diag *diag;
};

/* 1 if a variable is to be carried, 0 if not, or an error. */
int fw_migrate_wants(const struct fw_migration *m, const struct fwvar_variable *v);

/* Sets @as in the new image on behalf of @from and says how that went: @done, or that it
 * is so already, or why not. Returns 0 also if it is refused. */
int fw_migrate_set(const struct fw_migration *m, const struct fwvar_variable *from,
                   const struct fwvar_variable *as, enum fwvar_outcome done,
                   const char *reason);

/* The boot menu's part. */
int fw_migrate_menu(const struct fw_migration *m);

#endif
