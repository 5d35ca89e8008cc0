/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The code part of an image: volumes, files, sections, LZMA. Changes to what is packed
 * die in the decoder, so most inputs are packed here. The first byte: with bit 0 the rest
 * is the code as it lies in the file; else bit 1 makes it a volume or the sections around
 * one, bit 2 packs it twice, bit 3 leaves its size out of the stream's header. Every
 * volume header's sum is made right, or hardly any input would be looked at. */
#include "fuzz/fuzz.h"

#include "support/imagemain.h"

#include <fwvar/release.h>

#include <lzma.h>
#include <string.h>

#define LIMIT 0x40000

static void mend_sum(uint8_t *p, size_t size)
{
    unsigned sum = 0;
    size_t length = size >= 0x32 ? p[0x30] | (size_t)p[0x31] << 8 : 0;

    if (length < 0x38 || length > size || length % 2)
        return;
    p[0x32] = p[0x33] = 0;
    for (size_t i = 0; i < length; i += 2)
        sum += p[i] | (unsigned)p[i + 1] << 8;
    sum = -sum;
    p[0x32] = (uint8_t)sum;
    p[0x33] = (uint8_t)(sum >> 8);
}

static void mend_sums(uint8_t *p, size_t size)
{
    for (size_t i = 0; i + 0x38 <= size; i += 4) {
        if (memcmp(p + i + 0x28, "_FVH", 4) == 0)
            mend_sum(p + i, size - i);
    }
}

/* Memory for the encoder, the same for every run: to allocate what it wants anew would
 * take longer than all the rest. */
static struct arena {
    _Alignas(16) uint8_t bytes[4 << 20];
    size_t used;
} arena;

static void *take(void *opaque, size_t count, size_t size)
{
    struct arena *a = opaque;
    size_t n = (count * size + 15) & ~(size_t)15;

    PROMISE(n <= sizeof a->bytes - a->used);
    a->used += n;
    return a->bytes + a->used - n;
}

static void leave(void *opaque, void *p)
{
    (void)opaque;
    (void)p;
}

/* The quickest stream there is; a small dictionary, because each run allocates it. */
static void pack(struct ig_bytes *stream, const struct ig_bytes *in, bool sized)
{
    lzma_options_lzma options;
    static const lzma_allocator allocator = {take, leave, &arena};
    lzma_stream s = LZMA_STREAM_INIT;
    size_t most = in->size * 2 + 1024;

    PROMISE(!lzma_lzma_preset(&options, 0));
    options.dict_size = LZMA_DICT_SIZE_MIN;
    options.mf = LZMA_MF_HC3;
    arena.used = 0;
    s.allocator = &allocator;
    PROMISE(lzma_alone_encoder(&s, &options) == LZMA_OK);
    ig_fill(stream, 0, most);
    s.next_in = in->p;
    s.avail_in = in->size;
    s.next_out = stream->p;
    s.avail_out = most;
    PROMISE(lzma_code(&s, LZMA_FINISH) == LZMA_STREAM_END);
    stream->size = (size_t)s.total_out;
    lzma_end(&s);
    for (unsigned i = 0; sized && i < 8; i++)
        stream->p[5 + i] = (uint8_t)((uint64_t)in->size >> 8 * i);
}

static void pack_main(struct ig_bytes *file, const struct ig_bytes *in, uint8_t how)
{
    struct ig_bytes sections = {0}, stream = {0};

    if (how & 2)
        ig_put(&sections, in->p, in->size);
    else
        ig_volume_section(&sections, in);
    pack(&stream, &sections, !(how & 8));
    if (how & 4) {
        ig_free(&sections);
        ig_packed_section(&sections, &stream);
        ig_free(&stream);
        pack(&stream, &sections, true);
    }
    ig_main_volume(file, &stream);
    ig_free(&sections);
    ig_free(&stream);
}

static void try_content(const uint8_t *bytes, size_t size)
{
    struct fwvar_content *content;
    struct fwvar_release release;
    const struct fwvar_varstore *v;

    if (fwvar_content_open(bytes, size, &content, NULL) == 0) {
        fwvar_content_release(content, &release);
        PROMISE(release.era);
        fwvar_content_warning(content);
        fwvar_content_knows_name(content, "RamMoreThan3GB");
        for (size_t i = 0; (v = fwvar_content_varstore_at(content, i)); i++)
            PROMISE(fwvar_content_varstore(content, v->name, &v->guid));
        fwvar_content_free(content);
    }
    fwvar_release_from_head(bytes, size, &release);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ig_bytes in = {0}, file = {0};

    if (size < 2 || size > LIMIT)
        return 0;
    ig_put(&in, data + 1, size - 1);
    mend_sums(in.p, in.size);
    if (data[0] & 1)
        ig_put(&file, in.p, in.size);
    else
        pack_main(&file, &in, data[0]);
    /* Exactly as many bytes as there are. */
    uint8_t *bytes = malloc(file.size);
    PROMISE(bytes);
    memcpy(bytes, file.p, file.size);
    try_content(bytes, file.size);
    free(bytes);
    ig_free(&in);
    ig_free(&file);
    return 0;
}
