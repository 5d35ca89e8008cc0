/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The rules: each is found where it should be, with the severity that the machine gives
 * it, and not in the image that the damage was done to. */
#include <fwvar/check.h>

#include <stdlib.h>
#include <string.h>

#include "support/damage.h"
#include "support/testmain.h"

/* A rule, a kind of damage that breaks it, and what it is called on a Raspberry Pi, with
 * NOR flash and elsewhere: F, W, A, or - for "not found". */
static const struct {
    const char *rule, *kind, *severities;
} cases[] = {
    {"image-size", "file-too-long", "F--"},
    {"second-volume", "two-volumes", "FFF"},
    {"volume-place", "file-shifted", "FFF"},
    {"volume-truncated", "cut-free-space", "FFF"},
    {"volume-signature", "fv-signature", "FFF"},
    {"volume-guid", "fv-guid", "FFF"},
    {"volume-revision", "fv-revision", "FFF"},
    {"volume-header-length", "fv-header-length-odd", "FFF"},
    {"volume-length", "fv-length-zero", "FFF"},
    {"volume-length", "fv-length-huge", "FFF"},
    {"volume-length", "fv-length-half", "FFF"},
    {"volume-block-map", "fv-block-map-open", "FWW"},
    {"volume-block-map", "fv-block-size", "F--"},
    {"volume-attributes", "fv-attributes", "FWF"},
    {"volume-ext-header", "fv-ext-header", "FWW"},
    {"volume-checksum", "fv-checksum", "FFF"},
    {"store-signature", "store-guid", "FFF"},
    {"store-signature", "store-guid-plain", "FFF"},
    {"store-signature", "store-guid-auth", "FFF"},
    {"store-size", "store-size-plus-4", "FFW"},
    {"store-size", "store-size-0x200", "FFF"},
    {"store-size-small", "store-size-minus-4", "AFA"},
    {"store-state", "store-format", "FFF"},
    {"store-state", "store-state", "FFF"},
    {"chain-broken", "start-11", "FWW"},
    {"chain-broken", "data-size-0x10000", "FFF"},
    {"record-unwritten", "state-ff-middle", "FWW"},
    {"record-unwritten", "data-size-ones", "FFF"},
    {"record-unwritten", "name-size-ones", "FFF"},
    {"record-unwritten", "attributes-ones", "FFF"},
    {"duplicate", "duplicate", "FFF"},
    {"duplicate", "duplicate-plain", "FFF"},
    {"record-name", "name-no-nul", "FFW"},
    {"record-name", "name-odd", "FFW"},
    {"record-name", "name-empty", "FFF"},
    {"record-name", "name-inner-nul", "FWW"},
    {"record-state", "state-00", "FFW"},
    {"record-swallows", "data-size-swallows", "WWW"},
    {"free-space-dirty", "junk-after-records", "FWW"},
    {"free-space-dirty", "junk-at-end", "FWW"},
    {"ftw-pending", "ftw-pending", "FFF"},
    {"space", "full-of-dead", "FAA"},
    {"space", "dead-leave-10600", "F--"},
    {"space-live", "live-leave-4000", "FWF"},
    {"space-live", "full", "FWF"},
    {"space-low", "dead-leave-margin", "A--"},
    {"space-first-boot", "dead-leave-first-boot", "A--"},
    {"space-first-boot", "live-leave-first-boot", "A--"},
    {"attributes", "attributes-boot-order", "WWW"},
    {"attributes", "attributes-no-nv", "WWW"},
    {"attributes", "attributes-rt-alone", "WWW"},
    {"attributes", "attributes-append", "WWW"},
    {"attributes", "attributes-unknown", "WWW"},
    {"size", "size-setting", "WWW"},
    {"size", "size-asset-tag", "WWW"},
    {"size", "size-boot-next", "WWW"},
    {"too-large", "too-large", "WAA"},
    {"timestamp", "time-month-zero", "WWW"},
    {"timestamp", "time-ones", "WWW"},
    {"console-path", "console-path", "WWW"},
    {"boot-order", "boot-order-odd", "WWW"},
    {"boot-order", "boot-order-repeats", "WWW"},
    {"boot-dangling", "boot-order-dangling", "WWW"},
    {"boot-dangling", "boot-next-dangling", "WWW"},
    {"boot-dangling", "driver-order-dangling", "WWW"},
    {"boot-orphan", "boot-orphan", "WWW"},
    {"boot-orphan", "boot-order-missing", "WWW"},
    {"boot-name", "boot-lower-case", "WWW"},
    {"boot-option", "boot-no-path", "WWW"},
    {"boot-option", "boot-endless-path", "WWW"},
    {"boot-option", "boot00ff-one-byte", "WWW"},
    {"boot-option", "driver-option", "WWW"},
    {"key-crc", "key-crc", "WWW"},
    {"key-crc", "key-size", "WWW"},
    {"key-crc", "key-dangling", "WWW"},
    {"in-deletion", "state-3e", "AAA"},
    {"in-deletion-twin", "twin-before", "AAA"},
    {"in-deletion-twin", "twins-alone", "WWW"},
    {"unfinished", "state-7f", "AAA"},
    {"record-fields", "reserved-byte", "AAA"},
    {"record-fields", "monotonic-count", "AAA"},
    {"record-fields", "pubkey-index", "AAA"},
    {"timestamp-unused", "time-unused", "AAA"},
    {"boot-option-extra", "boot-path-extra", "AAA"},
    {"boot-inactive", "boot-inactive", "AAA"},
    {"boot-numbers", "boot-order-gap", "AAA"},
    {"boot-next", "boot-next", "AAA"},
    {"ram-more-than-3gb", "ram-more-alone", "A--"},
    {"host-specific", "host-specific", "AAA"},
    {"names-similar", "wrong-guid", "A--"},
    {"names-similar", "wrong-capitals", "A--"},
    {"ftw-header", "ftw-crc", "AAA"},
    {"ftw-header", "ftw-erased", "AAA"},
    {"event-log", "event-log", "AAA"},
};

