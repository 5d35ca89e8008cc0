/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Builds firmware volumes, files and sections for tests. Shares nothing with the reader
 * but the byte buffer, so that both must agree with the specification. */
#ifndef TESTS_FV_BUILD_H
#define TESTS_FV_BUILD_H

#include "base/bytes.h"

/* Appends ASCII text as UTF-16LE with a NUL. */
void build_utf16(struct fw_buf *out, const char *text);

/* Appends a section; starts it on a 4-byte boundary of @out. */
void build_section(struct fw_buf *out, uint8_t type, const uint8_t *body, size_t size);

/* Appends an LZMA section (GUIDed) around a stream. */
void build_lzma_section(struct fw_buf *out, const uint8_t *stream, size_t size);

/* Appends a file whose GUID is @id repeated; starts it on an 8-byte boundary. */
void build_file(struct fw_buf *out, uint8_t type, uint8_t id, const uint8_t *body,
                size_t size);

/* The same with a GUID given byte by byte. */
void build_file_named(struct fw_buf *out, uint8_t type, const uint8_t name[16],
                      const uint8_t *body, size_t size);

/* Appends an FFS2 volume around files, @length bytes in all or more, rest 0xFF. */
void build_volume(struct fw_buf *out, const uint8_t *files, size_t size, size_t length);

/* Appends bytes as an LZMA stream. @declared: the size for its header. */
void build_lzma(struct fw_buf *out, const uint8_t *bytes, size_t size, uint64_t declared);

/* An EFI_IFR_VARSTORE_EFI opcode. */
void build_varstore(struct fw_buf *out, const char *name, uint8_t guid_byte,
                    uint32_t attributes, uint16_t size);

#endif
