/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The menu that a transaction keeps must at any time be the one that reading all its
 * variables anew gives: random scripts of edits, compared after each. FWVAR_TEST_SEED
 * repeats a run. */
#include "base/bytes.h"
#include "edit/boot.h"
#include "edit/edit.h"
#include "edit/menu.h"
#include "support/editing.h"
#include "support/testmain.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STEPS 400

static struct editing e;
static uint64_t seed, state;

static uint32_t any(uint32_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % below;
}

static void begin(uint64_t salt)
{
    size_t size;
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);

    state = seed * 2654435761u + salt;
    ed_load(&e, bytes, size);
    ed_begin(&e, 0);
}

static void teardown(void)
{
    ed_free(&e);
}

/* ---- comparing ---- */

#define SAME(a, b)                                                                  \
    ck_assert_msg((a) == (b), "FWVAR_TEST_SEED=%" PRIu64 ": " #a " is not " #b, seed)

static void compare_entry(const struct fw_menu *m, const struct fwvar_boot_entry *fresh)
{
    const struct fwvar_boot_entry *kept = fw_menu_find(m, fresh->number);
    struct fw_number_set set = {{0}};

    ck_assert_ptr_nonnull(kept);
    SAME(kept->number, fresh->number);
    SAME(kept->variable.data, fresh->variable.data); /* the same bytes, not equal ones */
    SAME(kept->variable.data_size, fresh->variable.data_size);
    SAME(kept->variable.attributes, fresh->variable.attributes);
    SAME(kept->option.path, fresh->option.path);
    SAME(kept->option.flaw, fresh->option.flaw);
    SAME(kept->kind, fresh->kind);
    SAME(kept->auto_created, fresh->auto_created);
    SAME(kept->has_mac, fresh->has_mac);
    ck_assert_str_eq(kept->label, fresh->label);
    SAME(fw_set_has(&m->ordered, fresh->number), fresh->in_order);
    SAME(m->has_next && m->next == fresh->number, fresh->is_next);
    ck_assert_uint_ge(fw_menu_labelled(m, fresh->label, &set), 1);
    ck_assert(fw_set_has(&set, fresh->number));
}

static void compare_order(const struct fw_menu *m, const struct fwvar_boot_menu *fresh)
{
    SAME(m->has_order, fresh->has_order);
    SAME(m->order_odd, fresh->order_odd);
    SAME(m->order_count, fresh->order_count);
    for (size_t i = 0; i < m->order_count; i++)
        SAME(m->order[i], fresh->order[i]);
    SAME(m->has_next, fresh->has_next);
    SAME(m->has_timeout, fresh->has_timeout);
    if (m->has_next)
        SAME(m->next, fresh->next);
    if (m->has_timeout)
        SAME(m->timeout, fresh->timeout);
}

static size_t count_fresh_keys(const struct fw_menu *m)
{
    struct fwvar_variable v;
    size_t cursor = 0, n = 0;

    while (fwvar_edit_next(e.edit, &cursor, &v) == 0) {
        struct fwvar_keyoption key;
        if (!fwvar_guid_equal(&v.guid, &fwvar_global_guid) ||
            !fwvar_name_matches(v.name, v.name_size, "Key####") ||
            fwvar_keyoption_decode(v.data, v.data_size, &key) != 0)
            continue;
        uint16_t number = fw_boot_number(v.name, v.name_size);
        size_t i = 0;
        while (i < m->key_count && m->keys[i].key != number)
            i++;
        ck_assert_uint_lt(i, m->key_count);
        SAME(m->keys[i].option, key.option);
        n++;
    }
    return n;
}

/* The lowest number that neither an entry has nor BootOrder or BootNext mentions. */
static uint32_t fresh_free_number(const struct fwvar_boot_menu *menu)
{
    for (uint32_t n = 0;; n++) {
        bool taken = fwvar_boot_menu_find(menu, (uint16_t)n) ||
                     (menu->has_next && menu->next == n);
        for (size_t i = 0; i < menu->order_count; i++)
            taken |= menu->order[i] == n;
        if (!taken)
            return n;
    }
}

static void compare(void)
{
    const struct fw_menu *m;
    struct fwvar_boot_menu fresh;
    uint32_t n = 0;
    uint16_t number;

    ck_assert_int_eq(fw_menu_pending(e.edit, &m, &e.diag), 0);
    ck_assert_int_eq(fwvar_boot_menu_pending(e.edit, &fresh, &e.diag), 0);
    SAME(m->count, fresh.count);
    for (size_t i = 0; i < fresh.count; i++, n++) {
        compare_entry(m, &fresh.entries[i]);
        ck_assert(fw_menu_next(m, &n));
        SAME(n, fresh.entries[i].number);
    }
    ck_assert(!fw_menu_next(m, &n));
    compare_order(m, &fresh);
    SAME(count_fresh_keys(m), m->key_count);
    ck_assert_int_eq(fw_menu_free_number(m, &number), 0);
    SAME(number, fresh_free_number(&fresh));
    fwvar_boot_menu_free(&fresh);
}

/* ---- edits, most of them allowed ---- */

static uint16_t some_number(void)
{
    return (uint16_t)(any(8) ? any(12) : any(0x10000));
}

static const char *some_name(void)
{
    static const char *const format[] = {"Boot%04X", "Boot%04X", "Key%04X", "Key%04x",
                                         "Boot%04x"};
    static char name[16];

    snprintf(name, sizeof name, format[any(5)], some_number());
    return name;
}

/* Bytes that some of the time are a load option, a hotkey, or a number. */
static size_t some_bytes(uint8_t bytes[64])
{
    static const uint8_t option[] = {1, 0, 0, 0, 4, 0, 'A', 0, 0, 0, 0x7F, 0xFF, 4, 0};
    size_t n = 1 + any(40);

    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)any(256);
    switch (any(4)) {
    case 0:
        memcpy(bytes, option, sizeof option);
        bytes[6] = (uint8_t)('A' + any(3));
        return sizeof option;
    case 1: /* one key, F1 to F4, no CRC that fits */
        memset(bytes, 0, 14);
        bytes[3] = 0x40;
        bytes[8] = (uint8_t)any(12);
        bytes[10] = (uint8_t)(0x0b + any(4));
        return 14;
    default:
        return n;
    }
}

