/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The end of every command that changes an image: report and save. */
#include "cli/batch.h"
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
    struct fwvar_save_options options = {.path = cli->output, .backup_suffix = cli->backup};
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

/* A report is made before anything is written: a command that wrote its result must not
 * fail for want of memory afterwards. */
struct report {
    struct fwvar_advice_list advice;
    struct fwvar_diff *diff;
    char *text;
    size_t size;
    size_t warnings; /* that are in it */
};

static json_t *report_json(struct cli *cli, const char *path, const struct report *r,
                           const struct cli_patched *p)
{
    json_t *doc = json_pack(
        "{s:i,s:o,s:o,s:b,s:b,s:b}", "schema", 1, "image", view_json_text(path), "output",
        cli->output ? view_json_text(cli->output) : json_null(), "dry_run", cli->dry_run,
        "changed", p->changed, "compacted", p->compacted);

    if (!doc ||
        (p->repair && json_object_update_new(doc, view_repair_json(p->repair)) != 0) ||
        view_diff_json(doc, r->diff) != 0 ||
        (cli->outcomes && view_outcomes_json(doc, cli->outcomes) != 0) ||
        json_object_set_new(doc, "advice", view_advice_json(&r->advice)) != 0 ||
        json_object_set(doc, "warnings", cli->warnings) != 0) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}

/* The head of one report among several. 0 or FWVAR_ERR_NOMEM. */
static int name_image(const struct cli *cli, const char *path, FILE *to)
{
    int code = view_print_escaped(to, path);

    if (code == 0 && cli->output) {
        fputs(" -> ", to);
        code = view_print_escaped(to, cli->output);
    }
    fputs(":\n", to);
    return code;
}

static int report_text(struct cli *cli, const char *path, FILE *to, const struct report *r,
                       const struct cli_patched *p)
{
    struct view_style style = cli_style(cli);

    style.to = to;

    if (cli->quiet)
        return 0;
    if (cli->several && name_image(cli, path, style.to) != 0)
        return -1;
    if (p->repair && view_repair_text(&style, p->repair) != 0)
        return -1;
    if (cli->outcomes && view_outcomes_text(&style, cli->outcomes) != 0)
        return -1;
    if (p->compacted && p->used_before != p->used_after)
        fprintf(style.to,
                "compacted: dead records dropped, %llu bytes used before, %llu "
                "after\n",
                (unsigned long long)p->used_before, (unsigned long long)p->used_after);
    return view_diff_text(&style, r->diff, cli_has(cli, PATCH_BYTES));
}

/* Makes the report's text, again if there are warnings since it was made. */
static int render(struct cli *cli, const char *path, struct report *r,
                  const struct cli_patched *p)
{
    free(r->text);
    r->text = NULL;
    r->warnings = json_array_size(cli->warnings);
    FILE *to = open_memstream(&r->text, &r->size);
    if (!to)
        return cli_nomem(cli);
    int failed = cli->json ? cli_dump_json(cli, report_json(cli, path, r, p), to)
                           : report_text(cli, path, to, r, p);
    failed |= ferror(to);
    if (fclose(to) != 0 || failed)
        return cli_nomem(cli);
    return CLI_OK;
}

static int prepare_report(struct cli *cli, const char *path, const struct cli_patched *p,
                          struct report *r)
{
    const char *target = cli->output ? cli->output : path;
    struct fwvar_diag diag;

    if (p->edit && cli_advise_edit(cli, path, target, p->edit, &r->advice) != CLI_OK)
        return CLI_TROUBLE;
    if (cli->warning_lost)
        return cli_nomem(cli);
    if (fwvar_diff_patch(p->image, p->patch, &r->diff, &diag) != 0)
        return cli_fail(cli, path, &diag);
    return render(cli, path, r, p);
}

static int print_report(struct cli *cli, const char *path, const struct cli_patched *p,
                        struct report *r)
{
    bool more = cli->json && json_array_size(cli->warnings) != r->warnings;

    if (more && render(cli, path, r, p) != CLI_OK)
        return CLI_TROUBLE;
    fwrite(r->text, 1, r->size, cli->json ? cli_report_stream(cli) : cli_style(cli).to);
    return CLI_OK;
}

static int conclude(struct cli *cli, const char *path, const struct cli_patched *p)
{
    struct report report = {0};

    int status = prepare_report(cli, path, p, &report);
    if (status == CLI_OK && !cli->dry_run)
        status = save(cli, path, p->image, p->patch);
    if (status == CLI_OK)
        status = print_report(cli, path, p, &report);
    if (report.diff)
        fwvar_diff_free(report.diff);
    free(report.text);
    cli->changed_count += status == CLI_OK && p->changed;
    if (status == CLI_OK && cli->exit_code && p->changed)
        status = CLI_DIFFERENT;
    return status;
}

int cli_conclude_patch(struct cli *cli, const char *path, const struct cli_patched *p)
{
    int status = cli_settle_output(cli, path);

    if (status == CLI_OK)
        status = conclude(cli, path, p);
    cli_restore_output(cli);
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
