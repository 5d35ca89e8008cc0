/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The firmware of an image: its release, whether it knows a setting, and every setting
 * set on the firmware that has it, judged by the second reader. */
#include "support/imagegen.h"
#include "support/imagemain.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <fwvar/assign.h>
#include <fwvar/firmware.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A fixture, open. */
struct opened {
    uint8_t *bytes;
    size_t size;
    struct fwvar_image *image;
    struct fwvar_variables *variables;
    struct fwvar_firmware *firmware;
};

static void open_bytes(struct opened *o, const char *board)
{
    struct fwvar_diag diag;

    ck_assert_msg(fwvar_image_open_bytes(o->bytes, o->size, 0, &o->image, &diag) == 0,
                  "%s", diag.message);
    ck_assert_int_eq(
        fwvar_variables_read(fwvar_image_store(o->image), &o->variables, &diag), 0);
    ck_assert_int_eq(fwvar_firmware_open(o->image, board, &o->firmware, &diag), 0);
}

static void open_fixture(struct opened *o, const char *name, const char *board)
{
    o->bytes = test_fixture(name, &o->size);
    open_bytes(o, board);
}

static void close_it(struct opened *o)
{
    fwvar_firmware_free(o->firmware);
    fwvar_variables_free(o->variables);
    fwvar_image_close(o->image);
    free(o->bytes);
}

/* Makes the compressed part unreadable. */
static void spoil_content(struct opened *o)
{
    static const uint8_t lzma[] = {0x98, 0x58, 0x4e, 0xee, 0x14, 0x39, 0x59, 0x42,
                                   0x9d, 0x6e, 0xdc, 0x7b, 0xd7, 0x94, 0x03, 0xcf};
    uint8_t *at = memmem(o->bytes, o->size, lzma, sizeof lzma);

    ck_assert_ptr_nonnull(at);
    memset(at + 20, 0xff, 200);
}

/* ---- the release ---- */

#define ERA_OLD "first layout (Pi 4: v1.0 to v1.4)"
#define ERA_2M  "2 MB layout (Pi 4: v1.5 to v1.38)"
#define ERA_4M  "4 MB layout (Pi 4: v1.39 or newer)"

static const struct {
    const char *fixture, *given, *board, *version, *date, *era;
    enum fwvar_release_confidence confidence;
} releases[] = {
    {"rpi4-2m-stock", NULL, "rpi4", "v1.35", "2023-06-05 11:12:41", ERA_2M,
     FWVAR_RELEASE_CONTENT},
    {"rpi4-4m-stock", NULL, "rpi4", "v1.42", "2025-05-25 11:12:41", ERA_4M,
     FWVAR_RELEASE_CONTENT},
    {"rpi4-old-2m", NULL, "rpi", "v1.4", "", ERA_OLD, FWVAR_RELEASE_CONTENT},
    {"rpi4-old-2m", "rpi4", "rpi4", "v1.4", "", ERA_OLD, FWVAR_RELEASE_CONTENT},
    {"rpi3-2m-stock", NULL, "rpi3", "v1.35", "2023-06-05 11:12:41", "2 MB layout",
     FWVAR_RELEASE_CONTENT},
    {"rpi5-stock", NULL, "rpi5", "", "2026-08-15 11:12:41", ERA_2M,
     FWVAR_RELEASE_CONTENT},
    {"rpi5-stock", "rpi4", "rpi4", "", "2026-08-15 11:12:41", ERA_2M,
     FWVAR_RELEASE_CONTENT},
    {"rpi4-2m-stock", "rpi", "rpi4", "v1.35", "2023-06-05 11:12:41", ERA_2M,
     FWVAR_RELEASE_CONTENT},
    {"ovmf-4m-vars", NULL, "ovmf", "", "", "", FWVAR_RELEASE_NONE},
    {"aavmf-vars", NULL, "aavmf", "", "", "", FWVAR_RELEASE_NONE},
};

START_TEST(release_of_a_fixture)
{
    const struct fwvar_release *r;
    struct fwvar_diag diag;
    struct opened o;

    open_fixture(&o, releases[_i].fixture, releases[_i].given);
    ck_assert_int_eq(fwvar_firmware_release(o.firmware, FWVAR_EFFORT_CONTENT, &r, &diag),
                     0);
    ck_assert_str_eq(r->board, releases[_i].board);
    ck_assert_str_eq(r->version, releases[_i].version);
    ck_assert_str_eq(r->build_date, releases[_i].date);
    ck_assert_str_eq(r->era, releases[_i].era);
    ck_assert_int_eq(r->confidence, releases[_i].confidence);
    if (!releases[_i].given) {
        struct fwvar_release again;
        ck_assert_int_eq(fwvar_release_of_image(o.image, &again, &diag), 0);
        ck_assert_str_eq(again.board, r->board);
        ck_assert_str_eq(again.version, r->version);
    }
    close_it(&o);
}
END_TEST

