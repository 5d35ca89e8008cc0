/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Opening images and finding their volume, from memory and from files: both must agree.
 */
#include "base/bytes.h"
#include "support/imagegen.h"
#include "support/testmain.h"

#include <fwvar/image.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define NONE   FWVAR_NO_OFFSET
#define VENDOR "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"

static char folder[32];
static char path[64];
static struct fwvar_diag diag;
static struct fwvar_image *image;

static void make_folder(void)
{
    strcpy(folder, "/tmp/fwvar-locate-XXXXXX"); /* anew, also where no case forks */
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/image.fd", folder);
}

static void remove_folder(void)
{
    fwvar_image_close(image);
    image = NULL;
    unlink(path);
    rmdir(folder);
}

static void write_file(const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

/* Opens the bytes in both ways; returns what both return, with the image from the file
 * open on success. */
static int open_both(const struct ig_bytes *b, unsigned flags)
{
    struct fwvar_image *in_memory = NULL;
    struct fwvar_diag other = {.message = ""};

    fwvar_image_close(image);
    image = NULL;
    memset(&diag, 0, sizeof diag);
    write_file(b->p, b->size);
    int code = fwvar_image_open(path, flags, &image, &diag);
    ck_assert_int_eq(fwvar_image_open_bytes(b->p, b->size, flags, &in_memory, &other),
                     code);
    if (code != 0) {
        ck_assert_ptr_null(image);
        ck_assert_str_eq(diag.message, other.message);
        ck_assert_uint_eq(diag.offset, other.offset);
        ck_assert_int_eq((int)diag.code, code);
        ck_assert_str_ne(diag.message, "");
        return code;
    }
    const struct fwvar_store *x = fwvar_image_store(image);
    const struct fwvar_store *y = fwvar_image_store(in_memory);
    ck_assert_int_eq(x == NULL, y == NULL);
    if (x) {
        ck_assert_uint_eq(x->volume.offset, y->volume.offset);
        ck_assert_uint_eq(x->size, y->size);
        ck_assert_uint_eq(x->flaws, y->flaws);
        ck_assert_mem_eq(x->bytes, y->bytes, x->size);
    }
    fwvar_image_close(in_memory);
    return 0;
}

static const struct fwvar_store *opened(const struct ig_bytes *b, unsigned flags)
{
    ck_assert_msg(open_both(b, flags) == 0, "%s", diag.message);
    return fwvar_image_store(image);
}

/* A Pi volume with one variable in it, alone. */
static struct ig_image small_volume(void)
{
    struct ig_volume v = ig_pi_2m;
    struct ig_image im;

    v.at = 0;
    ig_create(&im, v.length, &v);
    ig_set_u32(&im, "RamLimitTo3GB", IG_CONFIG, 0);
    return im;
}

static const unsigned both_ways[] = {0, FWVAR_OPEN_THOROUGH};

/* ---- where it may lie ---- */

START_TEST(known_places_and_their_machines)
{
    static const struct {
        const struct ig_volume *volume;
        size_t size;
        const char *layout;
        enum fwvar_platform platform;
    } known[] = {
        {&ig_pi_2m, 0x1F0000, "rpi4-2m", FWVAR_PLATFORM_RPI},
        {&ig_pi_2m, 0x1F1000, NULL, FWVAR_PLATFORM_RPI}, /* whatever the size */
        {&ig_pi_4m, 0x3D0000, "rpi4-4m", FWVAR_PLATFORM_RPI},
        {&ig_pi_4m, 0x3E0000, "rpi4-4m", FWVAR_PLATFORM_RPI},
        {&ig_pi_old_2m, 0x200000, "rpi4-old", FWVAR_PLATFORM_RPI},
        {&ig_ovmf_2m, 0x20000, "ovmf-2m", FWVAR_PLATFORM_OVMF},
        {&ig_ovmf_2m, 0x200000, "ovmf-2m", FWVAR_PLATFORM_OVMF},
        {&ig_ovmf_4m, 0x84000, "ovmf-4m", FWVAR_PLATFORM_OVMF},
        {&ig_ovmf_4m, 0x400000, "ovmf-4m", FWVAR_PLATFORM_OVMF},
        {&ig_aavmf, 0xC0000, "aavmf", FWVAR_PLATFORM_AAVMF},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct ig_image im;
        ig_create(&im, known[i].size, known[i].volume);
        for (size_t k = 0; k < 2; k++) {
            const struct fwvar_store *s = opened(&im.file, both_ways[k]);
            ck_assert_uint_eq(s->volume.offset, known[i].volume->at);
            ck_assert_uint_eq(s->volume.flaws, 0);
            const struct fwvar_layout *l = fwvar_image_layout(image);
            ck_assert_int_eq(l != NULL, known[i].layout != NULL);
            if (l)
                ck_assert_str_eq(l->name, known[i].layout);
            ck_assert_int_eq(fwvar_image_platform(image), known[i].platform);
            ck_assert_uint_eq(fwvar_image_second_volume(image), NONE);
            ck_assert_uint_eq(fwvar_image_size(image), known[i].size);
        }
        ig_close(&im);
    }
}
END_TEST

/* Also where the search string crosses the border of a chunk (128 KB). */
START_TEST(any_offset)
{
    struct ig_image im = small_volume();
    size_t places[600], n = 0;

    for (size_t at = 0x20000 - 0x2c - 4; at <= 0x20000 - 0x28 + 4; at++)
        places[n++] = at;
    for (size_t at = 0x3fff0; at < 0x40060; at++)
        places[n++] = at;
    for (size_t at = 0; at < 64; at += 7)
        places[n++] = at;
    places[n++] = 0x123457;
    for (size_t i = 0; i < n; i++) {
        struct ig_bytes b = {0};
        ig_fill(&b, 0x5A, places[i]);
        ig_put(&b, im.file.p, im.file.size);
        ig_fill(&b, 0x5A, i % 3);
        const struct fwvar_store *s = opened(&b, both_ways[i % 2]);
        ck_assert_uint_eq(s->volume.offset, places[i]);
        ck_assert_uint_eq(s->volume.flaws, 0);
        ig_free(&b);
    }
    ig_close(&im);
}
END_TEST

START_TEST(sixty_four_megabytes_with_the_volume_in_front)
{
    struct ig_image im;

    ig_create(&im, 0xC0000, &ig_aavmf);
    ig_fill(&im.file, 0, 0x4000000 - 0xC0000);
    for (size_t k = 0; k < 2; k++) {
        const struct fwvar_store *s = opened(&im.file, both_ways[k]);
        ck_assert_uint_eq(s->volume.offset, 0);
        ck_assert_uint_eq(s->size, 0xC0000);
        ck_assert_str_eq(fwvar_image_layout(image)->name, "aavmf");
    }
    ig_close(&im);
}
END_TEST

/* ---- two volumes ---- */

START_TEST(two_volumes_are_two_for_those_who_look)
{
    struct ig_image a = small_volume();
    struct ig_bytes b = {0};

    ig_fill(&b, 0xFF, 0x10000);
    ig_put(&b, a.file.p, a.file.size);
    ig_fill(&b, 0xFF, 0x123);
    ig_put(&b, a.file.p, a.file.size);
    ck_assert_int_eq(open_both(&b, FWVAR_OPEN_THOROUGH), FWVAR_ERR_AMBIGUOUS);
    ck_assert_ptr_nonnull(strstr(diag.message, "0x10000 and 0x30123"));
    ck_assert_uint_eq(diag.offset, 0x30123);
    ck_assert_uint_eq(opened(&b, 0)->volume.offset, 0x10000);
    ck_assert_uint_eq(
        opened(&b, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING)->volume.offset, 0x10000);
    ck_assert_uint_eq(fwvar_image_second_volume(image), 0x30123);
    b.p[0x30123 + 0x33] ^= 1; /* a damaged one is no rival */
    ck_assert_uint_eq(opened(&b, FWVAR_OPEN_THOROUGH)->volume.offset, 0x10000);
    ck_assert_uint_eq(fwvar_image_second_volume(image), NONE);
    b.p[0x30123 + 0x33] ^= 1;
    b.p[0x10000 + 0x33] ^= 1; /* but the sound one wins over an earlier damaged one */
    ck_assert_uint_eq(opened(&b, FWVAR_OPEN_THOROUGH)->volume.offset, 0x30123);
    ig_free(&b);
    ig_close(&a);
}
END_TEST

START_TEST(a_copy_in_the_spare_area_is_no_second_volume)
{
    struct ig_image im;

    ig_create(&im, 0x1F0000, &ig_pi_2m);
    memcpy(im.file.p + 0x1D0000 + 0x10000, im.file.p + 0x1D0000, 0xE000);
    ck_assert_uint_eq(opened(&im.file, FWVAR_OPEN_THOROUGH)->volume.offset, 0x1D0000);
    ck_assert_uint_eq(fwvar_image_second_volume(image), NONE);
    ig_close(&im);
}
END_TEST

START_TEST(volumes_with_code_are_passed_by)
{
    struct ig_image im;

    ig_create(&im, 0x1F0000, &ig_pi_2m);
    for (size_t at = 0x20000; at < 0x1D0000; at += 0x30000) {
        memcpy(im.file.p + at, im.file.p + 0x1D0000, 0x64);
        im.file.p[at + 0x10] ^= 1; /* another file system */
    }
    ck_assert_uint_eq(opened(&im.file, FWVAR_OPEN_THOROUGH)->volume.offset, 0x1D0000);
    ig_close(&im);
}
END_TEST

/* ---- damage ---- */

/* Each byte of both headers inverted: what is left is found where it is, with a flaw, or
 * (bytes that nobody checks) without one. */
START_TEST(a_damaged_header_is_still_found)
{
    struct ig_image im;

    ig_create(&im, 0x1F0000, &ig_pi_2m);
    ig_set_u32(&im, "RamLimitTo3GB", IG_CONFIG, 0);
    for (size_t i = 0; i < 0x64; i++) {
        im.file.p[0x1D0000 + i] ^= 0xFF;
        const struct fwvar_store *s = opened(&im.file, FWVAR_OPEN_THOROUGH);
        ck_assert_msg(s->volume.offset == 0x1D0000, "byte 0x%zx: found at 0x%llx", i,
                      (unsigned long long)s->volume.offset);
        ck_assert_msg(s->size == 0x20000, "byte 0x%zx: 0x%zx bytes", i, s->size);
        ck_assert_uint_eq(s->first, 0x64);
        ck_assert(s->end == 0xE000 || (s->flaws & FWVAR_STORE_SMALL));
        ck_assert_int_eq(fwvar_image_platform(image), FWVAR_PLATFORM_RPI);
        if (i < 0x48)
            ck_assert_msg(s->volume.flaws != 0, "byte 0x%zx", i);
        else if (i < 0x48 + 22)
            ck_assert_msg(s->flaws != 0, "byte 0x%zx", i);
        im.file.p[0x1D0000 + i] ^= 0xFF;
    }
    ig_close(&im);
}
END_TEST

START_TEST(only_the_store_header_is_left)
{
    struct ig_image im;

    ig_create(&im, 0x1F0000, &ig_pi_2m);
    memset(im.file.p + 0x1D0000, 0, 0x48);
    for (size_t k = 0; k < 2; k++) {
        const struct fwvar_store *s = opened(&im.file, both_ways[k]);
        ck_assert_uint_eq(s->volume.offset, 0x1D0000);
        ck_assert_uint_eq(s->size, 0x20000);
        ck_assert_uint_eq(s->flaws, 0);
        ck_assert(s->volume.flaws & FWVAR_VOLUME_SIGNATURE);
    }
    ig_close(&im);
}
END_TEST

START_TEST(both_headers_gone_but_records_left)
{
    static const struct ig_volume *const places[] = {&ig_pi_2m, &ig_pi_4m, &ig_ovmf_4m,
                                                     &ig_aavmf};

    for (size_t i = 0; i < 4; i++) {
        struct ig_image im;
        ig_create(&im, places[i]->at + places[i]->length, places[i]);
        ig_set_u32(&im, "RamLimitTo3GB", IG_CONFIG, 0);
        memset(im.file.p + places[i]->at, 0xFF, 0x64);
        const struct fwvar_store *s = opened(&im.file, FWVAR_OPEN_THOROUGH);
        ck_assert_uint_eq(s->volume.offset, places[i]->at);
        ck_assert_uint_eq(s->size, places[i]->length);
        ig_close(&im);
    }
}
END_TEST

START_TEST(truncated_anywhere)
{
    struct ig_image im;

    ig_create(&im, 0x1F0000, &ig_pi_2m);
    ig_set_u32(&im, "RamLimitTo3GB", IG_CONFIG, 0);
    size_t cuts[400], n = 0;
    for (size_t cut = 0x1D0000 - 4; cut < 0x1D0000 + 0x100; cut += 3)
        cuts[n++] = cut;
    for (size_t cut = 1; cut < 0x1F0000; cut += 0x7FFD)
        cuts[n++] = cut;
    for (size_t i = 0; i < n; i++) {
        struct ig_bytes b = {im.file.p, cuts[i]};
        int code = open_both(&b, both_ways[i % 2]);
        ck_assert_msg(code == 0 || code == FWVAR_ERR_FORMAT, "0x%zx: %d", cuts[i], code);
        if (code == 0) {
            const struct fwvar_store *s = fwvar_image_store(image);
            ck_assert_uint_eq(s->volume.offset, 0x1D0000);
            ck_assert_uint_eq(s->size, cuts[i] - 0x1D0000);
            ck_assert(s->volume.flaws & (FWVAR_VOLUME_TRUNCATED | FWVAR_VOLUME_CUT));
        } else {
            ck_assert_uint_lt(cuts[i], 0x1D0000 + 0x58);
        }
    }
    ig_close(&im);
}
END_TEST

START_TEST(absurd_lengths)
{
    static const uint64_t lengths[] = {0, 1, 0x48, 0x100000000, INT64_MAX, UINT64_MAX};
    struct ig_image im = small_volume();
    struct ig_bytes b = {0};

    ig_fill(&b, 0x5A, 0x1003);
    ig_put(&b, im.file.p, im.file.size);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        fw_put64(b.p + 0x1003 + 0x20, lengths[i]);
        const struct fwvar_store *s = opened(&b, FWVAR_OPEN_THOROUGH);
        ck_assert_uint_eq(s->volume.offset, 0x1003);
        ck_assert_uint_eq(s->size, 0x20000); /* by its block map, or what is left */
        ck_assert(s->volume.flaws & (FWVAR_VOLUME_LENGTH | FWVAR_VOLUME_TRUNCATED));
    }
    fw_put64(b.p + 0x1003 + 0x20, 0);
    fw_put64(b.p + 0x1003 + 0x38, UINT64_MAX); /* and the block map too */
    ck_assert_uint_eq(opened(&b, 0)->size, 0x20000);
    fw_put64(b.p + 0x1003 + 0x38, 0);
    ck_assert_uint_eq(opened(&b, 0)->size, 0x20000);
    ig_free(&b);
    ig_close(&im);
}
END_TEST

