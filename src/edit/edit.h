/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The inside of a transaction. */
#ifndef FW_EDIT_EDIT_H
#define FW_EDIT_EDIT_H

#include "base/bytes.h"
#include "format/map.h"

#include <fwvar/edit.h>

/* What one variable shall be in the end. */
struct fw_wish {
    struct fwvar_guid guid;
    uint8_t *bytes;   /* name, then data, then the timestamp; owned */
    size_t name_size; /* UTF-16LE without NUL, bytes */
    size_t data_size;
    uint32_t attributes;
    bool deleted;
    bool renewed;        /* a hotkey whose CRC fw_boot_settle() set */
    const uint8_t *time; /* in bytes, or NULL */
};

struct fw_menu;

struct fwvar_edit {
    const struct fwvar_image *image;
    const struct fwvar_store *store;
    struct fwvar_variables *before;
    unsigned flags;
    bool loose_entries;     /* a menu from elsewhere may have loose ends */
    struct fw_wish *wishes; /* in the order of first mention */
    size_t count, cap;
    struct fw_map map;
    struct fw_names *names; /* an index made on demand */
    struct fw_menu *menu;   /* NULL until somebody asks: edit/menu.h */
    uint8_t *volume;        /* the result of fwvar_edit_finish() */
    uint64_t used_after;    /* bytes used in it */
};

/* ---- names.c ---- */
struct fw_names *fw_names_new(void);
void fw_names_free(struct fw_names *names);
/* Calls @visit with the GUID of every variable of that name (UTF-16LE without NUL) that
 * the transaction has, those of the store first; the same one may come twice. Or
 * FWVAR_ERR_NOMEM. */
int fw_names_each(const struct fwvar_edit *edit, const uint8_t *name, size_t name_size,
                  void (*visit)(void *context, const struct fwvar_guid *guid),
                  void *context, struct fwvar_diag *diag);

/* True if attributes and data are equal. */
bool fw_same_value(const struct fwvar_variable *a, const struct fwvar_variable *b);
/* True if no new record is needed: the firmware writes none for an equal value, and
 * another timestamp alone is a change only for those who insist. */
bool fw_no_change(const struct fwvar_edit *e, const struct fwvar_variable *now,
                  const struct fwvar_variable *wanted);

/* Views; valid until the next edit of this variable. */
void fw_view_wish(const struct fw_wish *wish, struct fwvar_variable *variable);

/* fwvar_edit_set() for a variable that comes from another store or a document with its
 * timestamp: a time-authenticated one that this store does not have needs no force. */
int fw_edit_carry(struct fwvar_edit *e, const struct fwvar_variable *v,
                  struct fwvar_diag *diag);

/* The same with the checks of fwvar_assign_bytes(); what is so already is no error. */
int fw_assign_carried(struct fwvar_edit *edit, const struct fwvar_variable *variable,
                      struct fwvar_diag *diag);

/* The same for a target, with attributes as fwvar_assign_bytes() finds them. */
struct fwvar_target;
struct fwvar_assign_options;
int fw_assign_declared(struct fwvar_edit *edit, const struct fwvar_target *target,
                       const void *bytes, size_t size,
                       const struct fwvar_assign_options *options,
                       struct fwvar_diag *diag);

/* Appends the bytes of "u16:5" and the like; 1 if the value has no such prefix. */
int fw_prefixed_value(struct fw_buf *out, const char *value, struct fwvar_diag *diag);

/* Appends the bytes that a value of fwvar_assign_text() means. */
int fw_value_bytes(struct fw_buf *out, const struct fwvar_target *target,
                   const char *board, const char *value, bool force,
                   struct fwvar_diag *diag);

/* The attributes that the firmware stores a variable with, or 0 if that is not known. */
uint32_t fw_due_attributes(const struct fwvar_variable *variable);

/* Refuses names such as Boot000a, which the firmware ignores. */
int fw_check_digits(const struct fwvar_target *target, const char *name,
                    struct fwvar_diag *diag);

#endif
