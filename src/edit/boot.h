/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_EDIT_BOOT_H
#define FW_EDIT_BOOT_H

#include "base/bytes.h"
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

/* True for 0003 and Boot0003. */
bool fw_boot_is_number(const char *text, uint16_t *number);

/* Boot####'s value. @attributes: of the load option. */
int fw_boot_encode(const struct fwvar_boot_new *entry, uint32_t attributes,
                   uint8_t **bytes, size_t *size, struct fwvar_diag *diag);

/* ---- boot_path.c: device paths of entries, appended with their end node ---- */
int fw_boot_path_text(const char *text, struct fw_buf *path, struct fwvar_diag *diag);
int fw_boot_path_http(const char *url, struct fw_buf *path, struct fwvar_diag *diag);
int fw_boot_path_file(const char *file, struct fw_buf *path, struct fwvar_diag *diag);
int fw_boot_path_pxe(const char *mac, struct fw_buf *path, struct fwvar_diag *diag);

/* Deletes the hotkeys of an entry. */
int fw_boot_drop_keys(struct fwvar_edit *edit, uint16_t number, struct fwvar_diag *diag);

/* What a finished transaction must not leave behind: BootOrder and BootNext that point to
 * nothing, hotkeys whose CRC no longer fits. Called by fwvar_edit_finish(). */
int fw_boot_settle(struct fwvar_edit *edit, struct fwvar_diag *diag);

#endif
