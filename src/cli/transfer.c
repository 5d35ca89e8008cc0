/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Commands that handle many variables at once: import, scrub, migrate. */
#include "cli/transfer.h"
#include "cli/names.h"

#include "base/bytes.h"
#include "base/utf16.h"

#include <fwvar/document.h>
#include <fwvar/import.h>
#include <fwvar/scrub.h>

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

int cli_read_choice(const struct cli *cli, struct fwvar_choice *choice)
{
    choice->only = cli_collect(cli, TRANSFER_ONLY, &choice->only_count);
    choice->except = cli_collect(cli, TRANSFER_EXCEPT, &choice->except_count);
    return choice->only && choice->except ? 0 : FWVAR_ERR_NOMEM;
}

void cli_free_choice(struct fwvar_choice *choice)
{
    free((void *)choice->only);
    free((void *)choice->except);
}

int cli_begin_edit(struct cli *cli, const char *path, unsigned flags,
                   struct cli_changing *c)
{
    struct fwvar_diag diag;

    *c = (struct cli_changing){0};
    if (cli_open(cli, path, FWVAR_OPEN_THOROUGH, &c->image) != CLI_OK)
        return CLI_TROUBLE;
    if (cli->force)
        flags |= FWVAR_EDIT_FORCE;
    if (fwvar_edit_begin(c->image, flags, &c->edit, &diag) != 0)
        return cli_fail(cli, path, &diag);
    return CLI_OK;
}

void cli_end_edit(struct cli_changing *c)
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
    if (s->cli->arg_count == 2) /* of several sources each may have its part */
        cli_warn_unfit_choice(s->cli, s->path, &options->choice, list);
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
    struct cli_changing c;
    int status = cli_begin_edit(cli, path, 0, &c);

    for (int i = 1; status == CLI_OK && i < cli->arg_count; i++) {
        struct source source = {cli, cli->args[i]};
        status = import_source(&source, c.edit, options);
    }
    if (status == CLI_OK)
        status = cli_conclude(cli, path, c.edit);
    cli_end_edit(&c);
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
    int status = cli_read_choice(cli, &options.choice) == 0
                     ? import_sources(cli, path, &options)
                     : cli_nomem(cli);
    cli_free_choice(&options.choice);
    return status;
}

/* ---- scrub ---- */

static int scrub_image(struct cli *cli, const char *path,
                       const struct fwvar_scrub_options *options)
{
    struct fwvar_outcomes *outcomes;
    struct fwvar_diag diag;
    struct cli_changing c;
    int status = cli_begin_edit(cli, path, FWVAR_EDIT_COMPACT, &c);

    if (status != CLI_OK) {
        cli_end_edit(&c);
        return status;
    }
    if (fwvar_scrub(c.edit, options, &outcomes, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        cli->outcomes = outcomes;
        status = cli_conclude(cli, path, c.edit);
        cli->outcomes = NULL;
        fwvar_outcomes_free(outcomes);
    }
    cli_end_edit(&c);
    return status;
}

int cmd_scrub(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 1, 1);
    struct fwvar_scrub_options options = {0};

    if (!path || cli_check_output(cli) != CLI_OK)
        return CLI_TROUBLE;
    options.also = cli_collect(cli, SCRUB_ALSO, &options.also_count);
    options.keep = cli_collect(cli, SCRUB_KEEP, &options.keep_count);
    int status =
        options.also && options.keep ? scrub_image(cli, path, &options) : cli_nomem(cli);
    free((void *)options.also);
    free((void *)options.keep);
    return status;
}
