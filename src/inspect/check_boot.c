/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Rules about the boot menu and its kin: driver and preparation options, hotkeys. */
#include "inspect/boot.h"
#include "inspect/check.h"

#include "base/bytes.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>
#include <fwvar/loadopt.h>

#include <stdio.h>
#include <string.h>

#define REMOVE "fwvar patch IMAGE --delete NAME --in-place"

/* Lists of numbers and what they name. */
static const struct {
    const char *list, *option, *prefix;
} families[] = {{"BootOrder", "Boot####", "Boot"},
                {"BootNext", "Boot####", "Boot"},
                {"DriverOrder", "Driver####", "Driver"},
                {"SysPrepOrder", "SysPrep####", "SysPrep"}};

#define FAMILIES (sizeof families / sizeof families[0])

static bool is_global(const struct fwvar_record *r, const char *pattern)
{
    return fwvar_guid_equal(&r->guid, &fwvar_global_guid) &&
           fwvar_name_matches(r->name, fwvar_record_name_length(r), pattern);
}

static const struct fwvar_record *global(const struct fw_check *c, const char *name)
{
    return fwvar_variables_get(c->variables, &fwvar_global_guid, name);
}

static const struct fwvar_record *numbered(const struct fw_check *c, const char *prefix,
                                           unsigned number)
{
    char name[32];

    snprintf(name, sizeof name, "%s%04X", prefix, number);
    return global(c, name);
}

static uint16_t number_of(const struct fwvar_record *r)
{
    return fw_boot_number(r->name, fwvar_record_name_length(r));
}

static const struct fw_boot_numbers *boot_numbers(struct fw_check *c)
{
    struct fw_boot_numbers *b = &c->boot;
    const struct fwvar_record *r;

    if (b->ready)
        return b;
    b->ready = true;
    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        if (is_global(r, "Boot####"))
            fw_set_add(&b->stored, number_of(r));
        if (!is_global(r, "BootOrder") && !is_global(r, "BootNext"))
            continue;
        for (uint32_t k = 0; k + 1 < r->data_size; k += 2)
            fw_set_add(&b->named, fw_le16(r->data + k));
    }
    return b;
}

/* ---- lists of numbers ---- */

static void check_list(struct fw_check *c, const struct fwvar_record *r)
{
    struct fw_number_set seen = {{0}}, told = {{0}};

    if (r->data_size % 2)
        fw_found(c, r->offset, r, "%u byte%s, an odd number", r->data_size,
                 r->data_size == 1 ? "" : "s");
    for (uint32_t k = 0; k + 1 < r->data_size; k += 2) {
        uint16_t n = fw_le16(r->data + k);
        if (!fw_set_add(&seen, n) && fw_set_add(&told, n))
            fw_found(c, r->offset, r, "%04X is in it more than once", n);
    }
}

void fw_rule_boot_order(struct fw_check *c)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        const struct fwvar_record *r = global(c, families[i].list);
        if (r && strcmp(families[i].list, "BootNext") != 0)
            check_list(c, r);
    }
}

void fw_rule_boot_dangling(struct fw_check *c)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        const struct fwvar_record *r = global(c, families[i].list);
        struct fw_number_set told = {{0}};
        for (uint32_t k = 0; r && k + 1 < r->data_size; k += 2) {
            uint16_t n = fw_le16(r->data + k);
            if (!numbered(c, families[i].prefix, n) && fw_set_add(&told, n))
                fw_found(c, r->offset, r, "it names %04X, but there is no %s%04X", n,
                         families[i].prefix, n);
        }
    }
}

void fw_rule_boot_orphan(struct fw_check *c)
{
    const struct fw_boot_numbers *b = boot_numbers(c);
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        if (is_global(r, "Boot####") && !fw_set_has(&b->named, number_of(r)))
            fw_found(c, r->offset, r, "neither BootOrder nor BootNext names it");
    }
}

void fw_rule_boot_numbers(struct fw_check *c)
{
    const struct fwvar_record *r = global(c, "BootOrder");
    struct fw_number_set seen = {{0}};
    uint32_t count = 0, highest = 0;

    for (uint32_t k = 0; r && k + 1 < r->data_size; k += 2) {
        uint16_t n = fw_le16(r->data + k);
        count += fw_set_add(&seen, n);
        highest = n > highest ? n : highest;
    }
    if (count > 0 && highest != count - 1)
        fw_found(c, r->offset, r, "%u entries, but the highest number is %04X", count,
                 highest);
}

void fw_rule_boot_next(struct fw_check *c)
{
    const struct fwvar_record *r = global(c, "BootNext");

    if (r && r->data_size == 2)
        fw_found(c, r->offset, r, "it names %04X", fw_le16(r->data));
}

/* ---- options ---- */

static unsigned fold(unsigned ch)
{
    return ch >= 'a' && ch <= 'z' ? ch - ('a' - 'A') : ch;
}

/* True if a name would fit @pattern, were it not for letter case. */
static bool fits_folded(const struct fwvar_record *r, const char *pattern)
{
    size_t length = fwvar_record_name_length(r);

    if (length != 2 * strlen(pattern))
        return false;
    for (size_t i = 0; pattern[i]; i++) {
        unsigned ch = fold(fw_le16(r->name + 2 * i));
        bool digit = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'F');
        if (pattern[i] == '#' ? !digit : ch != fold((unsigned char)pattern[i]))
            return false;
    }
    return true;
}

