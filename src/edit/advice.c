/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/advice.h>
#include <fwvar/known.h>
#include <fwvar/setting.h>

#include "edit/edit.h"

#include <string.h>

/* True if the transaction gives a setting a value that the store did not have. */
static bool sets(const struct fwvar_edit *e, const char *short_name)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];
    struct fwvar_variable now;

    if (fwvar_setting_find(short_name, "rpi4", found) != 1 ||
        fwvar_edit_get_named(e, &found[0]->guid, found[0]->name, &now) != 0)
        return false;
    const struct fwvar_record *old =
        fwvar_variables_get(e->before, &found[0]->guid, found[0]->name);
    return !old || old->data_size != now.data_size ||
           memcmp(old->data, now.data, now.data_size) != 0;
}

static bool ram_more_than_3gb(const struct fwvar_edit *e)
{
    return sets(e, "ram-more-than-3gb");
}

static bool boot_next(const struct fwvar_edit *e)
{
    struct fwvar_variable v;

    return fwvar_image_platform(e->image) == FWVAR_PLATFORM_RPI &&
           fwvar_edit_get_named(e, &fwvar_global_guid, "BootNext", &v) == 0;
}

static const struct {
    struct fwvar_advice advice;
    bool (*applies)(const struct fwvar_edit *e);
} rows[] = {
    {{"ram-more-than-3gb",
      "storing RamMoreThan3GB has no effect: the firmware overwrites it at every boot "
      "before it is read; to lift the limit use --set ram-limit=off",
      "ConfigDxe of edk2-platforms, unchanged since 2020-03-05"},
     ram_more_than_3gb},
    {{"boot-next-sticks",
      "a board that boots this file over TFTP cannot delete BootNext, so it is tried "
      "first "
      "at every boot",
      "VarBlockServiceDxe writes only to media that hold RPI_EFI.FD"},
     boot_next},
};

#define ROWS (sizeof rows / sizeof rows[0])

const struct fwvar_advice *fwvar_advice_at(size_t i)
{
    return i < ROWS ? &rows[i].advice : NULL;
}

size_t fwvar_advise_edit(const struct fwvar_edit *edit,
                         const struct fwvar_advice *advice[FWVAR_ADVICE_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < ROWS && n < FWVAR_ADVICE_MAX; i++) {
        if (rows[i].applies(edit))
            advice[n++] = &rows[i].advice;
    }
    return n;
}
