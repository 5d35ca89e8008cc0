/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Short texts that people write: values of settings, names of files, attributes, times,
 * versions. The first byte says what the rest is. */
#include "fuzz/fuzz.h"

#include <fwvar/assign.h>
#include <fwvar/release.h>
#include <fwvar/setting.h>
#include <fwvar/varlist.h>

#include <string.h>

/* The first byte picks the setting; what is accepted prints, and is accepted again. */
static void try_setting(const uint8_t *data, size_t size, const char *text)
{
    static const char *const boards[] = {NULL, "rpi3", "rpi4", "rpi5"};
    char shown[FWVAR_SETTING_TEXT_MAX];
    struct fwvar_setting_value value;

    if (size < 2)
        return;
    const struct fwvar_setting *s = fwvar_setting_at(data[0] % fwvar_setting_count());
    const char *board = boards[data[1] % 4];
    if (fwvar_setting_parse(s, board, text + 2, data[1] & 0x80, &value, NULL) == 0)
        PROMISE(fwvar_setting_format(s, board, value.bytes, value.size, shown) == 0);
    fwvar_setting_format(s, board, data + 2, size - 2, shown);
}

static void try_file_name(const uint8_t *data, size_t size, const char *text)
{
    struct fwvar_variable v = {0};
    uint8_t *name;

    (void)data;
    (void)size;
    if (fwvar_efivarfs_parse(text, &v.guid, &name, &v.name_size, NULL) != 0)
        return;
    v.name = name;
    char *back = fwvar_efivarfs_name(&v);
    PROMISE(back);
    free(back);
    free(name);
}

static void try_small_texts(const uint8_t *data, size_t size, const char *text)
{
    uint32_t attributes;
    uint8_t time[16];

    (void)data;
    (void)size;
    fwvar_attributes_parse(text, &attributes, NULL);
    fwvar_time_parse(text, time, NULL);
    fwvar_version_compare(text, "v1.20");
    fwvar_setting_suggest(text);
}

static void (*const tries[])(const uint8_t *, size_t, const char *) = {
    try_setting, try_file_name, try_small_texts};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 0x10000)
        return 0;
    char *text = malloc(size);
    PROMISE(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    tries[data[0] % (sizeof tries / sizeof tries[0])](data + 1, size - 1, text);
    free(text);
    return 0;
}
