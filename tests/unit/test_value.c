/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Values as text: what each kind shows, and that no bytes whatever upset it. */
#include "base/bytes.h"
#include "know/value.h"
#include "support/testmain.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

#define GLB "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define BDP "5b6f7107-bb3c-4660-92cd-542690280bbd"
#define NDL "e622443c-284e-4b47-a984-fd66b482dac0"
#define IP4 "5b446ed1-e30b-4faa-871a-3654eca36080"
#define IP6 "937fe521-95ae-4d1a-8929-48bcd90ad31a"
#define DH6 "9fb9a8a1-2f4a-43a6-889c-d0f7b6c47ad5"
#define ISO "4b47d616-a8d6-4552-9d44-ccad2e0f4cf9"
#define ISI "59324945-ec44-4c0d-b1cd-9db139df070c"
#define RTC "b336f62d-4135-4a55-ae4e-4971bbf0885d"
#define MTI "4c19049f-4137-4dd3-9c10-8b97a83ffdfa"
#define MTC "eb704011-1402-11d3-8e77-00a0c969723b"
#define VEF "04b37fe8-f6ae-480b-bdd5-37d98c5e89aa"
#define SEC "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define SBE "f0a30bc7-af08-4556-99c4-001009c93a44"
#define CDB "d9bee56e-75dc-49d9-b4d7-b534210f637a"
#define VKN "9073e4e0-60ec-4b6e-9903-4c223c260f3c"
#define CME "c076ec0c-7028-4399-a072-71ee5c448b9f"
#define HDD "fab7e9e1-39dd-4f2b-8408-e20e906cb6de"
#define CON "2d2358b4-e96c-484d-b2dd-7c2edfc7d56f"

#define MAC_PATH                                                                         \
    "030b2500dca6320102030000000000000000000000000000000000000000000000000000017fff0400"

/* A signature list: type GUID, sizes, owner; 0x4c = 28 + 48. */
#define SHA256_TYPE "2616c4c14c509240aca941f936934328"
#define X509_TYPE   "a159c0a5e494a74a87b5ab155c2bf072"
#define MICROSOFT   "bd9afa775903324dbd6028f4e78f784b"
#define OTHER       "00112233445566778899aabbccddeeff"
#define DIGEST      "1111111111111111111111111111111111111111111111111111111111111111"

/* A certificate of a made-up key: C=XX, O=Example, CN=Test Key 1 (451 bytes). */
#define CERTIFICATE certificate
static const char certificate[] =
    "308201bf30820165a003020102021416d1ff23e201781275270ff0c00c0b4410bfe944300a06"
    "082a8648ce3d0403023034310b30090603550406130258583110300e060355040a0c07457861"
    "6d706c653113301106035504030c0a54657374204b657920313020170d323631313232313532"
    "3633335a180f32313236313032393135323633335a3034310b30090603550406130258583110"
    "300e060355040a0c074578616d706c653113301106035504030c0a54657374204b6579203130"
    "59301306072a8648ce3d020106082a8648ce3d03010703420004f3d730ce72d643b8924dd3d1"
    "3f9a5eb5aca5265c49c6a33d528e815aff17e882b09f035c59b4f39c60d33abc402aa84a0814"
    "f9587d6f7b2557e19461e84821a4a3533051301d0603551d0e04160414709ec0eb04bdd9ee4d"
    "084c3afb897e1439f2e302301f0603551d23041830168014709ec0eb04bdd9ee4d084c3afb89"
    "7e1439f2e302300f0603551d130101ff040530030101ff300a06082a8648ce3d040302034800"
    "3045022034dae028fb6fa8c7405567d723d78d0f20c634543a90fd4d03b822e13cc5a6490221"
    "0081ece483f70370979319e47ef7e4ce016622b5c4996ba762399bd3fb549a76e5";

