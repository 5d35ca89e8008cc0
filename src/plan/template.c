/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "plan/template.h"

#include "base/diag.h"

#include <string.h>

#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

int fw_template_next(const char **text, const char **name, size_t *length)
{
    const char *at = *text;

    while (*(at += strcspn(at, "{}"))) {
        if (at[1] == at[0]) {
            at += 2;
            continue;
        }
        *length = at[0] == '{' ? strspn(at + 1, KEY_CHARACTERS) : 0;
        if (*length == 0 || at[1 + *length] != '}')
            return -1;
        *name = at + 1;
        *text = at + 2 + *length;
        return 1;
    }
    return 0;
}

static const char *value_of(const struct fwvar_plan_use *use, const char *name,
                            size_t length)
{
    for (size_t i = 0; use && i < use->key_count; i++) {
        if (strncmp(use->keys[i].name, name, length) == 0 &&
            use->keys[i].name[length] == '\0')
            return use->keys[i].value;
    }
    return NULL;
}

/* Appends text without keys, doubled braces made single. */
static void put_plain(struct fw_buf *out, const char *from, const char *to)
{
    for (; from < to; from++) {
        fw_buf_put8(out, (uint8_t)*from);
        if (*from == '{' || *from == '}')
            from++;
    }
}

static int no_value(const struct fwvar_plan_use *use, const char *name, size_t length,
                    struct fwvar_diag *diag)
{
    int n = length < 64 ? (int)length : 64;

    fw_fail(diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET, "{%.*s} has no value here", n,
            name);
    if (use && use->key_count > 0)
        fw_hint(diag, "give each host \"%.*s\"; a brace itself is written {{ or }}", n,
                name);
    else
        fw_hint(diag, "only `fwvar fleet` fills it in, from its list of hosts; a brace "
                      "itself is written {{ or }}");
    return FWVAR_ERR_NOTFOUND;
}

int fw_template_fill(const struct fw_template *t, const struct fwvar_plan_use *use,
                     struct fw_buf *out, struct fwvar_diag *diag)
{
    const char *at = t->text, *name, *from = at;
    size_t length;

    while (t->open && fw_template_next(&at, &name, &length) == 1) {
        const char *value = value_of(use, name, length);
        if (!value)
            return no_value(use, name, length, diag);
        put_plain(out, from, name - 1);
        fw_buf_text(out, value);
        from = at;
    }
    if (t->open)
        put_plain(out, from, from + strlen(from));
    else
        fw_buf_text(out, from);
    return out->bad ? fw_nomem(diag) : 0;
}

void fw_template_quote(struct fw_buf *out, const char *text)
{
    for (; *text; text++) {
        fw_buf_put8(out, (uint8_t)*text);
        if (*text == '{' || *text == '}')
            fw_buf_put8(out, (uint8_t)*text);
    }
}
