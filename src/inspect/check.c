/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The rule table, and applying it. */
#include "inspect/check.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fwvar_findings {
    struct fwvar_finding *items;
    size_t count, cap;
    bool bad; /* an allocation failed */
};

#define F FWVAR_FATAL
#define W FWVAR_WRONG
#define A FWVAR_ADVICE

/* Severities follow from what was seen: a Raspberry Pi crashes where other firmware
 * reclaims. In the order in which a reader would mend things. */
static const struct fw_rule rules[] = {
    {{"image-size", F, A, true,
      "the file's size is not one that goes with the place of the volume: the boot "
      "loader "
      "loads the file as it is, and device tree and code overlap",
      "use the file as released; --platform generic if this is no Raspberry Pi image"},
     fw_rule_image_size},
    {{"second-volume", F, F, true,
      "two sound NV volumes: the firmware uses only one of them",
      "erase the one that is not used"},
     fw_rule_second_volume},
    {{"volume-place", F, F, true,
      "the volume does not start at a multiple of its block size: bytes before it are "
      "missing or too many, and no firmware looks for it there",
      "get the image again; the file is shifted"},
     fw_rule_volume_place},
    {{"volume-truncated", F, F, true, "the image ends inside the volume",
      "get the image again"},
     fw_rule_volume_truncated},
    {{"volume-signature", F, F, true,
      "signature _FVH missing: the firmware wipes the volume and does not boot",
      "fwvar repair"},
     fw_rule_volume_signature},
    {{"volume-guid", F, F, true,
      "file system GUID is not that of NV data: the variable driver gives up",
      "fwvar repair"},
     fw_rule_volume_guid},
    {{"volume-revision", F, F, true, "revision is not 2: the firmware wipes the volume",
      "fwvar repair"},
     fw_rule_volume_revision},
    {{"volume-header-length", F, F, true,
      "HeaderLength is odd or does not fit: the firmware wipes the volume",
      "fwvar repair"},
     fw_rule_volume_header_length},
    {{"volume-length", F, F, true,
      "FvLength is impossible: the firmware wipes the volume", "fwvar repair"},
     fw_rule_volume_length},
    {{"volume-block-map", F, F, true,
      "the block map is not a list that ends at HeaderLength: the firmware wipes the "
      "volume",
      "fwvar repair"},
     fw_rule_volume_block_map},
    {{"volume-attributes", F, F, true,
      "read or write access is off: the firmware cannot use the volume", "fwvar repair"},
     fw_rule_volume_attributes},
    {{"volume-ext-header", F, F, true,
      "ExtHeaderOffset is set: the firmware reads a GUID there that does not exist",
      "fwvar repair"},
     fw_rule_volume_ext_header},
    {{"volume-checksum", F, F, true,
      "the header's checksum is wrong: the firmware wipes the volume and does not boot",
      "fwvar repair, or patch --repair"},
     fw_rule_volume_checksum},
    {{"store-signature", F, F, true,
      "unknown variable store signature: the variable driver gives up", "fwvar repair"},
     fw_rule_store_signature},
    {{"store-size", F, F, true,
      "the store's Size does not fit its volume: the driver reads beyond it or loses "
      "records",
      "fwvar repair"},
     fw_rule_store_size},
    {{"store-state", F, F, true,
      "Format or State of the store is not \"formatted, healthy\": the variable driver "
      "gives up",
      "fwvar repair"},
     fw_rule_store_state},
    {{"chain-broken", F, W, true,
      "a record has a wrong start or reaches past the store: the firmware loses it and "
      "all records after it, a Raspberry Pi crashes",
      "fwvar repair (finds the records behind the break)"},
     fw_rule_chain_broken},
    {{"record-unwritten", F, W, true,
      "a write was interrupted before its header was complete: the firmware loses all "
      "records after it",
      "fwvar repair"},
     fw_rule_record_unwritten},
    {{"duplicate", F, F, true,
      "two live records of the same name and GUID: the boot manager hangs for ever",
      "fwvar repair (keeps the one the firmware's look-up returns)"},
     fw_rule_duplicate},
    {{"record-name", F, F, true,
      "a name is empty, of odd size, without NUL or with a NUL inside: look-ups go "
      "wrong, "
      "NOR flash drivers reformat the whole store",
      "fwvar repair"},
     fw_rule_record_name},
    {{"record-state", F, F, true,
      "a state that no driver writes: the record is ignored, NOR flash drivers reformat "
      "the whole store",
      "fwvar repair"},
     fw_rule_record_state},
    {{"free-space-dirty", F, W, true,
      "bytes after the last record are not 0xFF: the firmware reclaims, a Raspberry Pi "
      "crashes at every boot (pftf/RPi4 #97)",
      "fwvar repair (looks for records there first)"},
     fw_rule_free_space_dirty},
    {{"ftw-pending", F, F, true,
      "an unfinished fault tolerant write: the firmware will copy the spare area over "
      "the "
      "variables and undo every edit",
      "fwvar repair"},
     fw_rule_ftw_pending},
    {{"space", F, A, false,
      "too little free space, dead records counted: a Raspberry Pi crashes when it would "
      "have to reclaim, at this and every later boot (pftf/RPi4 #97)",
      "fwvar compact"},
     fw_rule_space},
};

