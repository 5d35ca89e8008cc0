/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The command check: judges images, one after another. */
#include "cli/batch.h"
#include "cli/check.h"
#include "cli/machine.h"
#include "cli/read.h"

#include <stdio.h>
#include <string.h>

static int print_rules(struct cli *cli)
{
    struct view_style style = cli_style(cli);

    if (cli->arg_count > 0)
        return cli_usage(cli, NULL, "--rules takes no image");
    if (cli->json)
        return cli_print_json(cli, view_rules_json());
    view_rules_text(&style);
    return CLI_OK;
}

/* The last --threshold counts. */
static int get_threshold(struct cli *cli, enum fwvar_severity *threshold)
{
    *threshold = FWVAR_WRONG;
    for (size_t i = 0; i < cli->given_count; i++) {
        const char *word = cli->given[i].arg;
        int s = FWVAR_FATAL;
        if (cli->given[i].id != CHECK_THRESHOLD)
            continue;
        while (s <= FWVAR_ADVICE &&
               strcmp(word, fwvar_severity_name((enum fwvar_severity)s)) != 0)
            s++;
        if (s > FWVAR_ADVICE)
            return cli_usage(cli, "fatal, wrong or advice", "--threshold=%s", word);
        *threshold = (enum fwvar_severity)s;
    }
    return CLI_OK;
}

static bool is_found(const struct fwvar_findings *findings, const char *rule)
{
    for (size_t i = 0; rule && i < fwvar_findings_count(findings); i++) {
        if (strcmp(fwvar_findings_at(findings, i)->rule->name, rule) == 0)
            return true;
    }
    return false;
}

/* Advice that no finding repeats: most is on the release, or on what lies beside the
 * image. */
static int get_advice(struct cli *cli, const char *path, const struct fwvar_image *image,
                      const struct fwvar_variables *variables,
                      const struct fwvar_findings *findings,
                      struct fwvar_advice_list *list)
{
    const struct fwvar_release *release;
    size_t n = 0;

    if (cli_release(cli, path, image, FWVAR_EFFORT_HEAD, &release) != CLI_OK ||
        cli_advise_image(cli, path, image, variables, findings, release, list) != CLI_OK)
        return CLI_TROUBLE;
    for (size_t i = 0; i < list->count; i++) {
        if (!is_found(findings, list->items[i].rule->finding))
            list->items[n++] = list->items[i];
    }
    list->count = n;
    return CLI_OK;
}

/* Prints what was found in an image; its number of boots left too, if that can be told.
 */
static int print_findings(struct cli *cli, const char *path,
                          const struct fwvar_image *image,
                          const struct fwvar_findings *findings)
{
    struct view_style style = cli_style(cli);
    struct fwvar_variables *variables;
    struct fwvar_advice_list advice;
    struct fwvar_boots boots;

    if (fwvar_variables_read(fwvar_image_store(image), &variables, NULL) != 0)
        return cli_nomem(cli);
    bool known = fwvar_boots_left(image, variables, &boots) == 0;
    int status = get_advice(cli, path, image, variables, findings, &advice);
    fwvar_variables_free(variables);
    if (status != CLI_OK)
        return status;
    if (cli->json)
        return cli_print_json(
            cli, view_check_json(path, findings, known ? &boots : NULL, &advice));
    if (cli->quiet)
        advice.count = 0;
    return view_check_text(&style, path, findings, known ? &boots : NULL, &advice,
                           cli->quiet) == 0
               ? CLI_OK
               : cli_nomem(cli);
}

static int judge(struct cli *cli, const char *path, const struct fwvar_image *image,
                 enum fwvar_severity threshold)
{
    struct fwvar_findings *findings;
    struct fwvar_diag diag;

    if (!fwvar_image_store(image))
        return cli_fail(cli, path, fwvar_image_missing(image));
    if (fwvar_check(image, FWVAR_CHECK_ALL, &findings, &diag) != 0)
        return cli_fail(cli, path, &diag);
    int status = print_findings(cli, path, image, findings);
    for (size_t i = 0; status == CLI_OK && i < fwvar_findings_count(findings); i++) {
        if (fwvar_findings_at(findings, i)->severity <= threshold)
            status = CLI_DIFFERENT;
    }
    fwvar_findings_free(findings);
    return status;
}

static int check_image(struct cli *cli, const char *path, void *context)
{
    const enum fwvar_severity *threshold = context;
    struct fwvar_image *image;

    int status =
        cli_open_quietly(cli, path, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING, &image);
    if (status == CLI_OK) {
        status = judge(cli, path, image, *threshold);
        fwvar_image_close(image);
    }
    return status;
}

static void print_summary(FILE *to, const struct cli *cli, const size_t count[3])
{
    (void)cli;
    fprintf(to, "%zu passed, %zu with findings, %zu failed", count[CLI_OK],
            count[CLI_DIFFERENT], count[CLI_TROUBLE]);
}

int cmd_check(struct cli *cli)
{
    enum fwvar_severity threshold;
    const struct cli_batch batch = {.run = check_image,
                                    .context = &threshold,
                                    .bad = CLI_DIFFERENT,
                                    .fail_fast = cli_has(cli, CHECK_FAIL_FAST),
                                    .summary = print_summary};

    if (cli_has(cli, CHECK_RULES))
        return print_rules(cli);
    if (!cli_image_argument(cli, 1, -1) || get_threshold(cli, &threshold) != CLI_OK)
        return CLI_TROUBLE;
    return cli_batch_run(cli, &batch);
}
