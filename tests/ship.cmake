# What ships beside the program: completions, man pages, examples, installed trees.
set(FWVAR_SHIP_ENV "FWVAR=$<TARGET_FILE:fwvar>;FWVAR_FIXTURES=${FWVAR_FIXTURES_DIR}")

# Part of the program, not of the library.
fwvar_unit_test(test_fold unit/test_fold.c ${PROJECT_SOURCE_DIR}/src/view/fold.c)

# fwvar_script_test(NAME SCRIPT ARGUMENT...): status 77 is "skipped, and said why".
function(fwvar_script_test name script)
    add_test(NAME ${name} COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77
        ENVIRONMENT "${FWVAR_SHIP_ENV}")
endfunction()

foreach(shell tables bash zsh fish)
    fwvar_script_test(completion/${shell} completion/run.sh ${shell})
endforeach()

# The installed tree, and those who use it.
foreach(language c cxx)
    fwvar_script_test(headers/${language} consumer/headers.sh ${language} ${PROJECT_SOURCE_DIR}/include)
endforeach()
if(FWVAR_DEVELOPER)
    set(flags "-fsanitize=address,undefined")
endif()
if(NOT FWVAR_STATIC)
    foreach(what tree c cxx pc)
        fwvar_script_test(install/${what} consumer/run.sh ${what})
        set_tests_properties(install/${what} PROPERTIES ENVIRONMENT
            "${FWVAR_SHIP_ENV};FWVAR_BUILD=${PROJECT_BINARY_DIR};CONSUMER_FLAGS=${flags};CC=${CMAKE_C_COMPILER}")
    endforeach()
endif()

foreach(what page lint examples help)
    fwvar_script_test(man/${what} man/run.sh ${what})
endforeach()

# The static program, on this machine and on others, and as small as it has to be.
if(NOT FWVAR_DEVELOPER)
    foreach(machine native musl musl-arm aarch64)
        fwvar_script_test(static/${machine} static/run.sh ${machine})
    endforeach()
    set_tests_properties(static/musl PROPERTIES TIMEOUT 3600
        ENVIRONMENT "${FWVAR_SHIP_ENV};FWVAR_STATIC_MAX=409600")
    set_tests_properties(static/musl-arm PROPERTIES TIMEOUT 3600
        ENVIRONMENT "${FWVAR_SHIP_ENV};FWVAR_STATIC_MAX=330000")
endif()

if(NOT FWVAR_STATIC AND NOT FWVAR_DEVELOPER)
    fwvar_script_test(package/deb package/run.sh)
    # With FWVAR_FRESH=1 in the environment: in a Debian made for it.
    fwvar_script_test(fresh/readme fresh/run.sh --ctest readme)
    fwvar_script_test(fresh/deb fresh/run.sh --ctest deb)
    set_tests_properties(fresh/readme fresh/deb PROPERTIES TIMEOUT 3600)
endif()

# What the documentation shows.
fwvar_script_test(docs/openwrt docs/openwrt.sh)
foreach(page README.md docs/troubleshooting.md)
    get_filename_component(name ${page} NAME_WE)
    fwvar_script_test(docs/${name} docs/run.sh ${page})
    set_tests_properties(docs/${name} PROPERTIES ENVIRONMENT
        "${FWVAR_SHIP_ENV};MKDAMAGED=$<TARGET_FILE:mkdamaged>")
endforeach()
fwvar_script_test(docs/table docs/run.sh table)
if(NOT FWVAR_STATIC)
    fwvar_script_test(docs/library docs/run.sh library)
    set_tests_properties(docs/library PROPERTIES ENVIRONMENT
        "${FWVAR_SHIP_ENV};FWVAR_BUILD=${PROJECT_BINARY_DIR};CONSUMER_FLAGS=${flags};CC=${CMAKE_C_COMPILER}")
endif()

# Many hosts at once.
fwvar_script_test(fleet fleet/run.sh)
set_tests_properties(fleet PROPERTIES TIMEOUT 600)

# docs/ci.md, run as it stands.
fwvar_script_test(ci ci/run.sh)
