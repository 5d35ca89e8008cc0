/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A folder with files at paths below it. Symbolic links in it are never followed, so that
 * nothing outside is read, written or removed, whoever else may write to the folder. */
#ifndef FW_IMAGE_TREE_H
#define FW_IMAGE_TREE_H

#include <fwvar/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct fw_tree {
    const char *path; /* not owned */
    int fd;           /* -1: there is no such folder yet */
};

/* A place in the tree. */
struct fw_tree_spot {
    int folder;     /* the folder it is in, open; -1 if that is missing */
    char *file;     /* a path for fwvar_image_save() and the like, valid while folder is
                       open; NULL if that is missing */
    bool exists;
    struct stat st; /* of what is there */
};

/* Opens a folder, making it and those above if @make. */
int fw_tree_open(struct fw_tree *tree, const char *path, bool make,
                 struct fwvar_diag *diag);
void fw_tree_close(struct fw_tree *tree);

/* Finds a path of the form that fwvar/hosts.h promises, making the folders it needs if
 * @make. Returns 0 with the spot, to be left with fw_tree_leave(); FWVAR_ERR_REFUSED (a
 * symbolic link, or something else than a folder or a regular file is in the way);
 * FWVAR_ERR_IO; FWVAR_ERR_NOMEM. */
int fw_tree_find(const struct fw_tree *tree, const char *path, bool make,
                 struct fw_tree_spot *spot, struct fwvar_diag *diag);
void fw_tree_leave(struct fw_tree_spot *spot);

/* The regular files with as many parts in their path as @parts, sorted; parts that begin
 * with a dot are left out. The caller's, as are the texts. */
int fw_tree_list(const struct fw_tree *tree, size_t parts, char ***paths, size_t *count,
                 struct fwvar_diag *diag);
void fw_tree_free_list(char **paths, size_t count);

/* Removes a regular file, then the folders below the tree's own that are empty now. */
int fw_tree_remove(const struct fw_tree *tree, const char *path, struct fwvar_diag *diag);

/* Flushes names and files of the file system to disk. */
int fw_tree_sync(const struct fw_tree *tree, struct fwvar_diag *diag);

#endif
