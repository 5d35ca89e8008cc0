/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A key option of any content; one that is taken is made again byte for byte. */
#include "proof.h"

#include <fwvar/keyoption.h>

int main(void)
{
    size_t size = any_up_to(BOUND), again = 0, i = nondet_size();
    ANY_BYTES(bytes, size);
    uint8_t out[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_keyoption k;

    if (fwvar_keyoption_decode(bytes, size, &k) != 0)
        return 0;
    PROMISE(k.count <= FWVAR_KEY_COUNT_MAX, "no more keys than there can be");
    PROMISE(fwvar_keyoption_encode(&k, out, &again) == 0 && again == size,
            "as many bytes");
    GIVEN(i < size);
    PROMISE(out[i] == bytes[i], "the same bytes");
    return 0;
}
