/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Writes the seeds of the corpora: fuzz_seeds FOLDER. They are committed; this shows
 * where they come from; others are what fuzzing found. */
#include "fuzz/seeds.h"

#include "support/imagegen.h"

#include <fwvar/known.h>
#include <fwvar/varlist.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *folder;

void seeds_save(const char *target, const char *name, const void *head, size_t head_size,
                const void *bytes, size_t size)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, target);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s", folder, target, name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(head, 1, head_size, f) != head_size ||
        fwrite(bytes, 1, size, f) != size || fclose(f) != 0) {
        perror(path);
        exit(2);
    }
}

static void save_text(const char *target, const char *name, unsigned char head,
                      const char *text)
{
    seeds_save(target, name, &head, 1, text, strlen(text));
}

/* ---- texts ---- */

struct text {
    const char *name;
    unsigned char kind;
    const char *text;
};

static void save_texts(const char *target, const struct text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        save_text(target, texts[i].name, texts[i].kind, texts[i].text);
}

static void path_seeds(void)
{
    static const struct text texts[] = {
        {"path-pci", 0, "PciRoot(0x0)/Pci(0x1,0x0)/NVMe(0x1,00-00-00-00-00-00-00-00)"},
        {"path-net", 0,
         "MAC(dca632000102,0x1)/IPv4(192.0.2.1,TCP,DHCP,0.0.0.0)/Uri(http://a/b)"},
        {"path-disk", 0,
         "HD(1,GPT,01234567-89ab-cdef-0123-456789abcdef,0x800,0x1000)/\\EFI\\a"},
        {"path-multi", 0,
         "VenHw(00010203-0405-0607-0809-0a0b0c0d0e0f,aabb),Path(3,24,6162)"},
        {"path-usb", 0, "PciRoot(0x0)/USB(0x1,0x0)/UsbWwid(0x1,0x2,0x3,\"s\")/Unit(0x1)"},
        {"path-v6", 0,
         "IPv6(2001:db8::1,UDP,StatelessAutoConfigure,::,0x40,::)/Dns(1.2.3.4)"},
        {"path-empty", 0, ""}, /* the parser once looked behind a text of no bytes */
        {"path-raw", 0, "Raw()"},
        {"path-open", 0, "PciRoot("},
        {"path-comma", 0, "Raw(),"},
    };

    save_texts("devpath", texts, sizeof texts / sizeof texts[0]);
}

static void text_seeds(void)
{
    static const struct text texts[] = {
        {"file-name", 1, "BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c"},
        {"attributes", 2, "NV+BS+RT"},
        {"time", 2, "2026-11-22T14:02:42Z"},
        {"version", 2, "v1.37"},
        {"config", 3, "0arm_64bit=1\ndevice_tree_address = 0x3e0000\r\n"},
        {"config-pi3", 3, "1device_tree_address\n # device_tree_address=1\n"},
        {"config-open", 3, "0device_tree_address\n\ndevice_tree_address=0x1f0000"},
    };
    static const char *const values[] = {"off", "1500", "max", "0x3",
                                         "dt",  "text", "a+b"};
    struct ig_bytes b = {0};
    char name[32];

    save_texts("text", texts, sizeof texts / sizeof texts[0]);
    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++) {
        ig_le(&b, i * 7, 1);
        ig_le(&b, i & 3, 1);
        ig_put(&b, values[i], strlen(values[i]));
        snprintf(name, sizeof name, "value%u", i);
        seeds_save("text", name, "\0", 1, b.p, b.size);
        ig_free(&b);
    }
}

static void bytes_seeds(void)
{
    static const char *const paths[] = {
        "02010c00d041030a0000000001010600010003010800010001007fff0400",
        "030b2500dca6320001020000000000000000000000000000000000000000000000000000017fff04"
        "00",
        "04012a0001000000000800000000000000100000000000006745230100112233445566778899aabb"
        "02027fff0400",
        "0414060061620318060061627f010400"
        "7fff0400"};
    struct ig_bytes path = {0}, b = {0};
    char name[32];

    for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        ig_hex(&path, paths[i]);
        snprintf(name, sizeof name, "bytes%u", i);
        seeds_save("devpath", name, "\1", 1, path.p, path.size);
        ig_load_option(&b, i, "Label", &path, i & 1);
        snprintf(name, sizeof name, "option%u", i);
        seeds_save("devpath", name, "\2", 1, b.p, b.size);
        ig_free(&path);
        ig_free(&b);
    }
    ig_hex(&b, "0100004000000000000017000000");
    seeds_save("devpath", "key", "\3", 1, b.p, b.size);
    ig_free(&b);
}

