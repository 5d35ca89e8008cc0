/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reading the fields of a node from text: a reader per kind of field. */
#include <fwvar/guid.h>

#include "base/utf16.h"
#include "format/devpath_args.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static uint64_t most(size_t size)
{
    return size >= 8 ? UINT64_MAX : (UINT64_C(1) << size * 8) - 1;
}

static void put_number(struct fw_dp_args *a, const struct fw_dp_field *f, uint64_t value)
{
    for (size_t i = 0; i < f->size; i++)
        a->fixed[f->off + i] = (uint8_t)(value >> 8 * i & 0xff);
}

static bool is_word(const struct fw_dp_arg *arg, const char *word)
{
    return strlen(word) == arg->size && strncasecmp(word, arg->p, arg->size) == 0;
}

static int read_hex_number(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    uint64_t value = f->fallback;

    if (arg.size || !f->optional) {
        int err = fw_dp_number(a, &arg, f->name, most(f->size), &value);
        if (err)
            return err;
    }
    put_number(a, f, value);
    return 0;
}

static int read_bare(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    size_t skip = fw_dp_has_0x(&arg) ? 2 : 0;
    uint64_t value;

    if (!fw_dp_digits(arg.p + skip, arg.size - skip, 16, &value))
        return fw_dp_wanted(a, &arg, f->name, "up to 16 hex digits");
    put_number(a, f, value);
    return 0;
}

static int read_be64(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    uint64_t value = 0;

    if (arg.size || !f->optional) {
        int err = fw_dp_number(a, &arg, f->name, UINT64_MAX, &value);
        if (err)
            return err;
    }
    for (size_t i = 0; i < 8; i++)
        a->fixed[f->off + i] = (uint8_t)(value >> (56 - 8 * i) & 0xff);
    return 0;
}

static int word_wanted(struct fw_dp_args *a, const struct fw_dp_arg *arg,
                       const char *name, const struct fw_dp_word *words)
{
    char list[160] = "";
    size_t used = 0;

    for (; words->text; words++) {
        if (words->print_only)
            continue;
        int n = snprintf(list + used, sizeof list - used, "%s, ", words->text);
        if (n > 0 && (size_t)n < sizeof list - used)
            used += (size_t)n;
    }
    return fw_dp_expected(a->error, arg->at, "%s: %sor a number", name, list);
}

/* Looks a keyword up and takes a number otherwise. */
static int take_word(struct fw_dp_args *a, const struct fw_dp_arg *arg, const char *name,
                     const struct fw_dp_word *words, uint64_t max, uint64_t *value)
{
    for (const struct fw_dp_word *w = words; w->text; w++) {
        if (!w->print_only && is_word(arg, w->text)) {
            *value = w->value;
            return 0;
        }
    }
    if (fw_dp_to_number(arg, value) && *value <= max)
        return 0;
    return word_wanted(a, arg, name, words);
}

static int read_word(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    const struct fw_dp_word *words = fw_dp_lists[f->words];
    uint64_t value = f->fallback;

    if (arg.size || !f->optional) {
        int err = take_word(a, &arg, f->name, words, most(f->size), &value);
        if (err)
            return err;
    }
    if (f->kind == FW_DP_BITS) {
        if (value & ~(uint64_t)fw_dp_bits(words))
            return word_wanted(a, &arg, f->name, words);
        value |= fw_le16(a->fixed + f->off);
    }
    put_number(a, f, value);
    return 0;
}

static int read_const(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    put_number(a, f, f->fallback);
    return 0;
}

static int read_zero(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    uint64_t value = 0;

    if (arg.size && (!fw_dp_to_number(&arg, &value) || value != 0))
        return fw_dp_wanted(a, &arg, f->name, "0 for a disk without a known signature");
    return 0;
}

static int read_guid(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    char text[FWVAR_GUID_TEXT_SIZE];
    struct fwvar_guid guid;

    if (arg.size == sizeof text - 1) {
        memcpy(text, arg.p, arg.size);
        text[arg.size] = '\0';
        if (fwvar_guid_parse(text, &guid) == 0) {
            memcpy(a->fixed + f->off, guid.b, sizeof guid.b);
            return 0;
        }
    }
    return fw_dp_wanted(a, &arg, f->name, "a GUID");
}

/* Three letters of five bits each, then four hex digits. edk2 prints what is no letter
 * with the characters around the alphabet, from @ to _. */
