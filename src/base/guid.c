/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/guid.h>

#include <string.h>
#include <uuid/uuid.h>

/* libuuid is big-endian throughout; EFI swaps the first three fields. Its own inverse. */
static void swap_fields(const uint8_t in[16], uint8_t out[16])
{
    static const uint8_t order[16] = {3, 2, 1,  0,  5,  4,  7,  6,
                                      8, 9, 10, 11, 12, 13, 14, 15};

    for (int i = 0; i < 16; i++)
        out[i] = in[order[i]];
}

bool fwvar_guid_equal(const struct fwvar_guid *a, const struct fwvar_guid *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}

void fwvar_guid_format(const struct fwvar_guid *guid, char text[FWVAR_GUID_TEXT_SIZE])
{
    uuid_t swapped;

    swap_fields(guid->b, swapped);
    uuid_unparse_lower(swapped, text);
}

int fwvar_guid_parse(const char *text, struct fwvar_guid *guid)
{
    uuid_t parsed;

    if (strlen(text) != FWVAR_GUID_TEXT_SIZE - 1 || uuid_parse(text, parsed) != 0)
        return FWVAR_ERR_ARG;
    swap_fields(parsed, guid->b);
    return 0;
}
