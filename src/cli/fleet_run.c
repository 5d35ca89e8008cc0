/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* All hosts of a fleet, several at once. The image, its firmware and the plans are shared
 * and never change; a transaction belongs to one thread; results are put where the list
 * has the host, so that no report depends on who was first. */
#include "cli/fleet.h"

#include "base/diag.h"

#include <fwvar/plan.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define JOBS_MAX 256

/* ---- one host ---- */

static void keep_warning(void *context, const char *text)
{
    struct fleet_result *r = context;
    char **warnings = realloc(r->warnings, (r->warning_count + 1) * sizeof *warnings);
    char *own = strdup(text);

    if (warnings)
        r->warnings = warnings;
    if (warnings && own) {
        r->warnings[r->warning_count++] = own;
    } else {
        free(own);
        r->warning_lost = true;
    }
}

/* Places in a plan, and what it expects in vain, say of which file they are. */
static int name_file(const char *file, int code, struct fwvar_diag *diag)
{
    char message[sizeof diag->message + 160];
    bool of_plan = code != 0 && code != FWVAR_ERR_NOMEM &&
                   (strncmp(diag->message, "line ", 5) == 0 ||
                    strncmp(diag->message, "the plan is for ", 16) == 0);

    if (of_plan) {
        snprintf(message, sizeof message, "%.128s: %s", file, diag->message);
        memcpy(diag->message, message, sizeof diag->message - 1);
        diag->message[sizeof diag->message - 1] = '\0';
    }
    return code;
}

static int apply_plans(const struct fleet *f, const struct fwvar_host *host,
                       struct fwvar_plan_use *use, struct fwvar_edit *edit,
                       struct fwvar_diag *diag)
{
    int code = 0;

    if (f->plan_count == 0)
        return !host->own ? 0
                          : name_file(f->hosts_file,
                                      fwvar_plan_apply(host->own, edit, use, diag), diag);
    for (size_t i = 0; code == 0 && i < f->plan_count; i++) {
        use->then = i + 1 == f->plan_count ? host->own : NULL;
        code = fwvar_plan_apply(f->plans[i], edit, use, diag);
        bool own = code != 0 && use->then && strstr(diag->message, "(/hosts/");
        name_file(own ? f->hosts_file : f->plan_files[i], code, diag);
    }
    return code;
}

int fleet_prepare(const struct fleet *f, const struct fwvar_host *host,
                  struct fleet_result *result, struct fwvar_edit **edit,
                  struct fwvar_diag *diag)
{
    struct fwvar_plan_use use = {.keys = host->keys,
                                 .key_count = host->key_count,
                                 .firmware = f->firmware,
                                 .warn = result ? keep_warning : NULL,
                                 .context = result,
                                 .strict = f->strict};
    unsigned flags = f->cli->force ? FWVAR_EDIT_FORCE : 0u;

    int code = fwvar_edit_begin(f->image, flags, edit, diag);
    if (code != 0)
        return code;
    code = apply_plans(f, host, &use, *edit, diag);
    if (code == 0 && result && result->warning_lost)
        code = FWVAR_ERR_NOMEM;
    if (code != 0) {
        fwvar_edit_end(*edit);
        *edit = NULL;
    }
    return code;
}

static bool is_the_image(const struct fleet *f, const struct fw_tree_spot *spot)
{
    return spot->exists && f->image_stat.st_mode != 0 &&
           spot->st.st_dev == f->image_stat.st_dev &&
           spot->st.st_ino == f->image_stat.st_ino;
}

static int save(const struct fleet *f, const struct fw_tree_spot *spot,
                const struct fwvar_patch *patch, struct fleet_result *r,
                struct fwvar_diag *diag)
{
    const struct fwvar_save_options options = {.path = spot->file,
                                               .backup_suffix = f->cli->backup,
                                               .no_follow = true,
                                               .sync_later = true,
                                               .dry_run = f->cli->dry_run};
    struct fwvar_save_result saved;

    if (is_the_image(f, spot)) {
        fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                "is the image that all others are made from");
        fw_hint(diag, "copy that to another place first");
        return FWVAR_ERR_REFUSED;
    }
    r->outcome = FLEET_CREATED; /* also where its folder is missing, in a dry run */
    if (!spot->file)
        return 0;
    int code = fwvar_image_save(f->image, patch->size ? patch : NULL, &options, &saved,
                                diag);
    if (code == 0 && !saved.written)
        r->outcome = FLEET_SAME;
    else if (code == 0 && !saved.created)
        r->outcome = FLEET_UPDATED;
    return code;
}

