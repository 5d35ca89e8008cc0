/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The rule table: data only. Severities follow from what firmware did with damaged
 * stores: OVMF and Raspberry Pi images in an emulator, and for NOR flash the source of
 * edk2's VirtNorFlashDxe. Rows stand in the order in which one would mend things. */
#include "inspect/check.h"

#define F FWVAR_FATAL
#define W FWVAR_WRONG
#define A FWVAR_ADVICE

#define REPAIR "fwvar repair IMAGE --in-place"

const struct fw_rule fw_rules[] = {
    /* ---- the image and the volume header ---- */
    {{"image-size", F, A, A, true,
      "the file's size does not go with the place of the volume; the boot loader loads "
      "the "
      "file as it is, and device tree and code overlap",
      "use the file as released, or --platform=generic if this is no Raspberry Pi image",
      NULL},
     fw_rule_image_size},
    {{"second-volume", F, F, F, true,
      "two sound volumes with variables: the firmware uses only one of them",
      "erase the one that is not used", NULL},
     fw_rule_second_volume},
    {{"volume-place", F, F, F, true,
      "the volume does not start at a multiple of its block size: bytes before it are "
      "missing or too many, and no firmware looks for it there",
      "get the image again, the file is shifted", NULL},
     fw_rule_volume_place},
    {{"volume-truncated", F, F, F, true,
      "the image ends inside the volume: what was behind the end is lost",
      "get the image again; the records that are left can be exported",
      "fwvar export IMAGE > vars.json"},
     fw_rule_volume_truncated},
    {{"volume-signature", F, F, F, true,
      "signature _FVH missing: the firmware wipes the volume and does not boot",
      "write the signature again", REPAIR},
     fw_rule_volume_signature},
    {{"volume-guid", F, F, F, true,
      "the file system GUID is not that of volumes with variables: the variable driver "
      "gives up",
      "write the GUID again", REPAIR},
     fw_rule_volume_guid},
    {{"volume-revision", F, F, F, true,
      "revision is not 2: the firmware wipes the volume and does not boot",
      "write the revision again", REPAIR},
     fw_rule_volume_revision},
    {{"volume-header-length", F, F, F, true,
      "HeaderLength is odd or impossible: the firmware wipes the volume and does not "
      "boot",
      "derive it from the layout", REPAIR},
     fw_rule_volume_header_length},
    {{"volume-length", F, F, F, true,
      "FvLength is impossible, or not that of this layout: the firmware wipes the volume "
      "or does not boot",
      "derive it from the layout", REPAIR},
     fw_rule_volume_length},
    {{"volume-block-map", F, W, W, true,
      "the block map is not a list that ends at HeaderLength, which the drivers tried do "
      "not mind; or its blocks are not those of the volume, and a Raspberry Pi or OVMF "
      "does not boot: fatal there",
      "derive it from the layout", REPAIR},
     fw_rule_volume_block_map},
    {{"volume-attributes", F, W, F, true,
      "read or write access is off: variables cannot be written, the fault tolerant "
      "write driver does not find its volume, the machine does not boot; a NOR flash "
      "driver does not mind",
      "write the attributes again", REPAIR},
     fw_rule_volume_attributes},
    {{"volume-ext-header", F, W, W, true,
      "ExtHeaderOffset is set, though no volume with variables has a second header; the "
      "drivers tried do not look at it",
      "set it to 0", REPAIR},
     fw_rule_volume_ext_header},
    {{"volume-checksum", F, F, F, true,
      "the checksum of the volume header is wrong: the firmware wipes the volume and "
      "does "
      "not boot",
      "compute it anew", REPAIR},
     fw_rule_volume_checksum},

    /* ---- the store header ---- */
    {{"store-signature", F, F, F, true,
      "the variable store has no known signature, or that of the other record form: the "
      "variable driver gives up or finds no variable",
      "write the signature that fits the records", REPAIR},
     fw_rule_store_signature},
    {{"store-size", F, F, W, true,
      "the store's Size does not fit its volume: the driver reads beyond it, loses "
      "records or has no room, and crashes or hangs; a little more than there is, OVMF "
      "bears, but reclaims at every boot",
      "derive it from the layout", REPAIR},
     fw_rule_store_size},
    {{"store-size-small", A, F, A, true,
      "the store's Size is a little less than its volume has room for, but all records "
      "fit: "
      "harmless, except that NOR flash drivers want it exact and format the store anew",
      "derive it from the layout", REPAIR},
     fw_rule_store_size_small},
    {{"store-state", F, F, F, true,
      "Format or State of the store is not \"formatted, healthy\": the variable driver "
      "gives up and the machine does not boot",
      "write both again", REPAIR},
     fw_rule_store_state},

    /* ---- the chain of records ---- */
    {{"chain-broken", F, W, W, true,
      "a record does not start where the one before it ends: the firmware loses it and "
      "all "
      "records after it, a Raspberry Pi crashes; a record that reaches past the store is "
      "fatal everywhere",
      "look for the records behind the break and link them again", REPAIR},
     fw_rule_chain_broken},
    {{"record-unwritten", F, W, W, true,
      "a write was interrupted before the record's header was complete: the firmware "
      "loses "
      "all records after it, a Raspberry Pi crashes; if its state says that it counts, "
      "nothing starts",
      "drop the unfinished record and link those behind it again", REPAIR},
     fw_rule_record_unwritten},
    {{"duplicate", F, F, F, true,
      "two live records of the same name and GUID: the boot manager hangs for ever",
      "keep the one that the firmware's look-up returns", REPAIR},
     fw_rule_duplicate},
    {{"record-name", F, W, W, true,
      "a name is empty, of odd size, without NUL or with a NUL inside: the variable is "
      "known by another name, its data are shifted, who lists variables may stop there; "
      "without any name nothing starts; NOR flash drivers format the store anew unless "
      "the last character is a NUL",
      "drop the record", REPAIR},
     fw_rule_record_name},
    {{"record-state", F, F, W, true,
      "a state that no driver writes: the record is ignored, NOR flash drivers format "
      "the "
      "store anew",
      "mark the record as deleted", REPAIR},
     fw_rule_record_state},
    {{"record-swallows", W, W, W, false,
      "a record's data contain other records, so its size is probably wrong: the "
      "firmware "
      "does not see the variables inside",
      "correct the size so that the records inside are linked again", REPAIR},
     fw_rule_record_swallows},
    {{"free-space-dirty", F, W, W, true,
      "bytes after the last record are not 0xFF: the firmware reclaims and discards "
      "them, a "
      "Raspberry Pi crashes at this and every later boot (pftf/RPi4 #97)",
      "look for records there first; then `fwvar compact` cures the file for good",
      REPAIR},
     fw_rule_free_space_dirty},
    {{"ftw-pending", F, F, F, true,
      "an unfinished fault tolerant write: the firmware will copy the spare area over "
      "the "
      "variables and undo every edit",
      "apply or discard it as the firmware would", REPAIR},
     fw_rule_ftw_pending},

    /* ---- space ---- */
    {{"space", F, A, A, false,
      "less than 0x2800 bytes are free, dead records and what a boot appends counted as "
      "used: the firmware "
      "reclaims "
      "at the next boot, a Raspberry Pi crashes instead, at this and every later boot "
      "(pftf/RPi4 #97)",
      "drop the dead records", "fwvar compact IMAGE --in-place"},
     fw_rule_space},
    {{"space-live", F, W, F, false,
      "live variables alone leave less than 0x2800 bytes free, so dropping dead records "
      "does not help: a Raspberry Pi crashes, OVMF gets stuck, AAVMF cannot store its "
      "own "
      "variables and, with less than 944 bytes for the first ones, has no console",
      "delete variables that are not needed; `fwvar list -v` shows their sizes", NULL},
     fw_rule_space_live},
    {{"space-low", A, A, A, false,
      "a Raspberry Pi that saves its variables will reach the limit, where its firmware "
      "crashes, in a few boots",
      "drop the dead records in time", "fwvar compact IMAGE --in-place"},
     fw_rule_space_low},
    {{"space-first-boot", A, A, A, false,
      "a Raspberry Pi that has never saved to this store appends all of the firmware's "
      "own variables at its first boot, about 16.7 KB, and crashes if less than 0x2800 "
      "bytes are free then: v1.20 did with 14,336 bytes free before; a board that loads "
      "its image over TFTP has its first boot every time",
      "drop the dead records; where there are too few of them, delete variables", NULL},
     fw_rule_space_first_boot},

    /* ---- what the firmware needs of single variables ---- */
    {{"attributes", W, W, W, false,
      "attributes are impossible (not NV, RT without BS, unknown bits), or not those "
      "that "
      "the firmware uses for this variable, so that it can never rewrite it",
      "set the attributes that the firmware expects", REPAIR},
     fw_rule_attributes},
    {{"size", W, W, W, false,
      "a known variable has the wrong number of bytes: the firmware ignores it or takes "
      "a "
      "part of it",
      "set the variable again", NULL},
     fw_rule_size},
    {{"too-large", W, A, A, false,
      "header, name and data are more than the firmware ever writes (0x2000 bytes, "
      "0x2800 "
      "if time-authenticated), so that it can never rewrite the variable",
      "store less, or delete it", "fwvar patch IMAGE --delete NAME --in-place"},
     fw_rule_too_large},
    {{"timestamp", W, W, W, false,
      "a time-authenticated variable has a timestamp that is no date: a later signed "
      "update "
      "may be refused because it has to be newer",
      "write the variable with a sensible time (`patch --time`)", NULL},
     fw_rule_timestamp},
    {{"console-path", W, W, W, false,
      "a console variable is no sound device path: the firmware deletes it",
      "delete it, the firmware makes a new one",
      "fwvar patch IMAGE --delete NAME --in-place"},
     fw_rule_console_path},

    /* ---- the boot menu ---- */
    {{"boot-order", W, W, W, false,
      "BootOrder or its kin has an odd number of bytes or names an entry twice",
      "drop the half number and the repetitions", REPAIR},
     fw_rule_boot_order},
    {{"boot-dangling", W, W, W, false,
      "BootOrder, BootNext or their kin name an entry that is not there: the firmware "
      "skips "
      "it and takes it off the list",
      "take it off the list", REPAIR},
     fw_rule_boot_dangling},
    {{"boot-orphan", W, W, W, false,
      "a Boot#### that neither BootOrder nor BootNext names: it is never tried, and the "
      "firmware overwrites it with entries of its own",
      "put it into BootOrder, or remove it",
      "fwvar patch IMAGE --boot-last NAME --in-place"},
     fw_rule_boot_orphan},
    {{"boot-name", W, W, W, false,
      "the name of an option has lower-case digits or is spelt otherwise than the "
      "firmware "
      "does: it is ignored and taken off BootOrder",
      "rename it", REPAIR},
     fw_rule_boot_name},
    {{"boot-option", W, W, W, false,
      "a load option that the firmware deletes because it is malformed",
      "remove it and add the entry again",
      "fwvar patch IMAGE --boot-remove NAME --in-place"},
     fw_rule_boot_option},
    {{"key-crc", W, W, W, false,
      "a hotkey has the wrong size, or its CRC is not that of its option: the firmware "
      "ignores it",
      "compute the CRC anew, or delete the hotkey; the firmware makes its own again",
      REPAIR},
     fw_rule_key_crc},

    /* ---- works, but worth knowing ---- */
    {{"in-deletion", A, A, A, false,
      "a record that was being replaced (state 0x3E) and is still the only one: it "
      "counts, "
      "until it is replaced",
      "mark it as added, as a reclaim does", REPAIR},
     fw_rule_in_deletion},
    {{"in-deletion-twin", A, A, A, false,
      "a record in deletion (state 0x3E) beside the live one of its name: it does not "
      "count and goes with the next reclaim; where both are in deletion, who lists "
      "variables misses those between them",
      "finish the deletion", REPAIR},
     fw_rule_in_deletion_twin},
    {{"unfinished", A, A, A, false,
      "a write was interrupted before its data were complete (state 0x7F): the record is "
      "ignored",
      "mark the record as deleted", REPAIR},
     fw_rule_unfinished},
    {{"record-fields", A, A, A, false,
      "MonotonicCount, PubKeyIndex or a reserved byte is not 0: no driver writes that, "
      "and "
      "none minds",
      "leave it, or set the variable again", NULL},
     fw_rule_record_fields},
    {{"timestamp-unused", A, A, A, false,
      "a timestamp on a variable that is not time-authenticated: no driver looks at it",
      "leave it, or set the variable again", NULL},
     fw_rule_timestamp_unused},
    {{"boot-option-extra", A, A, A, false,
      "behind the device path of a load option there are bytes that are no further path: "
      "the firmware does not look at them",
      "leave it, or add the entry again", NULL},
     fw_rule_boot_option_extra},
    {{"boot-inactive", A, A, A, false,
      "an entry in BootOrder that somebody added is not active: it is in the menu, but "
      "not "
      "tried at boot",
      "activate it if it is to boot by itself",
      "fwvar patch IMAGE --boot-enable NAME --in-place"},
     fw_rule_boot_inactive},
    {{"boot-numbers", A, A, A, false,
      "the numbers in BootOrder are not 0 to N-1: the firmware may tie the shell's "
      "hotkey to "
      "another entry when it first adds it",
      "number entries from 0000 without gaps", NULL},
     fw_rule_boot_numbers},
    {{"boot-next", A, A, A, false,
      "BootNext is set: its entry is tried first at the next boot; a board that boots "
      "over "
      "TFTP cannot delete it, so it is tried first at every boot",
      "leave it if that is meant", "fwvar patch IMAGE --boot-next none --in-place"},
     fw_rule_boot_next},
    {{"ram-more-than-3gb", A, A, A, false,
      "RamMoreThan3GB is stored without RamLimitTo3GB: the firmware overwrites it at "
      "every "
      "boot before anything reads it, the 3 GB limit stays",
      "lift the limit with its own setting",
      "fwvar patch IMAGE --set ram-limit=off --in-place"},
     fw_rule_ram_more_than_3gb},
    {{"host-specific", A, A, A, false,
      "entries tied to a network card together with BootDiscoveryPolicyOld: on another "
      "board "
      "they fail, and the firmware does not look for that board's own",
      "remove what ties the image to one board", "fwvar scrub IMAGE --in-place"},
     fw_rule_host_specific},
    {{"names-similar", A, A, A, false,
      "a variable is called like a setting of this board, but has another GUID or other "
      "capitals: the firmware does not read it",
      "set the setting by its name and delete this one", NULL},
     fw_rule_names_similar},
    {{"ftw-header", A, A, A, false,
      "the header of the fault tolerant write block is not as new: the firmware writes "
      "it "
      "again at the next boot",
      "write it again", REPAIR},
     fw_rule_ftw_header},
    {{"event-log", A, A, A, false,
      "the area behind the variables that no driver uses is not blank",
      "leave it: nothing reads it", NULL},
     fw_rule_event_log},
    {{0}, NULL},
};
