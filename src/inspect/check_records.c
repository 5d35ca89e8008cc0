/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Rules about the form of single records. */
#include "inspect/check.h"

#include "base/bytes.h"
#include "format/store.h"
#include "inspect/record.h"

#include <string.h>

#define ULL(x)    ((unsigned long long)(x))
#define UNWRITTEN "the header at 0x%llx was never completed (state 0x%02x)"
#define BAD_NAME  "its name (%u bytes) %s"
#define TWIN      "state 0x3e; the record at 0x%llx counts"

/* PcdMaxVariableSize and PcdMaxAuthVariableSize of the Raspberry Pi platforms and of
 * ArmVirtPkg; OVMF with secure boot takes more. */
#define MAX_VARIABLE      0x2000
#define MAX_AUTH_VARIABLE 0x2800
#define MAX_OVMF_VARIABLE 0x8400

static bool has_role(struct fw_check *c, size_t i, enum fwvar_role role)
{
    return fwvar_variables_role(c->variables, i) == role;
}

/* State 0xFF ends the list. With another one the record counts, but sizes and attributes
 * of all ones make its name one of no bytes, and with such a variable nothing starts. */
void fw_rule_record_unwritten(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        if (!r->unwritten)
            continue;
        if (r->state != FWVAR_STATE_UNWRITTEN)
            fw_found_as(c, FWVAR_FATAL, r->offset, NULL, UNWRITTEN, ULL(r->offset),
                        r->state);
        else
            fw_found(c, r->offset, NULL, UNWRITTEN, ULL(r->offset), r->state);
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

/* Who lists variables gets back to the first one from one without a name, and so the boot
 * manager never ends. Flash drivers look at the last character only. */
static bool is_fatal_name(const struct fw_check *c, const struct fwvar_record *r)
{
    bool ends_in_nul = r->name_size >= 2 && r->name_size % 2 == 0 &&
                       fw_le16(r->name + r->name_size - 2) == 0;

    return r->name_size < 4 || (c->platform == FWVAR_PLATFORM_AAVMF && !ends_in_nul);
}

void fw_rule_record_name(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        const char *flaw = r->unwritten ? NULL : fw_name_flaw(r);
        if (flaw && is_fatal_name(c, r))
            fw_found_as(c, FWVAR_FATAL, r->offset, r, BAD_NAME, r->name_size, flaw);
        else if (flaw)
            fw_found(c, r->offset, r, BAD_NAME, r->name_size, flaw);
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
                 ULL(first->offset));
    }
}

/* ---- records that are in the way ---- */

/* The first record inside the data of @r, which a driver never sees. Payloads of other
 * kinds do not have the form of a record by chance. */
static bool inner_record(const struct fwvar_store *s, const struct fwvar_record *r,
                         struct fwvar_record *inner)
{
    size_t end = (size_t)(r->offset - s->volume.offset) + r->size;
    size_t data = end - r->data_size;

    for (size_t at = fw_align4(data); at < end; at += 4) {
        if (fw_plausible_record(s, at, inner))
            return true;
    }
    return false;
}

void fw_rule_record_swallows(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        struct fwvar_record inner;
        if (inner_record(c->store, r, &inner))
            fw_found(c, r->offset, r, "its %u bytes of data contain a record at 0x%llx",
                     r->data_size, ULL(inner.offset));
    }
}

static const struct fwvar_record *live_of(const struct fw_check *c,
                                          const struct fwvar_record *r)
{
    return fwvar_variables_find(c->variables, &r->guid, r->name,
                                fwvar_record_name_length(r));
}

void fw_rule_in_deletion(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        if (r->state == FWVAR_STATE_IN_DELETION)
            fw_found(c, r->offset + 2, r, "state 0x3e, and no record of state 0x3f");
    }
}

void fw_rule_in_deletion_twin(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        const struct fwvar_record *live;
        if (!has_role(c, i, FWVAR_ROLE_TWIN) || (live = live_of(c, r)) == NULL)
            continue;
        if (live->state == FWVAR_STATE_IN_DELETION)
            fw_found_as(c, FWVAR_WRONG, r->offset + 2, r,
                        TWIN ", but who lists variables gets from the one straight "
                             "behind the other",
                        ULL(live->offset));
        else
            fw_found(c, r->offset + 2, r, TWIN, ULL(live->offset));
    }
}

void fw_rule_unfinished(struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(c->variables, i);
        if (!r->unwritten && r->state == FWVAR_STATE_HEADER_ONLY)
            fw_found(c, r->offset + 2, r, "state 0x7f, %u byte%s of data", r->data_size,
                     r->data_size == 1 ? "" : "s");
    }
}

/* ---- fields ---- */

void fw_rule_record_fields(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        if (r->count != 0)
            fw_found(c, r->offset + 8, r, "MonotonicCount is 0x%llx", ULL(r->count));
        if (r->pubkey != 0)
            fw_found(c, r->offset + 32, r, "PubKeyIndex is %u", r->pubkey);
        if (r->reserved != 0)
            fw_found(c, r->offset + 3, r, "the reserved byte is 0x%02x", r->reserved);
    }
}

/* What is wrong with an EFI_TIME (UEFI specification 2.10, section 8.3), or NULL. */
static const char *time_flaw(const uint8_t *t)
{
    int zone = (int16_t)fw_le16(t + 12);

    if (fw_le16(t) < 1900 || fw_le16(t) > 9999)
        return "year";
    if (t[2] < 1 || t[2] > 12)
        return "month";
    if (t[3] < 1 || t[3] > 31)
        return "day";
    if (t[4] > 23 || t[5] > 59 || t[6] > 59)
        return "time of day";
    if (fw_le32(t + 8) > 999999999)
        return "nanosecond";
    if ((zone < -1440 || zone > 1440) && zone != 0x7FF)
        return "time zone";
    return NULL;
}

static bool is_set(const uint8_t *t)
{
    return t && fw_skip_bytes(t, 0, 16, 0) != 16;
}

/* All zero is what variables have that were written without a signature. */
void fw_rule_timestamp(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        const uint8_t *t = r->time;
        if (!(r->attributes & FWVAR_ATTR_AUTH_TIME) || !is_set(t))
            continue;
        const char *flaw = time_flaw(t);
        if (flaw)
            fw_found(c, r->offset + 16, r,
                     "impossible %s in %04u-%02u-%02u %02u:%02u:%02u", flaw, fw_le16(t),
                     t[2], t[3], t[4], t[5], t[6]);
    }
}

void fw_rule_timestamp_unused(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        if (!(r->attributes & FWVAR_ATTR_AUTH_TIME) && is_set(r->time))
            fw_found(c, r->offset + 16, r,
                     "it has a timestamp, but is not time-authenticated");
    }
}

void fw_rule_too_large(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        uint32_t limit =
            r->attributes & FWVAR_ATTR_AUTH_TIME ? MAX_AUTH_VARIABLE : MAX_VARIABLE;
        if (c->platform == FWVAR_PLATFORM_OVMF)
            limit = MAX_OVMF_VARIABLE;
        if (r->size > limit)
            fw_found(c, r->offset, r, "%u bytes, %u can be written", r->size, limit);
    }
}
