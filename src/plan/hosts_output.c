/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Where the images of hosts go: paths from a template, which must not leave the folder,
 * and what no two hosts may share. */
#include "plan/hosts.h"

#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

#define PART_MAX 200  /* bytes; file systems take 255, and temporary names are longer */
#define PATH_LONG 2000

static size_t count_parts(const char *path)
{
    size_t n = 1;

    for (; *path; path++)
        n += *path == '/';
    return n;
}

const char *fw_path_flaw(const char *path, size_t parts)
{
    for (const char *p = path; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return "has a control character";
    }
    if (*path == '/')
        return "is not below the folder";
    if (count_parts(path) != parts)
        return "has a / from a value, which would make another folder";
    if (strlen(path) > PATH_LONG)
        return "is too long";
    for (const char *p = path;; p++) {
        size_t n = strcspn(p, "/");
        if (n == 0)
            return "has an empty part";
        if (*p == '.')
            return "has a part that begins with a dot";
        if (n > PART_MAX)
            return "has a part of more than 200 bytes";
        p += n;
        if (*p == '\0')
            return NULL;
    }
}

/* ---- the paths ---- */

static int fail_template(const struct fwvar_hosts *h, const char *flaw,
                         struct fwvar_diag *diag)
{
    const struct fw_json_text doc = {h->text, h->size, diag};

    if (h->json && !h->output_given)
        return fw_place_fail(&doc, "/output", false, "'%.128s' %s", h->output.text, flaw);
    return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "output '%.128s' %s",
                   h->output.text, flaw);
}

/* What is wrong with the template itself: any text in place of its keys. */
static int check_template(const struct fwvar_hosts *h, struct fwvar_diag *diag)
{
    const char *p = h->output.text, *at = p, *name = p;
    struct fw_buf sample = {0};
    size_t length;
    int more;

    while ((more = fw_template_next(&at, &name, &length)) == 1) {
        fw_buf_put(&sample, p, (size_t)(name - 1 - p));
        fw_buf_put8(&sample, 'x');
        p = at;
    }
    fw_buf_text(&sample, p);
    char *path = fw_buf_take_text(&sample);
    if (!path)
        return fw_nomem(diag);
    const char *flaw = more < 0 ? "has a brace that belongs to no {key}"
                                : fw_path_flaw(path, count_parts(path));
    free(path);
    return flaw ? fail_template(h, flaw, diag) : 0;
}

static int make_output(struct fwvar_hosts *h, size_t i, size_t parts,
                       struct fwvar_diag *diag)
{
    struct fwvar_host *host = &h->hosts[i].host;
    const struct fwvar_plan_use use = {.keys = host->keys, .key_count = host->key_count};
    struct fw_buf path = {0};
    int code = fw_template_fill(&h->output, &use, &path, diag);

    if (code == FWVAR_ERR_NOTFOUND) {
        char why[128];
        memcpy(why, diag->message, sizeof why - 1);
        why[sizeof why - 1] = '\0';
        code = fw_hosts_fail(h, i, NULL, diag, "output %.128s: %s", h->output.text, why);
        if (code == FWVAR_ERR_ARG)
            fw_hint(diag, "give each host this key, or name another output");
    }
    fw_buf_put8(&path, 0);
    if (code == 0 && path.bad)
        code = fw_nomem(diag);
    if (code == 0) {
        const char *flaw = fw_path_flaw((char *)path.p, parts);
        host->output = fw_plan_text(h->plan, (char *)path.p);
        if (!host->output)
            code = fw_nomem(diag);
        else if (flaw)
            code = fw_hosts_fail(h, i, NULL, diag, "its output '%.128s' %s",
                                 host->output, flaw);
    }
    fw_buf_free(&path);
    return code;
}

/* ---- what two share ---- */

static const char *serial_of(const struct fw_host *h)
{
    return h->host.serial;
}

static const char *mac_of(const struct fw_host *h)
{
    return h->host.mac;
}

static const char *output_of(const struct fw_host *h)
{
    return h->host.output;
}

struct sorted {
    const char *value;
    size_t host;
};

static int by_value(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = strcmp(x->value, y->value);

    return order ? order : (x->host > y->host) - (x->host < y->host);
}

static int report_shared(const struct fwvar_hosts *h, const char *key, size_t first,
                         size_t second, struct fwvar_diag *diag)
{
    bool is_output = strcmp(key, "output") == 0;
    const struct fwvar_host *b = &h->hosts[second].host;
    const char *value = is_output ? b->output : *key == 's' ? b->serial : b->mac;
    size_t line = fwvar_hosts_line(h, first);

    return fw_hosts_fail(h, second, is_output ? NULL : key, diag,
                         "%s %.128s is that of the host on line %zu already", key, value,
                         line);
}

/* The first host in the list that has what one before it has is the error. */
static int check_shared(const struct fwvar_hosts *h, struct sorted *sorted,
                        const char *key, const char *(*value_of)(const struct fw_host *),
                        struct fwvar_diag *diag)
{
    size_t n = 0, first = 0, second = h->count;

