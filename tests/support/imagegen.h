/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Builds firmware images from nothing, for tests. Shares no code with the library, nor
 * with the second reader. An image that can't be built is a mistake in a test: these
 * functions print what is wrong and abort. */
#ifndef FWVAR_TESTS_IMAGEGEN_H
#define FWVAR_TESTS_IMAGEGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IG_GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define IG_CONFIG "cd7cc258-31db-22e6-9f22-63b0b8eed6b5"

/* Bytes being put together. Grows; little-endian. */
struct ig_bytes {
    uint8_t *p;
    size_t size;
};

void ig_put(struct ig_bytes *b, const void *p, size_t n);
void ig_fill(struct ig_bytes *b, uint8_t value, size_t n);
void ig_le(struct ig_bytes *b, uint64_t value, unsigned bytes);
void ig_guid(struct ig_bytes *b, const char *text);
void ig_hex(struct ig_bytes *b, const char *hex);
void ig_utf16(struct ig_bytes *b, const char *ascii); /* with its NUL */
void ig_free(struct ig_bytes *b);

/* Overwrites @n bytes that must already be there. */
void ig_poke(struct ig_bytes *b, size_t at, const void *p, size_t n);

/* Where a volume and its parts lie; offsets behind `at` are relative to it. */
struct ig_volume {
    size_t at;       /* of the volume in the file */
    size_t length;   /* FvLength */
    uint32_t blocks; /* block map: count and size */
    uint32_t block_size;
    uint32_t attributes;
    size_t store; /* bytes of header, store header and records */
    size_t ftw;   /* working block, 0 for none */
    size_t ftw_length;
    bool plain; /* 32-byte record headers */
};

extern const struct ig_volume ig_pi_2m;     /* Pi 3, 4 and 5: 0x1D0000 */
extern const struct ig_volume ig_pi_4m;     /* Pi 4: 0x3B0000 */
extern const struct ig_volume ig_pi_old_2m; /* Pi 4 before 2020-03-06: 0x1E0000 */
extern const struct ig_volume ig_ovmf_2m;   /* at 0, otherwise as on the Pi */
extern const struct ig_volume ig_ovmf_4m;
extern const struct ig_volume ig_aavmf;

/* An image with one store, open for appending. */
struct ig_image {
    struct ig_bytes file;
    struct ig_volume volume;
    size_t next; /* where the next record goes */
};

/* What a record holds. Zero is a sensible value for all but the pointers. */
struct ig_record {
    uint8_t state;       /* 0 is written as 0x3F */
    uint32_t attributes; /* as they are */
    const char *guid;    /* text */
    const char *name;    /* ASCII; a NUL is added */
    const void *data;
    size_t size;
    const char *time; /* "YYYY-MM-DD hh:mm:ss" or NULL */
};

/* A file of @size bytes, all 0xFF, with an empty store in it. */
void ig_create(struct ig_image *im, size_t size, const struct ig_volume *v);
void ig_close(struct ig_image *im);

/* Appends a record as it is; returns the offset of its header. */
size_t ig_add(struct ig_image *im, const struct ig_record *r);

/* As the firmware sets a variable: the old 0x3F record becomes 0x3C, the new one is
 * appended. */
size_t ig_set(struct ig_image *im, const struct ig_record *r);

/* As the firmware deletes one: 0x3F becomes 0x3D. It must be there. */
void ig_delete(struct ig_image *im, const char *name, const char *guid);

void ig_set_u32(struct ig_image *im, const char *name, const char *guid, uint32_t value);

/* The payload of a load option. @path is device path bytes, end node included; @marked
 * adds the GUID that marks the firmware's own entries. */
void ig_load_option(struct ig_bytes *b, uint32_t attributes, const char *label,
                    const struct ig_bytes *path, bool marked);

uint32_t ig_crc32(const void *p, size_t n);

/* The fixtures, in fixtures.c: ig_fixtures ends with a NULL name. */
struct ig_fixture {
    const char *name;
    void (*build)(struct ig_bytes *file);
};
extern const struct ig_fixture ig_fixtures[];

/* Builds the fixture of that name. */
void ig_build(struct ig_bytes *file, const char *name);

#endif