static const struct sample {
    const char *name, *guid, *hex, *text;
} samples[] = {
    {"Timeout", GLB, "0300", "3 s"},
    {"Timeout", GLB, "ffff", "65535 (forever)"},
    {"PlatformLang", GLB, "656e2d555300", "\"en-US\""},
    {"MTC", MTC, "06000000", "6"},
    {"ConsolePref", CON, "01000000", "1 (serial)"},
    {"BootDiscoveryPolicy", BDP, "02000000", "2 (all)"},
    {"BootDiscoveryPolicyOld", BDP, "01000000", "1 (network)"},
    {"BootDiscoveryPolicyOld", BDP, "07000000", "7"},
    {"RtcEpochSeconds", RTC, "0000000000000000", "0 s (1970-01-01 00:00:00 UTC)"},
    {"RtcEpochSeconds", RTC, "6d761b6000000000",
     "1612412525 s (2021-02-04 04:22:05 UTC)"},
    {"RtcTimeZone", RTC, "ff07", "2047 (unspecified)"},
    {"RtcDaylight", RTC, "01", "1 (adjust)"},
    {"VarErrorFlag", VEF, "ff", "255 (no error)"},
    {"VarErrorFlag", VEF, "ef", "239 (system error)"},
    {"SecureBootEnable", SBE, "01", "1 (on)"},
    {"CustomMode", CME, "00", "0 (standard)"},
    {"VendorKeysNv", VKN, "00", "0 (modified)"},
    {"OsIndications", GLB, "0500000000000000", "0x5 (boot-to-setup+file-capsule)"},
    {"OsIndications", GLB, "0000000000000000", "0x0"},
    {"OsIndications", GLB, "0000000000000080", "0x8000000000000000"},
    {"MemoryTypeInformation", MTI,
     "090000003c000000"
     "0400000000010000"
     "0f00000000000000",
     "ACPI_Recl 60, BS_Data 256 (pages)"},
    {"MemoryTypeInformation", MTI, "6300000001000000", "type 99 1 (pages)"},
    {"MemoryTypeInformation", MTI, "090000003c", "090000003c (5 bytes), malformed"},
    {"_NDL", NDL, MAC_PATH, "MAC(DCA632010203,0x1)"},
    {"HDDP", HDD, MAC_PATH, "MAC(DCA632010203,0x1)"},
    {"InitialAttemptOrder", ISO, "0102030a", "1,2,3,10"},

    /* A real configuration: one record, policy static, with uninitialised padding. */
    {"DCA632010203", IP4, "da7c010010000f83040000000100000000000000", "static"},
    {"DCA632010203", IP4, "db7c010010000f83040000000100000000000000",
     "static (wrong checksum: ignored by the firmware)"},
    {"DCA632010203", IP4, "eeff010010000000000000000000000000000000", "nothing set"},
    {"DCA632010203", IP4,
     "d6f603002800000008000000020000003000000004000000030000003400000004000000"
     "01000000c0000205ffffff00c000020101000000",
     "DHCP 192.0.2.5/24, gateway 192.0.2.1"},
    {"DCA632010203", IP4, "0000010014000000040000000100000000000000",
     "0000010014000000040000000100000000000000 (20 bytes), malformed"},
    {"DCA632010203", IP4, "0000ffff", "0000ffff (4 bytes), malformed"},
    {"DCA632010203", IP4, "00", "00 (1 byte), malformed"},
    {"DCA632010203", IP6,
     "fffefafe362e04003800670004000000020000003c00670012000000040000004e006700"
     "10000000050000005e00670020000000060000000000000020010db80000000000000000"
     "00000005004020010db800000000000000000000000120010db800000000000000000000"
     "005320010db8000000000000000000000053",
     "manual 2001:db8::5/64, gateway 2001:db8::1, DNS 2001:db8::53 2001:db8::53"},

    {"ClientId", DH6,
     "12000004"
     "00112233445566778899aabbccddeeff",
     "DUID-UUID 00112233-4455-6677-8899-aabbccddeeff"},
    {"ClientId", DH6,
     "0e000001"
     "0001"
     "2a2b2c2d"
     "dca632010203",
     "DUID-LLT dca632010203"},
    {"ClientId", DH6,
     "0a000003"
     "0001"
     "dca632010203",
     "DUID-LL dca632010203"},
    {"ClientId", DH6,
     "13000004"
     "00112233445566778899aabbccddeeff",
     "1300000400112233445566778899aabbccddeeff (20 bytes), malformed"},

    {"certdb", CDB, "04000000", "empty"},
    {"certdb", CDB,
     "26000000" OTHER "22000000"
     "02000000"
     "02000000"
     "61006200"
     "abcd",
     "signers of ab"},
    {"certdb", CDB, "05000000", "05000000 (4 bytes), malformed"},
    {"certdb", CDB,
     "24000000" OTHER "ffffffff"
     "ffffffff"
     "ffffffff"
     "61006200",
     "24000000" OTHER "ffffffffffffffffffffffff... (36 bytes), malformed"},

    {"db", SEC,
     SHA256_TYPE "4c000000"
                 "00000000"
                 "30000000" MICROSOFT DIGEST,
     "SHA-256 1111111111111111... (owner Microsoft)"},
    {"dbx", SEC,
     SHA256_TYPE "7c000000"
                 "00000000"
                 "30000000" MICROSOFT DIGEST MICROSOFT DIGEST,
     "2 SHA-256 (owner Microsoft)"},
    {"dbx", SEC,
     SHA256_TYPE "7c000000"
                 "00000000"
                 "30000000" MICROSOFT DIGEST OTHER DIGEST,
     "2 SHA-256"},
    {"KEK", GLB,
     OTHER "2d000000"
           "00000000"
           "11000000" OTHER "ab",
     "33221100-5544-7766-8899-aabbccddeeff ab... (owner "
     "33221100-5544-7766-8899-aabbccddeeff)"},
    {"db", SEC,
     SHA256_TYPE "4c000000"
                 "00000000"
                 "10000000" MICROSOFT DIGEST,
     SHA256_TYPE "4c0000000000000010000000bd9afa77... (76 bytes), malformed"},
    {"PK", GLB,
     X509_TYPE "2e000000"
               "00000000"
               "12000000" MICROSOFT "3000",
     "X.509 (owner Microsoft)"},
};

