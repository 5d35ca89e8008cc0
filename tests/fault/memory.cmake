# SPDX-License-Identifier: BSD-2-Clause-Patent
# What allocates, as wrap_memory.c wraps it.

set(FAULT_MEMORY_CALLS malloc calloc realloc strdup strndup asprintf vasprintf
    __asprintf_chk __vasprintf_chk fopen fopen64 fdopen open_memstream inflateInit2_ inflate
    deflateInit2_ lzma_alone_decoder lzma_code)
list(TRANSFORM FAULT_MEMORY_CALLS PREPEND "-Wl,--wrap=" OUTPUT_VARIABLE FAULT_MEMORY_WRAPS)
