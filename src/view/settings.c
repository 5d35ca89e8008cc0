/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/view.h"

#include "base/bytes.h"

#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN 30 /* where values begin; the longest variable name fits before it */

static const char *const type_names[] = {
    [FWVAR_SETTING_UNSIGNED] = "unsigned", [FWVAR_SETTING_SIGNED] = "signed",
    [FWVAR_SETTING_BITS] = "bits",         [FWVAR_SETTING_UTF16] = "utf16",
    [FWVAR_SETTING_ASCII] = "ascii",       [FWVAR_SETTING_BYTES] = "bytes",
};

/* ---- text ---- */

static char *stored_text(const struct fwvar_setting_state *row)
{
    struct fwvar_variable v = fwvar_record_variable(row->stored);

    return fwvar_value_text(&v);
}

/* The defaults of a setting whose boards differ, when no board is named. */
static void put_defaults(struct fw_buf *out, const struct fwvar_setting *s)
{
    static const char *const boards[] = {"rpi3", "rpi4", "rpi5"};
    struct fwvar_setting_value value;
    char text[FWVAR_SETTING_TEXT_MAX];
    size_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        int code = fwvar_setting_default(s, boards[i], NULL, &value, NULL);
        if (code == 0)
            code = fwvar_setting_format(s, boards[i], value.bytes, value.size, text);
        out->bad |= code == FWVAR_ERR_NOMEM;
        if (code != 0)
            continue;
        fw_buf_printf(out, "%s%s on a %s", n++ ? ", " : "default ", text,
                      fwvar_board_title(boards[i]));
    }
    if (n == 0)
        fw_buf_text(out, "no default known");
}

static int put_default(struct fw_buf *out, const struct fwvar_setting_state *row,
                       const char *board)
{
    char text[FWVAR_SETTING_TEXT_MAX];

    if (!row->has_default) {
        if (*board)
            fw_buf_text(out, "no default known");
        else
            put_defaults(out, row->setting);
        return 0;
    }
    int code = fwvar_setting_format(row->setting, board, row->fallback.bytes,
                                    row->fallback.size, text);
    fw_buf_printf(out, "%s %s", row->default_exact ? "default" : "newest default", text);
    return code == FWVAR_ERR_NOMEM ? code : 0;
}

/* "0 (3 GB limit off); default 1 (3 GB limit on)" */
static char *state_text(const struct fwvar_setting_state *row, const char *board)
{
    const struct fwvar_record *r = row->stored;
    struct fw_buf out = {0};

    if (r) {
        char *value = stored_text(row);
        if (value)
            fw_buf_text(&out, value);
        else
            out.bad = true;
        free(value);
    }
    if (row->knowledge.known == 0)
        fw_buf_printf(&out, "%snot known to this firmware", r ? "; " : "");
    else if (r && row->has_default && r->data_size == row->fallback.size &&
             memcmp(r->data, row->fallback.bytes, r->data_size) == 0)
        fw_buf_text(&out, row->default_exact ? ", the default" : ", the newest default");
    else {
        fw_buf_text(&out, r ? "; " : "");
        if (put_default(&out, row, board) != 0)
            out.bad = true;
    }
    return fw_buf_take_text(&out);
}

static void print_part(FILE *to, const char *left, const char *text)
{
    fprintf(to, "%-*s%s\n", COLUMN, left, text);
}

static void print_details(FILE *to, const struct fwvar_setting_state *row)
{
    const struct fwvar_setting *s = row->setting;
    char guid[FWVAR_GUID_TEXT_SIZE], attributes[48], text[128];

    fwvar_guid_format(&s->guid, guid);
    print_part(to, "    guid", guid);
    view_attributes(s->attributes, attributes);
    if (s->size)
        snprintf(text, sizeof text, "%zu byte%s, %s, attributes %s (0x%x)", s->size,
                 s->size == 1 ? "" : "s", type_names[s->type], attributes, s->attributes);
    else
        snprintf(text, sizeof text, "%s, attributes %s (0x%x)", type_names[s->type],
                 attributes, s->attributes);
    print_part(to, "    type", text);
    print_part(to, "    boards", fwvar_boards_title(s->boards));
    if (s->since || s->until) {
        snprintf(text, sizeof text, "%s%s%s%s", s->since ? s->since : "",
                 s->since && !s->until ? " and newer" : "", s->until ? " to " : "",
                 s->until ? s->until : "");
        print_part(to, "    releases", text[0] == ' ' ? text + 1 : text);
    }
    if (s->menu)
        print_part(to, "    menu", s->menu);
    if (s->menu_default)
        print_part(to, "    menu reset", s->menu_default);
    if (s->rewrite)
        print_part(to, "    rewritten", s->rewrite);
    if (row->knowledge.known == 0)
        print_part(to, "    not known", row->knowledge.reason);
}

