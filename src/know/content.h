/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What fwvar_content_open() keeps. */
#ifndef FW_KNOW_CONTENT_H
#define FW_KNOW_CONTENT_H

#include <fwvar/release.h>

#define FW_CHUNKS_MAX 32

struct fw_chunk {
    uint8_t *p;
    size_t size;
};

struct fwvar_content {
    struct fw_chunk chunks[FW_CHUNKS_MAX]; /* one per compressed section */
    size_t count;
    struct fwvar_varstore *varstores; /* names point into the chunks */
    size_t varstore_count;
    struct fwvar_release head;
    const char *board;  /* by the drivers inside; in static storage */
    bool contradiction; /* drivers of two boards */
    char warning[256];
};

/* Collects the declarations of variables. Returns 0 or FWVAR_ERR_NOMEM. */
int fw_content_index(struct fwvar_content *content);

#endif