#define SAMPLES ((int)(sizeof samples / sizeof samples[0]))

/* A variable and what it points to. */
struct built {
    struct fwvar_variable v;
    struct fw_buf name, data;
};

static void build(struct built *b, const char *name, const char *guid)
{
    *b = (struct built){0};
    ck_assert_int_eq(fwvar_guid_parse(guid, &b->v.guid), 0);
    for (const char *p = name; *p; p++)
        fw_buf_put16(&b->name, (uint16_t)*p);
    b->v.name = b->name.p;
    b->v.name_size = b->name.size;
    b->v.attributes = 7;
}

static char *text_of(struct built *b)
{
    b->v.data = b->data.p;
    b->v.data_size = b->data.size;
    char *text = fwvar_value_text(&b->v);
    ck_assert_ptr_nonnull(text);
    return text;
}

static void unbuild(struct built *b)
{
    fw_buf_free(&b->name);
    fw_buf_free(&b->data);
}

static void add_hex(struct built *b, const char *hex)
{
    size_t bad_at;

    ck_assert_int_eq(fw_unhex(hex, strlen(hex), &b->data, &bad_at), 0);
}

START_TEST(value_as_text)
{
    const struct sample *s = &samples[_i];
    struct built b;

    build(&b, s->name, s->guid);
    add_hex(&b, s->hex);
    char *text = text_of(&b);
    ck_assert_msg(strcmp(text, s->text) == 0, "%s %s:\n  %s\nnot\n  %s", s->name, s->hex,
                  text, s->text);
    free(text);
    unbuild(&b);
}
END_TEST

/* The same bytes cut anywhere, and with any byte replaced: one printable line. Each is a
 * copy of its own size, so that a read past it is seen. */
