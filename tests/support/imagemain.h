/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What lies in front of the store of a Pi's image: code we don't have, so a volume with
 * the same nesting and the strings that tell which release it is. */
#ifndef FWVAR_TESTS_IMAGEMAIN_H
#define FWVAR_TESTS_IMAGEMAIN_H

#include "imagegen.h"

enum { IG_PI3 = 1, IG_PI4 = 2, IG_PI5 = 4 };

struct ig_main {
    size_t at; /* of the main volume in the file */
    size_t length;
    unsigned board;   /* one of the above, 0 for a PC */
    unsigned release; /* 135 for v1.35; 0: it does not say */
    const char *date; /* "Jun  5 2023" if the start-up code is to tell board, version and
                         build date; NULL: it tells nothing */
};

/* Writes the volume: a file with an LZMA section that unpacks to another volume, whose
 * files hold the version string and the names of the variables that the release knows. */
void ig_put_main(struct ig_bytes *file, const struct ig_main *m);

/* A volume of 64-byte blocks with these files in it, as unpacked. */
void ig_inner_volume(struct ig_bytes *fv, const struct ig_main *m);

/* The sections that hold a volume, and the one that holds an LZMA stream of sections. */
void ig_volume_section(struct ig_bytes *sections, const struct ig_bytes *volume);
void ig_packed_section(struct ig_bytes *sections, const struct ig_bytes *stream);

/* A volume of 64-byte blocks around such a stream, of which anything may be packed. */
void ig_main_volume(struct ig_bytes *fv, const struct ig_bytes *stream);

/* LZMA with a 13-byte header, as edk2 uses it: the size is in the header and there is no
 * end mark. Literals only: it packs little, but the same way for ever. */
void ig_lzma(struct ig_bytes *out, const struct ig_bytes *in);

#endif
