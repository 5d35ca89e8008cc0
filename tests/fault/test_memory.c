/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Every allocation of a command fails in turn. The command has to say so and leave
 * everything as it was, or to do without and have the very result it has otherwise.
 * What failed in one command need not fail in the next, unless FWVAR_FAULT_ALL is set. */
#include "fault/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const struct {
    const char *fixture; /* as image.fd */
    const char *args[TRIAL_ARGS];
} cases[] = {
#include "fault/memory_cases.h"
};

/* Made from other.fd before the first case. */
#define DOCUMENT "vars.json"
#define DUMP     "vars.dump"
#define EFIVARFS "efivars"

#define HOSTS     "hosts.json"
#define HOSTS_CSV "hosts.csv"

static const char *const inputs[] = {"image.fd",    "other.fd",  "value",
                                     "image.fd.gz", DOCUMENT,    DUMP,
                                     EFIVARFS,      "plan.json", HOSTS,
                                     HOSTS_CSV,     NULL};
static const char *const outputs[] = {"out.fd", "out.fd.gz", "out.dump", NULL};
static const char *const known[] = {
    "image.fd",     "other.fd",    "value",     DOCUMENT,      DUMP,
    EFIVARFS,       "out.fd",      "out.fd.gz", "out.efivars", "out.dump",
    "image.fd.old", "image.fd.gz", "plan.json", HOSTS,         HOSTS_CSV,
    NULL};

/* All that a plan can say. */
static const char plan[] =
    "{\"schema\": 1, \"expect\": {\"board\": [\"rpi3\", \"rpi\"], \"layout\": "
    "\"rpi4-2m\", \"release\": \">=1.20 <9.0\", \"variables\": [{\"name\": \"Gone\", "
    "\"absent\": true}, {\"name\": \"Greeting\", \"guid\": \"EfiGlobalVariable\", "
    "\"absent\": true}]}, \"settings\": {\"ram-limit\": false, \"asset-tag\": "
    "\"{{1}}\", \"cpu-clock\": 2}, \"variables\": [{\"name\": \"Greeting\", \"guid\": "
    "\"8be4df61-93ca-11d2-aa0d-00e098032b8c\", \"attr\": \"NV+BS\", \"type\": "
    "\"utf16z\", \"value\": \"Hello\"}, {\"name\": \"RamMoreThan3GB\", \"type\": \"u32\", "
    "\"value\": 1}], \"delete\": [\"Gone\", \"SystemTableMode\", \"ram-limt\"], "
    "\"boot\": {\"entries\": [{\"label\": \"a, b\", \"http\": \"http://h/a\", "
    "\"optional_data\": \"utf16z:x\"}, {\"label\": \"c\", \"pxe\": \"dca632010203\", "
    "\"active\": false, \"optional_data\": \"00\"}, {\"label\": \"d\", \"path\": "
    "\"Uri(http://x)\"}], \"order\": [\"d\", \"*\", \"a, b\"], \"next\": \"c\", "
    "\"timeout\": 3}}";

/* All that a list of hosts can say; what it deletes is a slip, which is warned of. */
static const char hosts[] =
    "{\"schema\": 1, \"settings\": {\"asset-tag\": \"{name}\"}, \"delete\": "
    "[\"ram-limt\"], \"output\": \"{mac}/{serial}.fd\", \"hosts\": [{\"serial\": "
    "\"10000000DCA63201\", \"mac\": \"DC-A6-32-01-02-03\", \"name\": \"a\", \"boot\": "
    "{\"entries\": [{\"label\": \"{name}\", \"pxe\": \"{mac}\"}], \"order\": "
    "[\"{name}\", \"*\"]}}, {\"serial\": \"dca63202\", \"mac\": \"dca632010204\", "
    "\"name\": 2, \"settings\": {\"ram-limit\": \"off\"}}]}";
static const char hosts_csv[] = "serial;name\n\"dca63201\";\"a\"\"b\"\ndca63202;c\n";

/* How a command ends that nothing disturbs. */
struct state {
    struct outcome end;
    struct blob image, packed, out;
};

/* What all runs of a case start from. */
struct start {
    struct blob image, other, packed;
};

static struct blob read_output(void)
{
    struct blob b = trial_read_folder("out.efivars");

    for (size_t i = 0; !b.p && outputs[i]; i++)
        b = trial_read(outputs[i]);
    return b;
}

static void run(const char *const *args, const struct start *from, struct outcome *end)
{
    const struct blob value = {(uint8_t[]){1, 0, 0, 0}, 4};

    const struct blob json = {(uint8_t *)(uintptr_t)plan, sizeof plan - 1};
    const struct blob list = {(uint8_t *)(uintptr_t)hosts, sizeof hosts - 1};
    const struct blob csv = {(uint8_t *)(uintptr_t)hosts_csv, sizeof hosts_csv - 1};

    trial_clean(inputs);
    if (from->image.p) {
        trial_write("image.fd", &from->image);
        trial_write("image.fd.gz", &from->packed);
    }
    trial_write("other.fd", &from->other);
    trial_write("value", &value);
    trial_write("plan.json", &json);
    trial_write(HOSTS, &list);
    trial_write(HOSTS_CSV, &csv);
    trial_run(args, NULL, end);
}

