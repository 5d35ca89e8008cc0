/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Versions, layouts, and what the uncompressed head of an image tells. */
#include "fv_build.h"

#include <fwvar/release.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(versions_compare_by_number)
{
    static const struct {
        const char *a, *b;
        enum fwvar_order order;
    } cases[] = {
        {"v1.4", "v1.20", FWVAR_ORDER_OLDER},    {"v1.20", "v1.4", FWVAR_ORDER_NEWER},
        {"v1.35", "v1.35", FWVAR_ORDER_SAME},    {"v1.35", "v1.35.0", FWVAR_ORDER_SAME},
        {"v1.35", "v1.35.1", FWVAR_ORDER_OLDER}, {"v2.0", "v1.99", FWVAR_ORDER_NEWER},
        {"v1.9", "v1.10", FWVAR_ORDER_OLDER},
    };
    static const char *const unknown[] = {
        "",    NULL,    "v0.0.2-61-gaeb5c96", "v0.0.2", "1.35",     "v1",         "v1.",
        "v.1", "v1..2", "v1.35-rc1",          "v1.3 5", "EDK2-DEV", "v1.1234567", "v"};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_int_eq(fwvar_version_compare(cases[i].a, cases[i].b), cases[i].order);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        ck_assert_int_eq(fwvar_version_compare(unknown[i], "v1.20"), FWVAR_ORDER_UNKNOWN);
        ck_assert_int_eq(fwvar_version_compare("v1.20", unknown[i]), FWVAR_ORDER_UNKNOWN);
    }
}
END_TEST

START_TEST(layouts)
{
    static const struct {
        uint64_t size, nv, main;
        const char *board, *era;
    } cases[] = {
        {0x200000, 0x1e0000, 0x30000, "rpi", "first layout (Pi 4: v1.0 to v1.4)"},
        {0x1f0000, 0x1d0000, 0x20000, "rpi", "2 MB layout (Pi 4: v1.5 to v1.38)"},
        {0x1f0000, 0x1d0000, 0, "rpi", "2 MB layout (Pi 4: v1.5 to v1.38)"},
        {0x1f0000, 0x1d0000, 0x30000, "rpi3", "2 MB layout"},
        {0x3d0000, 0x3b0000, 0x20000, "rpi", "4 MB layout (Pi 4: v1.39 or newer)"},
        {0x3e0000, 0x3b0000, 0, "rpi", "4 MB layout (Pi 4: v1.39 or newer)"},
        {0x200000, 0, 0, "", ""}, /* OVMF.fd */
        {0x20000, 0, 0, "", ""},  /* OVMF_VARS.fd */
        {0x1f0000, 0x1e0000, 0, "", ""},
        {0x200000, 0x1d0000, 0, "", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fwvar_release r;
        fwvar_release_from_layout(cases[i].size, cases[i].nv, cases[i].main, &r);
        ck_assert_str_eq(r.board, cases[i].board);
        ck_assert_str_eq(r.era, cases[i].era);
        ck_assert_str_eq(r.version, "");
        ck_assert_int_eq(r.confidence,
                         r.board[0] ? FWVAR_RELEASE_LAYOUT : FWVAR_RELEASE_NONE);
    }
}
END_TEST

static void put64(uint8_t *p, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (8 * i) & 0xff);
}

static void put_gic(uint8_t *p, uint64_t distributor, uint64_t cpu_interface)
{
    put64(p, distributor);
    put64(p + 8, cpu_interface);
}

START_TEST(board_by_interrupt_controller)
{
    static uint8_t head[FWVAR_RELEASE_HEAD_SIZE];
    const char *hint;

    memset(head, 0, sizeof head);
    ck_assert_str_eq(fwvar_release_board_hint(head, sizeof head), "");
    ck_assert_str_eq(fwvar_release_board_hint(head, 0), "");
    put_gic(head + 0x9008, 0xff841000, 0xff842000);
    ck_assert_str_eq(fwvar_release_board_hint(head, sizeof head), "rpi4");
    /* A prefix that cuts the pair must not be read past its end. */
    uint8_t *exact = malloc(0x9008 + 15);
    memcpy(exact, head, 0x9008 + 15);
    hint = fwvar_release_board_hint(exact, 0x9008 + 15);
    ck_assert_str_eq(hint, "");
    free(exact);
    ck_assert_str_eq(fwvar_release_board_hint(head, 0x9008 + 16), "rpi4");
    /* Both: no telling. */
    put_gic(head + 0x1f000, 0x107fff9000, 0x107fffa000);
    ck_assert_str_eq(fwvar_release_board_hint(head, sizeof head), "");
    memset(head + 0x9008, 0, 16);
    ck_assert_str_eq(fwvar_release_board_hint(head, sizeof head), "rpi5");
    /* Half a pair, off its alignment, or behind TF-A's region: not evidence. */
    memset(head, 0, sizeof head);
    put_gic(head + 0x9008, 0xff841000, 0xff843000);
    put_gic(head + 0x9024, 0xff841000, 0xff842000);
    put_gic(head + 0x20000, 0xff841000, 0xff842000);
    ck_assert_str_eq(fwvar_release_board_hint(head, sizeof head), "");
}
END_TEST

START_TEST(rpi3_by_first_stage)
{
    static uint8_t head[0x20000];

    memset(head, 0, sizeof head);
    strcpy((char *)head + 0x2345, "rpi3: Interrupt routed to EL3.");
    strcpy((char *)head + 0x1234, "BL1: Booting BL2");
    ck_assert_str_eq(fwvar_release_board_hint(head, sizeof head), "");
    strcpy((char *)head + 0x3456, "rpi3: Detected: %s %s [0x%08x]");
    ck_assert_str_eq(fwvar_release_board_hint(head, sizeof head), "rpi3");
}
END_TEST

