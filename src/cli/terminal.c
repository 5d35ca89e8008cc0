/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "cli/terminal.h"

#include "view/fold.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_UNKNOWN 80

/* https://no-color.org: set, and not empty. */
static bool is_colored(const struct cli *cli, FILE *stream)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    if (cli->coloring != CLI_COLOR_AUTO)
        return cli->coloring == CLI_COLOR_ALWAYS;
    return isatty(fileno(stream)) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

/* 0: not a terminal. */
static int width_of(FILE *stream)
{
    struct winsize size = {0};

    if (!isatty(fileno(stream)))
        return 0;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_UNKNOWN;
    return size.ws_col;
}

struct view_style cli_style(struct cli *cli)
{
    FILE *to = cli_report_stream(cli);
    struct view_style style = {to, is_colored(cli, to), cli->verbose};

    if (!cli->text && width_of(to) > 0)
        cli->text = open_memstream(&cli->text_bytes, &cli->text_size);
    if (cli->text)
        style.to = cli->text;
    return style;
}

void cli_flush_text(struct cli *cli)
{
    FILE *to = cli_report_stream(cli);

    if (cli->text) {
        bool bad = fclose(cli->text) != 0;
        cli->text = NULL;
        cli->text_lost |= bad;
        if (!bad)
            view_fold(to, cli->text_bytes, cli->text_size, width_of(to));
        free(cli->text_bytes);
    }
    fflush(to);
}

void cli_open_message(const struct cli *cli, struct cli_message *m)
{
    *m = (struct cli_message){.style = {stderr, is_colored(cli, stderr), false},
                              .width = width_of(stderr)};
    FILE *folded = m->width ? open_memstream(&m->text, &m->size) : NULL;
    if (folded)
        m->style.to = folded;
}

void cli_close_message(struct cli_message *m)
{
    if (m->style.to == stderr)
        return;
    if (fclose(m->style.to) == 0)
        view_fold(stderr, m->text, m->size, m->width);
    free(m->text);
}
