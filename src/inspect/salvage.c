/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The best division of a store is worked out from its end to its start: at each byte,
 * what explains most of the rest? A record explains itself, a gap costs its bytes, every
 * correction costs something. So one broken header never hides the records behind it. */
#include "inspect/salvage.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "format/store.h"
#include "know/size.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST        ((size_t)4 << 20) /* 16 times the largest store known */
#define NAME_MAX_BYTES 1024              /* looked at for a NUL; keeps time linear */
#define ALL_ONES       0xFFFFFFFFu

/* What things are worth, in bytes of a gap. A record outweighs its corrections, but not
 * many of them; a length that has to be guessed outweighs a gap of a header's size. */
#define RECORD         256
#define COST_START     48 /* each of its two bytes */
#define COST_STATE     20
#define COST_ONES      40
#define COST_NAME      96
#define COST_NAME_SIZE 64
#define COST_DATA_SIZE 96
#define COST_NO_DATA   100
#define COST_CROOKED   40
#define COST_GAP       128 /* that there is one, whatever its length */
#define LOOK_AHEAD     64  /* records; keeps time linear */

enum kind { GAP, TAKEN, FREE };

struct scan {
    const uint8_t *bytes;
    size_t first, end, header;
    size_t blank;     /* from here on everything is 0xFF */
    int32_t *best;    /* [p - first]: worth of the rest from p on */
    uint32_t *target; /* [p - first]: the best place at or after p, less first */
    uint8_t *kind;    /* [p - first]: enum kind */
};

/* What a header says. */
struct header {
    unsigned wrong_start; /* bytes of the start id that differ */
    uint8_t state, reserved;
    uint32_t attributes, name_size, data_size;
    const uint8_t *guid;
};

static bool known_state(uint8_t state)
{
    return (state >= FWVAR_STATE_SUPERSEDED && state <= FWVAR_STATE_ADDED) ||
           state == FWVAR_STATE_HEADER_ONLY;
}

static struct header read_header(const struct scan *s, size_t at)
{
    const uint8_t *p = s->bytes + at, *tail = p + s->header - 24;

    return (struct header){.wrong_start =
                               (p[0] != 0xAA ? 1u : 0u) + (p[1] != 0x55 ? 1u : 0u),
                           .state = p[2],
                           .reserved = p[3],
                           .attributes = fw_le32(p + 4),
                           .name_size = fw_le32(tail),
                           .data_size = fw_le32(tail + 4),
                           .guid = tail + 8};
}

static int32_t best_at(const struct scan *s, size_t p)
{
    return p < s->end ? s->best[p - s->first] : 0;
}

static bool good_at(const struct scan *s, size_t p)
{
    return p >= s->end || s->kind[p - s->first] != GAP;
}

/* Bytes of the name at @at up to and with its NUL, or 0. */
static uint32_t name_by_nul(const struct scan *s, size_t at)
{
    size_t left = s->end - at;
    size_t most = left < NAME_MAX_BYTES ? left & ~(size_t)1 : NAME_MAX_BYTES;
    size_t n = fw_utf16_length(s->bytes + at, most);

    return n >= 2 && n + 2 <= most ? (uint32_t)n + 2 : 0;
}

/* True if a name looks like one that people give: used where less speaks for a record. */
static bool is_plain_name(const uint8_t *name, size_t size)
{
    if (size > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i + 2 < size; i += 2) {
        unsigned c = fw_le16(name + i);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c >= 0xD800)
            return false;
    }
    return size >= 4 && fw_le16(name + size - 2) == 0;
}

static bool is_plain_header(const struct header *h)
{
    static const uint8_t zero[16];

    return h->reserved == 0 && (h->attributes & ~0x6Fu) == 0 && h->attributes != 0 &&
           memcmp(h->guid, zero, 16) != 0 && fw_skip_bytes(h->guid, 0, 16, 0xFF) != 16;
}

/* ---- the ways to explain a place ---- */

struct choice {
    int32_t worth;
    struct fw_stretch stretch;
};

/* Too many corrections make a record of anything. One or two are believed, in a header
 * that is plain otherwise. */
