/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A file as it lies on disk, plain or gzip: opening reads it through a descriptor. */
#include "fuzz/fuzz.h"

#include <fwvar/image.h>
#include <fwvar/variables.h>

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fwvar_variables *vars;
    struct fwvar_image *image;
    char path[64];

    if (size > 0x20000)
        return 0;
    int fd = memfd_create("image", 0);
    PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fwvar_image_open(path, FWVAR_OPEN_THOROUGH, &image, NULL) == 0) {
        if (fwvar_variables_read(fwvar_image_store(image), &vars, NULL) == 0)
            fwvar_variables_free(vars);
        fwvar_image_close(image);
    }
    close(fd);
    return 0;
}
