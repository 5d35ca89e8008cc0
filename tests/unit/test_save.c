/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Saving: all or nothing, and only where something changes. */
#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <fwvar/save.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#define SIZE 0x20000

static char folder[32];
static char home[1024]; /* where the test was started */
static struct ig_image im;
static struct fwvar_image *image;
static struct fwvar_diag diag;
static struct fwvar_save_result result;
static uint8_t new_bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
static const struct fwvar_patch patch = {0x2000, new_bytes, sizeof new_bytes};

static void put_file(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

/* Everything happens in a folder of its own, which is the current one. */
static void enter(void)
{
    struct ig_volume v = ig_pi_2m;

    umask(022);
    ck_assert_ptr_nonnull(getcwd(home, sizeof home));
    strcpy(folder, "/tmp/fwvar-save-XXXXXX"); /* anew, also where no case forks */
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    v.at = 0;
    ig_create(&im, SIZE, &v);
    put_file("a.fd", im.file.p, SIZE);
}

static void leave(void)
{
    char command[128];

    fwvar_image_close(image);
    image = NULL;
    ig_close(&im);
    ck_assert_int_eq(chdir(home), 0);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static void open_image(const char *path)
{
    fwvar_image_close(image);
    image = NULL;
    ck_assert_msg(fwvar_image_open(path, 0, &image, &diag) == 0, "%s", diag.message);
}

static int save_as(const char *path, const struct fwvar_patch *p)
{
    struct fwvar_save_options options = {.path = path};

    memset(&diag, 0, sizeof diag);
    return fwvar_image_save(image, p, &options, &result, &diag);
}

static void saved(const char *path, const struct fwvar_patch *p)
{
    ck_assert_msg(save_as(path, p) == 0, "%s", diag.message);
}

static struct stat status(const char *path)
{
    struct stat st;

    ck_assert_msg(stat(path, &st) == 0, "%s", path);
    return st;
}

/* The file holds the image, patched or not; gzip is unpacked. */
static void holds(const char *path, bool patched)
{
    uint8_t *due = malloc(SIZE);
    size_t size;
    uint8_t *bytes = sr_load(path, &size);

    ck_assert(bytes && due);
    ck_assert_uint_eq(size, SIZE);
    memcpy(due, im.file.p, SIZE);
    if (patched)
        memcpy(due + patch.offset, new_bytes, sizeof new_bytes);
    ck_assert_msg(memcmp(bytes, due, SIZE) == 0, "%s", path);
    free(bytes);
    free(due);
}

static bool is_gzip(const char *path)
{
    uint8_t magic[2] = {0};
    FILE *f = fopen(path, "rb");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(magic, 1, 2, f), 2);
    fclose(f);
    return magic[0] == 0x1f && magic[1] == 0x8b;
}

/* Number of files here; a temporary one that was left would be one too many. */
static size_t files(const char *path)
{
    DIR *d = opendir(path);
    size_t n = 0;

    ck_assert_ptr_nonnull(d);
    for (struct dirent *e; (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return n;
}

/* ---- what is written ---- */

START_TEST(a_new_file)
{
    open_image("a.fd");
    umask(027);
    saved("b.fd", &patch);
    ck_assert(result.written && result.created);
    holds("b.fd", true);
    holds("a.fd", false);
    ck_assert_uint_eq(status("b.fd").st_mode & 07777, 0640);
    ck_assert_uint_eq(files("."), 2);
}
END_TEST

START_TEST(in_place_keeps_mode_and_owner)
{
    ck_assert_int_eq(chmod("a.fd", 0604), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(chown("a.fd", 12345, 54321), 0);
    struct stat before = status("a.fd");
    open_image("a.fd");
    saved(NULL, &patch);
    struct stat after = status("a.fd");
    ck_assert(result.written && !result.created && !result.owner_lost);
    ck_assert_uint_eq(result.links, 1);
    ck_assert_uint_eq(after.st_mode, before.st_mode);
    ck_assert_uint_eq(after.st_uid, before.st_uid);
    ck_assert_uint_eq(after.st_gid, before.st_gid);
    ck_assert(after.st_ino != before.st_ino); /* replaced, not overwritten */
    holds("a.fd", true);
    ck_assert_uint_eq(files("."), 1);
}
END_TEST

START_TEST(an_existing_target_keeps_mode_and_owner)
{
    put_file("b.fd", "old", 3);
    ck_assert_int_eq(chmod("b.fd", 04711), 0);
    open_image("a.fd");
    saved("b.fd", &patch);
    ck_assert(result.written && !result.created);
    ck_assert_uint_eq(status("b.fd").st_mode & 07777, 04711);
    holds("b.fd", true);
}
END_TEST

START_TEST(a_read_only_file_is_replaced_too)
{
    ck_assert_int_eq(chmod("a.fd", 0444), 0);
    open_image("a.fd");
    saved(NULL, &patch);
    ck_assert_uint_eq(status("a.fd").st_mode & 07777, 0444);
    holds("a.fd", true);
}
END_TEST

static const char *const folders[] = {"sub", "sub/../sub/", "./sub"};

START_TEST(paths_into_folders)
{
    char path[64];

    ck_assert_int_eq(mkdir("sub", 0755), 0);
    snprintf(path, sizeof path, "%s/b.fd", folders[_i]);
    open_image("a.fd");
    saved(path, &patch);
    holds("sub/b.fd", true);
    ck_assert_uint_eq(files("sub"), 1);
}
END_TEST

START_TEST(symbolic_links_are_followed)
{
    ck_assert_int_eq(mkdir("sub", 0755), 0);
    ck_assert_int_eq(rename("a.fd", "sub/real.fd"), 0);
    ck_assert_int_eq(symlink("real.fd", "sub/near.fd"), 0); /* relative to sub */
    ck_assert_int_eq(symlink("sub/near.fd", "link.fd"), 0); /* two steps */
    open_image("link.fd");
    saved(NULL, &patch);
    struct stat st;
    ck_assert_int_eq(lstat("link.fd", &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    ck_assert_int_eq(lstat("sub/near.fd", &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    ck_assert_int_eq(lstat("sub/real.fd", &st), 0);
    ck_assert(S_ISREG(st.st_mode));
    holds("sub/real.fd", true);
    ck_assert_uint_eq(files("sub"), 2);
}
END_TEST

START_TEST(a_dangling_link_gets_its_target)
{
    char absolute[128];

    ck_assert_int_eq(mkdir("sub", 0755), 0);
    snprintf(absolute, sizeof absolute, "%s/sub/x.fd", folder);
    ck_assert_int_eq(symlink(absolute, "x.fd"), 0);
    ck_assert_int_eq(symlink("sub/y.fd", "y.fd"), 0);
    ck_assert_int_eq(symlink("nowhere/z.fd", "z.fd"), 0);
    ck_assert_int_eq(symlink("loop.fd", "loop.fd"), 0);
    open_image("a.fd");
    saved("x.fd", &patch);
    ck_assert(result.created);
    holds("sub/x.fd", true);
    saved("y.fd", &patch);
    holds("sub/y.fd", true);
    ck_assert_int_eq(save_as("z.fd", &patch), FWVAR_ERR_IO);
    ck_assert_int_eq(save_as("loop.fd", &patch), FWVAR_ERR_IO);
    ck_assert_uint_eq(files("."), 6);
    ck_assert_uint_eq(files("sub"), 2);
}
END_TEST

START_TEST(links_are_not_followed_where_they_must_not_be)
{
    struct fwvar_save_options options = {.path = "link.fd", .no_follow = true};

    open_image("a.fd");
    ck_assert_int_eq(symlink("real.fd", "link.fd"), 0);
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag),
                     FWVAR_ERR_REFUSED);
    ck_assert_str_eq(diag.message, "is a symbolic link");
    ck_assert_int_ne(access("real.fd", F_OK), 0);
    options.path = "plain.fd";
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag), 0);
    holds("plain.fd", true);
}
END_TEST

START_TEST(a_dry_run_says_what_would_be_written)
{
    struct fwvar_save_options options = {
        .path = "b.fd", .backup_suffix = ".bak", .dry_run = true};

    open_image("a.fd");
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag), 0);
    ck_assert(result.written && result.created);
    ck_assert_int_ne(access("b.fd", F_OK), 0);
    saved("b.fd", NULL);
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag), 0);
    ck_assert(result.written && !result.created);
    holds("b.fd", false);
    ck_assert_int_eq(fwvar_image_save(image, NULL, &options, &result, &diag), 0);
    ck_assert(!result.written);
    ck_assert_int_ne(access("b.fd.bak", F_OK), 0);
}
END_TEST

