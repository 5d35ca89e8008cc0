/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_INSPECT_BOOT_H
#define FW_INSPECT_BOOT_H

#include <fwvar/boot.h>

/* Visits variables one after another: 0 with one filled in, 1 at the end. */
typedef int (*fw_boot_source)(const void *from, size_t *cursor, struct fwvar_variable *v);

/* Such a source: the live records of a struct fwvar_variables. */
int fw_boot_next_record(const void *from, size_t *cursor, struct fwvar_variable *v);

/* Decodes a Boot#### variable: all but the text of its path, and what BootOrder and
 * BootNext say of it. The label is the caller's. Returns 0 or FWVAR_ERR_NOMEM. */
int fw_boot_entry_read(struct fwvar_boot_entry *entry, const struct fwvar_variable *v,
                       uint16_t number);

int fw_boot_menu_build(const void *from, fw_boot_source next,
                       struct fwvar_boot_menu *menu, struct fwvar_diag *diag);

/* The class of a device path; @mac receives the address if the path has one. */
enum fwvar_boot_class fw_boot_classify(const uint8_t *path, size_t size, bool *has_mac,
                                       uint8_t mac[6]);

/* The number in a name that matches Boot#### or its like (UTF-16LE, without NUL). */
uint16_t fw_boot_number(const uint8_t *name, size_t name_size);

#endif
