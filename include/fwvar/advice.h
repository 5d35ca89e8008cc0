/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * What a user should know about the machine before finding out on a board without a
 * screen: things that are allowed, but will not do what they seem to.
 */
#ifndef FWVAR_ADVICE_H
#define FWVAR_ADVICE_H

#include <fwvar/edit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One piece of advice; a constant in static storage. */
struct fwvar_advice {
    const char *rule;   /**< "ram-more-than-3gb"; stable */
    const char *text;   /**< what happens, and what to do instead; one line */
    const char *source; /**< how it is known */
};

/** At least as many as there are rows. */
#define FWVAR_ADVICE_MAX 32

/** The rows. @return row @p i, or NULL behind the last. */
FWVAR_API const struct fwvar_advice *fwvar_advice_at(size_t i);

/**
 * What applies to a transaction: to the state it leads to, and to what it was asked to do.
 * @param advice  receives up to #FWVAR_ADVICE_MAX rows.
 * @return how many.
 */
FWVAR_API size_t fwvar_advise_edit(const struct fwvar_edit *edit,
                                   const struct fwvar_advice *advice[FWVAR_ADVICE_MAX]);

#ifdef __cplusplus
}
#endif
#endif
