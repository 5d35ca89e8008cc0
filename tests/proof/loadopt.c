/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A load option of any content: its parts follow one another to its end. */
#include "proof.h"

#include <fwvar/loadopt.h>

int main(void)
{
    size_t size = any_up_to(BOUND);
    ANY_BYTES(bytes, size);
    struct fwvar_loadopt o;

    int code = fwvar_loadopt_decode(bytes, size, &o);
    PROMISE((code == 0) == (o.flaw == FWVAR_LOADOPT_OK), "it is sound or says why not");
    if (o.flaw == FWVAR_LOADOPT_SHORT || o.flaw == FWVAR_LOADOPT_OPEN_DESCRIPTION)
        return 0;
    PROMISE(o.description == bytes + 6 && o.description_size % 2 == 0, "the description");
    PROMISE(o.path == o.description + o.description_size + 2, "its NUL, then the paths");
    PROMISE(inside(bytes, size, o.path, o.path_size), "paths are in the option");
    PROMISE(o.data_size == size - 8 - o.description_size - o.path_size, "the rest is data");
    PROMISE(o.data_size == 0 || o.data == o.path + o.path_size, "behind the paths");
    PROMISE(o.first_path_size <= o.path_size, "the first path is one of them");
    PROMISE(code != 0 || o.first_path_size >= 4, "a path has an end node at least");
    return 0;
}
