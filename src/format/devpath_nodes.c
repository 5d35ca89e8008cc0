/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The node table: UEFI specification 2.10, 10.3 (bytes) and table 10-67 in 10.6.1.6
 * (text); spelling and number format as edk2's DevicePathToText.c has them.
 * NvdimmAcpiAdr, NVDIMM, RestService and NVMEoF are not in edk2 (it prints them as
 * generic nodes) and follow the specification alone. */
#include "format/devpath_nodes.h"

/* Fields. The comment on enum fw_dp_kind says what each kind is. */
#define HEX(offset, bytes, label)                                                        \
    {                                                                                    \
        .kind = FW_DP_HEX, .off = offset, .size = bytes, .name = label                   \
    }
#define HEX_OR(offset, bytes, value, label)                                              \
    {                                                                                    \
        .kind = FW_DP_HEX, .off = offset, .size = bytes, .optional = true,               \
        .fallback = value, .name = label                                                 \
    }
#define HEXN(offset, bytes, n, label)                                                    \
    {                                                                                    \
        .kind = FW_DP_HEX, .off = offset, .size = bytes, .digits = n, .name = label      \
    }
#define DEC(offset, bytes, label)                                                        \
    {                                                                                    \
        .kind = FW_DP_DEC, .off = offset, .size = bytes, .name = label                   \
    }
#define DEC_OR(offset, bytes, value, label)                                              \
    {                                                                                    \
        .kind = FW_DP_DEC, .off = offset, .size = bytes, .optional = true,               \
        .fallback = value, .name = label                                                 \
    }
#define WORD(offset, bytes, list, label)                                                 \
    {                                                                                    \
        .kind = FW_DP_WORD, .off = offset, .size = bytes, .words = list, .name = label   \
    }
#define WORD_OR(form, offset, bytes, list, value, label)                                 \
    {                                                                                    \
        .kind = form, .off = offset, .size = bytes, .words = list, .optional = true,     \
        .fallback = value, .name = label                                                 \
    }
#define BITS_OR(offset, list, value, label)                                              \
    WORD_OR(FW_DP_BITS, offset, 2, list, value, label)
#define CONST(offset, bytes, value)                                                      \
    {                                                                                    \
        .kind = FW_DP_CONST, .off = offset, .size = bytes, .fallback = value             \
    }
#define OF(form, offset, bytes, label)                                                   \
    {                                                                                    \
        .kind = form, .off = offset, .size = bytes, .name = label                        \
    }
#define OF_OR_NONE(form, offset, bytes, label)                                           \
    {                                                                                    \
        .kind = form, .off = offset, .size = bytes, .optional = true, .name = label      \
    }
#define LIST(list)  .fields = list, .field_count = sizeof list / sizeof(struct fw_dp_field)
#define FIELDS(...) LIST(((const struct fw_dp_field[]){__VA_ARGS__}))

/* Bytes that tell rows of one type apart. */
#define KEY(offset, ...)                                                                 \
    .key_off = offset, .key_size = sizeof((const uint8_t[]){__VA_ARGS__}),               \
    .key = (const uint8_t[])                                                             \
    {                                                                                    \
        __VA_ARGS__                                                                      \
    }
#define KEY_PNP(low, high) KEY(0, 0xd0, 0x41, low, high)
#define GUID_PC_ANSI                                                                     \
    0x53, 0x47, 0xc1, 0xe0, 0xbe, 0xf9, 0xd2, 0x11, 0x9a, 0x0c, 0x00, 0x90, 0x27, 0x3f,  \
        0xc1, 0x4d
#define GUID_VT100                                                                       \
    0x65, 0x60, 0xa6, 0xdf, 0x19, 0xb4, 0xd3, 0x11, 0x9a, 0x2d, 0x00, 0x90, 0x27, 0x3f,  \
        0xc1, 0x4d
#define GUID_VT100_PLUS                                                                  \
    0x0b, 0xc7, 0xae, 0x7b, 0xe0, 0x57, 0x76, 0x4c, 0x8e, 0x87, 0x2f, 0x9e, 0x28, 0x08,  \
        0x83, 0x43
