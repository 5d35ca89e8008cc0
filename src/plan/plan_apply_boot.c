/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Applying the boot menu of plans. BootOrder is written once, however many entries there
 * are. */
#include "plan/plan.h"

#include "base/diag.h"
#include "edit/boot.h"
#include "edit/edit.h"
#include "edit/menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTRIBUTES (FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT)

/* An entry of a plan on its way into the menu. */
struct wanted {
    const struct fwvar_plan *plan;
    const struct fw_plan_entry *entry;
    size_t index; /* in its plan */
    char *label;
    uint16_t number;
    bool replaced; /* by one of the plan that follows */
};

/* One run. */
struct work {
    struct fw_plan_applying *a;
    const struct fwvar_plan *plans[2];
    struct wanted *list;
    size_t count;
    const struct wanted **by_label; /* of the list, without replaced ones */
    size_t by_label_count;
};

/* ---- bytes of an entry ---- */

int fw_plan_path_bytes(const struct fw_plan_applying *a, const struct fw_plan_entry *e,
                       struct fw_buf *bytes)
{
    static int (*const builders[])(const char *, struct fw_buf *, struct fwvar_diag *) = {
        [FW_PLAN_DEVICE_PATH] = fw_boot_path_text,
        [FW_PLAN_HTTP] = fw_boot_path_http,
        [FW_PLAN_PXE] = fw_boot_path_pxe,
        [FW_PLAN_FILE] = fw_boot_path_file};
    char *text;
    int code = fw_plan_fill(a, &e->path, &text);

    if (code != 0)
        return code;
    code = builders[e->form](text, bytes, a->diag);
    free(text);
    return code;
}

int fw_plan_data_bytes(const struct fw_plan_applying *a, const struct fw_plan_entry *e,
                       struct fw_buf *bytes)
{
    struct fw_buf hex = {0};
    char *text;

    if (!e->data.text)
        return 0;
    int code = fw_plan_fill(a, &e->data, &text);
    if (code != 0)
        return code;
    code = fw_prefixed_value(bytes, text, a->diag);
    if (code == 1) {
        fw_buf_printf(&hex, "hex:%s", text);
        char *prefixed = fw_buf_take_text(&hex);
        code = prefixed ? fw_prefixed_value(bytes, prefixed, a->diag) : fw_nomem(a->diag);
        free(prefixed);
    }
    free(text);
    return code == 0 && bytes->bad ? fw_nomem(a->diag) : code;
}

static int explain(const struct work *w, const struct wanted *e, const char *key,
                   int code)
{
    char at[48];

    if (code == 0)
        return 0;
    snprintf(at, sizeof at, "/boot/entries/%zu", e->index);
    w->a->plan = e->plan;
    return fw_plan_explain(w->a, code, at, key);
}

/* ---- which entries there shall be ---- */

static int gather(struct work *w)
{
    for (size_t p = 0; p < 2 && w->plans[p]; p++) {
        for (size_t i = 0; i < w->plans[p]->entry_count; i++) {
            struct wanted *e = &w->list[w->count++];
            *e = (struct wanted){
                .plan = w->plans[p], .entry = &w->plans[p]->entries[i], .index = i};
            int code = fw_plan_fill(w->a, &e->entry->label, &e->label);
            if (code != 0)
                return explain(w, e, "label", code);
        }
    }
    return 0;
}

/* By label, then in the order of the plans. */
static int compare_wanted(const void *a, const void *b)
{
    const struct wanted *x = *(const struct wanted *const *)a;
    const struct wanted *y = *(const struct wanted *const *)b;
    int order = strcmp(x->label, y->label);

    return order != 0 ? order : (x > y) - (x < y);
}

/* Of two entries with one label that of the later plan counts; in one plan they are a
 * contradiction. */
