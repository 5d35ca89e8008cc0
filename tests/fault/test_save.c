/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Every system call of a save fails in turn, moves one byte only, or is never reached
 * because the process is killed before it. The target is the old or the new file then,
 * nothing is left behind, and the reason is told. FWVAR_FAULT_DIR names the file system
 * to try this on. */
#include "fault/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One way to save. Files that are not named are not there at the beginning. */
struct way {
    const char *args[TRIAL_ARGS];
    const char *target; /* that is written */
    bool exists;        /* at the beginning, with other content than the image */
    bool gzip;          /* image.fd is compressed */
    const char *link;   /* a symbolic link to the target */
    const char *input;  /* standard input */
};

/* Temporary names hold a part of it, which must not end within a character: FAT keeps
 * names as UTF-16. */
#define LONG                                                                             \
    "x\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"    \
    "\u00e4\u00e4\u00e4\u00e4\u00e4"

static const struct way ways[] = {
    {.args = {"patch", "image.fd", "--timeout", "3", "--in-place"}, .target = "image.fd"},
    {.args = {"patch", "image.fd", "--timeout", "3", "-o", LONG}, .target = LONG},
    {.args = {"patch", "image.fd", "--timeout", "3", "-o", "out.fd"},
     .target = "out.fd",
     .exists = true},
    {.args = {"patch", "image.fd", "--timeout", "3", "--in-place", "--backup=.old"},
     .target = "image.fd"},
    {.args = {"patch", "image.fd", "--timeout", "3", "--in-place"},
     .target = "image.fd",
     .gzip = true},
    {.args = {"patch", "image.fd", "--timeout", "3", "-o", "out.fd.gz"},
     .target = "out.fd.gz"},
    {.args = {"patch", "link.fd", "--timeout", "3", "--in-place"},
     .target = "image.fd",
     .link = "link.fd"},
    {.args = {"patch", "-", "--timeout", "3", "-o", "out.fd"},
     .target = "out.fd",
     .exists = true,
     .input = "image.fd"},
    {.args = {"patch", "image.fd", "--timeout", "3", "-o", "-"}, .target = "image.fd"},
    {.args = {"patch", "image.fd", "--timeout", "5", "--in-place"}, .target = "image.fd"},
    {.args = {"list", "image.fd"}, .target = "image.fd"},
};

#define QUICK_WAYS 2

/* What all runs of one way share. */
struct state {
    const struct way *way;
    struct blob image, before, after; /* the image; the target as it was and shall be */
    struct outcome usual;
    unsigned long calls;
};

static const char *const known[] = {"image.fd",    "out.fd",  "out.fd.gz", "image.fd.old",
                                    "image.plain", "link.fd", LONG,        NULL};
static bool no_links; /* the file system has no symbolic links */

static struct blob packed(const struct blob *b)
{
    struct blob gz;

    trial_write("image.plain", b);
    if (system("gzip -n -1 < image.plain > image.fd") != 0) {
        perror("gzip");
        exit(2);
    }
    gz = trial_read("image.fd");
    unlink("image.plain");
    return gz;
}

static void set_up(const struct state *s)
{
    trial_clean(NULL);
    trial_write("image.fd", &s->image);
    if (s->way->exists)
        trial_write(s->way->target, &s->before);
    if (s->way->link && symlink("image.fd", s->way->link) != 0)
        no_links = true;
}

static bool is_target(const struct state *s, bool *new)
{
    struct blob now = trial_read(s->way->target);
    bool old = blob_equal(&now, &s->before);

    *new = blob_equal(&now, &s->after);
    free(now.p);
    return old || *new;
}

/* The backup is whole or not there. */
static bool backup_is_whole(const struct state *s)
{
    struct blob backup = trial_read("image.fd.old");
    bool whole = !backup.p || blob_equal(&backup, &s->before);

    free(backup.p);
    return whole;
}

