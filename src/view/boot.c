/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/boot.h"

#include "base/bytes.h"
#include "base/utf16.h"

#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

/* What efibootmgr cannot say about an entry, as one indented line. */
static void print_notes(const struct view_style *st, const struct fwvar_boot_entry *e)
{
    uint32_t attributes = e->option.attributes;
    const char *notes[8];
    char mac[64];
    size_t n = 0;

    if (e->option.flaw != FWVAR_LOADOPT_OK)
        notes[n++] = fwvar_loadopt_flaw_text(e->option.flaw);
    if (e->kind == FWVAR_BOOT_MENU)
        notes[n++] = "menu application";
    if (fwvar_loadopt_is_auto(&e->option))
        notes[n++] = "made by the firmware, deleted where its device is absent";
    if (e->has_mac) {
        snprintf(mac, sizeof mac, "tied to MAC %02x:%02x:%02x:%02x:%02x:%02x", e->mac[0],
                 e->mac[1], e->mac[2], e->mac[3], e->mac[4], e->mac[5]);
        notes[n++] = mac;
    }
    if (!e->in_order)
        notes[n++] = e->is_next ? "not in BootOrder, but BootNext"
                                : "not in BootOrder: the firmware will overwrite it";
    if (!(attributes & FWVAR_LOADOPT_ACTIVE))
        notes[n++] = "not active";
    if (attributes & FWVAR_LOADOPT_HIDDEN && e->kind != FWVAR_BOOT_MENU)
        notes[n++] = "hidden";
    if (n == 0)
        return;
    fprintf(st->to, "%s          ", view_tint(st, TINT_DIM));
    for (size_t i = 0; i < n; i++)
        fprintf(st->to, "%s%s", i ? "; " : "", notes[i]);
    fprintf(st->to, "%s\n", view_tint(st, TINT_PLAIN));
}

static int print_entry(const struct view_style *st, const struct fwvar_boot_entry *e)
{
    bool active = e->option.attributes & FWVAR_LOADOPT_ACTIVE;

    fprintf(st->to, "Boot%04X%c ", e->number, active ? '*' : ' ');
    int code = view_print_escaped(st->to, e->label);
    if (code != 0)
        return code;
    fprintf(st->to, "\t%s", e->path);
    if (e->option.data_size && !fwvar_loadopt_is_auto(&e->option))
        fprintf(st->to, " (%zu byte%s of data)", e->option.data_size,
                e->option.data_size == 1 ? "" : "s");
    fputc('\n', st->to);
    print_notes(st, e);
    return 0;
}

static void print_head(const struct view_style *st, const struct fwvar_boot_menu *m)
{
    if (m->has_next)
        fprintf(st->to, "BootNext: %04X\n", m->next);
    if (m->has_timeout)
        fprintf(st->to, "Timeout: %u seconds\n", m->timeout);
    if (m->has_order) {
        fputs("BootOrder: ", st->to);
        for (size_t i = 0; i < m->order_count; i++)
            fprintf(st->to, "%s%04X", i ? "," : "", m->order[i]);
        fputs(m->order_odd ? " (broken: odd size)\n" : "\n", st->to);
    }
    if (m->count == 0)
        fputs("No boot entries.\n", st->to);
}

static void print_forecast(const struct view_style *st, const struct view_boot *b)
{
    static const char *const words[] = {"create", "try", "skip", "then"};

    fputs("\nServed to a board without disks, the firmware will:\n", st->to);
    for (size_t i = 0; i < b->step_count; i++) {
        const struct fwvar_boot_step *s = &b->steps[i];
        fprintf(st->to, "  %-6s ", words[s->kind]);
        if (s->has_number)
            fprintf(st->to, "%04X: ", s->number);
        fprintf(st->to, "%s\n", s->text);
    }
}

int view_boot_text(const struct view_style *st, const struct view_boot *b)
{
    int code = 0;

    print_head(st, b->menu);
    for (size_t i = 0; code == 0 && i < b->menu->count; i++)
        code = print_entry(st, &b->menu->entries[i]);
    if (code == 0)
        print_forecast(st, b);
    return code;
}

/* ---- JSON ---- */

static json_t *number_json(bool there, uint16_t number)
{
    char text[5];

    snprintf(text, sizeof text, "%04X", number);
    return there ? json_string(text) : json_null();
}

static json_t *entry_json(const struct fwvar_boot_entry *e)
{
    const struct fwvar_loadopt *o = &e->option;
    json_t *mac = e->has_mac ? view_json_hex(e->mac, 6) : json_null();
    json_t *flaw = o->flaw == FWVAR_LOADOPT_OK
                       ? json_null()
                       : json_string(fwvar_loadopt_flaw_text(o->flaw));

    return json_pack(
        "{s:o,s:b,s:b,s:o,s:o,s:o,s:b,s:b,s:b,s:s,s:o,s:o}", "number",
        number_json(true, e->number), "active",
        (int)(o->attributes & FWVAR_LOADOPT_ACTIVE), "hidden",
        (o->attributes & FWVAR_LOADOPT_HIDDEN) != 0, "description",
        view_json_text(e->label), "path", view_json_text(e->path), "optional_data",
        o->data_size ? view_json_hex(o->data, o->data_size) : json_null(), "in_order",
        e->in_order, "auto_created", e->auto_created, "host_specific", e->has_mac,
        "class", fwvar_boot_class_name(e->kind), "mac", mac, "broken", flaw);
}

static json_t *forecast_json(const struct view_boot *b)
{
    static const char *const words[] = {"create", "try", "skip", "end"};
    json_t *list = json_array();

    for (size_t i = 0; list && i < b->step_count; i++) {
        const struct fwvar_boot_step *s = &b->steps[i];
        json_t *o = json_pack("{s:s,s:o,s:s}", "step", words[s->kind], "number",
                              number_json(s->has_number, s->number), "text", s->text);
        if (json_array_append_new(list, o) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *view_boot_json(const char *path, const struct view_boot *b)
{
    const struct fwvar_boot_menu *m = b->menu;
    json_t *order = json_array(), *options = json_array();
    int failed = !order || !options;

    for (size_t i = 0; !failed && i < m->order_count; i++)
        failed = json_array_append_new(order, number_json(true, m->order[i]));
    for (size_t i = 0; !failed && i < m->count; i++)
        failed = json_array_append_new(options, entry_json(&m->entries[i]));
    if (failed) {
        json_decref(order);
        json_decref(options);
        return NULL;
    }
    return json_pack("{s:i,s:o,s:o,s:o,s:o,s:o,s:o}", "schema", 1, "image",
                     view_json_text(path), "next", number_json(m->has_next, m->next),
                     "timeout", m->has_timeout ? json_integer(m->timeout) : json_null(),
                     "order", order, "options", options, "forecast", forecast_json(b));
}
