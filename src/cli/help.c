/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What --help and `fwvar help` print, and the part of the man page that is made from the
 * tables. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define WIDTH        80
#define OPTION_WIDTH 32

/* ---- text ---- */

/* Prints words, as many as fit on a line; the first line is already at column @at, the
 * others begin at @indent. How the text is broken in the table doesn't matter. */
static void print_filled(const char *text, int at, int indent)
{
    const char *space = "";

    while (*(text += strspn(text, " \n"))) {
        int length = (int)strcspn(text, " \n");
        if (*space && at + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            at = indent;
            space = "";
        }
        printf("%s%.*s", space, length, text);
        at += (int)strlen(space) + length;
        space = " ";
        text += length;
    }
    putchar('\n');
}

static void print_option(const struct cli_option *o)
{
    char left[64], shown[8] = "    ";

    if (o->id > 0 && o->id < 256)
        snprintf(shown, sizeof shown, "-%c, ", o->id);
    if (!o->arg)
        snprintf(left, sizeof left, "%s--%s", shown, o->name);
    else if (cli_option_is_optional(o))
        snprintf(left, sizeof left, "%s--%s[=%.*s]", shown, o->name,
                 (int)strlen(o->arg) - 2, o->arg + 1);
    else
        snprintf(left, sizeof left, "%s--%s=%s", shown, o->name, o->arg);
    printf("  %-*s", OPTION_WIDTH - 2, left);
    if (strlen(left) > OPTION_WIDTH - 4)
        printf("\n%*s", OPTION_WIDTH, "");
    print_filled(o->help, OPTION_WIDTH, OPTION_WIDTH);
}

void cli_help_command(const struct cli_command *c)
{
    const struct cli_option *tables[CLI_TABLES];

    printf("usage: fwvar %s%s%s%s\n\n%s.\n", c->name,
           c->arguments[0] ? " [OPTIONS] " : "", c->arguments,
           c->writes ? " -o OUT|--in-place|--dry-run" : "", c->summary);
    if (c->details) {
        putchar('\n');
        print_filled(c->details, 0, 0);
    }
    cli_option_tables(c, tables);
    for (int t = 0; t < CLI_TABLES; t++) {
        if (tables[t])
            putchar('\n');
        for (const struct cli_option *o = tables[t]; o && o->name; o++)
            print_option(o);
    }
    printf("\nexample:\n  %s\n", c->example);
}

void cli_help_program(void)
{
    puts("usage: fwvar COMMAND [OPTIONS] IMAGE [ARGUMENTS]\n\n"
         "Reads and edits the UEFI variables inside firmware image files.\n");
    for (const struct cli_command *c = cli_commands; c->name; c++)
        printf("  %-10s %s\n", c->name, c->summary);
    puts("\n`fwvar help COMMAND` tells more. Images may be gzip; - is standard input.\n\n"
         "example:\n"
         "  fwvar patch RPI_EFI.fd --set ram-limit=off --boot-http \\\n"
         "      http://192.0.2.1/ipxe-arm64.efi --dry-run");
}

/* ---- the man page ---- */

/* A character of mdoc text: no escapes, and dashes that can be copied. */
static void man_char(const char *p)
{
    if (*p == '\\')
        fputs("\\e", stdout);
    else if (*p == '-')
        fputs("\\-", stdout);
    else
        putchar(*p == '\n' ? ' ' : *p);
}

/* A paragraph: lines of the source are short, and a new sentence begins a new one. */
static void man_text(const char *text, const char *end)
{
    int at = 0;

    while (*(text += strspn(text, " \n"))) {
        int length = (int)strcspn(text, " \n");
        if (at > 0) {
            bool breaks = text[-2] == '.' || at + length > WIDTH - 8;
            putchar(breaks ? '\n' : ' ');
            at = breaks ? 0 : at + 1;
        }
        if (at == 0 && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        at += length;
        for (; length > 0; length--)
            man_char(text++);
    }
    puts(end);
}

/* A macro's argument: what mdoc takes for punctuation or brackets is escaped. */
static void man_argument(const char *text)
{
    for (; *text; text++)
        printf("%s%c", strchr("[].,|", *text) ? "\\&" : "", *text);
}

static void man_option(const struct cli_option *o)
{
    fputs(".It ", stdout);
    if (o->id > 0 && o->id < 256)
        printf("Fl %c , ", o->id);
    printf("Fl \\-%s", o->name);
    if (cli_option_is_optional(o))
        printf(" Ns Op = Ns Ar %.*s", (int)strlen(o->arg) - 2, o->arg + 1);
    else if (o->arg) {
        fputs(" Ns = Ns Ar ", stdout);
        man_argument(o->arg);
    }
    putchar('\n');
    man_text(o->help, "");
}

static void man_options(const struct cli_option *o)
{
    puts(".Bl -tag -width Ds");
    for (; o->name; o++)
        man_option(o);
    puts(".El");
}

static void man_command(const struct cli_command *c)
{
    printf(".Ss %s\n.Bd -literal -offset 2n -compact\nfwvar %s%s%s\n.Ed\n.Pp\n", c->name,
           c->name, c->arguments[0] ? " [options] " : "", c->arguments);
    man_text(c->summary, ".");
    if (c->details)
        man_text(c->details, "");
    if (c->options)
        man_options(c->options);
    puts(".Pp\nExample:\n.Bd -literal -offset indent");
    for (const char *p = c->example; *p; p++) {
        if (*p == '\n')
            putchar('\n');
        else
            man_char(p);
    }
    puts("\n.Ed");
}

int cli_print_manual(void)
{
    const struct cli_option *tables[CLI_TABLES];
    const struct cli_command *writer = cli_commands;

    for (const struct cli_command *c = cli_commands; c->name; c++) {
        man_command(c);
        if (c->writes)
            writer = c;
    }
    cli_option_tables(writer, tables);
    puts(".Ss Options of every command");
    man_options(tables[2]);
    puts(".Ss Options of commands that change an image\nOne of\n"
         ".Fl o , Fl \\-in-place\nand\n.Fl \\-dry-run\nhas to be given.");
    man_options(tables[1]);
    return CLI_OK;
}
