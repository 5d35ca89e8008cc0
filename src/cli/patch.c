/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The patch command: options to calls, one function per edit. */
#include "cli/patch.h"
#include "cli/batch.h"
#include "cli/machine.h"

#include "base/bytes.h"

#include <fwvar/assign.h>
#include <fwvar/boot.h>
#include <fwvar/plan.h>
#include <fwvar/repair.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One image of a run of `patch`. */
struct patching {
    struct cli *cli;
    struct fwvar_plan **plans; /* of the options --plan, at their index in cli->given */
    struct fwvar_image *image;
    struct fwvar_repair *repair; /* with --repair */
    struct fwvar_edit *edit;
    const char *path;
    struct fwvar_naming naming;
    struct fwvar_diag diag;
};

/* ---- helpers ---- */

/* Splits at the first '=', in front of which is a @what; both parts are the caller's. */
static int split(struct patching *p, const char *arg, const char *what, char **left,
                 const char **right)
{
    const char *equals = strchr(arg, '=');

    if (!equals || equals == arg) {
        snprintf(p->diag.message, sizeof p->diag.message, "'%.128s' has no %s=", arg,
                 what);
        snprintf(p->diag.hint, sizeof p->diag.hint, "see `fwvar help patch`");
        return FWVAR_ERR_ARG;
    }
    *left = strndup(arg, (size_t)(equals - arg));
    *right = equals + 1;
    return *left ? 0 : FWVAR_ERR_NOMEM;
}

static void warn(void *context, const char *text)
{
    struct patching *p = context;

    cli_warn(p->cli, p->path, "%s", text);
}

/* ---- --attr and --time belong to a --set of the same name, wherever they stand ---- */

static const char *companion(const struct patching *p, int id, const char *name)
{
    const char *found = NULL;
    size_t n = strlen(name);

    for (size_t i = 0; i < p->cli->given_count; i++) {
        const struct cli_given *g = &p->cli->given[i];
        if (g->id == id && strncmp(g->arg, name, n) == 0 && g->arg[n] == '=')
            found = g->arg + n + 1;
    }
    return found;
}

struct extras {
    uint32_t attributes;
    uint8_t time[16];
    struct fwvar_assign_options options;
};

static int read_extras(struct patching *p, const char *name, struct extras *x)
{
    const char *attributes = companion(p, PATCH_ATTR, name);
    const char *time = companion(p, PATCH_TIME, name);
    int code = 0;

    *x = (struct extras){.options = {.board = p->naming.board}};
    if (attributes) {
        code = fwvar_attributes_parse(attributes, &x->attributes, &p->diag);
        x->options.attributes = &x->attributes;
    }
    if (code == 0 && time) {
        code = fwvar_time_parse(time, x->time, &p->diag);
        x->options.time = x->time;
    }
    return code;
}

/* ---- edits ---- */

