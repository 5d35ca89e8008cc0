/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * What the firmware will do with a boot menu: which entries it tries in which order on a
 * board without disks that is served this image over TFTP, and what it creates by itself
 * (edk2 BdsDxe and UefiBootManagerLib; PlatformBootManagerLib of the Raspberry Pi, whose
 * behaviour changed from release to release).
 */
#ifndef FWVAR_FORECAST_H
#define FWVAR_FORECAST_H

#include <fwvar/boot.h>
#include <fwvar/release.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a step of a boot is. */
enum fwvar_step_kind {
    FWVAR_STEP_CREATE, /**< the firmware adds entries of its own */
    FWVAR_STEP_TRY,    /**< an entry is tried */
    FWVAR_STEP_SKIP,   /**< an entry is not tried, or cannot work on such a board */
    FWVAR_STEP_END     /**< what happens when nothing booted */
};

/** One step of a boot. */
struct fwvar_boot_step {
    enum fwvar_step_kind kind;
    bool has_number;
    uint16_t number;  /**< of the entry */
    const char *text; /**< what happens and why, in static storage */
};

/** Steps that fwvar_boot_forecast() adds to those of the entries. */
#define FWVAR_FORECAST_EXTRA 8

/**
 * Foretells a boot.
 * @param menu       the boot menu.
 * @param variables  the store it comes from, for the boot discovery policy.
 * @param release    what is known of the firmware; version "" for unknown: then the newest
 *                   behaviour is assumed.
 * @param rpi        the machine is a Raspberry Pi.
 * @param steps      receives the steps: room for menu->count + menu->order_count +
 *                   #FWVAR_FORECAST_EXTRA.
 * @return how many were stored.
 */
FWVAR_API size_t fwvar_boot_forecast(const struct fwvar_boot_menu *menu,
                                     const struct fwvar_variables *variables,
                                     const struct fwvar_release *release, bool rpi,
                                     struct fwvar_boot_step *steps);

#ifdef __cplusplus
}
#endif
#endif
