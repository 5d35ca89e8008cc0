/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Lists of hosts: their values, and what all readers of lists share. */
#include "plan/hosts.h"

#include "base/diag.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors ---- */

int fw_hosts_fail(const struct fwvar_hosts *h, size_t host, const char *key,
                  struct fwvar_diag *diag, const char *format, ...)
{
    struct fw_buf pointer = {0};
    char text[320];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!h->json)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "line %zu%s%.64s%s: %s",
                       h->hosts[host].line, key ? " (" : "", key ? key : "",
                       key ? ")" : "", text);
    fw_buf_printf(&pointer, "/hosts/%zu%s", host, key ? "/" : "");
    if (key)
        fw_pointer_escape(&pointer, key);
    char *at = fw_buf_take_text(&pointer);
    const struct fw_json_text doc = {h->text, h->size, diag};
    int code = at ? fw_place_fail(&doc, at, false, "%s", text) : fw_nomem(diag);
    free(at);
    return code;
}

size_t fwvar_hosts_line(const struct fwvar_hosts *h, size_t i)
{
    struct fw_place place = {0, 0};
    char pointer[40];

    if (!h->json)
        return i < h->count ? h->hosts[i].line : 0;
    snprintf(pointer, sizeof pointer, "/hosts/%zu", i);
    return fw_place_find(h->text, h->size, pointer, false, &place) == 0 ? place.line : 0;
}

/* ---- spellings ---- */

static const char *skip_0x(const char *text)
{
    return text[0] == '0' && (text[1] | 0x20) == 'x' ? text + 2 : text;
}

size_t fw_hex_groups(const char *text, char *digits, size_t max)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    size_t n = 0, group = 0, length;
    char between = '\0';

    for (const char *p = skip_0x(text);; p += length + 1) {
        length = strspn(p, hex);
        if (length == 0 || length > max - n)
            return 0;
        for (size_t i = 0; i < length; i++)
            digits[n++] = (char)(p[i] >= 'A' && p[i] <= 'F' ? p[i] | 0x20 : p[i]);
        if (group && length != group)
            return 0;
        group = length;
        if (p[length] == '\0')
            break;
        if (!strchr(":-.", p[length]) || (between && between != p[length]) || group % 2)
            return 0;
        between = p[length];
    }
    digits[n] = '\0';
    return n;
}

int fw_host_serial(const char *text, char serial[9], const char **why, const char **hint)
{
    char digits[17];
    size_t n = fw_hex_groups(text, digits, 16);

    if (n == 8 || n == 16) {
        memcpy(serial, digits + (n - 8), 9);
        return 0;
    }
    *why = "is no serial number of 8 or 16 hex digits";
    *hint = n > 0 && n < 8 ? "zeros in front may have been lost, as in a spreadsheet; "
                             "/proc/cpuinfo of the board shows all digits"
                           : "/proc/cpuinfo of the board shows it; other machines are "
                             "told apart by a key of their own and an \"output\" with it";
    return -1;
}

int fw_host_mac(const char *text, char mac[18], const char **why, const char **hint)
{
    char d[13];

    *hint = "such as dc:a6:32:01:02:03";
    *why = "is no MAC of 12 hex digits";
    if (fw_hex_groups(text, d, 12) != 12)
        return -1;
    *why = "is not the MAC of one network card";
    if (strchr("13579bdf", d[1]) || strcmp(d, "000000000000") == 0)
        return -1;
    for (size_t i = 0; i < 6; i++)
        snprintf(mac + 3 * i, 4, i < 5 ? "%.2s:" : "%.2s", d + 2 * i);
    return 0;
}

static int check_ip(const char *text, const char **why, const char **hint)
{
    unsigned char address[16];

    *why = "is no IP address";
    *hint = "such as 192.0.2.10 or 2001:db8::10, without a prefix length";
    return inet_pton(AF_INET, text, address) == 1 ||
                   inet_pton(AF_INET6, text, address) == 1
               ? 0
               : -1;
}

/* ---- values ---- */

struct fw_host *fw_hosts_add(struct fwvar_hosts *h)
{
    if (h->count == h->cap) {
        size_t cap = h->cap ? 2 * h->cap : 64;
        struct fw_host *hosts = realloc(h->hosts, cap * sizeof *hosts);
        if (!hosts)
            return NULL;
        h->hosts = hosts;
        h->cap = cap;
    }
    h->hosts[h->count] = (struct fw_host){0};
    return &h->hosts[h->count++];
}

