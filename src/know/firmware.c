/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What is known about the firmware of an image, from the cheapest source that tells. */
#include <fwvar/firmware.h>

#include "base/diag.h"
#include "image/image.h"
#include "know/release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RPI3_MAIN_VOLUME 0x30000 /* where its image has it since layout B */

struct fwvar_firmware {
    const struct fwvar_image *image;
    bool board_given;
    bool head_read, content_tried;
    struct fwvar_release release;
    struct fwvar_content *content; /* NULL until, and unless, it could be opened */
};

static const struct {
    const char *board, *title;
} titles[] = {
    {"rpi", "Raspberry Pi"},    {"rpi3", "Raspberry Pi 3"}, {"rpi4", "Raspberry Pi 4"},
    {"rpi5", "Raspberry Pi 5"}, {"ovmf", "OVMF"},           {"aavmf", "AAVMF"},
};

const char *fwvar_board_title(const char *board)
{
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (strcmp(titles[i].board, board) == 0)
            return titles[i].title;
    }
    return "";
}

const char *fwvar_boards_title(unsigned boards)
{
    static const char *const pis[] = {
        "other boards",         "Raspberry Pi 3",       "Raspberry Pi 4",
        "Raspberry Pi 3 and 4", "Raspberry Pi 5",       "Raspberry Pi 3 and 5",
        "Raspberry Pi 4 and 5", "Raspberry Pi 3, 4, 5",
    };

    return boards == FWVAR_BOARD_ANY ? "any board" : pis[boards & FWVAR_BOARD_RPI];
}

/* What the platform is called where nothing in the image names the board. */
static const char *board_of_platform(enum fwvar_platform platform)
{
    switch (platform) {
    case FWVAR_PLATFORM_RPI:
        return "rpi";
    case FWVAR_PLATFORM_OVMF:
        return "ovmf";
    case FWVAR_PLATFORM_AAVMF:
        return "aavmf";
    default:
        return "";
    }
}

int fwvar_firmware_open(const struct fwvar_image *image, const char *board,
                        struct fwvar_firmware **firmware, struct fwvar_diag *diag)
{
    const struct fwvar_store *store = fwvar_image_store(image);
    struct fwvar_firmware *f = calloc(1, sizeof *f);

    if (!f)
        return fw_nomem(diag);
    f->image = image;
    fwvar_release_from_layout(fwvar_image_size(image), store ? store->volume.offset : 0,
                              0, &f->release);
    if (board && *board && strcmp(board, "rpi") != 0) {
        snprintf(f->release.board, sizeof f->release.board, "%s", board);
        f->board_given = true;
    } else if (!f->release.board[0]) {
        snprintf(f->release.board, sizeof f->release.board, "%s",
                 board_of_platform(fwvar_image_platform(image)));
    }
    *firmware = f;
    return 0;
}

void fwvar_firmware_free(struct fwvar_firmware *f)
{
    if (!f)
        return;
    fwvar_content_free(f->content);
    free(f);
}

/* The words for the layout name releases of the Pi 4; a Pi 3 has others. */
static void correct_era(struct fwvar_firmware *f)
{
    const struct fwvar_store *store = fwvar_image_store(f->image);
    struct fwvar_release layout;

    if (strcmp(f->release.board, "rpi3") != 0 || !store)
        return;
    fwvar_release_from_layout(fwvar_image_size(f->image), store->volume.offset,
                              RPI3_MAIN_VOLUME, &layout);
    f->release.era = layout.era;
}

/* A board that the user names stays, whatever the code looks like. */
static void merge(struct fwvar_firmware *f, const struct fwvar_release *found)
{
    struct fwvar_release other = *found;

    if (f->board_given)
        other.board[0] = '\0';
    fwvar_release_merge(&f->release, &other);
    correct_era(f);
}

static int read_head(struct fwvar_firmware *f, struct fwvar_diag *diag)
{
    uint64_t size = fwvar_image_size(f->image);
    size_t n = size < FWVAR_RELEASE_HEAD_SIZE ? (size_t)size : FWVAR_RELEASE_HEAD_SIZE;
    struct fwvar_release found;
    uint8_t *owned;
    int code;

    if (f->head_read)
        return 0;
    const uint8_t *head = fw_image_start(f->image, n, &owned, &code, diag);
    if (!head)
        return code;
    fwvar_release_from_head(head, n, &found);
    free(owned);
    merge(f, &found);
    f->head_read = true;
    return 0;
}

