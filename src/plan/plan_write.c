/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A plan that reproduces an image: its settings and its hand-made boot entries. */
#include "plan/plan.h"

#include "base/diag.h"
#include "base/utf16.h"
#include "edit/boot.h"
#include "know/bound.h"
#include "know/settings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One run. */
struct writing {
    const struct fwvar_variables *variables;
    struct fwvar_firmware *firmware;
    const char *board;
    void (*note)(void *context, const char *text);
    void *context;
    struct fwvar_boot_menu menu;
    struct fwvar_diag *diag;
    bool no_memory; /* for a note */
};

__attribute__((format(printf, 2, 3))) static void note(struct writing *w,
                                                       const char *format, ...)
{
    char *text;
    va_list args;

    if (!w->note)
        return;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0) {
        w->no_memory = true;
        return;
    }
    w->note(w->context, text);
    free(text);
}

/* Adds a text so that it is no template. Returns 0, or -1 if out of memory. */
static int set_text(json_t *object, const char *key, const char *text)
{
    struct fw_buf quoted = {0};

    fw_template_quote(&quoted, text);
    char *own = fw_buf_take_text(&quoted);
    int failed = own ? json_object_set_new(object, key, json_string(own)) : -1;
    free(own);
    return failed;
}

/* ---- settings ---- */

static bool holds_default(const struct fwvar_setting_state *s)
{
    return s->has_default && s->default_exact &&
           s->fallback.size == s->stored->data_size &&
           memcmp(s->fallback.bytes, s->stored->data, s->fallback.size) == 0;
}

/* Whether reading the text gives the stored bytes back. */
static bool means(const struct writing *w, const struct fwvar_setting_state *s,
                  const char *text)
{
    struct fwvar_setting_value value;

    return fwvar_setting_parse(s->setting, w->board, text, false, &value, NULL) == 0 &&
           value.size == s->stored->data_size &&
           memcmp(value.bytes, s->stored->data, value.size) == 0;
}

/* The key under which the setting is found again in an image of this board. */
static const char *key_of(const struct writing *w, const struct fwvar_setting *s,
                          char *full, size_t room)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];
    char guid[FWVAR_GUID_TEXT_SIZE];

    if (fwvar_setting_find(s->short_name, w->board, found) == 1 && found[0] == s)
        return s->short_name;
    fwvar_guid_format(&s->guid, guid);
    snprintf(full, room, "%s-%s", guid, s->name);
    return full;
}

/* A number is written as one, all else as text. */
static int set_value(json_t *settings, const char *key, const struct fwvar_setting *s,
                     const char *text)
{
    bool number = s->type == FWVAR_SETTING_UNSIGNED || s->type == FWVAR_SETTING_SIGNED;
    char *end;

    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (number && *text && !*end && errno == 0)
        return json_object_set_new(settings, key, json_integer(n));
    return set_text(settings, key, text);
}

/* A value as --set takes it: in words where there are words, else as it is typed; what is
 * out of range, as bytes. */
static int put_value(struct writing *w, const struct fwvar_setting_state *s,
                     json_t *settings)
{
    const struct fwvar_record *r = s->stored;
    struct fw_buf typed = {0};
    char full[256];

    fw_setting_typed(s->setting, w->board, r->data, r->data_size, &typed);
    char *text = fw_buf_take_text(&typed);
    if (text && !means(w, s, text)) {
        free(text);
        fw_buf_text(&typed, "hex:");
        fw_buf_hex(&typed, r->data, r->data_size);
        text = fw_buf_take_text(&typed);
    }
    int failed = text ? set_value(settings, key_of(w, s->setting, full, sizeof full),
                                  s->setting, text)
                      : -1;
    free(text);
    return failed;
}

static bool is_sound(struct writing *w, const struct fwvar_setting_state *s)
{
    const struct fwvar_setting *row = s->setting;

    if (row->size != 0 && s->stored->data_size != row->size)
        note(w, "%s is left out: it has %zu bytes, the firmware takes %zu",
             row->short_name, (size_t)s->stored->data_size, row->size);
    else if (s->stored->attributes != row->attributes)
        note(w, "%s is left out: its attributes are not those of the firmware",
             row->short_name);
    else
        return true;
    return false;
}

/* What the firmware keeps for itself, and what belongs to one board, is no setting. */
static bool is_portable(const struct fwvar_setting_state *s)
{
    struct fwvar_variable v = fwvar_record_variable(s->stored);
    const struct fw_bound *bound = fw_bound_find(&v);

    return !bound || !(bound->use & (FW_BOUND_TIES | FW_BOUND_STATE));
}

