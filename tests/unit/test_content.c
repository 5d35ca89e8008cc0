/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The compressed part of images: good ones, broken ones, and hostile ones. */
#include "format/ffs.h"
#include "format/lzma.h"
#include "fv_build.h"

#include <fwvar/release.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN_SIZE UINT64_MAX

/* Strings and form data as drivers hold them. */
static struct fw_buf driver(void)
{
    struct fw_buf b = {0};

    fw_buf_fill(&b, 0xcc, 64);
    fw_buf_text(&b, "0123456789ABCDEF"); /* a narrow string right before a wide one */
    fw_buf_put8(&b, 0);
    build_utf16(&b, "ConfigValue");
    build_utf16(&b, "PlatformLang");
    fw_buf_fill(&b, 0xcc, 7);
    build_varstore(&b, "RamLimitTo3GB", 0x11, 7, 4);
    build_varstore(&b, "RamLimitTo3GB", 0x11, 7, 4);
    build_varstore(&b, "RamLimitTo3GB", 0x22, 3, 1);
    build_varstore(&b, "Empty", 0x33, 7, 0);
    build_varstore(&b, "OddAttributes", 0x33, 0x80000007, 4);
    build_varstore(&b, "NotReadable", 0x33, 1, 4);
    build_varstore(&b, "Control\x01", 0x33, 7, 4);
    build_utf16(&b, "UEFI Firmware version information.");
    build_utf16(&b, "UEFI Firmware v1.35");
    return b;
}

/* A volume as a section's content: FV section, volume, driver file, PE section. */
static struct fw_buf inner_volume(void)
{
    struct fw_buf code = driver(), sections = {0}, files = {0}, fv = {0}, out = {0};

    build_section(&sections, 0x10, code.p, code.size);
    build_file(&files, 0x07, 0xaa, sections.p, sections.size);
    build_volume(&fv, files.p, files.size, 0);
    build_section(&out, 0x17, fv.p, fv.size);
    fw_buf_free(&code);
    fw_buf_free(&sections);
    fw_buf_free(&files);
    fw_buf_free(&fv);
    return out;
}

/* An image: @prefix bytes, then a volume with one file holding a compressed section. */
static struct fw_buf image_of(const uint8_t *stream, size_t size)
{
    struct fw_buf sections = {0}, files = {0}, image = {0};

    build_lzma_section(&sections, stream, size);
    build_file(&files, 0x0b, 0xbb, sections.p, sections.size);
    fw_buf_fill(&image, 0, 0x1000);
    build_volume(&image, files.p, files.size, 0);
    fw_buf_fill(&image, 0xff, 0x1000);
    fw_buf_free(&sections);
    fw_buf_free(&files);
    return image;
}

static struct fw_buf good_stream(uint64_t declared)
{
    struct fw_buf inner = inner_volume(), stream = {0};

    build_lzma(&stream, inner.p, inner.size, declared ? declared : inner.size);
    fw_buf_free(&inner);
    return stream;
}

static int open_image(const struct fw_buf *image, struct fwvar_content **content,
                      struct fwvar_diag *diag)
{
    memset(diag, 0, sizeof *diag);
    *content = NULL;
    ck_assert(!image->bad);
    return fwvar_content_open(image->p, image->size, content, diag);
}

/* Opens an image that must fail, and whose message must hold a text. */
static void refused(struct fw_buf image, int code, const char *text)
{
    struct fwvar_content *content;
    struct fwvar_diag diag;

    ck_assert_int_eq(open_image(&image, &content, &diag), code);
    ck_assert_ptr_null(content);
    fwvar_content_free(content);
    ck_assert_msg(strstr(diag.message, text), "%s", diag.message);
    fw_buf_free(&image);
}

