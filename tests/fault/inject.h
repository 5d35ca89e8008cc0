/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Makes a chosen call of the program fail, or ends the program there. The program is
 * linked with --wrap for every call named in fault.cmake, so this works under
 * sanitizers, in static builds and under emulation alike. */
#ifndef FWVAR_TESTS_INJECT_H
#define FWVAR_TESTS_INJECT_H

#include <stdbool.h>
#include <stdint.h>

/* Which calls are counted. */
enum inject_class {
    INJECT_MEMORY, /* allocations, ours and those of the libraries that we call */
    INJECT_SYSTEM  /* system calls that touch files */
};

enum inject_action {
    INJECT_NOTHING,   /* only count */
    INJECT_FAIL,      /* the call fails with `error` */
    INJECT_STICKY,    /* that one and all after it that do not remove or close */
    INJECT_SHORT,     /* reads and writes move one byte */
    INJECT_KILL,      /* the process ends before the call, as by SIGKILL */
    INJECT_UNFLUSHED, /* nothing is flushed, which this file system could not do */
    INJECT_STOP       /* the process stops before the call until SIGCONT */
};

#define INJECT_MARKS  65536
#define INJECT_STACKS 16384

/* Lies in memory that the process under test shares with the one that judges it. */
struct inject {
    enum inject_class which;
    enum inject_action action;
    int error;
    unsigned long at; /* the first call is 0 */
    unsigned long seen;
    bool struck;
    char name[32]; /* the call that was struck */
    /* While only counting: whether each call is among the first few from its place, told
     * by the functions on the stack. Disturbing more of them would show nothing new. All
     * are worth it where the stack can't be read, or with FWVAR_FAULT_ALL set. */
    bool worth[INJECT_MARKS];
    bool moves[INJECT_MARKS]; /* likewise: it reads or writes */
    struct {
        uint64_t hash;
        unsigned count;
    } stack[INJECT_STACKS];
    unsigned stacks;
    bool remember; /* places of earlier runs count, too */
};

extern struct inject *inject;

/* Shares `inject`; to be called once. */
void inject_prepare(void);

/* From here on the calls of this process count. */
void inject_arm(void);

#endif
