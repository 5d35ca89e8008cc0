/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The program: what commands share. Commands know options and messages, not bytes. */
#ifndef FW_CLI_CLI_H
#define FW_CLI_CLI_H

#include <fwvar/edit.h>
#include <fwvar/image.h>
#include <fwvar/outcome.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Exit statuses; the whole policy. */
enum cli_status {
    CLI_OK = 0,        /* done, same, clean */
    CLI_DIFFERENT = 1, /* differences, findings, a variable that isn't there */
    CLI_TROUBLE = 2    /* usage, unreadable, refused */
};

/* One option of a command. Options with the same id mean the same everywhere. */
struct cli_option {
    const char *name;
    int id;          /* a character for short options, else an enum cli_option_id */
    const char *arg; /* placeholder of the argument; "[X]" if optional; NULL if none */
    const char *help;
};

enum cli_option_id {
    OPT_END = 0,
    OPT_OUTPUT = 'o',
    OPT_QUIET = 'q',
    OPT_VERBOSE = 'v',
    OPT_HELP = 'h',
    OPT_VERSION = 'V',
    OPT_JSON = 256,
    OPT_COLOR,
    OPT_PLATFORM,
    OPT_IN_PLACE,
    OPT_DRY_RUN,
    OPT_BACKUP,
    OPT_EXIT_CODE,
    OPT_FORCE,
    OPT_COMMAND /* first one that a single command may use for itself */
};

struct cli;

struct cli_command {
    const char *name;
    const char *arguments; /* "IMAGE [NAME…]" */
    const char *summary;   /* one line */
    const char *details;   /* more, for --help */
    const char *example;
    const struct cli_option *options; /* its own, beside the common ones */
    bool writes;                      /* takes the output options */
    int (*run)(struct cli *cli);
};

/* An option in the order it was given. */
struct cli_given {
    int id;
    const char *name;
    const char *arg;
};

/* --color */
enum cli_coloring { CLI_COLOR_AUTO, CLI_COLOR_ALWAYS, CLI_COLOR_NEVER };

/* One call of the program. */
struct cli {
    const struct cli_command *command;
    struct cli_given *given; /* the command's own options */
    size_t given_count;
    char **args; /* the arguments that are not options */
    int arg_count;
    bool json, quiet, verbose;
    enum cli_coloring coloring;
    FILE *text; /* text that waits to be folded, or NULL; see terminal.h */
    char *text_bytes;
    size_t text_size;
    bool text_lost; /* some of it, for want of memory */
    bool names_files; /* several images: warnings in JSON name theirs */
    bool json_lines;  /* several documents: each on a line of its own */
    bool several;     /* images: reports name theirs */
    size_t changed_count; /* images that a command changed */
    const char *platform;
    const char *output; /* -o */
    const char *output_folder; /* -o as it was given, and the file in it; see batch.h */
    char *output_file;
    bool in_place, dry_run, exit_code, force;
    const char *backup;                    /* suffix, or NULL */
    const struct fwvar_outcomes *outcomes; /* for the report, or NULL */
    json_t *warnings;                      /* texts collected for JSON; also printed */
    struct fwvar_firmware *firmware;       /* of the image that is open; see machine.h */
    bool warning_lost;                     /* one of them, for want of memory */
};

extern const struct cli_command cli_commands[];

/* ---- options.c ---- */
/* Reads the options of a command. Returns CLI_OK, or a status to leave with after a
 * message (also CLI_OK with @done set, after --help). */
int cli_parse(struct cli *cli, int argc, char **argv, bool *done);
/* Errors of what stands before --json or --color, the command among it, look as these
 * say. A bad --color is left to cli_parse(). */
void cli_parse_early(struct cli *cli, int argc, char **argv);
bool cli_has(const struct cli *cli, int id);
/* The options a command takes: its own, those for output, the common ones. NULL for none;
 * tables end with a row without a name. */
#define CLI_TABLES 3
void cli_option_tables(const struct cli_command *command,
                       const struct cli_option *tables[CLI_TABLES]);
/* True if its argument may be left out. */
bool cli_option_is_optional(const struct cli_option *option);

/* ---- help.c ---- */
void cli_help_command(const struct cli_command *command);
void cli_help_program(void);
/* Prints the part of the man page that the tables know, as mdoc. */
int cli_print_manual(void);

/* ---- main.c ---- */
/* The command with a name, or NULL. */
const struct cli_command *cli_command_find(const char *name);

/* ---- complete.c ---- */
/* Prints what may follow the words of a command line; see there. */
int cli_complete(int count, char **words);

