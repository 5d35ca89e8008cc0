/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/keyoption.h>

#include "base/bytes.h"

#define HEADER 10
#define KEY    4

int fwvar_keyoption_decode(const uint8_t *bytes, size_t size,
                           struct fwvar_keyoption *option)
{
    struct fw_reader r = fw_reader(bytes, size);
    struct fwvar_keyoption read = {0};

    read.key_data = fw_take32(&r);
    read.crc = fw_take32(&r);
    read.option = fw_take16(&r);
    read.count = read.key_data >> FWVAR_KEY_COUNT_SHIFT;
    for (unsigned i = 0; i < read.count; i++) {
        read.keys[i].scan = fw_take16(&r);
        read.keys[i].unicode = fw_take16(&r);
    }
    if (r.bad || fw_left(&r) != 0)
        return FWVAR_ERR_DAMAGED;
    *option = read;
    return 0;
}

int fwvar_keyoption_encode(const struct fwvar_keyoption *option,
                           uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX], size_t *size)
{
    unsigned count = option->count;

    if (count > FWVAR_KEY_COUNT_MAX)
        return FWVAR_ERR_ARG;
    fw_put32(bytes, (option->key_data & ~FWVAR_KEY_COUNT) | (uint32_t)option->count
                                                                << FWVAR_KEY_COUNT_SHIFT);
    fw_put32(bytes + 4, option->crc);
    fw_put16(bytes + 8, option->option);
    for (size_t i = 0; i < count; i++) {
        fw_put16(bytes + HEADER + KEY * i, option->keys[i].scan);
        fw_put16(bytes + HEADER + KEY * i + 2, option->keys[i].unicode);
    }
    *size = HEADER + KEY * (size_t)count;
    return 0;
}
