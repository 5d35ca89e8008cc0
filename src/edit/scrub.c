/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "edit/scrub.h"
#include "edit/edit.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/suggest.h"
#include "base/utf16.h"
#include "know/bound.h"

#include <fwvar/assign.h>
#include <fwvar/known.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

void fw_scrub_saw_mac(struct fw_scrub *s, const uint8_t mac[6])
{
    for (size_t i = 0; i < s->mac_count; i++) {
        if (memcmp(s->macs[i], mac, 6) == 0)
            return;
    }
    if (s->mac_count < FW_SCRUB_MACS)
        memcpy(s->macs[s->mac_count++], mac, 6);
}

int fw_scrub_keeps(const struct fw_scrub *s, const struct fwvar_variable *v)
{
    int fits = fw_fits_any(s->options->keep, s->options->keep_count, v);

    return fits < 0 ? fw_nomem(s->diag) : fits;
}

int fw_scrub_asked(const struct fw_scrub *s, const struct fwvar_variable *v)
{
    const struct fw_bound *b = fw_bound_find(v);

    for (size_t i = 0; b && b->group && i < s->options->also_count; i++) {
        if (strcasecmp(b->group, s->options->also[i]) == 0)
            return 1;
    }
    int fits = fw_fits_any(s->options->also, s->options->also_count, v);
    return fits < 0 ? fw_nomem(s->diag) : fits;
}

int fw_scrub_remove(struct fw_scrub *s, const struct fwvar_variable *v,
                    const char *reason)
{
    int code =
        fw_outcomes_add(s->outcomes, v, FWVAR_OUTCOME_REMOVED, s->diag, "%s", reason);

    return code == 0
               ? fwvar_edit_delete(s->edit, &v->guid, v->name, v->name_size, s->diag)
               : code;
}

/* ---- variables that are no boot entries ---- */

static bool is_menu(const struct fwvar_variable *v)
{
    static const char *const names[] = {"Boot####", "BootOrder", "BootNext", "Key####"};
    bool menu = false;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        menu |= fwvar_name_matches(v->name, v->name_size, names[i]);
    return menu && fwvar_guid_equal(&v->guid, &fwvar_global_guid);
}

static int scrub_variable(struct fw_scrub *s, const struct fwvar_variable *v)
{
    const struct fw_bound *b = fw_bound_find(v);
    bool ties = b && (b->use & FW_BOUND_TIES);
    int asked = fw_scrub_asked(s, v);
    uint8_t mac[6];

    if (asked < 0 || (!ties && !asked))
        return asked;
    int kept = fw_scrub_keeps(s, v);
    if (kept < 0)
        return kept;
    if (kept)
        return fw_outcomes_add(s->outcomes, v, FWVAR_OUTCOME_KEPT, s->diag,
                               "as asked for%s%s", b ? ", though: " : "",
                               b ? b->reason : "");
    if (fw_name_is_mac(v->name, v->name_size, mac))
        fw_scrub_saw_mac(s, mac);
    return fw_scrub_remove(s, v, b ? b->reason : "as asked for");
}

static int scrub_variables(struct fw_scrub *s)
{
    const struct fwvar_variables *before = fwvar_edit_before(s->edit);
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(before); i++) {
        if (fwvar_variables_role(before, i) != FWVAR_ROLE_LIVE)
            continue;
        struct fwvar_variable v = fwvar_record_variable(fwvar_variables_at(before, i));
        if (!is_menu(&v))
            code = scrub_variable(s, &v);
    }
    return code;
}

/* ---- what still holds a MAC ---- */

/* Hex digits as text, in UTF-16 or (@step 1) ASCII, whatever the letter case; `:` or `-`
 * may stand between the bytes. */
