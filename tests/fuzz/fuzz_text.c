/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What people and other programs write: device paths, names, values, JSON documents and
 * plans, dumps of the UEFI Shell. The first byte says what the rest is. */
#include "fuzz/fuzz.h"

#include <fwvar/assign.h>
#include <fwvar/devpath.h>
#include <fwvar/document.h>
#include <fwvar/keyoption.h>
#include <fwvar/loadopt.h>
#include <fwvar/plan.h>
#include <fwvar/release.h>
#include <fwvar/setting.h>
#include <fwvar/varlist.h>

#include <string.h>

/* Text that parses prints, and what is printed parses to the same bytes. */
static void try_path_text(const uint8_t *data, size_t size, const char *text)
{
    uint8_t *path, *back;
    size_t path_size, back_size;

    (void)data;
    (void)size;
    if (fwvar_devpath_parse(text, &path, &path_size, NULL) != 0)
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
static void try_path_bytes(const uint8_t *data, size_t size, const char *text)
{
    uint8_t *back;
    size_t back_size, at;

    (void)text;
    if (size == 0)
        return;
    char *printed = fwvar_devpath_text(data, size);
    PROMISE(printed);
    fwvar_devpath_check(data, size, &at);
    PROMISE(fwvar_devpath_parse(printed, &back, &back_size, NULL) == 0);
    PROMISE(back_size == size && memcmp(back, data, size) == 0);
    free(printed);
    free(back);
}

/* A load option that decodes without a flaw is built again from its parts. */
static void try_load_option(const uint8_t *data, size_t size, const char *text)
{
    struct fwvar_loadopt option;
    uint8_t *back;
    size_t back_size;

    (void)text;
    fwvar_loadopt_decode(data, size, &option);
    fwvar_loadopt_is_auto(&option);
    if (option.flaw != FWVAR_LOADOPT_OK)
        return;
    if (fwvar_loadopt_encode(&option, &back, &back_size, NULL) == 0) {
        PROMISE(back_size == size && memcmp(back, data, size) == 0);
        free(back);
    }
}

static void try_key_option(const uint8_t *data, size_t size, const char *text)
{
    uint8_t back[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_keyoption option;
    size_t back_size;

    (void)text;
    if (fwvar_keyoption_decode(data, size, &option) == 0 &&
        fwvar_keyoption_encode(&option, back, &back_size) == 0)
        PROMISE(back_size <= size);
}

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

static void try_document(const uint8_t *data, size_t size, const char *text)
{
    struct fwvar_varlist *list, *back;
    struct fwvar_diag diag;
    char *written;

    (void)data;
    if (fwvar_document_read(text, size, &list, &diag) != 0)
        return;
    if (fwvar_document_write(list, &written, &diag) == 0) {
        PROMISE(fwvar_document_read(written, strlen(written), &back, &diag) == 0);
        PROMISE(fwvar_varlist_count(back) == fwvar_varlist_count(list));
        fwvar_varlist_free(back);
        free(written);
    }
    fwvar_varlist_free(list);
}

static void try_plan(const uint8_t *data, size_t size, const char *text)
{
    struct fwvar_plan *plan;

    (void)data;
    if (fwvar_plan_read(text, size, &plan, NULL) == 0)
        fwvar_plan_free(plan);
}

static void try_dmpstore(const uint8_t *data, size_t size, const char *text)
{
    struct fwvar_varlist *list;
    uint8_t *written;
    size_t written_size;

    (void)text;
    if (fwvar_dmpstore_read(data, size, &list, NULL) != 0)
        return;
    if (fwvar_dmpstore_write(list, &written, &written_size, NULL) == 0)
        free(written);
    fwvar_varlist_free(list);
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
    try_path_text, try_path_bytes, try_load_option, try_key_option, try_setting,
    try_document,  try_plan,       try_dmpstore,    try_file_name,  try_small_texts};

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
