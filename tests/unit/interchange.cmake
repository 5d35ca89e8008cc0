# Lists of variables outside an image, and what carries them: documents, folders, dumps,
# import, scrub, migrate.
fwvar_unit_test(test_document unit/test_document.c)
fwvar_unit_test(test_varlist unit/test_varlist.c)
fwvar_unit_test(test_import unit/test_import.c)
fwvar_unit_test(test_scrub unit/test_scrub.c)
fwvar_unit_test(test_migrate unit/test_migrate.c)
fwvar_unit_test(real_interchange real/real_interchange.c)
