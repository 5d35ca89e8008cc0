/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Text to device path: separators, nodes, and errors with their column. */
#include "base/diag.h"
#include "base/suggest.h"
#include "base/utf16.h"
#include "format/devpath_nodes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct parse {
    const char *text;
    size_t size;
    size_t at;
    struct fw_buf *out;
    bool raw;
    struct fw_dp_error *error;
};

/* One node's text: [from, to), and where its arguments lie if it has the form name(…). */
struct element {
    size_t from;
    size_t to;
    size_t name_end;
    size_t open;  /* the parenthesis behind the name, or 0 */
    size_t close; /* the one that matches it */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '-' || c == '_';
}

/* Finds the end of the node at e->from: a separator outside parentheses. */
static int find_end(const struct parse *s, struct element *e)
{
    size_t depth = 0, i = e->from, first = 0;

    for (; i < s->size; i++) {
        char c = s->text[i];
        if (depth == 0 && (c == '/' || c == ','))
            break;
        if (c == '(') {
            if (depth++ == 0)
                first = i;
        } else if (c == ')') {
            if (depth == 0)
                return fw_dp_expected(s->error, i, "'(' before ')'");
            if (--depth == 0 && first == e->open)
                e->close = i;
        }
    }
    if (depth)
        return fw_dp_expected(s->error, s->size, "')'");
    e->to = i;
    while (e->to > e->from && is_space(s->text[e->to - 1]))
        e->to--;
    return 0;
}

static int find_element(const struct parse *s, struct element *e)
{
    *e = (struct element){.from = s->at};
    size_t i = s->at;

    while (i < s->size && is_name(s->text[i]))
        i++;
    e->name_end = i;
    while (i < s->size && is_space(s->text[i]))
        i++;
    if (e->name_end > e->from && i < s->size && s->text[i] == '(')
        e->open = i;
    return find_end(s, e);
}

static bool is_called(const struct parse *s, const struct element *e, const char *name)
{
    size_t n = e->name_end - e->from;

    return strlen(name) == n && strncasecmp(s->text + e->from, name, n) == 0;
}

/* Appends the node that @args holds. */
static int put_node(struct parse *s, size_t at, uint8_t type, uint8_t subtype,
                    const struct fw_dp_args *args, const struct fw_dp_row *row)
{
    size_t length = FW_DP_HEADER + (row ? row->fixed : 0u) + args->tail.size;

    for (size_t i = 0; row && i < row->strings; i++)
        length += args->strings[i].size + 1;
    if (length > UINT16_MAX)
        return fw_dp_expected(s->error, at, "a node of at most 65535 bytes");
    fw_buf_put8(s->out, type);
    fw_buf_put8(s->out, subtype);
    fw_buf_put16(s->out, (uint16_t)length);
    if (row)
        fw_buf_put(s->out, args->fixed, row->fixed);
    for (size_t i = 0; row && i < row->strings; i++) {
        fw_buf_put(s->out, args->text + args->strings[i].at, args->strings[i].size);
        fw_buf_put8(s->out, 0);
    }
    fw_buf_put(s->out, args->tail.p, args->tail.size);
    return 0;
}

static int parse_row(struct parse *s, const struct element *e,
                     const struct fw_dp_row *row)
{
    struct fw_dp_args args = fw_dp_args(s->text, e->open + 1, e->close, s->error);
    int err = fw_dp_read_fields(&args, row);

    if (!err)
        err = put_node(s, e->from, row->type, row->subtype, &args, row);
    fw_buf_free(&args.tail);
    return err;
}

static int parse_generic(struct parse *s, const struct element *e, uint8_t type)
{
    struct fw_dp_args args = fw_dp_args(s->text, e->open + 1, e->close, s->error);
    uint8_t subtype = 0;
    int err = fw_dp_read_generic(&args, &type, &subtype);

    if (!err && type == FW_DP_TYPE_END && subtype == FW_DP_END_ENTIRE)
        err = fw_dp_expected(s->error, e->from,
                             "no end node inside a path (Raw(hex) can write one)");
    if (!err)
        err = put_node(s, e->from, type, subtype, &args, NULL);
    fw_buf_free(&args.tail);
    return err;
}

static int parse_raw(struct parse *s, const struct element *e)
{
    struct fw_dp_args args = fw_dp_args(s->text, e->open + 1, e->close, s->error);
    int err = fw_dp_read_hex(&args);

    if (!err && args.more)
        err = fw_dp_expected(s->error, args.at, "')' after the last argument");
    if (!err && args.tail.bad)
        err = FWVAR_ERR_NOMEM;
    if (!err)
        fw_buf_put(s->out, args.tail.p, args.tail.size);
    s->raw = true;
    fw_buf_free(&args.tail);
    return err;
}

static int parse_file_path(struct parse *s, const struct element *e)
{
    size_t bad;
    struct fw_dp_args args = {.text = s->text};
    int err = 0;

    if (fw_utf16_put(&args.tail, s->text + e->from, e->to - e->from, &bad) != 0)
        err = fw_dp_expected(s->error, e->from + bad, "valid UTF-8");
    fw_buf_put16(&args.tail, 0);
    if (!err && args.tail.bad)
        err = FWVAR_ERR_NOMEM;
    if (!err)
        err = put_node(s, e->from, FW_DP_TYPE_MEDIA, FW_DP_FILE_PATH, &args, NULL);
    fw_buf_free(&args.tail);
    return err;
}

