/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Random scripts of edits against a model. What a transaction leaves behind is judged by
 * the second reader, which shares no code with the library. FWVAR_TEST_SEED repeats a
 * run. */
#include "support/editing.h"
#include "support/testmain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAMES    40
#define NAME_MAX 32 /* characters */
#define DATA_MAX 700

/* A variable as it should be. */
struct model {
    uint8_t guid[16];
    uint8_t name[2 * NAME_MAX];
    size_t name_size; /* without NUL */
    uint32_t attributes;
    uint8_t data[2048];
    size_t data_size;
    bool live;
    bool fixed;   /* not to be edited: the boot menu has rules of its own */
    bool touched; /* by the transaction under way */
};

static struct model models[256];
static size_t count;
static struct editing e;
static uint64_t seed, state;

static uint32_t any(uint32_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % below;
}

static void begin_random(uint64_t salt)
{
    state = seed * 2654435761u + salt;
}

#define CHECK(condition, ...)                                                            \
    do {                                                                                 \
        bool holds_ = (condition);                                                       \
        if (!holds_) {                                                                   \
            fprintf(stderr, __VA_ARGS__);                                                \
            fputc('\n', stderr);                                                         \
        }                                                                                \
        ck_assert_msg(holds_, "FWVAR_TEST_SEED=%" PRIu64, seed);                         \
    } while (0)

/* ---- the model ---- */

static bool same_name(const struct model *m, const struct sr_record *r)
{
    return memcmp(m->guid, r->guid, 16) == 0 && m->name_size + 2 == r->name_size &&
           memcmp(m->name, r->name, m->name_size) == 0;
}

static struct model *add_model(const uint8_t guid[16], const uint8_t *name, size_t size)
{
    struct model *m = &models[count++];

    ck_assert_uint_lt(count, sizeof models / sizeof models[0]);
    memset(m, 0, sizeof *m);
    memcpy(m->guid, guid, 16);
    memcpy(m->name, name, size);
    m->name_size = size;
    return m;
}

/* The live variables of the image at the beginning. */
static void learn(void)
{
    struct sr_image sr;

    count = 0;
    ck_assert(sr_open(&sr, e.file.p, e.file.size));
    for (size_t i = 0; i < sr.n_live; i++) {
        const struct sr_record *r = sr.live[i];
        struct model *m = add_model(r->guid, r->name, r->name_size - 2);
        m->attributes = r->attributes;
        ck_assert_uint_le(r->data_size, sizeof m->data);
        memcpy(m->data, r->data, r->data_size);
        m->data_size = r->data_size;
        m->live = true;
        m->fixed = (r->attributes & 0x20) || memcmp(r->name, "B\0o\0o\0t", 7) == 0 ||
                   memcmp(r->name, "K\0e\0y", 5) == 0;
    }
    sr_close(&sr);
}

/* Any 16-bit units but NUL: lone surrogates, controls, everything. */
static void invent_names(void)
{
    uint8_t guid[16], name[2 * NAME_MAX];

    for (int i = 0; i < NAMES; i++) {
        size_t n = 1 + any(NAME_MAX);
        for (size_t k = 0; k < 16; k++)
            guid[k] = (uint8_t)(any(4) ? 0x11 * any(3) : any(256));
        for (size_t k = 0; k < n; k++) {
            uint32_t kinds[] = {'A' + any(26), 0xD800 + any(0x800), 1 + any(0xFFFF), 1};
            uint32_t unit = kinds[any(4)];
            name[2 * k] = (uint8_t)(unit & 0xff);
            name[2 * k + 1] = (uint8_t)(unit >> 8 & 0xff);
        }
        size_t size = 2 * n;
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known |= memcmp(models[k].guid, guid, 16) == 0 &&
                     models[k].name_size == size &&
                     memcmp(models[k].name, name, size) == 0;
        if (!known)
            add_model(guid, name, size);
    }
}

/* ---- one transaction ---- */

static void set(struct model *m, bool same)
{
    static const uint32_t attributes[] = {7, 7, 7, 3, 1};
    struct fwvar_variable v = {
        .name = m->name, .name_size = m->name_size, .data = m->data};

    if (!same || !m->live) {
        m->attributes = attributes[any(5)];
        m->data_size = 1 + any(any(3) ? 16 : DATA_MAX);
        for (size_t i = 0; i < m->data_size; i++)
            m->data[i] = (uint8_t)any(256);
    }
    memcpy(v.guid.b, m->guid, 16);
    v.attributes = m->attributes;
    v.data_size = m->data_size;
    int code = fwvar_edit_set(e.edit, &v, &e.diag);
    CHECK(code == 0, "set: %s", e.diag.message);
    m->live = true;
}

