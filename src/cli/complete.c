/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* `fwvar __complete WORD...`: what may follow on a command line, for the shells. The
 * words are those behind "fwvar", the last one is being typed. First line: "files" if a
 * file name is wanted, else "words" and then a line per candidate, a tab before what it
 * means. All of it is made from the tables of commands and options, so that a new command
 * or option needs nothing here unless its argument is of a new kind. */
#include "cli/cli.h"

#include <fwvar/boot.h>
#include <fwvar/check.h>
#include <fwvar/release.h>
#include <fwvar/scrub.h>
#include <fwvar/setting.h>
#include <fwvar/variables.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct complete {
    const struct cli_command *command;
    const char *word; /* what is being typed */
    size_t from;      /* where in it the part begins that is to be completed */
    const char *file; /* the image on the line, or NULL */
    struct fwvar_image *image;
    struct fwvar_variables *variables;
    struct fwvar_release release;
};

/* ---- candidates ---- */

/* What would have to be escaped can't be typed as it is shown. */
static bool is_plain(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p < 0x20 || *p == 0x7f)
            return false;
    }
    return *text != '\0';
}

static void offer(const struct complete *c, const char *candidate, const char *suffix,
                  const char *meaning)
{
    const char *typed = c->word + c->from;

    if (strncmp(candidate, typed, strlen(typed)) != 0 || !is_plain(candidate))
        return;
    printf("%.*s%s%s", (int)c->from, c->word, candidate, suffix);
    if (meaning && is_plain(meaning))
        printf("\t%s", meaning);
    putchar('\n');
}

/* Moves the start of what is completed behind the last of the separators. */
static void skip_to_last(struct complete *c, char separator)
{
    const char *last = strrchr(c->word + c->from, separator);

    if (last)
        c->from = (size_t)(last + 1 - c->word);
}

/* ---- the image on the line ---- */

/* A pipe or a device could wait for ever; a shell's completion must not. */
static bool is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Shells hand over what was typed, and expand `~` only when the line is run. */
static char *expand(const char *path)
{
    const char *home = getenv("HOME");
    char *text = NULL;

    if (path[0] != '~' || path[1] != '/' || !home)
        return strdup(path);
    size_t size = strlen(home) + strlen(path);
    text = malloc(size);
    if (text)
        snprintf(text, size, "%s%s", home, path + 1);
    return text;
}

/* The head of the file tells the board; nothing is decompressed for a completion. */
static void read_release(struct complete *c)
{
    uint64_t size = fwvar_image_size(c->image);
    size_t n = size < FWVAR_RELEASE_HEAD_SIZE ? (size_t)size : FWVAR_RELEASE_HEAD_SIZE;
    uint8_t *head = malloc(n);

    if (head && fwvar_image_read(c->image, 0, head, n, NULL) == 0)
        fwvar_release_from_head(head, n, &c->release);
    free(head);
    if (!c->release.board[0] && fwvar_image_platform(c->image) == FWVAR_PLATFORM_RPI)
        strcpy(c->release.board, "rpi");
}

static void open_image(struct complete *c)
{
    char *path = c->file ? expand(c->file) : NULL;

    if (path && is_file(path) && fwvar_image_open(path, 0, &c->image, NULL) == 0) {
        read_release(c);
        if (fwvar_variables_read(fwvar_image_store(c->image), &c->variables, NULL) != 0)
            c->variables = NULL;
    }
    free(path);
}

static void close_image(struct complete *c)
{
    fwvar_variables_free(c->variables);
    fwvar_image_close(c->image);
}

/* ---- kinds of arguments ---- */

static void offer_commands(struct complete *c)
{
    for (const struct cli_command *k = cli_commands; k->name; k++)
        offer(c, k->name, "", k->summary);
}

static void offer_options(struct complete *c)
{
    const struct cli_option *tables[CLI_TABLES];
    char name[64];

    cli_option_tables(c->command, tables);
    for (int t = 0; t < CLI_TABLES; t++) {
        for (const struct cli_option *o = tables[t]; o && o->name; o++) {
            snprintf(name, sizeof name, "--%s", o->name);
            offer(c, name, "", o->help);
        }
    }
}

