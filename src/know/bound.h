/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a board leaves in its store about itself. */
#ifndef FW_KNOW_BOUND_H
#define FW_KNOW_BOUND_H

#include <fwvar/edit.h>

enum fw_bound_use {
    FW_BOUND_TIES = 1,      /* another board must not have it */
    FW_BOUND_STATE = 2,     /* another release must not have it: firmware makes it anew */
    FW_BOUND_ON_REQUEST = 4 /* a scrub takes it when asked to */
};

struct fw_bound {
    const char *name;       /* as fwvar_name_matches(); NULL: named after a MAC */
    struct fwvar_guid guid; /* all zero: any */
    unsigned use;           /* enum fw_bound_use, combined */
    const char *group;      /* the word that --also takes, or NULL */
    const char *reason;
};

/* The row of a variable, or NULL. */
const struct fw_bound *fw_bound_find(const struct fwvar_variable *variable);

/* The words for groups of rows, each once; NULL behind the last. */
const char *fw_bound_group_at(size_t i);

/* The group that a word means, whatever its letter case, or NULL. */
const char *fw_bound_group(const char *word);

/* True if a name is a MAC: twelve hex digits, and behind them nothing or a VLAN
 * (edk2 NetLibGetMacString). @mac receives the address. */
bool fw_name_is_mac(const uint8_t *name, size_t name_size, uint8_t mac[6]);

#endif
