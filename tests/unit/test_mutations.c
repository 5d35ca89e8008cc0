/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Every byte of headers and records damaged in five ways, and every length of the file:
 * no reader may crash or hang, and check has to find something fatal wherever the second
 * reader, which shares no code with it, cannot read the store to its end.
 *
 * What is bounded is steps, not time. The quick form looks at every 31st byte and every
 * 127th length (test_stride); FWVAR_TEST_FULL=1 looks at all of them. */
#include <fwvar/boot.h>
#include <fwvar/check.h>
#include <fwvar/known.h>
#include <fwvar/repair.h>

#include <stdlib.h>
#include <string.h>

#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

enum { VOLUME_AT = 0x1D0000, VOLUME = 0x20000, RECORDS_END = 0x4484, HEADERS = 0xA0 };

/* ---- what is done with each image ---- */

static void walk(const struct fwvar_image *image)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    struct fwvar_walk w = fwvar_walk_begin(s);
    size_t most = (s->end - s->first) / FWVAR_RECORD_HEADER_PLAIN + 1, steps = 0;
    struct fwvar_record r;

    while (fwvar_walk_next(&w, &r) == 0) {
        ck_assert_uint_le(++steps, most);
        ck_assert_uint_le(r.offset - s->volume.offset + r.size, s->end);
    }
    ck_assert_int_ne(w.end, FWVAR_END_NONE);
}

/* As `list` does. */
static void list(const struct fwvar_image *image)
{
    struct fwvar_variables *variables;

    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, NULL), 0);
    for (size_t i = 0; i < fwvar_variables_count(variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(variables, i);
        struct fwvar_variable v = fwvar_record_variable(r);
        char *name = fwvar_record_name(r, true, NULL), *value = fwvar_value_text(&v);
        ck_assert(name && value);
        free(name);
        free(value);
    }
    fwvar_variables_free(variables);
}

static void menu(const struct fwvar_image *image)
{
    struct fwvar_variables *variables;
    struct fwvar_boot_menu m;
    struct fwvar_boots boots;

    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, NULL), 0);
    ck_assert_int_eq(fwvar_boot_menu_read(variables, &m, NULL), 0);
    fwvar_boot_menu_free(&m);
    fwvar_boots_left(image, variables, &boots);
    fwvar_variables_free(variables);
}

static void check(const struct fwvar_image *image)
{
    struct fwvar_findings *findings;

    ck_assert_int_eq(fwvar_check(image, FWVAR_CHECK_ALL, &findings, NULL), 0);
    ck_assert_uint_le(fwvar_findings_count(findings), VOLUME);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        ck_assert(f->rule && f->message);
        ck_assert(f->offset == FWVAR_NO_OFFSET ||
                  f->offset <= fwvar_image_size(image) + 0x40);
    }
    fwvar_findings_free(findings);
}

static size_t worse_than_advice(const struct fwvar_image *image)
{
    struct fwvar_findings *findings;
    size_t n = 0;

    ck_assert_int_eq(fwvar_check(image, FWVAR_CHECK_ALL, &findings, NULL), 0);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++)
        n += fwvar_findings_at(findings, i)->severity != FWVAR_ADVICE;
    fwvar_findings_free(findings);
    return n;
}

/* What a repair does not mend it names, and a second one finds nothing to do. */
static void mend(const struct fwvar_image *image)
{
    struct fwvar_repair *first, *second;
    struct fwvar_diag diag;

    int code = fwvar_repair(image, NULL, &first, &diag);
    ck_assert_msg(code == 0 || code == FWVAR_ERR_FORMAT, "%s", diag.message);
    if (code != 0)
        return;
    const struct fwvar_image *mended = fwvar_repair_image(first);
    ck_assert_uint_eq(worse_than_advice(mended), fwvar_repair_lefts(first));
    code = fwvar_repair(mended, NULL, &second, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    if (fwvar_repair_mends(second))
        ck_abort_msg("again: %s", fwvar_repair_mend(second, 0)->message);
    fwvar_repair_free(second);
    fwvar_repair_free(first);
}

/* Whatever reads or mends is added here. */
static void (*const readers[])(const struct fwvar_image *image) = {walk, list, menu,
                                                                   check, mend};

#define READERS (sizeof readers / sizeof readers[0])

static bool has_fatal(const struct fwvar_image *image)
{
    struct fwvar_findings *findings;
    bool fatal = false;

    ck_assert_int_eq(fwvar_check(image, FWVAR_CHECK_ALL, &findings, NULL), 0);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++)
        fatal |= fwvar_findings_at(findings, i)->severity == FWVAR_FATAL;
    fwvar_findings_free(findings);
    return fatal;
}

