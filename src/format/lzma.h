/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* LZMA as firmware volumes use it: the "alone" form, a 13-byte header (properties,
 * dictionary size, uncompressed size) and the stream, without a checksum. */
#ifndef FW_FORMAT_LZMA_H
#define FW_FORMAT_LZMA_H

#include <fwvar/error.h>
#include <stddef.h>

/* Memory for the decoder; edk2's tools use a dictionary of 16 MB at most. */
#define FW_LZMA_MEMORY (64u * 1024 * 1024)

/* Decompresses @in. @at is where that lies in the image, for messages.
 * @out receives the bytes, owned by the caller (free()), at most @out_max of them.
 * Returns 0; FWVAR_ERR_DAMAGED for a stream that is broken, ends early, or would give
 * more than @out_max bytes or need more than FW_LZMA_MEMORY; FWVAR_ERR_NOMEM. */
int fw_lzma_decode(const uint8_t *in, size_t size, size_t out_max, uint64_t at,
                   uint8_t **out, size_t *out_size, struct fwvar_diag *diag);

#endif