#define GUID_VT_UTF8                                                                     \
    0xd6, 0xa0, 0x15, 0xad, 0xec, 0x8b, 0xcf, 0x4a, 0xa0, 0x73, 0xd0, 0x1d, 0xe7, 0x7e,  \
        0x2d, 0x88
#define GUID_UART_FLOW                                                                   \
    0x9d, 0x9a, 0x49, 0x37, 0x2f, 0x54, 0x89, 0x4c, 0xa0, 0x26, 0x35, 0xda, 0x14, 0x20,  \
        0x94, 0xe4
#define GUID_SAS                                                                         \
    0xb4, 0xdd, 0x87, 0xd4, 0x8b, 0x00, 0xd9, 0x11, 0xaf, 0xdc, 0x00, 0x10, 0x83, 0xff,  \
        0xca, 0x4d
#define GUID_DEBUG_PORT                                                                  \
    0xd2, 0xe8, 0xa4, 0xeb, 0x58, 0x38, 0xec, 0x41, 0xa2, 0x81, 0x26, 0x47, 0xba, 0x96,  \
        0x60, 0xd0
#define GUID_VIRTUAL_DISK                                                                \
    0x5a, 0x53, 0xab, 0x77, 0xfc, 0x45, 0x4b, 0x62, 0x55, 0x60, 0xf7, 0xb2, 0x81, 0xd1,  \
        0xf9, 0x6e
#define GUID_VIRTUAL_CD                                                                  \
    0x30, 0xbd, 0x5a, 0x3d, 0x75, 0x41, 0xce, 0x87, 0x6d, 0x64, 0xd2, 0xad, 0xe5, 0x23,  \
        0xc4, 0xbb
#define GUID_PERSISTENT_DISK                                                             \
    0xc9, 0x02, 0xea, 0x5c, 0x07, 0x4d, 0xd3, 0x69, 0x26, 0x9f, 0x44, 0x96, 0xfb, 0xe0,  \
        0x96, 0xf9
#define GUID_PERSISTENT_CD                                                               \
    0x88, 0x81, 0x01, 0x08, 0xcd, 0x42, 0x48, 0xbb, 0x10, 0x0f, 0x53, 0x87, 0xd5, 0x3d,  \
        0xed, 0x3d

#define WORDS static const struct fw_dp_word
WORDS ata_bus[] = {
    {.text = "Primary", .value = 0}, {.text = "Secondary", .value = 1}, {0}};
WORDS ata_drive[] = {{.text = "Master", .value = 0}, {.text = "Slave", .value = 1}, {0}};
WORDS flow[] = {{.text = "None", .value = 0},
                {.text = "Hardware", .value = 1},
                {.text = "XonXoff", .value = 2},
                {0}};
WORDS ip_protocol[] = {{.text = "TCP", .value = 6}, {.text = "UDP", .value = 17}, {0}};
WORDS ip4_origin[] = {{.text = "DHCP", .value = 0}, {.text = "Static", .value = 1}, {0}};
WORDS ip6_origin[] = {{.text = "Static", .value = 0},
                      {.text = "StatelessAutoConfigure", .value = 1},
                      {.text = "StatefulAutoConfigure", .value = 2},
                      {0}};
/* edk2 prints 0 as DEFAULT but reads DEFAULT as the actual default. */
WORDS baud[] = {{.text = "DEFAULT", .value = 0, .print_only = true},
                {.text = "DEFAULT", .value = 115200, .parse_only = true},
                {0}};
WORDS data_bits[] = {{.text = "DEFAULT", .value = 0, .print_only = true},
                     {.text = "DEFAULT", .value = 8, .parse_only = true},
                     {0}};
WORDS parity[] = {{.text = "D", .value = 0},
                  {.text = "N", .value = 1},
                  {.text = "E", .value = 2},
                  {.text = "O", .value = 3},
                  {.text = "M", .value = 4},
                  {.text = "S", .value = 5},
                  {0}};
WORDS stop_bits[] = {{.text = "D", .value = 0},
                     {.text = "1", .value = 1},
                     {.text = "1.5", .value = 2},
                     {.text = "2", .value = 3},
                     {0}};
