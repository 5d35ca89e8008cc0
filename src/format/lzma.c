/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "format/lzma.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <inttypes.h>
#include <lzma.h>
#include <stdlib.h>

#define HEADER_SIZE  13
#define SIZE_AT      5
#define FIRST_BUFFER (64u * 1024)

/* Where a decode stands: the stream writes to the end of the buffer. */
struct output {
    uint8_t *p;
    size_t size, max;
    bool declared; /* max is the size that the header declares */
};

/* Doubles the buffer, up to the limit. False without memory; the old one stays. */
static bool grow(struct output *out, lzma_stream *stream)
{
    size_t used = out->size - stream->avail_out;
    size_t size = out->size > out->max / 2 ? out->max : out->size * 2;
    uint8_t *p = realloc(out->p, size);

    if (!p)
        return false;
    out->p = p;
    out->size = size;
    stream->next_out = p + used;
    stream->avail_out = size - used;
    return true;
}

static int explain(lzma_ret ret, const lzma_stream *stream, const struct output *out,
                   uint64_t at, struct fwvar_diag *diag)
{
    switch (ret) {
    case LZMA_STREAM_END:
        return FWVAR_OK;
    case LZMA_MEM_ERROR:
        return fw_nomem(diag);
    case LZMA_MEMLIMIT_ERROR:
        return fw_fail(diag, FWVAR_ERR_DAMAGED, at,
                       "the LZMA stream wants more than %u MB to decompress",
                       FW_LZMA_MEMORY >> 20);
    case LZMA_FORMAT_ERROR:
    case LZMA_OPTIONS_ERROR:
        return fw_fail(diag, FWVAR_ERR_DAMAGED, at, "not an LZMA stream");
    case LZMA_BUF_ERROR: /* no progress: input or room has run out */
        if (out->declared || stream->avail_out > 0)
            return fw_fail(diag, FWVAR_ERR_DAMAGED, at,
                           "the LZMA stream ends early, after %" PRIu64
                           " bytes of output",
                           stream->total_out);
        return fw_fail(diag, FWVAR_ERR_DAMAGED, at,
                       "the LZMA stream gives more than %zu bytes", out->max);
    default:
        return fw_fail(diag, FWVAR_ERR_DAMAGED, at,
                       "the LZMA stream is corrupt after %" PRIu64 " bytes of output",
                       stream->total_out);
    }
}

static int run(lzma_stream *stream, struct output *out, uint64_t at,
               struct fwvar_diag *diag)
{
    for (;;) {
        lzma_ret ret = lzma_code(stream, LZMA_FINISH);

        if (ret == LZMA_OK && stream->avail_out == 0 && out->size < out->max &&
            !grow(out, stream))
            return fw_nomem(diag);
        if (ret == LZMA_OK)
            continue;
        return explain(ret, stream, out, at, diag);
    }
}

int fw_lzma_decode(const uint8_t *in, size_t size, size_t out_max, uint64_t at,
                   uint8_t **out, size_t *out_size, struct fwvar_diag *diag)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    struct output buffer = {NULL, FIRST_BUFFER, out_max, false};

    if (size < HEADER_SIZE)
        return fw_fail(diag, FWVAR_ERR_DAMAGED, at, "%zu bytes are too few for LZMA",
                       size);
    uint64_t declared = fw_le64(in + SIZE_AT);
    if (declared != UINT64_MAX && declared > out_max)
        return fw_fail(diag, FWVAR_ERR_DAMAGED, at,
                       "the LZMA stream declares %" PRIu64 " bytes, more than %zu",
                       declared, out_max);
    /* Pages of it are touched as they are written, so a false size costs nothing. */
    buffer.declared = declared != UINT64_MAX;
    if (buffer.declared)
        buffer.size = buffer.max = (size_t)declared;
    else if (buffer.size > out_max)
        buffer.size = out_max;
    buffer.p = malloc(buffer.size ? buffer.size : 1);
    if (!buffer.p || lzma_alone_decoder(&stream, FW_LZMA_MEMORY) != LZMA_OK) {
        free(buffer.p);
        return fw_nomem(diag);
    }
    stream.next_in = in;
    stream.avail_in = size;
    stream.next_out = buffer.p;
    stream.avail_out = buffer.size;
    int err = run(&stream, &buffer, at, diag);
    *out_size = (size_t)stream.total_out;
    lzma_end(&stream);
    if (err)
        free(buffer.p);
    else
        *out = buffer.p;
    return err;
}
