/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * What a user should know about the machine before finding out on a board without a
 * screen: things that are allowed, but will not do what they seem to.
 */
#ifndef FWVAR_ADVICE_H
#define FWVAR_ADVICE_H

#include <fwvar/edit.h>
#include <fwvar/release.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A rule of advice; a constant in static storage. */
struct fwvar_advice {
    const char *rule;    /**< "ram-more-than-3gb"; stable */
    const char *text;    /**< what happens, and what to do instead; one line */
    const char *source;  /**< how it is known */
    const char *finding; /**< the rule of fwvar_check() that finds the same, or NULL */
};

/** At least as many as there are rules. */
#define FWVAR_ADVICE_MAX 32

/** Bytes of a text, its NUL included. */
#define FWVAR_ADVICE_TEXT_MAX 512

/** A rule that applies. */
struct fwvar_advised {
    const struct fwvar_advice *rule;
    char text[FWVAR_ADVICE_TEXT_MAX]; /**< the rule's text, with the names or numbers of
                                           this case in front where it has any; UTF-8
                                           without control characters */
};

/** What applies, in the order of the rules. Needs no clean-up. */
struct fwvar_advice_list {
    size_t count;
    struct fwvar_advised items[FWVAR_ADVICE_MAX];
};

/**
 * Whether the device tree addresses of a layout are those that a board's config.txt
 * needs: they are known for the Raspberry Pi 4, and for the Pi 3 where the device tree
 * lies behind the image.
 * @param layout  may be NULL.
 * @param board   as in struct fwvar_release.
 */
FWVAR_API bool fwvar_config_known(const struct fwvar_layout *layout, const char *board);

/** The rules. @return row @p i, or NULL behind the last. */
FWVAR_API const struct fwvar_advice *fwvar_advice_at(size_t i);

/**
 * What applies to an image as it is.
 * @param release    of its firmware (fwvar_firmware_release()), or NULL: then the rules
 *                   about releases do not apply.
 * @param config     the text of the config.txt that the board reads, NUL-terminated, or
 *                   NULL if it is not at hand.
 * @param list       receives the advice.
 * @return 0 or #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_advise_image(const struct fwvar_image *image,
                                 const struct fwvar_variables *variables,
                                 const struct fwvar_release *release, const char *config,
                                 struct fwvar_advice_list *list, struct fwvar_diag *diag);

/**
 * What applies to a transaction: to the state it leads to, and to what it was asked to
 * do. Call it after fwvar_edit_finish(), so that the space used is that of the result.
 * The parameters are those of fwvar_advise_image().
 */
FWVAR_API int fwvar_advise_edit(const struct fwvar_edit *edit,
                                const struct fwvar_release *release, const char *config,
                                struct fwvar_advice_list *list, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
