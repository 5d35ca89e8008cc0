/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The rules of advice, one function each. */
#include "inspect/advice.h"

#include "base/utf16.h"

#include <fwvar/check.h>
#include <fwvar/known.h>
#include <fwvar/setting.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_LEAST 0x8000 /* bytes; the smallest known store has 0xDF9C */

/* ---- what rules ask about ---- */

static bool is_rpi(const struct fw_advice_state *s)
{
    return fwvar_image_platform(s->image) == FWVAR_PLATFORM_RPI;
}

/* A public release of the Pi 4 in a span; NULL is open. */
static bool is_release(const struct fw_advice_state *s, const char *since,
                       const char *until)
{
    enum fwvar_order from = fwvar_version_compare(s->release->version, since);
    enum fwvar_order to =
        until ? fwvar_version_compare(s->release->version, until) : FWVAR_ORDER_OLDER;

    return strcmp(s->release->board, "rpi4") == 0 &&
           (from == FWVAR_ORDER_SAME || from == FWVAR_ORDER_NEWER) &&
           (to == FWVAR_ORDER_SAME || to == FWVAR_ORDER_OLDER);
}

static bool get_setting(const struct fw_advice_state *s, const char *short_name,
                        struct fwvar_variable *v, const struct fwvar_setting **row)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];

    if (fwvar_setting_find(short_name, "rpi4", found) != 1)
        return false;
    *row = found[0];
    return s->get(s->from, &found[0]->guid, found[0]->name, v);
}

static bool has_setting(const struct fw_advice_state *s, const char *short_name)
{
    const struct fwvar_setting *row;
    struct fwvar_variable v;

    return get_setting(s, short_name, &v, &row);
}

/* True if the transaction gives a setting a value that the store did not have. */
static bool sets(const struct fw_advice_state *s, const char *short_name)
{
    const struct fwvar_setting *row;
    struct fwvar_variable v;

    if (!s->before || !get_setting(s, short_name, &v, &row))
        return false;
    const struct fwvar_record *old =
        fwvar_variables_get(s->before, &row->guid, row->name);
    return !old || old->data_size != v.data_size ||
           memcmp(old->data, v.data, v.data_size) != 0;
}

/* Entries that the firmware tries by itself. */
static bool is_tried(const struct fwvar_boot_entry *e)
{
    return e->is_next || (e->in_order && (e->option.attributes & FWVAR_LOADOPT_ACTIVE) &&
                          !(e->option.attributes & FWVAR_LOADOPT_CATEGORY));
}

static bool is_http(const struct fwvar_boot_entry *e)
{
    return e->kind == FWVAR_BOOT_HTTP || e->kind == FWVAR_BOOT_HTTP4 ||
           e->kind == FWVAR_BOOT_HTTP6;
}

static bool is_network(const struct fwvar_boot_entry *e)
{
    return is_http(e) || e->kind == FWVAR_BOOT_PXE4 || e->kind == FWVAR_BOOT_PXE6;
}

/* A short-form URI without a URL: the node has no more than its header. */
static bool is_empty_uri(const struct fwvar_boot_entry *e)
{
    return e->kind == FWVAR_BOOT_HTTP && e->option.path_size >= 4 &&
           fw_le16(e->option.path + 2) == 4;
}

/* Names the entries that somebody made and that a test picks; firmware-made ones are no
 * one's plan, unless BootNext picks them. */
static bool name_entries(const struct fw_advice_state *s,
                         bool (*picks)(const struct fwvar_boot_entry *),
                         struct fw_buf *to)
{
    size_t n = 0;

    for (size_t i = 0; i < s->menu.count; i++) {
        const struct fwvar_boot_entry *e = &s->menu.entries[i];
        if (!picks(e) || !is_tried(e) || (e->auto_created && !e->is_next))
            continue;
        if (n++ < 4)
            fw_buf_printf(to, "%sBoot%04X", n > 1 ? ", " : "", e->number);
    }
    if (n > 4)
        fw_buf_printf(to, " and %zu more", n - 4);
    return n > 0;
}

/* ---- settings ---- */

static bool ram_more_than_3gb(const struct fw_advice_state *s, struct fw_buf *text)
{
    (void)text;
    /* Of an edit only what it sets itself is worth a word. */
    if (s->before)
        return sets(s, "ram-more-than-3gb");
    return has_setting(s, "ram-more-than-3gb") && !has_setting(s, "ram-limit");
}

