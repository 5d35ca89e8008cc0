/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Firmware files and sections: one step from any place, any content. */
#include "proof.h"

#include "format/ffs.h"

static void file_step(const uint8_t *bytes, size_t size)
{
    struct fw_fv fv = {bytes, size, 0, {{0}}};
    struct fw_ffs_file file;
    size_t at = any_up_to(UINT8_MAX), next = at;

    if (fw_ffs_next(&fv, &next, &file) != 0)
        return;
    PROMISE(at <= size && next > at && next % 8 == 0, "forward");
    PROMISE(inside(bytes, size, file.body, file.size), "a file is in its volume");
}

static void section_step(const uint8_t *bytes, size_t size)
{
    struct fw_section s;
    size_t at = any_up_to(UINT8_MAX), next = at;

    if (fw_section_next(bytes, size, &next, &s) != 0)
        return;
    PROMISE(at <= size && next > at && next % 4 == 0, "forward");
    PROMISE(inside(bytes, size, s.body, s.size), "a section is in its file");
    PROMISE(s.type != FW_SECTION_GUIDED || inside(s.body, s.size, s.data, s.data_size),
            "its data are in it");
}

int main(void)
{
    size_t size = any_up_to(BOUND);
    ANY_BYTES(bytes, size);

    if (nondet_bool())
        file_step(bytes, size);
    else
        section_step(bytes, size);
    return 0;
}
