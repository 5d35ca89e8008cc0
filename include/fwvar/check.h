/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * Judging an image: every rule that a variable store has to obey, what the firmware does
 * where it is broken, and what to do about it.
 */
#ifndef FWVAR_CHECK_H
#define FWVAR_CHECK_H

#include <fwvar/image.h>
#include <fwvar/variables.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How bad a finding is. */
enum fwvar_severity {
    FWVAR_FATAL, /**< the firmware would crash, hang, wipe or ignore the store */
    FWVAR_WRONG, /**< a variable will not work, or not as meant */
    FWVAR_ADVICE /**< works, but worth knowing */
};

/**
 * One rule; the table is printed by `fwvar check --rules`. Severities differ between
 * machines because firmware does: a Raspberry Pi crashes where others reclaim, and the
 * flash drivers of AAVMF and its relatives format the store anew at the first record that
 * they do not like (edk2 VirtNorFlashDxe, ValidateFvHeader).
 */
struct fwvar_rule {
    const char *name;              /**< "volume-checksum"; stable */
    enum fwvar_severity on_rpi;    /**< severity on a Raspberry Pi, … */
    enum fwvar_severity on_nor;    /**< on AAVMF and other machines with NOR flash … */
    enum fwvar_severity elsewhere; /**< … and on the rest, such as OVMF */
    bool stops_edits;              /**< unless it is mere advice, editors refuse */
    const char *meaning;           /**< what is wrong and what the firmware does */
    const char *fix;               /**< what to do, in words */
    const char *command; /**< the same as a command, or NULL; IMAGE and NAME stand for the
                              file and the variable */
};

/** One finding. Strings belong to the list. */
struct fwvar_finding {
    const struct fwvar_rule *rule;
    enum fwvar_severity severity; /**< may be worse than the rule's, never better */
    uint64_t offset;      /**< bytes from the start of the image, or #FWVAR_NO_OFFSET */
    const char *variable; /**< name of the variable concerned, or NULL; UTF-8, control
                               characters as they are */
    const char *message;  /**< this case, with its numbers */
    const char *command;  /**< what mends it, NAME filled in, IMAGE not; or NULL */
};

/** A list of findings, in the order of the rules. */
struct fwvar_findings;

/** Which rules to apply. */
enum fwvar_check_scope {
    FWVAR_CHECK_STRUCTURE, /**< only those that stop edits: what the firmware needs to
                              walk the store; cheap enough for every edit */
    FWVAR_CHECK_ALL        /**< every rule */
};

/**
 * Applies the rules to an image that has a store.
 * @param findings  receives the list, to be freed with fwvar_findings_free().
 * @return 0 also if there are findings; #FWVAR_ERR_NOMEM; #FWVAR_ERR_IO.
 */
FWVAR_API int fwvar_check(const struct fwvar_image *image, enum fwvar_check_scope scope,
                          struct fwvar_findings **findings, struct fwvar_diag *diag);

FWVAR_API void fwvar_findings_free(struct fwvar_findings *findings);

FWVAR_API size_t fwvar_findings_count(const struct fwvar_findings *findings);

/** Finding @p i (below the count); owned by the list. */
FWVAR_API const struct fwvar_finding *
fwvar_findings_at(const struct fwvar_findings *findings, size_t i);

/**
 * True if editors refuse because of this finding. Free space that is not clean may hold
 * live records behind a break, so it stops edits on every machine: an append there could
 * destroy what a repair would find.
 */
FWVAR_API bool fwvar_finding_stops(const struct fwvar_finding *finding);

/** The rules. @return row @p i, or NULL behind the last. */
FWVAR_API const struct fwvar_rule *fwvar_rule_at(size_t i);

/** "fatal", "wrong" or "advice". */
FWVAR_API const char *fwvar_severity_name(enum fwvar_severity severity);

/**
 * Bytes that have to stay free on a Raspberry Pi, and that other edk2 firmware restores
 * by reclaiming at each boot: the larger of PcdMaxVariableSize and
 * PcdMaxAuthVariableSize.
 */
#define FWVAR_SPACE_FLOOR 0x2800

/**
 * Bytes of variables, live and dead, above which the firmware of @p platform reclaims at
 * boot (on a Raspberry Pi: crashes), for a store of @p capacity bytes. edk2's Variable.c
 * reclaims at ReadyToBoot when less than 0x2800 bytes are free; other platforms than the
 * Pi cope, so for them this is the capacity.
 */
FWVAR_API uint64_t fwvar_space_limit(enum fwvar_platform platform, uint64_t capacity);

/** What the history in a store tells about the boots to come. */
struct fwvar_boots {
    uint64_t left;           /**< boots until the firmware would crash; 0: at the next */
    uint64_t bytes_per_boot; /**< that a boot appends, the median of those seen */
    size_t seen;             /**< boots that this is from */
};

/**
 * Estimates how many more boots a Raspberry Pi that saves its variables (one that boots
 * from a card or stick, not over TFTP) has before its store reaches fwvar_space_limit().
 * Each boot appends a record of MTC, the boot counter, and some others; the bytes from
 * one MTC record to the next are what a boot costs. At least two such distances must be
 * there: one alone may be that of the first boot, which writes forty times as much as a
 * later one.
 * @param variables  the records of the image's store.
 * @return 0, or #FWVAR_ERR_NOTFOUND if the store has no history, or the machine is one
 *         that can reclaim.
 */
FWVAR_API int fwvar_boots_left(const struct fwvar_image *image,
                               const struct fwvar_variables *variables,
                               struct fwvar_boots *boots);

/** Bytes that an edit keeps free above that limit on a Raspberry Pi, because the firmware
 *  itself appends at each boot that it can save. */
#define FWVAR_SPACE_MARGIN 0x1000

#ifdef __cplusplus
}
#endif
#endif
