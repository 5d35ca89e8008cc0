/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* An image into a file: what is written, and whether it has to be. */
#include "image/image.h"
#include "image/sink.h"
#include "image/target.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPARE 0x10000

struct saving {
    struct fw_target target;
    bool is_source; /* the target is the file the image was read from */
    bool gzip;      /* what is to be written */
};

static bool ends_in_gz(const char *path)
{
    size_t n = strlen(path);

    return n > 3 && strcmp(path + n - 3, ".gz") == 0;
}

/* True if the target lies where the image was read from, but is another file by now. */
static bool source_was_replaced(const struct saving *to, const struct fwvar_image *im)
{
    struct stat now;

    return to->target.exists && !to->is_source && im->path && stat(im->path, &now) == 0 &&
           fw_same_file(&now, &to->target.st);
}

static int prepare(struct saving *to, const struct fwvar_image *im,
                   const struct fwvar_save_options *options, struct fwvar_diag *diag)
{
    const struct fw_source *s = &im->source;
    struct fw_target *t = &to->target;
    const char *path = options->path;

    if (!path && !im->path)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "standard input cannot be changed in place; use -o");
    int code = fw_target_open(t, path ? path : im->path, !options->no_follow, diag);
    if (code != 0)
        return code;
    to->is_source = t->exists && s->is_file && fw_same_file(&t->st, &s->seen);
    to->gzip = to->is_source ? s->gzip : ends_in_gz(t->path);
    if ((!path && !to->is_source) || source_was_replaced(to, im))
        return fw_target_replaced(diag);
    return fw_source_unchanged(s, diag);
}

/* ---- leave an identical target alone ---- */

static bool same_range(const struct fw_source *a, const struct fw_source *b, uint64_t at,
                       uint64_t end, uint8_t *scratch)
{
    while (at < end) {
        size_t n = end - at < COMPARE ? (size_t)(end - at) : COMPARE;
        const uint8_t *p = fw_source_view(a, at, n, scratch, NULL);
        const uint8_t *q = fw_source_view(b, at, n, scratch + COMPARE, NULL);
        if (!p || !q || memcmp(p, q, n) != 0)
            return false;
        at += n;
    }
    return true;
}

static bool same_patch(const struct fw_source *s, const struct fwvar_patch *patch,
                       uint8_t *scratch)
{
    struct fw_source patched;
    bool same = true;

    fw_source_memory(&patched, patch->bytes, patch->size);
    for (uint64_t at = 0; same && at < patch->size; at += COMPARE) {
        uint64_t left = patch->size - at;
        size_t n = left < COMPARE ? (size_t)left : COMPARE;
        const uint8_t *p = fw_source_view(s, patch->offset + at, n, scratch, NULL);
        same = p && memcmp(p, patch->bytes + at, n) == 0;
    }
    return same;
}

/* 1 if @old already holds what would be written, 0 if not, or out of memory. */
static int same_content(const struct fw_source *old, const struct fw_source *image,
                        const struct fwvar_patch *patch, bool is_source)
{
    struct fwvar_patch none = {0}, *p = &none;

    if (old->size != image->size)
        return 0;
    uint8_t *scratch = malloc(2 * COMPARE);
    if (!scratch)
        return FWVAR_ERR_NOMEM;
    if (patch)
        none = *patch;
    bool same = same_patch(old, p, scratch);
    if (!is_source)
        same = same && same_range(old, image, 0, p->offset, scratch) &&
               same_range(old, image, p->offset + p->size, image->size, scratch);
    free(scratch);
    return same;
}

/* The same of the target. */
static int already_there(const struct saving *to, const struct fwvar_image *im,
                         const struct fwvar_patch *patch)
{
    struct fw_source old;

    if (!to->target.exists)
        return 0;
    if (to->is_source)
        return same_content(&im->source, &im->source, patch, true);
    int code = fw_source_open(&old, to->target.path, NULL);
    if (code != 0)
        return code == FWVAR_ERR_NOMEM ? code : 0;
    int same = old.gzip == to->gzip ? same_content(&old, &im->source, patch, false) : 0;
    fw_source_close(&old);
    return same;
}

