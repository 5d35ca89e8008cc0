/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fv_build.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

void build_utf16(struct fw_buf *out, const char *text)
{
    do
        fw_buf_put16(out, (uint8_t)*text);
    while (*text++);
}

static void align_to(struct fw_buf *out, size_t to, uint8_t fill)
{
    fw_buf_fill(out, fill, (to - out->size % to) % to);
}

static void put24(struct fw_buf *out, size_t n)
{
    fw_buf_put8(out, (uint8_t)(n & 0xff));
    fw_buf_put8(out, (uint8_t)(n >> 8 & 0xff));
    fw_buf_put8(out, (uint8_t)(n >> 16 & 0xff));
}

void build_section(struct fw_buf *out, uint8_t type, const uint8_t *body, size_t size)
{
    align_to(out, 4, 0);
    if (size + 4 < 0xffffff) {
        put24(out, size + 4);
        fw_buf_put8(out, type);
    } else {
        put24(out, 0xffffff);
        fw_buf_put8(out, type);
        fw_buf_put32(out, (uint32_t)(size + 8));
    }
    fw_buf_put(out, body, size);
}

void build_lzma_section(struct fw_buf *out, const uint8_t *stream, size_t size)
{
    static const uint8_t guid[16] = {0x98, 0x58, 0x4e, 0xee, 0x14, 0x39, 0x59, 0x42,
                                     0x9d, 0x6e, 0xdc, 0x7b, 0xd7, 0x94, 0x03, 0xcf};
    struct fw_buf body = {0};

    fw_buf_put(&body, guid, sizeof guid);
    fw_buf_put16(&body, size + 24 < 0xffffff ? 24 : 28);
    fw_buf_put16(&body, 1); /* processing required */
    fw_buf_put(&body, stream, size);
    build_section(out, 0x02, body.p, body.size);
    fw_buf_free(&body);
}

void build_file_named(struct fw_buf *out, uint8_t type, const uint8_t name[16],
                      const uint8_t *body, size_t size)
{
    bool large = size + 24 >= 0xffffff;

    align_to(out, 8, 0xff);
    fw_buf_put(out, name, 16);
    fw_buf_put16(out, 0xaa00); /* checksums are not looked at */
    fw_buf_put8(out, type);
    fw_buf_put8(out, large ? 0x01 : 0);
    put24(out, large ? 0xffffff : size + 24);
    fw_buf_put8(out, 0xf8);
    if (large)
        fw_buf_put64(out, size + 32);
    fw_buf_put(out, body, size);
}

void build_file(struct fw_buf *out, uint8_t type, uint8_t id, const uint8_t *body,
                size_t size)
{
    uint8_t name[16];

    memset(name, id, sizeof name);
    build_file_named(out, type, name, body, size);
}

void build_volume(struct fw_buf *out, const uint8_t *files, size_t size, size_t length)
{
    static const uint8_t ffs2[16] = {0x78, 0xe5, 0x8c, 0x8c, 0x3d, 0x8a, 0x1c, 0x4f,
                                     0x99, 0x35, 0x89, 0x61, 0x85, 0xc3, 0x2d, 0xd3};
    struct fw_buf fv = {0};
    uint16_t sum = 0;

    if (length < size + 0x48)
        length = (size + 0x48 + 7) / 8 * 8;
    fw_buf_fill(&fv, 0, 16);
    fw_buf_put(&fv, ffs2, sizeof ffs2);
    fw_buf_put64(&fv, length);
    fw_buf_text(&fv, "_FVH");
    fw_buf_put32(&fv, 0x4feff);
    fw_buf_put16(&fv, 0x48);
    fw_buf_put16(&fv, 0); /* checksum, below */
    fw_buf_put16(&fv, 0);
    fw_buf_put8(&fv, 0);
    fw_buf_put8(&fv, 2);
    fw_buf_put32(&fv, (uint32_t)length);
    fw_buf_put32(&fv, 1);
    fw_buf_put64(&fv, 0);
    if (!fv.bad) {
        for (size_t i = 0; i < fv.size; i += 2)
            sum = (uint16_t)(sum + (fv.p[i] | fv.p[i + 1] << 8));
        fv.p[0x32] = (uint8_t)(-sum & 0xff);
        fv.p[0x33] = (uint8_t)(-sum >> 8 & 0xff);
    }
    fw_buf_put(&fv, files, size);
    fw_buf_fill(&fv, 0xff, length - fv.size);
    fw_buf_put(out, fv.p, fv.size);
    fw_buf_free(&fv);
}

void build_lzma(struct fw_buf *out, const uint8_t *bytes, size_t size, uint64_t declared)
{
    size_t room = size + size / 2 + 4096, start = out->size;
    uint8_t *p = malloc(room);
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_options_lzma options;

    if (!p || lzma_lzma_preset(&options, 0) || lzma_alone_encoder(&stream, &options)) {
        out->bad = true;
        free(p);
        return;
    }
    stream.next_in = bytes;
    stream.avail_in = size;
    stream.next_out = p;
    stream.avail_out = room;
    if (lzma_code(&stream, LZMA_FINISH) != LZMA_STREAM_END)
        out->bad = true;
    fw_buf_put(out, p, room - stream.avail_out);
    lzma_end(&stream);
    free(p);
    for (size_t i = 0; i < 8 && !out->bad; i++)
        out->p[start + 5 + i] = (uint8_t)(declared >> (8 * i) & 0xff);
}

void build_varstore(struct fw_buf *out, const char *name, uint8_t guid_byte,
                    uint32_t attributes, uint16_t size)
{
    fw_buf_put8(out, 0x26);
    fw_buf_put8(out, (uint8_t)(26 + strlen(name) + 1));
    fw_buf_put16(out, 7);
    fw_buf_fill(out, guid_byte, 16);
    fw_buf_put32(out, attributes);
    fw_buf_put16(out, size);
    fw_buf_text(out, name);
    fw_buf_put8(out, 0);
}
