# The core: base, format, image, edit, inspect.
fwvar_unit_test(test_base unit/test_base.c)
fwvar_unit_test(test_volume unit/test_volume.c)
fwvar_unit_test(test_store unit/test_store.c)
fwvar_unit_test(test_locate unit/test_locate.c)
