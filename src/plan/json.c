/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Where memory is short jansson's parser may report a syntax error, or leave a byte out
 * of a string and carry on. So an error counts only if a second try has it too, and what
 * was read has to have as many bytes as the text. */
#include "plan/json.h"

#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 2048 /* jansson's own limit (JSON_PARSER_MAX_DEPTH) */

/* What a text and the tree made of it have in common. */
struct tally {
    uint64_t bytes; /* of all strings and keys */
    uint64_t sum;   /* of all integers */
};

/* ---- the text ---- */

/* Counts what stands behind a backslash; returns how many bytes of text that is. */
static size_t count_escape(const char *p, size_t left, struct tally *t)
{
    char digits[5] = {0};

    if (p[0] != 'u' || left < 5) {
        t->bytes++;
        return 1;
    }
    memcpy(digits, p + 1, 4);
    unsigned long c = strtoul(digits, NULL, 16);
    if (c >= 0xD800 && c < 0xE000)
        t->bytes += 2; /* two of these are four bytes of UTF-8 */
    else
        t->bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    return 5;
}

/* @at is behind the opening quote; returns what is behind the closing one. */
static size_t count_string(const char *text, size_t size, size_t at, struct tally *t)
{
    while (at < size && text[at] != '"') {
        if (text[at] == '\\' && at + 1 < size) {
            at++;
            at += count_escape(text + at, size - at, t);
        } else {
            t->bytes++;
            at++;
        }
    }
    return at + 1;
}

static size_t count_number(const char *text, size_t size, size_t at, struct tally *t)
{
    bool negative = text[at] == '-', integer = true;
    uint64_t value = 0;

    for (at += negative; at < size && strchr("0123456789.eE+-", text[at]); at++) {
        if (text[at] == '\0')
            break;
        integer &= text[at] >= '0' && text[at] <= '9';
        value = value * 10 + (uint64_t)(text[at] - '0');
    }
    if (integer)
        t->sum += negative ? -value : value;
    return at;
}

static struct tally tally_text(const char *text, size_t size)
{
    struct tally t = {0};

    for (size_t at = 0; at < size;) {
        if (text[at] == '"')
            at = count_string(text, size, at + 1, &t);
        else if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9'))
            at = count_number(text, size, at, &t);
        else
            at++;
    }
    return t;
}

/* ---- the tree ---- */

/* An array or object that is being counted. */
struct level {
    json_t *value;
    void *member; /* of an object: the next one */
    size_t index; /* of an array: the next element */
};

/* Counts a scalar, or opens a level for what has members. */
static void count_value(json_t *value, struct level *levels, size_t *depth,
                        struct tally *t)
{
    if (json_is_string(value))
        t->bytes += json_string_length(value);
    else if (json_is_integer(value))
        t->sum += (uint64_t)json_integer_value(value);
    else if (json_is_array(value) || json_is_object(value))
        levels[(*depth)++] = (struct level){value, json_object_iter(value), 0};
}

/* The next member of a level, or NULL. */
static json_t *next_value(struct level *l, struct tally *t)
{
    json_t *value = NULL;

    if (json_is_array(l->value))
        return json_array_get(l->value, l->index++);
    if (l->member) {
        t->bytes += strlen(json_object_iter_key(l->member));
        value = json_object_iter_value(l->member);
        l->member = json_object_iter_next(l->value, l->member);
    }
    return value;
}

/* 0 or FWVAR_ERR_NOMEM. */
static int tally_tree(json_t *root, struct tally *t)
{
    struct level *levels = malloc((DEPTH_MAX + 1) * sizeof *levels);
    size_t depth = 0;

    *t = (struct tally){0};
    if (!levels)
        return FWVAR_ERR_NOMEM;
    count_value(root, levels, &depth, t);
    while (depth > 0) {
        json_t *value = next_value(&levels[depth - 1], t);
        if (value)
            count_value(value, levels, &depth, t);
        else
            depth--;
    }
    free(levels);
    return 0;
}

/* ---- putting it together ---- */

static bool same_error(const json_error_t *a, const json_error_t *b)
{
    return a->text[0] && a->line == b->line && a->column == b->column &&
           json_error_code(a) == json_error_code(b) &&
           json_error_code(a) != json_error_out_of_memory;
}

static json_t *load(const struct fw_json_text *doc, json_error_t *error)
{
    return json_loadb(doc->text, doc->size, JSON_REJECT_DUPLICATES, error);
}

json_t *fw_json_parse(const struct fw_json_text *doc, int *code)
{
    struct tally due = tally_text(doc->text, doc->size), is;
    json_error_t error, again;
    json_t *root = load(doc, &error);

    if (!root) {
        root = load(doc, &again);
        if (!root && same_error(&error, &again)) {
            *code = fw_fail(doc->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                            "line %d, column %d: %.200s", error.line, error.column,
                            error.text);
            return NULL;
        }
    } else if (tally_tree(root, &is) == 0 && is.bytes == due.bytes && is.sum == due.sum) {
        return root;
    }
    json_decref(root);
    *code = fw_nomem(doc->diag);
    return NULL;
}