static void check_content(const struct fwvar_content *content)
{
    const struct fwvar_varstore *v =
        fwvar_content_varstore(content, "RamLimitTo3GB", NULL);
    struct fwvar_guid other;
    struct fwvar_release r;

    ck_assert_ptr_nonnull(v);
    ck_assert_uint_eq(v->size, 4);
    ck_assert_uint_eq(v->attributes, 7);
    ck_assert_uint_eq(v->guid.b[0], 0x11);
    memset(other.b, 0x22, sizeof other.b);
    v = fwvar_content_varstore(content, "RamLimitTo3GB", &other);
    ck_assert_ptr_nonnull(v);
    ck_assert_uint_eq(v->size, 1);
    memset(other.b, 0x33, sizeof other.b);
    ck_assert_ptr_null(fwvar_content_varstore(content, "RamLimitTo3GB", &other));
    ck_assert_ptr_nonnull(fwvar_content_varstore_at(content, 1));
    ck_assert_ptr_null(fwvar_content_varstore_at(content, 2));
    ck_assert(fwvar_content_knows_name(content, "RamLimitTo3GB"));
    ck_assert(fwvar_content_knows_name(content, "ConfigValue"));
    ck_assert(fwvar_content_knows_name(content, "PlatformLang"));
    ck_assert(!fwvar_content_knows_name(content, "Lang"));
    ck_assert(!fwvar_content_knows_name(content, "Value"));
    ck_assert(!fwvar_content_knows_name(content, "ConfigVal"));
    ck_assert(!fwvar_content_knows_name(content, "Empty"));
    ck_assert(!fwvar_content_knows_name(content, ""));
    fwvar_content_release(content, &r);
    ck_assert_str_eq(r.version, "v1.35");
    ck_assert_int_eq(r.confidence, FWVAR_RELEASE_CONTENT);
}

static void accepted(struct fw_buf stream)
{
    struct fw_buf image = image_of(stream.p, stream.size);
    struct fwvar_content *content;
    struct fwvar_diag diag;

    int err = open_image(&image, &content, &diag);
    ck_assert_msg(err == 0, "%s", diag.message);
    /* Nothing of the image is needed any more. */
    memset(image.p, 0xdd, image.size);
    fw_buf_free(&image);
    ck_assert_ptr_null(fwvar_content_warning(content));
    check_content(content);
    fwvar_content_free(content);
    fw_buf_free(&stream);
}

START_TEST(size_declared)
{
    accepted(good_stream(0));
}
END_TEST

START_TEST(size_unknown)
{
    accepted(good_stream(UNKNOWN_SIZE));
}
END_TEST

START_TEST(nothing_there)
{
    struct fw_buf image = {0}, files = {0};

    fw_buf_fill(&image, 0xff, 0x10000);
    refused(image, FWVAR_ERR_FORMAT, "no firmware volume");
    image = (struct fw_buf){0};
    build_file(&files, 0x07, 1, (const uint8_t *)"\x08\0\0\x19zzzz", 8);
    build_volume(&image, files.p, files.size, 0x1000);
    fw_buf_free(&files);
    refused(image, FWVAR_ERR_NOTFOUND, "nothing compressed");
    struct fwvar_content *content;
    struct fwvar_diag diag;
    ck_assert_int_eq(fwvar_content_open((const uint8_t *)"", 0, &content, &diag),
                     FWVAR_ERR_FORMAT);
}
END_TEST

START_TEST(stream_cut_anywhere)
{
    struct fw_buf stream = good_stream(0);
    struct fwvar_content *content;
    struct fwvar_diag diag;

    for (size_t size = 0; size < stream.size; size++) {
        struct fw_buf image = image_of(stream.p, size);
        int err = open_image(&image, &content, &diag);
        /* Only the end marker may be missing: edk2's own streams have none. */
        if (err == 0) {
            ck_assert_uint_ge(size + 16, stream.size);
            check_content(content);
            fwvar_content_free(content);
        } else {
            ck_assert_int_eq(err, FWVAR_ERR_DAMAGED);
            ck_assert_msg(strstr(diag.message, "could not be decompressed"), "%s",
                          diag.message);
        }
        fw_buf_free(&image);
    }
    fw_buf_free(&stream);
}
END_TEST

/* No checksum covers the stream, so a changed byte may go unnoticed; whatever comes out
 * must be read without harm. */
START_TEST(every_byte_changed)
{
    struct fw_buf stream = good_stream(0);
    struct fwvar_content *content;
    struct fwvar_diag diag;
    struct fwvar_release r;
    size_t noticed = 0;

    for (size_t i = 0; i < stream.size; i++) {
        struct fw_buf image = image_of(stream.p, stream.size);
        image.p[0x1000 + 0x48 + 24 + 24 + i] ^= 0x55;
        if (open_image(&image, &content, &diag) == 0) {
            fwvar_content_release(content, &r);
            fwvar_content_knows_name(content, "RamLimitTo3GB");
            fwvar_content_free(content);
        } else {
            noticed++;
        }
        fw_buf_free(&image);
    }
    ck_assert_uint_gt(noticed, stream.size / 2);
    fw_buf_free(&stream);
}
END_TEST

