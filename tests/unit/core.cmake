# The core: base, format, image, edit, inspect.
fwvar_unit_test(test_base unit/test_base.c)
fwvar_unit_test(test_volume unit/test_volume.c)
fwvar_unit_test(test_store unit/test_store.c)
fwvar_unit_test(test_locate unit/test_locate.c)
fwvar_unit_test(test_save unit/test_save.c)
fwvar_unit_test(test_edit unit/test_edit.c support/editing.c)
fwvar_unit_test(test_edit_random unit/test_edit_random.c support/editing.c)
fwvar_unit_test(test_boot unit/test_boot.c support/editing.c)
