/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The boot menu of a transaction, kept while edits go by: reading it anew for each of a
 * thousand edits would cost the square of their number. Made when first asked for; every
 * edit of a variable brings it up to date (fw_menu_follow()). */
#ifndef FW_EDIT_MENU_H
#define FW_EDIT_MENU_H

#include "inspect/boot.h"
#include "inspect/numbers.h"

/* An entry. `read` lacks the text of the path, and what BootOrder and BootNext say. */
struct fw_menu_entry {
    struct fwvar_boot_entry read;
    uint64_t label_hash;
    uint64_t hash;              /* of label and path */
    struct fw_menu_entry *next; /* with a label of the same bucket */
    struct fw_menu_entry **link;
};

/* A hotkey: Key#### and the number of the entry it boots. */
struct fw_menu_key {
    uint16_t key, option;
};

#define FW_MENU_BUCKETS 1024
#define FW_MENU_PAGE    256

struct fw_menu {
    struct fw_menu_entry **pages[FW_NUMBERS / FW_MENU_PAGE]; /* by number */
    struct fw_number_set present; /* numbers with an entry */
    struct fw_number_set ordered; /* numbers in BootOrder */
    struct fw_menu_entry *labels[FW_MENU_BUCKETS];
    size_t count;
    uint16_t *order; /* as in struct fwvar_boot_menu */
    size_t order_count, order_cap;
    bool has_order, order_odd;
    bool has_next, has_timeout;
    uint16_t next, timeout;
    struct fw_menu_key *keys; /* in the order they are met */
    size_t key_count, key_cap;
};

/* The menu as it stands; it lives until the transaction ends or memory runs out in an
 * edit, and its views until the next edit. */
int fw_menu_pending(struct fwvar_edit *edit, const struct fw_menu **menu,
                    struct fwvar_diag *diag);
/* The same; refuses a BootOrder that cannot be edited. */
int fw_menu_for_edit(struct fwvar_edit *edit, const struct fw_menu **menu,
                     struct fwvar_diag *diag);

/* The entry with a number, or NULL. */
static inline const struct fwvar_boot_entry *fw_menu_find(const struct fw_menu *menu,
                                                          uint16_t number)
{
    struct fw_menu_entry *const *page = menu->pages[number / FW_MENU_PAGE];
    const struct fw_menu_entry *e = page ? page[number % FW_MENU_PAGE] : NULL;

    return e ? &e->read : NULL;
}

/* The next entry with a number of at least *number, which becomes that number; false at
 * the end. */
bool fw_menu_next(const struct fw_menu *menu, uint32_t *number);

/* Puts the numbers of all entries with a label into @set. Returns how many there are. */
size_t fw_menu_labelled(const struct fw_menu *menu, const char *label,
                        struct fw_number_set *set);

/* The first entry that is equal to a new one, and not the firmware's; or NULL. */
const struct fwvar_boot_entry *fw_menu_same(const struct fw_menu *menu,
                                            const struct fwvar_boot_new *entry);

/* The lowest number that nothing uses or mentions, so that numbers stay contiguous.
 * FWVAR_ERR_SPACE if there is none. */
int fw_menu_free_number(const struct fw_menu *menu, uint16_t *number);

/* Follows an edit of a variable: set or deleted. */
void fw_menu_follow(struct fwvar_edit *edit, const struct fwvar_guid *guid,
                    const uint8_t *name, size_t name_size);
void fw_menu_free(struct fw_menu *menu);

#endif