static void set_raw(const char *name)
{
    uint8_t bytes[64];
    size_t n = some_bytes(bytes);
    const char *guid = any(10) ? IG_GLOBAL : "11111111-2222-3333-4444-555555555555";

    ed_try_set(&e, guid, name, any(4) ? 7 : 3, bytes, n);
}

static void set_order(void)
{
    uint8_t bytes[64] = {0};
    size_t n = 1 + any(30);

    for (size_t i = 0; i < n; i += 2)
        bytes[i] = (uint8_t)some_number();
    ed_try_set(&e, IG_GLOBAL, "BootOrder", 7, bytes, n);
}

static void set_number(const char *name)
{
    uint8_t bytes[4] = {(uint8_t)any(12)};

    ed_try_set(&e, IG_GLOBAL, name, 7, bytes, any(6) ? 2 : 1 + any(4));
}

static const char *some_label(void)
{
    static char label[8];

    snprintf(label, sizeof label, "L%u", (unsigned)any(5));
    return label;
}

static const char *some_entry(void)
{
    static char text[16];

    snprintf(text, sizeof text, "%04X", some_number());
    switch (any(8)) {
    case 0:
        return some_label();
    case 1:
        return "http";
    case 2:
        return "pxe4";
    default:
        return text;
    }
}

static void order_anew(void)
{
    char text[64];

    snprintf(text, sizeof text, "%.15s", some_entry());
    if (any(3))
        strcat(text, any(2) ? ",*" : ",*,0001");
    fwvar_boot_order(e.edit, text, &e.diag);
}

static void step(void)
{
    char url[64];

    switch (any(10)) {
    case 0:
        set_raw(some_name());
        break;
    case 1:
        ed_try_delete(&e, IG_GLOBAL, some_name());
        break;
    case 2:
        set_order();
        break;
    case 3:
        set_number(any(2) ? "BootNext" : "Timeout");
        break;
    case 4:
        ed_try_delete(&e, IG_GLOBAL,
                      (const char *[]){"BootOrder", "BootNext", "Timeout"}[any(3)]);
        break;
    case 5:
    case 6:
        snprintf(url, sizeof url, "http://192.0.2.1/%u", (unsigned)any(4));
        fwvar_boot_add_http(e.edit, some_label(), url, NULL, &e.diag);
        break;
    case 7:
        order_anew();
        break;
    default:
        fwvar_boot_act(e.edit, (enum fwvar_boot_action)any(6), some_entry(), &e.diag);
    }
}

START_TEST(kept_and_read_anew)
{
    begin((uint64_t)_i);
    for (int i = 0; i < STEPS; i++) {
        step();
        compare();
    }
}
END_TEST

/* The menu made late: what was edited before is in it. */
START_TEST(made_late)
{
    begin(1000 + (uint64_t)_i);
    for (int i = 0; i < STEPS; i++) {
        step();
        if (any(50) == 0) {
            fw_menu_free(e.edit->menu);
            e.edit->menu = NULL;
        }
    }
    compare();
}
END_TEST

/* Numbers up to the last: then none is free. */
START_TEST(no_number_is_free)
{
    uint8_t order[2 * 4000];
    const struct fw_menu *m;
    uint16_t number;

    begin(2000);
    for (size_t i = 0; i < 4000; i++)
        fw_put16(order + 2 * i, (uint16_t)i);
    ed_set(&e, IG_GLOBAL, "BootOrder", 7, order, sizeof order);
    compare();
    ck_assert_int_eq(fw_menu_pending(e.edit, &m, &e.diag), 0);
    ck_assert_int_eq(fw_menu_free_number(m, &number), 0);
    ck_assert_uint_eq(number, 4000);
    memset(&e.edit->menu->ordered, 0xFF, sizeof e.edit->menu->ordered);
    ck_assert_int_eq(fw_menu_free_number(m, &number), FWVAR_ERR_SPACE);
    ck_assert_int_eq(fwvar_boot_add_http(e.edit, "x", "http://192.0.2.1/", NULL, &e.diag),
                     FWVAR_ERR_SPACE);
}
END_TEST

static Suite *make(void)
{
    const char *given = getenv("FWVAR_TEST_SEED");
    Suite *s = suite_create("menu");
    TCase *t = tcase_create("menu");

    tcase_add_checked_fixture(t, NULL, teardown);
    tcase_add_loop_test(t, kept_and_read_anew, 0, 20);
    tcase_add_loop_test(t, made_late, 0, 10);
    tcase_add_test(t, no_number_is_free);
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
    seed = given && *given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("FWVAR_TEST_SEED=%" PRIu64 "\n", seed);
    return s;
}

int main(void)
{
    return test_main(make);
}
