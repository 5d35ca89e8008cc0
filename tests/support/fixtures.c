/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The fixtures: which image, with what in it. See fixtures/README.md. */
#include "imagegen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imagemain.h"
#include "imagesaved.h"

/* An empty store and nothing else. */
static void empty(struct ig_bytes *file, size_t size, const struct ig_volume *v)
{
    struct ig_image im;

    ig_create(&im, size, v);
    *file = im.file;
}

/* Marks the start of code that is not there. */
static void put_magic(struct ig_bytes *file, size_t at, const char *hex)
{
    struct ig_bytes b = {0};

    ig_hex(&b, hex);
    ig_poke(file, at, b.p, b.size);
    ig_free(&b);
}

#define DEVICE_TREE "d00dfeed"
#define FIP         "010064aa78563412" /* firmware image package of TF-A */

static void rpi4_2m_stock(struct ig_bytes *file)
{
    empty(file, 0x1f0000, &ig_pi_2m);
    ig_put_main(file, &(struct ig_main){0x20000, 0x1b0000, IG_PI4, 135, "Jun  5 2023"});
}

static void rpi4_4m_stock(struct ig_bytes *file)
{
    empty(file, 0x3d0000, &ig_pi_4m);
    ig_put_main(file, &(struct ig_main){0x20000, 0x390000, IG_PI4, 142, "May 25 2025"});
}

static void rpi4_2m_saved(struct ig_bytes *file)
{
    struct ig_image im;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    ig_saved_history(&im);
    *file = im.file;
    ig_put_main(file, &(struct ig_main){0x20000, 0x1b0000, IG_PI4, 120, "Sep  1 2020"});
}

static void rpi4_old_2m(struct ig_bytes *file)
{
    empty(file, 0x200000, &ig_pi_old_2m);
    put_magic(file, 0x20000, DEVICE_TREE);
    ig_put_main(file, &(struct ig_main){0x30000, 0x1b0000, IG_PI4, 104, NULL});
}

static void rpi3_2m_stock(struct ig_bytes *file)
{
    empty(file, 0x1f0000, &ig_pi_2m);
    put_magic(file, 0x20000, FIP);
    ig_put_main(file, &(struct ig_main){0x30000, 0x1a0000, IG_PI3, 135, "Jun  5 2023"});
}

static void rpi5_stock(struct ig_bytes *file)
{
    empty(file, 0x1f0000, &ig_pi_2m);
    ig_put_main(file, &(struct ig_main){0x20000, 0x1b0000, IG_PI5, 0, "Aug 15 2026"});
}

static void set_hex(struct ig_image *im, uint32_t attributes, const char *name,
                    const char *guid, const char *time, const char *hex)
{
    struct ig_bytes data = {0};

    ig_hex(&data, hex);
    ig_set(im, &(struct ig_record){.attributes = attributes,
                                   .name = name,
                                   .guid = guid,
                                   .time = time,
                                   .data = data.p,
                                   .size = data.size});
    ig_free(&data);
}

/* No platform of today uses the 32-byte headers, so any layout will do. */
static void plain_store(struct ig_bytes *file)
{
    struct ig_volume v = ig_ovmf_2m;
    struct ig_image im;

    v.plain = true;
    ig_create(&im, 0x20000, &v);
    set_hex(&im, 7, "Timeout", IG_GLOBAL, NULL, "0300");
    set_hex(&im, 7, "Lang", IG_GLOBAL, NULL, "656e6700");
    set_hex(&im, 7, "BootOrder", IG_GLOBAL, NULL, "0000");
    ig_saved_option(&im, 0);
    ig_saved_option(&im, 1);
    set_hex(&im, 7, "BootOrder", IG_GLOBAL, NULL, "00000100");
    set_hex(&im, 3, "Odd", "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90", NULL, "010203");
    set_hex(&im, 3, "Gone", "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90", NULL, "ff");
    ig_delete(&im, "Gone", "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90");
    *file = im.file;
}

static void ovmf_2m_vars(struct ig_bytes *file)
{
    empty(file, 0x20000, &ig_ovmf_2m);
}

