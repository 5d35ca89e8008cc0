/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_TRANSFER_H
#define FW_CLI_TRANSFER_H

#include "cli/patch.h"

#include <fwvar/outcome.h>

/* Options of export, import, scrub and migrate. Apart from those of `patch`, because
 * reports look for some of these. */
enum transfer_option {
    EXPORT_EFIVARFS = PATCH_BYTES + 1,
    EXPORT_DMPSTORE,
    TRANSFER_ONLY,
    TRANSFER_EXCEPT,
    TRANSFER_SYNC,
    TRANSFER_ALL,
    SCRUB_ALSO,
    SCRUB_KEEP
};

/* The choice that --only and --except make; freed by the second call also after the first
 * has failed (FWVAR_ERR_NOMEM). */
int cli_read_choice(const struct cli *cli, struct fwvar_choice *choice);
void cli_free_choice(struct fwvar_choice *choice);

/* A transaction on an image that a command changes; ended by the second call also after
 * the first has failed with a message. */
struct cli_changing {
    struct fwvar_image *image;
    struct fwvar_edit *edit;
};
int cli_begin_edit(struct cli *cli, const char *path, unsigned flags,
                   struct cli_changing *c);
void cli_end_edit(struct cli_changing *c);

#endif
