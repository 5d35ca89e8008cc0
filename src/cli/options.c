/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* From tables of options to getopt_long and to help text. */
#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/repair.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_option common[] = {
    {"json", OPT_JSON, NULL, "print JSON"},
    {"quiet", OPT_QUIET, NULL, "no warnings, no advice, no report"},
    {"platform", OPT_PLATFORM, "PLATFORM",
     "rpi, ovmf, aavmf or generic instead of guessing"},
    {"color", OPT_COLOR, "WHEN",
     "auto (on a terminal without NO_COLOR), always or never"},
    {"help", OPT_HELP, NULL, "this help"},
    {"version", OPT_VERSION, NULL, "version of the program"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option output[] = {
    {"output", OPT_OUTPUT, "OUT", "write to OUT, also a folder; - is standard output"},
    {"in-place", OPT_IN_PLACE, NULL, "change IMAGE itself"},
    {"dry-run", OPT_DRY_RUN, NULL, "show what would change, write nothing"},
    {"backup", OPT_BACKUP, "[SUFFIX]", "keep the old file under this suffix (.bak)"},
    {"exit-code", OPT_EXIT_CODE, NULL, "exit 1 if something changed (or would)"},
    {"force", OPT_FORCE, NULL, "allow what is unusual, never what would brick a board"},
    {NULL, OPT_END, NULL, NULL},
};

#define MAX_OPTIONS 96

/* "[X]" stands for an optional argument, "[X=]Y" does not. */
bool cli_option_is_optional(const struct cli_option *option)
{
    const char *arg = option->arg;

    return arg && arg[0] == '[' && arg[strlen(arg) - 1] == ']';
}

void cli_option_tables(const struct cli_command *command,
                       const struct cli_option *tables[CLI_TABLES])
{
    tables[0] = command->options;
    tables[1] = command->writes ? output : NULL;
    tables[2] = common;
}

static size_t make_long(const struct cli_command *command, struct option *out,
                        const struct cli_option **rows)
{
    const struct cli_option *tables[CLI_TABLES];
    size_t n = 0;

    cli_option_tables(command, tables);
    for (int t = 0; t < CLI_TABLES; t++) {
        for (const struct cli_option *o = tables[t]; o && o->name && n < MAX_OPTIONS;
             o++, n++) {
            int has = !o->arg                     ? no_argument
                      : cli_option_is_optional(o) ? optional_argument
                                                  : required_argument;
            out[n] = (struct option){o->name, has, NULL, o->id};
            rows[n] = o;
        }
    }
    out[n] = (struct option){NULL, 0, NULL, 0};
    return n;
}

/* The option that getopt stumbled over, as it was written. */
static const char *culprit(const char *last, char text[3])
{
    if (strncmp(last, "--", 2) == 0 || optopt <= 0 || optopt > 0x7e)
        return last;
    text[0] = '-'; /* a letter, perhaps among others: -qx */
    text[1] = (char)optopt;
    text[2] = '\0';
    return text;
}

static int bad_option(struct cli *cli, const struct option *longs, size_t count, int what,
                      const char *given)
{
    struct fw_suggest near = fw_suggest(given + strspn(given, "-"));
    char hint[128];

    if (what == ':')
        return cli_usage(cli, NULL, "option %s needs an argument", given);
    for (size_t i = 0; i < count; i++)
        fw_suggest_try(&near, longs[i].name);
    if (near.best)
        snprintf(hint, sizeof hint, "did you mean --%s?", near.best);
    return cli_usage(cli, near.best ? hint : NULL, "unknown option %s", given);
}

static bool set_color(struct cli *cli, const char *when)
{
    static const char *const words[] = {[CLI_COLOR_AUTO] = "auto",
                                        [CLI_COLOR_ALWAYS] = "always",
                                        [CLI_COLOR_NEVER] = "never"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(when, words[i]) == 0) {
            cli->coloring = (enum cli_coloring)i;
            return true;
        }
    }
    return false;
}

