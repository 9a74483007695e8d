/* hark restore: a copy takes the place of the store again, without those who were erased since it was made. */
#include "monitor/cli/commands.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/progress.h"
#include "monitor/cli/sources.h"
#include "monitor/store/audit.h"
#include "monitor/store/lock.h"
#include "monitor/store/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SQLITE "sqlite:"

struct restoring {
	struct cli *cli;
	const char *copy;
	char named[PATH_MAX]; /* the store, as harkd locks it */
	char place[PATH_MAX]; /* of its file, */
	char fresh[PATH_MAX]; /* what takes it, */
	char aside[PATH_MAX]; /* and where the store goes */
	bool had;             /* there is a store */
	bool asked;           /* it said who was erased, and who may get in no more */
	int lock;
	struct restore_counts counts;
	struct hark_err err;
};

static bool exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

static int open_at(struct store **s, const char *path, unsigned flags, struct hark_err *err)
{
	char url[PATH_MAX + sizeof(SQLITE)];
	snprintf(url, sizeof(url), SQLITE "%s", path);
	return store_open(s, url, flags, err);
}

/* The database and what SQLite keeps beside it. */
static void each_file(
	const char *path, void (*fn)(const char *file, const char *to), const char *to)
{
	static const char *const ends[] = {"-wal", "-shm", "-journal", ""};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char file[PATH_MAX + 16], other[PATH_MAX + 16];
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		snprintf(other, sizeof(other), "%s%s", to, ends[i]);
		fn(file, other);
	}
}

static void take_away(const char *file, const char *to)
{
	(void)to;
	unlink(file);
}

static void move(const char *file, const char *to)
{
	if (exists(file)) {
		rename(file, to);
	}
}

static bool step(void *ctx, int64_t done, int64_t total)
{
	struct progress *p = ctx;
	p->total = total;
	progress_set(p, done);
	return true;
}

/* Checked as a backup is: by its pages, and by the tables of this version. */
static int copy_in(struct restoring *r)
{
	struct store *from = NULL;
	struct progress progress;
	int rc = exists(r->copy) ? open_at(&from, r->copy, STORE_READ_ONLY, &r->err)
				 : hark_err_set(&r->err, HARK_ENOENT, "%s: it is not there", r->copy);
	if (rc == HARK_OK) {
		each_file(r->fresh, take_away, r->fresh); /* of one that was broken off */
		progress_start(&progress, "copying", 0);
		rc = store_backup(from, r->fresh, step, &progress, &r->err);
		progress_end(&progress);
	}
	store_close(from);
	return rc;
}

static int ask_before(struct restoring *r, struct store **before)
{
	if (!r->had || cli_given(r->cli, "forget")) {
		return HARK_OK;
	}
	int rc = open_at(before, r->place, STORE_READ_ONLY, &r->err);
	if (rc != HARK_OK) {
		hark_err_wrap(&r->err,
			"who was erased since the copy was made cannot be read (--forget restores without"
			" it: erase them again)");
	}
	r->asked = rc == HARK_OK;
	return rc;
}

static int take_over(struct restoring *r)
{
	struct store *before = NULL, *fresh = NULL;
	int rc = ask_before(r, &before);
	if (rc == HARK_OK) {
		rc = open_at(&fresh, r->fresh, 0, &r->err);
	}
	if (rc == HARK_OK) {
		store_audit_as(fresh, desk_actor(r->cli), STR("hark restore"), STR_NONE);
		rc = restore_take_over(fresh, before, clock_wall_ms(), &r->counts, &r->err);
	}
	if (rc == HARK_OK) {
		rc = store_scrub(fresh, &r->err);
	}
	store_close(fresh);
	store_close(before);
	return rc;
}

