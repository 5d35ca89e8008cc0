/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Decoders of values, one per kind. Each appends one line of text and returns true; or
 * returns false if the bytes do not have the form of their kind, and what it has written
 * is taken back. The bytes are as hostile as the image they come from: whatever is read
 * is bounded, and so is the text. */
#ifndef FW_KNOW_VALUE_H
#define FW_KNOW_VALUE_H

#include "base/bytes.h"

#include <fwvar/known.h>

typedef bool fw_value_put(struct fw_buf *out, const struct fwvar_variable *v);

/* value_words.c */
fw_value_put fw_value_number;
fw_value_put fw_value_flags;
fw_value_put fw_value_memory_types;
/* " (2021-02-03 04:05:06 UTC)" */
void fw_value_date(struct fw_buf *out, uint64_t seconds);

/* value_net.c */
fw_value_put fw_value_ip4_config;
fw_value_put fw_value_ip6_config;
fw_value_put fw_value_duid;
fw_value_put fw_value_iscsi;
fw_value_put fw_value_byte_list;

/* value_secure.c */
fw_value_put fw_value_signatures;
fw_value_put fw_value_cert_db;

/* x509.c: appends the subject's common name, or its organisation where it has none.
 * False, with nothing written, if the bytes are no certificate or name neither. */
bool fw_x509_subject(struct fw_buf *out, const uint8_t *der, size_t size);

#endif
