/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Names of vendor GUIDs in virt-fw-vars documents; they are edk2's (MdePkg.dec,
 * MdeModulePkg.dec, SecurityPkg.dec, NetworkPkg.dec), shim's has no name there. */
#include "know/guid_names.h"

#include <strings.h>

static const struct {
    const char *name, *guid;
} names[] = {
    {"EfiGlobalVariable", "8be4df61-93ca-11d2-aa0d-00e098032b8c"},
    {"EfiImageSecurityDatabase", "d719b2cb-3d3a-4596-a3bc-dad00e67656f"},
    {"EfiSecureBootEnableDisable", "f0a30bc7-af08-4556-99c4-001009c93a44"},
    {"EfiCustomModeEnable", "c076ec0c-7028-4399-a072-71ee5c448b9f"},
    {"EfiVendorKeysNv", "9073e4e0-60ec-4b6e-9903-4c223c260f3c"},
    {"EfiCertDb", "d9bee56e-75dc-49d9-b4d7-b534210f637a"},
    {"MtcVendor", "eb704011-1402-11d3-8e77-00a0c969723b"},
    {"EfiMemoryTypeInformation", "4c19049f-4137-4dd3-9c10-8b97a83ffdfa"},
    {"EdkiiVarErrorFlag", "04b37fe8-f6ae-480b-bdd5-37d98c5e89aa"},
    {"IScsiConfig", "4b47d616-a8d6-4552-9d44-ccad2e0f4cf9"},
    {"EfiIScsiInitiatorNameProtocol", "59324945-ec44-4c0d-b1cd-9db139df070c"},
    {"EfiDhcp6ServiceBindingProtocol", "9fb9a8a1-2f4a-43a6-889c-d0f7b6c47ad5"},
    {"EfiIp4Config2Protocol", "5b446ed1-e30b-4faa-871a-3654eca36080"},
    {"EfiIp6ConfigProtocol", "937fe521-95ae-4d1a-8929-48bcd90ad31a"},
    {"EfiTlsCaCertificate", "fd2340d0-3dab-4349-a6c7-3b4f12b48eae"},
    {"Shim", "605dab50-e046-4300-abb6-3dd810dd8b23"},
    {"MicrosoftVendor", "77fa9abd-0359-4d32-bd60-28f4e78f784b"},
    {"OvmfEnrollDefaultKeys", "a0baa8a3-041d-48a8-bc87-c36d121b5e3d"},
};

bool fw_guid_by_name(const char *name, struct fwvar_guid *guid)
{
    if (strncasecmp(name, "guid:", 5) == 0)
        name += 5;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(name, names[i].name) == 0)
            return fwvar_guid_parse(names[i].guid, guid) == 0;
    }
    return false;
}
