/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What `check` found, and the table of rules. */
#include "view/view.h"

#include "base/bytes.h"
#include "base/utf16.h"

#include <stdlib.h>
#include <string.h>

#define ULL(x)     ((unsigned long long)(x))
#define SEVERITIES 3
#define PLAIN      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-"

/* ---- pieces ---- */

static void count_each(const struct fwvar_findings *findings, size_t count[SEVERITIES])
{
    memset(count, 0, SEVERITIES * sizeof *count);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++)
        count[fwvar_findings_at(findings, i)->severity]++;
}

/* A file name as one word of a shell command. */
static void put_quoted(struct fw_buf *out, const char *path)
{
    if (path[0] != '-' && path[0] && path[strspn(path, PLAIN)] == '\0') {
        fw_buf_text(out, path);
        return;
    }
    fw_buf_text(out, path[0] == '-' ? "'./" : "'");
    for (; *path; path++) {
        if (*path == '\'')
            fw_buf_text(out, "'\\''");
        else
            fw_buf_put(out, path, 1);
    }
    fw_buf_text(out, "'");
}

/* A command with the image's name in the place of IMAGE, unless it is standard input. */
static char *command_for(const char *command, const char *path)
{
    const char *at = strcmp(path, "-") == 0 ? NULL : strstr(command, "IMAGE");
    struct fw_buf out = {0};

    if (at) {
        fw_buf_put(&out, command, (size_t)(at - command));
        put_quoted(&out, path);
        command = at + strlen("IMAGE");
    }
    fw_buf_text(&out, command);
    return fw_buf_take_text(&out);
}

static char *escaped(const char *text)
{
    struct fw_buf out = {0};

    fw_text_escaped(&out, text, strlen(text));
    return fw_buf_take_text(&out);
}

/* ---- text ---- */

static enum view_tint tint_of(enum fwvar_severity severity)
{
    static const enum view_tint tints[SEVERITIES] = {TINT_BAD, TINT_WARN, TINT_DIM};

    return tints[severity];
}

static void print_summary(const struct view_style *st, const char *path,
                          const struct fwvar_findings *findings)
{
    const char *separator = "";
    size_t count[SEVERITIES];

    count_each(findings, count);
    fprintf(st->to, "%s: ", path);
    if (fwvar_findings_count(findings) == 0)
        fprintf(st->to, "%sclean%s", view_tint(st, TINT_GOOD), view_tint(st, TINT_PLAIN));
    for (int s = 0; s < SEVERITIES; s++) {
        if (count[s] == 0)
            continue;
        fprintf(st->to, "%s%s%zu %s%s", separator,
                view_tint(st, tint_of((enum fwvar_severity)s)), count[s],
                fwvar_severity_name((enum fwvar_severity)s), view_tint(st, TINT_PLAIN));
        separator = ", ";
    }
    fputc('\n', st->to);
}

static int rule_width(const struct fwvar_findings *findings)
{
    size_t width = 0;

    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        size_t n = strlen(fwvar_findings_at(findings, i)->rule->name);
        width = n > width ? n : width;
    }
    return (int)width;
}

/* Several findings of one rule in a row are explained once. */
static int print_hints(const struct view_style *st, const char *path,
                       const struct fwvar_finding *f, const struct fwvar_finding *before)
{
    bool again = before && before->rule == f->rule;

    if (!again)
        fprintf(st->to, "          why: %s\n          fix: %s\n", f->rule->meaning,
                f->rule->fix);
    if (!f->command || (again && strcmp(f->command, before->command) == 0))
        return 0;
    char *command = command_for(f->command, path);
    char *shown = command ? escaped(command) : NULL;
    if (shown)
        fprintf(st->to, "          run: %s\n", shown);
    free(command);
    int code = shown ? 0 : FWVAR_ERR_NOMEM;
    free(shown);
    return code;
}

static int print_finding(const struct view_style *st, const struct fwvar_finding *f,
                         int width)
{
    char place[24] = "-";

    if (f->offset != FWVAR_NO_OFFSET)
        snprintf(place, sizeof place, "0x%06llx", ULL(f->offset));
    fprintf(st->to, "  %s%-6s%s  %-*s  %-8s  ", view_tint(st, tint_of(f->severity)),
            fwvar_severity_name(f->severity), view_tint(st, TINT_PLAIN), width,
            f->rule->name, place);
    if (f->variable) {
        char *name = escaped(f->variable);
        if (!name)
            return FWVAR_ERR_NOMEM;
        fprintf(st->to, "%s: ", name);
        free(name);
    }
    fprintf(st->to, "%s\n", f->message);
    return 0;
}

void view_boots_text(const struct view_style *st, const char *before,
                     const struct fwvar_boots *boots)
{
    fprintf(st->to, "%sabout %llu more boots that save, at %llu bytes each\n", before,
            ULL(boots->left), ULL(boots->bytes_per_boot));
}