static void release(struct state *s)
{
    outcome_free(&s->end);
    free(s->image.p);
    free(s->packed.p);
    free(s->out.p);
}

/* The files are compared where they lie, hundreds of times. */
static bool same(const struct outcome *end, const struct blob *out,
                 const struct state *ref)
{
    return end->status == ref->end.status && strcmp(end->out, ref->end.out) == 0 &&
           strcmp(end->err, ref->end.err) == 0 && trial_is("image.fd", &ref->image) &&
           trial_is("image.fd.gz", &ref->packed) && blob_equal(out, &ref->out);
}

static bool says_why(const char *err)
{
    return strstr(err, "out of memory") || strstr(err, strerror(ENOMEM));
}

/* Success is the usual one, byte for byte, or it is a failure that changed nothing. */
static void judge(const char *const *args, const struct outcome *end,
                  const struct state *ref, const struct start *from)
{
    struct blob out = read_output();
    bool temporaries;

    if (trial_strays(known, &temporaries) != 0)
        trial_fail(args, end, "a file was left behind");
    else if (same(end, &out, ref))
        ;
    else if (end->status != 2)
        trial_fail(args, end, "neither an error nor the usual result");
    else if (!says_why(end->err))
        trial_fail(args, end, "does not say that memory was short");
    else if (!trial_is("image.fd", &from->image) ||
             !trial_is("image.fd.gz", &from->packed))
        trial_fail(args, end, "it failed, but changed the image");
    else if (out.p)
        trial_fail(args, end, "it failed, but wrote a result");
    free(out.p);
}

static void must_run(const char *const *args, const struct start *from, struct state *s)
{
    inject->which = INJECT_MEMORY;
    inject->error = ENOMEM;
    inject->action = INJECT_NOTHING;
    run(args, from, &s->end);
    s->image = trial_read("image.fd");
    s->packed = trial_read("image.fd.gz");
    s->out = read_output();
    if (s->end.status != 0 && s->end.status != 1)
        trial_fail(args, &s->end, "fails without any help");
}

static struct blob pack(const struct blob *image)
{
    gzFile f = gzopen("image.fd.gz", "wb1");
    int n = f ? gzwrite(f, image->p, (unsigned)image->size) : 0;

    if (n != (int)image->size || gzclose(f) != Z_OK)
        exit(2);
    return trial_read("image.fd.gz");
}

static void make_inputs(struct start *from)
{
    static const char *const document[] = {"export", "other.fd", NULL};
    static const char *const dump[] = {"export", "other.fd", "--dmpstore", DUMP, NULL};
    static const char *const folder[] = {"export", "other.fd", "--efivarfs", EFIVARFS,
                                         NULL};
    struct state s;

    must_run(dump, from, &s);
    release(&s);
    must_run(folder, from, &s);
    release(&s);
    must_run(document, from, &s);
    const struct blob text = {(uint8_t *)s.end.out, strlen(s.end.out)};
    trial_write(DOCUMENT, &text);
    release(&s);
}
static void try_each(const char *const *args, const struct start *from,
                     const struct state *ref, unsigned long count, unsigned long *tried)
{
    bool *worth = malloc(sizeof inject->worth);
    struct outcome end;

    if (!worth)
        exit(2);
    memcpy(worth, inject->worth, sizeof inject->worth);
    inject->action = INJECT_FAIL;
    for (inject->at = 0; inject->at < count; inject->at++) {
        if (inject->at < INJECT_MARKS && !worth[inject->at])
            continue;
        ++*tried;
        run(args, from, &end);
        judge(args, &end, ref, from);
        outcome_free(&end);
    }
    free(worth);
}

static void try_case(const char *fixture, const char *const *args, struct start *from)
{
    struct state ref;
    unsigned long n, tried = 0;

    from->image = trial_fixture(fixture);
    from->packed = pack(&from->image);
    must_run(args, from, &ref);
    n = inject->seen;
    try_each(args, from, &ref, n, &tried);
    printf("%s %s: %lu allocations, %lu made to fail\n", args[0], fixture, n, tried);
    fflush(stdout);
    release(&ref);
    free(from->image.p);
    free(from->packed.p);
}

/* With arguments: only the cases of these commands. */
static bool is_asked(const char *command, char **only)
{
    bool asked = !*only;

    for (; *only && !asked; only++)
        asked = strcmp(command, *only) == 0;
    return asked;
}

int main(int argc, char **argv)
{
    struct start from = {.other = trial_fixture("rpi4-2m-saved")};

    (void)argc;
    trial_begin();
    make_inputs(&from);
    inject->stacks = 0;
    inject->remember = !getenv("FWVAR_FAULT_ALL");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (is_asked(cases[i].args[0], argv + 1))
            try_case(cases[i].fixture, cases[i].args, &from);
    }
    free(from.other.p);
    return trial_end();
}
