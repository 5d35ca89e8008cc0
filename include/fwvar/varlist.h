/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * A list of variables outside an image: what a document, a folder or a dump holds, and the
 * forms of it that are bytes: UEFI Shell `dmpstore -s` files, and the file names and
 * contents that Linux shows under /sys/firmware/efi/efivars.
 */
#ifndef FWVAR_VARLIST_H
#define FWVAR_VARLIST_H

#include <fwvar/edit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most bytes of data that one variable of a list may have. */
#define FWVAR_VARLIST_DATA_MAX (1u << 20)
/** Most variables of a list. */
#define FWVAR_VARLIST_MAX 65536u

/** One variable of a list; everything belongs to the list. */
struct fwvar_varlist_item {
    /** time is NULL where the source has no timestamp */
    struct fwvar_variable variable;
    /** false if the source does not say; then variable.attributes is 0 */
    bool has_attributes;
    /** where it stands in its source, for messages ("line 12, column 9"), or "" */
    const char *place;
};

/** Variables in the order of their source; each name and vendor GUID once. */
struct fwvar_varlist;

/** Makes an empty list. Errors: #FWVAR_ERR_NOMEM. */
FWVAR_API int fwvar_varlist_new(struct fwvar_varlist **list, struct fwvar_diag *diag);

/** Frees a list; NULL is allowed. */
FWVAR_API void fwvar_varlist_free(struct fwvar_varlist *list);

FWVAR_API size_t fwvar_varlist_count(const struct fwvar_varlist *list);

/** Variable @p i (below the count), owned by the list. */
FWVAR_API const struct fwvar_varlist_item *
fwvar_varlist_at(const struct fwvar_varlist *list, size_t i);

/** The variable of a name (UTF-16LE without NUL, bytes) and GUID, or NULL. */
FWVAR_API const struct fwvar_varlist_item *
fwvar_varlist_find(const struct fwvar_varlist *list, const struct fwvar_guid *guid,
                   const uint8_t *name, size_t name_size);

/**
 * Adds a variable; everything is copied. @p item->place may be NULL.
 * @return 0; #FWVAR_ERR_ARG (no name, an odd or too long one, a NUL in it, no data, too
 *         much data, the same name and GUID a second time); #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_varlist_add(struct fwvar_varlist *list,
                                const struct fwvar_varlist_item *item,
                                struct fwvar_diag *diag);

/**
 * The live variables of a store, in address order, with the timestamps of the
 * time-authenticated ones.
 * @return as fwvar_varlist_add(); the list is the caller's.
 */
FWVAR_API int fwvar_varlist_from_store(const struct fwvar_variables *variables,
                                       struct fwvar_varlist **list,
                                       struct fwvar_diag *diag);

/**
 * Reads a file of the UEFI Shell's `dmpstore -s`. Per variable (edk2 DmpStore.c,
 * AppendSingleVariableToFile): name size and data size, u32 each; name with its NUL; GUID;
 * attributes, u32; data; CRC-32 of all that. It has no timestamps.
 * @return 0; #FWVAR_ERR_DAMAGED with the offset in the file in the message; the errors of
 *         fwvar_varlist_add().
 */
FWVAR_API int fwvar_dmpstore_read(const uint8_t *bytes, size_t size,
                                  struct fwvar_varlist **list, struct fwvar_diag *diag);

/**
 * Writes such a file.
 * @param bytes  receives it, owned by the caller (free()).
 * @return 0 or #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_dmpstore_write(const struct fwvar_varlist *list, uint8_t **bytes,
                                   size_t *size, struct fwvar_diag *diag);

/**
 * The name of a variable's file in an efivarfs folder: `Name-guid`. As Linux does, `/`
 * becomes `!`. Beyond Linux, so that every name survives: `!` itself, lone surrogates, and
 * a backslash in front of what would look like an escape become `\uXXXX`.
 * @return the name, owned by the caller (free()), or NULL if out of memory.
 */
FWVAR_API char *fwvar_efivarfs_name(const struct fwvar_variable *variable);

/**
 * The variable that a file name means.
 * @param name       receives UTF-16LE without NUL, owned by the caller (free()).
 * @param name_size  bytes.
 * @return 0; #FWVAR_ERR_ARG if it is not `Name-guid` in UTF-8; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_efivarfs_parse(const char *file_name, struct fwvar_guid *guid,
                                   uint8_t **name, size_t *name_size,
                                   struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