/* Keeps a key and its value with the newest host. */
static int keep(struct fwvar_hosts *h, const char *key, const char *value,
                const char **kept)
{
    struct fw_host *host = &h->hosts[h->count - 1];

    if (host->host.key_count == host->key_cap) {
        size_t cap = host->key_cap ? 2 * host->key_cap : 8;
        struct fwvar_plan_key *keys = realloc(host->keys, cap * sizeof *keys);
        if (!keys)
            return FWVAR_ERR_NOMEM;
        host->keys = keys;
        host->key_cap = cap;
    }
    struct fwvar_plan_key k = {fw_plan_text(h->plan, key), fw_plan_text(h->plan, value)};
    if (!k.name || !k.value)
        return FWVAR_ERR_NOMEM;
    host->keys[host->host.key_count++] = k;
    if (kept)
        *kept = k.value;
    return 0;
}

int fw_hosts_put(struct fwvar_hosts *h, const char *key, const char *value,
                 struct fwvar_diag *diag)
{
    struct fwvar_host *host = &h->hosts[h->count - 1].host;
    const char *why, *hint, *spelt = value, **kept = NULL;
    char serial[9], mac[18];
    int bad = 0;

    if (!*value)
        return 0;
    if (strcmp(key, "serial") == 0) {
        bad = fw_host_serial(value, serial, &why, &hint);
        spelt = serial;
        kept = &host->serial;
    } else if (strcmp(key, "mac") == 0) {
        bad = fw_host_mac(value, mac, &why, &hint);
        spelt = mac;
        kept = &host->mac;
    } else if (strcmp(key, "ip") == 0) {
        bad = check_ip(value, &why, &hint);
    } else if (strcmp(key, "name") == 0) {
        kept = &host->name;
    }
    if (bad) {
        int code =
            fw_hosts_fail(h, h->count - 1, key, diag, "'%.64s' %s", value, why);
        if (code == FWVAR_ERR_ARG)
            fw_hint(diag, "%s", hint);
        return code;
    }
    return keep(h, key, spelt, kept) == 0 ? 0 : fw_nomem(diag);
}

/* ---- the list as a whole ---- */

static bool is_json(const struct fwvar_hosts *h)
{
    size_t i = 0;

    while (i < h->size && strchr(" \t\r\n", h->text[i]) && h->text[i])
        i++;
    return i < h->size && (h->text[i] == '{' || h->text[i] == '[');
}

static int read_all(struct fwvar_hosts *h, const char *output, struct fwvar_diag *diag)
{
    const struct fw_json_text doc = {h->text, h->size, diag};

    h->json = is_json(h);
    if (output) {
        h->output = (struct fw_template){output, output[strcspn(output, "{}")] != '\0'};
        h->output_given = true;
    }
    int code = h->json ? fw_hosts_read_json(h, diag)
                       : fw_plan_from_json(NULL, "", &doc, 0, &h->plan);
    if (code == 0 && !h->json)
        code = fw_hosts_read_csv(h, diag);
    if (code != 0)
        return code;
    if (h->count == 0)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "there is no host in it");
    const char *path = h->output.text ? h->output.text : FWVAR_HOSTS_OUTPUT;
    h->output.text = fw_plan_text(h->plan, path);
    h->output.open = path[strcspn(path, "{}")] != '\0';
    return h->output.text ? fw_hosts_settle(h, diag) : fw_nomem(diag);
}

int fwvar_hosts_read(const char *text, size_t size, const char *output,
                     struct fwvar_hosts **hosts, struct fwvar_diag *diag)
{
    struct fwvar_diag local;

    diag = diag ? diag : &local;
    fw_json_skip_mark(&text, &size);
    if (size > FWVAR_HOSTS_SIZE_MAX)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "a list of hosts has at most %u bytes", FWVAR_HOSTS_SIZE_MAX);
    struct fwvar_hosts *h = calloc(1, sizeof *h);
    if (h)
        h->text = malloc(size + 1);
    if (!h || !h->text) {
        free(h);
        return fw_nomem(diag);
    }
    memcpy(h->text, text, size);
    h->text[size] = '\0';
    h->size = size;
    int code = read_all(h, output, diag);
    if (code != 0) {
        fwvar_hosts_free(h);
        return code;
    }
    *hosts = h;
    return 0;
}

void fwvar_hosts_free(struct fwvar_hosts *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->count; i++) {
        free(h->hosts[i].keys);
        fwvar_plan_free(h->hosts[i].own);
    }
    free(h->hosts);
    free(h->by_output);
    fwvar_plan_free(h->plan);
    free(h->text);
    free(h);
}

size_t fwvar_hosts_count(const struct fwvar_hosts *h)
{
    return h->count;
}

const struct fwvar_host *fwvar_hosts_at(const struct fwvar_hosts *h, size_t i)
{
    return i < h->count ? &h->hosts[i].host : NULL;
}

const struct fwvar_plan *fwvar_hosts_plan(const struct fwvar_hosts *h)
{
    return h->has_plan ? h->plan : NULL;
}

const char *fwvar_hosts_output(const struct fwvar_hosts *h)
{
    return h->output.text;
}
