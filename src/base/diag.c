/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

const char *fwvar_error_text(enum fwvar_error code)
{
    switch (code) {
    case FWVAR_OK:
        return "success";
    case FWVAR_ERR_NOMEM:
        return "out of memory";
    case FWVAR_ERR_IO:
        return "input or output error";
    case FWVAR_ERR_ARG:
        return "bad argument";
    case FWVAR_ERR_NOTFOUND:
        return "not found";
    case FWVAR_ERR_FORMAT:
        return "not a firmware image";
    case FWVAR_ERR_DAMAGED:
        return "damaged";
    case FWVAR_ERR_REFUSED:
        return "refused";
    case FWVAR_ERR_SPACE:
        return "no space in the variable store";
    case FWVAR_ERR_AMBIGUOUS:
        return "ambiguous";
    case FWVAR_ERR_CHANGED:
        return "the file changed meanwhile";
    case FWVAR_ERR_LOCKED:
        return "the file is being written by another process";
    }
    return "unknown error";
}

#undef fw_fail
int fw_fail(struct fwvar_diag *diag, enum fwvar_error code, uint64_t offset,
            const char *format, ...)
{
    if (!diag)
        return code;
    diag->code = code;
    diag->offset = offset;
    diag->hint[0] = '\0';
    va_list args;
    va_start(args, format);
    vsnprintf(diag->message, sizeof diag->message, format, args);
    va_end(args);
    return code;
}

void fw_hint(struct fwvar_diag *diag, const char *format, ...)
{
    if (!diag)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(diag->hint, sizeof diag->hint, format, args);
    va_end(args);
}
