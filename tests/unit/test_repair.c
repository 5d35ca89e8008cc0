/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Repair: each mend, what must not be lost, and that a second repair finds nothing. What
 * comes out is judged by check and by the second reader. FWVAR_TEST_FULL=1 damages every
 * byte instead of every 97th (test_stride). */
#include <fwvar/ftw.h>
#include <fwvar/repair.h>
#include <fwvar/variables.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/damage.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#define VOLUME  0x1D0000
#define RECORDS 0x64

/* ---- helpers ---- */

struct repaired {
    struct fwvar_image *image;
    struct fwvar_repair *repair;
    uint8_t *bytes; /* the image with the patch applied */
};

static void repair_only(struct repaired *r, const struct ig_bytes *file, const char *rule)
{
    const struct fwvar_repair_options only = {.only = &rule, .only_count = rule != NULL};
    struct fwvar_diag diag;

    int code = fwvar_image_open_bytes(
        file->p, file->size, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING, &r->image, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    code = fwvar_repair(r->image, &only, &r->repair, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    const struct fwvar_patch *p = fwvar_repair_patch(r->repair);
    r->bytes = malloc(file->size);
    ck_assert_ptr_nonnull(r->bytes);
    memcpy(r->bytes, file->p, file->size);
    if (p->size)
        memcpy(r->bytes + p->offset, p->bytes, p->size);
}

static void repair(struct repaired *r, const struct ig_bytes *file)
{
    repair_only(r, file, NULL);
}

static void release(struct repaired *r)
{
    fwvar_repair_free(r->repair);
    fwvar_image_close(r->image);
    free(r->bytes);
}

static size_t count_rule(const struct fwvar_repair *r, const char *rule)
{
    size_t n = 0;

    for (size_t i = 0; i < fwvar_repair_mends(r); i++)
        n += strcmp(fwvar_repair_mend(r, i)->rule, rule) == 0;
    return n;
}

/* Whatever a repair did, another one of its result does nothing. */
static void second_finds_nothing(const struct repaired *first, size_t size,
                                 const char *what)
{
    const struct ig_bytes file = {first->bytes, size};
    struct repaired r;

    repair(&r, &file);
    ck_assert_msg(fwvar_repair_mends(r.repair) == 0, "%s: mended again: %s", what,
                  fwvar_repair_mend(r.repair, 0)->message);
    ck_assert_uint_eq(fwvar_repair_patch(r.repair)->size, 0);
    ck_assert_uint_eq(fwvar_repair_lefts(r.repair), fwvar_repair_lefts(first->repair));
    release(&r);
}

static void read_second(struct sr_image *sr, const uint8_t *bytes, size_t size)
{
    ck_assert_msg(sr_open(sr, bytes, size), "%s", sr->error);
}

/* ---- each mend ---- */

/* A kind of damage, the rule that mends it, and how much is as before: B every byte, L
 * the live variables, - neither. */
static const struct {
    const char *kind, *rule;
    char same;
} cases[] = {
    {"fv-signature", "volume-signature", 'B'},
    {"fv-guid", "volume-guid", 'B'},
    {"fv-revision", "volume-revision", 'B'},
    {"fv-header-length-odd", "volume-header-length", 'B'},
    {"fv-header-length-zero", "volume-header-length", 'B'},
    {"fv-header-length-huge", "volume-header-length", 'B'},
    {"fv-length-zero", "volume-length", 'B'},
    {"fv-length-huge", "volume-length", 'B'},
    {"fv-length-half", "volume-length", 'B'},
    {"fv-block-map-open", "volume-block-map", 'B'},
    {"fv-block-size", "volume-block-map", 'B'},
    {"fv-attributes", "volume-attributes", 'B'},
    {"fv-ext-header", "volume-ext-header", 'B'},
    {"fv-checksum", "volume-checksum", 'B'},
    {"fv-erased", "volume-signature", 'B'},
    {"fv-zeroed", "volume-signature", 'B'},
    {"fv-erased-4m", "volume-signature", 'B'},
    {"headers-erased", "volume-signature", 'B'},
    {"headers-zeroed", "store-signature", 'B'},
    {"store-erased", "store-signature", 'B'},
    {"store-guid", "store-signature", 'B'},
    {"store-guid-plain", "store-signature", 'B'},
    {"store-guid-auth", "store-signature", 'B'},
    {"store-size-zero", "store-size", 'B'},
    {"store-size-0x200", "store-size", 'B'},
    {"store-size-huge", "store-size", 'B'},
    {"store-size-plus-4", "store-size", 'B'},
    {"store-size-minus-4", "store-size-small", 'B'},
    {"store-format", "store-state", 'B'},
    {"store-state", "store-state", 'B'},
    {"start-first", "chain-broken", 'B'},
    {"start-11", "chain-broken", 'B'},
    {"start-last", "chain-broken", 'B'},
    {"start-11-ovmf", "chain-broken", '-'},
    {"data-size-0x10000", "chain-broken", 'B'},
    {"data-size-huge", "chain-broken", 'B'},
    {"data-size-ones", "chain-broken", 'B'},
    {"data-size-swallows", "chain-broken", 'B'},
    {"name-size-huge", "record-name", 'B'},
    {"name-size-ones", "record-name", 'B'},
    {"name-empty", "record-name", 'B'},
    {"name-odd", "record-name", 'B'},
    {"name-inner-nul", "record-name", '-'},
    {"name-no-nul", "record-name", '-'},
    {"attributes-ones", "record-unwritten", 'B'},
    {"state-ff-first", "record-unwritten", 'B'},
    {"state-ff-middle", "record-unwritten", 'B'},
    {"state-00", "record-state", 'B'},
    {"state-1f", "record-state", 'B'},
    {"state-7f", "unfinished", '-'},
    {"state-3e", "in-deletion", 'B'},
    {"twin-before", "in-deletion-twin", 'B'},
    {"twin-after", "in-deletion-twin", 'L'},
    {"twins-alone", "in-deletion", '-'},
    {"duplicate-same", "duplicate", 'L'},
    {"duplicate-three", "duplicate", 'L'},
    {"duplicate-plain", "duplicate", 'L'},
    {"record-gap", "chain-broken", 'L'},
    {"record-unaligned", "chain-broken", 'L'},
    {"junk-after-records", "free-space-dirty", 'B'},
    {"junk-at-end", "free-space-dirty", 'B'},
    {"junk-record", "chain-broken", '-'},
    {"ftw-crc", "ftw-header", 'B'},
    {"ftw-state", "ftw-header", 'B'},
    {"ftw-erased", "ftw-header", 'B'},
    {"ftw-zeroed", "ftw-header", 'B'},
    {"ftw-queue-huge", "ftw-header", 'B'},
    {"ftw-pending", "ftw-pending", '-'},
    {"attributes-boot-order", "attributes", 'L'},
    {"attributes-no-nv", "attributes", 'L'},
    {"attributes-rt-alone", "attributes", 'L'},
    {"boot-order-odd", "boot-order", 'L'},
    {"boot-order-repeats", "boot-order", 'L'},
    {"boot-order-dangling", "boot-dangling", 'L'},
    {"boot-next-dangling", "boot-dangling", 'L'},
    {"driver-order-dangling", "boot-dangling", 'L'},
    {"boot-lower-case", "boot-name", '-'},
    {"key-crc", "key-crc", 'L'},
    {"key-dangling", "key-crc", 'L'},
    {"key-size", "key-crc", 'L'},
    {"full-of-dead", "space", 'L'},
    {"dead-leave-10600", "space", 'L'},
};

#define CASES ((int)(sizeof cases / sizeof cases[0]))

static void same_live(const uint8_t *a, const uint8_t *b, size_t size, const char *kind)
{
    struct sr_image x, y;
    char why[160];

    read_second(&x, a, size);
    read_second(&y, b, size);
    ck_assert_msg(sr_same_live(&x, &y, why, sizeof why), "%s: %s", kind, why);
    sr_close(&x);
    sr_close(&y);
}

START_TEST(mends)
{
    const struct damage *d = damage_find(cases[_i].kind);
    struct ig_bytes file, base = {0};
    struct repaired r;

    ck_assert_msg(d != NULL, "no kind %s", cases[_i].kind);
    damage_build(&file, d);
    ig_build(&base, d->base);
    repair(&r, &file);
    ck_assert_msg(count_rule(r.repair, cases[_i].rule) > 0, "%s: %s not mended", d->name,
                  cases[_i].rule);
    ck_assert_msg(fwvar_repair_lefts(r.repair) == 0 || cases[_i].same == '-',
                  "%s: left: %s", d->name,
                  fwvar_repair_lefts(r.repair) ? fwvar_repair_left(r.repair, 0)->message
                                               : "");
    if (cases[_i].same == 'B')
        ck_assert_msg(memcmp(base.p, r.bytes, base.size) == 0, "%s: other bytes",
                      d->name);
    else if (cases[_i].same == 'L')
        same_live(base.p, r.bytes, base.size, d->name);
    second_finds_nothing(&r, file.size, d->name);
    release(&r);
    ig_free(&base);
    ig_free(&file);
}
END_TEST

/* One rule chosen: nothing else is mended. */
START_TEST(only)
{
    const struct damage *d = damage_find(cases[_i].kind);
    struct ig_bytes file;
    struct repaired r;

    damage_build(&file, d);
    repair_only(&r, &file, cases[_i].rule);
    for (size_t i = 0; i < fwvar_repair_mends(r.repair); i++) {
        const char *rule = fwvar_repair_mend(r.repair, i)->rule;
        /* sizes of one record are mended together */
        bool allowed = strcmp(rule, cases[_i].rule) == 0 ||
                       (strcmp(cases[_i].rule, "record-name") == 0 &&
                        strcmp(rule, "chain-broken") == 0);
        ck_assert_msg(allowed, "%s: mended %s too", d->name, rule);
    }
    release(&r);
    ig_free(&file);
}
END_TEST

/* Every kind of the corpus: the second run finds nothing, and what the first one left is
 * what check still finds. */
START_TEST(corpus)
{
    for (const struct damage *d = damages; d->name; d++) {
        struct fwvar_image *image;
        struct fwvar_repair *repair_of;
        struct ig_bytes file;
        damage_build(&file, d);
        if (fwvar_image_open_bytes(file.p, file.size,
                                   FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING, &image,
                                   NULL) == 0) {
            if (fwvar_repair(image, NULL, &repair_of, NULL) == 0) {
                struct repaired r;
                fwvar_repair_free(repair_of);
                repair(&r, &file);
                second_finds_nothing(&r, file.size, d->name);
                release(&r);
            }
            fwvar_image_close(image);
        }
        ig_free(&file);
    }
}
END_TEST

START_TEST(sound_stays)
{
    struct ig_bytes file = {0};
    struct repaired r;

    if (strncmp(ig_fixtures[_i].name, "unformatted", 11) == 0)
        return;
    ig_fixtures[_i].build(&file);
    repair(&r, &file);
    ck_assert_msg(fwvar_repair_mends(r.repair) == 0, "%s: %s", ig_fixtures[_i].name,
                  fwvar_repair_mend(r.repair, 0)->message);
    ck_assert_uint_eq(fwvar_repair_patch(r.repair)->size, 0);
    release(&r);
    ig_free(&file);
}
END_TEST

/* ---- nothing is lost ---- */

/* A checksum costs its own two bytes. */
START_TEST(checksum_is_two_bytes)
{
    struct ig_bytes file = {0};
    struct repaired r;

    ig_build(&file, "rpi4-2m-saved");
    file.p[VOLUME + 0x32] ^= 0xFF;
    file.p[VOLUME + 0x33] ^= 0xFF;
    repair(&r, &file);
    const struct sr_range sum = {VOLUME + 0x32, 2};
    size_t where;
    ck_assert(sr_same_outside(file.p, r.bytes, file.size, &sum, 1, &where));
    ck_assert_uint_eq(fwvar_repair_mends(r.repair), 1);
    release(&r);
    ig_free(&file);
}
END_TEST

/* Record 11 with a zeroed start id: tools that stop there show 10 variables. */
START_TEST(start_of_record_11)
{
    struct ig_bytes file = {0};
    struct sr_image sr;
    struct repaired r;

    ig_build(&file, "rpi4-2m-saved");
    read_second(&sr, file.p, file.size);
    size_t at = sr.records[11].offset;
    sr_close(&sr);
    memset(file.p + at, 0, 2);
    repair(&r, &file);
    read_second(&sr, r.bytes, file.size);
    ck_assert_uint_eq(sr.n_live, 55);
    ck_assert_uint_eq(sr.n_records, 82);
    sr_close(&sr);
    ck_assert(!fwvar_repair_rebuilt(r.repair));
    release(&r);
    ig_free(&file);
}
END_TEST

/* A header that is gone for good costs its own variable, and the store is rebuilt. */
START_TEST(header_gone)
{
    struct ig_bytes file = {0};
    struct sr_image sr;
    struct repaired r;

    ig_build(&file, "rpi4-2m-saved");
    read_second(&sr, file.p, file.size);
    size_t at = sr_find(&sr, "FanTemp", NULL)->offset;
    sr_close(&sr);
    memset(file.p + at, 0, 64);
    repair(&r, &file);
    read_second(&sr, r.bytes, file.size);
    ck_assert_uint_eq(sr.n_live, 54);
    ck_assert_uint_eq(sr.n_records, 54);
    ck_assert_ptr_null(sr_find(&sr, "FanTemp", NULL));
    ck_assert_ptr_nonnull(sr_find(&sr, "MTC", NULL));
    ck_assert(sr.free_clean);
    sr_close(&sr);
    ck_assert(fwvar_repair_rebuilt(r.repair));
    ck_assert_uint_eq(fwvar_repair_lefts(r.repair), 0);
    second_finds_nothing(&r, file.size, "header gone");
    release(&r);
    ig_free(&file);
}
END_TEST

/* Several broken places at once. */
START_TEST(many_breaks)
{
    struct ig_bytes file = {0}, base = {0};
    struct sr_image sr;
    struct repaired r;

    ig_build(&file, "rpi4-2m-saved");
    ig_build(&base, "rpi4-2m-saved");
    read_second(&sr, base.p, base.size);
    for (size_t i = 3; i < sr.n_records; i += 7)
        memset(file.p + sr.records[i].offset, 0, 2);
    sr_close(&sr);
    memset(file.p + VOLUME, 0xFF, RECORDS);
    repair(&r, &file);
    ck_assert(memcmp(base.p, r.bytes, base.size) == 0);
    release(&r);
    ig_free(&base);
    ig_free(&file);
}
END_TEST

/* The write of a variable that was new, or of a new value, was interrupted: state 0xFF at
 * the end of the chain. The firmware drops it. */
START_TEST(interrupted_write)
{
    struct ig_bytes file = {0}, base = {0};
    struct ig_image im;
    struct repaired r;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    ig_set_u32(&im, "First", IG_CONFIG, 1);
    base.size = im.file.size;
    base.p = malloc(base.size);
    memcpy(base.p, im.file.p, base.size);
    size_t at = ig_add(&im, &(struct ig_record){.attributes = 7,
                                                .guid = IG_CONFIG,
                                                .name = "Second",
                                                .data = "\1\0\0",
                                                .size = 4});
    im.file.p[at + 2] = 0xFF;
    file = im.file;
    repair(&r, &file);
    ck_assert_uint_eq(count_rule(r.repair, "record-unwritten"), 1);
    ck_assert(memcmp(base.p, r.bytes, base.size) == 0);
    release(&r);
    free(base.p);
    ig_free(&file);
}
END_TEST

/* ---- fault tolerant writes ---- */

static void add_le(uint8_t *p, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        p[i] = (uint8_t)(value >> 8 * i & 0xFF);
}

/* A pending write of the whole store, whose spare area holds @spare. */
static void make_pending(struct ig_bytes *file, const uint8_t *spare, int64_t relative)
{
    uint8_t *queue = file->p + VOLUME + 0xF020;

    memset(queue, 0xFF, 80);
    queue[0] = 0xFC; /* header and writes allocated, not complete */
    add_le(queue + 24, 1);
    add_le(queue + 32, 0);
    queue[40] = 0xFD; /* spare complete, destination not */
    add_le(queue + 48, 0);
    add_le(queue + 56, 0x48);
    add_le(queue + 64, 0xDFB8);
    add_le(queue + 72, (uint64_t)relative);
    memcpy(file->p + VOLUME + 0x10000, spare, 0xE000);
}

START_TEST(pending_is_applied)
{
    struct ig_bytes file = {0}, saved = {0};
    struct repaired r;

    ig_build(&file, "rpi4-2m-stock");
    ig_build(&saved, "rpi4-2m-saved");
    make_pending(&file, saved.p + VOLUME, -0x10000);
    repair(&r, &file);
    ck_assert_uint_eq(count_rule(r.repair, "ftw-pending"), 1);
    ck_assert(memcmp(r.bytes + VOLUME, saved.p + VOLUME, 0x20000) == 0);
    second_finds_nothing(&r, file.size, "pending");
    release(&r);
    ig_free(&saved);
    ig_free(&file);
}
END_TEST

START_TEST(pending_junk_is_discarded)
{
    struct ig_bytes file = {0}, saved = {0};
    struct repaired r;

    ig_build(&file, "rpi4-2m-saved");
    ig_build(&saved, "rpi4-2m-saved");
    make_pending(&file, file.p, -0x10000); /* code is no store */
    repair(&r, &file);
    ck_assert_uint_eq(count_rule(r.repair, "ftw-pending"), 1);
    ck_assert(memcmp(r.bytes + VOLUME, saved.p + VOLUME, 0x10000) == 0);
    ck_assert(memcmp(r.bytes + VOLUME + 0x10000, file.p, 0xE000) == 0);
    release(&r);
    ig_free(&saved);
    ig_free(&file);
}
END_TEST

START_TEST(pending_without_sense_is_left)
{
    struct ig_bytes file = {0}, saved = {0};
    struct repaired r;

    ig_build(&file, "rpi4-2m-stock");
    ig_build(&saved, "rpi4-2m-saved");
    make_pending(&file, saved.p + VOLUME, -0x8000);
    repair(&r, &file);
    ck_assert_uint_eq(count_rule(r.repair, "ftw-pending"), 0);
    ck_assert_uint_eq(fwvar_repair_patch(r.repair)->size, 0);
    ck_assert_str_eq(fwvar_repair_left(r.repair, 0)->rule, "ftw-pending");
    release(&r);
    ig_free(&saved);
    ig_free(&file);
}
END_TEST

/* ---- every byte ---- */

/* What a byte of the saved store belongs to. */
enum part { PART_HEADER, PART_FIELD, PART_IDENTITY, PART_DATA };

static enum part part_of(const struct sr_image *ref, size_t at, const char **owner,
                         char text[80])
{
    *owner = "";
    for (size_t i = 0; i < ref->n_records; i++) {
        const struct sr_record *rec = &ref->records[i];
        if (at < rec->offset || at >= rec->offset + rec->size)
            continue;
        size_t in = at - rec->offset;
        *owner = sr_name(rec, text, 80);
        return in < 44                    ? PART_FIELD
               : in < 60 + rec->name_size ? PART_IDENTITY
                                          : PART_DATA;
    }
    return PART_HEADER;
}

/* All live variables but the one that was damaged are there with their data. */
static void nothing_lost(const struct sr_image *ref, const struct repaired *r,
                         size_t size, size_t at, const char *owner)
{
    struct sr_image sr;
    char name[80];

    read_second(&sr, r->bytes, size);
    ck_assert_msg(sr.n_live == ref->n_live, "0x%zx: %zu live", at, sr.n_live);
    for (size_t i = 0; i < ref->n_live; i++) {
        const struct sr_record *a = ref->live[i], *b = sr.live[i];
        sr_name(a, name, sizeof name);
        ck_assert_msg(a->name_size == b->name_size &&
                          memcmp(a->name, b->name, a->name_size) == 0,
                      "0x%zx: %s is lost", at, name);
        /* a hotkey follows its option */
        if (strcmp(name, owner) == 0 || strncmp(name, "Key", 3) == 0)
            continue;
        ck_assert_msg(a->data_size == b->data_size &&
                          memcmp(a->data, b->data, a->data_size) == 0,
                      "0x%zx: %s has other data", at, name);
    }
    sr_close(&sr);
}

static void damage_one(struct ig_bytes *file, const struct sr_image *ref, size_t at,
                       uint8_t value)
{
    const char *owner;
    struct repaired r;
    char name[80], what[32];
    uint8_t old = file->p[at];

    if (value == old)
        return;
    enum part part = part_of(ref, at, &owner, name);
    file->p[at] = value;
    repair(&r, file);
    /* Nothing that the firmware would crash on; a value may be nonsense now. */
    for (size_t i = 0; i < fwvar_repair_lefts(r.repair); i++)
        ck_assert_msg(part == PART_DATA || part == PART_IDENTITY || part == PART_FIELD,
                      "0x%zx=%02x: left %s", at, value,
                      fwvar_repair_left(r.repair, i)->message);
    snprintf(what, sizeof what, "0x%zx=%02x", at, value);
    second_finds_nothing(&r, file->size, what);
    if (part == PART_HEADER || part == PART_FIELD)
        nothing_lost(ref, &r, file->size, at, owner);
    release(&r);
    file->p[at] = old;
}

START_TEST(every_byte)
{
    const size_t header = test_stride(1), record = test_stride(97);
    struct ig_bytes file = {0}, copy = {0};
    struct sr_image ref;

    ig_build(&file, "rpi4-2m-saved");
    ig_build(&copy, "rpi4-2m-saved");
    read_second(&ref, copy.p, copy.size);
    for (size_t at = VOLUME; at < ref.chain_end; at += at < VOLUME + RECORDS ? header : record) {
        uint8_t old = file.p[at];
        damage_one(&file, &ref, at, 0x00);
        damage_one(&file, &ref, at, 0xFF);
        damage_one(&file, &ref, at, (uint8_t)~old);
        damage_one(&file, &ref, at, (uint8_t)(old + 1));
        damage_one(&file, &ref, at, (uint8_t)(old - 1));
    }
    sr_close(&ref);
    ig_free(&copy);
    ig_free(&file);
}
END_TEST

/* What is left after one damaged byte is never fatal: the store can be edited. */
START_TEST(result_can_be_edited)
{
    struct ig_bytes file = {0};

    ig_build(&file, "rpi4-2m-saved");
    for (size_t at = VOLUME + RECORDS; at < VOLUME + 0x1000; at += test_stride(13)) {
        struct fwvar_findings *findings;
        struct repaired r;
        uint8_t old = file.p[at];
        file.p[at] = (uint8_t)~old;
        repair(&r, &file);
        ck_assert_int_eq(fwvar_check(fwvar_repair_image(r.repair), FWVAR_CHECK_STRUCTURE,
                                     &findings, NULL),
                         0);
        for (size_t i = 0; i < fwvar_findings_count(findings); i++)
            ck_assert_msg(!fwvar_finding_stops(fwvar_findings_at(findings, i)),
                          "0x%zx: %s", at, fwvar_findings_at(findings, i)->message);
        fwvar_findings_free(findings);
        release(&r);
        file.p[at] = old;
    }
    ig_free(&file);
}
END_TEST

/* ---- hostile ---- */

/* Bytes that look like records everywhere take linear time and do no harm. */
START_TEST(nonsense)
{
    static const uint8_t patterns[][4] = {{0xAA, 0x55, 0x3F, 0x00},
                                          {0xAA, 0x55, 0xAA, 0x55},
                                          {0x00, 0x00, 0xAA, 0x55},
                                          {0x41, 0x00, 0x42, 0x00}};
    struct ig_bytes file = {0};
    struct repaired r;

    ig_build(&file, "ovmf-4m-vars");
    for (size_t i = RECORDS; i < 0x40000; i++)
        file.p[i] = patterns[_i][i % 4];
    repair(&r, &file);
    second_finds_nothing(&r, file.size, "nonsense");
    release(&r);
    ig_free(&file);
}
END_TEST

START_TEST(no_store)
{
    struct ig_bytes file = {0};
    struct fwvar_image *image;
    struct fwvar_repair *r;
    struct fwvar_diag diag;

    ig_build(&file, "unformatted-ff");
    ck_assert_int_eq(
        fwvar_image_open_bytes(file.p, file.size, FWVAR_OPEN_ANYTHING, &image, &diag), 0);
    ck_assert_int_eq(fwvar_repair(image, NULL, &r, &diag), FWVAR_ERR_FORMAT);
    ck_assert_msg(strstr(diag.hint, "format") != NULL, "%s", diag.hint);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("repair");
    TCase *t = tcase_create("all");
    int fixtures = 0;

    while (ig_fixtures[fixtures].name)
        fixtures++;
    tcase_set_timeout(t, 0);
    tcase_add_loop_test(t, mends, 0, CASES);
    tcase_add_loop_test(t, only, 0, CASES);
    tcase_add_test(t, corpus);
    tcase_add_loop_test(t, sound_stays, 0, fixtures);
    tcase_add_test(t, checksum_is_two_bytes);
    tcase_add_test(t, start_of_record_11);
    tcase_add_test(t, header_gone);
    tcase_add_test(t, many_breaks);
    tcase_add_test(t, interrupted_write);
    tcase_add_test(t, pending_is_applied);
    tcase_add_test(t, pending_junk_is_discarded);
    tcase_add_test(t, pending_without_sense_is_left);
    tcase_add_test(t, every_byte);
    tcase_add_test(t, result_can_be_edited);
    tcase_add_loop_test(t, nonsense, 0, 4);
    tcase_add_test(t, no_store);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make_suite);
}
