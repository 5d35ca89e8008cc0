/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Advice: each rule has a state that it is about, and one beside it that it is not. */
#include "support/imagegen.h"
#include "support/testmain.h"

#include <fwvar/advice.h>
#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RPT "cd7cc258-31db-11e6-9fd3-63b0b8eed6b5"
#define BDP "5b6f7107-bb3c-4660-92cd-542690280bbd"

/* ---- states ---- */

static void set(struct ig_image *im, const char *name, const char *guid, const void *data,
                size_t size)
{
    ig_set(im,
           &(struct ig_record){
               .attributes = 7, .name = name, .guid = guid, .data = data, .size = size});
}

/* An entry of a path in hex, that nothing names. */
static void loose_entry(struct ig_image *im, unsigned number, uint32_t attributes,
                        const char *path_hex, bool marked)
{
    struct ig_bytes path = {0}, option = {0};
    char name[9];

    snprintf(name, sizeof name, "Boot%04X", number);
    ig_hex(&path, path_hex);
    ig_load_option(&option, attributes, "An entry", &path, marked);
    set(im, name, IG_GLOBAL, option.p, option.size);
    ig_free(&path);
    ig_free(&option);
}

/* The same, alone in BootOrder. */
static void entry(struct ig_image *im, unsigned number, uint32_t attributes,
                  const char *path_hex, bool marked)
{
    uint8_t order[2] = {(uint8_t)number, 0};

    loose_entry(im, number, attributes, path_hex, marked);
    set(im, "BootOrder", IG_GLOBAL, order, sizeof order);
}

#define END    "7fff0400"
#define URI    "03180d00687474703a2f2f612f" END /* Uri(http://a/) */
#define NO_URI "03180400" END
#define MAC_NODE                                                                         \
    "030b2500dca6320102030000000000000000000000000000000000000000000000000000"           \
    "01"
#define IP4_NODE                                                                         \
    "030c1b00"                                                                           \
    "0000000000000000000000000000000000000000000000"
#define PXE      MAC_NODE IP4_NODE END
#define HTTP_MAC MAC_NODE IP4_NODE NO_URI
#define SHELL_FV                                                                         \
    "0407140037aa159a55d54e4ab54186391ff68164"                                           \
    "0406140083a5047c3e9e1c4fad65e05268d0b4d1" END

static void nothing(struct ig_image *im)
{
    (void)im;
}

static void more_alone(struct ig_image *im)
{
    ig_set_u32(im, "RamMoreThan3GB", IG_CONFIG, 1);
}

static void limit_off(struct ig_image *im)
{
    ig_set_u32(im, "RamLimitTo3GB", IG_CONFIG, 0);
}

static void more_and_limit(struct ig_image *im)
{
    more_alone(im);
    limit_off(im);
}

static void http(struct ig_image *im)
{
    entry(im, 0, 1, URI, false);
}

static void http_inactive(struct ig_image *im)
{
    entry(im, 0, 0, URI, false);
}

static void http_made(struct ig_image *im)
{
    entry(im, 0, 1, HTTP_MAC, true);
}

static void http_next(struct ig_image *im)
{
    http_made(im);
    set(im, "BootNext", IG_GLOBAL, "\0", 2);
}

static void pxe(struct ig_image *im)
{
    entry(im, 0, 1, PXE, false);
}

static void uri_empty(struct ig_image *im)
{
    entry(im, 0, 1, NO_URI, false);
}

static void shell(struct ig_image *im)
{
    entry(im, 1, 1, SHELL_FV, false);
}

static void next(struct ig_image *im)
{
    pxe(im);
    set(im, "BootNext", IG_GLOBAL, "\0", 2);
}

static void loose(struct ig_image *im)
{
    loose_entry(im, 0, 1, PXE, false);
}

static void policy_old(struct ig_image *im)
{
    ig_set_u32(im, "BootDiscoveryPolicyOld", BDP, 2);
}

static void policy_old_and_pxe(struct ig_image *im)
{
    policy_old(im);
    pxe(im);
}

static void policy_old_and_http(struct ig_image *im)
{
    policy_old(im);
    http(im);
}

static void limit_global(struct ig_image *im)
{
    ig_set_u32(im, "RamLimitTo3GB", IG_GLOBAL, 0);
}

static void limit_rpt(struct ig_image *im)
{
    ig_set_u32(im, "RamLimitTo3GB", RPT, 0);
}

