/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Changing a variable store: one transaction over any number of edits.
 *
 * Edits are collected first and change nothing. fwvar_edit_finish() compares the wanted
 * state with the store's and makes the smallest change that gets there, as the firmware
 * would: a new value is a record appended behind the last one, the old record gets state
 * 0x3C, a deleted one 0x3D; everything else stays byte for byte. A variable that ends up as
 * it was is not touched at all.
 *
 * An edit of one variable that fails, for want of memory too, leaves the transaction as it
 * was. One of several (a boot entry, a plan, an import, a migration, a scrub) may have been
 * done in part: then the transaction is to be abandoned. The image never changes.
 *
 * On a Raspberry Pi no store is ever left that its firmware would have to reclaim, because
 * it crashes then (pftf/RPi4 #97; reproduced on v1.20 to v1.40): where appending would leave
 * less than 0x2800 + 0x1000 bytes free the store is compacted in the same transaction, in
 * the order of edk2's Reclaim (Variable.c), and if that is not enough the edit is refused.
 */
#ifndef FWVAR_EDIT_H
#define FWVAR_EDIT_H

#include <fwvar/check.h>
#include <fwvar/save.h>
#include <fwvar/variables.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a user may insist on; combined. */
enum fwvar_edit_flag {
    /** Allow what the firmware accepts but a user rarely wants: values out of range,
     *  time-authenticated variables (with a timestamp), unusual attributes, boot entries
     *  outside BootOrder. Never allows what would brick a board. */
    FWVAR_EDIT_FORCE = 1 << 0,
    /** Correct a wrong checksum of the volume header in the same transaction. */
    FWVAR_EDIT_FIX_CHECKSUM = 1 << 1,
    /** Rebuild the store without dead records, whether there is need or not. */
    FWVAR_EDIT_COMPACT = 1 << 2
};

/** A variable as wanted, or as it stands. Pointers are not owned. */
struct fwvar_variable {
    struct fwvar_guid guid;
    const uint8_t *name;  /**< UTF-16LE without NUL */
    size_t name_size;     /**< bytes */
    uint32_t attributes;  /**< enum fwvar_attribute, combined */
    const uint8_t *time;  /**< EFI_TIME, 16 bytes, or NULL: zero (or the old record's) */
    const uint8_t *data;
    size_t data_size;     /**< bytes */
};

/** A transaction on one image, which must outlive it. */
struct fwvar_edit;

/** What a finished transaction does to the store; sizes in bytes. */
struct fwvar_edit_report {
    bool changed;              /**< any byte differs */
    bool compacted;            /**< dead records were dropped to make room */
    size_t added;              /**< variables that were not there */
    size_t updated;            /**< variables with a new value or new attributes */
    size_t deleted;
    uint64_t used_before;
    uint64_t used_after;
    uint64_t free_after;
};

/**
 * Begins a transaction.
 * @param flags  enum fwvar_edit_flag, combined.
 * @return 0; #FWVAR_ERR_DAMAGED if the store has a finding that stops edits (the finding is
 *         in the message, its place in the offset, the remedy in the hint);
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_edit_begin(const struct fwvar_image *image, unsigned flags,
                               struct fwvar_edit **edit, struct fwvar_diag *diag);

/** Ends a transaction and frees what it holds, whether finished or not. NULL is allowed. */
FWVAR_API void fwvar_edit_end(struct fwvar_edit *edit);

/** The flags given at the beginning. */
FWVAR_API unsigned fwvar_edit_flags(const struct fwvar_edit *edit);

/** The image the transaction works on. */
FWVAR_API const struct fwvar_image *fwvar_edit_image(const struct fwvar_edit *edit);

/** The records as they were at the beginning. */
FWVAR_API const struct fwvar_variables *fwvar_edit_before(const struct fwvar_edit *edit);

/**
 * The value a variable has in the transaction: the edited one, else the store's.
 * @return 0 with @p variable a view that the next edit invalidates, or
 *         #FWVAR_ERR_NOTFOUND.
 */
FWVAR_API int fwvar_edit_get(const struct fwvar_edit *edit, const struct fwvar_guid *guid,
                             const uint8_t *name, size_t name_size,
                             struct fwvar_variable *variable);

/** Like fwvar_edit_get() with an ASCII name. */
FWVAR_API int fwvar_edit_get_named(const struct fwvar_edit *edit,
                                   const struct fwvar_guid *guid, const char *name,
                                   struct fwvar_variable *variable);

/**
 * Sets a variable; everything is copied.
 * @return 0; #FWVAR_ERR_ARG (empty name, no data); #FWVAR_ERR_REFUSED (attributes that this
 *         store cannot hold, too large for the firmware to rewrite, time-authenticated
 *         without force and a timestamp); #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_edit_set(struct fwvar_edit *edit, const struct fwvar_variable *variable,
                             struct fwvar_diag *diag);

/** Sets a variable with an ASCII name and no timestamp. Errors: fwvar_edit_set(). */
FWVAR_API int fwvar_edit_set_named(struct fwvar_edit *edit, const struct fwvar_guid *guid,
                                   const char *name, uint32_t attributes, const void *data,
                                   size_t data_size, struct fwvar_diag *diag);

/**
 * Deletes a variable.
 * @return 0; #FWVAR_ERR_NOTFOUND; #FWVAR_ERR_REFUSED (time-authenticated without force);
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_edit_delete(struct fwvar_edit *edit, const struct fwvar_guid *guid,
                                const uint8_t *name, size_t name_size,
                                struct fwvar_diag *diag);

/**
 * Visits every variable of the transaction: first the store's live ones in address order
 * as they stand now, then the new ones in the order they were set.
 * @param cursor  0 at the beginning, moved by the call.
 * @return 0 with @p variable a view that the next edit invalidates, or 1 at the end.
 */
FWVAR_API int fwvar_edit_next(const struct fwvar_edit *edit, size_t *cursor,
                              struct fwvar_variable *variable);

/**
 * Works out the new bytes of the volume. May be called again after further edits.
 * @param patch   receives the replacement for fwvar_image_save(): the whole volume, owned
 *                by the transaction. Its size is 0 if nothing changes.
 * @param report  receives what happens; may be NULL.
 * @return 0; #FWVAR_ERR_SPACE with the numbers in the message; #FWVAR_ERR_REFUSED if
 *         BootOrder, BootNext or a hotkey would name a boot entry that is not there, or,
 *         without #FWVAR_EDIT_FORCE, a boot entry would be left that neither BootOrder nor
 *         BootNext names, or a new hotkey has a CRC that is not its entry's;
 *         #FWVAR_ERR_NOMEM. On failure nothing has changed.
 */
FWVAR_API int fwvar_edit_finish(struct fwvar_edit *edit, struct fwvar_patch *patch,
                                struct fwvar_edit_report *report, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
