/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Runs the program in a process of its own with one call disturbed, and looks at what it
 * leaves behind. */
#ifndef FWVAR_TESTS_TRIAL_H
#define FWVAR_TESTS_TRIAL_H

#include "fault/inject.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TRIAL_ARGS 24

/* A file's bytes. */
struct blob {
    uint8_t *p; /* NULL: there is no such file */
    size_t size;
};

/* How a run ended. */
struct outcome {
    int status; /* exit status, or -1 */
    int signal; /* that ended it, or 0 */
    char *out;  /* what it printed; owned */
    char *err;
};

/* Makes the folder for the runs and goes there: below FWVAR_FAULT_DIR, or in memory. */
void trial_begin(void);
/* Whether FWVAR_FAULT_QUICK asks for a part that shows the most, where runs are slow. */
bool trial_is_quick(void);
/* Removes it. Returns the exit status for main(). */
int trial_end(void);

/* The unpacked fixture of that name, or the image with the kind of damage that has it
 * (support/damage.h); the caller's. */
struct blob trial_fixture(const char *name);
/* A volume with some bytes around it: enough to be copied in three parts. */
struct blob trial_small_image(void);
struct blob trial_read(const char *path);
/* Names and contents of a folder's files, sorted. */
struct blob trial_read_folder(const char *path);
/* Whether the file is @b; if that has no bytes, whether there is none. */
bool trial_is(const char *path, const struct blob *b);
/* Writes a file, unless it is there and the same. */
void trial_write(const char *path, const struct blob *b);
bool blob_equal(const struct blob *a, const struct blob *b);
/* Removes all of the folder @but those (NULL at the end; may be NULL itself). */
void trial_clean(const char *const *but);

/* Starts the program with @args (NULL at the end); `inject` is as the caller set it.
 * @name: of the files that take the output. @input: for its standard input, or NULL. */
pid_t trial_start(const char *const *args, const char *name, const char *input);
/* Waits for its end; with @stopped also for its stop, and then sets it. */
void trial_wait(pid_t pid, const char *name, bool *stopped, struct outcome *o);
/* Both. */
void trial_run(const char *const *args, const char *input, struct outcome *o);
void outcome_free(struct outcome *o);

/* Counts a failure and says what happened in which run. */
__attribute__((format(printf, 3, 4))) void
trial_fail(const char *const *args, const struct outcome *o, const char *format, ...);

/* Number of files in the folder whose name is not in @known (NULL at the end) and whether
 * all of them are hidden temporaries. */
unsigned trial_strays(const char *const *known, bool *temporaries);

#endif
