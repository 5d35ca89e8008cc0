# The rules: unit tests, every byte damaged, the corpus of damaged images, and the page of
# the documentation, which is printed from the table.
add_executable(mkdamaged support/mkdamaged.c)
target_link_libraries(mkdamaged PRIVATE fwvar_testsupport fwvar_flags)
fwvar_unit_test(test_check unit/test_check.c)
fwvar_unit_test(test_mutations unit/test_mutations.c)
if(TARGET fwvar)
    add_test(NAME damaged COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/cli/damaged.sh)
    set_tests_properties(damaged PROPERTIES ENVIRONMENT
        "FWVAR=$<TARGET_FILE:fwvar>;MKDAMAGED=$<TARGET_FILE:mkdamaged>")
endif()

add_executable(rules_doc support/rules_doc.c)
target_link_libraries(rules_doc PRIVATE libfwvar_static fwvar_flags)
add_custom_target(update-rules-doc
    COMMAND rules_doc > ${PROJECT_SOURCE_DIR}/docs/rules.md VERBATIM)
add_test(NAME docs/rules COMMAND sh -c
    "\"$<TARGET_FILE:rules_doc>\" | diff -u \"${PROJECT_SOURCE_DIR}/docs/rules.md\" -")
