/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The CPU time that one patched image costs a server, in microseconds, in the best of
 * several rounds, since others use the machine too:
 *
 *   request IMAGE PLAN COUNT         a request of docs/examples/tftp.c, on an open image
 *   request IMAGE PLAN COUNT bytes   fwvar_plan_bytes(), less the copy of the image */
#include "tftp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *slurp(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    char *bytes = NULL;

    if (f && fseek(f, 0, SEEK_END) == 0) {
        *size = (size_t)ftell(f);
        bytes = malloc(*size + 1);
        rewind(f);
        if (bytes && fread(bytes, 1, *size, f) != *size)
            *size = 0;
    }
    if (f)
        fclose(f);
    return bytes;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int failed(const struct fwvar_diag *diag)
{
    fprintf(stderr, "request: %s\n", diag->message);
    return 2;
}

struct job {
    char *image;
    size_t size;
    struct boards *boards;
    struct fwvar_plan *plan;
    struct fwvar_diag diag;
};

static int by_transfer(struct job *j)
{
    struct transfer *t;

    if (transfer_begin(j->boards, "a0b1c2d3", "dc:a6:32:01:02:03", &t, &j->diag) != 0)
        return -1;
    transfer_end(t);
    return 0;
}

static int by_bytes(struct job *j)
{
    static const struct fwvar_plan_key keys[] = {{"serial", "a0b1c2d3"},
                                                 {"mac", "dc:a6:32:01:02:03"}};
    static const struct fwvar_plan_use use = {.keys = keys, .key_count = 2};
    uint8_t *result;

    if (fwvar_plan_bytes(j->plan, &use, j->image, j->size, &result, NULL, &j->diag) != 0)
        return -1;
    free(result);
    return 0;
}

static int by_copy(struct job *j)
{
    char *copy = malloc(j->size);

    if (!copy)
        return -1;
    memcpy(copy, j->image, j->size);
    volatile char used = copy[j->size / 2]; /* or the compiler leaves it out */
    (void)used;
    free(copy);
    return 0;
}

/* Microseconds of one, or a negative number. */
static double best_of(struct job *j, int count, int (*work)(struct job *))
{
    double best = 1e18;

    for (int round = 0; round < 10; round++) {
        double start = now();
        for (int i = 0; i < count; i++) {
            if (work(j) != 0)
                return -1;
        }
        double each = (now() - start) / count;
        best = each < best ? each : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    struct job j = {0};
    size_t length = 0;

    if (argc < 4)
        return 2;
    j.image = slurp(argv[1], &j.size);
    char *plan = slurp(argv[2], &length);
    int count = atoi(argv[3]);
    if (!j.image || !plan ||
        boards_open(j.image, j.size, plan, length, &j.boards, &j.diag) != 0 ||
        fwvar_plan_read(plan, length, &j.plan, &j.diag) != 0)
        return failed(&j.diag);
    double each = best_of(&j, count, argc > 4 ? by_bytes : by_transfer);
    if (argc > 4 && each >= 0)
        each -= best_of(&j, count, by_copy);
    if (each < 0)
        return failed(&j.diag);
    printf("%.0f\n", each);
    fwvar_plan_free(j.plan);
    boards_close(j.boards);
    free(j.image);
    free(plan);
    return 0;
}
