/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* UTF-16LE as firmware stores it, to and from UTF-8, without losing anything. Ours
 * because iconv stops at lone surrogates, which a damaged store may hold. */
#ifndef FW_BASE_UTF16_H
#define FW_BASE_UTF16_H

#include "base/bytes.h"

/* How much escaping fw_utf16_text() does. */
enum fw_escape {
    FW_ESCAPE_INVALID, /* only what C text cannot carry: lone surrogates, an odd last
                          byte, a NUL */
    FW_ESCAPE_CONTROL  /* also C0, DEL, C1 and bidirectional controls, for terminals */
};

/* Appends @size bytes of UTF-16LE as UTF-8. What cannot or may not be shown becomes
 * \uXXXX, an odd last byte \xXX. Returns true if the input was valid UTF-16 without a
 * NUL, that is if the text (but for control characters) leads back to it. */
bool fw_utf16_text(struct fw_buf *out, const uint8_t *utf16, size_t size,
                   enum fw_escape escape);

/* Appends UTF-8 text as UTF-16LE, without a NUL.
 * Returns 0, or -1 with *bad_at the index of the first byte that is not valid UTF-8. */
int fw_utf16_put(struct fw_buf *out, const char *utf8, size_t size, size_t *bad_at);

/* True if the 16-bit units from byte @at on read as \uXXXX. Only upper-case digits count,
 * as fw_utf16_text() writes them. */
bool fw_utf16_is_escape(const uint8_t *utf16, size_t size, size_t at);

/* Replaces each such escape by its unit, in place. Returns the new size. */
size_t fw_utf16_unescape(uint8_t *utf16, size_t size);

/* True if the bytes are valid UTF-8. */
bool fw_is_utf8(const char *text, size_t size);

/* Bytes before the first 16-bit NUL, at most @size rounded down to even. */
size_t fw_utf16_length(const uint8_t *utf16, size_t size);

/* Appends UTF-8 text with control characters and invalid bytes escaped, for terminals. */
void fw_text_escaped(struct fw_buf *out, const char *utf8, size_t size);

/* True if fw_text_escaped() makes @shown of @utf8. */
bool fw_text_shown_as(const char *utf8, const char *shown);

#endif
