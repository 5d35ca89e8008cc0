/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* From the text of a value to bytes, and into the transaction. */
#include <fwvar/assign.h>
#include <fwvar/keyoption.h>
#include <fwvar/loadopt.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "edit/boot.h"
#include "edit/edit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- prefixed values, for any variable ---- */

/* One unsigned number up to @max; *end behind it. */
static bool take_number(const char *text, uint64_t max, uint64_t *value, const char **end)
{
    char *stop;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    unsigned long long n =
        strtoull(text, &stop, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10);
    *value = n;
    *end = stop;
    return errno == 0 && n <= max;
}

static int put_numbers(struct fw_buf *out, const char *text, size_t width,
                       struct fwvar_diag *diag)
{
    uint64_t max = width == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * width) - 1, n;
    const char *at = text;

    for (;; at++) {
        if (!take_number(at, max, &n, &at) || (*at && *at != ','))
            return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "'%.64s' is not a number of %zu bits (decimal or 0x…)", text,
                           8 * width);
        for (size_t i = 0; i < width; i++)
            fw_buf_put8(out, (uint8_t)(n >> 8 * i & 0xff));
        if (!*at)
            return 0;
    }
}

static int put_hex(struct fw_buf *out, const char *text, struct fwvar_diag *diag)
{
    size_t bad_at;

    if (fw_unhex(text, strlen(text), out, &bad_at) != 0)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "'%.64s' is not pairs of hex digits (character %zu)", text,
                       bad_at + 1);
    return 0;
}

static int put_utf16(struct fw_buf *out, const char *text, struct fwvar_diag *diag)
{
    size_t bad_at;

    if (fw_utf16_put(out, text, strlen(text), &bad_at) != 0)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "the text is not UTF-8 at byte %zu", bad_at);
    return 0;
}

enum form { FORM_NUMBER, FORM_HEX, FORM_ASCII, FORM_UTF16 };

static const struct {
    const char *prefix;
    enum form form;
    size_t width; /* of a number; of the NUL that is added to text */
} forms[] = {
    {"u8:", FORM_NUMBER, 1},    {"u16:", FORM_NUMBER, 2},  {"u32:", FORM_NUMBER, 4},
    {"u64:", FORM_NUMBER, 8},   {"hex:", FORM_HEX, 0},     {"ascii:", FORM_ASCII, 0},
    {"asciiz:", FORM_ASCII, 1}, {"utf16:", FORM_UTF16, 0}, {"utf16z:", FORM_UTF16, 2},
};

int fw_prefixed_value(struct fw_buf *out, const char *value, struct fwvar_diag *diag)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t n = strlen(forms[i].prefix), width = forms[i].width;
        int code = 0;
        if (strncmp(value, forms[i].prefix, n) != 0)
            continue;
        if (forms[i].form == FORM_NUMBER)
            return put_numbers(out, value + n, width, diag);
        if (forms[i].form == FORM_HEX)
            return put_hex(out, value + n, diag);
        if (forms[i].form == FORM_ASCII)
            fw_buf_text(out, value + n);
        else
            code = put_utf16(out, value + n, diag);
        fw_buf_fill(out, 0, width);
        return code;
    }
    return 1;
}

/* ---- values of known kinds ---- */

/* "0001,0000" or "Boot0001 Boot0000": four hex digits each. */
static int put_boot_numbers(struct fw_buf *out, const char *text, struct fwvar_diag *diag)
{
    const char *at = text;

    while (*at) {
        if (strncmp(at, "Boot", 4) == 0)
            at += 4;
        if (strspn(at, "0123456789ABCDEFabcdef") != 4)
            return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "'%.64s' is not a list of boot numbers (four hex digits each, "
                           "separated by commas)",
                           text);
        fw_buf_put16(out, (uint16_t)strtoul(at, NULL, 16));
        at += 4;
        at += strspn(at, ", ");
    }
    return 0;
}

static int put_number(struct fw_buf *out, const char *text, size_t size,
                      struct fwvar_diag *diag)
{
    return put_numbers(out, text, size, diag);
}

static int put_path(struct fw_buf *out, const char *text, struct fwvar_diag *diag)
{
    return fw_boot_path_text(text, out, diag);
}

static int no_text_form(const char *value, struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
            "'%.64s': this variable has no typed values", value);
    fw_hint(diag, "write u8: u16: u32: u64: hex: ascii: asciiz: utf16: utf16z: or @FILE");
    return FWVAR_ERR_ARG;
}