/* Head and layout still tell what they can. */
START_TEST(release_without_readable_content)
{
    const struct fwvar_release *r;
    struct fwvar_diag diag;
    struct opened o;

    o.bytes = test_fixture("rpi4-old-2m", &o.size);
    spoil_content(&o);
    open_bytes(&o, NULL);
    ck_assert_int_eq(fwvar_firmware_release(o.firmware, FWVAR_EFFORT_CONTENT, &r, &diag),
                     0);
    ck_assert_str_eq(r->board, "rpi");
    ck_assert_str_eq(r->version, "");
    ck_assert_str_eq(r->era, ERA_OLD);
    ck_assert_int_eq(r->confidence, FWVAR_RELEASE_LAYOUT);
    close_it(&o);
}
END_TEST

/* ---- does it know a setting? ---- */

static const struct fwvar_setting *row_of(const char *name, const char *board)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];

    ck_assert_msg(fwvar_setting_find(name, board, found) == 1, "%s", name);
    return found[0];
}

static const struct {
    const char *fixture, *given, *setting, *row_board;
    bool spoilt; /* the content can't be read: head and layout have to do */
    int known;
    const char *reason;
} questions[] = {
    {"rpi4-2m-stock", NULL, "ram-limit", "rpi4", true, 1, ""},
    {"rpi4-4m-stock", NULL, "ram-limit", "rpi4", true, 1, ""},
    {"rpi4-2m-stock", NULL, "xhci-reload", "rpi4", true, 0,
     "it came with v1.36, this is v1.35"},
    {"rpi4-4m-stock", NULL, "xhci-reload", "rpi4", true, 1, ""},
    {"rpi4-2m-stock", NULL, "boot-policy", "rpi4", true, 0,
     "it went after v1.28, this is v1.35"},
    {"rpi4-2m-saved", NULL, "boot-policy", "rpi4", true, 0,
     "it came with v1.26, this is v1.20"},
    {"rpi5-stock", NULL, "ram-limit", "rpi4", true, 0,
     "it is a setting of Raspberry Pi 3 and 4, this is firmware of Raspberry Pi 5"},
    {"rpi5-stock", NULL, "system-table", "rpi5", true, 1, ""},
    {"rpi5-stock", NULL, "system-table", "rpi4", true, 0,
     "it is a setting of Raspberry Pi 3 and 4, this is firmware of Raspberry Pi 5"},
    {"ovmf-4m-vars", NULL, "ram-limit", "rpi4", false, 0,
     "it is a setting of Raspberry Pi 3 and 4, this is firmware of OVMF"},
    {"ovmf-4m-vars", NULL, "timeout", "rpi4", false, 1, ""},
    /* a Pi 3 counts releases of its own, so only the content tells */
    {"rpi3-2m-stock", NULL, "xhci-reload", "rpi4", false, 0,
     "it is a setting of Raspberry Pi 4, this is firmware of Raspberry Pi 3"},
    {"rpi3-2m-stock", NULL, "xhci", "rpi3", false, 1, ""},
    {"rpi3-2m-stock", NULL, "mmc-dma", "rpi3", false, 1, ""},
    {"rpi3-2m-stock", NULL, "device-tree", "rpi3", false, 0,
     "its name does not occur in the firmware's code"},
    {"rpi3-2m-stock", NULL, "mmc-dma", "rpi3", true, -1, ""},
    /* no head: board and version are in the content alone */
    {"rpi4-old-2m", NULL, "ram-limit", "rpi4", false, 1, ""},
    {"rpi4-old-2m", NULL, "xhci", "rpi4", false, 0,
     "its name does not occur in the firmware's code"},
    {"rpi4-old-2m", NULL, "xhci", "rpi4", true, -1, ""},
    /* the layout stands for its releases */
    {"rpi4-old-2m", "rpi4", "xhci", "rpi4", true, 0,
     "it came with v1.30, this is " ERA_OLD},
    {"rpi4-old-2m", "rpi4", "ram-limit", "rpi4", true, -1, ""},
};

