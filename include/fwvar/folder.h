/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Lists of variables in the file system: folders of the form that Linux shows under
 * /sys/firmware/efi/efivars (one file `Name-guid` per variable: four bytes of attributes,
 * little-endian, then the data), and single files.
 */
#ifndef FWVAR_FOLDER_H
#define FWVAR_FOLDER_H

#include <fwvar/varlist.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most bytes that fwvar_file_read() reads: more is no document. */
#define FWVAR_FILE_MAX (64u << 20)

/** Told of what is left out; @p text is one line. */
typedef void (*fwvar_note_fn)(void *context, const char *text);

/** True if @p path is a folder. */
FWVAR_API bool fwvar_folder_is(const char *path);

/**
 * Reads a folder, its files sorted by name so that the result does not depend on the file
 * system. Files that are no variables (other names, nothing behind the attributes, not
 * regular, unreadable, too large) are left out, each with a note.
 * @param note  may be NULL.
 * @return 0 with @p list the caller's; #FWVAR_ERR_IO; #FWVAR_ERR_ARG (two files mean the
 *         same variable); #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_folder_read(const char *path, struct fwvar_varlist **list,
                                fwvar_note_fn note, void *context,
                                struct fwvar_diag *diag);

/**
 * Writes a folder, all or nothing: it is made beside @p path, flushed and renamed. @p path
 * must not exist, or be an empty folder. Messages do not name it.
 * @return 0; #FWVAR_ERR_IO; #FWVAR_ERR_REFUSED (the folder is not empty);
 *         #FWVAR_ERR_ARG (a name longer than file names may be); #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_folder_write(const char *path, const struct fwvar_varlist *list,
                                 struct fwvar_diag *diag);

/**
 * Reads a whole file.
 * @param path   "-" is standard input.
 * @param bytes  receives it with a NUL behind, owned by the caller (free()).
 * @param size   bytes, the NUL not counted.
 * @return 0; #FWVAR_ERR_IO (also a folder, or more than #FWVAR_FILE_MAX);
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_file_read(const char *path, uint8_t **bytes, size_t *size,
                              struct fwvar_diag *diag);

/**
 * Writes a whole file, all or nothing, by the rules of fwvar_image_save(): locked, mode and
 * owner kept, the file behind a symbolic link replaced, anything but a file refused.
 * @return 0; otherwise as fwvar_image_save(). Messages do not name the file.
 */
FWVAR_API int fwvar_file_write(const char *path, const void *bytes, size_t size,
                               struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