static void limit_typo(struct ig_image *im)
{
    ig_set_u32(im, "RamLimitTo3GB", "cd7cc258-31db-22e6-9f22-63b0b8eed6b6", 0);
}

static void limit_strange(struct ig_image *im)
{
    ig_set_u32(im, "RamLimitTo3GB", "01234567-89ab-cdef-0123-456789abcdef", 0);
}

static void delay_rpt(struct ig_image *im)
{
    ig_set_u32(im, "ResetDelay", RPT, 0);
}

static void order_config(struct ig_image *im)
{
    set(im, "BootOrder", IG_CONFIG, "\0\0", 2);
}

/* Fills the store with records of 1 KB. */
static void fill(struct ig_image *im, size_t kilobytes)
{
    static uint8_t data[1024];
    char name[48];

    for (size_t i = 0; i < kilobytes; i++) {
        snprintf(name, sizeof name, "Fill%zu", i);
        set(im, name, "01234567-89ab-cdef-0123-456789abcdef", data,
            sizeof data - 60 - 2 * (strlen(name) + 1));
    }
}

static void fill_45(struct ig_image *im)
{
    fill(im, 45);
}

static void fill_46(struct ig_image *im)
{
    fill(im, 46);
}

/* ---- the cases ---- */

enum layout { PI_2M, PI_4M, PI_OLD, OVMF };

