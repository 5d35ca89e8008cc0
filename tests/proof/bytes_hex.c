/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Bytes to hex digits and back; and any text at all as hex digits. */
#include "proof.h"

#include "base/bytes.h"

static void there_and_back(void)
{
    size_t size = any_up_to(BOUND), at = 0, i = nondet_size();
    ANY_BYTES(bytes, size);
    struct fw_buf text = {0}, back = {0};

    fw_buf_hex(&text, bytes, size);
    if (!text.bad) {
        PROMISE(text.size == 2 * size, "two digits a byte");
        PROMISE(fw_unhex((const char *)text.p, text.size, &back, &at) == 0, "readable");
        if (!back.bad) {
            PROMISE(back.size == size, "as many bytes");
            GIVEN(i < size);
            PROMISE(back.p[i] == bytes[i], "the same bytes");
        }
    }
    fw_buf_free(&back);
    fw_buf_free(&text);
}

static void any_text(void)
{
    size_t size = any_up_to(BOUND), at = SIZE_MAX;
    ANY_BYTES(text, size);
    struct fw_buf out = {0};

    if (fw_unhex((const char *)text, size, &out, &at) == 0)
        PROMISE(out.bad || 2 * out.size == size, "a byte for two digits");
    else
        PROMISE(at <= size && out.size == 0, "the place is in the text, nothing is read");
    fw_buf_free(&out);
}

int main(void)
{
    if (nondet_bool())
        there_and_back();
    else
        any_text();
    return 0;
}
