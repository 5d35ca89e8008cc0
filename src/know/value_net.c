/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the network drivers of edk2 keep. Layouts: Ip4Config2Impl.h and Ip6ConfigImpl.h
 * (records of natural alignment), Dhcp6Impl.h, IScsiConfig.h (packed), each checked
 * against saved images. */
#include "base/utf16.h"
#include "know/value.h"

#include <arpa/inet.h>
#include <string.h>

#define SHOWN_MAX 8 /* addresses of a kind that are shown */

/* ---- IP configuration ---- */

/* Where the two versions keep the same things, and what they call a data type. */
struct ip_form {
    size_t header;         /* bytes before the records; count in the last two */
    unsigned policy;       /* types of data */
    unsigned address;      /* … of the form below */
    unsigned gateway, dns; /* lists of addresses */
    int family;
    size_t size;         /* bytes of an address */
    size_t address_size; /* bytes of an address with what belongs to it */
    const char *manual, *automatic;
};

static const struct ip_form ip4 = {4, 1, 2, 3, 4, AF_INET, 4, 8, "static", "DHCP"};
static const struct ip_form ip6 = {8,        2,  4,  5,        6,
                                   AF_INET6, 16, 18, "manual", "automatic"};

#define RECORD_SIZE 12 /* offset u16, two bytes of padding, size u32, type u32 */

/* The ones' complement sum of all words is all ones, as in the Internet checksum; edk2
 * drops a configuration where it is not. */
static bool sum_ok(const uint8_t *p, size_t size)
{
    uint64_t sum = 0;

    for (size_t i = 0; i + 1 < size; i += 2)
        sum += fw_le16(p + i);
    if (size % 2)
        sum += p[size - 1];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

static unsigned mask_bits(const uint8_t mask[4])
{
    unsigned n = 0;

    for (size_t i = 0; i < 32 && mask[i / 8] >> (7 - i % 8) & 1; i++)
        n++;
    return n;
}

static void put_address(struct fw_buf *out, const struct ip_form *form, const uint8_t *p)
{
    char text[INET6_ADDRSTRLEN];

    fw_buf_text(out, inet_ntop(form->family, p, text, sizeof text) ? text : "?");
}

static void put_addresses(struct fw_buf *out, const struct ip_form *form, unsigned type,
                          const uint8_t *p, size_t size)
{
    size_t each = type == form->address ? form->address_size : form->size;
    size_t n = size / each;

    fw_buf_text(out, type == form->gateway ? ", gateway"
                     : type == form->dns   ? ", DNS"
                                           : "");
    for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
        fw_buf_text(out, " ");
        put_address(out, form, p + i * each);
        if (type == form->address && form->family == AF_INET)
            fw_buf_printf(out, "/%u", mask_bits(p + i * each + 4));
        else if (type == form->address)
            fw_buf_printf(out, "/%u", p[i * each + 17]);
    }
    if (n > SHOWN_MAX)
        fw_buf_printf(out, " and %zu more", n - SHOWN_MAX);
}

/* Appends the data of one type, if the configuration has it. False if it is malformed. */
static bool put_type(struct fw_buf *out, const struct ip_form *form,
                     const struct fwvar_variable *v, unsigned type)
{
    size_t count = fw_le16(v->data + form->header - 2);

    for (size_t i = 0; i < count; i++) {
        const uint8_t *r = v->data + form->header + i * RECORD_SIZE;
        size_t offset = fw_le16(r), size = fw_le32(r + 4);
        if (fw_le32(r + 8) != type)
            continue;
        if (!fw_range_ok(v->data_size, offset, size))
            return false;
        if (type != form->policy)
            put_addresses(out, form, type, v->data + offset, size);
        else if (size != 4 || fw_le32(v->data + offset) > 1)
            return false;
        else
            fw_buf_text(out, v->data[offset] ? form->automatic : form->manual);
        return true;
    }
    return true;
}

static bool put_config(struct fw_buf *out, const struct ip_form *form,
                       const struct fwvar_variable *v)
{
    const unsigned types[] = {form->policy, form->address, form->gateway, form->dns};

    if (v->data_size < form->header ||
        fw_le16(v->data + form->header - 2) > (v->data_size - form->header) / RECORD_SIZE)
        return false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!put_type(out, form, v, types[i]))
            return false;
    }
    if (!sum_ok(v->data, v->data_size))
        fw_buf_text(out, " (wrong checksum: ignored by the firmware)");
    else if (out->size == 0)
        fw_buf_text(out, "nothing set");
    return true;
}

