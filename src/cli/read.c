/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The commands that only read: info, list, get, diff. */
#include "cli/read.h"
#include "cli/machine.h"
#include "cli/names.h"

#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_open_read(struct cli *cli, const char *path, unsigned flags, struct cli_opened *o)
{
    struct fwvar_diag diag;

    *o = (struct cli_opened){.path = path};
    int status = cli_open(cli, path, flags, &o->image);
    if (status != CLI_OK)
        return status;
    if (fwvar_variables_read(fwvar_image_store(o->image), &o->variables, &diag) != 0) {
        fwvar_image_close(o->image);
        return cli_fail(cli, path, &diag);
    }
    return CLI_OK;
}

void cli_close_read(struct cli_opened *o)
{
    fwvar_variables_free(o->variables);
    fwvar_image_close(o->image);
}

int cli_print_document(struct cli *cli, json_t *document)
{
    if (!document || cli->warning_lost ||
        json_object_set(document, "warnings", cli->warnings) != 0) {
        json_decref(document);
        return cli_nomem(cli);
    }
    return cli_print_json(cli, document);
}

/* ---- info ---- */

static int print_info(struct cli *cli, const struct cli_opened *o,
                      const struct fwvar_findings *findings)
{
    struct view_style style = cli_style(cli);
    struct fwvar_advice_list advice;
    struct view_info info = {.path = o->path,
                             .image = o->image,
                             .variables = o->variables,
                             .findings = findings,
                             .advice = &advice};

    int status = cli_release(cli, o->path, o->image, FWVAR_EFFORT_CONTENT, &info.release);
    if (status == CLI_OK)
        status = cli_advise_image(cli, o->path, o->image, o->variables, findings,
                                  info.release, &advice);
    if (status != CLI_OK)
        return status;
    if (cli->json)
        return cli_print_document(cli, view_info_json(&info));
    if (cli->quiet)
        advice.count = 0;
    return view_info_text(&style, &info) == 0 ? CLI_OK : cli_nomem(cli);
}

int cmd_info(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 1, 1);
    struct fwvar_findings *findings;
    struct fwvar_diag diag;
    struct cli_opened o;
    int status;

    if (!path || cli_open_read(cli, path, 0, &o) != CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_check(o.image, FWVAR_CHECK_ALL, &findings, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = print_info(cli, &o, findings);
        fwvar_findings_free(findings);
    }
    cli_close_read(&o);
    return status;
}

/* ---- list ---- */

static bool wanted(const struct fwvar_record *r, const char *text, char **names,
                   int count)
{
    for (int i = 0; i < count; i++) {
        if (cli_name_fits(r, text, names[i], true))
            return true;
    }
    return count == 0;
}

/* Live records that hang behind another one are live all the same: nothing is hidden. */
static bool is_live(enum fwvar_role role)
{
    return role == FWVAR_ROLE_LIVE || role == FWVAR_ROLE_DUPLICATE;
}

/* Picks the rows to show; the array is the caller's. NULL if out of memory. */
static struct view_row *pick(const struct cli_opened *o, bool all, char **names,
                             int count, size_t *picked)
{
    size_t n = fwvar_variables_count(o->variables);
    struct view_row *rows = calloc(n + 1, sizeof *rows);

    *picked = 0;
    for (size_t i = 0; rows && i < n; i++) {
        const struct fwvar_record *r = fwvar_variables_at(o->variables, i);
        enum fwvar_role role = fwvar_variables_role(o->variables, i);
        char *name = fwvar_record_name(r, false, NULL);
        if (!name) {
            free(rows);
            return NULL;
        }
        if ((all || is_live(role)) && wanted(r, name, names, count))
            rows[(*picked)++] = (struct view_row){r, role};
        free(name);
    }
    return rows;
}

/* Says of each NAME that nothing fits it. */
static int warn_unmatched(struct cli *cli, const struct cli_opened *o,
                          const struct view_row *rows, size_t count)
{
    for (int i = 1; i < cli->arg_count; i++) {
        bool fits = false;
        for (size_t k = 0; k < count && !fits; k++) {
            char *name = fwvar_record_name(rows[k].record, false, NULL);
            if (!name)
                return cli_nomem(cli);
            fits = cli_name_fits(rows[k].record, name, cli->args[i], true);
            free(name);
        }
        if (!fits)
            cli_warn_unstored(cli, o->path, cli->args[i], o->variables);
    }
    return CLI_OK;
}

