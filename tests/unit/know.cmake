# What is known of the machine: values as text, the firmware of an image, advice.
fwvar_unit_test(test_value unit/test_value.c)
fwvar_unit_test(test_firmware unit/test_firmware.c)
fwvar_unit_test(test_advice unit/test_advice.c)
