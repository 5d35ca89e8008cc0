/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Device paths: the pairs of devpath_pairs.tsv in both directions, the identity on random
 * bytes, parse errors with their columns, walking and checking. */
#include <fwvar/devpath.h>

#include <check.h>

#include "devpath_pairs.h"

static uint64_t state;

static uint32_t random32(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33);
}

/* FWVAR_TEST_SEED repeats a failed run; otherwise the same paths are made each time. */
static uint64_t seed(void)
{
    const char *text = getenv("FWVAR_TEST_SEED");

    return text ? strtoull(text, NULL, 0) : 20260101;
}

static const char *to_hex(const uint8_t *p, size_t n)
{
    static char text[4096];

    text[0] = '\0';
    for (size_t i = 0; i < n && i * 2 + 2 < sizeof text; i++)
        snprintf(text + i * 2, 3, "%02x", p[i]);
    return text;
}

static bool is_clean_utf8(const char *text)
{
    const uint8_t *p = (const uint8_t *)text;

    while (*p) {
        int more = *p < 0x80 ? 0 : (*p & 0xe0) == 0xc0 ? 1 : (*p & 0xf0) == 0xe0 ? 2 : 3;
        if (*p < 0x20 || *p == 0x7f || (*p >= 0x80 && *p < 0xc2) || *p > 0xf4)
            return false;
        if (*p == 0xc2 && p[1] < 0xa0) /* C1 controls */
            return false;
        for (p++; more--; p++) {
            if ((*p & 0xc0) != 0x80)
                return false;
        }
    }
    return true;
}

/* bytes -> text -> bytes; the bytes lie at the end of a block so that ASan sees overruns
 */
static void round_trip(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size + 1), *back = NULL;
    size_t back_size = 0;
    struct fwvar_diag diag = {0};

    memcpy(copy + 1, bytes, size);
    char *text = fwvar_devpath_text(copy + 1, size);
    ck_assert_ptr_nonnull(text);
    ck_assert_msg(is_clean_utf8(text), "%s", to_hex(bytes, size));
    int err = fwvar_devpath_parse(text, &back, &back_size, &diag);
    ck_assert_msg(err == 0, "seed %llu: %s -> %s: %s", (unsigned long long)seed(),
                  to_hex(bytes, size), text, diag.message);
    ck_assert_msg(back_size == size && memcmp(back, bytes, size) == 0,
                  "seed %llu: %s -> %s", (unsigned long long)seed(), to_hex(bytes, size),
                  text);
    free(back);
    free(text);
    free(copy);
}

START_TEST(pairs_read)
{
    FILE *file = fopen(FWVAR_TEST_PAIRS, "r");
    struct pair pair = {0};

    ck_assert_ptr_nonnull(file);
    while (pair_read(file, &pair)) {
        uint8_t *bytes = NULL;
        size_t size = 0;
        struct fwvar_diag diag = {0};
        int err = fwvar_devpath_parse(pair.text, &bytes, &size, &diag);
        ck_assert_msg(err == 0, "line %d: %s", pair.line, diag.message);
        ck_assert_msg(size == pair.size && memcmp(bytes, pair.bytes, size) == 0,
                      "line %d: %s", pair.line, to_hex(bytes, size));
        free(bytes);
    }
    ck_assert_int_gt(pair.line, 300);
    fclose(file);
}
END_TEST

START_TEST(pairs_printed)
{
    FILE *file = fopen(FWVAR_TEST_PAIRS, "r");
    struct pair pair = {0};
    int printed = 0;

    ck_assert_ptr_nonnull(file);
    while (pair_read(file, &pair)) {
        round_trip(pair.bytes, pair.size);
        if (!pair.both)
            continue;
        char *text = fwvar_devpath_text(pair.bytes, pair.size);
        ck_assert_msg(strcmp(text, pair.text) == 0, "line %d: %s", pair.line, text);
        free(text);
        printed++;
    }
    ck_assert_int_gt(printed, 200);
    fclose(file);
}
END_TEST

