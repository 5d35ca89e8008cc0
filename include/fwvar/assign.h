/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * NAME=VALUE as people write it: which variable a name means, and which bytes a text
 * means for it.
 */
#ifndef FWVAR_ASSIGN_H
#define FWVAR_ASSIGN_H

#include <fwvar/edit.h>
#include <fwvar/firmware.h>
#include <fwvar/known.h>
#include <fwvar/setting.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the longest name, UTF-16 without NUL. */
#define FWVAR_NAME_MAX 512

/** The variable that a name means. */
struct fwvar_target {
    struct fwvar_guid guid;
    uint8_t name[FWVAR_NAME_MAX];        /**< UTF-16LE without NUL */
    size_t name_size;                    /**< bytes */
    const struct fwvar_setting *setting; /**< its catalogue row, or NULL */
    const struct fwvar_known *known;     /**< its row among known variables, or NULL */
};

/** How a value is assigned. */
struct fwvar_assign_options {
    const char *board;          /**< "rpi4", …; NULL or "" if not known */
    const uint32_t *attributes; /**< NULL: those known, the old record's, or NV+BS+RT */
    const uint8_t *time;        /**< EFI_TIME for a time-authenticated variable, or NULL */
};

/**
 * Finds out which variable @p name means: `GUID-Name`; a short name of the catalogue
 * ("ram-limit"); the name of a known variable; or the name of a variable that the
 * transaction has under one GUID only. One that it has may be named as it is shown, with
 * `\uXXXX` for characters that are escaped.
 * @param board  decides between boards that use different variables for one short name.
 * @return 0; #FWVAR_ERR_NOTFOUND with a suggestion; #FWVAR_ERR_AMBIGUOUS with the
 *         candidates in the hint; #FWVAR_ERR_ARG (a name that is not UTF-8, too long, or a
 *         spelling that the firmware ignores, such as `Boot000a`).
 */
FWVAR_API int fwvar_target_find(const struct fwvar_edit *edit, const char *name,
                                const char *board, struct fwvar_target *target,
                                struct fwvar_diag *diag);

/**
 * How names of settings are understood in one image, and who is told what its firmware does
 * not seem to know. Fill in the first members, zero the last.
 */
struct fwvar_naming {
    struct fwvar_edit *edit;
    struct fwvar_firmware *firmware; /**< of the transaction's image */
    /** Told one line of UTF-8 about a setting that the firmware does not seem to know; may
     *  be NULL. */
    void (*warn)(void *context, const char *text);
    void *context;
    bool strict;       /**< that is an error instead */
    const char *board; /**< what fwvar_naming_board() found, "" or NULL before */
};

/**
 * Finds out the board as far as @p effort goes; `naming->board` is for
 * fwvar_assign_options. Errors: as fwvar_firmware_release().
 */
FWVAR_API int fwvar_naming_board(struct fwvar_naming *naming, enum fwvar_effort effort,
                                 struct fwvar_diag *diag);

/** fwvar_target_find(), with the board looked up where boards differ, and only there. */
FWVAR_API int fwvar_naming_find(struct fwvar_naming *naming, const char *name,
                                struct fwvar_target *target, struct fwvar_diag *diag);

/**
 * Warns of a setting that the firmware does not seem to know; other variables pass.
 * @return 0; #FWVAR_ERR_REFUSED if strict; the errors of fwvar_firmware_knows().
 */
FWVAR_API int fwvar_naming_judge(const struct fwvar_naming *naming,
                                 const struct fwvar_target *target,
                                 struct fwvar_diag *diag);

/**
 * Assigns a value given as text: for a known variable in its own terms (keyword, number,
 * list of boot numbers, device path text, plain text), for any variable as
 * `u8:` `u16:` `u32:` `u64:` (numbers, several separated by commas), `hex:`, `ascii:`,
 * `utf16:`, and `asciiz:` `utf16z:`, which add the NUL.
 * @return 0; #FWVAR_ERR_ARG with what is accepted; the errors of fwvar_assign_bytes().
 */
FWVAR_API int fwvar_assign_text(struct fwvar_edit *edit, const struct fwvar_target *target,
                                const char *value,
                                const struct fwvar_assign_options *options,
                                struct fwvar_diag *diag);

/**
 * Assigns a value given as bytes.
 * @return 0; #FWVAR_ERR_REFUSED where size or attributes are not what the firmware expects
 *         of a known variable, or a load option or hotkey is malformed, unless the
 *         transaction is forced; #FWVAR_ERR_ARG (a timestamp, but the attributes do not
 *         say time-authenticated); the errors of fwvar_edit_set().
 */
FWVAR_API int fwvar_assign_bytes(struct fwvar_edit *edit,
                                 const struct fwvar_target *target, const void *bytes,
                                 size_t size, const struct fwvar_assign_options *options,
                                 struct fwvar_diag *diag);

/**
 * Reads attributes: "NV+BS+RT" (also HR, AT; separated by `+`, `,` or `|`) or a number.
 * @return 0 or #FWVAR_ERR_ARG.
 */
FWVAR_API int fwvar_attributes_parse(const char *text, uint32_t *attributes,
                                     struct fwvar_diag *diag);

/**
 * Reads a timestamp: `2026-11-22T14:02:42` (UTC; a space or T between, a Z at the end is
 * allowed), or 32 hex digits of an EFI_TIME verbatim.
 * @return 0 or #FWVAR_ERR_ARG.
 */
FWVAR_API int fwvar_time_parse(const char *text, uint8_t time[16],
                               struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