static const char *const option_names[] = {"Boot####", "Driver####", "SysPrep####",
                                           "PlatformRecovery####", "Key####"};

#define OPTION_NAMES (sizeof option_names / sizeof option_names[0])
#define LOAD_OPTIONS (OPTION_NAMES - 1) /* all but Key#### */

void fw_rule_boot_name(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        for (size_t k = 0; k < OPTION_NAMES; k++) {
            if (fwvar_guid_equal(&r->guid, &fwvar_global_guid) &&
                !is_global(r, option_names[k]) && fits_folded(r, option_names[k]))
                fw_found(c, r->offset, r,
                         "the firmware looks for %.*s and four digits, "
                         "A to F as capitals",
                         (int)strlen(option_names[k]) - 4, option_names[k]);
        }
    }
}

static bool is_load_option(const struct fwvar_record *r)
{
    for (size_t k = 0; k < LOAD_OPTIONS; k++) {
        if (is_global(r, option_names[k]))
            return true;
    }
    return false;
}

/* Calls fw_found() for each load option whose flaw is (or is not) an extra at its end. */
static void check_options(struct fw_check *c, bool extra)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        struct fwvar_loadopt option;
        if (!is_load_option(r) ||
            fwvar_loadopt_decode(r->data, r->data_size, &option) == 0 ||
            (option.flaw == FWVAR_LOADOPT_PATH_EXTRA) != extra)
            continue;
        if (!extra && !is_global(r, "Boot####"))
            c->command = REMOVE;
        bool path = option.flaw == FWVAR_LOADOPT_PATH;
        fw_found(c, r->offset, r, "%u byte%s, %s%s%s", r->data_size,
                 r->data_size == 1 ? "" : "s", fwvar_loadopt_flaw_text(option.flaw),
                 path ? ": " : "", path ? fwvar_devpath_flaw_text(option.path_flaw) : "");
    }
}

void fw_rule_boot_option(struct fw_check *c)
{
    check_options(c, false);
}

void fw_rule_boot_option_extra(struct fw_check *c)
{
    check_options(c, true);
}

#define CATEGORY 0x1F00u /* 0 boots by itself, 0x100 is an application */

void fw_rule_boot_inactive(struct fw_check *c)
{
    const struct fw_boot_numbers *b = boot_numbers(c);
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        struct fwvar_loadopt option;
        uint8_t mac[6];
        bool has_mac;
        if (!is_global(r, "Boot####") || !fw_set_has(&b->named, number_of(r)) ||
            fwvar_loadopt_decode(r->data, r->data_size, &option) != 0)
            continue;
        enum fwvar_boot_class kind =
            fw_boot_classify(option.path, option.path_size, &has_mac, mac);
        bool own = fwvar_loadopt_is_auto(&option) || kind == FWVAR_BOOT_MENU ||
                   kind == FWVAR_BOOT_SHELL;
        if (!own && !(option.attributes & (FWVAR_LOADOPT_ACTIVE | CATEGORY)))
            fw_found(c, r->offset, r, "its attributes are 0x%x, without ACTIVE (1)",
                     option.attributes);
    }
}

/* ---- what hangs on options ---- */

void fw_rule_key_crc(struct fw_check *c)
{
    const struct fwvar_record *r, *target;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        struct fwvar_keyoption key;
        if (!is_global(r, "Key####"))
            continue;
        if (fwvar_keyoption_decode(r->data, r->data_size, &key) != 0) {
            fw_found(c, r->offset, r, "%u bytes do not fit the number of its keys",
                     r->data_size);
            continue;
        }
        target = numbered(c, "Boot", key.option);
        uint32_t due = target ? fwvar_loadopt_crc(target->data, target->data_size) : 0;
        if (!target)
            fw_found(c, r->offset, r, "it boots Boot%04X, which is not there",
                     key.option);
        else if (due != key.crc)
            fw_found(c, r->offset, r, "its CRC is 0x%08x, that of Boot%04X is 0x%08x",
                     key.crc, key.option, due);
    }
}

static bool tied_to_mac(const struct fwvar_record *r)
{
    struct fwvar_loadopt option;
    uint8_t mac[6];
    bool has_mac = false;

    fwvar_loadopt_decode(r->data, r->data_size, &option);
    fw_boot_classify(option.path, option.path_size, &has_mac, mac);
    return has_mac;
}

void fw_rule_host_specific(struct fw_check *c)
{
    const struct fwvar_known *old = fwvar_known_by_name("BootDiscoveryPolicyOld");
    const struct fwvar_record *r, *first = NULL;
    unsigned count = 0;

    if (!old || !fwvar_variables_get(c->variables, &old->guid, old->name))
        return;
    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        if (is_global(r, "Boot####") && tied_to_mac(r)) {
            first = first ? first : r;
            count++;
        }
    }
    if (first)
        fw_found(c, first->offset, first,
                 "tied to a network card, %u such %s in all, and BootDiscoveryPolicyOld "
                 "is stored",
                 count, count == 1 ? "entry" : "entries");
}
