/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The export command: live variables into a document, a folder or a dump. */
#include "cli/names.h"
#include "cli/transfer.h"

#include "base/diag.h"

#include <fwvar/document.h>
#include <fwvar/folder.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *argument_of(const struct cli *cli, int id)
{
    const char *found = NULL;

    for (size_t i = 0; i < cli->given_count; i++) {
        if (cli->given[i].id == id)
            found = cli->given[i].arg;
    }
    return found;
}

/* ---- choosing ---- */

/* 1, 0, or out of memory. */
static int wanted(const struct cli *cli, const struct fwvar_variable *v)
{
    int fits = cli->arg_count == 1;

    for (int i = 1; fits == 0 && i < cli->arg_count; i++)
        fits = fwvar_pattern_fits(cli->args[i], v);
    return fits;
}

static int choose(struct cli *cli, const struct fwvar_varlist *all,
                  struct fwvar_varlist **chosen, struct fwvar_diag *diag)
{
    int code = fwvar_varlist_new(chosen, diag);

    for (size_t i = 0; code == 0 && i < fwvar_varlist_count(all); i++) {
        const struct fwvar_varlist_item *item = fwvar_varlist_at(all, i);
        int fits = wanted(cli, &item->variable);
        if (fits < 0)
            code = fw_nomem(diag);
        else if (fits)
            code = fwvar_varlist_add(*chosen, item, diag);
    }
    return code;
}

/* The live variables of the image that the command names; NULL after a message. */
static struct fwvar_varlist *read_image(struct cli *cli, const char *path)
{
    struct fwvar_varlist *all = NULL, *chosen = NULL;
    struct fwvar_variables *variables = NULL;
    struct fwvar_image *image;
    struct fwvar_diag diag;

    if (cli_open(cli, path, 0, &image) != CLI_OK)
        return NULL;
    int code = fwvar_variables_read(fwvar_image_store(image), &variables, &diag);
    if (code == 0)
        code = fwvar_varlist_from_store(variables, &all, &diag);
    if (code == 0)
        code = choose(cli, all, &chosen, &diag);
    if (code == 0) {
        for (int i = 1; i < cli->arg_count; i++)
            cli_warn_unfit(cli, path, cli->args[i], all);
    } else {
        cli_fail(cli, path, &diag);
        fwvar_varlist_free(chosen);
        chosen = NULL;
    }
    fwvar_varlist_free(all);
    fwvar_variables_free(variables);
    fwvar_image_close(image);
    return chosen;
}

/* ---- writing ---- */

static int print_document(struct cli *cli, const struct fwvar_varlist *list)
{
    struct fwvar_diag diag;
    char *text;

    if (fwvar_document_write(list, &text, &diag) != 0)
        return cli_fail(cli, NULL, &diag);
    fputs(text, stdout);
    free(text);
    return CLI_OK;
}

static int write_dump(struct cli *cli, const char *path, const struct fwvar_varlist *list)
{
    struct fwvar_diag diag;
    uint8_t *bytes;
    size_t size;
    int code = 0;

    if (fwvar_dmpstore_write(list, &bytes, &size, &diag) != 0)
        return cli_fail(cli, path, &diag);
    if (strcmp(path, "-") == 0)
        fwrite(bytes, 1, size, stdout);
    else
        code = fwvar_file_write(path, bytes, size, &diag);
    free(bytes);
    return code == 0 ? CLI_OK : cli_fail(cli, path, &diag);
}

int cmd_export(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 1, -1);
    const char *folder = argument_of(cli, EXPORT_EFIVARFS);
    const char *dump = argument_of(cli, EXPORT_DMPSTORE);
    struct fwvar_diag diag;
    int status = CLI_OK;

    if (!path)
        return CLI_TROUBLE;
    if (folder && dump)
        return cli_usage(cli, NULL, "only one of --efivarfs and --dmpstore");
    struct fwvar_varlist *list = read_image(cli, path);
    if (!list)
        return CLI_TROUBLE;
    if (dump)
        status = write_dump(cli, dump, list);
    else if (!folder)
        status = print_document(cli, list);
    else if (fwvar_folder_write(folder, list, &diag) != 0)
        status = cli_fail(cli, folder, &diag);
    fwvar_varlist_free(list);
    return status;
}
