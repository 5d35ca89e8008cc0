/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The decompressed code part: a walk over volumes, files and sections with an explicit
 * list of what is still to be read, so that nothing in an image decides how deep the
 * stack goes, and budgets for everything an image could ask for without end. */
#include "know/content.h"

#include "base/diag.h"
#include "format/ffs.h"
#include "format/lzma.h"
#include "know/release.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX   8      /* volumes and sections inside each other; 4 in practice */
#define PENDING_MAX 256    /* parts found and not yet read */
#define STEPS_MAX   200000 /* files and sections of all kinds; about 1,000 in practice */
#define VOLUMES_MAX 64     /* volumes of an image that are read */

/* A part to be read: a volume, or a run of sections. */
struct part {
    const uint8_t *p;
    size_t size;
    uint64_t at; /* offset in the image, of the stream if decompressed */
    unsigned depth;
    bool sections;
};

struct walk {
    struct fwvar_content *content;
    struct part pending[PENDING_MAX];
    size_t count, steps, produced;
    bool compressed; /* something compressed was found, readable or not */
};

/* edk2: gLzmaCustomDecompressGuid */
static const struct fwvar_guid lzma_guid = FWVAR_GUID(
    0xee4e5898, 0x3914, 0x4259, 0x9d, 0x6e, 0xdc, 0x7b, 0xd7, 0x94, 0x03, 0xcf);

/* Volumes and drivers that only one platform has: FvNameGuid of the DXE volumes of
 * OvmfPkg and ArmVirtPkg; BCM2836 InterruptDxe, BcmGenetDxe, RpiPlatformDxe. */
static const struct marker {
    struct fwvar_guid guid;
    const char *board;
} markers[] = {
    {FWVAR_GUID(0x7cb8bdc9, 0xf8eb, 0x4f34, 0xaa, 0xea, 0x3e, 0xe4, 0xaf, 0x65, 0x16,
                0xa1),
     "ovmf"},
    {FWVAR_GUID(0x64074afe, 0x340a, 0x4be6, 0x94, 0xba, 0x91, 0xb5, 0xb4, 0xd0, 0xf7,
                0x1e),
     "aavmf"},
    {FWVAR_GUID(0x3944f2d7, 0x2e09, 0x4fc0, 0x9e, 0x98, 0x00, 0x83, 0x75, 0x64, 0x14,
                0x53),
     "rpi3"},
    {FWVAR_GUID(0xe2b1eaf3, 0x50b7, 0x4ae1, 0xb7, 0x9e, 0xec, 0x80, 0x20, 0xcb, 0x57,
                0xac),
     "rpi4"},
    {FWVAR_GUID(0xf6490266, 0x0e7f, 0x492e, 0x8e, 0x15, 0xac, 0x69, 0xc1, 0xb7, 0x70,
                0x8a),
     "rpi5"},
};

/* The first thing that went wrong is the one worth telling. */
__attribute__((format(printf, 2, 3))) static void warn(struct fwvar_content *content,
                                                       const char *format, ...)
{
    va_list args;

    if (content->warning[0])
        return;
    va_start(args, format);
    vsnprintf(content->warning, sizeof content->warning, format, args);
    va_end(args);
}

static void note_board(struct fwvar_content *content, const struct fwvar_guid *guid)
{
    for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++) {
        if (!fwvar_guid_equal(guid, &markers[i].guid))
            continue;
        if (content->board && content->board != markers[i].board)
            content->contradiction = true;
        content->board = markers[i].board;
    }
}

static void push(struct walk *w, const struct part *from, const uint8_t *p, size_t size,
                 bool sections)
{
    if (from->depth + 1 >= DEPTH_MAX) {
        warn(w->content, "volumes nested deeper than %d levels were not read", DEPTH_MAX);
        return;
    }
    if (w->count == PENDING_MAX) {
        warn(w->content, "more than %d parts at once, the rest was not read",
             PENDING_MAX);
        return;
    }
    w->pending[w->count++] = (struct part){p, size, from->at, from->depth + 1, sections};
}

