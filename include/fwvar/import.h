/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Setting variables from a list: a document, a folder of efivarfs, a dump.
 */
#ifndef FWVAR_IMPORT_H
#define FWVAR_IMPORT_H

#include <fwvar/outcome.h>
#include <fwvar/varlist.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How to import. */
struct fwvar_import_options {
    struct fwvar_choice choice;
    /** What cannot be set is an error; otherwise it is left, with an outcome: variables
     *  without NV (unless `choice.only` names them exactly), and time-authenticated ones
     *  without a timestamp, which folders and dumps do not have. */
    bool strict;
    /** Delete runtime variables that the list does not have, with what hangs on a deleted
     *  boot entry. Others a running system does not show, so their absence means
     *  nothing. */
    bool sync;
    /** Numbers in BootOrder that come a second time or have no entry are taken out: in an
     *  ordinary folder efibootmgr overwrites a longer BootOrder with a shorter one without
     *  cutting the rest off. */
    bool mend_order;
};

/**
 * Sets the variables of a list in a transaction. Attributes that the list does not say are
 * the known ones, else the old record's, else NV+BS as in virt-fw-vars. A time-authenticated
 * variable that the store does not have yet is set with the list's timestamp; changing one
 * that it has needs #FWVAR_EDIT_FORCE. Unless `strict`, boot entries may stay outside
 * BootOrder, as efibootmgr leaves them; fwvar_advise_edit() tells.
 * @param outcomes  receives what became of each, to be freed with fwvar_outcomes_free();
 *                  may be NULL. Nothing is stored on failure.
 * @return 0; #FWVAR_ERR_REFUSED and #FWVAR_ERR_ARG as fwvar_assign_bytes(), with the
 *         variable and its place in the message; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_import(struct fwvar_edit *edit, const struct fwvar_varlist *list,
                           const struct fwvar_import_options *options,
                           struct fwvar_outcomes **outcomes, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