#define RULES (sizeof rules / sizeof rules[0])

const struct fwvar_rule *fwvar_rule_at(size_t i)
{
    return i < RULES ? &rules[i].row : NULL;
}

const char *fwvar_severity_name(enum fwvar_severity severity)
{
    static const char *const names[] = {"fatal", "wrong", "advice"};

    return names[severity];
}

uint64_t fwvar_space_limit(enum fwvar_platform platform, uint64_t capacity)
{
    const uint64_t floor = 0x2800; /* max(PcdMaxVariableSize, PcdMaxAuthVariableSize) */

    if (platform != FWVAR_PLATFORM_RPI)
        return capacity;
    return capacity > floor ? capacity - floor : 0;
}

static void add(struct fwvar_findings *f, const struct fwvar_finding *finding)
{
    if (f->count == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        struct fwvar_finding *items = realloc(f->items, cap * sizeof *items);
        if (!items) {
            f->bad = true;
            return;
        }
        f->items = items;
        f->cap = cap;
    }
    f->items[f->count++] = *finding;
}

void fw_found(struct fw_check *c, uint64_t offset, const struct fwvar_record *record,
              const char *format, ...)
{
    bool rpi = c->platform == FWVAR_PLATFORM_RPI;
    struct fwvar_finding f = {.rule = c->rule,
                              .severity = rpi ? c->rule->on_rpi : c->rule->elsewhere,
                              .offset = offset};
    char *message = NULL, *name = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&message, format, args) < 0)
        message = NULL;
    va_end(args);
    if (record)
        name = fwvar_record_name(record, false, NULL);
    if (!message || (record && !name))
        c->findings->bad = true;
    f.message = message;
    f.variable = name;
    if (!c->findings->bad)
        add(c->findings, &f);
    if (c->findings->bad) {
        free(message);
        free(name);
    }
}

static void apply_rules(struct fw_check *c, enum fwvar_check_scope scope)
{
    for (size_t i = 0; i < RULES && !c->findings->bad; i++) {
        if (scope == FWVAR_CHECK_STRUCTURE && !rules[i].row.stops_edits)
            continue;
        c->rule = &rules[i].row;
        rules[i].apply(c);
    }
}

int fwvar_check(const struct fwvar_image *image, enum fwvar_check_scope scope,
                struct fwvar_findings **findings, struct fwvar_diag *diag)
{
    struct fw_check c = {.image = image,
                         .store = fwvar_image_store(image),
                         .platform = fwvar_image_platform(image)};
    struct fwvar_variables *variables = NULL;

    c.findings = calloc(1, sizeof *c.findings);
    if (!c.findings || fwvar_variables_read(c.store, &variables, diag) != 0) {
        free(c.findings);
        return fw_nomem(diag);
    }
    c.variables = variables;
    apply_rules(&c, scope);
    fwvar_variables_free(variables);
    if (c.findings->bad) {
        fwvar_findings_free(c.findings);
        return fw_nomem(diag);
    }
    *findings = c.findings;
    return 0;
}

void fwvar_findings_free(struct fwvar_findings *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++) {
        free((char *)(uintptr_t)f->items[i].message);
        free((char *)(uintptr_t)f->items[i].variable);
    }
    free(f->items);
    free(f);
}

size_t fwvar_findings_count(const struct fwvar_findings *f)
{
    return f->count;
}

const struct fwvar_finding *fwvar_findings_at(const struct fwvar_findings *f, size_t i)
{
    return &f->items[i];
}

bool fwvar_finding_stops(const struct fwvar_finding *finding)
{
    return finding->rule->stops_edits && finding->severity != FWVAR_ADVICE;
}