/* ---- nothing there ---- */

static void none(const struct ig_bytes *b, const char *message, const char *hint)
{
    for (size_t k = 0; k < 2; k++) {
        ck_assert_int_eq(open_both(b, both_ways[k]), FWVAR_ERR_FORMAT);
        ck_assert_msg(strstr(diag.message, message), "%s", diag.message);
        ck_assert_msg(strstr(diag.hint, hint), "%s", diag.hint);
    }
    if (b->size == 0)
        return;
    ck_assert_int_eq(open_both(b, FWVAR_OPEN_ANYTHING), 0);
    ck_assert_ptr_null(fwvar_image_store(image));
    ck_assert_ptr_nonnull(strstr(fwvar_image_missing(image)->message, message));
}

START_TEST(unformatted_places)
{
    static const struct {
        size_t size;
        uint8_t value;
        const char *message;
    } blank[] = {{0x1F0000, 0xFF, "0x1d0000, is blank (all 0xFF)"},
                 {0x3D0000, 0x00, "0x3b0000, is blank (all 0x00)"},
                 {0x20000, 0xFF, "0x0, is blank (all 0xFF)"},
                 {0x12345, 0x00, "0x0, is blank (all 0x00)"},
                 {1, 0xFF, "0x0, is blank (all 0xFF)"}};

    for (size_t i = 0; i < sizeof blank / sizeof blank[0]; i++) {
        struct ig_bytes b = {0};
        ig_fill(&b, blank[i].value, blank[i].size);
        none(&b, blank[i].message, "fwvar format");
        ig_free(&b);
    }
    struct ig_bytes b = {0}; /* code in front of an erased volume */
    ig_fill(&b, 0x5A, 0x1D0000);
    ig_fill(&b, 0xFF, 0x20000);
    none(&b, "0x1d0000, is blank (all 0xFF)", "fwvar format");
    ig_free(&b);
}
END_TEST

