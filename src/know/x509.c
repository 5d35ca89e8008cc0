/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The subject of an X.509 certificate, by walking its DER (RFC 5280, section 4.1). Ours
 * because a cryptographic library is much to load for a name: linking libcrypto alone
 * costs each start of the program more than patching an image does. Nothing is verified
 * here, and nothing depends on the result. */
#include "base/utf16.h"
#include "know/value.h"

#include <string.h>

enum {
    TAG_INTEGER = 0x02,
    TAG_OID = 0x06,
    TAG_UTF8 = 0x0c,
    TAG_PRINTABLE = 0x13,
    TAG_TELETEX = 0x14,
    TAG_IA5 = 0x16,
    TAG_BMP = 0x1e,
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_VERSION = 0xa0
};

#define NAME_MAX_SHOWN 128

struct item {
    uint8_t tag;
    const uint8_t *p;
    size_t size;
};

/* Takes one item: tag, definite length, value. False at the end or if it is malformed. */
static bool take(struct fw_reader *r, struct item *item)
{
    item->tag = fw_take8(r);
    size_t size = fw_take8(r);

    if (size & 0x80) {
        size_t digits = size & 0x7f;
        if (digits == 0 || digits > 4)
            return false;
        for (size = 0; digits > 0; digits--)
            size = size << 8 | fw_take8(r);
    }
    item->size = size;
    item->p = fw_take(r, size);
    return !r->bad;
}

static bool take_tag(struct fw_reader *r, uint8_t tag, struct item *item)
{
    return take(r, item) && item->tag == tag;
}

/* Steps into the certificate up to its subject. */
static bool find_subject(const uint8_t *der, size_t size, struct item *subject)
{
    struct fw_reader r = fw_reader(der, size);
    struct item item;

    if (!take_tag(&r, TAG_SEQUENCE, &item)) /* the certificate */
        return false;
    r = fw_reader(item.p, item.size);
    if (!take_tag(&r, TAG_SEQUENCE, &item)) /* what is signed */
        return false;
    r = fw_reader(item.p, item.size);
    if (!take(&r, &item) || (item.tag == TAG_VERSION && !take(&r, &item)))
        return false;
    return item.tag == TAG_INTEGER &&           /* serial number */
           take_tag(&r, TAG_SEQUENCE, &item) && /* algorithm */
           take_tag(&r, TAG_SEQUENCE, &item) && /* issuer */
           take_tag(&r, TAG_SEQUENCE, &item) && /* validity */
           take_tag(&r, TAG_SEQUENCE, subject);
}

/* The last attribute of a type: 2.5.4.@type. */
static bool find_attribute(const struct item *subject, uint8_t type, struct item *value)
{
    struct fw_reader sets = fw_reader(subject->p, subject->size);
    struct item set, pair, oid, text;
    bool found = false;

    while (fw_left(&sets) > 0 && take_tag(&sets, TAG_SET, &set)) {
        struct fw_reader pairs = fw_reader(set.p, set.size);
        while (fw_left(&pairs) > 0 && take_tag(&pairs, TAG_SEQUENCE, &pair)) {
            struct fw_reader r = fw_reader(pair.p, pair.size);
            if (!take_tag(&r, TAG_OID, &oid) || !take(&r, &text))
                continue;
            if (oid.size == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x04 &&
                oid.p[2] == type) {
                *value = text;
                found = true;
            }
        }
    }
    return found;
}

/* Text in whichever of ASN.1's forms; UTF-16 is big-endian there. */
static bool put_string(struct fw_buf *out, const struct item *text)
{
    uint8_t swapped[2 * NAME_MAX_SHOWN];
    size_t n = text->size < NAME_MAX_SHOWN ? text->size : NAME_MAX_SHOWN;

    switch (text->tag) {
    case TAG_UTF8:
    case TAG_PRINTABLE:
    case TAG_TELETEX:
    case TAG_IA5:
        fw_text_escaped(out, (const char *)text->p, n);
        return true;
    case TAG_BMP:
        for (size_t i = 0; i + 1 < n; i += 2) {
            swapped[i] = text->p[i + 1];
            swapped[i + 1] = text->p[i];
        }
        fw_utf16_text(out, swapped, n & ~(size_t)1, FW_ESCAPE_CONTROL);
        return true;
    default:
        return false;
    }
}

bool fw_x509_subject(struct fw_buf *out, const uint8_t *der, size_t size)
{
    static const uint8_t types[] = {3 /* common name */, 10 /* organisation */};
    struct item subject, text = {0};

    if (!find_subject(der, size, &subject))
        return false;
    for (size_t i = 0; i < sizeof types; i++) {
        if (find_attribute(&subject, types[i], &text))
            return put_string(out, &text);
    }
    return false;
}
