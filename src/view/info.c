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

static void print_health(const struct view_style *st,
                         const struct fwvar_findings *findings)
{
    const struct fwvar_finding *f = worst(findings);
    size_t n = fwvar_findings_count(findings);

    if (!f || f->severity == FWVAR_ADVICE) {
        fprintf(st->to, "health     %sgood%s\n", view_tint(st, TINT_GOOD),
                view_tint(st, TINT_PLAIN));
        return;
    }
    fprintf(st->to, "health     %s%s%s: %s%s%s", view_tint(st, TINT_BAD),
            fwvar_severity_name(f->severity), view_tint(st, TINT_PLAIN),
            f->variable ? f->variable : "", f->variable ? ": " : "", f->message);
    if (n > 1)
        fprintf(st->to, " (and %zu more, see fwvar check)", n - 1);
    fputc('\n', st->to);
}

static void print_space(const struct view_style *st, const struct fwvar_image *image,
                        const struct fwvar_variables *variables)
{
    const struct fwvar_usage *u = fwvar_variables_usage(variables);
    struct fwvar_boots boots;
    uint64_t limit = fwvar_space_limit(fwvar_image_platform(image), u->capacity);

    fprintf(st->to, "space      %llu bytes used, %llu free, %llu reclaimable\n",
            ULL(u->used), ULL(u->free), ULL(u->reclaimable));
    if (limit < u->capacity)
        fprintf(st->to, "           %llu more until the firmware would crash\n",
                ULL(u->used < limit ? limit - u->used : 0));
    if (fwvar_boots_left(image, variables, &boots) == 0)
        view_boots_text(st, "           ", &boots);
}

int view_info_text(const struct view_style *st, const char *path,
                   const struct fwvar_image *image,
                   const struct fwvar_variables *variables,
                   const struct fwvar_findings *findings)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    const struct fwvar_layout *l = fwvar_image_layout(image);
    const struct fwvar_usage *u = fwvar_variables_usage(variables);
    size_t live = u->live + u->duplicates;

    fprintf(st->to, "image      %s, %llu bytes%s\n", path, ULL(fwvar_image_size(image)),
            fwvar_image_is_gzip(image) ? " (gzip)" : "");
    fprintf(st->to, "layout     %s\n",
            l ? l->title : fwvar_platform_title(fwvar_image_platform(image)));
    fprintf(st->to, "volume     at 0x%llx, 0x%llx bytes\n", ULL(s->volume.offset),
            ULL(s->volume.length));
    fprintf(st->to, "store      at 0x%llx, 0x%x bytes, %s records\n",
            ULL(s->volume.offset + s->header), s->declared,
            s->authenticated ? "authenticated" : "plain");
    print_space(st, image, variables);
    fprintf(st->to, "variables  %zu live, %zu dead", live, u->dead + u->twins);
    if (u->unfinished + u->unknown)
        fprintf(st->to, ", %zu broken", u->unfinished + u->unknown);
    fputc('\n', st->to);
    print_health(st, findings);
    return 0;
}

json_t *view_info_json(const char *path, const struct fwvar_image *image,
                       const struct fwvar_variables *variables,
                       const struct fwvar_findings *findings)
{
    const struct fwvar_layout *l = fwvar_image_layout(image);
    const struct fwvar_usage *u = fwvar_variables_usage(variables);
    const struct fwvar_finding *f = worst(findings);
    json_t *doc =
        json_pack("{s:i,s:o,s:I,s:b,s:s?,s:s,s:b}", "schema", 1, "image",
                  view_json_text(path), "size", (json_int_t)fwvar_image_size(image),
                  "gzip", fwvar_image_is_gzip(image), "layout", l ? l->name : NULL,
                  "platform", fwvar_platform_title(fwvar_image_platform(image)),
                  "authenticated", fwvar_image_store(image)->authenticated);

    if (!doc || view_json_place(doc, image, variables) != 0) {
        json_decref(doc);
        return NULL;
    }
    struct fwvar_boots boots;
    bool known = fwvar_boots_left(image, variables, &boots) == 0;
    int failed = json_object_set_new(
        doc, "boots_left", known ? json_integer((json_int_t)boots.left) : json_null());
    failed |= json_object_set_new(doc, "records",
                                  json_pack("{s:I,s:I,s:I}", "live",
                                            (json_int_t)(u->live + u->duplicates), "dead",
                                            (json_int_t)(u->dead + u->twins), "broken",
                                            (json_int_t)(u->unfinished + u->unknown)));
    failed |= json_object_set_new(
        doc, "health", json_string(f ? fwvar_severity_name(f->severity) : "good"));
    failed |= json_object_set_new(
        doc, "findings", json_integer((json_int_t)fwvar_findings_count(findings)));
    if (failed) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}
