/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "edit/menu.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "edit/boot.h"
#include "edit/edit.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

/* ---- entries ---- */

static uint64_t hash_of(const char *label)
{
    return fw_hash(FW_HASH_START, (const uint8_t *)label, strlen(label));
}

static struct fw_menu_entry **bucket_of(const struct fw_menu *m, uint64_t hash)
{
    return (struct fw_menu_entry **)&m->labels[(hash ^ hash >> 32) % FW_MENU_BUCKETS];
}

/* Where an entry belongs; NULL if there is no page and none can be made. */
static struct fw_menu_entry **place_of(struct fw_menu *m, uint16_t number)
{
    struct fw_menu_entry ***page = &m->pages[number / FW_MENU_PAGE];

    if (!*page)
        *page = calloc(FW_MENU_PAGE, sizeof **page);
    return *page ? *page + number % FW_MENU_PAGE : NULL;
}

static void drop_entry(struct fw_menu *m, uint16_t number)
{
    struct fw_menu_entry **page = m->pages[number / FW_MENU_PAGE];
    struct fw_menu_entry *e = page ? page[number % FW_MENU_PAGE] : NULL;

    if (!e)
        return;
    *e->link = e->next;
    if (e->next)
        e->next->link = e->link;
    page[number % FW_MENU_PAGE] = NULL;
    fw_set_remove(&m->present, number);
    m->count--;
    free(e->read.label);
    free(e);
}

static int put_entry(struct fw_menu *m, uint16_t number, const struct fwvar_variable *v)
{
    struct fw_menu_entry **place = place_of(m, number);
    struct fw_menu_entry *e = place ? calloc(1, sizeof *e) : NULL;

    drop_entry(m, number);
    if (!e || fw_boot_entry_read(&e->read, v, number) != 0) {
        free(e);
        return FWVAR_ERR_NOMEM;
    }
    e->label_hash = hash_of(e->read.label);
    e->hash = fw_hash(e->label_hash, e->read.option.path, e->read.option.path_size);
    e->link = bucket_of(m, e->label_hash);
    e->next = *e->link;
    if (e->next)
        e->next->link = &e->next;
    *e->link = e;
    *place = e;
    fw_set_add(&m->present, number);
    m->count++;
    return 0;
}

/* ---- lists of numbers ---- */

static int put_order(struct fw_menu *m, const struct fwvar_variable *v)
{
    size_t n = v ? v->data_size / 2 : 0;

    if (n > m->order_cap) {
        uint16_t *order = realloc(m->order, 2 * n * sizeof *order);
        if (!order)
            return FWVAR_ERR_NOMEM;
        m->order = order;
        m->order_cap = 2 * n;
    }
    m->has_order = v != NULL;
    m->order_odd = v && v->data_size % 2;
    m->order_count = n;
    memset(&m->ordered, 0, sizeof m->ordered);
    for (size_t i = 0; i < n; i++) {
        m->order[i] = fw_le16(v->data + 2 * i);
        fw_set_add(&m->ordered, m->order[i]);
    }
    return 0;
}

static void put_number(const struct fwvar_variable *v, bool *there, uint16_t *number)
{
    *there = v && v->data_size == 2;
    *number = *there ? fw_le16(v->data) : 0;
}

/* ---- hotkeys ---- */

static void drop_key(struct fw_menu *m, size_t i)
{
    m->key_count--;
    memmove(m->keys + i, m->keys + i + 1, (m->key_count - i) * sizeof *m->keys);
}

/* @v: NULL if there is none any more. */
static int put_key(struct fw_menu *m, uint16_t number, const struct fwvar_variable *v)
{
    struct fwvar_keyoption key;
    size_t i = 0;

    while (i < m->key_count && m->keys[i].key != number)
        i++;
    if (!v || fwvar_keyoption_decode(v->data, v->data_size, &key) != 0) {
        if (i < m->key_count)
            drop_key(m, i);
        return 0;
    }
    if (i == m->key_cap) {
        size_t cap = m->key_cap ? 2 * m->key_cap : 8;
        struct fw_menu_key *keys = realloc(m->keys, cap * sizeof *keys);
        if (!keys)
            return FWVAR_ERR_NOMEM;
        m->keys = keys;
        m->key_cap = cap;
    }
    m->key_count += i == m->key_count;
    m->keys[i] = (struct fw_menu_key){number, key.option};
    return 0;
}

/* ---- bringing up to date ---- */

/* Takes over what a variable is now; @v is NULL if it is gone. */
static int take(struct fw_menu *m, const uint8_t *name, size_t size,
                const struct fwvar_variable *v)
{
    if (fwvar_name_matches(name, size, "Boot####")) {
        uint16_t number = fw_boot_number(name, size);
        if (v)
            return put_entry(m, number, v);
        drop_entry(m, number);
    } else if (fwvar_name_matches(name, size, "Key####")) {
        return put_key(m, fw_boot_number(name, size), v);
    } else if (fwvar_name_matches(name, size, "BootOrder")) {
        return put_order(m, v);
    } else if (fwvar_name_matches(name, size, "BootNext")) {
        put_number(v, &m->has_next, &m->next);
    } else if (fwvar_name_matches(name, size, "Timeout")) {
        put_number(v, &m->has_timeout, &m->timeout);
    }
    return 0;
}