static const struct advice_case {
    const char *rule;
    bool applies;
    enum layout layout;
    const char *board, *version; /* NULL: no release known */
    void (*build)(struct ig_image *im);
    const char *config;
    const char *says; /* part of the text, or NULL */
} cases[] = {
    {"ram-more-than-3gb", true, PI_2M, "rpi4", "v1.35", more_alone, NULL,
     "--set ram-limit=off"},
    {"ram-more-than-3gb", true, PI_4M, NULL, NULL, more_alone, NULL, NULL},
    {"ram-more-than-3gb", false, PI_2M, "rpi4", "v1.35", more_and_limit, NULL, NULL},
    {"ram-more-than-3gb", false, PI_2M, "rpi4", "v1.35", nothing, NULL, NULL},

    {"ram-limit-unknown", true, PI_OLD, "rpi4", "v1.3", limit_off, NULL, "before v1.4"},
    {"ram-limit-unknown", false, PI_OLD, "rpi4", "v1.4", limit_off, NULL, NULL},
    {"ram-limit-unknown", false, PI_OLD, "rpi4", "v1.3", nothing, NULL, NULL},
    {"ram-limit-unknown", false, PI_OLD, NULL, NULL, limit_off, NULL, NULL},

    {"boot-next-sticks", true, PI_2M, "rpi5", "", next, NULL, "TFTP"},
    {"boot-next-sticks", false, PI_2M, "rpi5", "", http, NULL, NULL},
    {"boot-next-sticks", false, OVMF, "ovmf", "", next, NULL, NULL},

    {"loose-entry", true, OVMF, "ovmf", "", loose, NULL, "Boot0000: in neither"},
    {"loose-entry", false, PI_2M, "rpi5", "", next, NULL, NULL},
    {"loose-entry", false, PI_2M, "rpi4", "v1.35", pxe, NULL, NULL},

    {"http-broken", true, PI_2M, "rpi4", "v1.38", http, NULL, "Boot0000"},
    {"http-broken", true, PI_4M, "rpi4", "v1.41", uri_empty, NULL, NULL},
    {"http-broken", true, PI_4M, "rpi4", "v1.40", http_next, NULL, NULL},
    {"http-broken", false, PI_2M, "rpi4", "v1.37", http, NULL, NULL},
    {"http-broken", false, PI_4M, "rpi4", "v1.42", http, NULL, NULL},
    {"http-broken", false, PI_4M, "rpi4", "v1.40", pxe, NULL, NULL},
    {"http-broken", false, PI_4M, "rpi4", "v1.40", http_inactive, NULL, NULL},
    {"http-broken", false, PI_4M, "rpi4", "v1.40", http_made, NULL, NULL},
    {"http-broken", false, PI_2M, "rpi3", "v1.38", http, NULL, NULL},
    {"http-broken", false, PI_4M, "rpi4", "v0.0.2-61-gaeb5c96", http, NULL, NULL},

    {"http-absent", true, PI_2M, "rpi4", "v1.5", http, NULL, "v1.6"},
    {"http-absent", false, PI_2M, "rpi4", "v1.6", http, NULL, NULL},
    {"http-absent", false, PI_2M, "rpi4", "v1.5", pxe, NULL, NULL},

    {"network-absent", true, PI_2M, "rpi4", "v1.11", pxe, NULL, "v1.12"},
    {"network-absent", true, PI_2M, "rpi4", "v1.6", http, NULL, NULL},
    {"network-absent", false, PI_2M, "rpi4", "v1.12", pxe, NULL, NULL},
    {"network-absent", false, PI_2M, "rpi4", "v1.11", shell, NULL, NULL},

    {"empty-uri", true, PI_4M, "rpi4", "v1.42", uri_empty, NULL, "Boot0000"},
    {"empty-uri", false, PI_2M, "rpi4", "v1.37", uri_empty, NULL, NULL},
    {"empty-uri", false, PI_4M, "rpi4", "v1.42", http, NULL, NULL},

    {"reboot-loop", true, PI_2M, "rpi4", "v1.16", nothing, NULL, NULL},
    {"reboot-loop", true, PI_2M, "rpi4", "v1.28", shell, NULL, NULL},
    {"reboot-loop", true, PI_2M, "rpi4", "v1.20", http_inactive, NULL, NULL},
    {"reboot-loop", false, PI_2M, "rpi4", "v1.15", nothing, NULL, NULL},
    {"reboot-loop", false, PI_2M, "rpi4", "v1.29", nothing, NULL, NULL},
    {"reboot-loop", false, PI_2M, "rpi4", "v1.20", http, NULL, NULL},
    {"reboot-loop", false, PI_2M, "rpi4", "v1.20", pxe, NULL, NULL},

    {"host-specific", true, PI_2M, "rpi4", "v1.37", policy_old_and_pxe, NULL,
     "tied to MAC dc:a6:32:01:02:03: "},
    {"host-specific", false, PI_2M, "rpi4", "v1.37", policy_old, NULL, NULL},
    {"host-specific", false, PI_2M, "rpi4", "v1.37", pxe, NULL, NULL},
    {"host-specific", false, PI_2M, "rpi4", "v1.37", policy_old_and_http, NULL, NULL},

    {"runtime-store", true, PI_4M, "rpi4", "v1.39", nothing, NULL, "v1.40"},
    {"runtime-store", false, PI_4M, "rpi4", "v1.40", nothing, NULL, NULL},
    {"runtime-store", false, PI_2M, "rpi4", "v1.38", nothing, NULL, NULL},

    {"zero-mac", true, PI_4M, "rpi4", "v1.51", nothing, NULL, NULL},
    {"zero-mac", true, PI_4M, "rpi4", "v1.52", nothing, NULL, NULL},
    {"zero-mac", false, PI_4M, "rpi4", "v1.50", nothing, NULL, NULL},
    {"zero-mac", false, PI_4M, "rpi4", "v1.53", nothing, NULL, NULL},

    {"store-full", true, OVMF, "ovmf", "", fill_46, NULL, "47104 bytes used"},
    {"store-full", false, OVMF, "ovmf", "", fill_45, NULL, NULL},

    {"config-txt", true, PI_4M, "rpi4", "v1.42", nothing,
     "arm_64bit=1\ndevice_tree_address=0x1f0000\ndevice_tree_end=0x200000\n",
     "config.txt has device_tree_address=0x1f0000, this image wants 0x3e0000, and "
     "device_tree_end=0x400000"},
    {"config-txt", true, PI_2M, "rpi4", "v1.35", nothing,
     "device_tree_address=0x1f0000\n  device_tree_address=0x3e0000 # newer\n", NULL},
    {"config-txt", false, PI_2M, "rpi4", "v1.35", nothing,
     "#device_tree_address=0x3e0000\ndevice_tree_address=0x1f0000", NULL},
    {"config-txt", false, PI_4M, "rpi4", "v1.42", nothing,
     "\r\ndevice_tree_address=4063232\r\n", NULL},
    {"config-txt", false, PI_4M, "rpi4", "v1.42", nothing, "armstub=RPI_EFI.fd\n", NULL},
    {"config-txt", false, PI_4M, "rpi4", "v1.42", nothing, NULL, NULL},
    {"config-txt", true, PI_2M, "rpi3", "v1.35", nothing, "device_tree_address=0x10000\n",
     NULL},
    {"config-txt", false, PI_OLD, "rpi3", "", nothing, "device_tree_address=0x10000\n",
     NULL},
    {"config-txt", false, PI_2M, "rpi5", "", nothing, "device_tree_address=0x10000\n",
     NULL},
    {"config-txt", false, OVMF, "ovmf", "", nothing, "device_tree_address=0x1f0000\n",
     NULL},

    {"look-alike-guid", true, PI_2M, "rpi4", "v1.35", limit_global, NULL,
     "RamLimitTo3GB is stored under " IG_GLOBAL ", the firmware looks under " IG_CONFIG},
    {"look-alike-guid", true, PI_2M, "rpi4", "v1.35", limit_rpt, NULL, RPT},
    {"look-alike-guid", true, PI_2M, "rpi4", "v1.35", limit_typo, NULL, NULL},
    {"look-alike-guid", true, PI_2M, "rpi4", "v1.35", order_config, NULL,
     "BootOrder is stored under " IG_CONFIG},
    {"look-alike-guid", false, PI_2M, "rpi4", "v1.35", limit_off, NULL, NULL},
    {"look-alike-guid", false, PI_2M, "rpi4", "v1.35", delay_rpt, NULL, NULL},
    {"look-alike-guid", false, PI_2M, "rpi4", "v1.35", limit_strange, NULL, NULL},
};

