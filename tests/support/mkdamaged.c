/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Writes damaged images as DIR/NAME.fd, all kinds or those named. */
#include <stdio.h>
#include <string.h>

#include "damage.h"

static int write_file(const char *path, const struct ig_bytes *b)
{
    FILE *f = fopen(path, "wb");
    int bad = !f || (b->size && fwrite(b->p, 1, b->size, f) != b->size);

    bad |= f && fclose(f) != 0;
    if (bad)
        perror(path);
    return bad;
}

static int one(const char *dir, const struct damage *d)
{
    struct ig_bytes file;
    char path[4096];

    damage_build(&file, d);
    snprintf(path, sizeof path, "%s/%s.fd", dir, d->name);
    int bad = write_file(path, &file);
    ig_free(&file);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = 0;

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (const struct damage *d = damages; d->name; d++)
            puts(d->name);
        return 0;
    }
    if (argc < 2) {
        fprintf(stderr, "usage: mkdamaged --list | DIR [NAME...]\n");
        return 2;
    }
    for (const struct damage *d = damages; argc == 2 && d->name; d++)
        bad |= one(argv[1], d);
    for (int i = 2; i < argc; i++) {
        const struct damage *d = damage_find(argv[i]);
        if (!d)
            fprintf(stderr, "mkdamaged: no kind is called %s\n", argv[i]);
        bad |= !d || one(argv[1], d);
    }
    return bad;
}