static void drop(struct model *m)
{
    struct fwvar_guid guid;

    memcpy(guid.b, m->guid, 16);
    int code = fwvar_edit_delete(e.edit, &guid, m->name, m->name_size, &e.diag);
    CHECK(code == (m->live ? 0 : FWVAR_ERR_NOTFOUND), "delete: %d", code);
    m->live = false;
}

static void edit_randomly(uint32_t edits)
{
    for (size_t i = 0; i < count; i++)
        models[i].touched = false;
    for (uint32_t i = 0; i < edits; i++) {
        struct model *m = &models[any((uint32_t)count)];
        if (m->fixed)
            continue;
        m->touched = true;
        if (any(4) == 0)
            drop(m);
        else
            set(m, any(4) == 0);
    }
}

/* ---- judging ---- */

static struct model *model_of(const struct sr_record *r)
{
    for (size_t i = 0; i < count; i++) {
        if (same_name(&models[i], r))
            return &models[i];
    }
    return NULL;
}

static void judge_live(const struct sr_image *sr)
{
    size_t live = 0;

    for (size_t i = 0; i < count; i++)
        live += models[i].live;
    CHECK(sr->n_live == live, "%zu live, expected %zu", sr->n_live, live);
    CHECK(sr->n_twins == 0 && sr->free_clean && sr->header_sum_ok, "not sound");
    for (size_t i = 0; i < sr->n_live; i++) {
        const struct sr_record *r = sr->live[i];
        const struct model *m = model_of(r);
        CHECK(m && m->live, "record at 0x%zx should not be live", r->offset);
        CHECK(r->attributes == m->attributes && r->data_size == m->data_size &&
                  memcmp(r->data, m->data, r->data_size) == 0,
              "record at 0x%zx has another value", r->offset);
        CHECK(r->count == 0 || m->fixed, "count at 0x%zx", r->offset);
    }
}

/* Appending moves nothing: only state bytes of touched records and what was free differ.
 */
static void judge_append(const struct ig_bytes *old)
{
    struct sr_image a, b;
    struct sr_range ranges[512];
    size_t n = 0, where = 0;

    ck_assert(sr_open(&a, old->p, old->size) && sr_open(&b, e.file.p, e.file.size));
    for (size_t i = 0; i < a.n_records; i++) {
        const struct model *m = model_of(&a.records[i]);
        /* A 0x3E record beside the live one is finished off with it. */
        bool open = a.records[i].state == 0x3f || a.records[i].state == 0x3e;
        if (open && m && m->touched)
            ranges[n++] = (struct sr_range){a.records[i].offset + 2, 1};
    }
    ranges[n++] = (struct sr_range){a.chain_end, b.chain_end - a.chain_end};
    ck_assert_uint_lt(n, 512);
    CHECK(sr_same_outside(old->p, e.file.p, old->size, ranges, n, &where),
          "byte 0x%zx changed", where);
    sr_close(&a);
    sr_close(&b);
}

/* Compacting keeps untouched live records as they are, in their order. */
static void judge_compaction(const struct ig_bytes *old)
{
    struct sr_image a, b;
    size_t k = 0, where = 0;

    ck_assert(sr_open(&a, old->p, old->size) && sr_open(&b, e.file.p, e.file.size));
    for (size_t i = 0; i < a.n_records; i++) {
        const struct sr_record *r = &a.records[i];
        const struct model *m = model_of(r);
        if (!r->live || r->state != 0x3f || (m && m->touched))
            continue;
        while (k < b.n_records &&
               (b.records[k].size != r->size ||
                memcmp(e.file.p + b.records[k].offset, old->p + r->offset, r->size) != 0))
            k++;
        CHECK(k < b.n_records, "record at 0x%zx is gone or moved back", r->offset);
    }
    struct sr_range store = {a.first_record, a.store_end - a.first_record};
    CHECK(sr_same_outside(old->p, e.file.p, old->size, &store, 1, &where),
          "byte 0x%zx changed", where);
    CHECK(b.n_records == b.n_live, "dead records left");
    sr_close(&a);
    sr_close(&b);
}

static void judge(const struct ig_bytes *old)
{
    struct sr_image sr;

    CHECK(sr_open(&sr, e.file.p, e.file.size), "%s", sr.error);
    judge_live(&sr);
    CHECK(e.report.used_after == sr.chain_end - sr.first_record, "report: used");
    CHECK(e.report.free_after == sr.store_end - sr.chain_end, "report: free");
    if (sr.volume_offset) /* a Raspberry Pi */
        CHECK(!e.report.changed || e.report.used_after <= 0xA79C, "too full for a Pi");
    sr_close(&sr);
    if (e.report.compacted)
        judge_compaction(old);
    else
        judge_append(old);
}

