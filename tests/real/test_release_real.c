/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Releases of real images, in the folder that FWVAR_IMAGES names. */
#include <fwvar/release.h>
#include <fwvar/setting.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SKIP 77

static const struct expected {
    const char *file, *board, *version, *build_date;
    const char *known, *unknown; /* a variable it has, one it has not */
} images[] = {
    {"rpi4-v1.20-saved.fd", "rpi4", "v1.20", "2020-09-01 14:10:14", "RamLimitTo3GB",
     "BootDiscoveryPolicyOld"},
    {"rpi4-v1.35-stock.fd", "rpi4", "v1.35", "2023-06-05 11:12:41",
     "BootDiscoveryPolicyOld", "XhciReload"},
    {"rpi4-4m-custom-stock.fd", "rpi4", "v0.0.2-62-gc1c9118", "2025-08-15 02:44:58",
     "XhciReload", "Pcie1Settings"},
    {"rpi4-4m-bootnext.fd", "rpi4", "v0.0.2-61-gaeb5c96", "2025-08-11 04:35:03",
     "ResetDelay", "BootPolicy"},
    {"rpi5-stock.fd", "rpi5", "RPI 5 UEFI 0.2.6 [Soulveig Edition]",
     "2026-08-15 21:11:12", "Pcie1Settings", "RamLimitTo3GB"},
};

static uint8_t *image;
static size_t image_size;

static void load(const char *file)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", getenv("FWVAR_IMAGES"), file);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f, "%s cannot be opened", path);
    ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
    image_size = (size_t)ftell(f);
    rewind(f);
    image = malloc(image_size);
    ck_assert_ptr_nonnull(image);
    ck_assert_uint_eq(fread(image, 1, image_size, f), image_size);
    fclose(f);
}

static void check_release(const struct fwvar_release *r, const struct expected *e)
{
    ck_assert_str_eq(r->board, e->board);
    ck_assert_str_eq(r->version, e->version);
    ck_assert_str_eq(r->build_date, e->build_date);
    ck_assert_int_eq(r->confidence, FWVAR_RELEASE_CONTENT);
}

START_TEST(head_of_image)
{
    const struct expected *e = &images[_i];
    struct fwvar_release r;

    load(e->file);
    ck_assert_str_eq(fwvar_release_board_hint(image, image_size), e->board);
    fwvar_release_from_head(image, image_size, &r);
    check_release(&r, e);
    free(image);
}
END_TEST

/* Every setting whose release span is known must be in the image, or not, accordingly. */
static void check_settings(const struct fwvar_content *content, const struct expected *e)
{
    for (size_t i = 0; i < fwvar_setting_count(); i++) {
        const struct fwvar_setting *s = fwvar_setting_at(i);
        const struct fwvar_varstore *v =
            fwvar_content_varstore(content, s->name, &s->guid);
        int expected = fwvar_setting_in_release(s, e->board, e->version);

        if (v) {
            ck_assert_msg(v->size == s->size, "size of %s", s->name);
            ck_assert_msg(v->attributes == s->attributes, "attributes of %s", s->name);
        }
        /* "Lang" is stored as the tail of "PlatformLang". */
        if (strcmp(s->name, "Lang") == 0 || expected < 0)
            continue;
        if (expected == 1)
            ck_assert_msg(fwvar_content_knows_name(content, s->name), "%s not found",
                          s->name);
        else if (!(s->boards & fwvar_board_set(e->board)))
            ck_assert_msg(!v, "%s declared", s->name);
        else
            ck_assert_msg(!fwvar_content_knows_name(content, s->name), "%s found",
                          s->name);
    }
}

START_TEST(content_of_image)
{
    const struct expected *e = &images[_i];
    struct fwvar_content *content;
    struct fwvar_diag diag = {0};
    struct fwvar_release r;

    load(e->file);
    int err = fwvar_content_open(image, image_size, &content, &diag);
    ck_assert_msg(err == 0, "%s", diag.message);
    ck_assert_ptr_null(fwvar_content_warning(content));
    fwvar_content_release(content, &r);
    check_release(&r, e);
    ck_assert(fwvar_content_knows_name(content, e->known));
    ck_assert(!fwvar_content_knows_name(content, e->unknown));
    check_settings(content, e);
    fwvar_content_free(content);
    free(image);
}
END_TEST

int main(void)
{
    const int n = sizeof images / sizeof images[0];

    if (!getenv("FWVAR_IMAGES")) {
        puts("skipped: FWVAR_IMAGES does not name a folder with firmware images");
        return SKIP;
    }
    Suite *suite = suite_create("release of real images");
    TCase *tc = tcase_create("images");
    tcase_add_loop_test(tc, head_of_image, 0, n);
    tcase_add_loop_test(tc, content_of_image, 0, n);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
