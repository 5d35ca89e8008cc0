# Plans: reading, applying, writing; their schema, page and example.
fwvar_unit_test(test_plan_read unit/test_plan_read.c)
fwvar_unit_test(test_hosts unit/test_hosts.c)
fwvar_unit_test(test_plan unit/test_plan.c support/planning.c support/editing.c)
fwvar_unit_test(test_plan_menu unit/test_plan_menu.c support/planning.c support/editing.c)
fwvar_unit_test(test_plan_write unit/test_plan_write.c support/editing.c)
target_link_libraries(test_plan_write PRIVATE PkgConfig::JANSSON)
fwvar_unit_test(test_plan_schema unit/test_plan_schema.c)
target_link_libraries(test_plan_schema PRIVATE PkgConfig::JANSSON)
target_compile_definitions(test_plan_schema PRIVATE FWVAR_SOURCE="${PROJECT_SOURCE_DIR}")

# The schemas, judged by another program.
add_test(NAME plan/schema COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/plan/schema.sh)
set_tests_properties(plan/schema PROPERTIES SKIP_RETURN_CODE 77
    ENVIRONMENT "FWVAR=$<TARGET_FILE:fwvar>;MISTAKES=$<TARGET_FILE:test_plan_read>;HOSTS=$<TARGET_FILE:test_hosts>")

# The example for servers, from eight threads, and under ThreadSanitizer.
add_executable(plan_threads plan/threads.c ${PROJECT_SOURCE_DIR}/docs/examples/tftp.c)
target_include_directories(plan_threads PRIVATE ${PROJECT_SOURCE_DIR}/docs/examples)
target_link_libraries(plan_threads PRIVATE libfwvar_static Threads::Threads fwvar_flags)
foreach(how plain tsan)
    add_test(NAME plan/threads/${how}
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/plan/threads.sh ${how})
    set_tests_properties(plan/threads/${how} PROPERTIES SKIP_RETURN_CODE 77
        ENVIRONMENT "THREADS=$<TARGET_FILE:plan_threads>;CC=${CMAKE_C_COMPILER}")
endforeach()
