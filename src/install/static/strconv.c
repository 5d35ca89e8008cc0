/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* In a small static build this stands for jansson's src/strconv.c. fwvar refuses every
 * number with a fraction and writes none, so nobody looks at its value, which would take
 * 9 KB of C library to read and print. */
#include "jansson_private.h"

#include "strbuffer.h"

int jsonp_strtod(strbuffer_t *text, double *value)
{
    (void)text;
    *value = 0;
    return 0;
}

/* Fails, and so does writing the number. */
int jsonp_dtostr(char *buffer, size_t size, double value, int precision)
{
    (void)buffer;
    (void)size;
    (void)value;
    (void)precision;
    return -1;
}
