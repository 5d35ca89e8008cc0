/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The device paths of entries that people want: what each form of text means. */
#include "edit/boot.h"

#include "base/diag.h"
#include "base/utf16.h"

#include <stdlib.h>
#include <string.h>

/* A URL reads as the path of a file, which no disk has. */
static int refuse_url(const char *text, const char *wanted, struct fwvar_diag *diag)
{
    size_t scheme = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    if (scheme == 0 || strncmp(text + scheme, "://", 3) != 0)
        return 0;
    fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "'%.128s' is a URL, not %s", text,
            wanted);
    fw_hint(diag,
            "--boot-http adds it, in a plan \"http\"; as a device path it is "
            "Uri(%.128s)",
            text);
    return FWVAR_ERR_ARG;
}

int fw_boot_path_text(const char *text, struct fw_buf *path, struct fwvar_diag *diag)
{
    uint8_t *bytes = NULL;
    size_t size = 0;

    int code = refuse_url(text, "a device path", diag);
    if (code == 0)
        code = fwvar_devpath_parse(text, &bytes, &size, diag);
    if (code != 0)
        return code;
    fw_buf_put(path, bytes, size);
    free(bytes);
    return path->bad ? fw_nomem(diag) : 0;
}

/* Appends the node (@type, @subtype, @data) and an end node. */
static int put_short_form(struct fw_buf *path, uint8_t type, uint8_t subtype,
                          const struct fw_buf *data, struct fwvar_diag *diag)
{
    static const uint8_t end[4] = {0x7F, 0xFF, 4, 0};

    if (data->bad)
        return fw_nomem(diag);
    if (data->size > UINT16_MAX - 4)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "too long for a device path");
    fw_buf_put8(path, type);
    fw_buf_put8(path, subtype);
    fw_buf_put16(path, (uint16_t)(data->size + 4));
    fw_buf_put(path, data->p, data->size);
    fw_buf_put(path, end, sizeof end);
    return path->bad ? fw_nomem(diag) : 0;
}

static bool is_url(const char *url)
{
    if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
        return false;
    for (const char *p = url; *p; p++) {
        if (*p <= ' ' || *p > '~')
            return false;
    }
    const char *host = strchr(url, '/') + 2;
    return *host && !strchr("/:?#", *host);
}

int fw_boot_path_http(const char *url, struct fw_buf *path, struct fwvar_diag *diag)
{
    struct fw_buf uri = {0};

    if (!is_url(url)) {
        fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                "'%.128s' is not a URL the firmware can load", url);
        fw_hint(diag, "write http://HOST/FILE.efi or https://…, without spaces");
        return FWVAR_ERR_ARG;
    }
    fw_buf_text(&uri, url);
    int code = put_short_form(path, 3, 0x18, &uri, diag);
    fw_buf_free(&uri);
    return code;
}

int fw_boot_path_file(const char *file, struct fw_buf *path, struct fwvar_diag *diag)
{
    struct fw_buf wide = {0};
    size_t bad_at;

    if (refuse_url(file, "the path of a file", diag) != 0)
        return FWVAR_ERR_ARG;
    if (!*file || fw_utf16_put(&wide, file, strlen(file), &bad_at) != 0) {
        fw_buf_free(&wide);
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "the file path is %s",
                       *file ? "not UTF-8" : "empty");
    }
    for (size_t i = 0; i < wide.size; i += 2) {
        if (wide.p[i] == '/' && wide.p[i + 1] == 0) /* firmware knows only backslashes */
            wide.p[i] = '\\';
    }
    fw_buf_put16(&wide, 0);
    int code = put_short_form(path, 4, 4, &wide, diag);
    fw_buf_free(&wide);
    return code;
}

/* Reads a MAC: twelve hex digits, with `:`, `-` or `.` between them or without. */
static bool parse_mac(const char *text, uint8_t mac[6])
{
    size_t digits = 0;

    for (; *text; text++) {
        const char *hex = "0123456789abcdef";
        const char *at = strchr(hex, *text | ((*text >= 'A' && *text <= 'F') ? 0x20 : 0));
        if (*text == ':' || *text == '-' || *text == '.')
            continue;
        if (!at || digits == 12)
            return false;
        mac[digits / 2] = (uint8_t)(mac[digits / 2] << 4 | (at - hex));
        digits++;
    }
    return digits == 12;
}

int fw_boot_path_pxe(const char *mac, struct fw_buf *path, struct fwvar_diag *diag)
{
    /* MAC node with interface type 1 (Ethernet), IPv4 node all zero, end. */
    uint8_t bytes[37 + 27 + 4] = {3, 0x0B, 37, 0}, a[6] = {0};

    if (!parse_mac(mac, a)) {
        fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "'%.64s' is not a MAC address",
                mac);
        fw_hint(diag, "write dc:a6:32:01:02:03, DC-A6-32-01-02-03 or dca632010203");
        return FWVAR_ERR_ARG;
    }
    memcpy(bytes + 4, a, sizeof a);
    bytes[36] = 1;
    memcpy(bytes + 37, (const uint8_t[]){3, 0x0C, 27, 0}, 4);
    memcpy(bytes + 64, (const uint8_t[]){0x7F, 0xFF, 4, 0}, 4);
    fw_buf_put(path, bytes, sizeof bytes);
    return path->bad ? fw_nomem(diag) : 0;
}
