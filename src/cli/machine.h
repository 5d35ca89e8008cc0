/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_CLI_MACHINE_H
#define FW_CLI_MACHINE_H

#include "cli/cli.h"

#include <fwvar/advice.h>
#include <fwvar/firmware.h>

/* The firmware of the image that is open; one is kept, so that it is read once. */
int cli_firmware(struct cli *cli, const struct fwvar_image *image,
                 struct fwvar_firmware **firmware);
/* Before another image is opened, and at the end. */
void cli_forget_firmware(struct cli *cli);
/* Its release; owned by it. */
int cli_release(struct cli *cli, const char *path, const struct fwvar_image *image,
                enum fwvar_effort effort, const struct fwvar_release **release);

/* The config.txt that lies beside an image: the board would read both from there. The
 * caller's (free()); NULL if there is none. Returns CLI_OK or, if out of memory,
 * CLI_TROUBLE after a message. */
int cli_read_config(struct cli *cli, const char *path, char **config);

/* Advice on an image, not printed. None on a store that is
 * damaged, since what it will hold when it is mended is not known. */
int cli_advise_image(struct cli *cli, const char *path, const struct fwvar_image *image,
                     const struct fwvar_variables *variables,
                     const struct fwvar_findings *findings,
                     const struct fwvar_release *release, struct fwvar_advice_list *list);
/* Advice on a finished transaction, printed unless -q. @target is where it goes. */
int cli_advise_edit(struct cli *cli, const char *path, const char *target,
                    const struct fwvar_edit *edit, struct fwvar_advice_list *list);

#endif
