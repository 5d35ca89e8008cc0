/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/varlist.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "format/map.h"

#include <stdlib.h>
#include <string.h>

/* Longer than any name a firmware accepts (PcdMaxVariableSize bounds header and name). */
#define NAME_MAX_BYTES 0x2800

struct fwvar_varlist {
    struct fwvar_varlist_item *items;
    size_t count, cap;
    struct fw_map map;
};

static struct fw_key item_key(const void *owner, size_t i)
{
    const struct fwvar_variable *v =
        &((const struct fwvar_varlist *)owner)->items[i].variable;

    return (struct fw_key){&v->guid, v->name, v->name_size};
}

int fwvar_varlist_new(struct fwvar_varlist **list, struct fwvar_diag *diag)
{
    struct fwvar_varlist *l = calloc(1, sizeof *l);

    if (!l)
        return fw_nomem(diag);
    l->map.key_at = item_key;
    *list = l;
    return 0;
}

void fwvar_varlist_free(struct fwvar_varlist *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        free((void *)list->items[i].variable.name); /* one block per item begins there */
    free(list->items);
    fw_map_free(&list->map);
    free(list);
}

size_t fwvar_varlist_count(const struct fwvar_varlist *list)
{
    return list->count;
}

const struct fwvar_varlist_item *fwvar_varlist_at(const struct fwvar_varlist *list,
                                                  size_t i)
{
    return &list->items[i];
}

const struct fwvar_varlist_item *fwvar_varlist_find(const struct fwvar_varlist *list,
                                                    const struct fwvar_guid *guid,
                                                    const uint8_t *name, size_t name_size)
{
    struct fw_key key = {guid, name, name_size};
    size_t i = fw_map_find(&list->map, list, &key);

    return i == FW_MAP_NONE ? NULL : &list->items[i];
}

static int second_time(const struct fwvar_varlist_item *first, struct fwvar_diag *diag)
{
    const struct fwvar_variable *v = &first->variable;
    char guid[FWVAR_GUID_TEXT_SIZE];
    struct fw_buf text = {0};

    fw_utf16_text(&text, v->name, v->name_size, FW_ESCAPE_CONTROL);
    char *name = fw_buf_take_text(&text);
    if (!name)
        return fw_nomem(diag);
    fwvar_guid_format(&v->guid, guid);
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
            "%.128s with GUID %s stands a second time%s%s%s", name, guid,
            first->place[0] ? " (the first is at " : "", first->place,
            first->place[0] ? ")" : "");
    free(name);
    return FWVAR_ERR_ARG;
}

static int judge(const struct fwvar_varlist *list, const struct fwvar_variable *v,
                 struct fwvar_diag *diag)
{
    const char *why = NULL;

    if (v->name_size == 0)
        why = "a variable needs a name";
    else if (v->name_size % 2 || fw_utf16_length(v->name, v->name_size) != v->name_size)
        why = "the name is not UTF-16 without NUL";
    else if (v->name_size > NAME_MAX_BYTES)
        why = "the name is too long";
    else if (v->data_size == 0)
        why = "a variable needs data";
    else if (v->data_size > FWVAR_VARLIST_DATA_MAX)
        why = "more than 1 MiB of data";
    else if (list->count >= FWVAR_VARLIST_MAX)
        why = "more than 65536 variables";
    if (why)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "%s", why);
    const struct fwvar_varlist_item *first =
        fwvar_varlist_find(list, &v->guid, v->name, v->name_size);
    return first ? second_time(first, diag) : 0;
}

static int reserve(struct fwvar_varlist *list)
{
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 64;
        struct fwvar_varlist_item *items = realloc(list->items, cap * sizeof *items);
        if (!items)
            return FWVAR_ERR_NOMEM;
        list->items = items;
        list->cap = cap;
    }
    return fw_map_reserve(&list->map, list);
}

/* One block holds name, data, timestamp and place. */
static int copy_item(const struct fwvar_varlist_item *from, struct fwvar_varlist_item *to)
{
    const struct fwvar_variable *v = &from->variable;
    const char *place = from->place ? from->place : "";
    size_t length = strlen(place) + 1;
    uint8_t *p = malloc(v->name_size + v->data_size + 16 + length);

    if (!p)
        return FWVAR_ERR_NOMEM;
    *to = *from;
    to->variable.name = p;
    memcpy(p, v->name, v->name_size);
    p += v->name_size;
    to->variable.data = p;
    memcpy(p, v->data, v->data_size);
    p += v->data_size;
    to->variable.time = v->time ? p : NULL;
    if (v->time)
        memcpy(p, v->time, 16);
    p += 16;
    to->place = (char *)p;
    memcpy(p, place, length);
    if (!to->has_attributes)
        to->variable.attributes = 0;
    return 0;
}

int fwvar_varlist_add(struct fwvar_varlist *list, const struct fwvar_varlist_item *item,
                      struct fwvar_diag *diag)
{
    int code = judge(list, &item->variable, diag);

    if (code != 0)
        return code;
    if (reserve(list) != 0 || copy_item(item, &list->items[list->count]) != 0)
        return fw_nomem(diag);
    struct fw_key key = item_key(list, list->count);
    fw_map_put(&list->map, list, &key, list->count);
    list->count++;
    return 0;
}

/* ---- from a store ---- */

static struct fwvar_varlist_item record_item(const struct fwvar_record *r)
{
    bool timed = r->attributes & FWVAR_ATTR_AUTH_TIME;

    return (struct fwvar_varlist_item){
        .variable = {.guid = r->guid,
                     .name = r->name,
                     .name_size = fwvar_record_name_length(r),
                     .attributes = r->attributes,
                     .time = timed ? r->time : NULL,
                     .data = r->data,
                     .data_size = r->data_size},
        .has_attributes = true};
}

int fwvar_varlist_from_store(const struct fwvar_variables *variables,
                             struct fwvar_varlist **list, struct fwvar_diag *diag)
{
    struct fwvar_varlist *l = NULL;
    int code = fwvar_varlist_new(&l, diag);

    if (code != 0)
        return code;
    for (size_t i = 0; code == 0 && i < fwvar_variables_count(variables); i++) {
        if (fwvar_variables_role(variables, i) != FWVAR_ROLE_LIVE)
            continue;
        struct fwvar_varlist_item item = record_item(fwvar_variables_at(variables, i));
        code = fwvar_varlist_add(l, &item, diag);
    }
    if (code != 0) {
        fwvar_varlist_free(l);
        return code;
    }
    *list = l;
    return 0;
}