#define CASES ((int)(sizeof cases / sizeof cases[0]))

static void create(struct ig_image *im, enum layout layout)
{
    static const size_t sizes[] = {0x1f0000, 0x3d0000, 0x200000, 0x20000};
    static const struct ig_volume *const volumes[] = {&ig_pi_2m, &ig_pi_4m, &ig_pi_old_2m,
                                                      &ig_ovmf_2m};

    ig_create(im, sizes[layout], volumes[layout]);
}

static struct fwvar_release release_of(const char *board, const char *version)
{
    struct fwvar_release r = {.era = ""};

    snprintf(r.board, sizeof r.board, "%s", board ? board : "");
    snprintf(r.version, sizeof r.version, "%s", version ? version : "");
    return r;
}

static const struct fwvar_advised *find(const struct fwvar_advice_list *list,
                                        const char *rule)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].rule->rule, rule) == 0)
            return &list->items[i];
    }
    return NULL;
}

static void judge(const struct advice_case *c, const struct fwvar_advice_list *list)
{
    const struct fwvar_advised *a = find(list, c->rule);

    ck_assert_msg((a != NULL) == c->applies, "%s, case %d", c->rule, (int)(c - cases));
    if (a && c->says)
        ck_assert_msg(strstr(a->text, c->says) != NULL, "%s: %s", c->rule, a->text);
    if (a) /* the general text is never cut off */
        ck_assert_msg(strstr(a->text, a->rule->text) != NULL, "%s: %s", c->rule, a->text);
}

START_TEST(advice_on_an_image)
{
    const struct advice_case *c = &cases[_i];
    struct fwvar_release r = release_of(c->board, c->version);
    struct fwvar_advice_list list;
    struct fwvar_variables *variables;
    struct fwvar_image *image;
    struct fwvar_diag diag;
    struct ig_image im;

    create(&im, c->layout);
    c->build(&im);
    ck_assert_int_eq(fwvar_image_open_bytes(im.file.p, im.file.size, 0, &image, &diag),
                     0);
    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, &diag),
                     0);
    ck_assert_int_eq(fwvar_advise_image(image, variables, c->board ? &r : NULL, c->config,
                                        &list, &diag),
                     0);
    judge(c, &list);
    fwvar_variables_free(variables);
    fwvar_image_close(image);
    ig_close(&im);
}
END_TEST

/* Puts the variables of one image into a transaction on another. */
static void copy_variables(struct fwvar_edit *edit, const struct ig_image *from)
{
    struct fwvar_variables *variables;
    struct fwvar_image *image;
    struct fwvar_diag diag;

    ck_assert_int_eq(
        fwvar_image_open_bytes(from->file.p, from->file.size, 0, &image, &diag), 0);
    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, &diag),
                     0);
    for (size_t i = 0; i < fwvar_variables_count(variables); i++) {
        if (fwvar_variables_role(variables, i) != FWVAR_ROLE_LIVE)
            continue;
        struct fwvar_variable v = fwvar_record_variable(fwvar_variables_at(variables, i));
        ck_assert_msg(fwvar_edit_set(edit, &v, &diag) == 0, "%s", diag.message);
    }
    fwvar_variables_free(variables);
    fwvar_image_close(image);
}

