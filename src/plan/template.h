/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Texts with {keys} in them. */
#ifndef FW_PLAN_TEMPLATE_H
#define FW_PLAN_TEMPLATE_H

#include "base/bytes.h"

#include <fwvar/plan.h>

struct fw_template {
    const char *text; /* as the plan has it, a constant of the plan; NULL: absent */
    bool open;        /* has braces */
};

/* Goes on to the next key of a text that is a template. Returns 1 with the key's name in
 * *name and *length and *text behind it; 0 if there is none; -1 for a brace that neither
 * begins a key nor is doubled. */
int fw_template_next(const char **text, const char **name, size_t *length);

/* Appends the text with the keys filled in. Returns 0, FWVAR_ERR_NOTFOUND for a key
 * without a value, or FWVAR_ERR_NOMEM. */
int fw_template_fill(const struct fw_template *t, const struct fwvar_plan_use *use,
                     struct fw_buf *out, struct fwvar_diag *diag);

/* Appends a text so that it is a template of itself. */
void fw_template_quote(struct fw_buf *out, const char *text);

#endif
