/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Messages: the only place that decides where text goes. */
#include "cli/cli.h"
#include "cli/terminal.h"

#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FILE *cli_report_stream(const struct cli *cli)
{
    return cli->output && strcmp(cli->output, "-") == 0 && !cli->dry_run ? stderr
                                                                         : stdout;
}

int cli_dump_json(const struct cli *cli, json_t *document, FILE *to)
{
    if (!document)
        return -1;
    int failed =
        json_dumpf(document, to, cli->json_lines ? JSON_COMPACT : JSON_INDENT(2));
    json_decref(document);
    fputc('\n', to);
    return failed;
}

int cli_print_json(struct cli *cli, json_t *document)
{
    FILE *to = cli_report_stream(cli);

    if (!document)
        return cli_nomem(cli);
    if (cli_dump_json(cli, document, to) == 0)
        return CLI_OK;
    /* A full disk is told when the stream is flushed at the end. */
    return ferror(to) ? CLI_TROUBLE : cli_nomem(cli);
}

/* One line of the kind `fwvar: WHAT: TEXT`. Names from an image are part of texts, so
 * control characters must not reach the terminal. */
static int print_line(struct cli *cli, const char *what, const char *between,
                      enum view_tint tint, const char *text)
{
    struct cli_message m;

    cli_flush_text(cli);
    cli_open_message(cli, &m);
    fputs("fwvar: ", m.style.to);
    int code = view_print_escaped(m.style.to, what);
    fprintf(m.style.to, "%s%s", between, view_tint(&m.style, tint));
    if (code == 0)
        code = view_print_escaped(m.style.to, text);
    fprintf(m.style.to, "%s\n", view_tint(&m.style, TINT_PLAIN));
    cli_close_message(&m);
    return code;
}

int cli_hint(struct cli *cli, const char *text)
{
    struct cli_message m;

    cli_open_message(cli, &m);
    fputs("hint: ", m.style.to);
    int code = view_print_escaped(m.style.to, text);
    fputc('\n', m.style.to);
    cli_close_message(&m);
    return code;
}

int cli_advise(struct cli *cli, const char *file, const char *text)
{
    char line[FWVAR_ADVICE_TEXT_MAX + 16];

    snprintf(line, sizeof line, "advice: %s", text);
    if (!cli->quiet && print_line(cli, file, ": ", TINT_WARN, line) != 0)
        return cli_nomem(cli);
    return CLI_OK;
}

static void print_error_json(struct cli *cli, const char *file,
                             const struct fwvar_diag *diag)
{
    json_t *error = json_object();

    int failed =
        json_object_set_new(error, "file", file ? view_json_text(file) : json_null());
    if (diag->offset != FWVAR_NO_OFFSET)
        failed |=
            json_object_set_new(error, "offset", json_integer((json_int_t)diag->offset));
    failed |= json_object_set_new(error, "message", view_json_text(diag->message));
    if (diag->hint[0])
        failed |= json_object_set_new(error, "hint", view_json_text(diag->hint));
    json_t *document = json_pack("{s:i,s:o}", "schema", 1, "error", error);
    if (failed) {
        json_decref(document);
        document = NULL;
    }
    cli_print_json(cli, document);
}

static int fail(struct cli *cli, const char *what, const char *file,
                const struct fwvar_diag *diag)
{
    char at[32], between[48];

    /* The place, unless the message names it. */
    snprintf(at, sizeof at, "0x%llx", (unsigned long long)diag->offset);
    bool place = diag->offset != FWVAR_NO_OFFSET && !strstr(diag->message, at);
    snprintf(between, sizeof between, "%s%s%s%s", what ? ": " : "", place ? "at " : "",
             place ? at : "", place ? ": " : "");
    int lost = print_line(cli, what ? what : "", between, TINT_BAD, diag->message);
    if (diag->hint[0])
        lost |= cli_hint(cli, diag->hint);
    if (lost)
        cli_nomem(cli);
    if (cli->json)
        print_error_json(cli, file, diag);
    return CLI_TROUBLE;
}

int cli_fail(struct cli *cli, const char *file, const struct fwvar_diag *diag)
{
    return fail(cli, file, file, diag);
}

int cli_nomem(struct cli *cli)
{
    (void)cli;
    fputs("fwvar: out of memory\n", stderr);
    return CLI_TROUBLE;
}

int cli_usage(struct cli *cli, const char *hint, const char *format, ...)
{
    struct fwvar_diag diag = {.code = FWVAR_ERR_ARG, .offset = FWVAR_NO_OFFSET};
    const char *name = cli->command ? cli->command->name : NULL;
    va_list args;

    va_start(args, format);
    vsnprintf(diag.message, sizeof diag.message, format, args);
    va_end(args);
    if (hint)
        snprintf(diag.hint, sizeof diag.hint, "%s", hint);
    else
        snprintf(diag.hint, sizeof diag.hint, "see `fwvar help%s%s`", name ? " " : "",
                 name ? name : "");
    return fail(cli, name, NULL, &diag); /* no file is to blame */
}

static int keep_warning(struct cli *cli, const char *file, const char *text)
{
    struct fw_buf line = {0};

    if (cli->names_files && file)
        fw_buf_printf(&line, "%s: ", file);
    fw_buf_text(&line, text);
    char *whole = fw_buf_take_text(&line);
    int failed = !whole || json_array_append_new(cli->warnings, view_json_text(whole));
    free(whole);
    return failed ? FWVAR_ERR_NOMEM : 0;
}

void cli_warn(struct cli *cli, const char *file, const char *format, ...)
{
    static const char word[] = "warning: ";
    char line[1024], *text = line + sizeof word - 1;
    va_list args;

    memcpy(line, word, sizeof word);
    va_start(args, format);
    vsnprintf(text, sizeof line - sizeof word, format, args);
    va_end(args);
    if (!cli->quiet && print_line(cli, file, ": ", TINT_WARN, line) != 0)
        cli->warning_lost = true;
    if (cli->json && cli->warnings && keep_warning(cli, file, text) != 0)
        cli->warning_lost = true;
}
