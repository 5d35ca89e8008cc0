/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_VIEW_BOOT_H
#define FW_VIEW_BOOT_H

#include "view/view.h"

#include <fwvar/forecast.h>

/* The boot menu and what the firmware will do with it. */
struct view_boot {
    const struct fwvar_boot_menu *menu;
    const struct fwvar_boot_step *steps;
    size_t step_count;
};

int view_boot_text(const struct view_style *style, const struct view_boot *boot);
json_t *view_boot_json(const char *path, const struct view_boot *boot);

#endif
