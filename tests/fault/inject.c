/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fault/inject.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <lzma.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>
#ifdef __GLIBC__
#include <execinfo.h>
#endif

struct inject *inject;
static bool armed; /* in this process */

#define DEPTH  40
#ifdef __SANITIZE_ADDRESS__
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

/* True if the call is to fail; errno is set then. */
static bool strike(enum inject_class which, const char *name)
{
    struct inject *in = inject;

    if (!armed || in->which != which)
        return false;
    unsigned long n = in->seen++;
    if (in->action == INJECT_NOTHING && n < INJECT_MARKS)
        in->worth[n] = getenv("FWVAR_FAULT_ALL") || is_worth_it(in);
    bool later = in->action == INJECT_STICKY && n > in->at &&
                 strcmp(name, "close") != 0 && strcmp(name, "unlink") != 0;
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

/* How much a read or write is to move. */
static size_t portion(size_t size)
{
    const struct inject *in = inject;
    bool now =
        armed && in->action == INJECT_SHORT && in->struck && in->seen == in->at + 1;

    return now && size > 1 ? 1 : size;
}

/* Declares the function that a wrapper stands before, and begins the wrapper. */
#define WRAP(type, name, args)                                                           \
    type __real_##name args;                                                             \
    type __wrap_##name args;                                                             \
    type __wrap_##name args

#define MEMORY(name) strike(INJECT_MEMORY, name)
#define SYSTEM(name) strike(INJECT_SYSTEM, name)

/* ---- memory ---- */

WRAP(void *, malloc, (size_t size))
{
    return MEMORY("malloc") ? NULL : __real_malloc(size);
}

WRAP(void *, calloc, (size_t n, size_t size))
{
    return MEMORY("calloc") ? NULL : __real_calloc(n, size);
}

WRAP(void *, realloc, (void *p, size_t size))
{
    return MEMORY("realloc") ? NULL : __real_realloc(p, size);
}

WRAP(char *, strdup, (const char *text))
{
    return MEMORY("strdup") ? NULL : __real_strdup(text);
}

WRAP(char *, strndup, (const char *text, size_t n))
{
    return MEMORY("strndup") ? NULL : __real_strndup(text, n);
}

WRAP(FILE *, fopen64, (const char *path, const char *mode))
{
    return MEMORY("fopen") ? NULL : __real_fopen64(path, mode);
}

WRAP(FILE *, fopen, (const char *path, const char *mode))
{
    return MEMORY("fopen") ? NULL : __real_fopen(path, mode);
}

WRAP(FILE *, open_memstream, (char **text, size_t *size))
{
    return MEMORY("open_memstream") ? NULL : __real_open_memstream(text, size);
}

__attribute__((format(printf, 2, 0)))
WRAP(int, vasprintf, (char **text, const char *format, va_list args))
{
    return MEMORY("vasprintf") ? -1 : __real_vasprintf(text, format, args);
}

__attribute__((format(printf, 3, 0)))
WRAP(int, __vasprintf_chk, (char **text, int flag, const char *format, va_list args))
{
    (void)flag;
    return MEMORY("vasprintf") ? -1 : __real_vasprintf(text, format, args);
}

__attribute__((format(printf, 2, 3))) int __wrap_asprintf(char **text, const char *format,
                                                          ...);
__attribute__((format(printf, 2, 3))) int __wrap_asprintf(char **text, const char *format,
                                                          ...)
{
    va_list args;

    va_start(args, format);
    int n = MEMORY("asprintf") ? -1 : __real_vasprintf(text, format, args);
    va_end(args);
    return n;
}

__attribute__((format(printf, 3, 4))) int __wrap___asprintf_chk(char **text, int flag,
                                                                const char *format, ...);
__attribute__((format(printf, 3, 4))) int __wrap___asprintf_chk(char **text, int flag,
                                                                const char *format, ...)
{
    va_list args;

    (void)flag;
    va_start(args, format);
    int n = MEMORY("asprintf") ? -1 : __real_vasprintf(text, format, args);
    va_end(args);
    return n;
}

/* Allocations inside the libraries are seen where they report them. */

WRAP(int, inflateInit2_, (z_streamp z, int bits, const char *version, int size))
{
    return MEMORY("inflateInit2") ? Z_MEM_ERROR
                                  : __real_inflateInit2_(z, bits, version, size);
}

WRAP(int, inflate, (z_streamp z, int flush))
{
    return MEMORY("inflate") ? Z_MEM_ERROR : __real_inflate(z, flush);
}

WRAP(int, deflateInit2_,
     (z_streamp z, int level, int method, int bits, int memory, int strategy,
      const char *version, int size))
{
    return MEMORY("deflateInit2") ? Z_MEM_ERROR
                                  : __real_deflateInit2_(z, level, method, bits, memory,
                                                         strategy, version, size);
}

WRAP(lzma_ret, lzma_alone_decoder, (lzma_stream * z, uint64_t limit))
{
    return MEMORY("lzma_alone_decoder") ? LZMA_MEM_ERROR
                                        : __real_lzma_alone_decoder(z, limit);
}

WRAP(lzma_ret, lzma_code, (lzma_stream * z, lzma_action action))
{
    return MEMORY("lzma_code") ? LZMA_MEM_ERROR : __real_lzma_code(z, action);
}

static void *json_memory(size_t size)
{
    return MEMORY("jansson") ? NULL : __real_malloc(size);
}

/* ---- system calls ---- */

static int open_real(int (*real)(const char *, int, ...), const char *path, int flags,
                     va_list args)
{
    unsigned mode = flags & O_CREAT ? va_arg(args, unsigned) : 0;

    return SYSTEM("open") ? -1 : real(path, flags, mode);
}

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    int fd = open_real(__real_open, path, flags, args);
    va_end(args);
    return fd;
}