/* The same states as the result of a transaction on an empty store. */
START_TEST(advice_on_an_edit)
{
    const struct advice_case *c = &cases[_i];
    struct fwvar_release r = release_of(c->board, c->version);
    struct fwvar_advice_list list;
    struct fwvar_edit *edit;
    struct fwvar_image *image;
    struct fwvar_patch patch;
    struct fwvar_diag diag;
    struct ig_image im, empty;

    create(&im, c->layout);
    c->build(&im);
    create(&empty, c->layout);
    ck_assert_int_eq(
        fwvar_image_open_bytes(empty.file.p, empty.file.size, 0, &image, &diag), 0);
    ck_assert_int_eq(fwvar_edit_begin(image, FWVAR_EDIT_FORCE, &edit, &diag), 0);
    copy_variables(edit, &im);
    ck_assert_msg(fwvar_edit_finish(edit, &patch, NULL, &diag) == 0, "%s", diag.message);
    ck_assert_int_eq(
        fwvar_advise_edit(edit, c->board ? &r : NULL, c->config, &list, &diag), 0);
    if (c->build != more_and_limit) /* what is set here is news, also beside the limit */
        judge(c, &list);
    fwvar_edit_end(edit);
    fwvar_image_close(image);
    ig_close(&im);
    ig_close(&empty);
}
END_TEST

/* A saved store has RamMoreThan3GB from the firmware; only setting it anew is a mistake.
 */
START_TEST(what_was_there_is_no_news)
{
    struct fwvar_advice_list list;
    struct fwvar_variable v;
    struct fwvar_edit *edit;
    struct fwvar_image *image;
    struct fwvar_patch patch;
    struct fwvar_diag diag;
    struct ig_image im;
    struct fwvar_guid guid;

    ck_assert_int_eq(fwvar_guid_parse(IG_CONFIG, &guid), 0);
    create(&im, PI_2M);
    more_and_limit(&im);
    ck_assert_int_eq(fwvar_image_open_bytes(im.file.p, im.file.size, 0, &image, &diag),
                     0);
    ck_assert_int_eq(fwvar_edit_begin(image, 0, &edit, &diag), 0);
    ck_assert_int_eq(fwvar_edit_finish(edit, &patch, NULL, &diag), 0);
    fwvar_advise_edit(edit, NULL, NULL, &list, &diag);
    ck_assert_uint_eq(list.count, 0);
    ck_assert_int_eq(fwvar_edit_get_named(edit, &guid, "RamMoreThan3GB", &v), 0);
    ck_assert_int_eq(
        fwvar_edit_set_named(edit, &guid, "RamMoreThan3GB", 7, "\0\0\0\0", 4, &diag), 0);
    fwvar_advise_edit(edit, NULL, NULL, &list, &diag);
    ck_assert_ptr_nonnull(find(&list, "ram-more-than-3gb"));
    fwvar_edit_end(edit);
    fwvar_image_close(image);
    ig_close(&im);
}
END_TEST

START_TEST(every_rule_has_both_cases)
{
    const struct fwvar_advice *row;
    size_t n = 0;

    for (; (row = fwvar_advice_at(n)) != NULL; n++) {
        bool yes = false, no = false;
        for (int i = 0; i < CASES; i++) {
            bool same = strcmp(cases[i].rule, row->rule) == 0;
            yes |= same && cases[i].applies;
            no |= same && !cases[i].applies;
        }
        ck_assert_msg(yes && no, "%s", row->rule);
        ck_assert(*row->text && *row->source);
        ck_assert_uint_lt(strlen(row->text), FWVAR_ADVICE_TEXT_MAX - 200);
    }
    ck_assert_uint_le(n, FWVAR_ADVICE_MAX);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("advice");
    TCase *c = tcase_create("advice");

    tcase_add_loop_test(c, advice_on_an_image, 0, CASES);
    tcase_add_loop_test(c, advice_on_an_edit, 0, CASES);
    tcase_add_test(c, what_was_there_is_no_news);
    tcase_add_test(c, every_rule_has_both_cases);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    return test_main(suite);
}
