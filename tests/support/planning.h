/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Plans applied to an image in memory, for tests. The state is that of one test. */
#ifndef FWVAR_TESTS_PLANNING_H
#define FWVAR_TESTS_PLANNING_H

#include "support/editing.h"
#include "support/testmain.h"

#include <fwvar/plan.h>

#define PL_GLOBAL "\"8be4df61-93ca-11d2-aa0d-00e098032b8c\"" /* as JSON */

extern struct editing e;
extern struct fwvar_plan *plan, *then;
extern struct fwvar_plan_use use; /* tells `warnings` */
extern struct fwvar_diag diag;
extern char warnings[1024];

/* Begin with the stock image of a Pi; teardown() frees all. */
void setup(void);
void teardown(void);
/* Takes another fixture. */
void load(const char *fixture);

/* The plan of {"schema": 1, newline, @members}. */
struct fwvar_plan *plan_of(const char *members);
/* Applies it to the image; the code. */
int try_plan(const char *members);
/* Applies a plan, and once more, which must change nothing. */
void apply(const char *members);
/* It has to be refused, with a place and a message. */
void refuses(const char *members, int code, const char *place, const char *message);

/* What a variable holds, judged by the second reader; "" if it is not there. */
void holds(const char *name, const char *guid, const char *hex);
uint32_t attributes_of(const char *name, const char *guid);
/* The text of the menu: "0001 label path[ (off)]" in the order of BootOrder. */
void menu_is(const char *expected);

#endif