static int put_settings(struct writing *w, json_t *root)
{
    json_t *settings = json_object();
    struct fwvar_setting_state s;
    int code = settings ? 0 : fw_nomem(w->diag);

    for (size_t i = 0; code == 0 && i < fwvar_setting_count(); i++) {
        const struct fwvar_setting *row = fwvar_setting_at(i);
        if (!fwvar_variables_get(w->variables, &row->guid, row->name) ||
            strcmp(row->name, "Timeout") == 0)
            continue;
        code =
            fwvar_setting_inspect(row, w->firmware, w->board, w->variables, &s, w->diag);
        if (code == 0 && !holds_default(&s) && is_portable(&s) && is_sound(w, &s) &&
            put_value(w, &s, settings) != 0)
            code = fw_nomem(w->diag);
    }
    if (code == 0 && json_object_size(settings) > 0 &&
        json_object_set(root, "settings", settings) != 0)
        code = fw_nomem(w->diag);
    json_decref(settings);
    return code;
}

/* ---- entries ---- */

/* Whether a label leads back to the description. */
static bool is_faithful(const struct fwvar_boot_entry *e)
{
    struct fw_buf wide = {0};
    size_t bad_at;

    bool same = e->label[0] &&
                fw_utf16_put(&wide, e->label, strlen(e->label), &bad_at) == 0 &&
                !wide.bad && wide.size == e->option.description_size &&
                memcmp(wide.p, e->option.description, wide.size) == 0;
    fw_buf_free(&wide);
    return same;
}

static bool is_repeated(const struct fwvar_boot_menu *m, const struct fwvar_boot_entry *e)
{
    for (size_t i = 0; i < m->count; i++) {
        if (&m->entries[i] != e && !fwvar_loadopt_is_auto(&m->entries[i].option) &&
            strcmp(m->entries[i].label, e->label) == 0)
            return true;
    }
    return false;
}

/* Whether the plan has the entry; what it cannot say is told of if @aloud. */
static bool is_ours(struct writing *w, const struct fwvar_boot_entry *e, bool aloud)
{
    const char *why = NULL;

    if (e->auto_created)
        return false;
    if (e->option.flaw != FWVAR_LOADOPT_OK)
        why = fwvar_loadopt_flaw_text(e->option.flaw);
    else if (!e->in_order)
        why = "BootOrder does not name it";
    else if (!is_faithful(e))
        why = "a plan cannot write its label";
    else if (is_repeated(&w->menu, e))
        why = "another entry has the same label";
    if (why && aloud)
        note(w, "Boot%04X (%s) is left out: %s", e->number, e->label, why);
    else if (aloud && (e->option.attributes & ~FWVAR_LOADOPT_ACTIVE))
        note(w, "Boot%04X (%s): attributes other than active are left out", e->number,
             e->label);
    return !why;
}

typedef int path_builder(const char *, struct fw_buf *, struct fwvar_diag *);

/* Sets a path in one of its short forms, if that leads back to the same bytes: 0, 1 if
 * not, -1 if out of memory. */
static int set_short(json_t *object, const char *key, const char *text,
                     path_builder *build, const struct fwvar_boot_entry *e)
{
    struct fw_buf path = {0};

    bool same = build(text, &path, NULL) == 0 && path.size == e->option.path_size &&
                memcmp(path.p, e->option.path, path.size) == 0;
    fw_buf_free(&path);
    return same ? set_text(object, key, text) : 1;
}

/* The text of a URI or file path node that is a whole path; NULL if out of memory. */
static char *node_text(const struct fwvar_boot_entry *e, bool wide)
{
    struct fwvar_devpath_node n;
    struct fw_buf text = {0};
    size_t at = 0;

    if (fwvar_devpath_next(e->option.path, e->option.path_size, &at, &n) == 0 &&
        n.length >= 4) {
        if (wide)
            fw_utf16_text(&text, n.data, fw_utf16_length(n.data, n.length - 4u),
                          FW_ESCAPE_INVALID);
        else
            fw_buf_put(&text, n.data, n.length - 4u);
    }
    return fw_buf_take_text(&text);
}

static int set_path(json_t *object, const struct fwvar_boot_entry *e)
{
    char mac[18], *text = NULL;
    int done = 1;

    if (e->kind == FWVAR_BOOT_PXE4) {
        snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", e->mac[0], e->mac[1],
                 e->mac[2], e->mac[3], e->mac[4], e->mac[5]);
        done = set_short(object, "pxe", mac, fw_boot_path_pxe, e);
    } else if (e->kind == FWVAR_BOOT_HTTP || e->kind == FWVAR_BOOT_FILE) {
        bool file = e->kind == FWVAR_BOOT_FILE;
        text = node_text(e, file);
        done = text ? set_short(object, file ? "file" : "http", text,
                                file ? fw_boot_path_file : fw_boot_path_http, e)
                    : -1;
    }
    free(text);
    return done == 1 ? set_text(object, "path", e->path) : done;
}

static int set_data(json_t *object, const struct fwvar_boot_entry *e)
{
    struct fw_buf hex = {0};

    if (e->option.data_size == 0)
        return 0;
    fw_buf_hex(&hex, e->option.data, e->option.data_size);
    char *text = fw_buf_take_text(&hex);
    int failed =
        text ? json_object_set_new(object, "optional_data", json_string(text)) : -1;
    free(text);
    return failed;
}

