/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A plan on a sound image. Input: its text, whose length picks the image. What it makes
 * has to be read back by the second reader, and applying a plan that says one thing only
 * once more may change nothing; what the image then says of itself may not change it. */
#include "fuzz/fuzz.h"
#include "fuzz/judge.h"
#include "plan/plan.h"

#include "support/imagegen.h"

#include <string.h>

#define IMAGES 3

static struct ig_bytes images[IMAGES];

/* Two entries of one label, the first made by the firmware. */
static void add_menu(struct ig_image *im)
{
    static const char *const names[] = {"Boot0000", "Boot0001"};
    struct ig_bytes path = {0}, option = {0};

    ig_hex(&path, "03180400"
                  "7fff0400");
    for (unsigned i = 0; i < 2; i++) {
        ig_load_option(&option, 1, "a, b", &path, i == 0);
        ig_add(im, &(struct ig_record){.name = names[i],
                                       .guid = IG_GLOBAL,
                                       .attributes = 7,
                                       .data = option.p,
                                       .size = option.size});
        ig_free(&option);
    }
    ig_add(im, &(struct ig_record){.name = "BootOrder",
                                   .guid = IG_GLOBAL,
                                   .attributes = 7,
                                   .data = "\0\0\1\0",
                                   .size = 4});
    ig_free(&path);
}

/* That of a Pi, empty and with a menu, and one of another machine. */
static void make_images(void)
{
    struct ig_image im;

    if (images[0].p)
        return;
    ig_create(&im, ig_pi_2m.at + ig_pi_2m.length, &ig_pi_2m);
    images[0] = im.file;
    ig_create(&im, ig_pi_2m.at + ig_pi_2m.length, &ig_pi_2m);
    add_menu(&im);
    images[1] = im.file;
    ig_create(&im, ig_ovmf_2m.at + ig_ovmf_2m.length, &ig_ovmf_2m);
    images[2] = im.file;
}

static void note(void *context, const char *text)
{
    (void)context;
    PROMISE(text[0]);
}

/* Applies a plan to bytes. Returns the result, the caller's, or NULL after an error. */
static uint8_t *apply(const struct fwvar_plan *plan, const uint8_t *bytes, size_t size,
                      bool *changed)
{
    static const struct fwvar_plan_key keys[] = {
        {"serial", "a0b1c2d3"}, {"mac", "dc:a6:32:01:02:03"}, {"name", "\xC3\xA4{x}"}};
    const struct fwvar_plan_use use = {
        .keys = keys, .key_count = size % 2 ? 0 : 3, .warn = note};
    struct fwvar_image *image;
    struct fwvar_edit *edit;
    struct fwvar_edit_report report;
    struct fwvar_patch patch;
    struct fwvar_diag diag = {.code = FWVAR_OK};
    uint8_t *result = NULL;

    PROMISE(fwvar_image_open_bytes(bytes, size, 0, &image, NULL) == 0);
    PROMISE(fwvar_edit_begin(image, 0, &edit, NULL) == 0);
    int code = fwvar_plan_apply(plan, edit, &use, &diag);
    PROMISE(code == 0 || (diag.code == (enum fwvar_error)code && diag.message[0]));
    if (code == 0 && fwvar_edit_finish(edit, &patch, &report, NULL) == 0) {
        result = judge_patched(image, &patch);
        judge_untouched(image, &patch, report.compacted);
        judge_reads_back(edit, result, size);
        *changed = report.changed;
    }
    fwvar_edit_end(edit);
    fwvar_image_close(image);
    return result;
}

static bool is_menu(const char *name)
{
    return strstr(name, "Boot") || strstr(name, "boot");
}

/* True if no two parts of a plan speak of the same thing, as one that deletes what it
 * sets does, or expects what it changes. */
static bool is_plain(const struct fwvar_plan *p)
{
    bool plain = !p->document && p->delete_count == 0 && p->expected_count == 0;

    for (size_t i = 0; i < p->setting_count; i++)
        plain &= !is_menu(p->settings[i].name);
    for (size_t i = 0; i < p->variable_count; i++)
        plain &= !is_menu(p->variables[i].name);
    return plain;
}

/* The image's own plan is one, and changes nothing. */
static void try_own_plan(const uint8_t *bytes, size_t size)
{
    struct fwvar_variables *variables;
    struct fwvar_firmware *firmware;
    struct fwvar_image *image;
    struct fwvar_plan *plan;
    bool changed = true;
    char *text;

    PROMISE(fwvar_image_open_bytes(bytes, size, 0, &image, NULL) == 0);
    PROMISE(fwvar_variables_read(fwvar_image_store(image), &variables, NULL) == 0);
    PROMISE(fwvar_firmware_open(image, NULL, &firmware, NULL) == 0);
    PROMISE(fwvar_plan_write(variables, firmware, note, NULL, &text, NULL) == 0);
    PROMISE(fwvar_plan_read(text, strlen(text), &plan, NULL) == 0);
    uint8_t *result = apply(plan, bytes, size, &changed);
    PROMISE(result && !changed);
    free(result);
    fwvar_plan_free(plan);
    free(text);
    fwvar_firmware_free(firmware);
    fwvar_variables_free(variables);
    fwvar_image_close(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fwvar_diag diag = {.code = FWVAR_OK};
    struct fwvar_plan *plan;
    bool changed = false;

    if (size > 0x4000)
        return 0;
    make_images();
    const struct ig_bytes *base = &images[size % IMAGES];
    if (fwvar_plan_read((const char *)data, size, &plan, &diag) != 0) {
        PROMISE(diag.code == FWVAR_ERR_ARG && strncmp(diag.message, "line ", 5) == 0);
        return 0;
    }
    uint8_t *once = apply(plan, base->p, base->size, &changed);
    if (once) {
        uint8_t *twice = apply(plan, once, base->size, &changed);
        PROMISE(!is_plain(plan) || (twice && !changed));
        free(twice);
        try_own_plan(once, base->size);
    }
    free(once);
    fwvar_plan_free(plan);
    return 0;
}
