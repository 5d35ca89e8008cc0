/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/forecast.h>
#include <fwvar/known.h>
#include <fwvar/setting.h>

#include "base/bytes.h"

struct forecast {
    const struct fwvar_boot_menu *menu;
    const struct fwvar_variables *variables;
    const struct fwvar_release *release;
    bool rpi;
    struct fwvar_boot_step *steps;
    size_t count;
};

static void step(struct forecast *f, enum fwvar_step_kind kind,
                 const struct fwvar_boot_entry *e, const char *text)
{
    struct fwvar_boot_step s = {.kind = kind, .text = text, .has_number = e != NULL};

    if (e)
        s.number = e->number;
    f->steps[f->count++] = s;
}

/* True if the release is @from or later, up to @to (NULL: to this day). A version that
 * tells nothing counts as the newest. */
static bool release_is(const struct forecast *f, const char *from, const char *to)
{
    const char *v = f->release->version;
    enum fwvar_order after = fwvar_version_compare(v, from);

    if (after == FWVAR_ORDER_UNKNOWN)
        return to == NULL;
    return after != FWVAR_ORDER_OLDER &&
           (!to || fwvar_version_compare(v, to) != FWVAR_ORDER_NEWER);
}

/* ---- what the firmware creates ---- */

static bool policy(const struct forecast *f, const char *name, uint32_t *value)
{
    static const struct fwvar_guid guid = FWVAR_GUID(
        0x5b6f7107, 0xbb3c, 0x4660, 0x92, 0xcd, 0x54, 0x26, 0x90, 0x28, 0x0b, 0xbd);
    const struct fwvar_record *r = fwvar_variables_get(f->variables, &guid, name);

    if (!r || r->data_size < 4)
        return false;
    *value = fw_le32(r->data);
    return true;
}

/* Whether network entries for the board's own card appear before anything is tried
 * (format of the decision: BootDiscoveryPolicyLib and PlatformBootManagerLib). */
static bool creates_entries(const struct forecast *f)
{
    uint32_t wanted = 2, done;

    if (!f->rpi || !release_is(f, "v1.29", NULL))
        return false;
    policy(f, "BootDiscoveryPolicy", &wanted);
    if (wanted != 1 && wanted != 2)
        return false;
    if (release_is(f, "v1.29", "v1.30"))
        return true;
    return !policy(f, "BootDiscoveryPolicyOld", &done) || done != wanted;
}

static bool has_kind(const struct fwvar_boot_menu *m, enum fwvar_boot_class kind)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->entries[i].kind == kind && m->entries[i].in_order)
            return true;
    }
    return false;
}

static void created(struct forecast *f, bool network)
{
    if (!has_kind(f->menu, FWVAR_BOOT_MENU))
        step(f, FWVAR_STEP_CREATE, NULL, "setup menu entry, not tried by itself");
    if (f->rpi && !has_kind(f->menu, FWVAR_BOOT_SHELL))
        step(f, FWVAR_STEP_CREATE, NULL, "UEFI Shell entry, not tried by itself");
    if (network)
        step(
            f, FWVAR_STEP_CREATE, NULL,
            "PXEv4, PXEv6, HTTPv4 and HTTPv6 entries of the board's own network card, at "
            "the end of BootOrder; those of other boards and absent disks are deleted");
}

/* ---- what is tried ---- */

static const char *works(const struct forecast *f, const struct fwvar_boot_entry *e,
                         enum fwvar_step_kind *kind)
{
    bool no_http = f->rpi && release_is(f, "v1.38", "v1.41");

    *kind = FWVAR_STEP_TRY;
    switch (e->kind) {
    case FWVAR_BOOT_PXE4:
    case FWVAR_BOOT_PXE6:
        return "network boot by TFTP, only on the board with this MAC";
    case FWVAR_BOOT_HTTP4:
    case FWVAR_BOOT_HTTP6:
        return no_http ? "HTTP boot, broken in this release"
                       : "HTTP boot, only on the board with this MAC";
    case FWVAR_BOOT_HTTP:
        return no_http ? "HTTP boot, broken in this release" : "HTTP boot, on any board";
    case FWVAR_BOOT_DISK:
    case FWVAR_BOOT_FILE:
        return "fails without a disk, then the next one is tried";
    default:
        return "tried";
    }
}

static void try_entry(struct forecast *f, const struct fwvar_boot_entry *e, bool network)
{
    enum fwvar_step_kind kind;

    if (e->option.flaw != FWVAR_LOADOPT_OK) {
        step(f, FWVAR_STEP_SKIP, e, "broken: removed by the firmware");
    } else if ((e->option.attributes & FWVAR_LOADOPT_CATEGORY) != 0) {
        step(f, FWVAR_STEP_SKIP, e, "an application of the menu, not tried by itself");
    } else if (!(e->option.attributes & FWVAR_LOADOPT_ACTIVE)) {
        step(f, FWVAR_STEP_SKIP, e, "not active");
    } else if (network && fwvar_loadopt_is_auto(&e->option) &&
               e->kind == FWVAR_BOOT_DISK) {
        step(f, FWVAR_STEP_SKIP, e, "made by the firmware: deleted, its disk is absent");
    } else {
        const char *text = works(f, e, &kind);
        step(f, kind, e, text);
    }
}

/* The refresh after a failed boot resets the board if the number of entries changed: it
 * does not where four network entries of another board are replaced by four of its own.
 */
static bool count_changes(const struct forecast *f)
{
    for (size_t i = 0; i < f->menu->count; i++) {
        const struct fwvar_boot_entry *e = &f->menu->entries[i];
        if (e->in_order && e->kind == FWVAR_BOOT_PXE4 &&
            fwvar_loadopt_is_auto(&e->option))
            return false;
    }
    return true;
}

static void at_the_end(struct forecast *f, bool network)
{
    if (network)
        step(f, FWVAR_STEP_TRY, NULL, "the network entries created above");
    if (f->rpi && release_is(f, "v1.16", "v1.28") && count_changes(f))
        step(f, FWVAR_STEP_END, NULL,
             "network entries are created, the board restarts and loads this file again: "
             "an endless loop");
    else if (f->rpi)
        step(f, FWVAR_STEP_END, NULL, "the board stops in its menu");
    else
        step(f, FWVAR_STEP_END, NULL, "the firmware enters its menu or shell");
}

size_t fwvar_boot_forecast(const struct fwvar_boot_menu *menu,
                           const struct fwvar_variables *variables,
                           const struct fwvar_release *release, bool rpi,
                           struct fwvar_boot_step *steps)
{
    struct forecast f = {menu, variables, release, rpi, steps, 0};
    bool network = creates_entries(&f);

    created(&f, network);
    if (menu->has_next) {
        const struct fwvar_boot_entry *e = fwvar_boot_menu_find(menu, menu->next);
        if (e && e->option.flaw == FWVAR_LOADOPT_OK)
            step(&f, FWVAR_STEP_TRY, e,
                 rpi ? "BootNext: first at every boot, since it cannot be deleted over "
                       "TFTP"
                     : "BootNext: first, once");
    }
    for (size_t i = 0; i < menu->order_count; i++) {
        const struct fwvar_boot_entry *e = fwvar_boot_menu_find(menu, menu->order[i]);
        if (e)
            try_entry(&f, e, network);
    }
    at_the_end(&f, network);
    return f.count;
}