#define CASES ((int)(sizeof cases / sizeof cases[0]))

static const enum fwvar_platform platforms[] = {FWVAR_PLATFORM_RPI, FWVAR_PLATFORM_AAVMF,
                                                FWVAR_PLATFORM_ANY};

static struct fwvar_image *open_bytes(const struct ig_bytes *file)
{
    struct fwvar_image *image;
    struct fwvar_diag diag;

    int code = fwvar_image_open_bytes(
        file->p, file->size, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING, &image, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    ck_assert_ptr_nonnull(fwvar_image_store(image));
    return image;
}

static struct fwvar_findings *check(const struct fwvar_image *image)
{
    struct fwvar_findings *findings;

    ck_assert_int_eq(fwvar_check(image, FWVAR_CHECK_ALL, &findings, NULL), 0);
    return findings;
}

/* The worst severity of a rule's findings, as a letter. */
static char worst_of(const struct fwvar_findings *findings, const char *rule)
{
    char worst = '-';

    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        char letter = "FWA"[f->severity];
        if (strcmp(f->rule->name, rule) == 0 &&
            (worst == '-' || letter == 'F' || (letter == 'W' && worst == 'A')))
            worst = letter;
    }
    return worst;
}

START_TEST(finds_what_is_broken)
{
    const struct damage *kind = damage_find(cases[_i].kind);
    struct ig_bytes file;

    ck_assert_msg(kind != NULL, "no kind %s", cases[_i].kind);
    damage_build(&file, kind);
    struct fwvar_image *image = open_bytes(&file);
    for (size_t p = 0; p < 3; p++) {
        fwvar_image_set_platform(image, platforms[p]);
        struct fwvar_findings *findings = check(image);
        char got = worst_of(findings, cases[_i].rule);
        fwvar_findings_free(findings);
        ck_assert_msg(got == cases[_i].severities[p],
                      "%s in %s on machine %zu: %c not %c", cases[_i].rule,
                      cases[_i].kind, p, got, cases[_i].severities[p]);
    }
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

/* The same image without the damage, on its own machine. */
START_TEST(finds_nothing_before_the_damage)
{
    struct ig_bytes file = {0};

    ig_build(&file, damage_find(cases[_i].kind)->base);
    struct fwvar_image *image = open_bytes(&file);
    struct fwvar_findings *findings = check(image);
    ck_assert_int_eq(worst_of(findings, cases[_i].rule), '-');
    fwvar_findings_free(findings);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

START_TEST(every_rule_has_a_case)
{
    const struct fwvar_rule *rule;

    for (size_t i = 0; (rule = fwvar_rule_at(i)) != NULL; i++) {
        bool found = false;
        for (int k = 0; k < CASES; k++)
            found |= strcmp(cases[k].rule, rule->name) == 0;
        ck_assert_msg(found, "no case for %s", rule->name);
        ck_assert(rule->meaning && rule->fix);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(fwvar_rule_at(k)->name, rule->name);
    }
}
END_TEST

/* A boot counter that is dead by now tells too that the first boot is over. */
START_TEST(first_boot_is_over_once_a_counter_was_saved)
{
    struct ig_bytes file;
    size_t counters = 0;

    damage_build(&file, damage_find("dead-leave-margin"));
    struct fwvar_image *image = open_bytes(&file);
    struct fwvar_variables *variables;
    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, NULL), 0);
    for (size_t i = 0; i < fwvar_variables_count(variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(variables, i);
        if (fwvar_record_name_length(r) != 6 || memcmp(r->name, "M\0T\0C", 6) != 0)
            continue;
        file.p[r->offset + 2] = 0x3C;
        counters++;
    }
    ck_assert_uint_gt(counters, 0);
    fwvar_variables_free(variables);
    fwvar_image_close(image);

    image = open_bytes(&file);
    struct fwvar_findings *findings = check(image);
    ck_assert_int_eq(worst_of(findings, "space-first-boot"), '-');
    fwvar_findings_free(findings);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

/* Items 1 to 9 of what a store has to obey make editors refuse; nothing else does. */
START_TEST(structure_is_what_stops_edits)
{
    const char *const stopping[] = {
        "fv-checksum",     "fv-length-half", "store-state",        "start-11",
        "state-ff-middle", "duplicate",      "name-odd",           "state-00",
        "ftw-pending",     "two-volumes",    "junk-after-records", "file-too-long",
        "cut-free-space"};
    const char *const passing[] = {"full-of-dead", "attributes-boot-order", "boot-orphan",
                                   "state-7f",     "store-size-minus-4",    "ftw-crc"};

    for (size_t i = 0; i < 19; i++) {
        const char *name = i < 13 ? stopping[i] : passing[i - 13];
        struct fwvar_findings *findings;
        struct ig_bytes file;
        bool stops = false;
        damage_build(&file, damage_find(name));
        struct fwvar_image *image = open_bytes(&file);
        ck_assert_int_eq(fwvar_check(image, FWVAR_CHECK_STRUCTURE, &findings, NULL), 0);
        for (size_t k = 0; k < fwvar_findings_count(findings); k++)
            stops |= fwvar_finding_stops(fwvar_findings_at(findings, k));
        ck_assert_msg(stops == (i < 13), "%s", name);
        fwvar_findings_free(findings);
        fwvar_image_close(image);
        ig_free(&file);
    }
}
END_TEST

START_TEST(fixtures_are_clean)
{
    for (const struct ig_fixture *f = ig_fixtures; f->name; f++) {
        struct ig_bytes file = {0};
        if (strncmp(f->name, "unformatted", 11) == 0)
            continue;
        f->build(&file);
        struct fwvar_image *image = open_bytes(&file);
        struct fwvar_findings *findings = check(image);
        if (fwvar_findings_count(findings) > 0)
            ck_abort_msg("%s: %s", f->name, fwvar_findings_at(findings, 0)->message);
        fwvar_findings_free(findings);
        fwvar_image_close(image);
        ig_free(&file);
    }
}
END_TEST

/* A file cut or with a wrong FvLength is still a Raspberry Pi's, told by the offset. */
START_TEST(damaged_volume_keeps_its_machine)
{
    const char *const kinds[] = {"fv-length-half", "cut-free-space", "fv-erased",
                                 "headers-erased"};

    for (size_t i = 0; i < 4; i++) {
        struct ig_bytes file;
        damage_build(&file, damage_find(kinds[i]));
        struct fwvar_image *image = open_bytes(&file);
        ck_assert_int_eq(fwvar_image_platform(image), FWVAR_PLATFORM_RPI);
        fwvar_image_close(image);
        ig_free(&file);
    }
}
END_TEST

/* The store of declared size less 4 ends where its header says. */
START_TEST(small_store_is_used_as_it_says)
{
    struct ig_bytes file;

    damage_build(&file, damage_find("store-size-minus-4"));
    struct fwvar_image *image = open_bytes(&file);
    const struct fwvar_store *s = fwvar_image_store(image);
    ck_assert_uint_eq(s->end, 0xDFFC);
    ck_assert_uint_eq(s->flaws, FWVAR_STORE_SMALL);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

START_TEST(commands_are_filled_in)
{
    struct ig_bytes file;

    damage_build(&file, damage_find("boot-orphan"));
    struct fwvar_image *image = open_bytes(&file);
    struct fwvar_findings *findings = check(image);
    const struct fwvar_finding *f = fwvar_findings_at(findings, 0);
    ck_assert_str_eq(f->variable, "Boot0008");
    ck_assert_str_eq(f->command, "fwvar patch IMAGE --boot-last Boot0008 --in-place");
    fwvar_findings_free(findings);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

/* ---- boots left ---- */

/* Counts boots of 72 and 256 bytes in turn, as a settled board does; the first one is
 * dear. */
static void boot(struct ig_image *im, unsigned boots)
{
    static const uint8_t filler[256] = {0};

    for (unsigned i = 0; i < boots; i++) {
        ig_set_u32(im, "MTC", "eb704011-1402-11d3-8e77-00a0c969723b", i);
        ig_set(im, &(struct ig_record){.attributes = 3,
                                       .guid = IG_CONFIG,
                                       .name = "F",
                                       .data = filler,
                                       .size = i == 0 ? 256 : 128});
    }
}

static int boots_of(unsigned count, const struct ig_volume *where, size_t size,
                    struct fwvar_boots *boots)
{
    struct fwvar_variables *variables;
    struct ig_image im;

    ig_create(&im, size, where);
    boot(&im, count);
    struct fwvar_image *image = open_bytes(&im.file);
    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(image), &variables, NULL), 0);
    int code = fwvar_boots_left(image, variables, boots);
    fwvar_variables_free(variables);
    fwvar_image_close(image);
    ig_close(&im);
    return code;
}

START_TEST(boots_need_a_history)
{
    struct fwvar_boots boots;

    for (unsigned n = 0; n < 3; n++)
        ck_assert_int_eq(boots_of(n, &ig_pi_2m, 0x1F0000, &boots), FWVAR_ERR_NOTFOUND);
    ck_assert_int_eq(boots_of(6, &ig_ovmf_2m, 0x20000, &boots), FWVAR_ERR_NOTFOUND);
}
END_TEST

START_TEST(boots_are_counted)
{
    struct fwvar_boots boots;
    uint64_t each = 72 + 192, used;

    ck_assert_int_eq(boots_of(100, &ig_pi_2m, 0x1F0000, &boots), 0);
    ck_assert_uint_eq(boots.bytes_per_boot, each);
    used = 72 + 320 + 99 * each;
    ck_assert_uint_eq(boots.left, (0xB79C - used) / each);
}
END_TEST

Suite *suite(void);
Suite *suite(void)
{
    Suite *s = suite_create("check");
    TCase *rules = tcase_create("rules"), *rest = tcase_create("rest");

    tcase_set_timeout(rules, 60);
    tcase_add_loop_test(rules, finds_what_is_broken, 0, CASES);
    tcase_add_loop_test(rules, finds_nothing_before_the_damage, 0, CASES);
    tcase_add_test(rules, every_rule_has_a_case);
    suite_add_tcase(s, rules);
    tcase_set_timeout(rest, 60);
    tcase_add_test(rest, structure_is_what_stops_edits);
    tcase_add_test(rest, fixtures_are_clean);
    tcase_add_test(rest, damaged_volume_keeps_its_machine);
    tcase_add_test(rest, small_store_is_used_as_it_says);
    tcase_add_test(rest, commands_are_filled_in);
    tcase_add_test(rest, first_boot_is_over_once_a_counter_was_saved);
    tcase_add_test(rest, boots_need_a_history);
    tcase_add_test(rest, boots_are_counted);
    suite_add_tcase(s, rest);
    return s;
}

int main(void)
{
    return test_main(suite);
}
