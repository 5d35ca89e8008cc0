/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What commands ask about the machine: the firmware of the image, the config.txt beside
 * it, and advice. */
#include "cli/machine.h"

#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_MAX 65536 /* a config.txt has a few hundred bytes */

int cli_firmware(struct cli *cli, const struct fwvar_image *image,
                 struct fwvar_firmware **firmware)
{
    struct fwvar_diag diag;

    if (!cli->firmware &&
        fwvar_firmware_open(image, cli->platform, &cli->firmware, &diag) != 0)
        return cli_nomem(cli);
    *firmware = cli->firmware;
    return CLI_OK;
}

void cli_forget_firmware(struct cli *cli)
{
    fwvar_firmware_free(cli->firmware);
    cli->firmware = NULL;
}

int cli_release(struct cli *cli, const char *path, const struct fwvar_image *image,
                enum fwvar_effort effort, const struct fwvar_release **release)
{
    struct fwvar_firmware *firmware = NULL;
    struct fwvar_diag diag;

    if (cli_firmware(cli, image, &firmware) != CLI_OK)
        return CLI_TROUBLE;
    return fwvar_firmware_release(firmware, effort, release, &diag) == 0
               ? CLI_OK
               : cli_fail(cli, path, &diag);
}

/* Nothing but a file: a pipe of that name would hold up whoever opens it. */
static FILE *open_config(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;
    FILE *f = NULL;

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        f = fdopen(fd, "r");
    if (fd >= 0 && !f) {
        int why = errno;
        close(fd);
        errno = why;
    }
    return f;
}

int cli_read_config(struct cli *cli, const char *path, char **config)
{
    const char *slash = strrchr(path, '/');
    struct fw_buf name = {0}, text = {0};
    char chunk[1024];
    size_t n = 0;

    *config = NULL;
    if (strcmp(path, "-") == 0)
        return CLI_OK;
    fw_buf_printf(&name, "%.*sconfig.txt", slash ? (int)(slash - path) + 1 : 0, path);
    char *file = fw_buf_take_text(&name);
    errno = 0;
    FILE *f = file ? open_config(file) : NULL;
    bool nomem = !file || (!f && errno == ENOMEM);
    free(file);
    while (f && text.size < CONFIG_MAX && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
        fw_buf_put(&text, chunk, n);
    if (f) {
        fclose(f);
        *config = fw_buf_take_text(&text);
    }
    return nomem || (f && !*config) ? cli_nomem(cli) : CLI_OK;
}

static bool is_damaged(const struct fwvar_findings *findings)
{
    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        if (fwvar_finding_stops(fwvar_findings_at(findings, i)))
            return true;
    }
    return false;
}

int cli_advise_image(struct cli *cli, const char *path, const struct fwvar_image *image,
                     const struct fwvar_variables *variables,
                     const struct fwvar_findings *findings,
                     const struct fwvar_release *release, struct fwvar_advice_list *list)
{
    struct fwvar_diag diag;

    list->count = 0;
    if (is_damaged(findings))
        return CLI_OK;
    char *config;
    if (cli_read_config(cli, path, &config) != CLI_OK)
        return CLI_TROUBLE;
    int code = fwvar_advise_image(image, variables, release, config, list, &diag);

    free(config);
    return code == 0 ? CLI_OK : cli_fail(cli, path, &diag);
}

int cli_advise_edit(struct cli *cli, const char *path, const char *target,
                    const struct fwvar_edit *edit, struct fwvar_advice_list *list)
{
    const struct fwvar_image *image = fwvar_edit_image(edit);
    const struct fwvar_release *release = NULL;
    struct fwvar_diag diag;

    /* No rule is about releases of another platform. */
    if (fwvar_image_platform(image) == FWVAR_PLATFORM_RPI &&
        cli_release(cli, path, image, FWVAR_EFFORT_HEAD, &release) != CLI_OK)
        return CLI_TROUBLE;
    char *config;
    if (cli_read_config(cli, target, &config) != CLI_OK)
        return CLI_TROUBLE;
    int code = fwvar_advise_edit(edit, release, config, list, &diag);
    free(config);
    if (code != 0)
        return cli_fail(cli, path, &diag);
    int status = CLI_OK;
    for (size_t i = 0; status == CLI_OK && i < list->count; i++)
        status = cli_advise(cli, path, list->items[i].text);
    return status;
}
