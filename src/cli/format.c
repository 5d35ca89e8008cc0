/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The command format: an empty store in an image or in a new file. */
#include "cli/repair.h"

#include "base/bytes.h"

#include <fwvar/format.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGEST ((uint64_t)256 << 20)

/* What the options say. */
struct wanted {
    const struct fwvar_layout *layout;
    struct fwvar_format_options options;
    bool geometry; /* given by numbers */
};

/* ---- options ---- */

static int get_number(struct cli *cli, const struct cli_given *g, uint64_t most,
                      uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(g->arg, &end, 0);
    if (errno || *end || end == g->arg || g->arg[0] == '-' || *number > most)
        return cli_usage(cli, "a number of bytes, such as 0x20000", "--%s=%s", g->name,
                         g->arg);
    return CLI_OK;
}

static int get_layout(struct cli *cli, const char *name, struct wanted *w)
{
    char hint[256] = "layouts:";

    for (size_t i = 0; fwvar_layout_at(i); i++) {
        const struct fwvar_layout *l = fwvar_layout_at(i);
        size_t at = strlen(hint);
        if (strcmp(l->name, name) == 0) {
            w->layout = l;
            return CLI_OK;
        }
        snprintf(hint + at, sizeof hint - at, " %s", l->name);
    }
    return cli_usage(cli, hint, "no layout is called %s", name);
}

static int get_option(struct cli *cli, const struct cli_given *g, struct wanted *w)
{
    uint64_t *const numbers[] = {&w->options.offset, &w->options.length,
                                 &w->options.store_size};
    uint64_t block;

    if (g->id == FORMAT_LIKE)
        return get_layout(cli, g->arg, w);
    w->geometry = true;
    if (g->id != FORMAT_BLOCK_SIZE)
        return get_number(cli, g, LARGEST, numbers[g->id - FORMAT_OFFSET]);
    int status = get_number(cli, g, LARGEST, &block);
    w->options.block_size = (uint32_t)block;
    return status;
}

static int get_wanted(struct cli *cli, struct wanted *w)
{
    *w = (struct wanted){.options.force = cli->force};
    for (size_t i = 0; i < cli->given_count; i++) {
        if (get_option(cli, &cli->given[i], w) != CLI_OK)
            return CLI_TROUBLE;
    }
    if (w->layout && w->geometry)
        return cli_usage(cli, NULL, "either --like or numbers, not both");
    if (w->geometry && w->options.length == 0)
        return cli_usage(cli, NULL, "--length is missing");
    return CLI_OK;
}

/* ---- the layout, where none is named ---- */

/* 1 if the place of a layout's volume is blank, 0 if not, or an error. */
static int is_blank(const struct fwvar_image *image, const struct fwvar_layout *l,
                    struct fwvar_diag *diag)
{
    uint8_t chunk[4096], value = 0;

    for (uint64_t at = 0; at < l->length; at += sizeof chunk) {
        uint64_t left = l->length - at;
        size_t n = left < sizeof chunk ? (size_t)left : sizeof chunk;
        int code = fwvar_image_read(image, l->offset + at, chunk, n, diag);
        if (code != 0) /* a file that is too short for the layout is not it */
            return code == FWVAR_ERR_ARG ? 0 : code;
        value = at == 0 ? chunk[0] : value;
        if ((value != 0 && value != 0xFF) || fw_skip_bytes(chunk, 0, n, value) != n)
            return 0;
    }
    return 1;
}

/* The only layout of this file size with a store, or a blank place for one; or NULL. */
static int guess_layout(const struct fwvar_image *image,
                        const struct fwvar_layout **layout, struct fwvar_diag *diag)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    const struct fwvar_layout *found = NULL;
    uint64_t size = fwvar_image_size(image);
    unsigned count = 0;

    for (size_t i = 0; fwvar_layout_at(i); i++) {
        const struct fwvar_layout *l = fwvar_layout_at(i);
        if (size != l->file_size && size != l->file_size_also)
            continue;
        int fits = s ? s->volume.offset == l->offset : is_blank(image, l, diag);
        if (fits < 0)
            return fits;
        count += (unsigned)fits;
        found = fits ? l : found;
    }
    *layout = count == 1 ? found : NULL;
    return 0;
}