START_TEST(knows_a_setting)
{
    struct fwvar_knowledge k;
    struct fwvar_diag diag;
    struct opened o;

    o.bytes = test_fixture(questions[_i].fixture, &o.size);
    if (questions[_i].spoilt)
        spoil_content(&o);
    open_bytes(&o, questions[_i].given);
    ck_assert_int_eq(
        fwvar_firmware_knows(o.firmware,
                             row_of(questions[_i].setting, questions[_i].row_board),
                             o.variables, &k, &diag),
        0);
    ck_assert_msg(k.known == questions[_i].known, "%s of %s: %d", questions[_i].setting,
                  questions[_i].fixture, k.known);
    ck_assert_str_eq(k.reason, questions[_i].reason);
    close_it(&o);
}
END_TEST

/* A private build whose version says nothing: the layout, then the content. */
START_TEST(private_build_by_layout)
{
    struct fwvar_knowledge k;
    struct fwvar_diag diag;
    struct ig_image im;
    struct opened o;

    ig_create(&im, 0x3d0000, &ig_pi_4m);
    ig_put_main(&im.file, &(struct ig_main){0x20000, 0x390000, IG_PI4, 2, "Aug 11 2025"});
    o.bytes = im.file.p;
    o.size = im.file.size;
    spoil_content(&o);
    open_bytes(&o, NULL);
    fwvar_firmware_knows(o.firmware, row_of("ram-limit", "rpi4"), o.variables, &k, &diag);
    ck_assert_int_eq(k.known, 1);
    fwvar_firmware_knows(o.firmware, row_of("boot-policy", "rpi4"), o.variables, &k,
                         &diag);
    ck_assert_int_eq(k.known, 0);
    ck_assert_str_eq(k.reason, "it went after v1.28, this is " ERA_4M);
    close_it(&o);
}
END_TEST

/* What the firmware has stored, it knows. */
START_TEST(stored_is_known)
{
    struct fwvar_knowledge k;
    struct fwvar_diag diag;
    struct ig_image im;
    struct opened o;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    ig_put_main(&im.file,
                &(struct ig_main){0x20000, 0x1b0000, IG_PI4, 135, "Jun  5 2023"});
    ig_set_u32(&im, "XhciReload", IG_CONFIG, 1);
    o.bytes = im.file.p;
    o.size = im.file.size;
    open_bytes(&o, NULL);
    fwvar_firmware_knows(o.firmware, row_of("xhci-reload", "rpi4"), o.variables, &k,
                         &diag);
    ck_assert_int_eq(k.known, 1);
    fwvar_firmware_knows(o.firmware, row_of("xhci-reload", "rpi4"), NULL, &k, &diag);
    ck_assert_int_eq(k.known, 0);
    close_it(&o);
}
END_TEST

/* ---- value and default in an image ---- */

START_TEST(state_of_a_setting)
{
    struct fwvar_setting_state st;
    struct fwvar_diag diag;
    struct opened o;

    open_fixture(&o, "rpi4-2m-saved", NULL);
    const struct fwvar_setting *s = row_of("ram-limit", "rpi4");
    ck_assert_int_eq(fwvar_setting_inspect(s, o.firmware, NULL, o.variables, &st, &diag),
                     0);
    ck_assert_ptr_nonnull(st.stored);
    ck_assert_uint_eq(st.stored->data[0], 0);
    ck_assert(st.has_default && st.default_exact);
    ck_assert_uint_eq(st.fallback.bytes[0], 1);
    ck_assert_int_eq(st.knowledge.known, 1);
    /* v1.20 routed the card to the Arasan controller; v1.35 no more. */
    s = row_of("sd-routing", "rpi4");
    fwvar_setting_inspect(s, o.firmware, NULL, o.variables, &st, &diag);
    ck_assert_uint_eq(st.fallback.bytes[0], 1);
    close_it(&o);
    open_fixture(&o, "rpi4-2m-stock", NULL);
    fwvar_setting_inspect(s, o.firmware, NULL, o.variables, &st, &diag);
    ck_assert_ptr_null(st.stored);
    ck_assert_uint_eq(st.fallback.bytes[0], 0);
    close_it(&o);
    /* Without an image: by the board alone. */
    fwvar_setting_inspect(s, NULL, "rpi4", NULL, &st, &diag);
    ck_assert(st.has_default && !st.default_exact);
    ck_assert_int_eq(st.knowledge.known, -1);
}
END_TEST

/* ---- every row, every keyword, on a stock image ---- */

static const char *fixture_of(const struct fwvar_setting *s, const char **board)
{
    if (s->boards & FWVAR_BOARD_RPI4) {
        *board = "rpi4";
        return "rpi4-2m-stock";
    }
    *board = s->boards & FWVAR_BOARD_RPI5 ? "rpi5" : "rpi3";
    return s->boards & FWVAR_BOARD_RPI5 ? "rpi5-stock" : "rpi3-2m-stock";
}

