/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "cli/fleet.h"
#include "cli/machine.h"

#include <fwvar/folder.h>
#include <fwvar/plan.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was asked for ---- */

static int check_usage(struct cli *cli)
{
    if (cli->arg_count < 2)
        return cli_usage(cli, NULL,
                         cli->arg_count ? "the image is missing"
                                        : "the list of hosts is missing");
    if (cli->arg_count > 2)
        return cli_usage(cli, NULL, "unexpected argument %s", cli->args[2]);
    if (cli_shares_input(cli))
        return cli_usage(cli, "put one of them into a file",
                         "- is given twice: standard input is the list, the image or one "
                         "plan");
    if (cli->in_place)
        return cli_usage(cli, "-o DIR names the folder for the images",
                         "--in-place is not for fleet");
    if (cli->output ? !*cli->output || strcmp(cli->output, "-") == 0 : !cli->dry_run)
        return cli_usage(cli, NULL, "-o DIR is missing, the folder for the images");
    if (!cli->output && cli_has(cli, FLEET_PRUNE))
        return cli_usage(cli, NULL, "--prune needs -o DIR, to see what is there");
    if (cli->backup && (!*cli->backup || strchr(cli->backup, '/')))
        return cli_usage(cli, "--backup=.bak keeps the old file beside the new one",
                         "'%s' is not a suffix for a backup", cli->backup);
    return CLI_OK;
}

