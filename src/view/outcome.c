/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/view.h"

#include "base/bytes.h"
#include "base/utf16.h"

#include <stdlib.h>
#include <string.h>

static char *name_of(const struct fwvar_outcome_item *item, enum fw_escape escape,
                     bool *valid)
{
    struct fw_buf text = {0};
    bool is_valid = fw_utf16_text(&text, item->name, item->name_size, escape);

    if (valid)
        *valid = is_valid;
    return fw_buf_take_text(&text);
}

static enum view_tint tint_of(enum fwvar_outcome outcome)
{
    if (outcome == FWVAR_OUTCOME_SAME || outcome == FWVAR_OUTCOME_KEPT)
        return TINT_DIM;
    if (outcome == FWVAR_OUTCOME_REMOVED)
        return TINT_BAD;
    return fwvar_outcome_is_left(outcome) ? TINT_WARN : TINT_GOOD;
}

int view_outcomes_text(const struct view_style *style,
                       const struct fwvar_outcomes *outcomes)
{
    for (size_t i = 0; i < fwvar_outcomes_count(outcomes); i++) {
        const struct fwvar_outcome_item *item = fwvar_outcomes_at(outcomes, i);
        char *name = name_of(item, FW_ESCAPE_CONTROL, NULL);
        if (!name)
            return FWVAR_ERR_NOMEM;
        fprintf(style->to, "%s%-13s%s  %s%s%s\n",
                view_tint(style, tint_of(item->outcome)),
                fwvar_outcome_word(item->outcome), view_tint(style, TINT_PLAIN), name,
                item->reason[0] ? ": " : "", item->reason);
        free(name);
    }
    return 0;
}

static json_t *item_json(const struct fwvar_outcome_item *item)
{
    char guid[FWVAR_GUID_TEXT_SIZE];
    bool valid;
    char *name = name_of(item, FW_ESCAPE_INVALID, &valid);
    json_t *o = name ? json_object() : NULL;

    if (!o) {
        free(name);
        return NULL;
    }
    fwvar_guid_format(&item->guid, guid);
    int failed = json_object_set_new(o, "name", view_json_text(name));
    free(name);
    if (!valid)
        failed |= json_object_set_new(o, "name_hex",
                                      view_json_hex(item->name, item->name_size));
    failed |= json_object_set_new(o, "guid", json_string(guid));
    failed |=
        json_object_set_new(o, "outcome", json_string(fwvar_outcome_word(item->outcome)));
    if (item->reason[0])
        failed |= json_object_set_new(o, "reason", view_json_text(item->reason));
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}

int view_outcomes_json(json_t *to, const struct fwvar_outcomes *outcomes)
{
    json_t *items = json_array();
    int failed = !items;

    for (size_t i = 0; !failed && i < fwvar_outcomes_count(outcomes); i++)
        failed = json_array_append_new(items, item_json(fwvar_outcomes_at(outcomes, i)));
    if (failed) {
        json_decref(items);
        return FWVAR_ERR_NOMEM;
    }
    return json_object_set_new(to, "items", items) == 0 ? 0 : FWVAR_ERR_NOMEM;
}