void fw_menu_follow(struct fwvar_edit *edit, const struct fwvar_guid *guid,
                    const uint8_t *name, size_t name_size)
{
    struct fwvar_variable v;

    if (!edit->menu || !fwvar_guid_equal(guid, &fwvar_global_guid))
        return;
    bool there = fwvar_edit_get(edit, guid, name, name_size, &v) == 0;
    if (take(edit->menu, name, name_size, there ? &v : NULL) == 0)
        return;
    fw_menu_free(edit->menu); /* no memory; the next one who asks makes it anew */
    edit->menu = NULL;
}

static int build(const struct fwvar_edit *edit, struct fw_menu *m)
{
    struct fwvar_variable v;
    size_t cursor = 0;
    int code = 0;

    while (code == 0 && fwvar_edit_next(edit, &cursor, &v) == 0) {
        if (fwvar_guid_equal(&v.guid, &fwvar_global_guid))
            code = take(m, v.name, v.name_size, &v);
    }
    return code;
}

int fw_menu_pending(struct fwvar_edit *edit, const struct fw_menu **menu,
                    struct fwvar_diag *diag)
{
    if (!edit->menu) {
        struct fw_menu *m = calloc(1, sizeof *m);
        if (!m || build(edit, m) != 0) {
            fw_menu_free(m);
            return fw_nomem(diag);
        }
        edit->menu = m;
    }
    *menu = edit->menu;
    return 0;
}

int fw_menu_for_edit(struct fwvar_edit *edit, const struct fw_menu **menu,
                     struct fwvar_diag *diag)
{
    int code = fw_menu_pending(edit, menu, diag);

    if (code != 0 || !(*menu)->order_odd)
        return code;
    return fw_boot_order_broken(diag);
}

void fw_menu_free(struct fw_menu *m)
{
    if (!m)
        return;
    for (uint32_t n = 0; fw_menu_next(m, &n); n++)
        drop_entry(m, (uint16_t)n);
    for (size_t n = 0; n < FW_NUMBERS / FW_MENU_PAGE; n++)
        free(m->pages[n]);
    free(m->order);
    free(m->keys);
    free(m);
}

/* ---- looking ---- */

bool fw_menu_next(const struct fw_menu *m, uint32_t *number)
{
    for (uint32_t n = *number; n < FW_NUMBERS; n = (n / 64 + 1) * 64) {
        uint64_t rest = m->present.words[n / 64] >> n % 64;
        if (rest) {
            while (!(rest & 1)) {
                rest >>= 1;
                n++;
            }
            *number = n;
            return true;
        }
    }
    return false;
}

size_t fw_menu_labelled(const struct fw_menu *m, const char *label,
                        struct fw_number_set *set)
{
    uint64_t hash = hash_of(label);
    size_t n = 0;

    for (const struct fw_menu_entry *e = *bucket_of(m, hash); e; e = e->next) {
        if (e->label_hash == hash && strcmp(e->read.label, label) == 0) {
            fw_set_add(set, e->read.number);
            n++;
        }
    }
    return n;
}

static bool is_same(const struct fwvar_boot_entry *e, const struct fwvar_boot_new *entry)
{
    return e->option.flaw == FWVAR_LOADOPT_OK && strcmp(e->label, entry->label) == 0 &&
           !fwvar_loadopt_is_auto(&e->option) &&
           e->option.path_size == entry->path_size &&
           memcmp(e->option.path, entry->path, entry->path_size) == 0;
}

const struct fwvar_boot_entry *fw_menu_same(const struct fw_menu *m,
                                            const struct fwvar_boot_new *entry)
{
    uint64_t label = hash_of(entry->label);
    uint64_t hash = fw_hash(label, entry->path, entry->path_size);
    const struct fwvar_boot_entry *first = NULL;

    for (const struct fw_menu_entry *e = *bucket_of(m, label); e; e = e->next) {
        if (e->hash == hash && (!first || e->read.number < first->number) &&
            is_same(&e->read, entry))
            first = &e->read;
    }
    return first;
}

int fw_menu_free_number(const struct fw_menu *m, uint16_t *number)
{
    for (uint32_t n = 0; n < FW_NUMBERS; n++) {
        uint64_t taken = m->present.words[n / 64] | m->ordered.words[n / 64];
        if (n % 64 == 0 && taken == UINT64_MAX) {
            n += 63;
        } else if (!(taken >> n % 64 & 1) && !(m->has_next && m->next == n)) {
            *number = (uint16_t)n;
            return 0;
        }
    }
    return FWVAR_ERR_SPACE;
}
