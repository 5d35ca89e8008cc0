# What ships beside the program: completions, man pages, examples, installed trees.
set(FWVAR_SHIP_ENV "FWVAR=$<TARGET_FILE:fwvar>;FWVAR_FIXTURES=${FWVAR_FIXTURES_DIR}")

# fwvar_script_test(NAME SCRIPT ARGUMENT...): status 77 is "skipped, and said why".
function(fwvar_script_test name script)
    add_test(NAME ${name} COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77
        ENVIRONMENT "${FWVAR_SHIP_ENV}")
endfunction()

foreach(shell tables bash zsh fish)
    fwvar_script_test(completion/${shell} completion/run.sh ${shell})
endforeach()