static int read_file(struct patching *p, const char *path, struct fw_buf *bytes)
{
    FILE *f = fopen(path, "rb");
    uint8_t chunk[4096];
    size_t n = 0;

    while (f && bytes->size <= (16 << 20) && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
        fw_buf_put(bytes, chunk, n);
    bool nomem = bytes->bad || (!f && errno == ENOMEM);
    bool failed = !f || ferror(f) || n > 0;
    if (failed)
        snprintf(p->diag.message, sizeof p->diag.message, "cannot read %s: %s", path,
                 f && n > 0 ? "larger than 16 MB" : strerror(errno));
    if (f)
        fclose(f);
    if (nomem)
        return FWVAR_ERR_NOMEM;
    return failed ? FWVAR_ERR_IO : 0;
}

static int set_value(struct patching *p, const struct fwvar_target *target,
                     const char *value, const struct extras *x)
{
    struct fw_buf bytes = {0};

    if (value[0] != '@')
        return fwvar_assign_text(p->edit, target, value, &x->options, &p->diag);
    int code = read_file(p, value + 1, &bytes);
    if (code == 0)
        code = fwvar_assign_bytes(p->edit, target, bytes.p, bytes.size, &x->options,
                                  &p->diag);
    fw_buf_free(&bytes);
    return code;
}

static int edit_set(struct patching *p, const char *arg)
{
    struct fwvar_target target;
    struct extras x;
    const char *value;
    char *name;

    int code = split(p, arg, "NAME", &name, &value);
    if (code != 0)
        return code;
    code = fwvar_naming_find(&p->naming, name, &target, &p->diag);
    if (code == 0 && target.setting)
        code = fwvar_naming_board(&p->naming, FWVAR_EFFORT_HEAD, &p->diag);
    if (code == 0)
        code = read_extras(p, name, &x);
    if (code == 0)
        code = set_value(p, &target, value, &x);
    if (code == 0)
        code = fwvar_naming_judge(&p->naming, &target, &p->diag);
    free(name);
    return code;
}

/* --attr or --time without a --set: the variable keeps its value. */
static int edit_companion(struct patching *p, const char *arg)
{
    struct fwvar_target target;
    struct fwvar_variable now;
    struct extras x;
    const char *value;
    char *name;

    int code = split(p, arg, "NAME", &name, &value);
    if (code != 0)
        return code;
    if (!companion(p, PATCH_SET, name)) {
        code = fwvar_naming_find(&p->naming, name, &target, &p->diag);
        if (code == 0)
            code = read_extras(p, name, &x);
        if (code == 0 && fwvar_edit_get(p->edit, &target.guid, target.name,
                                        target.name_size, &now) != 0) {
            snprintf(p->diag.message, sizeof p->diag.message, "no variable %.128s", name);
            code = FWVAR_ERR_NOTFOUND;
        }
        if (code == 0)
            code = fwvar_assign_bytes(p->edit, &target, now.data, now.data_size,
                                      &x.options, &p->diag);
    }
    free(name);
    return code;
}

static int edit_delete(struct patching *p, const char *name)
{
    bool ignore = cli_has(p->cli, PATCH_IGNORE_MISSING);
    struct fwvar_target target;

    int code = fwvar_naming_find(&p->naming, name, &target, &p->diag);
    if (code == FWVAR_ERR_NOTFOUND && ignore)
        return 0;
    if (code == 0)
        code = fwvar_edit_delete(p->edit, &target.guid, target.name, target.name_size,
                                 &p->diag);
    if (code == FWVAR_ERR_NOTFOUND) {
        if (ignore)
            return 0;
        snprintf(p->diag.message, sizeof p->diag.message, "no variable %.128s to delete",
                 name);
        snprintf(
            p->diag.hint, sizeof p->diag.hint,
            "`fwvar list` shows what is there; --ignore-missing makes this no error");
    }
    return code;
}

typedef int (*boot_adder)(struct fwvar_edit *, const char *, const char *, uint16_t *,
                          struct fwvar_diag *);

/* [LABEL=]WHAT, split at the first '=' unless "://" stands before it. */
static int edit_boot_add(struct patching *p, const char *arg, boot_adder add)
{
    const char *equals = strchr(arg, '='), *scheme = strstr(arg, "://");
    char *label = NULL;

    if (equals && (!scheme || equals < scheme)) {
        label = strndup(arg, (size_t)(equals - arg));
        if (!label)
            return FWVAR_ERR_NOMEM;
        arg = equals + 1;
    }
    int code = add(p->edit, label, arg, NULL, &p->diag);
    free(label);
    return code;
}

/* --boot-pxe @FILE: one MAC or LABEL=MAC a line, # begins a comment. */
static int edit_boot_pxe(struct patching *p, const char *arg)
{
    struct fw_buf text = {0};
    char *save, *all;

    if (arg[0] != '@')
        return edit_boot_add(p, arg, fwvar_boot_add_pxe);
    int code = read_file(p, arg + 1, &text);
    if (code != 0) {
        fw_buf_free(&text);
        return code;
    }
    all = fw_buf_take_text(&text);
    if (!all)
        return FWVAR_ERR_NOMEM;
    for (char *line = strtok_r(all, "\r\n", &save); code == 0 && line;
         line = strtok_r(NULL, "\r\n", &save)) {
        line[strcspn(line, "#")] = '\0';
        line += strspn(line, " \t");
        for (size_t n = strlen(line); n > 0 && (line[n - 1] | 0x29) == 0x29; n--)
            line[n - 1] = '\0'; /* space and tab */
        if (*line)
            code = edit_boot_add(p, line, fwvar_boot_add_pxe);
    }
    free(all);
    return code;
}

static int edit_boot_path(struct patching *p, const char *arg)
{
    const char *path;
    char *label;

    int code = split(p, arg, "LABEL", &label, &path);
    if (code != 0)
        return code;
    if (!*path)
        code = FWVAR_ERR_ARG;
    if (code != 0)
        snprintf(p->diag.message, sizeof p->diag.message, "%.128s: the path is empty",
                 arg);
    else
        code = fwvar_boot_add_path(p->edit, label, path, NULL, &p->diag);
    free(label);
    return code;
}

static int edit_timeout(struct patching *p, const char *arg)
{
    struct fwvar_assign_options none = {0};
    struct fwvar_target target;

    int code = fwvar_target_find(p->edit, "Timeout", NULL, &target, &p->diag);
    return code == 0 ? fwvar_assign_text(p->edit, &target, arg, &none, &p->diag) : code;
}

static int edit_plan(struct patching *p, const struct fwvar_plan *plan)
{
    const struct fwvar_plan_use use = {.firmware = p->naming.firmware,
                                       .warn = warn,
                                       .context = p,
                                       .strict = p->naming.strict};

    return fwvar_plan_apply(plan, p->edit, &use, &p->diag);
}

static int apply(struct patching *p, const struct cli_given *g)
{
    switch (g->id) {
    case PATCH_SET:
        return edit_set(p, g->arg);
    case PATCH_ATTR:
    case PATCH_TIME:
        return edit_companion(p, g->arg);
    case PATCH_DELETE:
        return edit_delete(p, g->arg);
    case PATCH_BOOT_ADD:
        return edit_boot_path(p, g->arg);
    case PATCH_BOOT_HTTP:
        return edit_boot_add(p, g->arg, fwvar_boot_add_http);
    case PATCH_BOOT_PXE:
        return edit_boot_pxe(p, g->arg);
    case PATCH_BOOT_FILE:
        return edit_boot_add(p, g->arg, fwvar_boot_add_file);
    case PATCH_BOOT_ORDER:
        return fwvar_boot_order(p->edit, g->arg, &p->diag);
    case PATCH_BOOT_FIRST:
        return fwvar_boot_act(p->edit, FWVAR_BOOT_FIRST, g->arg, &p->diag);
    case PATCH_BOOT_LAST:
        return fwvar_boot_act(p->edit, FWVAR_BOOT_LAST, g->arg, &p->diag);
    case PATCH_BOOT_NEXT:
        return fwvar_boot_act(p->edit, FWVAR_BOOT_NEXT, g->arg, &p->diag);
    case PATCH_BOOT_REMOVE:
        return fwvar_boot_act(p->edit, FWVAR_BOOT_REMOVE, g->arg, &p->diag);
    case PATCH_BOOT_ENABLE:
        return fwvar_boot_act(p->edit, FWVAR_BOOT_ENABLE, g->arg, &p->diag);
    case PATCH_BOOT_DISABLE:
        return fwvar_boot_act(p->edit, FWVAR_BOOT_DISABLE, g->arg, &p->diag);
    case PATCH_TIMEOUT:
        return edit_timeout(p, g->arg);
    case PATCH_PLAN:
        return edit_plan(p, p->plans[g - p->cli->given]);
    default:
        return 0; /* not an edit */
    }
}

/* An error of an edit names the option it comes from. */
static int edit_failed(struct patching *p, const char *path, const struct cli_given *g,
                       int code)
{
    char message[sizeof p->diag.message + 200];

    if (code == FWVAR_ERR_NOMEM)
        return cli_nomem(p->cli);
    snprintf(message, sizeof message, "--%s %.160s: %s", g->name, g->arg,
             p->diag.message);
    memcpy(p->diag.message, message, sizeof p->diag.message - 1);
    return cli_fail(p->cli, path, &p->diag);
}

static int run_edits(struct patching *p, const char *path)
{
    const struct fwvar_patch none = {0};

    for (size_t i = 0; i < p->cli->given_count; i++) {
        const struct cli_given *g = &p->cli->given[i];
        p->diag = (struct fwvar_diag){.offset = FWVAR_NO_OFFSET};
        int code = apply(p, g);
        if (code != 0)
            return edit_failed(p, path, g, code);
    }
    const struct fwvar_patch *mended = p->repair ? fwvar_repair_patch(p->repair) : &none;
    struct cli_patched base = {.image = p->image,
                               .patch = mended,
                               .changed = mended->size > 0,
                               .compacted = p->repair && fwvar_repair_rebuilt(p->repair),
                               .repair = mended->size > 0 ? p->repair : NULL};
    return cli_conclude_on(p->cli, path, p->edit, &base);
}

static bool has_edits(const struct cli *cli)
{
    for (size_t i = 0; i < cli->given_count; i++) {
        int id = cli->given[i].id;
        if (id != PATCH_IGNORE_MISSING && id != PATCH_STRICT && id != PATCH_BYTES &&
            id != PATCH_FAIL_FAST)
            return true;
    }
    return false;
}

bool cli_shares_input(const struct cli *cli)
{
    int readers = 0;

    for (int i = 0; i < cli->arg_count; i++)
        readers += strcmp(cli->args[i], "-") == 0;
    for (size_t i = 0; i < cli->given_count; i++)
        readers += cli->given[i].id == PATCH_PLAN && strcmp(cli->given[i].arg, "-") == 0;
    return readers > 1;
}

/* Begins the transaction; with --repair on the image as its structure was mended. */
static int begin(struct patching *p)
{
    const struct fwvar_repair_options structure = {.structure_only = true};
    unsigned flags = p->cli->force ? FWVAR_EDIT_FORCE : 0u;
    const struct fwvar_image *image = p->image;
    int code = 0;

    if (cli_has(p->cli, PATCH_REPAIR)) {
        code = fwvar_repair(image, &structure, &p->repair, &p->diag);
        if (code == 0)
            image = fwvar_repair_image(p->repair);
    }
    if (code == 0)
        code = fwvar_edit_begin(image, flags, &p->edit, &p->diag);
    if (code == 0 && cli_firmware(p->cli, image, &p->naming.firmware) != CLI_OK)
        code = FWVAR_ERR_NOMEM;
    p->naming.edit = p->edit;
    return code;
}

static int patch_image(struct cli *cli, const char *path, void *context)
{
    struct patching p = {.cli = cli, .path = path, .plans = context};
    unsigned mend = cli_has(cli, PATCH_REPAIR) ? FWVAR_OPEN_ANYTHING : 0u;
    int status;

    if (cli_open(cli, path, FWVAR_OPEN_THOROUGH | mend, &p.image) != CLI_OK)
        return CLI_TROUBLE;
    p.naming = (struct fwvar_naming){
        .warn = warn, .context = &p, .strict = cli_has(cli, PATCH_STRICT)};
    if (begin(&p) != 0)
        status = cli_fail(cli, path, &p.diag);
    else
        status = run_edits(&p, path);
    fwvar_edit_end(p.edit);
    fwvar_repair_free(p.repair);
    fwvar_image_close(p.image);
    return status;
}

/* Plans are read before any image: what is wrong with one is wrong for all, and standard
 * input can be read only once. */
static int read_plans(struct cli *cli, struct fwvar_plan **plans)
{
    const char *path = cli->arg_count == 1 ? cli->args[0] : NULL;
    int code = 0;

    for (size_t i = 0; code == 0 && i < cli->given_count; i++) {
        struct patching p = {.cli = cli};
        if (cli->given[i].id != PATCH_PLAN)
            continue;
        code = cli_plan_read(cli->given[i].arg, &plans[i], &p.diag);
        if (code != 0)
            edit_failed(&p, path ? path : cli->given[i].arg, &cli->given[i], code);
    }
    return code == 0 ? CLI_OK : CLI_TROUBLE;
}

static void print_summary(FILE *to, const struct cli *cli, const size_t count[3])
{
    size_t done = count[CLI_OK] + count[CLI_DIFFERENT];

    fprintf(to, cli->dry_run ? "%zu would change, %zu as wanted, %zu failed"
                             : "%zu changed, %zu as wanted already, %zu failed",
            cli->changed_count, done - cli->changed_count, count[CLI_TROUBLE]);
}

int cmd_patch(struct cli *cli)
{
    struct cli_batch batch = {.run = patch_image,
                              .bad = CLI_TROUBLE,
                              .fail_fast = cli_has(cli, PATCH_FAIL_FAST),
                              .summary = print_summary};

    if (!cli_image_argument(cli, 1, -1) || cli_check_output(cli) != CLI_OK)
        return CLI_TROUBLE;
    if (!has_edits(cli))
        return cli_usage(cli, NULL, "no edit is given");
    if (cli_shares_input(cli))
        return cli_usage(cli, "put one of them into a file",
                         "- is given twice: standard input is the image or one plan");
    struct fwvar_plan **plans = calloc(cli->given_count, sizeof *plans);
    if (!plans)
        return cli_nomem(cli);
    batch.context = plans;
    int status = read_plans(cli, plans);
    if (status == CLI_OK)
        status = cli_batch_check_output(cli);
    if (status == CLI_OK)
        status = cli_batch_run(cli, &batch);
    for (size_t i = 0; i < cli->given_count; i++)
        fwvar_plan_free(plans[i]);
    free(plans);
    return status;
}
