/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reading "expect" of native plans. */
#include "plan/plan.h"

#include "base/diag.h"
#include "base/suggest.h"
#include "know/guid_names.h"

#include <fwvar/image.h>

#include <stdio.h>
#include <string.h>

const char *const fw_plan_expect_keys[] = {"board", "layout", "release", "variables",
                                           NULL};
const char *const fw_plan_expected_keys[] = {"name",   "guid",   "equals",
                                             "one_of", "absent", NULL};
const char *const fw_plan_boards[] = {"rpi",  "rpi3",  "rpi4", "rpi5",
                                      "ovmf", "aavmf", NULL};

/* ---- board and layout: one word or several ---- */

static const char *board_at(size_t i)
{
    return fw_plan_boards[i];
}

static const char *layout_at(size_t i)
{
    const struct fwvar_layout *l = fwvar_layout_at(i);

    return l ? l->name : NULL;
}

static int check_word(const struct fw_plan_reading *r, const char *pointer,
                      const char *what, const char *word, const char *(*known_at)(size_t))
{
    struct fw_suggest near = fw_suggest(word);
    struct fw_buf all = {0};
    const char *known;

    for (size_t i = 0; (known = known_at(i)) != NULL; i++) {
        if (strcmp(known, word) == 0) {
            fw_buf_free(&all);
            return 0;
        }
        fw_suggest_try(&near, known);
        fw_buf_printf(&all, " %s", known);
    }
    fw_buf_put8(&all, 0);
    int code = fw_plan_fail(r, pointer, NULL, "\"%.64s\" is no known %s", word, what);
    if (code == FWVAR_ERR_ARG && near.best)
        fw_hint(r->doc.diag, "did you mean %s?", near.best);
    else if (code == FWVAR_ERR_ARG && !all.bad)
        fw_hint(r->doc.diag, "known are:%s", (const char *)all.p);
    fw_buf_free(&all);
    return code;
}

static int read_word(struct fw_plan_reading *r, const json_t *value, const char *pointer,
                     const char *what, const char *(*known_at)(size_t),
                     struct fw_plan_words *words)
{
    if (!json_is_string(value))
        return fw_plan_fail(r, pointer, NULL, "%s, the name of a %s is expected",
                            fw_json_kind(value), what);
    int code = check_word(r, pointer, what, json_string_value(value), known_at);
    if (code != 0)
        return code;
    words->words[words->count] = fw_plan_text(r->plan, json_string_value(value));
    return words->words[words->count++] ? 0 : fw_nomem(r->doc.diag);
}

static int read_words(struct fw_plan_reading *r, const json_t *value, const char *what,
                      const char *(*known_at)(size_t), struct fw_plan_words *words)
{
    char pointer[32], at[64];
    int code = 0;

    if (!value)
        return 0;
    snprintf(pointer, sizeof pointer, "/expect/%s", what);
    words->words =
        fw_plan_alloc(r->plan, (json_array_size(value) + 1) * sizeof *words->words);
    if (!words->words)
        return fw_nomem(r->doc.diag);
    if (!json_is_array(value))
        return read_word(r, value, pointer, what, known_at, words);
    if (json_array_size(value) == 0)
        return fw_plan_fail(r, pointer, NULL, "the list is empty");
    for (size_t i = 0; code == 0 && i < json_array_size(value); i++) {
        snprintf(at, sizeof at, "%s/%zu", pointer, i);
        code = read_word(r, json_array_get(value, i), at, what, known_at, words);
    }
    return code;
}

/* ---- release ---- */

/* Reads one of ">=1.35 <v1.50". Returns false if it is none. */
static int read_bound(struct fw_plan_reading *r, const char *text, size_t length,
                      struct fw_plan_release *bound)
{
    size_t n = strspn(text, "<>=");
    char version[72];

    if (n > 2 || n >= length || length - n > 64 ||
        (n == 2 && (text[1] != '=' || text[0] == '=')))
        return FWVAR_ERR_ARG;
    snprintf(bound->how, sizeof bound->how, "%.*s", n ? (int)n : 1, n ? text : "=");
    bool digit = text[n] >= '0' && text[n] <= '9';
    snprintf(version, sizeof version, "%s%.*s", digit ? "v" : "", (int)(length - n),
             text + n);
    /* A private build has a name, but no place in the order of releases. */
    if (bound->how[0] != '=' &&
        fwvar_version_compare(version, "v1.0") == FWVAR_ORDER_UNKNOWN)
        return FWVAR_ERR_ARG;
    bound->version = fw_plan_text(r->plan, version);
    return bound->version ? 0 : fw_nomem(r->doc.diag);
}

