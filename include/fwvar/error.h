/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Errors. Every function of the library that can fail returns 0 or one of these negative
 * codes and, when the caller passes a struct fwvar_diag, says what was wrong, where, and
 * what to do next. There is no global error state; the library prints nothing.
 */
#ifndef FWVAR_ERROR_H
#define FWVAR_ERROR_H

#include <fwvar/export.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Why a call failed. The values are part of the ABI and never change meaning. */
enum fwvar_error {
    FWVAR_OK = 0,
    FWVAR_ERR_NOMEM = -1,     /**< an allocation failed; no file was changed */
    FWVAR_ERR_IO = -2,        /**< a system call failed; the message has strerror's text */
    FWVAR_ERR_ARG = -3,       /**< an argument or value is not acceptable */
    FWVAR_ERR_NOTFOUND = -4,  /**< no such variable, boot option or setting */
    FWVAR_ERR_FORMAT = -5,    /**< nothing recognisable: not a firmware image */
    FWVAR_ERR_DAMAGED = -6,   /**< recognised, but too damaged for what was asked */
    FWVAR_ERR_REFUSED = -7,   /**< would write what the firmware rejects or is harmed by */
    FWVAR_ERR_SPACE = -8,     /**< the variable store has no room, even compacted */
    FWVAR_ERR_AMBIGUOUS = -9, /**< several variables, volumes or entries match */
    FWVAR_ERR_CHANGED = -10,  /**< the file is no longer the one that was read */
    FWVAR_ERR_LOCKED = -11    /**< another process is writing the same file */
};

/** "No offset": the error is not about a place in the image. */
#define FWVAR_NO_OFFSET UINT64_MAX

/**
 * What went wrong, in words. Callers own the struct; the library fills it only on failure
 * and it needs no clean-up. Messages are one line of UTF-8 without the file's name.
 */
struct fwvar_diag {
    enum fwvar_error code; /**< the code that the call returned */
    uint64_t offset;       /**< bytes from the start of the image, or #FWVAR_NO_OFFSET */
    char message[512];     /**< what is wrong, and where */
    char hint[512];        /**< what to do next; may be empty */
};

/** A code as a short English phrase in static storage ("out of memory"); never NULL. */
FWVAR_API const char *fwvar_error_text(enum fwvar_error code);

#ifdef __cplusplus
}
#endif
#endif
