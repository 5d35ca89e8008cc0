/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/loadopt.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"

#include <string.h>
#include <zlib.h>

#define HEADER 6 /* attributes and the length of the paths */

/* Checks a list of paths: each well-formed, the last one ending with the list. */
static enum fwvar_loadopt_flaw check_paths(struct fwvar_loadopt *option)
{
    size_t from = 0, at;

    do {
        enum fwvar_devpath_flaw flaw =
            fwvar_devpath_check(option->path + from, option->path_size - from, &at);
        from += at;
        if (flaw != FWVAR_DEVPATH_OK && flaw != FWVAR_DEVPATH_TRAILING) {
            option->path_flaw = flaw;
            option->path_flaw_at = from;
            return option->first_path_size ? FWVAR_LOADOPT_PATH_EXTRA
                                           : FWVAR_LOADOPT_PATH;
        }
        if (!option->first_path_size)
            option->first_path_size = from;
    } while (from < option->path_size);
    return FWVAR_LOADOPT_OK;
}

static enum fwvar_loadopt_flaw decode(const uint8_t *bytes, size_t size,
                                      struct fwvar_loadopt *option)
{
    struct fw_reader r = fw_reader(bytes, size);

    option->attributes = fw_take32(&r);
    uint16_t length = fw_take16(&r);
    if (r.bad || fw_left(&r) == 0)
        return FWVAR_LOADOPT_SHORT;
    option->description = bytes + HEADER;
    option->description_size = fw_utf16_length(bytes + HEADER, fw_left(&r));
    fw_take(&r, option->description_size);
    if (!fw_take(&r, 2))
        return FWVAR_LOADOPT_OPEN_DESCRIPTION;
    option->path_size = length < fw_left(&r) ? length : fw_left(&r);
    option->path = fw_take(&r, option->path_size);
    option->data_size = fw_left(&r);
    if (option->data_size)
        option->data = fw_take(&r, option->data_size);
    if (length == 0)
        return FWVAR_LOADOPT_NO_PATH;
    enum fwvar_loadopt_flaw flaw = check_paths(option);
    return option->path_size < length ? FWVAR_LOADOPT_PATH_OVERRUN : flaw;
}

int fwvar_loadopt_decode(const uint8_t *bytes, size_t size, struct fwvar_loadopt *option)
{
    *option = (struct fwvar_loadopt){0};
    option->flaw = decode(bytes, size, option);
    return option->flaw == FWVAR_LOADOPT_OK ? 0 : FWVAR_ERR_DAMAGED;
}

static int check_parts(const struct fwvar_loadopt *option, struct fwvar_diag *diag)
{
    struct fwvar_loadopt paths = {.path = option->path, .path_size = option->path_size};

    if (option->description_size % 2 ||
        (option->description_size &&
         fw_utf16_length(option->description, option->description_size) !=
             option->description_size))
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "the description of a load option has a NUL or half a character "
                       "in it");
    if (option->path_size == 0 || option->path_size > FWVAR_LOADOPT_PATH_MAX)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "the device path of a load option has %zu bytes; 1 to %d are "
                       "possible",
                       option->path_size, FWVAR_LOADOPT_PATH_MAX);
    if (check_paths(&paths) != FWVAR_LOADOPT_OK)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "the device path of a load option is malformed at byte %zu: %s",
                       paths.path_flaw_at, fwvar_devpath_flaw_text(paths.path_flaw));
    return 0;
}

int fwvar_loadopt_encode(const struct fwvar_loadopt *option, uint8_t **bytes,
                         size_t *size, struct fwvar_diag *diag)
{
    struct fw_buf out = {0};
    int err = check_parts(option, diag);

    if (err)
        return err;
    fw_buf_put32(&out, option->attributes);
    fw_buf_put16(&out, (uint16_t)option->path_size);
    fw_buf_put(&out, option->description, option->description_size);
    fw_buf_put16(&out, 0);
    fw_buf_put(&out, option->path, option->path_size);
    fw_buf_put(&out, option->data, option->data_size);
    if (out.bad) {
        fw_buf_free(&out);
        return fw_nomem(diag);
    }
    *bytes = out.p;
    *size = out.size;
    return 0;
}

static const struct fwvar_guid auto_guid = FWVAR_GUID(
    0x8108ac4e, 0x9f11, 0x4d59, 0x85, 0x0e, 0xe2, 0x1a, 0x52, 0x2c, 0x59, 0xb2);

bool fwvar_loadopt_is_auto(const struct fwvar_loadopt *option)
{
    return option->data_size == sizeof auto_guid.b &&
           memcmp(option->data, auto_guid.b, sizeof auto_guid.b) == 0;
}

const struct fwvar_guid *fwvar_loadopt_auto_guid(void)
{
    return &auto_guid;
}

uint32_t fwvar_loadopt_crc(const uint8_t *bytes, size_t size)
{
    return (uint32_t)crc32_z(0, bytes, size);
}

const char *fwvar_loadopt_flaw_text(enum fwvar_loadopt_flaw flaw)
{
    switch (flaw) {
    case FWVAR_LOADOPT_OK:
        return "well-formed";
    case FWVAR_LOADOPT_SHORT:
        return "too short for a load option";
    case FWVAR_LOADOPT_OPEN_DESCRIPTION:
        return "a description without its NUL";
    case FWVAR_LOADOPT_NO_PATH:
        return "no device path";
    case FWVAR_LOADOPT_PATH_OVERRUN:
        return "a device path longer than the option";
    case FWVAR_LOADOPT_PATH:
        return "a malformed device path";
    case FWVAR_LOADOPT_PATH_EXTRA:
        return "bytes behind the device path that are no further path";
    }
    return "unknown flaw";
}
