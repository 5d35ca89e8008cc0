/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A plan as it is kept, and how it is read and applied. */
#ifndef FW_PLAN_PLAN_H
#define FW_PLAN_PLAN_H

#include "plan/json.h"
#include "plan/template.h"

#include <fwvar/assign.h>
#include <fwvar/boot.h>
#include <fwvar/varlist.h>

/* ---- what a plan holds; all of it belongs to the plan ---- */

struct fw_plan_setting {
    const char *name;
    struct fw_template value; /* as --set takes it */
};

struct fw_plan_variable {
    const char *name; /* as --set takes it; with @has_guid the variable's own */
    struct fwvar_guid guid;
    bool has_guid, has_attributes, has_time;
    uint32_t attributes;
    uint8_t time[16];
    struct fw_template value; /* "u16:5"; what has no keys is in @data instead */
    const uint8_t *data;
    size_t data_size;
};

enum fw_plan_path { FW_PLAN_DEVICE_PATH, FW_PLAN_HTTP, FW_PLAN_PXE, FW_PLAN_FILE };

struct fw_plan_entry {
    struct fw_template label, path, data;
    enum fw_plan_path form;
    bool inactive;
};

/* What a variable is expected to be. */
struct fw_plan_expected {
    const char *name; /* as --set takes it */
    const struct fwvar_guid *guid;
    const char **values; /* as --set takes them */
    size_t count;        /* 0: it is not there */
};

/* A list of words of which one has to be so. */
struct fw_plan_words {
    const char **words;
    size_t count;
};

/* A version and how the release has to stand to it. */
struct fw_plan_release {
    char how[3]; /* ">=", "<=", ">", "<", "=" */
    const char *version;
};

struct fwvar_plan {
    const char *text; /* JSON; the plan's own, or it outlives the plan */
    size_t text_size;
    char *prefix;                   /* JSON pointer of the plan in it */
    struct fwvar_varlist *document; /* a variable document, or NULL */
    struct fw_plan_block *blocks;   /* memory */
    const char **needs;             /* keys, NULL at the end */
    size_t need_count, need_cap;

    struct fw_plan_words boards, layouts;
    struct fw_plan_release *releases;
    size_t release_count;
    struct fw_plan_expected *expected;
    size_t expected_count;
    struct fw_plan_setting *settings;
    size_t setting_count;
    struct fw_plan_variable *variables;
    size_t variable_count;
    const char **deletes;
    size_t delete_count;
    struct fw_plan_entry *entries;
    size_t entry_count;
    struct fw_template *order;
    size_t order_count;
    struct fw_template next; /* text NULL: not said */
    int32_t timeout;         /* -1: not said */
};

/* Memory that lives as long as the plan, zeroed; NULL if out of it. */
void *fw_plan_alloc(struct fwvar_plan *plan, size_t size);
char *fw_plan_text(struct fwvar_plan *plan, const char *text);

/* ---- keys; NULL ends each list ---- */

extern const char *const fw_plan_keys[];          /* of a plan */
extern const char *const fw_plan_expect_keys[];   /* of "expect" */
extern const char *const fw_plan_expected_keys[]; /* of an element of its "variables" */
extern const char *const fw_plan_variable_keys[]; /* of an element of "variables" */
extern const char *const fw_plan_boot_keys[];     /* of "boot" */
extern const char *const fw_plan_entry_keys[];    /* of an element of its "entries" */
extern const char *const fw_plan_types[];         /* of "type" */
extern const char *const fw_plan_boards[];        /* that "board" may be */

/* ---- reading ---- */

struct fw_plan_reading {
    struct fwvar_plan *plan;
    struct fw_json_text doc;
};

/* The parts of a plan, combined. */
enum fw_plan_part {
    FW_PLAN_EXPECT = 1,
    FW_PLAN_SETTINGS = 2,
    FW_PLAN_VARIABLES = 4,
    FW_PLAN_DELETE = 8,
    FW_PLAN_BOOT = 16,
    FW_PLAN_ALL = 31
};