/* In memory as well as open: the same bytes, and still seen when the file changes. */
START_TEST(a_loaded_image_is_saved_alike)
{
    struct fwvar_save_options options = {.path = "b.fd", .sync_later = true};

    fwvar_image_close(image);
    ck_assert_int_eq(fwvar_image_open("a.fd", FWVAR_OPEN_LOADED, &image, &diag), 0);
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag), 0);
    holds("b.fd", true);
    ck_assert_int_eq(truncate("a.fd", SIZE - 1), 0);
    options.path = "c.fd";
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag),
                     FWVAR_ERR_CHANGED);
    ck_assert_int_ne(access("c.fd", F_OK), 0);
}
END_TEST

START_TEST(hard_links_are_counted)
{
    ck_assert_int_eq(link("a.fd", "b.fd"), 0);
    open_image("a.fd");
    saved(NULL, &patch);
    ck_assert_uint_eq(result.links, 2);
    holds("a.fd", true);
    holds("b.fd", false);
}
END_TEST

/* ---- gzip ---- */

static void gzip_file(const char *path, const char *mode)
{
    gzFile f = gzopen(path, mode);

    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(gzwrite(f, im.file.p, SIZE), SIZE);
    ck_assert_int_eq(gzclose(f), Z_OK);
}

START_TEST(gzip_follows_the_name)
{
    open_image("a.fd");
    saved("b.fd.gz", &patch);
    ck_assert(is_gzip("b.fd.gz"));
    holds("b.fd.gz", true);
    saved("c.fd.gz", &patch);
    struct stat b = status("b.fd.gz"), c = status("c.fd.gz");
    ck_assert_int_eq(b.st_size, c.st_size);
    ck_assert_int_eq(system("cmp b.fd.gz c.fd.gz"), 0); /* no time, no name inside */
    open_image("b.fd.gz");
    saved("d.fd", NULL);
    ck_assert(!is_gzip("d.fd"));
    holds("d.fd", true);
    saved(".gz", NULL); /* not an ending, but the whole name */
    ck_assert(!is_gzip(".gz"));
}
END_TEST