static int settle_labels(struct work *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->count; i++)
        w->by_label[i] = &w->list[i];
    qsort(w->by_label, w->count, sizeof *w->by_label, compare_wanted);
    for (size_t i = 0; i < w->count; i++) {
        const struct wanted *e = w->by_label[i];
        if (n == 0 || strcmp(w->by_label[n - 1]->label, e->label) != 0) {
            w->by_label[n++] = e;
            continue;
        }
        const struct wanted *before = w->by_label[n - 1];
        if (before->plan == e->plan)
            return explain(w, e, "label",
                           fw_fail(w->a->diag, FWVAR_ERR_AMBIGUOUS, FWVAR_NO_OFFSET,
                                   "the same label as /boot/entries/%zu: %.128s",
                                   before->index, e->label));
        w->list[before - w->list].replaced = true;
        w->by_label[n - 1] = e;
    }
    w->by_label_count = n;
    return 0;
}

/* Moves *number on to the next one of a set; false at the end. */
static bool next_of(const struct fw_number_set *set, uint32_t *number)
{
    while (*number < FW_NUMBERS && !fw_set_has(set, (uint16_t)*number)) {
        bool empty = *number % 64 == 0 && set->words[*number / 64] == 0;
        *number += empty ? 64 : 1;
    }
    return *number < FW_NUMBERS;
}

static bool is_ours(const struct fw_menu *m, uint32_t number)
{
    return !fwvar_loadopt_is_auto(&fw_menu_find(m, (uint16_t)number)->option);
}

static int several(const struct work *w, const struct wanted *e, const struct fw_menu *m,
                   const struct fw_number_set *numbers)
{
    struct fw_buf list = {0};

    for (uint32_t n = 0; next_of(numbers, &n); n++) {
        const struct fwvar_loadopt *o = &fw_menu_find(m, (uint16_t)n)->option;
        char *path = is_ours(m, n) ? fwvar_devpath_text(o->path, o->path_size) : NULL;
        if (path)
            fw_buf_printf(&list, "%s%04X %s", list.size ? ", " : "", n, path);
        free(path);
    }
    char *text = fw_buf_take_text(&list);
    if (!text)
        return fw_nomem(w->a->diag);
    fw_fail(w->a->diag, FWVAR_ERR_AMBIGUOUS, FWVAR_NO_OFFSET,
            "several boot entries are called %.128s", e->label);
    fw_hint(w->a->diag, "a plan finds entries by label; remove all but one of %s", text);
    free(text);
    return FWVAR_ERR_AMBIGUOUS;
}

/* Finds the entry of the menu that one of the plan means, or a number for a new one. What
 * the firmware marked as its own doesn't count: it deletes that as it likes. */
static int place(const struct work *w, struct wanted *e,
                 const struct fwvar_boot_entry **there)
{
    struct fw_number_set numbers = {{0}};
    const struct fw_menu *m;
    size_t ours = 0;

    *there = NULL;
    int code = fw_menu_pending(w->a->edit, &m, w->a->diag);
    if (code != 0)
        return code;
    fw_menu_labelled(m, e->label, &numbers);
    for (uint32_t n = 0; next_of(&numbers, &n); n++) {
        if (!is_ours(m, n))
            continue;
        e->number = (uint16_t)n;
        *there = fw_menu_find(m, e->number);
        ours++;
    }
    if (ours > 1)
        return several(w, e, m, &numbers);
    if (ours == 1 || fw_menu_free_number(m, &e->number) == 0)
        return 0;
    return fw_fail(w->a->diag, FWVAR_ERR_SPACE, FWVAR_NO_OFFSET,
                   "no boot number is free");
}

/* ---- writing them ---- */

/* Of the load option's attributes a plan says only whether it is active. */
static uint32_t option_attributes(const struct wanted *e,
                                  const struct fwvar_boot_entry *there)
{
    uint32_t old = there && there->option.flaw == FWVAR_LOADOPT_OK
                       ? there->option.attributes & ~FWVAR_LOADOPT_ACTIVE
                       : 0;

    return old | (e->entry->inactive ? 0 : FWVAR_LOADOPT_ACTIVE);
}

