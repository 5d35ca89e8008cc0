/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The live records of a store by name alone, for edits that give no GUID: a scan for each
 * of a thousand edits would cost the square of their number. */
#ifndef FW_EDIT_NAMES_H
#define FW_EDIT_NAMES_H

#include <fwvar/variables.h>

struct fw_names {
    uint32_t *first; /* per bucket: index of a record + 1, or 0 */
    uint32_t *next;  /* per record: the next of its bucket, likewise */
    size_t mask;
};

/* Makes the index unless it is there. Returns 0 or FWVAR_ERR_NOMEM. */
int fw_names_make(struct fw_names *names, const struct fwvar_variables *variables);

/* The next live record with a name (UTF-16LE without NUL), in address order: @after is
 * the index of the one before, SIZE_MAX at the beginning. SIZE_MAX: there is none. */
size_t fw_names_next(const struct fw_names *names,
                     const struct fwvar_variables *variables, const uint8_t *name,
                     size_t name_size, size_t after);
void fw_names_free(struct fw_names *names);

#endif