/* Headers and lengths of the volume, file and section around the stream. */
START_TEST(every_header_byte_changed)
{
    static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
    struct fw_buf stream = good_stream(0);
    struct fwvar_content *content;
    struct fwvar_diag diag;

    for (size_t i = 0; i < 0x48 + 24 + 24; i++) {
        for (size_t v = 0; v < sizeof values; v++) {
            struct fw_buf image = image_of(stream.p, stream.size);
            image.p[0x1000 + i] = values[v];
            if (open_image(&image, &content, &diag) == 0)
                fwvar_content_free(content);
            fw_buf_free(&image);
        }
    }
    fw_buf_free(&stream);
}
END_TEST

START_TEST(image_cut_anywhere)
{
    struct fw_buf stream = good_stream(0), image = image_of(stream.p, stream.size);
    struct fwvar_content *content;
    struct fwvar_diag diag;
    size_t end = image.size - 0x1000; /* of the volume */

    for (size_t size = 0; size < end; size += size < 0x1000 ? 0x100 : 1) {
        uint8_t *cut = malloc(size ? size : 1);
        memcpy(cut, image.p, size);
        ck_assert_int_eq(fwvar_content_open(cut, size, &content, &diag),
                         FWVAR_ERR_FORMAT);
        free(cut);
    }
    fw_buf_free(&stream);
    fw_buf_free(&image);
}
END_TEST

START_TEST(declared_too_large)
{
    struct fw_buf stream = good_stream(UINT64_C(1) << 30);

    refused(image_of(stream.p, stream.size), FWVAR_ERR_DAMAGED,
            "declares 1073741824 bytes, more than 67108864");
    fw_buf_free(&stream);
    /* A false size within the limit costs no more than the stream really gives. */
    stream = good_stream(60 << 20);
    refused(image_of(stream.p, stream.size), FWVAR_ERR_DAMAGED, "corrupt");
    fw_buf_free(&stream);
}
END_TEST

/* 10 KB that would become 80 MB. */
START_TEST(bomb)
{
    struct fw_buf zeros = {0}, stream = {0};

    fw_buf_fill(&zeros, 0, 80 << 20);
    build_lzma(&stream, zeros.p, zeros.size, UNKNOWN_SIZE);
    ck_assert(!stream.bad && stream.size < 100000);
    fw_buf_free(&zeros);
    refused(image_of(stream.p, stream.size), FWVAR_ERR_DAMAGED,
            "gives more than 67108864 bytes");
    fw_buf_free(&stream);
}
END_TEST

/* Several streams share one limit. */
START_TEST(bombs_in_a_row)
{
    struct fw_buf zeros = {0}, stream = {0}, sections = {0}, files = {0}, image = {0};
    struct fwvar_content *content;
    struct fwvar_diag diag;

    fw_buf_fill(&zeros, 0, 40 << 20);
    build_lzma(&stream, zeros.p, zeros.size, zeros.size);
    for (int i = 0; i < 4; i++)
        build_lzma_section(&sections, stream.p, stream.size);
    build_file(&files, 0x0b, 1, sections.p, sections.size);
    build_volume(&image, files.p, files.size, 0);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    ck_assert_ptr_nonnull(strstr(fwvar_content_warning(content), "more than 25165824"));
    fwvar_content_free(content);
    fw_buf_free(&zeros);
    fw_buf_free(&stream);
    fw_buf_free(&sections);
    fw_buf_free(&files);
    fw_buf_free(&image);
}
END_TEST

START_TEST(memory_limit)
{
    struct fw_buf stream = good_stream(0);

    memset(stream.p + 1, 0xff, 4); /* a dictionary of 4 GB */
    refused(image_of(stream.p, stream.size), FWVAR_ERR_DAMAGED,
            "wants more than 64 MB to decompress");
    stream.p[0] = 0xff; /* properties out of range */
    refused(image_of(stream.p, stream.size), FWVAR_ERR_DAMAGED, "not an LZMA stream");
    fw_buf_free(&stream);
}
END_TEST

/* Wraps @levels volumes around each other, each in a section of the next. */
static struct fw_buf nested(int levels)
{
    struct fw_buf inner = inner_volume();

    for (int i = 0; i < levels; i++) {
        struct fw_buf files = {0}, fv = {0}, section = {0};
        build_file(&files, 0x0b, 2, inner.p, inner.size);
        build_volume(&fv, files.p, files.size, 0);
        build_section(&section, 0x17, fv.p, fv.size);
        fw_buf_free(&inner);
        fw_buf_free(&files);
        fw_buf_free(&fv);
        inner = section;
    }
    return inner;
}

