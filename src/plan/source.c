/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A source of variables, whatever its form. */
#include <fwvar/document.h>
#include <fwvar/folder.h>

#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

/* JSON begins with a bracket; a dmpstore file with a name's size, which is even, and no
 * opening bracket is. */
static bool looks_like_json(const uint8_t *bytes, size_t size)
{
    size_t i = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    while (i < size && (bytes[i] == ' ' || (bytes[i] >= '\t' && bytes[i] <= '\r')))
        i++;
    return i == size || bytes[i] == '{' || bytes[i] == '[';
}

int fwvar_source_read(const char *path, struct fwvar_varlist **list,
                      enum fwvar_source_kind *kind, fwvar_source_note note, void *context,
                      struct fwvar_diag *diag)
{
    enum fwvar_source_kind ignored;
    uint8_t *bytes;
    size_t size;

    kind = kind ? kind : &ignored;
    *kind = FWVAR_SOURCE_FOLDER;
    if (fwvar_folder_is(path))
        return fwvar_folder_read(path, list, note, context, diag);
    int code = fwvar_file_read(path, &bytes, &size, diag);
    if (code != 0)
        return code;
    if (looks_like_json(bytes, size)) {
        *kind = FWVAR_SOURCE_DOCUMENT;
        code = fwvar_document_read((const char *)bytes, size, list, diag);
    } else {
        *kind = FWVAR_SOURCE_DMPSTORE;
        code = fwvar_dmpstore_read(bytes, size, list, diag);
        if (code == FWVAR_ERR_DAMAGED)
            fw_hint(diag, "a folder of efivarfs, a JSON document or a file of "
                          "`dmpstore -s` is expected");
    }
    free(bytes);
    return code;
}
