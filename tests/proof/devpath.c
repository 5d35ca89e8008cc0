/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A device path of any content: each step goes forward inside it, and what is called
 * sound can be walked to its end node. */
#include "proof.h"

#include <fwvar/devpath.h>

static void step(const uint8_t *path, size_t size)
{
    struct fwvar_devpath_node node;
    size_t at = any_up_to(size), next = at;

    int code = fwvar_devpath_next(path, size, &next, &node);
    PROMISE((code == 1) == (at == size), "only the end is the end");
    if (code != 0) {
        PROMISE(next == at, "a walk that ends stays");
        return;
    }
    PROMISE(next <= size && next - at == node.length && node.length >= 4, "forward");
    PROMISE(node.data == path + at + 4, "a node is where the walk was");
}

int main(void)
{
    size_t size = any_up_to(BOUND), at = SIZE_MAX, next = 0;
    ANY_BYTES(path, size);
    struct fwvar_devpath_node node = {0};

    step(path, size);
    enum fwvar_devpath_flaw flaw = fwvar_devpath_check(path, size, &at);
    PROMISE(at <= size, "the place of a flaw is in the path");
    PROMISE(fwvar_devpath_flaw_text(flaw)[0], "a flaw has a name");
    if (flaw != FWVAR_DEVPATH_OK && flaw != FWVAR_DEVPATH_TRAILING)
        return 0;
    PROMISE((flaw == FWVAR_DEVPATH_OK) == (at == size), "a sound path is all there is");
    while (next < at)
        PROMISE(fwvar_devpath_next(path, size, &next, &node) == 0, "its nodes are sound");
    PROMISE(next == at && fwvar_devpath_is_end(&node), "its last node is the end");
    return 0;
}
