/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_BASE_GLOB_H
#define FW_BASE_GLOB_H

#include <stdbool.h>

/* True if @pattern fits the whole of @text, both UTF-8: `*` is any text, `?` one
 * character, `[a-z]` one of a set, `[!a-z]` or `[^a-z]` one not in it, `\` takes the next
 * character as it is. The same on every system and in every locale, unlike fnmatch(); in
 * time at most the product of both lengths. */
bool fw_glob(const char *pattern, const char *text);

#endif
