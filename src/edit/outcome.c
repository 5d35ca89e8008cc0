/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "edit/outcome.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/glob.h"
#include "base/utf16.h"

#include <fwvar/setting.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fwvar_outcomes {
    struct fwvar_outcome_item *items;
    size_t count, cap;
};

int fw_outcomes_new(struct fwvar_outcomes **outcomes, struct fwvar_diag *diag)
{
    *outcomes = calloc(1, sizeof **outcomes);
    return *outcomes ? 0 : fw_nomem(diag);
}

void fwvar_outcomes_free(struct fwvar_outcomes *o)
{
    if (!o)
        return;
    for (size_t i = 0; i < o->count; i++)
        free((void *)o->items[i].name); /* one block per item begins there */
    free(o->items);
    free(o);
}

size_t fwvar_outcomes_count(const struct fwvar_outcomes *o)
{
    return o->count;
}

const struct fwvar_outcome_item *fwvar_outcomes_at(const struct fwvar_outcomes *o,
                                                   size_t i)
{
    return &o->items[i];
}

static int reserve(struct fwvar_outcomes *o)
{
    if (o->count < o->cap)
        return 0;
    size_t cap = o->cap ? o->cap * 2 : 64;
    struct fwvar_outcome_item *items = realloc(o->items, cap * sizeof *items);
    if (!items)
        return FWVAR_ERR_NOMEM;
    o->items = items;
    o->cap = cap;
    return 0;
}

int fw_outcomes_add(struct fwvar_outcomes *o, const struct fwvar_variable *v,
                    enum fwvar_outcome outcome, struct fwvar_diag *diag,
                    const char *format, ...)
{
    char reason[512];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    size_t length = strlen(reason) + 1;
    uint8_t *block = malloc(v->name_size + length);
    if (!block || reserve(o) != 0) {
        free(block);
        return fw_nomem(diag);
    }
    memcpy(block, v->name, v->name_size);
    memcpy(block + v->name_size, reason, length);
    o->items[o->count++] = (struct fwvar_outcome_item){
        v->guid, block, v->name_size, outcome, (const char *)block + v->name_size};
    return 0;
}

static const struct {
    const char *word;
    bool left;
} words[] = {
    [FWVAR_OUTCOME_CARRIED] = {"carried", false},
    [FWVAR_OUTCOME_SAME] = {"same", false},
    [FWVAR_OUTCOME_RENAMED] = {"renamed", false},
    [FWVAR_OUTCOME_UNKNOWN] = {"unknown", true},
    [FWVAR_OUTCOME_SIZE] = {"size-changed", true},
    [FWVAR_OUTCOME_BOUND] = {"machine-bound", true},
    [FWVAR_OUTCOME_REFUSED] = {"refused", true},
    [FWVAR_OUTCOME_VOLATILE] = {"volatile", true},
    [FWVAR_OUTCOME_REMOVED] = {"removed", false},
    [FWVAR_OUTCOME_RENUMBERED] = {"renumbered", false},
    [FWVAR_OUTCOME_REWRITTEN] = {"rewritten", false},
    [FWVAR_OUTCOME_KEPT] = {"kept", false},
};

const char *fwvar_outcome_word(enum fwvar_outcome outcome)
{
    return words[outcome].word;
}

bool fwvar_outcome_is_left(enum fwvar_outcome outcome)
{
    return words[outcome].left;
}

/* ---- choices ---- */

static bool is_setting(const struct fwvar_variable *v, const char *name,
                       const char *short_name)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];
    size_t n = fwvar_setting_find(short_name, NULL, found);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(found[i]->name, name) == 0 &&
            fwvar_guid_equal(&found[i]->guid, &v->guid))
            return true;
    }
    return false;
}

static bool split_guid(const char *text, struct fwvar_guid *guid, const char **name)
{
    char head[FWVAR_GUID_TEXT_SIZE];
    size_t n = sizeof head - 1;

    if (strlen(text) < n + 2 || text[n] != '-')
        return false;
    memcpy(head, text, n);
    head[n] = '\0';
    *name = text + n + 1;
    return fwvar_guid_parse(head, guid) == 0;
}

int fwvar_pattern_fits(const char *pattern, const struct fwvar_variable *v)
{
    struct fw_buf text = {0};
    struct fwvar_guid guid;

    fw_utf16_text(&text, v->name, v->name_size, FW_ESCAPE_INVALID);
    char *name = fw_buf_take_text(&text);
    if (!name)
        return FWVAR_ERR_NOMEM;
    bool other =
        split_guid(pattern, &guid, &pattern) && !fwvar_guid_equal(&guid, &v->guid);
    bool fits =
        !other && (strcmp(pattern, name) == 0 || fw_text_shown_as(name, pattern) ||
                   is_setting(v, name, pattern) || fw_glob(pattern, name));
    free(name);
    return fits;
}

int fw_fits_any(const char *const *patterns, size_t count, const struct fwvar_variable *v)
{
    int fits = 0;

    for (size_t i = 0; fits == 0 && i < count; i++)
        fits = fwvar_pattern_fits(patterns[i], v);
    return fits;
}

int fwvar_choice_has(const struct fwvar_choice *choice, const struct fwvar_variable *v)
{
    int chosen = 1;

    if (!choice)
        return 1;
    if (choice->only_count)
        chosen = fw_fits_any(choice->only, choice->only_count, v);
    if (chosen != 1)
        return chosen;
    int excepted = fw_fits_any(choice->except, choice->except_count, v);
    return excepted < 0 ? excepted : !excepted;
}
