/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Where the bytes of an image come from: a file read with pread (a mapping would fault if
 * the file shrank), or memory. */
#ifndef FW_IMAGE_SOURCE_H
#define FW_IMAGE_SOURCE_H

#include <fwvar/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct fw_source {
    int fd;             /* the open file, or -1 */
    const uint8_t *mem; /* the whole image, or NULL: then it is read from fd */
    uint8_t *owned;     /* mem, if it has to be freed */
    uint64_t size;      /* bytes of the image, uncompressed */
    bool is_file;       /* a regular file that could be written in place */
    bool gzip;
    struct stat seen; /* the file as it was when opened, if is_file */
};

/* Opens a path ("-": standard input). Errors: see fwvar_image_open(). */
int fw_source_open(struct fw_source *s, const char *path, struct fwvar_diag *diag);
/* Reads a plain file whole, so that views cost nothing; the file stays open, and saves
 * still copy inside the kernel where that is cheaper. */
int fw_source_load(struct fw_source *s, struct fwvar_diag *diag);
void fw_source_memory(struct fw_source *s, const void *bytes, size_t size);
void fw_source_close(struct fw_source *s);

/* Reads exactly @size bytes at @offset; the range must lie inside the image. */
int fw_source_read(const struct fw_source *s, uint64_t offset, void *bytes, size_t size,
                   struct fwvar_diag *diag);

/* A view of @size bytes at @offset: into memory where the image is there, else read into
 * @scratch, which holds as many. NULL on error. */
const uint8_t *fw_source_view(const struct fw_source *s, uint64_t offset, size_t size,
                              uint8_t *scratch, struct fwvar_diag *diag);

/* 0 if the file's content is what it was when it was opened, as far as its inode tells;
 * else FWVAR_ERR_CHANGED or FWVAR_ERR_IO. */
int fw_source_unchanged(const struct fw_source *s, struct fwvar_diag *diag);
bool fw_same_file(const struct stat *a, const struct stat *b);

#endif
