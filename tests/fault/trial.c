/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fault/trial.h"

#include "support/damage.h"
#include "support/sanitized.h"
#include "support/secondreader.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int fwvar_main(int argc, char **argv); /* main() of the program, renamed */

#define TIME_LIMIT 1200 /* seconds; ends only what hangs */

static char folder[4096], logs[4096];
static unsigned failures, runs;

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static void make_folder(char *path, size_t size, const char *base)
{
    snprintf(path, size, "%s/fwvar-fault.XXXXXX", base);
    if (!mkdtemp(path))
        give_up(path);
}

void trial_begin(void)
{
    const char *base = getenv("FWVAR_FAULT_DIR");
    const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    inject_prepare();
    make_folder(folder, sizeof folder, base && *base ? base : memory);
    make_folder(logs, sizeof logs, memory);
    if (chdir(folder) != 0)
        give_up(folder);
}

bool trial_is_quick(void)
{
    const char *quick = getenv("FWVAR_FAULT_QUICK");

    return quick && *quick;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; names && *names; names++) {
        if (strcmp(name, *names) == 0)
            return true;
    }
    return false;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void remove_all(const char *path);

static void clean(const char *path, const char *const *but)
{
    DIR *d = opendir(path);
    struct dirent *e;
    char name[8192];

    while (d && (e = readdir(d))) {
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        if (!is_dots(e->d_name) && !is_one_of(e->d_name, but))
            remove_all(name);
    }
    if (d)
        closedir(d);
}

static void remove_all(const char *path)
{
    if (remove(path) == 0)
        return;
    clean(path, NULL);
    remove(path);
}

void trial_clean(const char *const *but)
{
    clean(folder, but);
}

int trial_end(void)
{
    trial_clean(NULL);
    clean(logs, NULL);
    if (chdir("/") != 0 || rmdir(folder) != 0 || rmdir(logs) != 0)
        give_up(folder);
    printf("%u runs, %u failures\n", runs, failures);
    return failures ? 1 : 0;
}

/* ---- files ---- */

struct blob trial_read(const char *path)
{
    struct blob b = {NULL, 0};
    struct stat st;
    int fd = open(path, O_RDONLY);

    if (fd < 0)
        return b;
    if (fstat(fd, &st) != 0)
        give_up(path);
    b.p = malloc((size_t)st.st_size + 1);
    if (!b.p || read(fd, b.p, (size_t)st.st_size) != st.st_size)
        give_up(path);
    b.size = (size_t)st.st_size;
    b.p[b.size] = '\0';
    close(fd);
    return b;
}

bool trial_is(const char *path, const struct blob *b)
{
    static uint8_t part[1 << 16]; /* fresh memory would cost more than the comparison */
    int fd = open(path, O_RDONLY);
    size_t at = 0;
    ssize_t n;

    if (fd < 0)
        return !b->p;
    while ((n = read(fd, part, sizeof part)) > 0 && b->p && (size_t)n <= b->size - at &&
           memcmp(part, b->p + at, (size_t)n) == 0)
        at += (size_t)n;
    close(fd);
    return n == 0 && b->p && at == b->size;
}

void trial_write(const char *path, const struct blob *b)
{
    if (trial_is(path, b))
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || write(fd, b->p, b->size) != (ssize_t)b->size || close(fd) != 0)
        give_up(path);
}

static int is_entry(const struct dirent *e)
{
    return !is_dots(e->d_name);
}

struct blob trial_read_folder(const char *path)
{
    struct blob all = {NULL, 0};
    struct dirent **names;
    int n = scandir(path, &names, is_entry, alphasort);
    char name[4096];

    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%s/%s", path, names[i]->d_name);
        struct blob one = trial_read(name);
        size_t length = strlen(name) + 1;
        all.p = realloc(all.p, all.size + length + one.size);
        if (!all.p || !one.p)
            give_up(name);
        memcpy(all.p + all.size, name, length);
        memcpy(all.p + all.size + length, one.p, one.size);
        all.size += length + one.size;
        free(one.p);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return all;
}

struct blob trial_fixture(const char *name)
{
    const char *from = getenv("FWVAR_FIXTURES");
    const struct damage *damage = damage_find(name);
    struct ig_bytes built;
    struct blob b;
    char path[4096];

    if (damage) {
        damage_build(&built, damage);
        return (struct blob){built.p, built.size};
    }
    snprintf(path, sizeof path, "%s/%s.fd.gz", from ? from : "fixtures", name);
    b.p = sr_load(path, &b.size);
    if (!b.p)
        give_up(path);
    return b;
}

struct blob trial_small_image(void)
{
    const size_t pad = 0x10000, volume = 0x1D0000, length = 0x20000;
    struct blob whole = trial_fixture("rpi4-2m-saved");
    struct blob cut = {malloc(length + 2 * pad), length + 2 * pad};

