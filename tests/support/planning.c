/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "support/planning.h"

#include "support/secondreader.h"

#include <fwvar/boot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GLOBAL IG_GLOBAL

struct editing e;
struct fwvar_plan *plan, *then;
struct fwvar_plan_use use;
struct fwvar_diag diag;
char warnings[1024];

void load(const char *fixture)
{
    size_t size;
    uint8_t *bytes = test_fixture(fixture, &size);

    ed_load(&e, bytes, size);
}

static void warn(void *context, const char *text)
{
    ck_assert_ptr_eq(context, warnings);
    strncat(warnings, text, sizeof warnings - strlen(warnings) - 2);
    strcat(warnings, "\n");
}

void setup(void)
{
    memset(&e, 0, sizeof e);
    load("rpi4-2m-stock");
    plan = then = NULL;
    warnings[0] = '\0';
    use = (struct fwvar_plan_use){.warn = warn, .context = warnings};
}

void teardown(void)
{
    fwvar_plan_free(plan);
    fwvar_plan_free(then);
    ed_free(&e);
}

struct fwvar_plan *plan_of(const char *members)
{
    struct fwvar_plan *made;
    char text[2048];

    int n = snprintf(text, sizeof text, "{\"schema\": 1,\n%s}", members);
    ck_assert_int_lt(n, (int)sizeof text);
    ck_assert_msg(fwvar_plan_read(text, (size_t)n, &made, &diag) == 0, "%s: %s", members,
                  diag.message);
    return made;
}

int try_plan(const char *members)
{
    fwvar_plan_free(plan);
    plan = plan_of(members);
    ed_begin(&e, 0);
    int code = fwvar_plan_apply(plan, e.edit, &use, &diag);
    if (code == 0)
        ed_finish(&e);
    else
        ed_try_finish(&e);
    return code;
}

/* Applies a plan, and once more, which must change nothing. */
void apply(const char *members)
{
    ck_assert_msg(try_plan(members) == 0, "%s: %s", members, diag.message);
    uint8_t *once = malloc(e.file.size);
    struct fwvar_edit_report report = e.report;
    memcpy(once, e.file.p, e.file.size);
    ck_assert_msg(try_plan(members) == 0, "%s: %s", members, diag.message);
    ck_assert_msg(!e.report.changed, "applied twice: %s", members);
    ck_assert_mem_eq(once, e.file.p, e.file.size);
    e.report = report;
    free(once);
}

/* What a variable holds, judged by the second reader; "" if it is not there. */
void holds(const char *name, const char *guid, const char *hex)
{
    struct sr_image sr;

    ck_assert_int_eq(sr_open(&sr, e.file.p, e.file.size), 1);
    const struct sr_record *r = sr_find(&sr, name, guid);
    if (!*hex) {
        ck_assert_msg(!r, "%s is there", name);
    } else {
        ck_assert_msg(r, "%s is not there", name);
        ck_assert_uint_eq(r->data_size, strlen(hex) / 2);
        test_bytes(r->data, hex);
    }
    sr_close(&sr);
}

uint32_t attributes_of(const char *name, const char *guid)
{
    struct sr_image sr;

    ck_assert_int_eq(sr_open(&sr, e.file.p, e.file.size), 1);
    const struct sr_record *r = sr_find(&sr, name, guid);
    ck_assert_ptr_nonnull(r);
    uint32_t attributes = r->attributes;
    sr_close(&sr);
    return attributes;
}

/* An error begins with the place. */
void refuses(const char *members, int code, const char *place, const char *message)
{
    int got = try_plan(members);

    ck_assert_msg(got == code, "%s: %d (%s), not %d", members, got, diag.message, code);
    ck_assert_int_eq((int)diag.code, code);
    ck_assert_msg(strstr(diag.message, place), "%s, not %s", diag.message, place);
    ck_assert_msg(strstr(diag.message, message), "%s, not %s", diag.message, message);
}

/* The text of the menu: "0001 label path[ (off)]" in the order of BootOrder. */
void menu_is(const char *expected)
{
    struct fwvar_boot_menu m;
    char text[1024] = "";
    size_t n = 0;

    ed_begin(&e, 0);
    ck_assert_int_eq(fwvar_boot_menu_pending(e.edit, &m, &diag), 0);
    for (size_t i = 0; i < m.order_count; i++) {
        const struct fwvar_boot_entry *b = fwvar_boot_menu_find(&m, m.order[i]);
        ck_assert_ptr_nonnull(b);
        n +=
            (size_t)snprintf(text + n, sizeof text - n, "%s%04X %s %s%s", i ? "; " : "",
                             b->number, b->label, b->path,
                             b->option.attributes & FWVAR_LOADOPT_ACTIVE ? "" : " (off)");
    }
    fwvar_boot_menu_free(&m);
    ed_finish(&e);
    ck_assert_str_eq(text, expected);
}
