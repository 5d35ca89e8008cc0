/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/release.h>

#include <stdio.h>
#include <string.h>

/* Layouts of the Raspberry Pi platforms, from their FDF files and from images. A file
 * may carry the last, unpopulated region of the 4 MB layout or not. */
static const struct layout {
    uint64_t file_size, file_size_padded, nv_offset;
    uint64_t fv_main_rpi3; /* where only a Pi 3 has its main volume; 0: the same place */
    const char *era;
} layouts[] = {
    {0x200000, 0x200000, 0x1e0000, 0, "first layout (Pi 4: v1.0 to v1.4)"},
    {0x1f0000, 0x1f0000, 0x1d0000, 0x30000, "2 MB layout (Pi 4: v1.5 to v1.38)"},
    {0x3d0000, 0x3e0000, 0x3b0000, 0, "4 MB layout (Pi 4: v1.39 or newer)"},
};

void fwvar_release_from_layout(uint64_t file_size, uint64_t nv_offset,
                               uint64_t fv_main_offset, struct fwvar_release *release)
{
    *release = (struct fwvar_release){.era = ""};
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        const struct layout *l = &layouts[i];
        bool rpi3 = l->fv_main_rpi3 && fv_main_offset == l->fv_main_rpi3;

        if (nv_offset != l->nv_offset ||
            (file_size != l->file_size && file_size != l->file_size_padded))
            continue;
        snprintf(release->board, sizeof release->board, "%s", rpi3 ? "rpi3" : "rpi");
        release->era = rpi3 ? "2 MB layout" : l->era;
        release->confidence = FWVAR_RELEASE_LAYOUT;
        return;
    }
}
