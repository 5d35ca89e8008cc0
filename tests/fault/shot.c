/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fault/shot.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static struct blob read_link(const char *path)
{
    struct blob b = {calloc(1, 4096), 0};
    ssize_t n = b.p ? readlink(path, (char *)b.p, 4095) : -1;

    if (n < 0)
        give_up(path);
    b.size = (size_t)n;
    return b;
}

static void add(struct shot *shot, const char *path, const struct stat *st)
{
    struct shot_entry e = {.path = strdup(path), .is_folder = S_ISDIR(st->st_mode)};

    shot->at = realloc(shot->at, (shot->count + 1) * sizeof *shot->at);
    if (!shot->at || !e.path)
        give_up("shot");
    if (S_ISLNK(st->st_mode))
        e.blob = read_link(path);
    else if (!e.is_folder)
        e.blob = trial_read(path);
    shot->at[shot->count++] = e;
}

static void walk(struct shot *shot, const char *folder)
{
    DIR *d = opendir(*folder ? folder : ".");
    struct dirent *e;
    struct stat st;
    char path[4096];

    while (d && (e = readdir(d))) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", e->d_name);
        if (lstat(path, &st) != 0)
            give_up(path);
        add(shot, path, &st);
        if (S_ISDIR(st.st_mode))
            walk(shot, path);
    }
    if (d)
        closedir(d);
}

static int by_path(const void *a, const void *b)
{
    const struct shot_entry *x = a, *y = b;

    return strcmp(x->path, y->path);
}

void shot_take(struct shot *shot)
{
    *shot = (struct shot){NULL, 0};
    walk(shot, "");
    if (shot->count > 0)
        qsort(shot->at, shot->count, sizeof *shot->at, by_path);
}

void shot_free(struct shot *shot)
{
    for (size_t i = 0; i < shot->count; i++) {
        free(shot->at[i].path);
        free(shot->at[i].blob.p);
    }
    free(shot->at);
}

const struct shot_entry *shot_find(const struct shot *shot, const char *path)
{
    for (size_t i = 0; i < shot->count; i++) {
        if (strcmp(shot->at[i].path, path) == 0)
            return &shot->at[i];
    }
    return NULL;
}

bool shot_same_entry(const struct shot_entry *a, const struct shot_entry *b)
{
    if (!a || !b)
        return a == b;
    return a->is_folder == b->is_folder && blob_equal(&a->blob, &b->blob);
}

bool shot_same(const struct shot *a, const struct shot *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->at[i].path, b->at[i].path) == 0 &&
               shot_same_entry(&a->at[i], &b->at[i]);
    return same;
}

size_t shot_temporary(const char *path)
{
    for (const char *part = path; part;) {
        const char *slash = strchr(part, '/');
        size_t n = slash ? (size_t)(slash - part) : strlen(part);
        if (part[0] == '.' && n > 4 && strncmp(part + n - 4, ".tmp", 4) == 0)
            return (size_t)(part - path) + n;
        part = slash ? slash + 1 : NULL;
    }
    return 0;
}