START_TEST(mutated_pairs_survive)
{
    FILE *file = fopen(FWVAR_TEST_PAIRS, "r");
    struct pair pair = {0};

    ck_assert_ptr_nonnull(file);
    state = seed();
    while (pair_read(file, &pair)) {
        for (int i = 0; i < 60 && pair.size; i++) {
            uint8_t *byte = pair.bytes + random32() % pair.size, old = *byte;
            *byte = random32() % 2 ? (uint8_t)random32() : (uint8_t)(old ^ 1);
            round_trip(pair.bytes, pair.size);
            round_trip(pair.bytes, random32() % pair.size);
            *byte = old;
        }
    }
    fclose(file);
}
END_TEST

static size_t random_node(uint8_t *p, size_t room)
{
    static const uint8_t types[] = {1, 2, 3, 3, 3, 3, 4, 4, 5, 0x7f, 0};
    static const char characters[] = "\\/,()\"ab 1.-x\t\x7f";
    size_t length = 4 + random32() % 60;

    if (length > room)
        length = room;
    p[0] = random32() % 40 ? types[random32() % sizeof types] : (uint8_t)random32();
    p[1] = random32() % 40 ? (uint8_t)(1 + random32() % 36) : (uint8_t)random32();
    p[2] = (uint8_t)length;
    p[3] = 0;
    unsigned style = random32() % 4;
    for (size_t i = 4; i < length; i++)
        p[i] = style == 0   ? 0
               : style == 1 ? (uint8_t)random32()
               : style == 2 ? (uint8_t)characters[random32() % (sizeof characters - 1)]
               : i % 2      ? 0
                            : (uint8_t)characters[random32() % (sizeof characters - 1)];
    if (style >= 2 && length >= 6)
        p[length - 1] = p[length - 2] = 0;
    return length;
}

START_TEST(random_paths_survive)
{
    uint8_t path[512];

    state = seed();
    for (int i = 0; i < 20000; i++) {
        size_t size = 0;
        for (uint32_t n = random32() % 5; n--;)
            size += random_node(path + size, 64);
        if (random32() % 8) {
            memcpy(path + size, "\x7f\xff\x04\x00", 4);
            size += 4;
        }
        if (random32() % 8 == 0)
            path[size++] = (uint8_t)random32();
        round_trip(path, size);
    }
}
END_TEST

START_TEST(random_garbage_survives)
{
    uint8_t path[128];

    state = seed() + 1;
    for (int i = 0; i < 20000; i++) {
        size_t size = random32() % sizeof path;
        for (size_t k = 0; k < size; k++)
            path[k] = random32() % 3 ? (uint8_t)(random32() % 10) : (uint8_t)random32();
        round_trip(path, size);
    }
}
END_TEST

/* A random text is read or refused; what is read is a path that survives. */
START_TEST(random_texts_are_safe)
{
    static const char *const parts[] = {
        "Pci(", "HD(", "Uri(", "Path(", "IPv6(", "MAC(",     "Dns(", "UsbWwid(", "SasEx(",
        ")",    ")",   ",",    ",",     "/",     "\\a",      "0x1",  "7",        "GPT",
        "::1",  "1.2", "\"",   " ",     "\xc3",  "\xc3\xa9", "Raw(", "AcpiEx(",  "x"};
    char text[256];

    state = seed() + 2;
    for (int i = 0; i < 30000; i++) {
        uint8_t *bytes;
        size_t size;
        struct fwvar_diag diag;
        text[0] = '\0';
        for (uint32_t n = random32() % 12; n--;)
            strcat(text, parts[random32() % (sizeof parts / sizeof parts[0])]);
        int err = fwvar_devpath_parse(text, &bytes, &size, &diag);
        if (err) {
            ck_assert_int_eq(err, FWVAR_ERR_ARG);
            ck_assert_msg(strncmp(diag.message, "column ", 7) == 0, "%s", diag.message);
            ck_assert(is_clean_utf8(diag.message));
            continue;
        }
        round_trip(bytes, size);
        free(bytes);
    }
}
END_TEST

