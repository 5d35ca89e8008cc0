/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * The catalogue of settings: variables whose meaning is known, as data. It says what a
 * variable is called for people, which bytes it holds, which values make sense, what it
 * is without being stored, and what the firmware does to it.
 *
 * Facts come from the platform descriptions and the ConfigDxe driver of edk2-platforms
 * (Platform/RaspberryPi), from edk2, and from the form data of released images. Releases
 * are those of pftf/RPi4; other builds (Raspberry Pi 3 and 5, private ones) count their
 * versions differently, so release spans are used for "rpi4" only.
 *
 * Rows, and every text they point to, are constants in static storage.
 */
#ifndef FWVAR_SETTING_H
#define FWVAR_SETTING_H

#include <fwvar/guid.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Boards as a bit set. */
enum fwvar_board {
    FWVAR_BOARD_RPI3 = 1,
    FWVAR_BOARD_RPI4 = 2,
    FWVAR_BOARD_RPI5 = 4,
    FWVAR_BOARD_OTHER = 8, /**< any other UEFI platform: OVMF, AAVMF, … */
    FWVAR_BOARD_RPI = 7,
    FWVAR_BOARD_ANY = 15
};

/**
 * A board's name as in struct fwvar_release: "rpi3", "rpi4", "rpi5", the family "rpi", or
 * another platform's name ("ovmf").
 * @return the set of boards it may be; #FWVAR_BOARD_ANY for NULL or "".
 */
FWVAR_API unsigned fwvar_board_set(const char *name);

/** How the bytes of a setting are to be read. */
enum fwvar_setting_type {
    FWVAR_SETTING_UNSIGNED, /**< little-endian integer of @c size bytes (1, 2, 4 or 8) */
    FWVAR_SETTING_SIGNED,   /**< the same, two's complement */
    FWVAR_SETTING_BITS,     /**< bit set of @c size bytes; each keyword is one bit */
    FWVAR_SETTING_UTF16,    /**< array of @c size bytes, NUL padded, the last unit NUL */
    FWVAR_SETTING_ASCII,    /**< text of any length with one NUL; @c size is 0 */
    FWVAR_SETTING_BYTES     /**< exactly @c size bytes without further meaning here */
};

/** A word for a value. The first word of a value is the one printed. */
struct fwvar_setting_keyword {
    const char *word; /**< lower case; NULL ends the list */
    int64_t value;
    unsigned boards; /**< where it means that; a set of enum fwvar_board */
};

/** The numbers that make sense, in the setting's unit. */
struct fwvar_setting_range {
    unsigned boards; /**< 0 ends the list */
    int64_t min, max;
};

/** What holds while the variable is not stored. */
struct fwvar_setting_default {
    unsigned boards;   /**< 0 ends the list */
    const char *since; /**< first release, NULL from the beginning */
    const char *until; /**< last release, NULL to this day */
    int64_t value;     /**< of numbers and bit sets */
    const char *text;  /**< of text; hex digits of bytes; NULL for numbers */
};

/** A row of the catalogue. */
struct fwvar_setting {
    const char *name;       /**< the variable's name */
    const char *short_name; /**< the name for the command line; shared between boards */
    const char *topic;      /**< what a keyword is said of ("3 GB limit" off), or NULL */
    struct fwvar_guid guid; /**< vendor GUID */
    uint32_t attributes;    /**< what the firmware stores it with */
    enum fwvar_setting_type type;
    size_t size;      /**< bytes of the payload, exact; 0 if it varies */
    unsigned boards;  /**< whose firmware reads it */
    const char *unit; /**< "MHz", "s"; NULL for none */
    const struct fwvar_setting_keyword *keywords; /**< NULL for none */
    const struct fwvar_setting_range *ranges;     /**< NULL: only the keywords */
    const struct fwvar_setting_default *defaults; /**< NULL: not known */
    const char *since;   /**< first release with it; NULL from the beginning */
    const char *until;   /**< last release with it; NULL to this day */
    const char *menu;    /**< where the firmware's menu has it; NULL if it has not */
    const char *rewrite; /**< what the firmware does to it at boot; NULL for nothing */
    const char *menu_default; /**< what the menu's reset sets, where that differs */
    const char *meaning;      /**< one line */
};

/** Most bytes a value of a known setting has. */
#define FWVAR_SETTING_VALUE_MAX 128

