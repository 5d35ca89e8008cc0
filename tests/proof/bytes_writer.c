/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The growing buffer: two writes of any size, each of which may find no memory. */
#include "proof.h"

#include "base/bytes.h"

/* The writers that take a value are this with a few bytes. */
static void put(struct fw_buf *b, const uint8_t *bytes, size_t n)
{
    size_t size = b->size;
    bool bad = b->bad;

    fw_buf_put(b, bytes, n);
    PROMISE(b->size <= b->cap, "no more than there is room for");
    PROMISE(b->bad || b->size == size + n, "all of it is written");
    PROMISE(!bad || b->bad, "bad is for ever");
    PROMISE(n == 0 || !b->bad || b->size == size, "a failed write changes nothing");
}

int main(void)
{
    struct fw_buf b = {0};
    size_t first = any_up_to(BOUND), second = any_up_to(BOUND), i = nondet_size();
    ANY_BYTES(one, first);
    ANY_BYTES(two, second);

    put(&b, one, first);
    put(&b, two, second);
    if (!b.bad && i < first)
        PROMISE(b.p[i] == one[i], "the first write is there");
    else if (!b.bad && i - first < second)
        PROMISE(b.p[i] == two[i - first], "the second follows");
    fw_buf_free(&b);
    PROMISE(!b.p && b.size == 0 && b.cap == 0 && !b.bad, "free leaves an empty buffer");
    return 0;
}