static int put_known(struct fw_buf *out, const struct fwvar_known *known,
                     const char *value, struct fwvar_diag *diag)
{
    switch (known ? known->kind : FWVAR_KIND_BYTES) {
    case FWVAR_KIND_OPTION:
    case FWVAR_KIND_ORDER:
        return put_boot_numbers(out, value, diag);
    case FWVAR_KIND_NUMBER:
        return put_number(out, value, known->size, diag);
    case FWVAR_KIND_DEVICE_PATH:
        return put_path(out, value, diag);
    case FWVAR_KIND_ASCII:
        fw_buf_text(out, value);
        fw_buf_put8(out, 0);
        return 0;
    default:
        return no_text_form(value, diag);
    }
}

static int put_setting(struct fw_buf *out, const struct fwvar_setting *setting,
                       const char *board, const char *value, bool force,
                       struct fwvar_diag *diag)
{
    struct fwvar_setting_value parsed;
    int code = fwvar_setting_parse(setting, board, value, force, &parsed, diag);

    if (code == 0)
        fw_buf_put(out, parsed.bytes, parsed.size);
    return code;
}

int fw_value_bytes(struct fw_buf *out, const struct fwvar_target *target,
                   const char *board, const char *value, bool force,
                   struct fwvar_diag *diag)
{
    int code = fw_prefixed_value(out, value, diag);

    if (code == 1 && target->setting)
        code = put_setting(out, target->setting, board, value, force, diag);
    else if (code == 1)
        code = put_known(out, target->known, value, diag);
    return code == 0 && out->bad ? fw_nomem(diag) : code;
}

int fwvar_assign_text(struct fwvar_edit *edit, const struct fwvar_target *target,
                      const char *value, const struct fwvar_assign_options *options,
                      struct fwvar_diag *diag)
{
    bool force = fwvar_edit_flags(edit) & FWVAR_EDIT_FORCE;
    struct fw_buf bytes = {0};
    int code = fw_value_bytes(&bytes, target, options->board, value, force, diag);

    if (code == 0)
        code = fwvar_assign_bytes(edit, target, bytes.p, bytes.size, options, diag);
    fw_buf_free(&bytes);
    return code;
}

/* ---- into the transaction ---- */

static int check_size(const struct fwvar_target *t, size_t size, struct fwvar_diag *diag)
{
    size_t due = t->setting ? t->setting->size : t->known ? t->known->size : 0;

    if (due == 0 || size == due)
        return 0;
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
            "%zu byte%s given, the firmware takes exactly %zu", size,
            size == 1 ? "" : "s", due);
    fw_hint(diag, "a wrong size is ignored at boot; insist with --force");
    return FWVAR_ERR_REFUSED;
}

static int check_form(const struct fwvar_target *t, const uint8_t *bytes, size_t size,
                      struct fwvar_diag *diag)
{
    struct fwvar_loadopt option;
    struct fwvar_keyoption key;

    if (!t->known)
        return 0;
    if (t->known->kind == FWVAR_KIND_KEY_OPTION &&
        fwvar_keyoption_decode(bytes, size, &key) != 0) {
        fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                "not a hotkey that the firmware takes");
        fw_hint(diag, "it would be ignored at boot; insist with --force");
        return FWVAR_ERR_REFUSED;
    }
    if (t->known->kind == FWVAR_KIND_ORDER && size % 2)
        return fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                       "a list of boot numbers has an even number of bytes, not %zu",
                       size);
    if (t->known->kind == FWVAR_KIND_LOAD_OPTION &&
        fwvar_loadopt_decode(bytes, size, &option) != 0) {
        fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                "not a load option that the firmware takes: %s",
                fwvar_loadopt_flaw_text(option.flaw));
        fw_hint(diag, "it would be deleted at boot; insist with --force");
        return FWVAR_ERR_REFUSED;
    }
    return 0;
}

static uint32_t due_attributes(const struct fwvar_target *t)
{
    return t->setting ? t->setting->attributes : t->known ? t->known->attributes : 0;
}

/* The attributes a variable gets, and whether they are those the firmware uses. */
static uint32_t attributes_for(const struct fwvar_edit *edit,
                               const struct fwvar_target *t,
                               const struct fwvar_assign_options *o, uint32_t *due)
{
    const uint32_t usual = FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT;
    struct fwvar_variable now;

    *due = due_attributes(t);
    if (o->attributes)
        return *o->attributes;
    if (*due != 0)
        return *due;
    if (fwvar_edit_get(edit, &t->guid, t->name, t->name_size, &now) == 0)
        return now.attributes;
    return usual;
}

