/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a running Pi 4 leaves in its store. */
#ifndef FWVAR_TESTS_IMAGESAVED_H
#define FWVAR_TESTS_IMAGESAVED_H

#include "imagegen.h"

/* Appends the 82 records of rpi4-2m-saved, in the order in which firmware wrote them. */
void ig_saved_history(struct ig_image *im);

/* Sets the Boot#### variable of that number (0 to 7) as it is in that history. */
void ig_saved_option(struct ig_image *im, unsigned number);

#endif
