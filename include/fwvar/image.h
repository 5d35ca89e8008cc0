/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * A firmware image: opened from a file, a pipe or memory, its variable store located,
 * and saved again atomically. The only part of the library that does I/O.
 */
#ifndef FWVAR_IMAGE_H
#define FWVAR_IMAGE_H

#include <fwvar/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Kinds of machine, as far as they change what may be in a store. */
enum fwvar_platform {
    FWVAR_PLATFORM_ANY = 0, /**< nothing known: generic edk2 rules */
    FWVAR_PLATFORM_RPI,     /**< Raspberry Pi: cannot reclaim its store, see check rules */
    FWVAR_PLATFORM_OVMF,    /**< x86 virtual machines */
    FWVAR_PLATFORM_AAVMF    /**< Arm virtual machines and others with NOR flash drivers:
                                 reformat the whole store on any violation */
};

/** A known place of a variable store in an image file (edk2-platforms and edk2 FDFs). */
struct fwvar_layout {
    const char *name;             /**< "rpi4-2m", as `format --like` takes it */
    const char *title;            /**< "Raspberry Pi, 2 MB layout (v1.5 to v1.38)" */
    enum fwvar_platform platform;
    uint64_t file_size;           /**< bytes; 0 if any */
    uint64_t file_size_also;      /**< another accepted file size, or 0 */
    uint64_t offset;              /**< of the volume, bytes from the start of the image */
    uint64_t length;              /**< of the volume, bytes */
    /** Addresses in memory between which the boot loader has to put the device tree of a
     *  Raspberry Pi 4 (device_tree_address and device_tree_end of config.txt): behind the
     *  image, or in a gap of it. 0 for other machines. Images of one layout do not boot with
     *  the config.txt of another. */
    uint32_t device_tree, device_tree_end;
};

/** Flags of fwvar_image_open() and fwvar_image_open_bytes(). */
enum fwvar_open_flag {
    /** Look through the whole image, so that a second volume is found: for editors and
     *  checks. Without it known places are tried first and a find ends the search. */
    FWVAR_OPEN_THOROUGH = 1 << 0,
    /** Succeed also where no store is found, for tools that repair or salvage: then
     *  fwvar_image_store() returns NULL and fwvar_image_missing() says why. */
    FWVAR_OPEN_ANYTHING = 1 << 1,
    /** Read the whole file into memory now, for those who compare or save it many times. */
    FWVAR_OPEN_LOADED = 1 << 2
};

/** An open image. It does not change when it is read, so several threads may share it and
 *  have transactions on it, until it is closed or its platform is set. */
struct fwvar_image;

/**
 * Opens an image and locates its variable store.
 *
 * A store is accepted if its volume header is sound and a sound store header follows; if
 * there is none, the least damaged candidate is taken and the flaws are in the result
 * (fwvar_image_store()), so that readers can show what is left. Plain files are read with
 * pread, and only where needed; gzip files (told by content) and pipes are read whole.
 *
 * @param path   a regular file, a pipe, or "-" for standard input.
 * @param flags  enum fwvar_open_flag, combined.
 * @param image  receives the image, to be closed with fwvar_image_close().
 * @return 0; #FWVAR_ERR_IO (cannot be opened or read, a directory or a device);
 *         #FWVAR_ERR_FORMAT (no variable store found, or an unformatted one: the message
 *         says what was looked for); #FWVAR_ERR_AMBIGUOUS (several sound volumes; their
 *         offsets are in the message); #FWVAR_ERR_DAMAGED (bad gzip data);
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_image_open(const char *path, unsigned flags, struct fwvar_image **image,
                               struct fwvar_diag *diag);

/**
 * The same from memory. @p bytes are borrowed: they must stay unchanged until the image is
 * closed. They are not decompressed.
 */
FWVAR_API int fwvar_image_open_bytes(const void *bytes, size_t size, unsigned flags,
                                     struct fwvar_image **image, struct fwvar_diag *diag);

/** Closes an image; NULL is allowed. Views into it are invalid afterwards. */
FWVAR_API void fwvar_image_close(struct fwvar_image *image);

/** The variable store; a view owned by the image. NULL only with #FWVAR_OPEN_ANYTHING. */
FWVAR_API const struct fwvar_store *fwvar_image_store(const struct fwvar_image *image);

/** Why there is no store, if there is none. */
FWVAR_API const struct fwvar_diag *fwvar_image_missing(const struct fwvar_image *image);

/** Bytes of the image, uncompressed. */
FWVAR_API uint64_t fwvar_image_size(const struct fwvar_image *image);

/** True if the file was gzip-compressed. */
FWVAR_API bool fwvar_image_is_gzip(const struct fwvar_image *image);

/** The known layout that the store's place and the file's size match, or NULL. */
FWVAR_API const struct fwvar_layout *fwvar_image_layout(const struct fwvar_image *image);

/**
 * The machine: by the known layouts, unless set by fwvar_image_set_platform(). A volume at
 * a Raspberry Pi's offset counts as one whatever the file's size, because taking a Pi for
 * something else could make it write what crashes the board.
 */
FWVAR_API enum fwvar_platform fwvar_image_platform(const struct fwvar_image *image);

/** Overrides the platform. */
FWVAR_API void fwvar_image_set_platform(struct fwvar_image *image,
                                        enum fwvar_platform platform);

/** Offset of another sound NV volume in the image, bytes from its start, or
 *  #FWVAR_NO_OFFSET. Only looked for with #FWVAR_OPEN_THOROUGH. */
FWVAR_API uint64_t fwvar_image_second_volume(const struct fwvar_image *image);

/**
 * Reads bytes of the image.
 * @return 0; #FWVAR_ERR_IO, also if the file has shrunk; #FWVAR_ERR_ARG past the end.
 */
FWVAR_API int fwvar_image_read(const struct fwvar_image *image, uint64_t offset,
                               void *bytes, size_t size, struct fwvar_diag *diag);

/**
 * Finds the first difference of two images at or after @p *offset and its length; nearby
 * differences are not merged.
 * @return 0 with @p *offset and @p *length set, 1 if there is none, or an error. Bytes that
 *         only one of the images has count as different.
 */
FWVAR_API int fwvar_image_compare(const struct fwvar_image *a, const struct fwvar_image *b,
                                  uint64_t *offset, uint64_t *length,
                                  struct fwvar_diag *diag);

/** The known layouts. @return row @p i, or NULL behind the last. */
FWVAR_API const struct fwvar_layout *fwvar_layout_at(size_t i);

/** A platform by name ("rpi", "rpi3", "rpi4", "rpi5", "ovmf", "aavmf", "generic").
 *  @return 0 or #FWVAR_ERR_ARG. */
FWVAR_API int fwvar_platform_parse(const char *name, enum fwvar_platform *platform);

/** A platform's name in static storage: "Raspberry Pi" … */
FWVAR_API const char *fwvar_platform_title(enum fwvar_platform platform);

#ifdef __cplusplus
}
#endif
#endif