static int settle_layout(struct cli *cli, const char *path,
                         const struct fwvar_image *image, struct wanted *w)
{
    struct fwvar_diag diag;

    if (!w->geometry && !w->layout && guess_layout(image, &w->layout, &diag) != 0)
        return cli_fail(cli, path, &diag);
    if (!w->geometry && !w->layout)
        return cli_usage(cli,
                         "name a layout with --like, or give --offset, --length and "
                         "--store-size",
                         "an image of %llu bytes without a blank place for a store that "
                         "is known",
                         (unsigned long long)fwvar_image_size(image));
    if (w->layout) {
        w->options.offset = w->layout->offset;
        w->options.length = w->layout->length;
    }
    return CLI_OK;
}

/* ---- doing it ---- */

static int conclude(struct cli *cli, const char *path, const struct fwvar_image *image,
                    struct wanted *w)
{
    struct fwvar_patch patch;
    struct fwvar_diag diag;
    uint8_t *bytes;

    if (settle_layout(cli, path, image, w) != CLI_OK)
        return CLI_TROUBLE;
    if (fwvar_format(image, &w->options, &bytes, &patch, &diag) != 0)
        return cli_fail(cli, path, &diag);
    struct cli_patched p = {.image = image, .patch = &patch, .changed = patch.size > 0};
    if (!cli->json && !cli->quiet && patch.size > 0)
        fprintf(cli_report_stream(cli), "empty variable store at 0x%llx, 0x%llx bytes\n",
                (unsigned long long)patch.offset, (unsigned long long)patch.size);
    int status = cli_conclude_patch(cli, path, &p);
    free(bytes);
    return status;
}

static int format_image(struct cli *cli, const char *path, struct wanted *w)
{
    struct fwvar_image *image;

    if (cli_open(cli, path, FWVAR_OPEN_ANYTHING | FWVAR_OPEN_THOROUGH, &image) != CLI_OK)
        return CLI_TROUBLE;
    int status = conclude(cli, path, image, w);
    fwvar_image_close(image);
    return status;
}

/* A file of nothing but the store. QEMU's flash files are padded with zeros, others with
 * what erased flash holds. */
static int format_new(struct cli *cli, struct wanted *w)
{
    const struct fwvar_layout *l = w->layout;
    uint64_t size = l ? l->file_size : w->options.offset + w->options.length;
    const char *path = cli->output ? cli->output : "new image";
    struct fwvar_image *image;
    struct fwvar_diag diag;

    if (cli->output && strcmp(cli->output, "-") != 0 && !cli->force &&
        access(cli->output, F_OK) == 0)
        return cli_usage(cli, "name it as IMAGE to format the store in it, or --force",
                         "%s exists", cli->output);
    if (size == 0 || size > LARGEST)
        return cli_usage(cli, NULL, "a file of that size is no firmware image");
    uint8_t *bytes = malloc((size_t)size);
    if (!bytes)
        return cli_nomem(cli);
    memset(bytes, l && l->platform == FWVAR_PLATFORM_AAVMF && l->offset == 0 ? 0 : 0xFF,
           (size_t)size);
    int status;
    if (fwvar_image_open_bytes(bytes, (size_t)size, FWVAR_OPEN_ANYTHING, &image, &diag) !=
        0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = conclude(cli, path, image, w);
        fwvar_image_close(image);
    }
    free(bytes);
    return status;
}

int cmd_format(struct cli *cli)
{
    struct wanted w;

    if (cli->arg_count > 1) {
        cli_image_argument(cli, 1, 1);
        return CLI_TROUBLE;
    }
    if (cli_check_output(cli) != CLI_OK || get_wanted(cli, &w) != CLI_OK)
        return CLI_TROUBLE;
    if (cli->arg_count == 1)
        return format_image(cli, cli->args[0], &w);
    if (cli->in_place)
        return cli_usage(cli, NULL, "--in-place needs an image");
    if (!w.layout && !w.geometry)
        return cli_usage(cli, NULL,
                         "a new file needs --like, or --length and --store-size");
    return format_new(cli, &w);
}
