/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What can be told of a release without decompressing anything. */
#include "know/release.h"
#include "format/ffs.h"

#include <stdio.h>
#include <string.h>

/* Layouts of the Raspberry Pi platforms, from their FDF files and from images. A file
 * may carry the last, unpopulated region of the 4 MB layout or not. */
static const struct layout {
    uint64_t file_size, file_size_padded, nv_offset;
    uint64_t fv_main_rpi3; /* where only a Pi 3 has its main volume; 0: the same place */
    const char *era;
    const char *first, *last; /* releases for the Pi 4; NULL: to this day */
} layouts[] = {
    {0x200000, 0x200000, 0x1e0000, 0, "first layout (Pi 4: v1.0 to v1.4)", "v1.0",
     "v1.4"},
    {0x1f0000, 0x1f0000, 0x1d0000, 0x30000, "2 MB layout (Pi 4: v1.5 to v1.38)", "v1.5",
     "v1.38"},
    {0x3d0000, 0x3e0000, 0x3b0000, 0, "4 MB layout (Pi 4: v1.39 or newer)", "v1.39",
     NULL},
};

void fwvar_release_from_layout(uint64_t file_size, uint64_t nv_offset,
                               uint64_t fv_main_offset, struct fwvar_release *release)
{
    *release = (struct fwvar_release){.era = ""};
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        const struct layout *l = &layouts[i];
        bool rpi3 = l->fv_main_rpi3 && fv_main_offset == l->fv_main_rpi3;

        if (nv_offset != l->nv_offset ||
            (file_size != l->file_size && file_size != l->file_size_padded))
            continue;
        snprintf(release->board, sizeof release->board, "%s", rpi3 ? "rpi3" : "rpi");
        release->era = rpi3 ? "2 MB layout" : l->era;
        release->confidence = FWVAR_RELEASE_LAYOUT;
        return;
    }
}

bool fw_release_era_span(const char *era, const char **first, const char **last)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (era && strcmp(layouts[i].era, era) == 0) {
            *first = layouts[i].first;
            *last = layouts[i].last;
            return true;
        }
    }
    return false;
}

int fw_release_era_has(const char *era, const char *since, const char *until)
{
    const char *first, *last;

    if (!fw_release_era_span(era, &first, &last))
        return -1;
    if ((since && last && fwvar_version_compare(since, last) == FWVAR_ORDER_NEWER) ||
        (until && fwvar_version_compare(until, first) == FWVAR_ORDER_OLDER))
        return 0;
    bool from_start = !since || fwvar_version_compare(since, first) != FWVAR_ORDER_NEWER;
    bool to_end =
        !until || (last && fwvar_version_compare(until, last) != FWVAR_ORDER_OLDER);
    return from_start && to_end ? 1 : -1;
}

/* Distributor and CPU interface of the interrupt controller, as TF-A keeps them side by
 * side for its GICv2 driver: they are facts of the chip, not of a build. */
static const struct gic {
    uint64_t distributor, cpu_interface;
    const char *board;
} gics[] = {
    {0xff841000, 0xff842000, "rpi4"},
    {0x107fff9000, 0x107fffa000, "rpi5"},
};

static const char *board_of_gic(const uint8_t *pair)
{
    uint32_t low = fw_le32(pair);

    for (size_t i = 0; i < sizeof gics / sizeof gics[0]; i++) {
        if (low == (gics[i].distributor & UINT32_MAX) &&
            fw_le64(pair) == gics[i].distributor &&
            fw_le64(pair + 8) == gics[i].cpu_interface)
            return gics[i].board;
    }
    return NULL;
}

/* The chip of a Pi 3 has no such controller; its image starts with TF-A's first stage. */
static bool is_rpi3(const uint8_t *head, size_t size)
{
    static const char stage[] = "BL1: Booting BL2", names[] = "rpi3: Detected: ";

    return memmem(head, size, stage, sizeof stage - 1) &&
           memmem(head, size, names, sizeof names - 1);
}

const char *fwvar_release_board_hint(const uint8_t *head, size_t size)
{
    const char *found = NULL;

    if (size > FWVAR_RELEASE_HINT_SIZE)
        size = FWVAR_RELEASE_HINT_SIZE;
    for (size_t at = 0; size >= 16 && at <= size - 16; at += 8) {
        const char *board = board_of_gic(head + at);
        if (board && found && board != found)
            return "";
        found = board ? board : found;
    }
    if (!found && is_rpi3(head, size))
        return "rpi3";
    return found ? found : "";
}

static bool all_digits(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
    }
    return true;
}

/* C's __DATE__: "Jun  5 2023". Returns the month from 1, or 0. */
static unsigned month_of_date(const uint8_t *p)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (p[3] != ' ' || p[6] != ' ' || p[11] != 0 || !all_digits(p + 7, 4) ||
        !all_digits(p + 5, 1) || (p[4] != ' ' && !all_digits(p + 4, 1)))
        return 0;
    for (unsigned m = 0; m < 12; m++) {
        if (memcmp(p, months + (size_t)m * 3, 3) == 0)
            return m + 1;
    }
    return 0;
}