int view_check_text(const struct view_style *st, const char *path,
                    const struct fwvar_findings *findings,
                    const struct fwvar_boots *boots,
                    const struct fwvar_advice_list *advice, bool brief)
{
    const struct fwvar_finding *before = NULL;
    bool fatal = false;
    int width = rule_width(findings), code = 0;
    char *name = escaped(path);

    if (!name)
        return FWVAR_ERR_NOMEM;
    print_summary(st, name, findings);
    free(name);
    for (size_t i = 0; !brief && code == 0 && i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        code = print_finding(st, f, width);
        if (code == 0)
            code = print_hints(st, path, f, before);
        fatal |= f->severity == FWVAR_FATAL;
        before = f;
    }
    for (size_t i = 0; !brief && i < advice->count; i++)
        fprintf(st->to, "  %sadvice%s  %s: %s\n", view_tint(st, TINT_DIM),
                view_tint(st, TINT_PLAIN), advice->items[i].rule->rule,
                advice->items[i].text);
    if (boots && !brief && !fatal)
        view_boots_text(st, "  room for ", boots);
    return code;
}

/* ---- JSON ---- */

static json_t *fix_json(const struct fwvar_finding *f, const char *command)
{
    struct fw_buf out = {0};

    fw_buf_text(&out, f->rule->fix);
    if (command)
        fw_buf_printf(&out, ": %s", command);
    char *text = fw_buf_take_text(&out);
    json_t *json = text ? view_json_text(text) : NULL;
    free(text);
    return json;
}

static json_t *finding_json(const struct fwvar_finding *f, const char *path)
{
    char *command = f->command ? command_for(f->command, path) : NULL;
    json_t *o = json_object();
    int failed = !o || (f->command && !command);

    failed |= json_object_set_new(o, "rule", json_string(f->rule->name));
    failed |=
        json_object_set_new(o, "severity", json_string(fwvar_severity_name(f->severity)));
    failed |= json_object_set_new(
        o, "offset",
        f->offset == FWVAR_NO_OFFSET ? json_null() : json_integer((json_int_t)f->offset));
    if (f->variable)
        failed |= json_object_set_new(o, "variable", view_json_text(f->variable));
    failed |= json_object_set_new(o, "message", view_json_text(f->message));
    failed |= json_object_set_new(o, "fix", fix_json(f, command));
    if (command)
        failed |= json_object_set_new(o, "command", view_json_text(command));
    free(command);
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}

json_t *view_check_json(const char *path, const struct fwvar_findings *findings,
                        const struct fwvar_boots *boots,
                        const struct fwvar_advice_list *advice)
{
    json_t *list = json_array();
    json_t *doc = json_pack("{s:i,s:o}", "schema", 1, "image", view_json_text(path));
    int failed = !doc || !list;

    for (size_t i = 0; !failed && i < fwvar_findings_count(findings); i++)
        failed = json_array_append_new(
            list, finding_json(fwvar_findings_at(findings, i), path));
    failed |= json_object_set(doc, "findings", list);
    json_decref(list);
    failed |= json_object_set_new(
        doc, "boots_left", boots ? json_integer((json_int_t)boots->left) : json_null());
    failed |= json_object_set_new(doc, "advice", view_advice_json(advice));
    if (failed) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}

/* ---- the table of rules ---- */

void view_rules_text(const struct view_style *st)
{
    const struct fwvar_rule *r;

    for (size_t i = 0; (r = fwvar_rule_at(i)) != NULL; i++) {
        const char *rpi = fwvar_severity_name(r->on_rpi);
        const char *nor = fwvar_severity_name(r->on_nor);
        const char *other = fwvar_severity_name(r->elsewhere);
        fprintf(st->to, "%s%s%s: ", view_tint(st, TINT_GOOD), r->name,
                view_tint(st, TINT_PLAIN));
        if (r->on_rpi == r->on_nor && r->on_nor == r->elsewhere)
            fprintf(st->to, "%s\n", rpi);
        else
            fprintf(st->to,
                    "%s on a Raspberry Pi, %s on NOR flash (AAVMF), %s elsewhere\n", rpi,
                    nor, other);
        fprintf(st->to, "    %s\n    fix: %s%s%s\n", r->meaning, r->fix,
                r->command ? ": " : "", r->command ? r->command : "");
    }
}

json_t *view_rules_json(void)
{
    json_t *list = json_array();
    const struct fwvar_rule *r;

    for (size_t i = 0; list && (r = fwvar_rule_at(i)) != NULL; i++) {
        json_t *o = json_pack(
            "{s:s,s:{s:s,s:s,s:s},s:b,s:s,s:s,s:s?}", "rule", r->name, "severity", "rpi",
            fwvar_severity_name(r->on_rpi), "nor", fwvar_severity_name(r->on_nor),
            "other", fwvar_severity_name(r->elsewhere), "stops_edits", r->stops_edits,
            "meaning", r->meaning, "fix", r->fix, "command", r->command);
        if (json_array_append_new(list, o) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list ? json_pack("{s:i,s:o}", "schema", 1, "rules", list) : NULL;
}
