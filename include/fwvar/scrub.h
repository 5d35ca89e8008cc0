/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Turning the image that one board saved into one that any board can boot. What ties it to
 * the board goes: the mark that boot entries are made already (BootDiscoveryPolicyOld),
 * lists of its network cards and disks (_NDL, HDDP), variables named after a MAC, its
 * DHCPv6 identity (ClientId), and the boot entries that the firmware made for its disks and
 * network cards. Settings and entries made by hand stay.
 */
#ifndef FWVAR_SCRUB_H
#define FWVAR_SCRUB_H

#include <fwvar/outcome.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to remove beside, and what to leave. Names and patterns as struct fwvar_choice. */
struct fwvar_scrub_options {
    /** variables to remove too; also the groups "mtc", "rtc", "memory", "clock" and
     *  "consoles": what a board writes about itself without being bound by it */
    const char *const *also;
    size_t also_count;
    const char *const *keep; /**< variables to leave although they would go */
    size_t keep_count;
};

/** The words for groups, for help and completion. @return word @p i, or NULL behind the
 *  last. */
FWVAR_API const char *fwvar_scrub_group(size_t i);

/**
 * Scrubs the store of a transaction on which nothing was done yet. The boot entries that
 * are left get the numbers from 0000 on; BootOrder, BootNext and hotkeys follow. Begin the
 * transaction with #FWVAR_EDIT_COMPACT, so that nothing is left in dead records.
 * @param outcomes  receives what was removed, renumbered and rewritten, and what was kept
 *                  with a note: entries made by hand for a MAC, variables that still hold
 *                  one. To be freed with fwvar_outcomes_free().
 * @return 0; #FWVAR_ERR_DAMAGED (BootOrder is broken); #FWVAR_ERR_NOTFOUND or
 *         #FWVAR_ERR_ARG (a word of @p options is neither a group nor a pattern, nor the
 *         name of a variable that is stored or known); the errors of fwvar_edit_set() and
 *         fwvar_edit_delete().
 */
FWVAR_API int fwvar_scrub(struct fwvar_edit *edit,
                          const struct fwvar_scrub_options *options,
                          struct fwvar_outcomes **outcomes, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
