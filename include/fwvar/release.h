/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Which firmware an image holds. The variable store does not say; the code part does.
 * There are three ways to know, which cost differently:
 *
 * - the layout of the file: free, but tells only the era and the family;
 * - the head of the file: the start-up code is not compressed, so that release, build
 *   date and board can be read in well under a millisecond (fwvar_release_from_head());
 * - the content: most of the firmware is LZMA-compressed. Decompressed, it also tells
 *   which variables the firmware knows (fwvar_content_open(), about a fifth of a second).
 */
#ifndef FWVAR_RELEASE_H
#define FWVAR_RELEASE_H

#include <fwvar/guid.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a struct fwvar_release was made from. */
enum fwvar_release_confidence {
    FWVAR_RELEASE_NONE = 0, /**< nothing known */
    FWVAR_RELEASE_LAYOUT,   /**< sizes and offsets only: the era, not the release */
    FWVAR_RELEASE_CONTENT   /**< the firmware's own code and strings */
};

/** A firmware release. Text is ASCII, and "" where not known. */
struct fwvar_release {
    /** "rpi3", "rpi4", "rpi5", the family "rpi", "ovmf" (x86), "aavmf" (Arm) or "" */
    char board[16];
    /** as the firmware prints it, less the words "UEFI Firmware": "v1.35"; private
     * builds have forms of their own ("v0.0.2-61-gaeb5c96") */
    char version[64];
    /** when the start-up code was compiled: "2023-06-05 11:12:41" */
    char build_date[32];
    enum fwvar_release_confidence confidence;
    /** the layout in words, in static storage; "" if it is not a known one, never NULL */
    const char *era;
};

/** The order of two versions. */
enum fwvar_order {
    FWVAR_ORDER_OLDER = -1,
    FWVAR_ORDER_SAME = 0,
    FWVAR_ORDER_NEWER = 1,
    FWVAR_ORDER_UNKNOWN = 2
};

/**
 * Compares release versions of the form v1.35: numbers, component by component, so v1.4
 * is older than v1.20. Anything else (private builds such as v0.0.2-61-gaeb5c96, words,
 * "", NULL) has no place in that order.
 * @return how @p a stands to @p b, or #FWVAR_ORDER_UNKNOWN.
 */
FWVAR_API enum fwvar_order fwvar_version_compare(const char *a, const char *b);

/**
 * Fills @p release from the size of the file and the place of its variable volume.
 * The Raspberry Pi 4 and 5 share a layout, so the board is "rpi" for those.
 * @param file_size  bytes of the image.
 * @param nv_offset  bytes from the start of the image to the variable volume.
 * @param fv_main_offset  bytes to the first firmware volume of the image if the caller
 *        knows it, else 0; 0x30000 since layout B means a Raspberry Pi 3.
 */
FWVAR_API void fwvar_release_from_layout(uint64_t file_size, uint64_t nv_offset,
                                         uint64_t fv_main_offset,
                                         struct fwvar_release *release);

/** Bytes from the start of an image that fwvar_release_from_head() wants. */
#define FWVAR_RELEASE_HEAD_SIZE 0x40000

/** Bytes from the start of an image that fwvar_release_board_hint() looks at. */
#define FWVAR_RELEASE_HINT_SIZE 0x20000

/**
 * The board, from the Trusted Firmware-A code that starts a Raspberry Pi's image: the
 * place of the interrupt controller tells the chip (BCM2711, BCM2712), and only a Pi 3
 * starts with the first boot stage, which knows that board's names.
 * Measured on every TF-A binary that edk2-non-osi has had for the Pi 3 and 4 (v2.0 to
 * v2.9) and on Pi 4 and 5 images.
 * @param head  the first bytes of the image, #FWVAR_RELEASE_HINT_SIZE or less.
 * @return "rpi3", "rpi4", "rpi5", or "" if nothing or more than one is found. A hint:
 *         an image made to deceive can.
 */
FWVAR_API const char *fwvar_release_board_hint(const uint8_t *head, size_t size);

/**
 * Board, version and build date from the uncompressed head of an image. The layout is
 * left out (`era` is ""); fwvar_release_merge() brings both together.
 * @param head  the first bytes of the image, #FWVAR_RELEASE_HEAD_SIZE or less.
 */
FWVAR_API void fwvar_release_from_head(const uint8_t *head, size_t size,
                                       struct fwvar_release *release);

/**
 * Adds to @p release what @p other knows and it doesn't: empty texts, the era, a family
 * ("rpi") that the other narrows. The higher confidence wins.
 */
FWVAR_API void fwvar_release_merge(struct fwvar_release *release,
                                   const struct fwvar_release *other);

/** The decompressed code part of an image. */
struct fwvar_content;

/** Most bytes that fwvar_content_open() decompresses, all streams together. */
#define FWVAR_CONTENT_MAX (64u * 1024 * 1024)

/**
 * Finds the firmware volumes of an image and decompresses what is compressed in them.
 * Time and memory are bounded whatever the bytes are: #FWVAR_CONTENT_MAX of output,
 * 64 MB for the decoder, 8 levels, a fixed number of files and sections.
 * @param bytes  the complete image; not kept, may be freed after the call.
 * @param out    receives the content, to be freed with fwvar_content_free().
 * @return 0, also if some parts could not be read (fwvar_content_warning());
 *         #FWVAR_ERR_FORMAT if there is no firmware volume with code,
 *         #FWVAR_ERR_NOTFOUND if there is nothing compressed in them,
 *         #FWVAR_ERR_DAMAGED if nothing could be decompressed, #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_content_open(const uint8_t *bytes, size_t size,
                                 struct fwvar_content **out, struct fwvar_diag *diag);

/** Frees a content; NULL is allowed. */
FWVAR_API void fwvar_content_free(struct fwvar_content *content);

/** What could not be read, as one line, or NULL if all could. Owned by @p content. */
FWVAR_API const char *fwvar_content_warning(const struct fwvar_content *content);

/**
 * Board, version and build date, from the head of the image and from the drivers and
 * volumes inside. Where those contradict each other the board is "".
 */
FWVAR_API void fwvar_content_release(const struct fwvar_content *content,
                                     struct fwvar_release *release);

/**
 * Whether the firmware knows a variable: its name is declared by a form, or stands as a
 * string of its own (UTF-16, NUL-terminated) in the code or the configuration database.
 * "No" is no proof, since linkers let a string share the tail of a longer one: in
 * released images only "Lang", the tail of "PlatformLang", is missed that way.
 * @param name  the name in ASCII.
 */
FWVAR_API bool fwvar_content_knows_name(const struct fwvar_content *content,
                                        const char *name);

/** A variable as a form of the firmware declares it (IFR opcode EFI_IFR_VARSTORE_EFI). */
struct fwvar_varstore {
    const char *name; /**< owned by the content */
    struct fwvar_guid guid;
    uint32_t attributes;
    uint16_t size; /**< bytes of the payload */
};

/** Declaration @p index in the order of the image, or NULL past the end. */
FWVAR_API const struct fwvar_varstore *
fwvar_content_varstore_at(const struct fwvar_content *content, size_t index);

/**
 * The first declaration of a name.
 * @param guid  must match, unless NULL.
 * @return it, owned by the content, or NULL.
 */
FWVAR_API const struct fwvar_varstore *
fwvar_content_varstore(const struct fwvar_content *content, const char *name,
                       const struct fwvar_guid *guid);

#ifdef __cplusplus
}
#endif
#endif
