/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Rules about the form of single records. */
#include "inspect/check.h"

#include "base/bytes.h"
#include "base/utf16.h"

static bool has_role(struct fw_check *c, size_t i, enum fwvar_role role)
{
    return fwvar_variables_role(c->variables, i) == role;
}

void fw_rule_record_unwritten(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        if (r->unwritten)
            fw_found(c, r->offset, NULL,
                     "the header at 0x%llx was never completed (state 0x%02x)",
                     (unsigned long long)r->offset, r->state);
    }
}

void fw_rule_record_state(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        if (has_role(c, i, FWVAR_ROLE_UNKNOWN))
            fw_found(c, r->offset + 2, r, "state 0x%02x", r->state);
    }
}

static const char *name_flaw(const struct fwvar_record *r)
{
    if (r->name_size % 2)
        return "has an odd number of bytes";
    if (r->name_size < 4)
        return "is empty";
    if (fw_le16(r->name + r->name_size - 2) != 0)
        return "does not end in a NUL";
    if (fw_utf16_length(r->name, r->name_size) != r->name_size - 2u)
        return "has a NUL inside";
    return NULL;
}

void fw_rule_record_name(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        const char *flaw = r->unwritten ? NULL : name_flaw(r);
        if (flaw)
            fw_found(c, r->offset, r, "its name (%u bytes) %s", r->name_size, flaw);
    }
}

void fw_rule_duplicate(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        if (!has_role(c, i, FWVAR_ROLE_DUPLICATE))
            continue;
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        const struct fwvar_record *first = fwvar_variables_find(
            c->variables, &r->guid, r->name, fwvar_record_name_length(r));
        fw_found(c, r->offset, r, "a second live record; the first is at 0x%llx",
                 (unsigned long long)first->offset);
    }
}
