/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fault/wrap.h"

#include "support/sanitized.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <execinfo.h>
#endif

struct inject *inject;
static bool armed; /* in this process */

#define DEPTH 40
#if TEST_SANITIZED
#define ENOUGH 1 /* every path once: each run takes ten times as long */
#else
#define ENOUGH 3 /* calls from one place */
#endif

static bool is_worth_it(struct inject *in)
{
#ifdef __GLIBC__
    void *frames[DEPTH];
    int n = backtrace(frames, DEPTH);
    uint64_t hash = 0;

    for (int i = 0; i < n; i++)
        hash = (hash ^ (uintptr_t)frames[i]) * UINT64_C(0x100000001b3);
    for (unsigned i = 0; i < in->stacks; i++) {
        if (in->stack[i].hash == hash)
            return ++in->stack[i].count <= ENOUGH;
    }
    if (n < 3 || in->stacks == INJECT_STACKS)
        return true;
    in->stack[in->stacks].hash = hash;
    in->stack[in->stacks++].count = 1;
#else
    (void)in;
#endif
    return true;
}

/* With FWVAR_FAULT_TRACE set: where the call comes from, for addr2line. */
static void trace(void)
{
#ifdef __GLIBC__
    void *frames[DEPTH];

    if (getenv("FWVAR_FAULT_TRACE"))
        backtrace_symbols_fd(frames, backtrace(frames, DEPTH), STDERR_FILENO);
#endif
}

/* What still works on a full disk, and is there to clean up. */
static bool removes(const char *name)
{
    static const char *const names[] = {"close",   "unlink",  "unlinkat",
                                        "opendir", "readdir", "rmdir"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

bool inject_strike(enum inject_class which, const char *name)
{
    struct inject *in = inject;

    if (!armed || in->which != which)
        return false;
    if (in->action == INJECT_UNFLUSHED) {
        errno = EINVAL;
        return strcmp(name, "fsync") == 0 || strcmp(name, "syncfs") == 0;
    }
    unsigned long n = in->seen++;
    if (in->action == INJECT_NOTHING && n < INJECT_MARKS) {
        in->moves[n] = false;
        in->worth[n] = getenv("FWVAR_FAULT_ALL") || is_worth_it(in);
    }
    bool later = in->action == INJECT_STICKY && n > in->at && !removes(name);
    if (n != in->at && !later)
        return false;
    if (n == in->at) {
        in->struck = true;
        snprintf(in->name, sizeof in->name, "%s", name);
        trace();
    }
    if (in->action == INJECT_KILL)
        kill(getpid(), SIGKILL);
    if (in->action == INJECT_STOP)
        raise(SIGSTOP);
    errno = in->error;
    return in->action == INJECT_FAIL || in->action == INJECT_STICKY;
}

size_t inject_portion(size_t size)
{
    struct inject *in = inject;
    bool now =
        armed && in->action == INJECT_SHORT && in->struck && in->seen == in->at + 1;

    if (armed && in->action == INJECT_NOTHING && in->seen - 1 < INJECT_MARKS)
        in->moves[in->seen - 1] = true;
    return now && size > 1 ? 1 : size;
}

void inject_prepare(void)
{
    inject = mmap(NULL, sizeof *inject, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (inject == MAP_FAILED) {
        perror("mmap");
        exit(2);
    }
    json_set_alloc_funcs(inject_json_memory, free);
}

void inject_arm(void)
{
    armed = true;
}