static bool ram_limit_unknown(const struct fw_advice_state *s, struct fw_buf *text)
{
    (void)text;
    return has_setting(s, "ram-limit") && is_release(s, "v1.0", "v1.3");
}

/* ---- the boot menu ---- */

static bool boot_next_sticks(const struct fw_advice_state *s, struct fw_buf *text)
{
    (void)text;
    return is_rpi(s) && s->menu.has_next;
}

/* True if BootOrder or BootNext of the store as it was names the entry. */
static bool was_named(const struct fw_advice_state *s, uint16_t number)
{
    static const char *const lists[] = {"BootOrder", "BootNext"};

    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        const struct fwvar_record *r =
            fwvar_variables_get(s->before, &fwvar_global_guid, lists[k]);
        for (size_t i = 0; r && i + 1 < r->data_size; i += 2) {
            if (fw_le16(r->data + i) == number)
                return true;
        }
    }
    return false;
}

/* An entry that nothing names; of an edit only those that it leaves so itself. */
static bool loose_entry(const struct fw_advice_state *s, struct fw_buf *text)
{
    char name[9];
    size_t n = 0;

    for (size_t i = 0; i < s->menu.count; i++) {
        const struct fwvar_boot_entry *e = &s->menu.entries[i];
        snprintf(name, sizeof name, "Boot%04X", e->number);
        if (e->in_order || e->is_next ||
            (s->before && fwvar_variables_get(s->before, &fwvar_global_guid, name) &&
             !was_named(s, e->number)))
            continue;
        if (n++ < 4)
            fw_buf_printf(text, "%s%s", n > 1 ? ", " : "", name);
    }
    if (n > 4)
        fw_buf_printf(text, " and %zu more", n - 4);
    return n > 0;
}

static bool http_broken(const struct fw_advice_state *s, struct fw_buf *text)
{
    return is_release(s, "v1.38", "v1.41") && name_entries(s, is_http, text);
}

static bool http_absent(const struct fw_advice_state *s, struct fw_buf *text)
{
    return is_release(s, "v1.0", "v1.5") && name_entries(s, is_http, text);
}

static bool network_absent(const struct fw_advice_state *s, struct fw_buf *text)
{
    return is_release(s, "v1.0", "v1.11") && name_entries(s, is_network, text);
}

static bool empty_uri(const struct fw_advice_state *s, struct fw_buf *text)
{
    return is_release(s, "v1.42", NULL) && name_entries(s, is_empty_uri, text);
}

static bool reboot_loop(const struct fw_advice_state *s, struct fw_buf *text)
{
    (void)text;
    for (size_t i = 0; i < s->menu.count; i++) {
        const struct fwvar_boot_entry *e = &s->menu.entries[i];
        if (is_tried(e) && e->kind != FWVAR_BOOT_MENU && e->kind != FWVAR_BOOT_SHELL)
            return false;
    }
    return is_release(s, "v1.16", "v1.28");
}

static bool host_specific(const struct fw_advice_state *s, struct fw_buf *text)
{
    static const struct fwvar_guid policy = FWVAR_GUID(
        0x5b6f7107, 0xbb3c, 0x4660, 0x92, 0xcd, 0x54, 0x26, 0x90, 0x28, 0x0b, 0xbd);
    struct fwvar_variable v;

    if (!is_rpi(s) || !s->get(s->from, &policy, "BootDiscoveryPolicyOld", &v))
        return false;
    for (size_t i = 0; i < s->menu.count; i++) {
        const struct fwvar_boot_entry *e = &s->menu.entries[i];
        if (!e->has_mac)
            continue;
        fw_buf_printf(text, "tied to MAC %02x:%02x:%02x:%02x:%02x:%02x", e->mac[0],
                      e->mac[1], e->mac[2], e->mac[3], e->mac[4], e->mac[5]);
        return true;
    }
    return false;
}

/* ---- releases ---- */

static bool runtime_store(const struct fw_advice_state *s, struct fw_buf *text)
{
    (void)text;
    return is_release(s, "v1.39", "v1.39");
}

static bool zero_mac(const struct fw_advice_state *s, struct fw_buf *text)
{
    (void)text;
    return is_release(s, "v1.51", "v1.52");
}

/* ---- the store and its surroundings ---- */

