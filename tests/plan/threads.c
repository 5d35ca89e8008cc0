/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* docs/examples/tftp.c from eight threads: threads IMAGE PLAN. Each transfer, put together
 * from its blocks, has to be what one thread makes of the same bytes. */
#include "tftp.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS   8
#define TRANSFERS 6
#define BLOCK     1468 /* what a Raspberry Pi asks for */

static const struct boards *boards;
static const struct fwvar_plan *plan;
static const char *image;
static size_t image_size;

static char *slurp(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    char *bytes = NULL;
    long end;

    if (f && fseek(f, 0, SEEK_END) == 0 && (end = ftell(f)) >= 0) {
        *size = (size_t)end;
        bytes = malloc(*size + 1);
        rewind(f);
        if (bytes && fread(bytes, 1, *size, f) != *size)
            *size = 0;
    }
    if (f)
        fclose(f);
    return bytes;
}

/* All blocks of a transfer; the caller's. */
static uint8_t *receive(const struct transfer *t, size_t *size)
{
    uint8_t *whole = malloc(image_size + BLOCK);
    size_t n;

    *size = 0;
    for (uint64_t block = 0; whole; block++) {
        n = transfer_block(boards, t, block, whole + *size, BLOCK);
        *size += n;
        if (n < BLOCK)
            break;
    }
    return whole;
}

static int check_one(const char *serial, const char *mac)
{
    const struct fwvar_plan_key keys[] = {{"serial", serial}, {"mac", mac}};
    const struct fwvar_plan_use use = {.keys = keys, .key_count = 2};
    struct fwvar_diag diag;
    struct transfer *t;
    uint8_t *expected;
    size_t size;

    if (transfer_begin(boards, serial, mac, &t, &diag) != 0 ||
        fwvar_plan_bytes(plan, &use, image, image_size, &expected, NULL, &diag) != 0) {
        fprintf(stderr, "threads: %s\n", diag.message);
        return 1;
    }
    uint8_t *got = receive(t, &size);
    int differs = !got || size != image_size || memcmp(got, expected, size) != 0 ||
                  memcmp(got, image, size) == 0;
    if (differs)
        fprintf(stderr, "threads: the image of %s is wrong\n", serial);
    transfer_end(t);
    free(got);
    free(expected);
    return differs;
}

static void *run(void *number)
{
    char serial[9], mac[18];
    intptr_t failed = 0;

    for (unsigned i = 0; i < TRANSFERS; i++) {
        unsigned board = (unsigned)(intptr_t)number * TRANSFERS + i;
        snprintf(serial, sizeof serial, "%08x", 0xa0000000u + board);
        snprintf(mac, sizeof mac, "dc:a6:32:00:00:%02x", board);
        failed |= check_one(serial, mac);
    }
    return (void *)failed;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    struct fwvar_plan *own_plan;
    struct boards *own_boards;
    struct fwvar_diag diag;
    size_t length = 0;
    int failed = 0;

    if (argc != 3)
        return 2;
    char *bytes = slurp(argv[1], &image_size), *text = slurp(argv[2], &length);
    if (!bytes || !text ||
        boards_open(bytes, image_size, text, length, &own_boards, &diag) != 0 ||
        fwvar_plan_read(text, length, &own_plan, &diag) != 0)
        return 2;
    image = bytes;
    boards = own_boards;
    plan = own_plan;
    for (intptr_t i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, run, (void *)i) != 0)
            return 2;
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        failed |= result != NULL;
    }
    fwvar_plan_free(own_plan);
    boards_close(own_boards);
    free(bytes);
    free(text);
    if (!failed)
        printf("%d transfers from %d threads\n", THREADS * TRANSFERS, THREADS);
    return failed;
}
