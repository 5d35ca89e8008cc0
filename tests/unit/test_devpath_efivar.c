/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A second opinion: libefivar prints the bytes of the pairs, and reading its text must
 * give the same bytes. Its spelling is its own (decimal here, shortcuts there), so texts
 * are not compared. Only the nodes that libefivar 37 and later print right are asked
 * about; it prints IPv4, IPv6, WWIDs, SSIDs and some more in forms that nobody reads. */
#include <fwvar/devpath.h>

#include "devpath_pairs.h"

#ifndef FWVAR_TEST_EFIVAR

int main(void)
{
    puts("skipped: built without libefivar");
    return 77;
}

#else

#include <check.h>
#include <efivar/efivar.h>

static const char *const right[] = {
    "Pci(",
    "PcCard(",
    "MemoryMapped(",
    "VenHw(",
    "Ctrl(",
    "BMC(",
    "PciRoot(",
    "PcieRoot(",
    "Floppy(",
    "Keyboard(",
    "Serial(",
    "Acpi(",
    "AcpiAdr(",
    "Ata(",
    "Scsi(",
    "I1394(",
    "USB(",
    "I2O(",
    "MAC(",
    "Uart(",
    "UsbAudio(",
    "UsbHID(",
    "UsbHub(",
    "UsbCDCData(",
    "UsbMassStorage(",
    "Unit(",
    "Sata(",
    "Vlan(",
    "UFS(",
    "SD(",
    "Bluetooth(",
    "eMMC(",
    "BluetoothLE(",
    "NVDIMM(",
    "HD(",
    "CDROM(",
    "VenMedia(",
    "Media(",
    "FvFile(",
    "Offset(",
    "RamDisk(",
    "VirtualDisk(",
    "VirtualCD(",
    "PersistentVirtualDisk(",
    "BBS(",
};

static bool is_asked_about(const struct pair *pair)
{
    /* One node only: libefivar 37 loses the slash behind an end-instance node. */
    if (!pair->both || strchr(pair->text, '/') || strchr(pair->text, ')') == NULL ||
        strchr(pair->text, ')')[1] != '\0')
        return false;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        if (strncmp(pair->text, right[i], strlen(right[i])) == 0)
            return true;
    }
    return false;
}

START_TEST(libefivar_agrees)
{
    FILE *file = fopen(FWVAR_TEST_PAIRS, "r");
    struct pair pair = {0};
    int asked = 0;

    ck_assert_ptr_nonnull(file);
    while (pair_read(file, &pair)) {
        char theirs[4096];
        uint8_t *bytes = NULL;
        size_t size = 0;
        struct fwvar_diag diag = {0};
        if (!is_asked_about(&pair))
            continue;
        ck_assert(efidp_is_valid((const_efidp)pair.bytes, (ssize_t)pair.size));
        ck_assert_int_eq(efidp_size((const_efidp)pair.bytes), (ssize_t)pair.size);
        ssize_t n = efidp_format_device_path(theirs, sizeof theirs,
                                             (const_efidp)pair.bytes, (ssize_t)pair.size);
        ck_assert_int_gt(n, 0);
        int err = fwvar_devpath_parse(theirs, &bytes, &size, &diag);
        ck_assert_msg(err == 0, "%s printed as %s: %s", pair.text, theirs, diag.message);
        ck_assert_msg(size == pair.size && memcmp(bytes, pair.bytes, size) == 0,
                      "%s printed as %s", pair.text, theirs);
        free(bytes);
        asked++;
    }
    fclose(file);
    ck_assert_int_ge(asked, 80);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devpath_efivar");
    TCase *tests = tcase_create("devpath_efivar");

    tcase_add_test(tests, libefivar_agrees);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
