/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/format.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "format/geometry.h"

#include <fwvar/variables.h>

#include <stdlib.h>
#include <string.h>

#define ULL(x)  ((unsigned long long)(x))
#define LARGEST ((uint64_t)64 << 20)
#define SMALLEST                                                                         \
    (FWVAR_VOLUME_HEADER_SIZE + FWVAR_STORE_HEADER_SIZE + FWVAR_RECORD_HEADER_AUTH)

static int impossible(struct fwvar_diag *diag, const char *what)
{
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "%s", what);
    fw_hint(diag, "take the numbers from the platform's FDF file, or --like LAYOUT");
    return FWVAR_ERR_ARG;
}

/* The geometry that is asked for. */
static int get_geometry(const struct fwvar_format_options *o, struct fw_geometry *g,
                        struct fwvar_diag *diag)
{
    const struct fw_geometry *known = fw_geometry_find(o->length);

    if (known && (o->store_size == 0 || o->store_size == known->variables) &&
        (o->block_size == 0 || o->block_size == known->block_size)) {
        *g = *known;
        return 0;
    }
    uint32_t block = o->block_size ? o->block_size : 0x1000;
    if (o->store_size == 0)
        return impossible(diag, "the size of the store is not given");
    if (o->length == 0 || o->length > LARGEST || o->length % block != 0)
        return impossible(diag, "the length of the volume is not a number of blocks");
    if (o->store_size < SMALLEST || o->store_size > o->length)
        return impossible(diag, "the store does not fit into the volume");
    *g = (struct fw_geometry){.length = o->length,
                              .attributes = fw_geometry_attributes(0),
                              .blocks = (uint32_t)(o->length / block),
                              .block_size = block,
                              .variables = (size_t)o->store_size};
    return 0;
}

static bool is_blank(const uint8_t *bytes, size_t size)
{
    return fw_skip_bytes(bytes, 0, size, 0xFF) == size ||
           fw_skip_bytes(bytes, 0, size, 0) == size;
}

static int refuse(struct fwvar_diag *diag, uint64_t at, const char *hint)
{
    fw_hint(diag, "%s", hint);
    if (diag)
        diag->offset = at;
    return FWVAR_ERR_REFUSED;
}

/* A second volume would be one too many, whatever the user insists on. */
static int check_other_store(const struct fwvar_image *image,
                             const struct fwvar_format_options *o,
                             struct fwvar_diag *diag)
{
    const struct fwvar_store *s = fwvar_image_store(image);

    if (!s || s->volume.offset == o->offset)
        return 0;
    fw_fail(diag, FWVAR_ERR_REFUSED, s->volume.offset,
            "the image has a variable store at 0x%llx; a second one at 0x%llx would only "
            "confuse the firmware",
            ULL(s->volume.offset), ULL(o->offset));
    return refuse(diag, s->volume.offset, "erase the old volume first if it is not used");
}

static int check_region(const struct fwvar_image *image,
                        const struct fwvar_format_options *o, const uint8_t *old,
                        struct fwvar_diag *diag)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    struct fwvar_variables *variables;

    if (o->force || is_blank(old, (size_t)o->length))
        return 0;
    if (!s) {
        fw_fail(diag, FWVAR_ERR_REFUSED, o->offset,
                "%llu bytes at 0x%llx are not blank: there may be code, or what is left "
                "of a store",
                ULL(o->length), ULL(o->offset));
        return refuse(diag, o->offset,
                      "`fwvar repair` and `fwvar recover --salvage` look for variables; "
                      "insist with --force");
    }
    int code = fwvar_variables_read(s, &variables, diag);
    if (code != 0)
        return code;
    size_t records = fwvar_variables_count(variables);
    fwvar_variables_free(variables);
    if (records == 0 && s->volume.flaws == 0 && s->flaws == 0)
        return 0;
    fw_fail(diag, FWVAR_ERR_REFUSED, s->volume.offset,
            "there is a variable store with %zu records at 0x%llx", records,
            ULL(s->volume.offset));
    return refuse(diag, s->volume.offset, "insist with --force to delete all variables");
}

int fwvar_format(const struct fwvar_image *image, const struct fwvar_format_options *o,
                 uint8_t **bytes, struct fwvar_patch *patch, struct fwvar_diag *diag)
{
    struct fw_geometry g;

    int code = get_geometry(o, &g, diag);
    if (code != 0)
        return code;
    if (!fw_range_ok(fwvar_image_size(image), o->offset, g.length))
        return impossible(diag, "the volume reaches past the end of the image");
    code = check_other_store(image, o, diag);
    if (code != 0)
        return code;
    uint8_t *old = malloc((size_t)g.length), *new = malloc((size_t)g.length);
    code = old && new ? fwvar_image_read(image, o->offset, old, (size_t)g.length, diag)
                      : fw_nomem(diag);
    if (code == 0)
        code = check_region(image, o, old, diag);
    if (code == 0) {
        fw_volume_format(new, &g);
        bool same = memcmp(old, new, (size_t)g.length) == 0;
        *patch = (struct fwvar_patch){o->offset, new, same ? 0 : (size_t)g.length};
        *bytes = new;
        new = NULL;
    }
    free(old);
    free(new);
    return code;
}
