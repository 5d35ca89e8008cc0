/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Runs a fuzz target over files and all files of folders, without any fuzzer: the corpus
 * as an ordinary test. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static unsigned runs;

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void run_file(const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = malloc(size + 1);

    if (!f || !bytes || fread(bytes, 1, size, f) != size) {
        perror(path);
        exit(2);
    }
    fclose(f);
    /* Exactly as many bytes as there are, so that a read behind them is seen. */
    uint8_t *exact = realloc(bytes, size ? size : 1);
    if (getenv("FWVAR_REPLAY_VERBOSE"))
        fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(exact ? exact : bytes, size);
    free(exact ? exact : bytes);
    runs++;
}

static void run(const char *path)
{
    struct dirent **entries;
    struct stat st;
    char name[4096];

    if (stat(path, &st) != 0) {
        perror(path);
        exit(2);
    }
    if (!S_ISDIR(st.st_mode)) {
        run_file(path, (size_t)st.st_size);
        return;
    }
    int n = scandir(path, &entries, NULL, by_name);
    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && stat(name, &st) == 0 && S_ISREG(st.st_mode))
            run_file(name, (size_t)st.st_size);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    printf("%u inputs\n", runs);
    return runs ? 0 : 2;
}
