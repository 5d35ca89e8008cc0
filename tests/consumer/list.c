/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Prints the live variables of an image. */
#include <fwvar/image.h>
#include <fwvar/known.h>
#include <fwvar/variables.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct fwvar_variables *variables;
    struct fwvar_image *image;
    struct fwvar_diag diag;

    if (argc != 2 || fwvar_image_open(argv[1], 0, &image, &diag) != 0) {
        fprintf(stderr, "%s\n", argc == 2 ? diag.message : "usage: list IMAGE");
        return 2;
    }
    if (fwvar_variables_read(fwvar_image_store(image), &variables, &diag) != 0) {
        fprintf(stderr, "%s\n", diag.message);
        return 2;
    }
    for (size_t i = 0; i < fwvar_variables_count(variables); i++) {
        const struct fwvar_record *record = fwvar_variables_at(variables, i);
        if (fwvar_variables_role(variables, i) != FWVAR_ROLE_LIVE)
            continue;
        struct fwvar_variable variable = fwvar_record_variable(record);
        char *name = fwvar_record_name(record, true, NULL);
        char *value = fwvar_value_text(&variable);
        if (name && value)
            printf("%s = %s\n", name, value);
        free(name);
        free(value);
    }
    fwvar_variables_free(variables);
    fwvar_image_close(image);
    return 0;
}