static int read_eisa(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    uint64_t number = 0;
    uint32_t letters = 0;

    if (fw_dp_to_number(&arg, &number) && number <= UINT32_MAX) {
        put_number(a, f, number);
        return 0;
    }
    if (arg.size == 0 && f->optional)
        return 0;
    if (arg.size != 7 || !fw_dp_digits(arg.p + 3, 4, 16, &number))
        return fw_dp_wanted(a, &arg, f->name,
                            "an identifier such as PNP0A03, or a number");
    for (size_t i = 0; i < 3; i++) {
        char c = arg.p[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c < '@' || c > '_')
            return fw_dp_wanted(a, &arg, f->name,
                                "an identifier such as PNP0A03, or a number");
        letters = letters << 5 | (uint32_t)(c - '@');
    }
    put_number(a, f, number << 16 | letters);
    return 0;
}

/* `address`, `address:port` or `[address]:port`. The port goes to @port if there is one.
 */
static bool take_ip(const struct fw_dp_arg *arg, int family, uint8_t *address,
                    uint8_t *port)
{
    char text[64];
    const char *p = arg->p, *end = arg->p + arg->size, *stop = end;
    const char *after = end;

    if (family == AF_INET6 && arg->size && *p == '[') {
        p++;
        stop = memchr(p, ']', (size_t)(end - p));
        if (!stop)
            return false;
        after = stop + 1;
    } else if (family == AF_INET) {
        const char *colon = memchr(p, ':', arg->size);
        stop = after = colon ? colon : end;
    }
    if ((size_t)(stop - p) >= sizeof text)
        return false;
    memcpy(text, p, (size_t)(stop - p));
    text[stop - p] = '\0';
    if (inet_pton(family, text, address) != 1)
        return false;
    if (after == end)
        return true;
    uint64_t value;
    struct fw_dp_arg number = {after + 1, (size_t)(end - after) - 1, 0};
    if (!port || *after != ':' || !fw_dp_to_number(&number, &value) || value > 0xffff)
        return false;
    fw_put16(port, (uint16_t)value);
    return true;
}

/* The ports lie behind the two addresses, local before remote, in both IPv4 and IPv6. */
static uint8_t *port_of(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    if (f->off == 0)
        return a->fixed + 2 * (size_t)f->size;
    return f->off == f->size ? a->fixed + 2 * (size_t)f->size + 2 : NULL;
}

static int read_ip(struct fw_dp_args *a, const struct fw_dp_field *f, int family,
                   const char *what)
{
    struct fw_dp_arg arg = fw_dp_next(a);

    if (arg.size == 0 && f->optional)
        return 0;
    if (!take_ip(&arg, family, a->fixed + f->off, port_of(a, f)))
        return fw_dp_wanted(a, &arg, f->name, what);
    return 0;
}

static int read_ip4(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    return read_ip(a, f, AF_INET, "an IPv4 address");
}

static int read_ip6(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    return read_ip(a, f, AF_INET6, "an IPv6 address");
}

/* Hex digits, with or without a separator between bytes. Returns the bytes or 0. */
static size_t hex_bytes(const struct fw_dp_arg *arg, uint8_t *out, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < arg->size; n++) {
        if (n && (arg->p[i] == ':' || arg->p[i] == '-'))
            i++;
        if (n == room || arg->size - i < 2 || fw_dp_digit(arg->p[i]) > 15 ||
            fw_dp_digit(arg->p[i + 1]) > 15)
            return 0;
        out[n] = (uint8_t)(fw_dp_digit(arg->p[i]) << 4 | fw_dp_digit(arg->p[i + 1]));
        i += 2;
    }
    return n;
}

static int read_bytes(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);

    if (hex_bytes(&arg, a->fixed + f->off, f->size) != f->size)
        return fw_dp_expected(a->error, arg.at, "%s, %u hex digits", f->name,
                              f->size * 2u);
    return 0;
}

static int read_eui64(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    uint8_t raw[8];

    if (hex_bytes(&arg, raw, sizeof raw) != sizeof raw)
        return fw_dp_wanted(a, &arg, f->name, "8 bytes such as 00-11-22-33-44-55-66-77");
    for (size_t i = 0; i < sizeof raw; i++)
        a->fixed[f->off + i] = raw[7 - i];
    return 0;
}

