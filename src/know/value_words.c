/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Numbers, and the words for some of them. */
#include "know/value.h"

#include <fwvar/setting.h>

#include <inttypes.h>
#include <time.h>

/* BootDiscoveryPolicy.h of edk2; AuthVariableFormat.h and ImageAuthentication.h;
 * VarErrorFlag.h. */
static const struct words {
    const char *name; /* of the variable */
    struct fwvar_setting_keyword words[5];
} numbers[] = {
    {"BootDiscoveryPolicyOld", {{"minimal", 0, 0}, {"network", 1, 0}, {"all", 2, 0}}},
    {"SecureBootEnable", {{"off", 0, 0}, {"on", 1, 0}}},
    {"CustomMode", {{"standard", 0, 0}, {"custom", 1, 0}}},
    {"VendorKeysNv", {{"modified", 0, 0}, {"unmodified", 1, 0}}},
    {"VarErrorFlag",
     {{"no error", 0xff, 0},
      {"system error", 0xef, 0},
      {"user error", 0xfe, 0},
      {"system and user error", 0xee, 0}}},
};

static uint64_t load(const struct fwvar_variable *v)
{
    uint64_t n = 0;

    for (size_t i = v->data_size; i-- > 0;)
        n = n << 8 | v->data[i];
    return n;
}

static const char *word_of(const struct fwvar_variable *v, uint64_t n)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (!fwvar_name_matches(v->name, v->name_size, numbers[i].name))
            continue;
        for (const struct fwvar_setting_keyword *k = numbers[i].words; k->word; k++) {
            if ((uint64_t)k->value == n)
                return k->word;
        }
    }
    return NULL;
}

bool fw_value_number(struct fw_buf *out, const struct fwvar_variable *v)
{
    if (v->data_size == 0 || v->data_size > 8)
        return false;
    uint64_t n = load(v);
    const char *word = word_of(v, n);
    fw_buf_printf(out, "%" PRIu64, n);
    if (word)
        fw_buf_printf(out, " (%s)", word);
    return true;
}

/* OsIndications, UEFI specification 2.10, section 8.5.4. */
bool fw_value_flags(struct fw_buf *out, const struct fwvar_variable *v)
{
    static const char *const bits[] = {
        "boot-to-setup",     "timestamp-revocation", "file-capsule",
        "fmp-capsule",       "capsule-result",       "start-os-recovery",
        "platform-recovery", "json-config-refresh",
    };
    const char *separator = " (";

    if (v->data_size == 0 || v->data_size > 8)
        return false;
    uint64_t n = load(v);
    fw_buf_printf(out, "0x%" PRIx64, n);
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if (!(n >> i & 1))
            continue;
        fw_buf_printf(out, "%s%s", separator, bits[i]);
        separator = "+";
    }
    fw_buf_text(out, *separator == '+' ? ")" : "");
    return true;
}

/* EFI_MEMORY_TYPE, by the names of the shell's memmap command. */
bool fw_value_memory_types(struct fw_buf *out, const struct fwvar_variable *v)
{
    static const char *const types[] = {
        "Reserved",  "LoaderCode", "LoaderData", "BS_Code",   "BS_Data",  "RT_Code",
        "RT_Data",   "Available",  "Unusable",   "ACPI_Recl", "ACPI_NVS", "MMIO",
        "MMIO_Port", "PalCode",    "Persistent", "Unaccepted"};
    size_t n = v->data_size / 8;

    if (v->data_size % 8 || n > 64)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t type = fw_le32(v->data + 8 * i), pages = fw_le32(v->data + 8 * i + 4);
        if (i + 1 == n && pages == 0)
            break; /* the end of the list: whatever type was the last one in its day */
        if (type < sizeof types / sizeof types[0])
            fw_buf_printf(out, "%s %u, ", types[type], pages);
        else
            fw_buf_printf(out, "type %u %u, ", type, pages);
    }
    if (out->size >= 2)
        out->size -= 2;
    fw_buf_text(out, out->size ? " (pages)" : "empty");
    return true;
}

void fw_value_date(struct fw_buf *out, uint64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;

    if (seconds > UINT64_C(253402300799) || !gmtime_r(&t, &tm))
        return;
    fw_buf_printf(out, " (%04d-%02d-%02d %02d:%02d:%02d UTC)", tm.tm_year + 1900,
                  tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
