/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Only in a static build: the texts that texts.awk took out of the sources, as a program for
 * a router has to be small. They are inflated before main(), so that nobody has to think of
 * it; that takes 1.5 M instructions, as long as starting takes anyway. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

/* Has packed_texts[], gzip, and fw_texts[], as large as it has to be. */
#include "texts.inc"

/* What zlib needs to inflate in one go, once; "out of memory" is a text, too. */
static _Alignas(16) unsigned char room[16384];

static voidpf lend_room(voidpf lent, uInt count, uInt size)
{
    bool *is_lent = lent;

    if (*is_lent || size > sizeof room / count)
        return NULL;
    *is_lent = true;
    return room;
}

static void keep_room(voidpf lent, voidpf address)
{
    (void)lent;
    (void)address;
}

__attribute__((constructor)) static void inflate_texts(void)
{
    bool lent = false;
    z_stream z = {
        .zalloc = lend_room,
        .zfree = keep_room,
        .opaque = &lent,
        .next_in = (Bytef *)(uintptr_t)packed_texts,
        .avail_in = sizeof packed_texts,
        .next_out = (Bytef *)fw_texts,
        .avail_out = sizeof fw_texts,
    };

    if (inflateInit2(&z, 15 + 16) != Z_OK || inflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
}
