/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Device paths as text and as bytes, and what holds them. The first byte says what the
 * rest is. Small and fast, so that it can be run many millions of times. */
#include "fuzz/fuzz.h"

#include <fwvar/devpath.h>
#include <fwvar/keyoption.h>
#include <fwvar/loadopt.h>

#include <string.h>

/* Text that parses prints, and what is printed parses to the same bytes. */
static void try_text(const uint8_t *data, size_t size)
{
    uint8_t *path, *back;
    size_t path_size, back_size;
    char *text = malloc(size + 1);

    PROMISE(text);
    memcpy(text, data, size);
    text[size] = '\0';
    int code = fwvar_devpath_parse(text, &path, &path_size, NULL);
    free(text);
    if (code != 0)
        return;
    char *printed = fwvar_devpath_text(path, path_size);
    PROMISE(printed);
    PROMISE(fwvar_devpath_parse(printed, &back, &back_size, NULL) == 0);
    PROMISE(back_size == path_size && memcmp(path, back, path_size) == 0);
    free(printed);
    free(path);
    free(back);
}

/* Any bytes print, and come back. */
static void try_bytes(const uint8_t *data, size_t size)
{
    uint8_t *back;
    size_t back_size, at;

    if (size == 0)
        return;
    char *printed = fwvar_devpath_text(data, size);
    PROMISE(printed);
    PROMISE(fwvar_devpath_flaw_text(fwvar_devpath_check(data, size, &at)));
    PROMISE(fwvar_devpath_parse(printed, &back, &back_size, NULL) == 0);
    PROMISE(back_size == size && memcmp(back, data, size) == 0);
    free(printed);
    free(back);
}

/* A load option that decodes without a flaw is built again from its parts. */
static void try_load_option(const uint8_t *data, size_t size)
{
    struct fwvar_loadopt option;
    uint8_t *back;
    size_t back_size;

    fwvar_loadopt_decode(data, size, &option);
    PROMISE(fwvar_loadopt_flaw_text(option.flaw));
    fwvar_loadopt_is_auto(&option);
    if (option.flaw != FWVAR_LOADOPT_OK)
        return;
    if (fwvar_loadopt_encode(&option, &back, &back_size, NULL) == 0) {
        PROMISE(back_size == size && memcmp(back, data, size) == 0);
        free(back);
    }
}

static void try_key_option(const uint8_t *data, size_t size)
{
    uint8_t back[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_keyoption option;
    size_t back_size;

    if (fwvar_keyoption_decode(data, size, &option) == 0 &&
        fwvar_keyoption_encode(&option, back, &back_size) == 0)
        PROMISE(back_size <= size);
}

static void (*const tries[])(const uint8_t *, size_t) = {try_text, try_bytes,
                                                         try_load_option, try_key_option};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 0x4000)
        return 0;
    tries[data[0] % (sizeof tries / sizeof tries[0])](data + 1, size - 1);
    return 0;
}
