# SPDX-License-Identifier: BSD-2-Clause-Patent
# The whole program linked with wrappers before the calls that can fail.

include(fault/memory.cmake)
set(FAULT_CALLS ${FAULT_MEMORY_CALLS}
    open open64 openat openat64 close read __read_chk pread pread64 __pread64_chk write
    pwrite pwrite64 copy_file_range ioctl fcntl fcntl64 dup fsync syncfs fchmod fchown
    rename unlink unlinkat flock stat stat64 lstat lstat64 fstat fstat64 fstatat fstatat64
    fstatfs fstatfs64 access readlink mkdir mkdirat rmdir opendir fdopendir readdir
    readdir64 getrandom pthread_create)
list(TRANSFORM FAULT_CALLS PREPEND "-Wl,--wrap=" OUTPUT_VARIABLE FAULT_WRAPS)

get_target_property(FAULT_PROGRAM fwvar SOURCES)
list(TRANSFORM FAULT_PROGRAM PREPEND "${PROJECT_SOURCE_DIR}/src/")
add_library(fault_program OBJECT ${FAULT_PROGRAM} fault/inject.c fault/wrap_memory.c
    fault/wrap_system.c fault/trial.c fault/shot.c)
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/cli/main.c PROPERTIES
    COMPILE_OPTIONS "-Dmain=fwvar_main;-Wno-missing-prototypes")
target_include_directories(fault_program PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(fault_program PRIVATE FWVAR_VERSION="${PROJECT_VERSION}")
target_link_libraries(fault_program PRIVATE libfwvar_static fwvar_testsupport
    Threads::Threads fwvar_flags)

# What was freed is not kept for long: each run is a fork, which copies its page tables.
set(FAULT_ENVIRONMENT "FWVAR_FIXTURES=${FWVAR_FIXTURES_DIR}"
    "ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=4")

# fault_test(NAME SOURCE)
function(fault_test name)
    add_executable(${name} ${ARGN} $<TARGET_OBJECTS:fault_program>)
    target_link_libraries(${name} PRIVATE libfwvar_static fwvar_testsupport
        Threads::Threads fwvar_flags)
    target_link_options(${name} PRIVATE ${FAULT_WRAPS})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77
        ENVIRONMENT "${FAULT_ENVIRONMENT}")
endfunction()

fault_test(fault_memory fault/test_memory.c)
fault_test(fault_save fault/test_save.c)
fault_test(fault_tree fault/test_tree.c)
fault_test(fault_cut fault/test_cut.c)
fault_test(fault_race fault/test_race.c)

# No call is forgotten. Sanitizers bring calls of their own.
if(NOT FWVAR_DEVELOPER)
    add_test(NAME fault_calls COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/fault/calls.sh
        $<TARGET_FILE:fwvar> ${FAULT_CALLS})
    set_tests_properties(fault_calls PROPERTIES SKIP_RETURN_CODE 77)
endif()

# The same program as users have it, disturbed from outside.
add_test(NAME fault_strace
    COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/fault/strace.sh $<TARGET_FILE:fwvar>)
set_tests_properties(fault_strace PROPERTIES SKIP_RETURN_CODE 77
    ENVIRONMENT "FWVAR_FIXTURES=${FWVAR_FIXTURES_DIR};ASAN_OPTIONS=detect_leaks=0")

# What may be replaced and what must not be touched.
add_test(NAME fault_hygiene
    COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/fault/hygiene.sh $<TARGET_FILE:fwvar>)
set_tests_properties(fault_hygiene PROPERTIES
    ENVIRONMENT "FWVAR_FIXTURES=${FWVAR_FIXTURES_DIR};ASAN_OPTIONS=detect_leaks=0")

# On file systems that are mounted for it, and with the power cut.
add_test(NAME fault_filesystems
    COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/fault/filesystems.sh ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(fault_filesystems PROPERTIES SKIP_RETURN_CODE 77
    ENVIRONMENT "FWVAR_FIXTURES=${FWVAR_FIXTURES_DIR}")