static void offer_settings_with(struct complete *c, const char *suffix)
{
    unsigned boards = fwvar_board_set(c->release.board);
    const struct fwvar_setting *s;

    for (size_t i = 0; (s = fwvar_setting_at(i)) != NULL; i++) {
        if (!(s->boards & boards))
            continue;
        offer(c, s->short_name, suffix, s->meaning);
        /* All the full names would bury the short ones. */
        if (c->word[c->from] >= 'A' && c->word[c->from] <= 'Z')
            offer(c, s->name, suffix, s->meaning);
    }
}

static void offer_settings(struct complete *c)
{
    open_image(c);
    offer_settings_with(c, "");
    close_image(c);
}

/* Names of stored variables; @settings: also the short ones of those that are settings,
 * else without those. */
static void offer_stored_with(struct complete *c, const char *suffix, bool settings)
{
    for (size_t i = 0; c->variables && i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        if (fwvar_variables_role(c->variables, i) != FWVAR_ROLE_LIVE)
            continue;
        char *name = fwvar_record_name(r, false, NULL);
        const struct fwvar_setting *s =
            name ? fwvar_setting_by_variable(name, &r->guid) : NULL;
        if (name && (settings || !s))
            offer(c, name, suffix, s ? s->meaning : NULL);
        if (s && settings)
            offer(c, s->short_name, suffix, s->meaning);
        free(name);
    }
}

static void offer_stored(struct complete *c)
{
    open_image(c);
    offer_stored_with(c, "", true);
    close_image(c);
}

/* Several words can mean one value; the first is the one that is printed. */
static bool is_first_word(const struct fwvar_setting *s,
                          const struct fwvar_setting_keyword *keyword, unsigned boards)
{
    const struct fwvar_setting_keyword *k = s->keywords;

    while (!(k->boards & boards) || k->value != keyword->value)
        k++;
    return k == keyword;
}

static void offer_values(struct complete *c, const char *name)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];
    size_t n = fwvar_setting_find(name, c->release.board, found);
    unsigned boards = fwvar_board_set(c->release.board);
    char meaning[64];

    for (size_t i = 0; i < n; i++) {
        const struct fwvar_setting_keyword *k = found[i]->keywords;
        for (; k && k->word; k++) {
            if (!(k->boards & boards) || !is_first_word(found[i], k, boards))
                continue;
            snprintf(meaning, sizeof meaning, "%lld", (long long)k->value);
            offer(c, k->word, "", meaning);
        }
    }
}

/* True if NAME= has been typed; the value is what is completed then. */
static bool split_name(struct complete *c, char name[64])
{
    const char *text = c->word + c->from;
    const char *equals = strchr(text, '=');

    if (!equals)
        return false;
    snprintf(name, 64, "%.*s", (int)(equals - text), text);
    c->from = (size_t)(equals + 1 - c->word);
    return true;
}

static void offer_assignment(struct complete *c)
{
    char name[64];

    open_image(c);
    if (split_name(c, name)) {
        offer_values(c, name);
    } else {
        offer_stored_with(c, "=", false);
        offer_settings_with(c, "=");
    }
    close_image(c);
}

static void offer_attributes(struct complete *c)
{
    static const char *const words[] = {"NV", "BS", "RT", "HR", "AW", "AT", "AP"};
    char name[64];

    if (split_name(c, name)) {
        skip_to_last(c, '+');
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            offer(c, words[i], "", NULL);
        return;
    }
    open_image(c);
    offer_stored_with(c, "=", true);
    close_image(c);
}