START_TEST(nested_too_deep)
{
    struct fw_buf inner = nested(100), stream = {0};
    struct fwvar_content *content;
    struct fwvar_diag diag;

    build_lzma(&stream, inner.p, inner.size, inner.size);
    struct fw_buf image = image_of(stream.p, stream.size);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    ck_assert_ptr_nonnull(strstr(fwvar_content_warning(content), "deeper than 8"));
    fwvar_content_free(content);
    fw_buf_free(&image);
    fw_buf_free(&stream);
    fw_buf_free(&inner);

    inner = nested(2);
    build_lzma(&stream, inner.p, inner.size, inner.size);
    fw_buf_free(&inner);
    accepted(stream);
}
END_TEST

/* A stream inside a stream, again and again. */
START_TEST(streams_in_streams)
{
    struct fw_buf inner = inner_volume();
    struct fwvar_content *content;
    struct fwvar_diag diag;

    for (int i = 0; i < 20; i++) {
        struct fw_buf stream = {0}, section = {0};
        build_lzma(&stream, inner.p, inner.size, inner.size);
        build_lzma_section(&section, stream.p, stream.size);
        fw_buf_free(&inner);
        fw_buf_free(&stream);
        inner = section;
    }
    struct fw_buf files = {0}, image = {0};
    build_file(&files, 0x0b, 2, inner.p, inner.size);
    build_volume(&image, files.p, files.size, 0);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    ck_assert_ptr_nonnull(strstr(fwvar_content_warning(content), "deeper than 8"));
    fwvar_content_free(content);
    fw_buf_free(&inner);
    fw_buf_free(&files);
    fw_buf_free(&image);
}
END_TEST

START_TEST(too_many_sections)
{
    struct fw_buf sections = {0}, stream = {0};
    struct fwvar_content *content;
    struct fwvar_diag diag;

    for (int i = 0; i < 4 << 20; i++)
        fw_buf_put32(&sections, 0x19000004);
    build_lzma(&stream, sections.p, sections.size, sections.size);
    struct fw_buf image = image_of(stream.p, stream.size);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    ck_assert_ptr_nonnull(strstr(fwvar_content_warning(content), "files and sections"));
    fwvar_content_free(content);
    fw_buf_free(&image);
    fw_buf_free(&stream);
    fw_buf_free(&sections);
}
END_TEST

/* Declarations without end: found, bounded, and not searched for ever. */
START_TEST(too_many_declarations)
{
    struct fw_buf forms = {0}, stream = {0};
    struct fwvar_content *content;
    struct fwvar_diag diag;
    char name[16];

    for (int i = 0; i < 300000; i++) {
        snprintf(name, sizeof name, "V%d", i < 900 ? i : 899);
        build_varstore(&forms, name, 1, 7, 4);
    }
    build_lzma(&stream, forms.p, forms.size, forms.size);
    struct fw_buf image = image_of(stream.p, stream.size);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    ck_assert_ptr_nonnull(fwvar_content_varstore_at(content, 899));
    ck_assert_ptr_null(fwvar_content_varstore_at(content, 900));
    fwvar_content_free(content);
    fw_buf_free(&image);
    fw_buf_free(&stream);
    fw_buf_free(&forms);
}
END_TEST

/* Drivers that only one board has; two of them contradict each other. */
static void board_is(const uint8_t *const names[], size_t count, const char *board)
{
    struct fw_buf files = {0}, fv = {0}, section = {0}, stream = {0};
    struct fwvar_content *content;
    struct fwvar_diag diag;
    struct fwvar_release r;

    for (size_t i = 0; i < count; i++)
        build_file_named(&files, 0x07, names[i], (const uint8_t *)"", 0);
    build_volume(&fv, files.p, files.size, 0x1000);
    build_section(&section, 0x17, fv.p, fv.size);
    build_lzma(&stream, section.p, section.size, section.size);
    struct fw_buf image = image_of(stream.p, stream.size);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    fwvar_content_release(content, &r);
    ck_assert_str_eq(r.board, board);
    fwvar_content_free(content);
    fw_buf_free(&image);
    fw_buf_free(&files);
    fw_buf_free(&fv);
    fw_buf_free(&section);
    fw_buf_free(&stream);
}

START_TEST(boards_by_drivers)
{
    static const uint8_t genet[16] = {0xf3, 0xea, 0xb1, 0xe2, 0xb7, 0x50, 0xe1, 0x4a,
                                      0xb7, 0x9e, 0xec, 0x80, 0x20, 0xcb, 0x57, 0xac};
    static const uint8_t pi5[16] = {0x66, 0x02, 0x49, 0xf6, 0x7f, 0x0e, 0x2e, 0x49,
                                    0x8e, 0x15, 0xac, 0x69, 0xc1, 0xb7, 0x70, 0x8a};
    const uint8_t *both[] = {genet, pi5};

    board_is(both, 1, "rpi4");
    board_is(both + 1, 1, "rpi5");
    board_is(both, 2, "");
}
END_TEST

