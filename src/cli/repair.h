/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_REPAIR_H
#define FW_CLI_REPAIR_H

#include "cli/cli.h"

enum repair_option { REPAIR_ONLY = OPT_COMMAND };

enum format_option {
    FORMAT_LIKE = OPT_COMMAND,
    FORMAT_OFFSET,
    FORMAT_LENGTH,
    FORMAT_STORE_SIZE,
    FORMAT_BLOCK_SIZE
};

enum recover_option { RECOVER_RESTORE = OPT_COMMAND, RECOVER_SALVAGE };

#endif
