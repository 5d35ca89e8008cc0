/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Rules about headers and the chain of records. */
#include "inspect/check.h"

#include "format/geometry.h"
#include "format/store.h"
#include "image/layout.h"
#include "inspect/record.h"

#define HEX(x) ((unsigned long long)(x))
#define SIZE_DIFFERS "the store's Size is 0x%x, in this volume it is 0x%zx"

/* The known layout whose file size and offset are those of the image, whatever the volume
 * header says of its length; NULL if there is none. */
static const struct fwvar_layout *layout_of_file(const struct fw_check *c)
{
    uint64_t size = fwvar_image_size(c->image), offset = c->store->volume.offset;
    const struct fwvar_layout *l;

    for (size_t i = 0; (l = fwvar_layout_at(i)) != NULL; i++) {
        if (l->offset == offset && (l->file_size == size || l->file_size_also == size))
            return l;
    }
    return NULL;
}

void fw_rule_image_size(struct fw_check *c)
{
    uint64_t size = fwvar_image_size(c->image), offset = c->store->volume.offset;
    const struct fwvar_layout *l = fwvar_layout_at(0);

    if (c->platform != FWVAR_PLATFORM_RPI || layout_of_file(c))
        return;
    for (size_t i = 1; l && l->offset != offset; i++)
        l = fwvar_layout_at(i);
    if (l && l->platform == FWVAR_PLATFORM_RPI)
        fw_found(
            c, FWVAR_NO_OFFSET, NULL,
            "the image has 0x%llx bytes; one with its variables at 0x%llx has 0x%llx",
            HEX(size), HEX(offset), HEX(l->file_size));
    else
        fw_found(
            c, FWVAR_NO_OFFSET, NULL,
            "0x%llx bytes with variables at 0x%llx: no Raspberry Pi image is like that",
            HEX(size), HEX(offset));
}

void fw_rule_second_volume(struct fw_check *c)
{
    uint64_t second = fwvar_image_second_volume(c->image);

    if (second != FWVAR_NO_OFFSET)
        fw_found(c, second, NULL, "volumes with variables at 0x%llx and 0x%llx",
                 HEX(c->store->volume.offset), HEX(second));
}

void fw_rule_volume_place(struct fw_check *c)
{
    if (c->store->volume.offset % 0x1000 != 0)
        fw_found(c, c->store->volume.offset, NULL,
                 "the volume starts at 0x%llx, not at a multiple of 0x1000",
                 HEX(c->store->volume.offset));
}

/* Reports a flaw of the volume header, with the place and value of the field. */
static void volume_flaw(struct fw_check *c, enum fwvar_volume_flaw flaw, unsigned at,
                        const char *what, uint64_t value)
{
    const struct fwvar_volume *v = &c->store->volume;

    if (v->flaws & (unsigned)flaw)
        fw_found(c, v->offset + at, NULL, "%s is 0x%llx", what, HEX(value));
}

void fw_rule_volume_truncated(struct fw_check *c)
{
    const struct fwvar_volume *v = &c->store->volume;

    if (v->flaws & FWVAR_VOLUME_CUT)
        fw_found(c, v->offset, NULL, "the image ends inside the volume header");
    if ((v->flaws & FWVAR_VOLUME_TRUNCATED) && !layout_of_file(c))
        fw_found(c, v->offset, NULL,
                 "the volume has 0x%llx bytes, but only 0x%llx are left in the image",
                 HEX(v->length), HEX(fwvar_image_size(c->image) - v->offset));
}

void fw_rule_volume_signature(struct fw_check *c)
{
    const struct fwvar_volume *v = &c->store->volume;

    if (v->flaws & FWVAR_VOLUME_SIGNATURE)
        fw_found(c, v->offset + 0x28, NULL, "no signature _FVH in the volume header");
}

void fw_rule_volume_guid(struct fw_check *c)
{
    const struct fwvar_volume *v = &c->store->volume;

    if (v->flaws & FWVAR_VOLUME_GUID)
        fw_found(c, v->offset + 0x10, NULL,
                 "file system GUID is not fff12b8d-7696-4c8b-a985-2747075b4f50");
}