static void judge(const struct state *s, const struct outcome *o)
{
    const char *const *args = s->way->args;
    bool killed = inject->action == INJECT_KILL, hidden, new;
    unsigned strays = trial_strays(known, &hidden);
    bool done = o->status == s->usual.status && strcmp(o->out, s->usual.out) == 0;

    if (!is_target(s, &new))
        trial_fail(args, o, "the target is neither the old nor the new file");
    else if (!backup_is_whole(s))
        trial_fail(args, o, "half a backup");
    else if (strays > (killed ? 1 : 0) || !hidden)
        trial_fail(args, o, "%u files were left behind", strays);
    else if (killed ? o->signal != SIGKILL : o->signal != 0)
        trial_fail(args, o, "ended by a signal");
    else if (killed)
        return;
    else if (done && !new)
        trial_fail(args, o, "claims to be done, but is not");
    else if (!done && o->status != 2)
        trial_fail(args, o, "neither an error nor the usual result");
    else if (!done && !strstr(o->err, strerror(inject->error)))
        trial_fail(args, o, "does not tell the reason");
    else if (!done && new && !blob_equal(&s->before, &s->after) &&
             !strstr(o->err, "written, but"))
        trial_fail(args, o, "complains, but wrote");
}

/* That a link is none is a lie, not an error. */
static bool is_lie(void)
{
    return inject->action == INJECT_FAIL && inject->error == EINVAL &&
           strcmp(inject->name, "readlink") == 0;
}

static void disturb(const struct state *s, enum inject_action action, int error)
{
    struct outcome o;

    inject->action = action;
    inject->error = error;
    for (inject->at = 0; inject->at < s->calls; inject->at++) {
        set_up(s);
        trial_run(s->way->args, s->way->input, &o);
        if (!is_lie())
            judge(s, &o);
        outcome_free(&o);
    }
}

static bool start(struct state *s, const struct way *way, const struct blob *plain)
{
    *s = (struct state){.way = way};
    trial_clean(NULL);
    if (way->gzip) {
        s->image = packed(plain);
    } else {
        trial_write("image.fd", plain);
        s->image = trial_read("image.fd");
    }
    if (way->exists)
        s->before = (struct blob){(uint8_t *)strdup("what was there"), 14};
    else if (strcmp(way->target, "image.fd") == 0)
        s->before = trial_read("image.fd");
    set_up(s);
    if (way->link && no_links)
        return false;
    inject->which = INJECT_SYSTEM;
    inject->action = INJECT_NOTHING;
    inject->error = 0;
    trial_run(way->args, way->input, &s->usual);
    s->calls = inject->seen;
    s->after = trial_read(way->target);
    if (s->usual.status != 0 || !s->after.p)
        trial_fail(way->args, &s->usual, "fails without any help");
    return true;
}

static void finish(struct state *s)
{
    outcome_free(&s->usual);
    free(s->image.p);
    free(s->before.p);
    free(s->after.p);
}

static void try_way(const struct way *way, const struct blob *image, bool quick)
{
    static const int errors[] = {EIO, ENOSPC, EINTR, EDQUOT, EPERM, EINVAL};
    bool thorough = getenv("FWVAR_FAULT_ALL");
    size_t n = quick ? 1 : thorough ? sizeof errors / sizeof errors[0] : 3;
    struct state s;

    if (start(&s, way, image)) {
        for (size_t k = 0; k < n; k++)
            disturb(&s, INJECT_FAIL, errors[k]);
        if (thorough)
            disturb(&s, INJECT_STICKY, EIO);
        if (!quick) {
            disturb(&s, INJECT_STICKY, ENOSPC);
            disturb(&s, INJECT_SHORT, 0);
        }
        disturb(&s, INJECT_KILL, 0);
        printf("%s %s: %lu calls\n", way->args[0], way->args[4], s.calls);
    } else {
        printf("%s: no symbolic links here\n", way->link);
    }
    fflush(stdout);
    finish(&s);
}

int main(void)
{
    bool quick = trial_is_quick();
    size_t n = quick ? QUICK_WAYS : sizeof ways / sizeof ways[0];

    trial_begin();
    struct blob image = trial_small_image();
    for (size_t i = 0; i < n; i++)
        try_way(&ways[i], &image, quick);
    free(image.p);
    return trial_end();
}
