/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Applying the rules, and the list of what they found. */
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

const struct fwvar_rule *fwvar_rule_at(size_t i)
{
    for (size_t k = 0; fw_rules[k].row.name; k++) {
        if (k == i)
            return &fw_rules[k].row;
    }
    return NULL;
}

const char *fwvar_severity_name(enum fwvar_severity severity)
{
    static const char *const names[] = {"fatal", "wrong", "advice"};

    return names[severity];
}

uint64_t fwvar_space_limit(enum fwvar_platform platform, uint64_t capacity)
{
    if (platform != FWVAR_PLATFORM_RPI)
        return capacity;
    return capacity > FWVAR_SPACE_FLOOR ? capacity - FWVAR_SPACE_FLOOR : 0;
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

static enum fwvar_severity severity_of(const struct fw_check *c)
{
    switch (c->platform) {
    case FWVAR_PLATFORM_RPI:
        return c->rule->on_rpi;
    case FWVAR_PLATFORM_AAVMF:
        return c->rule->on_nor;
    default:
        return c->rule->elsewhere;
    }
}

/* The command with the variable's name in the place of NAME. NULL if out of memory. */
static char *fill_in(const char *command, const char *name)
{
    const char *at = name ? strstr(command, "NAME") : NULL;
    struct fw_buf out = {0};

    if (!at) {
        fw_buf_text(&out, command);
    } else {
        fw_buf_put(&out, command, (size_t)(at - command));
        fw_buf_text(&out, name);
        fw_buf_text(&out, at + strlen("NAME"));
    }
    return fw_buf_take_text(&out);
}

static void free_finding(struct fwvar_finding *f)
{
    free((char *)(uintptr_t)f->message);
    free((char *)(uintptr_t)f->variable);
    free((char *)(uintptr_t)f->command);
}

__attribute__((format(printf, 4, 0))) static void found(struct fw_check *c,
                                                        struct fwvar_finding f,
                                                        const struct fwvar_record *record,
                                                        const char *format, va_list args)
{
    const char *command = c->command ? c->command : c->rule->command;
    char *message = NULL;

    c->command = NULL;
    f.rule = c->rule;
    if (vasprintf(&message, format, args) < 0)
        message = NULL;
    f.message = message;
    if (record && record->name_size)
        f.variable = fwvar_record_name(record, false, NULL);
    if (command)
        f.command = fill_in(command, f.variable);
    if (!f.message || (record && record->name_size && !f.variable) ||
        (command && !f.command))
        c->findings->bad = true;
    if (!c->findings->bad)
        add(c->findings, &f);
    if (c->findings->bad)
        free_finding(&f);
}

void fw_found(struct fw_check *c, uint64_t offset, const struct fwvar_record *record,
              const char *format, ...)
{
    struct fwvar_finding f = {.severity = severity_of(c), .offset = offset};
    va_list args;

    va_start(args, format);
    found(c, f, record, format, args);
    va_end(args);
}

void fw_found_as(struct fw_check *c, enum fwvar_severity severity, uint64_t offset,
                 const struct fwvar_record *record, const char *format, ...)
{
    struct fwvar_finding f = {.severity = severity, .offset = offset};
    va_list args;

    va_start(args, format);
    found(c, f, record, format, args);
    va_end(args);
}

const struct fwvar_record *fw_next_live(const struct fw_check *c, size_t *i)
{
    while (*i < fwvar_variables_count(c->variables)) {
        size_t k = (*i)++;
        if (fwvar_variables_role(c->variables, k) == FWVAR_ROLE_LIVE)
            return fwvar_variables_at(c->variables, k);
    }
    return NULL;
}

static void apply_rules(struct fw_check *c, enum fwvar_check_scope scope)
{
    for (const struct fw_rule *r = fw_rules; r->row.name && !c->findings->bad; r++) {
        if (scope == FWVAR_CHECK_STRUCTURE && !r->row.stops_edits)
            continue;
        c->rule = &r->row;
        r->apply(c);
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
    for (size_t i = 0; i < f->count; i++)
        free_finding(&f->items[i]);
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
