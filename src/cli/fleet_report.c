/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What became of a fleet: text and JSON Lines, in the order of the list. */
#include "cli/fleet.h"
#include "cli/terminal.h"

#include "base/bytes.h"

#include <fwvar/diff.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISTINCT 64 /* warnings that are told from one another */

struct counts {
    size_t of[FLEET_OUTCOMES], gone, removed, not_removed;
};

static const struct {
    const char *text, *text_dry, *json;
} words[FLEET_OUTCOMES] = {[FLEET_SAME] = {"same", "same", "none"},
                           [FLEET_CREATED] = {"created", "would create", "create"},
                           [FLEET_UPDATED] = {"updated", "would update", "update"}};

/* DIR/PATH, or PATH in a dry run without -o; the caller's. NULL if out of memory. */
static char *whole_path(const struct fleet *f, const char *path)
{
    const char *folder = f->tree.path;
    size_t n = folder ? strlen(folder) : 0;
    char *whole;

    if (!folder)
        return strdup(path);
    return asprintf(&whole, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/",
                    path) < 0
               ? NULL
               : whole;
}

static int fail(const struct fleet *f, const char *path, const struct fwvar_diag *diag)
{
    char *whole = diag ? whole_path(f, path) : NULL;

    if (!whole)
        return cli_nomem(f->cli);
    cli_fail(f->cli, whole, diag);
    free(whole);
    return CLI_TROUBLE;
}

/* ---- text ---- */

static int print_line(const struct fleet *f, const char *word, const char *path,
                      const char *name)
{
    int code;

    if (f->cli->quiet)
        return CLI_OK;
    FILE *to = cli_style(f->cli).to;
    fprintf(to, "%-*s  ", f->cli->dry_run ? 12 : 7, word);
    code = view_print_escaped(to, path);
    if (code == 0 && name) {
        fputs("  ", to);
        code = view_print_escaped(to, name);
    }
    fputc('\n', to);
    return code == 0 ? CLI_OK : cli_nomem(f->cli);
}

/* A warning that many hosts share is printed once. */
static void print_warnings(const struct fleet *f)
{
    const char *said[DISTINCT];
    size_t n = 0;

    for (size_t i = 0; i < fwvar_hosts_count(f->hosts); i++) {
        const struct fleet_result *r = &f->results[i];
        for (size_t w = 0; w < r->warning_count; w++) {
            size_t k = 0;
            while (k < n && strcmp(said[k], r->warnings[w]) != 0)
                k++;
            if (k < n)
                continue;
            if (n < DISTINCT)
                said[n++] = r->warnings[w];
            cli_warn(f->cli, f->image_path, "%s", r->warnings[w]);
        }
    }
}

/* ---- JSON ---- */

static json_t *text_or_null(const char *text)
{
    return text ? view_json_text(text) : json_null();
}

