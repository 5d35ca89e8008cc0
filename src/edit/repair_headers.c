/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The two headers. A volume header's checksum is a witness: where a header that firmware
 * writes has the checksum that stands there, that is what it was before the damage. */
#include "edit/repair.h"

#include "base/bytes.h"
#include "format/store.h"
#include "image/layout.h"

#include <stdio.h>
#include <string.h>

#define HEADER       FWVAR_VOLUME_HEADER_SIZE
#define AT_LENGTH    0x20
#define AT_CHECKSUM  0x32
#define AT_BLOCK_MAP 0x38
#define BLOCK        0x1000

static const struct field {
    const char *rule;
    size_t at, size;
    const char *what;
} fields[] = {
    {"volume-signature", 0x28, 4, "signature _FVH"},
    {"volume-guid", 0x10, 16, "file system GUID"},
    {"volume-revision", 0x37, 1, "revision"},
    {"volume-header-length", 0x30, 2, "HeaderLength"},
    {"volume-length", AT_LENGTH, 8, "FvLength"},
    {"volume-block-map", AT_BLOCK_MAP, 16, "block map"},
    {"volume-attributes", 0x2C, 4, "Attributes"},
    {"volume-ext-header", 0x34, 2, "ExtHeaderOffset"},
    {"volume-checksum", 0, 16, "zero vector"},
    {"volume-checksum", 0x36, 1, "reserved byte"},
};

/* ---- what the header should be ---- */

/* The header of this layout whose checksum is the stored one, if there is one. */
static bool find_witness(const struct fwvar_repair *r, uint8_t header[HEADER])
{
    uint32_t attributes;

    for (int map = 0; map < 2; map++) {
        struct fw_geometry g = r->g;
        if (map == 1 && !g.blocks_also)
            break;
        g.blocks = map ? g.blocks_also : g.blocks;
        g.block_size = map ? g.block_size_also : g.block_size;
        for (size_t i = 0; (attributes = fw_geometry_attributes(i)) != 0; i++) {
            g.attributes = attributes;
            fw_volume_write(header, &g);
            if (memcmp(header + AT_CHECKSUM, r->now + AT_CHECKSUM, 2) == 0)
                return true;
        }
    }
    return false;
}

static bool is_store_signature(const struct fwvar_repair *r, size_t at)
{
    return fw_range_ok(r->size, at, 16) &&
           (memcmp(r->now + at, fw_store_guid_auth.b, 16) == 0 ||
            memcmp(r->now + at, fw_store_guid_plain.b, 16) == 0);
}

/* Where the store's signature tells that the volume header ends, or the usual length. */
static uint16_t header_length(const struct fwvar_repair *r, const struct fwvar_volume *v)
{
    bool usable = !(v->flaws & FWVAR_VOLUME_HEADERLEN);

    if (usable && is_store_signature(r, v->header_length))
        return v->header_length;
    return usable && !r->known && !is_store_signature(r, HEADER) ? v->header_length
                                                                 : HEADER;
}

/* Copies those fields of @full into @header that are wrong. */
static void correct_fields(const struct fwvar_repair *r, const struct fwvar_volume *v,
                           const uint8_t *full, uint8_t *header)
{
    bool rpi = r->platform == FWVAR_PLATFORM_RPI && r->known;
    unsigned flaws = v->flaws;

    bool map_counts = rpi || (r->platform == FWVAR_PLATFORM_OVMF && r->known);

    if ((rpi && v->length != r->g.length) ||
        (r->known && fw_layout_denied(fwvar_image_size(r->image), v)))
        flaws |= FWVAR_VOLUME_LENGTH;
    if (map_counts && (v->blocks != r->g.blocks || v->block_size != r->g.block_size))
        flaws |= FWVAR_VOLUME_BLOCKMAP;
    if ((flaws & FWVAR_VOLUME_TRUNCATED) && r->known)
        flaws |= FWVAR_VOLUME_LENGTH;
    if (!r->known && r->g.length != (uint64_t)v->blocks * v->block_size)
        flaws &= ~(unsigned)FWVAR_VOLUME_LENGTH; /* it would be a guess */
    const unsigned flaw_of[] = {FWVAR_VOLUME_SIGNATURE,  FWVAR_VOLUME_GUID,
                                FWVAR_VOLUME_REVISION,   0,
                                FWVAR_VOLUME_LENGTH,     FWVAR_VOLUME_BLOCKMAP,
                                FWVAR_VOLUME_ATTRIBUTES, FWVAR_VOLUME_EXTHEADER};
    for (size_t i = 0; i < sizeof flaw_of / sizeof flaw_of[0]; i++) {
        if (flaws & flaw_of[i])
            memcpy(header + fields[i].at, full + fields[i].at, fields[i].size);
    }
    fw_put16(header + 0x30, header_length(r, v));
}

