/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a plan expects of the image as it was read. All that is not met is said at once.
 */
#include "plan/plan.h"

#include "base/diag.h"
#include "edit/edit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HINT_ROOM 400 /* bytes of a message for what is not met; the rest is counted */

/* The expectations that are not met. */
struct unmet {
    struct fw_plan_applying *a;
    struct fw_buf text;
    size_t count, told;
};

/* Notes one; as many as fit into a message are told. */
__attribute__((format(printf, 4, 5))) static void
note(struct unmet *u, const char *pointer, const char *key, const char *format, ...)
{
    struct fwvar_diag one = {.code = FWVAR_ERR_REFUSED};
    va_list args;

    if (u->count++ > u->told)
        return; /* no room since then; places cost a pass over the plan's text */
    va_start(args, format);
    vsnprintf(one.message, 200, format, args);
    va_end(args);
    fw_plan_explain_at(u->a->plan, pointer, key, &one);
    if (u->count > 1 && u->text.size + strlen(one.message) > HINT_ROOM)
        return;
    u->told++;
    fw_buf_printf(&u->text, "%s%s", u->count > 1 ? "; " : "", one.message);
}

/* ---- facts of the image ---- */

static bool is_one_of(const struct fw_plan_words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->words[i], word) == 0)
            return true;
    }
    return words->count == 0;
}

static void join(struct fw_buf *out, const struct fw_plan_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        fw_buf_printf(out, "%s%s", i ? " or " : "", words->words[i]);
    fw_buf_put8(out, 0);
}

static void check_word(struct unmet *u, const char *what,
                       const struct fw_plan_words *words, const char *word, bool met)
{
    struct fw_buf wanted = {0};

    if (met)
        return;
    join(&wanted, words);
    char at[32];
    snprintf(at, sizeof at, "/expect/%s", what);
    note(u, at, NULL, "the %s is %s, not %s", what, *word ? word : "not known",
         wanted.bad ? "" : (const char *)wanted.p);
    fw_buf_free(&wanted);
}

/* "rpi" stands for all of them. */
static bool is_board(const struct fw_plan_words *boards, const char *board)
{
    bool pi = strncmp(board, "rpi", 3) == 0;

    for (size_t i = 0; i < boards->count; i++) {
        if (pi && strcmp(boards->words[i], "rpi") == 0)
            return true;
    }
    return is_one_of(boards, board);
}

static bool stands(const struct fw_plan_release *bound, const char *version)
{
    enum fwvar_order order = fwvar_version_compare(version, bound->version);

    if (bound->how[0] == '=')
        return strcmp(version, bound->version) == 0 || order == FWVAR_ORDER_SAME;
    if (order == FWVAR_ORDER_SAME)
        return bound->how[1] == '=';
    return order == (bound->how[0] == '<' ? FWVAR_ORDER_OLDER : FWVAR_ORDER_NEWER);
}

static int check_firmware(struct unmet *u)
{
    const struct fwvar_plan *p = u->a->plan;
    const struct fwvar_release *release;

    if (p->boards.count == 0 && p->release_count == 0)
        return 0;
    int code = fwvar_firmware_release(u->a->naming.firmware, FWVAR_EFFORT_CONTENT,
                                      &release, u->a->diag);
    if (code != 0)
        return code;
    check_word(u, "board", &p->boards, release->board,
               is_board(&p->boards, release->board));
    for (size_t i = 0; i < p->release_count; i++) {
        if (stands(&p->releases[i], release->version))
            continue;
        note(u, "/expect/release", NULL, "the release is %s, not %s%s",
             release->version[0] ? release->version : "not known", p->releases[i].how,
             p->releases[i].version);
        break; /* one bound is enough to say what is wrong */
    }
    return 0;
}

static void check_layout(struct unmet *u)
{
    const struct fwvar_layout *l = fwvar_image_layout(fwvar_edit_image(u->a->edit));
    const struct fw_plan_words *layouts = &u->a->plan->layouts;
    const char *name = l ? l->name : "";

    check_word(u, "layout", layouts, name, is_one_of(layouts, name));
}

/* ---- variables ---- */

/* Whether the stored value is @text's. Returns 1 if it is, 0 if not, or an error. */
static int is_value(struct fw_plan_applying *a, const struct fwvar_target *target,
                    const char *text, const struct fwvar_record *stored)
{
    struct fw_buf bytes = {0};
    int code = fw_value_bytes(&bytes, target, a->naming.board, text, true, a->diag);

    bool same = code == 0 && bytes.size == stored->data_size &&
                memcmp(bytes.p, stored->data, bytes.size) == 0;
    fw_buf_free(&bytes);
    return code != 0 ? code : same;
}

static void wrong_value(struct unmet *u, const char *at, const struct fw_plan_expected *e,
                        const struct fwvar_record *r)
{
    const struct fw_plan_words wanted = {e->values, e->count};
    struct fwvar_variable v = fwvar_record_variable(r);
    struct fw_buf list = {0};
    char *value = fwvar_value_text(&v);

    join(&list, &wanted);
    if (e->count)
        note(u, at, NULL, "%.64s is %.64s, not %.64s", e->name, value ? value : "",
             list.bad ? "" : (const char *)list.p);
    else
        note(u, at, NULL, "%.64s is there: %.64s", e->name, value ? value : "");
    free(value);
    fw_buf_free(&list);
}

static int check_variable(struct unmet *u, const char *at,
                          const struct fw_plan_expected *e)
{
    struct fw_plan_applying *a = u->a;
    struct fwvar_target target;

    int code = fw_plan_find(a, e->name, e->guid, &target);
    if (code == FWVAR_ERR_NOTFOUND && e->count == 0)
        return 0; /* a name of nothing is absent */
    if (code == 0 && target.setting)
        code = fwvar_naming_board(&a->naming, FWVAR_EFFORT_HEAD, a->diag);
    if (code != 0)
        return fw_plan_explain(a, code, at, NULL);
    const struct fwvar_record *stored = fwvar_variables_find(
        fwvar_edit_before(a->edit), &target.guid, target.name, target.name_size);
    bool met = stored ? false : e->count == 0;
    if (!stored && !met)
        note(u, at, NULL, "%.64s is not stored", e->name);
    for (size_t i = 0; stored && !met && i < e->count; i++) {
        code = is_value(a, &target, e->values[i], stored);
        if (code < 0)
            return fw_plan_explain(a, code, at, NULL);
        met = code == 1;
    }
    if (stored && !met)
        wrong_value(u, at, e, stored);
    return 0;
}

static int check_variables(struct unmet *u)
{
    char at[48];
    int code = 0;

    for (size_t i = 0; code == 0 && i < u->a->plan->expected_count; i++) {
        snprintf(at, sizeof at, "/expect/variables/%zu", i);
        code = check_variable(u, at, &u->a->plan->expected[i]);
    }
    return code;
}

int fw_plan_check_expected(struct fw_plan_applying *a)
{
    struct unmet u = {.a = a};
    char more[32] = "";

    int code = check_firmware(&u);
    if (code == 0)
        check_layout(&u);
    if (code == 0)
        code = check_variables(&u);
    if (code == 0 && u.count > 0) {
        if (u.told < u.count)
            snprintf(more, sizeof more, "; and %zu more", u.count - u.told);
        char *text = fw_buf_take_text(&u.text);
        code = text ? fw_fail(a->diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                              "the plan is for another image: %.420s%s", text, more)
                    : fw_nomem(a->diag);
        if (text)
            fw_hint(a->diag, "nothing was changed; this is what \"expect\" says");
        free(text);
    }
    fw_buf_free(&u.text);
    return code;
}