static unsigned processors(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* The last of several counts. */
static int read_options(struct fleet *f, const char **path)
{
    f->jobs = processors();
    f->fail_fast = cli_has(f->cli, PATCH_FAIL_FAST);
    f->strict = cli_has(f->cli, PATCH_STRICT);
    for (size_t i = 0; i < f->cli->given_count; i++) {
        const struct cli_given *g = &f->cli->given[i];
        if (g->id == FLEET_PATH)
            *path = g->arg;
        if (g->id != FLEET_JOBS)
            continue;
        char *end;
        unsigned long jobs = strtoul(g->arg, &end, 10);
        if (*end || end == g->arg || jobs < 1 || jobs > 256)
            return cli_usage(f->cli, "a number from 1 to 256", "--jobs=%s", g->arg);
        f->jobs = (unsigned)jobs;
    }
    return CLI_OK;
}

/* ---- everything that can be known before the image is read ---- */

static int read_hosts(struct fleet *f, const char *file, const char *path)
{
    struct fwvar_diag diag;
    uint8_t *text;
    size_t size;

    int code = fwvar_file_read(file, &text, &size, &diag);
    if (code != 0)
        return cli_fail(f->cli, file, &diag);
    code = fwvar_hosts_read((const char *)text, size, path, &f->hosts, &diag);
    free(text);
    return code == 0 ? CLI_OK : cli_fail(f->cli, file, &diag);
}

static int read_plans(struct fleet *f)
{
    size_t count;
    struct fwvar_diag diag;
    const char **files = cli_collect(f->cli, PATCH_PLAN, &count);

    f->plan_files = files;
    f->plans = files ? calloc(count + 1, sizeof *f->plans) : NULL;
    if (!f->plans) {
        cli_nomem(f->cli);
        return CLI_TROUBLE;
    }
    for (size_t i = 0; i < count; i++) {
        if (cli_plan_read(files[i], &f->plans[i], &diag) != 0)
            return cli_fail(f->cli, files[i], &diag);
        f->plan_count = f->own_plans = i + 1;
    }
    return CLI_OK;
}

/* The list's own plan comes last; it belongs to the list and is only read. */
static int join_plans(struct fleet *f, const char *file)
{
    const struct fwvar_plan *beside = fwvar_hosts_plan(f->hosts);
    struct fwvar_diag diag;
    bool any = f->plan_count > 0 || beside;

    if (beside) {
        const char **files =
            realloc(f->plan_files, (f->plan_count + 1) * sizeof *f->plan_files);
        if (!files)
            return cli_nomem(f->cli);
        f->plan_files = files;
        f->plan_files[f->plan_count] = file;
        f->plans[f->plan_count++] = (struct fwvar_plan *)(uintptr_t)beside;
    }
    for (size_t i = 0; !any && i < fwvar_hosts_count(f->hosts); i++)
        any = fwvar_hosts_at(f->hosts, i)->own != NULL;
    if (!any)
        return cli_usage(f->cli, "--plan FILE gives one",
                         "there is no plan: what shall the images hold?");
    for (size_t i = 0; i < f->plan_count; i++) {
        if (fwvar_hosts_check(f->hosts, f->plans[i], &diag) != 0)
            return cli_fail(f->cli, file, &diag);
    }
    return CLI_OK;
}

/* ---- the image ---- */

/* What is wrong with the image is said once; advice is that of the first host. */
static int judge_image(struct fleet *f)
{
    struct fwvar_edit *edit;
    struct fwvar_patch patch;
    struct fwvar_diag diag;
    int status = CLI_OK;

    if (fwvar_edit_begin(f->image, 0, &edit, &diag) != 0)
        return cli_fail(f->cli, f->image_path, &diag);
    fwvar_edit_end(edit);
    if (cli_firmware(f->cli, f->image, &f->firmware) != CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_firmware_settle(f->firmware, FWVAR_EFFORT_CONTENT, &diag) != 0)
        return cli_fail(f->cli, f->image_path, &diag);
    int code = fleet_prepare(f, fwvar_hosts_at(f->hosts, 0), NULL, &edit, &diag);
    if (code == 0) {
        code = fwvar_edit_finish(edit, &patch, NULL, &diag);
        if (code == 0)
            status =
                cli_advise_edit(f->cli, f->image_path, f->image_path, edit, &f->advice);
        fwvar_edit_end(edit);
    }
    /* What else is wrong with the first host is told when it is its turn. */
    return code == FWVAR_ERR_NOMEM ? cli_nomem(f->cli) : status;
}

static int open_image(struct fleet *f)
{
    if (cli_open(f->cli, f->image_path, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_LOADED,
                 &f->image) != CLI_OK)
        return CLI_TROUBLE;
    if (stat(f->image_path, &f->image_stat) != 0)
        f->image_stat = (struct stat){0}; /* standard input */
    return judge_image(f);
}

/* ---- images of no host ---- */

/* 1 if a file is an image of no host, 0 if not, or why that cannot be told. Whoever put
 * it there: only firmware images are counted as the fleet's. */
static int is_gone(const struct fleet *f, const char *path, struct fwvar_diag *diag)
{
    struct fw_tree_spot spot;
    struct fwvar_image *image;

    if (fwvar_hosts_find(f->hosts, path) || !fwvar_hosts_could_be(f->hosts, path))
        return 0;
    int code = fw_tree_find(&f->tree, path, false, &spot, diag);
    if (code != 0)
        return code == FWVAR_ERR_REFUSED ? 0 : code;
    bool other = spot.exists && (spot.st.st_dev != f->image_stat.st_dev ||
                                 spot.st.st_ino != f->image_stat.st_ino);
    if (other) {
        code = fwvar_image_open(spot.file, 0, &image, diag);
        if (code == 0)
            fwvar_image_close(image);
    }
    fw_tree_leave(&spot);
    if (code == FWVAR_ERR_IO || code == FWVAR_ERR_NOMEM)
        return code;
    return other && code == 0;
}

/* Takes note of one, and with --prune removes it. */
static void add_gone(struct fleet *f, char *path, int code, const struct fwvar_diag *why)
{
    struct fleet_gone *g = &f->gone[f->gone_count++];
    struct fwvar_diag diag = *why;

    g->path = path;
    if (code > 0 && cli_has(f->cli, FLEET_PRUNE)) {
        code = f->cli->dry_run ? 0 : fw_tree_remove(&f->tree, path, &diag);
        g->removed = code == 0;
    }
    if (code >= 0)
        return;
    g->failed = true;
    g->diag = code == FWVAR_ERR_NOMEM ? NULL : malloc(sizeof diag);
    if (g->diag)
        *g->diag = diag;
}

static int find_gone(struct fleet *f)
{
    const char *output = fwvar_hosts_output(f->hosts);
    struct fwvar_diag diag;
    size_t count, parts = 1;
    char **paths;

    diag = (struct fwvar_diag){.offset = FWVAR_NO_OFFSET};
    for (; *output; output++)
        parts += *output == '/';
    if (fw_tree_list(&f->tree, parts, &paths, &count, &diag) != 0)
        return cli_fail(f->cli, f->tree.path, &diag);
    f->gone = calloc(count + 1, sizeof *f->gone);
    for (size_t i = 0; f->gone && i < count; i++) {
        int gone = is_gone(f, paths[i], &diag);
        if (gone == 0)
            continue;
        add_gone(f, paths[i], gone, &diag);
        paths[i] = NULL;
    }
    fw_tree_free_list(paths, count);
    return f->gone ? CLI_OK : cli_nomem(f->cli);
}

/* ---- putting it together ---- */

static bool any_failed(const struct fleet *f)
{
    for (size_t i = 0; i < fwvar_hosts_count(f->hosts); i++) {
        if (f->results[i].outcome == FLEET_FAILED)
            return true;
    }
    return false;
}

/* With --fail-fast all hosts are worked out before the first is written. */
static bool rehearse(struct fleet *f)
{
    if (!f->fail_fast)
        return true;
    f->prepare_only = true;
    fleet_run(f);
    f->prepare_only = false;
    if (f->signal || any_failed(f))
        return false;
    fleet_forget_results(f);
    return true;
}

static int write_all(struct fleet *f)
{
    struct fwvar_diag diag;
    int status = CLI_OK;

    if (rehearse(f)) {
        const char *folder = f->cli->output; /* NULL: a mere rehearsal */
        if (folder && fw_tree_open(&f->tree, folder, !f->cli->dry_run, &diag) != 0)
            return cli_fail(f->cli, folder, &diag);
        fleet_run(f);
        if (folder && !f->signal && !(f->fail_fast && any_failed(f)))
            status = find_gone(f);
        if (!f->cli->dry_run && fw_tree_sync(&f->tree, &diag) != 0)
            status = cli_fail(f->cli, f->cli->output, &diag);
    }
    int reported = fleet_report(f);
    return reported > status ? reported : status;
}

static int run(struct fleet *f, const char *hosts, const char *path)
{
    int status = read_hosts(f, hosts, path);

    if (status == CLI_OK)
        status = read_plans(f);
    if (status == CLI_OK)
        status = join_plans(f, hosts);
    if (status == CLI_OK)
        status = open_image(f);
    if (status != CLI_OK)
        return status;
    f->results = calloc(fwvar_hosts_count(f->hosts), sizeof *f->results);
    return f->results ? write_all(f) : cli_nomem(f->cli);
}

static void forget(struct fleet *f)
{
    fw_tree_close(&f->tree);
    if (f->hosts)
        fleet_forget_results(f);
    free(f->results);
    for (size_t i = 0; i < f->gone_count; i++) {
        free(f->gone[i].path);
        free(f->gone[i].diag);
    }
    free(f->gone);
    for (size_t i = 0; i < f->own_plans; i++)
        fwvar_plan_free(f->plans[i]);
    free(f->plans);
    free(f->plan_files);
    fwvar_hosts_free(f->hosts);
    fwvar_image_close(f->image);
}

int cmd_fleet(struct cli *cli)
{
    struct fleet f = {.cli = cli, .tree = {cli->output, -1}};
    const char *path = NULL;

    cli->json_lines = true;
    if (check_usage(cli) != CLI_OK || read_options(&f, &path) != CLI_OK)
        return CLI_TROUBLE;
    f.hosts_file = cli->args[0];
    f.image_path = cli->args[1];
    int status = run(&f, cli->args[0], path);
    int signal = f.signal;
    forget(&f);
    cli_flush_text(cli);
    if (signal && fflush(stdout) == 0)
        raise(signal); /* as if it had not waited */
    return status;
}