    for (size_t i = 0; i < h->count; i++) {
        const char *value = value_of(&h->hosts[i]);
        if (value)
            sorted[n++] = (struct sorted){value, i};
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(sorted[i - 1].value, sorted[i].value) != 0)
            continue;
        if (sorted[i].host < second) {
            first = sorted[i - 1].host;
            second = sorted[i].host;
        }
    }
    return second < h->count ? report_shared(h, key, first, second, diag) : 0;
}

static int index_outputs(struct fwvar_hosts *h, const struct sorted *sorted)
{
    h->by_output = malloc(h->count * sizeof *h->by_output);
    if (!h->by_output)
        return FWVAR_ERR_NOMEM;
    for (size_t i = 0; i < h->count; i++)
        h->by_output[i] = &h->hosts[sorted[i].host];
    return 0;
}

int fw_hosts_settle(struct fwvar_hosts *h, struct fwvar_diag *diag)
{
    struct sorted *sorted = malloc(h->count * sizeof *sorted);
    size_t parts = count_parts(h->output.text);
    int code = sorted ? check_template(h, diag) : fw_nomem(diag);

    for (size_t i = 0; i < h->count; i++)
        h->hosts[i].host.keys = h->hosts[i].keys;
    if (code == 0)
        code = check_shared(h, sorted, "serial", serial_of, diag);
    if (code == 0)
        code = check_shared(h, sorted, "mac", mac_of, diag);
    for (size_t i = 0; code == 0 && i < h->count; i++)
        code = make_output(h, i, parts, diag);
    if (code == 0)
        code = check_shared(h, sorted, "output", output_of, diag);
    if (code == 0 && index_outputs(h, sorted) != 0)
        code = fw_nomem(diag);
    free(sorted);
    return code;
}

/* ---- asking ---- */

const struct fwvar_host *fwvar_hosts_find(const struct fwvar_hosts *h, const char *output)
{
    size_t from = 0, to = h->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(output, h->by_output[middle]->host.output);
        if (order == 0)
            return &h->by_output[middle]->host;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

static bool has_key(const struct fwvar_host *host, const char *name)
{
    for (size_t i = 0; i < host->key_count; i++) {
        if (strcmp(host->keys[i].name, name) == 0)
            return true;
    }
    return false;
}

static int check_needs(const struct fwvar_hosts *h, size_t i,
                       const struct fwvar_plan *plan, struct fwvar_diag *diag)
{
    const char *key;

    for (size_t k = 0; (key = fwvar_plan_needs(plan, k)); k++) {
        if (!has_key(&h->hosts[i].host, key)) {
            int code = fw_hosts_fail(h, i, NULL, diag,
                                     "it has no \"%.64s\", which the plan names", key);
            if (code == FWVAR_ERR_ARG)
                fw_hint(diag, "give each host one; a brace itself is written {{ or }}");
            return code;
        }
    }
    return 0;
}

int fwvar_hosts_check(const struct fwvar_hosts *h, const struct fwvar_plan *plan,
                      struct fwvar_diag *diag)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < h->count; i++) {
        code = check_needs(h, i, plan, diag);
        if (code == 0 && h->hosts[i].own)
            code = check_needs(h, i, h->hosts[i].own, diag);
    }
    return code;
}

/* ---- paths that the template could have made ---- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Characters at @path that a value of the key may be, where its form is known: 0 if it is
 * not that form, SIZE_MAX if the key may be any text. */
static size_t fixed_form(const char *key, size_t length, const char *path)
{
    bool mac = length == 3 && memcmp(key, "mac", 3) == 0;
    size_t n = mac ? 17 : 8;

    if (!mac && !(length == 6 && memcmp(key, "serial", 6) == 0))
        return SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        if (mac && i % 3 == 2 ? path[i] != ':' : !is_hex(path[i]))
            return 0;
    }
    return n;
}

/* A place to go back to: the template behind a key of any text, and how far the path was
 * matched to it. */
struct retry {
    const char *pattern, *path;
};

bool fwvar_hosts_could_be(const struct fwvar_hosts *h, const char *path)
{
    const char *p = h->output.text, *at, *key;
    struct retry retry = {NULL, NULL};
    size_t length = 0, n = 0;

    for (;;) {
        if (*p == '\0' && *path == '\0')
            return true;
        at = p;
        bool is_key = *p == '{' && p[1] != '{' && fw_template_next(&at, &key, &length) == 1;
        if (is_key)
            n = fixed_form(key, length, path);
        if (is_key && n == SIZE_MAX && *path && *path != '/') {
            retry = (struct retry){at, ++path};
            p = at;
        } else if (is_key && n > 0 && n != SIZE_MAX) {
            p = at;
            path += n;
        } else if (!is_key && *p && *p == *path) {
            p += (*p == '{' || *p == '}') ? 2 : 1;
            path++;
        } else if (retry.pattern && *retry.path && *retry.path != '/') {
            path = ++retry.path; /* the last key of any text takes one character more */
            p = retry.pattern;
        } else {
            return false;
        }
    }
}
