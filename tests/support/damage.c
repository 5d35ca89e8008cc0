/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Carrying out the steps. Where things are is asked of the second reader, each time anew.
 */
#include "damage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "secondreader.h"

enum { FTW_AT = 0xF000, FTW_QUEUE = 0x20, SPARE = 0x10000, VARIABLES = 0xE000 };

struct work {
    const struct damage *kind;
    struct ig_bytes *file;
    const struct damage_step *step;
};

static _Noreturn void die(const struct work *w, const char *what)
{
    fprintf(stderr, "damage %s: step %d: %s\n", w->kind->name,
            (int)(w->step - w->kind->steps), what);
    abort();
}

/* Places of the volume stay where they are known to be, however damaged it is. */
static size_t volume_at(const struct damage *kind)
{
    if (strncmp(kind->base, "rpi4-4m", 7) == 0)
        return 0x3b0000;
    if (strncmp(kind->base, "rpi4-old", 8) == 0)
        return 0x1e0000;
    return strncmp(kind->base, "rpi", 3) == 0 ? 0x1d0000 : 0;
}

static void poke(const struct work *w, size_t at)
{
    struct ig_bytes b = {0};

    ig_hex(&b, w->step->hex);
    ig_poke(w->file, at, b.p, b.size);
    ig_free(&b);
}

static void open_reader(const struct work *w, struct sr_image *im)
{
    if (!sr_open(im, w->file->p, w->file->size))
        die(w, im->error);
}

static size_t live_record(const struct work *w)
{
    struct sr_image im;

    open_reader(w, &im);
    const struct sr_record *r = sr_find(&im, w->step->name, NULL);
    if (!r)
        die(w, "no such variable");
    size_t at = r->offset;
    sr_close(&im);
    return at;
}

static size_t nth_record(const struct work *w)
{
    struct sr_image im;

    open_reader(w, &im);
    if (w->step->n >= im.n_records)
        die(w, "not so many records");
    size_t at = im.records[w->step->n].offset;
    sr_close(&im);
    return at;
}

/* The image as the generator would have left it, to go on from there. */
static struct ig_image generator(const struct work *w)
{
    struct sr_image im;
    struct ig_image ig;

    open_reader(w, &im);
    memset(&ig, 0, sizeof ig);
    ig.file = *w->file;
    ig.volume.at = im.volume_offset;
    ig.volume.length = im.volume_length;
    ig.volume.store = im.store_end - im.volume_offset;
    ig.volume.plain = !im.authenticated;
    ig.next = im.chain_end;
    sr_close(&im);
    return ig;
}

static void add_record(const struct work *w, bool set, uint8_t state,
                       const struct ig_bytes *data)
{
    const struct damage_step *s = w->step;
    struct ig_image ig = generator(w);
    struct ig_record r = {.state = state,
                          .attributes = (uint32_t)s->at,
                          .guid = s->guid,
                          .name = s->name,
                          .data = data->p,
                          .size = data->size};

    if (set)
        ig_set(&ig, &r);
    else
        ig_add(&ig, &r);
    *w->file = ig.file;
}

/* Records of at most 4 KB each, all of them sized so that the last one fits exactly. */
static void leave_free(const struct work *w, uint8_t state)
{
    struct ig_image ig = generator(w);
    size_t end = ig.volume.at + ig.volume.store - w->step->n;

    for (unsigned i = 0; ig.next < end; i++) {
        size_t left = end - ig.next, chunk = left < 0x1000 ? left : 0x1000;
        struct ig_bytes data = {0};
        char name[8];

        if (left - chunk > 0 && left - chunk < 0x100)
            chunk -= 0x100;
        snprintf(name, sizeof name, "Fill%02u", i);
        size_t around = (ig.volume.plain ? 32u : 60u) + 2 * (strlen(name) + 1);
        if (chunk < around)
            die(w, "no room for a record");
        ig_fill(&data, 0xa5, chunk - around);
        ig_add(&ig, &(struct ig_record){state, 7, IG_GLOBAL, name, data.p, data.size, 0});
        ig_free(&data);
    }
    *w->file = ig.file;
}

static void insert(const struct work *w)
{
    size_t at = live_record(w), n = w->step->n;
    size_t end = volume_at(w->kind) + VARIABLES;

    memmove(w->file->p + at + n, w->file->p + at, end - at - n);
    memset(w->file->p + at, 0xff, n);
}

static void correct_sum(const struct work *w)
{
    uint8_t *h = w->file->p + volume_at(w->kind);
    unsigned sum = 0;

    h[0x32] = h[0x33] = 0;
    for (size_t i = 0; i < 0x48; i += 2)
        sum += (unsigned)h[i] | (unsigned)h[i + 1] << 8;
    sum = 0x10000 - (sum & 0xffff);
    h[0x32] = (uint8_t)(sum & 0xff);
    h[0x33] = (uint8_t)(sum >> 8 & 0xff);
}

/* The queue as the driver leaves it between filling the spare area and copying it back.
 */
