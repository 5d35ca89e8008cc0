/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* From a name on the command line or in a plan to a variable. */
#include <fwvar/assign.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/suggest.h"
#include "base/utf16.h"
#include "edit/edit.h"

#include <stdlib.h>
#include <string.h>

static int set_name(struct fwvar_target *t, const char *name, struct fwvar_diag *diag)
{
    struct fw_buf wide = {0};
    size_t bad_at;

    if (fw_utf16_put(&wide, name, strlen(name), &bad_at) != 0) {
        fw_buf_free(&wide);
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "name is not UTF-8 at byte %zu", bad_at);
    }
    if (wide.bad || wide.size == 0 || wide.size > sizeof t->name) {
        bool bad = wide.bad;
        fw_buf_free(&wide);
        return bad ? fw_nomem(diag)
                   : fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                             "a name has 1 to %d characters", FWVAR_NAME_MAX / 2);
    }
    memcpy(t->name, wide.p, wide.size);
    t->name_size = wide.size;
    fw_buf_free(&wide);
    return 0;
}

/* Names with four hex digits at the end: firmware takes only upper case. */
int fw_check_digits(const struct fwvar_target *t, const char *name,
                    struct fwvar_diag *diag)
{
    static const char *const prefixes[] = {"Boot", "Driver", "SysPrep", "Key",
                                           "PlatformRecovery"};

    if (!fwvar_guid_equal(&t->guid, &fwvar_global_guid) || t->known)
        return 0;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t n = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], n) == 0 && strlen(name) == n + 4 &&
            strspn(name + n, "0123456789ABCDEFabcdef") == 4) {
            fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                    "%s: the firmware ignores lower-case digits", name);
            fw_hint(diag, "write the four hex digits in upper case");
            return FWVAR_ERR_ARG;
        }
    }
    return 0;
}

static int finish(struct fwvar_target *t, const char *name, struct fwvar_diag *diag)
{
    int code = set_name(t, name, diag);

    if (code != 0)
        return code;
    t->setting = fwvar_setting_by_variable(name, &t->guid);
    t->known = fwvar_known_find(&t->guid, t->name, t->name_size);
    return fw_check_digits(t, name, diag);
}

static bool by_guid_and_name(const char *text, struct fwvar_target *t, const char **name)
{
    char head[FWVAR_GUID_TEXT_SIZE];

    if (strlen(text) < sizeof head + 1 || text[sizeof head - 1] != '-')
        return false;
    memcpy(head, text, sizeof head - 1);
    head[sizeof head - 1] = '\0';
    *name = text + sizeof head;
    return fwvar_guid_parse(head, &t->guid) == 0;
}

/* ---- short and full names of settings ---- */

static bool is_stored(const struct fwvar_edit *edit, const struct fwvar_setting *s)
{
    struct fwvar_variable ignored;

    return fwvar_edit_get_named(edit, &s->guid, s->name, &ignored) == 0;
}

static int several_settings(const char *name, const struct fwvar_setting **found,
                            size_t n, struct fwvar_diag *diag)
{
    struct fw_buf list = {0};
    char guid[FWVAR_GUID_TEXT_SIZE];

    for (size_t i = 0; i < n; i++) {
        fwvar_guid_format(&found[i]->guid, guid);
        fw_buf_printf(&list, "%s%s-%s (%s)", i ? ", " : "", guid, found[i]->name,
                      found[i]->boards == FWVAR_BOARD_RPI5 ? "Pi 5" : "Pi 3 and 4");
    }
    char *text = fw_buf_take_text(&list);
    if (!text)
        return fw_nomem(diag);
    fw_fail(diag, FWVAR_ERR_AMBIGUOUS, FWVAR_NO_OFFSET,
            "%s: boards differ, and this image does not tell its board", name);
    fw_hint(diag, "say which: %s; or name the board with --platform", text);
    free(text);
    return FWVAR_ERR_AMBIGUOUS;
}

/* 1 if the catalogue has no such name. */
static int by_setting(const struct fwvar_edit *edit, const char *name, const char *board,
                      struct fwvar_target *t, struct fwvar_diag *diag)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES], *chosen = NULL;
    size_t n = fwvar_setting_find(name, board, found), stored = 0;

    if (n == 0) /* another board's setting is still a known name */
        n = fwvar_setting_find(name, NULL, found);
    if (n == 0)
        return 1;
    for (size_t i = 0; i < n; i++) {
        if (is_stored(edit, found[i])) {
            chosen = found[i];
            stored++;
        }
    }
    if (n == 1)
        chosen = found[0];
    else if (stored != 1)
        return several_settings(name, found, n, diag);
    t->guid = chosen->guid;
    return finish(t, chosen->name, diag);
}

/* ---- names in the image ---- */

static int not_found(const struct fwvar_edit *edit, const char *name,
                     struct fwvar_diag *diag)
{
    const char *near = fwvar_setting_suggest(name);
    struct fw_suggest s = fw_suggest(name);
    const struct fwvar_known *known;

    (void)edit;
    fw_fail(diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET, "unknown variable %.128s", name);
    for (size_t i = 0; (known = fwvar_known_at(i)) != NULL; i++)
        fw_suggest_try(&s, known->name);
    if (near || s.best)
        fw_hint(diag, "did you mean %s?", near ? near : s.best);
    else
        fw_hint(diag, "give the vendor GUID too: GUID-%.128s", name);
    return FWVAR_ERR_NOTFOUND;
}