void fw_rule_volume_revision(struct fw_check *c)
{
    volume_flaw(c, FWVAR_VOLUME_REVISION, 0x37, "revision", c->store->volume.revision);
}

void fw_rule_volume_header_length(struct fw_check *c)
{
    volume_flaw(c, FWVAR_VOLUME_HEADERLEN, 0x30, "HeaderLength",
                c->store->volume.header_length);
}

void fw_rule_volume_length(struct fw_check *c)
{
    const struct fwvar_volume *v = &c->store->volume;

    const struct fwvar_layout *l = layout_of_file(c);

    volume_flaw(c, FWVAR_VOLUME_LENGTH, 0x20, "FvLength", v->length);
    if (v->flaws & (FWVAR_VOLUME_LENGTH | FWVAR_VOLUME_CUT))
        return;
    if (l && ((v->flaws & FWVAR_VOLUME_TRUNCATED) ||
              fw_layout_denied(fwvar_image_size(c->image), v)))
        fw_found(c, v->offset + 0x20, NULL, "FvLength is 0x%llx, in this layout 0x%llx",
                 HEX(v->length), HEX(l->length));
    else if (c->platform == FWVAR_PLATFORM_RPI && v->length != 0x20000)
        fw_found(c, v->offset + 0x20, NULL,
                 "FvLength is 0x%llx, a Raspberry Pi's is "
                 "0x20000",
                 HEX(v->length));
}

/* True if the blocks of the map are not those of the volume, where a driver counts them. */
static bool is_other_map(const struct fw_check *c, const struct fwvar_volume *v)
{
    if (v->flaws & FWVAR_VOLUME_CUT)
        return false;
    if (c->platform == FWVAR_PLATFORM_RPI)
        return v->blocks != 0x20 || v->block_size != 0x1000;
    return c->platform == FWVAR_PLATFORM_OVMF && !(v->flaws & FWVAR_VOLUME_LENGTH) &&
           (uint64_t)v->blocks * v->block_size != v->length;
}

/* A map that has no end where it should is not looked at any further. */
void fw_rule_volume_block_map(struct fw_check *c)
{
    const struct fwvar_volume *v = &c->store->volume;
    uint64_t at = v->offset + 0x38;

    if (is_other_map(c, v))
        fw_found_as(c, FWVAR_FATAL, at, NULL,
                    c->platform == FWVAR_PLATFORM_RPI
                        ? "the block map says 0x%x blocks of 0x%x bytes, a Raspberry "
                          "Pi's 0x20 of 0x1000"
                        : "the block map says 0x%x blocks of 0x%x bytes, that is not "
                          "FvLength",
                    v->blocks, v->block_size);
    else if (v->flaws & FWVAR_VOLUME_BLOCKMAP)
        fw_found(c, at, NULL, "the block map does not end at HeaderLength");
}

void fw_rule_volume_attributes(struct fw_check *c)
{
    volume_flaw(c, FWVAR_VOLUME_ATTRIBUTES, 0x2C, "Attributes",
                c->store->volume.attributes);
}

void fw_rule_volume_ext_header(struct fw_check *c)
{
    volume_flaw(c, FWVAR_VOLUME_EXTHEADER, 0x34, "ExtHeaderOffset",
                c->store->volume.ext_header);
}

void fw_rule_volume_checksum(struct fw_check *c)
{
    const struct fwvar_volume *v = &c->store->volume;

    if (v->flaws & FWVAR_VOLUME_CHECKSUM)
        fw_found(c, v->offset + 0x32, NULL,
                 "checksum of the volume header is 0x%04x, its bytes need 0x%04x",
                 v->checksum, v->checksum_due);
}

/* True if the first record makes sense when read in the other form and does not in the
 * one that the signature says. Plain headers are shorter, so what is an authenticated
 * record reads as one without name, and the other way round sizes are taken from the
 * name. */
