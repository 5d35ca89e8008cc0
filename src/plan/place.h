/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Where in a JSON text a value stands. jansson tells places only of syntax errors; errors
 * of meaning are found by JSON pointer, in a second pass that only errors pay for. */
#ifndef FW_PLAN_PLACE_H
#define FW_PLAN_PLACE_H

#include "base/bytes.h"

#include <fwvar/error.h>

struct fw_place {
    unsigned line, column; /* from 1; columns count characters */
};

/* The place of the value that @pointer (RFC 6901) names, or with @key of the key in front
 * of it. @text is valid JSON. Returns 0, or -1 if there is no such value. */
int fw_place_find(const char *text, size_t size, const char *pointer, bool key,
                  struct fw_place *place);

/* A document that is being judged. */
struct fw_json_text {
    const char *text;
    size_t size;
    struct fwvar_diag *diag;
};

/* "line 3, column 9 (/variables/0/data): …" as FWVAR_ERR_ARG. */
__attribute__((format(printf, 4, 5))) int fw_place_fail(const struct fw_json_text *doc,
                                                        const char *pointer, bool key,
                                                        const char *format, ...);

/* Puts the place in front of the message that doc->diag has; code and hint stay. */
void fw_place_explain(const struct fw_json_text *doc, const char *pointer);

/* Appends a key as a JSON pointer has it: ~ and / escaped (RFC 6901). */
void fw_pointer_escape(struct fw_buf *pointer, const char *key);

#endif
