/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* One command over several images: each is done as if it were alone. */
#ifndef FW_CLI_BATCH_H
#define FW_CLI_BATCH_H

#include "cli/cli.h"

struct cli_batch {
    /* Does one image; returns its exit status. */
    int (*run)(struct cli *cli, const char *path, void *context);
    void *context;
    /* From this status on --fail-fast stops; CLI_DIFFERENT or CLI_TROUBLE. */
    int bad;
    bool fail_fast;
    /* Prints what the images came to, if there are several: how many ended with each
     * status. */
    void (*summary)(FILE *to, const struct cli *cli, const size_t count[3]);
};

/* Runs it over all arguments. Returns the worst status. */
int cli_batch_run(struct cli *cli, const struct cli_batch *batch);

/* For a command that writes several images: -o has to be a folder, which is made, and no
 * two may have the same name in it. Returns CLI_OK, or CLI_TROUBLE after a message. */
int cli_batch_check_output(struct cli *cli);

/* If -o is a folder, the file in it that is named like @path takes its place until
 * cli_restore_output(). Returns CLI_OK, or CLI_TROUBLE if out of memory. */
int cli_settle_output(struct cli *cli, const char *path);
void cli_restore_output(struct cli *cli);

#endif
