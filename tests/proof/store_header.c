/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A store header of any content behind a volume header as volume_header proves it, with
 * and without a layout that is known, wherever that says that the store ends. */
#include "proof.h"

#include "format/geometry.h"
#include "format/store.h"

static struct fw_geometry layout;

const struct fw_geometry *fw_geometry_find(uint64_t length)
{
    return layout.variables && length == layout.length ? &layout : NULL;
}

int main(void)
{
    size_t size = any_up_to(BOUND);
    ANY_BYTES(bytes, size);
    struct fwvar_volume v = {.flaws = nondet_u32(), .length = nondet_u64()};
    struct fwvar_store s;

    if (!(v.flaws & (FWVAR_VOLUME_CUT | FWVAR_VOLUME_HEADERLEN)))
        v.header_length = (uint16_t)any_up_to(size);
    layout.length = nondet_u64();
    layout.variables = any_up_to(BOUND);
    /* Every layout has room for its two headers. */
    GIVEN(layout.variables == 0 ||
          layout.variables >= (size_t)v.header_length + FWVAR_STORE_HEADER_SIZE + 3);
    GIVEN(layout.variables == 0 ||
          layout.variables >= FWVAR_VOLUME_HEADER_SIZE + FWVAR_STORE_HEADER_SIZE);
    fwvar_store_decode(bytes, size, &v, &s);
    PROMISE(s.bytes == bytes && s.size == size, "it lies in what was given");
    PROMISE(s.header <= size, "its header, too");
    PROMISE(s.first <= s.end && s.end <= s.size, "records lie between first and end");
    PROMISE(s.first % 4 == 0 || s.first == size, "the first one is aligned");
    PROMISE((s.flaws & FWVAR_STORE_CUT) || s.first >= s.header + FWVAR_STORE_HEADER_SIZE ||
                s.first == size,
            "records are behind the header");
    return 0;
}
