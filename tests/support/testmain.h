/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What every Check program of the project needs. */
#ifndef FWVAR_TESTS_TESTMAIN_H
#define FWVAR_TESTS_TESTMAIN_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

/* Runs the suite; every failed case is printed with file, line and name. Returns the exit
 * status for main(). */
int test_main(Suite *(*make)(void));

/* For programs that need real images: returns the folder that FWVAR_IMAGES names, or says
 * that nothing was tested and leaves with the status that ctest counts as skipped. */
const char *test_images_or_skip(void);

/* The distance of those that are tried of very many cases: @quick, four times that where
 * each takes long (AddressSanitizer, or FWVAR_TEST_SLOW=1 says that the machine is emulated),
 * 1 with FWVAR_TEST_FULL=1. */
size_t test_stride(size_t quick);

/* The unpacked fixture of that name (without ".fd.gz"); fails the test if it can't be
 * read. To be freed. FWVAR_FIXTURES overrides the folder of the source tree. */
uint8_t *test_fixture(const char *name, size_t *size);

/* The same for a file of a folder. */
uint8_t *test_file(const char *dir, const char *name, size_t *size);

/* Compares @got with bytes given in hex and shows where they part. */
void test_bytes(const uint8_t *got, const char *hex);

#endif
