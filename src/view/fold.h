/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Text for a terminal: how wide it is, and long lines folded. Knows UTF-8 and escape
 * sequences for colour; asks no locale. */
#ifndef FW_VIEW_FOLD_H
#define FW_VIEW_FOLD_H

#include <stdio.h>

/* Columns that UTF-8 text takes: two for East Asian wide characters and emoji, none for
 * combining marks, near enough for every terminal. */
int view_columns(const char *text, size_t size);

/* Prints lines of text, those longer than @width folded: what follows is indented to the
 * column where the line's last part began. A line is broken at spaces, else behind the
 * / , and ; of a device path or list. What is there to be copied stays in one piece: a
 * line that begins with `run: `, what stands between ` and `; and so does what cannot be
 * broken. */
void view_fold(FILE *to, const char *text, size_t size, int width);

#endif
