/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * JSON documents with variables. Three programs write them, and one reader takes them all:
 *
 * - virt-fw-vars: `{"version": 2, "variables": [{"name", "guid", "attr", "data",
 *   "time"?}]}`; "guid" may be a name ("EfiGlobalVariable"), "attr" may be missing;
 * - QEMU's uefi-vars device: the same, with "digest" beside "time";
 * - python-uefivars: "timestamp" instead of "time", and in version 1 a bare list.
 *
 * "data", "time" and "digest" are hex digits. A variable whose name is not valid UTF-16
 * has it as "name_hex" too (UTF-16LE), which then counts.
 */
#ifndef FWVAR_DOCUMENT_H
#define FWVAR_DOCUMENT_H

#include <fwvar/varlist.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a JSON text is, told from its top level. */
enum fwvar_document_kind {
    FWVAR_DOCUMENT_OTHER,     /**< neither of the others, or no JSON */
    FWVAR_DOCUMENT_VARIABLES, /**< a list of variables, in one of the forms above */
    FWVAR_DOCUMENT_SCHEMA     /**< an object with "schema": a plan */
};

/**
 * Reads a document with variables. Errors say line, column and JSON pointer; the reader is
 * strict: unknown keys, unknown versions, bad hex digits, a name and GUID twice, an empty
 * name and empty data are errors. A digest is left out: edk2 keeps it elsewhere, in certdb.
 * @param text  JSON, UTF-8, with or without byte order mark; no NUL needed behind.
 * @param list  receives the variables, the caller's.
 * @return 0; #FWVAR_ERR_ARG; #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_document_read(const char *text, size_t size,
                                  struct fwvar_varlist **list, struct fwvar_diag *diag);

/** Tells what a text is by parsing it. */
FWVAR_API enum fwvar_document_kind fwvar_document_kind(const char *text, size_t size);

/**
 * Writes a document of version 2 as virt-fw-vars and QEMU read it.
 * @param text  receives it, NUL-terminated, with a line end; the caller's (free()).
 * @return 0 or #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_document_write(const struct fwvar_varlist *list, char **text,
                                   struct fwvar_diag *diag);

/** What a source of variables was. */
enum fwvar_source_kind {
    FWVAR_SOURCE_FOLDER,   /**< of the form of efivarfs */
    FWVAR_SOURCE_DOCUMENT, /**< JSON */
    FWVAR_SOURCE_DMPSTORE  /**< of the UEFI Shell */
};

/** Told of what is left out; as fwvar_note_fn. */
typedef void (*fwvar_source_note)(void *context, const char *text);

/**
 * Reads variables from a folder, a JSON document or a dmpstore file, told by content.
 * @param path  "-" is standard input.
 * @param kind  receives what it was; may be NULL.
 * @param note  told of files of a folder that are left out; may be NULL.
 * @return as fwvar_folder_read(), fwvar_document_read() and fwvar_dmpstore_read().
 */
FWVAR_API int fwvar_source_read(const char *path, struct fwvar_varlist **list,
                                enum fwvar_source_kind *kind, fwvar_source_note note,
                                void *context, struct fwvar_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