bool fw_value_ip4_config(struct fw_buf *out, const struct fwvar_variable *v)
{
    return put_config(out, &ip4, v);
}

bool fw_value_ip6_config(struct fw_buf *out, const struct fwvar_variable *v)
{
    return put_config(out, &ip6, v);
}

/* ---- DHCPv6 unique identifier (RFC 8415, section 11) ---- */

static unsigned be16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static void put_uuid(struct fw_buf *out, const uint8_t *p)
{
    static const uint8_t groups[] = {4, 2, 2, 2, 6};

    for (size_t i = 0; i < sizeof groups; i++) {
        fw_buf_text(out, i ? "-" : "");
        fw_buf_hex(out, p, groups[i]);
        p += groups[i];
    }
}

/* A length of two bytes, then the identifier: type, and what the type says. */
bool fw_value_duid(struct fw_buf *out, const struct fwvar_variable *v)
{
    static const char *const types[] = {NULL, "DUID-LLT ", "DUID-EN ", "DUID-LL "};
    /* Bytes between the type and the address: hardware type and time; enterprise number;
     * hardware type. */
    static const size_t skip[] = {0, 6, 4, 2};

    if (v->data_size < 4 || v->data_size > 130 || fw_le16(v->data) != v->data_size - 2)
        return false;
    unsigned type = be16(v->data + 2);
    const uint8_t *p = v->data + 4;
    size_t n = v->data_size - 4;
    if (type == 4 && n == 16) {
        fw_buf_text(out, "DUID-UUID ");
        put_uuid(out, p);
        return true;
    }
    if (type < 1 || type > 3 || n <= skip[type])
        return false;
    fw_buf_text(out, types[type]);
    fw_buf_hex(out, p + skip[type], n - skip[type]);
    return true;
}

/* ---- iSCSI ---- */

enum {
    ISCSI_MAC = 38, /* text */
    ISCSI_MAC_SIZE = 96,
    ISCSI_PORT = 182, /* u16 */
    ISCSI_ENABLED = 184,
    ISCSI_IP_MODE = 185, /* 0 IPv4, 1 IPv6, 2 whatever DHCP says */
    ISCSI_TARGET_DHCP = 223,
    ISCSI_TARGET = 224, /* text */
    ISCSI_TARGET_SIZE = 224,
    ISCSI_TARGET_IP = 448, /* 16 bytes */
    ISCSI_LEAST = 464
};

static void put_text(struct fw_buf *out, const uint8_t *p, size_t size)
{
    fw_text_escaped(out, (const char *)p, strnlen((const char *)p, size));
}

/* The secrets that follow are not shown. */
bool fw_value_iscsi(struct fw_buf *out, const struct fwvar_variable *v)
{
    const uint8_t *p = v->data;

    if (v->data_size < ISCSI_LEAST || p[ISCSI_ENABLED] > 2)
        return false;
    if (!p[ISCSI_ENABLED] && !p[ISCSI_TARGET] && !p[ISCSI_TARGET_DHCP]) {
        fw_buf_text(out, "empty");
        return true;
    }
    fw_buf_text(out, p[ISCSI_ENABLED] ? "enabled" : "disabled");
    if (p[ISCSI_TARGET_DHCP]) {
        fw_buf_text(out, ", target from DHCP");
    } else {
        fw_buf_text(out, ", ");
        put_text(out, p + ISCSI_TARGET, ISCSI_TARGET_SIZE);
        fw_buf_text(out, " at ");
        put_address(out, p[ISCSI_IP_MODE] == 1 ? &ip6 : &ip4, p + ISCSI_TARGET_IP);
        fw_buf_printf(out, " port %u", fw_le16(p + ISCSI_PORT));
    }
    if (p[ISCSI_MAC]) {
        fw_buf_text(out, ", MAC ");
        put_text(out, p + ISCSI_MAC, ISCSI_MAC_SIZE);
    }
    return true;
}

bool fw_value_byte_list(struct fw_buf *out, const struct fwvar_variable *v)
{
    if (v->data_size > 64)
        return false;
    for (size_t i = 0; i < v->data_size; i++)
        fw_buf_printf(out, "%s%u", i ? "," : "", v->data[i]);
    return true;
}
