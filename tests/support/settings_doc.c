/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Prints docs/settings.md from the catalogue of settings, through the public API. */
#include <fwvar/setting.h>

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *label;
} boards[] = {{"rpi3", "Pi 3"}, {"rpi4", "Pi 4"}, {"rpi5", "Pi 5"}};

#define BOARDS (sizeof boards / sizeof boards[0])

static const char *const types[] = {
    [FWVAR_SETTING_UNSIGNED] = "unsigned", [FWVAR_SETTING_SIGNED] = "signed",
    [FWVAR_SETTING_BITS] = "bit set",      [FWVAR_SETTING_UTF16] = "UTF-16 text",
    [FWVAR_SETTING_ASCII] = "ASCII text",  [FWVAR_SETTING_BYTES] = "bytes",
};

static void print_boards(const struct fwvar_setting *s)
{
    const char *separator = "";

    if (s->boards == FWVAR_BOARD_ANY) {
        fputs("any UEFI firmware", stdout);
        return;
    }
    for (size_t b = 0; b < BOARDS; b++) {
        if (s->boards & fwvar_board_set(boards[b].name)) {
            printf("%s%s", separator, boards[b].label);
            separator = ", ";
        }
    }
}

/* The accepted values; per board where boards differ. */
static void print_values(const struct fwvar_setting *s)
{
    char all[FWVAR_SETTING_TEXT_MAX], text[FWVAR_SETTING_TEXT_MAX];
    bool differ = false;

    fwvar_setting_allowed(s, NULL, all);
    for (size_t b = 0; b < BOARDS; b++) {
        fwvar_setting_allowed(s, boards[b].name, text);
        if (s->boards & fwvar_board_set(boards[b].name) && strcmp(text, all) != 0)
            differ = true;
    }
    if (!differ) {
        printf("| values | %s |\n", all);
        return;
    }
    for (size_t b = 0; b < BOARDS; b++) {
        if (!(s->boards & fwvar_board_set(boards[b].name)))
            continue;
        fwvar_setting_allowed(s, boards[b].name, text);
        printf("| values, %s | %s |\n", boards[b].label, text);
    }
}

/* Off and on have the same other words everywhere; the introduction names them. */
static bool is_off_on(const struct fwvar_setting_keyword *k)
{
    return k->word && strcmp(k->word, "off") == 0 && k[1].word && k[2].word &&
           strcmp(k[2].word, "no") == 0;
}

/* The words with their numbers, aliases included. */
static void print_numbers(const struct fwvar_setting *s)
{
    const struct fwvar_setting_keyword *k = s->keywords;

    if (!k)
        return;
    if (is_off_on(k)) {
        puts("| stored as | off 0, on 1 |");
        return;
    }
    fputs("| stored as |", stdout);
    for (const char *separator = " "; k->word; k++, separator = ", ") {
        if (s->type == FWVAR_SETTING_BITS)
            printf("%s%s 0x%02llx", separator, k->word, (unsigned long long)k->value);
        else
            printf("%s%s %lld", separator, k->word, (long long)k->value);
    }
    fputs(" |\n", stdout);
}

static void print_span(const struct fwvar_setting_default *d)
{
    if (d->since && d->until)
        printf(" (%s to %s)", d->since, d->until);
    else if (d->since)
        printf(" (since %s)", d->since);
    else if (d->until)
        printf(" (until %s)", d->until);
}

static void print_defaults(const struct fwvar_setting *s)
{
    char text[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_setting_value value;

    for (size_t b = 0; b < BOARDS; b++) {
        const struct fwvar_setting_default *d = s->defaults;
        unsigned board = fwvar_board_set(boards[b].name);
        const char *separator = "";
        bool any = false;

        for (; d && d->boards; d++) {
            /* The release at either end of a span gets that span's default. */
            const char *version = d->since ? d->since : d->until;
            if (!(d->boards & board))
                continue;
            if (!version)
                version = s->since ? s->since : s->until;
            if (fwvar_setting_default(s, boards[b].name, version, &value, NULL) != 0)
                continue;
            fwvar_setting_format(s, boards[b].name, value.bytes, value.size, text);
            if (!any)
                printf("| default, %s | ", boards[b].label);
            printf("%s%s", separator, text);
            print_span(d);
            separator = ", ";
            any = true;
        }
        if (any)
            fputs(" |\n", stdout);
    }
}

static void print_releases(const struct fwvar_setting *s)
{
    if (s->since && s->until)
        printf("| releases | %s to %s |\n", s->since, s->until);
    else if (s->since)
        printf("| releases | since %s |\n", s->since);
    else if (s->until)
        printf("| releases | until %s |\n", s->until);
}

static void print_setting(const struct fwvar_setting *s)
{
    char guid[FWVAR_GUID_TEXT_SIZE];

    fwvar_guid_format(&s->guid, guid);
    printf("\n## %s%s\n\n%c%s.\n\n", s->short_name,
           s->boards == FWVAR_BOARD_RPI5 ? " (Pi 5)" : "",
           s->meaning[0] >= 'a' && s->meaning[0] <= 'z' ? s->meaning[0] - 32
                                                        : s->meaning[0],
           s->meaning + 1);
    printf("| | |\n|---|---|\n");
    printf("| variable | `%s-%s` |\n", guid, s->name);
    printf("| type | %s", types[s->type]);
    if (s->size)
        printf(", %zu byte%s", s->size, s->size == 1 ? "" : "s");
    printf("; attributes NV+BS%s |\n| boards | ", s->attributes & 4 ? "+RT" : "");
    print_boards(s);
    fputs(" |\n", stdout);
    print_releases(s);
    print_values(s);
    print_numbers(s);
    print_defaults(s);
    if (s->menu_default)
        printf("| the menu's reset sets | %s |\n", s->menu_default);
    if (s->rewrite)
        printf("| rewritten at boot | %s |\n", s->rewrite);
    if (s->menu)
        printf("| menu | %s |\n", s->menu);
}

int main(void)
{
    fputs(
        "# Settings\n\n"
        "What `--set NAME=VALUE` and plans know by name. This page is printed from\n"
        "the program's own table (`ninja update-settings-doc`).\n\n"
        "- A value is a word, in any letter case, or a number, decimal or `0x`. What is\n"
        "  off or on also takes no, yes, false, true, disable, enable, 0, 1. Bit sets\n"
        "  are words joined by `+` or `,`.\n"
        "- The default is what holds while the variable is not stored. The menu's\n"
        "  *Reset to default* differs for some settings; that is said where it does.\n"
        "- Releases are those of pftf/RPi4, for the Pi 4. Other builds count their\n"
        "  versions differently.\n"
        "- A setting without a release has been there from the first one.\n",
        stdout);
    for (size_t i = 0; i < fwvar_setting_count(); i++)
        print_setting(fwvar_setting_at(i));
    return ferror(stdout) ? 1 : 0;
}
