/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A list of hosts as it is kept, and how it is read. */
#ifndef FW_PLAN_HOSTS_H
#define FW_PLAN_HOSTS_H

#include "plan/plan.h"

#include <fwvar/hosts.h>

struct fw_host {
    struct fwvar_host host;
    struct fwvar_plan_key *keys;
    size_t key_cap;
    struct fwvar_plan *own;
    size_t line; /* of CSV; JSON is looked up when somebody asks */
};

struct fwvar_hosts {
    char *text; /* as long as plans refer to it */
    size_t size;
    bool json;
    bool has_plan; /* one of a plan's keys stands beside the hosts */
    struct fwvar_plan *plan; /* also the memory of all there is */
    struct fw_host *hosts;
    size_t count, cap;
    struct fw_template output;
    bool output_given; /* by the caller, not by the document */
    struct fw_host **by_output; /* sorted */
};

/* Keys of a host that are read as a part of a plan. */
extern const char *const fw_host_plan_keys[];
/* Keys of a list beside those of a plan. */
extern const char *const fw_hosts_keys[];

int fw_hosts_read_json(struct fwvar_hosts *h, struct fwvar_diag *diag);
int fw_hosts_read_csv(struct fwvar_hosts *h, struct fwvar_diag *diag);

/* Appends a host, or returns NULL if out of memory. */
struct fw_host *fw_hosts_add(struct fwvar_hosts *h);
/* Gives the newest host a value, brought into the one spelling that its key has. An empty
 * one counts as none. */
int fw_hosts_put(struct fwvar_hosts *h, const char *key, const char *value,
                 struct fwvar_diag *diag);

/* Makes the path of each host and looks for what two share. */
int fw_hosts_settle(struct fwvar_hosts *h, struct fwvar_diag *diag);

/* An error of a host: "line 3, column 9 (/hosts/0/mac): …" or "line 3 (mac): …". */
__attribute__((format(printf, 5, 6))) int fw_hosts_fail(const struct fwvar_hosts *h,
                                                        size_t host, const char *key,
                                                        struct fwvar_diag *diag,
                                                        const char *format, ...);

/* ---- spellings ---- */

/* Reads hex digits in groups: an 0x in front, and one of : - . between groups of the same
 * even number of digits. Returns how many there are, in lower case without what stands
 * between, or 0 if it is no such text or has more than @max. */
size_t fw_hex_groups(const char *text, char *digits, size_t max);
/* Brings a serial number or a MAC into its spelling. Return 0, or -1 with @why and @hint. */
int fw_host_serial(const char *text, char serial[9], const char **why, const char **hint);
int fw_host_mac(const char *text, char mac[18], const char **why, const char **hint);

/* What is wrong with a path that a template with @parts parts made, or NULL. */
const char *fw_path_flaw(const char *path, size_t parts);

#endif