/* ---- putting it together ---- */

/* The message is about another file than the target. */
static void blame_backup(const char *path, struct fwvar_diag *diag)
{
    char message[sizeof diag->message];

    if (!diag)
        return;
    snprintf(message, sizeof message, "backup %.200s: %.256s", path, diag->message);
    memcpy(diag->message, message, sizeof message);
}

/* Only a file or a link gives way to a backup. */
static int look_at_backup(const char *path, struct fwvar_diag *diag)
{
    struct stat st;

    if (lstat(path, &st) != 0 || S_ISREG(st.st_mode) || S_ISLNK(st.st_mode))
        return 0; /* if it cannot be looked at, writing it will tell */
    return fw_target_refuse(&st, diag);
}

static int back_up(const struct fw_target *t, const char *suffix,
                   struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    struct fw_temporary tmp = {NULL, -1};
    struct fw_source old = {.fd = t->fd, .size = (uint64_t)t->st.st_size};
    char *path = NULL;

    if (asprintf(&path, "%s%s", t->path, suffix) < 0)
        return fw_nomem(diag);
    struct fw_target copy = {
        .path = path, .fd = -1, .exists = true, .st = t->st, .sync_later = t->sync_later};
    int code = look_at_backup(path, diag);
    if (code == 0)
        code = fw_temporary_create(&tmp, &copy, diag);
    if (code == 0)
        code = fw_sink_image(&old, NULL, tmp.fd, false, diag);
    if (code == 0)
        code = fw_temporary_publish(&tmp, &copy, result, diag);
    fw_temporary_discard(&tmp);
    if (code != 0)
        blame_backup(path, diag);
    free(path);
    return code;
}

static int replace(const struct fwvar_image *im, const struct fwvar_patch *patch,
                   const struct saving *to, struct fwvar_save_result *result,
                   struct fwvar_diag *diag)
{
    struct fw_temporary tmp = {NULL, -1};

    int code = fw_temporary_create(&tmp, &to->target, diag);
    if (code == 0)
        code = fw_sink_image(&im->source, patch, tmp.fd, to->gzip, diag);
    if (code == 0)
        code = fw_temporary_publish(&tmp, &to->target, result, diag);
    fw_temporary_discard(&tmp);
    if (code == 0)
        result->written = true;
    return code;
}

int fwvar_image_save(const struct fwvar_image *im, const struct fwvar_patch *patch,
                     const struct fwvar_save_options *options,
                     struct fwvar_save_result *result, struct fwvar_diag *diag)
{
    const char *suffix = options->backup_suffix;
    struct saving to = {.target = {.fd = -1, .sync_later = options->sync_later}};
    struct fw_target *t = &to.target;
    struct fwvar_save_result ignored;

    if (!result)
        result = &ignored;
    *result = (struct fwvar_save_result){0};
    if (patch && !fw_range_ok(im->source.size, patch->offset, patch->size))
        return fw_fail(diag, FWVAR_ERR_ARG, patch->offset,
                       "patch reaches past the end of the image");
    if (suffix && (!*suffix || strchr(suffix, '/')))
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "'%.64s' is not a suffix for a backup", suffix);
    int code = prepare(&to, im, options, diag);
    result->created = !t->exists;
    result->links = t->exists ? (unsigned)t->st.st_nlink : 0;
    int same = code == 0 ? already_there(&to, im, patch) : 0;
    if (same < 0)
        code = fw_nomem(diag);
    if (code == 0 && !same) {
        if (options->dry_run)
            result->written = true;
        else if (t->exists && suffix)
            code = back_up(t, suffix, result, diag);
        if (code == 0 && !options->dry_run)
            code = replace(im, patch, &to, result, diag);
    }
    fw_target_close(t);
    return code;
}

int fwvar_image_write(const struct fwvar_image *im, const struct fwvar_patch *patch,
                      int fd, bool gzip, struct fwvar_diag *diag)
{
    return fw_sink_image(&im->source, patch, fd, gzip, diag);
}
