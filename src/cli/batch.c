/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "cli/batch.h"
#include "cli/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int cli_batch_run(struct cli *cli, const struct cli_batch *batch)
{
    size_t count[3] = {0};
    int worst = CLI_OK, done = 0;

    cli->several = cli->json_lines = cli->arg_count > 1;
    while (done < cli->arg_count) {
        int status = batch->run(cli, cli->args[done++], batch->context);
        json_array_clear(cli->warnings);
        count[status]++;
        worst = status > worst ? status : worst;
        if (batch->fail_fast && status >= batch->bad)
            break;
    }
    if (!cli->several || cli->json || cli->quiet)
        return worst;
    FILE *to = cli_style(cli).to;
    fprintf(to, "%d images: ", cli->arg_count);
    batch->summary(to, cli, count);
    if (done < cli->arg_count)
        fprintf(to, ", %d not looked at", cli->arg_count - done);
    fputc('\n', to);
    return worst;
}

/* ---- where the results go ---- */

static const char *name_in(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* 1 if it is, 0 if it is not, -1 if that cannot be told; errno says why. */
static int is_folder(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
    return S_ISDIR(st.st_mode);
}

static int fail_look(struct cli *cli, const char *path)
{
    struct fwvar_diag diag = {.code = FWVAR_ERR_IO, .offset = FWVAR_NO_OFFSET};

    snprintf(diag.message, sizeof diag.message, "cannot look at it: %s", strerror(errno));
    return cli_fail(cli, path, &diag);
}

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(name_in(*x), name_in(*y));
}

static int check_names(struct cli *cli)
{
    size_t count = (size_t)cli->arg_count;
    char **sorted = malloc(count * sizeof *sorted);
    int status = CLI_OK;

    if (!sorted)
        return cli_nomem(cli);
    memcpy(sorted, cli->args, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_name);
    for (size_t i = 1; status == CLI_OK && i < count; i++) {
        if (by_name(&sorted[i - 1], &sorted[i]) == 0)
            status = cli_usage(cli, "do them one by one, each with an -o of its own",
                               "%s and %s would both be %s/%s", sorted[i - 1], sorted[i],
                               cli->output, name_in(sorted[i]));
    }
    free(sorted);
    return status;
}

int cli_batch_check_output(struct cli *cli)
{
    if (cli->arg_count < 2)
        return CLI_OK;
    for (int i = 0; i < cli->arg_count; i++) {
        if (strcmp(cli->args[i], "-") == 0)
            return cli_usage(cli, "- has to be the only image",
                             "standard input has no name beside other images");
    }
    if (!cli->output)
        return CLI_OK;
    if (strcmp(cli->output, "-") == 0)
        return cli_usage(cli, "-o DIR takes several",
                         "standard output takes one image only");
    if (check_names(cli) != CLI_OK)
        return CLI_TROUBLE;
    if (mkdir(cli->output, 0777) == 0)
        return CLI_OK;
    int why = errno, folder = is_folder(cli->output);
    if (folder > 0)
        return CLI_OK;
    if (folder < 0)
        return fail_look(cli, cli->output);
    return cli_usage(cli, "for several images -o names a folder", "%s: %s", cli->output,
                     why == EEXIST ? "is not a folder" : strerror(why));
}

int cli_settle_output(struct cli *cli, const char *path)
{
    const char *folder = cli->output;
    size_t length = folder ? strlen(folder) : 0;

    if (!folder || strcmp(path, "-") == 0)
        return CLI_OK;
    int is = is_folder(folder);
    if (is <= 0)
        return is == 0 ? CLI_OK : fail_look(cli, folder);
    const char *slash = folder[length - 1] == '/' ? "" : "/";
    char *file;
    if (asprintf(&file, "%s%s%s", folder, slash, name_in(path)) < 0)
        return cli_nomem(cli);
    cli->output_folder = folder;
    cli->output = cli->output_file = file;
    return CLI_OK;
}

void cli_restore_output(struct cli *cli)
{
    if (!cli->output_file)
        return;
    cli->output = cli->output_folder;
    free(cli->output_file);
    cli->output_file = NULL;
}
