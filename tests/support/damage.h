/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Damaged images, made from the fixtures: the corpus in fixtures/damaged. A kind is data:
 * a fixture, and what is done to it, step by step. Nothing of the library is used. */
#ifndef FWVAR_TESTS_DAMAGE_H
#define FWVAR_TESTS_DAMAGE_H

#include "imagegen.h"

enum damage_op {
    DAMAGE_END,
    DAMAGE_VOLUME,  /* overwrite at the volume's start + at */
    DAMAGE_STORE,   /* … the store header + at */
    DAMAGE_RECORD,  /* … the live record called name + at */
    DAMAGE_INDEX,   /* … the nth record + at */
    DAMAGE_BEHIND,  /* … the end of the last record + at */
    DAMAGE_SUM,     /* correct the volume's checksum */
    DAMAGE_FILL,    /* n bytes at the volume's start + at with the byte in hex */
    DAMAGE_CUT,     /* end the file at the volume's start + at */
    DAMAGE_CUT_IN,  /* end the file in the live record called name + at */
    DAMAGE_APPEND,  /* n bytes of 0xFF behind the file */
    DAMAGE_SHIFT,   /* n bytes of 0xFF before it */
    DAMAGE_ONLY,    /* the whole file is what hex says */
    DAMAGE_SET,     /* set a variable: guid, name, attributes in at, data in hex */
    DAMAGE_ADD,     /* append a record: the same, with n as its state */
    DAMAGE_SIZED,   /* set a variable with n bytes of data */
    DAMAGE_DELETE,  /* delete a variable */
    DAMAGE_LIVE,    /* add live records until n bytes are free */
    DAMAGE_DEAD,    /* the same with dead ones */
    DAMAGE_INSERT,  /* n bytes of 0xFF before the live record called name */
    DAMAGE_COPY,    /* copy the volume to at in the file */
    DAMAGE_PENDING, /* leave a fault tolerant write unfinished */
};

struct damage_step {
    enum damage_op op;
    size_t at;
    const char *name, *guid, *hex;
    size_t n;
};

#define DAMAGE_STEPS 5

struct damage {
    const char *name;
    const char *base; /* a fixture */
    struct damage_step steps[DAMAGE_STEPS];
};

/* The table; ends with a NULL name. */
extern const struct damage damages[];

/* The damaged image; a step that cannot be done aborts. To be freed with ig_free(). */
void damage_build(struct ig_bytes *file, const struct damage *kind);

/* The kind of that name, or NULL. */
const struct damage *damage_find(const char *name);

#endif
