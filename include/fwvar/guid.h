/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * EFI_GUID: 16 bytes as they lie in the image, and its text form. The first three fields
 * of the text are little-endian on disk (UEFI specification 2.10, appendix A).
 */
#ifndef FWVAR_GUID_H
#define FWVAR_GUID_H

#include <fwvar/error.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A GUID in on-disk byte order. Compare with fwvar_guid_equal(). */
struct fwvar_guid {
    uint8_t b[16];
};

/** Constant initialiser from the fields of edk2's `{ a, b, c, { d0 … d7 } }` notation. */
#define FWVAR_GUID(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)                              \
    {                                                                                    \
        {                                                                                \
            (uint8_t)((a)&0xff), (uint8_t)((a) >> 8 & 0xff), (uint8_t)((a) >> 16 & 0xff),\
            (uint8_t)((a) >> 24 & 0xff), (uint8_t)((b)&0xff), (uint8_t)((b) >> 8 & 0xff),\
            (uint8_t)((c)&0xff), (uint8_t)((c) >> 8 & 0xff), d0, d1, d2, d3, d4, d5, d6, \
            d7                                                                           \
        }                                                                                \
    }

/** Bytes of a GUID's text, its NUL included. */
#define FWVAR_GUID_TEXT_SIZE 37

/** True if both are the same GUID. */
FWVAR_API bool fwvar_guid_equal(const struct fwvar_guid *a, const struct fwvar_guid *b);

/** Writes the lower-case text form, 36 characters and a NUL. Cannot fail. */
FWVAR_API void fwvar_guid_format(const struct fwvar_guid *guid,
                                 char text[FWVAR_GUID_TEXT_SIZE]);

/**
 * Reads the 36-character text form in any case; braces around it are not accepted.
 * @return 0, or #FWVAR_ERR_ARG with @p guid untouched.
 */
FWVAR_API int fwvar_guid_parse(const char *text, struct fwvar_guid *guid);

#ifdef __cplusplus
}
#endif
#endif
