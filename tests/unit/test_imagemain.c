/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The main volume of the fixtures: liblzma must unpack it, and it must say what it is. */
#include "support/imagegen.h"
#include "support/imagemain.h"
#include "support/testmain.h"

#include <lzma.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void unpack(const uint8_t *in, size_t size, struct ig_bytes *out)
{
    lzma_stream z = LZMA_STREAM_INIT;
    uint64_t unpacked = 0;

    ck_assert_uint_ge(size, 13);
    for (int i = 7; i >= 0; i--)
        unpacked = unpacked << 8 | in[5 + i];
    ck_assert_uint_lt(unpacked, 1 << 24);
    ig_fill(out, 0, (size_t)unpacked);
    ck_assert_int_eq(lzma_alone_decoder(&z, UINT64_MAX), LZMA_OK);
    z.next_in = in;
    z.avail_in = size;
    z.next_out = out->p;
    z.avail_out = out->size;
    ck_assert_int_eq(lzma_code(&z, LZMA_FINISH), LZMA_STREAM_END);
    ck_assert_uint_eq(z.avail_in, 0);
    ck_assert_uint_eq(z.avail_out, 0);
    lzma_end(&z);
}

/* Whatever is packed comes back. Few symbols make long carries. */
START_TEST(packing_loses_nothing)
{
    static const size_t sizes[] = {1, 2, 5, 100, 70000};
    uint32_t random = 1;

    for (unsigned kind = 0; kind < 4; kind++) {
        struct ig_bytes in = {0}, packed = {0}, out = {0};

        for (size_t i = 0; i < sizes[_i]; i++) {
            random = random * 1664525 + 1013904223;
            ig_le(&in, kind == 0 ? 0xff : random >> 24 >> (kind - 1) * 3, 1);
        }
        ig_lzma(&packed, &in);
        unpack(packed.p, packed.size, &out);
        ck_assert_uint_eq(out.size, in.size);
        ck_assert(memcmp(out.p, in.p, in.size) == 0);
        ig_free(&in);
        ig_free(&packed);
        ig_free(&out);
    }
}
END_TEST

static bool contains(const struct ig_bytes *b, const void *what, size_t n)
{
    return b->size && n && memmem(b->p, b->size, what, n) != NULL;
}

/* As UTF-16 with its NUL, so that no longer name is taken for it. */
static bool says(const struct ig_bytes *b, const char *ascii)
{
    struct ig_bytes text = {0};

    ig_utf16(&text, ascii);
    bool found = contains(b, text.p, text.size);
    ig_free(&text);
    return found;
}

/* Finds the packed section by its GUID and unpacks it. */
static void unpack_fixture(const char *name, struct ig_bytes *out)
{
    struct ig_bytes guid = {0};
    size_t size;
    uint8_t *image = test_fixture(name, &size);

    ig_guid(&guid, "ee4e5898-3914-4259-9d6e-dc7bd79403cf");
    uint8_t *at = memmem(image, size, guid.p, 16);
    ck_assert_ptr_nonnull(at);
    at -= 4;
    size_t section = at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16;
    ck_assert_uint_eq(at[3], 2);
    ck_assert_uint_eq(at[20], 24);
    unpack(at + 24, section - 24, out);
    ig_free(&guid);
    free(image);
}

static const struct {
    const char *name;
    const char *version; /* NULL: none of that form */
    bool ram_limit, table_mode, policy, policy_old, reload, device_tree;
} releases[] = {
    {"rpi4-2m-stock", "UEFI Firmware v1.35", true, true, true, true, false, false},
    {"rpi4-2m-saved", "UEFI Firmware v1.20", true, true, false, false, false, false},
    {"rpi4-4m-stock", "UEFI Firmware v1.42", true, true, true, true, true, false},
    {"rpi4-old-2m", "UEFI Firmware v1.4", true, false, false, false, false, true},
    {"rpi3-2m-stock", "UEFI Firmware v1.35", true, true, false, false, false, false},
    {"rpi5-stock", NULL, false, true, true, true, false, false},
    {"ovmf-combined", NULL, false, false, false, false, false, false},
};

START_TEST(fixture_names_its_release_and_what_it_knows)
{
    static const char varstore[] = "\xb5\x07\0\0\0\x04\0RamLimitTo3GB";
    struct ig_bytes b = {0};

    unpack_fixture(releases[_i].name, &b);
    if (releases[_i].version)
        ck_assert(says(&b, releases[_i].version));
    else
        ck_assert(!contains(&b, "F\0i\0r\0m\0w\0a\0r\0e\0 \0v\0001", 21));
    ck_assert_int_eq(says(&b, "RamLimitTo3GB"), releases[_i].ram_limit);
    ck_assert_int_eq(contains(&b, varstore, sizeof(varstore)), releases[_i].ram_limit);
    ck_assert_int_eq(says(&b, "SystemTableMode"), releases[_i].table_mode);
    ck_assert_int_eq(says(&b, "BootDiscoveryPolicy"), releases[_i].policy);
    ck_assert_int_eq(says(&b, "BootDiscoveryPolicyOld"), releases[_i].policy_old);
    ck_assert_int_eq(says(&b, "XhciReload"), releases[_i].reload);
    ck_assert_int_eq(says(&b, "OptDeviceTree"), releases[_i].device_tree);
    ig_free(&b);
}
END_TEST

/* Headers add up to zero; files follow each other to the end of what is used. */
START_TEST(inner_volume_is_well_formed)
{
    struct ig_bytes fv = {0};
    unsigned sum = 0, files = 0;
    size_t at = 0x48;

    ig_inner_volume(&fv, &(struct ig_main){0, 0, IG_PI4, 142, NULL});
    ck_assert_uint_eq(fv.p[0x20] | (size_t)fv.p[0x21] << 8, fv.size);
    for (size_t i = 0; i < 0x48; i += 2)
        sum += fv.p[i] | (unsigned)fv.p[i + 1] << 8;
    ck_assert_uint_eq(sum & 0xffff, 0);
    while (at + 24 <= fv.size && fv.p[at + 23] == 0xf8) {
        size_t size = fv.p[at + 20] | (size_t)fv.p[at + 21] << 8;

        sum = 0;
        for (size_t i = at; i < at + 23; i++)
            sum += i == at + 17 ? 0U : fv.p[i];
        ck_assert_uint_eq(sum & 0xff, 0);
        ck_assert_uint_le(size, fv.size - at);
        at = (at + size + 7) / 8 * 8;
        files++;
    }
    ck_assert_uint_eq(files, 6);
    for (; at < fv.size; at++)
        ck_assert_uint_eq(fv.p[at], 0xff);
    ig_free(&fv);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("imagemain");
    TCase *c = tcase_create("volume");

    tcase_add_loop_test(c, packing_loses_nothing, 0, 5);
    tcase_add_loop_test(c, fixture_names_its_release_and_what_it_knows, 0,
                        (int)(sizeof(releases) / sizeof(releases[0])));
    tcase_add_test(c, inner_volume_is_well_formed);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    return test_main(suite);
}