    if (!cut.p)
        exit(2);
    memset(cut.p, 0xFF, cut.size);
    memcpy(cut.p + pad, whole.p + volume, length);
    free(whole.p);
    return cut;
}

bool blob_equal(const struct blob *a, const struct blob *b)
{
    return !a->p == !b->p && a->size == b->size &&
           (a->size == 0 || memcmp(a->p, b->p, a->size) == 0);
}

unsigned trial_strays(const char *const *known, bool *temporaries)
{
    DIR *d = opendir(folder);
    struct dirent *e;
    unsigned n = 0;

    *temporaries = true;
    while (d && (e = readdir(d))) {
        const char *name = e->d_name;
        size_t length = strlen(name);
        if (is_one_of(name, known) || is_dots(name))
            continue;
        n++;
        if (name[0] != '.' || length < 4 || strcmp(name + length - 4, ".tmp") != 0)
            *temporaries = false;
    }
    if (d)
        closedir(d);
    return n;
}

/* ---- runs ---- */

static void log_path(char *path, size_t size, const char *name, const char *what)
{
    snprintf(path, size, "%s/%s.%s", logs, name, what);
}

static void redirect(int fd, const char *path, int flags)
{
    int to = open(path, flags | O_CLOEXEC, 0600);

    if (to < 0 || dup2(to, fd) < 0)
        give_up(path);
    close(to);
}

#if TEST_SANITIZED
/* LeakSanitizer takes longer than a whole run. It asks this before it looks, and there is
 * nothing to look for where as much is allocated afterwards as before. */
static size_t before;

size_t __sanitizer_get_current_allocated_bytes(void);
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return before && __sanitizer_get_current_allocated_bytes() == before;
}

static void remember_allocated(void)
{
    static char buffers[2][BUFSIZ]; /* or the first output would allocate them */

    setvbuf(stdout, buffers[0], _IOFBF, BUFSIZ);
    setvbuf(stderr, buffers[1], _IONBF, BUFSIZ);
    before = __sanitizer_get_current_allocated_bytes();
}
#else
static void remember_allocated(void)
{
}
#endif

static void child(const char *const *args, const char *name, const char *input)
{
    char *argv[TRIAL_ARGS + 2] = {(char[]){"fwvar"}}, out[4200], err[4200];
    int argc = 1;

    remember_allocated();
    for (; args[argc - 1] && argc <= TRIAL_ARGS; argc++)
        argv[argc] = strdup(args[argc - 1]);
    log_path(out, sizeof out, name, "out");
    log_path(err, sizeof err, name, "err");
    redirect(STDIN_FILENO, input ? input : "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC);
    alarm(TIME_LIMIT);
    inject_arm();
    int status = fwvar_main(argc, argv);
    for (int i = 1; i < argc; i++)
        free(argv[i]);
    exit(status);
}

pid_t trial_start(const char *const *args, const char *name, const char *input)
{
    inject->seen = 0;
    if (!inject->remember)
        inject->stacks = 0;
    inject->struck = false;
    inject->name[0] = '\0';
    runs++;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        give_up("fork");
    if (pid == 0)
        child(args, name, input);
    return pid;
}

void trial_wait(pid_t pid, const char *name, bool *stopped, struct outcome *o)
{
    char path[4200];
    int status;

    if (waitpid(pid, &status, stopped ? WUNTRACED : 0) != pid)
        give_up("waitpid");
    if (stopped)
        *stopped = WIFSTOPPED(status);
    *o = (struct outcome){.status = -1};
    if (WIFSTOPPED(status))
        return;
    if (WIFEXITED(status))
        o->status = WEXITSTATUS(status);
    if (WIFSIGNALED(status))
        o->signal = WTERMSIG(status);
    log_path(path, sizeof path, name, "out");
    o->out = (char *)trial_read(path).p;
    log_path(path, sizeof path, name, "err");
    o->err = (char *)trial_read(path).p;
}

void trial_run(const char *const *args, const char *input, struct outcome *o)
{
    trial_wait(trial_start(args, "run", input), "run", NULL, o);
}

void outcome_free(struct outcome *o)
{
    free(o->out);
    free(o->err);
}

void trial_fail(const char *const *args, const struct outcome *o, const char *format, ...)
{
    va_list list;

    failures++;
    printf("FAIL fwvar");
    for (size_t i = 0; args[i]; i++)
        printf(" %s", args[i]);
    printf("\n  call %lu (%s), error %s, action %d: exit status %d, signal %d\n  ",
           inject->at, inject->name, strerror(inject->error), (int)inject->action,
           o->status, o->signal);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n%.1500s%.1500s", o->out ? o->out : "", o->err ? o->err : "");
    fflush(stdout);
}
