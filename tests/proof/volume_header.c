/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A volume header of any content and length, and its checksum put right. */
#include "proof.h"

#include <fwvar/volume.h>

#define UNSOUND (FWVAR_VOLUME_CUT | FWVAR_VOLUME_HEADERLEN)

int main(void)
{
    size_t size = any_up_to(BOUND);
    ANY_BYTES(bytes, size);
    uint64_t offset = nondet_u64(), left = nondet_u64();
    struct fwvar_volume v;

    fwvar_volume_decode(bytes, size, offset, left, &v);
    PROMISE(v.offset == offset, "it is where it was looked for");
    PROMISE(!(v.flaws & FWVAR_VOLUME_CUT) == (size >= FWVAR_VOLUME_HEADER_SIZE),
            "cut is what is short");
    if (v.flaws & UNSOUND)
        return 0;
    PROMISE(v.header_length >= FWVAR_VOLUME_HEADER_SIZE && v.header_length <= size &&
                v.header_length % 2 == 0,
            "a header without flaw is there");
    if (!(v.flaws & (FWVAR_VOLUME_LENGTH | FWVAR_VOLUME_TRUNCATED)))
        PROMISE(v.length > v.header_length && v.length <= left, "so is its volume");
    PROMISE(!(v.flaws & FWVAR_VOLUME_CHECKSUM) == (v.checksum == v.checksum_due),
            "a checksum is right or a flaw");
    return 0;
}
