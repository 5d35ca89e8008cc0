/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* measure RUNS COMMAND ARG...: runs a command and prints the median of its wall times in
 * microseconds and the peak of its resident memory in KB. Before each run the file named
 * by MEASURE_REMOVE is deleted. The command's output goes to /dev/null. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void run(char **argv)
{
    int null = open("/dev/null", O_WRONLY);

    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    const char *remove_first = getenv("MEASURE_REMOVE");
    struct rusage usage;
    int status;

    double *times = runs > 0 ? calloc((size_t)runs, sizeof *times) : NULL;
    if (!times) {
        fputs("usage: measure RUNS COMMAND ARG...\n", stderr);
        return 2;
    }
    for (int i = 0; i < runs; i++) {
        if (remove_first)
            unlink(remove_first);
        double from = now();
        pid_t pid = fork();
        if (pid == 0)
            run(argv + 2);
        if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
            WEXITSTATUS(status) > 1) {
            fprintf(stderr, "measure: %s failed\n", argv[2]);
            free(times);
            return 1;
        }
        times[i] = now() - from;
    }
    getrusage(RUSAGE_CHILDREN, &usage);
    qsort(times, (size_t)runs, sizeof *times, by_value);
    printf("%.0f %ld\n", times[runs / 2], usage.ru_maxrss);
    free(times);
    return 0;
}
