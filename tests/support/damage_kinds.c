/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The kinds of damage: data only. Each has a folder in fixtures/damaged. */
#include "damage.h"

#define SAVED "rpi4-2m-saved"
#define STOCK "rpi4-2m-stock"
#define PI4M  "rpi4-4m-stock"
#define OVMF  "ovmf-2m-vars"
#define KEYS  "ovmf-4m-keys"
#define AAVMF "aavmf-vars"
#define PLAIN "plain-store"

#define BDP   "5b6f7107-bb3c-4660-92cd-542690280bbd"
#define OTHER "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"

/* Positions in a volume header and in an authenticated record. */
enum {
    FV_GUID = 0x10,
    FV_LENGTH = 0x20,
    FV_SIGNATURE = 0x28,
    FV_ATTRIBUTES = 0x2C,
    FV_HEADER_LENGTH = 0x30,
    FV_CHECKSUM = 0x32,
    FV_EXT_HEADER = 0x34,
    FV_REVISION = 0x37,
    FV_BLOCKS = 0x38,
    STORE_SIZE = 0x10,
    STORE_FORMAT = 0x14,
    STORE_STATE = 0x15,
    STATE = 2,
    RESERVED = 3,
    ATTRIBUTES = 4,
    COUNT = 8,
    TIME = 16,
    PUBKEY = 32,
    NAME_SIZE = 36,
    DATA_SIZE = 40,
    NAME = 60,
    EVENT_LOG = 0xE000,
    FTW = 0xF000,
    SPARE = 0x10000
};

#define VOLUME(at, hex)                                                                  \
    {                                                                                    \
        DAMAGE_VOLUME, at, 0, 0, hex, 0                                                  \
    }
#define STORE(at, hex)                                                                   \
    {                                                                                    \
        DAMAGE_STORE, at, 0, 0, hex, 0                                                   \
    }
#define RECORD(name, at, hex)                                                            \
    {                                                                                    \
        DAMAGE_RECORD, at, name, 0, hex, 0                                               \
    }
#define INDEX(n, at, hex)                                                                \
    {                                                                                    \
        DAMAGE_INDEX, at, 0, 0, hex, n                                                   \
    }
#define BEHIND(at, hex)                                                                  \
    {                                                                                    \
        DAMAGE_BEHIND, at, 0, 0, hex, 0                                                  \
    }
#define SUM                                                                              \
    {                                                                                    \
        DAMAGE_SUM, 0, 0, 0, 0, 0                                                        \
    }
#define FILL(at, n, value)                                                               \
    {                                                                                    \
        DAMAGE_FILL, at, 0, 0, value, n                                                  \
    }
#define CUT(at)                                                                          \
    {                                                                                    \
        DAMAGE_CUT, at, 0, 0, 0, 0                                                       \
    }
#define CUT_IN(name, at)                                                                 \
    {                                                                                    \
        DAMAGE_CUT_IN, at, name, 0, 0, 0                                                 \
    }
#define APPEND(n)                                                                        \
    {                                                                                    \
        DAMAGE_APPEND, 0, 0, 0, 0, n                                                     \
    }
#define SHIFT(n)                                                                         \
    {                                                                                    \
        DAMAGE_SHIFT, 0, 0, 0, 0, n                                                      \
    }
#define ONLY(hex)                                                                        \
    {                                                                                    \
        DAMAGE_ONLY, 0, 0, 0, hex, 0                                                     \
    }
#define SET(attributes, guid, name, hex)                                                 \
    {                                                                                    \
        DAMAGE_SET, attributes, name, guid, hex, 0                                       \
    }
#define ADD(attributes, guid, name, hex, state)                                          \
    {                                                                                    \
        DAMAGE_ADD, attributes, name, guid, hex, state                                   \
    }
#define SIZED(attributes, guid, name, n)                                                 \
    {                                                                                    \
        DAMAGE_SIZED, attributes, name, guid, 0, n                                       \
    }
#define DELETE(guid, name)                                                               \
    {                                                                                    \
        DAMAGE_DELETE, 0, name, guid, 0, 0                                               \
    }
#define LIVE(n)                                                                          \
    {                                                                                    \
        DAMAGE_LIVE, 0, 0, 0, 0, n                                                       \
    }
#define DEAD(n)                                                                          \
    {                                                                                    \
        DAMAGE_DEAD, 0, 0, 0, 0, n                                                       \
    }
#define INSERT(name, n)                                                                  \
    {                                                                                    \
        DAMAGE_INSERT, 0, name, 0, 0, n                                                  \
    }