/* Reads the parts of a plan that an object at @pointer has; its other members are the
 * caller's affair. doc->text has to outlive the plan. Free it with fwvar_plan_free(). */
int fw_plan_from_json(const json_t *object, const char *pointer,
                      const struct fw_json_text *doc, unsigned parts,
                      struct fwvar_plan **plan);

/* Checks "schema" of a document's top level. */
int fw_plan_check_schema(const struct fw_json_text *doc, const json_t *root);

int fw_plan_read_expect(struct fw_plan_reading *r, const json_t *value);
int fw_plan_read_settings(struct fw_plan_reading *r, const json_t *value);
int fw_plan_read_variables(struct fw_plan_reading *r, const json_t *value);
int fw_plan_read_delete(struct fw_plan_reading *r, const json_t *value);
int fw_plan_read_boot(struct fw_plan_reading *r, const json_t *value);

/* An error at a pointer below the plan, "/boot/next"; a key appended to it, or NULL. */
__attribute__((format(printf, 4, 5))) int fw_plan_fail(const struct fw_plan_reading *r,
                                                       const char *pointer,
                                                       const char *key,
                                                       const char *format, ...);
/* "%s is missing" */
int fw_plan_missing(const struct fw_plan_reading *r, const char *pointer,
                    const char *key);
/* Puts the place of a member in front of the message. */
void fw_plan_explain_at(const struct fwvar_plan *plan, const char *pointer,
                        const char *key, struct fwvar_diag *diag);
/* The same while reading. Returns @code. */
int fw_plan_refer(const struct fw_plan_reading *r, const char *pointer, const char *key,
                  int code);
/* The object's and list's type checks. */
int fw_plan_want_object(const struct fw_plan_reading *r, const json_t *value,
                        const char *pointer, const char *const *keys);
int fw_plan_want_list(const struct fw_plan_reading *r, const json_t *value,
                      const char *pointer);
/* Keeps a text member of @object, if it is there; the empty one is an error. */
int fw_plan_keep_text(struct fw_plan_reading *r, const json_t *object,
                      const char *pointer, const char *key, const char **text);
/* The text of a value as --set takes it: texts, numbers, true and false. */
int fw_plan_value_text(struct fw_plan_reading *r, const json_t *value,
                       const char *pointer, const char *key, const char **text);
/* Makes a template of a text that the plan keeps, and notes its keys. */
int fw_plan_keep_template(struct fw_plan_reading *r, const char *pointer, const char *key,
                          const char *text, struct fw_template *t);

/* ---- applying ---- */

struct fw_plan_applying {
    const struct fwvar_plan *plan;
    const struct fwvar_plan_use *use;
    struct fwvar_edit *edit;
    struct fwvar_naming naming;
    struct fwvar_diag *diag;
    json_t *set; /* variables that "settings" and "variables" of the plan set: where */
};

/* Puts the place of a member below the plan in front of the message, unless that is "out
 * of memory". @key may be NULL. Returns @code. */
int fw_plan_explain(const struct fw_plan_applying *a, int code, const char *pointer,
                    const char *key);
/* fw_template_fill() into a text, the caller's. */
int fw_plan_fill(const struct fw_plan_applying *a, const struct fw_template *t,
                 char **text);

/* The device path and the optional data of an entry; data is hex digits, or as --set
 * takes values with a prefix. */
int fw_plan_path_bytes(const struct fw_plan_applying *a, const struct fw_plan_entry *e,
                       struct fw_buf *bytes);
int fw_plan_data_bytes(const struct fw_plan_applying *a, const struct fw_plan_entry *e,
                       struct fw_buf *bytes);

int fw_plan_check_expected(struct fw_plan_applying *a);
/* The menus of a plan and of the one that follows it, or NULL. */
int fw_plan_apply_boot(struct fw_plan_applying *a, const struct fwvar_plan *plan,
                       const struct fwvar_plan *then);
/* The variable that a name means, alone or with a GUID (or NULL). */
int fw_plan_find(struct fw_plan_applying *a, const char *name,
                 const struct fwvar_guid *guid, struct fwvar_target *target);

#endif
