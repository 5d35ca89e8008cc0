/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Seeds of scripts of edits. The layout of an input, and the numbers of edits, are those
 * of fuzz_edit.c. */
#include "fuzz/seeds.h"

#include "support/imagegen.h"

#include <stdio.h>
#include <string.h>

struct line {
    unsigned char op;
    const char *arg;
    size_t size;
};

#define LINE(op, text)                                                                   \
    {                                                                                    \
        op, text, sizeof text - 1                                                        \
    }

static void script(const char *name, unsigned char head, const struct line *lines)
{
    struct ig_bytes b = {0};

    for (; lines->arg; lines++) {
        ig_le(&b, lines->op, 1);
        ig_le(&b, lines->size, 1);
        ig_put(&b, lines->arg, lines->size);
    }
    seeds_save("edit", name, &head, 1, b.p, b.size);
    ig_free(&b);
}

static void first_scripts(void)
{
    static const struct line boot[] = {LINE(5, "Disk=HD(1,GPT,01234567-89ab-cdef-0123-"
                                               "456789abcdef,0x800,0x1000)/\\a"),
                                       LINE(6, "http://192.0.2.1/a.efi"),
                                       LINE(7, "dca632000102"),
                                       LINE(8, "\\EFI\\BOOT\\BOOTAA64.EFI"),
                                       LINE(9, "\0http"),
                                       LINE(9, "\2Net"),
                                       LINE(9, "\3Disk"),
                                       LINE(9, "\5file"),
                                       LINE(10, "*,0001"),
                                       {0, NULL, 0}};
    static const struct line values[] = {LINE(4, "ram-limit=off"),
                                         LINE(4, "CpuClock=max"),
                                         LINE(4, "Timeout=7"),
                                         LINE(4, "BootNext=0003"),
                                         LINE(0, "\0\0\7\0"),
                                         LINE(0, "\7\203abc"),
                                         LINE(1, "\1\2\50X\0abcd"),
                                         LINE(1, "\1\2\377Y\0abcd"),
                                         LINE(3, "\0"),
                                         LINE(2, "T\0i\0m\0e\0o\0u\0t\0"),
                                         {0, NULL, 0}};
    static const struct line plan[] = {
        LINE(11, "{\"schema\":1,\"settings\":{\"ram-limit\":\"off\"},\"timeout\":3}"),
        LINE(11, "{\"version\":2,\"variables\":[{\"name\":\"X\",\"guid\":\"8be4df61-93ca-"
                 "11d2-aa0d-00e098032b8c\",\"attr\":7,\"data\":\"0102\"}]}"),
        {0, NULL, 0}};
    static const struct line whole[] = {
        LINE(12, "mtc=Boot0000"),
        LINE(13,
             "\1{\"version\":2,\"variables\":[{\"name\":\"X\",\"guid\":\"8be4df61-93ca-"
             "11d2-aa0d-00e098032b8c\",\"attr\":7,\"data\":\"0102\"}]}"),
        LINE(14, "\4\4*"),
        LINE(14, "\5\12*"),
        LINE(15, "\1"),
        LINE(16, "\4\2\x7F\xFF\4\0data"),
        LINE(17, "\107Lang=utf16z:abc"),
        LINE(17, "\347PK=hex:00"),
        {0, NULL, 0}};
    char name[32];

    for (unsigned char i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "whole%u", i);
        script(name, i, whole);
        snprintf(name, sizeof name, "boot%u", i);
        script(name, i, boot);
        snprintf(name, sizeof name, "values%u", i);
        script(name, (unsigned char)(i | 0x40), values);
        snprintf(name, sizeof name, "plan%u", i);
        script(name, (unsigned char)(i | 0x20), plan);
    }
}

#define CONFIG "CD7CC258-31DB-22E6-9F22-63B0B8EED6B5-"
#define GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c-"
#define CLOSE  "8be4df01-93ca-11d2-aa0d-00e098032b8c-" /* what edit 1 makes of it */
#define OTHER  "11111111-2222-3333-4444-555555555555-"

/* A hotkey for Boot0000 without its CRC. */
#define KEY "\0\0\0\x40\0\0\0\0\0\0\x0B\0\0\0"

#define DOCUMENT(text) "{\"version\":2,\"variables\":[{\"guid\":\"" GUID "\"," text "}]}"
#define GUID           "8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* Values in the terms of each kind of variable, and what is wrong with them. */
static const struct line values_of_kinds[] = {
    LINE(4, "Lang=eng"),
    LINE(4, "PlatformLang=en"),
    LINE(4, "HwErrRecSupport=1"),
    LINE(4, "HwErrRecSupport=x"),
    LINE(4, "ConOut=VenHw(00010203-0405-0607-0809-0a0b0c0d0e0f)"),
    LINE(4, "ConIn=http://x"),
    LINE(4, "Key0000=hex:00"),
    LINE(4, "BootOrder=hex:000001"),
    LINE(4, GLOBAL "X=utf16:\377"),
    LINE(17, "\200Lang=asciiz:eng"), /* a time that it cannot have */
    LINE(17, "\103Lang=asciiz:eng"), /* attributes that it does not have */
    LINE(4, CONFIG "BootDiscoveryPolicy=u32:1"),
    LINE(4, OTHER "RamLimitTo3GB=u32:1"),
    {0, NULL, 0}};