static void leave_pending(const struct work *w)
{
    size_t volume = volume_at(w->kind);
    struct ig_bytes q = {0};

    ig_hex(&q, "fcffffff");
    ig_guid(&q, "8d8c7a8e-1d6f-4d3c-8f9a-0c1d2e3f4a5b");
    ig_le(&q, 0, 4);
    ig_le(&q, 1, 8); /* one write, no private data */
    ig_le(&q, 0, 8);
    ig_hex(&q, "fdffffffffffffff");
    ig_le(&q, 0, 8); /* block */
    ig_le(&q, 0x48, 8);
    ig_le(&q, VARIABLES - 0x48, 8);
    ig_le(&q, UINT64_MAX - SPARE + 1, 8);
    ig_poke(w->file, volume + FTW_AT + FTW_QUEUE, q.p, q.size);
    ig_free(&q);
    memcpy(w->file->p + volume + SPARE, w->file->p + volume, VARIABLES);
}

static void only(const struct work *w)
{
    ig_free(w->file);
    ig_hex(w->file, w->step->hex);
}

static void shift(const struct work *w)
{
    struct ig_bytes b = {0};

    ig_fill(&b, 0xff, w->step->n);
    ig_put(&b, w->file->p, w->file->size);
    ig_free(w->file);
    *w->file = b;
}

static void cut(const struct work *w, size_t at)
{
    if (at > w->file->size)
        die(w, "the file is shorter");
    w->file->size = at;
}

static void delete_variable(const struct work *w)
{
    struct ig_image ig = generator(w);

    ig_delete(&ig, w->step->name, w->step->guid);
}

static void write_variable(const struct work *w)
{
    const struct damage_step *s = w->step;
    struct ig_bytes data = {0};

    if (s->op == DAMAGE_SIZED)
        ig_fill(&data, 0xa5, s->n);
    else
        ig_hex(&data, s->hex);
    add_record(w, s->op != DAMAGE_ADD, s->op == DAMAGE_ADD ? (uint8_t)s->n : 0, &data);
    ig_free(&data);
}

/* Steps that put bytes somewhere. */
static bool overwrite(const struct work *w)
{
    const struct damage_step *s = w->step;
    size_t volume = volume_at(w->kind);
    struct sr_image im;

    switch (s->op) {
    case DAMAGE_VOLUME:
        poke(w, volume + s->at);
        return true;
    case DAMAGE_STORE:
        poke(w, volume + 0x48 + s->at);
        return true;
    case DAMAGE_RECORD:
        poke(w, live_record(w) + s->at);
        return true;
    case DAMAGE_INDEX:
        poke(w, nth_record(w) + s->at);
        return true;
    case DAMAGE_BEHIND:
        open_reader(w, &im);
        poke(w, im.chain_end + s->at);
        sr_close(&im);
        return true;
    case DAMAGE_FILL:
        memset(w->file->p + volume + s->at, s->hex[0] == 'f' ? 0xff : 0, s->n);
        return true;
    default:
        return false;
    }
}

static void reshape(const struct work *w)
{
    const struct damage_step *s = w->step;
    size_t volume = volume_at(w->kind);

    switch (s->op) {
    case DAMAGE_CUT:
        cut(w, volume + s->at);
        break;
    case DAMAGE_CUT_IN:
        cut(w, live_record(w) + s->at);
        break;
    case DAMAGE_APPEND:
        ig_fill(w->file, 0xff, s->n);
        break;
    case DAMAGE_SHIFT:
        shift(w);
        break;
    case DAMAGE_ONLY:
        only(w);
        break;
    case DAMAGE_INSERT:
        insert(w);
        break;
    case DAMAGE_COPY:
        memmove(w->file->p + s->at, w->file->p + volume, 0x20000);
        break;
    default:
        die(w, "no such step");
    }
}

static void carry_out(const struct work *w)
{
    switch (w->step->op) {
    case DAMAGE_SUM:
        correct_sum(w);
        break;
    case DAMAGE_SET:
    case DAMAGE_ADD:
    case DAMAGE_SIZED:
        write_variable(w);
        break;
    case DAMAGE_DELETE:
        delete_variable(w);
        break;
    case DAMAGE_LIVE:
        leave_free(w, 0x3f);
        break;
    case DAMAGE_DEAD:
        leave_free(w, 0x3c);
        break;
    case DAMAGE_PENDING:
        leave_pending(w);
        break;
    default:
        if (!overwrite(w))
            reshape(w);
    }
}

void damage_build(struct ig_bytes *file, const struct damage *kind)
{
    struct work w = {.kind = kind, .file = file};

    *file = (struct ig_bytes){0};
    ig_build(file, kind->base);
    for (size_t i = 0; i < DAMAGE_STEPS && kind->steps[i].op != DAMAGE_END; i++) {
        w.step = &kind->steps[i];
        carry_out(&w);
    }
}

const struct damage *damage_find(const char *name)
{
    for (const struct damage *d = damages; d->name; d++) {
        if (strcmp(d->name, name) == 0)
            return d;
    }
    return NULL;
}
