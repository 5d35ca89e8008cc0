/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Plans that are documents with variables: they set each of them, as `virt-fw-vars
 * --set-json` does. */
#include <fwvar/document.h>
#include <fwvar/import.h>
#include <fwvar/plan.h>

#include "base/diag.h"

#include <stdlib.h>

struct fwvar_plan {
    struct fwvar_varlist *variables;
};

int fwvar_plan_read(const char *text, size_t size, struct fwvar_plan **plan,
                    struct fwvar_diag *diag)
{
    struct fwvar_plan *p = calloc(1, sizeof *p);

    if (!p)
        return fw_nomem(diag);
    int code = fwvar_document_read(text, size, &p->variables, diag);
    if (code != 0) {
        free(p);
        return code;
    }
    *plan = p;
    return 0;
}

void fwvar_plan_free(struct fwvar_plan *plan)
{
    if (!plan)
        return;
    fwvar_varlist_free(plan->variables);
    free(plan);
}

int fwvar_plan_apply(const struct fwvar_plan *plan, struct fwvar_edit *edit,
                     struct fwvar_diag *diag)
{
    static const struct fwvar_import_options strict = {.strict = true};

    return fwvar_import(edit, plan->variables, &strict, NULL, diag);
}
