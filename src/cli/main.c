/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The table of commands. */
#include "cli/machine.h"

#include "base/suggest.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct cli_command *cli_command_find(const char *name)
{
    for (const struct cli_command *c = cli_commands; c->name; c++) {
        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
}

static int unknown_command(struct cli *cli, const char *name)
{
    struct fw_suggest near = fw_suggest(name);
    char hint[128];

    for (const struct cli_command *c = cli_commands; c->name; c++)
        fw_suggest_try(&near, c->name);
    if (name[0] == '-')
        snprintf(hint, sizeof hint, "options follow the command, see `fwvar help`");
    else
        snprintf(hint, sizeof hint, near.best ? "did you mean %s?" : "see `fwvar help`",
                 near.best);
    return cli_usage(cli, hint, "unknown command %s", name);
}

int cmd_help(struct cli *cli)
{
    const struct cli_command *c;

    if (cli->arg_count == 0) {
        cli_help_program();
        return CLI_OK;
    }
    c = cli_command_find(cli->args[0]);
    if (!c)
        return unknown_command(cli, cli->args[0]);
    cli_help_command(c);
    return CLI_OK;
}

/* Results that did not reach their reader are an error: a full disk, a closed pipe. */
static int flush(struct cli *cli, int status)
{
    cli_flush_text(cli);
    if (cli->text_lost)
        return cli_nomem(cli);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("fwvar: cannot write to standard output\n", stderr);
        return CLI_TROUBLE;
    }
    return status;
}

static int run(struct cli *cli, int argc, char **argv)
{
    bool done = false;
    int status = cli_parse(cli, argc, argv, &done);

    if (status == CLI_OK && !done)
        status = cli->command->run(cli);
    if (status != CLI_TROUBLE && cli->warning_lost)
        status = cli_nomem(cli);
    free(cli->given);
    cli_forget_firmware(cli);
    return flush(cli, status);
}

static int dispatch(struct cli *cli, int argc, char **argv)
{
    if (argc < 2) {
        cli_usage(cli, NULL, "a command is missing");
        return CLI_TROUBLE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        cli_help_program();
        return flush(cli, CLI_OK);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        puts("fwvar " FWVAR_VERSION);
        return flush(cli, CLI_OK);
    }
    if (strcmp(argv[1], "__complete") == 0)
        return flush(cli, cli_complete(argc - 2, argv + 2));
    if (strcmp(argv[1], "__manual") == 0)
        return flush(cli, cli_print_manual());
    cli->command = cli_command_find(argv[1]);
    if (!cli->command)
        return unknown_command(cli, argv[1]);
    return run(cli, argc - 1, argv + 1);
}

/* Buffers of 128 and 256 KB follow each other. glibc would map each anew, and fresh pages
 * cost more than what is done with them: a quarter of all page faults of `patch`. The
 * threads of `fleet` allocate little; a heap for each costs 0.6 MB. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_ARENA_MAX, 1);
#endif
}

int main(int argc, char **argv)
{
    struct cli cli = {0};

    keep_memory();
    /* A file size limit is an error like a full disk, not a reason to die half-way. */
    signal(SIGXFSZ, SIG_IGN);
    cli_parse_early(&cli, argc, argv);
    cli.warnings = json_array();
    if (!cli.warnings)
        return cli_nomem(&cli);
    int status = dispatch(&cli, argc, argv);
    json_decref(cli.warnings);
    return status;
}
