/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Device path to text. Every node's text is read back before it is used; a node that the
 * text does not give back byte for byte is printed in the generic form. */
#include <fwvar/guid.h>

#include "base/utf16.h"
#include "format/devpath_nodes.h"

#include <string.h>

/* A node's bytes after the header. Rows are chosen so that `fixed` of them are there. */
struct view {
    const uint8_t *data;
    size_t size;
    size_t fixed;
};

static uint64_t number_at(const struct view *v, const struct fw_dp_field *f)
{
    uint64_t value = 0;

    for (size_t i = f->size; i-- > 0;)
        value = value << 8 | v->data[f->off + i];
    return value;
}

static void put_hex(struct fw_buf *out, const uint8_t *p, size_t n)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < n; i++) {
        fw_buf_put8(out, (uint8_t)digits[p[i] >> 4]);
        fw_buf_put8(out, (uint8_t)digits[p[i] & 15]);
    }
}

static bool print_hex(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    fw_buf_printf(out, "0x%0*llX", f->digits, (unsigned long long)number_at(v, f));
    return true;
}

static bool print_dec(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    fw_buf_printf(out, "%llu", (unsigned long long)number_at(v, f));
    return true;
}

static bool print_bare(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    fw_buf_printf(out, "%016llX", (unsigned long long)number_at(v, f));
    return true;
}

static bool print_be64(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    fw_buf_text(out, "0x");
    put_hex(out, v->data + f->off, f->size);
    return true;
}

static bool print_word(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    const struct fw_dp_word *words = fw_dp_lists[f->words];
    uint64_t value = number_at(v, f);

    if (f->kind == FW_DP_BITS)
        value &= fw_dp_bits(words);
    for (const struct fw_dp_word *w = words; w->text; w++) {
        if (w->value == value && !w->parse_only) {
            fw_buf_text(out, w->text);
            return true;
        }
    }
    return false;
}

static bool print_word_or_hex(struct fw_buf *out, const struct fw_dp_field *f,
                              const struct view *v)
{
    return print_word(out, f, v) || print_hex(out, f, v);
}

static bool print_word_or_dec(struct fw_buf *out, const struct fw_dp_field *f,
                              const struct view *v)
{
    return print_word(out, f, v) || print_dec(out, f, v);
}

static bool print_zero(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    (void)f;
    (void)v;
    fw_buf_text(out, "0");
    return true;
}

static bool print_guid(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    const uint8_t *p = v->data + f->off;

    fw_buf_printf(out, "%08X-%04X-%04X-", (unsigned)fw_le32(p), fw_le16(p + 4),
                  fw_le16(p + 6));
    put_hex(out, p + 8, 2);
    fw_buf_text(out, "-");
    put_hex(out, p + 10, 6);
    return true;
}

static bool print_eisa(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    unsigned id = (unsigned)number_at(v, f);

    fw_buf_printf(out, "%c%c%c%04X", (int)(id >> 10 & 31) + '@',
                  (int)(id >> 5 & 31) + '@', (int)(id & 31) + '@', id >> 16);
    return true;
}

static bool print_eisa0(struct fw_buf *out, const struct fw_dp_field *f,
                        const struct view *v)
{
    return number_at(v, f) ? print_eisa(out, f, v) : print_zero(out, f, v);
}

static bool print_hid(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    unsigned id = (unsigned)number_at(v, f);

    if ((id & 0xffff) == 0x41d0) /* PNP */
        return print_eisa(out, f, v);
    fw_buf_printf(out, "0x%08X", id);
    return true;
}

