/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Secure boot: EFI_SIGNATURE_LIST (UEFI specification 2.10, section 32.4.1), and the
 * database of signers that edk2's AuthVariableLib keeps. */
#include "base/utf16.h"
#include "know/value.h"

#include <string.h>

#define LIST_HEADER 28 /* type, list size, header size, signature size */
#define OWNER_SIZE  16
#define SHOWN_MAX   16 /* certificates and lists that are shown */

static const struct type {
    struct fwvar_guid guid;
    const char *name;
} types[] = {
    {FWVAR_GUID(0xa5c059a1, 0x94e4, 0x4aa7, 0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0,
                0x72),
     "X.509"},
    {FWVAR_GUID(0xc1c41626, 0x504c, 0x4092, 0xac, 0xa9, 0x41, 0xf9, 0x36, 0x93, 0x43,
                0x28),
     "SHA-256"},
    {FWVAR_GUID(0x3c5766e8, 0x269c, 0x4e34, 0xaa, 0x14, 0xed, 0x77, 0x6e, 0x85, 0xb3,
                0xb6),
     "RSA-2048"},
    {FWVAR_GUID(0xe2b36190, 0x879b, 0x4a3d, 0xad, 0x8d, 0xf2, 0xe7, 0xbb, 0xa3, 0x27,
                0x84),
     "RSA-2048 with SHA-256"},
    {FWVAR_GUID(0x826ca512, 0xcf10, 0x4ac9, 0xb1, 0x87, 0xbe, 0x01, 0x49, 0x66, 0x31,
                0xbd),
     "SHA-1"},
    {FWVAR_GUID(0x67f8444f, 0x8743, 0x48f1, 0xa3, 0x28, 0x1e, 0xaa, 0xb8, 0x73, 0x60,
                0x80),
     "RSA-2048 with SHA-1"},
    {FWVAR_GUID(0x0b6e5233, 0xa65c, 0x44c9, 0x94, 0x07, 0xd9, 0xab, 0x83, 0xbf, 0xc8,
                0xbd),
     "SHA-224"},
    {FWVAR_GUID(0xff3e5307, 0x9fd0, 0x48c9, 0x85, 0xf1, 0x8a, 0xd5, 0x6c, 0x70, 0x1e,
                0x01),
     "SHA-384"},
    {FWVAR_GUID(0x093e0fae, 0xa6c4, 0x4f50, 0x9f, 0x1b, 0xd4, 0x1e, 0x2b, 0x89, 0xc1,
                0x9a),
     "SHA-512"},
    {FWVAR_GUID(0x3bd2a492, 0x96c0, 0x4079, 0xb4, 0x20, 0xfc, 0xf9, 0x8e, 0xf1, 0x03,
                0xed),
     "X.509 by SHA-256"},
    {FWVAR_GUID(0x7076876e, 0x80c2, 0x4ee6, 0xaa, 0xd2, 0x28, 0xb3, 0x49, 0xa6, 0x86,
                0x5b),
     "X.509 by SHA-384"},
    {FWVAR_GUID(0x446dbf63, 0x2502, 0x4cda, 0xbc, 0xfa, 0x24, 0x65, 0xd2, 0xb0, 0xfe,
                0x9d),
     "X.509 by SHA-512"},
    {FWVAR_GUID(0x4aafd29d, 0x68df, 0x49ee, 0x8a, 0xa9, 0x34, 0x7d, 0x37, 0x56, 0x65,
                0xa7),
     "PKCS #7"},
};

static const struct fwvar_guid microsoft = FWVAR_GUID(
    0x77fa9abd, 0x0359, 0x4d32, 0xbd, 0x60, 0x28, 0xf4, 0xe7, 0x8f, 0x78, 0x4b);

/* One list. */
struct list {
    struct fwvar_guid type;
    const uint8_t *signatures;
    size_t count, size; /* how many, and bytes of each, the owner included */
};

/* Reads the list at the reader's place. False if it is malformed. */
static bool take_list(struct fw_reader *r, struct list *l)
{
    const uint8_t *head = fw_take(r, LIST_HEADER);

    if (!head)
        return false;
    size_t whole = fw_le32(head + 16), extra = fw_le32(head + 20);
    l->size = fw_le32(head + 24);
    memcpy(l->type.b, head, sizeof l->type.b);
    if (whole < LIST_HEADER || extra > whole - LIST_HEADER || l->size <= OWNER_SIZE)
        return false;
    size_t body = whole - LIST_HEADER - extra;
    fw_take(r, extra);
    l->signatures = fw_take(r, body);
    l->count = body / l->size;
    return !r->bad && body % l->size == 0;
}

