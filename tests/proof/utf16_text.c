/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Any bytes as UTF-16 to text: what is called valid leads back to the same bytes. */
#include "buffer.h"

#include "base/utf16.h"

int main(void)
{
    size_t size = any_up_to(BOUND), at, i = nondet_size();
    ANY_BYTES(wide, size);
    EMPTY_BUFFER(text);
    EMPTY_BUFFER(back);

    size_t length = fw_utf16_length(wide, size);
    PROMISE(length <= size && length % 2 == 0, "a text is in its bytes");
    PROMISE(size - length < 2 || fw_le16(wide + length) == 0, "a NUL ends it");
    bool valid = fw_utf16_text(&text, wide, size, FW_ESCAPE_INVALID);
    PROMISE(!valid || size % 2 == 0, "half a character is not valid");
    if (!valid || text.bad)
        return 0;
    PROMISE(fw_is_utf8((const char *)text.p, text.size), "the text is UTF-8");
    PROMISE(fw_utf16_put(&back, (const char *)text.p, text.size, &at) == 0, "readable");
    if (back.bad)
        return 0;
    PROMISE(back.size == size, "as many bytes");
    GIVEN(i < size);
    PROMISE(back.p[i] == wide[i], "the same bytes");
    return 0;
}
