/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Advice on the state that a transaction leads to. */
#include "inspect/advice.h"
#include "edit/edit.h"

static int next_pending(const void *from, size_t *cursor, struct fwvar_variable *v)
{
    return fwvar_edit_next(from, cursor, v);
}

static bool get_pending(const void *from, const struct fwvar_guid *guid, const char *name,
                        struct fwvar_variable *v)
{
    return fwvar_edit_get_named(from, guid, name, v) == 0;
}

int fwvar_advise_edit(const struct fwvar_edit *edit, const struct fwvar_release *release,
                      const char *config, struct fwvar_advice_list *list,
                      struct fwvar_diag *diag)
{
    const struct fwvar_usage *u = fwvar_variables_usage(edit->before);
    struct fw_advice_state state = {.image = edit->image,
                                    .release = release,
                                    .config = config,
                                    .used = edit->volume ? edit->used_after : u->used,
                                    .capacity = u->capacity,
                                    .from = edit,
                                    .next = next_pending,
                                    .get = get_pending,
                                    .before = edit->before};

    return fw_advise(&state, list, diag);
}