/* Tries once; that there is nothing to decompress is an answer too. */
static int read_content(struct fwvar_firmware *f, struct fwvar_diag *diag)
{
    uint64_t size = fwvar_image_size(f->image);
    struct fwvar_release found;
    struct fwvar_diag why;
    uint8_t *owned;
    int code;

    if (f->content_tried || size > FWVAR_FIRMWARE_IMAGE_MAX)
        return 0;
    const uint8_t *bytes = fw_image_start(f->image, (size_t)size, &owned, &code, diag);
    if (!bytes)
        return code;
    code = fwvar_content_open(bytes, (size_t)size, &f->content, &why);
    free(owned);
    if (code == FWVAR_ERR_NOMEM)
        return fw_nomem(diag);
    f->content_tried = true;
    if (code != 0)
        return 0;
    fwvar_content_release(f->content, &found);
    merge(f, &found);
    return 0;
}

/* Other platforms than the Pi have no releases that anything here depends on. */
static bool is_open(const struct fwvar_release *r)
{
    bool some_pi = strncmp(r->board, "rpi", 3) == 0;

    return !r->board[0] || strcmp(r->board, "rpi") == 0 || (some_pi && !r->version[0]);
}

int fwvar_firmware_release(struct fwvar_firmware *f, enum fwvar_effort effort,
                           const struct fwvar_release **release, struct fwvar_diag *diag)
{
    int code = read_head(f, diag);

    if (code == 0 && effort == FWVAR_EFFORT_CONTENT && is_open(&f->release))
        code = read_content(f, diag);
    *release = &f->release;
    return code;
}

int fwvar_firmware_settle(struct fwvar_firmware *f, enum fwvar_effort effort,
                          struct fwvar_diag *diag)
{
    int code = read_head(f, diag);

    if (code == 0 && effort == FWVAR_EFFORT_CONTENT)
        code = read_content(f, diag);
    if (code == 0)
        f->content_tried = true;
    return code;
}

int fwvar_release_of_image(const struct fwvar_image *image, struct fwvar_release *release,
                           struct fwvar_diag *diag)
{
    const struct fwvar_release *found = NULL;
    struct fwvar_firmware *f = NULL;
    int code = fwvar_firmware_open(image, NULL, &f, diag);

    if (code != 0)
        return code;
    code = fwvar_firmware_release(f, FWVAR_EFFORT_CONTENT, &found, diag);
    if (code == 0)
        *release = *found;
    fwvar_firmware_free(f);
    return code;
}

/* ---- does it know a setting? ---- */

/* Whether a firmware is from before a release; the layout tells where the version
 * doesn't. */
static bool is_before(const struct fwvar_release *r, const char *since)
{
    const char *first, *last = NULL;
    enum fwvar_order order = fwvar_version_compare(r->version, since);

    if (order == FWVAR_ORDER_UNKNOWN && fw_release_era_span(r->era, &first, &last))
        order = fwvar_version_compare(last, since);
    return order == FWVAR_ORDER_OLDER;
}

/* By the catalogue: 1, 0, or -1. */
static int by_release(const struct fwvar_release *r, const struct fwvar_setting *s,
                      char *reason)
{
    int in = fwvar_setting_in_release(s, r->board, r->version);

    if (in == -1 && fwvar_board_set(r->board) == FWVAR_BOARD_RPI4)
        in = fw_release_era_has(r->era, s->since, s->until);
    if (in != 0)
        return in;
    bool early = s->since && is_before(r, s->since);
    if (!(s->boards & fwvar_board_set(r->board)))
        snprintf(reason, FWVAR_REASON_MAX, "it is a setting of %s%s%s",
                 fwvar_boards_title(s->boards),
                 *fwvar_board_title(r->board) ? ", this is firmware of " : "",
                 fwvar_board_title(r->board));
    else
        snprintf(reason, FWVAR_REASON_MAX, "it %s %s, this is %s",
                 early ? "came with" : "went after", early ? s->since : s->until,
                 fwvar_version_compare(r->version, "v1.0") != FWVAR_ORDER_UNKNOWN
                     ? r->version
                     : r->era);
    return 0;
}

