/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/view.h"

#include "base/bytes.h"
#include "base/utf16.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

json_t *view_json_text(const char *text)
{
    if (fw_is_utf8(text, strlen(text)))
        return json_string(text);
    struct fw_buf escaped = {0};
    fw_text_escaped(&escaped, text, strlen(text));
    char *plain = fw_buf_take_text(&escaped);
    json_t *json = plain ? json_string(plain) : NULL;
    free(plain);
    return json;
}

int view_print_escaped(FILE *to, const char *text)
{
    struct fw_buf out = {0};

    fw_text_escaped(&out, text, strlen(text));
    char *shown = fw_buf_take_text(&out);
    if (!shown)
        return FWVAR_ERR_NOMEM;
    fputs(shown, to);
    free(shown);
    return 0;
}

json_t *view_json_hex(const uint8_t *bytes, size_t size)
{
    struct fw_buf hex = {0};

    fw_buf_hex(&hex, bytes, size);
    char *text = fw_buf_take_text(&hex);
    json_t *json = text ? json_string(text) : NULL;
    free(text);
    return json;
}

json_t *view_json_value(const struct fwvar_record *r)
{
    struct fwvar_variable v = fwvar_record_variable(r);
    char *text = fwvar_value_text(&v);
    json_t *json = text ? json_pack("{s:I,s:o,s:o}", "attr", (json_int_t)r->attributes,
                                    "data", view_json_hex(r->data, r->data_size), "value",
                                    view_json_text(text))
                        : NULL;
    free(text);
    if (json && r->time && (r->attributes & FWVAR_ATTR_AUTH_TIME) &&
        json_object_set_new(json, "time", view_json_hex(r->time, 16)) != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

int view_json_identity(json_t *to, const struct fwvar_record *r)
{
    char guid[FWVAR_GUID_TEXT_SIZE];
    bool valid;
    char *name = fwvar_record_name(r, false, &valid);

    if (!name)
        return FWVAR_ERR_NOMEM;
    fwvar_guid_format(&r->guid, guid);
    int failed = json_object_set_new(to, "name", view_json_text(name));
    free(name);
    if (!valid)
        failed |= json_object_set_new(
            to, "name_hex", view_json_hex(r->name, fwvar_record_name_length(r)));
    failed |= json_object_set_new(to, "guid", json_string(guid));
    return failed ? FWVAR_ERR_NOMEM : 0;
}

void view_attributes(uint32_t attributes, char text[48])
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {{FWVAR_ATTR_NV, "NV"},         {FWVAR_ATTR_BS, "BS"},
                 {FWVAR_ATTR_RT, "RT"},         {FWVAR_ATTR_HW_ERROR, "HR"},
                 {FWVAR_ATTR_AUTH_COUNT, "AW"}, {FWVAR_ATTR_AUTH_TIME, "AT"},
                 {FWVAR_ATTR_APPEND, "AP"}};
    size_t at = 0;

    text[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (attributes & names[i].bit)
            at += (size_t)snprintf(text + at, 48 - at, "%s%s", at ? "+" : "",
                                   names[i].name);
        attributes &= ~names[i].bit;
    }
    if (attributes)
        snprintf(text + at, 48 - at, "%s0x%x", at ? "+" : "", attributes);
    else if (at == 0)
        snprintf(text, 48, "none");
}

void view_hexdump(FILE *to, const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += 16) {
        size_t n = size - at < 16 ? size - at : 16;
        fprintf(to, "    %04zx ", at);
        for (size_t i = 0; i < 16; i++) {
            if (i < n)
                fprintf(to, " %02x", bytes[at + i]);
            else
                fputs("   ", to);
        }
        fputs("  ", to);
        for (size_t i = 0; i < n; i++) {
            uint8_t c = bytes[at + i];
            fputc(c >= 0x20 && c < 0x7f ? c : '.', to);
        }
        fputc('\n', to);
    }
}

const char *view_state_name(const struct fwvar_record *r)
{
    if (r->unwritten)
        return "unwritten";
    switch (r->state) {
    case FWVAR_STATE_ADDED:
        return "added";
    case FWVAR_STATE_IN_DELETION:
        return "in deletion";
    case FWVAR_STATE_DELETED:
        return "deleted";
    case FWVAR_STATE_SUPERSEDED:
        return "superseded";
    case FWVAR_STATE_HEADER_ONLY:
        return "header only";
    default:
        return "unknown state";
    }
}

const char *view_tint(const struct view_style *style, enum view_tint tint)
{
    static const char *const codes[] = {"\033[0m", "\033[32m", "\033[31m", "\033[33m",
                                        "\033[2m"};

    return style->color ? codes[tint] : "";
}