static bool other_form(const struct fwvar_store *store)
{
    struct fwvar_store other = *store;
    struct fwvar_record r;

    if (fwvar_record_decode(store, store->first, &r) == 0 && !r.unwritten &&
        fw_name_flaw(&r) == NULL)
        return false;
    other.authenticated = !store->authenticated;
    return fwvar_record_decode(&other, other.first, &r) == 0 && !r.unwritten &&
           fw_name_flaw(&r) == NULL;
}

void fw_rule_store_signature(struct fw_check *c)
{
    const struct fwvar_store *s = c->store;
    uint64_t at = s->volume.offset + s->header;

    if ((s->flaws & FWVAR_STORE_CUT) && !(s->volume.flaws & FWVAR_VOLUME_TRUNCATED))
        fw_found(c, at, NULL, "the volume ends before the variable store");
    else if (s->flaws & FWVAR_STORE_SIGNATURE)
        fw_found(c, at, NULL, "no variable store signature after the volume header");
    else if (other_form(s))
        fw_found(c, at, NULL,
                 "the signature is that of %s records, but the first one is %s",
                 s->authenticated ? "authenticated" : "plain",
                 s->authenticated ? "plain" : "authenticated");
}

/* A Size that reaches a little into the area behind the variables, which no driver uses:
 * OVMF reclaims at every boot and goes on. */
static bool is_little_more(const struct fwvar_store *s, size_t known)
{
    const struct fw_geometry *g = fw_geometry_find(s->volume.length);

    return g && g->ftw > g->variables && s->declared > known &&
           s->declared - known < g->ftw - g->variables;
}

void fw_rule_store_size(struct fw_check *c)
{
    const struct fwvar_store *s = c->store;
    uint64_t at = s->volume.offset + s->header + 16;
    size_t end = fw_store_known_end(s->volume.length);
    size_t known = end > s->header ? end - s->header : 0;

    if (!(s->flaws & FWVAR_STORE_SIZE))
        return;
    if (!known)
        fw_found_as(c, FWVAR_FATAL, at, NULL,
                    "the store's Size is 0x%x, the volume has 0x%llx bytes left",
                    s->declared, HEX(s->size - s->header));
    else if (is_little_more(s, known))
        fw_found(c, at, NULL, SIZE_DIFFERS, s->declared, known);
    else
        fw_found_as(c, FWVAR_FATAL, at, NULL, SIZE_DIFFERS, s->declared, known);
}

void fw_rule_store_size_small(struct fw_check *c)
{
    const struct fwvar_store *s = c->store;

    if (s->flaws & FWVAR_STORE_SMALL)
        fw_found(c, s->volume.offset + s->header + 16, NULL,
                 "the store's Size is 0x%x, in this volume it is 0x%zx", s->declared,
                 fw_store_known_end(s->volume.length) - s->header);
}

void fw_rule_store_state(struct fw_check *c)
{
    const struct fwvar_store *s = c->store;
    uint64_t at = s->volume.offset + s->header;

    if (s->flaws & FWVAR_STORE_FORMAT)
        fw_found(c, at + 20, NULL, "Format is 0x%02x, not 0x5a", s->format);
    if (s->flaws & FWVAR_STORE_STATE)
        fw_found(c, at + 21, NULL, "State is 0x%02x, not 0xfe", s->state);
}

void fw_rule_chain_broken(struct fw_check *c)
{
    const struct fwvar_usage *u = fwvar_variables_usage(c->variables);

    if (u->end == FWVAR_END_GARBAGE)
        fw_found(c, u->end_offset, NULL,
                 "the chain of records ends after %zu at 0x%llx, where neither a record "
                 "nor free space begins",
                 fwvar_variables_count(c->variables), HEX(u->end_offset));
    else if (u->end == FWVAR_END_OVERRUN)
        fw_found_as(c, FWVAR_FATAL, u->end_offset, NULL,
                    "the record at 0x%llx reaches past the end of the store at 0x%llx",
                    HEX(u->end_offset), HEX(c->store->volume.offset + c->store->end));
}
