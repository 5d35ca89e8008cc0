/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Adding boot entries. */
#include "edit/boot.h"
#include "edit/menu.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"

#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTRIBUTES (FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT)

static int next_pending(const void *from, size_t *cursor, struct fwvar_variable *v)
{
    return fwvar_edit_next(from, cursor, v);
}

int fwvar_boot_menu_pending(const struct fwvar_edit *edit, struct fwvar_boot_menu *menu,
                            struct fwvar_diag *diag)
{
    return fw_boot_menu_build(edit, next_pending, menu, diag);
}

int fw_boot_order_broken(struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_DAMAGED, FWVAR_NO_OFFSET,
            "BootOrder is broken: it has an odd number of bytes");
    fw_hint(diag, "`fwvar repair` mends it, or set it anew with --set BootOrder=…");
    return FWVAR_ERR_DAMAGED;
}

int fw_boot_menu_for_edit(const struct fwvar_edit *edit, struct fwvar_boot_menu *menu,
                          struct fwvar_diag *diag)
{
    int code = fwvar_boot_menu_pending(edit, menu, diag);

    if (code != 0 || !menu->order_odd)
        return code;
    fwvar_boot_menu_free(menu);
    return fw_boot_order_broken(diag);
}

void fw_boot_name(uint16_t number, char name[9])
{
    snprintf(name, 9, "Boot%04X", number);
}

int fw_boot_write_order(struct fwvar_edit *edit, const uint16_t *order, size_t count,
                        struct fwvar_diag *diag)
{
    if (count == 0) {
        int code = fw_edit_delete_named(edit, &fwvar_global_guid, "BootOrder", diag);
        return code == FWVAR_ERR_NOTFOUND ? 0 : code;
    }
    uint8_t *bytes = malloc(2 * count);
    if (!bytes)
        return fw_nomem(diag);
    for (size_t i = 0; i < count; i++)
        fw_put16(bytes + 2 * i, order[i]);
    int code = fwvar_edit_set_named(edit, &fwvar_global_guid, "BootOrder", ATTRIBUTES,
                                    bytes, 2 * count, diag);
    free(bytes);
    return code;
}

static int append_to_order(struct fwvar_edit *edit, const struct fw_menu *m,
                           uint16_t number, struct fwvar_diag *diag)
{
    uint16_t *order = malloc((m->order_count + 1) * sizeof *order);

    if (!order)
        return fw_nomem(diag);
    if (m->order_count)
        memcpy(order, m->order, m->order_count * sizeof *order);
    order[m->order_count] = number;
    int code = fw_boot_write_order(edit, order, m->order_count + 1, diag);
    free(order);
    return code;
}

int fw_boot_encode(const struct fwvar_boot_new *entry, uint32_t attributes,
                   uint8_t **bytes, size_t *size, struct fwvar_diag *diag)
{
    struct fw_buf label = {0};
    size_t bad_at;

    if (!*entry->label)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "a boot entry needs a label");
    int bad = fw_utf16_put(&label, entry->label, strlen(entry->label), &bad_at);
    if (bad || label.bad) {
        fw_buf_free(&label);
        return bad ? fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                             "the label is not UTF-8")
                   : fw_nomem(diag);
    }
    struct fwvar_loadopt option = {.attributes = attributes,
                                   .description = label.p,
                                   .description_size = label.size,
                                   .path = entry->path,
                                   .path_size = entry->path_size,
                                   .data = entry->data,
                                   .data_size = entry->data_size};
    int code = fwvar_loadopt_encode(&option, bytes, size, diag);
    fw_buf_free(&label);
    return code;
}

static int write_entry(struct fwvar_edit *edit, const struct fwvar_boot_new *entry,
                       uint16_t number, struct fwvar_diag *diag)
{
    uint8_t *bytes;
    size_t size;
    char name[9];

    int code = fw_boot_encode(entry, entry->inactive ? 0 : FWVAR_LOADOPT_ACTIVE, &bytes,
                              &size, diag);
    if (code != 0)
        return code;
    fw_boot_name(number, name);
    code = fwvar_edit_set_named(edit, &fwvar_global_guid, name, ATTRIBUTES, bytes, size,
                                diag);
    free(bytes);
    return code;
}

int fwvar_boot_add(struct fwvar_edit *edit, const struct fwvar_boot_new *entry,
                   uint16_t *number, struct fwvar_diag *diag)
{
    const struct fw_menu *m;
    uint16_t n = 0;

    int code = fw_menu_for_edit(edit, &m, diag);
    if (code != 0)
        return code;
    const struct fwvar_boot_entry *there = fw_menu_same(m, entry);
    if (there)
        n = there->number;
    else if (fw_menu_free_number(m, &n) != 0)
        code = fw_fail(diag, FWVAR_ERR_SPACE, FWVAR_NO_OFFSET, "no boot number is free");
    else
        code = write_entry(edit, entry, n, diag);
    if (code == 0)
        code = fw_menu_pending(edit, &m, diag); /* without memory it was dropped */
    if (code == 0 && !fw_set_has(&m->ordered, n))
        code = append_to_order(edit, m, n, diag);
    if (code == 0 && number)
        *number = n;
    return code;
}

/* Adds an entry whose path was built, unless building it failed with @code. */
static int add_built(struct fwvar_edit *edit, const char *label, struct fw_buf *path,
                     int code, uint16_t *number, struct fwvar_diag *diag)
{
    struct fwvar_boot_new entry = {label, path->p, path->size, NULL, 0, false};

    if (code == 0)
        code = fwvar_boot_add(edit, &entry, number, diag);
    fw_buf_free(path);
    return code;
}

int fwvar_boot_add_path(struct fwvar_edit *edit, const char *label, const char *path,
                        uint16_t *number, struct fwvar_diag *diag)
{
    struct fw_buf bytes = {0};
    int code = fw_boot_path_text(path, &bytes, diag);

    return add_built(edit, label, &bytes, code, number, diag);
}

int fwvar_boot_add_http(struct fwvar_edit *edit, const char *label, const char *url,
                        uint16_t *number, struct fwvar_diag *diag)
{
    struct fw_buf bytes = {0};
    char *own = NULL;

    int code = fw_boot_path_http(url, &bytes, diag);
    if (code == 0 && !label && asprintf(&own, "HTTP %s", url) < 0) {
        own = NULL;
        code = fw_nomem(diag);
    }
    code = add_built(edit, label ? label : own, &bytes, code, number, diag);
    free(own);
    return code;
}

int fwvar_boot_add_file(struct fwvar_edit *edit, const char *label, const char *path,
                        uint16_t *number, struct fwvar_diag *diag)
{
    struct fw_buf bytes = {0};
    int code = fw_boot_path_file(path, &bytes, diag);

    return add_built(edit, label ? label : path, &bytes, code, number, diag);
}

int fwvar_boot_add_pxe(struct fwvar_edit *edit, const char *label, const char *mac,
                       uint16_t *number, struct fwvar_diag *diag)
{
    struct fw_buf bytes = {0};
    char own[40] = "";

    int code = fw_boot_path_pxe(mac, &bytes, diag);
    if (code == 0) {
        const uint8_t *a = bytes.p + 4; /* behind the header of the MAC node */
        snprintf(own, sizeof own, "UEFI PXEv4 (MAC:%02X%02X%02X%02X%02X%02X)", a[0], a[1],
                 a[2], a[3], a[4], a[5]);
    }
    return add_built(edit, label ? label : own, &bytes, code, number, diag);
}
