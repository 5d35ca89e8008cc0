/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The commands: what they are called, what they take, what they are for. Help, the man
 * page's synopsis and completions are made from this table. */
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/fleet.h"
#include "cli/patch.h"
#include "cli/repair.h"
#include "cli/transfer.h"

static const struct cli_option list_options[] = {
    {"all", OPT_COMMAND, NULL, "dead and unfinished records too"},
    {"verbose", OPT_VERBOSE, NULL, "GUID, attributes, offset, state and a hexdump"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option get_options[] = {
    {"text", OPT_COMMAND, NULL, "decoded (the default)"},
    {"hex", OPT_COMMAND + 1, NULL, "hex digits"},
    {"raw", OPT_COMMAND + 2, NULL, "the bytes themselves"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option devpath_options[] = {
    {"text", OPT_COMMAND, NULL, "the argument is text, even if it looks like hex"},
    {"hex", OPT_COMMAND + 1, NULL, "the argument is hex digits"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option settings_options[] = {
    {"verbose", OPT_VERBOSE, NULL, "GUID, type, releases, menu and what rewrites it"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option diff_options[] = {
    {"bytes", OPT_COMMAND, NULL, "also the ranges of bytes that differ"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option check_options[] = {
    {"threshold", CHECK_THRESHOLD, "SEVERITY",
     "exit 1 from here on: fatal, wrong, advice"},
    {"rules", CHECK_RULES, NULL, "print the rules and what each means"},
    {"fail-fast", CHECK_FAIL_FAST, NULL, "stop at the first image that does not pass"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option patch_options[] = {
    {"set", PATCH_SET, "NAME=VALUE", "set a setting or variable"},
    {"attr", PATCH_ATTR, "NAME=ATTRS", "attributes, such as NV+BS+RT"},
    {"time", PATCH_TIME, "NAME=TIME", "timestamp of a time-authenticated variable"},
    {"delete", PATCH_DELETE, "NAME", "delete a variable"},
    {"ignore-missing", PATCH_IGNORE_MISSING, NULL, "nothing to delete is no error"},
    {"boot-add", PATCH_BOOT_ADD, "LABEL=PATH", "add an entry by device path text"},
    {"boot-http", PATCH_BOOT_HTTP, "[LABEL=]URL", "add an HTTP entry, no MAC needed"},
    {"boot-pxe", PATCH_BOOT_PXE, "[LABEL=]MAC", "add a PXEv4 entry of one network card"},
    {"boot-file", PATCH_BOOT_FILE, "[LABEL=]PATH", "add a file on whatever disk has it"},
    {"boot-first", PATCH_BOOT_FIRST, "ENTRY", "move to the front of BootOrder"},
    {"boot-last", PATCH_BOOT_LAST, "ENTRY", "move to the end of BootOrder"},
    {"boot-order", PATCH_BOOT_ORDER, "N,N,...", "set BootOrder; * is the rest"},
    {"boot-next", PATCH_BOOT_NEXT, "ENTRY", "set BootNext; none deletes it"},
    {"boot-remove", PATCH_BOOT_REMOVE, "ENTRY", "delete an entry"},
    {"boot-enable", PATCH_BOOT_ENABLE, "ENTRY", "let it boot by itself"},
    {"boot-disable", PATCH_BOOT_DISABLE, "ENTRY", "keep it, but only for the menu"},
    {"timeout", PATCH_TIMEOUT, "SECONDS", "how long to wait for a key"},
    {"plan", PATCH_PLAN, "FILE", "what a plan says, see fwvar-plan(5); - reads it"},
    {"repair", PATCH_REPAIR, NULL, "mend a damaged store first, in the same run"},
    {"strict", PATCH_STRICT, NULL, "refuse settings that this firmware does not know"},
    {"bytes", PATCH_BYTES, NULL, "report the ranges of bytes that change"},
    {"fail-fast", PATCH_FAIL_FAST, NULL, "of several images, stop at the first failure"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option fleet_options[] = {
    {"plan", PATCH_PLAN, "FILE", "a plan for all hosts, before that of HOSTS; several"},
    {"path", FLEET_PATH, "TEMPLATE", "of each image in DIR ({serial}/RPI_EFI.fd)"},
    {"prune", FLEET_PRUNE, NULL, "remove images of hosts that are gone from the list"},
    {"fail-fast", PATCH_FAIL_FAST, NULL, "write nothing unless every host can be made"},
    {"strict", PATCH_STRICT, NULL, "refuse settings that this firmware does not know"},
    {"jobs", FLEET_JOBS, "N", "hosts done at once (one for each processor)"},
    {"verbose", OPT_VERBOSE, NULL, "report hosts too whose image is right already"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option export_options[] = {
    {"efivarfs", EXPORT_EFIVARFS, "DIR", "write a folder as Linux' efivarfs shows it"},
    {"dmpstore", EXPORT_DMPSTORE, "FILE",
     "write a file for the UEFI Shell's dmpstore -l"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option import_options[] = {
    {"only", TRANSFER_ONLY, "NAME", "just these variables; several allowed"},
    {"except", TRANSFER_EXCEPT, "NAME", "not these variables; several allowed"},
    {"sync", TRANSFER_SYNC, NULL, "delete runtime variables that the source lacks"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option scrub_options[] = {
    {"also", SCRUB_ALSO, "GROUP|NAME",
     "remove these too: mtc, rtc, memory, clock, consoles, "
     "or NAME"},
    {"keep", SCRUB_KEEP, "NAME", "leave these; several allowed"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option migrate_options[] = {
    {"only", TRANSFER_ONLY, "NAME", "just these variables; several allowed"},
    {"except", TRANSFER_EXCEPT, "NAME", "not these variables; several allowed"},
    {"all", TRANSFER_ALL, NULL, "also what is bound to a machine, or unknown there"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option repair_options[] = {
    {"only", REPAIR_ONLY, "RULE", "mend just this; several allowed"},
    {"bytes", PATCH_BYTES, NULL, "report the ranges of bytes that change"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option compact_options[] = {
    {"bytes", PATCH_BYTES, NULL, "report the ranges of bytes that change"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option format_options[] = {
    {"like", FORMAT_LIKE, "LAYOUT", "rpi4-2m rpi4-4m rpi4-old ovmf-2m ovmf-4m aavmf ..."},
    {"offset", FORMAT_OFFSET, "BYTES", "of the volume in the image"},
    {"length", FORMAT_LENGTH, "BYTES", "of the volume: variables, FTW block and spare"},
    {"store-size", FORMAT_STORE_SIZE, "BYTES", "of the variables, with their headers"},
    {"block-size", FORMAT_BLOCK_SIZE, "BYTES", "of the block map (0x1000)"},
    {NULL, OPT_END, NULL, NULL},
};

static const struct cli_option recover_options[] = {
    {"restore", RECOVER_RESTORE, "NAME[@OFFSET]",
     "bring an old value back; NAME may also follow IMAGE"},
    {"salvage", RECOVER_SALVAGE, NULL,
     "print all variables that can be found, as a virt-fw-vars document"},
    {NULL, OPT_END, NULL, NULL},
};

const struct cli_command cli_commands[] = {
    {"info", "IMAGE", "Shows what an image is and how healthy its store is", NULL,
     "fwvar info RPI_EFI.fd", NULL, false, cmd_info},
    {"list", "IMAGE [NAME...]", "Lists the live variables, decoded",
     "NAME is a variable, GUID-NAME, a setting's short name or a pattern with * and ?.",
     "fwvar list RPI_EFI.fd 'Boot*'", list_options, false, cmd_list},
    {"get", "IMAGE NAME", "Prints the value of one variable",
     "Exit status 1 means that there is no such variable.",
     "fwvar get RPI_EFI.fd ram-limit", get_options, false, cmd_get},
    {"boot", "IMAGE", "Shows the boot menu as the firmware will see it",
     "The layout is efibootmgr's; indented lines say what it cannot know.",
     "fwvar boot RPI_EFI.fd", NULL, false, cmd_boot},
    {"settings", "[IMAGE] [SETTING...]", "Shows the settings of the firmware by name",
     "SETTING is a short name, a variable or a pattern with * and ?. Without\n"
     "IMAGE: those of all boards, or of the one that --platform names. Of each it shows\n"
     "what is stored, the default of this release, the values that --set takes, and\n"
     "what it means; settings that this firmware does not know are marked.",
     "fwvar settings RPI_EFI.fd ram-limit 'mmc-*'", settings_options, false,
     cmd_settings},
    {"export", "IMAGE [NAME...]", "Prints variables as a virt-fw-vars document",
     "virt-fw-vars --set-json and QEMU read the result. --efivarfs makes a folder on "
     "which\n"
     "EFIVARFS_PATH=DIR/ efibootmgr works (mind the slash); an entry taken out of the "
     "order\n"
     "with -o stays in an ordinary folder, since efibootmgr does not shorten files.",
     "fwvar export RPI_EFI.fd > vars.json", export_options, false, cmd_export},
    {"diff", "OLD NEW", "Shows what differs, by meaning",
     "Exit status 0: same, 1: different, 2: trouble.", "fwvar diff stock.fd RPI_EFI.fd",
     diff_options, false, cmd_diff},
    {"check", "IMAGE...", "Says what is wrong with a store and what to do about it",
     "A finding is fatal (the firmware would crash, hang, wipe or ignore the store), "
     "wrong\n"
     "(a variable will not work) or advice. Exit status 0: nothing fatal or wrong, 1: "
     "there\n"
     "is, 2: trouble. With several images --json prints one document per line.",
     "fwvar check RPI_EFI.fd", check_options, false, cmd_check},
    {"patch", "IMAGE... EDIT...", "Changes variables, in the order given, all or nothing",
     "VALUE is what the setting takes (off, dt, 1500), or u8: u16: u32: u64: hex: "
     "ascii:\n"
     "asciiz: utf16: utf16z: and a value, or @FILE. ENTRY is a boot number, a label or "
     "a\n"
     "class (pxe4 pxe6 http4 http6 http disk file shell menu); label:TEXT forces a "
     "label.\n"
     "Several images need --in-place, --dry-run, or -o DIR, in which they keep their "
     "names;\n"
     "one that fails does not stop the others, and --json prints one document per line.",
     "fwvar patch RPI_EFI.fd --set ram-limit=off --boot-http \\\n"
     "      http://192.0.2.1/ipxe-arm64.efi --timeout 1 -o tftp/RPI_EFI.fd",
     patch_options, true, cmd_patch},
    {"fleet", "HOSTS IMAGE", "Makes an image for each host of a list, in the folder -o",
     "HOSTS is JSON, a plan with \"hosts\", or CSV whose first row names the keys; then\n"
     "--plan has the plan. {serial}, {mac} and any other key of a host may stand in the\n"
     "plan's texts; fwvar-plan(5) describes it. What is right already is left alone. "
     "Images\n"
     "of DIR at a path that TEMPLATE could make, for no host of the list, are reported "
     "as gone. With -o DIR, --dry-run compares with what is there; there is no "
     "--in-place.",
     "fwvar fleet hosts.json RPI_EFI.fd -o tftp", fleet_options, true, cmd_fleet},
    {"repair", "IMAGE", "Mends a damaged store without losing a live variable",
     "RULE is a rule of `fwvar check`. Where the chain of records is broken everything\n"
     "behind the break that is a record is kept. What cannot be mended safely is left,\n"
     "and said. Exit status 0: sound now, 1: something is left, 2: trouble.",
     "fwvar repair RPI_EFI.fd --dry-run", repair_options, true, cmd_repair},
    {"compact", "IMAGE", "Rebuilds the store without dead records",
     "The result is that of the firmware's own reclaim, at which a Raspberry Pi "
     "crashes.",
     "fwvar compact RPI_EFI.fd --in-place", compact_options, true, cmd_compact},
    {"format", "[IMAGE]", "Makes an empty store in a blank region or a new file",
     "LAYOUT: rpi4-2m rpi4-4m rpi4-old ovmf-2m ovmf-4m aavmf sbsa rk3588; without it\n"
     "the file's size tells. A store with variables is only overwritten with --force.",
     "fwvar format --like ovmf-4m -o OVMF_VARS.fd", format_options, true, cmd_format},
    {"recover", "IMAGE [NAME...]", "Shows old values and brings them back",
     "Lists the records of variables, oldest first; without NAME those that have dead\n"
     "ones. --restore takes the latest dead value, or the one at OFFSET.",
     "fwvar recover RPI_EFI.fd --restore ram-limit --in-place", recover_options, true,
     cmd_recover},
    {"import", "IMAGE DIR|FILE...", "Sets the variables of folders, documents and dumps",
     "DIR is a folder as Linux shows it under /sys/firmware/efi/efivars; FILE is a JSON\n"
     "document (virt-fw-vars, QEMU, python-uefivars) or one of the UEFI Shell's dmpstore "
     "-s.\n"
     "Volatile variables are left out unless --only names them. NAME is a variable, "
     "GUID-NAME,\n"
     "a setting's short name or a pattern with * and ?.",
     "fwvar import RPI_EFI.fd efivars -o tftp/RPI_EFI.fd", import_options, true,
     cmd_import},
    {"scrub", "IMAGE", "Removes what ties a saved image to one board",
     "What goes: the mark that boot entries are made already, lists of network cards and "
     "disks,\n"
     "settings named after a MAC, the DHCPv6 identity, and the entries that the firmware "
     "made.\n"
     "Settings and entries made by hand stay and are numbered anew; dead records go too.",
     "fwvar scrub saved.fd --also mtc -o RPI_EFI.fd", scrub_options, true, cmd_scrub},
    {"migrate", "OLD NEW", "Carries settings and boot entries into a new release",
     "OLD is an image, or what `fwvar export` or a running system has: a JSON document, "
     "a "
     "folder\n"
     "of efivarfs, a dmpstore file. NEW is changed. What the new release makes itself is "
     "left.",
     "fwvar migrate old/RPI_EFI.fd new/RPI_EFI.fd -o tftp/RPI_EFI.fd", migrate_options,
     true, cmd_migrate},
    {"plan", "IMAGE", "Prints a plan that reproduces settings and hand-made boot entries",
     "`patch --plan` applies it to another image, such as the next release; "
     "fwvar-plan(5)\n"
     "describes plans. Settings that have their default are left out, and so is what "
     "the\n"
     "firmware made itself.",
     "fwvar plan RPI_EFI.fd > plan.json", NULL, false, cmd_plan},
    {"devpath", "TEXT|HEX", "Translates a device path, text to bytes or back",
     "Given -, it reads a line of standard input.",
     "fwvar devpath 'Uri(http://192.0.2.1/ipxe.efi)'", devpath_options, false,
     cmd_devpath},
    {"help", "[COMMAND]", "Explains a command", NULL, "fwvar help patch", NULL, false,
     cmd_help},
    {NULL, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
