/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "testmain.h"
#include "imagegen.h"
#include "sanitized.h"
#include "secondreader.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_SKIPPED = 77 };

int test_main(Suite *(*make)(void))
{
    /* Sanitizers on a loaded machine need more than Check's four seconds. A limit only
     * ends what would never end, so it is far beyond what a test takes. */
    setenv("CK_DEFAULT_TIMEOUT", "60", 0);
    setenv("CK_TIMEOUT_MULTIPLIER", "20", 0);
    SRunner *runner = srunner_create(make());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

const char *test_images_or_skip(void)
{
    const char *dir = getenv("FWVAR_IMAGES");

    if (dir && *dir)
        return dir;
    printf("SKIPPED: FWVAR_IMAGES is not set, no real image was tested\n");
    exit(EXIT_SKIPPED);
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value && *value != '0';
}

/* Odd, so that it does not fall on the same part of each word. */
size_t test_stride(size_t quick)
{
    if (is_set("FWVAR_TEST_FULL"))
        return 1;
    return TEST_SANITIZED || is_set("FWVAR_TEST_SLOW") ? 4 * quick + 1 : quick;
}

uint8_t *test_file(const char *dir, const char *name, size_t *size)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    uint8_t *bytes = sr_load(path, size);
    ck_assert_msg(bytes != NULL, "%s: can't be read", path);
    return bytes;
}

uint8_t *test_fixture(const char *name, size_t *size)
{
    const char *dir = getenv("FWVAR_FIXTURES");
    char file[128];

    snprintf(file, sizeof(file), "%s.fd.gz", name);
    return test_file(dir && *dir ? dir : FWVAR_SOURCE_FIXTURES, file, size);
}

void test_bytes(const uint8_t *got, const char *hex)
{
    struct ig_bytes want = {0};

    ig_hex(&want, hex);
    for (size_t i = 0; i < want.size; i++)
        ck_assert_msg(got[i] == want.p[i], "byte %zu is 0x%02x, expected 0x%02x", i,
                      (unsigned)got[i], (unsigned)want.p[i]);
    ig_free(&want);
}