static bool spend_step(struct walk *w)
{
    if (w->steps == STEPS_MAX) {
        warn(w->content, "more than %d files and sections, the rest was not read",
             STEPS_MAX);
        return false;
    }
    w->steps++;
    return true;
}

static int decompress(struct walk *w, const struct part *from, const struct fw_section *s)
{
    struct fwvar_content *content = w->content;
    struct fwvar_diag diag;
    struct fw_chunk chunk;

    w->compressed = true;
    if (content->count == FW_CHUNKS_MAX) {
        warn(content, "more than %d compressed sections, the rest was not read",
             FW_CHUNKS_MAX);
        return FWVAR_OK;
    }
    int err = fw_lzma_decode(s->data, s->data_size, FWVAR_CONTENT_MAX - w->produced,
                             from->at, &chunk.p, &chunk.size, &diag);
    if (err == FWVAR_ERR_NOMEM)
        return err;
    if (err) {
        warn(content, "%s", diag.message);
        return FWVAR_OK;
    }
    w->produced += chunk.size;
    content->chunks[content->count++] = chunk;
    push(w, from, chunk.p, chunk.size, true);
    return FWVAR_OK;
}

/* Compression type 0 is none, behind the 4-byte size; others are not used with LZMA. */
static void read_compression(struct walk *w, const struct part *from,
                             const struct fw_section *s)
{
    if (s->size > 5 && s->body[4] == 0)
        push(w, from, s->body + 5, s->size - 5, true);
    else if (s->size > 5)
        warn(w->content, "a section of compression type %u was not read", s->body[4]);
}

static int read_section(struct walk *w, const struct part *from,
                        const struct fw_section *s)
{
    switch (s->type) {
    case FW_SECTION_FV_IMAGE:
        push(w, from, s->body, s->size, false);
        return FWVAR_OK;
    case FW_SECTION_DISPOSE:
        push(w, from, s->body, s->size, true);
        return FWVAR_OK;
    case FW_SECTION_COMPRESS:
        read_compression(w, from, s);
        return FWVAR_OK;
    case FW_SECTION_GUIDED:
        if (fwvar_guid_equal(&s->guid, &lzma_guid))
            return decompress(w, from, s);
        if (!s->processing_required)
            push(w, from, s->data, s->data_size, true);
        else
            warn(w->content, "a section encoded in an unknown way was not read");
        return FWVAR_OK;
    default:
        return FWVAR_OK;
    }
}

static int read_sections(struct walk *w, const struct part *from)
{
    struct fw_section s;
    size_t pos = 0;
    int err = FWVAR_OK;

    while (!err && fw_section_next(from->p, from->size, &pos, &s) == 0) {
        if (!spend_step(w))
            return FWVAR_OK;
        err = read_section(w, from, &s);
    }
    return err;
}

static int read_volume(struct walk *w, const struct part *from)
{
    struct fw_ffs_file file;
    struct fw_fv fv;
    int err = FWVAR_OK;

    if (!fw_fv_open(from->p, from->size, false, &fv)) {
        warn(w->content, "a volume inside the one at 0x%llx is damaged",
             (unsigned long long)from->at);
        return FWVAR_OK;
    }
    note_board(w->content, &fv.name);
    for (size_t pos = fv.first_file; !err && fw_ffs_next(&fv, &pos, &file) == 0;) {
        if (!spend_step(w))
            return FWVAR_OK;
        if (file.type == FW_FFS_FILE_RAW || file.type == FW_FFS_FILE_PAD)
            continue;
        note_board(w->content, &file.name);
        struct part sections = {file.body, file.size, from->at, from->depth, true};
        err = read_sections(w, &sections);
    }
    return err;
}

static int read_pending(struct walk *w)
{
    int err = FWVAR_OK;

    while (!err && w->count > 0) {
        struct part part = w->pending[--w->count];
        err = part.sections ? read_sections(w, &part) : read_volume(w, &part);
    }
    return err;
}

