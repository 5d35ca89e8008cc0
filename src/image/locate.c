/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Known offsets cost a few preads, a walk over volume lengths little more; the full scan
 * is for editors and for images nobody has seen. Damaged volumes are looked for last. */
#include "image/locate.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "format/store.h"
#include "image/layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PROBE      0x1080 /* the longest volume header and a store header */
#define CHUNK      ((size_t)128 << 10)
#define WALK_STEP  0x10000 /* volumes start at multiples of this where none precedes */
#define WALK_LIMIT 4096
#define AT_GUID    0x10
#define GUID_SIZE  16
#define MAX_WEIGHED                                                                      \
    4096 /* traces of damaged volumes; a file with more is made to waste time */
#define NO_EVIDENCE UINT_MAX

struct search {
    const struct fw_source *source;
    struct fw_location *found;
    struct fwvar_diag *diag;
    uint64_t covered; /* end of the sound volume accepted last */
    unsigned best;    /* weight of the least damaged candidate so far */
    uint64_t best_at;
    unsigned weighed; /* traces looked at */
    uint8_t probe[PROBE];
};

typedef int (*visitor)(struct search *, uint64_t);

/* ---- judging one place ---- */

static unsigned count_bits(unsigned bits)
{
    unsigned n = 0;

    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

/* True if more speaks for a volume than one GUID, which also stands in the code of any
 * program that looks for volumes. Where a layout has its volume one is enough. */
static bool has_evidence(const struct search *s, const struct fwvar_volume *volume,
                         const struct fwvar_store *store)
{
    int guid = !(volume->flaws & (FWVAR_VOLUME_GUID | FWVAR_VOLUME_CUT));
    int signature = !(store->flaws & (FWVAR_STORE_SIGNATURE | FWVAR_STORE_CUT));
    int more =
        !(volume->flaws & (FWVAR_VOLUME_SIGNATURE | FWVAR_VOLUME_CUT)) +
        !(store->flaws & (FWVAR_STORE_FORMAT | FWVAR_STORE_STATE | FWVAR_STORE_CUT));

    if (!guid && !signature)
        return false;
    return guid + signature + more > 1 ||
           fw_layout_find(s->source->size, volume->offset, 0) != NULL;
}

/* How damaged a volume at @at is: 0 sound, NO_EVIDENCE if nothing speaks for one. */
static unsigned weigh(struct search *s, uint64_t at, uint64_t *length)
{
    struct fwvar_volume volume;
    struct fwvar_store store;

    if (at >= s->source->size)
        return NO_EVIDENCE;
    uint64_t left = s->source->size - at;
    size_t n = left < PROBE ? (size_t)left : PROBE;
    const uint8_t *p = fw_source_view(s->source, at, n, s->probe, NULL);
    if (!p)
        return NO_EVIDENCE;
    fwvar_volume_decode(p, n, at, left, &volume);
    fwvar_store_decode(p, n, &volume, &store);
    if (length)
        *length = volume.length;
    if (!has_evidence(s, &volume, &store))
        return NO_EVIDENCE;
    unsigned fatal =
        FWVAR_STORE_CUT | FWVAR_STORE_SIGNATURE | FWVAR_STORE_FORMAT | FWVAR_STORE_STATE;
    return count_bits(volume.flaws) + count_bits(store.flaws & fatal);
}

static bool is_sound(struct search *s, uint64_t at, uint64_t *length)
{
    return weigh(s, at, length) == 0;
}

/* ---- scanning ---- */

/* Calls @visit with the place of every occurrence of a GUID. Returns 1 if @visit ended
 * the scan by returning non-zero, or a negative error. */
static int scan_chunk(struct search *s, const uint8_t *p, size_t n, uint64_t base,
                      const struct fwvar_guid *guid, visitor visit)
{
    const uint8_t *end = p + n;

    for (const uint8_t *hit = p; end - hit >= GUID_SIZE; hit++) {
        hit = memchr(hit, guid->b[0], (size_t)(end - hit) - (GUID_SIZE - 1));
        if (!hit)
            break;
        if (memcmp(hit, guid->b, GUID_SIZE) == 0 &&
            visit(s, base + (uint64_t)(hit - p)) != 0)
            return 1;
    }
    return 0;
}

static int scan(struct search *s, const struct fwvar_guid *guid, visitor visit)
{
    const struct fw_source *src = s->source;

    if (src->mem)
        return scan_chunk(s, src->mem, (size_t)src->size, 0, guid, visit);
    uint8_t *chunk = malloc(CHUNK);
    if (!chunk)
        return fw_nomem(s->diag);
    int code = 0;
    for (uint64_t at = 0; code == 0 && src->size - at >= GUID_SIZE;) {
        size_t n = src->size - at < CHUNK ? (size_t)(src->size - at) : CHUNK;
        code = fw_source_read(src, at, chunk, n, s->diag);
        if (code == 0)
            code = scan_chunk(s, chunk, n, at, guid, visit);
        at += n - (GUID_SIZE - 1); /* a GUID may lie across the border */
    }
    free(chunk);
    return code;
}

static void accept(struct search *s, uint64_t at, uint64_t length)
{
    if (s->found->offset == FWVAR_NO_OFFSET)
        s->found->offset = at;
    else if (s->found->second == FWVAR_NO_OFFSET && s->found->offset != at)
        s->found->second = at;
    s->covered = at + length; /* sound: lies inside the image */
}

/* A hit inside an accepted volume is its spare copy, or a variable's content. */
static int visit_sound(struct search *s, uint64_t hit)
{
    uint64_t length;

    if (hit >= AT_GUID && hit - AT_GUID >= s->covered &&
        is_sound(s, hit - AT_GUID, &length))
        accept(s, hit - AT_GUID, length);
    return 0;
}

static int visit_damaged(struct search *s, uint64_t hit, uint64_t distance)
{
    if (hit < distance)
        return 0;
    unsigned weight = weigh(s, hit - distance, NULL);
    if (weight < s->best || (weight == s->best && hit - distance < s->best_at)) {
        s->best = weight;
        s->best_at = hit - distance;
    }
    return ++s->weighed >= MAX_WEIGHED;
}

static int visit_damaged_guid(struct search *s, uint64_t hit)
{
    return visit_damaged(s, hit, AT_GUID);
}

static int visit_damaged_store(struct search *s, uint64_t hit)
{
    return visit_damaged(s, hit, FWVAR_VOLUME_HEADER_SIZE);
}

/* ---- the ways to find a volume, cheapest first ---- */

static bool find_known(struct search *s)
{
    const struct fwvar_layout *l;

    for (size_t i = 0; (l = fwvar_layout_at(i)) != NULL; i++) {
        uint64_t length;
        if (is_sound(s, l->offset, &length)) {
            accept(s, l->offset, length);
            return true;
        }
    }
    return false;
}

static bool find_by_lengths(struct search *s)
{
    uint64_t at = 0;

    for (int i = 0; i < WALK_LIMIT && at < s->source->size; i++) {
        uint64_t left = s->source->size - at, length;
        struct fwvar_volume v;
        const uint8_t *p =
            left < FWVAR_VOLUME_HEADER_SIZE
                ? NULL
                : fw_source_view(s->source, at, FWVAR_VOLUME_HEADER_SIZE, s->probe, NULL);
        if (!p)
            return false;
        fwvar_volume_decode(p, FWVAR_VOLUME_HEADER_SIZE, at, left, &v);
        if (!(v.flaws & FWVAR_VOLUME_GUID) && is_sound(s, at, &length)) {
            accept(s, at, length);
            return true;
        }
        bool hop = !(v.flaws & (FWVAR_VOLUME_SIGNATURE | FWVAR_VOLUME_LENGTH |
                                FWVAR_VOLUME_TRUNCATED));
        at += hop ? v.length : WALK_STEP - at % WALK_STEP;
    }
    return false;
}

static int find_by_scan(struct search *s)
{
    return scan(s, &fwvar_nv_volume_guid, visit_sound);
}

static int find_damaged(struct search *s)
{
    static const struct {
        const struct fwvar_guid *guid;
        visitor visit;
    } traces[] = {{&fwvar_nv_volume_guid, visit_damaged_guid},
                  {&fw_store_guid_auth, visit_damaged_store},
                  {&fw_store_guid_plain, visit_damaged_store}};

    for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++) {
        s->weighed = 0;
        int code = scan(s, traces[i].guid, traces[i].visit);
        if (code < 0)
            return code;
    }
    if (s->best != NO_EVIDENCE)
        s->found->offset = s->best_at;
    return 0;
}

