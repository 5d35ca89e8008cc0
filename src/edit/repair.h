/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The inside of a repair. Each stage works on the bytes in `now`. */
#ifndef FW_EDIT_REPAIR_H
#define FW_EDIT_REPAIR_H

#include "format/geometry.h"
#include "inspect/salvage.h"

#include <fwvar/ftw.h>
#include <fwvar/repair.h>

struct fw_mends {
    struct fwvar_mend *items;
    size_t count, cap;
};

struct fwvar_repair {
    const struct fwvar_image *image;
    struct fwvar_repair_options options;
    enum fwvar_platform platform;
    uint64_t offset;      /* of the volume in the image */
    size_t size;          /* bytes of it that the image has */
    struct fw_geometry g; /* what its layout should be … */
    bool known;           /* … if that is known, else only `length` is set */
    uint8_t *was, *now;   /* the volume, before and after; `size` bytes each */
    struct fw_mends mends, lefts;
    struct fwvar_patch patch;
    struct fwvar_image *after;
    bool rebuilt;
    bool bad; /* an allocation failed */
};

/* True if a rule is to be mended; also checks a second name for the same damage. */
bool fw_repair_wants(const struct fwvar_repair *r, const char *rule);

/* Reports a mend; @at is a position in the volume, @variable may be NULL. */
__attribute__((format(printf, 5, 6))) void fw_mended(struct fwvar_repair *r,
                                                     const char *rule, size_t at,
                                                     const struct fwvar_record *variable,
                                                     const char *format, ...);

/* Decodes the store as it stands in `now`. */
void fw_repair_store(const struct fwvar_repair *r, struct fwvar_store *store);

/* repair_place.c: finds volume and geometry, and reads the volume. */
int fw_repair_locate(struct fwvar_repair *r, struct fwvar_diag *diag);
/* repair_ftw.c */
void fw_repair_ftw(struct fwvar_repair *r);
/* repair_headers.c */
void fw_repair_volume(struct fwvar_repair *r);
int fw_repair_store_header(struct fwvar_repair *r, struct fwvar_diag *diag);
/* repair_records.c */
int fw_repair_records(struct fwvar_repair *r, struct fwvar_diag *diag);
/* repair_variables.c: on the image as mended so far; may change `now`. */
int fw_repair_variables(struct fwvar_repair *r, struct fwvar_diag *diag);

#endif