static bool is_credible(const struct header *h, unsigned flaws)
{
    unsigned n = 0;

    for (unsigned rest = flaws & ~(unsigned)FW_RECORD_CROOKED; rest; rest &= rest - 1)
        n++;
    if (n == 0)
        return true;
    struct header rest = *h;
    if (flaws & FW_RECORD_ONES)
        rest.attributes = FWVAR_ATTR_NV;
    return n <= 2 && is_plain_header(&rest);
}

static void consider(struct choice *c, int32_t worth, const struct fw_stretch *stretch)
{
    if (worth > c->worth) {
        c->worth = worth;
        c->stretch = *stretch;
    }
}

/* What is wrong with a name whose size is believed. */
static unsigned name_flaws(const uint8_t *name, uint32_t size)
{
    uint32_t most = size < NAME_MAX_BYTES ? size : NAME_MAX_BYTES;
    size_t length = fw_utf16_length(name, most);

    if (fw_le16(name + size - 2) != 0)
        return length == most ? FW_RECORD_NUL : FW_RECORD_NUL | FW_RECORD_INNER_NUL;
    return length + 2 == size || length == most ? 0 : FW_RECORD_INNER_NUL;
}

static int32_t cost_of(unsigned flaws)
{
    return (flaws & FW_RECORD_STATE ? COST_STATE : 0) +
           (flaws & FW_RECORD_ONES ? COST_ONES : 0) +
           (flaws & FW_RECORD_NUL ? COST_NAME : 0) +
           (flaws & FW_RECORD_INNER_NUL ? COST_NAME : 0) +
           (flaws & FW_RECORD_NAME_SIZE ? COST_NAME_SIZE : 0) +
           (flaws & FW_RECORD_DATA_SIZE ? COST_DATA_SIZE : 0) +
           (flaws & FW_RECORD_CROOKED ? COST_CROOKED : 0);
}

static unsigned state_flaws(const struct header *h, size_t at)
{
    return (known_state(h->state) ? 0u : FW_RECORD_STATE) |
           (h->attributes == ALL_ONES ? FW_RECORD_ONES : 0u) |
           (at % 4 ? FW_RECORD_CROOKED : 0u);
}

/* The end of a record of @size bytes: the next header stands at a multiple of 4. Where
 * bytes were inserted or cut out, that multiple is counted from the record's start. */
static size_t end_of(const struct scan *s, size_t at, size_t size)
{
    const size_t ends[] = {fw_align4(at + size), at + fw_align4(size), at + size};
    size_t best = ends[0];

    for (size_t i = 1; i < 3; i++) {
        if (!good_at(s, best) && ends[i] < s->end && s->kind[ends[i] - s->first] == TAKEN)
            best = ends[i];
    }
    return best < s->end ? best : s->end;
}

static void take_sized(const struct scan *s, size_t at, const struct header *h,
                       struct fw_stretch *r, unsigned flaws, struct choice *c)
{
    size_t body = s->end - at - s->header;

    if (r->name_size > body || r->data_size > body - r->name_size)
        return;
    r->flaws = flaws | state_flaws(h, at);
    if (!is_credible(h, r->flaws))
        return;
    r->end = end_of(s, at, s->header + r->name_size + r->data_size);
    int32_t worth = RECORD - cost_of(r->flaws) - (int32_t)h->wrong_start * COST_START -
                    (r->data_size ? 0 : COST_NO_DATA) -
                    (good_at(s, r->end) ? 0 : COST_GAP) + best_at(s, r->end);
    consider(c, worth, r);
}

/* A record as its header says. */
static void consider_declared(const struct scan *s, size_t at, const struct header *h,
                              struct choice *c)
{
    struct fw_stretch r = {.at = at, .is_record = true};
    const uint8_t *name = s->bytes + at + s->header;

    if (h->name_size < 4 || h->name_size % 2 || h->name_size > s->end - at - s->header)
        return;
    unsigned flaws = name_flaws(name, h->name_size);
    if (h->wrong_start) {
        if (flaws || at % 4 || !is_plain_header(h) || !is_plain_name(name, h->name_size))
            return;
        flaws = FW_RECORD_START;
    }
    r.name_size = h->name_size;
    r.data_size = h->data_size;
    take_sized(s, at, h, &r, flaws, c);
}

/* NameSize is wrong, the NUL tells where the name ends. */
static void consider_renamed(const struct scan *s, size_t at, const struct header *h,
                             struct choice *c)
{
    struct fw_stretch r = {.at = at, .is_record = true};

