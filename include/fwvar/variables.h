/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * All records of a store at once: which of them are live, by the rule of the edk2 variable
 * driver (FindVariableEx), looked up by name and vendor GUID in constant time, and how the
 * space is used.
 */
#ifndef FWVAR_VARIABLES_H
#define FWVAR_VARIABLES_H

#include <fwvar/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a record is to the firmware. */
enum fwvar_role {
    FWVAR_ROLE_LIVE,      /**< what a look-up returns: the first 0x3F of its name and GUID,
                               or the last 0x3E where no 0x3F exists */
    FWVAR_ROLE_DUPLICATE, /**< 0x3F, but an earlier one hides it: hangs the boot manager */
    FWVAR_ROLE_TWIN,      /**< 0x3E beside a live record of the same name and GUID */
    FWVAR_ROLE_DEAD,      /**< deleted or superseded */
    FWVAR_ROLE_UNFINISHED,/**< an interrupted write: 0x7F, or a header never completed */
    FWVAR_ROLE_UNKNOWN    /**< a state that no driver writes; not live */
};

/** How the bytes of a store are used; all sizes in bytes. */
struct fwvar_usage {
    uint64_t capacity;    /**< from the first record to the end of the store */
    uint64_t used;        /**< from the first record to the end of the chain */
    uint64_t free;        /**< capacity - used */
    uint64_t reclaimable; /**< of used: what a reclaim would give back */
    size_t live;          /**< records by role: FWVAR_ROLE_LIVE … */
    size_t duplicates;
    size_t twins;
    size_t dead;
    size_t unfinished;
    size_t unknown;
    enum fwvar_end end;   /**< why the chain ends */
    uint64_t end_offset;  /**< where, bytes from the start of the image */
    uint64_t dirty;       /**< first byte after the chain that is not 0xFF, bytes from the
                               start of the image; #FWVAR_NO_OFFSET if free space is clean */
};

/** The records of one store. Holds views into the store, which must outlive it. */
struct fwvar_variables;

/**
 * Reads all records of @p store.
 * @param variables  receives the result, to be freed with fwvar_variables_free().
 * @return 0 or #FWVAR_ERR_NOMEM. Damage is not an error: see fwvar_variables_usage().
 */
FWVAR_API int fwvar_variables_read(const struct fwvar_store *store,
                                   struct fwvar_variables **variables,
                                   struct fwvar_diag *diag);

FWVAR_API void fwvar_variables_free(struct fwvar_variables *variables);

/** Number of records of every role. */
FWVAR_API size_t fwvar_variables_count(const struct fwvar_variables *variables);

/** Record @p i (below the count), in address order; owned by @p variables. */
FWVAR_API const struct fwvar_record *
fwvar_variables_at(const struct fwvar_variables *variables, size_t i);

/** Role of record @p i (below the count). */
FWVAR_API enum fwvar_role fwvar_variables_role(const struct fwvar_variables *variables,
                                               size_t i);

/**
 * The live record of a name and GUID.
 * @param name  UTF-16LE without its NUL, @p name_size bytes.
 * @return the record, owned by @p variables, or NULL if there is none.
 */
FWVAR_API const struct fwvar_record *
fwvar_variables_find(const struct fwvar_variables *variables,
                     const struct fwvar_guid *guid, const uint8_t *name, size_t name_size);

/** Like fwvar_variables_find() with an ASCII name. */
FWVAR_API const struct fwvar_record *
fwvar_variables_get(const struct fwvar_variables *variables,
                    const struct fwvar_guid *guid, const char *name);

/** How the store's space is used. */
FWVAR_API const struct fwvar_usage *
fwvar_variables_usage(const struct fwvar_variables *variables);

/**
 * A record's name as UTF-8. Lone surrogates and an odd last byte are escaped as \\uD800
 * and \\x41; with @p for_terminal also control characters.
 * @param valid  if not NULL, receives whether the name is well-formed UTF-16.
 * @return NUL-terminated text owned by the caller (free()), or NULL if out of memory.
 */
FWVAR_API char *fwvar_record_name(const struct fwvar_record *record, bool for_terminal,
                                  bool *valid);

/** Bytes of a record's name without its terminating NUL; compare names over these. */
FWVAR_API size_t fwvar_record_name_length(const struct fwvar_record *record);

#ifdef __cplusplus
}
#endif
#endif
