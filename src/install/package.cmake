# cpack -G DEB: fwvar (the program), libfwvar0 (the shared library), libfwvar-dev.
# Configure with -DCMAKE_INSTALL_PREFIX=/usr. With SOURCE_DATE_EPOCH set, two builds give
# the same bytes.
if(FWVAR_STATIC)
    return()
endif()

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME fwvar)
set(CPACK_PACKAGE_VENDOR fwvar)
set(CPACK_PACKAGE_CONTACT "fwvar <fwvar@localhost>")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL bin lib dev)
set(CPACK_COMPONENTS_GROUPING IGNORE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()

set(CPACK_DEBIAN_BIN_PACKAGE_NAME fwvar)
set(CPACK_DEBIAN_BIN_PACKAGE_SECTION admin)
set(CPACK_COMPONENT_BIN_DESCRIPTION "Reads and edits the variable store inside a firmware image file, such as the
RPI_EFI.fd of a Raspberry Pi, before the firmware runs.")
set(CPACK_DEBIAN_LIB_PACKAGE_NAME libfwvar0)
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_LIB_DESCRIPTION "The shared library behind the program fwvar.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libfwvar-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libfwvar0 (= ${PROJECT_VERSION}), libjansson-dev,\
 liblzma-dev, uuid-dev, zlib1g-dev")
set(CPACK_COMPONENT_DEV_DESCRIPTION "Headers, static library, pkg-config file and CMake package of libfwvar.")
include(CPack)
