/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The arguments of one node: where the next one stands, numbers, hex. */
#include "format/devpath_args.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fw_dp_expected(struct fw_dp_error *error, size_t at, const char *format, ...)
{
    if (error->set && at <= error->at)
        return FWVAR_ERR_ARG;
    va_list values;
    va_start(values, format);
    vsnprintf(error->text, sizeof error->text, format, values);
    va_end(values);
    error->set = true;
    error->at = at;
    return FWVAR_ERR_ARG;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct fw_dp_args fw_dp_args(const char *text, size_t at, size_t end,
                             struct fw_dp_error *error)
{
    struct fw_dp_args args = {.text = text, .at = at, .end = end, .error = error};

    while (args.at < end && is_space(text[args.at]))
        args.at++;
    args.more = args.at < end;
    return args;
}

static struct fw_dp_arg trimmed(const struct fw_dp_args *a, size_t from, size_t to)
{
    while (from < to && is_space(a->text[from]))
        from++;
    while (to > from && is_space(a->text[to - 1]))
        to--;
    return (struct fw_dp_arg){a->text + from, to - from, from};
}

struct fw_dp_arg fw_dp_next(struct fw_dp_args *a)
{
    size_t from = a->at;

    if (!a->more)
        return (struct fw_dp_arg){a->text + a->end, 0, a->end};
    const char *comma = memchr(a->text + from, ',', a->end - from);
    size_t to = comma ? (size_t)(comma - a->text) : a->end;
    a->more = comma;
    a->at = comma ? to + 1 : to;
    return trimmed(a, from, to);
}

struct fw_dp_arg fw_dp_rest(struct fw_dp_args *a)
{
    size_t from = a->more ? a->at : a->end;

    a->at = a->end;
    a->more = false;
    return trimmed(a, from, a->end);
}

int fw_dp_wanted(struct fw_dp_args *a, const struct fw_dp_arg *arg, const char *name,
                 const char *what)
{
    return fw_dp_expected(a->error, arg->at, "%s, %s", name, what);
}

int fw_dp_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

bool fw_dp_has_0x(const struct fw_dp_arg *arg)
{
    return arg->size > 2 && arg->p[0] == '0' && (arg->p[1] | 0x20) == 'x';
}

bool fw_dp_digits(const char *p, size_t size, unsigned base, uint64_t *value)
{
    uint64_t v = 0;

    for (size_t i = 0; i < size; i++) {
        unsigned d = (unsigned)fw_dp_digit(p[i]);
        if (d >= base || v > (UINT64_MAX - d) / base)
            return false;
        v = v * base + d;
    }
    *value = v;
    return size > 0;
}

bool fw_dp_to_number(const struct fw_dp_arg *arg, uint64_t *value)
{
    if (fw_dp_has_0x(arg))
        return fw_dp_digits(arg->p + 2, arg->size - 2, 16, value);
    return fw_dp_digits(arg->p, arg->size, 10, value);
}

int fw_dp_number(struct fw_dp_args *a, const struct fw_dp_arg *arg, const char *name,
                 uint64_t max, uint64_t *value)
{
    if (fw_dp_to_number(arg, value) && *value <= max)
        return 0;
    return fw_dp_expected(a->error, arg->at, "%s, a number up to 0x%llX", name,
                          (unsigned long long)max);
}

uint32_t fw_dp_bits(const struct fw_dp_word *words)
{
    uint32_t bits = 0;

    for (; words->text; words++)
        bits |= words->value;
    return bits;
}

int fw_dp_read_hex(struct fw_dp_args *a)
{
    struct fw_dp_arg arg = fw_dp_next(a);
    size_t bad;

    if (fw_dp_has_0x(&arg))
        arg = (struct fw_dp_arg){arg.p + 2, arg.size - 2, arg.at + 2};
    if (fw_unhex(arg.p, arg.size, &a->tail, &bad) == 0)
        return 0;
    return fw_dp_expected(a->error, arg.at + bad,
                          bad < arg.size ? "hex digits" : "an even number of hex digits");
}

int fw_dp_close(struct fw_dp_args *a)
{
    if (a->more)
        return fw_dp_expected(a->error, a->at, "')' after the last argument");
    return a->tail.bad ? FWVAR_ERR_NOMEM : 0;
}

int fw_dp_read_generic(struct fw_dp_args *args, uint8_t *type, uint8_t *subtype)
{
    uint64_t value = 0;
    struct fw_dp_arg arg = fw_dp_next(args);

    if (*type == 0) {
        int err = fw_dp_number(args, &arg, "Type", 0xff, &value);
        if (err)
            return err;
        *type = (uint8_t)value;
        arg = fw_dp_next(args);
    }
    int err = fw_dp_number(args, &arg, "SubType", 0xff, &value);
    if (err)
        return err;
    *subtype = (uint8_t)value;
    err = fw_dp_read_hex(args);
    return err ? err : fw_dp_close(args);
}
