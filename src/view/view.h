/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Two renderings, text and JSON, of the same models. Nothing here opens files or decides
 * anything. JSON functions return a new reference, or NULL if out of memory. */
#ifndef FW_VIEW_VIEW_H
#define FW_VIEW_VIEW_H

#include <fwvar/advice.h>
#include <fwvar/check.h>
#include <fwvar/diff.h>
#include <fwvar/edit.h>
#include <fwvar/firmware.h>
#include <fwvar/outcome.h>
#include <fwvar/recover.h>
#include <fwvar/repair.h>

#include <jansson.h>
#include <stdio.h>

/* How text is to look. */
struct view_style {
    FILE *to;
    bool color;
    bool verbose;
};

/* ---- value.c: pieces ---- */
/* Text that may come from a file or a file name, as JSON: what is not UTF-8 is escaped.
 */
json_t *view_json_text(const char *text);
/* Prints text that may come from an image or from outside, control characters escaped.
 * 0 or FWVAR_ERR_NOMEM. */
int view_print_escaped(FILE *to, const char *text);
json_t *view_json_hex(const uint8_t *bytes, size_t size);
/* {"attr","data","value"}, and "time" of an authenticated variable */
json_t *view_json_value(const struct fwvar_record *record);
/* Adds "name" and "guid", and "name_hex" for a name that is not valid UTF-16. */
int view_json_identity(json_t *to, const struct fwvar_record *record);
/* "NV+BS+RT" */
void view_attributes(uint32_t attributes, char text[48]);
/* Classic hexdump, 16 bytes a line, indented. */
void view_hexdump(FILE *to, const uint8_t *bytes, size_t size);
const char *view_state_name(const struct fwvar_record *record);

enum view_tint { TINT_PLAIN, TINT_GOOD, TINT_BAD, TINT_WARN, TINT_DIM };
const char *view_tint(const struct view_style *style, enum view_tint tint);

/* ---- list.c ---- */
struct view_row {
    const struct fwvar_record *record;
    enum fwvar_role role;
};
int view_list_text(const struct view_style *style, const struct view_row *rows,
                   size_t count, bool all);
json_t *view_list_json(const char *path, const struct fwvar_image *image,
                       const struct fwvar_variables *variables,
                       const struct view_row *rows, size_t count);

/* Two variables may share a name; then only the GUID tells them apart. One flag for each
 * of the records, the caller's; NULL if out of memory. */
bool *view_namesakes(const struct fwvar_record *(*record)(const void *of, size_t i),
                     const void *of, size_t count);

/* ---- diff.c ---- */
int view_diff_text(const struct view_style *style, const struct fwvar_diff *diff,
                   bool bytes);
/* Adds "changes" and "bytes". */
int view_diff_json(json_t *to, const struct fwvar_diff *diff);

/* ---- outcome.c ---- */
int view_outcomes_text(const struct view_style *style,
                       const struct fwvar_outcomes *outcomes);
/* Adds "items". */
int view_outcomes_json(json_t *to, const struct fwvar_outcomes *outcomes);

/* ---- check.c ---- */
/* @boots may be NULL; @brief leaves only the summary. */
int view_check_text(const struct view_style *style, const char *path,
                    const struct fwvar_findings *findings,
                    const struct fwvar_boots *boots,
                    const struct fwvar_advice_list *advice, bool brief);
json_t *view_check_json(const char *path, const struct fwvar_findings *findings,
                        const struct fwvar_boots *boots,
                        const struct fwvar_advice_list *advice);
void view_rules_text(const struct view_style *style);
json_t *view_rules_json(void);
/* One line after @before: "about 110 more boots that save …". */
void view_boots_text(const struct view_style *style, const char *before,
                     const struct fwvar_boots *boots);

/* ---- advice.c ---- */
void view_advice_text(const struct view_style *style,
                      const struct fwvar_advice_list *list);
json_t *view_advice_json(const struct fwvar_advice_list *list);
json_t *view_release_json(const struct fwvar_release *release);

/* ---- repair.c ---- */
int view_repair_text(const struct view_style *style, const struct fwvar_repair *repair);
/* {"mends","left"} */
json_t *view_repair_json(const struct fwvar_repair *repair);
/* The records of variable @v, oldest first. */
int view_history_text(const struct view_style *style, const struct fwvar_history *history,
                      size_t v);
json_t *view_history_json(const struct fwvar_history *history, size_t v);

/* ---- settings.c ---- */
struct view_settings {
    const char *path;                    /* NULL without an image */
    const struct fwvar_release *release; /* NULL without an image */
    const char *board;                   /* "" for all */
    const struct fwvar_setting_state *rows;
    size_t count;
};
int view_settings_text(const struct view_style *style, const struct view_settings *in);
json_t *view_settings_json(const struct view_settings *in);

/* ---- info.c ---- */
/* What there is to say about an image as a whole. */
struct view_info {
    const char *path;
    const struct fwvar_image *image;
    const struct fwvar_variables *variables;
    const struct fwvar_findings *findings;
    const struct fwvar_release *release;
    const struct fwvar_advice_list *advice;
};
int view_info_text(const struct view_style *style, const struct view_info *info);
json_t *view_info_json(const struct view_info *info);
/* "volume" and "store" of a document. */
int view_json_place(json_t *to, const struct fwvar_image *image,
                    const struct fwvar_variables *variables);

#endif
