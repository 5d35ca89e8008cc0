/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * The variable store and its records, as the edk2 variable driver sees them
 * (edk2 MdeModulePkg: VariableFormat.h, VariableParsing.c, Variable.c). Everything here is
 * a view: nothing is copied, nothing is allocated, nothing is written.
 */
#ifndef FWVAR_STORE_H
#define FWVAR_STORE_H

#include <fwvar/volume.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a variable store header (VARIABLE_STORE_HEADER). */
#define FWVAR_STORE_HEADER_SIZE 28
/** Bytes of a record header, authenticated (AUTHENTICATED_VARIABLE_HEADER) and plain. */
#define FWVAR_RECORD_HEADER_AUTH  60
#define FWVAR_RECORD_HEADER_PLAIN 32
/** Start of every record: bytes AA 55. */
#define FWVAR_RECORD_START 0x55AA

/** What is wrong with a store header, as bits. */
enum fwvar_store_flaw {
    FWVAR_STORE_CUT = 1 << 0,       /**< the volume ends inside the header */
    FWVAR_STORE_SIGNATURE = 1 << 1, /**< neither signature; the record form is a guess */
    FWVAR_STORE_SIZE = 1 << 2,      /**< Size does not fit the volume or its known layout */
    FWVAR_STORE_FORMAT = 1 << 3,    /**< Format is not 0x5A */
    FWVAR_STORE_STATE = 1 << 4,     /**< State is not 0xFE */
    FWVAR_STORE_SMALL = 1 << 5      /**< Size is less than the layout's, but all records
                                         fit and 0x2800 bytes are free: works */
};

/** A variable store inside a volume. Positions are bytes from the start of the volume. */
struct fwvar_store {
    const uint8_t *bytes;       /**< the volume; not owned */
    size_t size;                /**< bytes there: FvLength, or less if the image is cut */
    struct fwvar_volume volume; /**< its header */
    size_t header;              /**< position of the store header */
    uint32_t declared;          /**< its Size field: header included */
    uint8_t format;             /**< 0x5A: formatted */
    uint8_t state;              /**< 0xFE: healthy */
    bool authenticated;         /**< records have 60-byte headers, otherwise 32 */
    size_t first;               /**< position of the first record */
    size_t end;                 /**< position after the last byte a record may use */
    unsigned flaws;             /**< enum fwvar_store_flaw, combined */
};

/** State bits are cleared one after another (edk2 VariableFormat.h, VAR_*). */
enum fwvar_state {
    FWVAR_STATE_UNWRITTEN = 0xFF,    /**< interrupted before the header was valid */
    FWVAR_STATE_HEADER_ONLY = 0x7F,  /**< interrupted before the data was valid */
    FWVAR_STATE_ADDED = 0x3F,        /**< live */
    FWVAR_STATE_IN_DELETION = 0x3E,  /**< live unless a 0x3F of the same name exists */
    FWVAR_STATE_DELETED = 0x3D,      /**< deleted outright */
    FWVAR_STATE_SUPERSEDED = 0x3C    /**< replaced by a later record */
};

/** Attribute bits (UEFI specification 2.10, section 8.2.1). */
enum fwvar_attribute {
    FWVAR_ATTR_NV = 0x01,
    FWVAR_ATTR_BS = 0x02,
    FWVAR_ATTR_RT = 0x04,
    FWVAR_ATTR_HW_ERROR = 0x08,
    FWVAR_ATTR_AUTH_COUNT = 0x10,
    FWVAR_ATTR_AUTH_TIME = 0x20,
    FWVAR_ATTR_APPEND = 0x40
};

/** One record, a view into its store. */
struct fwvar_record {
    uint64_t offset;         /**< of its header, bytes from the start of the image */
    uint32_t size;           /**< header + name + data, bytes, without padding */
    uint8_t state;           /**< enum fwvar_state, or a value no driver writes */
    uint8_t reserved;        /**< 0 */
    uint32_t attributes;     /**< enum fwvar_attribute, combined */
    uint64_t count;          /**< MonotonicCount; 0 in plain records */
    const uint8_t *time;     /**< EFI_TIME, 16 bytes verbatim; NULL in plain records */
    uint32_t pubkey;         /**< PubKeyIndex; 0 in plain records */
    struct fwvar_guid guid;  /**< vendor GUID */
    const uint8_t *name;     /**< UTF-16LE, normally with its NUL; not owned */
    uint32_t name_size;      /**< bytes, NUL included */
    const uint8_t *data;     /**< payload; not owned */
    uint32_t data_size;      /**< bytes */
    bool unwritten;          /**< the driver takes its sizes as 0: State or a size is all
                                  ones; name and data are empty then */
};

/** Why a walk over the records ended. */
enum fwvar_end {
    FWVAR_END_NONE = 0, /**< it has not ended yet */
    FWVAR_END_FULL,     /**< at the end of the store */
    FWVAR_END_ERASED,   /**< at 0xFF 0xFF: free space, as it should be */
    FWVAR_END_GARBAGE,  /**< at something that is not a record's start */
    FWVAR_END_OVERRUN   /**< at a record that reaches past the end of the store */
};

/** A walk over the records of a store; see fwvar_walk_next(). */
struct fwvar_walk {
    const struct fwvar_store *store;
    size_t at;          /**< position of the next record, or of the end */
    enum fwvar_end end; /**< set when fwvar_walk_next() returned 1 */
};

/**
 * Decodes and judges the store in the volume at @p bytes. Never fails: what is wrong is in
 * @p store->flaws and @p store->volume.flaws. Where Size is unusable the end comes from the
 * known layouts (a 0x20000 volume keeps 0xE000 bytes of variables, 0x84000 and 0xC0000
 * volumes 0x40000), so that a damaged header hides no record.
 * @param bytes   the volume, kept by the store as a view.
 * @param size    bytes there.
 * @param volume  its header, from fwvar_volume_decode().
 */
FWVAR_API void fwvar_store_decode(const uint8_t *bytes, size_t size,
                                  const struct fwvar_volume *volume,
                                  struct fwvar_store *store);

/** Bytes of a record header in this store. */
FWVAR_API size_t fwvar_store_record_header(const struct fwvar_store *store);

/** Starts a walk at the first record. */
FWVAR_API struct fwvar_walk fwvar_walk_begin(const struct fwvar_store *store);

/**
 * Gives the next record, in address order, and moves on exactly as the driver does: the
 * walk goes from record end, rounded up to 4, to the next start; it ends where no start id
 * stands; an unwritten header counts as one without name and data. Unlike the driver it
 * never leaves the store.
 * @return 0 with @p record filled, or 1 at the end with @p walk->end saying why.
 */
FWVAR_API int fwvar_walk_next(struct fwvar_walk *walk, struct fwvar_record *record);

/**
 * Decodes the record at @p at (position in the volume) without walking.
 * @return 0; #FWVAR_ERR_NOTFOUND if no start id stands there; #FWVAR_ERR_DAMAGED if it
 *         reaches past the end of the store.
 */
FWVAR_API int fwvar_record_decode(const struct fwvar_store *store, size_t at,
                                  struct fwvar_record *record);

#ifdef __cplusplus
}
#endif
#endif