/* Sets it by GUID and name, and reads the result with the second reader. */
static void set_and_reread(struct opened *o, const struct fwvar_setting *s,
                           const char *board, const char *text)
{
    struct fwvar_assign_options options = {.board = board};
    struct fwvar_setting_value due;
    char name[128], guid[FWVAR_GUID_TEXT_SIZE];
    struct fwvar_target target;
    struct fwvar_edit *edit;
    struct fwvar_patch patch;
    struct fwvar_diag diag;
    struct sr_image im;

    fwvar_guid_format(&s->guid, guid);
    snprintf(name, sizeof name, "%s-%s", guid, s->name);
    ck_assert_int_eq(fwvar_setting_parse(s, board, text, false, &due, &diag), 0);
    ck_assert_int_eq(fwvar_edit_begin(o->image, 0, &edit, &diag), 0);
    ck_assert_int_eq(fwvar_target_find(edit, name, board, &target, &diag), 0);
    ck_assert_msg(fwvar_assign_text(edit, &target, text, &options, &diag) == 0,
                  "%s=%s: %s", s->name, text, diag.message);
    ck_assert_int_eq(fwvar_edit_finish(edit, &patch, NULL, &diag), 0);
    uint8_t *copy = malloc(o->size);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, o->bytes, o->size);
    memcpy(copy + patch.offset, patch.bytes, patch.size);
    ck_assert_msg(sr_open(&im, copy, o->size), "%s", im.error);
    ck_assert_uint_eq(im.n_live, 1);
    ck_assert(im.free_clean && im.header_sum_ok);
    const struct sr_record *r = sr_find(&im, s->name, guid);
    ck_assert_ptr_nonnull(r);
    ck_assert_uint_eq(r->attributes, s->attributes);
    if (s->size)
        ck_assert_uint_eq(r->data_size, s->size);
    ck_assert_uint_eq(r->data_size, due.size);
    ck_assert_int_eq(memcmp(r->data, due.bytes, due.size), 0);
    sr_close(&im);
    free(copy);
    fwvar_edit_end(edit);
}

/* Text that fits the type of a row without keywords. */
static const char *sample_of(const struct fwvar_setting *s, char text[64])
{
    switch (s->type) {
    case FWVAR_SETTING_UTF16:
        return "rack 3";
    case FWVAR_SETTING_ASCII:
        return "en-US";
    case FWVAR_SETTING_BYTES:
        text[0] = '\0';
        for (size_t i = 0; i < s->size; i++)
            strcat(text, "0a");
        return text;
    default:
        return NULL;
    }
}

START_TEST(every_row_on_a_stock_image)
{
    const struct fwvar_setting *s = fwvar_setting_at((size_t)_i);
    const char *board, *fixture = fixture_of(s, &board);
    unsigned bit = fwvar_board_set(board);
    char text[64];
    size_t n = 0;
    struct opened o;

    open_fixture(&o, fixture, NULL);
    for (const struct fwvar_setting_keyword *k = s->keywords; k && k->word; k++) {
        if (k->boards & bit) {
            set_and_reread(&o, s, board, k->word);
            n++;
        }
    }
    for (const struct fwvar_setting_range *r = s->ranges; r && r->boards; r++) {
        if (!(r->boards & bit))
            continue;
        snprintf(text, sizeof text, "%lld", (long long)r->min);
        set_and_reread(&o, s, board, text);
        snprintf(text, sizeof text, "%lld", (long long)r->max);
        set_and_reread(&o, s, board, text);
        n++;
    }
    if (sample_of(s, text)) {
        set_and_reread(&o, s, board, sample_of(s, text));
        n++;
    }
    ck_assert_msg(n > 0, "%s has no value to set", s->name);
    close_it(&o);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

static Suite *suite(void)
{
    Suite *s = suite_create("firmware");
    TCase *c = tcase_create("firmware");

    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, release_of_a_fixture, 0, ROWS(releases));
    tcase_add_test(c, release_without_readable_content);
    tcase_add_loop_test(c, knows_a_setting, 0, ROWS(questions));
    tcase_add_test(c, private_build_by_layout);
    tcase_add_test(c, stored_is_known);
    tcase_add_test(c, state_of_a_setting);
    tcase_add_loop_test(c, every_row_on_a_stock_image, 0, (int)fwvar_setting_count());
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    return test_main(suite);
}
