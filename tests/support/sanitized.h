/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whether AddressSanitizer is in the build: gcc and clang say it differently. Everything
 * takes several times as long then, so tests may look at fewer of their cases. */
#ifndef TESTS_SUPPORT_SANITIZED_H
#define TESTS_SUPPORT_SANITIZED_H

#define TEST_SANITIZED 0
#if defined(__SANITIZE_ADDRESS__)
#undef TEST_SANITIZED
#define TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#undef TEST_SANITIZED
#define TEST_SANITIZED 1
#endif
#endif

#endif
