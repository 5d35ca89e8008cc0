# Plans: reading, applying, writing; their schema, page and example.
fwvar_unit_test(test_plan_read unit/test_plan_read.c)
