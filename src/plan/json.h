/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What all readers of JSON documents share. */
#ifndef FW_PLAN_JSON_H
#define FW_PLAN_JSON_H

#include "plan/place.h"

#include <jansson.h>

/* Leaves out a byte order mark. */
void fw_json_skip_mark(const char **text, size_t *size);

/* Parses a text; NULL after an error in doc->diag. */
json_t *fw_json_parse(const struct fw_json_text *doc);

/* The first member of @object, which stands at @pointer, that is neither in @known nor in
 * @also (lists that NULL ends; @also may be NULL) is an error, with what may have been
 * meant. */
int fw_json_check_keys(const struct fw_json_text *doc, const json_t *object,
                       const char *pointer, const char *const *known,
                       const char *const *also);

/* "a text", "a number" …: what a value is, for messages. */
const char *fw_json_kind(const json_t *value);

/* A JSON text with a line end, the caller's; NULL if out of memory. */
char *fw_json_dump(const json_t *root);

/* fwvar_document_read() of what was parsed already. */
struct fwvar_varlist;
int fw_document_from_json(const json_t *root, const struct fw_json_text *doc,
                          struct fwvar_varlist **list);

#endif
