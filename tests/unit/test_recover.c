/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The history of a store, and what is still there without its headers. */
#include <fwvar/recover.h>

#include <stdlib.h>
#include <string.h>

#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#define VOLUME 0x1D0000

static struct fwvar_image *open_bytes(const uint8_t *bytes, size_t size)
{
    struct fwvar_image *image;
    struct fwvar_diag diag;

    int code = fwvar_image_open_bytes(
        bytes, size, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING, &image, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    return image;
}

/* ---- history ---- */

static bool is_called(const struct fwvar_record *r, const char *wanted)
{
    char *name = fwvar_record_name(r, false, NULL);
    bool same = name && strcmp(name, wanted) == 0;

    free(name);
    return same;
}

/* Every record is in the history once, variables apart, each in address order. */
START_TEST(history_has_all)
{
    struct fwvar_variables *variables;
    struct fwvar_history *h;
    struct ig_bytes file = {0};
    size_t records = 0, live = 0;

    ig_build(&file, "rpi4-2m-saved");
    struct fwvar_image *image = open_bytes(file.p, file.size);
    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, NULL), 0);
    ck_assert_int_eq(fwvar_history_read(variables, &h, NULL), 0);
    for (size_t v = 0; v < fwvar_history_variables(h); v++) {
        uint64_t before = 0;
        for (size_t i = 0; i < fwvar_history_records(h, v); i++) {
            enum fwvar_role role;
            const struct fwvar_record *r = fwvar_history_record(h, v, i, &role);
            ck_assert(r->offset > before);
            before = r->offset;
            live += role == FWVAR_ROLE_LIVE;
            records++;
        }
    }
    ck_assert_uint_eq(fwvar_history_variables(h), 55);
    ck_assert_uint_eq(records, 82);
    ck_assert_uint_eq(live, 55);
    fwvar_history_free(h);
    fwvar_variables_free(variables);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

START_TEST(history_of_the_boot_counter)
{
    struct fwvar_variables *variables;
    struct fwvar_history *h;
    struct ig_bytes file = {0};
    bool found = false;

    ig_build(&file, "rpi4-2m-saved");
    struct fwvar_image *image = open_bytes(file.p, file.size);
    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, NULL), 0);
    ck_assert_int_eq(fwvar_history_read(variables, &h, NULL), 0);
    for (size_t v = 0; v < fwvar_history_variables(h); v++) {
        if (!is_called(fwvar_history_record(h, v, 0, NULL), "MTC"))
            continue;
        found = true;
        ck_assert_uint_eq(fwvar_history_records(h, v), 6);
        for (size_t i = 0; i < 6; i++)
            ck_assert_uint_eq(fwvar_history_record(h, v, i, NULL)->data[0], i + 1);
    }
    ck_assert(found);
    fwvar_history_free(h);
    fwvar_variables_free(variables);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

/* ---- salvage ---- */

static size_t count_live(const struct fwvar_variables *v)
{
    return fwvar_variables_usage(v)->live;
}

static void salvage(const struct ig_bytes *file, size_t live)
{
    struct fwvar_image *image = open_bytes(file->p, file->size);
    struct fwvar_salvage *s;
    struct fwvar_diag diag;

    int code = fwvar_salvage(image, &s, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    ck_assert_uint_eq(count_live(fwvar_salvage_variables(s)), live);
    fwvar_salvage_free(s);
    fwvar_image_close(image);
}

START_TEST(salvage_without_headers)
{
    struct ig_bytes file = {0};

    ig_build(&file, "rpi4-2m-saved");
    memset(file.p + VOLUME, 0, 0x64);
    salvage(&file, 55);
    ig_free(&file);
}
END_TEST

START_TEST(salvage_behind_a_break)
{
    struct ig_bytes file = {0};

    ig_build(&file, "rpi4-2m-saved");
    memset(file.p + VOLUME + 0x2C8, 0, 2);
    salvage(&file, 55);
    ig_free(&file);
}
END_TEST

/* No repair makes this volume whole, so the break stays; the one record is lost. */
START_TEST(salvage_from_a_part)
{
    struct ig_bytes file = {0};

    ig_build(&file, "rpi4-2m-saved");
    memset(file.p + VOLUME + 0x2C8, 0, 2);
    file.size = VOLUME + 0x8000;
    salvage(&file, 54);
    ig_free(&file);
}
END_TEST

/* Nor this one; but its chain is whole, and leads to a record that no search believes. */
START_TEST(salvage_keeps_the_chain)
{
    struct ig_bytes file = {0};

    ig_build(&file, "rpi4-2m-saved");
    file.p[VOLUME + 0x64 + 4] = 6; /* without NV */
    file.size = VOLUME + 0x8000;
    salvage(&file, 55);
    ig_free(&file);
}
END_TEST

/* Records where no layout has its store: the whole file is looked through. */
START_TEST(salvage_from_anywhere)
{
    struct ig_bytes file = {0}, saved = {0};

    ig_build(&saved, "rpi4-2m-saved");
    ig_fill(&file, 0x5A, 0x70000);
    ig_poke(&file, 0x12344, saved.p + VOLUME + 0x64, 0x4420);
    salvage(&file, 55);
    ig_free(&saved);
    ig_free(&file);
}
END_TEST

START_TEST(salvage_plain_records)
{
    struct ig_bytes file = {0}, plain = {0};

    ig_build(&plain, "plain-store");
    ig_fill(&file, 0, 0x70000);
    ig_poke(&file, 0x20000, plain.p + 0x64, 0x400);
    salvage(&file, 6);
    ig_free(&plain);
    ig_free(&file);
}
END_TEST

START_TEST(nothing_to_salvage)
{
    struct ig_bytes file = {0};
    struct fwvar_salvage *s;

    ig_fill(&file, 0x5A, 0x20000);
    struct fwvar_image *image = open_bytes(file.p, file.size);
    ck_assert_int_eq(fwvar_salvage(image, &s, NULL), FWVAR_ERR_NOTFOUND);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("recover");
    TCase *t = tcase_create("all");

    tcase_add_test(t, history_has_all);
    tcase_add_test(t, history_of_the_boot_counter);
    tcase_add_test(t, salvage_without_headers);
    tcase_add_test(t, salvage_behind_a_break);
    tcase_add_test(t, salvage_from_a_part);
    tcase_add_test(t, salvage_keeps_the_chain);
    tcase_add_test(t, salvage_from_anywhere);
    tcase_add_test(t, salvage_plain_records);
    tcase_add_test(t, nothing_to_salvage);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make_suite);
}