START_TEST(value_of_damaged_bytes)
{
    static const uint8_t bad[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    const struct sample *s = &samples[_i];
    struct built b;

    build(&b, s->name, s->guid);
    add_hex(&b, s->hex);
    for (size_t cut = 0; cut <= b.data.size; cut++) {
        for (size_t k = 0; k < sizeof bad * cut + 1; k++) {
            uint8_t *copy = malloc(cut ? cut : 1);
            ck_assert_ptr_nonnull(copy);
            memcpy(copy, b.data.p, cut);
            if (k && cut != b.data.size)
                k = sizeof bad * cut; /* whole ones only are changed */
            if (k && cut == b.data.size)
                copy[(k - 1) / sizeof bad] = bad[(k - 1) % sizeof bad];
            b.v.data = copy;
            b.v.data_size = cut;
            char *text = fwvar_value_text(&b.v);
            ck_assert_ptr_nonnull(text);
            for (const char *p = text; *p; p++)
                ck_assert_msg((unsigned char)*p >= 0x20 && *p != 0x7f, "%s", s->name);
            free(text);
            free(copy);
        }
    }
    unbuild(&b);
}
END_TEST

/* ---- iSCSI ---- */

static void iscsi(struct built *b, bool enabled, const char *target)
{
    build(b, "Attempt 1", ISI);
    fw_buf_fill(&b->data, 0, 1049);
    b->data.p[184] = enabled;
    memcpy(b->data.p + 224, target, strlen(target));
    memcpy(b->data.p + 448, "\xc0\0\2\1", 4);
    fw_put16(b->data.p + 182, 3260);
}

START_TEST(iscsi_attempt)
{
    struct built b;

    iscsi(&b, false, "");
    char *text = text_of(&b);
    ck_assert_str_eq(text, "empty");
    free(text);
    unbuild(&b);

    iscsi(&b, true, "iqn.2026-01.org.example:disk\n");
    memcpy(b.data.p + 38, "DC-A6-32-01-02-03", 17);
    text = text_of(&b);
    ck_assert_str_eq(text,
                     "enabled, iqn.2026-01.org.example:disk\\u000A at 192.0.2.1 port "
                     "3260, MAC DC-A6-32-01-02-03");
    free(text);

    b.data.p[223] = 1; /* from DHCP */
    memset(b.data.p + 38, 0, 17);
    text = text_of(&b);
    ck_assert_str_eq(text, "enabled, target from DHCP");
    free(text);

    /* Text that fills its field has no NUL. */
    b.data.p[223] = 0;
    memset(b.data.p + 224, 'a', 224);
    text = text_of(&b);
    ck_assert_uint_lt(strlen(text), 300);
    free(text);

    b.data.size = 463;
    text = text_of(&b);
    ck_assert_ptr_nonnull(strstr(text, "malformed"));
    free(text);
    unbuild(&b);
}
END_TEST

/* ---- certificates ---- */

START_TEST(certificate_subject)
{
    struct built b;

    build(&b, "PK", GLB);
    add_hex(&b, X509_TYPE "ef010000"
                          "00000000"
                          "d3010000" MICROSOFT);
    add_hex(&b, CERTIFICATE);
    char *text = text_of(&b);
    ck_assert_str_eq(text, "X.509 \"Test Key 1\" (owner Microsoft)");
    free(text);
    unbuild(&b);
}
END_TEST

/* Appends a DER item with a length of two digits. */
static void der(struct fw_buf *to, uint8_t tag, const void *p, size_t size)
{
    fw_buf_put8(to, tag);
    fw_buf_put8(to, 0x81);
    fw_buf_put8(to, (uint8_t)size);
    fw_buf_put(to, p, size);
}

/* What of a certificate comes before and with its subject, which has one attribute. */
static struct fw_buf small_certificate(uint8_t attribute, uint8_t tag, const char *text,
                                       size_t size)
{
    const uint8_t oid[] = {0x55, 0x04, attribute};
    struct fw_buf pair = {0}, set = {0}, subject = {0}, inner = {0}, tbs = {0}, all = {0};

    der(&pair, 0x06, oid, sizeof oid);
    der(&pair, tag, text, size);
    der(&set, 0x30, pair.p, pair.size);
    der(&subject, 0x31, set.p, set.size);
    der(&inner, 0x02, "\1", 1); /* no version: it is optional */
    for (int i = 0; i < 3; i++)
        der(&inner, 0x30, "", 0);
    der(&inner, 0x30, subject.p, subject.size);
    der(&tbs, 0x30, inner.p, inner.size);
    der(&all, 0x30, tbs.p, tbs.size);
    fw_buf_free(&pair);
    fw_buf_free(&set);
    fw_buf_free(&subject);
    fw_buf_free(&inner);
    fw_buf_free(&tbs);
    return all;
}

static const struct {
    uint8_t attribute, tag;
    const char *text;
    size_t size;
    const char *shown; /* NULL: none */
} subjects[] = {
    {3, 0x0c, "K\xc3\xa9y", 4, "K\xc3\xa9y"},
    {3, 0x13, "Printable", 9, "Printable"},
    {10, 0x16, "Organisation", 12, "Organisation"},
    {3, 0x1e, "\0K\0\x1b\0y", 6, "K\\u001By"},
    {3, 0x0c, "two\nlines", 9, "two\\u000Alines"},
    {3, 0x04, "octets", 6, NULL},
    {11, 0x0c, "unit only", 9, NULL},
};

START_TEST(certificate_name_forms)
{
    struct fw_buf c = small_certificate(subjects[_i].attribute, subjects[_i].tag,
                                        subjects[_i].text, subjects[_i].size);
    struct fw_buf out = {0};

    ck_assert(!c.bad);
    bool found = fw_x509_subject(&out, c.p, c.size);
    ck_assert_int_eq(found, subjects[_i].shown != NULL);
    char *text = fw_buf_take_text(&out);
    ck_assert_str_eq(text, subjects[_i].shown ? subjects[_i].shown : "");
    free(text);
    /* Cut anywhere it is no certificate. */
    for (size_t cut = 0; cut < c.size; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1);
        memcpy(copy, c.p, cut);
        ck_assert(!fw_x509_subject(&out, copy, cut));
        free(copy);
    }
    fw_buf_free(&out);
    fw_buf_free(&c);
}
END_TEST