/* By the names in the code. */
static int by_content(const struct fwvar_content *content, const struct fwvar_setting *s,
                      char *reason)
{
    if (!content)
        return -1;
    /* A form that declares the name for another GUID means another variable. */
    bool declared = fwvar_content_varstore(content, s->name, NULL) != NULL;
    if (fwvar_content_varstore(content, s->name, &s->guid) ||
        (!declared && fwvar_content_knows_name(content, s->name)))
        return 1;
    snprintf(reason, FWVAR_REASON_MAX, "its name does not occur in the firmware's code");
    return 0;
}

int fwvar_firmware_knows(struct fwvar_firmware *f, const struct fwvar_setting *s,
                         const struct fwvar_variables *stored, struct fwvar_knowledge *k,
                         struct fwvar_diag *diag)
{
    *k = (struct fwvar_knowledge){.known = 1};
    if (s->boards == FWVAR_BOARD_ANY ||
        (stored && fwvar_variables_get(stored, &s->guid, s->name)))
        return 0;
    int code = read_head(f, diag);
    if (code == 0)
        k->known = by_release(&f->release, s, k->reason);
    if (code != 0 || k->known >= 0)
        return code;
    code = read_content(f, diag);
    if (code == 0)
        k->known = by_release(&f->release, s, k->reason);
    if (code == 0 && k->known < 0)
        k->known = by_content(f->content, s, k->reason);
    return code;
}

/* ---- a setting in an image ---- */

static bool same_value(const struct fwvar_setting_value *a,
                       const struct fwvar_setting_value *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* A default that depends on the release, where the release is not known: it is exact all
 * the same if it never changed while this layout was used. */
static int find_default(const struct fwvar_release *r, struct fwvar_setting_state *state)
{
    const struct fwvar_setting *s = state->setting;
    const char *first, *last;
    struct fwvar_setting_value a, b;

    int code = fwvar_setting_default(s, r->board, r->version, &state->fallback,
                                     &state->default_exact);
    state->has_default = code == 0;
    if (!state->has_default || state->default_exact ||
        fwvar_board_set(r->board) != FWVAR_BOARD_RPI4 ||
        !fw_release_era_span(r->era, &first, &last))
        return code == FWVAR_ERR_NOMEM ? code : 0;
    code = fwvar_setting_default(s, r->board, first, &a, NULL);
    if (code == 0)
        code = fwvar_setting_default(s, r->board, last, &b, NULL);
    if (code == 0 && same_value(&a, &b)) {
        state->fallback = a;
        state->default_exact = true;
    }
    return code == FWVAR_ERR_NOMEM ? code : 0;
}

/* There are only private builds for the Pi 5, each with settings of its own, so the
 * catalogue alone does not tell what one of them has. */
static int ask_content(struct fwvar_firmware *f, const struct fwvar_variables *stored,
                       struct fwvar_setting_state *state, struct fwvar_diag *diag)
{
    const struct fwvar_setting *s = state->setting;

    if (fwvar_board_set(f->release.board) != FWVAR_BOARD_RPI5 ||
        s->boards == FWVAR_BOARD_ANY || state->knowledge.known != 1 ||
        (stored && state->stored))
        return 0;
    int code = read_content(f, diag);
    if (code == 0 && f->content)
        state->knowledge.known = by_content(f->content, s, state->knowledge.reason);
    return code;
}

int fwvar_setting_inspect(const struct fwvar_setting *setting,
                          struct fwvar_firmware *firmware, const char *board,
                          const struct fwvar_variables *variables,
                          struct fwvar_setting_state *state, struct fwvar_diag *diag)
{
    struct fwvar_release none = {.era = ""};
    const struct fwvar_release *release = &none;
    int code = 0;

    *state = (struct fwvar_setting_state){.setting = setting, .knowledge = {.known = -1}};
    if (variables)
        state->stored = fwvar_variables_get(variables, &setting->guid, setting->name);
    if (firmware) {
        code =
            fwvar_firmware_knows(firmware, setting, variables, &state->knowledge, diag);
        if (code == 0)
            code = ask_content(firmware, variables, state, diag);
        if (code == 0)
            code = fwvar_firmware_release(firmware, FWVAR_EFFORT_HEAD, &release, diag);
    } else if (board) {
        snprintf(none.board, sizeof none.board, "%s", board);
    }
    if (code == 0 && find_default(release, state) != 0)
        code = fw_nomem(diag);
    return code;
}
