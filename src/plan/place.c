/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "plan/place.h"

#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* jansson refuses what is nested deeper (JSON_PARSER_MAX_DEPTH). */
#define DEPTH_MAX 2048

/* An open array or object. */
struct level {
    bool array;
    size_t index;       /* of the current element of an array */
    size_t path_length; /* of the container's own pointer */
};

/* The pass over the text. */
struct pass {
    const char *p;
    size_t size, at;
    struct level *levels;
    size_t depth;
    struct fw_buf path; /* pointer of the value that is next, without NUL */
    size_t key_at;      /* of the key in front of it */
    bool expects_value;
};

static void skip_space(struct pass *s)
{
    while (s->at < s->size && strchr(" \t\r\n", s->p[s->at]) && s->p[s->at])
        s->at++;
}

/* Moves behind the string that begins here. */
static void skip_string(struct pass *s)
{
    for (s->at++; s->at < s->size && s->p[s->at] != '"'; s->at++) {
        if (s->p[s->at] == '\\')
            s->at++;
    }
    s->at++;
}

static void skip_literal(struct pass *s)
{
    s->at++;
    while (s->at < s->size && !strchr(" \t\r\n,:]}", s->p[s->at]))
        s->at++;
}

static void put_escaped(struct fw_buf *pointer, char c)
{
    if (c == '~' || c == '/')
        fw_buf_text(pointer, c == '~' ? "~0" : "~1");
    else
        fw_buf_put8(pointer, (uint8_t)c);
}

void fw_pointer_escape(struct fw_buf *pointer, const char *key)
{
    for (; *key; key++)
        put_escaped(pointer, *key);
}

/* Appends a key to the path, its raw text with ~ and / escaped as RFC 6901 says. A key
 * with JSON escapes keeps them: no key that the program knows has any. */
static void enter_key(struct pass *s, size_t from, size_t to)
{
    s->path.size = s->levels[s->depth - 1].path_length;
    fw_buf_put8(&s->path, '/');
    for (size_t i = from; i < to; i++)
        put_escaped(&s->path, s->p[i]);
}

static void enter_element(struct pass *s)
{
    const struct level *l = &s->levels[s->depth - 1];

    s->path.size = l->path_length;
    fw_buf_printf(&s->path, "/%zu", l->index);
}

static bool is_wanted(const struct pass *s, const char *pointer)
{
    size_t n = strlen(pointer);

    return s->path.size == n && (n == 0 || memcmp(s->path.p, pointer, n) == 0);
}

static void open_container(struct pass *s)
{
    bool array = s->p[s->at++] == '[';

    if (s->depth < DEPTH_MAX)
        s->levels[s->depth++] = (struct level){array, 0, s->path.size};
    s->expects_value = array;
    if (array)
        enter_element(s);
}

static void next_member(struct pass *s)
{
    struct level *l = &s->levels[s->depth - 1];

    s->at++;
    s->expects_value = l->array;
    if (l->array) {
        l->index++;
        enter_element(s);
    }
}

static void take_string(struct pass *s)
{
    size_t from = s->at + 1;
    bool is_key = !s->expects_value;
    size_t key_at = s->at;

    skip_string(s);
    if (!is_key)
        return;
    s->key_at = key_at;
    enter_key(s, from, s->at > from ? s->at - 1 : from);
    skip_space(s);
    s->at++; /* the colon */
    s->expects_value = true;
}

/* Goes on by one token. Returns true if it is the wanted value: then it has not moved. */
static bool step(struct pass *s, const char *pointer)
{
    skip_space(s);
    if (s->at >= s->size)
        return false;
    char c = s->p[s->at];
    if (s->expects_value && !strchr("]},:", c)) {
        if (is_wanted(s, pointer))
            return true;
        s->expects_value = c == '"'; /* so that a string is not taken for a key */
    }
    if (c == '{' || c == '[')
        open_container(s);
    else if (c == '"')
        take_string(s);
    else if (c == ',' && s->depth > 0)
        next_member(s);
    else if ((c == '}' || c == ']') && s->depth > 0)
        s->at++, s->depth--;
    else if (c == ',' || c == '}' || c == ']' || c == ':')
        s->at++;
    else
        skip_literal(s);
    return false;
}

static struct fw_place place_of(const char *text, size_t at)
{
    struct fw_place place = {1, 1};

    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n')
            place = (struct fw_place){place.line + 1, 1};
        else if (((unsigned char)text[i] & 0xC0) != 0x80)
            place.column++;
    }
    return place;
}

int fw_place_find(const char *text, size_t size, const char *pointer, bool key,
                  struct fw_place *place)
{
    struct pass s = {.p = text, .size = size, .expects_value = true};
    bool found = false;

    s.levels = malloc(DEPTH_MAX * sizeof *s.levels);
    while (s.levels && s.at < s.size && !s.path.bad && !found)
        found = step(&s, pointer);
    if (found)
        *place = place_of(text, key ? s.key_at : s.at);
    free(s.levels);
    fw_buf_free(&s.path);
    return found ? 0 : -1;
}

/* The place of what @pointer names, or of what it stands in: a key written with escapes
 * is not found. False if out of memory. */
static bool find_near(const struct fw_json_text *doc, const char *pointer, bool key,
                      struct fw_place *place)
{
    char *near = strdup(pointer);
    bool found = near && fw_place_find(doc->text, doc->size, near, key, place) == 0;

    while (near && !found && *near) {
        *strrchr(near, '/') = '\0';
        found = fw_place_find(doc->text, doc->size, near, false, place) == 0;
    }
    free(near);
    return found;
}

int fw_place_fail(const struct fw_json_text *doc, const char *pointer, bool key,
                  const char *format, ...)
{
    struct fw_place place;
    char text[384];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!find_near(doc, pointer, key, &place))
        return fw_nomem(doc->diag);
    return fw_fail(doc->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                   "line %u, column %u (%.96s): %s", place.line, place.column,
                   *pointer ? pointer : "top level", text);
}

void fw_place_explain(const struct fw_json_text *doc, const char *pointer)
{
    struct fw_place place;
    struct fwvar_diag *diag = doc->diag;
    char text[sizeof diag->message + 160];

    if (!diag || diag->code == FWVAR_ERR_NOMEM)
        return;
    if (!find_near(doc, pointer, false, &place)) {
        fw_nomem(diag);
        return;
    }
    snprintf(text, sizeof text, "line %u, column %u (%.96s): %s", place.line,
             place.column, *pointer ? pointer : "top level", diag->message);
    snprintf(diag->message, sizeof diag->message, "%.*s", (int)sizeof diag->message - 1,
             text);
}