static int make(const struct fleet *f, const struct fwvar_host *host,
                struct fleet_result *r, struct fwvar_diag *diag)
{
    struct fwvar_edit *edit;
    struct fw_tree_spot spot;
    struct fwvar_patch patch;

    int code = fleet_prepare(f, host, r, &edit, diag);
    if (code != 0)
        return code;
    code = fwvar_edit_finish(edit, &patch, &r->report, diag);
    if (code == 0 && !f->prepare_only) {
        code = fw_tree_find(&f->tree, host->output, !f->cli->dry_run, &spot, diag);
        if (code == 0) {
            code = save(f, &spot, &patch, r, diag);
            fw_tree_leave(&spot);
        }
    }
    fwvar_edit_end(edit);
    return code;
}

static void make_one(const struct fleet *f, size_t i)
{
    struct fleet_result *r = &f->results[i];
    struct fwvar_diag diag;

    int code = make(f, fwvar_hosts_at(f->hosts, i), r, &diag);
    if (code == 0)
        return;
    r->outcome = FLEET_FAILED;
    r->diag = code == FWVAR_ERR_NOMEM ? NULL : malloc(sizeof diag);
    if (r->diag)
        *r->diag = diag;
}

/* ---- signals: the hosts begun are finished, and no temporary file stays behind ---- */

static volatile sig_atomic_t caught;

static void note_signal(int number)
{
    caught = number;
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNALS (sizeof signals / sizeof signals[0])

static void hold_signals(struct sigaction old[SIGNALS])
{
    struct sigaction hold = {.sa_handler = note_signal, .sa_flags = SA_RESTART};

    caught = 0;
    sigemptyset(&hold.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++) {
        sigaction(signals[i], NULL, &old[i]);
        if (old[i].sa_handler != SIG_IGN) /* as nohup has it */
            sigaction(signals[i], &hold, NULL);
    }
}

static void release_signals(const struct sigaction old[SIGNALS])
{
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &old[i], NULL);
}

/* ---- all of them ---- */

struct crew {
    const struct fleet *fleet;
    size_t count;
    atomic_size_t next, done;
    atomic_bool stop;
};

static void *work(void *context)
{
    struct crew *c = context;

    while (!atomic_load(&c->stop) && !caught) {
        size_t i = atomic_fetch_add(&c->next, 1);
        if (i >= c->count)
            break;
        make_one(c->fleet, i);
        if (c->fleet->fail_fast && c->fleet->results[i].outcome == FLEET_FAILED &&
            !c->fleet->prepare_only)
            atomic_store(&c->stop, true);
        atomic_fetch_add(&c->done, 1);
    }
    return NULL;
}

/* While it lasts a line counts, on a terminal. */
static void join_and_count(struct crew *c, pthread_t thread)
{
    struct timespec until;
    int code;

    do {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 200000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        code = pthread_timedjoin_np(thread, NULL, &until);
        fprintf(stderr, "\r%zu of %zu hosts", atomic_load(&c->done), c->count);
    } while (code == ETIMEDOUT);
}

static void run_crew(struct crew *c, unsigned jobs)
{
    bool shows = isatty(STDERR_FILENO) && !c->fleet->cli->quiet;
    pthread_t threads[JOBS_MAX];
    unsigned n = 0;

    jobs = jobs < JOBS_MAX ? jobs : JOBS_MAX;
    jobs = jobs < c->count ? jobs : (unsigned)c->count;
    while (n < jobs && pthread_create(&threads[n], NULL, work, c) == 0)
        n++;
    if (n == 0) /* no threads to be had */
        work(c);
    while (n > 0) {
        if (shows)
            join_and_count(c, threads[--n]);
        else
            pthread_join(threads[--n], NULL);
    }
    if (shows)
        fputs("\r\033[K", stderr);
}

void fleet_run(struct fleet *f)
{
    struct crew crew = {.fleet = f, .count = fwvar_hosts_count(f->hosts)};
    struct sigaction old[SIGNALS];

    hold_signals(old);
    run_crew(&crew, f->jobs);
    release_signals(old);
    f->signal = caught;
}

void fleet_forget_results(struct fleet *f)
{
    for (size_t i = 0; f->results && i < fwvar_hosts_count(f->hosts); i++) {
        struct fleet_result *r = &f->results[i];
        for (size_t w = 0; w < r->warning_count; w++)
            free(r->warnings[w]);
        free(r->warnings);
        free(r->diag);
        *r = (struct fleet_result){0};
    }
}