START_TEST(gzip_in_place_stays_gzip)
{
    gzip_file("packed.fd", "wb1"); /* whatever it is called */
    open_image("packed.fd");
    saved(NULL, &patch);
    ck_assert(is_gzip("packed.fd"));
    holds("packed.fd", true);
    open_image("packed.fd");
    saved(NULL, &patch); /* nothing to do: not compressed anew either */
    ck_assert(!result.written);
    ck_assert_int_eq(rename("a.fd", "plain.gz"), 0);
    open_image("plain.gz");
    saved(NULL, &patch);
    ck_assert(!is_gzip("plain.gz"));
    holds("plain.gz", true);
}
END_TEST

/* ---- nothing to do ---- */

static const struct {
    const char *path; /* NULL: in place */
    bool patched;
} identical[] = {{NULL, false}, {"a.fd", false}, {"b.fd", true}, {"b.fd", false}};

START_TEST(an_identical_target_is_left_alone)
{
    const struct fwvar_patch same = {0x48, im.file.p + 0x48, 28};
    const struct fwvar_patch *p = identical[_i].patched ? &patch : NULL;
    const char *name = identical[_i].path ? identical[_i].path : "a.fd";

    open_image("a.fd");
    if (strcmp(name, "b.fd") == 0)
        saved(name, p);
    struct timespec old[2] = {{1000000000, 5}, {1000000000, 7}};
    ck_assert_int_eq(utimensat(AT_FDCWD, name, old, 0), 0);
    open_image("a.fd");
    struct stat before = status(name);
    for (int round = 0; round < 2; round++) {
        saved(identical[_i].path, round && !p ? &same : p);
        struct stat after = status(name);
        ck_assert(!result.written);
        ck_assert_uint_eq(after.st_ino, before.st_ino);
        ck_assert_int_eq(after.st_mtim.tv_sec, 1000000000);
        ck_assert_int_eq(after.st_mtim.tv_nsec, 7);
    }
}
END_TEST