static int print_row(const struct view_style *st, const struct fwvar_setting_state *row,
                     const char *board)
{
    const struct fwvar_setting *s = row->setting;
    char allowed[FWVAR_SETTING_TEXT_MAX], left[COLUMN + 1];
    bool dim = row->knowledge.known == 0;
    char *state = state_text(row, board);

    if (!state || fwvar_setting_allowed(s, board, allowed) != 0) {
        free(state);
        return FWVAR_ERR_NOMEM;
    }
    fprintf(st->to, "%s%-*s%s", view_tint(st, dim ? TINT_DIM : TINT_GOOD), COLUMN - 1,
            s->short_name, view_tint(st, TINT_PLAIN));
    fprintf(st->to, " %s\n", state);
    free(state);
    snprintf(left, sizeof left, "  %s ", s->name);
    print_part(st->to, left, allowed);
    print_part(st->to, "", s->meaning);
    if (st->verbose)
        print_details(st->to, row);
    return 0;
}

int view_settings_text(const struct view_style *st, const struct view_settings *in)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < in->count; i++)
        code = print_row(st, &in->rows[i], in->board);
    return code;
}

/* ---- JSON ---- */

static json_t *value_json(const uint8_t *bytes, size_t size, const char *text)
{
    return json_pack("{s:o,s:o}", "data", view_json_hex(bytes, size), "value",
                     view_json_text(text));
}

static json_t *current_json(const struct fwvar_setting_state *row)
{
    json_t *json = NULL;

    if (!row->stored)
        return json_null();
    char *text = stored_text(row);
    if (text)
        json = value_json(row->stored->data, row->stored->data_size, text);
    free(text);
    return json;
}

static json_t *default_json(const struct fwvar_setting_state *row, const char *board)
{
    char text[FWVAR_SETTING_TEXT_MAX];

    if (!row->has_default)
        return json_null();
    if (fwvar_setting_format(row->setting, board, row->fallback.bytes, row->fallback.size,
                             text) == FWVAR_ERR_NOMEM)
        return NULL;
    return value_json(row->fallback.bytes, row->fallback.size, text);
}

static json_t *boards_json(unsigned boards)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{FWVAR_BOARD_RPI3, "rpi3"},
                 {FWVAR_BOARD_RPI4, "rpi4"},
                 {FWVAR_BOARD_RPI5, "rpi5"},
                 {FWVAR_BOARD_OTHER, "other"}};
    json_t *list = json_array();

    for (size_t i = 0; list && i < sizeof names / sizeof names[0]; i++) {
        if (boards & names[i].bit &&
            json_array_append_new(list, json_string(names[i].name))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *number_or_null(size_t n)
{
    return n ? json_integer((json_int_t)n) : json_null();
}

static json_t *known_json(int known)
{
    return known < 0 ? json_null() : json_boolean(known);
}

static json_t *row_json(const struct fwvar_setting_state *row, const char *board)
{
    const struct fwvar_setting *s = row->setting;
    char guid[FWVAR_GUID_TEXT_SIZE], allowed[FWVAR_SETTING_TEXT_MAX];

    fwvar_guid_format(&s->guid, guid);
    if (fwvar_setting_allowed(s, board, allowed) != 0)
        return NULL;
    return json_pack("{s:s,s:s,s:s,s:o,s:s,s:o,s:I,s:o,s:o,s:b,s:s,s:o,s:s?,s:s?,s:s}",
                     "name", s->name, "short_name", s->short_name, "guid", guid, "boards",
                     boards_json(s->boards), "type", type_names[s->type], "size",
                     number_or_null(s->size), "attr", (json_int_t)s->attributes,
                     "current", current_json(row), "default", default_json(row, board),
                     "default_exact", row->has_default && row->default_exact, "allowed",
                     allowed, "known_to_image", known_json(row->knowledge.known), "menu",
                     s->menu, "rewritten", s->rewrite, "meaning", s->meaning);
}

json_t *view_settings_json(const struct view_settings *in)
{
    json_t *list = json_array();
    json_t *doc = json_pack("{s:i,s:o,s:o}", "schema", 1, "image",
                            in->path ? view_json_text(in->path) : json_null(), "release",
                            in->release ? view_release_json(in->release) : json_null());

    int failed = !doc || !list || json_object_set(doc, "settings", list) != 0;
    for (size_t i = 0; !failed && i < in->count; i++)
        failed = json_array_append_new(list, row_json(&in->rows[i], in->board));
    json_decref(list);
    if (failed) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}
