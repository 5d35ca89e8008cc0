/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a NAME on the command line means among the records of an image. */
#include "cli/names.h"

#include "base/bytes.h"
#include "base/glob.h"
#include "base/suggest.h"
#include "base/utf16.h"

#include <fwvar/known.h>
#include <fwvar/setting.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_split_guid(const char *text, struct fwvar_guid *guid, const char **name)
{
    char head[FWVAR_GUID_TEXT_SIZE];

    if (strlen(text) < FWVAR_GUID_TEXT_SIZE + 1 || text[FWVAR_GUID_TEXT_SIZE - 1] != '-')
        return false;
    memcpy(head, text, sizeof head - 1);
    head[sizeof head - 1] = '\0';
    if (fwvar_guid_parse(head, guid) != 0)
        return false;
    *name = text + FWVAR_GUID_TEXT_SIZE;
    return true;
}

/* True if @record is the variable of one of the settings with this short name. */
static bool is_setting(const struct fwvar_record *record, const char *name,
                       const char *short_name)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];
    size_t n = fwvar_setting_find(short_name, NULL, found);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(found[i]->short_name, short_name) == 0 &&
            strcmp(found[i]->name, name) == 0 &&
            fwvar_guid_equal(&found[i]->guid, &record->guid))
            return true;
    }
    return false;
}

bool cli_name_fits(const struct fwvar_record *record, const char *text,
                   const char *wanted, bool glob)
{
    struct fwvar_guid guid;
    const char *name;

    if (cli_split_guid(wanted, &guid, &name)) {
        if (!fwvar_guid_equal(&guid, &record->guid))
            return false;
        wanted = name;
    } else if (is_setting(record, text, wanted)) {
        return true;
    }
    return strcmp(text, wanted) == 0 || fw_text_shown_as(text, wanted) ||
           (glob && fw_glob(wanted, text));
}

/* ---- one record ---- */

static int ambiguous(struct cli *cli, const char *file, const struct fwvar_variables *in,
                     const char *wanted)
{
    struct fwvar_diag diag = {.code = FWVAR_ERR_AMBIGUOUS, .offset = FWVAR_NO_OFFSET};
    struct fw_buf list = {0};

    for (size_t i = 0; i < fwvar_variables_count(in); i++) {
        const struct fwvar_record *r = fwvar_variables_at(in, i);
        char guid[FWVAR_GUID_TEXT_SIZE];
        char *name = fwvar_record_name(r, true, NULL);
        list.bad |= !name;
        if (name && fwvar_variables_role(in, i) == FWVAR_ROLE_LIVE &&
            cli_name_fits(r, name, wanted, false)) {
            fwvar_guid_format(&r->guid, guid);
            fw_buf_printf(&list, "%s%s-%s", list.size ? ", " : "", guid, name);
        }
        free(name);
    }
    char *text = fw_buf_take_text(&list);
    if (!text)
        return cli_nomem(cli);
    snprintf(diag.message, sizeof diag.message, "several variables are called %s",
             wanted);
    snprintf(diag.hint, sizeof diag.hint, "say which: %s", text);
    free(text);
    return cli_fail(cli, file, &diag);
}

static int absent(struct cli *cli, const char *file, const struct fwvar_variables *in,
                  const char *wanted)
{
    struct fwvar_diag diag = {.code = FWVAR_ERR_NOTFOUND, .offset = FWVAR_NO_OFFSET};
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];
    char near[128] = "";
    struct fw_suggest suggest = fw_suggest(wanted);

    for (size_t i = 0; i < fwvar_variables_count(in); i++) {
        char *name = fwvar_record_name(fwvar_variables_at(in, i), true, NULL);
        const char *best = suggest.best;
        if (!name)
            return cli_nomem(cli);
        if (fwvar_variables_role(in, i) == FWVAR_ROLE_LIVE)
            fw_suggest_try(&suggest, name);
        if (suggest.best != best)
            snprintf(near, sizeof near, "%s", name);
        suggest.best = suggest.best ? near : NULL;
        free(name);
    }
    snprintf(diag.message, sizeof diag.message, "no variable %s", wanted);
    if (fwvar_setting_find(wanted, NULL, found) > 0)
        snprintf(
            diag.hint, sizeof diag.hint,
            "it is not stored: the firmware uses its default; `fwvar settings` shows "
            "it");
    else if (near[0])
        snprintf(diag.hint, sizeof diag.hint, "did you mean %s?", near);
    else
        snprintf(diag.hint, sizeof diag.hint, "`fwvar list` shows what is there");
    cli_fail(cli, file, &diag);
    return CLI_DIFFERENT;
}

