/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Commands that write several files: every system call fails in turn, moves one byte
 * only, or is never reached because the process is killed before it. Each file is the old
 * or the new one then, nothing else is left behind, and what was not written is named
 * with the reason. FWVAR_FAULT_DIR names the file system to try this on. */
#include "fault/shot.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLACES 4
#define GONE   "00000009" /* no host's, and an error of its own */

struct way {
    const char *args[TRIAL_ARGS];
    const char *folders[PLACES]; /* that are there at the beginning */
    const char *images[PLACES];  /* so are these, with other content than they will get */
    const char *link;            /* a symbolic link to the folder "elsewhere" */
    int status;                  /* of a run that is not disturbed */
};

static const struct way ways[] = {
    {.args = {"fleet", "hosts.json", "image.fd", "-o", "deep/out", "--jobs=1"}},
    {.args = {"fleet", "hosts.json", "image.fd", "-o", "out", "--jobs=1", "--prune",
              "--backup=.old"},
     .folders = {"out", "out/00000001", "out/00000009"},
     .images = {"out/00000001/RPI_EFI.fd", "out/00000009/RPI_EFI.fd"}},
    {.args = {"fleet", "hosts.json", "image.fd", "-o", "out", "--jobs=1", "--fail-fast",
              "--json"},
     .folders = {"out", "out/00000002", "out/00000009"},
     .images = {"out/00000002/RPI_EFI.fd", "out/00000009/RPI_EFI.fd"}},
    {.args = {"fleet", "hosts.json", "image.fd", "-o", "out", "--jobs=1",
              "--path={serial}.fd.gz"},
     .folders = {"out"}},
    {.args = {"fleet", "hosts.json", "image.fd", "-o", "out", "--jobs=1"},
     .folders = {"out", "elsewhere"},
     .link = "out/00000001",
     .status = 2},
    {.args = {"patch", "image.fd", "other.fd", "--timeout", "3", "-o", "out"},
     .folders = {"out"},
     .images = {"out/other.fd"}},
    {.args = {"patch", "image.fd", "other.fd", "--timeout", "3", "-o", "out", "--json"}},
    {.args = {"patch", "image.fd", "other.fd", "--timeout", "3", "--in-place",
              "--backup=.old"}},
    {.args = {"export", "image.fd", "--efivarfs", "out"}},
    {.args = {"export", "image.fd", "--efivarfs", "out/vars/"},
     .folders = {"out", "out/vars"}},
    {.args = {"export", "image.fd", "--dmpstore", "out.dump"}},
    {.args = {"export", "image.fd", "--dmpstore", "out.dump"}, .images = {"out.dump"}},
};

static const char hosts[] =
    "{\"schema\": 1, \"boot\": {\"timeout\": 3, \"entries\": [{\"label\": \"{serial}\", "
    "\"http\": \"http://192.0.2.1/{serial}\"}]}, \"hosts\": [{\"serial\": \"00000001\"}, "
    "{\"serial\": \"00000002\"}]}";

/* What all runs of one way share. */
struct state {
    const struct way *way;
    const struct blob *image;
    struct shot before, after;
    struct outcome usual;
    unsigned long calls;
    bool worth[INJECT_MARKS], moves[INJECT_MARKS]; /* as in struct inject */
};

static bool no_links; /* the file system has no symbolic links */

static void set_up(const struct state *s)
{
    const struct blob list = {(uint8_t *)(uintptr_t)hosts, sizeof hosts - 1};
    const struct way *w = s->way;

    trial_clean((const char *const[]){"image.fd", "hosts.json", NULL});
    trial_write("image.fd", s->image);
    trial_write("other.fd", s->image);
    trial_write("hosts.json", &list);
    for (size_t i = 0; i < PLACES && w->folders[i]; i++) {
        if (mkdir(w->folders[i], 0755) != 0)
            perror(w->folders[i]);
    }
    for (size_t i = 0; i < PLACES && w->images[i]; i++)
        trial_write(w->images[i], s->image);
    if (w->link && symlink("../elsewhere", w->link) != 0)
        no_links = true;
}

/* ---- judging ---- */

/* What is neither of the old nor of the new files; returns how many there are, a folder
 * with all that is in it as one. */
static unsigned count_strays(const struct state *s, const struct shot *now, bool *hidden)
{
    const char *last = NULL;
    size_t length = 0;
    unsigned n = 0;

    *hidden = true;
    for (size_t i = 0; i < now->count; i++) {
        const char *path = now->at[i].path;
        if (shot_find(&s->before, path) || shot_find(&s->after, path))
            continue;
        if (last && strncmp(path, last, length) == 0)
            continue;
        n++;
        last = path;
        length = shot_temporary(path);
        *hidden = *hidden && length > 0;
        length = length ? length : strlen(path);
    }
    return n;
}

/* True if all paths of @of are as before or as after. */
static bool is_whole(const struct state *s, const struct shot *now, const struct shot *of)
{
    for (size_t i = 0; i < of->count; i++) {
        const char *path = of->at[i].path;
        const struct shot_entry *is = shot_find(now, path);
        if (!shot_same_entry(is, shot_find(&s->before, path)) &&
            !shot_same_entry(is, shot_find(&s->after, path)))
            return false;
    }
    return true;
}

struct progress {
    unsigned written, missing; /* files */
    const char *unnamed;       /* a missing one that no message is about, or NULL */
};

/* `patch` may blame the image that a file is made from; the search for images of no host,
 * the folder that it could not look through. */