static bool second_reader_content(const uint8_t *bytes, size_t size)
{
    struct sr_image im;
    bool good = sr_open(&im, bytes, size) && im.volumes == 1 && im.header_sum_ok &&
                im.n_twins == 0 && im.free_clean &&
                (im.stop == SR_STOP_START_ID || im.stop == SR_STOP_END);

    sr_close(&im);
    return good;
}

static void read_all(const uint8_t *bytes, size_t size)
{
    struct fwvar_image *image;
    struct fwvar_diag diag;

    if (fwvar_image_open_bytes(bytes, size, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING,
                               &image, &diag) != 0) {
        ck_assert_int_eq(diag.code, FWVAR_ERR_FORMAT);
        return;
    }
    if (fwvar_image_store(image)) {
        fwvar_image_set_platform(image, FWVAR_PLATFORM_RPI);
        for (size_t i = 0; i < READERS; i++)
            readers[i](image);
        if (!second_reader_content(bytes, size))
            ck_assert(has_fatal(image));
    }
    fwvar_image_close(image);
}

/* ---- the damage ---- */

static void each_value(uint8_t *image, size_t size, size_t at)
{
    uint8_t old = image[at];
    const uint8_t values[] = {0x00, 0xFF, (uint8_t)~old, (uint8_t)(old + 1),
                              (uint8_t)(old - 1)};

    for (size_t i = 0; i < sizeof values; i++) {
        image[at] = values[i];
        read_all(image, size);
    }
    image[at] = old;
}

/* The volume alone: whole images would be searched from end to end each time. */
static void saved_volume(struct ig_bytes *volume)
{
    struct ig_bytes file = {0};

    ig_build(&file, "rpi4-2m-saved");
    ig_put(volume, file.p + VOLUME_AT, VOLUME);
    ig_free(&file);
}

START_TEST(every_byte)
{
    struct ig_bytes volume = {0};

    saved_volume(&volume);
    for (size_t at = 0; at < RECORDS_END; at += at < HEADERS ? 1 : test_stride(31))
        each_value(volume.p, volume.size, at);
    ig_free(&volume);
}
END_TEST

START_TEST(every_length)
{
    struct ig_bytes volume = {0};

    saved_volume(&volume);
    for (size_t n = 0; n < VOLUME; n += n < 0x100 ? 1 : test_stride(127)) {
        /* Behind the end there is nothing that may be read. */
        uint8_t *part = malloc(n ? n : 1);
        ck_assert_ptr_nonnull(part);
        memcpy(part, volume.p, n);
        read_all(part, n);
        free(part);
    }
    ig_free(&volume);
}
END_TEST

/* In the whole image the volume is also looked for. */
START_TEST(headers_in_an_image)
{
    struct ig_bytes file = {0};

    ig_build(&file, "rpi4-2m-saved");
    for (size_t at = 0; at < HEADERS; at += test_stride(3))
        each_value(file.p, file.size, VOLUME_AT + at);
    ig_free(&file);
}
END_TEST

/* Each byte of the FTW block and its queue, with a write pending. */
START_TEST(fault_tolerant_write)
{
    struct ig_bytes volume = {0};

    saved_volume(&volume);
    memcpy(volume.p + 0xF020, "\xfc\xff\xff\xff", 4);
    memset(volume.p + 0xF020 + 24, 0, 16);
    volume.p[0xF020 + 24] = 1;
    volume.p[0xF020 + 40] = 0xFD;
    for (size_t at = 0xF000; at < 0xF080; at++)
        each_value(volume.p, volume.size, at);
    ig_free(&volume);
}
END_TEST

Suite *suite(void);
Suite *suite(void)
{
    Suite *s = suite_create("mutations");
    TCase *t = tcase_create("mutations");

    tcase_set_timeout(t, 3600);
    tcase_add_test(t, every_byte);
    tcase_add_test(t, every_length);
    tcase_add_test(t, headers_in_an_image);
    tcase_add_test(t, fault_tolerant_write);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
