/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Carrying settings, hand-made boot entries and secure boot variables from one image (or a
 * document, or a folder) into another release, whatever its layout.
 */
#ifndef FWVAR_MIGRATE_H
#define FWVAR_MIGRATE_H

#include <fwvar/outcome.h>
#include <fwvar/release.h>
#include <fwvar/varlist.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How to migrate; zero-initialise. */
struct fwvar_migrate_options {
    struct fwvar_choice choice;
    bool all; /**< also what is bound to a machine, made by the firmware, or unknown */
    /** the code of the new release, which tells the variables that it knows; NULL if it
     *  cannot be read, then the catalogue of settings decides */
    const struct fwvar_content *content;
    const char *board;   /**< of the new release, as in struct fwvar_release; or NULL */
    const char *version; /**< of the new release, or NULL */
};

/**
 * Carries variables into a transaction on the new image.
 *
 * Boot entries get the lowest free numbers; the order is the old one, and behind it what
 * only the new image has. Entries that the firmware made are left: the new release makes
 * its own. `BootPolicy` (v1.26 to v1.28) becomes `BootDiscoveryPolicy`.
 * @param old       what there was, in its order.
 * @param outcomes  receives what became of each chosen variable, to be freed with
 *                  fwvar_outcomes_free().
 * @return 0, also if some are left; #FWVAR_ERR_DAMAGED (BootOrder of the new image is
 *         broken); #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_migrate(struct fwvar_edit *edit, const struct fwvar_varlist *old,
                            const struct fwvar_migrate_options *options,
                            struct fwvar_outcomes **outcomes, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