static int read_release(struct fw_plan_reading *r, const json_t *value)
{
    const char *text = json_string_value(value);

    if (!value)
        return 0;
    if (!text)
        return fw_plan_fail(r, "/expect", "release",
                            "%s, a text such as \">=1.35\" is expected",
                            fw_json_kind(value));
    r->plan->releases =
        fw_plan_alloc(r->plan, (strlen(text) / 2 + 1) * sizeof *r->plan->releases);
    if (!r->plan->releases)
        return fw_nomem(r->doc.diag);
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        int code =
            read_bound(r, text, length, &r->plan->releases[r->plan->release_count]);
        if (code == FWVAR_ERR_ARG) {
            code =
                fw_plan_fail(r, "/expect", "release", "\"%.*s\" is no bound of releases",
                             (int)(length < 64 ? length : 64), text);
            if (code == FWVAR_ERR_ARG)
                fw_hint(r->doc.diag, "write >=1.35, <1.50, =v1.38, or several with "
                                     "spaces between");
        }
        if (code != 0)
            return code;
        r->plan->release_count++;
        text += length;
    }
    return r->plan->release_count
               ? 0
               : fw_plan_fail(r, "/expect", "release", "the text is empty");
}

/* ---- variables ---- */

static int read_values(struct fw_plan_reading *r, const json_t *object,
                       const char *pointer, struct fw_plan_expected *e)
{
    const json_t *equals = json_object_get(object, "equals");
    const json_t *one_of = json_object_get(object, "one_of");
    char at[128];

    e->values = fw_plan_alloc(r->plan, (json_array_size(one_of) + 1) * sizeof *e->values);
    if (!e->values)
        return fw_nomem(r->doc.diag);
    if (equals) {
        e->count = 1;
        return fw_plan_value_text(r, equals, pointer, "equals", &e->values[0]);
    }
    snprintf(at, sizeof at, "%s/one_of", pointer);
    int code = fw_plan_want_list(r, one_of, at);
    if (code == 0 && json_array_size(one_of) == 0)
        code = fw_plan_fail(r, at, NULL, "the list is empty");
    for (size_t i = 0; code == 0 && i < json_array_size(one_of); i++) {
        snprintf(at, sizeof at, "%s/one_of/%zu", pointer, i);
        code = fw_plan_value_text(r, json_array_get(one_of, i), at, NULL, &e->values[i]);
        e->count++;
    }
    return code;
}

static int read_expected_guid(struct fw_plan_reading *r, const json_t *object,
                              const char *pointer, struct fw_plan_expected *e)
{
    const char *text = NULL;
    int code = fw_plan_keep_text(r, object, pointer, "guid", &text);

    if (!text)
        return code;
    struct fwvar_guid *guid = fw_plan_alloc(r->plan, sizeof *guid);
    if (!guid)
        return fw_nomem(r->doc.diag);
    if (fwvar_guid_parse(text, guid) != 0 && !fw_guid_by_name(text, guid))
        return fw_plan_fail(r, pointer, "guid",
                            "\"%.64s\" is neither a GUID nor a name of one", text);
    e->guid = guid;
    return 0;
}

static int read_expected(struct fw_plan_reading *r, const json_t *object,
                         const char *pointer, struct fw_plan_expected *e)
{
    int code = fw_plan_want_object(r, object, pointer, fw_plan_expected_keys);
    const json_t *absent = json_object_get(object, "absent");
    int said = (absent != NULL) + (json_object_get(object, "equals") != NULL) +
               (json_object_get(object, "one_of") != NULL);

    if (code == 0)
        code = fw_plan_keep_text(r, object, pointer, "name", &e->name);
    if (code == 0 && !e->name)
        code = fw_plan_missing(r, pointer, "name");
    if (code == 0 && said != 1)
        code = fw_plan_fail(r, pointer, NULL,
                            "exactly one of \"equals\", \"one_of\" and \"absent\" is "
                            "expected");
    if (code == 0 && absent && !json_is_true(absent))
        code = fw_plan_fail(r, pointer, "absent", "only true makes sense here");
    if (code == 0)
        code = read_expected_guid(r, object, pointer, e);
    return code == 0 && !absent ? read_values(r, object, pointer, e) : code;
}

static int read_all_expected(struct fw_plan_reading *r, const json_t *list)
{
    char at[64];

    if (!list)
        return 0;
    int code = fw_plan_want_list(r, list, "/expect/variables");
    if (code != 0)
        return code;
    size_t n = json_array_size(list);
    r->plan->expected = fw_plan_alloc(r->plan, (n + 1) * sizeof *r->plan->expected);
    if (!r->plan->expected)
        return fw_nomem(r->doc.diag);
    for (size_t i = 0; code == 0 && i < n; i++) {
        snprintf(at, sizeof at, "/expect/variables/%zu", i);
        code = read_expected(r, json_array_get(list, i), at, &r->plan->expected[i]);
        r->plan->expected_count++;
    }
    return code;
}

int fw_plan_read_expect(struct fw_plan_reading *r, const json_t *value)
{
    int code = fw_plan_want_object(r, value, "/expect", fw_plan_expect_keys);

    if (code == 0)
        code = read_words(r, json_object_get(value, "board"), "board", board_at,
                          &r->plan->boards);
    if (code == 0)
        code = read_words(r, json_object_get(value, "layout"), "layout", layout_at,
                          &r->plan->layouts);
    if (code == 0)
        code = read_release(r, json_object_get(value, "release"));
    return code == 0 ? read_all_expected(r, json_object_get(value, "variables")) : code;
}
