/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Applying the rules of advice_rules.c. */
#include "inspect/advice.h"

#include "base/diag.h"

#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>

const struct fwvar_advice *fwvar_advice_at(size_t i)
{
    return i < fw_advice_rule_count ? &fw_advice_rules[i].row : NULL;
}

static int apply(const struct fw_advice_state *state, const struct fw_advice_rule *rule,
                 struct fwvar_advice_list *list)
{
    struct fwvar_advised *to = &list->items[list->count];
    struct fw_buf text = {0};
    bool applies = rule->applies(state, &text), bad = text.bad;

    if (applies && !bad) {
        to->rule = &rule->row;
        if (text.size)
            snprintf(to->text, sizeof to->text, "%.*s: %s", (int)text.size,
                     (const char *)text.p, rule->row.text);
        else
            snprintf(to->text, sizeof to->text, "%s", rule->row.text);
        list->count++;
    }
    fw_buf_free(&text);
    return bad ? FWVAR_ERR_NOMEM : 0;
}

int fw_advise(struct fw_advice_state *state, struct fwvar_advice_list *list,
              struct fwvar_diag *diag)
{
    static const struct fwvar_release nothing = {.era = ""};
    int code = fw_boot_menu_build(state->from, state->next, &state->menu, diag);

    list->count = 0;
    if (code != 0)
        return code;
    if (!state->release)
        state->release = &nothing;
    for (size_t i = 0; code == 0 && i < fw_advice_rule_count; i++)
        code = apply(state, &fw_advice_rules[i], list);
    fwvar_boot_menu_free(&state->menu);
    return code == 0 ? 0 : fw_nomem(diag);
}

/* ---- the state of an image ---- */

static bool get_record(const void *from, const struct fwvar_guid *guid, const char *name,
                       struct fwvar_variable *v)
{
    const struct fwvar_record *r = fwvar_variables_get(from, guid, name);

    if (r)
        *v = fwvar_record_variable(r);
    return r != NULL;
}

int fwvar_advise_image(const struct fwvar_image *image,
                       const struct fwvar_variables *variables,
                       const struct fwvar_release *release, const char *config,
                       struct fwvar_advice_list *list, struct fwvar_diag *diag)
{
    const struct fwvar_usage *u = fwvar_variables_usage(variables);
    struct fw_advice_state state = {.image = image,
                                    .release = release,
                                    .config = config,
                                    .used = u->used,
                                    .capacity = u->capacity,
                                    .from = variables,
                                    .next = fw_boot_next_record,
                                    .get = get_record};

    return fw_advise(&state, list, diag);
}
