/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/document.h>
#include <fwvar/import.h>
#include <fwvar/plan.h>

int fwvar_plan_apply(struct fwvar_edit *edit, const char *text, size_t size,
                     struct fwvar_diag *diag)
{
    static const struct fwvar_import_options options = {.strict = true};
    struct fwvar_varlist *list;
    int code = fwvar_document_read(text, size, &list, diag);

    if (code != 0)
        return code;
    code = fwvar_import(edit, list, &options, NULL, diag);
    fwvar_varlist_free(list);
    return code;
}
