/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_CHECK_H
#define FW_CLI_CHECK_H

#include "cli/cli.h"

/* Options of check. */
enum { CHECK_THRESHOLD = OPT_COMMAND, CHECK_RULES, CHECK_FAIL_FAST };

#endif
