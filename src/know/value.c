/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Values as one line of text. One function per kind. */
#include <fwvar/devpath.h>
#include <fwvar/keyoption.h>
#include <fwvar/known.h>
#include <fwvar/loadopt.h>
#include <fwvar/setting.h>

#include "base/utf16.h"
#include "know/size.h"
#include "know/value.h"

#include <stdlib.h>
#include <string.h>

#define HEX_MAX 32 /* bytes shown of a value nothing is known about */

struct fwvar_variable fwvar_record_variable(const struct fwvar_record *r)
{
    return (struct fwvar_variable){.guid = r->guid,
                                   .name = r->name,
                                   .name_size = fwvar_record_name_length(r),
                                   .attributes = r->attributes,
                                   .time = r->time,
                                   .data = r->data,
                                   .data_size = r->data_size};
}

static void put_hex(struct fw_buf *out, const struct fwvar_variable *v)
{
    size_t n = v->data_size < HEX_MAX ? v->data_size : HEX_MAX;

    fw_buf_hex(out, v->data, n);
    if (n < v->data_size)
        fw_buf_text(out, "...");
    fw_buf_printf(out, " (%zu byte%s)", v->data_size, v->data_size == 1 ? "" : "s");
}

static bool put_order(struct fw_buf *out, const struct fwvar_variable *v)
{
    if (v->data_size % 2)
        return false;
    for (size_t i = 0; i < v->data_size; i += 2)
        fw_buf_printf(out, "%s%04X", i ? "," : "", fw_le16(v->data + i));
    return true;
}

/* Printable ASCII with one NUL at the end, as languages and the like are stored. */
static bool put_ascii(struct fw_buf *out, const struct fwvar_variable *v)
{
    if (v->data_size < 2 || v->data[v->data_size - 1] != 0)
        return false;
    for (size_t i = 0; i + 1 < v->data_size; i++) {
        if (v->data[i] < 0x20 || v->data[i] > 0x7e)
            return false;
    }
    fw_buf_printf(out, "\"%.*s\"", (int)(v->data_size - 1), (const char *)v->data);
    return true;
}

static void put_path(struct fw_buf *out, const uint8_t *path, size_t size)
{
    char *text = fwvar_devpath_text(path, size);

    if (text)
        fw_buf_text(out, text);
    else
        out->bad = true;
    free(text);
}

/* Label, path, and what is unusual about the option. */
static bool put_load_option(struct fw_buf *out, const struct fwvar_variable *v)
{
    struct fwvar_loadopt o;
    bool broken = fwvar_loadopt_decode(v->data, v->data_size, &o) != 0;

    fw_buf_text(out, "\"");
    fw_utf16_text(out, o.description, o.description_size, FW_ESCAPE_CONTROL);
    fw_buf_text(out, "\" ");
    put_path(out, o.path, o.path_size);
    if (broken)
        fw_buf_printf(out, " (broken: %s)", fwvar_loadopt_flaw_text(o.flaw));
    if (!(o.attributes & FWVAR_LOADOPT_ACTIVE))
        fw_buf_text(out, " (inactive)");
    if (fwvar_loadopt_is_auto(&o))
        fw_buf_text(out, " (made by the firmware)");
    else if (o.data_size)
        fw_buf_printf(out, " (%zu byte%s of data)", o.data_size,
                      o.data_size == 1 ? "" : "s");
    return true;
}

static bool put_key_option(struct fw_buf *out, const struct fwvar_variable *v)
{
    struct fwvar_keyoption k;

    if (fwvar_keyoption_decode(v->data, v->data_size, &k) != 0)
        return false;
    for (unsigned i = 0; i < k.count; i++)
        fw_buf_printf(out, "%sscan 0x%02x unicode 0x%04x", i ? ", " : "", k.keys[i].scan,
                      k.keys[i].unicode);
    fw_buf_printf(out, " -> Boot%04X (crc %08x)", k.option, k.crc);
    return true;
}

static bool put_device_path(struct fw_buf *out, const struct fwvar_variable *v)
{
    put_path(out, v->data, v->data_size);
    return true;
}

static bool put_option(struct fw_buf *out, const struct fwvar_variable *v)
{
    return v->data_size == 2 && put_order(out, v);
}

static bool put_kind(struct fw_buf *out, enum fwvar_kind kind,
                     const struct fwvar_variable *v)
{
    static fw_value_put *const decoders[] = {
        [FWVAR_KIND_BYTES] = NULL,
        [FWVAR_KIND_NUMBER] = fw_value_number,
        [FWVAR_KIND_OPTION] = put_option,
        [FWVAR_KIND_ORDER] = put_order,
        [FWVAR_KIND_LOAD_OPTION] = put_load_option,
        [FWVAR_KIND_KEY_OPTION] = put_key_option,
        [FWVAR_KIND_DEVICE_PATH] = put_device_path,
        [FWVAR_KIND_ASCII] = put_ascii,
        [FWVAR_KIND_SIGNATURES] = fw_value_signatures,
        [FWVAR_KIND_MEMORY_TYPES] = fw_value_memory_types,
        [FWVAR_KIND_FLAGS] = fw_value_flags,
        [FWVAR_KIND_IP4_CONFIG] = fw_value_ip4_config,
        [FWVAR_KIND_IP6_CONFIG] = fw_value_ip6_config,
        [FWVAR_KIND_DUID] = fw_value_duid,
        [FWVAR_KIND_ISCSI] = fw_value_iscsi,
        [FWVAR_KIND_BYTE_LIST] = fw_value_byte_list,
        [FWVAR_KIND_CERT_DB] = fw_value_cert_db,
    };
    size_t before = out->size;

    if ((size_t)kind < sizeof decoders / sizeof decoders[0] && decoders[kind] &&
        decoders[kind](out, v))
        return true;
    if (!out->bad)
        out->size = before;
    return false;
}

static bool put_setting(struct fw_buf *out, const struct fwvar_variable *v)
{
    char text[FWVAR_SETTING_TEXT_MAX];

    const struct fwvar_setting *s = fw_known_setting(&v->guid, v->name, v->name_size);
    if (!s)
        return false;
    int code = fwvar_setting_format(s, NULL, v->data, v->data_size, text);
    if (code == FWVAR_ERR_NOMEM) {
        out->bad = true;
    } else if (code == 0) {
        fw_buf_text(out, text);
        if (strcmp(s->name, "RtcEpochSeconds") == 0)
            fw_value_date(out, fw_le64(v->data));
    } else {
        put_hex(out, v);
        fw_buf_printf(out, ", broken: %s", text);
    }
    return true;
}

char *fwvar_value_text(const struct fwvar_variable *v)
{
    struct fw_buf out = {0};
    const struct fwvar_known *known = fwvar_known_find(&v->guid, v->name, v->name_size);

    if (put_setting(&out, v) || (known && put_kind(&out, known->kind, v)) ||
        (!known && put_ascii(&out, v)))
        return fw_buf_take_text(&out);
    put_hex(&out, v);
    if (known && known->kind != FWVAR_KIND_BYTES)
        fw_buf_text(&out, ", malformed");
    return fw_buf_take_text(&out);
}