int cmd_list(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 1, -1);
    bool all = cli_has(cli, OPT_COMMAND);
    struct view_style style = cli_style(cli);
    struct cli_opened o;
    size_t count;

    if (!path || cli_open_read(cli, path, 0, &o) != CLI_OK)
        return CLI_TROUBLE;
    struct view_row *rows = pick(&o, all, cli->args + 1, cli->arg_count - 1, &count);
    int status = rows ? warn_unmatched(cli, &o, rows, count) : cli_nomem(cli);
    if (status == CLI_OK && cli->json)
        status = cli_print_document(
            cli, view_list_json(path, o.image, o.variables, rows, count));
    else if (status == CLI_OK && view_list_text(&style, rows, count, all) != 0)
        status = cli_nomem(cli);
    free(rows);
    cli_close_read(&o);
    return status;
}

/* ---- get ---- */

enum { GET_TEXT = OPT_COMMAND, GET_HEX, GET_RAW };

static int print_value(struct cli *cli, const char *path, const struct fwvar_record *r)
{
    struct fwvar_variable v = fwvar_record_variable(r);

    if (cli->json) {
        json_t *doc = json_pack("{s:i,s:o}", "schema", 1, "image", view_json_text(path));
        if (!doc || view_json_identity(doc, r) != 0 ||
            json_object_update_new(doc, view_json_value(r)) != 0) {
            json_decref(doc);
            return cli_nomem(cli);
        }
        return cli_print_document(cli, doc);
    }
    if (cli_has(cli, GET_RAW)) {
        fwrite(r->data, 1, r->data_size, stdout);
        return CLI_OK;
    }
    if (cli_has(cli, GET_HEX)) {
        for (uint32_t i = 0; i < r->data_size; i++)
            printf("%02x", r->data[i]);
        putchar('\n');
        return CLI_OK;
    }
    char *text = fwvar_value_text(&v);
    if (!text)
        return cli_nomem(cli);
    puts(text);
    free(text);
    return CLI_OK;
}

int cmd_get(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 2, 2);
    const struct fwvar_record *record;
    struct cli_opened o;

    if (!path || cli_open_read(cli, path, 0, &o) != CLI_OK)
        return CLI_TROUBLE;
    int status = cli_find_record(cli, path, o.variables, cli->args[1], &record);
    if (status == CLI_OK)
        status = print_value(cli, path, record);
    cli_close_read(&o);
    return status;
}

/* ---- diff ---- */

static int print_diff(struct cli *cli, const struct fwvar_diff *diff)
{
    struct view_style style = cli_style(cli);

    if (cli->json) {
        json_t *doc =
            json_pack("{s:i,s:o,s:o}", "schema", 1, "old", view_json_text(cli->args[0]),
                      "new", view_json_text(cli->args[1]));
        if (!doc || view_diff_json(doc, diff) != 0) {
            json_decref(doc);
            return cli_nomem(cli);
        }
        return cli_print_document(cli, doc);
    }
    if (cli->quiet)
        return CLI_OK;
    return view_diff_text(&style, diff, cli_has(cli, OPT_COMMAND)) == 0 ? CLI_OK
                                                                        : cli_nomem(cli);
}

int cmd_diff(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 2, 2);
    struct fwvar_image *old, *new;
    struct fwvar_diff *diff;
    struct fwvar_diag diag;

    cli->names_files = true;
    if (!path || cli_open(cli, path, 0, &old) != CLI_OK)
        return CLI_TROUBLE;
    if (cli_open(cli, cli->args[1], 0, &new) != CLI_OK) {
        fwvar_image_close(old);
        return CLI_TROUBLE;
    }
    int status;
    if (fwvar_diff_images(old, new, &diff, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = print_diff(cli, diff);
        if (status == CLI_OK && (fwvar_diff_changes(diff) || fwvar_diff_ranges(diff)))
            status = CLI_DIFFERENT;
        fwvar_diff_free(diff);
    }
    fwvar_image_close(new);
    fwvar_image_close(old);
    return status;
}