static const struct {
    const char *text;
    int column;
    const char *expected; /* a part of the message */
} errors[] = {
    {"Foo(1)", 1, "name of a device path node"},
    {"PciRot(0x0)", 1, "PciRoot"},
    {"PciRoot(0x0)/Pcii(1,2)", 14, "Pci"},
    {"Pci(0x0,0x0", 12, "')', found the end"},
    {"Pci(0x0,0x0)x", 13, "'/', ',' or the end"},
    {"Pci(0x100,0)", 5, "Device, a number up to 0xFF"},
    {"Pci(0,256)", 7, "Function, a number up to 0xFF"},
    {"Pci(0)", 6, "Function"},
    {"Pci()", 5, "Device"},
    {"Pci(0,0,0)", 9, "')' after the last argument"},
    {"Pci(0,0,)", 9, "')' after the last argument"},
    {"Pci(-1,0)", 5, "found '-1'"},
    {"Pci(0x,0)", 5, "Device"},
    {"Pci(1 2,0)", 5, "Device"},
    {"Pci(0,zero)", 7, "found 'zero'"},
    {"\\é/Pci(0,q)", 10, "found 'q'"},
    {"PciRoot(0x100000000)", 9, "0xFFFFFFFF"},
    {"MemoryMapped(0,0x10000000000000000,0)", 16, "StartingAddress"},
    {"MemoryMapped(0,18446744073709551616,0)", 16, "StartingAddress"},
    {"VenHw(123)", 7, "Guid, a GUID"},
    {"VenHw()", 7, "Guid"},
    {"VenHw(00112233-4455-6677-8899-aabbccddeeff,abc)", 47, "even number of hex"},
    {"VenHw(00112233-4455-6677-8899-aabbccddeeff,xy)", 44, "hex digits"},
    {"Acpi(PNP0A0,0)", 6, "PNP0A03"},
    {"Acpi(1NP0A03,0)", 6, "PNP0A03"},
    {"AcpiAdr()", 9, "DisplayDevice"},
    {"AcpiAdr(1,,2)", 11, "DisplayDevice"},
    {"Ata(Tertiary,Master,0)", 5, "Controller: Primary, Secondary, or a number"},
    {"MAC(001320F5FA,1)", 5, "12 hex digits"},
    {"MAC(001320F5FA7,1)", 5, "hex digits"},
    {"MAC(001320F5FA77,256)", 18, "IfType"},
    {"IPv4(1.2.3)", 6, "IPv4 address"},
    {"IPv4(1.2.3.256)", 6, "IPv4 address"},
    {"IPv4(1.2.3.4:65536)", 6, "IPv4 address"},
    {"IPv4(1.2.3.4,ICMP)", 14, "Protocol: TCP, UDP, or a number"},
    {"IPv4(1.2.3.4,TCP,DHCP,0.0.0.0,1.1.1.1:1)", 31, "GatewayIPAddress"},
    {"IPv6(1.2.3.4)", 6, "IPv6 address"},
    {"IPv6([::1)", 6, "IPv6 address"},
    {"Uart(115200,256)", 13, "DataBits"},
    {"Uart(115200,8,X)", 15, "Parity: D, N, E, O, M, S, or a number"},
    {"UsbClass(0x10000)", 10, "VID, a number up to 0xFFFF"},
    {"Sata(1,2)", 9, "LUN"},
    {"iSCSI(,1,2)", 7, "TargetName"},
    {"iSCSI(x,1,2,CRC32)", 13, "HeaderDigest: None, CRC32C"},
    {"iSCSI(x,1,2,4)", 13, "HeaderDigest"},
    {"SasEx(1,2,3,SATA)", 17, "Location: Internal, External"},
    {"SasEx(1,2,3,SATA,0,0,257)", 22, "DriveBay, a number up to 0x100"},
    {"SasEx(1,2,3,NoTopology,1)", 24, "0 where the topology"},
    {"NVMe(1,00-11)", 8, "8 bytes such as"},
    {"NVMEoF(nqn,abc)", 12, "eui:"},
    {"NVMEoF(nqn,eui:00)", 16, "16 hex digits"},
    {"Uri(http://\xc3\xa9)", 12, "printable ASCII"},
    {"Wi-Fi()", 7, "1 to 32 characters"},
    {"Wi-Fi(123456789012345678901234567890123)", 7, "1 to 32 characters"},
    {"Bluetooth(0011)", 11, "12 hex digits"},
    {"Dns(1.2.3.4,::1)", 13, "IPv4 address"},
    {"HD(1,GPT,0x12)", 10, "Signature, a GUID"},
    {"HD(1,Foo,0)", 6, "Type: MBR, GPT, or a number"},
    {"HD(1,MBR,00112233-4455-6677-8899-aabbccddeeff)", 10, "Signature, a number"},
    {"RestService(0xFF,1,x)", 20, "VendorRestServiceGuid"},
    {"BBS(Tape,x)", 5, "Type: Floppy, HD, CDROM, PCMCIA, USB, Network, or a number"},
    {"Path(256,1)", 6, "Type, a number up to 0xFF"},
    {"Path(1)", 7, "SubType"},
    {"Path(1,1,0)", 11, "even number"},
    {"Path(1,1,00,00)", 13, "')' after"},
    {"Path(127,255)", 1, "no end node"},
    {"Raw(0)", 6, "even number"},
    {"Raw(00,00)", 8, "')' after"},
    {"Raw()/Pci(0,0)", 7, "nothing after Raw()"},
    {"VenPcAnsi(1)", 11, "')' after"},
    {"\\a(b", 5, "')'"},
    {"\\a)b", 3, "'(' before ')'"},
    {")", 1, "'(' before ')'"},
    {"\\\xff", 2, "valid UTF-8, found '\\xFF'"},
    {"UsbWwid(1,2,3,\"\xff\")", 16, "valid UTF-8"},
    {"\\a\n/Pci(\x1b[31m,0)", 9, "found '\\u001B[31m'"},
};

