/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Wrappers of system calls, and of the library functions that are little more. */
#include "fault/wrap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <unistd.h>

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

int __wrap_openat(int folder, const char *path, int flags, ...);
int __real_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    unsigned mode = flags & O_CREAT ? va_arg(args, unsigned) : 0;
    va_end(args);
    return SYSTEM("openat") ? -1 : __real_openat(folder, path, flags, mode);
}

int __wrap_openat64(int folder, const char *path, int flags, ...);
int __real_openat64(int folder, const char *path, int flags, ...);
int __wrap_openat64(int folder, const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    unsigned mode = flags & O_CREAT ? va_arg(args, unsigned) : 0;
    va_end(args);
    return SYSTEM("openat") ? -1 : __real_openat64(folder, path, flags, mode);
}

/* Used with one argument that is a number, or a descriptor. */
int __wrap_fcntl(int fd, int command, ...);
int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...)
{
    va_list args;

    va_start(args, command);
    int number = va_arg(args, int);
    va_end(args);
    return SYSTEM("fcntl") ? -1 : __real_fcntl(fd, command, number);
}

int __wrap_fcntl64(int fd, int command, ...);
int __real_fcntl64(int fd, int command, ...);
int __wrap_fcntl64(int fd, int command, ...)
{
    va_list args;

    va_start(args, command);
    int number = va_arg(args, int);
    va_end(args);
    return SYSTEM("fcntl") ? -1 : __real_fcntl64(fd, command, number);
}

int __wrap_ioctl(int fd, unsigned long request, ...);
int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list args;

    va_start(args, request);
    int from = va_arg(args, int);
    va_end(args);
    return SYSTEM("ioctl") ? -1 : __real_ioctl(fd, request, from);
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
    return SYSTEM("read") ? -1 : __real_read(fd, p, inject_portion(n));
}

WRAP(ssize_t, __read_chk, (int fd, void *p, size_t n, size_t room))
{
    return SYSTEM("read") ? -1 : __real___read_chk(fd, p, inject_portion(n), room);
}

WRAP(ssize_t, pread, (int fd, void *p, size_t n, off_t at))
{
    return SYSTEM("pread") ? -1 : __real_pread(fd, p, inject_portion(n), at);
}

WRAP(ssize_t, pread64, (int fd, void *p, size_t n, off_t at))
{
    return SYSTEM("pread") ? -1 : __real_pread64(fd, p, inject_portion(n), at);
}

WRAP(ssize_t, __pread64_chk, (int fd, void *p, size_t n, off_t at, size_t room))
{
    return SYSTEM("pread") ? -1
                           : __real___pread64_chk(fd, p, inject_portion(n), at, room);
}

WRAP(ssize_t, write, (int fd, const void *p, size_t n))
{
    return SYSTEM("write") ? -1 : __real_write(fd, p, inject_portion(n));
}

WRAP(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at))
{
    return SYSTEM("pwrite") ? -1 : __real_pwrite(fd, p, inject_portion(n), at);
}

WRAP(ssize_t, pwrite64, (int fd, const void *p, size_t n, off_t at))
{
    return SYSTEM("pwrite") ? -1 : __real_pwrite64(fd, p, inject_portion(n), at);
}

WRAP(ssize_t, copy_file_range,
     (int from, off_t *at, int to, off_t *to_at, size_t n, unsigned flags))
{
    return SYSTEM("copy_file_range")
               ? -1
               : __real_copy_file_range(from, at, to, to_at, inject_portion(n), flags);
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

WRAP(int, syncfs, (int fd))
{
    return SYSTEM("syncfs") ? -1 : __real_syncfs(fd);
}

WRAP(int, mkdir, (const char *path, mode_t mode))
{
    return SYSTEM("mkdir") ? -1 : __real_mkdir(path, mode);
}

WRAP(int, mkdirat, (int folder, const char *path, mode_t mode))
{
    return SYSTEM("mkdirat") ? -1 : __real_mkdirat(folder, path, mode);
}

WRAP(int, rmdir, (const char *path))
{
    return SYSTEM("rmdir") ? -1 : __real_rmdir(path);
}

WRAP(int, unlinkat, (int folder, const char *path, int flags))
{
    return SYSTEM("unlinkat") ? -1 : __real_unlinkat(folder, path, flags);
}

WRAP(int, lstat, (const char *path, struct stat *st))
{
    return SYSTEM("lstat") ? -1 : __real_lstat(path, st);
}

WRAP(int, lstat64, (const char *path, struct stat *st))
{
    return SYSTEM("lstat") ? -1 : __real_lstat64(path, st);
}

WRAP(int, fstatat, (int folder, const char *path, struct stat *st, int flags))
{
    return SYSTEM("fstatat") ? -1 : __real_fstatat(folder, path, st, flags);
}

WRAP(int, fstatat64, (int folder, const char *path, struct stat *st, int flags))
{
    return SYSTEM("fstatat") ? -1 : __real_fstatat64(folder, path, st, flags);
}

WRAP(int, fstatfs, (int fd, struct statfs *fs))
{
    return SYSTEM("fstatfs") ? -1 : __real_fstatfs(fd, fs);
}

WRAP(int, fstatfs64, (int fd, struct statfs *fs))
{
    return SYSTEM("fstatfs") ? -1 : __real_fstatfs64(fd, fs);
}

WRAP(int, access, (const char *path, int mode))
{
    return SYSTEM("access") ? -1 : __real_access(path, mode);
}

WRAP(DIR *, opendir, (const char *path))
{
    return SYSTEM("opendir") ? NULL : __real_opendir(path);
}

WRAP(DIR *, fdopendir, (int fd))
{
    return SYSTEM("fdopendir") ? NULL : __real_fdopendir(fd);
}

WRAP(struct dirent *, readdir, (DIR * dir))
{
    return SYSTEM("readdir") ? NULL : __real_readdir(dir);
}

WRAP(struct dirent *, readdir64, (DIR * dir))
{
    return SYSTEM("readdir") ? NULL : __real_readdir64(dir);
}

/* Errors are returned. */
WRAP(int, pthread_create,
     (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *),
      void *context))
{
    return SYSTEM("pthread_create")
               ? errno
               : __real_pthread_create(thread, attributes, run, context);
}
