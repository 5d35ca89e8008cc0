# Mending, making and remembering stores.
fwvar_unit_test(test_repair unit/test_repair.c)
fwvar_unit_test(test_format unit/test_format.c)
fwvar_unit_test(test_recover unit/test_recover.c)
