/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Transactions on an image in memory, for tests. Not part of the support library: it uses
 * the library under test. */
#ifndef FWVAR_TESTS_EDITING_H
#define FWVAR_TESTS_EDITING_H

#include "support/imagegen.h"
#include "support/secondreader.h"

#include <fwvar/edit.h>

/* The image under test; ed_finish() replaces its bytes by the result. */
struct editing {
    struct ig_bytes file;
    struct fwvar_image *image; /* open between ed_begin() and ed_finish() */
    struct fwvar_edit *edit;
    struct fwvar_edit_report report;
    struct fwvar_diag diag;
};

/* Takes over the bytes. */
void ed_load(struct editing *e, uint8_t *bytes, size_t size);
void ed_free(struct editing *e);

/* Begins a transaction; returns what fwvar_edit_begin() returns. */
int ed_try_begin(struct editing *e, unsigned flags);
void ed_begin(struct editing *e, unsigned flags);

/* Finishes it: the code, or for ed_finish() success only. On success the bytes are the
 * patched ones; the transaction is over either way. */
int ed_try_finish(struct editing *e);
void ed_finish(struct editing *e);

/* Edits by ASCII name and GUID text; ed_set() and ed_delete() must succeed. */
int ed_try_set(struct editing *e, const char *guid, const char *name, uint32_t attributes,
               const void *data, size_t size);
void ed_set(struct editing *e, const char *guid, const char *name, uint32_t attributes,
            const void *data, size_t size);
void ed_set_u32(struct editing *e, const char *guid, const char *name, uint32_t value);
int ed_try_delete(struct editing *e, const char *guid, const char *name);
void ed_delete(struct editing *e, const char *guid, const char *name);

#endif
