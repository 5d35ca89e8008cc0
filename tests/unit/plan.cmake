# Plans: reading, applying, writing; their schema, page and example.
fwvar_unit_test(test_plan_read unit/test_plan_read.c)
fwvar_unit_test(test_plan unit/test_plan.c support/editing.c)
fwvar_unit_test(test_plan_write unit/test_plan_write.c support/editing.c)
target_link_libraries(test_plan_write PRIVATE PkgConfig::JANSSON)