/* What the header should be, in @header. False if it is right as it stands. */
static bool wanted_header(const struct fwvar_repair *r, const struct fwvar_volume *v,
                          uint8_t header[HEADER])
{
    uint8_t full[HEADER];
    struct fw_geometry g = r->g;
    unsigned gone = FWVAR_VOLUME_SIGNATURE | FWVAR_VOLUME_GUID;

    if (!r->known) {
        bool aligned = g.length % BLOCK == 0 && g.length / BLOCK <= UINT32_MAX;
        g.blocks = aligned ? (uint32_t)(g.length / BLOCK) : v->blocks;
        g.block_size = aligned ? BLOCK : v->block_size;
        g.attributes = fw_geometry_attributes(0);
    }
    fw_volume_write(full, &g);
    if (r->known && (v->flaws & gone) == gone)
        memcpy(header, full, HEADER);
    else if (!(r->known && v->flaws && find_witness(r, header))) {
        memcpy(header, r->now, HEADER);
        correct_fields(r, v, full, header);
    }
    return memcmp(header, r->now, HEADER) != 0 || (v->flaws & FWVAR_VOLUME_CHECKSUM);
}

/* ---- writing it ---- */

static void describe(const uint8_t *p, size_t size, char text[40])
{
    if (size > 8) {
        snprintf(text, 40, "%s",
                 fw_skip_bytes(p, 0, size, p[0]) == size ? "erased" : "damaged");
        return;
    }
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;)
        value = value << 8 | p[i];
    snprintf(text, 40, "0x%llx", (unsigned long long)value);
}

static bool mend_field(struct fwvar_repair *r, const struct field *f,
                       const uint8_t *header)
{
    char old[40], new[40];

    if (memcmp(r->now + f->at, header + f->at, f->size) == 0 ||
        !fw_repair_wants(r, f->rule))
        return false;
    describe(r->now + f->at, f->size, old);
    describe(header + f->at, f->size, new);
    memcpy(r->now + f->at, header + f->at, f->size);
    if (f->size > 8)
        fw_mended(r, f->rule, f->at, NULL, "%s was %s, restored", f->what, old);
    else
        fw_mended(r, f->rule, f->at, NULL, "%s was %s, is %s", f->what, old, new);
    return true;
}

/* A field that was mended takes a checksum along that was right before. */
static void mend_checksum(struct fwvar_repair *r, bool was_wrong, bool mended)
{
    struct fwvar_volume v;
    uint16_t old = fw_le16(r->now + AT_CHECKSUM);

    fwvar_volume_decode(r->now, r->size, r->offset, UINT64_MAX, &v);
    if (v.checksum == v.checksum_due || (v.flaws & FWVAR_VOLUME_HEADERLEN))
        return;
    if (was_wrong ? !fw_repair_wants(r, "volume-checksum") : !mended)
        return;
    fwvar_volume_fix_checksum(r->now, v.header_length);
    if (was_wrong)
        fw_mended(r, "volume-checksum", AT_CHECKSUM, NULL,
                  "checksum of the volume header was 0x%04x, is 0x%04x", old,
                  v.checksum_due);
}

