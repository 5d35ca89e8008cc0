/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "format/map.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64

bool fw_key_equal(const struct fw_key *a, const struct fw_key *b)
{
    return a->size == b->size && fwvar_guid_equal(a->guid, b->guid) &&
           (a->size == 0 || memcmp(a->name, b->name, a->size) == 0);
}

/* The slot that holds @key, or the free one where it belongs. */
static uint32_t *slot_of(const struct fw_map *map, const void *owner,
                         const struct fw_key *key)
{
    uint64_t h = fw_hash(fw_hash(FW_HASH_START, key->guid->b, 16), key->name, key->size);

    for (size_t i = (size_t)(h ^ h >> 32) & map->mask;; i = (i + 1) & map->mask) {
        uint32_t *slot = &map->slots[i];
        if (*slot == 0)
            return slot;
        struct fw_key there = map->key_at(owner, *slot - 1);
        if (fw_key_equal(&there, key))
            return slot;
    }
}

int fw_map_reserve(struct fw_map *map, const void *owner)
{
    size_t slots = map->slots ? map->mask + 1 : 0;
    struct fw_map bigger = *map;

    if (map->used < slots / 2)
        return 0;
    slots = slots ? slots * 2 : FIRST_SLOTS;
    bigger.slots = slots <= UINT32_MAX ? calloc(slots, sizeof *bigger.slots) : NULL;
    if (!bigger.slots)
        return FWVAR_ERR_NOMEM;
    bigger.mask = slots - 1;
    for (size_t i = 0; map->slots && i <= map->mask; i++) {
        if (map->slots[i]) {
            struct fw_key key = map->key_at(owner, map->slots[i] - 1);
            *slot_of(&bigger, owner, &key) = map->slots[i];
        }
    }
    free(map->slots);
    *map = bigger;
    return 0;
}

size_t fw_map_find(const struct fw_map *map, const void *owner, const struct fw_key *key)
{
    if (!map->slots)
        return FW_MAP_NONE;
    uint32_t slot = *slot_of(map, owner, key);
    return slot ? slot - 1 : FW_MAP_NONE;
}

void fw_map_put(struct fw_map *map, const void *owner, const struct fw_key *key, size_t i)
{
    *slot_of(map, owner, key) = (uint32_t)i + 1;
    map->used++;
}

void fw_map_free(struct fw_map *map)
{
    free(map->slots);
    map->slots = NULL;
    map->used = 0;
}
