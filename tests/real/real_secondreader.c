/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The second reader on real firmware images. */
#include "support/secondreader.h"
#include "support/testmain.h"

#include <stdlib.h>
#include <string.h>

static const char *images;

static const struct {
    const char *name;
    size_t volume;
    size_t chain_end;
    size_t records;
    size_t live;
} known[] = {
    {"rpi4-v1.35-stock.fd", 0x1d0000, 0x1d0064, 0, 0},
    {"rpi4-v1.20-saved.fd", 0x1d0000, 0x1d4484, 82, 55},
    {"rpi4-4m-custom-stock.fd", 0x3b0000, 0x3b0064, 0, 0},
    {"rpi4-4m-bootnext.fd", 0x3b0000, 0x3b0198, 2, 2},
    {"rpi5-stock.fd", 0x1d0000, 0x1d0064, 0, 0},
};

START_TEST(real_images_have_the_known_counts)
{
    size_t size;
    uint8_t *bytes = test_file(images, known[_i].name, &size);
    struct sr_image im;

    ck_assert_msg(sr_open(&im, bytes, size), "%s: %s", known[_i].name, im.error);
    ck_assert_uint_eq(im.volumes, 1);
    ck_assert_uint_eq(im.volume_offset, known[_i].volume);
    ck_assert_uint_eq(im.volume_length, 0x20000);
    ck_assert_uint_eq(im.checksum, 0xf919);
    ck_assert(im.header_sum_ok && im.authenticated && im.free_clean);
    ck_assert_uint_eq(im.chain_end, known[_i].chain_end);
    ck_assert_uint_eq(im.n_records, known[_i].records);
    ck_assert_uint_eq(im.n_live, known[_i].live);
    ck_assert_uint_eq(im.n_twins, 0);
    ck_assert_uint_eq(im.ftw.offset, known[_i].volume + 0xf000);
    ck_assert(im.ftw.pristine && !im.ftw.pending);
    sr_close(&im);
    free(bytes);
}
END_TEST

/* The fixture claims to be like this image; only the made-up identity differs. */
START_TEST(saved_fixture_has_the_records_of_the_real_one)
{
    size_t size, fixture_size;
    uint8_t *bytes = test_file(images, "rpi4-v1.20-saved.fd", &size);
    uint8_t *fixture = test_fixture("rpi4-2m-saved", &fixture_size);
    struct sr_image real, made;
    char a[64], b[64];

    ck_assert(sr_open(&real, bytes, size));
    ck_assert(sr_open(&made, fixture, fixture_size));
    ck_assert_uint_eq(real.n_records, made.n_records);
    for (size_t i = 0; i < real.n_records; i++) {
        const struct sr_record *r = &real.records[i];
        const struct sr_record *m = &made.records[i];

        sr_name(r, a, sizeof(a));
        sr_name(m, b, sizeof(b));
        if (strcmp(b, "DCA632010203") == 0) /* named after its MAC address */
            ck_assert(strlen(a) == 12 && strncmp(a, b, 6) == 0);
        else
            ck_assert_str_eq(b, a);
        ck_assert_mem_eq(r->guid, m->guid, 16);
        ck_assert_uint_eq(r->offset, m->offset);
        ck_assert_uint_eq(r->state, m->state);
        ck_assert_uint_eq(r->attributes, m->attributes);
        ck_assert_uint_eq(r->data_size, m->data_size);
    }
    sr_close(&real);
    sr_close(&made);
    free(bytes);
    free(fixture);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("real_secondreader");
    TCase *c = tcase_create("images");

    tcase_add_loop_test(c, real_images_have_the_known_counts, 0,
                        (int)(sizeof(known) / sizeof(known[0])));
    tcase_add_test(c, saved_fixture_has_the_records_of_the_real_one);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    images = test_images_or_skip();
    return test_main(suite);
}