/* GUIDs that a name may go with; more than fit are as ambiguous as these. */
struct candidates {
    struct fwvar_guid guids[16];
    size_t count;
};

static void add_candidate(struct candidates *c, const struct fwvar_guid *guid)
{
    for (size_t i = 0; i < c->count; i++) {
        if (fwvar_guid_equal(&c->guids[i], guid))
            return;
    }
    if (c->count < sizeof c->guids / sizeof c->guids[0])
        c->guids[c->count++] = *guid;
}

static void known_candidates(const struct fwvar_target *t, struct candidates *c)
{
    const struct fwvar_known *known;

    for (size_t i = 0; (known = fwvar_known_at(i)) != NULL; i++) {
        if (fwvar_name_matches(t->name, t->name_size, known->name))
            add_candidate(c, &known->guid);
    }
}

static void add_stored(void *context, const struct fwvar_guid *guid)
{
    add_candidate(context, guid);
}

static int several_variables(const struct candidates *c, const char *name,
                             struct fwvar_diag *diag)
{
    struct fw_buf list = {0};
    char guid[FWVAR_GUID_TEXT_SIZE];

    for (size_t i = 0; i < c->count; i++) {
        fwvar_guid_format(&c->guids[i], guid);
        fw_buf_printf(&list, "%s%s-%s", i ? ", " : "", guid, name);
    }
    char *text = fw_buf_take_text(&list);
    if (!text)
        return fw_nomem(diag);
    fw_fail(diag, FWVAR_ERR_AMBIGUOUS, FWVAR_NO_OFFSET,
            "several variables are called %.128s", name);
    fw_hint(diag, "say which: %s", text);
    free(text);
    return FWVAR_ERR_AMBIGUOUS;
}

/* A name as it is shown, with \uXXXX for what a terminal must not get and what is not
 * UTF-16. Only a variable that is there is meant so: a new one may have a backslash in
 * its name. 1 if none is. */
static int by_shown_name(const struct fwvar_edit *edit, const char *name,
                         const struct fwvar_guid *guid, struct fwvar_target *t,
                         struct fwvar_diag *diag)
{
    struct fwvar_target shown = *t;
    struct candidates stored = {.count = 0};
    struct fwvar_variable ignored;
    int code = 0;

    shown.name_size = fw_utf16_unescape(shown.name, shown.name_size);
    if (shown.name_size == t->name_size)
        return 1;
    if (!guid)
        code =
            fw_names_each(edit, shown.name, shown.name_size, add_stored, &stored, diag);
    else if (fwvar_edit_get(edit, guid, shown.name, shown.name_size, &ignored) == 0)
        add_candidate(&stored, guid);
    if (code != 0 || stored.count == 0)
        return code != 0 ? code : 1;
    if (stored.count > 1)
        return several_variables(&stored, name, diag);
    *t = shown;
    t->guid = stored.guids[0];
    return 0;
}

static int by_guid(const struct fwvar_edit *edit, const char *name,
                   struct fwvar_target *t, struct fwvar_diag *diag)
{
    struct fwvar_variable ignored;

    int code = finish(t, name, diag);
    if (code != 0 || t->known ||
        fwvar_edit_get(edit, &t->guid, t->name, t->name_size, &ignored) == 0)
        return code;
    const struct fwvar_guid guid = t->guid;
    code = by_shown_name(edit, name, &guid, t, diag);
    return code == 1 ? 0 : code;
}

/* A name without GUID: the only one that is stored or known. What is stored decides
 * between several known ones, but a known one is not passed over in silence. */
static int by_name(const struct fwvar_edit *edit, const char *name,
                   struct fwvar_target *t, struct fwvar_diag *diag)
{
    struct candidates all = {.count = 0}, known = {.count = 0};

    int code = set_name(t, name, diag);
    if (code != 0)
        return code;
    known_candidates(t, &known);
    code = fw_names_each(edit, t->name, t->name_size, add_stored, &all, diag);
    if (code != 0)
        return code;
    size_t stored = all.count;
    for (size_t i = 0; i < known.count; i++)
        add_candidate(&all, &known.guids[i]);
    if (all.count == 0) {
        code = by_shown_name(edit, name, NULL, t, diag);
        if (code <= 0)
            return code;
        t->guid = fwvar_global_guid;
        code = fw_check_digits(t, name, diag);
        return code != 0 ? code : not_found(edit, name, diag);
    }
    bool is_one = all.count == 1 || (stored == 1 && all.count == known.count);
    if (!is_one)
        return several_variables(&all, name, diag);
    t->guid = all.guids[0];
    return finish(t, name, diag);
}

int fwvar_target_find(const struct fwvar_edit *edit, const char *name, const char *board,
                      struct fwvar_target *target, struct fwvar_diag *diag)
{
    const char *rest;

    memset(target, 0, sizeof *target);
    if (by_guid_and_name(name, target, &rest))
        return by_guid(edit, rest, target, diag);
    int code = by_setting(edit, name, board, target, diag);
    return code <= 0 ? code : by_name(edit, name, target, diag);
}
