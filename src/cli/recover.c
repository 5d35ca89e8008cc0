/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The command recover: the history of a store, old values, and what damage has left. */
#include "cli/names.h"
#include "cli/read.h"
#include "cli/repair.h"

#include <fwvar/document.h>
#include <fwvar/known.h>
#include <fwvar/recover.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- history ---- */

static bool has_dead(const struct fwvar_history *h, size_t v)
{
    for (size_t i = 0; i < fwvar_history_records(h, v); i++) {
        enum fwvar_role role;
        fwvar_history_record(h, v, i, &role);
        if (role != FWVAR_ROLE_LIVE)
            return true;
    }
    return false;
}

/* -1 if out of memory. */
static int fits(const struct fwvar_history *h, size_t v, const char *wanted, bool glob)
{
    const struct fwvar_record *r = fwvar_history_record(h, v, 0, NULL);
    char *name = fwvar_record_name(r, false, NULL);
    int yes = name ? cli_name_fits(r, name, wanted, glob) : -1;

    free(name);
    return yes;
}

/* Without names: what has a history. */
static int is_wanted(struct cli *cli, const struct fwvar_history *h, size_t v)
{
    if (cli->arg_count == 1)
        return has_dead(h, v);
    for (int i = 1; i < cli->arg_count; i++) {
        int yes = fits(h, v, cli->args[i], true);
        if (yes != 0)
            return yes;
    }
    return 0;
}

/* Also a variable that is dead has a history. */
static void warn_unmatched(struct cli *cli, const struct cli_opened *o,
                           const struct fwvar_history *h, const char *wanted)
{
    for (size_t v = 0; v < fwvar_history_variables(h); v++) {
        if (fits(h, v, wanted, true) != 0)
            return;
    }
    cli_warn_unstored(cli, o->path, wanted, o->variables);
}

static int show(struct cli *cli, const struct cli_opened *o,
                const struct fwvar_history *h)
{
    struct view_style style = cli_style(cli);
    json_t *list = json_array();
    int code = 0;
    size_t shown = 0;

    for (size_t v = 0; code == 0 && v < fwvar_history_variables(h); v++) {
        int yes = is_wanted(cli, h, v);
        if (yes == 0)
            continue;
        shown++;
        if (yes < 0)
            code = FWVAR_ERR_NOMEM;
        else if (cli->json)
            code = json_array_append_new(list, view_history_json(h, v));
        else
            code = view_history_text(&style, h, v);
    }
    if (code != 0) {
        json_decref(list);
        return cli_nomem(cli);
    }
    if (shown == 0 && cli->arg_count == 1)
        cli_warn(cli, o->path, "no dead records, no history");
    for (int i = 1; i < cli->arg_count; i++)
        warn_unmatched(cli, o, h, cli->args[i]);
    if (cli->json)
        return cli_print_document(cli,
                                  json_pack("{s:i,s:o,s:o}", "schema", 1, "image",
                                            view_json_text(o->path), "variables", list));
    json_decref(list);
    return CLI_OK;
}

