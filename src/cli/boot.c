/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The commands boot and devpath. */
#include "view/boot.h"
#include "cli/machine.h"
#include "cli/read.h"

#include "base/bytes.h"

#include <fwvar/folder.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- boot ---- */

static int print_menu(struct cli *cli, const struct cli_opened *o,
                      const struct fwvar_boot_menu *menu)
{
    bool rpi = fwvar_image_platform(o->image) == FWVAR_PLATFORM_RPI;
    struct view_style style = cli_style(cli);
    struct view_boot view = {.menu = menu};
    const struct fwvar_release *release;

    int status = cli_release(cli, o->path, o->image, FWVAR_EFFORT_HEAD, &release);
    if (status != CLI_OK)
        return status;
    struct fwvar_boot_step *steps =
        calloc(menu->count + menu->order_count + FWVAR_FORECAST_EXTRA, sizeof *steps);
    if (!steps)
        return cli_nomem(cli);
    view.step_count = fwvar_boot_forecast(menu, o->variables, release, rpi, steps);
    view.steps = steps;
    if (cli->json)
        status = cli_print_document(cli, view_boot_json(o->path, &view));
    else if (view_boot_text(&style, &view) != 0)
        status = cli_nomem(cli);
    free(steps);
    return status;
}

int cmd_boot(struct cli *cli)
{
    const char *path = cli_image_argument(cli, 1, 1);
    struct fwvar_boot_menu menu;
    struct fwvar_diag diag;
    struct cli_opened o;

    if (!path || cli_open_read(cli, path, 0, &o) != CLI_OK)
        return CLI_TROUBLE;
    int status;
    if (fwvar_boot_menu_read(o.variables, &menu, &diag) != 0) {
        status = cli_fail(cli, path, &diag);
    } else {
        status = print_menu(cli, &o, &menu);
        fwvar_boot_menu_free(&menu);
    }
    cli_close_read(&o);
    return status;
}

/* ---- devpath ---- */

enum { DEVPATH_TEXT = OPT_COMMAND, DEVPATH_HEX };

/* Hex digits, at least those of an end node; spaces between them are allowed. */
static bool looks_like_hex(const char *text)
{
    size_t digits = 0;

    for (; *text; text++) {
        if (isxdigit((unsigned char)*text))
            digits++;
        else if (!isspace((unsigned char)*text))
            return false;
    }
    return digits >= 8 && digits % 2 == 0;
}

static int unhex(struct cli *cli, const char *text, struct fw_buf *bytes)
{
    struct fw_buf digits = {0};
    size_t bad_at = 0;

    for (const char *p = text; *p; p++) {
        if (!isspace((unsigned char)*p))
            fw_buf_put8(&digits, (uint8_t)*p);
    }
    if (digits.bad) {
        fw_buf_free(&digits);
        return cli_nomem(cli);
    }
    int bad = fw_unhex((const char *)digits.p, digits.size, bytes, &bad_at);
    fw_buf_free(&digits);
    if (bad)
        return cli_usage(cli, "write pairs of hex digits",
                         "'%.128s' is not a device path in hex (digit %zu)", text,
                         bad_at + 1);
    return CLI_OK;
}

static int print_path(struct cli *cli, const uint8_t *bytes, size_t size, bool as_text)
{
    char *text = fwvar_devpath_text(bytes, size);
    struct fw_buf hex = {0};
    int status = CLI_OK;

    fw_buf_hex(&hex, bytes, size);
    char *digits = fw_buf_take_text(&hex);
    if (!text || !digits)
        status = cli_nomem(cli);
    else if (cli->json)
        status = cli_print_json(
            cli, json_pack("{s:i,s:s,s:s}", "schema", 1, "text", text, "hex", digits));
    else
        puts(as_text ? text : digits);
    free(text);
    free(digits);
    return status;
}

static int from_hex(struct cli *cli, const char *text)
{
    struct fw_buf bytes = {0};
    int status = unhex(cli, text, &bytes);

    if (status == CLI_OK)
        status = bytes.bad ? cli_nomem(cli) : print_path(cli, bytes.p, bytes.size, true);
    fw_buf_free(&bytes);
    return status;
}

static int from_text(struct cli *cli, const char *text)
{
    struct fwvar_diag diag;
    uint8_t *bytes;
    size_t size;

    if (fwvar_devpath_parse(text, &bytes, &size, &diag) != 0)
        return cli_fail(cli, "devpath", &diag);
    int status = print_path(cli, bytes, size, false);
    free(bytes);
    return status;
}

static int translate(struct cli *cli, const char *path)
{
    bool text = cli_has(cli, DEVPATH_TEXT);

    if (cli_has(cli, DEVPATH_HEX) || (!text && looks_like_hex(path)))
        return from_hex(cli, path);
    return from_text(cli, path);
}

/* The path is the line there. */
static int translate_input(struct cli *cli)
{
    struct fwvar_diag diag;
    uint8_t *bytes;
    size_t size;

    if (fwvar_file_read("-", &bytes, &size, &diag) != 0)
        return cli_fail(cli, "-", &diag);
    bytes[strcspn((const char *)bytes, "\r\n")] = '\0';
    int status = translate(cli, (const char *)bytes);
    free(bytes);
    return status;
}

int cmd_devpath(struct cli *cli)
{
    if (cli->arg_count != 1)
        return cli_usage(cli, NULL, "%s",
                         cli->arg_count ? "one device path at a time (quote it)"
                                        : "the device path is missing");
    if (cli_has(cli, DEVPATH_TEXT) && cli_has(cli, DEVPATH_HEX))
        return cli_usage(cli, NULL, "only one of --text and --hex");
    if (strcmp(cli->args[0], "-") == 0)
        return translate_input(cli);
    return translate(cli, cli->args[0]);
}
