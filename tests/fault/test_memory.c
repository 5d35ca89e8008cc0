/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Every allocation of a command fails in turn. The command has to say so and leave
 * everything as it was, or to do without and have the very result it has otherwise. */
#include "fault/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *fixture; /* as image.fd */
    const char *args[TRIAL_ARGS];
} cases[] = {
#include "fault/memory_cases.h"
};

static const char *const known[] = {"image.fd",  "other.fd",     "value",     "out.fd",
                                    "out.fd.gz", "image.fd.old", "plan.json", NULL};

/* All that a plan can say. */
static const char plan[] =
    "{\"schema\": 1, \"expect\": {\"board\": [\"rpi3\", \"rpi\"], \"layout\": "
    "\"rpi4-2m\", \"release\": \">=1.20 <9.0\", \"variables\": [{\"name\": \"Gone\", "
    "\"absent\": true}, {\"name\": \"Greeting\", \"guid\": \"EfiGlobalVariable\", "
    "\"absent\": true}]}, \"settings\": {\"ram-limit\": false, \"asset-tag\": "
    "\"{{1}}\", \"cpu-clock\": 2}, \"variables\": [{\"name\": \"Greeting\", \"guid\": "
    "\"8be4df61-93ca-11d2-aa0d-00e098032b8c\", \"attr\": \"NV+BS\", \"type\": "
    "\"utf16z\", \"value\": \"Hello\"}, {\"name\": \"Greeting\", \"type\": \"u8\", "
    "\"value\": 1}], \"delete\": [\"Gone\", \"SystemTableMode\", \"ram-limt\"], "
    "\"boot\": {\"entries\": [{\"label\": \"a, b\", \"http\": \"http://h/a\", "
    "\"optional_data\": \"utf16z:x\"}, {\"label\": \"c\", \"pxe\": \"dca632010203\", "
    "\"active\": false, \"optional_data\": \"00\"}, {\"label\": \"d\", \"path\": "
    "\"Uri(http://x)\"}], \"order\": [\"d\", \"*\", \"a, b\"], \"next\": \"c\", "
    "\"timeout\": 3}}";

struct state {
    struct outcome end;
    struct blob image, out;
};

static void run(const char *const *args, const struct blob *image,
                const struct blob *other, struct state *s)
{
    const struct blob value = {(uint8_t[]){1, 0, 0, 0}, 4};

    const struct blob json = {(uint8_t *)(uintptr_t)plan, sizeof plan - 1};

    static const char *const inputs[] = {"image.fd", "other.fd", "value", "plan.json",
                                         NULL};

    trial_clean(inputs);
    trial_write("image.fd", image);
    trial_write("other.fd", other);
    trial_write("value", &value);
    trial_write("plan.json", &json);
    trial_run(args, NULL, &s->end);
    s->image = trial_read("image.fd");
    s->out = trial_read("out.fd");
    if (!s->out.p)
        s->out = trial_read("out.fd.gz");
}

static void release(struct state *s)
{
    outcome_free(&s->end);
    free(s->image.p);
    free(s->out.p);
}

static bool same(const struct state *a, const struct state *b)
{
    return a->end.status == b->end.status && strcmp(a->end.out, b->end.out) == 0 &&
           strcmp(a->end.err, b->end.err) == 0 && blob_equal(&a->image, &b->image) &&
           blob_equal(&a->out, &b->out);
}

static bool says_why(const char *err)
{
    return strstr(err, "out of memory") || strstr(err, strerror(ENOMEM));
}

static void judge(const char *const *args, const struct state *s, const struct state *ref,
                  const struct blob *image)
{
    bool temporaries;

    if (trial_strays(known, &temporaries) != 0)
        trial_fail(args, &s->end, "a file was left behind");
    else if (same(s, ref))
        return;
    else if (s->end.status != 2)
        trial_fail(args, &s->end, "neither an error nor the usual result");
    else if (!says_why(s->end.err))
        trial_fail(args, &s->end, "does not say that memory was short");
    else if (!blob_equal(&s->image, image) && !blob_equal(&s->image, &ref->image))
        trial_fail(args, &s->end, "the image is neither the old nor the new one");
    else if (s->out.p && !blob_equal(&s->out, &ref->out))
        trial_fail(args, &s->end, "half a result was written");
}

static void try_case(const char *fixture, const char *const *args)
{
    struct blob image = trial_fixture(fixture), other = trial_fixture("rpi4-2m-saved");
    struct state ref, s;
    unsigned long n, tried = 0;

    inject->which = INJECT_MEMORY;
    inject->error = ENOMEM;
    inject->action = INJECT_NOTHING;
    run(args, &image, &other, &ref);
    n = inject->seen;
    if (ref.end.status != 0 && ref.end.status != 1)
        trial_fail(args, &ref.end, "fails without any help");
    bool *worth = malloc(sizeof inject->worth);
    if (!worth)
        exit(2);
    memcpy(worth, inject->worth, sizeof inject->worth);
    inject->action = INJECT_FAIL;
    for (inject->at = 0; inject->at < n; inject->at++) {
        if (inject->at < INJECT_MARKS && !worth[inject->at])
            continue;
        tried++;
        run(args, &image, &other, &s);
        judge(args, &s, &ref, &image);
        release(&s);
    }
    printf("%s %s: %lu allocations, %lu made to fail\n", args[0], fixture, n, tried);
    fflush(stdout);
    free(worth);
    release(&ref);
    free(image.p);
    free(other.p);
}

int main(void)
{
    trial_begin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        try_case(cases[i].fixture, cases[i].args);
    return trial_end();
}
