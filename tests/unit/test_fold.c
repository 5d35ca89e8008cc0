/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Text on a terminal: columns, and where lines are folded. */
#include "view/fold.h"

#include "support/testmain.h"

#include <stdlib.h>
#include <string.h>

static int columns(const char *text)
{
    return view_columns(text, strlen(text));
}

START_TEST(columns_of_characters)
{
    ck_assert_int_eq(columns(""), 0);
    ck_assert_int_eq(columns("Boot0000"), 8);
    ck_assert_int_eq(columns("K\xc3\xb6nig"), 5);
    ck_assert_int_eq(columns("Ko\xcc\x88nig"), 5);            /* combining */
    ck_assert_int_eq(columns("\xe8\xb5\xb7\xe5\x8b\x95"), 4); /* CJK */
    ck_assert_int_eq(columns("\xed\x95\x9c"), 2);             /* Hangul */
    ck_assert_int_eq(columns("\xf0\x9f\x9a\x80 go"), 5);      /* emoji */
    ck_assert_int_eq(columns("\xef\xbd\xb1"), 1);             /* halfwidth kana */
    ck_assert_int_eq(columns("\033[31mred\033[0m"), 3);
    ck_assert_int_eq(columns("a\tb"), 9);
    ck_assert_int_eq(columns("\xc3"), 1); /* cut off: counted, not read past */
    ck_assert_int_eq(columns("\xff\xfe"), 2);
}
END_TEST

static const struct {
    int width;
    const char *text, *folded;
} cases[] = {
    /* What fits stays, tabs and all. */
    {40, "short\n", "short\n"},
    {40, "Boot0000* HTTP\tUri(http://a)\n", "Boot0000* HTTP\tUri(http://a)\n"},
    {40, "no newline at the end", "no newline at the end"},
    {40, "", ""},
    /* A tab is where a boot entry is broken; paths break between their nodes. */
    {40, "Boot0000* A label\tPcieRoot(0x0)/Pci(0x0,0x0)/USB(0x1,0x0)\n",
     "Boot0000* A label\n          PcieRoot(0x0)/Pci(0x0,0x0)/\n          "
     "USB(0x1,0x0)\n"},
    /* The rest is indented to the last column that leaves room. */
    {48, "Name  one two three four five six seven eight nine ten\n",
     "Name  one two three four five six seven eight\n      nine ten\n"},
    {40, "plain words without any gap are indented by four\n",
     "plain words without any gap are indented\n    by four\n"},
    {40, "          an indented line that is longer than forty\n",
     "          an indented line that is\n          longer than forty\n"},
    /* Lists; no break within :// and none in quotes, that are there to be copied. */
    {40, "BootOrder  0000,0001,0002,0003,0004,0005,0006,0007\n",
     "BootOrder  0000,0001,0002,0003,0004,\n           0005,0006,0007\n"},
    {40, "Uri(http://an.example/a/long/path/to/some/image.efi)\n",
     "Uri(http://an.example/a/long/path/to/\n    some/image.efi)\n"},
    {40, "see what `fwvar check RPI_EFI.fd` says of it and more\n",
     "see what `fwvar check RPI_EFI.fd` says\n    of it and more\n"},
    {40, "it is told by `fwvar check --rules RPI_EFI.fd`, so run it\n",
     "it is told by\n    `fwvar check --rules RPI_EFI.fd`, so\n    run it\n"},
    {40, "    run: fwvar patch RPI_EFI.fd --delete Boot0000 --in-place\n",
     "    run: fwvar patch RPI_EFI.fd --delete Boot0000 --in-place\n"},
    /* What cannot be broken is left to the terminal. */
    {40, "0123456789012345678901234567890123456789abcdef\n",
     "0123456789012345678901234567890123456789abcdef\n"},
    {20, "too narrow to be folded in any useful way\n",
     "too narrow to be folded in any useful way\n"},
    /* Colour takes no room; characters do not fall apart. */
    {40, "\033[31mred words that fit in forty columns yes\033[0m\n",
     "\033[31mred words that fit in forty columns yes\033[0m\n"},
    {40,
     "\xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 "
     "\xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 "
     "\xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95\n",
     "\xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 "
     "\xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95 "
     "\xe8\xb5\xb7\xe5\x8b\x95 \xe8\xb5\xb7\xe5\x8b\x95\n    \xe8\xb5\xb7\xe5\x8b\x95\n"},
};

static char *fold(const char *text, size_t size, int width)
{
    char *out = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&out, &length);

    ck_assert_ptr_nonnull(f);
    view_fold(f, text, size, width);
    ck_assert_int_eq(fclose(f), 0);
    return out;
}

START_TEST(lines_are_folded)
{
    char *out = fold(cases[_i].text, strlen(cases[_i].text), cases[_i].width);

    ck_assert_str_eq(out, cases[_i].folded);
    free(out);
}
END_TEST

/* Whatever the text: nothing but spaces, tabs and line ends comes or goes. */
START_TEST(nothing_is_lost)
{
    static const char letters[] = "ab/,;()`: \t\n\033m\xc3\xb6\xe8\xb5\xb7\xff";
    unsigned seed = 1;
    char text[200];

    for (int round = 0; round < 3000; round++) {
        size_t n = 0, k = 0;
        for (; n < sizeof text; n++) {
            seed = seed * 1103515245u + 12345u;
            text[n] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        char *out = fold(text, n, 40 + round % 50);
        for (size_t i = 0; i < n; i++) {
            if (strchr(" \t\n", text[i]))
                continue;
            k += strspn(out + k, " \t\n");
            ck_assert_int_eq(out[k++], text[i]);
        }
        free(out);
    }
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("fold");
    TCase *tc = tcase_create("fold");

    tcase_add_test(tc, columns_of_characters);
    tcase_add_loop_test(tc, lines_are_folded, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, nothing_is_lost);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return test_main(make);
}