/* On a Pi this is a fatal finding of `check`, and no edit leads there. */
static bool store_full(const struct fw_advice_state *s, struct fw_buf *text)
{
    uint64_t limit = fwvar_space_limit(FWVAR_PLATFORM_RPI, s->capacity);

    /* Of a store that is cut or tiny nothing can be said. */
    if (s->used <= limit || s->capacity < CAPACITY_LEAST)
        return false;
    fw_buf_printf(text, "%" PRIu64 " bytes used", s->used);
    return true;
}

/* The last `device_tree_address=` of a config.txt; lines are as the boot loader reads
 * them, # begins a comment. */
static bool device_tree_of(const char *config, uint64_t *address)
{
    static const char key[] = "device_tree_address";
    bool found = false;

    for (const char *line = config; line; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        const char *at = line + sizeof key - 1;
        if (strncmp(line, key, sizeof key - 1) != 0)
            continue;
        at += strspn(at, " \t");
        if (*at++ != '=')
            continue;
        *address = strtoull(at, NULL, 0);
        found = true;
    }
    return found;
}

bool fwvar_config_known(const struct fwvar_layout *layout, const char *board)
{
    if (!layout || !layout->device_tree || strcmp(board, "rpi5") == 0)
        return false;
    return strcmp(board, "rpi3") != 0 || layout->device_tree >= layout->file_size;
}

static bool config_txt(const struct fw_advice_state *s, struct fw_buf *text)
{
    const struct fwvar_layout *l = fwvar_image_layout(s->image);
    uint64_t address;

    if (!s->config || !fwvar_config_known(l, s->release->board) ||
        !device_tree_of(s->config, &address) || address == l->device_tree)
        return false;
    fw_buf_printf(text,
                  "config.txt has device_tree_address=0x%" PRIx64
                  ", this image wants 0x%x, and device_tree_end=0x%x",
                  address, l->device_tree, l->device_tree_end);
    return true;
}

/* ---- wrong GUIDs ---- */

/* A GUID that somebody takes for another: one that is used for other known variables, or
 * one that differs in a few bytes. */
static bool looks_like(const struct fwvar_guid *guid, const struct fwvar_guid *right)
{
    size_t same = 0;

    for (size_t i = 0; i < sizeof guid->b; i++)
        same += guid->b[i] == right->b[i];
    if (same >= sizeof guid->b - 4 || fwvar_guid_equal(guid, &fwvar_global_guid))
        return true;
    for (size_t i = 0; i < fwvar_setting_count(); i++) {
        if (fwvar_guid_equal(guid, &fwvar_setting_at(i)->guid))
            return true;
    }
    return false;
}

/* The GUID that a variable of this name should have, if its own is a look-alike. */
static const struct fwvar_guid *right_guid(const struct fwvar_variable *v)
{
    const struct fwvar_guid *right = NULL;

    if (fwvar_known_find(&v->guid, v->name, v->name_size))
        return NULL;
    for (size_t i = 0; i < fwvar_setting_count(); i++) {
        const struct fwvar_setting *row = fwvar_setting_at(i);
        if (!fwvar_name_matches(v->name, v->name_size, row->name))
            continue;
        if (fwvar_guid_equal(&v->guid, &row->guid))
            return NULL;
        right = right ? right : &row->guid;
    }
    for (size_t i = 0; !right && fwvar_known_at(i); i++) {
        const struct fwvar_known *row = fwvar_known_at(i);
        if (fwvar_name_matches(v->name, v->name_size, row->name))
            right = &row->guid;
    }
    return right && looks_like(&v->guid, right) ? right : NULL;
}

static bool look_alike(const struct fw_advice_state *s, struct fw_buf *text)
{
    char have[FWVAR_GUID_TEXT_SIZE], want[FWVAR_GUID_TEXT_SIZE];
    struct fwvar_variable v;
    size_t cursor = 0;

    while (s->next(s->from, &cursor, &v) == 0) {
        const struct fwvar_guid *right = right_guid(&v);
        if (!right)
            continue;
        fwvar_guid_format(&v.guid, have);
        fwvar_guid_format(right, want);
        fw_utf16_text(text, v.name, v.name_size, FW_ESCAPE_CONTROL);
        fw_buf_printf(text, " is stored under %s, the firmware looks under %s", have,
                      want);
        return true;
    }
    return false;
}