static int write_option(const struct work *w, const struct wanted *e,
                        const struct fwvar_boot_entry *there, const struct fw_buf *path,
                        const struct fw_buf *data)
{
    struct fwvar_boot_new entry = {e->label, path->p,    path->size,
                                   data->p,  data->size, e->entry->inactive};
    struct fwvar_diag *diag = w->a->diag;
    char name[9];
    uint8_t *bytes;
    size_t size;

    int code = fw_boot_encode(&entry, option_attributes(e, there), &bytes, &size, diag);
    if (code != 0)
        return code;
    fw_boot_name(e->number, name);
    code = fwvar_edit_set_named(w->a->edit, &fwvar_global_guid, name,
                                there ? there->variable.attributes : ATTRIBUTES, bytes,
                                size, diag);
    free(bytes);
    return code;
}

static int write_entry(const struct work *w, struct wanted *e)
{
    const struct fwvar_boot_entry *there;
    struct fw_buf path = {0}, data = {0};

    int code = place(w, e, &there);
    if (code != 0)
        return explain(w, e, "label", code);
    code = fw_plan_path_bytes(w->a, e->entry, &path);
    if (code == 0)
        code = fw_plan_data_bytes(w->a, e->entry, &data);
    if (code == 0)
        code = write_option(w, e, there, &path, &data);
    fw_buf_free(&path);
    fw_buf_free(&data);
    return explain(w, e, NULL, code);
}

/* Puts what is not in BootOrder at its end: the firmware would overwrite it. */
static int append_order(const struct work *w)
{
    const struct fw_menu *m;
    int code = fw_menu_pending(w->a->edit, &m, w->a->diag);

    if (code != 0)
        return code;
    size_t n = m->order_count;
    uint16_t *order = malloc((n + w->count + 1) * sizeof *order);
    if (!order)
        return fw_nomem(w->a->diag);
    for (size_t i = 0; i < n; i++)
        order[i] = m->order[i];
    for (size_t i = 0; i < w->count; i++) {
        if (!w->list[i].replaced && !fw_set_has(&m->ordered, w->list[i].number))
            order[n++] = w->list[i].number;
    }
    if (n > m->order_count)
        code = fw_boot_write_order(w->a->edit, order, n, w->a->diag);
    free(order);
    return code;
}

static int apply_entries(struct work *w)
{
    int code = gather(w);

    if (code == 0)
        code = settle_labels(w);
    for (size_t i = 0; code == 0 && i < w->count; i++) {
        if (!w->list[i].replaced)
            code = write_entry(w, &w->list[i]);
    }
    return code == 0 ? append_order(w) : code;
}

/* ---- order and next ---- */

