/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The settings command: the catalogue, and how an image stands to it. */
#include "cli/machine.h"
#include "cli/terminal.h"
#include "view/view.h"

#include "base/glob.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One run; image parts are NULL without IMAGE. */
struct showing {
    struct cli *cli;
    const char *path;
    struct fwvar_image *image;
    struct fwvar_variables *variables;
    struct fwvar_firmware *firmware;
    const struct fwvar_release *release;
    const char *board; /* "" for all */
    char **names;
    int name_count;
};

static bool fits(const struct fwvar_setting *s, const char *name)
{
    return fw_glob(name, s->short_name) || fw_glob(name, s->name);
}

static bool is_named(const struct showing *w, const struct fwvar_setting *s)
{
    for (int i = 0; i < w->name_count; i++) {
        if (fits(s, w->names[i]))
            return true;
    }
    return w->name_count == 0;
}

static bool is_ours(const struct showing *w, const struct fwvar_setting *s)
{
    return (s->boards & fwvar_board_set(w->board)) ||
           (w->variables && fwvar_variables_get(w->variables, &s->guid, s->name));
}

/* A name that no setting of the board has may be another board's: then that one is shown,
 * and marked. */
static bool is_foreign_request(const struct showing *w, const struct fwvar_setting *s)
{
    for (int i = 0; i < w->name_count; i++) {
        bool ours = false;
        for (size_t k = 0; k < fwvar_setting_count() && !ours; k++)
            ours =
                fits(fwvar_setting_at(k), w->names[i]) && is_ours(w, fwvar_setting_at(k));
        if (!ours && fits(s, w->names[i]))
            return true;
    }
    return false;
}

static void warn_unmatched(const struct showing *w)
{
    const char *near, *where = w->path ? w->path : "settings";

    for (int i = 0; i < w->name_count; i++) {
        bool any = false;
        for (size_t k = 0; k < fwvar_setting_count() && !any; k++)
            any = fits(fwvar_setting_at(k), w->names[i]);
        if (any)
            continue;
        near = fwvar_setting_suggest(w->names[i]);
        cli_warn(w->cli, where, "no setting fits %s%s%s%s", w->names[i],
                 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
}

/* Fills the rows to be shown; the array is the caller's. NULL after a message. */
static struct fwvar_setting_state *collect(const struct showing *w, size_t *count)
{
    struct fwvar_setting_state *rows = calloc(fwvar_setting_count(), sizeof *rows);
    struct fwvar_diag diag;
    int code = 0;

    *count = 0;
    for (size_t i = 0; rows && code == 0 && i < fwvar_setting_count(); i++) {
        const struct fwvar_setting *s = fwvar_setting_at(i);
        if ((is_named(w, s) && is_ours(w, s)) || is_foreign_request(w, s))
            code = fwvar_setting_inspect(s, w->firmware, w->board, w->variables,
                                         &rows[(*count)++], &diag);
    }
    if (!rows)
        cli_nomem(w->cli);
    if (code == 0)
        return rows;
    cli_fail(w->cli, w->path, &diag);
    free(rows);
    return NULL;
}

static int print(const struct showing *w, const struct fwvar_setting_state *rows,
                 size_t count)
{
    struct view_style style = cli_style(w->cli);
    struct view_settings model = {w->path, w->release, w->board, rows, count};

    if (!w->cli->json)
        return view_settings_text(&style, &model) == 0 ? CLI_OK : cli_nomem(w->cli);
    json_t *doc = view_settings_json(&model);
    if (!doc || json_object_set(doc, "warnings", w->cli->warnings) != 0) {
        json_decref(doc);
        return cli_nomem(w->cli);
    }
    return cli_print_json(w->cli, doc);
}

static int show(struct showing *w)
{
    struct fwvar_setting_state *rows;
    size_t count;

    warn_unmatched(w);
    rows = collect(w, &count);
    if (!rows)
        return CLI_TROUBLE;
    int status = print(w, rows, count);
    free(rows);
    return status;
}

static int show_image(struct showing *w)
{
    struct fwvar_diag diag;
    int status = cli_open(w->cli, w->path, 0, &w->image);

    if (status != CLI_OK)
        return status;
    if (fwvar_variables_read(fwvar_image_store(w->image), &w->variables, &diag) != 0) {
        status = cli_fail(w->cli, w->path, &diag);
    } else {
        status = cli_firmware(w->cli, w->image, &w->firmware);
        if (status == CLI_OK)
            status =
                cli_release(w->cli, w->path, w->image, FWVAR_EFFORT_CONTENT, &w->release);
        if (status == CLI_OK) {
            w->board = w->release->board;
            status = show(w);
        }
    }
    fwvar_variables_free(w->variables);
    fwvar_image_close(w->image);
    return status;
}

/* The first argument is the image, unless there is no such file and it is a name. */
static bool is_name(const char *arg)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];

    return strcmp(arg, "-") != 0 && access(arg, F_OK) != 0 &&
           (fwvar_setting_find(arg, NULL, found) > 0 || strpbrk(arg, "*?["));
}

int cmd_settings(struct cli *cli)
{
    bool image = cli->arg_count > 0 && !is_name(cli->args[0]);
    struct showing w = {.cli = cli,
                        .path = image ? cli->args[0] : NULL,
                        .board = cli->platform ? cli->platform : "",
                        .names = cli->args + image,
                        .name_count = cli->arg_count - image};

    return image ? show_image(&w) : show(&w);
}