/* The wanted state once more: nothing may change. */
static void repeat(void)
{
    struct ig_bytes old = {0};

    ig_put(&old, e.file.p, e.file.size);
    ed_begin(&e, 0);
    for (size_t i = 0; i < count; i++) {
        if (models[i].live && models[i].touched)
            set(&models[i], true);
    }
    ed_finish(&e);
    CHECK(!e.report.changed && memcmp(old.p, e.file.p, old.size) == 0, "no no-op");
    ig_free(&old);
}

static void transactions(int rounds)
{
    int compactions = 0;

    for (int round = 0; round < rounds; round++) {
        struct ig_bytes old = {0};
        ig_put(&old, e.file.p, e.file.size);
        ed_begin(&e, 0);
        edit_randomly(1 + any(12));
        ed_finish(&e);
        judge(&old);
        compactions += e.report.compacted;
        repeat();
        ig_free(&old);
    }
    CHECK(compactions > 0, "the store never had to be compacted");
}

START_TEST(the_saved_image)
{
    size_t size;

    begin_random(1);
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);
    ed_load(&e, bytes, size);
    learn();
    invent_names();
    transactions(60);
    ed_free(&e);
}
END_TEST

/* Records in every state, pad bytes that are not 0xFF, and no two live of one name. */
static void random_store(const struct ig_volume *volume, size_t size)
{
    static const uint8_t states[] = {0x3f, 0x3f, 0x3e, 0x3d, 0x3c, 0x7f};
    struct ig_image im;
    bool added[64] = {false};

    ig_create(&im, size, volume);
    for (uint32_t i = any(200); i > 0; i--) {
        uint8_t data[64];
        char name[8];
        uint32_t number = any(64);
        uint8_t what = states[any(6)];
        if (what == 0x3f && added[number])
            what = 0x3c;
        added[number] |= what == 0x3f;
        snprintf(name, sizeof name, "V%u", (unsigned)number);
        memset(data, (int)any(256), sizeof data);
        ig_add(&im, &(struct ig_record){.state = what,
                                        .attributes = 7,
                                        .guid = IG_CONFIG,
                                        .name = name,
                                        .data = data,
                                        .size = 1 + any(60)});
        im.file.p[im.next - 1] &= any(3) ? 0xff : 0;
        if (im.file.p[im.next - 1] == 0 && any(2))
            im.file.p[im.next - 1] = 0x77;
    }
    ed_load(&e, im.file.p, im.file.size);
}

static const struct {
    const struct ig_volume *volume;
    size_t size;
} places[] = {{&ig_pi_2m, 0x1f0000}, {&ig_ovmf_2m, 0x20000}};

START_TEST(random_stores)
{
    begin_random((uint64_t)_i + 2);
    random_store(places[_i % 2].volume, places[_i % 2].size);
    learn();
    invent_names();
    transactions(_i % 2 ? 90 : 70);
    ed_free(&e);
}
END_TEST

/* 64 KB and more of names and values in one transaction. */
START_TEST(many_names_and_values_round_trip)
{
    struct ig_image im;
    size_t total = 0;

    begin_random(77);
    ig_create(&im, 0x84000, &ig_ovmf_4m);
    ed_load(&e, im.file.p, im.file.size);
    count = 0;
    for (int i = 0; i < 5; i++)
        invent_names();
    ed_begin(&e, 0);
    for (size_t i = 0; i < count; i++) {
        set(&models[i], false);
        models[i].touched = true;
    }
    for (size_t i = 0; total < 0x10000; i = (i + 1) % count) {
        set(&models[i], false);
        total += models[i].name_size + models[i].data_size;
    }
    ed_finish(&e);
    struct sr_image sr;
    ck_assert(sr_open(&sr, e.file.p, e.file.size));
    judge_live(&sr);
    CHECK(sr.n_records == count, "one record each");
    sr_close(&sr);
    repeat();
    ed_free(&e);
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("edit_random");
    TCase *t = tcase_create("random");
    const char *given = getenv("FWVAR_TEST_SEED");

    tcase_add_test(t, the_saved_image);
    tcase_add_loop_test(t, random_stores, 0, 6);
    tcase_add_test(t, many_names_and_values_round_trip);
    suite_add_tcase(s, t);
    seed = given && *given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("FWVAR_TEST_SEED=%" PRIu64 "\n", seed);
    return s;
}

int main(void)
{
    return test_main(make);
}
