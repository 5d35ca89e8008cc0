/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The bounded reader, after any history: wherever it stands, whatever is asked for. */
#include "proof.h"

#include "base/bytes.h"

static uint64_t take(struct fw_reader *r, size_t width)
{
    return width == 1   ? fw_take8(r)
           : width == 2 ? fw_take16(r)
           : width == 4 ? fw_take32(r)
                        : fw_take64(r);
}

static void numbers(struct fw_reader *r, const uint8_t *bytes)
{
    static const size_t widths[] = {1, 2, 4, 8};
    size_t width = widths[nondet_u8() % 4], left = fw_left(r), from = r->pos;
    size_t i = nondet_size();
    uint64_t value = take(r, width);

    PROMISE(left >= width || value == 0, "what is not there reads as zero");
    GIVEN(left >= width && i < width);
    PROMISE((uint8_t)(value >> 8 * i & 0xff) == bytes[from + i], "little-endian");
    PROMISE(width == 8 || value >> 8 * width == 0, "no bit from elsewhere");
}

static void ranges(void)
{
    uint64_t total = nondet_u64(), off = nondet_u64(), len = nondet_u64();

    PROMISE(fw_range_ok(total, off, len) == ((unsigned __int128)off + len <= total),
            "a range is inside as if sums could not wrap");
}

static void writes(void)
{
    uint8_t raw[8];
    uint64_t v = nondet_u64();

    fw_put64(raw, v);
    PROMISE(fw_le64(raw) == v, "64 bits come back");
    fw_put32(raw, (uint32_t)(v & 0xffffffff));
    PROMISE(fw_le32(raw) == (v & 0xffffffff), "32 bits come back");
    fw_put16(raw, (uint16_t)(v & 0xffff));
    PROMISE(fw_le16(raw) == (v & 0xffff), "16 bits come back");
}

int main(void)
{
    size_t size = any_up_to(BOUND), n = nondet_size();
    ANY_BYTES(bytes, size);
    struct fw_reader r = fw_reader(bytes, size);

    r.pos = any_up_to(size);
    r.bad = nondet_bool();
    size_t from = r.pos;
    bool bad = r.bad;
    const uint8_t *p = fw_take(&r, n);
    if (n <= size - from)
        PROMISE(p == bytes + from && r.pos == from + n && r.bad == bad, "taken");
    else
        PROMISE(!p && r.pos == from && r.bad, "not taken: nothing moves, and it is bad");
    numbers(&r, bytes);
    PROMISE(r.pos <= r.size && r.size == size, "the reader stays inside");
    ranges();
    writes();
    return 0;
}
