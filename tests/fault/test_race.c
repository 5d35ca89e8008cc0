/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Two processes change one file. One is stopped before each of its system calls in turn,
 * the other runs from end to end, the first goes on; and then both at once, again and
 * again. No change that was reported as done may be missing, and who loses is told. */
#include "fault/trial.h"

#include "support/secondreader.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 50

#define TARGET "00000001.fd"

/* Each changes what the other leaves alone, but for the fleet, which makes the file anew.
 */
static const char *const one[][TRIAL_ARGS] = {
    {"patch", TARGET, "--timeout", "3", "--in-place"},
    {"patch", TARGET, "--timeout", "3", "-o", "./" TARGET},
    {"fleet", "hosts.json", "base.fd", "--path={serial}.fd", "-o", ".", "--jobs=1"},
};
static const char *const two[] = {"patch",         TARGET,       "--set",
                                  "cpu-clock=max", "--in-place", NULL};
static const char *const known[] = {TARGET, "base.fd", "hosts.json", NULL};
static const char hosts[] = "{\"schema\": 1, \"boot\": {\"timeout\": 3}, \"hosts\": "
                            "[{\"serial\": \"00000001\"}]}";

static bool has_u16(const struct sr_image *im, const char *name, unsigned value)
{
    const struct sr_record *r = sr_find(im, name, NULL);

    return r && r->data_size >= 2 && (r->data[0] | r->data[1] << 8) == (int)value;
}

/* True if @o is a success, or a refusal that says why, and what to do. */
static bool is_told(const struct outcome *o)
{
    return o->signal == 0 &&
           (o->status == 0 ||
            (o->status == 2 && strstr(o->err, TARGET) && strstr(o->err, "\nhint: ") &&
             (strstr(o->err, "another process") ||
              strstr(o->err, "changed by somebody else"))));
}

static void judge(const char *const *args, struct outcome *first, struct outcome *second)
{
    bool remade = strcmp(args[0], "fleet") == 0 && first->status == 0;
    struct blob b = trial_read(TARGET);
    struct sr_image im;
    bool hidden;

    if (!sr_open(&im, b.p, b.size))
        trial_fail(args, first, "the image is broken: %s", im.error);
    else if (!is_told(first) || !is_told(second))
        trial_fail(args, is_told(first) ? second : first, "not told");
    else if (first->status != 0 && second->status != 0)
        trial_fail(args, first, "both lost");
    else if (has_u16(&im, "Timeout", 3) != (first->status == 0))
        trial_fail(args, first, "the first change was reported wrongly");
    else if (has_u16(&im, "CpuClock", 2) != (second->status == 0) &&
             !(remade && second->status == 0))
        trial_fail(two, second, "the second change was reported wrongly");
    else if (trial_strays(known, &hidden) != 0)
        trial_fail(args, first, "a file was left behind");
    sr_close(&im);
    free(b.p);
    outcome_free(first);
    outcome_free(second);
}

static void set_up(const struct blob *image, enum inject_action action)
{
    const struct blob list = {(uint8_t *)(uintptr_t)hosts, sizeof hosts - 1};

    trial_clean((const char *const[]){"base.fd", "hosts.json", NULL});
    trial_write(TARGET, image);
    trial_write("base.fd", image);
    trial_write("hosts.json", &list);
    inject->which = INJECT_SYSTEM;
    inject->action = action;
    inject->error = 0;
}

/* Stops the first before call @at; returns false if it has no such call. */
static bool interleave(const char *const *args, const struct blob *image,
                       unsigned long at)
{
    struct outcome first, second;
    bool stopped;

    set_up(image, INJECT_STOP);
    inject->at = at;
    pid_t pid = trial_start(args, "first", NULL);
    trial_wait(pid, "first", &stopped, &first);
    if (!stopped) {
        outcome_free(&first);
        return false;
    }
    inject->action = INJECT_NOTHING;
    trial_run(two, NULL, &second);
    kill(pid, SIGCONT);
    trial_wait(pid, "first", NULL, &first);
    judge(args, &first, &second);
    return true;
}

static void at_once(const char *const *args, const struct blob *image)
{
    struct outcome first, second;

    set_up(image, INJECT_NOTHING);
    pid_t a = trial_start(args, "first", NULL);
    pid_t b = trial_start(two, "second", NULL);
    trial_wait(a, "first", NULL, &first);
    trial_wait(b, "second", NULL, &second);
    judge(args, &first, &second);
}

int main(void)
{
    trial_begin();
    struct blob image = trial_fixture("rpi4-2m-saved");
    for (size_t i = 0; i < sizeof one / sizeof one[0]; i++) {
        unsigned long n = 0;
        while (interleave(one[i], &image, n))
            n++;
        printf("%s %s: stopped before each of %lu calls\n", one[i][0], one[i][4], n);
        for (int k = 0; k < AT_ONCE / 2; k++)
            at_once(one[i], &image);
    }
    free(image.p);
    return trial_end();
}