/* C's __TIME__: "11:12:41". */
static bool is_time(const uint8_t *p)
{
    return p[2] == ':' && p[5] == ':' && p[8] == 0 && all_digits(p, 2) &&
           all_digits(p + 3, 2) && all_digits(p + 6, 2);
}

/* The banner that the start-up code prints has the date and time of its compilation as
 * arguments; the compiler keeps those strings near it. */
static void read_build_date(const uint8_t *p, size_t size, struct fwvar_release *release)
{
    static const char banner[] = "UEFI firmware (version ";
    const size_t near = 0x200;
    const uint8_t *hit = memmem(p, size, banner, sizeof banner - 1), *date = NULL,
                  *time = NULL;

    if (!hit)
        return;
    size_t at = (size_t)(hit - p), end = size - at < near ? size : at + near;
    for (at = at < near ? 0 : at - near; end - at >= 12; at++) {
        if (!date && month_of_date(p + at))
            date = p + at;
        if (!time && is_time(p + at))
            time = p + at;
    }
    if (!date)
        return;
    int n = snprintf(release->build_date, sizeof release->build_date, "%.4s-%02u-%c%c",
                     (const char *)date + 7, month_of_date(date),
                     date[4] == ' ' ? '0' : date[4], date[5]);
    if (time && n > 0)
        snprintf(release->build_date + n, sizeof release->build_date - (size_t)n, " %.8s",
                 (const char *)time);
}

/* Whether a string says which release this is: it starts as those of the public builds,
 * or it has a number with a dot. */
static bool is_version(const char *text)
{
    if (strncmp(text, FW_VERSION_PREFIX, sizeof FW_VERSION_PREFIX - 1) == 0)
        return strlen(text) > sizeof FW_VERSION_PREFIX - 1;
    for (const char *p = text; *p; p++) {
        if (p[0] >= '0' && p[0] <= '9' && p[1] == '.' && p[2] >= '0' && p[2] <= '9')
            return true;
    }
    return false;
}

size_t fw_release_ascii(const uint8_t *utf16, size_t size, char *text, size_t room)
{
    size_t n = 0;

    for (size_t at = 0; size - at >= 2; at += 2) {
        uint16_t c = fw_le16(utf16 + at);
        if (c == 0) {
            text[n] = '\0';
            return n;
        }
        if (c < 0x20 || c > 0x7e || n + 1 >= room)
            return 0;
        text[n++] = (char)c;
    }
    return 0;
}

void fw_release_set_version(struct fwvar_release *release, const char *text)
{
    size_t prefix = sizeof FW_VERSION_PREFIX - 1;

    if (strncmp(text, FW_VERSION_PREFIX, prefix) == 0)
        text += prefix;
    snprintf(release->version, sizeof release->version, "%.*s",
             (int)sizeof release->version - 1, text);
}

/* The version is a UTF-16 string of the start-up code, another argument of the banner. */
static void read_version(const uint8_t *p, size_t size, struct fwvar_release *release)
{
    char text[sizeof release->version + sizeof FW_VERSION_PREFIX];

    for (size_t at = 0; size - at >= 4;) {
        size_t n = p[at + 1] == 0 && p[at] >= 0x20
                       ? fw_release_ascii(p + at, size - at, text, sizeof text)
                       : 0;
        if (n > 0 && is_version(text)) {
            fw_release_set_version(release, text);
            return;
        }
        at += 2 * n + 2;
    }
}

void fwvar_release_from_head(const uint8_t *head, size_t size,
                             struct fwvar_release *release)
{
    struct fw_ffs_file file;
    struct fw_fv fv;

    *release = (struct fwvar_release){.era = ""};
    if (size > FWVAR_RELEASE_HEAD_SIZE)
        size = FWVAR_RELEASE_HEAD_SIZE;
    snprintf(release->board, sizeof release->board, "%s",
             fwvar_release_board_hint(head, size));
    if (fw_fv_find(head, size, 0, true, &fv) != size) {
        size_t pos = fv.first_file;
        while (fw_ffs_next(&fv, &pos, &file) == 0) {
            if (file.type != FW_FFS_FILE_SEC)
                continue;
            read_build_date(file.body, file.size, release);
            read_version(file.body, file.size, release);
            break;
        }
    }
    if (release->board[0] || release->version[0] || release->build_date[0])
        release->confidence = FWVAR_RELEASE_CONTENT;
}

static void take_text(char *to, size_t room, const char *from)
{
    if (!to[0])
        snprintf(to, room, "%s", from);
}

void fwvar_release_merge(struct fwvar_release *release, const struct fwvar_release *other)
{
    if (strcmp(release->board, "rpi") == 0 && strncmp(other->board, "rpi", 3) == 0)
        release->board[0] = '\0';
    take_text(release->board, sizeof release->board, other->board);
    take_text(release->version, sizeof release->version, other->version);
    take_text(release->build_date, sizeof release->build_date, other->build_date);
    if (!release->era || !release->era[0])
        release->era = other->era;
    if (other->confidence > release->confidence)
        release->confidence = other->confidence;
}