/* Login options of iSCSI: bit 1 and 3 digests, 11 no authentication, 12 one-way CHAP. */
WORDS header_digest[] = {
    {.text = "None", .value = 0}, {.text = "CRC32C", .value = 2}, {0}};
WORDS data_digest[] = {{.text = "None", .value = 0}, {.text = "CRC32C", .value = 8}, {0}};
WORDS login[] = {{.text = "None", .value = 0x800},
                 {.text = "CHAP_UNI", .value = 0x1000},
                 {.text = "CHAP_BI", .value = 0},
                 {0}};
WORDS iscsi_protocol[] = {
    {.text = "TCP", .value = 0}, {.text = "reserved", .value = 1}, {0}};
WORDS signature[] = {{.text = "MBR", .value = 1}, {.text = "GPT", .value = 2}, {0}};
WORDS bbs_type[] = {{.text = "Floppy", .value = 1},
                    {.text = "HD", .value = 2},
                    {.text = "CDROM", .value = 3},
                    {.text = "PCMCIA", .value = 4},
                    {.text = "USB", .value = 5},
                    {.text = "Network", .value = 6},
                    {0}};

const struct fw_dp_word *const fw_dp_lists[] = {
    [FW_DP_ATA_BUS] = ata_bus,
    [FW_DP_ATA_DRIVE] = ata_drive,
    [FW_DP_FLOW] = flow,
    [FW_DP_IP_PROTOCOL] = ip_protocol,
    [FW_DP_IP4_ORIGIN] = ip4_origin,
    [FW_DP_IP6_ORIGIN] = ip6_origin,
    [FW_DP_BAUD] = baud,
    [FW_DP_DATA_BITS] = data_bits,
    [FW_DP_PARITY] = parity,
    [FW_DP_STOP_BITS] = stop_bits,
    [FW_DP_HEADER_DIGEST] = header_digest,
    [FW_DP_DATA_DIGEST] = data_digest,
    [FW_DP_LOGIN] = login,
    [FW_DP_ISCSI_PROTOCOL] = iscsi_protocol,
    [FW_DP_SIGNATURE] = signature,
    [FW_DP_BBS_TYPE] = bbs_type,
};

#define SHARED static const struct fw_dp_field
SHARED vendor[] = {OF(FW_DP_GUID, 0, 16, "Guid"), OF_OR_NONE(FW_DP_DATA, 0, 0, "Data")};
SHARED one_guid[] = {OF(FW_DP_GUID, 0, 16, "Guid")};
SHARED uid[] = {HEX_OR(4, 4, 0, "UID")};
SHARED slot[] = {HEX_OR(0, 1, 0, "SlotNumber")};
SHARED usb_class[] = {HEX_OR(0, 2, 0xffff, "VID"), HEX_OR(2, 2, 0xffff, "PID"),
                      HEX_OR(5, 1, 0xff, "SubClass"), HEX_OR(6, 1, 0xff, "Protocol")};
SHARED usb_254[] = {HEX_OR(0, 2, 0xffff, "VID"), HEX_OR(2, 2, 0xffff, "PID"),
                    HEX_OR(6, 1, 0xff, "Protocol")};
SHARED ram_disk[] = {HEX(0, 8, "StartingAddress"), HEX(8, 8, "EndingAddress"),
                     DEC_OR(32, 2, 0, "DiskInstance")};

#define ROW(label, t, s, n) .name = label, .type = t, .subtype = s, .fixed = n
#define USB_CLASS(label, class)                                                          \
    {                                                                                    \
        ROW(label, 3, 15, 7), KEY(4, class), LIST(usb_class)                             \
    }
#define USB_254(label, subclass)                                                         \
    {                                                                                    \
        ROW(label, 3, 15, 7), KEY(4, 254, subclass), LIST(usb_254)                       \
    }
#define TERMINAL(label, ...)                                                             \
    {                                                                                    \
        ROW(label, 3, 10, 16), KEY(0, __VA_ARGS__), .print = FW_DP_PARSE_ONLY            \
    }
#define VIRTUAL(label, ...)                                                              \
    {                                                                                    \
        ROW(label, 4, 9, 34), KEY(16, __VA_ARGS__), LIST(ram_disk)                       \
    }