static bool text_at(const uint8_t *p, size_t size, const uint8_t mac[6], size_t step)
{
    static const char hex[] = "0123456789abcdef";
    size_t at = 0;

    for (unsigned k = 0; k < 12; k++) {
        unsigned want = (unsigned char)hex[k % 2 ? mac[k / 2] & 15 : mac[k / 2] >> 4];
        if (k > 0 && k % 2 == 0 && size - at >= step && (p[at] == ':' || p[at] == '-'))
            at += step;
        if (size - at < step || (p[at] | 0x20u) != (want | 0x20u) ||
            (step == 2 && p[at + 1] != 0))
            return false;
        at += step;
    }
    return true;
}

static bool holds(const uint8_t *p, size_t size, const uint8_t mac[6])
{
    for (size_t i = 0; i + 6 <= size; i++) {
        if (memcmp(p + i, mac, 6) == 0 || text_at(p + i, size - i, mac, 1) ||
            text_at(p + i, size - i, mac, 2))
            return true;
    }
    return false;
}

static int note_macs(struct fw_scrub *s, const struct fwvar_variable *v)
{
    int kept = is_menu(v) ? 1 : fw_scrub_keeps(s, v), code = kept < 0 ? kept : 0;

    for (size_t i = 0; code == 0 && !kept && i < s->mac_count; i++) {
        const uint8_t *m = s->macs[i];
        if (holds(v->data, v->data_size, m))
            code = fw_outcomes_add(
                s->outcomes, v, FWVAR_OUTCOME_KEPT, s->diag,
                "it holds the MAC %02x:%02x:%02x:%02x:%02x:%02x; --also removes it", m[0],
                m[1], m[2], m[3], m[4], m[5]);
    }
    return code;
}

static int note_rest(struct fw_scrub *s)
{
    struct fwvar_variable v;
    size_t cursor = 0;
    int code = 0;

    while (code == 0 && s->mac_count && fwvar_edit_next(s->edit, &cursor, &v) == 0)
        code = note_macs(s, &v);
    return code;
}

/* ---- what was asked for ---- */

/* A word that means nothing is a slip of the pen, and what it was to name would stay in
 * the image, or go from it, unnoticed. Patterns may fit nothing, and so may the names of
 * variables that other images have. */
static int check_word(const struct fw_scrub *s, const char *word, bool is_group)
{
    struct fwvar_target target;
    const char *group;

    if (strpbrk(word, "*?[") || (is_group && fw_bound_group(word)))
        return 0;
    int code = fwvar_target_find(s->edit, word, NULL, &target, s->diag);
    if (code == 0 || code == FWVAR_ERR_AMBIGUOUS)
        return 0;
    struct fw_suggest near = fw_suggest(word);
    for (size_t i = 0; is_group && (group = fw_bound_group_at(i)) != NULL; i++)
        fw_suggest_try(&near, group);
    if (near.best)
        fw_hint(s->diag, "did you mean %s?", near.best);
    return code;
}

static int check_words(const struct fw_scrub *s)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < s->options->also_count; i++)
        code = check_word(s, s->options->also[i], true);
    for (size_t i = 0; code == 0 && i < s->options->keep_count; i++)
        code = check_word(s, s->options->keep[i], false);
    return code;
}

const char *fwvar_scrub_group(size_t i)
{
    return fw_bound_group_at(i);
}

int fwvar_scrub(struct fwvar_edit *edit, const struct fwvar_scrub_options *options,
                struct fwvar_outcomes **outcomes, struct fwvar_diag *diag)
{
    struct fw_scrub s = {.edit = edit, .options = options, .diag = diag};
    int code = fw_outcomes_new(&s.outcomes, diag);

    edit->loose_entries = true; /* under new numbers they are as loose as before */
    if (code == 0)
        code = check_words(&s);
    if (code == 0)
        code = scrub_variables(&s);
    if (code == 0)
        code = fw_scrub_menu(&s);
    if (code == 0)
        code = note_rest(&s);
    if (code != 0) {
        fwvar_outcomes_free(s.outcomes);
        return code;
    }
    *outcomes = s.outcomes;
    return 0;
}