static int wrong_attributes(uint32_t attributes, uint32_t due, struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
            "attributes 0x%x, the firmware stores this variable with 0x%x", attributes,
            due);
    fw_hint(diag, "it could not rewrite the variable; insist with --force");
    return FWVAR_ERR_REFUSED;
}

static int needless_time(struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
            "it is not time-authenticated, so it has no timestamp");
    fw_hint(diag, "leave the timestamp out, or add AT to its attributes");
    return FWVAR_ERR_ARG;
}

/* The target with a value; *due as attributes_for() has it. */
static struct fwvar_variable variable_of(const struct fwvar_edit *edit,
                                         const struct fwvar_target *t, const void *bytes,
                                         size_t size,
                                         const struct fwvar_assign_options *options,
                                         uint32_t *due)
{
    return (struct fwvar_variable){.guid = t->guid,
                                   .name = t->name,
                                   .name_size = t->name_size,
                                   .attributes = attributes_for(edit, t, options, due),
                                   .time = options->time,
                                   .data = bytes,
                                   .data_size = size};
}

int fwvar_assign_bytes(struct fwvar_edit *edit, const struct fwvar_target *t,
                       const void *bytes, size_t size,
                       const struct fwvar_assign_options *options,
                       struct fwvar_diag *diag)
{
    bool force = fwvar_edit_flags(edit) & FWVAR_EDIT_FORCE;
    uint32_t due;
    struct fwvar_variable v = variable_of(edit, t, bytes, size, options, &due);

    if (due && v.attributes != due && !force)
        return wrong_attributes(v.attributes, due, diag);
    if (v.time && !(v.attributes & FWVAR_ATTR_AUTH_TIME))
        return needless_time(diag);
    int code = force ? 0 : check_size(t, size, diag);
    if (code == 0 && !force)
        code = check_form(t, bytes, size, diag);
    return code == 0 ? fwvar_edit_set(edit, &v, diag) : code;
}

int fw_assign_declared(struct fwvar_edit *edit, const struct fwvar_target *t,
                       const void *bytes, size_t size,
                       const struct fwvar_assign_options *options,
                       struct fwvar_diag *diag)
{
    uint32_t due;
    struct fwvar_variable v = variable_of(edit, t, bytes, size, options, &due);

    return fw_assign_carried(edit, &v, diag);
}

/* The target that a variable is. Returns 1 if its name is longer than any known one. */
static int target_of(const struct fwvar_variable *v, struct fwvar_target *t,
                     struct fwvar_diag *diag)
{
    struct fw_buf text = {0};

    memset(t, 0, sizeof *t);
    if (v->name_size > sizeof t->name)
        return 1;
    t->guid = v->guid;
    t->name_size = v->name_size;
    memcpy(t->name, v->name, v->name_size);
    fw_utf16_text(&text, v->name, v->name_size, FW_ESCAPE_INVALID);
    char *name = fw_buf_take_text(&text);
    if (!name)
        return fw_nomem(diag);
    t->setting = fwvar_setting_by_variable(name, &v->guid);
    t->known = fwvar_known_find(&v->guid, v->name, v->name_size);
    int code = fw_check_digits(t, name, diag);
    free(name);
    return code;
}

uint32_t fw_due_attributes(const struct fwvar_variable *v)
{
    struct fwvar_target t;

    return target_of(v, &t, NULL) == 0 ? due_attributes(&t) : 0;
}

int fw_assign_carried(struct fwvar_edit *edit, const struct fwvar_variable *v,
                      struct fwvar_diag *diag)
{
    bool force = fwvar_edit_flags(edit) & FWVAR_EDIT_FORCE;
    struct fwvar_target t;
    struct fwvar_variable now;

    if (fwvar_edit_get(edit, &v->guid, v->name, v->name_size, &now) == 0 &&
        fw_same_value(&now, v))
        return 0; /* however odd it is, it is so already */
    int code = force ? 1 : target_of(v, &t, diag);
    if (code != 0)
        return code == 1 ? fw_edit_carry(edit, v, diag) : code;
    uint32_t due = due_attributes(&t);
    if (due && v->attributes != due)
        return wrong_attributes(v->attributes, due, diag);
    code = check_size(&t, v->data_size, diag);
    if (code == 0)
        code = check_form(&t, v->data, v->data_size, diag);
    return code == 0 ? fw_edit_carry(edit, v, diag) : code;
}