static json_t *warnings_json(const struct fleet_result *r)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < r->warning_count; i++) {
        if (json_array_append_new(list, view_json_text(r->warnings[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* What a host's image has other than the shared one, and what there is to say of it. It
 * is worked out anew, which takes less than keeping it for all hosts would. */
static int add_changes(const struct fleet *f, const struct fwvar_host *h, json_t *doc)
{
    const struct fwvar_release *release = NULL;
    struct fwvar_advice_list advice = {0};
    struct fwvar_diff *diff = NULL;
    struct fwvar_edit *edit;
    struct fwvar_patch patch;
    struct fwvar_diag diag;

    if (fleet_prepare(f, h, NULL, &edit, &diag) != 0)
        return FWVAR_ERR_NOMEM; /* it went well before */
    int code = fwvar_edit_finish(edit, &patch, NULL, &diag);
    if (code == 0)
        code = fwvar_diff_patch(f->image, &patch, &diff, &diag);
    if (code == 0)
        code = fwvar_firmware_release(f->firmware, FWVAR_EFFORT_HEAD, &release, &diag);
    if (code == 0)
        code = fwvar_advise_edit(edit, release, NULL, &advice, &diag);
    if (code == 0)
        code = view_diff_json(doc, diff);
    if (code == 0)
        code = json_object_set_new(doc, "advice", view_advice_json(&advice));
    if (diff)
        fwvar_diff_free(diff);
    fwvar_edit_end(edit);
    return code;
}

static int print_host_json(const struct fleet *f, const struct fwvar_host *h,
                           const struct fleet_result *r)
{
    char *path = whole_path(f, h->output);

    if (!path)
        return cli_nomem(f->cli);
    json_t *doc =
        json_pack("{s:i,s:o,s:o,s:o,s:o,s:o,s:s,s:b,s:b,s:b,s:o}", "schema", 1, "image",
                  view_json_text(f->image_path), "output", view_json_text(path), "serial",
                  text_or_null(h->serial), "mac", text_or_null(h->mac), "name",
                  text_or_null(h->name), "action", words[r->outcome].json, "dry_run",
                  f->cli->dry_run, "changed", r->report.changed, "compacted",
                  r->report.compacted, "warnings", warnings_json(r));
    free(path);
    if (doc && add_changes(f, h, doc) != 0) {
        json_decref(doc);
        doc = NULL;
    }
    return cli_print_json(f->cli, doc);
}

static int print_gone_json(const struct fleet *f, const struct fleet_gone *g)
{
    char *path = whole_path(f, g->path);

    if (!path)
        return cli_nomem(f->cli);
    json_t *doc =
        json_pack("{s:i,s:o,s:s,s:b}", "schema", 1, "output", view_json_text(path),
                  "action", g->removed ? "remove" : "gone", "dry_run", f->cli->dry_run);
    free(path);
    return cli_print_json(f->cli, doc);
}

static int print_summary_json(const struct fleet *f, const struct counts *n)
{
    json_t *summary = json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "hosts",
        (json_int_t)fwvar_hosts_count(f->hosts), "created",
        (json_int_t)n->of[FLEET_CREATED], "updated", (json_int_t)n->of[FLEET_UPDATED],
        "same", (json_int_t)n->of[FLEET_SAME], "failed", (json_int_t)n->of[FLEET_FAILED],
        "skipped", (json_int_t)n->of[FLEET_SKIPPED], "gone", (json_int_t)n->gone,
        "removed", (json_int_t)n->removed);
    json_t *doc = json_pack("{s:i,s:o,s:b,s:o,s:O}", "schema", 1, "summary", summary,
                            "dry_run", f->cli->dry_run, "advice",
                            view_advice_json(&f->advice), "warnings", f->cli->warnings);

    return cli_print_json(f->cli, doc);
}

/* ---- both ---- */

static int report_host(const struct fleet *f, size_t i)
{
    const struct fwvar_host *h = fwvar_hosts_at(f->hosts, i);
    const struct fleet_result *r = &f->results[i];

    if (r->outcome == FLEET_FAILED)
        return fail(f, h->output, r->diag);
    if (r->outcome == FLEET_SKIPPED)
        return CLI_OK;
    if (f->cli->json)
        return print_host_json(f, h, r);
    if (r->outcome == FLEET_SAME && !f->cli->verbose)
        return CLI_OK;
    return print_line(
        f, f->cli->dry_run ? words[r->outcome].text_dry : words[r->outcome].text,
        h->output, h->name);
}

static int report_gone(const struct fleet *f, const struct fleet_gone *g)
{
    if (g->failed)
        return fail(f, g->path, g->diag);
    if (f->cli->json)
        return print_gone_json(f, g);
    return print_line(f,
                      !g->removed       ? "gone"
                      : f->cli->dry_run ? "would remove"
                                        : "removed",
                      g->path, NULL);
}

static void print_summary(const struct fleet *f, const struct counts *n)
{
    size_t hosts = fwvar_hosts_count(f->hosts);

    if (f->cli->quiet)
        return;
    FILE *to = cli_style(f->cli).to;
    fprintf(to, "%zu host%s: %zu %s, %zu %s, %zu right already, %zu failed", hosts,
            hosts == 1 ? "" : "s", n->of[FLEET_CREATED],
            f->cli->dry_run ? "to create" : "created", n->of[FLEET_UPDATED],
            f->cli->dry_run ? "to update" : "updated", n->of[FLEET_SAME],
            n->of[FLEET_FAILED]);
    if (n->of[FLEET_SKIPPED])
        fprintf(to, ", %zu not done", n->of[FLEET_SKIPPED]);
    if (n->removed)
        fprintf(to, "; %zu %s", n->removed, f->cli->dry_run ? "to remove" : "removed");
    if (n->gone)
        fprintf(to, "; %zu gone (--prune removes %s)", n->gone,
                n->gone == 1 ? "it" : "them");
    fputc('\n', to);
}

int fleet_report(struct fleet *f)
{
    struct counts n = {0};
    int status = CLI_OK, one = CLI_OK;

    if (!f->cli->json)
        print_warnings(f);
    for (size_t i = 0; i < fwvar_hosts_count(f->hosts); i++) {
        one = report_host(f, i);
        status = one > status ? one : status;
        n.of[f->results[i].outcome]++;
    }
    for (size_t i = 0; i < f->gone_count; i++) {
        one = report_gone(f, &f->gone[i]);
        status = one > status ? one : status;
        n.removed += f->gone[i].removed;
        n.gone += !f->gone[i].removed && !f->gone[i].failed;
    }
    if (f->cli->json)
        one = print_summary_json(f, &n);
    else
        print_summary(f, &n);
    if (one > status)
        status = one;
    bool changed = n.of[FLEET_CREATED] + n.of[FLEET_UPDATED] + n.removed > 0;
    return status == CLI_OK && f->cli->exit_code && changed ? CLI_DIFFERENT : status;
}