/* Both headers are gone, but a record stands where a known layout has its first one. */
static void find_headless(struct search *s)
{
    const struct fwvar_layout *l;

    for (size_t i = 0; (l = fwvar_layout_at(i)) != NULL; i++) {
        uint8_t head[FWVAR_RECORD_HEADER_AUTH];
        uint64_t at = l->offset + FWVAR_VOLUME_HEADER_SIZE + FWVAR_STORE_HEADER_SIZE;
        if (!fw_range_ok(s->source->size, at, sizeof head) ||
            fw_source_read(s->source, at, head, sizeof head, NULL) != 0)
            continue;
        if (fw_le16(head) == FWVAR_RECORD_START && (head[2] & 0xC0) == 0 &&
            head[3] == 0 && fw_le32(head + 36) < l->length &&
            fw_le32(head + 40) < l->length) {
            s->found->offset = l->offset;
            return;
        }
    }
}

/* ---- nothing found: say why ---- */

/* True if the first @n bytes at @at are all the same 0x00 or 0xFF. */
static bool is_blank(struct search *s, uint64_t at, uint64_t n, uint8_t *value)
{
    uint8_t chunk[4096];

    if (n == 0 || !fw_range_ok(s->source->size, at, n) ||
        fw_source_read(s->source, at, value, 1, NULL) != 0 ||
        (*value != 0 && *value != 0xFF))
        return false;
    while (n > 0) {
        size_t part = n < sizeof chunk ? (size_t)n : sizeof chunk;
        if (fw_source_read(s->source, at, chunk, part, NULL) != 0 ||
            fw_skip_bytes(chunk, 0, part, *value) != part)
            return false;
        at += part;
        n -= part;
    }
    return true;
}

