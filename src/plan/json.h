/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* JSON text read by jansson, and made sure that all of it was. */
#ifndef FW_PLAN_JSON_H
#define FW_PLAN_JSON_H

#include "plan/place.h"

#include <jansson.h>

/* Parses the text; the value is the caller's. NULL after a message in doc->diag, if there
 * is one, with *code FWVAR_ERR_ARG for what is no JSON, or FWVAR_ERR_NOMEM. */
json_t *fw_json_parse(const struct fw_json_text *doc, int *code);

#endif
