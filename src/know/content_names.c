/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Which variables the firmware knows: declarations in form data, and plain strings. */
#include "base/bytes.h"
#include "know/content.h"

#include <stdlib.h>
#include <string.h>

/* EFI_IFR_VARSTORE_EFI (UEFI specification 2.10, 33.3.8.3.102): opcode and length, store
 * id, GUID, attributes, size, then the name in ASCII. */
#define IFR_VARSTORE_EFI 0x26
#define IFR_NAME_AT      26
#define VARSTORES_MAX    1024  /* about 50 in practice */
#define DECLARED_MAX     10000 /* repeated ones too; each is looked up among the former */

/* Forms are not delimited in a driver, so any byte may look like the opcode; the fields
 * behind it have to make sense. */
static bool read_varstore(const uint8_t *p, size_t size, struct fwvar_varstore *v)
{
    if (size < IFR_NAME_AT + 2)
        return false;
    size_t length = p[1] & 0x7f;
    if (length < IFR_NAME_AT + 2 || length > size || p[length - 1] != 0)
        return false;
    v->attributes = fw_le32(p + 20);
    v->size = fw_le16(p + 24);
    /* Known attributes only, and readable before the operating system runs. */
    if (v->size == 0 || (v->attributes & ~0x7fu) || !(v->attributes & 0x02))
        return false;
    for (size_t i = IFR_NAME_AT; i < length - 1; i++) {
        if (p[i] < 0x20 || p[i] > 0x7e)
            return false;
    }
    memcpy(v->guid.b, p + 4, sizeof v->guid.b);
    v->name = (const char *)p + IFR_NAME_AT;
    return true;
}

static int add_varstore(struct fwvar_content *content, const struct fwvar_varstore *v)
{
    size_t n = content->varstore_count;

    if (n == VARSTORES_MAX || fwvar_content_varstore(content, v->name, &v->guid))
        return FWVAR_OK;
    if (n % 64 == 0) {
        void *more = realloc(content->varstores, (n + 64) * sizeof *content->varstores);
        if (!more)
            return FWVAR_ERR_NOMEM;
        content->varstores = more;
    }
    content->varstores[content->varstore_count++] = *v;
    return FWVAR_OK;
}

int fw_content_index(struct fwvar_content *content)
{
    size_t declared = 0;
    int err = FWVAR_OK;

    for (size_t i = 0; i < content->count && !err; i++) {
        const struct fw_chunk *c = &content->chunks[i];
        const uint8_t *p = c->p, *end = c->p + c->size;
        struct fwvar_varstore v;

        while (!err && declared < DECLARED_MAX &&
               (p = memchr(p, IFR_VARSTORE_EFI, (size_t)(end - p)))) {
            if (read_varstore(p, (size_t)(end - p), &v)) {
                err = add_varstore(content, &v);
                declared++;
            }
            p++;
        }
    }
    return err;
}

const struct fwvar_varstore *
fwvar_content_varstore_at(const struct fwvar_content *content, size_t index)
{
    return index < content->varstore_count ? &content->varstores[index] : NULL;
}

const struct fwvar_varstore *fwvar_content_varstore(const struct fwvar_content *content,
                                                    const char *name,
                                                    const struct fwvar_guid *guid)
{
    for (size_t i = 0; i < content->varstore_count; i++) {
        const struct fwvar_varstore *v = &content->varstores[i];
        if (strcmp(v->name, name) == 0 && (!guid || fwvar_guid_equal(guid, &v->guid)))
            return v;
    }
    return NULL;
}

static bool is_name_char(unsigned c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '_';
}

/* Whether a UTF-16 string starts at @at rather than running on from before. A narrow
 * string in front of it ends in a character and a NUL, which looks like one more UTF-16
 * character; the byte before those tells: it is 0 in UTF-16 only. */
static bool starts_here(const uint8_t *p, size_t at)
{
    if (at < 2 || p[at - 1] != 0 || !is_name_char(p[at - 2]))
        return true;
    return at >= 3 && p[at - 3] != 0;
}

static bool find_string(const struct fw_chunk *c, const uint8_t *needle, size_t size)
{
    for (size_t at = 0; at < c->size;) {
        const uint8_t *hit = memmem(c->p + at, c->size - at, needle, size);
        if (!hit)
            return false;
        at = (size_t)(hit - c->p);
        if (starts_here(c->p, at))
            return true;
        at++;
    }
    return false;
}

bool fwvar_content_knows_name(const struct fwvar_content *content, const char *name)
{
    uint8_t needle[2 * 256];
    size_t length = strlen(name);

    if (length == 0 || length >= sizeof needle / 2)
        return false;
    if (fwvar_content_varstore(content, name, NULL))
        return true;
    for (size_t i = 0; i <= length; i++)
        fw_put16(needle + 2 * i, (uint8_t)name[i]);
    for (size_t i = 0; i < content->count; i++) {
        if (find_string(&content->chunks[i], needle, 2 * (length + 1)))
            return true;
    }
    return false;
}
