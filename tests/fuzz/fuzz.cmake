# SPDX-License-Identifier: BSD-2-Clause-Patent
# Fuzz targets. Ordinary builds replay their corpora; with FWVAR_FUZZ=ON (clang) they are
# linked with libFuzzer, see run.sh. AFL++: CC=afl-clang-fast takes FWVAR_FUZZ too.

option(FWVAR_FUZZ "build the fuzz targets with libFuzzer" OFF)

include(fault/memory.cmake)

# fuzz_target(NAME): fuzz_NAME.c with its corpus in corpus/NAME
function(fuzz_target name)
    set(sources fuzz/fuzz_${name}.c fuzz/judge.c fuzz/bases.c)
    if(FWVAR_FUZZ)
        add_executable(fuzz_${name} ${sources})
        target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(fuzz_${name} ${sources} fuzz/replay.c)
        add_test(NAME fuzz_${name} COMMAND fuzz_${name}
            ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
    endif()
    target_link_libraries(fuzz_${name} PRIVATE libfwvar_static fwvar_testsupport
        fwvar_flags)
endfunction()

add_custom_target(fuzz_targets)
foreach(target image edit memory devpath plan exchange content text file)
    fuzz_target(${target})
    add_dependencies(fuzz_targets fuzz_${target})
endforeach()
# Where the input makes an allocation fail.
foreach(target edit memory)
    target_sources(fuzz_${target} PRIVATE fuzz/memory.c fault/wrap_memory.c)
    target_link_options(fuzz_${target} PRIVATE ${FAULT_MEMORY_WRAPS})
endforeach()
target_include_directories(fuzz_plan PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(fuzz_content PRIVATE LibLZMA::LibLZMA)

add_executable(fuzz_seeds fuzz/seeds.c fuzz/seeds_edit.c fuzz/seeds_image.c fuzz/bases.c)
target_link_libraries(fuzz_seeds PRIVATE libfwvar_static fwvar_testsupport fwvar_flags)