START_TEST(other_files)
{
    struct ig_bytes b = {0};

    ig_put(&b, "Hello, this is text.\n", 21);
    none(&b, "no variable store found in 21 bytes", "RPI_EFI.fd");
    ig_free(&b);
    ig_put(&b, "PK\3\4", 4);
    ig_fill(&b, 0x5A, 10000);
    none(&b, "is a ZIP archive", "unzip -p RELEASE.zip RPI_EFI.fd");
    ig_free(&b);
    ig_put(&b, "x", 1);
    none(&b, "no variable store found in 1 byte:", "");
    ig_free(&b);
}
END_TEST

START_TEST(no_files)
{
    ck_assert_int_eq(fwvar_image_open(folder, 0, &image, &diag), FWVAR_ERR_IO);
    ck_assert_str_eq(diag.message, "is a directory, not an image file");
    ck_assert_int_eq(fwvar_image_open("/dev/null", 0, &image, &diag), FWVAR_ERR_IO);
    ck_assert_str_eq(diag.message, "is a device, not an image file");
    ck_assert_int_eq(fwvar_image_open(path, 0, &image, &diag), FWVAR_ERR_IO);
    ck_assert_ptr_nonnull(strstr(diag.message, strerror(ENOENT)));
    write_file("", 0);
    ck_assert_int_eq(fwvar_image_open(path, 0, &image, &diag), FWVAR_ERR_FORMAT);
    ck_assert_str_eq(diag.message, "is empty");
    ck_assert_int_eq(fwvar_image_open(path, 0, &image, NULL), FWVAR_ERR_FORMAT);
}
END_TEST

