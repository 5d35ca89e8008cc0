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

json_t *fw_json_parse(const struct fw_json_text *doc)
{
    json_error_t error;
    json_t *root = json_loadb(doc->text, doc->size, JSON_REJECT_DUPLICATES, &error);

    if (!root && json_error_code(&error) == json_error_out_of_memory)
        fw_nomem(doc->diag);
    else if (!root)
        fw_fail(doc->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "line %d, column %d: %.200s",
                error.line, error.column, error.text);
    return root;
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

char *fw_json_dump(const json_t *root)
{
    char *body = json_dumps(root, JSON_INDENT(2));
    size_t length = body ? strlen(body) : 0;
    char *line = body ? realloc(body, length + 2) : NULL;

    if (!line) {
        free(body);
        return NULL;
    }
    memcpy(line + length, "\n", 2);
    return line;
}
