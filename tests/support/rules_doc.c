/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Prints docs/rules.md from the table of rules, through the public API. */
#include <fwvar/check.h>

#include <stdio.h>
#include <string.h>

static const char intro[] =
    "# What `fwvar check` looks for\n"
    "\n"
    "`fwvar check IMAGE` applies these rules, in this order; `fwvar check --rules` "
    "prints "
    "them. A\n"
    "finding names its rule, the place in the file (bytes from the start of the image), "
    "the variable,\n"
    "what is wrong there, and what to do. How bad it is depends on the machine, because "
    "firmware does:\n"
    "\n"
    "| severity | means |\n"
    "|---|---|\n"
    "| fatal | the firmware would crash, hang, wipe or ignore the store |\n"
    "| wrong | a variable will not work, or not as meant |\n"
    "| advice | works, but worth knowing |\n"
    "\n"
    "**Pi** is a Raspberry Pi 3, 4 or 5, whose firmware crashes where others reclaim "
    "(see "
    "[reclaim-crash.md](reclaim-crash.md)).\n"
    "**NOR flash** is AAVMF and other machines with edk2's NOR flash drivers, which "
    "format "
    "the whole\n"
    "store anew at the first record they do not like. **Other** is OVMF and everything "
    "else.\n"
    "\n"
    "Where the last column says so, commands that change an image refuse until it is "
    "repaired, unless\n"
    "the finding is mere advice on that machine. A single finding may be worse than its "
    "row says, never\n"
    "better.\n"
    "\n"
    "What each kind of damage did to OVMF, AAVMF and a Raspberry Pi 4 is in\n"
    "[real-firmware.md](real-firmware.md#damage): the severities follow from that.\n"
    "Where only some releases for a Raspberry Pi were tried and bore it, the rule stays "
    "fatal there.\n"
    "\n"
    "The exit status is 1 if anything is fatal or wrong; `--threshold=fatal` or "
    "`--threshold=advice`\n"
    "moves the line. `--json` prints the findings as data.\n"
    "\n"
    "| rule | Pi | NOR flash | other | stops edits |\n"
    "|---|---|---|---|---|\n";

/* Text in a table or list may hold what Markdown would take for its own. */
static void print_text(const char *text)
{
    for (; *text; text++) {
        if (strchr("|<>*_#", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void print_capital(const char *text)
{
    if (*text >= 'a' && *text <= 'z')
        putchar(*text++ - 'a' + 'A');
    print_text(text);
}

int main(void)
{
    const struct fwvar_rule *r;

    fputs(intro, stdout);
    for (size_t i = 0; (r = fwvar_rule_at(i)) != NULL; i++)
        printf("| [%s](#%s) | %s | %s | %s | %s |\n", r->name, r->name,
               fwvar_severity_name(r->on_rpi), fwvar_severity_name(r->on_nor),
               fwvar_severity_name(r->elsewhere), r->stops_edits ? "yes" : "");
    for (size_t i = 0; (r = fwvar_rule_at(i)) != NULL; i++) {
        printf("\n## %s\n\n", r->name);
        print_capital(r->meaning);
        fputs(".\n\nWhat to do: ", stdout);
        print_text(r->fix);
        if (r->command)
            printf(": `%s`", r->command);
        fputs(".\n", stdout);
    }
    return 0;
}