static void offer_entries(struct complete *c)
{
    struct fwvar_boot_menu menu;
    bool seen[FWVAR_BOOT_MENU + 1] = {false};
    char number[5];

    open_image(c);
    if (c->variables && fwvar_boot_menu_read(c->variables, &menu, NULL) == 0) {
        for (size_t i = 0; i < menu.count; i++) {
            const struct fwvar_boot_entry *e = &menu.entries[i];
            snprintf(number, sizeof number, "%04X", e->number);
            offer(c, number, "", e->label);
            if (!seen[e->kind] && e->kind != FWVAR_BOOT_OTHER)
                offer(c, fwvar_boot_class_name(e->kind), "", e->label);
            seen[e->kind] = true;
        }
        fwvar_boot_menu_free(&menu);
    }
    close_image(c);
}

static void offer_order(struct complete *c)
{
    skip_to_last(c, ',');
    offer_entries(c);
    offer(c, "*", "", "the rest");
}

static void offer_when(struct complete *c)
{
    offer(c, "auto", "", "on a terminal");
    offer(c, "always", "", NULL);
    offer(c, "never", "", NULL);
}

static void offer_rules(struct complete *c)
{
    const struct fwvar_rule *rule;

    for (size_t i = 0; (rule = fwvar_rule_at(i)) != NULL; i++)
        offer(c, rule->name, "", NULL);
}

static void offer_severities(struct complete *c)
{
    for (int i = FWVAR_FATAL; i <= FWVAR_ADVICE; i++)
        offer(c, fwvar_severity_name((enum fwvar_severity)i), "", NULL);
}

static void offer_platforms(struct complete *c)
{
    static const char *const names[] = {"rpi", "ovmf", "aavmf", "generic"};
    enum fwvar_platform platform;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (fwvar_platform_parse(names[i], &platform) == 0)
            offer(c, names[i], "", fwvar_platform_title(platform));
    }
}

static void offer_layouts(struct complete *c)
{
    const struct fwvar_layout *l;

    for (size_t i = 0; (l = fwvar_layout_at(i)) != NULL; i++)
        offer(c, l->name, "", l->title);
}

static void offer_groups(struct complete *c)
{
    const char *group;

    for (size_t i = 0; (group = fwvar_scrub_group(i)) != NULL; i++)
        offer(c, group, "", NULL);
    offer_stored(c);
}

/* Stands for: nothing is known, what the user types is free. */
static void offer_nothing(struct complete *c)
{
    (void)c;
}

/* By the placeholders of the tables; NULL wants a file name. */
static const struct kind {
    const char *placeholder;
    void (*offer)(struct complete *c);
} kinds[] = {
    {"IMAGE", NULL},
    {"OLD", NULL},
    {"NEW", NULL},
    {"OUT", NULL},
    {"DIR", NULL},
    {"FILE", NULL},
    {"PLAN", NULL},
    {"HOSTS", NULL},
    {"TEMPLATE", offer_nothing},
    {"N", offer_nothing},
    {"DIR|FILE", NULL},
    {"COMMAND", offer_commands},
    {"EDIT", offer_options},
    {"NAME", offer_stored},
    {"SETTING", offer_settings},
    {"NAME=VALUE", offer_assignment},
    {"NAME=ATTRS", offer_attributes},
    {"ENTRY", offer_entries},
    {"N,N,...", offer_order},
    {"WHEN", offer_when},
    {"SEVERITY", offer_severities},
    {"RULE", offer_rules},
    {"BYTES", offer_nothing},
    {"NAME[@OFFSET]", offer_stored},
    {"GROUP|NAME", offer_groups},
    {"PLATFORM", offer_platforms},
    {"LAYOUT", offer_layouts},
    {"NAME=TIME", offer_nothing},
    {"LABEL=PATH", offer_nothing},
    {"[LABEL=]URL", offer_nothing},
    {"[LABEL=]MAC", offer_nothing},
    {"[LABEL=]PATH", offer_nothing},
    {"SECONDS", offer_nothing},
    {"[SUFFIX]", offer_nothing},
    {"TEXT|HEX", offer_nothing},
    {"DIR|FILE", NULL},
};

