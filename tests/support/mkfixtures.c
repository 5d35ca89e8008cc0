/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Writes the fixtures, or compares the ones in the source tree with what it would write:
 *
 *   mkfixtures DIR [NAME...]      writes DIR/NAME.fd.gz
 *   mkfixtures --check DIR        compares; exit status 1 if an image differs */
#include "imagegen.h"
#include "secondreader.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* No time, no name, and the same system byte everywhere, so that packing again gives the
 * same file. */
static bool pack(const struct ig_bytes *in, struct ig_bytes *out)
{
    gz_header header = {.os = 255};
    z_stream z = {0};

    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    deflateSetHeader(&z, &header);
    ig_fill(out, 0, deflateBound(&z, in->size) + 64);
    z.next_in = in->p;
    z.avail_in = (uInt)in->size;
    z.next_out = out->p;
    z.avail_out = (uInt)out->size;
    bool ok = deflate(&z, Z_FINISH) == Z_STREAM_END;
    out->size = z.total_out;
    deflateEnd(&z);
    return ok;
}

static void fixture_path(char *path, size_t size, const char *dir, const char *name)
{
    snprintf(path, size, "%s/%s.fd.gz", dir, name);
}

static int write_one(const char *path, const struct ig_bytes *packed)
{
    FILE *f = fopen(path, "wb");

    if (!f) {
        perror(path);
        return 1;
    }
    bool ok = fwrite(packed->p, 1, packed->size, f) == packed->size;
    if (fclose(f) != 0 || !ok) {
        perror(path);
        return 1;
    }
    return 0;
}

/* The image decides. Another zlib may pack it differently; that is only mentioned. */
static int check_one(const char *path, const struct ig_bytes *image,
                     const struct ig_bytes *packed)
{
    size_t size = 0;
    uint8_t *there = sr_load(path, &size);
    int bad = 1;

    if (!there)
        printf("%s: can't be read\n", path);
    else if (size != image->size)
        printf("%s: holds %zu bytes, generated are %zu\n", path, size, image->size);
    else
        bad = 0;
    for (size_t i = 0; !bad && i < size; i++) {
        if (there[i] != image->p[i]) {
            printf("%s: byte 0x%zx is 0x%02x, generated is 0x%02x\n", path, i,
                   (unsigned)there[i], (unsigned)image->p[i]);
            bad = 1;
        }
    }
    free(there);
    FILE *f = bad ? NULL : fopen(path, "rb");
    if (f) {
        struct ig_bytes raw = {0};
        ig_fill(&raw, 0, packed->size + 1);
        if (fread(raw.p, 1, raw.size, f) != packed->size ||
            memcmp(raw.p, packed->p, packed->size) != 0)
            printf("%s: same image, packed differently (zlib %s here)\n", path,
                   zlibVersion());
        fclose(f);
        ig_free(&raw);
    }
    return bad;
}

static int one(const char *dir, const struct ig_fixture *fixture, bool check)
{
    struct ig_bytes image = {0};
    struct ig_bytes packed = {0};
    char path[4096];
    int bad;

    fixture_path(path, sizeof(path), dir, fixture->name);
    fixture->build(&image);
    if (!pack(&image, &packed)) {
        printf("%s: zlib failed\n", path);
        bad = 1;
    } else {
        bad = check ? check_one(path, &image, &packed) : write_one(path, &packed);
    }
    ig_free(&image);
    ig_free(&packed);
    return bad;
}

static bool wanted(const char *name, char **names)
{
    if (!*names)
        return true;
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* A fixture that nothing generates is as wrong as one that is missing. */
static int check_strays(const char *dir)
{
    DIR *d = opendir(dir);
    int bad = 0;

    if (!d) {
        perror(dir);
        return 1;
    }
    for (struct dirent *e; (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        const struct ig_fixture *f = ig_fixtures;

        if (n < 6 || strcmp(e->d_name + n - 6, ".fd.gz") != 0)
            continue;
        while (f->name &&
               (strlen(f->name) != n - 6 || strncmp(f->name, e->d_name, n - 6)))
            f++;
        if (!f->name) {
            printf("%s/%s: not made by mkfixtures\n", dir, e->d_name);
            bad = 1;
        }
    }
    closedir(d);
    return bad;
}

int main(int argc, char **argv)
{
    bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
    char **args = argv + (check ? 2 : 1);
    int bad = 0;

    if (!*args) {
        fprintf(stderr, "usage: mkfixtures [--check] DIR [NAME...]\n");
        return 2;
    }
    for (const struct ig_fixture *f = ig_fixtures; f->name; f++)
        if (wanted(f->name, args + 1))
            bad |= one(args[0], f, check);
    if (check && !args[1])
        bad |= check_strays(args[0]);
    return bad;
}