START_TEST(almost_identical_is_not_identical)
{
    static const size_t places[] = {0, 0x1fff, 0x2000, 0x2007, 0x2008, 0x10000, SIZE - 1};

    open_image("a.fd");
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        saved("b.fd", &patch);
        FILE *f = fopen("b.fd", "r+b");
        fseek(f, (long)places[i], SEEK_SET);
        int c = fgetc(f);
        fseek(f, (long)places[i], SEEK_SET);
        fputc(c ^ 1, f);
        fclose(f);
        saved("b.fd", &patch);
        ck_assert_msg(result.written, "0x%zx", places[i]);
        holds("b.fd", true);
    }
    ck_assert_int_eq(truncate("b.fd", SIZE - 1), 0);
    saved("b.fd", &patch);
    holds("b.fd", true);
    ck_assert_int_eq(truncate("b.fd", SIZE + 1), 0);
    saved("b.fd", &patch);
    holds("b.fd", true);
}
END_TEST

/* ---- backups ---- */

START_TEST(a_backup_is_the_old_file)
{
    struct fwvar_save_options options = {.backup_suffix = ".bak"};

    ck_assert_int_eq(chmod("a.fd", 0600), 0);
    put_file("a.fd.bak", "older", 5);
    open_image("a.fd");
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag), 0);
    holds("a.fd.bak", false);
    holds("a.fd", true);
    ck_assert_uint_eq(status("a.fd.bak").st_mode & 07777, 0600);
    ck_assert_uint_eq(files("."), 2);
    open_image("a.fd"); /* no change, no backup: the older one would be lost */
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag), 0);
    holds("a.fd.bak", false);
    options.path = "new.fd"; /* nothing to keep */
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag), 0);
    ck_assert_uint_eq(files("."), 3);
}
END_TEST

START_TEST(no_backup_no_change)
{
    struct fwvar_save_options options = {.backup_suffix = ".bak"};

    ck_assert_int_eq(mkdir("a.fd.bak", 0755), 0);
    open_image("a.fd");
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag),
                     FWVAR_ERR_ARG);
    holds("a.fd", false);
    ck_assert_uint_eq(files("."), 2);
    ck_assert_uint_eq(files("a.fd.bak"), 0);
    ck_assert_int_eq(rmdir("a.fd.bak"), 0);
    ck_assert_int_eq(mkfifo("a.fd.bak", 0600), 0);
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag),
                     FWVAR_ERR_ARG);
    holds("a.fd", false);
    ck_assert_uint_eq(files("."), 2);
    options.backup_suffix = ""; /* would be the file itself */
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag),
                     FWVAR_ERR_ARG);
    options.backup_suffix = "/x";
    ck_assert_int_eq(fwvar_image_save(image, &patch, &options, &result, &diag),
                     FWVAR_ERR_ARG);
    holds("a.fd", false);
}
END_TEST

/* ---- refusals ---- */