static const struct wanted *find_wanted(const struct work *w, const char *label)
{
    size_t low = 0, high = w->by_label_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(w->by_label[middle]->label, label);
        if (order == 0)
            return w->by_label[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Appends what the calls of fwvar/boot.h understand: labels become numbers, since a label
 * may have a comma, or be one of the plan's own beside one of the firmware. @word has a
 * meaning of its own here, whatever an entry is called. */
static int put_reference(const struct work *w, const char *text, const char *word,
                         struct fw_buf *out)
{
    bool forced = strncmp(text, "label:", 6) == 0;
    const char *label = forced ? text + 6 : text;
    struct fw_number_set numbers = {{0}};
    const struct fw_menu *m;
    uint32_t first = 0;
    uint16_t number;

    if (strcmp(text, word) == 0 || (!forced && fw_boot_is_number(text, &number))) {
        fw_buf_text(out, text);
        return 0;
    }
    const struct wanted *e = find_wanted(w, label);
    if (e) {
        fw_buf_printf(out, "%04X", e->number);
        return 0;
    }
    int code = fw_menu_pending(w->a->edit, &m, w->a->diag);
    if (code != 0)
        return code;
    if (fw_menu_labelled(m, label, &numbers) == 1 && next_of(&numbers, &first))
        fw_buf_printf(out, "%04X", first);
    else if (strchr(text, ','))
        return fw_fail(w->a->diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET,
                       "no boot entry %.128s, or several", label);
    else
        fw_buf_text(out, text);
    return 0;
}

static int fill_reference(const struct work *w, const struct fw_template *t,
                          const char *word, struct fw_buf *out)
{
    char *text;
    int code = fw_plan_fill(w->a, t, &text);

    if (code != 0)
        return code;
    code = put_reference(w, text, word, out);
    free(text);
    return code;
}

static int apply_order(const struct work *w, const struct fwvar_plan *plan)
{
    struct fw_buf list = {0};
    char at[48];
    int code = 0;

    w->a->plan = plan;
    for (size_t i = 0; code == 0 && i < plan->order_count; i++) {
        if (i > 0)
            fw_buf_put8(&list, ',');
        snprintf(at, sizeof at, "/boot/order/%zu", i);
        code = fill_reference(w, &plan->order[i], "*", &list);
        code = fw_plan_explain(w->a, code, at, NULL);
    }
    char *text = fw_buf_take_text(&list);
    if (code == 0 && !text)
        code = fw_nomem(w->a->diag);
    if (code == 0) {
        code = fwvar_boot_order(w->a->edit, text, w->a->diag);
        code = fw_plan_explain(w->a, code, "/boot/order", NULL);
    }
    free(text);
    return code;
}

static int apply_next(const struct work *w, const struct fwvar_plan *plan)
{
    struct fw_buf entry = {0};

    w->a->plan = plan;
    int code = fill_reference(w, &plan->next, "none", &entry);
    char *text = fw_buf_take_text(&entry);
    if (code == 0)
        code = text ? fwvar_boot_act(w->a->edit, FWVAR_BOOT_NEXT, text, w->a->diag)
                    : fw_nomem(w->a->diag);
    free(text);
    return fw_plan_explain(w->a, code, "/boot/next", NULL);
}

static int apply_timeout(const struct work *w, const struct fwvar_plan *plan)
{
    uint8_t bytes[2];

    fw_put16(bytes, (uint16_t)plan->timeout);
    w->a->plan = plan;
    int code = fwvar_edit_set_named(w->a->edit, &fwvar_global_guid, "Timeout", ATTRIBUTES,
                                    bytes, sizeof bytes, w->a->diag);
    return fw_plan_explain(w->a, code, "/boot/timeout", NULL);
}

/* ---- the menu ---- */

/* The plan that says something: the later one if it does. */
static const struct fwvar_plan *who_orders(const struct work *w)
{
    if (w->plans[1] && w->plans[1]->order_count)
        return w->plans[1];
    return w->plans[0]->order_count ? w->plans[0] : NULL;
}

static const struct fwvar_plan *who_boots_next(const struct work *w)
{
    if (w->plans[1] && w->plans[1]->next.text)
        return w->plans[1];
    return w->plans[0]->next.text ? w->plans[0] : NULL;
}

static const struct fwvar_plan *who_waits(const struct work *w)
{
    if (w->plans[1] && w->plans[1]->timeout >= 0)
        return w->plans[1];
    return w->plans[0]->timeout >= 0 ? w->plans[0] : NULL;
}

static int apply_menu(struct work *w)
{
    size_t wanted =
        w->plans[0]->entry_count + (w->plans[1] ? w->plans[1]->entry_count : 0);
    const struct fwvar_plan *order = who_orders(w), *next = who_boots_next(w);
    const struct fw_menu *ignored;

    if (wanted == 0 && !order && !next)
        return 0;
    w->a->plan = w->plans[0];
    int code = fw_menu_for_edit(w->a->edit, &ignored, w->a->diag);
    if (code != 0)
        return fw_plan_explain(w->a, code, "/boot", NULL);
    w->list = calloc(wanted + 1, sizeof *w->list);
    w->by_label = calloc(wanted + 1, sizeof *w->by_label);
    if (!w->list || !w->by_label)
        return fw_nomem(w->a->diag);
    if (wanted > 0)
        code = apply_entries(w);
    if (code == 0 && order)
        code = apply_order(w, order);
    return code == 0 && next ? apply_next(w, next) : code;
}

int fw_plan_apply_boot(struct fw_plan_applying *a, const struct fwvar_plan *plan,
                       const struct fwvar_plan *then)
{
    struct work w = {.a = a, .plans = {plan, then}};
    int code = apply_menu(&w);
    const struct fwvar_plan *timeout = who_waits(&w);

    if (code == 0 && timeout)
        code = apply_timeout(&w, timeout);
    for (size_t i = 0; i < w.count; i++)
        free(w.list[i].label);
    free(w.list);
    free((void *)w.by_label);
    return code;
}