static const char *type_name(const struct fwvar_guid *guid)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (fwvar_guid_equal(guid, &types[i].guid))
            return types[i].name;
    }
    return NULL;
}

static void put_owner(struct fw_buf *out, const uint8_t *owner)
{
    struct fwvar_guid guid;
    char text[FWVAR_GUID_TEXT_SIZE];

    memcpy(guid.b, owner, sizeof guid.b);
    fwvar_guid_format(&guid, text);
    fw_buf_printf(out, " (owner %s)",
                  fwvar_guid_equal(&guid, &microsoft) ? "Microsoft" : text);
}

static bool one_owner(const struct list *l)
{
    for (size_t i = 1; i < l->count; i++) {
        if (memcmp(l->signatures, l->signatures + i * l->size, OWNER_SIZE) != 0)
            return false;
    }
    return l->count > 0;
}

static void put_list(struct fw_buf *out, const struct list *l)
{
    const char *name = type_name(&l->type);
    char guid[FWVAR_GUID_TEXT_SIZE];

    fwvar_guid_format(&l->type, guid);
    if (l->count != 1)
        fw_buf_printf(out, "%zu ", l->count);
    fw_buf_text(out, name ? name : guid);
    if (l->count == 1 && name == types[0].name) {
        size_t before = out->size;
        fw_buf_text(out, " \"");
        if (fw_x509_subject(out, l->signatures + OWNER_SIZE, l->size - OWNER_SIZE))
            fw_buf_text(out, "\"");
        else if (!out->bad)
            out->size = before;
    } else if (l->count == 1 && l->size - OWNER_SIZE <= 64) {
        fw_buf_text(out, " ");
        fw_buf_hex(out, l->signatures + OWNER_SIZE,
                   l->size - OWNER_SIZE < 8 ? l->size - OWNER_SIZE : 8);
        fw_buf_text(out, "...");
    }
    if (one_owner(l))
        put_owner(out, l->signatures);
}

bool fw_value_signatures(struct fw_buf *out, const struct fwvar_variable *v)
{
    struct fw_reader r = fw_reader(v->data, v->data_size);
    struct list l;
    size_t n = 0;

    for (; fw_left(&r) > 0; n++) {
        if (!take_list(&r, &l))
            return false;
        if (n >= SHOWN_MAX)
            continue;
        fw_buf_text(out, n ? "; " : "");
        put_list(out, &l);
    }
    if (n > SHOWN_MAX)
        fw_buf_printf(out, "; and %zu more", n - SHOWN_MAX);
    else if (n == 0)
        fw_buf_text(out, "empty");
    return true;
}

/* Its own size, then entries: vendor GUID, size, characters of the name, size of the
 * certificate, name, certificate (AuthServiceInternal.h, AUTH_CERT_DB_DATA). */
bool fw_value_cert_db(struct fw_buf *out, const struct fwvar_variable *v)
{
    struct fw_reader r = fw_reader(v->data, v->data_size);
    size_t n = 0;

    if (fw_take32(&r) != v->data_size)
        return false;
    for (; fw_left(&r) > 0; n++) {
        fw_take(&r, 16);
        uint32_t node = fw_take32(&r), chars = fw_take32(&r), cert = fw_take32(&r);
        if (chars > UINT16_MAX)
            return false;
        const uint8_t *name = fw_take(&r, 2 * (size_t)chars);
        fw_take(&r, cert);
        if (r.bad || node != 28 + 2 * (uint64_t)chars + cert)
            return false;
        if (n >= SHOWN_MAX)
            continue;
        fw_buf_text(out, n ? ", " : "signers of ");
        fw_utf16_text(out, name, 2 * (size_t)chars, FW_ESCAPE_CONTROL);
    }
    if (n > SHOWN_MAX)
        fw_buf_printf(out, " and %zu more", n - SHOWN_MAX);
    else if (n == 0)
        fw_buf_text(out, "empty");
    return true;
}