static int unknown_name(struct parse *s, const struct element *e)
{
    char typed[32] = "";
    struct fw_suggest near = fw_suggest(typed);

    if (e->name_end - e->from < sizeof typed) {
        memcpy(typed, s->text + e->from, e->name_end - e->from);
        near = fw_suggest(typed);
    }
    for (size_t i = 0; i < fw_dp_row_count; i++)
        fw_suggest_try(&near, fw_dp_rows[i].name);
    for (size_t i = 0; i < fw_dp_generic_count; i++)
        fw_suggest_try(&near, fw_dp_generics[i].name);
    return fw_dp_expected(s->error, e->from, "the name of a device path node%s%s",
                          near.best ? ", perhaps " : "", near.best ? near.best : "");
}

/* A known name: reads its node. 1 if the name is unknown. */
static int parse_named(struct parse *s, const struct element *e)
{
    int err = 1;

    for (size_t i = 0; i < fw_dp_row_count && (err == 1 || err == FWVAR_ERR_ARG); i++) {
        if (is_called(s, e, fw_dp_rows[i].name))
            err = parse_row(s, e, &fw_dp_rows[i]);
    }
    for (size_t i = 0; i < fw_dp_generic_count && err == 1; i++) {
        if (is_called(s, e, fw_dp_generics[i].name))
            err = parse_generic(s, e, fw_dp_generics[i].type);
    }
    if (err == 1 && is_called(s, e, "Raw"))
        err = parse_raw(s, e);
    return err;
}

static int parse_element(struct parse *s)
{
    struct element e;
    int err = find_element(s, &e);

    if (err)
        return err;
    s->at = e.to;
    if (!e.open)
        return parse_file_path(s, &e);
    err = parse_named(s, &e);
    if (err == 1) /* edk2 makes a file path of any unknown name; a typo is more likely */
        return e.close + 1 == e.to ? unknown_name(s, &e) : parse_file_path(s, &e);
    if (!err && e.close + 1 != e.to)
        return fw_dp_expected(s->error, e.close + 1, "'/', ',' or the end after ')'");
    return err;
}

int fw_dp_parse(const char *text, size_t size, struct fw_buf *out, bool *raw,
                struct fw_dp_error *error)
{
    struct parse s = {.text = text, .size = size, .out = out, .error = error};
    bool node = false; /* the last thing read was a node, which a comma may end */

    while (s.at < size) {
        char c = text[s.at];
        if (is_space(c) || c == '/') {
            s.at++;
        } else if (c == ',') { /* one without a node before it is skipped, as in edk2 */
            static const uint8_t end_one[] = {FW_DP_TYPE_END, FW_DP_END_ONE, 4, 0};
            if (node)
                fw_buf_put(out, end_one, sizeof end_one);
            node = false;
            s.at++;
        } else if (s.raw) {
            return fw_dp_expected(error, s.at, "nothing after Raw()");
        } else {
            int err = parse_element(&s);
            if (err)
                return err;
            error->set = false;
            node = !s.raw;
        }
    }
    *raw = s.raw;
    return out->bad ? FWVAR_ERR_NOMEM : 0;
}

static size_t column(const char *text, size_t at)
{
    size_t n = 1;

    for (size_t i = 0; i < at; i++)
        n += ((uint8_t)text[i] & 0xc0) != 0x80;
    return n;
}

/* "column 5: expected …, found 'x'" */
static int fail(struct fwvar_diag *diag, const char *text, size_t size,
                const struct fw_dp_error *error)
{
    struct fw_buf found = {0};
    size_t n = 0;

    if (!diag)
        return FWVAR_ERR_ARG;
    while (error->at + n < size && n < 40 && !strchr("/,()", text[error->at + n]))
        n++;
    if (n == 0 && error->at < size)
        n = 1;
    fw_text_escaped(&found, text + error->at, n);
    char *shown = fw_buf_take_text(&found);
    if (!shown)
        return fw_nomem(diag);
    if (n)
        fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                "column %zu: expected %s, found '%s'", column(text, error->at),
                error->text, shown);
    else
        fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                "column %zu: expected %s, found the end", column(text, error->at),
                error->text);
    free(shown);
    return FWVAR_ERR_ARG;
}

int fwvar_devpath_parse(const char *text, uint8_t **bytes, size_t *size,
                        struct fwvar_diag *diag)
{
    static const uint8_t end_entire[] = {FW_DP_TYPE_END, FW_DP_END_ENTIRE, 4, 0};
    struct fw_buf out = {0};
    struct fw_dp_error error = {0};
    bool raw = false;
    size_t length = strlen(text);
    int err = fw_dp_parse(text, length, &out, &raw, &error);

    if (!err && !raw)
        fw_buf_put(&out, end_entire, sizeof end_entire);
    if (!err && !out.p) /* Raw() alone: no bytes, but still something to free */
        out.p = malloc(1);
    if (!err && (out.bad || !out.p))
        err = FWVAR_ERR_NOMEM;
    if (err) {
        fw_buf_free(&out);
        return err == FWVAR_ERR_NOMEM ? fw_nomem(diag) : fail(diag, text, length, &error);
    }
    *bytes = out.p;
    *size = out.size;
    return 0;
}