/* ---- hostile sizes ---- */

/* Of work: what else the machine does must not count. */
static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Files made of what the search looks for must not make it look for minutes. */
START_TEST(needles_everywhere_are_bounded)
{
    static const char *const needles[] = {
        "5f465648",
        "8d2bf1ff",
        "8d2bf1ff96768b4ca9852747075b4f50",
        "8d2bf1ff96768b4ca9852747075b4f5000000000000000005f465648",
        "782cf3aa7b949a43a1802e144ec37792",
        "1636cfdd7532644198b6fe85707ffe7d"};

    for (size_t i = 0; i < sizeof needles / sizeof needles[0]; i++) {
        struct ig_bytes one = {0}, b = {0};
        ig_hex(&one, needles[i]);
        ig_fill(&b, 0, 16 << 20);
        for (size_t at = 0; b.size - at >= one.size; at += one.size)
            memcpy(b.p + at, one.p, one.size);
        double begin = seconds();
        open_both(&b, FWVAR_OPEN_THOROUGH);
        ck_assert_msg(seconds() - begin < 60, "%s: %.1f s", needles[i],
                      seconds() - begin);
        ig_free(&one);
        ig_free(&b);
    }
}
END_TEST

START_TEST(a_huge_file_is_refused)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, (off_t)1 << 40), 0);
    close(fd);
    double begin = seconds();
    ck_assert_int_eq(fwvar_image_open(path, FWVAR_OPEN_THOROUGH, &image, &diag),
                     FWVAR_ERR_FORMAT);
    ck_assert_ptr_nonnull(strstr(diag.message, "larger than 256 MB"));
    ck_assert(seconds() - begin < 5);
}
END_TEST