/* One name under several GUIDs, names that are escaped when they are shown. */
static const struct line names[] = {
    LINE(1, "\1\2\1X\0abcd"),      LINE(4, "X=u8:1"),
    LINE(1, "\2\2\1X\0abcd"),      LINE(4, "X=u8:1"),
    LINE(1, "\1\2\1\1\0abcd"),     LINE(4, "\\u0001=u8:1"),
    LINE(4, CLOSE "\\u0001=u8:2"), LINE(4, CLOSE "\\u0003=u8:2"),
    LINE(1, "\2\2\1\1\0abcd"),     LINE(4, "\\u0001=u8:1"),
    LINE(4, "\\u0002=u8:1"),       {0, NULL, 0}};

/* Entries that go, with what hangs on them. */
static const struct line menu[] = {LINE(5, "A=Uri(http://x)"),
                                   LINE(0, "\6\7" KEY),
                                   LINE(0, "\2\7\0\0"),
                                   LINE(9, "\3Boot0000"),
                                   LINE(9, "\2none"),
                                   LINE(8, "http://x/"),
                                   LINE(8, ""),
                                   LINE(0, "\1\7\0\0\1\0\5\0"),
                                   LINE(10, "0000,0001"),
                                   {0, NULL, 0}};
static const struct line hotkey[] = {
    LINE(5, "A=Uri(http://x)"), LINE(0, "\6\7" KEY), {0, NULL, 0}};
static const struct line keyless[] = {
    LINE(5, "A=Uri(http://x)"), LINE(0, "\6\7" KEY), LINE(0, "\6\7\1"), {0, NULL, 0}};

static const struct line imports[] = {
    LINE(13, "\10" DOCUMENT("\"name\":\"X\",\"attr\":6,\"data\":\"01\"")),
    LINE(13, "\0" DOCUMENT("\"name\":\"X\",\"attr\":6,\"data\":\"01\"")),
    LINE(13, "\0" DOCUMENT("\"name\":\"PK\",\"attr\":39,\"data\":\"0102\"")),
    LINE(13, "\2" DOCUMENT("\"name\":\"Lang\",\"attr\":7,\"data\":\"00\"")),
    {0, NULL, 0}};

static const struct line scrubs[] = {LINE(12, "Boot0000"), LINE(12, "=_NDL"),
                                     LINE(12, "clock=*"),  LINE(12, "Lang="),
                                     LINE(12, "none"),     {0, NULL, 0}};

/* Settings that other releases and boards have otherwise. */
#define SETTINGS                                                                         \
    LINE(4, "ram-limit=off"), LINE(4, "BootPolicy=u32:1"), LINE(4, "cpu-clock=max"),     \
        LINE(4, "SystemTableMode=2"), LINE(4, "asset-tag=abc"), LINE(4, "Timeout=3"),    \
        LINE(4, "Lang=eng")

/* Into the image of the Pi with its history: which releases, all, only, except. */
static const struct line upgrades[][12] = {
    {SETTINGS, LINE(19, "\4\0*")},
    {SETTINGS, LINE(19, "\4\4*")},
    {SETTINGS, LINE(19, "\4\102*")},
    {SETTINGS, LINE(19, "\2\201*")},
    {SETTINGS, LINE(19, "\3\303*")},
    {SETTINGS, LINE(4, "BootDiscoveryPolicy=u32:0"), LINE(19, "\3\102*")},
    {SETTINGS, LINE(4, "BootPolicy=u32:7"), LINE(4, "SystemTableMode=u8:1"),
     LINE(19, "\3\102*"), LINE(19, "\3\303*")},
    {SETTINGS, LINE(19, "\4\26Boot0001")},
    {SETTINGS, LINE(19, "\4\26" GLOBAL "Timeout")},
    {SETTINGS, LINE(19, "\4\42ram-limit")},
    {SETTINGS, LINE(18, "\12\0"), LINE(19, "\4\102*")},
};

/* On every image, not forced and forced. */
static void on_all(const char *what, unsigned number, const struct line *lines)
{
    char name[32];

    for (unsigned char i = 0; i < 12; i++) {
        snprintf(name, sizeof name, "%s%u-%u", what, number, i);
        script(name, i < 6 ? i : (unsigned char)(0x40 | i), lines);
    }
}

void seeds_of_edits(void)
{
    first_scripts();
    on_all("kinds", 0, values_of_kinds);
    on_all("names", 0, names);
    on_all("menu", 0, menu);
    on_all("hotkey", 0, hotkey);
    on_all("hotkey", 1, keyless);
    on_all("import", 0, imports);
    on_all("scrub", 0, scrubs);
    for (unsigned i = 0; i < sizeof upgrades / sizeof upgrades[0]; i++)
        on_all("upgrade", i, upgrades[i]);
}