static int complete_kind(struct complete *c, const char *placeholder)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].placeholder, placeholder) != 0)
            continue;
        puts(kinds[i].offer ? "words" : "files");
        if (kinds[i].offer)
            kinds[i].offer(c);
        return CLI_OK;
    }
    /* Found by the tests; a shell throws it away. */
    fprintf(stderr, "fwvar: __complete: nothing known about %s\n", placeholder);
    return CLI_TROUBLE;
}

/* ---- the words before ---- */

/* The option of a word such as --set, --set=x or -o; NULL if it is none. */
static const struct cli_option *option_of(const struct cli_command *command,
                                          const char *word)
{
    const struct cli_option *tables[CLI_TABLES];
    size_t length = strcspn(word, "=");

    cli_option_tables(command, tables);
    for (int t = 0; t < CLI_TABLES; t++) {
        for (const struct cli_option *o = tables[t]; o && o->name; o++) {
            if (length > 2 && strlen(o->name) == length - 2 &&
                strncmp(word, "--", 2) == 0 &&
                strncmp(word + 2, o->name, length - 2) == 0)
                return o;
            if (word[0] == '-' && word[1] == o->id && word[2] == '\0')
                return o;
        }
    }
    return NULL;
}

static bool wants_argument(const struct cli_option *o)
{
    return o && o->arg && !cli_option_is_optional(o);
}

/* The placeholder of argument @index: "NAME" of "IMAGE [NAME...]" for 1, 2 and so on. */
static bool placeholder_at(const struct cli_command *command, int index, char out[64])
{
    const char *p = command->arguments;
    size_t length = 0;
    int at = 0;

    while (*p) {
        p += strspn(p, " [");
        length = strcspn(p, " ].");
        /* A dot inside a word, as in HOSTS.json, is not the "..." behind one. */
        while (p[length] == '.' && p[length + 1] != '.')
            length += 1 + strcspn(p + length + 1, " ].");
        snprintf(out, 64, "%.*s", (int)length, p);
        p += length;
        if (at++ == index || strncmp(p, "...", 3) == 0)
            return length > 0;
        p += strcspn(p, " ");
    }
    return false;
}

static int complete_argument(struct complete *c, int index)
{
    char placeholder[64];

    if (c->word[0] == '-' && c->word[1] != '\0') {
        puts("words");
        offer_options(c);
        return CLI_OK;
    }
    if (!placeholder_at(c->command, index, placeholder)) {
        puts("words");
        return CLI_OK;
    }
    return complete_kind(c, placeholder);
}

static int complete_command(struct complete *c)
{
    puts("words");
    offer_commands(c);
    offer(c, "--help", "", "this help");
    offer(c, "--version", "", "version of the program");
    return CLI_OK;
}

int cli_complete(int count, char **words)
{
    struct complete c = {.word = count ? words[count - 1] : "", .release = {.era = ""}};
    const struct cli_option *option = NULL;
    char placeholder[64];
    int arguments = 0;

    if (count < 2)
        return complete_command(&c);
    c.command = cli_command_find(words[0]);
    if (!c.command) {
        puts("words");
        return CLI_OK;
    }
    for (int i = 1; i < count - 1; i++) {
        bool is_argument = wants_argument(option) && !strchr(words[i - 1], '=');
        option = is_argument ? NULL : option_of(c.command, words[i]);
        if (is_argument || (words[i][0] == '-' && words[i][1] != '\0'))
            continue;
        if (placeholder_at(c.command, arguments++, placeholder) && !c.file &&
            (strcmp(placeholder, "IMAGE") == 0 || strcmp(placeholder, "OLD") == 0))
            c.file = words[i];
    }
    if (wants_argument(option) && !strchr(words[count - 2], '='))
        return complete_kind(&c, option->arg);
    option = option_of(c.command, c.word);
    if (option && option->arg && strchr(c.word, '=')) {
        c.from = strcspn(c.word, "=") + 1;
        return complete_kind(&c, option->arg);
    }
    return complete_argument(&c, arguments);
}