/* ---- gzip and pipes ---- */

static void write_gzip(const struct ig_bytes *b, const char *mode)
{
    gzFile f = gzopen(path, mode);

    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(gzwrite(f, b->p, (unsigned)b->size), (int)b->size);
    ck_assert_int_eq(gzclose(f), Z_OK);
}

START_TEST(gzip_by_content)
{
    struct ig_image im;
    struct ig_bytes half, rest;

    ig_create(&im, 0x1F0000, &ig_pi_2m);
    write_gzip(&im.file, "wb");
    ck_assert_int_eq(fwvar_image_open(path, 0, &image, &diag), 0);
    ck_assert(fwvar_image_is_gzip(image));
    ck_assert_uint_eq(fwvar_image_size(image), 0x1F0000);
    ck_assert_uint_eq(fwvar_image_store(image)->volume.offset, 0x1D0000);
    fwvar_image_close(image);
    image = NULL;
    half = (struct ig_bytes){im.file.p, 0x100000}; /* two members, then junk */
    rest = (struct ig_bytes){im.file.p + 0x100000, 0xF0000};
    write_gzip(&half, "wb");
    write_gzip(&rest, "ab");
    FILE *f = fopen(path, "ab");
    for (int i = 0; i < 40; i++)
        fputc('j', f);
    fclose(f);
    ck_assert_int_eq(fwvar_image_open(path, 0, &image, &diag), 0);
    ck_assert_uint_eq(fwvar_image_size(image), 0x1F0000);
    ig_close(&im);
}
END_TEST