/* The type decides how long the address is: 0 and 1 are Ethernet (RFC 3232). */
static int read_mac(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg mac = fw_dp_next(a);
    struct fw_dp_arg type = fw_dp_next(a);
    uint64_t value = 0;
    size_t n = hex_bytes(&mac, a->fixed, 32);

    if (n == 0)
        return fw_dp_wanted(a, &mac, f->name, "an address in hex digits");
    if (type.size) {
        int err = fw_dp_number(a, &type, "IfType", 0xff, &value);
        if (err)
            return err;
    }
    if (value <= 1 && n != 6)
        return fw_dp_wanted(a, &mac, f->name, "12 hex digits");
    a->fixed[32] = (uint8_t)value;
    return 0;
}

/* Location and connection of a SAS drive, bits 5 and 6 to 7. */
static int read_sas_place(struct fw_dp_args *a, uint16_t *info)
{
    static const struct fw_dp_word location[] = {
        {.text = "Internal", .value = 0}, {.text = "External", .value = 1}, {0}};
    static const struct fw_dp_word connect[] = {
        {.text = "Direct", .value = 0}, {.text = "Expanded", .value = 1}, {0}};
    struct fw_dp_arg arg = fw_dp_next(a);
    uint64_t value;
    int err = take_word(a, &arg, "Location", location, 1, &value);

    if (err)
        return err;
    *info = (uint16_t)(*info | value << 5);
    arg = fw_dp_next(a);
    err = take_word(a, &arg, "Connect", connect, 3, &value);
    if (err)
        return err;
    *info = (uint16_t)(*info | value << 6);
    arg = fw_dp_next(a);
    value = 0;
    if (arg.size && (err = fw_dp_number(a, &arg, "DriveBay", 256, &value)) != 0)
        return err;
    *info = (uint16_t)(*info | (value ? 2 | (value - 1) << 8 : 1));
    return 0;
}

static int read_topology(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    static const struct fw_dp_word kinds[] = {
        {.text = "NoTopology", .value = 0}, {.text = "SAS"}, {.text = "SATA"}, {0}};
    struct fw_dp_arg arg = fw_dp_next(a);
    uint64_t value = 0;

    if (is_word(&arg, "SAS") || is_word(&arg, "SATA")) {
        uint16_t info = is_word(&arg, "SATA") ? 0x10 : 0;
        int err = read_sas_place(a, &info);
        put_number(a, f, info);
        return err;
    }
    if (arg.size) {
        int err = take_word(a, &arg, f->name, kinds, 0xffff, &value);
        if (err)
            return err;
    }
    put_number(a, f, value);
    for (int i = 0; i < 3; i++) {
        arg = fw_dp_next(a);
        if (arg.size && (!fw_dp_to_number(&arg, &value) || value != 0))
            return fw_dp_wanted(a, &arg, "Location, Connect and DriveBay",
                                "0 where the topology is not SAS or SATA");
    }
    return 0;
}

static int read_nid(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    static const struct {
        const char *prefix;
        size_t bytes;
    } forms[] = {{"eui:", 8}, {"nvme-nguid:", 16}, {"urn:uuid:", 16}};
    struct fw_dp_arg arg = fw_dp_next(a);

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t skip = strlen(forms[i].prefix);
        if (arg.size < skip || strncasecmp(arg.p, forms[i].prefix, skip) != 0)
            continue;
        struct fw_dp_arg hex = {arg.p + skip, arg.size - skip, arg.at + skip};
        if (hex_bytes(&hex, a->fixed + f->off + 1, 16) != forms[i].bytes)
            return fw_dp_expected(a->error, hex.at, "%s, %zu hex digits", f->name,
                                  forms[i].bytes * 2);
        a->fixed[f->off] = (uint8_t)(i + 1);
        return 0;
    }
    return fw_dp_wanted(a, &arg, f->name, "after eui:, nvme-nguid: or urn:uuid:");
}

/* Text that is one byte a character in the node. */
static int take_ascii(struct fw_dp_args *a, const struct fw_dp_arg *arg, const char *name)
{
    for (size_t i = 0; i < arg->size; i++) {
        if (arg->p[i] < 0x20 || arg->p[i] > 0x7e)
            return fw_dp_expected(a->error, arg->at + i, "%s in printable ASCII", name);
    }
    return 0;
}

static int read_ssid(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_rest(a);
    int err = take_ascii(a, &arg, f->name);

    if (err)
        return err;
    if (arg.size == 0 || arg.size > f->size)
        return fw_dp_wanted(a, &arg, f->name, "1 to 32 characters");
    memcpy(a->fixed + f->off, arg.p, arg.size);
    return 0;
}

