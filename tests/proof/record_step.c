/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* One step of the record walk, from any place in a store of any content. Each step goes
 * forward and stays in the store, so the whole walk does, and ends. */
#include "proof.h"

#include <fwvar/store.h>

int main(void)
{
    size_t size = any_up_to(BOUND);
    ANY_BYTES(bytes, size);
    struct fwvar_store store = {.bytes = bytes, .size = size};
    store.authenticated = nondet_bool();
    store.volume.offset = nondet_u64();
    GIVEN(store.volume.offset <= UINT64_MAX - size);
    store.end = any_up_to(size);
    struct fwvar_walk walk = fwvar_walk_begin(&store);
    walk.at = any_up_to(store.end);
    size_t at = walk.at, header = fwvar_store_record_header(&store);
    struct fwvar_record r;

    if (fwvar_walk_next(&walk, &r) == 0) {
        PROMISE(r.offset == store.volume.offset + at, "a record is where the walk was");
        PROMISE(r.size <= store.end - at, "the record is in the store");
        PROMISE(r.size == header + r.name_size + r.data_size, "it is its parts");
        PROMISE(r.name == bytes + at + header, "the name follows the header");
        PROMISE(r.data == r.name + r.name_size, "the data follow the name");
        PROMISE(!store.authenticated || r.time == bytes + at + 16, "the time is EFI's");
        PROMISE(walk.at >= at + r.size && walk.at <= store.end && walk.at > at,
                "the walk goes on behind the record");
        PROMISE(walk.end == FWVAR_END_NONE, "a walk with a record has not ended");
    } else {
        PROMISE(walk.at == at, "a walk that ends stays");
        PROMISE(walk.end != FWVAR_END_NONE, "a walk that ends says why");
        PROMISE((walk.end == FWVAR_END_FULL) == (at == store.end), "full is full");
    }
    return 0;
}