static void put_ip4(struct fw_buf *out, const uint8_t *p)
{
    fw_buf_printf(out, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
}

static void put_ip6(struct fw_buf *out, const uint8_t *p)
{
    for (size_t i = 0; i < 16; i += 2) {
        put_hex(out, p + i, 2);
        if (i < 14)
            fw_buf_text(out, ":");
    }
}

static bool print_ip4(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    put_ip4(out, v->data + f->off);
    return true;
}

static bool print_ip6(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    put_ip6(out, v->data + f->off);
    return true;
}

static bool print_bytes(struct fw_buf *out, const struct fw_dp_field *f,
                        const struct view *v)
{
    put_hex(out, v->data + f->off, f->size);
    return true;
}

static void put_dashed(struct fw_buf *out, const uint8_t p[8])
{
    for (size_t i = 0; i < 8; i++) {
        put_hex(out, p + i, 1);
        if (i < 7)
            fw_buf_text(out, "-");
    }
}

static bool print_eui64(struct fw_buf *out, const struct fw_dp_field *f,
                        const struct view *v)
{
    uint8_t turned[8];

    for (size_t i = 0; i < sizeof turned; i++)
        turned[i] = v->data[f->off + 7 - i];
    put_dashed(out, turned);
    return true;
}

static bool print_mac(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    uint8_t type = v->data[32];

    (void)f;
    put_hex(out, v->data, type <= 1 ? 6 : 32);
    fw_buf_printf(out, ",0x%X", type);
    return true;
}

static bool print_topology(struct fw_buf *out, const struct fw_dp_field *f,
                           const struct view *v)
{
    unsigned info = (unsigned)number_at(v, f);

    if ((info & 0x8f) == 0) {
        fw_buf_text(out, "NoTopology,0,0,0");
    } else if ((info & 0x8f) <= 2) {
        fw_buf_printf(out, "%s,%s,%s,", info & 0x10 ? "SATA" : "SAS",
                      info & 0x20 ? "External" : "Internal",
                      info & 0x40 ? "Expanded" : "Direct");
        if ((info & 0x0f) == 1)
            fw_buf_text(out, "0");
        else
            fw_buf_printf(out, "0x%X", (info >> 8) + 1);
    } else {
        fw_buf_printf(out, "0x%X,0,0,0", info);
    }
    return true;
}

static bool print_nid(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    const uint8_t *p = v->data + f->off + 1;

    switch (v->data[f->off]) {
    case 1:
        fw_buf_text(out, "eui:");
        put_dashed(out, p);
        return true;
    case 2:
        fw_buf_text(out, "nvme-nguid:");
        put_hex(out, p, 8);
        fw_buf_text(out, "-");
        put_hex(out, p + 8, 3);
        fw_buf_text(out, "-");
        put_hex(out, p + 11, 5);
        return true;
    case 3: /* RFC 4122: big-endian and lower case, unlike EFI's own GUIDs */
        fw_buf_text(out, "urn:uuid:");
        for (size_t i = 0; i < 16; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10)
                fw_buf_text(out, "-");
            fw_buf_hex(out, p + i, 1);
        }
        return true;
    }
    return false;
}

static bool put_ascii(struct fw_buf *out, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] < 0x20 || p[i] > 0x7e)
            return false;
    }
    fw_buf_put(out, p, n);
    return true;
}

static bool print_ssid(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    const uint8_t *p = v->data + f->off;

    return put_ascii(out, p, strnlen((const char *)p, f->size));
}

static bool print_string(struct fw_buf *out, const struct fw_dp_field *f,
                         const struct view *v)
{
    size_t at = v->fixed;

    for (size_t i = 0;; i++) {
        const uint8_t *nul = at < v->size ? memchr(v->data + at, 0, v->size - at) : NULL;
        if (!nul)
            return false;
        size_t n = (size_t)(nul - v->data) - at;
        if (i == f->off)
            return put_ascii(out, v->data + at, n);
        at += n + 1;
    }
}

static bool print_uri(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    (void)f;
    return put_ascii(out, v->data + v->fixed, v->size - v->fixed);
}

static bool print_serial(struct fw_buf *out, const struct fw_dp_field *f,
                         const struct view *v)
{
    (void)f;
    fw_buf_text(out, "\"");
    fw_utf16_text(out, v->data + v->fixed, v->size - v->fixed, FW_ESCAPE_CONTROL);
    fw_buf_text(out, "\"");
    return true;
}

static bool print_data(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    (void)f;
    put_hex(out, v->data + v->fixed, v->size - v->fixed);
    return true;
}

