/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The plan command: a plan that reproduces an image. */
#include "cli/machine.h"
#include "cli/patch.h"

#include <fwvar/folder.h>
#include <fwvar/plan.h>

#include <stdio.h>
#include <stdlib.h>

int cli_plan_read(const char *path, struct fwvar_plan **plan, struct fwvar_diag *diag)
{
    uint8_t *text;
    size_t size;

    int code = fwvar_file_read(path, &text, &size, diag);
    if (code != 0)
        return code;
    code = fwvar_plan_read((const char *)text, size, plan, diag);
    free(text);
    return code;
}

struct planning {
    struct cli *cli;
    const char *path;
};

static void warn(void *context, const char *text)
{
    const struct planning *p = context;

    cli_warn(p->cli, p->path, "%s", text);
}

static int print_plan(struct planning *p, const struct fwvar_image *image,
                      const struct fwvar_variables *variables)
{
    struct fwvar_firmware *firmware = NULL;
    struct fwvar_diag diag;
    char *text;

    if (cli_firmware(p->cli, image, &firmware) != CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_plan_write(variables, firmware, warn, p, &text, &diag) != 0)
        return cli_fail(p->cli, p->path, &diag);
    if (!p->cli->warning_lost)
        fputs(text, stdout);
    free(text);
    return p->cli->warning_lost ? cli_nomem(p->cli) : CLI_OK;
}

int cmd_plan(struct cli *cli)
{
    struct planning p = {cli, cli_image_argument(cli, 1, 1)};
    struct fwvar_variables *variables;
    struct fwvar_image *image;
    struct fwvar_diag diag;
    int status;

    if (!p.path || cli_open(cli, p.path, 0, &image) != CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_variables_read(fwvar_image_store(image), &variables, &diag) != 0) {
        status = cli_fail(cli, p.path, &diag);
    } else {
        status = print_plan(&p, image, variables);
        fwvar_variables_free(variables);
    }
    fwvar_image_close(image);
    return status;
}