void fw_repair_volume(struct fwvar_repair *r)
{
    uint8_t header[HEADER];
    struct fwvar_volume v;
    bool mended = false;

    if (r->size < HEADER)
        return;
    fwvar_volume_decode(r->now, r->size, r->offset,
                        fwvar_image_size(r->image) - r->offset, &v);
    if (!wanted_header(r, &v, header))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        mended |= mend_field(r, &fields[i], header);
    mend_checksum(r, v.flaws & FWVAR_VOLUME_CHECKSUM, mended);
}

/* ---- the store header ---- */

/* Bytes of the store that records of one form explain. */
static int explained(const struct fwvar_repair *r, const struct fwvar_store *s,
                     bool authenticated, size_t *records, struct fwvar_diag *diag)
{
    struct fw_salvage found;

    int code = fw_salvage_scan(r->now, s->first, s->end, authenticated, &found, diag);
    *records = found.records;
    fw_salvage_free(&found);
    return code;
}

/* A signature of the wrong form hides all records; without records it is believed. */
static int decide_form(const struct fwvar_repair *r, const struct fwvar_store *s,
                       bool *authenticated, struct fwvar_diag *diag)
{
    struct fwvar_walk walk = fwvar_walk_begin(s);
    struct fwvar_record record;
    size_t auth, plain;

    *authenticated = s->authenticated;
    bool doubt = s->flaws & FWVAR_STORE_SIGNATURE;
    if (!doubt && fwvar_walk_next(&walk, &record) == 0 && record.name_size >= 4 &&
        record.name_size % 2 == 0 && fw_le16(record.name + record.name_size - 2) == 0)
        return 0;
    int code = explained(r, s, true, &auth, diag);
    if (code == 0)
        code = explained(r, s, false, &plain, diag);
    if (code == 0 && auth != plain)
        *authenticated = auth > plain;
    return code;
}

static void mend_byte(struct fwvar_repair *r, size_t at, uint8_t value, const char *what)
{
    uint8_t old = r->now[at];

    if (old == value || !fw_repair_wants(r, "store-state"))
        return;
    r->now[at] = value;
    fw_mended(r, "store-state", at, NULL, "%s was 0x%02x, is 0x%02x", what, old, value);
}

static void mend_size(struct fwvar_repair *r, const struct fwvar_store *s)
{
    const char *rule = s->flaws & FWVAR_STORE_SIZE    ? "store-size"
                       : s->flaws & FWVAR_STORE_SMALL ? "store-size-small"
                                                      : NULL;

    if (!rule || !r->known || r->g.variables <= s->header || !fw_repair_wants(r, rule))
        return;
    fw_put32(r->now + s->header + 16, (uint32_t)(r->g.variables - s->header));
    fw_mended(r, rule, s->header + 16, NULL,
              "Size of the variable store was 0x%x, is 0x%zx", s->declared,
              r->g.variables - s->header);
}

int fw_repair_store_header(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    struct fwvar_store s;
    bool authenticated;

    fw_repair_store(r, &s);
    if (s.flaws & FWVAR_STORE_CUT)
        return 0;
    int code = decide_form(r, &s, &authenticated, diag);
    if (code != 0)
        return code;
    const uint8_t *guid = authenticated ? fw_store_guid_auth.b : fw_store_guid_plain.b;
    if (memcmp(r->now + s.header, guid, 16) != 0 &&
        fw_repair_wants(r, "store-signature")) {
        memcpy(r->now + s.header, guid, 16);
        if (fw_skip_bytes(r->now, s.header + 22, s.header + 28, 0xFF) == s.header + 28)
            memset(r->now + s.header + 22, 0, 6); /* reserved, erased with the rest */
        fw_mended(r, "store-signature", s.header, NULL,
                  "signature of the variable store written, the one for %s records",
                  authenticated ? "authenticated" : "plain");
    }
    mend_size(r, &s);
    mend_byte(r, s.header + 20, 0x5A, "Format of the variable store");
    mend_byte(r, s.header + 21, 0xFE, "State of the variable store");
    return 0;
}
