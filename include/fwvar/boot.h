/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * The boot menu: BootOrder, BootNext, Timeout and the Boot#### load options, as the
 * firmware's boot manager sees them (UEFI specification 2.10, section 3.1; edk2
 * UefiBootManagerLib), and the edits that people want of it.
 */
#ifndef FWVAR_BOOT_H
#define FWVAR_BOOT_H

#include <fwvar/devpath.h>
#include <fwvar/edit.h>
#include <fwvar/loadopt.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an entry boots, told from its device path. */
enum fwvar_boot_class {
    FWVAR_BOOT_OTHER,
    FWVAR_BOOT_PXE4,  /**< MAC/IPv4 */
    FWVAR_BOOT_PXE6,  /**< MAC/IPv6 */
    FWVAR_BOOT_HTTP4, /**< MAC/IPv4/Uri */
    FWVAR_BOOT_HTTP6, /**< MAC/IPv6/Uri */
    FWVAR_BOOT_HTTP,  /**< Uri alone: the short form, any network card */
    FWVAR_BOOT_DISK,  /**< SD, USB, NVMe, SATA …, or a partition of one */
    FWVAR_BOOT_FILE,  /**< a file path alone: the short form, any disk */
    FWVAR_BOOT_SHELL, /**< the UEFI Shell inside the firmware */
    FWVAR_BOOT_MENU   /**< the setup menu (UiApp) inside the firmware */
};

/** One Boot#### variable. Views are into the bytes the menu was read from. */
struct fwvar_boot_entry {
    uint16_t number;
    struct fwvar_variable variable; /**< as stored */
    struct fwvar_loadopt option;    /**< decoded; option.flaw says if it is broken */
    char *label;                    /**< description, UTF-8; owned by the menu */
    char *path;                     /**< device path text; owned by the menu */
    enum fwvar_boot_class kind;
    bool in_order;     /**< named by BootOrder; if not, the firmware overwrites it */
    bool is_next;      /**< named by BootNext */
    bool auto_created; /**< made by the firmware: marked, or the menu or the shell */
    bool has_mac;      /**< tied to one network card */
    uint8_t mac[6];    /**< its address */
};

/** The boot menu. */
struct fwvar_boot_menu {
    struct fwvar_boot_entry *entries; /**< in the order of their numbers */
    size_t count;
    uint16_t *order;    /**< BootOrder as stored, dangling numbers included */
    size_t order_count;
    bool has_order;
    bool order_odd;     /**< BootOrder has an odd number of bytes */
    bool has_next;
    uint16_t next;
    bool has_timeout;
    uint16_t timeout;   /**< seconds; 0xFFFF waits for ever */
};

/** Reads the menu of a store. Errors: #FWVAR_ERR_NOMEM. Free it with
 *  fwvar_boot_menu_free(). */
FWVAR_API int fwvar_boot_menu_read(const struct fwvar_variables *variables,
                                   struct fwvar_boot_menu *menu, struct fwvar_diag *diag);

/** Reads the menu as it stands in a transaction; views last until its next edit. */
FWVAR_API int fwvar_boot_menu_pending(const struct fwvar_edit *edit,
                                      struct fwvar_boot_menu *menu,
                                      struct fwvar_diag *diag);

FWVAR_API void fwvar_boot_menu_free(struct fwvar_boot_menu *menu);

/** The entry with a number, or NULL. */
FWVAR_API const struct fwvar_boot_entry *
fwvar_boot_menu_find(const struct fwvar_boot_menu *menu, uint16_t number);

/** "pxe4", "disk" …; the word for a class on the command line. */
FWVAR_API const char *fwvar_boot_class_name(enum fwvar_boot_class kind);

/** An entry to be added. Pointers are not owned. */
struct fwvar_boot_new {
    const char *label;   /**< UTF-8 */
    const uint8_t *path; /**< device path, end node included */
    size_t path_size;    /**< bytes */
    const uint8_t *data; /**< optional data, or NULL */
    size_t data_size;    /**< bytes */
    bool inactive;       /**< not booted automatically */
};

/**
 * Adds an entry under the lowest free number and appends it to BootOrder. If one with the
 * same label and path is there already it is taken instead (and put into BootOrder if it is
 * missing there). It carries no mark of the firmware, so that no board deletes it.
 * @param number  receives its number; may be NULL.
 * @return 0; #FWVAR_ERR_ARG (empty or unreadable label, malformed path, a URL where a
 *         path is due); #FWVAR_ERR_DAMAGED (BootOrder itself is broken); the errors of
 *         fwvar_edit_set().
 */
FWVAR_API int fwvar_boot_add(struct fwvar_edit *edit, const struct fwvar_boot_new *entry,
                             uint16_t *number, struct fwvar_diag *diag);

/** Adds an entry whose path is text; @p label as above. */
FWVAR_API int fwvar_boot_add_path(struct fwvar_edit *edit, const char *label,
                                  const char *path, uint16_t *number,
                                  struct fwvar_diag *diag);

/** Adds a short-form HTTP entry, which needs no MAC. @p label may be NULL. */
FWVAR_API int fwvar_boot_add_http(struct fwvar_edit *edit, const char *label,
                                  const char *url, uint16_t *number,
                                  struct fwvar_diag *diag);

/** Adds a PXEv4 entry for one network card. @p mac in any usual spelling: colons, dashes,
 *  dots or none. @p label may be NULL: the firmware's own wording. */
FWVAR_API int fwvar_boot_add_pxe(struct fwvar_edit *edit, const char *label,
                                 const char *mac, uint16_t *number,
                                 struct fwvar_diag *diag);

/** Adds a short-form file path entry, looked for on every disk. @p label may be NULL. */
FWVAR_API int fwvar_boot_add_file(struct fwvar_edit *edit, const char *label,
                                  const char *path, uint16_t *number,
                                  struct fwvar_diag *diag);

/**
 * What can be done with ENTRY: `0003` or `Boot0003`, else an exact label, else a class;
 * `label:TEXT` forces a label. A class means all its entries, in their present order.
 */
enum fwvar_boot_action {
    FWVAR_BOOT_FIRST,   /**< to the front of BootOrder */
    FWVAR_BOOT_LAST,    /**< to its end */
    FWVAR_BOOT_NEXT,    /**< into BootNext; "none" deletes it */
    FWVAR_BOOT_REMOVE,  /**< delete, with its place in BootOrder and its hotkeys */
    FWVAR_BOOT_ENABLE,  /**< set ACTIVE */
    FWVAR_BOOT_DISABLE  /**< clear ACTIVE */
};

/**
 * Does something with the entries that @p entry names.
 * @return 0; #FWVAR_ERR_NOTFOUND with the labels there are; #FWVAR_ERR_AMBIGUOUS (several
 *         entries have that label, or BootNext with a class of several);
 *         #FWVAR_ERR_DAMAGED (the entry is broken; it can only be removed).
 */
FWVAR_API int fwvar_boot_act(struct fwvar_edit *edit, enum fwvar_boot_action action,
                             const char *entry, struct fwvar_diag *diag);

/**
 * Sets BootOrder: ENTRYs separated by commas. It must name every entry that is in the
 * order now, or contain `*` for the rest.
 * @return 0; #FWVAR_ERR_ARG (twice the same, or some left out); as fwvar_boot_act().
 */
FWVAR_API int fwvar_boot_order(struct fwvar_edit *edit, const char *text,
                               struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
