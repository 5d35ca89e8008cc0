/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The code part of an image: volumes, files, sections, LZMA. Every volume header's sum is
 * made right, or hardly any input would be looked at. */
#include "fuzz/fuzz.h"

#include <fwvar/release.h>

#include <string.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fwvar_content *content;
    struct fwvar_release release;

    if (size == 0 || size > 0x40000)
        return 0;
    uint8_t *bytes = malloc(size);
    PROMISE(bytes);
    memcpy(bytes, data, size);
    for (size_t i = 0; i + 0x38 <= size; i += 16) {
        if (memcmp(bytes + i + 0x28, "_FVH", 4) == 0)
            mend_sum(bytes + i, size - i);
    }
    if (fwvar_content_open(bytes, size, &content, NULL) == 0) {
        fwvar_content_release(content, &release);
        fwvar_content_warning(content);
        fwvar_content_knows_name(content, "RamMoreThan3GB");
        for (size_t i = 0; fwvar_content_varstore_at(content, i); i++)
            ;
        fwvar_content_free(content);
    }
    fwvar_release_from_head(bytes, size, &release);
    free(bytes);
    return 0;
}
