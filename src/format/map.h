/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A hash map from a variable's identity (name and vendor GUID) to an index in its owner's
 * array: look-ups stay constant in stores of ten thousand records. */
#ifndef FW_FORMAT_MAP_H
#define FW_FORMAT_MAP_H

#include <fwvar/guid.h>
#include <stddef.h>

/* Name: UTF-16LE without NUL, bytes. */
struct fw_key {
    const struct fwvar_guid *guid;
    const uint8_t *name;
    size_t size;
};

struct fw_map {
    uint32_t *slots; /* index + 1, 0 for a free one */
    size_t mask;
    size_t used;
    struct fw_key (*key_at)(const void *owner, size_t i);
};

#define FW_MAP_NONE SIZE_MAX

bool fw_key_equal(const struct fw_key *a, const struct fw_key *b);
/* Makes room for one more entry. Returns 0 or FWVAR_ERR_NOMEM with nothing changed. */
int fw_map_reserve(struct fw_map *map, const void *owner);
/* The index stored for @key, or FW_MAP_NONE. */
size_t fw_map_find(const struct fw_map *map, const void *owner, const struct fw_key *key);
/* Stores @i for a key that is not there yet; room was reserved. */
void fw_map_put(struct fw_map *map, const void *owner, const struct fw_key *key,
                size_t i);
void fw_map_free(struct fw_map *map);

#endif