/* ---- the table ---- */

const struct fw_advice_rule fw_advice_rules[] = {
    {{"ram-more-than-3gb",
      "storing RamMoreThan3GB has no effect: the firmware overwrites it at every boot "
      "before it is read; to lift the limit use --set ram-limit=off",
      "ConfigDxe of edk2-platforms, unchanged since 2020-03-05", "ram-more-than-3gb"},
     ram_more_than_3gb},
    {{"ram-limit-unknown",
      "RamLimitTo3GB has no effect before v1.4: the memory size is fixed when the "
      "firmware is built; use a newer release (v1.5 for boards with 3 GB or less)",
      "ConfigDxe of edk2-platforms before 2020-03-03", NULL},
     ram_limit_unknown},
    {{"boot-next-sticks",
      "a board that boots this file over TFTP cannot delete BootNext, so it is tried "
      "first at every boot",
      "VarBlockServiceDxe writes only to media that hold RPI_EFI.FD", "boot-next"},
     boot_next_sticks},
    {{"loose-entry",
      "in neither BootOrder nor BootNext: the firmware does not try such an entry, and "
      "overwrites it with one of its own; --boot-last puts it into BootOrder",
      "edk2 BmGetFreeOptionNumber", "boot-orphan"},
     loose_entry},
    {{"http-broken",
      "HTTP boot does not work in v1.38 to v1.41 (TCP finds no hash service); use v1.37, "
      "v1.42 or newer",
      "platform description of edk2-platforms: Hash2DxeCrypto missing for TcpDxe", NULL},
     http_broken},
    {{"http-absent", "this release has no HTTP boot; it came with v1.6",
      "edk2-platforms RPi4.dsc before 2020-03-25", NULL},
     http_absent},
    {{"network-absent",
      "this release has no driver for the network port of the board; it came with v1.12",
      "edk2-platforms BcmGenetDxe, 2020-05-12", NULL},
     network_absent},
    {{"empty-uri",
      "an HTTP entry without URL (the address from DHCP) is an error since v1.42; write "
      "the URL into the entry",
      "edk2 69b0bed49e, stable202505", NULL},
     empty_uri},
    {{"reboot-loop",
      "a board without disk that boots this file over TFTP restarts for ever: when "
      "nothing boots, v1.16 to v1.28 add boot entries, restart, and load the file "
      "without them again; add an entry that boots (--boot-http, --boot-pxe), or use "
      "v1.29 or newer",
      "PlatformBootManagerUnableToBoot; pftf/RPi4 #59, #131, #151, #153", NULL},
     reboot_loop},
    {{"host-specific",
      "on another board the saved BootDiscoveryPolicyOld keeps the firmware from making "
      "entries for its own network port, and the saved ones fail; `fwvar scrub` removes "
      "what ties an image to its board",
      "PlatformBm.c with BootDiscoveryPolicyOld, v1.31 and newer", "host-specific"},
     host_specific},
    {{"runtime-store",
      "v1.39 maps the wrong memory for variables: an operating system that reads or "
      "writes them crashes; use v1.40 or newer",
      "edk2-platforms 2acbdde292", NULL},
     runtime_store},
    {{"zero-mac",
      "v1.51 and v1.52 show the network port with a MAC of zeros, and network boot "
      "fails; use another release",
      "pftf/RPi4 #283", NULL},
     zero_mac},
    {{"store-full",
      "with less than 0x2800 bytes free the firmware reclaims the store at every boot, "
      "and a Raspberry Pi crashes doing so; `fwvar compact` makes room",
      "edk2 Variable.c, ReclaimForOS; pftf/RPi4 #97", "space"},
     store_full},
    {{"config-txt",
      "the board does not boot when the device tree overlaps the firmware; each layout "
      "(v1.5 to v1.38, v1.39 and newer) needs the addresses of its own config.txt",
      "FDF files of edk2-platforms, 828fcbf96a and 991b802e8f", NULL},
     config_txt},
    {{"look-alike-guid",
      "a variable is its name and its GUID together, so the firmware does not see this "
      "one; set it by its name alone and delete this one by GUID-NAME",
      "GUIDs of edk2-platforms RaspberryPi.dec and ConfigDxe", "names-similar"},
     look_alike},
};

const size_t fw_advice_rule_count = sizeof fw_advice_rules / sizeof fw_advice_rules[0];