/* ---- attributes and timestamps ---- */

static const struct {
    const char *name;
    uint32_t bit;
} attribute_names[] = {
    {"NV", FWVAR_ATTR_NV},       {"BS", FWVAR_ATTR_BS},        {"RT", FWVAR_ATTR_RT},
    {"HR", FWVAR_ATTR_HW_ERROR}, {"AT", FWVAR_ATTR_AUTH_TIME},
};

static uint32_t attribute_bit(const char *word, size_t n)
{
    for (size_t i = 0; i < sizeof attribute_names / sizeof attribute_names[0]; i++) {
        if (n == 2 && strncasecmp(word, attribute_names[i].name, 2) == 0)
            return attribute_names[i].bit;
    }
    return 0;
}

int fwvar_attributes_parse(const char *text, uint32_t *attributes,
                           struct fwvar_diag *diag)
{
    const char *at = text;
    uint32_t all = 0;
    uint64_t n;

    if (take_number(text, UINT32_MAX, &n, &at) && !*at) {
        *attributes = (uint32_t)n;
        return 0;
    }
    for (at = text;; at++) {
        size_t length = strcspn(at, "+,|");
        uint32_t bit = attribute_bit(at, length);
        if (!bit)
            return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "'%.64s' are not attributes: NV, BS, RT, HR, AT joined by +, "
                           "or a number",
                           text);
        all |= bit;
        at += length;
        if (!*at)
            break;
    }
    *attributes = all;
    return 0;
}

/* A date, or a date and a time of day, in the order they are written. */
struct moment {
    unsigned year, month, day, hour, minute, second;
};

/* EFI_TIME has years 1900 to 9999 and 60 seconds. */
static bool is_moment(const struct moment *m)
{
    static const unsigned days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = m->year % 4 == 0 && (m->year % 100 != 0 || m->year % 400 == 0);

    return m->year >= 1900 && m->year <= 9999 && m->month >= 1 && m->month <= 12 &&
           m->day >= 1 && m->day <= days[m->month - 1] + (m->month == 2 && leap) &&
           m->hour < 24 && m->minute < 60 && m->second < 60;
}

/* Reads three numbers of at most @width and two digits with a sign between them. Returns
 * what follows, or NULL. */
static const char *take_numbers(const char *p, size_t width, char between,
                                unsigned *const to[3])
{
    for (size_t i = 0; i < 3; i++) {
        size_t n = strspn(p, "0123456789");
        if (n == 0 || n > (i == 0 ? width : 2) || (i < 2 && p[n] != between))
            return NULL;
        for (*to[i] = 0; n > 0; n--)
            *to[i] = *to[i] * 10 + (unsigned)(*p++ - '0');
        p += i < 2;
    }
    return p;
}

/* YYYY-MM-DD, and HH:MM:SS behind a T or a space, and a Z; false if it is none. */
static bool take_moment(const char *text, struct moment *m)
{
    *m = (struct moment){0};
    text = take_numbers(text, 4, '-', (unsigned *[]){&m->year, &m->month, &m->day});
    if (text && (*text == 'T' || *text == ' '))
        text = take_numbers(text + 1, 2, ':',
                            (unsigned *[]){&m->hour, &m->minute, &m->second});
    if (text && *text == 'Z')
        text++;
    return text && !*text && is_moment(m);
}

int fwvar_time_parse(const char *text, uint8_t time[16], struct fwvar_diag *diag)
{
    struct fw_buf raw = {0};
    struct moment m;
    size_t bad_at;

    if (strlen(text) == 32 && fw_unhex(text, 32, &raw, &bad_at) == 0 && !raw.bad) {
        memcpy(time, raw.p, 16);
        fw_buf_free(&raw);
        return 0;
    }
    fw_buf_free(&raw);
    if (!take_moment(text, &m))
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "'%.64s' is not a time: 2026-01-31T12:00:00 (UTC), or 32 hex "
                       "digits of an EFI_TIME",
                       text);
    memset(time, 0, 16);
    fw_put16(time, (uint16_t)m.year);
    time[2] = (uint8_t)m.month;
    time[3] = (uint8_t)m.day;
    time[4] = (uint8_t)m.hour;
    time[5] = (uint8_t)m.minute;
    time[6] = (uint8_t)m.second;
    return 0;
}
