/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Commands that handle many variables at once: import, scrub, migrate. */
#include "cli/transfer.h"

#include "base/bytes.h"
#include "base/utf16.h"

#include <fwvar/document.h>
#include <fwvar/import.h>

#include <stdlib.h>
#include <string.h>

/* ---- what they share ---- */

const char **cli_collect(const struct cli *cli, int id, size_t *count)
{
    const char **found = calloc(cli->given_count + 1, sizeof *found);

    *count = 0;
    for (size_t i = 0; found && i < cli->given_count; i++) {
        if (cli->given[i].id == id)
            found[(*count)++] = cli->given[i].arg;
    }
    return found;
}

/* The choice that --only and --except make; ended with free_choice(). */
static int read_choice(const struct cli *cli, struct fwvar_choice *choice)
{
    choice->only = cli_collect(cli, TRANSFER_ONLY, &choice->only_count);
    choice->except = cli_collect(cli, TRANSFER_EXCEPT, &choice->except_count);
    return choice->only && choice->except ? 0 : FWVAR_ERR_NOMEM;
}

static void free_choice(struct fwvar_choice *choice)
{
    free((void *)choice->only);
    free((void *)choice->except);
}

/* A transaction on an image that a command changes; ended with end_edit(). */
struct changing {
    struct fwvar_image *image;
    struct fwvar_edit *edit;
};

static int begin_edit(struct cli *cli, const char *path, unsigned flags,
                      struct changing *c)
{
    struct fwvar_diag diag;

    *c = (struct changing){0};
    if (cli_open(cli, path, FWVAR_OPEN_THOROUGH, &c->image) != CLI_OK)
        return CLI_TROUBLE;
    if (cli->force)
        flags |= FWVAR_EDIT_FORCE;
    if (fwvar_edit_begin(c->image, flags, &c->edit, &diag) != 0)
        return cli_fail(cli, path, &diag);
    return CLI_OK;
}

static void end_edit(struct changing *c)
{
    fwvar_edit_end(c->edit);
    if (c->image)
        fwvar_image_close(c->image);
}

/* ---- import ---- */

/* A file of the folder that is being read. */
struct source {
    struct cli *cli;
    const char *path;
};

static void note_file(void *context, const char *text)
{
    const struct source *s = context;

    cli_warn(s->cli, s->path, "%s", text);
}

/* What was not done is said even where only changes are shown. */
static int warn_left(const struct source *s, const struct fwvar_outcomes *outcomes)
{
    for (size_t i = 0; i < fwvar_outcomes_count(outcomes); i++) {
        const struct fwvar_outcome_item *item = fwvar_outcomes_at(outcomes, i);
        bool said = item->outcome == FWVAR_OUTCOME_REFUSED ||
                    item->outcome == FWVAR_OUTCOME_KEPT ||
                    item->outcome == FWVAR_OUTCOME_REWRITTEN;
        struct fw_buf text = {0};
        if (!said)
            continue;
        fw_utf16_text(&text, item->name, item->name_size, FW_ESCAPE_CONTROL);
        char *name = fw_buf_take_text(&text);
        if (!name)
            return cli_nomem(s->cli);
        cli_warn(s->cli, s->path, "%s: %s%s", name,
                 item->outcome == FWVAR_OUTCOME_REFUSED ? "left out: " : "",
                 item->reason);
        free(name);
    }
    return CLI_OK;
}

static int import_source(const struct source *s, struct fwvar_edit *edit,
                         struct fwvar_import_options *options)
{
    struct fwvar_outcomes *outcomes;
    enum fwvar_source_kind kind;
    struct fwvar_varlist *list;
    struct fwvar_diag diag;

    if (fwvar_source_read(s->path, &list, &kind, note_file, (void *)s, &diag) != 0)
        return cli_fail(s->cli, s->path, &diag);
    options->mend_order = kind == FWVAR_SOURCE_FOLDER;
    int code = fwvar_import(edit, list, options, &outcomes, &diag);
    fwvar_varlist_free(list);
    if (code != 0)
        return cli_fail(s->cli, s->path, &diag);
    int status = warn_left(s, outcomes);
    fwvar_outcomes_free(outcomes);
    return status;
}

static int import_sources(struct cli *cli, const char *path,
                          struct fwvar_import_options *options)
{
    struct changing c;
    int status = begin_edit(cli, path, 0, &c);

    for (int i = 1; status == CLI_OK && i < cli->arg_count; i++) {
        struct source source = {cli, cli->args[i]};
        status = import_source(&source, c.edit, options);
    }
    if (status == CLI_OK)
        status = cli_conclude(cli, path, c.edit);
    end_edit(&c);
    return status;
}

int cmd_import(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 2, -1);
    struct fwvar_import_options options = {.sync = cli_has(cli, TRANSFER_SYNC)};

    if (!path || cli_check_output(cli) != CLI_OK)
        return CLI_TROUBLE;
    if (options.sync && cli->arg_count > 2)
        return cli_usage(cli, "what one source lacks another may have",
                         "--sync takes one source only");
    int status = read_choice(cli, &options.choice) == 0
                     ? import_sources(cli, path, &options)
                     : cli_nomem(cli);
    free_choice(&options.choice);
    return status;
}