    const uint8_t *name = s->bytes + at + s->header;

    r.name_size = name_by_nul(s, at + s->header);
    r.data_size = h->data_size;
    /* Names are ASCII: what is not, where the NUL should be, was the NUL. */
    if (r.name_size > h->name_size && h->name_size >= 4 && h->name_size % 2 == 0 &&
        fw_le16(name + h->name_size - 2) >= 0x7F)
        return;
    if (r.name_size && r.name_size != h->name_size && h->data_size != 0 &&
        is_plain_name(name, r.name_size))
        take_sized(s, at, h, &r, FW_RECORD_NAME_SIZE, c);
}

static unsigned bytes_that_differ(uint32_t a, uint32_t b)
{
    unsigned n = 0;

    for (uint32_t x = a ^ b; x; x >>= 8)
        n += (x & 0xFF) != 0;
    return n;
}

/* A longer record than declared could also be a short one before a header that is beyond
 * repair. It is believed only if one byte of DataSize explains it, and if no name stands
 * where the next record would have its own. */
static bool may_grow(const struct scan *s, size_t data, const struct fw_stretch *r,
                     const struct header *h)
{
    uint32_t declared = h->data_size, most = r->data_at_most;
    struct fwvar_guid guid;
    bool near = false;

    memcpy(guid.b, h->guid, sizeof guid.b);
    if (fw_known_size(&guid, s->bytes + r->at + s->header, r->name_size - 2) == declared)
        return false;
    for (uint32_t n = most > 3 ? most - 3 : 1; n <= most; n++)
        near |= bytes_that_differ(n, declared) <= 1;
    if (!near || declared > s->end - data)
        return near;
    size_t next = fw_align4(data + declared), name = next + s->header;
    if (r->end < name + 4)
        return true; /* no room for a record in between */
    uint32_t size = name_by_nul(s, name);
    return size == 0 || !is_plain_name(s->bytes + name, size);
}

/* DataSize is wrong: the record ends where what follows makes most sense. */
static void consider_open(const struct scan *s, size_t at, const struct header *h,
                          struct choice *c)
{
    struct fw_stretch r = {.at = at, .is_record = true, .flaws = FW_RECORD_DATA_SIZE};
    const uint8_t *name = s->bytes + at + s->header;

    r.name_size = name_by_nul(s, at + s->header);
    if (!r.name_size || !is_plain_name(name, r.name_size))
        return;
    size_t data = at + s->header + r.name_size, from = fw_align4(data + 1);
    if (from > s->end)
        return;
    r.end = from < s->end ? s->first + s->target[from - s->first] : s->end;
    r.data_size = r.data_at_most = (uint32_t)(r.end - data);
    if (h->data_size < r.data_size && !may_grow(s, data, &r, h))
        return;
    if (r.name_size != h->name_size)
        r.flaws |= FW_RECORD_NAME_SIZE;
    r.flaws |= state_flaws(h, at);
    if (!is_credible(h, r.flaws))
        return;
    consider(c, RECORD - cost_of(r.flaws) + best_at(s, r.end), &r);
}

/* True if a record that seems sound has swallowed others: from @inner on, records lead to
 * exactly where it ends, or to nothing but erased bytes. */
static bool swallows(const struct scan *s, size_t inner, size_t end)
{
    for (int i = 0; i < LOOK_AHEAD && inner < end && s->kind[inner - s->first] == TAKEN;
         i++) {
        struct header h = read_header(s, inner);
        size_t body = s->end - inner - s->header;
        if (h.wrong_start || h.name_size > body || h.data_size > body - h.name_size)
            return false;
        inner = fw_align4(inner + s->header + h.name_size + h.data_size);
        if (inner == end ||
            (inner < end && fw_skip_bytes(s->bytes, inner, end, 0xFF) == end))
            return true;
    }
    return false;
}

/* Sizes that lead to the next record are not doubted, unless a gap would explain more, or
 * the data are records themselves. */
static bool is_sure(const struct scan *s, const struct choice *declared,
                    const struct choice *gap, const struct header *h)
{
    const struct fw_stretch *r = &declared->stretch;
    struct choice open = {INT32_MIN, {0}};

    if (declared->worth < gap->worth || !good_at(s, r->end) || r->data_size == 0)
        return false;
    if (h->wrong_start || r->data_size < s->header + 4)
        return true;
    consider_open(s, r->at, h, &open);
    return open.worth <= declared->worth || open.stretch.end >= r->end ||
           !swallows(s, open.stretch.end, r->end);
}