#define COPY(to)                                                                         \
    {                                                                                    \
        DAMAGE_COPY, to, 0, 0, 0, 0                                                      \
    }
#define PENDING                                                                          \
    {                                                                                    \
        DAMAGE_PENDING, 0, 0, 0, 0, 0                                                    \
    }

/* A load option "H" for the file \a.ef on any disk, and its parts. */
#define ACTIVE  "01000000"
#define LABEL   "48000000"
#define FILE_EF "040410005c0061002e00650066000000"
#define END     "7fff0400"
#define OPTION  ACTIVE "1400" LABEL FILE_EF END

/* BootOrder of the saved image with more behind it. */
#define ORDER "00000100020003000400050006000700"

const struct damage damages[] = {
    /* ---- volume header ---- */
    {"fv-checksum", SAVED, {VOLUME(FV_CHECKSUM, "1a")}},
    {"fv-signature", SAVED, {VOLUME(FV_SIGNATURE, "00000000")}},
    {"fv-guid", SAVED, {VOLUME(FV_GUID, "00"), SUM}},
    {"fv-length-zero", SAVED, {VOLUME(FV_LENGTH, "0000000000000000"), SUM}},
    {"fv-length-huge", SAVED, {VOLUME(FV_LENGTH, "00f0ffff00000000"), SUM}},
    {"fv-length-half", SAVED, {VOLUME(FV_LENGTH, "000001"), SUM}},
    {"fv-revision", SAVED, {VOLUME(FV_REVISION, "01"), SUM}},
    {"fv-header-length-odd", SAVED, {VOLUME(FV_HEADER_LENGTH, "4900")}},
    {"fv-header-length-zero", SAVED, {VOLUME(FV_HEADER_LENGTH, "0000"), SUM}},
    {"fv-header-length-huge", SAVED, {VOLUME(FV_HEADER_LENGTH, "feff"), SUM}},
    {"fv-block-size", SAVED, {VOLUME(FV_BLOCKS, "2000000000200000"), SUM}},
    {"fv-block-map-open", SAVED, {VOLUME(FV_BLOCKS + 8, "01"), SUM}},
    {"fv-attributes", SAVED, {VOLUME(FV_ATTRIBUTES, "00000000"), SUM}},
    {"fv-ext-header", SAVED, {VOLUME(FV_EXT_HEADER, "6000"), SUM}},
    {"fv-zero-vector", SAVED, {VOLUME(0, "01"), SUM}},
    {"fv-erased", SAVED, {FILL(0, 0x48, "ff")}},
    {"fv-zeroed", SAVED, {FILL(0, 0x48, "00")}},
    {"headers-erased", SAVED, {FILL(0, 0x64, "ff")}},
    {"headers-zeroed", SAVED, {FILL(0, 0x64, "00")}},
    {"volume-erased", SAVED, {FILL(0, 0x20000, "ff")}},
    {"volume-zeroed", SAVED, {FILL(0, 0x20000, "00")}},
    {"fv-erased-4m", PI4M, {FILL(0, 0x48, "ff")}},
    {"fv-length-half-ovmf", OVMF, {VOLUME(FV_LENGTH, "000001"), SUM}},
    {"fv-length-half-aavmf", AAVMF, {VOLUME(FV_LENGTH, "000006"), SUM}},
    {"fv-block-size-ovmf", OVMF, {VOLUME(FV_BLOCKS, "2000000000200000"), SUM}},

    /* ---- store header ---- */
    {"store-guid", SAVED, {STORE(0, "00")}},
    {"store-guid-plain",
     SAVED,
     {STORE(0, "1636cfdd75326441"
               "98b6fe85707ffe7d")}},
    {"store-guid-auth",
     PLAIN,
     {STORE(0, "782cf3aa7b949a43"
               "a1802e144ec37792")}},
    {"store-size-plus-4", SAVED, {STORE(STORE_SIZE, "bcdf")}},
    {"store-size-minus-4", SAVED, {STORE(STORE_SIZE, "b4df")}},
    {"store-size-zero", SAVED, {STORE(STORE_SIZE, "00000000")}},
    {"store-size-0x200", SAVED, {STORE(STORE_SIZE, "00020000")}},
    {"store-size-huge", SAVED, {STORE(STORE_SIZE, "ffffff7f")}},
    {"store-format", SAVED, {STORE(STORE_FORMAT, "00")}},
    {"store-state", SAVED, {STORE(STORE_STATE, "fc")}},
    {"store-erased", SAVED, {FILL(0x48, 28, "ff")}},
    {"store-size-minus-4-aavmf", AAVMF, {STORE(STORE_SIZE, "b4ff0300")}},

    /* ---- the chain ---- */
    {"start-first", SAVED, {INDEX(0, 0, "0000")}},
    {"start-11", SAVED, {INDEX(11, 0, "0000")}},
    {"start-last", SAVED, {INDEX(81, 0, "abab")}},
    {"state-ff-first", SAVED, {INDEX(0, STATE, "ff")}},
    {"state-ff-middle", SAVED, {RECORD("AssetTag", STATE, "ff")}},
    {"state-7f", SAVED, {RECORD("AssetTag", STATE, "7f")}},
    {"state-3e", SAVED, {RECORD("AssetTag", STATE, "3e")}},
    {"state-3d", SAVED, {RECORD("AssetTag", STATE, "3d")}},
    {"state-3c", SAVED, {RECORD("AssetTag", STATE, "3c")}},
    {"state-00", SAVED, {RECORD("AssetTag", STATE, "00")}},
    {"state-1f", SAVED, {RECORD("AssetTag", STATE, "1f")}},
    {"state-3f-again", SAVED, {INDEX(9, STATE, "3f")}},
    {"name-size-huge", SAVED, {RECORD("CpuClock", NAME_SIZE, "00000010")}},
    {"name-size-ones", SAVED, {RECORD("CpuClock", NAME_SIZE, "ffffffff")}},
    {"data-size-0x10000", SAVED, {RECORD("CpuClock", DATA_SIZE, "00000100")}},
    {"data-size-huge", SAVED, {RECORD("CpuClock", DATA_SIZE, "ffffff7f")}},
    {"data-size-ones", SAVED, {RECORD("CpuClock", DATA_SIZE, "ffffffff")}},
    {"data-size-swallows", SAVED, {RECORD("CpuClock", DATA_SIZE, "c6000000")}},
    {"attributes-ones", SAVED, {RECORD("CpuClock", ATTRIBUTES, "ffffffff")}},
    {"record-unaligned", SAVED, {INSERT("CpuClock", 2)}},
    {"record-gap", SAVED, {INSERT("CpuClock", 8)}},
    {"start-11-ovmf",
     OVMF,
     {SET(7, IG_GLOBAL, "Timeout", "0500"), SET(7, IG_GLOBAL, "Lang", "656e6700"),
      INDEX(0, 0, "0000")}},
    {"state-ff-aavmf",
     AAVMF,
     {SET(7, IG_GLOBAL, "Timeout", "0500"), SET(7, IG_GLOBAL, "Lang", "656e6700"),
      INDEX(0, STATE, "ff")}},
    {"data-size-ones-aavmf",
     AAVMF,
     {SET(7, IG_GLOBAL, "Timeout", "0500"), INDEX(0, DATA_SIZE, "ffffffff")}},
    {"data-size-huge-ovmf",
     OVMF,
     {SET(7, IG_GLOBAL, "Timeout", "0500"), INDEX(0, DATA_SIZE, "00000100")}},

    /* ---- names and fields ---- */
    {"name-no-nul", SAVED, {RECORD("FanTemp", NAME + 14, "7800")}},
    {"name-odd", SAVED, {RECORD("FanTemp", NAME_SIZE, "0f00000005000000")}},
    {"name-empty", SAVED, {RECORD("FanTemp", NAME_SIZE, "0000000014000000")}},
    {"name-inner-nul", SAVED, {RECORD("FanTemp", NAME + 4, "0000")}},
    {"name-surrogate",
     SAVED,
     {ADD(3, OTHER, "Lone?", "01", 0), RECORD("Lone?", NAME + 8, "00d8")}},
    {"name-control",
     SAVED,
     {ADD(0x43, OTHER, "Red?[31m", "01", 0), RECORD("Red?[31m", NAME + 6, "1b00")}},
    {"name-odd-aavmf",
     AAVMF,
     {SET(7, IG_GLOBAL, "Timeout", "050000"), INDEX(0, NAME_SIZE, "1100000002000000")}},
    {"state-00-aavmf",
     AAVMF,
     {SET(7, IG_GLOBAL, "Timeout", "0500"), INDEX(0, STATE, "00")}},
    {"reserved-byte", SAVED, {RECORD("CpuClock", RESERVED, "5a")}},
    {"monotonic-count", SAVED, {RECORD("CpuClock", COUNT, "01")}},
    {"pubkey-index", SAVED, {RECORD("CpuClock", PUBKEY, "07")}},
    {"time-unused", SAVED, {RECORD("CpuClock", TIME, "e9070203")}},
    {"time-month-zero", KEYS, {RECORD("dbx", TIME, "ea0700")}},
    {"time-ones", KEYS, {RECORD("db", TIME, "ffffffffffffffffffffffffffffffff")}},
    {"attributes-no-nv", SAVED, {RECORD("Attempt 1", ATTRIBUTES, "02")}},
    {"attributes-rt-alone", SAVED, {RECORD("Attempt 1", ATTRIBUTES, "05")}},
    {"attributes-append", SAVED, {RECORD("Attempt 1", ATTRIBUTES, "43")}},
    {"attributes-unknown", SAVED, {RECORD("Attempt 1", ATTRIBUTES, "03000080")}},
    {"attributes-boot-order", SAVED, {RECORD("BootOrder", ATTRIBUTES, "03")}},

    /* ---- twice the same ---- */
    {"duplicate", SAVED, {ADD(7, IG_CONFIG, "CpuClock", "02000000", 0)}},
    {"duplicate-same", SAVED, {ADD(7, IG_CONFIG, "CpuClock", "01000000", 0)}},
    {"duplicate-three",
     SAVED,
     {ADD(7, IG_CONFIG, "CpuClock", "02000000", 0),
      ADD(7, IG_CONFIG, "CpuClock", "03000000", 0)}},
    {"duplicate-plain", PLAIN, {ADD(7, IG_GLOBAL, "Timeout", "0400", 0)}},
    {"twin-after", SAVED, {ADD(7, IG_CONFIG, "CpuClock", "02000000", 0x3e)}},
    {"twin-before", SAVED, {INDEX(9, STATE, "3e")}},
    {"twins-alone",
     SAVED,
     {ADD(3, OTHER, "Twice", "01", 0x3e), ADD(3, OTHER, "Twice", "02", 0x3e)}},

    /* ---- known variables ---- */
    {"size-setting", SAVED, {SET(7, IG_CONFIG, "CpuClock", "0100")}},
    {"size-asset-tag", SAVED, {SET(7, IG_CONFIG, "AssetTag", "41000000")}},
    {"size-timeout", SAVED, {SET(7, IG_GLOBAL, "Timeout", "05000000")}},
    {"size-boot-next", SAVED, {SET(7, IG_GLOBAL, "BootNext", "000000")}},
    {"too-large", SAVED, {SIZED(3, OTHER, "Large", 0x2000)}},
    {"too-large-auth", SAVED, {SIZED(0x27, OTHER, "Large", 0x2000)}},
    {"too-large-aavmf", AAVMF, {SIZED(3, OTHER, "Large", 0x2000)}},
    {"console-path", SAVED, {SET(7, IG_GLOBAL, "ConOut", "0104")}},
    {"ram-more-alone", STOCK, {SET(7, IG_CONFIG, "RamMoreThan3GB", "01000000")}},
    {"wrong-guid", STOCK, {SET(7, IG_GLOBAL, "RamLimitTo3GB", "00000000")}},
    {"wrong-capitals", STOCK, {SET(7, IG_CONFIG, "ramLimitTo3GB", "00000000")}},

    /* ---- the boot menu ---- */
    {"boot00ff-one-byte", SAVED, {SET(7, IG_GLOBAL, "Boot00FF", "00")}},
    {"boot-no-path",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0008", ACTIVE "0000" LABEL),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0800")}},
    {"boot-endless-path",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0008", ACTIVE "0800" LABEL "04040000" END),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0800")}},
    {"boot-no-end",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0008", ACTIVE "1000" LABEL FILE_EF),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0800")}},
    {"boot-path-overrun",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0008", ACTIVE "ffff" LABEL FILE_EF END),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0800")}},
    {"boot-open-label",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0008",
          ACTIVE "1400"
                 "4800490050005100"),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0800")}},
    {"boot-path-extra",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0008", ACTIVE "1600" LABEL FILE_EF END "abcd"),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0800")}},
    {"boot-inactive",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0008",
          "00000000"
          "1400" LABEL FILE_EF END),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0800")}},
    {"boot-order-odd", SAVED, {SET(7, IG_GLOBAL, "BootOrder", ORDER "00")}},
    {"boot-order-repeats", SAVED, {SET(7, IG_GLOBAL, "BootOrder", ORDER "00000300")}},
    {"boot-order-dangling", SAVED, {SET(7, IG_GLOBAL, "BootOrder", ORDER "34120900")}},
    {"boot-order-gap",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot0010", OPTION),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "1000")}},
    {"boot-order-missing", SAVED, {DELETE(IG_GLOBAL, "BootOrder")}},
    {"boot-orphan", SAVED, {SET(7, IG_GLOBAL, "Boot0008", OPTION)}},
    {"boot-lower-case",
     SAVED,
     {SET(7, IG_GLOBAL, "Boot000a", OPTION),
      SET(7, IG_GLOBAL, "BootOrder", ORDER "0a00")}},
    {"boot-next", SAVED, {SET(7, IG_GLOBAL, "BootNext", "0400")}},
    {"boot-next-dangling", SAVED, {SET(7, IG_GLOBAL, "BootNext", "9900")}},
    {"boot-next-only",
     STOCK,
     {SET(7, IG_GLOBAL, "BootNext", "9900"), SET(7, IG_GLOBAL, "Boot0099", OPTION)}},
    {"driver-order-dangling", OVMF, {SET(7, IG_GLOBAL, "DriverOrder", "0300")}},
    {"driver-option", OVMF, {SET(7, IG_GLOBAL, "Driver0003", "0100")}},
    {"key-crc", SAVED, {RECORD("Key0000", NAME + 16 + 4, "00000000")}},
    {"key-size", SAVED, {SET(7, IG_GLOBAL, "Key0002", "0000004000")}},
    {"key-dangling",
     SAVED,
     {SET(7, IG_GLOBAL, "Key0002",
          "00000040"
          "00000000"
          "7700"
          "0c000000")}},
    {"host-specific", SAVED, {SET(3, BDP, "BootDiscoveryPolicyOld", "02000000")}},

    /* ---- space ---- */
    {"junk-after-records", SAVED, {BEHIND(0x40, "00")}},
    {"junk-at-end", SAVED, {VOLUME(EVENT_LOG - 1, "fe")}},
    {"junk-record", SAVED, {ADD(3, OTHER, "Behind", "01", 0), RECORD("MTC", 0, "0000")}},
    {"junk-ovmf", OVMF, {BEHIND(0x100, "00")}},
    {"full", SAVED, {LIVE(0)}},
    {"full-of-dead", SAVED, {DEAD(0)}},
    {"dead-leave-10600", SAVED, {DEAD(10600 - 10600 % 4)}},
    {"dead-leave-floor", SAVED, {DEAD(0x2800)}},
    {"dead-leave-margin", SAVED, {DEAD(0x3800)}},
    {"dead-leave-first-boot", STOCK, {DEAD(0x3800)}},
    {"live-leave-first-boot", STOCK, {LIVE(0x3800)}},
    {"live-leave-9000", SAVED, {LIVE(9000)}},
    {"live-leave-4000", SAVED, {LIVE(4000)}},
    {"dead-ovmf", OVMF, {DEAD(4000)}},
    {"live-ovmf", OVMF, {LIVE(4000)}},

    /* ---- behind the variables ---- */
    {"event-log", SAVED, {VOLUME(EVENT_LOG + 0x10, "00")}},
    {"ftw-erased", SAVED, {FILL(FTW, 0x1000, "ff")}},
    {"ftw-zeroed", SAVED, {FILL(FTW, 0x1000, "00")}},
    {"ftw-crc", SAVED, {VOLUME(FTW + 16, "00000000")}},
    {"ftw-state", SAVED, {VOLUME(FTW + 20, "fc")}},
    {"ftw-queue-huge", SAVED, {VOLUME(FTW + 24, "ffffffffffffff7f")}},
    {"ftw-spare-junk", SAVED, {VOLUME(SPARE + 0x123, "00")}},
    {"ftw-pending", SAVED, {PENDING}},

    /* ---- the file ---- */
    {"cut-volume-header", SAVED, {CUT(0x30)}},
    {"cut-store-header", SAVED, {CUT(0x50)}},
    {"cut-record-header", SAVED, {CUT_IN("CpuClock", 20)}},
    {"cut-name", SAVED, {CUT_IN("CpuClock", 65)}},
    {"cut-data", SAVED, {CUT_IN("CpuClock", 80)}},
    {"cut-free-space", SAVED, {CUT(0x8000)}},
    {"cut-event-log", SAVED, {CUT(EVENT_LOG + 0x80)}},
    {"cut-spare", SAVED, {CUT(0x1FFFF)}},
    {"cut-before-volume", SAVED, {CUT(0)}},
    {"file-too-long", SAVED, {APPEND(0x1000)}},
    {"file-shifted", SAVED, {SHIFT(512)}},
    {"two-volumes", SAVED, {COPY(0x100000)}},
    {"empty-file", STOCK, {ONLY("")}},
    {"one-byte", STOCK, {ONLY("aa")}},
    {"zip", STOCK, {ONLY("504b0304140000000800")}},
    {NULL, NULL, {{DAMAGE_END, 0, 0, 0, 0, 0}}},
};
