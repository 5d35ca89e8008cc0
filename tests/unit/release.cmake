# Releases, firmware content and settings: unit tests, a test on real images, and the
# settings page of the documentation, which is printed from the table.
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)

# Internal functions are hidden in the shared library, so tests use the static one.
function(fwvar_release_program name)
    add_executable(${name} ${ARGN})
    target_include_directories(${name} PRIVATE
        ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests/support)
    target_link_libraries(${name} PRIVATE libfwvar_static fwvar_flags PkgConfig::CHECK)
endfunction()

fwvar_release_program(test_settings unit/test_settings.c)
fwvar_release_program(test_release unit/test_release.c support/fv_build.c)
fwvar_release_program(test_content unit/test_content.c support/fv_build.c)
foreach(test test_settings test_release test_content)
    add_test(NAME unit/${test} COMMAND ${test})
endforeach()

fwvar_release_program(test_release_real real/test_release_real.c)
add_test(NAME real/test_release_real COMMAND test_release_real)
set_tests_properties(real/test_release_real PROPERTIES SKIP_RETURN_CODE 77)

fwvar_release_program(settings_doc support/settings_doc.c)
add_custom_target(update-settings-doc
    COMMAND settings_doc > ${PROJECT_SOURCE_DIR}/docs/settings.md VERBATIM)
add_test(NAME docs/settings COMMAND sh -c
    "\"$<TARGET_FILE:settings_doc>\" | diff -u \"${PROJECT_SOURCE_DIR}/docs/settings.md\" -")