/* The best explanation of what stands at @at. */
static struct choice explain(const struct scan *s, size_t at)
{
    struct choice c = {best_at(s, at + 1) - 1, {.at = at, .end = at + 1}};

    if (s->end - at < s->header + 4)
        return c;
    struct header h = read_header(s, at);
    struct choice declared = {INT32_MIN, {0}};
    if (h.wrong_start && at % 4)
        return c;
    consider_declared(s, at, &h, &declared);
    bool sure = declared.worth != INT32_MIN && is_sure(s, &declared, &c, &h);
    if (declared.worth != INT32_MIN)
        consider(&c, declared.worth, &declared.stretch);
    if (h.wrong_start || at % 4)
        return c;
    /* A NUL that is missing may stand right behind a name that is cut short. */
    if (!sure || (declared.stretch.flaws & FW_RECORD_NUL))
        consider_renamed(s, at, &h, &c);
    if (!sure)
        consider_open(s, at, &h, &c);
    return c;
}

/* ---- the two passes ---- */

static void backward(struct scan *s)
{
    size_t target = s->end - s->first;
    int32_t most = 0;

    for (size_t p = s->end; p-- > s->first;) {
        size_t i = p - s->first;
        if (p >= s->blank) {
            s->best[i] = 0;
            s->kind[i] = FREE;
        } else {
            struct choice c = explain(s, p);
            s->best[i] = c.worth;
            s->kind[i] = c.stretch.is_record ? TAKEN : GAP;
        }
        if (s->best[i] >= most) {
            most = s->best[i];
            target = i;
        }
        s->target[i] = (uint32_t)target;
    }
}

static int add(struct fw_salvage *v, size_t *cap, const struct fw_stretch *stretch)
{
    struct fw_stretch *last = v->count ? &v->items[v->count - 1] : NULL;

    if (last && !stretch->is_record && !last->is_record) {
        last->end = stretch->end;
        return 0;
    }
    if (v->count == *cap) {
        size_t bigger = *cap ? *cap * 2 : 64;
        struct fw_stretch *items = realloc(v->items, bigger * sizeof *items);
        if (!items)
            return FWVAR_ERR_NOMEM;
        v->items = items;
        *cap = bigger;
    }
    v->items[v->count++] = *stretch;
    v->records += stretch->is_record;
    return 0;
}

static int forward(const struct scan *s, struct fw_salvage *v)
{
    size_t at = s->first, cap = 0;

    while (at < s->end && s->kind[at - s->first] != FREE) {
        struct choice c = explain(s, at);
        if (add(v, &cap, &c.stretch) != 0)
            return FWVAR_ERR_NOMEM;
        at = c.stretch.end;
    }
    v->end = at;
    return 0;
}

int fw_salvage_scan(const uint8_t *bytes, size_t first, size_t end, bool authenticated,
                    struct fw_salvage *salvage, struct fwvar_diag *diag)
{
    struct scan s = {.bytes = bytes, .first = first, .end = end, .blank = end};
    size_t n = end - first;

    *salvage = (struct fw_salvage){.end = first};
    if (n > LARGEST)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "a store of %zu bytes is too large to be searched for records", n);
    s.header = authenticated ? FWVAR_RECORD_HEADER_AUTH : FWVAR_RECORD_HEADER_PLAIN;
    while (s.blank > first && bytes[s.blank - 1] == 0xFF)
        s.blank--;
    s.best = malloc((n + 1) * sizeof *s.best);
    s.target = malloc((n + 1) * sizeof *s.target);
    s.kind = malloc(n + 1);
    int code = FWVAR_ERR_NOMEM;
    if (s.best && s.target && s.kind) {
        backward(&s);
        code = forward(&s, salvage);
    }
    free(s.best);
    free(s.target);
    free(s.kind);
    if (code != 0) {
        fw_salvage_free(salvage);
        return fw_nomem(diag);
    }
    return 0;
}

void fw_salvage_free(struct fw_salvage *salvage)
{
    free(salvage->items);
    *salvage = (struct fw_salvage){0};
}
