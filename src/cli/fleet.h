/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The fleet command: one image for each host of a list. */
#ifndef FW_CLI_FLEET_H
#define FW_CLI_FLEET_H

#include "cli/cli.h"
#include "cli/patch.h"
#include "image/tree.h"

#include <fwvar/advice.h>
#include <fwvar/firmware.h>
#include <fwvar/hosts.h>

/* Options beside those of `patch`, of which it takes some. */
enum { FLEET_PRUNE = PATCH_FAIL_FAST + 1, FLEET_PATH, FLEET_JOBS };

enum fleet_outcome {
    FLEET_SKIPPED, /* not reached */
    FLEET_SAME,    /* its image is right already */
    FLEET_CREATED,
    FLEET_UPDATED,
    FLEET_FAILED,
    FLEET_OUTCOMES
};

/* What became of a host. */
struct fleet_result {
    enum fleet_outcome outcome;
    struct fwvar_diag *diag; /* of one that failed; NULL: out of memory */
    struct fwvar_edit_report report;
    char **warnings;
    size_t warning_count;
    bool warning_lost; /* for want of memory */
};

/* An image of no host. */
struct fleet_gone {
    char *path; /* in the folder */
    bool removed, failed;
    struct fwvar_diag *diag; /* why it failed; NULL: out of memory */
};

struct fleet {
    struct cli *cli;
    const char *image_path;
    struct fwvar_hosts *hosts;
    struct fwvar_plan **plans; /* of --plan, then that of the list, if it has one */
    const char **plan_files; /* where each is from; one more for that of the list */
    const char *hosts_file;
    size_t plan_count, own_plans; /* own: to be freed */
    struct fwvar_image *image;
    struct fwvar_firmware *firmware; /* settled */
    struct stat image_stat;
    struct fw_tree tree;
    struct fleet_result *results; /* one for each host */
    struct fleet_gone *gone;
    size_t gone_count;
    struct fwvar_advice_list advice;
    bool fail_fast, strict, prepare_only;
    unsigned jobs;
    int signal; /* that stopped it, or 0 */
};

/* ---- fleet_run.c ---- */
/* Works out a host's edits. Returns 0 with the transaction, which the caller ends, or an
 * error. Warnings go to @result, or nowhere if it is NULL. */
int fleet_prepare(const struct fleet *f, const struct fwvar_host *host,
                  struct fleet_result *result, struct fwvar_edit **edit,
                  struct fwvar_diag *diag);
/* Does all hosts; with prepare_only without writing. Fills results. */
void fleet_run(struct fleet *f);
void fleet_forget_results(struct fleet *f);

/* ---- fleet_report.c ---- */
/* Prints what became of all. Returns the exit status. */
int fleet_report(struct fleet *f);

#endif
