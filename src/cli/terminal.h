/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whether somebody looks at a stream, and what that changes: colour and folded lines on a
 * terminal, plain unfolded text anywhere else. */
#ifndef FW_CLI_TERMINAL_H
#define FW_CLI_TERMINAL_H

#include "cli/cli.h"
#include "view/view.h"

/* How text for the report stream is to look, and where it goes: on a terminal into a
 * buffer that cli_flush_text() folds onto it. */
struct view_style cli_style(struct cli *cli);

/* The same for a message on standard error. Ends with cli_close_message(). */
struct cli_message {
    struct view_style style;
    char *text; /* what is to be folded; NULL with none */
    size_t size;
    int width;
};
void cli_open_message(const struct cli *cli, struct cli_message *message);
void cli_close_message(struct cli_message *message);

#endif