/* ---- variables from elsewhere ---- */

static void dump_seed(void)
{
    static const struct fwvar_variable variables[] = {
        {.name = (const uint8_t *)"L\0a\0n\0g\0",
         .name_size = 8,
         .attributes = 7,
         .data = (const uint8_t *)"eng",
         .data_size = 4},
        {.name = (const uint8_t *)"B\0o\0o\0t\0O\0r\0d\0e\0r\0",
         .name_size = 18,
         .attributes = 7,
         .data = (const uint8_t *)"\1\0\0",
         .data_size = 4}};
    struct fwvar_varlist_item item = {.has_attributes = true};
    struct fwvar_varlist *list;
    uint8_t *bytes;
    size_t size;

    if (fwvar_varlist_new(&list, NULL) != 0)
        exit(2);
    for (size_t i = 0; i < 2; i++) {
        item.variable = variables[i];
        item.variable.guid = fwvar_global_guid;
        fwvar_varlist_add(list, &item, NULL);
    }
    if (fwvar_dmpstore_write(list, &bytes, &size, NULL) != 0)
        exit(2);
    seeds_save("exchange", "dump", "\0", 1, bytes, size);
    seeds_save("exchange", "dump-sync", "\x60", 1, bytes, size);
    seeds_save("exchange", "dump-migrate", "\x90", 1, bytes, size);
    free(bytes);
    fwvar_varlist_free(list);
}

/* Files of efivarfs, as fuzz_exchange.c makes them. */
static void folder_seed(void)
{
    static const struct {
        const char *name, *hex;
    } files[] = {
        {"BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c", "070000000100000000"},
        {"Timeout-8be4df61-93ca-11d2-aa0d-00e098032b8c", "070000000500000000"},
        {"a!b-8be4df61-93ca-11d2-aa0d-00e098032b8c", "0700000061"},
        {"README", "61"},
        {"BootFFFF-8be4df61-93ca-11d2-aa0d-00e098032b8c",
         "0700000001000000140061000000031810006874703a2f2f612f622e65667fff0400ff"},
    };
    struct ig_bytes b = {0};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        ig_le(&b, strlen(files[i].name), 1);
        ig_le(&b, strlen(files[i].hex) / 2 / 4, 1);
        ig_put(&b, files[i].name, strlen(files[i].name));
        ig_hex(&b, files[i].hex);
    }
    seeds_save("exchange", "folder", "\2", 1, b.p, b.size);
    seeds_save("exchange", "folder-sync", "\x62", 1, b.p, b.size);
    seeds_save("exchange", "folder-migrate", "\x82", 1, b.p, b.size);
    ig_free(&b);
}

static void exchange_seeds(void)
{
    static const struct text texts[] = {
        {"document", 1,
         "{\"version\":2,\"variables\":[{\"name\":\"X\",\"guid\":\"8be4df61-"
         "93ca-11d2-aa0d-00e098032b8c\",\"attr\":7,\"data\":\"0102\"}]}"},
        {"uefivars", 1,
         "[{\"name\":\"X\",\"guid\":\"8be4df61-93ca-11d2-aa0d-00e098032b8c\","
         "\"attr\":7,\"data\":\"AQI=\"}]"},
        {"hosts", 3,
         "{\"schema\":1,\"output\":\"{serial}/x.fd\",\"settings\":{\"asset-tag\":"
         "\"{name}\"},\"hosts\":[{\"serial\":\"10000000A0B1C2D3\",\"mac\":"
         "\"DC-A6-32-01-02-03\",\"name\":\"a\"},{\"serial\":\"a0b1c2d4\",\"name\":\"b\","
         "\"settings\":{\"ram-limit\":\"off\"}}]}"},
        {"hosts-csv", 3,
         "serial,mac,name\r\na0b1c2d3,dca632010203,\"a,\"\"b\"\"\"\n1,,\n"},
        {"hosts-semicolon", 3, "\xEF\xBB\xBFserial;name\n0xa0b1c2d3;x\n"},
    };

    save_texts("exchange", texts, sizeof texts / sizeof texts[0]);
    dump_seed();
    folder_seed();
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: fuzz_seeds FOLDER\n", stderr);
        return 2;
    }
    folder = argv[1];
    mkdir(folder, 0777);
    seeds_of_images();
    seeds_of_edits();
    path_seeds();
    text_seeds();
    bytes_seeds();
    exchange_seeds();
    seeds_of_content();
    return 0;
}