static int unformatted(struct search *s, uint64_t at, uint8_t value)
{
    fw_fail(s->diag, FWVAR_ERR_FORMAT, at,
            "no variable store: the place of its volume, 0x%llx, is blank (all 0x%02X)",
            (unsigned long long)at, value);
    fw_hint(s->diag, "`fwvar format` creates an empty store there");
    return FWVAR_ERR_FORMAT;
}

static int nothing(struct search *s)
{
    const struct fwvar_layout *l = fw_layout_by_size(s->source->size);
    uint8_t value;
    uint64_t whole = s->source->size < 0x10000 ? s->source->size : 0x10000;

    if (l && is_blank(s, l->offset, l->length, &value))
        return unformatted(s, l->offset, value);
    if (is_blank(s, 0, whole, &value) && is_blank(s, 0, s->source->size, &value))
        return unformatted(s, 0, value);
    fw_fail(s->diag, FWVAR_ERR_FORMAT, FWVAR_NO_OFFSET,
            "no variable store found in %llu byte%s: no firmware volume with GUID "
            "fff12b8d-7696-4c8b-a985-2747075b4f50 (or signature _FVH) and no variable "
            "store header",
            (unsigned long long)s->source->size, s->source->size == 1 ? "" : "s");
    fw_hint(s->diag, "is this the right file? A Raspberry Pi 4 image is called "
                     "RPI_EFI.fd and has 2031616 or 3997696 bytes");
    return FWVAR_ERR_FORMAT;
}

/* An archive that does not compress shows what it holds: a store found in it is not one
 * that firmware would find. */
static int refuse_archive(const struct search *s)
{
    uint8_t magic[4] = {0};

    if (s->source->size >= sizeof magic)
        fw_source_read(s->source, 0, magic, sizeof magic, NULL);
    if (memcmp(magic, "PK\3\4", sizeof magic) != 0)
        return 0;
    fw_fail(s->diag, FWVAR_ERR_FORMAT, FWVAR_NO_OFFSET, "is a ZIP archive, not an image");
    fw_hint(s->diag, "take the image out of it: "
                     "unzip -p RELEASE.zip RPI_EFI.fd | fwvar COMMAND - …");
    return FWVAR_ERR_FORMAT;
}

int fw_locate(const struct fw_source *source, bool thorough, struct fw_location *found,
              struct fwvar_diag *diag)
{
    struct search *s = calloc(1, sizeof *s);
    int code = 0;

    *found = (struct fw_location){FWVAR_NO_OFFSET, FWVAR_NO_OFFSET};
    if (!s)
        return fw_nomem(diag);
    s->source = source;
    s->found = found;
    s->diag = diag;
    s->best = NO_EVIDENCE;
    bool known = !thorough && find_known(s);
    if (!known)
        code = refuse_archive(s);
    if (code == 0 && !known && (thorough || !find_by_lengths(s)))
        code = find_by_scan(s);
    if (code == 0 && found->offset == FWVAR_NO_OFFSET)
        code = find_damaged(s);
    if (code == 0 && found->offset == FWVAR_NO_OFFSET)
        find_headless(s);
    if (code == 0 && found->offset == FWVAR_NO_OFFSET)
        code = nothing(s);
    free(s);
    return code;
}