/* ---- message.c ---- */
/* Prints `hint: TEXT`. */
/* Returns 0 or FWVAR_ERR_NOMEM, without a message. */
int cli_hint(struct cli *cli, const char *text);
/* Prints `fwvar: FILE: advice: TEXT` unless -q. CLI_OK, or a status after a message. */
int cli_advise(struct cli *cli, const char *file, const char *text);
/* Prints `fwvar: FILE: reason` and the hint; with --json also the error document. */
int cli_fail(struct cli *cli, const char *file, const struct fwvar_diag *diag);
__attribute__((format(printf, 3, 4))) int cli_usage(struct cli *cli, const char *hint,
                                                    const char *format, ...);
/* Prints `fwvar: FILE: warning: …` unless -q, and keeps it for JSON. */
__attribute__((format(printf, 3, 4))) void cli_warn(struct cli *cli, const char *file,
                                                    const char *format, ...);
int cli_nomem(struct cli *cli);
/* Prints a document, on standard error if standard output carries the image. Takes it. */
int cli_print_json(struct cli *cli, json_t *document);
/* The same to any stream. Returns 0, or -1 without a message. */
int cli_dump_json(const struct cli *cli, json_t *document, FILE *to);
/* Where reports go: standard error with `-o -`. */
FILE *cli_report_stream(const struct cli *cli);

/* ---- terminal.c ---- */
/* Prints what text waits. Messages do it first, so that all comes in its order. */
void cli_flush_text(struct cli *cli);

/* ---- open.c ---- */
/* Opens an image for a command: applies --platform, prints what is damaged. Returns
 * CLI_OK or CLI_TROUBLE after a message. */
int cli_open(struct cli *cli, const char *path, unsigned flags,
             struct fwvar_image **image);
/* The same without a word about damage, for commands whose matter that is. */
int cli_open_quietly(struct cli *cli, const char *path, unsigned flags,
                     struct fwvar_image **image);
/* The one IMAGE argument; NULL after a usage error. */
const char *cli_image_argument(struct cli *cli, int at_least, int at_most);

/* Collects the arguments of all options with an id, in the order given; the array is the
 * caller's. NULL if out of memory. */
const char **cli_collect(const struct cli *cli, int id, size_t *count);

/* ---- names.c ---- */
/* Finds the live record that NAME means. Returns CLI_OK; CLI_DIFFERENT if there is none
 * and CLI_TROUBLE if there are several, both after a message. */
int cli_find_record(struct cli *cli, const char *file, const struct fwvar_variables *in,
                    const char *name, const struct fwvar_record **record);

/* ---- save.c ---- */
/* Checks the output options: exactly one. */
int cli_check_output(struct cli *cli);
/* What a command has made of an image, to be saved and reported. */
struct cli_patched {
    const struct fwvar_image *image; /* as it was read */
    const struct fwvar_patch *patch; /* size 0: nothing changes */
    bool changed, compacted;
    uint64_t used_before, used_after;  /* bytes; equal if nothing is to be said */
    const struct fwvar_edit *edit;     /* whose advice to give, or NULL */
    const struct fwvar_repair *repair; /* whose mends to report, or NULL */
};
/* Saves it and reports what differs. */
int cli_conclude_patch(struct cli *cli, const char *path, const struct cli_patched *p);
/* Finishes a transaction on top of @base, whose patch counts if nothing is edited. */
int cli_conclude_on(struct cli *cli, const char *path, struct fwvar_edit *edit,
                    const struct cli_patched *base);
/* Reports what a finished transaction does and saves it. */
int cli_conclude(struct cli *cli, const char *path, struct fwvar_edit *edit);

/* ---- the commands ---- */
int cmd_settings(struct cli *cli);
int cmd_info(struct cli *cli);
int cmd_list(struct cli *cli);
int cmd_get(struct cli *cli);
int cmd_export(struct cli *cli);
int cmd_diff(struct cli *cli);
int cmd_boot(struct cli *cli);
int cmd_devpath(struct cli *cli);
int cmd_check(struct cli *cli);
int cmd_patch(struct cli *cli);
int cmd_fleet(struct cli *cli);
int cmd_plan(struct cli *cli);
int cmd_import(struct cli *cli);
int cmd_scrub(struct cli *cli);
int cmd_migrate(struct cli *cli);
int cmd_repair(struct cli *cli);
int cmd_compact(struct cli *cli);
int cmd_format(struct cli *cli);
int cmd_recover(struct cli *cli);
int cmd_help(struct cli *cli);

#endif