/* Many lists: the line stays short. */
START_TEST(many_lists_are_counted)
{
    struct built b;

    build(&b, "dbx", SEC);
    for (int i = 0; i < 500; i++)
        add_hex(&b, SHA256_TYPE "4c000000"
                                "00000000"
                                "30000000" MICROSOFT DIGEST);
    char *text = text_of(&b);
    ck_assert_uint_lt(strlen(text), 1200);
    ck_assert_ptr_nonnull(strstr(text, "; and 484 more"));
    free(text);
    unbuild(&b);
}
END_TEST

/* A card's IPv4 and IPv6 settings share their name, so the name alone is no variable. */
START_TEST(shared_names_are_no_names)
{
    ck_assert_ptr_null(fwvar_known_by_name("DCA632010203"));
    ck_assert_ptr_nonnull(fwvar_known_by_name("BootOrder"));
    ck_assert_ptr_nonnull(fwvar_known_by_name("Attempt 3"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("value");
    TCase *c = tcase_create("value");

    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, value_as_text, 0, SAMPLES);
    tcase_add_loop_test(c, value_of_damaged_bytes, 0, SAMPLES);
    tcase_add_test(c, iscsi_attempt);
    tcase_add_test(c, certificate_subject);
    tcase_add_loop_test(c, certificate_name_forms, 0,
                        (int)(sizeof subjects / sizeof subjects[0]));
    tcase_add_test(c, many_lists_are_counted);
    tcase_add_test(c, shared_names_are_no_names);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    return test_main(suite);
}