/** Bytes of a value. */
struct fwvar_setting_value {
    uint8_t bytes[FWVAR_SETTING_VALUE_MAX];
    size_t size;
};

/** Number of rows. */
FWVAR_API size_t fwvar_setting_count(void);

/** Row @p index, in the order of the documentation; NULL past the end. */
FWVAR_API const struct fwvar_setting *fwvar_setting_at(size_t index);

/** Most rows that share one name. */
#define FWVAR_SETTING_CANDIDATES 4

/**
 * Finds the rows with a short or full name (letter case counts).
 * @param board   only rows for this board; NULL or "" for all (fwvar_board_set()).
 * @param found   receives up to #FWVAR_SETTING_CANDIDATES rows, not owned.
 * @return how many were stored. More than one means that boards differ: the caller has
 *         to know the board, or ask.
 */
FWVAR_API size_t
fwvar_setting_find(const char *name, const char *board,
                   const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES]);

/** The row of a variable, or NULL. Each variable has one row at most. */
FWVAR_API const struct fwvar_setting *
fwvar_setting_by_variable(const char *name, const struct fwvar_guid *guid);

/**
 * The short or full name nearest to one that was not found, for "did you mean".
 * @return a name in static storage, or NULL if none is near.
 */
FWVAR_API const char *fwvar_setting_suggest(const char *name);

/**
 * Reads a value from text: a keyword in any letter case; a decimal or 0x number, with the
 * unit or without; words joined by `+` or `,` for bit sets; the text itself for text;
 * pairs of hex digits for bytes. Settings that are off or on also take yes, no, true,
 * false, enable, disable.
 * @param board  picks among what differs between boards; NULL or "" takes the widest.
 * @param force  accept any number that fits the width.
 * @param value  receives the payload, its size as the firmware expects it.
 * @return 0, or #FWVAR_ERR_ARG with the accepted values in the message.
 */
FWVAR_API int fwvar_setting_parse(const struct fwvar_setting *setting, const char *board,
                                  const char *text, bool force,
                                  struct fwvar_setting_value *value,
                                  struct fwvar_diag *diag);

/** Enough bytes for any text of fwvar_setting_format(). */
#define FWVAR_SETTING_TEXT_MAX 1024

/**
 * Prints a payload: "0 (3 GB limit off)", "1500 MHz", "0x20 (native)", a text in double quotes with
 * control characters escaped, hex digits. A number without a word and outside the range
 * is marked "unknown". A long text is cut.
 * @param board  as for fwvar_setting_parse().
 * @return 0, or #FWVAR_ERR_ARG if the size is not the setting's: @p text then says so
 *         ("size 2, expected 4"). #FWVAR_ERR_NOMEM if out of memory.
 */
FWVAR_API int fwvar_setting_format(const struct fwvar_setting *setting, const char *board,
                                   const uint8_t *bytes, size_t size,
                                   char text[FWVAR_SETTING_TEXT_MAX]);

/**
 * The words and numbers that fwvar_setting_parse() takes, for help and messages:
 * "off, on", "low, default, max, custom", "100..2200 MHz".
 *
 * @return 0 or #FWVAR_ERR_NOMEM; @p text is then no list of values.
 */
FWVAR_API int fwvar_setting_allowed(const struct fwvar_setting *setting,
                                     const char *board,
                                     char text[FWVAR_SETTING_TEXT_MAX]);

/**
 * The value in force while the variable is not stored.
 * @param version  the release ("v1.35"); used for "rpi4" only. NULL, "" or one that
 *                 fwvar_version_compare() can't place stands for the newest.
 * @param exact    if not NULL, receives false where the default changed over time and
 *                 the version did not tell which applies.
 * @return 0; #FWVAR_ERR_NOTFOUND if that board or release has no such setting or its
 *         default is not known; #FWVAR_ERR_AMBIGUOUS if boards differ and @p board does
 *         not decide; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_setting_default(const struct fwvar_setting *setting,
                                    const char *board, const char *version,
                                    struct fwvar_setting_value *value, bool *exact);

/**
 * Whether a release has the setting.
 * @return 1 yes, 0 no, -1 if the board or version does not tell.
 */
FWVAR_API int fwvar_setting_in_release(const struct fwvar_setting *setting,
                                       const char *board, const char *version);

#ifdef __cplusplus
}
#endif
#endif
