# Device paths, load options and key options. Included by tests/CMakeLists.txt.
if(NOT TARGET PkgConfig::CHECK)
    pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)
endif()

function(fwvar_devpath_test name)
    add_executable(${name} unit/${name}.c)
    target_compile_definitions(${name} PRIVATE
        FWVAR_TEST_PAIRS="${CMAKE_CURRENT_SOURCE_DIR}/unit/devpath_pairs.tsv")
    target_link_libraries(${name} PRIVATE libfwvar_static fwvar_flags PkgConfig::CHECK)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT CK_FORK=no SKIP_RETURN_CODE 77)
endfunction()

fwvar_devpath_test(test_devpath)
fwvar_devpath_test(test_loadopt)

# libefivar as a second opinion on the bytes of each node.
fwvar_devpath_test(test_devpath_efivar)
if(NOT TARGET PkgConfig::EFIVAR)
    pkg_check_modules(EFIVAR IMPORTED_TARGET efivar)
endif()
if(EFIVAR_FOUND)
    target_link_libraries(test_devpath_efivar PRIVATE PkgConfig::EFIVAR)
    target_compile_definitions(test_devpath_efivar PRIVATE FWVAR_TEST_EFIVAR)
endif()
