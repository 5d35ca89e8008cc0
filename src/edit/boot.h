/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_EDIT_BOOT_H
#define FW_EDIT_BOOT_H

#include "inspect/boot.h"

/* The pending menu; refuses a BootOrder that cannot be edited. */
int fw_boot_menu_for_edit(const struct fwvar_edit *edit, struct fwvar_boot_menu *menu,
                          struct fwvar_diag *diag);
/* Says that BootOrder has an odd number of bytes; FWVAR_ERR_DAMAGED. */
int fw_boot_order_broken(struct fwvar_diag *diag);
void fw_boot_name(uint16_t number, char name[9]);
/* Sets BootOrder, or deletes it if it would be empty. */
int fw_boot_write_order(struct fwvar_edit *edit, const uint16_t *order, size_t count,
                        struct fwvar_diag *diag);
int fw_edit_delete_named(struct fwvar_edit *edit, const struct fwvar_guid *guid,
                         const char *name, struct fwvar_diag *diag);

/* Deletes the hotkeys of an entry. */
int fw_boot_drop_keys(struct fwvar_edit *edit, uint16_t number, struct fwvar_diag *diag);

/* What a finished transaction must not leave behind: BootOrder and BootNext that point to
 * nothing, hotkeys whose CRC no longer fits. Called by fwvar_edit_finish(). */
int fw_boot_settle(struct fwvar_edit *edit, struct fwvar_diag *diag);

#endif
