/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Wrappers of what allocates. */
#include "fault/wrap.h"

#include <lzma.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

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

WRAP(FILE *, fdopen, (int fd, const char *mode))
{
    return MEMORY("fdopen") ? NULL : __real_fdopen(fd, mode);
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

void *inject_json_memory(size_t size)
{
    return MEMORY("jansson") ? NULL : __real_malloc(size);
}