START_TEST(damaged_gzip_is_an_error)
{
    struct ig_image im;
    struct stat st;

    ig_create(&im, 0x1F0000, &ig_pi_2m);
    write_gzip(&im.file, "wb");
    ck_assert_int_eq(stat(path, &st), 0);
    for (off_t cut = st.st_size - 1; cut >= 2; cut = cut * 2 / 3) {
        ck_assert_int_eq(truncate(path, cut), 0);
        ck_assert_int_eq(fwvar_image_open(path, 0, &image, &diag), FWVAR_ERR_DAMAGED);
        ck_assert_msg(strstr(diag.message, "gzip data is cut short"), "%s", diag.message);
    }
    write_gzip(&im.file, "wb");
    FILE *f = fopen(path, "r+b");
    fseek(f, -6, SEEK_END); /* in the CRC */
    fputc(0x55, f);
    fclose(f);
    ck_assert_int_eq(fwvar_image_open(path, 0, &image, &diag), FWVAR_ERR_DAMAGED);
    ck_assert_msg(strstr(diag.message, "gzip data is corrupt"), "%s", diag.message);
    ig_close(&im);
}
END_TEST

START_TEST(a_pipe_is_read_whole)
{
    struct ig_image im = small_volume();

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        FILE *f = fopen(path, "wb");
        fwrite(im.file.p, 1, im.file.size, f);
        fclose(f);
        _exit(0);
    }
    ck_assert_int_eq(fwvar_image_open(path, FWVAR_OPEN_THOROUGH, &image, &diag), 0);
    ck_assert_uint_eq(fwvar_image_size(image), 0x20000);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ig_close(&im);
}
END_TEST

/* ---- reading and comparing ---- */

START_TEST(reads_are_bounded)
{
    struct ig_image im = small_volume();
    uint8_t b[16];

    opened(&im.file, 0);
    ck_assert_int_eq(fwvar_image_read(image, 0x28, b, 4, &diag), 0);
    ck_assert_mem_eq(b, "_FVH", 4);
    ck_assert_int_eq(fwvar_image_read(image, 0x20000, b, 0, &diag), 0);
    ck_assert_int_eq(fwvar_image_read(image, 0x1FFFF, b, 2, &diag), FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_image_read(image, UINT64_MAX, b, 2, &diag), FWVAR_ERR_ARG);
    ck_assert_int_eq(truncate(path, 0x100), 0); /* the file shrinks meanwhile */
    ck_assert_int_lt(fwvar_image_read(image, 0x100, b, 16, &diag), 0);
    ig_close(&im);
}
END_TEST

