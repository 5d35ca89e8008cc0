/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_TRANSFER_H
#define FW_CLI_TRANSFER_H

#include "cli/patch.h"

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

#endif
