/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * The firmware inside an image, looked at only as far as somebody asks. The layout is
 * free and the head of the file cheap, which is enough for released images; decompressing
 * the code takes a fifth of a second and is done once, when a question needs it.
 */
#ifndef FWVAR_FIRMWARE_H
#define FWVAR_FIRMWARE_H

#include <fwvar/image.h>
#include <fwvar/release.h>
#include <fwvar/setting.h>
#include <fwvar/variables.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is known about the firmware of one image, which must outlive it. */
struct fwvar_firmware;

/** How much an answer may cost. */
enum fwvar_effort {
    FWVAR_EFFORT_HEAD,   /**< layout and the first 256 KB: under a millisecond */
    FWVAR_EFFORT_CONTENT /**< decompress, but only if the head left board or version open
                          */
};

/** Images larger than this many bytes are not decompressed. */
#define FWVAR_FIRMWARE_IMAGE_MAX (256u * 1024 * 1024)

/**
 * Begins; nothing is read yet.
 * @param board     what the user says the board is ("rpi4", as `--platform` takes it), or
 *                  NULL. Anything more exact than "rpi" overrides what the image says.
 * @param firmware  receives the result, to be freed with fwvar_firmware_free().
 * @return 0 or #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_firmware_open(const struct fwvar_image *image, const char *board,
                                  struct fwvar_firmware **firmware,
                                  struct fwvar_diag *diag);

/** Frees it; NULL is allowed. */
FWVAR_API void fwvar_firmware_free(struct fwvar_firmware *firmware);

/**
 * The release.
 * @param release  receives it, owned by @p firmware; a later call that does more work may
 *                 fill it further. Board "ovmf" or "aavmf" follows from the platform
 * where the image holds no code.
 * @return 0, also if little or nothing is known (`confidence` says so); #FWVAR_ERR_IO;
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_firmware_release(struct fwvar_firmware *firmware,
                                     enum fwvar_effort effort,
                                     const struct fwvar_release **release,
                                     struct fwvar_diag *diag);

/**
 * Finds out now what any later question may need, and nothing more after that: from then on
 * @p firmware never changes and may be shared between threads.
 * @param effort  #FWVAR_EFFORT_HEAD: what the head of the file leaves open stays open.
 * @return as fwvar_firmware_release().
 */
FWVAR_API int fwvar_firmware_settle(struct fwvar_firmware *firmware,
                                    enum fwvar_effort effort, struct fwvar_diag *diag);

/** fwvar_firmware_release() with #FWVAR_EFFORT_CONTENT for a single question. */
FWVAR_API int fwvar_release_of_image(const struct fwvar_image *image,
                                     struct fwvar_release *release,
                                     struct fwvar_diag *diag);

/** Enough bytes for a reason. */
#define FWVAR_REASON_MAX 192

/** Whether a firmware knows a setting. */
struct fwvar_knowledge {
    int known;                     /**< 1 yes, 0 no, -1 it can't be told */
    char reason[FWVAR_REASON_MAX]; /**< why not, one clause; "" unless @c known is 0 */
};

/**
 * Whether the firmware of the image reads a setting. Asked in the order of what it costs:
 * a variable that is stored already is known; then board and release against the
 * catalogue; then the span of releases that the layout stands for; and only where that
 * leaves it open the names in the decompressed code.
 * @param stored  the variables of the image, or NULL.
 * @return 0; #FWVAR_ERR_IO; #FWVAR_ERR_NOMEM. Code that can't be decompressed is no
 *         error: the answer is -1.
 */
FWVAR_API int fwvar_firmware_knows(struct fwvar_firmware *firmware,
                                   const struct fwvar_setting *setting,
                                   const struct fwvar_variables *stored,
                                   struct fwvar_knowledge *knowledge,
                                   struct fwvar_diag *diag);

/** A setting as one image has it. */
struct fwvar_setting_state {
    const struct fwvar_setting *setting;
    const struct fwvar_record *stored; /**< the live variable, or NULL; not owned */
    bool has_default;                  /**< what holds while it is not stored is known */
    bool default_exact;                /**< … for this release, else the newest one's */
    struct fwvar_setting_value fallback; /**< the default */
    struct fwvar_knowledge knowledge;
};

/**
 * Value, default and standing of a setting in an image.
 * @param firmware   of the image; NULL for no image: then @p board alone counts.
 * @param board      used without @p firmware; NULL or "" for all boards.
 * @param variables  of the image, or NULL.
 * @return 0; #FWVAR_ERR_IO; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_setting_inspect(const struct fwvar_setting *setting,
                                    struct fwvar_firmware *firmware, const char *board,
                                    const struct fwvar_variables *variables,
                                    struct fwvar_setting_state *state,
                                    struct fwvar_diag *diag);

/** A board's name for people: "Raspberry Pi 4", "OVMF"; "" if it is not known. */
FWVAR_API const char *fwvar_board_title(const char *board);

/** A set of boards for people: "Raspberry Pi 3 and 4", "any board". */
FWVAR_API const char *fwvar_boards_title(unsigned boards);

#ifdef __cplusplus
}
#endif
#endif
