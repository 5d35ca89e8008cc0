/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Device path nodes as data. Each node type is one row that says how its bytes lie and
 * how its text is written; the printer and the parser both run over the same row. */
#ifndef FW_FORMAT_DEVPATH_NODES_H
#define FW_FORMAT_DEVPATH_NODES_H

#include <fwvar/devpath.h>

#include "base/bytes.h"

#define FW_DP_HEADER      4
#define FW_DP_FIXED_MAX   64 /* the longest fixed part is IPv6's, 56 bytes */
#define FW_DP_STRINGS_MAX 3  /* AcpiEx has three */
#define FW_DP_TYPE_MEDIA  4
#define FW_DP_TYPE_END    0x7f
#define FW_DP_FILE_PATH   4    /* of the media type */
#define FW_DP_END_ENTIRE  0xff /* of the end type */
#define FW_DP_END_ONE     0x01

/* How a field is written. Offsets count from the byte after the node header. */
enum fw_dp_kind {
    FW_DP_HEX,  /* little-endian number as 0x…, at least `digits` digits */
    FW_DP_DEC,  /* the same in decimal */
    FW_DP_BARE, /* the same as hex digits without 0x */
    FW_DP_BE64, /* eight bytes, first byte first, after 0x */
    FW_DP_WORD, /* a keyword; a number is read too, but never printed */
    FW_DP_WORD_OR_HEX,
    FW_DP_WORD_OR_DEC,
    FW_DP_BITS,  /* a keyword for some bits of a 16-bit word: all that its list has */
    FW_DP_CONST, /* bytes that the text implies: written when read, not printed */
    FW_DP_ZERO,  /* the literal 0, without bytes of its own */
    FW_DP_GUID,
    FW_DP_EISA,  /* compressed EISA identifier: PNP0A03 */
    FW_DP_EISA0, /* the same, but zero is printed as 0 */
    FW_DP_HID,   /* the same, but other makers than PNP are printed as a number */
    FW_DP_IP4,
    FW_DP_IP6,
    FW_DP_BYTES,    /* `size` bytes as hex digits */
    FW_DP_EUI64,    /* eight bytes, last one first, between dashes */
    FW_DP_MAC,      /* two arguments: 32 bytes of address, interface type */
    FW_DP_TOPOLOGY, /* four arguments in one SAS topology word */
    FW_DP_NID,      /* NVMe-oF namespace identifier: type and 16 bytes */
    FW_DP_SSID,     /* text in 32 bytes, zero-padded */
    FW_DP_STRING,   /* NUL-terminated text number `off` behind the fixed part */
    FW_DP_URI,      /* text to the end of the node */
    FW_DP_SERIAL,   /* UTF-16 in quotes to the end of the node */
    FW_DP_DATA,     /* hex digits to the end of the node */
    FW_DP_ADRS,     /* 32-bit numbers to the end of the node, at least one */
    FW_DP_DNS,      /* IP addresses to the end of the node */
    FW_DP_KINDS
};

struct fw_dp_word {
    const char *text; /* NULL ends a list */
    uint32_t value;
    bool print_only; /* the parser takes this word for something else */
    bool parse_only;
};

/* Lists of keywords. */
enum fw_dp_list {
    FW_DP_ATA_BUS,
    FW_DP_ATA_DRIVE,
    FW_DP_FLOW,
    FW_DP_IP_PROTOCOL,
    FW_DP_IP4_ORIGIN,
    FW_DP_IP6_ORIGIN,
    FW_DP_BAUD,
    FW_DP_DATA_BITS,
    FW_DP_PARITY,
    FW_DP_STOP_BITS,
    FW_DP_HEADER_DIGEST,
    FW_DP_DATA_DIGEST,
    FW_DP_LOGIN,
    FW_DP_ISCSI_PROTOCOL,
    FW_DP_SIGNATURE,
    FW_DP_BBS_TYPE
};
extern const struct fw_dp_word *const fw_dp_lists[];
/* All bits that a list has. */
uint32_t fw_dp_bits(const struct fw_dp_word *words);

/* Small, because there are two hundred. */
struct fw_dp_field {
    const char *name; /* the specification's name of the argument */
    uint8_t kind;
    uint8_t off;
    uint8_t size;
    uint8_t digits : 7;
    bool optional : 1;
    uint32_t fallback : 24; /* of an optional field that is left out; value of a constant */
    uint32_t words : 8;     /* enum fw_dp_list */
};

/* When a row is printed. */
enum fw_dp_print {
    FW_DP_ALWAYS,
    FW_DP_PARSE_ONLY, /* never: a shortcut, printed as the general form */
    FW_DP_UID_STRING  /* if of the three texts only the second says something */
};

struct fw_dp_row {
    const char *name;
    uint8_t type;
    uint8_t subtype;
    uint8_t fixed;   /* bytes after the header, before any text or list */
    uint8_t strings; /* NUL-terminated texts behind them */
    uint8_t print;   /* enum fw_dp_print */
    uint8_t key_off;  /* bytes that tell this row from others of its type … */
    uint8_t key_size; /* … 0 if none */
    uint8_t field_count;
    const uint8_t *key;
    const struct fw_dp_field *fields;
};

/* Rows of one type and subtype stand in the order in which they are tried. */
extern const struct fw_dp_row fw_dp_rows[];
extern const size_t fw_dp_row_count;

/* `Path(type,subtype,hex)` and its short forms, which name the type. */
struct fw_dp_generic {
    const char *name;
    uint8_t type; /* 0: the first argument */
};
extern const struct fw_dp_generic fw_dp_generics[];
extern const size_t fw_dp_generic_count;

/* First thing wrong with a text: the furthest place that any reading of it reached. */
struct fw_dp_error {
    bool set;
    size_t at; /* bytes from the start of the text */
    char text[256];
};

/* Records that something else was expected at @at unless a later place is on record. */
__attribute__((format(printf, 3, 4))) int
fw_dp_expected(struct fw_dp_error *error, size_t at, const char *format, ...);

/* The arguments of one node while they are read. */
struct fw_dp_args {
    const char *text; /* the whole path text */
    size_t at;        /* next argument */
    size_t end;       /* the closing parenthesis */
    bool more;        /* an argument may follow (it can be empty) */
    uint8_t fixed[FW_DP_FIXED_MAX];
    struct {
        size_t at;
        size_t size;
    } strings[FW_DP_STRINGS_MAX];
    struct fw_buf tail;
    struct fw_dp_error *error;
};

struct fw_dp_args fw_dp_args(const char *text, size_t at, size_t end,
                             struct fw_dp_error *error);
/* Reads the arguments of @row into @args; 0, FWVAR_ERR_ARG or FWVAR_ERR_NOMEM. */
int fw_dp_read_fields(struct fw_dp_args *args, const struct fw_dp_row *row);
/* Reads the subtype (and the type, if @type is 0) and the hex of a generic node. */
int fw_dp_read_generic(struct fw_dp_args *args, uint8_t *type, uint8_t *subtype);
/* Reads hex digits up to the end of the arguments. */
int fw_dp_read_hex(struct fw_dp_args *args);

/* Reads a path without adding its end node; *raw says that the text asked for none. */
int fw_dp_parse(const char *text, size_t size, struct fw_buf *out, bool *raw,
                struct fw_dp_error *error);

#endif
