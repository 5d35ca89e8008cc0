# cmake --install: components bin (the program), lib (the shared library), dev (for those
# who compile against it).
include(CMakePackageConfigHelpers)

set(FWVAR_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/fwvar)

install(TARGETS fwvar RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT bin)
install(FILES docs/man/fwvar.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT bin)
install(FILES docs/man/fwvar-plan.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT bin)
install(FILES src/completions/fwvar.bash RENAME fwvar COMPONENT bin
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES src/completions/_fwvar COMPONENT bin
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES src/completions/fwvar.fish COMPONENT bin
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT bin)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT bin
    FILES_MATCHING PATTERN *.md PATTERN *.schema.json PATTERN *.[ch] PATTERN man EXCLUDE)

# What follows is of no use beside a program that shares nothing.
if(FWVAR_STATIC)
    return()
endif()

install(TARGETS libfwvar EXPORT fwvar
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT lib NAMELINK_COMPONENT dev)
install(TARGETS libfwvar_static EXPORT fwvar-static
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(DIRECTORY include/fwvar COMPONENT dev
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
install(FILES docs/man/libfwvar.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3 COMPONENT dev)

foreach(set fwvar fwvar-static)
    install(EXPORT ${set} NAMESPACE fwvar:: FILE ${set}-targets.cmake
        DESTINATION ${FWVAR_CMAKE_DIR} COMPONENT dev)
endforeach()
configure_package_config_file(src/install/fwvar-config.cmake.in
    ${PROJECT_BINARY_DIR}/fwvar-config.cmake INSTALL_DESTINATION ${FWVAR_CMAKE_DIR})
# Before 1.0 a minor version may break programs; SameMinorVersion says so.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fwvar-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fwvar-config.cmake
    ${PROJECT_BINARY_DIR}/fwvar-config-version.cmake
    DESTINATION ${FWVAR_CMAKE_DIR} COMPONENT dev)

# Paths in the pkg-config file are relative to it, so that a tree can be moved.
file(RELATIVE_PATH FWVAR_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
    ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" FWVAR_PC_PREFIX "${FWVAR_PC_PREFIX}")
configure_file(src/install/fwvar.pc.in ${PROJECT_BINARY_DIR}/fwvar.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/fwvar.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
