/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A list of hosts as CSV (RFC 4180): a row of keys, and a row for each host. */
#include "plan/hosts.h"

#include "base/diag.h"
#include "base/suggest.h"
#include "base/utf16.h"

#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 256

/* The rows; fields belong to the list. */
struct csv {
    struct fwvar_hosts *h;
    struct fwvar_diag *diag;
    size_t at, line; /* of what comes next */
    char between;    /* , ; or a tab */
    const char *fields[COLUMNS_MAX];
    size_t count;
    size_t row_line; /* where the row begins */
};

static int fail(struct csv *c, const char *what)
{
    return fw_fail(c->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "line %zu: %s", c->row_line,
                   what);
}

static char look(const struct csv *c)
{
    return c->at < c->h->size ? c->h->text[c->at] : '\n';
}

static bool at_end_of_field(const struct csv *c)
{
    char next = look(c);

    return next == c->between || next == '\n' || next == '\r';
}

/* Moves behind a line end. */
static void end_line(struct csv *c)
{
    if (look(c) == '\r' && c->at + 1 < c->h->size && c->h->text[c->at + 1] == '\n')
        c->at++;
    c->at++;
    c->line++;
}

static int take_quoted(struct csv *c, struct fw_buf *field)
{
    for (c->at++;; c->at++) {
        if (c->at >= c->h->size) {
            fail(c, "the quote that begins a field is never closed");
            return FWVAR_ERR_ARG;
        }
        char next = c->h->text[c->at];
        if (next == '"' && (c->at + 1 >= c->h->size || c->h->text[c->at + 1] != '"'))
            break;
        c->at += next == '"';
        c->line += next == '\n';
        fw_buf_put8(field, (uint8_t)next);
    }
    c->at++;
    while (look(c) == ' ')
        c->at++;
    return at_end_of_field(c) ? 0 : fail(c, "text behind the closing quote of a field");
}

static int take_plain(struct csv *c, struct fw_buf *field)
{
    for (; !at_end_of_field(c); c->at++) {
        if (look(c) == '"') {
            fail(c, "a quote inside a field");
            fw_hint(c->diag, "put the whole field in quotes and write the quote twice");
            return FWVAR_ERR_ARG;
        }
        fw_buf_put8(field, (uint8_t)look(c));
    }
    while (field->size > 0 && strchr(" \t", field->p[field->size - 1]))
        field->size--;
    return 0;
}

static int take_field(struct csv *c)
{
    struct fw_buf field = {0};

    while (look(c) == ' ')
        c->at++;
    int code = look(c) == '"' ? take_quoted(c, &field) : take_plain(c, &field);
    if (code == 0 && field.size > 0 && memchr(field.p, 0, field.size))
        code = fail(c, "a NUL in a field");
    fw_buf_put8(&field, 0);
    if (code == 0 && c->count == COLUMNS_MAX)
        code = fail(c, "more than 256 fields");
    if (code == 0 && !field.bad)
        c->fields[c->count] = fw_plan_text(c->h->plan, (char *)field.p);
    if (code == 0 && (field.bad || !c->fields[c->count++]))
        code = fw_nomem(c->diag);
    fw_buf_free(&field);
    return code;
}

/* Reads a row that is not empty. Returns 0, 1 at the end, or an error. */
static int take_row(struct csv *c)
{
    while (c->at < c->h->size) {
        c->count = 0;
        c->row_line = c->line;
        int code = take_field(c);
        while (code == 0 && c->at < c->h->size && look(c) == c->between) {
            c->at++;
            code = take_field(c);
        }
        if (code != 0)
            return code;
        end_line(c);
        if (c->count > 1 || *c->fields[0])
            return 0;
    }
    return 1;
}

/* ---- the keys ---- */

/* Keys that mean something to the program are found in any letter case. */
static const char *known_key(const char *name)
{
    static const char *const known[] = {"serial", "mac", "name", "ip"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcasecmp(name, known[i]) == 0)
            return known[i];
    }
    return name;
}

static int check_key(struct csv *c, const char *const *keys, size_t i)
{
    if (!*keys[i])
        return fw_fail(c->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "line %zu: column %zu has no name", c->row_line, i + 1);
    for (const char *const *k = fw_host_plan_keys; *k; k++) {
        if (strcmp(keys[i], *k) == 0) {
            fw_fail(c->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                    "line %zu: \"%s\" of a host cannot be said in CSV", c->row_line, *k);
            fw_hint(c->diag, "write the list as JSON");
            return FWVAR_ERR_ARG;
        }
    }
    for (size_t j = 0; j < i; j++) {
        if (strcmp(keys[i], keys[j]) == 0)
            return fw_fail(c->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "line %zu: two columns are called %.64s", c->row_line,
                           keys[i]);
    }
    return 0;
}

static int take_keys(struct csv *c, const char **keys, size_t *count)
{
    int code = take_row(c);

    if (code == 1)
        return fw_fail(c->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "it is empty");
    for (size_t i = 0; code == 0 && i < c->count; i++) {
        keys[i] = known_key(c->fields[i]);
        code = check_key(c, keys, i);
    }
    *count = c->count;
    return code;
}

/* ---- the hosts ---- */

static int take_host(struct csv *c, const char *const *keys, size_t count)
{
    struct fw_host *host;
    int code = 0;

    if (c->count != count)
        return fw_fail(c->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "line %zu: %zu field%s, the first row has %zu", c->row_line,
                       c->count, c->count == 1 ? "" : "s", count);
    if (c->h->count >= FWVAR_HOSTS_MAX)
        return fail(c, "too many hosts");
    host = fw_hosts_add(c->h);
    if (!host)
        return fw_nomem(c->diag);
    host->line = c->row_line;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = fw_hosts_put(c->h, keys[i], c->fields[i], c->diag);
    return code;
}

static int check_utf8(const struct fwvar_hosts *h, struct fwvar_diag *diag)
{
    struct fw_buf ignored = {0};
    size_t bad_at, line = 1;

    int bad = fw_utf16_put(&ignored, h->text, h->size, &bad_at);
    bool nomem = ignored.bad;
    fw_buf_free(&ignored);
    if (nomem)
        return fw_nomem(diag);
    if (!bad)
        return 0;
    for (size_t i = 0; i < bad_at; i++)
        line += h->text[i] == '\n';
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "line %zu: not UTF-8", line);
    fw_hint(diag, "spreadsheets save it as \"CSV UTF-8\"");
    return FWVAR_ERR_ARG;
}

/* The one that stands first in the first row. */
static char find_separator(const struct fwvar_hosts *h)
{
    for (size_t i = 0; i < h->size && h->text[i] != '\n'; i++) {
        if (h->text[i] != '\0' && strchr(",;\t", h->text[i]))
            return h->text[i];
    }
    return ',';
}

int fw_hosts_read_csv(struct fwvar_hosts *h, struct fwvar_diag *diag)
{
    struct csv c = {.h = h, .diag = diag, .line = 1, .between = find_separator(h)};
    const char *keys[COLUMNS_MAX];
    size_t count = 0;

    int code = check_utf8(h, diag);
    if (code == 0)
        code = take_keys(&c, keys, &count);
    while (code == 0) {
        code = take_row(&c);
        if (code == 0)
            code = take_host(&c, keys, count);
    }
    return code == 1 ? 0 : code;
}