static int list_history(struct cli *cli, const char *path)
{
    struct fwvar_history *history;
    struct cli_opened o;
    struct fwvar_diag diag;

    if (cli_open_read(cli, path, 0, &o) != CLI_OK)
        return CLI_TROUBLE;
    int status;
    if (fwvar_history_read(o.variables, &history, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = show(cli, &o, history);
        fwvar_history_free(history);
    }
    cli_close_read(&o);
    return status;
}

/* ---- salvage ---- */

static int print_salvage(struct cli *cli, const char *path,
                         const struct fwvar_variables *variables)
{
    struct fwvar_varlist *list = NULL;
    struct fwvar_diag diag;
    char *text = NULL;

    int code = fwvar_varlist_from_store(variables, &list, &diag);
    if (code == 0)
        code = fwvar_document_write(list, &text, &diag);
    fwvar_varlist_free(list);
    if (code != 0)
        return cli_fail(cli, path, &diag);
    fputs(text, stdout);
    free(text);
    return CLI_OK;
}

static int salvage(struct cli *cli, const char *path)
{
    struct fwvar_salvage *found;
    struct fwvar_image *image;
    struct fwvar_diag diag;
    int status;

    if (cli_open_quietly(cli, path, FWVAR_OPEN_ANYTHING | FWVAR_OPEN_THOROUGH, &image) !=
        CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_salvage(image, &found, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = print_salvage(cli, path, fwvar_salvage_variables(found));
        fwvar_salvage_free(found);
    }
    fwvar_image_close(image);
    return status;
}

/* ---- restore ---- */

/* A restore in words: NAME[@OFFSET]. */
struct wish {
    char *name;
    bool has_offset;
    uint64_t offset;
};

static int parse_wish(const char *text, struct wish *w)
{
    const char *at = strrchr(text, '@');
    char *end;

    *w = (struct wish){0};
    if (at && at != text) {
        errno = 0;
        w->offset = strtoull(at + 1, &end, 0);
        w->has_offset = errno == 0 && end != at + 1 && *end == '\0';
    }
    w->name = w->has_offset ? strndup(text, (size_t)(at - text)) : strdup(text);
    return w->name ? 0 : FWVAR_ERR_NOMEM;
}

static int fail(struct fwvar_diag *diag, enum fwvar_error code, const char *message,
                const char *name)
{
    *diag = (struct fwvar_diag){.code = code, .offset = FWVAR_NO_OFFSET};
    snprintf(diag->message, sizeof diag->message, message, name);
    snprintf(diag->hint, sizeof diag->hint,
             "`fwvar recover IMAGE` shows what there is, with offsets; NAME@OFFSET or "
             "GUID-NAME says which");
    return code;
}

/* The one variable that is meant. */
static int find_variable(const struct fwvar_history *h, const char *name, size_t *found,
                         struct fwvar_diag *diag)
{
    size_t count = 0;

    for (size_t v = 0; v < fwvar_history_variables(h); v++) {
        int yes = fits(h, v, name, false);
        if (yes < 0)
            return fail(diag, FWVAR_ERR_NOMEM, "%s: out of memory", name);
        if (yes) {
            *found = v;
            count++;
        }
    }
    if (count == 0)
        return fail(diag, FWVAR_ERR_NOTFOUND, "the store has no record of %s", name);
    if (count > 1)
        return fail(diag, FWVAR_ERR_AMBIGUOUS, "several variables are called %s", name);
    return 0;
}

/* The record at the offset, or the latest dead one. Interrupted writes only by offset:
 * their data may be incomplete. */
static const struct fwvar_record *find_record(const struct fwvar_history *h, size_t v,
                                              const struct wish *w)
{
    for (size_t i = fwvar_history_records(h, v); i-- > 0;) {
        enum fwvar_role role;
        const struct fwvar_record *r = fwvar_history_record(h, v, i, &role);
        if (w->has_offset ? r->offset == w->offset : role == FWVAR_ROLE_DEAD)
            return r;
    }
    return NULL;
}

/* Says which records of the variable there are. */
static int no_record(const struct fwvar_history *h, size_t v, const struct wish *w,
                     struct fwvar_diag *diag)
{
    size_t used = 0;

    fail(diag, FWVAR_ERR_NOTFOUND,
         w->has_offset ? "no record of %s that could be brought back is at that offset"
                       : "%s has no dead record to bring back",
         w->name);
    used = (size_t)snprintf(diag->hint, sizeof diag->hint, "its records:");
    for (size_t i = 0; i < fwvar_history_records(h, v) && used < sizeof diag->hint - 64;
         i++) {
        const struct fwvar_record *r = fwvar_history_record(h, v, i, NULL);
        used += (size_t)snprintf(diag->hint + used, sizeof diag->hint - used,
                                 "%s 0x%llx (%s)", i ? "," : "",
                                 (unsigned long long)r->offset, view_state_name(r));
    }
    return FWVAR_ERR_NOTFOUND;
}

static int restore_one(struct fwvar_edit *edit, const struct fwvar_history *h,
                       const struct wish *w, struct fwvar_diag *diag)
{
    size_t v = 0;

    int code = find_variable(h, w->name, &v, diag);
    if (code != 0)
        return code;
    const struct fwvar_record *r = find_record(h, v, w);
    if (!r || r->unwritten)
        return no_record(h, v, w, diag);
    struct fwvar_variable value = fwvar_record_variable(r);
    return fwvar_edit_set(edit, &value, diag);
}

static int restore_named(struct cli *cli, const char *path, struct fwvar_edit *edit,
                         const struct fwvar_history *h, const char *text)
{
    struct fwvar_diag diag;
    struct wish w;

    if (parse_wish(text, &w) != 0)
        return cli_nomem(cli);
    int code = restore_one(edit, h, &w, &diag);
    free(w.name);
    return code == 0 ? CLI_OK : cli_fail(cli, path, &diag);
}

/* What --restore names, then what stands behind the image if it names nothing. */
static int restore_all(struct cli *cli, const char *path, struct fwvar_edit *edit,
                       const struct fwvar_history *h)
{
    int status = CLI_OK;

    for (size_t i = 0; status == CLI_OK && i < cli->given_count; i++) {
        if (cli->given[i].id == RECOVER_RESTORE && cli->given[i].arg[0])
            status = restore_named(cli, path, edit, h, cli->given[i].arg);
    }
    for (int i = 1; status == CLI_OK && i < cli->arg_count; i++)
        status = restore_named(cli, path, edit, h, cli->args[i]);
    return status == CLI_OK ? cli_conclude(cli, path, edit) : status;
}

static int restore(struct cli *cli, const char *path)
{
    unsigned flags = cli->force ? FWVAR_EDIT_FORCE : 0u;
    struct fwvar_history *history;
    struct fwvar_image *image;
    struct fwvar_edit *edit;
    struct fwvar_diag diag;

    if (cli_open(cli, path, FWVAR_OPEN_THOROUGH, &image) != CLI_OK)
        return CLI_TROUBLE;
    int status = CLI_TROUBLE;
    if (fwvar_edit_begin(image, flags, &edit, &diag) != 0) {
        cli_fail(cli, path, &diag);
    } else {
        if (fwvar_history_read(fwvar_edit_before(edit), &history, &diag) != 0) {
            cli_fail(cli, path, &diag);
        } else {
            status = restore_all(cli, path, edit, history);
            fwvar_history_free(history);
        }
        fwvar_edit_end(edit);
    }
    fwvar_image_close(image);
    return status;
}

/* True if a --restore stands alone: its names are among the arguments. */
static bool is_bare(const struct cli *cli)
{
    for (size_t i = 0; i < cli->given_count; i++) {
        if (cli->given[i].id == RECOVER_RESTORE && !cli->given[i].arg[0])
            return true;
    }
    return false;
}

int cmd_recover(struct cli *cli)
{
    bool restoring = cli_has(cli, RECOVER_RESTORE);
    bool salvaging = cli_has(cli, RECOVER_SALVAGE);
    bool bare = is_bare(cli);
    bool alone = salvaging || (restoring && !bare);
    const char *path = cli_image_argument(cli, bare ? 2 : 1, alone ? 1 : -1);

    if (!path)
        return CLI_TROUBLE;
    if (restoring && salvaging)
        return cli_usage(cli, NULL, "either --restore or --salvage");
    if (restoring)
        return cli_check_output(cli) == CLI_OK ? restore(cli, path) : CLI_TROUBLE;
    if (cli->output || cli->in_place || cli->dry_run)
        return cli_usage(cli, NULL, "without --restore nothing is written");
    return salvaging ? salvage(cli, path) : list_history(cli, path);
}
