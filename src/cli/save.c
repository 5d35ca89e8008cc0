/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The end of every command that changes an image: report and save. */
#include "cli/machine.h"
#include "cli/patch.h"
#include "cli/terminal.h"
#include "view/view.h"

#include <fwvar/diff.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cli_check_output(struct cli *cli)
{
    int given = (cli->output != NULL) + cli->in_place + cli->dry_run;

    if (given == 0)
        return cli_usage(cli,
                         "-o OUT writes a new file, --in-place changes IMAGE, "
                         "--dry-run only shows the changes",
                         "say where the result goes: -o OUT, --in-place or --dry-run");
    if (given > 1)
        return cli_usage(cli, NULL, "only one of -o, --in-place and --dry-run");
    if (cli->output && !*cli->output)
        return cli_usage(cli, NULL, "-o needs the name of a file");
    if (cli->backup && (!*cli->backup || strchr(cli->backup, '/')))
        return cli_usage(cli, "--backup=.bak keeps IMAGE.bak",
                         "'%s' is not a suffix for a backup", cli->backup);
    return CLI_OK;
}

/* ---- saving ---- */

/* Signals wait while the temporary file exists, so that none is left behind; a save takes
 * milliseconds. */
static int save_file(const struct fwvar_image *image, const struct fwvar_patch *patch,
                     const struct fwvar_save_options *options,
                     struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    sigset_t hold, old;

    sigemptyset(&hold);
    sigaddset(&hold, SIGINT);
    sigaddset(&hold, SIGTERM);
    sigaddset(&hold, SIGHUP);
    sigprocmask(SIG_BLOCK, &hold, &old);
    int code = fwvar_image_save(image, patch, options, result, diag);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return code;
}

static void warn_result(struct cli *cli, const char *target,
                        const struct fwvar_save_result *r)
{
    if (r->written && r->links > 1)
        cli_warn(cli, target, "it had %u hard links; the others keep the old content",
                 r->links);
    if (r->owner_lost)
        cli_warn(cli, target, "its owner could not be kept");
}

static int save(struct cli *cli, const char *path, const struct fwvar_image *image,
                const struct fwvar_patch *patch)
{
    const char *target = cli->output ? cli->output : path;
    const struct fwvar_patch *change = patch->size ? patch : NULL;
    struct fwvar_save_options options = {cli->output, cli->backup};
    struct fwvar_save_result result = {0};
    struct fwvar_diag diag;
    int code;

    if (strcmp(target, "-") == 0 && cli->output) {
        code = fwvar_image_write(image, change, STDOUT_FILENO, false, &diag);
    } else {
        code = save_file(image, change, &options, &result, &diag);
        warn_result(cli, target, &result);
    }
    return code == 0 ? CLI_OK : cli_fail(cli, target, &diag);
}

/* ---- the report ---- */

static int report_json(struct cli *cli, const char *path, const struct fwvar_diff *diff,
                       const struct cli_patched *p,
                       const struct fwvar_advice_list *advice)
{
    json_t *doc = json_pack(
        "{s:i,s:o,s:o?,s:b,s:b,s:b}", "schema", 1, "image", view_json_text(path),
        "output", cli->output ? view_json_text(cli->output) : NULL, "dry_run",
        cli->dry_run, "changed", p->changed, "compacted", p->compacted);

    if (!doc ||
        (p->repair &&
         json_object_update_missing_new(doc, view_repair_json(p->repair)) != 0) ||
        view_diff_json(doc, diff) != 0 ||
        (cli->outcomes && view_outcomes_json(doc, cli->outcomes) != 0) ||
        json_object_set_new(doc, "advice", view_advice_json(advice)) != 0 ||
        json_object_set(doc, "warnings", cli->warnings) != 0) {
        json_decref(doc);
        return cli_nomem(cli);
    }
    return cli_print_json(cli, doc);
}

static int report_text(struct cli *cli, const struct fwvar_diff *diff,
                       const struct cli_patched *p)
{
    struct view_style style = cli_style(cli);

    if (cli->quiet)
        return CLI_OK;
    if (p->repair && view_repair_text(&style, p->repair) != 0)
        return cli_nomem(cli);
    if (cli->outcomes && view_outcomes_text(&style, cli->outcomes) != 0)
        return cli_nomem(cli);
    if (p->compacted && p->used_before != p->used_after)
        fprintf(style.to,
                "compacted: dead records dropped, %llu bytes used before, %llu "
                "after\n",
                (unsigned long long)p->used_before, (unsigned long long)p->used_after);
    return view_diff_text(&style, diff, cli_has(cli, PATCH_BYTES)) == 0 ? CLI_OK
                                                                        : cli_nomem(cli);
}

/* What the report needs is read before anything is written: a command that wrote its
 * result must not fail for something else afterwards. */
static int prepare_report(struct cli *cli, const char *path, const struct cli_patched *p,
                          struct fwvar_advice_list *advice, struct fwvar_diff **diff)
{
    const char *target = cli->output ? cli->output : path;
    struct fwvar_diag diag;

    *advice = (struct fwvar_advice_list){0};
    if (p->edit && cli_advise_edit(cli, path, target, p->edit, advice) != CLI_OK)
        return CLI_TROUBLE;
    if (cli->warning_lost)
        return cli_nomem(cli);
    if (fwvar_diff_patch(p->image, p->patch, diff, &diag) != 0)
        return cli_fail(cli, path, &diag);
    return CLI_OK;
}

int cli_conclude_patch(struct cli *cli, const char *path, const struct cli_patched *p)
{
    struct fwvar_advice_list advice;
    struct fwvar_diff *diff;

    int status = prepare_report(cli, path, p, &advice, &diff);
    if (status != CLI_OK)
        return status;
    if (!cli->dry_run)
        status = save(cli, path, p->image, p->patch);
    if (status == CLI_OK)
        status = cli->json ? report_json(cli, path, diff, p, &advice)
                           : report_text(cli, diff, p);
    fwvar_diff_free(diff);
    if (status == CLI_OK && cli->exit_code && p->changed)
        status = CLI_DIFFERENT;
    return status;
}

int cli_conclude_on(struct cli *cli, const char *path, struct fwvar_edit *edit,
                    const struct cli_patched *base)
{
    struct cli_patched p = *base;
    struct fwvar_edit_report r;
    struct fwvar_patch patch;
    struct fwvar_diag diag;

    if (fwvar_edit_finish(edit, &patch, &r, &diag) != 0)
        return cli_fail(cli, path, &diag);
    if (patch.size > 0)
        p.patch = &patch;
    p.changed |= r.changed;
    p.compacted |= r.compacted;
    p.used_before = r.used_before;
    p.used_after = r.used_after;
    p.edit = edit;
    return cli_conclude_patch(cli, path, &p);
}

int cli_conclude(struct cli *cli, const char *path, struct fwvar_edit *edit)
{
    struct fwvar_patch none = {0};
    struct cli_patched base = {.image = fwvar_edit_image(edit), .patch = &none};

    return cli_conclude_on(cli, path, edit, &base);
}