START_TEST(errors_have_columns)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        struct fwvar_diag diag = {0};
        uint8_t *bytes = NULL;
        size_t size = 1234;
        char start[32];
        int err = fwvar_devpath_parse(errors[i].text, &bytes, &size, &diag);
        snprintf(start, sizeof start, "column %d: ", errors[i].column);
        ck_assert_msg(err == FWVAR_ERR_ARG, "%s: read", errors[i].text);
        ck_assert_msg(strncmp(diag.message, start, strlen(start)) == 0 &&
                          strstr(diag.message, errors[i].expected),
                      "%s: %s", errors[i].text, diag.message);
        ck_assert_int_eq(diag.code, FWVAR_ERR_ARG);
        ck_assert_uint_eq(diag.offset, FWVAR_NO_OFFSET);
        ck_assert_ptr_null(bytes);
        ck_assert_uint_eq(size, 1234);
        ck_assert_int_eq(fwvar_devpath_parse(errors[i].text, &bytes, &size, NULL),
                         FWVAR_ERR_ARG);
    }
}
END_TEST

static char *long_text(const char *start, size_t digits, const char *end)
{
    char *text = malloc(strlen(start) + digits + strlen(end) + 1);

    strcpy(text, start);
    memset(text + strlen(start), '0', digits);
    strcpy(text + strlen(start) + digits, end);
    return text;
}

