/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A file that is replaced as a whole: locked, written beside, flushed, renamed. */
#ifndef FW_IMAGE_TARGET_H
#define FW_IMAGE_TARGET_H

#include <fwvar/save.h>

#include <stdbool.h>
#include <sys/stat.h>

struct fw_target {
    char *path;     /* symbolic links followed */
    int fd;         /* the existing file, locked, or -1 */
    struct stat st; /* of it */
    bool exists;
    bool sync_later; /* its folder, by the caller */
};

struct fw_temporary {
    char *path;
    int fd; /* to write to */
};

/* Finds what @path means and locks it if it is there. Refused are what is no regular
 * file, and symbolic links unless @follow. To be closed also after an error. */
int fw_target_open(struct fw_target *t, const char *path, bool follow,
                   struct fwvar_diag *diag);
void fw_target_close(struct fw_target *t);
/* The messages for a target that is not the file it was, and for what is no file. */
int fw_target_replaced(struct fwvar_diag *diag);
int fw_target_refuse(const struct stat *st, struct fwvar_diag *diag);

/* A new file beside the target. To be discarded also after an error or when published. */
int fw_temporary_create(struct fw_temporary *tmp, const struct fw_target *t,
                        struct fwvar_diag *diag);
/* Gives it owner and mode of the target, flushes it, and puts it in the target's place.
 */
int fw_temporary_publish(struct fw_temporary *tmp, const struct fw_target *t,
                         struct fwvar_save_result *result, struct fwvar_diag *diag);
void fw_temporary_discard(struct fw_temporary *tmp);

/* A hidden name beside @path that nobody can guess, short enough for any file system; the
 * caller's. NULL if out of memory. */
char *fw_temporary_name(const char *path);

/* The folder that a path lies in; the caller's. NULL if out of memory. */
char *fw_folder_of(const char *path);
/* Flushes a folder; that it cannot be is no error. */
int fw_sync_folder(const char *folder, struct fwvar_save_result *result,
                   struct fwvar_diag *diag);
/* True if an error says that this file system, or what it lies on, cannot flush. */
bool fw_cannot_sync(int why);

#endif