static int set_platform(struct cli *cli, const char *name)
{
    enum fwvar_platform ignored;

    if (fwvar_platform_parse(name, &ignored) != 0)
        return cli_usage(cli, "rpi, rpi3, rpi4, rpi5, ovmf, aavmf or generic",
                         "unknown platform %s", name);
    cli->platform = name;
    return CLI_OK;
}

/* Applies a common or output option; false if it is the command's own. */
static bool apply_common(struct cli *cli, int id, const char *arg, int *status)
{
    bool *const flags[] = {&cli->json,    &cli->quiet,     &cli->verbose, &cli->in_place,
                           &cli->dry_run, &cli->exit_code, &cli->force};
    static const int ids[] = {OPT_JSON,    OPT_QUIET,     OPT_VERBOSE, OPT_IN_PLACE,
                              OPT_DRY_RUN, OPT_EXIT_CODE, OPT_FORCE};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (ids[i] == id) {
            *flags[i] = true;
            return true;
        }
    }
    if (id == OPT_COLOR) {
        if (!set_color(cli, arg))
            *status = cli_usage(cli, "auto, always or never", "--color=%s", arg);
    } else if (id == OPT_PLATFORM)
        *status = set_platform(cli, arg);
    else if (id == OPT_OUTPUT)
        cli->output = arg;
    else if (id == OPT_BACKUP)
        cli->backup = arg ? arg : ".bak";
    else
        return false;
    return true;
}

/* `recover IMAGE NAME --restore`: what is restored may stand among the arguments. Then the
 * option gets an empty argument of its own, for getopt would take whatever follows. */
static void mark_alone(const struct cli *cli, int argc, char **argv)
{
    static char alone[] = "--restore=";

    if (cli->command->run != cmd_recover)
        return;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        size_t n = strlen(argv[i]);
        bool last = i + 1 == argc || argv[i + 1][0] == '-';
        if (n >= sizeof "--re" && strncmp(argv[i], alone, n) == 0 && last)
            argv[i] = alone;
    }
}

static int keep(struct cli *cli, int id, const char *name, const char *arg)
{
    struct cli_given *given = realloc(cli->given, (cli->given_count + 1) * sizeof *given);

    if (!given)
        return cli_nomem(cli);
    cli->given = given;
    cli->given[cli->given_count++] = (struct cli_given){id, name, arg};
    return CLI_OK;
}

bool cli_has(const struct cli *cli, int id)
{
    for (size_t i = 0; i < cli->given_count; i++) {
        if (cli->given[i].id == id)
            return true;
    }
    return false;
}

void cli_parse_early(struct cli *cli, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0)
            cli->json = true;
        else if (strncmp(argv[i], "--color=", 8) == 0)
            set_color(cli, argv[i] + 8);
    }
}

int cli_parse(struct cli *cli, int argc, char **argv, bool *done)
{
    struct option longs[MAX_OPTIONS + 1];
    const struct cli_option *rows[MAX_OPTIONS];
    size_t count = make_long(cli->command, longs, rows);
    int id, index, status = CLI_OK;
    char letter[3];

    mark_alone(cli, argc, argv);
    unsetenv("POSIXLY_CORRECT"); /* options may follow IMAGE, whoever calls */
    opterr = 0;
    optind = 1;
    while (status == CLI_OK) {
        index = -1;
        id = getopt_long(argc, argv, ":o:qvhV", longs, &index);
        if (id == -1)
            break;
        if (id == OPT_HELP || id == OPT_VERSION) {
            *done = true;
            if (id == OPT_HELP)
                cli_help_command(cli->command);
            else
                puts("fwvar " FWVAR_VERSION);
            return CLI_OK;
        }
        bool foreign = (id == OPT_OUTPUT && !cli->command->writes);
        if (foreign)
            status = bad_option(cli, longs, count, id, "-o");
        else if (id == '?' || id == ':')
            status = bad_option(cli, longs, count, id, culprit(argv[optind - 1], letter));
        else if (!apply_common(cli, id, optarg, &status))
            status = keep(cli, id, index >= 0 ? longs[index].name : "", optarg);
    }
    cli->args = argv + optind;
    cli->arg_count = argc - optind;
    return status;
}
