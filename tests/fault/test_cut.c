/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The power fails. A save is killed before each of its system calls, or runs to its end,
 * and what is on the disk at that moment is looked at: not what the kernel still holds in
 * memory. The target has to be the old or the new file, and the new one once the command
 * is done. Run by filesystems.sh, with
 *
 *   FWVAR_FAULT_DIR  a folder of the file system
 *   FWVAR_CUT_LOOK   a command: LOOK PATH OUT copies the disk, mends the copy as a start
 *                    would, and takes the file out of it; PATH is from the root of the file
 *                    system; status 3 if there is no such file
 *   FWVAR_CUT_SEES   set if files that are not flushed are lost here for certain, so that
 *                    the test can be tested
 *   FWVAR_CUT_LOSES  set if a rename takes several writes, so that a cut between them may
 *                    leave neither file
 *
 * Each is done twice: as it is, and after another file was flushed, which on a journaled
 * file system makes the names durable, but not the bytes of other files. */
#include "fault/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const ways[][TRIAL_ARGS] = {
    {"patch", "image.fd", "--timeout", "3", "--in-place"},
    {"patch", "image.fd", "--timeout", "3", "-o", "out.fd"},
};

static char looked[64], place[4096]; /* where LOOK puts the file; our folder's name */

struct state {
    const char *const *args;
    const char *target;
    struct blob image, before, after;
};

static void set_up(const struct state *s)
{
    trial_clean(NULL);
    trial_write("image.fd", &s->image);
    if (strcmp(s->target, "image.fd") != 0)
        trial_write(s->target, &s->before);
    sync();
}

/* The target as it is on the disk. */
static struct blob look(const struct state *s)
{
    char command[9000];

    unlink(looked);
    snprintf(command, sizeof command, "%s '%s/%s' %s", getenv("FWVAR_CUT_LOOK"), place,
             s->target, looked);
    int status = system(command);
    if (status != 0 && status != 3 << 8) {
        fprintf(stderr, "%s: status %d\n", command, status);
        exit(2);
    }
    return trial_read(looked);
}

static void flush_another(void)
{
    FILE *f = fopen("bystander", "w");

    if (!f || fputs("x", f) < 0 || fflush(f) != 0 || fsync(fileno(f)) != 0 ||
        fclose(f) != 0)
        exit(2);
}

enum found { OLD, NEW, BROKEN };

/* True if the command had not begun to write: then the disk cannot tell that it ran. */
static bool is_untouched(const struct state *s)
{
    static const char *const known[] = {"image.fd", "out.fd", NULL};
    struct blob now = trial_read(s->target);
    bool hidden, same = blob_equal(&now, &s->before);

    free(now.p);
    return same && trial_strays(known, &hidden) == 0;
}

/* Runs it once, then cuts the power. */
static enum found cut(const struct state *s, bool bystander, struct outcome *o)
{
    set_up(s);
    trial_run(s->args, NULL, o);
    if (o->signal != 0 && is_untouched(s))
        return OLD;
    if (bystander)
        flush_another();
    struct blob now = look(s);
    enum found found = blob_equal(&now, &s->after)    ? NEW
                       : blob_equal(&now, &s->before) ? OLD
                                                      : BROKEN;
    free(now.p);
    return found;
}

static unsigned long each_call(const struct state *s, bool bystander, unsigned counts[3])
{
    struct outcome o;

    inject->action = INJECT_KILL;
    for (inject->at = 0;; inject->at++) {
        enum found found = cut(s, bystander, &o);
        counts[found]++;
        bool done = o.signal == 0;
        if (found == BROKEN && (done || !getenv("FWVAR_CUT_LOSES")))
            trial_fail(s->args, &o, "on the disk is neither the old nor the new file");
        else if (done && (o.status != 0 || found != NEW))
            trial_fail(s->args, &o, "done, but the new file is not on the disk");
        outcome_free(&o);
        if (done)
            return inject->at;
    }
}

/* The same without any flush, which has to show. */
static void prove(const struct state *s)
{
    struct outcome o;

    inject->action = INJECT_UNFLUSHED;
    enum found found = cut(s, true, &o);
    printf("    not flushed: %s\n", found == BROKEN ? "lost, as it has to be" : "kept");
    if (getenv("FWVAR_CUT_SEES") && found != BROKEN)
        trial_fail(s->args, &o, "this test cannot tell a file that was not flushed");
    outcome_free(&o);
}

static void try_way(struct state *s)
{
    struct outcome o;

    set_up(s);
    inject->which = INJECT_SYSTEM;
    inject->action = INJECT_NOTHING;
    trial_run(s->args, NULL, &o);
    s->after = trial_read(s->target);
    if (o.status != 0 || blob_equal(&s->before, &s->after))
        trial_fail(s->args, &o, "fails without any help");
    outcome_free(&o);
    for (int bystander = 0; bystander < 2; bystander++) {
        unsigned counts[3] = {0};
        unsigned long n = each_call(s, bystander, counts);
        printf("%s, %s: cut before each of %lu calls and after: %u old, %u new, %u "
               "neither\n",
               s->args[4], bystander ? "another file flushed" : "as it is", n,
               counts[OLD], counts[NEW], counts[BROKEN]);
        fflush(stdout);
    }
    prove(s);
    free(s->after.p);
}

int main(void)
{
    char was[] = "what was there", here[4096];

    if (!getenv("FWVAR_CUT_LOOK")) {
        puts("no file system to cut the power of: see filesystems.sh");
        return 77;
    }
    trial_begin();
    if (!getcwd(here, sizeof here))
        return 2;
    snprintf(place, sizeof place, "%s", strrchr(here, '/'));
    snprintf(looked, sizeof looked, "/tmp/fwvar-cut.%ld", (long)getpid());
    struct blob image = trial_small_image();
    struct blob there = {(uint8_t *)was, sizeof was - 1};
    struct state one = {ways[0], "image.fd", image, image, {0}};
    struct state two = {ways[1], "out.fd", image, there, {0}};
    if (!trial_is_quick())
        try_way(&one);
    try_way(&two);
    free(image.p);
    unlink(looked);
    return trial_end();
}
