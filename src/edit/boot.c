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

static int write_entry(struct fwvar_edit *edit, const struct fwvar_boot_new *entry,
                       uint16_t number, struct fwvar_diag *diag)
{
    struct fw_buf label = {0};
    size_t bad_at, size;
    uint8_t *bytes;
    char name[9];

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
    struct fwvar_loadopt option = {.attributes =
                                       entry->inactive ? 0 : FWVAR_LOADOPT_ACTIVE,
                                   .description = label.p,
                                   .description_size = label.size,
                                   .path = entry->path,
                                   .path_size = entry->path_size,
                                   .data = entry->data,
                                   .data_size = entry->data_size};
    int code = fwvar_loadopt_encode(&option, &bytes, &size, diag);
    fw_buf_free(&label);
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

int fwvar_boot_add_path(struct fwvar_edit *edit, const char *label, const char *path,
                        uint16_t *number, struct fwvar_diag *diag)
{
    struct fwvar_boot_new entry = {.label = label};
    uint8_t *bytes;

    int code = fwvar_devpath_parse(path, &bytes, &entry.path_size, diag);
    if (code != 0)
        return code;
    entry.path = bytes;
    code = fwvar_boot_add(edit, &entry, number, diag);
    free(bytes);
    return code;
}

/* Adds an entry whose only node is (@type, @subtype, @data). */
static int add_short_form(struct fwvar_edit *edit, const char *label, uint8_t type,
                          uint8_t subtype, const struct fw_buf *data, uint16_t *number,
                          struct fwvar_diag *diag)
{
    static const uint8_t end[4] = {0x7F, 0xFF, 4, 0};
    struct fw_buf path = {0};

    if (data->bad)
        return fw_nomem(diag);
    if (data->size > UINT16_MAX - 4)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "too long for a device path");
    fw_buf_put8(&path, type);
    fw_buf_put8(&path, subtype);
    fw_buf_put16(&path, (uint16_t)(data->size + 4));
    fw_buf_put(&path, data->p, data->size);
    fw_buf_put(&path, end, sizeof end);
    struct fwvar_boot_new entry = {label, path.p, path.size, NULL, 0, false};
    int code = path.bad ? fw_nomem(diag) : fwvar_boot_add(edit, &entry, number, diag);
    fw_buf_free(&path);
    return code;
}

static bool is_url(const char *url)
{
    if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
        return false;
    for (const char *p = url; *p; p++) {
        if (*p <= ' ' || *p > '~')
            return false;
    }
    const char *host = strchr(url, '/') + 2;
    return *host && !strchr("/:?#", *host);
}

int fwvar_boot_add_http(struct fwvar_edit *edit, const char *label, const char *url,
                        uint16_t *number, struct fwvar_diag *diag)
{
    struct fw_buf uri = {0};
    char *own = NULL;

    if (!is_url(url)) {
        fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                "'%.128s' is not a URL the firmware can load", url);
        fw_hint(diag, "write http://HOST/FILE.efi or https://…, without spaces");
        return FWVAR_ERR_ARG;
    }
    if (!label && asprintf(&own, "HTTP %s", url) < 0)
        return fw_nomem(diag);
    fw_buf_text(&uri, url);
    int code = add_short_form(edit, label ? label : own, 3, 0x18, &uri, number, diag);
    fw_buf_free(&uri);
    free(own);
    return code;
}

int fwvar_boot_add_file(struct fwvar_edit *edit, const char *label, const char *path,
                        uint16_t *number, struct fwvar_diag *diag)
{
    struct fw_buf wide = {0};
    size_t bad_at;

    if (!*path || fw_utf16_put(&wide, path, strlen(path), &bad_at) != 0) {
        fw_buf_free(&wide);
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "the file path is %s",
                       *path ? "not UTF-8" : "empty");
    }
    for (size_t i = 0; i < wide.size; i += 2) {
        if (wide.p[i] == '/' && wide.p[i + 1] == 0) /* firmware knows only backslashes */
            wide.p[i] = '\\';
    }
    fw_buf_put16(&wide, 0);
    int code = add_short_form(edit, label ? label : path, 4, 4, &wide, number, diag);
    fw_buf_free(&wide);
    return code;
}

/* Reads a MAC: twelve hex digits, with `:`, `-` or `.` between them or without. */
static bool parse_mac(const char *text, uint8_t mac[6])
{
    size_t digits = 0;

    for (; *text; text++) {
        const char *hex = "0123456789abcdef";
        const char *at = strchr(hex, *text | ((*text >= 'A' && *text <= 'F') ? 0x20 : 0));
        if (*text == ':' || *text == '-' || *text == '.')
            continue;
        if (!at || digits == 12)
            return false;
        mac[digits / 2] = (uint8_t)(mac[digits / 2] << 4 | (at - hex));
        digits++;
    }
    return digits == 12;
}

int fwvar_boot_add_pxe(struct fwvar_edit *edit, const char *label, const char *mac,
                       uint16_t *number, struct fwvar_diag *diag)
{
    /* MAC node with interface type 1 (Ethernet), IPv4 node all zero, end. */
    uint8_t path[37 + 27 + 4] = {3, 0x0B, 37, 0}, a[6] = {0};
    char own[40];

    if (!parse_mac(mac, a)) {
        fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "'%.64s' is not a MAC address",
                mac);
        fw_hint(diag, "write dc:a6:32:01:02:03, DC-A6-32-01-02-03 or dca632010203");
        return FWVAR_ERR_ARG;
    }
    memcpy(path + 4, a, sizeof a);
    path[36] = 1;
    memcpy(path + 37, (const uint8_t[]){3, 0x0C, 27, 0}, 4);
    memcpy(path + 64, (const uint8_t[]){0x7F, 0xFF, 4, 0}, 4);
    snprintf(own, sizeof own, "UEFI PXEv4 (MAC:%02X%02X%02X%02X%02X%02X)", a[0], a[1],
             a[2], a[3], a[4], a[5]);
    struct fwvar_boot_new entry = {
        label ? label : own, path, sizeof path, NULL, 0, false};
    return fwvar_boot_add(edit, &entry, number, diag);
}
