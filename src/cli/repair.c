/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The commands repair and compact. */
#include "cli/repair.h"

#include "base/suggest.h"

#include <fwvar/repair.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- repair ---- */

/* A rule that repair does not know is a mistake; one that only check knows, too. */
static int check_rule(struct cli *cli, const char *name)
{
    struct fw_suggest near = fw_suggest(name);
    const struct fwvar_rule *rule;
    char hint[128] = "`fwvar check --rules` shows the rules; those with `fwvar repair` "
                     "as their cure can be chosen";

    for (size_t i = 0; fwvar_repair_rule_at(i); i++) {
        if (strcmp(fwvar_repair_rule_at(i), name) == 0)
            return CLI_OK;
        fw_suggest_try(&near, fwvar_repair_rule_at(i));
    }
    for (size_t i = 0; (rule = fwvar_rule_at(i)) != NULL; i++) {
        if (strcmp(rule->name, name) == 0)
            return cli_usage(cli, rule->fix, "repair cannot mend %s", name);
    }
    if (near.best)
        snprintf(hint, sizeof hint, "did you mean %s?", near.best);
    return cli_usage(cli, hint, "no rule is called %s", name);
}

static int get_options(struct cli *cli, struct fwvar_repair_options *options)
{
    options->only = cli_collect(cli, REPAIR_ONLY, &options->only_count);
    if (!options->only)
        return cli_nomem(cli);
    for (size_t i = 0; i < options->only_count; i++) {
        if (check_rule(cli, options->only[i]) != CLI_OK)
            return CLI_TROUBLE;
    }
    return CLI_OK;
}

/* What is left is a matter for the exit status, as with check. */
static int conclude(struct cli *cli, const char *path, const struct fwvar_image *image,
                    const struct fwvar_repair *repair)
{
    const struct fwvar_patch *patch = fwvar_repair_patch(repair);
    struct cli_patched p = {.image = image,
                            .patch = patch,
                            .changed = patch->size > 0,
                            .compacted = fwvar_repair_rebuilt(repair),
                            .repair = repair};
    int status = cli_conclude_patch(cli, path, &p);

    if (status == CLI_OK && fwvar_repair_lefts(repair) > 0)
        status = CLI_DIFFERENT;
    return status;
}

static int repair_image(struct cli *cli, const char *path,
                        const struct fwvar_repair_options *options)
{
    struct fwvar_repair *repair;
    struct fwvar_image *image;
    struct fwvar_diag diag;
    int status;

    if (cli_open(cli, path, FWVAR_OPEN_ANYTHING | FWVAR_OPEN_THOROUGH, &image) != CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_repair(image, options, &repair, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = conclude(cli, path, image, repair);
        fwvar_repair_free(repair);
    }
    fwvar_image_close(image);
    return status;
}

int cmd_repair(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 1, 1);
    struct fwvar_repair_options options = {0};

    if (!path || cli_check_output(cli) != CLI_OK)
        return CLI_TROUBLE;
    int status = get_options(cli, &options);
    if (status == CLI_OK)
        status = repair_image(cli, path, &options);
    free((void *)(uintptr_t)options.only);
    return status;
}

/* ---- compact ---- */

int cmd_compact(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 1, 1);
    struct fwvar_image *image;
    struct fwvar_edit *edit;
    struct fwvar_diag diag;
    int status;

    if (!path || cli_check_output(cli) != CLI_OK ||
        cli_open(cli, path, FWVAR_OPEN_THOROUGH, &image) != CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_edit_begin(image, FWVAR_EDIT_COMPACT, &edit, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = cli_conclude(cli, path, edit);
        fwvar_edit_end(edit);
    }
    fwvar_image_close(image);
    return status;
}