static bool print_adrs(struct fw_buf *out, const struct fw_dp_field *f,
                       const struct view *v)
{
    (void)f;
    for (size_t i = v->fixed; v->size - i >= 4; i += 4)
        fw_buf_printf(out, "%s0x%X", i > v->fixed ? "," : "",
                      (unsigned)fw_le32(v->data + i));
    return true;
}

static bool print_dns(struct fw_buf *out, const struct fw_dp_field *f,
                      const struct view *v)
{
    for (size_t i = v->fixed; v->size - i >= 16; i += 16) {
        if (i > v->fixed)
            fw_buf_text(out, ",");
        if (v->data[f->off])
            put_ip6(out, v->data + i);
        else
            put_ip4(out, v->data + i);
    }
    return true;
}

/* Appends a field, or returns false if the text form has no way to say these bytes. */
typedef bool print_field(struct fw_buf *out, const struct fw_dp_field *f,
                         const struct view *v);

static print_field *const printers[FW_DP_KINDS] = {
    [FW_DP_HEX] = print_hex,
    [FW_DP_DEC] = print_dec,
    [FW_DP_BARE] = print_bare,
    [FW_DP_BE64] = print_be64,
    [FW_DP_WORD] = print_word,
    [FW_DP_BITS] = print_word,
    [FW_DP_WORD_OR_HEX] = print_word_or_hex,
    [FW_DP_WORD_OR_DEC] = print_word_or_dec,
    [FW_DP_CONST] = NULL, /* has no text */
    [FW_DP_ZERO] = print_zero,
    [FW_DP_GUID] = print_guid,
    [FW_DP_EISA] = print_eisa,
    [FW_DP_EISA0] = print_eisa0,
    [FW_DP_HID] = print_hid,
    [FW_DP_IP4] = print_ip4,
    [FW_DP_IP6] = print_ip6,
    [FW_DP_BYTES] = print_bytes,
    [FW_DP_EUI64] = print_eui64,
    [FW_DP_MAC] = print_mac,
    [FW_DP_TOPOLOGY] = print_topology,
    [FW_DP_NID] = print_nid,
    [FW_DP_SSID] = print_ssid,
    [FW_DP_STRING] = print_string,
    [FW_DP_URI] = print_uri,
    [FW_DP_SERIAL] = print_serial,
    [FW_DP_DATA] = print_data,
    [FW_DP_ADRS] = print_adrs,
    [FW_DP_DNS] = print_dns,
};

/* edk2 prints AcpiExp() when only the UID string says something. */
static bool is_uid_string(const uint8_t *data, size_t size)
{
    struct fw_reader r = fw_reader(data, size);

    fw_take(&r, 12);
    uint8_t first = fw_take8(&r), second = fw_take8(&r);
    if (first != 0 || second == 0)
        return false;
    while (fw_left(&r) && fw_take8(&r) != 0)
        continue;
    return fw_left(&r) && fw_take8(&r) == 0;
}

static bool row_fits(const struct fw_dp_row *row, const struct fwvar_devpath_node *node)
{
    size_t size = node->length - (size_t)FW_DP_HEADER;

    if (row->print == FW_DP_PARSE_ONLY || row->type != node->type ||
        row->subtype != node->subtype)
        return false;
    if (!fw_range_ok(size, row->key_off, row->key_size) ||
        (row->key_size &&
         memcmp(node->data + row->key_off, row->key, row->key_size) != 0))
        return false;
    return row->print != FW_DP_UID_STRING || is_uid_string(node->data, size);
}

/* Appends name(arguments); false if the node's bytes have no such form. */
static bool print_row(struct fw_buf *out, const struct fw_dp_row *row,
                      const struct fwvar_devpath_node *node)
{
    struct view v = {node->data, node->length - (size_t)FW_DP_HEADER, row->fixed};
    bool first = true;

    if (v.size < row->fixed)
        return false;
    fw_buf_printf(out, "%s(", row->name);
    for (size_t i = 0; i < row->field_count; i++) {
        const struct fw_dp_field *f = &row->fields[i];
        if (!printers[f->kind] || (f->kind == FW_DP_DATA && v.size == v.fixed))
            continue;
        if (!first)
            fw_buf_text(out, ",");
        first = false;
        if (!printers[f->kind](out, f, &v))
            return false;
    }
    fw_buf_text(out, ")");
    return true;
}

