/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Names of settings where the firmware of the image has a say. */
#include <fwvar/assign.h>

#include "base/bytes.h"
#include "base/diag.h"

#include <stdlib.h>

int fwvar_naming_board(struct fwvar_naming *n, enum fwvar_effort effort,
                       struct fwvar_diag *diag)
{
    const struct fwvar_release *release;
    int code = fwvar_firmware_release(n->firmware, effort, &release, diag);

    if (code == 0)
        n->board = release->board;
    return code;
}

/* The board matters only where boards differ, so it is looked up only then. */
int fwvar_naming_find(struct fwvar_naming *n, const char *name,
                      struct fwvar_target *target, struct fwvar_diag *diag)
{
    int code = fwvar_target_find(n->edit, name, n->board, target, diag);

    for (enum fwvar_effort e = FWVAR_EFFORT_HEAD;
         code == FWVAR_ERR_AMBIGUOUS && e <= FWVAR_EFFORT_CONTENT; e++) {
        code = fwvar_naming_board(n, e, diag);
        if (code == 0)
            code = fwvar_target_find(n->edit, name, n->board, target, diag);
    }
    return code;
}

int fwvar_naming_judge(const struct fwvar_naming *n, const struct fwvar_target *target,
                       struct fwvar_diag *diag)
{
    const struct fwvar_setting *setting = target->setting;
    struct fwvar_knowledge knowledge;
    struct fw_buf line = {0};

    if (!setting)
        return 0;
    int code = fwvar_firmware_knows(n->firmware, setting, fwvar_edit_before(n->edit),
                                    &knowledge, diag);
    if (code != 0 || knowledge.known != 0)
        return code;
    fw_buf_printf(&line, "this firmware does not seem to know %s: %s", setting->name,
                  knowledge.reason);
    char *text = fw_buf_take_text(&line);
    if (!text)
        return fw_nomem(diag);
    if (n->strict) {
        code = fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET, "%s", text);
        fw_hint(diag, "without --strict it is set all the same");
    } else if (n->warn) {
        n->warn(n->context, text);
    }
    free(text);
    return code;
}