/* clang-format off: one row per node type */
const struct fw_dp_row fw_dp_rows[] = {
    /* Hardware */
    {ROW("Pci", 1, 1, 2), FIELDS(HEX(1, 1, "Device"), HEX(0, 1, "Function"))},
    {ROW("PcCard", 1, 2, 1), FIELDS(HEX(0, 1, "Function"))},
    {ROW("MemoryMapped", 1, 3, 20),
     FIELDS(HEX(0, 4, "EfiMemoryType"), HEX(4, 8, "StartingAddress"),
            HEX(12, 8, "EndingAddress"))},
    {ROW("VenHw", 1, 4, 16), LIST(vendor)},
    {ROW("Ctrl", 1, 5, 4), FIELDS(HEX(0, 4, "Controller"))},
    {ROW("BMC", 1, 6, 9), FIELDS(HEX(0, 1, "Type"), HEX(1, 8, "Address"))},

    /* ACPI */
    {ROW("PciRoot", 2, 1, 8), KEY_PNP(0x03, 0x0a), LIST(uid)},
    {ROW("PcieRoot", 2, 1, 8), KEY_PNP(0x08, 0x0a), LIST(uid)},
    {ROW("Floppy", 2, 1, 8), KEY_PNP(0x04, 0x06), LIST(uid)},
    {ROW("Keyboard", 2, 1, 8), KEY_PNP(0x01, 0x03), LIST(uid)},
    {ROW("Serial", 2, 1, 8), KEY_PNP(0x01, 0x05), LIST(uid)},
    {ROW("ParallelPort", 2, 1, 8), KEY_PNP(0x01, 0x04), LIST(uid)},
    {ROW("Acpi", 2, 1, 8), FIELDS(OF(FW_DP_HID, 0, 4, "HID"), HEX_OR(4, 4, 0, "UID"))},
    {ROW("AcpiExp", 2, 2, 12), .strings = 3, .print = FW_DP_UID_STRING,
     FIELDS(OF(FW_DP_EISA, 0, 4, "HID"), OF_OR_NONE(FW_DP_EISA0, 8, 4, "CID"),
            OF_OR_NONE(FW_DP_STRING, 1, 0, "UIDSTR"))},
    {ROW("AcpiEx", 2, 2, 12), .strings = 3,
     FIELDS(OF_OR_NONE(FW_DP_EISA, 0, 4, "HID"), OF_OR_NONE(FW_DP_EISA, 8, 4, "CID"),
            HEX_OR(4, 4, 0, "UID"), OF_OR_NONE(FW_DP_STRING, 0, 0, "HIDSTR"),
            OF_OR_NONE(FW_DP_STRING, 2, 0, "CIDSTR"),
            OF_OR_NONE(FW_DP_STRING, 1, 0, "UIDSTR"))},
    {ROW("AcpiAdr", 2, 3, 0), FIELDS(OF(FW_DP_ADRS, 0, 0, "DisplayDevice"))},
    {ROW("NvdimmAcpiAdr", 2, 4, 4), FIELDS(HEX(0, 4, "NFIT Device Handle"))},

    /* Messaging */
    {ROW("Ata", 3, 1, 4), FIELDS(WORD(0, 1, FW_DP_ATA_BUS, "Controller"),
                                 WORD(1, 1, FW_DP_ATA_DRIVE, "Drive"), HEX(2, 2, "LUN"))},
    {ROW("Scsi", 3, 2, 4), FIELDS(HEX(0, 2, "PUN"), HEX(2, 2, "LUN"))},
    {ROW("Fibre", 3, 3, 20), FIELDS(HEX(4, 8, "WWN"), HEX(12, 8, "LUN"))},
    {ROW("FibreEx", 3, 21, 20),
     FIELDS(OF(FW_DP_BE64, 4, 8, "WWN"), OF(FW_DP_BE64, 12, 8, "LUN"))},
    {ROW("I1394", 3, 4, 12), FIELDS(OF(FW_DP_BARE, 4, 8, "GUID"))},
    {ROW("USB", 3, 5, 2), FIELDS(HEX(0, 1, "Port"), HEX(1, 1, "Interface"))},
    {ROW("I2O", 3, 6, 4), FIELDS(HEX(0, 4, "TID"))},
    {ROW("Infiniband", 3, 9, 44),
     FIELDS(HEX(0, 4, "Flags"), OF(FW_DP_GUID, 4, 16, "Guid"), HEX(20, 8, "ServiceId"),
            HEX(28, 8, "TargetId"), HEX(36, 8, "DeviceId"))},
    TERMINAL("VenPcAnsi", GUID_PC_ANSI),
    TERMINAL("VenVt100", GUID_VT100),
    TERMINAL("VenVt100Plus", GUID_VT100_PLUS),
    TERMINAL("VenUtf8", GUID_VT_UTF8),
    TERMINAL("DebugPort", GUID_DEBUG_PORT),
    {ROW("UartFlowCtrl", 3, 10, 20), KEY(0, GUID_UART_FLOW), .print = FW_DP_PARSE_ONLY,
     FIELDS(WORD(16, 4, FW_DP_FLOW, "Value"))},
    {ROW("SAS", 3, 10, 40), KEY(0, GUID_SAS), .print = FW_DP_PARSE_ONLY,
     FIELDS(HEX(20, 8, "Address"), HEX_OR(28, 8, 0, "LUN"), HEX_OR(38, 2, 0, "RTP"),
            OF_OR_NONE(FW_DP_TOPOLOGY, 36, 2, "SASSATA"), HEX_OR(16, 4, 0, "Reserved"))},
    {ROW("VenMsg", 3, 10, 16), LIST(vendor)},
    {ROW("MAC", 3, 11, 33), FIELDS(OF(FW_DP_MAC, 0, 33, "MacAddr"))},
    /* The specification says UDP where no protocol is given, but edk2 shows
     * "IPv4(0.0.0.0)" for the network cards' own paths, in which it is 0, and reads it
     * back as 0. */
    {ROW("IPv4", 3, 12, 23),
     FIELDS(OF(FW_DP_IP4, 4, 4, "RemoteIp"),
            WORD_OR(FW_DP_WORD_OR_HEX, 12, 2, FW_DP_IP_PROTOCOL, 0, "Protocol"),
            WORD_OR(FW_DP_WORD, 14, 1, FW_DP_IP4_ORIGIN, 0, "Type"),
            OF_OR_NONE(FW_DP_IP4, 0, 4, "LocalIp"),
            OF_OR_NONE(FW_DP_IP4, 15, 4, "GatewayIPAddress"),
            OF_OR_NONE(FW_DP_IP4, 19, 4, "SubnetMask"))},
    {ROW("IPv6", 3, 13, 56),
     FIELDS(OF(FW_DP_IP6, 16, 16, "RemoteIp"),
            WORD_OR(FW_DP_WORD_OR_HEX, 36, 2, FW_DP_IP_PROTOCOL, 0, "Protocol"),
            WORD_OR(FW_DP_WORD, 38, 1, FW_DP_IP6_ORIGIN, 2, "IPAddressOrigin"),
            OF_OR_NONE(FW_DP_IP6, 0, 16, "LocalIp"), HEX_OR(39, 1, 0, "PrefixLength"),
            OF_OR_NONE(FW_DP_IP6, 40, 16, "GatewayIPAddress"))},
    {ROW("Uart", 3, 14, 15),
     FIELDS(WORD_OR(FW_DP_WORD_OR_DEC, 4, 8, FW_DP_BAUD, 115200, "Baud"),
            WORD_OR(FW_DP_WORD_OR_DEC, 12, 1, FW_DP_DATA_BITS, 8, "DataBits"),
            WORD_OR(FW_DP_WORD, 13, 1, FW_DP_PARITY, 0, "Parity"),
            WORD_OR(FW_DP_WORD, 14, 1, FW_DP_STOP_BITS, 0, "StopBits"))},
    USB_CLASS("UsbAudio", 1),
    USB_CLASS("UsbCDCControl", 2),
    USB_CLASS("UsbHID", 3),
    USB_CLASS("UsbImage", 6),
    USB_CLASS("UsbPrinter", 7),
    USB_CLASS("UsbMassStorage", 8),
    USB_CLASS("UsbHub", 9),
    USB_CLASS("UsbCDCData", 10),
    USB_CLASS("UsbSmartCard", 11),
    USB_CLASS("UsbVideo", 14),
    USB_CLASS("UsbDiagnostic", 220),
    USB_CLASS("UsbWireless", 224),
    USB_254("UsbDeviceFirmwareUpdate", 1),
    USB_254("UsbIrdaBridge", 2),
    USB_254("UsbTestAndMeasurement", 3),
    {ROW("UsbClass", 3, 15, 7),
     FIELDS(HEX_OR(0, 2, 0xffff, "VID"), HEX_OR(2, 2, 0xffff, "PID"),
            HEX_OR(4, 1, 0xff, "Class"), HEX_OR(5, 1, 0xff, "SubClass"),
            HEX_OR(6, 1, 0xff, "Protocol"))},
    {ROW("UsbWwid", 3, 16, 6),
     FIELDS(HEX(2, 2, "VID"), HEX(4, 2, "PID"), HEX(0, 2, "InterfaceNumber"),
            OF_OR_NONE(FW_DP_SERIAL, 0, 0, "WWID"))},
    {ROW("Unit", 3, 17, 1), FIELDS(HEX(0, 1, "LUN"))},
    {ROW("Sata", 3, 18, 6),
     FIELDS(HEX(0, 2, "HPN"), HEX_OR(2, 2, 0xffff, "PMPN"), HEX(4, 2, "LUN"))},
    {ROW("iSCSI", 3, 19, 14), .strings = 1,
     FIELDS(OF(FW_DP_STRING, 0, 0, "TargetName"), HEX(12, 2, "PortalGroup"),
            OF(FW_DP_BE64, 4, 8, "LUN"),
            BITS_OR(2, FW_DP_HEADER_DIGEST, 0, "HeaderDigest"),
            BITS_OR(2, FW_DP_DATA_DIGEST, 0, "DataDigest"),
            BITS_OR(2, FW_DP_LOGIN, 0x800, "Authentication"),
            WORD_OR(FW_DP_WORD, 0, 2, FW_DP_ISCSI_PROTOCOL, 0, "Protocol"))},
    {ROW("Vlan", 3, 20, 2), FIELDS(DEC(0, 2, "VlanId"))},
    {ROW("SasEx", 3, 22, 20),
     FIELDS(OF(FW_DP_BE64, 0, 8, "Address"), OF_OR_NONE(FW_DP_BE64, 8, 8, "LUN"),
            HEX_OR(18, 2, 0, "RTP"), OF_OR_NONE(FW_DP_TOPOLOGY, 16, 2, "SASSATA"))},
    {ROW("NVMe", 3, 23, 12), FIELDS(HEX(0, 4, "NSID"), OF(FW_DP_EUI64, 4, 8, "EUI"))},
    {ROW("Uri", 3, 24, 0), FIELDS(OF_OR_NONE(FW_DP_URI, 0, 0, "Uri"))},
    {ROW("UFS", 3, 25, 2), FIELDS(HEX(0, 1, "PUN"), HEX(1, 1, "LUN"))},
    {ROW("SD", 3, 26, 1), LIST(slot)},
    {ROW("Bluetooth", 3, 27, 6), FIELDS(OF(FW_DP_BYTES, 0, 6, "BD_ADDR"))},
    {ROW("Wi-Fi", 3, 28, 32), FIELDS(OF(FW_DP_SSID, 0, 32, "SSID"))},
    {ROW("eMMC", 3, 29, 1), LIST(slot)},
    {ROW("BluetoothLE", 3, 30, 7),
     FIELDS(OF(FW_DP_BYTES, 0, 6, "BD_ADDR"), HEXN(6, 1, 2, "AddressType"))},
    {ROW("Dns", 3, 31, 1), FIELDS(OF_OR_NONE(FW_DP_DNS, 0, 1, "DnsServerIp"))},
    {ROW("NVDIMM", 3, 32, 16), FIELDS(OF(FW_DP_GUID, 0, 16, "UUID"))},
    {ROW("RestService", 3, 33, 18), KEY(0, 0xff),
     FIELDS(HEX(0, 1, "RestExServiceType"), HEX(1, 1, "AccessMode"),
            OF(FW_DP_GUID, 2, 16, "VendorRestServiceGuid"),
            OF_OR_NONE(FW_DP_DATA, 0, 0, "VendorDefinedData"))},
    {ROW("RestService", 3, 33, 2),
     FIELDS(HEX(0, 1, "RestExServiceType"), HEX(1, 1, "AccessMode"))},
    {ROW("NVMEoF", 3, 34, 17), .strings = 1,
     FIELDS(OF(FW_DP_STRING, 0, 0, "SubsystemNQN"), OF(FW_DP_NID, 0, 17, "NID"))},

    /* Media */
    {ROW("HD", 4, 1, 38), KEY(37, 1),
     FIELDS(DEC_OR(0, 4, 0, "Partition"), WORD(37, 1, FW_DP_SIGNATURE, "Type"),
            CONST(36, 1, 1), HEXN(20, 4, 8, "Signature"), HEX_OR(4, 8, 0, "Start"),
            HEX_OR(12, 8, 0, "Size"))},
    {ROW("HD", 4, 1, 38), KEY(37, 2),
     FIELDS(DEC_OR(0, 4, 0, "Partition"),
            WORD_OR(FW_DP_WORD, 37, 1, FW_DP_SIGNATURE, 2, "Type"), CONST(36, 1, 2),
            OF(FW_DP_GUID, 20, 16, "Signature"), HEX_OR(4, 8, 0, "Start"),
            HEX_OR(12, 8, 0, "Size"))},
    {ROW("HD", 4, 1, 38), FIELDS(DEC_OR(0, 4, 0, "Partition"), DEC(37, 1, "Type"),
                                 OF_OR_NONE(FW_DP_ZERO, 0, 0, "Signature"),
                                 HEX_OR(4, 8, 0, "Start"), HEX_OR(12, 8, 0, "Size"))},
    {ROW("CDROM", 4, 2, 20),
     FIELDS(HEX_OR(0, 4, 0, "Entry"), HEX(4, 8, "Start"), HEX(12, 8, "Size"))},
    {ROW("VenMedia", 4, 3, 16), LIST(vendor)},
    {ROW("Media", 4, 5, 16), LIST(one_guid)},
    {ROW("FvFile", 4, 6, 16), LIST(one_guid)},
    {ROW("Fv", 4, 7, 16), LIST(one_guid)},
    {ROW("Offset", 4, 8, 20),
     FIELDS(HEX(4, 8, "StartingOffset"), HEX(12, 8, "EndingOffset"))},
    VIRTUAL("VirtualDisk", GUID_VIRTUAL_DISK),
    VIRTUAL("VirtualCD", GUID_VIRTUAL_CD),
    VIRTUAL("PersistentVirtualDisk", GUID_PERSISTENT_DISK),
    VIRTUAL("PersistentVirtualCD", GUID_PERSISTENT_CD),
    {ROW("RamDisk", 4, 9, 34),
     FIELDS(HEX(0, 8, "StartingAddress"), HEX(8, 8, "EndingAddress"),
            DEC_OR(32, 2, 0, "DiskInstance"), OF(FW_DP_GUID, 16, 16, "DiskTypeGuid"))},

    /* BIOS boot specification */
    {ROW("BBS", 5, 1, 4), .strings = 1,
     FIELDS({.kind = FW_DP_WORD_OR_HEX,
             .off = 0,
             .size = 2,
             .words = FW_DP_BBS_TYPE,
             .name = "Type"},
            OF_OR_NONE(FW_DP_STRING, 0, 0, "Id"), HEX_OR(2, 2, 0, "Flags"))},
};
/* clang-format on */
const size_t fw_dp_row_count = sizeof fw_dp_rows / sizeof fw_dp_rows[0];

const struct fw_dp_generic fw_dp_generics[] = {
    {"Path", 0}, {"HardwarePath", 1}, {"AcpiPath", 2},
    {"Msg", 3},  {"MediaPath", 4},    {"BbsPath", 5},
};
const size_t fw_dp_generic_count = sizeof fw_dp_generics / sizeof fw_dp_generics[0];