START_TEST(nodes_have_a_longest_length)
{
    static const struct {
        const char *start;
        size_t most; /* characters that still fit */
        const char *end;
    } rows[] = {{"Path(1,9,", 131062, ")"},
                {"\\", 32763, ""},
                {"Uri(", 65531, ")"},
                {"iSCSI(", 65516, ",1,2)"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t *bytes;
        size_t size;
        struct fwvar_diag diag;
        char *text = long_text(rows[i].start, rows[i].most, rows[i].end);
        ck_assert_int_eq(fwvar_devpath_parse(text, &bytes, &size, &diag), 0);
        ck_assert_uint_ge(size, 65534 + 4);
        round_trip(bytes, size);
        free(bytes);
        free(text);
        text = long_text(rows[i].start, rows[i].most + 2, rows[i].end);
        ck_assert_int_eq(fwvar_devpath_parse(text, &bytes, &size, &diag), FWVAR_ERR_ARG);
        ck_assert_ptr_nonnull(strstr(diag.message, "at most 65535 bytes"));
        free(text);
    }
}
END_TEST

START_TEST(walk_stops_at_damage)
{
    static const uint8_t path[] = {1, 1, 6, 0, 7, 8, 0x7f, 0xff, 4, 0, 1, 1, 3, 0};
    struct fwvar_devpath_node node;
    size_t at = 0;

    ck_assert_int_eq(fwvar_devpath_next(path, sizeof path, &at, &node), 0);
    ck_assert_uint_eq(at, 6);
    ck_assert(node.type == 1 && node.subtype == 1 && node.length == 6);
    ck_assert_ptr_eq(node.data, path + 4);
    ck_assert(!fwvar_devpath_is_end(&node));
    ck_assert_int_eq(fwvar_devpath_next(path, sizeof path, &at, &node), 0);
    ck_assert(fwvar_devpath_is_end(&node));
    ck_assert_uint_eq(at, 10);
    ck_assert_int_eq(fwvar_devpath_next(path, 10, &at, &node), 1);
    for (size_t size = 11; size <= sizeof path; size++)
        ck_assert_int_eq(fwvar_devpath_next(path, size, &at, &node), FWVAR_ERR_DAMAGED);
    ck_assert_uint_eq(at, 10);
}
END_TEST

static const struct {
    const char *hex;
    enum fwvar_devpath_flaw flaw;
    size_t at;
} checks[] = {
    {"7fff0400", FWVAR_DEVPATH_OK, 4},
    {"0101060000007fff0400", FWVAR_DEVPATH_OK, 10},
    {"7f0104007fff0400", FWVAR_DEVPATH_OK, 8},
    {"040406005c0000007fff0400", FWVAR_DEVPATH_OPEN_NAME, 0},
    {"040408005c0000007fff0400", FWVAR_DEVPATH_OK, 12},
    {"", FWVAR_DEVPATH_NO_END, 0},
    {"010106000000", FWVAR_DEVPATH_NO_END, 6},
    {"0101000000007fff0400", FWVAR_DEVPATH_SHORT_NODE, 0},
    {"0101060000000101030000007fff0400", FWVAR_DEVPATH_SHORT_NODE, 6},
    {"010107000000", FWVAR_DEVPATH_OVERRUN, 0},
    {"0101ffff", FWVAR_DEVPATH_OVERRUN, 0},
    {"0101060000007fff04", FWVAR_DEVPATH_OVERRUN, 6},
    {"7f", FWVAR_DEVPATH_OVERRUN, 0},
    {"7fff040000", FWVAR_DEVPATH_TRAILING, 4},
    {"7fff04007fff0400", FWVAR_DEVPATH_TRAILING, 4},
    {"7fff050000", FWVAR_DEVPATH_LONG_END, 0},
    {"040406005c007fff0400", FWVAR_DEVPATH_OPEN_NAME, 0},
    {"0101060000000404040000007fff0400", FWVAR_DEVPATH_OPEN_NAME, 6},
    {"04040500007fff0400", FWVAR_DEVPATH_OPEN_NAME, 0},
};

START_TEST(flaws_have_offsets)
{
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        uint8_t bytes[64];
        size_t at = 99;
        size_t size =
            pair_unhex(checks[i].hex, strlen(checks[i].hex), bytes, sizeof bytes);
        ck_assert_msg(fwvar_devpath_check(bytes, size, &at) == checks[i].flaw, "%s: %d",
                      checks[i].hex, fwvar_devpath_check(bytes, size, NULL));
        ck_assert_msg(at == checks[i].at, "%s: at %zu", checks[i].hex, at);
    }
    for (int flaw = FWVAR_DEVPATH_OK; flaw <= FWVAR_DEVPATH_OPEN_NAME; flaw++)
        ck_assert_str_ne(fwvar_devpath_flaw_text((enum fwvar_devpath_flaw)flaw),
                         "unknown flaw");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devpath");
    TCase *tests = tcase_create("devpath");

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, pairs_read);
    tcase_add_test(tests, pairs_printed);
    tcase_add_test(tests, mutated_pairs_survive);
    tcase_add_test(tests, random_paths_survive);
    tcase_add_test(tests, random_garbage_survives);
    tcase_add_test(tests, random_texts_are_safe);
    tcase_add_test(tests, errors_have_columns);
    tcase_add_test(tests, nodes_have_a_longest_length);
    tcase_add_test(tests, walk_stops_at_damage);
    tcase_add_test(tests, flaws_have_offsets);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
