/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the rule functions share. */
#ifndef FW_INSPECT_CHECK_H
#define FW_INSPECT_CHECK_H

#include <fwvar/check.h>
#include <fwvar/ftw.h>

struct fw_check {
    const struct fwvar_image *image;
    const struct fwvar_store *store;
    const struct fwvar_variables *variables;
    enum fwvar_platform platform;
    const struct fwvar_rule *rule; /* the one being applied */
    struct fwvar_findings *findings;
};

/* Reports a finding of the current rule; @record may be NULL. */
__attribute__((format(printf, 4, 5))) void fw_found(struct fw_check *c, uint64_t offset,
                                                    const struct fwvar_record *record,
                                                    const char *format, ...);

/* One row of the rule table: what is public, and the function that applies it. */
struct fw_rule {
    struct fwvar_rule row;
    void (*apply)(struct fw_check *c);
};

/* check_structure.c: headers, chain, free space, FTW */
void fw_rule_image_size(struct fw_check *c);
void fw_rule_second_volume(struct fw_check *c);
void fw_rule_volume_place(struct fw_check *c);
void fw_rule_volume_truncated(struct fw_check *c);
void fw_rule_volume_signature(struct fw_check *c);
void fw_rule_volume_guid(struct fw_check *c);
void fw_rule_volume_revision(struct fw_check *c);
void fw_rule_volume_header_length(struct fw_check *c);
void fw_rule_volume_length(struct fw_check *c);
void fw_rule_volume_block_map(struct fw_check *c);
void fw_rule_volume_attributes(struct fw_check *c);
void fw_rule_volume_ext_header(struct fw_check *c);
void fw_rule_volume_checksum(struct fw_check *c);
void fw_rule_store_signature(struct fw_check *c);
void fw_rule_store_size(struct fw_check *c);
void fw_rule_store_state(struct fw_check *c);
void fw_rule_chain_broken(struct fw_check *c);
void fw_rule_free_space_dirty(struct fw_check *c);
void fw_rule_ftw_pending(struct fw_check *c);
void fw_rule_space(struct fw_check *c);

/* check_records.c: the form of single records */
void fw_rule_record_unwritten(struct fw_check *c);
void fw_rule_record_state(struct fw_check *c);
void fw_rule_record_name(struct fw_check *c);
void fw_rule_duplicate(struct fw_check *c);

#endif
