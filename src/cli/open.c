/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "cli/machine.h"

#include <fwvar/check.h>

#include <string.h>

/* Readers show what they can and say what is wrong with the rest. */
static int warn_damage(struct cli *cli, const char *path, const struct fwvar_image *image)
{
    struct fwvar_findings *findings;
    struct fwvar_diag diag;
    bool any = false;

    if (fwvar_check(image, FWVAR_CHECK_STRUCTURE, &findings, &diag) != 0)
        return cli_fail(cli, path, &diag);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        if (!fwvar_finding_stops(f))
            continue;
        any = true;
        if (f->offset == FWVAR_NO_OFFSET)
            cli_warn(cli, path, "%s%s%s", f->variable ? f->variable : "",
                     f->variable ? ": " : "", f->message);
        else
            cli_warn(cli, path, "at 0x%llx: %s%s%s", (unsigned long long)f->offset,
                     f->variable ? f->variable : "", f->variable ? ": " : "", f->message);
    }
    fwvar_findings_free(findings);
    if (any && !cli->quiet &&
        cli_hint(cli, "`fwvar check` explains, `fwvar repair` mends") != 0)
        cli->warning_lost = true;
    return CLI_OK;
}

int cli_open_quietly(struct cli *cli, const char *path, unsigned flags,
                     struct fwvar_image **image)
{
    enum fwvar_platform platform;
    struct fwvar_diag diag;

    cli_forget_firmware(cli);
    if (fwvar_image_open(path, flags, image, &diag) != 0)
        return cli_fail(cli, path, &diag);
    if (cli->platform && fwvar_platform_parse(cli->platform, &platform) == 0)
        fwvar_image_set_platform(*image, platform);
    return CLI_OK;
}

int cli_open(struct cli *cli, const char *path, unsigned flags,
             struct fwvar_image **image)
{
    if (cli_open_quietly(cli, path, flags, image) != CLI_OK)
        return CLI_TROUBLE;
    /* Commands that write refuse what is damaged, or mend it. */
    bool reads = !cli->output && !cli->in_place && !cli->dry_run;
    if (reads && fwvar_image_store(*image) && warn_damage(cli, path, *image) != CLI_OK) {
        fwvar_image_close(*image);
        return CLI_TROUBLE;
    }
    return CLI_OK;
}

static bool reads_input_twice(const struct cli *cli)
{
    int count = 0;

    for (int i = 0; i < cli->arg_count; i++)
        count += strcmp(cli->args[i], "-") == 0;
    return count > 1;
}

const char *cli_image_argument(struct cli *cli, int at_least, int at_most)
{
    if (cli->arg_count < at_least)
        cli_usage(cli, NULL, "%s is missing",
                  cli->arg_count == 0 ? "the image" : "an argument");
    else if (at_most >= 0 && cli->arg_count > at_most)
        cli_usage(cli, NULL, "unexpected argument %s", cli->args[at_most]);
    else if (reads_input_twice(cli))
        cli_usage(cli, "put one of them into a file",
                  "- is given twice, but there is one standard input");
    else
        return cli->args[0];
    return NULL;
}
