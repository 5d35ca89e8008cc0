/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * What became of variables in a command that handles many of them (import, scrub,
 * migrate), one by one and with the reason; and how a user picks among them.
 */
#ifndef FWVAR_OUTCOME_H
#define FWVAR_OUTCOME_H

#include <fwvar/edit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a variable. */
enum fwvar_outcome {
    FWVAR_OUTCOME_CARRIED,    /**< set: new, or with another value than before */
    FWVAR_OUTCOME_SAME,       /**< already so */
    FWVAR_OUTCOME_RENAMED,    /**< carried under another name */
    FWVAR_OUTCOME_UNKNOWN,    /**< left: the new release does not know it */
    FWVAR_OUTCOME_SIZE,       /**< left: the new release has another size for it */
    FWVAR_OUTCOME_BOUND,      /**< left: tied to one machine, or made by the firmware */
    FWVAR_OUTCOME_REFUSED,    /**< left: the reason says what stands against it */
    FWVAR_OUTCOME_VOLATILE,   /**< left: not kept in a store (no NV attribute) */
    FWVAR_OUTCOME_REMOVED,    /**< deleted */
    FWVAR_OUTCOME_RENUMBERED, /**< a boot entry under another number */
    FWVAR_OUTCOME_REWRITTEN,  /**< changed to fit the others */
    FWVAR_OUTCOME_KEPT        /**< could have been removed, and was not */
};

/** One variable and what became of it. */
struct fwvar_outcome_item {
    struct fwvar_guid guid;
    const uint8_t *name; /**< UTF-16LE without NUL; owned by the list */
    size_t name_size;    /**< bytes */
    enum fwvar_outcome outcome;
    const char *reason;  /**< one line, or ""; owned by the list */
};

/** A list of them, in the order of their source. */
struct fwvar_outcomes;

FWVAR_API void fwvar_outcomes_free(struct fwvar_outcomes *outcomes);

FWVAR_API size_t fwvar_outcomes_count(const struct fwvar_outcomes *outcomes);

/** Item @p i (below the count); owned by the list. */
FWVAR_API const struct fwvar_outcome_item *
fwvar_outcomes_at(const struct fwvar_outcomes *outcomes, size_t i);

/** "carried", "same" …: the word for JSON; stable. */
FWVAR_API const char *fwvar_outcome_word(enum fwvar_outcome outcome);

/** True where the variable was left although its source has it. */
FWVAR_API bool fwvar_outcome_is_left(enum fwvar_outcome outcome);

/**
 * A choice of variables by name: `Name`, `GUID-Name`, a setting's short name, or a pattern
 * with `*` and `?`.
 */
struct fwvar_choice {
    const char *const *only;   /**< if any: just these */
    size_t only_count;
    const char *const *except; /**< not these */
    size_t except_count;
};

/**
 * Tells whether a variable is chosen.
 *
 * @param choice  may be NULL: all are.
 * @return 1 if it is, 0 if not, #FWVAR_ERR_NOMEM if that could not be found out.
 */
FWVAR_API int fwvar_choice_has(const struct fwvar_choice *choice,
                               const struct fwvar_variable *variable);

/**
 * Tells whether @p pattern means @p variable.
 *
 * @return 1 if it does, 0 if not, #FWVAR_ERR_NOMEM if that could not be found out.
 */
FWVAR_API int fwvar_pattern_fits(const char *pattern,
                                 const struct fwvar_variable *variable);

#ifdef __cplusplus
}
#endif
#endif