START_TEST(targets_that_are_no_files)
{
    ck_assert_int_eq(mkdir("sub", 0755), 0);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    open_image("a.fd");
    ck_assert_int_eq(save_as("sub", &patch), FWVAR_ERR_ARG);
    ck_assert_int_eq(save_as("fifo", &patch), FWVAR_ERR_ARG);
    ck_assert_int_eq(save_as("/dev/null", &patch), FWVAR_ERR_ARG);
    ck_assert_str_ne(diag.hint, "");
    ck_assert_int_eq(save_as("", &patch), FWVAR_ERR_IO);
    ck_assert_int_eq(save_as("nowhere/b.fd", &patch), FWVAR_ERR_IO);
    ck_assert_int_eq(save_as("a.fd/b.fd", &patch), FWVAR_ERR_IO);
    ck_assert_uint_eq(files("."), 3);
    struct fwvar_image *memory;
    ck_assert_int_eq(fwvar_image_open_bytes(im.file.p, SIZE, 0, &memory, &diag), 0);
    struct fwvar_save_options options = {.path = NULL};
    ck_assert_int_eq(fwvar_image_save(memory, &patch, &options, NULL, &diag),
                     FWVAR_ERR_ARG);
    options.path = "m.fd";
    ck_assert_int_eq(fwvar_image_save(memory, &patch, &options, NULL, &diag), 0);
    holds("m.fd", true);
    fwvar_image_close(memory);
}
END_TEST

START_TEST(a_patch_must_lie_inside)
{
    const struct fwvar_patch wrong[] = {
        {SIZE - 4, new_bytes, 8}, {SIZE + 1, new_bytes, 0}, {UINT64_MAX, new_bytes, 8}};

    open_image("a.fd");
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(save_as("b.fd", &wrong[i]), FWVAR_ERR_ARG);
        ck_assert_int_eq(fwvar_image_write(image, &wrong[i], 1, false, &diag),
                         FWVAR_ERR_ARG);
    }
    ck_assert_uint_eq(files("."), 1);
}
END_TEST

START_TEST(another_writer_has_the_lock)
{
    int fd = open("a.fd", O_RDONLY);

    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    open_image("a.fd");
    ck_assert_int_eq(save_as(NULL, &patch), FWVAR_ERR_LOCKED);
    holds("a.fd", false);
    saved("b.fd", &patch); /* reading needs no lock */
    close(fd);
    saved(NULL, &patch);
    ck_assert_uint_eq(files("."), 2);
}
END_TEST

static void touch(const char *path)
{
    struct timespec now[2] = {{1234567890, 0}, {1234567890, 0}};

    ck_assert_int_eq(utimensat(AT_FDCWD, path, now, 0), 0);
}

static const char *const in_place[] = {NULL, "a.fd", "./a.fd", "link.fd"};

START_TEST(a_file_changed_after_it_was_read)
{
    ck_assert_int_eq(symlink("a.fd", "link.fd"), 0);
    open_image("a.fd");
    touch("a.fd"); /* written to */
    ck_assert_int_eq(save_as(in_place[_i], &patch), FWVAR_ERR_CHANGED);
    holds("a.fd", false);
    ck_assert_int_eq(save_as("b.fd", &patch), FWVAR_ERR_CHANGED);
    open_image("a.fd");
    put_file("other.fd", "somebody else's", 15); /* replaced */
    ck_assert_int_eq(rename("other.fd", "a.fd"), 0);
    ck_assert_int_eq(save_as(in_place[_i], &patch), FWVAR_ERR_CHANGED);
    ck_assert_int_eq(status("a.fd").st_size, 15);
}
END_TEST

START_TEST(a_file_removed_after_it_was_read)
{
    open_image("a.fd");
    ck_assert_int_eq(unlink("a.fd"), 0);
    ck_assert_int_eq(save_as(NULL, &patch), FWVAR_ERR_CHANGED);
    ck_assert_uint_eq(files("."), 0);
    saved("b.fd", &patch); /* what was read is whole */
    holds("b.fd", true);
}
END_TEST

