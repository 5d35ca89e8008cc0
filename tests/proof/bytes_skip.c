/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Runs of one byte, and the 16-bit sum of a header. */
#include "proof.h"

#include "base/bytes.h"

int main(void)
{
    size_t size = any_up_to(BOUND), from = any_up_to(BOUND), to = any_up_to(size);
    size_t i = nondet_size();
    ANY_BYTES(bytes, size);
    uint8_t value = nondet_u8();

    size_t end = fw_skip_bytes(bytes, from, to, value);
    if (from >= to) {
        PROMISE(end == from, "nothing to skip");
        return 0;
    }
    PROMISE(end >= from && end <= to, "the end of a run is in the range");
    PROMISE(end == to || bytes[end] != value, "it is the first that differs");
    GIVEN(i >= from && i < end);
    PROMISE(bytes[i] == value, "all before it are the same");
    return 0;
}