static bool print_file_path(struct fw_buf *out, const struct fwvar_devpath_node *node)
{
    size_t size = node->length - (size_t)FW_DP_HEADER;

    if (size < 2)
        return false;
    fw_utf16_text(out, node->data, size - 2, FW_ESCAPE_CONTROL);
    return true;
}

static bool print_special(struct fw_buf *out, const struct fwvar_devpath_node *node)
{
    if (node->type == FW_DP_TYPE_MEDIA && node->subtype == FW_DP_FILE_PATH)
        return print_file_path(out, node);
    for (size_t i = 0; i < fw_dp_row_count; i++) {
        if (row_fits(&fw_dp_rows[i], node))
            return print_row(out, &fw_dp_rows[i], node);
    }
    return false;
}

static void print_generic(struct fw_buf *out, const struct fwvar_devpath_node *node)
{
    fw_buf_printf(out, "Path(%u,%u", node->type, node->subtype);
    if (node->length > FW_DP_HEADER) {
        fw_buf_text(out, ",");
        put_hex(out, node->data, node->length - (size_t)FW_DP_HEADER);
    }
    fw_buf_text(out, ")");
}

/* True if @text reads back as exactly the bytes of @node. */
static bool reads_back(const struct fw_buf *text, const struct fwvar_devpath_node *node,
                       bool *nomem)
{
    struct fw_buf bytes = {0};
    struct fw_dp_error error = {0};
    bool raw = false;
    int err = fw_dp_parse((const char *)text->p, text->size, &bytes, &raw, &error);
    bool same = err == 0 && !raw && bytes.size == node->length &&
                memcmp(bytes.p, node->data - FW_DP_HEADER, bytes.size) == 0;

    *nomem = err == FWVAR_ERR_NOMEM;
    fw_buf_free(&bytes);
    return same;
}

static void print_node(struct fw_buf *out, const struct fwvar_devpath_node *node)
{
    struct fw_buf text = {0};
    bool nomem = false;
    bool good =
        print_special(&text, node) && !text.bad && reads_back(&text, node, &nomem);

    if (text.bad || nomem)
        out->bad = true;
    else if (good)
        fw_buf_put(out, text.p, text.size);
    else
        print_generic(out, node);
    fw_buf_free(&text);
}

static void print_raw(struct fw_buf *out, bool node, const uint8_t *p, size_t n)
{
    fw_buf_text(out, node ? "/Raw(" : "Raw(");
    put_hex(out, p, n);
    fw_buf_text(out, ")");
}

static void print_path(struct fw_buf *out, const uint8_t *path, size_t size)
{
    struct fwvar_devpath_node node;
    bool after_node = false; /* false at the start and behind a comma */
    size_t at = 0, next = 0;

    while (fwvar_devpath_next(path, size, &next, &node) == 0) {
        if (fwvar_devpath_is_end(&node)) {
            if (node.length == FW_DP_HEADER && next == size)
                return;
            break;
        }
        if (node.type == FW_DP_TYPE_END && node.subtype == FW_DP_END_ONE &&
            node.length == FW_DP_HEADER && after_node) {
            fw_buf_text(out, ",");
            after_node = false;
        } else {
            if (after_node)
                fw_buf_text(out, "/");
            print_node(out, &node);
            after_node = true;
        }
        at = next;
    }
    /* An empty path may be NULL, which nothing may be added to. */
    print_raw(out, after_node, at ? path + at : path, size - at);
}

char *fwvar_devpath_text(const uint8_t *path, size_t size)
{
    struct fw_buf out = {0};

    print_path(&out, path, size);
    return fw_buf_take_text(&out);
}
