/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "format/devpath_nodes.h"

bool fwvar_devpath_is_end(const struct fwvar_devpath_node *node)
{
    return node->type == FW_DP_TYPE_END && node->subtype == FW_DP_END_ENTIRE;
}

int fwvar_devpath_next(const uint8_t *path, size_t size, size_t *offset,
                       struct fwvar_devpath_node *node)
{
    if (*offset >= size)
        return 1;
    size_t left = size - *offset;
    if (left < FW_DP_HEADER)
        return FWVAR_ERR_DAMAGED;
    const uint8_t *p = path + *offset;
    uint16_t length = fw_le16(p + 2);
    if (length < FW_DP_HEADER || length > left)
        return FWVAR_ERR_DAMAGED;
    *node = (struct fwvar_devpath_node){p[0], p[1], length, p + FW_DP_HEADER};
    *offset += length;
    return 0;
}

static bool is_open_file_path(const struct fwvar_devpath_node *node)
{
    if (node->type != FW_DP_TYPE_MEDIA || node->subtype != FW_DP_FILE_PATH)
        return false;
    size_t size = node->length - (size_t)FW_DP_HEADER;
    return size < 2 || fw_le16(node->data + size - 2) != 0;
}

static enum fwvar_devpath_flaw check(const uint8_t *path, size_t size, size_t *at)
{
    struct fwvar_devpath_node node;
    size_t next = 0;

    for (;;) {
        *at = next;
        int err = fwvar_devpath_next(path, size, &next, &node);
        if (err == 1)
            return FWVAR_DEVPATH_NO_END;
        if (err < 0)
            return size - next >= FW_DP_HEADER && fw_le16(path + next + 2) < FW_DP_HEADER
                       ? FWVAR_DEVPATH_SHORT_NODE
                       : FWVAR_DEVPATH_OVERRUN;
        if (is_open_file_path(&node))
            return FWVAR_DEVPATH_OPEN_NAME;
        if (!fwvar_devpath_is_end(&node))
            continue;
        if (node.length != FW_DP_HEADER)
            return FWVAR_DEVPATH_LONG_END;
        *at = next;
        return next < size ? FWVAR_DEVPATH_TRAILING : FWVAR_DEVPATH_OK;
    }
}

enum fwvar_devpath_flaw fwvar_devpath_check(const uint8_t *path, size_t size, size_t *at)
{
    size_t place;
    enum fwvar_devpath_flaw flaw = check(path, size, &place);

    if (at)
        *at = place;
    return flaw;
}

const char *fwvar_devpath_flaw_text(enum fwvar_devpath_flaw flaw)
{
    switch (flaw) {
    case FWVAR_DEVPATH_OK:
        return "well-formed";
    case FWVAR_DEVPATH_SHORT_NODE:
        return "a node shorter than its header";
    case FWVAR_DEVPATH_OVERRUN:
        return "a node reaches past the end of the path";
    case FWVAR_DEVPATH_NO_END:
        return "no end node";
    case FWVAR_DEVPATH_TRAILING:
        return "bytes behind the end node";
    case FWVAR_DEVPATH_LONG_END:
        return "an end node longer than 4 bytes";
    case FWVAR_DEVPATH_OPEN_NAME:
        return "a file path without its NUL";
    }
    return "unknown flaw";
}