/* Files of 16 MB and more have another header, sections too. */
START_TEST(large_file_and_section)
{
    struct fw_buf filler = {0}, sections = {0}, files = {0}, image = {0};
    struct fw_buf stream = good_stream(0);
    struct fwvar_content *content;
    struct fwvar_diag diag;

    fw_buf_fill(&filler, 0x5a, 17 << 20);
    build_section(&sections, 0x19, filler.p, filler.size);
    build_lzma_section(&sections, stream.p, stream.size);
    build_file(&files, 0x0b, 3, sections.p, sections.size);
    build_volume(&image, files.p, files.size, 0);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    check_content(content);
    fwvar_content_free(content);
    fw_buf_free(&filler);
    fw_buf_free(&sections);
    fw_buf_free(&files);
    fw_buf_free(&image);
    fw_buf_free(&stream);
}
END_TEST

/* One bad stream beside a good one: what can be read is, and the rest is told. */
START_TEST(partly_damaged)
{
    struct fw_buf stream = good_stream(0), sections = {0}, files = {0}, image = {0};
    struct fwvar_content *content;
    struct fwvar_diag diag;

    build_lzma_section(&sections, stream.p, stream.size / 2);
    build_lzma_section(&sections, stream.p, stream.size);
    build_file(&files, 0x0b, 3, sections.p, sections.size);
    build_volume(&image, files.p, files.size, 0);
    ck_assert_int_eq(open_image(&image, &content, &diag), 0);
    ck_assert_ptr_nonnull(strstr(fwvar_content_warning(content), "ends early"));
    check_content(content);
    fwvar_content_free(content);
    fw_buf_free(&sections);
    fw_buf_free(&files);
    fw_buf_free(&image);
    fw_buf_free(&stream);
}
END_TEST

/* The decoder by itself: exact limits. */
START_TEST(decoder_limits)
{
    struct fw_buf zeros = {0}, stream = {0};
    struct fwvar_diag diag = {0};
    uint8_t *out = NULL;
    size_t size = 0;

    fw_buf_fill(&zeros, 0, 200000);
    build_lzma(&stream, zeros.p, zeros.size, UNKNOWN_SIZE);
    ck_assert_int_eq(fw_lzma_decode(stream.p, stream.size, 200000, 0, &out, &size, &diag),
                     0);
    ck_assert_uint_eq(size, 200000);
    free(out);
    ck_assert_int_eq(
        fw_lzma_decode(stream.p, stream.size, 199999, 0x1234, &out, &size, &diag),
        FWVAR_ERR_DAMAGED);
    ck_assert_uint_eq(diag.offset, 0x1234);
    ck_assert_ptr_nonnull(strstr(diag.message, "more than 199999 bytes"));
    for (size_t n = 0; n < 13; n++)
        ck_assert_int_eq(fw_lzma_decode(stream.p, n, 200000, 0, &out, &size, &diag),
                         FWVAR_ERR_DAMAGED);
    fw_buf_free(&stream);
    build_lzma(&stream, zeros.p, 0, UNKNOWN_SIZE);
    ck_assert_int_eq(fw_lzma_decode(stream.p, stream.size, 9, 0, &out, &size, &diag), 0);
    ck_assert_uint_eq(size, 0);
    free(out);
    fw_buf_free(&stream);
    fw_buf_free(&zeros);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("content");
    TCase *tc = tcase_create("good");

    tcase_add_test(tc, size_declared);
    tcase_add_test(tc, size_unknown);
    tcase_add_test(tc, boards_by_drivers);
    tcase_add_test(tc, large_file_and_section);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    tc = tcase_create("bad");
    tcase_add_test(tc, nothing_there);
    tcase_add_test(tc, stream_cut_anywhere);
    tcase_add_test(tc, every_byte_changed);
    tcase_add_test(tc, every_header_byte_changed);
    tcase_add_test(tc, image_cut_anywhere);
    tcase_add_test(tc, partly_damaged);
    tcase_add_test(tc, declared_too_large);
    tcase_add_test(tc, bomb);
    tcase_add_test(tc, bombs_in_a_row);
    tcase_add_test(tc, memory_limit);
    tcase_add_test(tc, nested_too_deep);
    tcase_add_test(tc, streams_in_streams);
    tcase_add_test(tc, too_many_sections);
    tcase_add_test(tc, too_many_declarations);
    tcase_add_test(tc, decoder_limits);
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
