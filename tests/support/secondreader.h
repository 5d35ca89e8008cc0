/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A second reader of firmware images, for tests. It shares no code with the library, so
 * that an error in one is not repeated in the other: it was written from the description
 * of the structures (UEFI Platform Initialization specification, volume 3, and the edk2
 * headers VariableFormat.h and SystemNvDataGuid.h) and judges what the library writes.
 *
 * It reads as the firmware's variable driver does, but never past what the image holds.
 * All offsets count bytes from the start of the image. */
#ifndef FWVAR_TESTS_SECONDREADER_H
#define FWVAR_TESTS_SECONDREADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why the walk over the records ended. */
enum sr_stop {
    SR_STOP_END,        /* at the end of the store */
    SR_STOP_START_ID,   /* no 0x55AA: the usual end */
    SR_STOP_UNFINISHED, /* State 0xFF, or an erased size or attribute field */
    SR_STOP_OVERRUN,    /* header, name or data reach past the end of the store */
};

/* A variable record. Pointers are into the image. */
struct sr_record {
    size_t offset;
    size_t size; /* header, name and data, without the padding behind them */
    uint8_t state;
    uint8_t reserved;
    uint32_t attributes;
    uint64_t count;      /* 0 in a plain store, as are time and pubkey */
    const uint8_t *time; /* 16 bytes; NULL in a plain store */
    uint32_t pubkey;
    const uint8_t *guid; /* 16 bytes */
    const uint8_t *name; /* UTF-16LE */
    size_t name_size;    /* bytes, NUL included */
    const uint8_t *data;
    size_t data_size;
    bool live; /* this is the record that a lookup of its name returns */
};

struct sr_ftw {
    bool found;    /* the signature was seen behind the store */
    size_t offset; /* of the working block */
    size_t length; /* of the working block: queue and header */
    size_t spare;  /* the spare area starts here */
    bool crc_ok;
    bool pristine; /* all 32 header bytes are as the firmware expects */
    bool pending;  /* a write reached the spare area but not its destination */
};

struct sr_image {
    const uint8_t *bytes;
    size_t size;

    size_t volumes; /* candidates that were accepted; the first one is described */
    size_t volume_offset;
    size_t volume_length;
    uint32_t volume_attributes;
    uint16_t header_length;
    uint16_t checksum;
    bool header_sum_ok;

    size_t store_offset;
    uint32_t store_size; /* the field as it stands */
    uint8_t store_format;
    uint8_t store_state;
    bool authenticated; /* 60-byte record headers, else 32 */
    size_t store_end;   /* cut to the end of the volume */

    size_t first_record;
    size_t chain_end; /* where the next record would start */
    enum sr_stop stop;
    bool free_clean; /* chain_end to store_end is all 0xFF */

    struct sr_record *records; /* all of them, in address order */
    size_t n_records;
    size_t n_live;
    size_t n_twins;          /* further 0x3F records of a live name: fatal */
    struct sr_record **live; /* n_live of them, ordered by GUID and name */

    struct sr_ftw ftw;
    char error[160]; /* why sr_open() said no */
};

struct sr_range {
    size_t offset;
    size_t length;
};

/* Reads @bytes, which must outlive @im. False, with im->error, if there is no store. To
 * be closed either way. */
bool sr_open(struct sr_image *im, const uint8_t *bytes, size_t size);
void sr_close(struct sr_image *im);

/* The live record of that ASCII name, or NULL. @guid is the text form, NULL for any: then
 * the first one in address order. */
const struct sr_record *sr_find(const struct sr_image *im, const char *name,
                                const char *guid);

/* The @nth record (from 0) of that name in address order, dead ones too, or NULL. */
const struct sr_record *sr_find_any(const struct sr_image *im, const char *name,
                                    size_t nth);

/* The name in ASCII, other characters as '?'. Returns @text. */
const char *sr_name(const struct sr_record *r, char *text, size_t size);

/* The lower-case text form of 16 bytes. Returns @text. */
const char *sr_guid_text(const uint8_t guid[16], char text[37]);

/* True if both images have the same live variables: name, GUID, attributes, count,
 * timestamp, key and data. Else @why (if not NULL) says which differs. */
bool sr_same_live(const struct sr_image *a, const struct sr_image *b, char *why,
                  size_t size);

/* True if both are equal outside the ranges, which are in ascending order and do not
 * overlap. Else *@where is the first byte that differs. */
bool sr_same_outside(const uint8_t *a, const uint8_t *b, size_t size,
                     const struct sr_range *ranges, size_t n, size_t *where);

/* A whole file, unpacked if it is gzip; NULL if it can't be read. To be freed. */
uint8_t *sr_load(const char *path, size_t *size);

#endif
