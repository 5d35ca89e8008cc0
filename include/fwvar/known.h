/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Variables whose form is known besides the settings (fwvar/setting.h): the global ones of
 * the UEFI specification and those that edk2 and the Raspberry Pi platforms keep. And
 * values as text.
 */
#ifndef FWVAR_KNOWN_H
#define FWVAR_KNOWN_H

#include <fwvar/edit.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the payload of a variable is. */
enum fwvar_kind {
    FWVAR_KIND_BYTES,       /**< nothing known about it */
    FWVAR_KIND_NUMBER,      /**< little-endian integer */
    FWVAR_KIND_OPTION,      /**< number of a load option, u16, written as four hex digits */
    FWVAR_KIND_ORDER,       /**< list of load option numbers, u16 each */
    FWVAR_KIND_LOAD_OPTION, /**< EFI_LOAD_OPTION */
    FWVAR_KIND_KEY_OPTION,  /**< EFI_KEY_OPTION */
    FWVAR_KIND_DEVICE_PATH, /**< one or more device path instances */
    FWVAR_KIND_ASCII,       /**< text with NUL */
    FWVAR_KIND_SIGNATURES,  /**< EFI_SIGNATURE_LISTs */
    FWVAR_KIND_MEMORY_TYPES, /**< pairs of memory type and pages, u32 each */
    FWVAR_KIND_FLAGS,       /**< bits of OsIndications */
    FWVAR_KIND_IP4_CONFIG,  /**< Ip4Config2 of one network card */
    FWVAR_KIND_IP6_CONFIG,  /**< Ip6Config of one network card */
    FWVAR_KIND_DUID,        /**< DHCPv6 unique identifier, its length in front */
    FWVAR_KIND_ISCSI,       /**< an iSCSI attempt */
    FWVAR_KIND_BYTE_LIST,   /**< numbers of one byte each */
    FWVAR_KIND_CERT_DB      /**< signers of authenticated variables */
};

/** A known variable. Rows are constants in static storage. */
struct fwvar_known {
    const char *name;       /**< '#' stands for one upper-case hex digit */
    struct fwvar_guid guid;
    uint32_t attributes;    /**< what the firmware stores it with */
    enum fwvar_kind kind;
    size_t size;            /**< bytes of the payload where that is fixed, else 0 */
    const char *meaning;    /**< one line */
};

/** EFI_GLOBAL_VARIABLE, the GUID of BootOrder and Boot#### (UEFI specification 3.3). */
FWVAR_API extern const struct fwvar_guid fwvar_global_guid;

/** The rows. @return row @p i, or NULL behind the last. */
FWVAR_API const struct fwvar_known *fwvar_known_at(size_t i);

/**
 * The row of a variable, or NULL.
 * @param name  UTF-16LE without NUL, @p name_size bytes.
 */
FWVAR_API const struct fwvar_known *fwvar_known_find(const struct fwvar_guid *guid,
                                                     const uint8_t *name,
                                                     size_t name_size);

/** The row whose name pattern an ASCII name fits, whatever its GUID. NULL if there is none,
 *  or several: a network card's IPv4 and IPv6 settings share the name. */
FWVAR_API const struct fwvar_known *fwvar_known_by_name(const char *name);

/** True if a UTF-16LE name (without NUL) equals an ASCII pattern with '#' as above. */
FWVAR_API bool fwvar_name_matches(const uint8_t *name, size_t name_size,
                                  const char *pattern);

/**
 * A value as one line of text: settings by their catalogue row ("0 (3 GB limit off)"),
 * known variables by their kind, others as text if they look like it, else as hex digits.
 * Never fails on content: what does not fit its kind is shown as hex with the reason.
 * Control characters are escaped.
 * @return NUL-terminated UTF-8 owned by the caller (free()), or NULL if out of memory.
 */
FWVAR_API char *fwvar_value_text(const struct fwvar_variable *variable);

/** A record as a variable, for the calls that take one: a view. */
FWVAR_API struct fwvar_variable fwvar_record_variable(const struct fwvar_record *record);

#ifdef __cplusplus
}
#endif
#endif
