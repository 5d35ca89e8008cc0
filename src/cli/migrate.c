/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The migrate command. */
#include "cli/names.h"
#include "cli/transfer.h"

#include <fwvar/document.h>
#include <fwvar/folder.h>
#include <fwvar/migrate.h>

#include <stdlib.h>
#include <string.h>

/* ---- OLD ---- */

static void note_file(void *context, const char *text)
{
    struct cli *cli = context;

    cli_warn(cli, cli->args[0], "%s", text);
}

static int list_image(struct cli *cli, const char *path, struct fwvar_image *image,
                      struct fwvar_varlist **list)
{
    struct fwvar_variables *variables;
    struct fwvar_diag diag;

    if (fwvar_variables_read(fwvar_image_store(image), &variables, &diag) != 0)
        return cli_fail(cli, path, &diag);
    int code = fwvar_varlist_from_store(variables, list, &diag);
    fwvar_variables_free(variables);
    return code == 0 ? CLI_OK : cli_fail(cli, path, &diag);
}

/* An image is told from the other sources by its variable store. */
static int read_old(struct cli *cli, const char *path, struct fwvar_varlist **list)
{
    struct fwvar_image *image = NULL;
    struct fwvar_diag diag, other;
    int code = FWVAR_ERR_FORMAT;

    if (!fwvar_folder_is(path) && strcmp(path, "-") != 0)
        code = fwvar_image_open(path, 0, &image, &diag);
    if (code == 0) {
        int status = list_image(cli, path, image, list);
        fwvar_image_close(image);
        return status;
    }
    if (code != FWVAR_ERR_FORMAT)
        return cli_fail(cli, path, &diag);
    if (fwvar_source_read(path, list, NULL, note_file, cli, &other) == 0)
        return CLI_OK;
    /* What looks like no source at all is more likely an image. */
    return cli_fail(cli, path, other.code == FWVAR_ERR_DAMAGED ? &diag : &other);
}

/* ---- NEW ---- */

/* What the code of the new release tells; without it the catalogue has to do. */
static int read_content(struct cli *cli, const char *path,
                        const struct fwvar_image *image, struct fwvar_content **content,
                        struct fwvar_release *release)
{
    size_t size = (size_t)fwvar_image_size(image);
    uint8_t *bytes = malloc(size ? size : 1);
    struct fwvar_diag diag = {0};

    *content = NULL;
    *release = (struct fwvar_release){0};
    int code = bytes ? fwvar_image_read(image, 0, bytes, size, &diag) : FWVAR_ERR_NOMEM;
    if (code == 0)
        code = fwvar_content_open(bytes, size, content, &diag);
    free(bytes);
    if (code == FWVAR_ERR_NOMEM)
        return cli_nomem(cli);
    if (code == 0)
        fwvar_content_release(*content, release);
    else
        cli_warn(cli, path,
                 "its code cannot be read (%s), so what it knows is taken from the "
                 "catalogue of settings",
                 diag.message);
    return CLI_OK;
}

static int migrate(struct cli *cli, const char *path, struct fwvar_edit *edit,
                   const struct fwvar_varlist *old, struct fwvar_migrate_options *options)
{
    struct fwvar_outcomes *outcomes;
    struct fwvar_content *content;
    struct fwvar_release release;
    struct fwvar_diag diag;

    if (read_content(cli, path, fwvar_edit_image(edit), &content, &release) != CLI_OK)
        return CLI_TROUBLE;
    options->content = content;
    options->board = release.board;
    options->version = release.version;
    int status = CLI_OK;
    if (fwvar_migrate(edit, old, options, &outcomes, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        cli->outcomes = outcomes;
        status = cli_conclude(cli, path, edit);
        cli->outcomes = NULL;
        fwvar_outcomes_free(outcomes);
    }
    options->content = NULL;
    options->board = options->version = NULL;
    fwvar_content_free(content);
    return status;
}

static int run(struct cli *cli, struct fwvar_migrate_options *options)
{
    const char *path = cli->args[1];
    struct fwvar_varlist *old = NULL;
    struct cli_changing c;

    if (read_old(cli, cli->args[0], &old) != CLI_OK)
        return CLI_TROUBLE;
    cli_warn_unfit_choice(cli, cli->args[0], &options->choice, old);
    int status = cli_begin_edit(cli, path, 0, &c);
    if (status == CLI_OK)
        status = migrate(cli, path, c.edit, old, options);
    cli_end_edit(&c);
    fwvar_varlist_free(old);
    return status;
}

int cmd_migrate(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 2, 2);
    struct fwvar_migrate_options options = {.all = cli_has(cli, TRANSFER_ALL)};

    if (!path || cli_check_output(cli) != CLI_OK)
        return CLI_TROUBLE;
    int status =
        cli_read_choice(cli, &options.choice) == 0 ? run(cli, &options) : cli_nomem(cli);
    cli_free_choice(&options.choice);
    return status;
}