static bool is_named(const struct state *s, const char *path, const char *err)
{
    const char *slash = strrchr(path, '/');
    bool by_name = strcmp(s->way->args[0], "patch") == 0 && slash;

    return strstr(err, path) || (by_name && strstr(err, slash + 1)) ||
           strstr(err, "cannot look");
}

static void see(const struct state *s, const struct shot *now, const struct shot *of,
                const char *err, struct progress *p)
{
    for (size_t i = 0; i < of->count; i++) {
        const struct shot_entry *e = &of->at[i];
        const struct shot_entry *old = shot_find(&s->before, e->path);
        const struct shot_entry *new = shot_find(&s->after, e->path);
        if (e->is_folder || shot_same_entry(old, new) || (of == &s->before && new))
            continue;
        if (shot_same_entry(shot_find(now, e->path), new)) {
            p->written++;
            continue;
        }
        p->missing++;
        if (!is_named(s, e->path, err))
            p->unnamed = e->path;
    }
}

/* After an error: what was not done is named, unless nothing was. */
static void judge_error(const struct state *s, const struct outcome *o,
                        const struct shot *now)
{
    const char *const *args = s->way->args;
    struct progress p = {0};

    see(s, now, &s->after, o->err, &p);
    see(s, now, &s->before, o->err, &p);
    if (o->status != 2)
        trial_fail(args, o, "neither an error nor the usual result");
    else if (s->way->status == 2 && strstr(o->err, s->way->link + sizeof "out"))
        return; /* the link was in the way, however that was noticed */
    else if (!strstr(o->err, strerror(inject->error)))
        trial_fail(args, o, "does not tell the reason");
    else if (p.unnamed && p.written > 0 && !strstr(args[0], "export") &&
             !strstr(p.unnamed, ".old"))
        trial_fail(args, o, "%s was not written, which nobody is told", p.unnamed);
    else if (p.missing == 0 && p.written > 0 && !strstr(o->err, "written, but") &&
             !strstr(o->err, "cannot look") && !strstr(o->err, "removed, but") &&
             !strstr(o->err, GONE))
        trial_fail(args, o, "complains, but wrote");
}

static void judge(const struct state *s, const struct outcome *o)
{
    const char *const *args = s->way->args;
    bool killed = inject->action == INJECT_KILL, hidden;
    struct shot now;

    shot_take(&now);
    unsigned strays = count_strays(s, &now, &hidden);
    bool done = o->status == s->usual.status && strcmp(o->out, s->usual.out) == 0 &&
                strcmp(o->err, s->usual.err) == 0;

    if (!is_whole(s, &now, &s->before) || !is_whole(s, &now, &s->after))
        trial_fail(args, o, "a file is neither the old nor the new one");
    else if (strays > (killed ? 1 : 0) || !hidden)
        trial_fail(args, o, "%u files were left behind", strays);
    else if (killed ? o->signal != SIGKILL : o->signal != 0)
        trial_fail(args, o, "ended by a signal");
    else if (done && !shot_same(&now, &s->after))
        trial_fail(args, o, "claims to be done, but is not");
    else if (!done && !killed)
        judge_error(s, o, &now);
    shot_free(&now);
}

/* ---- runs ---- */

static void disturb(const struct state *s, enum inject_action action, int error)
{
    struct outcome o;

    inject->action = action;
    inject->error = error;
    for (inject->at = 0; inject->at < s->calls; inject->at++) {
        if (inject->at < INJECT_MARKS &&
            (!s->worth[inject->at] || (action == INJECT_SHORT && !s->moves[inject->at])))
            continue;
        set_up(s);
        trial_run(s->way->args, NULL, &o);
        judge(s, &o);
        outcome_free(&o);
    }
}

static bool start(struct state *s, const struct way *way, const struct blob *image)
{
    s->way = way;
    s->image = image;
    set_up(s);
    if (way->link && no_links)
        return false;
    shot_take(&s->before);
    inject->which = INJECT_SYSTEM;
    inject->action = INJECT_NOTHING;
    inject->error = 0;
    trial_run(way->args, NULL, &s->usual);
    s->calls = inject->seen;
    memcpy(s->worth, inject->worth, sizeof s->worth);
    memcpy(s->moves, inject->moves, sizeof s->moves);
    shot_take(&s->after);
    if (s->usual.status != way->status || shot_same(&s->before, &s->after))
        trial_fail(way->args, &s->usual, "fails without any help");
    return true;
}

static void try_way(const struct way *way, const struct blob *image)
{
    static const int errors[] = {EIO, ENOSPC, EINTR, EDQUOT, EPERM, EINVAL};
    bool thorough = getenv("FWVAR_FAULT_ALL");
    struct state *s = calloc(1, sizeof *s);

    if (!s)
        exit(2);
    if (start(s, way, image)) {
        for (size_t k = 0; k < sizeof errors / sizeof errors[0] && (k < 1 || thorough);
             k++)
            disturb(s, INJECT_FAIL, errors[k]);
        if (thorough)
            disturb(s, INJECT_STICKY, EIO);
        disturb(s, INJECT_STICKY, ENOSPC);
        disturb(s, INJECT_SHORT, 0);
        disturb(s, INJECT_KILL, 0);
        printf("%s %s: %lu calls\n", way->args[0], way->args[2], s->calls);
    } else {
        printf("%s: no symbolic links here\n", way->link);
    }
    fflush(stdout);
    outcome_free(&s->usual);
    shot_free(&s->before);
    shot_free(&s->after);
    free(s);
}

int main(void)
{
    trial_begin();
    struct blob image = trial_small_image();
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        try_way(&ways[i], &image);
    free(image.p);
    return trial_end();
}
