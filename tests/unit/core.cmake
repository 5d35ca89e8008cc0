# The core: base, format, image, edit, inspect.
fwvar_unit_test(test_base unit/test_base.c)