START_TEST(a_full_disk_changes_nothing)
{
    static const char *const targets[] = {NULL, "b.fd", "new.fd", "new.fd.gz"};
    const struct rlimit most = {0x1000, RLIM_INFINITY};
    const struct rlimit any = {RLIM_INFINITY, RLIM_INFINITY};

    signal(SIGXFSZ, SIG_IGN);
    put_file("b.fd", "old", 3);
    for (size_t i = 0; i < SIZE; i++) /* does not compress */
        im.file.p[i] ^= i >= 0xE000 ? (uint8_t)(rand() & 0xff) : 0;
    put_file("a.fd", im.file.p, SIZE);
    open_image("a.fd");
    int limited = setrlimit(RLIMIT_FSIZE, &most);
    int code = save_as(targets[_i], &patch); /* Check itself writes to files */
    setrlimit(RLIMIT_FSIZE, &any);
    ck_assert_int_eq(limited, 0);
    ck_assert_int_eq(code, FWVAR_ERR_IO);
    ck_assert_ptr_nonnull(strstr(diag.message, strerror(EFBIG)));
    ck_assert(!result.written);
    ck_assert_uint_eq(files("."), 2);
    holds("a.fd", false);
    ck_assert_int_eq(status("b.fd").st_size, 3);
}
END_TEST

/* ---- streams ---- */

START_TEST(a_pipe_gets_the_whole_image)
{
    int ends[2];

    open_image("a.fd");
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        int code = fwvar_image_write(image, &patch, ends[1], _i, NULL);
        _exit(code == 0 ? 0 : 1);
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "rb");
    FILE *to = fopen("out.fd", "wb");
    for (int c; (c = fgetc(from)) != EOF;)
        fputc(c, to);
    fclose(from);
    fclose(to);
    int left;
    ck_assert_int_eq(waitpid(child, &left, 0), child);
    ck_assert_int_eq(left, 0);
    ck_assert_int_eq(is_gzip("out.fd"), _i);
    holds("out.fd", true);
}
END_TEST

START_TEST(a_full_stream_is_an_error)
{
    int fd = open("/dev/full", O_WRONLY);

    open_image("a.fd");
    ck_assert_int_eq(fwvar_image_write(image, &patch, fd, _i, &diag), FWVAR_ERR_IO);
    ck_assert_ptr_nonnull(strstr(diag.message, strerror(ENOSPC)));
    close(fd);
}
END_TEST

static Suite *make(void)
{
    Suite *s = suite_create("save");
    TCase *t = tcase_create("save");

    tcase_add_checked_fixture(t, enter, leave);
    tcase_add_test(t, a_new_file);
    tcase_add_test(t, in_place_keeps_mode_and_owner);
    tcase_add_test(t, an_existing_target_keeps_mode_and_owner);
    tcase_add_test(t, a_read_only_file_is_replaced_too);
    tcase_add_loop_test(t, paths_into_folders, 0, 3);
    tcase_add_test(t, symbolic_links_are_followed);
    tcase_add_test(t, a_dangling_link_gets_its_target);
    tcase_add_test(t, links_are_not_followed_where_they_must_not_be);
    tcase_add_test(t, a_dry_run_says_what_would_be_written);
    tcase_add_test(t, a_loaded_image_is_saved_alike);
    tcase_add_test(t, hard_links_are_counted);
    tcase_add_test(t, gzip_follows_the_name);
    tcase_add_test(t, gzip_in_place_stays_gzip);
    tcase_add_loop_test(t, an_identical_target_is_left_alone, 0, 4);
    tcase_add_test(t, almost_identical_is_not_identical);
    tcase_add_test(t, a_backup_is_the_old_file);
    tcase_add_test(t, no_backup_no_change);
    tcase_add_test(t, targets_that_are_no_files);
    tcase_add_test(t, a_patch_must_lie_inside);
    tcase_add_test(t, another_writer_has_the_lock);
    tcase_add_loop_test(t, a_file_changed_after_it_was_read, 0, 4);
    tcase_add_test(t, a_file_removed_after_it_was_read);
    tcase_add_loop_test(t, a_full_disk_changes_nothing, 0, 4);
    tcase_add_loop_test(t, a_pipe_gets_the_whole_image, 0, 2);
    tcase_add_loop_test(t, a_full_stream_is_an_error, 0, 2);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make);
}