/* A name that nothing has: a store from before is never written over. */
static int claim_aside(struct restoring *r)
{
	size_t n = strlen(r->aside);
	int fd = open(r->aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	for (int i = 2; fd < 0 && errno == EEXIST; i++) {
		snprintf(r->aside + n, sizeof(r->aside) - n, "-%d", i);
		fd = open(r->aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	if (fd < 0) {
		return hark_err_errno(
			&r->err, HARK_EIO, errno, "cannot keep the store as %s", r->aside);
	}
	close(fd);
	return HARK_OK;
}

static int swap(struct restoring *r)
{
	int rc = r->had ? claim_aside(r) : HARK_OK;
	if (rc != HARK_OK) {
		return rc;
	}
	if (r->had) {
		each_file(r->place, move, r->aside);
	}
	bool moved = !r->had || !exists(r->place);
	if (moved && rename(r->fresh, r->place) == 0) {
		return HARK_OK;
	}
	rc = hark_err_errno(&r->err, HARK_EIO, errno, "cannot put the copy at %s", r->place);
	if (!moved) {
		unlink(r->aside); /* the name alone */
	}
	if (r->had) {
		each_file(r->aside, move, r->place);
	}
	return rc;
}

static int restore(struct restoring *r, bool look)
{
	int rc = lock_take(&r->lock, r->named, &r->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = copy_in(r);
	rc = rc == HARK_OK ? take_over(r) : rc;
	if (rc == HARK_OK && !look) {
		rc = swap(r);
	}
	each_file(r->fresh, take_away, r->fresh);
	close(r->lock);
	return rc;
}

/* The file itself, where the store is a link to it. */
static int follow(struct restoring *r)
{
	struct stat st;
	if (realpath(r->named, r->place) != NULL) {
		return HARK_OK;
	}
	if (lstat(r->named, &st) == 0) {
		return hark_err_set(&r->err, HARK_EINVAL,
			"%s is a link to what is not there: remove the link, or make what it leads to",
			r->named);
	}
	snprintf(r->place, sizeof(r->place), "%s", r->named);
	return HARK_OK;
}

/* HARK_EINVAL: the store has no file, or its path is too long. */
static int find_places(struct restoring *r, const char *url)
{
	char now[CLOCK_TEXT_MAX];
	if (url == NULL || strncmp(url, SQLITE, sizeof(SQLITE) - 1) != 0) {
		return hark_err_set(&r->err, HARK_EINVAL, "the store is no file");
	}
	const char *path = url + sizeof(SQLITE) - 1;
	clock_rfc3339(clock_wall_ms() / 1000 * 1000, now);
	int n = snprintf(r->named, sizeof(r->named), "%s", path);
	if (n < PATH_MAX && follow(r) != HARK_OK) {
		return r->err.code;
	}
	n = n < PATH_MAX && strlen(r->place) < PATH_MAX - 64
		    ? snprintf(r->fresh, sizeof(r->fresh), "%s.restoring", r->place)
		    : -1;
	if (n < 0 || snprintf(r->aside, sizeof(r->aside), "%s.before-%s", r->place, now) < 0) {
		return hark_err_set(&r->err, HARK_EINVAL, "the store's path is too long");
	}
	r->had = exists(r->place);
	struct stat a, b;
	bool same = r->had && stat(r->copy, &a) == 0 && stat(r->place, &b) == 0 &&
		    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	return same ? hark_err_set(&r->err, HARK_EINVAL, "%s is the store itself", r->copy)
		    : HARK_OK;
}

static void tell(const struct restoring *r, bool look)
{
	const struct restore_counts *n = &r->counts;
	if (cli_json(r->cli)) {
		printf("{\"restored\":%s,\"posts\":%lld,\"leads\":%lld,\"people\":%lld,\"users\":%lld,"
		       "\"opt_outs\":%lld,\"erased\":%lld,\"tokens_revoked\":%lld,"
		       "\"users_disabled\":%lld,\"users_changed\":%lld}\n",
			look ? "false" : "true", (long long)n->posts, (long long)n->leads,
			(long long)n->people, (long long)n->users, (long long)n->opt_outs,
			(long long)n->erased, (long long)n->tokens_revoked,
			(long long)n->users_disabled, (long long)n->users_changed);
		return;
	}
	printf("the copy is sound: %s, ", COUNT(n->posts, "post"));
	printf("%s, %s, ", COUNT(n->leads, "lead"), COUNT(n->people, "person"));
	printf("%s\n", COUNT(n->users, "user"));
	if (r->asked) {
		printf("taken over from the store: %s of those who want to be left alone; %lld erased"
		       " again\n",
			COUNT(n->opt_outs, "fingerprint"), (long long)n->erased);
		printf("who gets in is as in the store: %s revoked, ",
			COUNT(n->tokens_revoked, "token"));
		printf("%s disabled, ", COUNT(n->users_disabled, "user"));
		printf("%s with a newer role or password\n", COUNT(n->users_changed, "user"));
	} else {
		puts("no store from before was asked: erase again who was erased, revoke again what"
		     " was revoked\nand disable again who was disabled since the copy was made");
	}
	if (look) {
		puts("nothing was changed");
		return;
	}
	if (r->had) {
		printf("the store from before is %s: remove it once all is well\n", r->aside);
	}
	puts(r->asked ? "start harkd, and erase again who was erased after the store from before broke, if it did"
		      : "start harkd");
}

static int run_restore(struct cli *cli, int argc, char **argv)
{
	struct restoring r = {.cli = cli, .copy = argc == 1 ? argv[0] : NULL, .lock = -1};
	struct conf *conf;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "say which copy: a file that hark backup has made");
	}
	conf = sources_conf(cli, &code);
	if (conf == NULL) {
		return code;
	}
	bool look = cli_given(cli, "dry-run");
	int rc = find_places(&r, conf->store);
	rc = rc == HARK_OK ? restore(&r, look) : rc;
	if (rc != HARK_OK) {
		code = cli_fail(cli, &r.err);
	} else {
		tell(&r, look);
	}
	conf_unref(conf);
	return code;
}

static const struct cli_option options[] = {
	{"dry-run", 'n', NULL,
		"check the copy and say what would be erased again, and change nothing"},
	{"forget", 0, NULL, "do not ask the store from before who was erased: it cannot be read"},
	{"as", 0, "NAME", "who does it (default: the login name)"},
	{NULL},
};

const struct cli_command command_restore = {
	.name = "restore",
	.args = "FILE",
	.about = "Put a copy that hark backup has made in the place of the store",
	.more = "harkd must not run. The copy is checked first; then it is told who asked to be left alone since\n"
		"it was made, and whoever was erased since is erased in it, too: the store knows them by keyed\n"
		"fingerprints. A token that was revoked since, and a user who was disabled or is gone, stays out;\n"
		"roles and passwords are those of the store from before; all have to log in again. That store\n"
		"stays beside, under another name. With --forget, or without it, all is as the copy has it.\n\n"
		"    hark restore /var/backups/hark-2026-11-01.db --dry-run\n"
		"    hark restore /var/backups/hark-2026-11-01.db",
	.options = options,
	.run = run_restore,
};
