/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/view.h"

void view_advice_text(const struct view_style *st, const struct fwvar_advice_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        fprintf(st->to, "advice     %s%s%s: %s\n", view_tint(st, TINT_WARN),
                list->items[i].rule->rule, view_tint(st, TINT_PLAIN),
                list->items[i].text);
}

json_t *view_advice_json(const struct fwvar_advice_list *list)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < list->count; i++) {
        const struct fwvar_advised *a = &list->items[i];
        json_t *row = json_pack("{s:s,s:o}", "rule", a->rule->rule, "message",
                                view_json_text(a->text));
        if (!row || json_array_append_new(array, row) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *text_or_null(const char *text)
{
    return text && *text ? view_json_text(text) : json_null();
}

json_t *view_release_json(const struct fwvar_release *r)
{
    static const char *const confidence[] = {"none", "layout", "content"};

    return json_pack("{s:o,s:o,s:o,s:o,s:s}", "board", text_or_null(r->board), "version",
                     text_or_null(r->version), "build_date", text_or_null(r->build_date),
                     "era", text_or_null(r->era), "confidence",
                     confidence[r->confidence]);
}
