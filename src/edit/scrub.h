/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_EDIT_SCRUB_H
#define FW_EDIT_SCRUB_H

#include "edit/boot.h"
#include "edit/outcome.h"

#include <fwvar/scrub.h>

#define FW_SCRUB_MACS 64

/* One run of fwvar_scrub(). */
struct fw_scrub {
    struct fwvar_edit *edit;
    const struct fwvar_scrub_options *options;
    struct fwvar_outcomes *outcomes;
    uint8_t macs[FW_SCRUB_MACS][6]; /* addresses that were seen on what is removed */
    size_t mac_count;
    struct fwvar_diag *diag;
};

void fw_scrub_saw_mac(struct fw_scrub *s, const uint8_t mac[6]);
/* What the options say of a variable: 1 or 0, or an error. */
int fw_scrub_keeps(const struct fw_scrub *s, const struct fwvar_variable *v);
int fw_scrub_asked(const struct fw_scrub *s, const struct fwvar_variable *v);
/* Deletes a variable and says why. */
int fw_scrub_remove(struct fw_scrub *s, const struct fwvar_variable *v,
                    const char *reason);

/* The boot menu's part. */
int fw_scrub_menu(struct fw_scrub *s);

#endif
