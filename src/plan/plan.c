/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Plans as things: making, freeing, telling their kinds apart. */
#include "plan/plan.h"

#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

/* A piece of memory of a plan. */
struct fw_plan_block {
    struct fw_plan_block *next;
    _Alignas(max_align_t) unsigned char bytes[];
};

void *fw_plan_alloc(struct fwvar_plan *plan, size_t size)
{
    struct fw_plan_block *b = calloc(1, sizeof *b + size);

    if (!b)
        return NULL;
    b->next = plan->blocks;
    plan->blocks = b;
    return b->bytes;
}

char *fw_plan_text(struct fwvar_plan *plan, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = fw_plan_alloc(plan, size);

    return copy ? memcpy(copy, text, size) : NULL;
}

static struct fwvar_plan *new_plan(const struct fw_json_text *doc, const char *prefix)
{
    struct fwvar_plan *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->text = doc->text;
    p->text_size = doc->size;
    p->timeout = -1;
    p->prefix = fw_plan_text(p, prefix);
    if (p->prefix)
        return p;
    free(p);
    return NULL;
}

void fwvar_plan_free(struct fwvar_plan *plan)
{
    if (!plan)
        return;
    fwvar_varlist_free(plan->document);
    for (struct fw_plan_block *b = plan->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(plan->needs);
    free(plan);
}

const char *fwvar_plan_needs(const struct fwvar_plan *plan, size_t i)
{
    return i < plan->need_count ? plan->needs[i] : NULL;
}

int fw_plan_from_json(const json_t *object, const char *pointer,
                      const struct fw_json_text *doc, unsigned parts,
                      struct fwvar_plan **plan)
{
    static const struct {
        enum fw_plan_part part;
        const char *key;
        int (*read)(struct fw_plan_reading *, const json_t *);
    } readers[] = {
        {FW_PLAN_EXPECT, "expect", fw_plan_read_expect},
        {FW_PLAN_SETTINGS, "settings", fw_plan_read_settings},
        {FW_PLAN_VARIABLES, "variables", fw_plan_read_variables},
        {FW_PLAN_DELETE, "delete", fw_plan_read_delete},
        {FW_PLAN_BOOT, "boot", fw_plan_read_boot},
    };
    struct fw_plan_reading r = {new_plan(doc, pointer), *doc};
    int code = r.plan ? 0 : fw_nomem(doc->diag);

    for (size_t i = 0; code == 0 && i < sizeof readers / sizeof readers[0]; i++) {
        const json_t *value = json_object_get(object, readers[i].key);
        if (value && (parts & readers[i].part))
            code = readers[i].read(&r, value);
    }
    if (code != 0) {
        fwvar_plan_free(r.plan);
        return code;
    }
    *plan = r.plan;
    return 0;
}

/* ---- the top level ---- */

int fw_plan_check_schema(const struct fw_json_text *doc, const json_t *root)
{
    const json_t *schema = json_object_get(root, "schema");

    if (!schema)
        return fw_place_fail(doc, "", false, "\"schema\": 1 is missing");
    if (!json_is_integer(schema))
        return fw_place_fail(doc, "/schema", false, "%s, a number is expected",
                             fw_json_kind(schema));
    if (json_integer_value(schema) != 1)
        return fw_place_fail(doc, "/schema", false,
                             "schema %" JSON_INTEGER_FORMAT " is not known, only 1 is",
                             json_integer_value(schema));
    return 0;
}

static int read_native(const struct fw_json_text *doc, const json_t *root,
                       struct fwvar_plan **plan)
{
    int code = fw_json_check_keys(doc, root, "", fw_plan_keys, NULL);

    if (code == 0)
        code = fw_plan_check_schema(doc, root);
    return code == 0 ? fw_plan_from_json(root, "", doc, FW_PLAN_ALL, plan) : code;
}

static int read_document(const struct fw_json_text *doc, const json_t *root,
                         struct fwvar_plan **plan)
{
    struct fwvar_plan *p = new_plan(doc, "");

    if (!p)
        return fw_nomem(doc->diag);
    int code = fw_document_from_json(root, doc, &p->document);
    if (code != 0) {
        fwvar_plan_free(p);
        return code;
    }
    *plan = p;
    return 0;
}

/* A list, or an object with nothing but what variable documents have. */
static bool is_document(const json_t *root)
{
    const char *key;
    json_t *value;

    if (!json_is_object(root))
        return true;
    json_object_foreach((json_t *)root, key, value)
    {
        if (strcmp(key, "version") == 0)
            return true;
    }
    return json_object_size(root) == 1 && json_object_get(root, "variables");
}

int fwvar_plan_read(const char *text, size_t size, struct fwvar_plan **plan,
                    struct fwvar_diag *diag)
{
    struct fw_json_text doc = {text, size, diag};

    fw_json_skip_mark(&doc.text, &doc.size);
    if (doc.size > FWVAR_PLAN_SIZE_MAX)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "a plan has at most %u bytes", FWVAR_PLAN_SIZE_MAX);
    json_t *root = fw_json_parse(&doc);
    if (!root)
        return diag ? (int)diag->code : FWVAR_ERR_ARG;
    struct fwvar_plan *p;
    int code =
        is_document(root) ? read_document(&doc, root, &p) : read_native(&doc, root, &p);
    json_decref(root);
    if (code != 0)
        return code;
    /* Places are looked up only for errors, in a copy of the text. */
    char *own = fw_plan_alloc(p, doc.size + 1);
    if (!own) {
        fwvar_plan_free(p);
        return fw_nomem(diag);
    }
    memcpy(own, doc.text, doc.size);
    p->text = own;
    *plan = p;
    return 0;
}
