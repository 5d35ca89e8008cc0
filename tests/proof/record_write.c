/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A record of any parts: its footprint is what is written, and the walk reads it back. */
#include "proof.h"

#include "format/record.h"

int main(void)
{
    size_t name_size = any_up_to(BOUND) & ~(size_t)1, data_size = any_up_to(BOUND);
    ANY_BYTES(name, name_size);
    ANY_BYTES(data, data_size);
    uint8_t time[16], room[FWVAR_RECORD_HEADER_AUTH + 2 * BOUND + 8];
    struct fwvar_guid guid;
    size_t i = nondet_size();
    __CPROVER_havoc_object(time);
    __CPROVER_havoc_object(&guid);
    __CPROVER_havoc_object(room);
    const struct fw_new_record wanted = {.guid = &guid,
                                         .name = name,
                                         .name_size = name_size,
                                         .attributes = nondet_u32(),
                                         .time = nondet_bool() ? time : NULL,
                                         .data = data,
                                         .data_size = data_size};
    struct fwvar_store store = {.bytes = room, .authenticated = nondet_bool()};
    store.size = store.end = (size_t)fw_record_footprint(&store, &wanted);
    struct fwvar_walk walk = fwvar_walk_begin(&store);
    struct fwvar_record r;

    GIVEN(wanted.attributes != UINT32_MAX); /* means that it was never written */
    PROMISE(store.size % 4 == 0 && store.size <= sizeof room, "a footprint is what fits");
    fw_record_write(&store, room, &wanted);
    PROMISE(fwvar_walk_next(&walk, &r) == 0, "there is a record");
    PROMISE(walk.at == store.end, "it takes its footprint");
    PROMISE(r.state == FWVAR_STATE_ADDED && !r.unwritten && r.reserved == 0 &&
                r.attributes == wanted.attributes,
            "it is live");
    PROMISE(r.name_size == name_size + 2 && r.data_size == data_size, "sizes are these");
    PROMISE(r.name[name_size] == 0 && r.name[name_size + 1] == 0, "a NUL ends the name");
    PROMISE(i >= name_size || r.name[i] == name[i], "the name is there");
    PROMISE(i >= data_size || r.data[i] == data[i], "the data are there");
    PROMISE(i >= 16 || r.guid.b[i] == guid.b[i], "so is the GUID");
    if (store.authenticated)
        PROMISE(i >= 16 || r.time[i] == (wanted.time ? time[i] : 0), "and the time");
    return 0;
}