/* Reads one volume of the image after the other; *found counts them. */
static int read_image(struct walk *w, const uint8_t *bytes, size_t size, size_t *found)
{
    struct fw_fv fv;
    size_t at = fw_fv_find(bytes, size, 0, false, &fv);
    int err = FWVAR_OK;

    for (*found = 0; at < size && !err && *found < VOLUMES_MAX; ++*found) {
        w->pending[w->count++] = (struct part){fv.p, fv.size, at, 0, false};
        err = read_pending(w);
        at = fw_fv_find(bytes, size, at + fv.size, false, &fv);
    }
    return err;
}

/* What to say if the walk gave nothing. */
static int judge(const struct walk *w, size_t volumes, struct fwvar_diag *diag)
{
    const struct fwvar_content *content = w->content;

    if (volumes == 0)
        return fw_fail(diag, FWVAR_ERR_FORMAT, FWVAR_NO_OFFSET,
                       "no firmware volume with code was found");
    if (content->count > 0)
        return FWVAR_OK;
    if (w->compressed || content->warning[0])
        return fw_fail(diag, FWVAR_ERR_DAMAGED, FWVAR_NO_OFFSET,
                       "the firmware could not be decompressed: %s", content->warning);
    return fw_fail(diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET,
                   "the firmware volumes hold nothing compressed");
}

int fwvar_content_open(const uint8_t *bytes, size_t size, struct fwvar_content **out,
                       struct fwvar_diag *diag)
{
    struct walk *w = calloc(1, sizeof *w);
    struct fwvar_content *content = calloc(1, sizeof *content);
    size_t volumes = 0;
    int err = FWVAR_ERR_NOMEM;

    if (w && content) {
        w->content = content;
        fwvar_release_from_head(bytes, size, &content->head);
        err = read_image(w, bytes, size, &volumes);
        if (!err)
            err = judge(w, volumes, diag);
        if (!err)
            err = fw_content_index(content);
    }
    free(w);
    if (err) {
        fwvar_content_free(content);
        return err == FWVAR_ERR_NOMEM ? fw_nomem(diag) : err;
    }
    *out = content;
    return FWVAR_OK;
}

void fwvar_content_free(struct fwvar_content *content)
{
    if (!content)
        return;
    for (size_t i = 0; i < content->count; i++)
        free(content->chunks[i].p);
    free(content->varstores);
    free(content);
}

const char *fwvar_content_warning(const struct fwvar_content *content)
{
    return content->warning[0] ? content->warning : NULL;
}

/* The public builds' version string, where the head of the image had none. */
static void find_version(const struct fwvar_content *content,
                         struct fwvar_release *release)
{
    static const char prefix[] = FW_VERSION_PREFIX;
    uint8_t needle[2 * (sizeof prefix - 1)];
    char text[sizeof release->version + sizeof prefix];

    for (size_t i = 0; i < sizeof prefix - 1; i++)
        fw_put16(needle + 2 * i, (uint16_t)prefix[i]);
    for (size_t i = 0; i < content->count && !release->version[0]; i++) {
        const struct fw_chunk *c = &content->chunks[i];
        for (size_t at = 0; at < c->size;) {
            const uint8_t *hit = memmem(c->p + at, c->size - at, needle, sizeof needle);
            if (!hit)
                break;
            at = (size_t)(hit - c->p);
            /* The shell's help says "UEFI Firmware version information." */
            if (fw_release_ascii(hit, c->size - at, text, sizeof text) &&
                !strchr(text + sizeof prefix - 1, ' ')) {
                fw_release_set_version(release, text);
                break;
            }
            at += sizeof needle;
        }
    }
}

void fwvar_content_release(const struct fwvar_content *content,
                           struct fwvar_release *release)
{
    *release = content->head;
    release->confidence = FWVAR_RELEASE_CONTENT;
    if (!release->version[0])
        find_version(content, release);
    if (content->contradiction || (content->board && release->board[0] &&
                                   strcmp(content->board, release->board) != 0))
        release->board[0] = '\0';
    else if (content->board)
        snprintf(release->board, sizeof release->board, "%s", content->board);
}