static void ovmf_4m_vars(struct ig_bytes *file)
{
    empty(file, 0x84000, &ig_ovmf_4m);
}

/* A signature list of one made-up SHA-256 digest, each byte of it @fill. */
static void put_digest(struct ig_bytes *b, uint8_t fill)
{
    ig_guid(b, "c1c41626-504c-4092-aca9-41f936934328");
    ig_le(b, 28 + 48, 4);
    ig_le(b, 0, 4);
    ig_le(b, 48, 4);
    ig_guid(b, "77fa9abd-0359-4d32-bd60-28f4e78f784b");
    ig_fill(b, fill, 32);
}

static void set_digest(struct ig_image *im, const char *name, uint8_t fill,
                       const char *time)
{
    struct ig_bytes data = {0};

    put_digest(&data, fill);
    ig_set(im, &(struct ig_record){.attributes = 0x27,
                                   .guid = "d719b2cb-3d3a-4596-a3bc-dad00e67656f",
                                   .name = name,
                                   .data = data.p,
                                   .size = data.size,
                                   .time = time});
    ig_free(&data);
}

/* Time-authenticated records with timestamps, and a deleted one, as in the pre-enrolled
 * stores of Linux distributions. */
static void ovmf_4m_keys(struct ig_bytes *file)
{
    struct ig_image im;

    ig_create(&im, 0x84000, &ig_ovmf_4m);
    set_hex(&im, 0x27, "certdb", "d9bee56e-75dc-49d9-b4d7-b534210f637a", NULL,
            "04000000");
    set_hex(&im, 0x23, "VendorKeysNv", "9073e4e0-60ec-4b6e-9903-4c223c260f3c", NULL,
            "01");
    set_digest(&im, "db", 0x11, "2025-02-03 04:05:06");
    set_digest(&im, "dbx", 0x22, "2025-02-03 04:05:06");
    set_digest(&im, "dbx", 0x33, "2026-01-02 03:04:05");
    set_hex(&im, 3, "CustomMode", "c076ec0c-7028-4399-a072-71ee5c448b9f", NULL, "01");
    ig_delete(&im, "CustomMode", "c076ec0c-7028-4399-a072-71ee5c448b9f");
    set_hex(&im, 3, "SecureBootEnable", "f0a30bc7-af08-4556-99c4-001009c93a44", NULL,
            "01");
    *file = im.file;
}

static void aavmf_vars(struct ig_bytes *file)
{
    empty(file, 0xc0000, &ig_aavmf);
}

static void ovmf_combined(struct ig_bytes *file)
{
    empty(file, 0x200000, &ig_ovmf_2m);
    ig_put_main(file, &(struct ig_main){0x20000, 0x1ac000, 0, 0, NULL});
}

static void unformatted_ff(struct ig_bytes *file)
{
    ig_fill(file, 0xff, 0x20000);
}

static void unformatted_zero(struct ig_bytes *file)
{
    ig_fill(file, 0, 0xc0000);
}

const struct ig_fixture ig_fixtures[] = {
    {"rpi4-2m-stock", rpi4_2m_stock},
    {"rpi4-2m-saved", rpi4_2m_saved},
    {"rpi4-4m-stock", rpi4_4m_stock},
    {"rpi4-old-2m", rpi4_old_2m},
    {"rpi3-2m-stock", rpi3_2m_stock},
    {"rpi5-stock", rpi5_stock},
    {"plain-store", plain_store},
    {"ovmf-2m-vars", ovmf_2m_vars},
    {"ovmf-4m-vars", ovmf_4m_vars},
    {"ovmf-4m-keys", ovmf_4m_keys},
    {"aavmf-vars", aavmf_vars},
    {"ovmf-combined", ovmf_combined},
    {"unformatted-ff", unformatted_ff},
    {"unformatted-zero", unformatted_zero},
    {NULL, NULL},
};

void ig_build(struct ig_bytes *file, const char *name)
{
    for (const struct ig_fixture *f = ig_fixtures; f->name; f++) {
        if (strcmp(f->name, name) == 0) {
            f->build(file);
            return;
        }
    }
    fprintf(stderr, "imagegen: no fixture is called %s\n", name);
    abort();
}