int cli_find_record(struct cli *cli, const char *file, const struct fwvar_variables *in,
                    const char *wanted, const struct fwvar_record **record)
{
    size_t found = 0;

    for (size_t i = 0; i < fwvar_variables_count(in); i++) {
        const struct fwvar_record *r = fwvar_variables_at(in, i);
        if (fwvar_variables_role(in, i) != FWVAR_ROLE_LIVE)
            continue;
        char *name = fwvar_record_name(r, false, NULL);
        if (!name)
            return cli_nomem(cli);
        if (cli_name_fits(r, name, wanted, false)) {
            *record = r;
            found++;
        }
        free(name);
    }
    if (found == 1)
        return CLI_OK;
    return found ? ambiguous(cli, file, in, wanted) : absent(cli, file, in, wanted);
}

/* ---- names that nothing fits ---- */

/* The name in a list that is nearest to another, else that of a setting; "" if none is.
 */
static void nearest(struct cli *cli, const struct fwvar_varlist *list, const char *wanted,
                    char near[128])
{
    struct fw_suggest suggest = fw_suggest(wanted);
    const char *setting = fwvar_setting_suggest(wanted);

    near[0] = '\0';
    for (size_t i = 0; i < fwvar_varlist_count(list); i++) {
        const struct fwvar_variable *v = &fwvar_varlist_at(list, i)->variable;
        struct fw_buf text = {0};
        const char *best = suggest.best;
        fw_utf16_text(&text, v->name, v->name_size, FW_ESCAPE_CONTROL);
        char *name = fw_buf_take_text(&text);
        if (name)
            fw_suggest_try(&suggest, name);
        else
            cli->warning_lost = true;
        if (suggest.best != best)
            snprintf(near, 128, "%s", name);
        suggest.best = suggest.best ? near : NULL;
        free(name);
    }
    if (!near[0] && setting)
        snprintf(near, 128, "%s", setting);
}

void cli_warn_unfit(struct cli *cli, const char *file, const char *wanted,
                    const struct fwvar_varlist *list)
{
    char near[128];

    for (size_t i = 0; i < fwvar_varlist_count(list); i++) {
        int fits = fwvar_pattern_fits(wanted, &fwvar_varlist_at(list, i)->variable);
        cli->warning_lost |= fits < 0;
        if (fits != 0)
            return;
    }
    nearest(cli, list, wanted, near);
    bool other = near[0] && strcmp(near, wanted) != 0;
    cli_warn(cli, file, "no variable fits %s%s%s%s", wanted,
             other ? "; did you mean " : "", other ? near : "", other ? "?" : "");
}

void cli_warn_unfit_choice(struct cli *cli, const char *file,
                           const struct fwvar_choice *choice,
                           const struct fwvar_varlist *list)
{
    for (size_t i = 0; i < choice->only_count; i++)
        cli_warn_unfit(cli, file, choice->only[i], list);
    for (size_t i = 0; i < choice->except_count; i++)
        cli_warn_unfit(cli, file, choice->except[i], list);
}

void cli_warn_unstored(struct cli *cli, const char *file, const char *wanted,
                       const struct fwvar_variables *in)
{
    struct fwvar_varlist *list = NULL;

    if (fwvar_varlist_from_store(in, &list, NULL) == 0)
        cli_warn_unfit(cli, file, wanted, list);
    else
        cli->warning_lost = true;
    fwvar_varlist_free(list);
}
