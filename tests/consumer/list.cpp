// SPDX-License-Identifier: BSD-2-Clause-Patent
// The same as list.c, as C++ would have it.
#include <fwvar/image.h>
#include <fwvar/known.h>
#include <fwvar/variables.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

namespace
{
struct Text {
    explicit Text(char *text) : text(text, std::free)
    {
    }
    std::unique_ptr<char, decltype(&std::free)> text;
};

int fail(const std::string &message)
{
    std::cerr << message << "\n";
    return 2;
}
} // namespace

int main(int argc, char **argv)
{
    fwvar_diag diag;
    fwvar_image *opened = nullptr;
    fwvar_variables *read = nullptr;

    if (argc != 2)
        return fail("usage: list IMAGE");
    if (fwvar_image_open(argv[1], 0, &opened, &diag) != 0)
        return fail(diag.message);
    std::unique_ptr<fwvar_image, decltype(&fwvar_image_close)> image(opened,
                                                                     fwvar_image_close);
    if (fwvar_variables_read(fwvar_image_store(opened), &read, &diag) != 0)
        return fail(diag.message);
    std::unique_ptr<fwvar_variables, decltype(&fwvar_variables_free)> variables(
        read, fwvar_variables_free);
    for (size_t i = 0; i < fwvar_variables_count(read); i++) {
        const fwvar_record *record = fwvar_variables_at(read, i);
        if (fwvar_variables_role(read, i) != FWVAR_ROLE_LIVE)
            continue;
        fwvar_variable variable = fwvar_record_variable(record);
        Text name(fwvar_record_name(record, true, nullptr));
        Text value(fwvar_value_text(&variable));
        if (name.text && value.text)
            std::cout << name.text.get() << " = " << value.text.get() << "\n";
    }
    return 0;
}
