/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Short texts that people write: values of settings, names of files, attributes, times,
 * versions, a config.txt. The first byte says what the rest is. */
#include "fuzz/fuzz.h"
#include "support/imagegen.h"

#include <fwvar/advice.h>
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

/* ---- config.txt ---- */

/* An empty store of a Pi, which wants its device tree at 0x1F0000. */
static struct pi {
    struct fwvar_image *image;
    struct fwvar_variables *variables;
} pi;

static void make_pi(void)
{
    struct ig_image im;

    ig_create(&im, ig_pi_2m.at + ig_pi_2m.length, &ig_pi_2m);
    PROMISE(fwvar_image_open_bytes(im.file.p, im.file.size, 0, &pi.image, NULL) == 0);
    PROMISE(fwvar_variables_read(fwvar_image_store(pi.image), &pi.variables, NULL) == 0);
}

/* True if the rule about config.txt applies; its text ends up in @advised. */
static bool is_advised(const char *config, const char *board,
                       struct fwvar_advised *advised)
{
    struct fwvar_release release = {.era = ""};
    struct fwvar_advice_list list;
    bool found = false;

    snprintf(release.board, sizeof release.board, "%s", board);
    PROMISE(fwvar_advise_image(pi.image, pi.variables, &release, config, &list, NULL) ==
            0);
    for (size_t i = 0; i < list.count; i++) {
        if (strcmp(list.items[i].rule->rule, "config-txt") == 0) {
            *advised = list.items[i];
            found = true;
        }
    }
    return found;
}

/* The first byte picks the board. The last address counts, whatever stands before it. */
static void try_config(const uint8_t *data, size_t size, const char *text)
{
    static const char *const boards[] = {"rpi4", "rpi3", "rpi5", ""};
    static const char right[] = "device_tree_address=0x1f0000";
    static const char wrong[] = "device_tree_address=0xabcd123";
    struct fwvar_advised advised;

    if (size < 1)
        return;
    if (!pi.image)
        make_pi();
    const char *board = boards[data[0] % 4];
    bool known = fwvar_config_known(fwvar_image_layout(pi.image), board);
    char *config = malloc(size + sizeof wrong + 1);
    PROMISE(config);
    PROMISE(known || !is_advised(text + 1, board, &advised));
    sprintf(config, "%s\n%s", text + 1, right);
    PROMISE(!is_advised(config, board, &advised));
    sprintf(config, "%s\n%s", text + 1, wrong);
    PROMISE(is_advised(config, board, &advised) == known);
    PROMISE(!known || strstr(advised.text, wrong));
    free(config);
}

static void (*const tries[])(const uint8_t *, size_t, const char *) = {
    try_setting, try_file_name, try_small_texts, try_config};

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