static int add_entry(json_t *list, const struct fwvar_boot_entry *e)
{
    json_t *o = json_object();

    if (!o || set_text(o, "label", e->label) != 0 || set_path(o, e) != 0 ||
        (!(e->option.attributes & FWVAR_LOADOPT_ACTIVE) &&
         json_object_set_new(o, "active", json_false()) != 0) ||
        set_data(o, e) != 0) {
        json_decref(o);
        return -1;
    }
    return json_array_append_new(list, o);
}

/* ---- order ---- */

/* A label as "order" and "next" take it for sure. */
static json_t *reference(const struct fwvar_boot_entry *e)
{
    bool plain = strncmp(e->label, "label:", 6) != 0 && strcmp(e->label, "*") != 0 &&
                 strcmp(e->label, "none") != 0;
    struct fw_buf text = {0};
    uint16_t number;

    if (!plain || fw_boot_is_number(e->label, &number))
        fw_buf_text(&text, "label:");
    fw_template_quote(&text, e->label);
    char *own = fw_buf_take_text(&text);
    json_t *json = own ? json_string(own) : NULL;
    free(own);
    return json;
}

/* The entries in the order of BootOrder, and the order with * for what is not ours. Where
 * that is in more than one place no plan can say it: then the entries' order has to do.
 */
static int put_order(struct writing *w, json_t *entries, json_t *order)
{
    bool open = false, closed = false, scattered = false;
    int failed = 0;

    for (size_t i = 0; !failed && i < w->menu.order_count; i++) {
        const struct fwvar_boot_entry *e =
            fwvar_boot_menu_find(&w->menu, w->menu.order[i]);
        if (e && is_ours(w, e, false)) {
            failed = add_entry(entries, e) || json_array_append_new(order, reference(e));
            closed = open;
        } else if (!open) {
            failed = json_array_append_new(order, json_string("*"));
            open = true;
        } else {
            scattered |= closed;
        }
    }
    if (!failed && !open)
        failed = json_array_append_new(order, json_string("*"));
    if (scattered) {
        json_array_clear(order);
        note(w, "the order is left out: other entries stand between those of the plan in "
                "several places");
    }
    return failed;
}

static int put_next(struct writing *w, json_t *boot)
{
    if (!w->menu.has_next)
        return 0;
    const struct fwvar_boot_entry *e = fwvar_boot_menu_find(&w->menu, w->menu.next);
    if (e && is_ours(w, e, false))
        return json_object_set_new(boot, "next", reference(e));
    note(w, "BootNext is left out: %04X is no entry of the plan", w->menu.next);
    return 0;
}

static int fill_boot(struct writing *w, json_t *boot, json_t *entries, json_t *order)
{
    for (size_t i = 0; i < w->menu.count; i++)
        is_ours(w, &w->menu.entries[i], true);
    if (put_order(w, entries, order) != 0)
        return -1;
    if (json_array_size(entries) > 0 && (json_object_set(boot, "entries", entries) != 0))
        return -1;
    if (json_array_size(entries) > 0 && json_array_size(order) > 0 &&
        json_object_set(boot, "order", order) != 0)
        return -1;
    if (put_next(w, boot) != 0)
        return -1;
    return w->menu.has_timeout
               ? json_object_set_new(boot, "timeout", json_integer(w->menu.timeout))
               : 0;
}

static int put_boot(struct writing *w, json_t *root)
{
    int code = fwvar_boot_menu_read(w->variables, &w->menu, w->diag);

    if (code != 0)
        return code;
    json_t *boot = json_object(), *entries = json_array(), *order = json_array();
    if (!boot || !entries || !order || fill_boot(w, boot, entries, order) != 0 ||
        (json_object_size(boot) > 0 && json_object_set(root, "boot", boot) != 0))
        code = fw_nomem(w->diag);
    json_decref(boot);
    json_decref(entries);
    json_decref(order);
    fwvar_boot_menu_free(&w->menu);
    return code;
}

/* ---- the plan ---- */

int fwvar_plan_write(const struct fwvar_variables *variables,
                     struct fwvar_firmware *firmware,
                     void (*note_text)(void *context, const char *text), void *context,
                     char **text, struct fwvar_diag *diag)
{
    struct writing w = {.variables = variables,
                        .firmware = firmware,
                        .note = note_text,
                        .context = context,
                        .diag = diag};
    const struct fwvar_release *release;

    int code = fwvar_firmware_release(firmware, FWVAR_EFFORT_CONTENT, &release, diag);
    if (code != 0)
        return code;
    w.board = release->board;
    json_t *root = json_pack("{s:i}", "schema", 1);
    if (!root)
        return fw_nomem(diag);
    code = put_settings(&w, root);
    if (code == 0)
        code = put_boot(&w, root);
    char *body = code == 0 ? fw_json_dump(root) : NULL;
    json_decref(root);
    if (code == 0 && (!body || w.no_memory))
        code = fw_nomem(diag);
    if (code != 0) {
        free(body);
        return code;
    }
    *text = body;
    return 0;
}
