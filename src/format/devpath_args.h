/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Taking the arguments of a device path node apart. */
#ifndef FW_FORMAT_DEVPATH_ARGS_H
#define FW_FORMAT_DEVPATH_ARGS_H

#include "format/devpath_nodes.h"

/* One argument without the spaces around it; empty if it was left out. */
struct fw_dp_arg {
    const char *p;
    size_t size;
    size_t at; /* bytes from the start of the text */
};

struct fw_dp_arg fw_dp_next(struct fw_dp_args *a);
/* All that is left, commas included. */
struct fw_dp_arg fw_dp_rest(struct fw_dp_args *a);
/* Fails if arguments are left over. */
int fw_dp_close(struct fw_dp_args *a);

/* The value of a hex digit, or 99. */
int fw_dp_digit(char c);
bool fw_dp_has_0x(const struct fw_dp_arg *arg);
bool fw_dp_digits(const char *p, size_t size, unsigned base, uint64_t *value);
/* Decimal, or hex after 0x; false if it is no number or more than 64 bits. */
bool fw_dp_to_number(const struct fw_dp_arg *arg, uint64_t *value);
int fw_dp_number(struct fw_dp_args *a, const struct fw_dp_arg *arg, const char *name,
                 uint64_t max, uint64_t *value);

/* Records that @name was expected at @arg, in the form @what. */
int fw_dp_wanted(struct fw_dp_args *a, const struct fw_dp_arg *arg, const char *name,
                 const char *what);

#endif
