/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Promises about images that several targets check. */
#ifndef FWVAR_TESTS_FUZZ_JUDGE_H
#define FWVAR_TESTS_FUZZ_JUDGE_H

#include <fwvar/edit.h>
#include <fwvar/image.h>

#include <stdbool.h>

/* True if a rule that stops edits is broken. */
bool judge_is_stopped(const struct fwvar_image *image);

/* The bytes of @image with @patch; the caller's. */
uint8_t *judge_patched(const struct fwvar_image *image, const struct fwvar_patch *patch);

/* The second reader finds in @bytes exactly the variables that @edit wants. */
void judge_reads_back(const struct fwvar_edit *edit, const uint8_t *bytes, size_t size);

/* What was not asked for is where it was: checks the bytes outside the volume, and,
 * unless it was compacted, all records that were there but for their states. */
void judge_untouched(const struct fwvar_image *image, const struct fwvar_patch *patch,
                     bool compacted);

/* Wanting what is there already changes nothing. */
void judge_again(const struct fwvar_edit *edit, const uint8_t *bytes, size_t size,
                 enum fwvar_platform platform);

/* The comparison of before and after, which are @bytes, agrees with the report, and
 * where there are few differences a comparison of files finds the same. */
void judge_count(const struct fwvar_image *image, const struct fwvar_patch *patch,
                 const struct fwvar_edit_report *report, const uint8_t *bytes);

/* Goes on with a sum of bytes, and makes one of all that a transaction wants. */
uint64_t judge_add_up(uint64_t sum, const void *bytes, size_t size);
uint64_t judge_sum(const struct fwvar_edit *edit);

#endif