int __wrap_open64(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    int fd = open_real(__real_open64, path, flags, args);
    va_end(args);
    return fd;
}

/* As on Linux, the descriptor is gone even if close() reports an error. */
WRAP(int, close, (int fd))
{
    if (SYSTEM("close")) {
        int why = errno;
        __real_close(fd);
        errno = why;
        return -1;
    }
    return __real_close(fd);
}

WRAP(ssize_t, read, (int fd, void *p, size_t n))
{
    return SYSTEM("read") ? -1 : __real_read(fd, p, portion(n));
}

WRAP(ssize_t, __read_chk, (int fd, void *p, size_t n, size_t room))
{
    return SYSTEM("read") ? -1 : __real___read_chk(fd, p, portion(n), room);
}

WRAP(ssize_t, pread, (int fd, void *p, size_t n, off_t at))
{
    return SYSTEM("pread") ? -1 : __real_pread(fd, p, portion(n), at);
}

WRAP(ssize_t, pread64, (int fd, void *p, size_t n, off_t at))
{
    return SYSTEM("pread") ? -1 : __real_pread64(fd, p, portion(n), at);
}

WRAP(ssize_t, __pread64_chk, (int fd, void *p, size_t n, off_t at, size_t room))
{
    return SYSTEM("pread") ? -1 : __real___pread64_chk(fd, p, portion(n), at, room);
}

WRAP(ssize_t, write, (int fd, const void *p, size_t n))
{
    return SYSTEM("write") ? -1 : __real_write(fd, p, portion(n));
}

WRAP(ssize_t, copy_file_range,
     (int from, off_t *at, int to, off_t *to_at, size_t n, unsigned flags))
{
    return SYSTEM("copy_file_range")
               ? -1
               : __real_copy_file_range(from, at, to, to_at, portion(n), flags);
}

WRAP(int, fsync, (int fd))
{
    return SYSTEM("fsync") ? -1 : __real_fsync(fd);
}

WRAP(int, fchmod, (int fd, mode_t mode))
{
    return SYSTEM("fchmod") ? -1 : __real_fchmod(fd, mode);
}

WRAP(int, fchown, (int fd, uid_t uid, gid_t gid))
{
    return SYSTEM("fchown") ? -1 : __real_fchown(fd, uid, gid);
}

WRAP(int, rename, (const char *from, const char *to))
{
    return SYSTEM("rename") ? -1 : __real_rename(from, to);
}

WRAP(int, unlink, (const char *path))
{
    return SYSTEM("unlink") ? -1 : __real_unlink(path);
}

WRAP(int, flock, (int fd, int operation))
{
    return SYSTEM("flock") ? -1 : __real_flock(fd, operation);
}

WRAP(int, stat, (const char *path, struct stat *st))
{
    return SYSTEM("stat") ? -1 : __real_stat(path, st);
}

WRAP(int, stat64, (const char *path, struct stat *st))
{
    return SYSTEM("stat") ? -1 : __real_stat64(path, st);
}

WRAP(int, fstat, (int fd, struct stat *st))
{
    return SYSTEM("fstat") ? -1 : __real_fstat(fd, st);
}

WRAP(int, fstat64, (int fd, struct stat *st))
{
    return SYSTEM("fstat") ? -1 : __real_fstat64(fd, st);
}

WRAP(ssize_t, readlink, (const char *path, char *to, size_t n))
{
    return SYSTEM("readlink") ? -1 : __real_readlink(path, to, n);
}

WRAP(ssize_t, getrandom, (void *p, size_t n, unsigned flags))
{
    return SYSTEM("getrandom") ? -1 : __real_getrandom(p, n, flags);
}

WRAP(int, dup, (int fd))
{
    return SYSTEM("dup") ? -1 : __real_dup(fd);
}

void inject_prepare(void)
{
    inject = mmap(NULL, sizeof *inject, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (inject == MAP_FAILED) {
        perror("mmap");
        exit(2);
    }
    json_set_alloc_funcs(json_memory, free);
}

void inject_arm(void)
{
    armed = true;
}
