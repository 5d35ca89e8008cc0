/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* measure RUNS COMMAND ARG... [:: COMMAND ARG...]...: runs the commands in turn, so that
 * whatever else the machine does meets all of them, and prints a line for each: wall time
 * and CPU time in microseconds, the peak of its resident memory in KB, page faults. Times
 * and faults are the least of all runs, because what disturbs a run only ever adds.
 * Before each run the file named by MEASURE_REMOVE is deleted. Output goes to /dev/null.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 8

struct command {
    char **argv;
    double wall;
    double cpu;
    long peak;
    long faults;
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double microseconds(struct timeval t)
{
    return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static void become(char **argv)
{
    int null = open("/dev/null", O_WRONLY);

    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

/* 1 is an answer of cmp and diff; anything above is a failure. */
static int run(struct command *c, int n)
{
    struct rusage usage;
    int status;
    double from = now();
    pid_t pid = fork();

    if (pid == 0)
        become(c->argv);
    if (wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) > 1) {
        fprintf(stderr, "measure: %s failed\n", c->argv[0]);
        return 1;
    }
    double wall = now() - from;
    double cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    if (n == 0 || wall < c->wall)
        c->wall = wall;
    if (n == 0 || cpu < c->cpu)
        c->cpu = cpu;
    if (usage.ru_maxrss > c->peak)
        c->peak = usage.ru_maxrss;
    if (n == 0 || usage.ru_minflt < c->faults)
        c->faults = usage.ru_minflt;
    return 0;
}

/* Splits the arguments at each `::`. Returns the number of commands, 0 for a mistake. */
static int split(char **argv, struct command *commands)
{
    int n = 0;

    while (*argv && n < COMMANDS_MAX) {
        commands[n++].argv = argv;
        while (*argv && strcmp(*argv, "::") != 0)
            argv++;
        if (commands[n - 1].argv == argv)
            return 0;
        if (*argv)
            *argv++ = NULL;
    }
    return *argv ? 0 : n;
}

static int measure(struct command *commands, int count, int runs)
{
    const char *remove_first = getenv("MEASURE_REMOVE");

    for (int n = 0; n < runs; n++) {
        for (int i = 0; i < count; i++) {
            if (remove_first)
                unlink(remove_first);
            if (run(&commands[i], n) != 0)
                return 1;
        }
    }
    for (int i = 0; i < count; i++) {
        printf("%.0f %.0f %ld %ld\n", commands[i].wall, commands[i].cpu, commands[i].peak,
               commands[i].faults);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct command commands[COMMANDS_MAX] = {0};
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    int count = runs > 0 ? split(argv + 2, commands) : 0;

    if (count == 0) {
        fputs("usage: measure RUNS COMMAND ARG... [:: COMMAND ARG...]...\n", stderr);
        return 2;
    }
    return measure(commands, count, runs);
}
