/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "plan/json.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/suggest.h"

#include <stdlib.h>
#include <string.h>

void fw_json_skip_mark(const char **text, size_t *size)
{
    if (*size >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *size -= 3;
    }
}

/* When memory is short jansson may take a good text for a bad one, or drop a character of
 * a string and say nothing. So a text is parsed twice: what differs was not the text. */
json_t *fw_json_parse(const struct fw_json_text *doc)
{
    json_error_t error, other;
    json_t *root = json_loadb(doc->text, doc->size, JSON_REJECT_DUPLICATES, &error);
    json_t *again = json_loadb(doc->text, doc->size, JSON_REJECT_DUPLICATES, &other);
    bool same = root ? json_equal(root, again) : !again;

    json_decref(again);
    if (root && same)
        return root;
    if (!same || error.line < 0 || json_error_code(&error) == json_error_out_of_memory)
        fw_nomem(doc->diag);
    else
        fw_fail(doc->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "line %d, column %d: %.200s",
                error.line, error.column, error.text);
    json_decref(root);
    return NULL;
}

static bool is_in(const char *key, const char *const *list)
{
    for (; list && *list; list++) {
        if (strcmp(key, *list) == 0)
            return true;
    }
    return false;
}

static void offer(struct fw_suggest *s, const char *const *list)
{
    for (; list && *list; list++)
        fw_suggest_try(s, *list);
}

static int unknown_key(const struct fw_json_text *doc, const char *pointer,
                       const char *key, const char *near)
{
    struct fw_buf place = {0};

    fw_buf_text(&place, pointer);
    fw_buf_text(&place, "/");
    fw_pointer_escape(&place, key);
    char *text = fw_buf_take_text(&place);
    if (!text)
        return fw_nomem(doc->diag);
    int code = fw_place_fail(doc, text, true, "unknown key \"%.64s\"", key);
    free(text);
    if (code == FWVAR_ERR_ARG && near)
        fw_hint(doc->diag, "did you mean \"%s\"?", near);
    return code;
}

int fw_json_check_keys(const struct fw_json_text *doc, const json_t *object,
                       const char *pointer, const char *const *known,
                       const char *const *also)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        if (is_in(key, known) || is_in(key, also))
            continue;
        struct fw_suggest near = fw_suggest(key);
        offer(&near, known);
        offer(&near, also);
        return unknown_key(doc, pointer, key, near.best);
    }
    return 0;
}

const char *fw_json_kind(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return "a number";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_NULL:
        return "null";
    default:
        return "true or false";
    }
}

static int put(const char *text, size_t size, void *buffer)
{
    struct fw_buf *out = buffer;

    fw_buf_put(out, text, size);
    return out->bad ? -1 : 0;
}

/* Not json_dumps(), which leaves out what it has no memory for. */
char *fw_json_dump(const json_t *root)
{
    struct fw_buf out = {0};

    if (json_dump_callback(root, put, &out, JSON_INDENT(2)) != 0)
        out.bad = true;
    fw_buf_text(&out, "\n");
    return fw_buf_take_text(&out);
}
