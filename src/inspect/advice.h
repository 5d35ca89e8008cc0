/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Advice looks at a state: that of an image, or the one a transaction leads to. */
#ifndef FW_INSPECT_ADVICE_H
#define FW_INSPECT_ADVICE_H

#include "base/bytes.h"
#include "inspect/boot.h"

#include <fwvar/advice.h>

struct fw_advice_state {
    const struct fwvar_image *image;
    const struct fwvar_release *release; /* never NULL */
    const char *config;                  /* text of config.txt, or NULL */
    uint64_t used, capacity;             /* bytes of the store */
    const void *from;                    /* what the two functions below read */
    fw_boot_source next;                 /* visits the variables */
    bool (*get)(const void *from, const struct fwvar_guid *guid, const char *name,
                struct fwvar_variable *v);
    const struct fwvar_variables *before; /* what a transaction started from, or NULL */
    struct fwvar_boot_menu menu;          /* filled by fw_advise() */
};

/* A rule: whether it applies, with what belongs in front of its text in @case_text. */
struct fw_advice_rule {
    struct fwvar_advice row;
    bool (*applies)(const struct fw_advice_state *s, struct fw_buf *case_text);
};

extern const struct fw_advice_rule fw_advice_rules[];
extern const size_t fw_advice_rule_count;

/* Applies all rules. Returns 0 or FWVAR_ERR_NOMEM. */
int fw_advise(struct fw_advice_state *state, struct fwvar_advice_list *list,
              struct fwvar_diag *diag);

#endif