static int read_string(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_next(a);

    if (arg.size == 0 && !f->optional)
        return fw_dp_wanted(a, &arg, f->name, "a text");
    a->strings[f->off].at = arg.at;
    a->strings[f->off].size = arg.size;
    return take_ascii(a, &arg, f->name);
}

static int read_uri(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_rest(a);

    fw_buf_put(&a->tail, arg.p, arg.size);
    return take_ascii(a, &arg, f->name);
}

static int read_serial(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    struct fw_dp_arg arg = fw_dp_rest(a);
    size_t bad;

    if (arg.size >= 2 && arg.p[0] == '"' && arg.p[arg.size - 1] == '"')
        arg = (struct fw_dp_arg){arg.p + 1, arg.size - 2, arg.at + 1};
    if (fw_utf16_put(&a->tail, arg.p, arg.size, &bad) != 0)
        return fw_dp_expected(a->error, arg.at + bad, "%s in valid UTF-8", f->name);
    return 0;
}

static int read_data(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    (void)f;
    return fw_dp_read_hex(a);
}

static int read_adrs(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    do {
        struct fw_dp_arg arg = fw_dp_next(a);
        uint64_t value;
        int err = fw_dp_number(a, &arg, f->name, UINT32_MAX, &value);
        if (err)
            return err;
        fw_buf_put32(&a->tail, (uint32_t)value);
    } while (a->more);
    return 0;
}

/* Each address takes 16 bytes; the first one tells the family of all. */
static int read_dns(struct fw_dp_args *a, const struct fw_dp_field *f)
{
    for (size_t n = 0; a->more; n++) {
        struct fw_dp_arg arg = fw_dp_next(a);
        uint8_t address[16] = {0};
        if (n == 0)
            a->fixed[f->off] = arg.size && memchr(arg.p, ':', arg.size) ? 1 : 0;
        bool six = a->fixed[f->off];
        if (!take_ip(&arg, six ? AF_INET6 : AF_INET, address, NULL))
            return fw_dp_wanted(a, &arg, f->name,
                                six ? "an IPv6 address" : "an IPv4 address");
        fw_buf_put(&a->tail, address, sizeof address);
    }
    return 0;
}

typedef int read_field(struct fw_dp_args *a, const struct fw_dp_field *f);

static read_field *const readers[FW_DP_KINDS] = {
    [FW_DP_HEX] = read_hex_number,   [FW_DP_DEC] = read_hex_number,
    [FW_DP_BARE] = read_bare,        [FW_DP_BE64] = read_be64,
    [FW_DP_WORD] = read_word,        [FW_DP_WORD_OR_HEX] = read_word,
    [FW_DP_WORD_OR_DEC] = read_word, [FW_DP_BITS] = read_word,
    [FW_DP_CONST] = read_const,      [FW_DP_ZERO] = read_zero,
    [FW_DP_GUID] = read_guid,        [FW_DP_EISA] = read_eisa,
    [FW_DP_EISA0] = read_eisa,       [FW_DP_HID] = read_eisa,
    [FW_DP_IP4] = read_ip4,          [FW_DP_IP6] = read_ip6,
    [FW_DP_BYTES] = read_bytes,      [FW_DP_EUI64] = read_eui64,
    [FW_DP_MAC] = read_mac,          [FW_DP_TOPOLOGY] = read_topology,
    [FW_DP_NID] = read_nid,          [FW_DP_SSID] = read_ssid,
    [FW_DP_STRING] = read_string,    [FW_DP_URI] = read_uri,
    [FW_DP_SERIAL] = read_serial,    [FW_DP_DATA] = read_data,
    [FW_DP_ADRS] = read_adrs,        [FW_DP_DNS] = read_dns,
};

int fw_dp_read_fields(struct fw_dp_args *args, const struct fw_dp_row *row)
{
    if (row->key_size)
        memcpy(args->fixed + row->key_off, row->key, row->key_size);
    for (size_t i = 0; i < row->field_count; i++) {
        const struct fw_dp_field *f = &row->fields[i];
        size_t at = args->at;
        int err = readers[f->kind](args, f);
        if (err)
            return err;
        /* HD and RestService have one name for several rows; the key tells which. */
        if (row->key_size &&
            memcmp(args->fixed + row->key_off, row->key, row->key_size) != 0)
            return fw_dp_expected(args->error, at, "another %s", f->name);
    }
    return fw_dp_close(args);
}
