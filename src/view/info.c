/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/view.h"

#define ULL(x) ((unsigned long long)(x))

/* The worst finding, which is the first of its severity. */
static const struct fwvar_finding *worst(const struct fwvar_findings *findings)
{
    const struct fwvar_finding *found = NULL;

    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        if (!found || f->severity < found->severity)
            found = f;
    }
    return found;
}

static int print_health(const struct view_style *st,
                        const struct fwvar_findings *findings)
{
    const struct fwvar_finding *f = worst(findings);
    size_t n = fwvar_findings_count(findings);

    if (!f || f->severity == FWVAR_ADVICE) {
        fprintf(st->to, "health     %sgood%s\n", view_tint(st, TINT_GOOD),
                view_tint(st, TINT_PLAIN));
        return 0;
    }
    fprintf(st->to, "health     %s%s%s: ", view_tint(st, TINT_BAD),
            fwvar_severity_name(f->severity), view_tint(st, TINT_PLAIN));
    int code = 0;
    if (f->variable) {
        code = view_print_escaped(st->to, f->variable);
        fputs(": ", st->to);
    }
    if (code == 0)
        code = view_print_escaped(st->to, f->message);
    if (n > 1)
        fprintf(st->to, " (and %zu more, see fwvar check)", n - 1);
    fputc('\n', st->to);
    return code;
}

static void print_space(const struct view_style *st, const struct view_info *in)
{
    const struct fwvar_usage *u = fwvar_variables_usage(in->variables);
    struct fwvar_boots boots;
    uint64_t limit = fwvar_space_limit(fwvar_image_platform(in->image), u->capacity);

    fprintf(st->to, "space      %llu bytes used, %llu free, %llu reclaimable\n",
            ULL(u->used), ULL(u->free), ULL(u->reclaimable));
    if (limit < u->capacity)
        fprintf(st->to, "           %llu more until the firmware would crash\n",
                ULL(u->used < limit ? limit - u->used : 0));
    if (fwvar_boots_left(in->image, in->variables, &boots) == 0)
        view_boots_text(st, "           ", &boots);
}

/* "Raspberry Pi 4, v1.35, built 2023-06-05 11:12:41", or what little is known. */
static void print_release(const struct view_style *st, const struct fwvar_release *r)
{
    const char *board = fwvar_board_title(r->board);
    bool some = *board || r->version[0];

    fprintf(st->to, "firmware   %s%s%s",
            *board ? board
            : some ? ""
                   : "unknown",
            *board && r->version[0] ? ", " : "", r->version);
    if (r->build_date[0])
        fprintf(st->to, ", built %s", r->build_date);
    fputc('\n', st->to);
    if (r->confidence != FWVAR_RELEASE_NONE)
        fprintf(st->to, "           %s\n",
                r->confidence == FWVAR_RELEASE_CONTENT ? "read from its code"
                                                       : "guessed from the layout alone");
}

/* The addresses that the config.txt beside this image must have. */
static void print_config(const struct view_style *st, const struct view_info *in)
{
    const struct fwvar_layout *l = fwvar_image_layout(in->image);

    if (fwvar_config_known(l, in->release->board))
        fprintf(st->to, "config.txt device_tree_address=0x%x, device_tree_end=0x%x\n",
                l->device_tree, l->device_tree_end);
}

int view_info_text(const struct view_style *st, const struct view_info *in)
{
    const struct fwvar_store *s = fwvar_image_store(in->image);
    const struct fwvar_layout *l = fwvar_image_layout(in->image);
    const struct fwvar_usage *u = fwvar_variables_usage(in->variables);
    size_t live = u->live + u->duplicates;

    fprintf(st->to, "image      %s, %llu bytes%s\n", in->path,
            ULL(fwvar_image_size(in->image)),
            fwvar_image_is_gzip(in->image) ? " (gzip)" : "");
    print_release(st, in->release);
    if (in->release->era && *in->release->era)
        fprintf(st->to, "layout     Raspberry Pi, %s\n", in->release->era);
    else
        fprintf(st->to, "layout     %s\n",
                l ? l->title : fwvar_platform_title(fwvar_image_platform(in->image)));
    print_config(st, in);
    fprintf(st->to, "volume     at 0x%llx, 0x%llx bytes\n", ULL(s->volume.offset),
            ULL(s->volume.length));
    fprintf(st->to, "store      at 0x%llx, 0x%x bytes, %s records\n",
            ULL(s->volume.offset + s->header), s->declared,
            s->authenticated ? "authenticated" : "plain");
    print_space(st, in);
    fprintf(st->to, "variables  %zu live, %zu dead", live, u->dead + u->twins);
    if (u->unfinished + u->unknown)
        fprintf(st->to, ", %zu broken", u->unfinished + u->unknown);
    fputc('\n', st->to);
    int code = print_health(st, in->findings);
    view_advice_text(st, in->advice);
    return code;
}

json_t *view_info_json(const struct view_info *in)
{
    const struct fwvar_layout *l = fwvar_image_layout(in->image);
    const struct fwvar_usage *u = fwvar_variables_usage(in->variables);
    const struct fwvar_finding *f = worst(in->findings);
    json_t *doc = json_pack(
        "{s:i,s:o,s:I,s:b,s:s?,s:s,s:b}", "schema", 1, "image", view_json_text(in->path),
        "size", (json_int_t)fwvar_image_size(in->image), "gzip",
        fwvar_image_is_gzip(in->image), "layout", l ? l->name : NULL, "platform",
        fwvar_platform_title(fwvar_image_platform(in->image)), "authenticated",
        fwvar_image_store(in->image)->authenticated);

    if (!doc || view_json_place(doc, in->image, in->variables) != 0) {
        json_decref(doc);
        return NULL;
    }
    int failed = json_object_set_new(doc, "release", view_release_json(in->release));
    struct fwvar_boots boots;
    bool known = fwvar_boots_left(in->image, in->variables, &boots) == 0;
    failed |= json_object_set_new(
        doc, "boots_left", known ? json_integer((json_int_t)boots.left) : json_null());
    failed |= json_object_set_new(doc, "records",
                                  json_pack("{s:I,s:I,s:I}", "live",
                                            (json_int_t)(u->live + u->duplicates), "dead",
                                            (json_int_t)(u->dead + u->twins), "broken",
                                            (json_int_t)(u->unfinished + u->unknown)));
    failed |= json_object_set_new(
        doc, "health", json_string(f ? fwvar_severity_name(f->severity) : "good"));
    failed |= json_object_set_new(
        doc, "findings", json_integer((json_int_t)fwvar_findings_count(in->findings)));
    failed |= json_object_set_new(doc, "advice", view_advice_json(in->advice));
    if (failed) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}