/* A head as the build makes it: TF-A, then a volume whose first file is the start-up
 * code with its banner, the banner's arguments, and other UTF-16 strings before them. */
static struct fw_buf head_with(const char *version, const char *date, const char *time)
{
    struct fw_buf sec = {0}, fv = {0}, head = {0};

    fw_buf_fill(&sec, 0x5a, 0x300);
    fw_buf_text(&sec, "UEFI firmware (version %s built at %a on %a)\n\r");
    fw_buf_put8(&sec, 0);
    fw_buf_text(&sec, date);
    fw_buf_put8(&sec, 0);
    fw_buf_text(&sec, time);
    fw_buf_put8(&sec, 0);
    fw_buf_fill(&sec, 0, sec.size % 2);
    build_utf16(&sec, "System RAM < 1GB");
    build_utf16(&sec, version);
    build_file(&fv, 0x03, 1, sec.p, sec.size);
    fw_buf_fill(&head, 0, 0x20000);
    put_gic(head.p + 0x8000, 0xff841000, 0xff842000);
    build_volume(&head, fv.p, fv.size, 0x10000);
    fw_buf_free(&sec);
    fw_buf_free(&fv);
    return head;
}

static struct fwvar_release release_of(const char *version, const char *date,
                                       const char *time)
{
    struct fw_buf head = head_with(version, date, time);
    struct fwvar_release r;

    ck_assert(!head.bad);
    fwvar_release_from_head(head.p, head.size, &r);
    fw_buf_free(&head);
    return r;
}

START_TEST(head_tells_all)
{
    struct fwvar_release r = release_of("UEFI Firmware v1.35", "Jun  5 2023", "11:12:41");

    ck_assert_str_eq(r.board, "rpi4");
    ck_assert_str_eq(r.version, "v1.35");
    ck_assert_str_eq(r.build_date, "2023-06-05 11:12:41");
    ck_assert_str_eq(r.era, "");
    ck_assert_int_eq(r.confidence, FWVAR_RELEASE_CONTENT);
    r = release_of("UEFI Firmware v0.0.2-61-gaeb5c96", "Dec 31 2025", "00:00:00");
    ck_assert_str_eq(r.version, "v0.0.2-61-gaeb5c96");
    ck_assert_str_eq(r.build_date, "2025-12-31 00:00:00");
    r = release_of("My UEFI 0.2.6", "Dec 31 2025", "no time");
    ck_assert_str_eq(r.version, "My UEFI 0.2.6");
    ck_assert_str_eq(r.build_date, "2025-12-31");
    r = release_of("EDK2-DEV", "Dez 31 2025", "00:00:00");
    ck_assert_str_eq(r.version, "");
    ck_assert_str_eq(r.build_date, "");
    r = release_of("UEFI Firmware 0123456789012345678901234567890123456789"
                   "01234567890123456789012345678901234567890123456789",
                   "Jan  1 2020", "00:00:00");
    ck_assert_str_eq(r.version, "");
}
END_TEST

/* A release that was read is read from every longer prefix too, and no prefix is read
 * past its end (each is a block of its own). */
START_TEST(head_cut_anywhere)
{
    struct fw_buf head = head_with("UEFI Firmware v1.35", "Jun  5 2023", "11:12:41");

    ck_assert(!head.bad);
    for (size_t size = 0x20000 - 8; size < 0x20000 + 0x500; size++) {
        uint8_t *cut = malloc(size);
        struct fwvar_release r;
        memcpy(cut, head.p, size);
        fwvar_release_from_head(cut, size, &r);
        ck_assert_str_eq(r.board, "rpi4");
        ck_assert(r.version[0] == '\0' || strcmp(r.version, "v1.35") == 0);
        free(cut);
    }
    fw_buf_free(&head);
}
END_TEST

START_TEST(merging)
{
    struct fwvar_release r,
        head = release_of("UEFI Firmware v1.35", "Jun  5 2023", "11:12:41");

    fwvar_release_from_layout(0x1f0000, 0x1d0000, 0, &r);
    fwvar_release_merge(&r, &head);
    ck_assert_str_eq(r.board, "rpi4");
    ck_assert_str_eq(r.version, "v1.35");
    ck_assert_str_eq(r.era, "2 MB layout (Pi 4: v1.5 to v1.38)");
    ck_assert_int_eq(r.confidence, FWVAR_RELEASE_CONTENT);
    /* An empty other changes nothing. */
    struct fwvar_release none, before = r;
    fwvar_release_from_layout(0, 0, 0, &none);
    fwvar_release_merge(&r, &none);
    ck_assert_str_eq(r.board, before.board);
    ck_assert_str_eq(r.era, before.era);
    ck_assert_int_eq(r.confidence, before.confidence);
    /* A family stays where the other knows no better. */
    fwvar_release_from_layout(0x1f0000, 0x1d0000, 0, &r);
    fwvar_release_merge(&r, &none);
    ck_assert_str_eq(r.board, "rpi");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("release");
    TCase *tc = tcase_create("release");

    tcase_add_test(tc, versions_compare_by_number);
    tcase_add_test(tc, layouts);
    tcase_add_test(tc, board_by_interrupt_controller);
    tcase_add_test(tc, rpi3_by_first_stage);
    tcase_add_test(tc, head_tells_all);
    tcase_add_test(tc, head_cut_anywhere);
    tcase_add_test(tc, merging);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
