/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a TFTP server calls to give each board an image of its own: open once, begin a
 * transfer per request, copy its blocks into packets, end it. All calls but boards_open()
 * and boards_close() may come from several threads at once. */
#ifndef TFTP_H
#define TFTP_H

#include <fwvar/plan.h>
#include <fwvar/save.h>

struct boards;
struct transfer;

/* The image's bytes must stay until boards_close(); the plan's text need not. */
int boards_open(const void *image, size_t size, const char *plan, size_t length,
                struct boards **boards, struct fwvar_diag *diag);
void boards_close(struct boards *boards);

/* Makes the image of one board. */
int transfer_begin(const struct boards *boards, const char *serial, const char *mac,
                   struct transfer **transfer, struct fwvar_diag *diag);

/* Fills a block, the first of which has number 0. Returns its bytes: fewer than asked for
 * at the end of the image. */
size_t transfer_block(const struct boards *boards, const struct transfer *transfer,
                      uint64_t number, void *block, size_t size);

void transfer_end(struct transfer *transfer);

#endif
