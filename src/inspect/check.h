/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the rule functions share. */
#ifndef FW_INSPECT_CHECK_H
#define FW_INSPECT_CHECK_H

#include <fwvar/check.h>
#include <fwvar/ftw.h>

#include "inspect/numbers.h"

/* What the rules about the boot menu look at, read once when the first one asks. */
struct fw_boot_numbers {
    bool ready;
    struct fw_number_set stored; /* Boot#### that are there */
    struct fw_number_set named;  /* by BootOrder or BootNext */
};

struct fw_check {
    const struct fwvar_image *image;
    const struct fwvar_store *store;
    const struct fwvar_variables *variables;
    enum fwvar_platform platform;
    const struct fwvar_rule *rule; /* the one being applied */
    const char *command;           /* instead of the rule's, for the next finding */
    struct fwvar_findings *findings;
    struct fw_boot_numbers boot;
};

/* Reports a finding of the current rule; @record may be NULL. */
__attribute__((format(printf, 4, 5))) void fw_found(struct fw_check *c, uint64_t offset,
                                                    const struct fwvar_record *record,
                                                    const char *format, ...);

/* The same for a case that is worse than others of the rule. */
__attribute__((format(printf, 5, 6))) void fw_found_as(struct fw_check *c,
                                                       enum fwvar_severity severity,
                                                       uint64_t offset,
                                                       const struct fwvar_record *record,
                                                       const char *format, ...);

/* One row of the rule table: what is public, and the function that applies it. */
struct fw_rule {
    struct fwvar_rule row;
    void (*apply)(struct fw_check *c);
};

/* check_rules.c; ends with a row without name. */
extern const struct fw_rule fw_rules[];

/* The next live record from *@i on, which moves behind it; NULL at the end. */
const struct fwvar_record *fw_next_live(const struct fw_check *c, size_t *i);

/* check_structure.c: headers and chain */
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
void fw_rule_store_size_small(struct fw_check *c);
void fw_rule_store_state(struct fw_check *c);
void fw_rule_chain_broken(struct fw_check *c);

/* check_space.c: how the room is used, and what lies behind the records */
void fw_rule_free_space_dirty(struct fw_check *c);
void fw_rule_ftw_pending(struct fw_check *c);
void fw_rule_ftw_header(struct fw_check *c);
void fw_rule_event_log(struct fw_check *c);
void fw_rule_space(struct fw_check *c);
void fw_rule_space_live(struct fw_check *c);
void fw_rule_space_low(struct fw_check *c);
void fw_rule_space_first_boot(struct fw_check *c);

/* check_records.c: the form of single records */
void fw_rule_record_unwritten(struct fw_check *c);
void fw_rule_record_state(struct fw_check *c);
void fw_rule_record_name(struct fw_check *c);
void fw_rule_record_swallows(struct fw_check *c);
void fw_rule_record_fields(struct fw_check *c);
void fw_rule_duplicate(struct fw_check *c);
void fw_rule_in_deletion(struct fw_check *c);
void fw_rule_in_deletion_twin(struct fw_check *c);
void fw_rule_unfinished(struct fw_check *c);
void fw_rule_timestamp(struct fw_check *c);
void fw_rule_timestamp_unused(struct fw_check *c);
void fw_rule_too_large(struct fw_check *c);

/* check_known.c: variables whose meaning is known */
void fw_rule_attributes(struct fw_check *c);
void fw_rule_size(struct fw_check *c);
void fw_rule_console_path(struct fw_check *c);
void fw_rule_ram_more_than_3gb(struct fw_check *c);
void fw_rule_names_similar(struct fw_check *c);

/* check_boot.c: the boot menu */
void fw_rule_boot_order(struct fw_check *c);
void fw_rule_boot_dangling(struct fw_check *c);
void fw_rule_boot_orphan(struct fw_check *c);
void fw_rule_boot_name(struct fw_check *c);
void fw_rule_boot_option(struct fw_check *c);
void fw_rule_boot_option_extra(struct fw_check *c);
void fw_rule_boot_inactive(struct fw_check *c);
void fw_rule_boot_numbers(struct fw_check *c);
void fw_rule_boot_next(struct fw_check *c);
void fw_rule_key_crc(struct fw_check *c);
void fw_rule_host_specific(struct fw_check *c);

#endif
