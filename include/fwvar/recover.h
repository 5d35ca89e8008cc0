/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * What a store remembers: the history in its dead records, and what can still be read
 * where its headers are gone.
 */
#ifndef FWVAR_RECOVER_H
#define FWVAR_RECOVER_H

#include <fwvar/image.h>
#include <fwvar/variables.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The records of a store, put together by variable. */
struct fwvar_history;

/**
 * Sorts records by variable: variables in the order of their first records, the records of
 * each from the oldest to the newest, which is the order of their addresses.
 * @param variables  must outlive the history.
 * @return 0 or #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_history_read(const struct fwvar_variables *variables,
                                 struct fwvar_history **history, struct fwvar_diag *diag);

FWVAR_API void fwvar_history_free(struct fwvar_history *history);

/** Number of variables, live and dead. */
FWVAR_API size_t fwvar_history_variables(const struct fwvar_history *history);

/** Number of records of variable @p v. */
FWVAR_API size_t fwvar_history_records(const struct fwvar_history *history, size_t v);

/** Record @p i of variable @p v and what it is to the firmware; @p role may be NULL. */
FWVAR_API const struct fwvar_record *
fwvar_history_record(const struct fwvar_history *history, size_t v, size_t i,
                     enum fwvar_role *role);

/** Variables read from what is left of an image. */
struct fwvar_salvage;

/**
 * Reads all variables that are still there, whatever became of the headers in front of
 * them: as fwvar_repair() finds them, and by looking for records, in the store if the repair
 * leaves something (the image ends inside the volume) and that finds more, through the whole
 * image if there is no store.
 * @param image  opened with #FWVAR_OPEN_ANYTHING and #FWVAR_OPEN_THOROUGH.
 * @return 0; #FWVAR_ERR_NOTFOUND if there is not a single record; #FWVAR_ERR_IO;
 *         #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_salvage(const struct fwvar_image *image,
                            struct fwvar_salvage **salvage, struct fwvar_diag *diag);

FWVAR_API void fwvar_salvage_free(struct fwvar_salvage *salvage);

/** The records found; owned by the result. Their offsets are those in the image only if they
 *  did not have to be looked for. */
FWVAR_API const struct fwvar_variables *
fwvar_salvage_variables(const struct fwvar_salvage *salvage);

#ifdef __cplusplus
}
#endif
#endif
