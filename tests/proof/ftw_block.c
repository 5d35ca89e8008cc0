/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The working block and its queue, of any content. */
#include "proof.h"

#include <fwvar/ftw.h>

/* zlib is not what is proved here: any sum may be right. */
unsigned long crc32(unsigned long crc, const unsigned char *p, unsigned n)
{
    (void)crc;
    PROMISE(__CPROVER_r_ok(p, n), "what is summed can be read");
    return nondet_u32();
}

int main(void)
{
    size_t size = any_up_to(BOUND);
    ANY_BYTES(bytes, size);
    /* The first page has the block; one behind a page of variables is found alike. */
    struct fwvar_store store = {.bytes = bytes, .size = size};
    struct fwvar_ftw f;

    if (fwvar_ftw_decode(&store, &f) != 0)
        return 0;
    PROMISE(f.at <= size && size - f.at >= FWVAR_FTW_HEADER_SIZE, "its header is there");
    PROMISE(f.spare <= size && f.spare > f.at, "the spare is behind it");
    PROMISE(!f.pending || (f.sound && f.pending_at >= f.at + FWVAR_FTW_HEADER_SIZE &&
                           f.pending_at < f.spare),
            "a pending write is in its queue");
    return 0;
}
