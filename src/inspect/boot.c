/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reading the boot menu. */
#include "inspect/boot.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

int fw_boot_entry_read(struct fwvar_boot_entry *e, const struct fwvar_variable *v,
                       uint16_t number)
{
    struct fw_buf label = {0};

    *e = (struct fwvar_boot_entry){.number = number, .variable = *v};
    fwvar_loadopt_decode(v->data, v->data_size, &e->option);
    fw_utf16_text(&label, e->option.description, e->option.description_size,
                  FW_ESCAPE_INVALID);
    e->label = fw_buf_take_text(&label);
    if (!e->label)
        return FWVAR_ERR_NOMEM;
    e->kind = fw_boot_classify(e->option.path, e->option.path_size, &e->has_mac, e->mac);
    e->auto_created = fwvar_loadopt_is_auto(&e->option) || e->kind == FWVAR_BOOT_MENU ||
                      e->kind == FWVAR_BOOT_SHELL;
    return 0;
}

static int add_entry(struct fwvar_boot_menu *m, size_t *cap,
                     const struct fwvar_variable *v, uint16_t number)
{
    if (m->count == *cap) {
        size_t bigger = *cap ? *cap * 2 : 16;
        struct fwvar_boot_entry *entries = realloc(m->entries, bigger * sizeof *entries);
        if (!entries)
            return FWVAR_ERR_NOMEM;
        m->entries = entries;
        *cap = bigger;
    }
    struct fwvar_boot_entry *e = &m->entries[m->count++];
    if (fw_boot_entry_read(e, v, number) != 0)
        return FWVAR_ERR_NOMEM;
    e->path = fwvar_devpath_text(e->option.path, e->option.path_size);
    return e->path ? 0 : FWVAR_ERR_NOMEM;
}

static int set_order(struct fwvar_boot_menu *m, const struct fwvar_variable *v)
{
    m->has_order = true;
    m->order_odd = v->data_size % 2;
    m->order_count = v->data_size / 2;
    m->order = calloc(m->order_count + 1, sizeof *m->order);
    if (!m->order)
        return FWVAR_ERR_NOMEM;
    for (size_t i = 0; i < m->order_count; i++)
        m->order[i] = fw_le16(v->data + 2 * i);
    return 0;
}

uint16_t fw_boot_number(const uint8_t *name, size_t name_size)
{
    uint16_t n = 0;

    for (size_t i = name_size - 8; i < name_size; i += 2) {
        unsigned c = fw_le16(name + i);
        n = (uint16_t)((unsigned)n << 4 | (c <= '9' ? c - '0' : c - 'A' + 10u));
    }
    return n;
}

static int take_variable(struct fwvar_boot_menu *m, size_t *cap,
                         const struct fwvar_variable *v)
{
    if (!fwvar_guid_equal(&v->guid, &fwvar_global_guid))
        return 0;
    if (fwvar_name_matches(v->name, v->name_size, "Boot####"))
        return add_entry(m, cap, v, fw_boot_number(v->name, v->name_size));
    if (fwvar_name_matches(v->name, v->name_size, "BootOrder"))
        return set_order(m, v);
    if (fwvar_name_matches(v->name, v->name_size, "BootNext") && v->data_size == 2) {
        m->has_next = true;
        m->next = fw_le16(v->data);
    }
    if (fwvar_name_matches(v->name, v->name_size, "Timeout") && v->data_size == 2) {
        m->has_timeout = true;
        m->timeout = fw_le16(v->data);
    }
    return 0;
}

static int by_number(const void *a, const void *b)
{
    const struct fwvar_boot_entry *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

const struct fwvar_boot_entry *fwvar_boot_menu_find(const struct fwvar_boot_menu *menu,
                                                    uint16_t number)
{
    struct fwvar_boot_entry key = {.number = number};

    return menu->count ? bsearch(&key, menu->entries, menu->count, sizeof key, by_number)
                       : NULL;
}

static void link_entries(struct fwvar_boot_menu *m)
{
    if (m->count)
        qsort(m->entries, m->count, sizeof *m->entries, by_number);
    for (size_t i = 0; i < m->order_count; i++) {
        const struct fwvar_boot_entry *e = fwvar_boot_menu_find(m, m->order[i]);
        if (e)
            m->entries[e - m->entries].in_order = true;
    }
    for (size_t i = 0; i < m->count; i++)
        m->entries[i].is_next = m->has_next && m->next == m->entries[i].number;
}

int fw_boot_menu_build(const void *from, fw_boot_source next,
                       struct fwvar_boot_menu *menu, struct fwvar_diag *diag)
{
    struct fwvar_variable v;
    size_t cursor = 0, cap = 0;

    memset(menu, 0, sizeof *menu);
    while (next(from, &cursor, &v) == 0) {
        if (take_variable(menu, &cap, &v) != 0) {
            fwvar_boot_menu_free(menu);
            return fw_nomem(diag);
        }
    }
    link_entries(menu);
    return 0;
}

int fw_boot_next_record(const void *from, size_t *cursor, struct fwvar_variable *v)
{
    const struct fwvar_variables *variables = from;

    while (*cursor < fwvar_variables_count(variables)) {
        size_t i = (*cursor)++;
        if (fwvar_variables_role(variables, i) == FWVAR_ROLE_LIVE) {
            *v = fwvar_record_variable(fwvar_variables_at(variables, i));
            return 0;
        }
    }
    return 1;
}

int fwvar_boot_menu_read(const struct fwvar_variables *variables,
                         struct fwvar_boot_menu *menu, struct fwvar_diag *diag)
{
    return fw_boot_menu_build(variables, fw_boot_next_record, menu, diag);
}

void fwvar_boot_menu_free(struct fwvar_boot_menu *m)
{
    for (size_t i = 0; i < m->count; i++) {
        free(m->entries[i].label);
        free(m->entries[i].path);
    }
    free(m->entries);
    free(m->order);
    memset(m, 0, sizeof *m);
}