START_TEST(images_are_compared)
{
    struct ig_image a = small_volume(), b = small_volume();
    struct fwvar_image *x, *y;
    uint64_t offset = 0, length = 0;

    b.file.p[0x10010] ^= 1;
    b.file.p[0x10011] ^= 1;
    for (size_t i = 0x1fffe; i < 0x20000; i++)
        b.file.p[i] ^= 1;
    ig_fill(&b.file, 0, 100);
    ck_assert_int_eq(fwvar_image_open_bytes(a.file.p, a.file.size, 0, &x, NULL), 0);
    ck_assert_int_eq(fwvar_image_open_bytes(b.file.p, b.file.size, 0, &y, NULL), 0);
    ck_assert_int_eq(fwvar_image_compare(x, y, &offset, &length, NULL), 0);
    ck_assert_uint_eq(offset, 0x10010);
    ck_assert_uint_eq(length, 2);
    offset += length;
    ck_assert_int_eq(fwvar_image_compare(y, x, &offset, &length, NULL), 0);
    ck_assert_uint_eq(offset, 0x1fffe);
    ck_assert_uint_eq(length, 102);
    offset += length;
    ck_assert_int_eq(fwvar_image_compare(x, y, &offset, &length, NULL), 1);
    offset = 0;
    ck_assert_int_eq(fwvar_image_compare(x, x, &offset, &length, NULL), 1);
    fwvar_image_close(x);
    fwvar_image_close(y);
    ig_close(&a);
    ig_close(&b);
}
END_TEST

START_TEST(platforms_by_name)
{
    enum fwvar_platform p;

    ck_assert_int_eq(fwvar_platform_parse("rpi5", &p), 0);
    ck_assert_int_eq(p, FWVAR_PLATFORM_RPI);
    ck_assert_int_eq(fwvar_platform_parse("generic", &p), 0);
    ck_assert_int_eq(p, FWVAR_PLATFORM_ANY);
    ck_assert_int_eq(fwvar_platform_parse("RPI", &p), FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_platform_parse("", &p), FWVAR_ERR_ARG);
    for (size_t i = 0; fwvar_layout_at(i); i++)
        ck_assert_ptr_nonnull(fwvar_layout_at(i)->title);
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("locate");
    TCase *t = tcase_create("locate");

    tcase_add_checked_fixture(t, make_folder, remove_folder);
    tcase_add_test(t, known_places_and_their_machines);
    tcase_add_test(t, any_offset);
    tcase_add_test(t, sixty_four_megabytes_with_the_volume_in_front);
    tcase_add_test(t, two_volumes_are_two_for_those_who_look);
    tcase_add_test(t, a_copy_in_the_spare_area_is_no_second_volume);
    tcase_add_test(t, volumes_with_code_are_passed_by);
    tcase_add_test(t, a_damaged_header_is_still_found);
    tcase_add_test(t, only_the_store_header_is_left);
    tcase_add_test(t, both_headers_gone_but_records_left);
    tcase_add_test(t, truncated_anywhere);
    tcase_add_test(t, absurd_lengths);
    tcase_add_test(t, unformatted_places);
    tcase_add_test(t, other_files);
    tcase_add_test(t, no_files);
    tcase_add_test(t, needles_everywhere_are_bounded);
    tcase_add_test(t, a_huge_file_is_refused);
    tcase_add_test(t, gzip_by_content);
    tcase_add_test(t, damaged_gzip_is_an_error);
    tcase_add_test(t, a_pipe_is_read_whole);
    tcase_add_test(t, reads_are_bounded);
    tcase_add_test(t, images_are_compared);
    tcase_add_test(t, platforms_by_name);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make);
}
