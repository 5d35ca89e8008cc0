/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the commands that only read share. */
#ifndef FW_CLI_READ_H
#define FW_CLI_READ_H

#include "cli/cli.h"
#include "cli/terminal.h"

/* An open image and its records. */
struct cli_opened {
    const char *path;
    struct fwvar_image *image;
    struct fwvar_variables *variables;
};

/* Opens an image that has a store and reads it. CLI_OK, or CLI_TROUBLE after a message.
 */
int cli_open_read(struct cli *cli, const char *path, unsigned flags,
                  struct cli_opened *o);
void cli_close_read(struct cli_opened *o);
/* Prints a document of a reader, with the warnings that came up. Takes it. */
int cli_print_document(struct cli *cli, json_t *document);

#endif
