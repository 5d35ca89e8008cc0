/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_PATCH_H
#define FW_CLI_PATCH_H

#include "cli/cli.h"

/* Options of `patch`; most are edits. */
enum patch_option {
    PATCH_SET = OPT_COMMAND,
    PATCH_ATTR,
    PATCH_TIME,
    PATCH_DELETE,
    PATCH_IGNORE_MISSING,
    PATCH_BOOT_ADD,
    PATCH_BOOT_HTTP,
    PATCH_BOOT_PXE,
    PATCH_BOOT_FILE,
    PATCH_BOOT_FIRST,
    PATCH_BOOT_LAST,
    PATCH_BOOT_ORDER,
    PATCH_BOOT_NEXT,
    PATCH_BOOT_REMOVE,
    PATCH_BOOT_ENABLE,
    PATCH_BOOT_DISABLE,
    PATCH_TIMEOUT,
    PATCH_PLAN,
    PATCH_REPAIR,
    PATCH_STRICT,
    PATCH_BYTES,
    PATCH_FAIL_FAST
};

/* Reads a plan from a file, "-" for standard input. Returns 0 or what fwvar_file_read()
 * and fwvar_plan_read() do. */
struct fwvar_plan;
int cli_plan_read(const char *path, struct fwvar_plan **plan, struct fwvar_diag *diag);

/* Whether more than one of the arguments and --plan options are standard input, which can
 * be read only once. */
bool cli_shares_input(const struct cli *cli);

#endif
