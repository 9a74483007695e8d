/* Rows of references, the statements they rest on, and their events. What may happen to a reference is decided in
 * monitor/references; here it is only written. Inside the caller's transaction, whose failures are the commit's, where
 * nothing else is said. */
#ifndef HARK_STORE_REFERENCES_H
#define HARK_STORE_REFERENCES_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/model/reference.h"
#include "monitor/store/store.h"

/* --- finding --- */

/* Where a person works today. */
struct person_job {
	int64_t account; /* 0: at no account that is known */
	struct str account_kind, title, person_kind;
};
void store_person_job(struct store *s, int64_t person, struct arena *arena, struct person_job *out);

/* The reference of a person at an account, 0: none. */
int64_t store_reference_of(struct store *s, int64_t person, int64_t account);
/* Makes it as it is given, id and version apart. */
int64_t store_reference_add(struct store *s, const struct reference *r);
/* Writes everything but what makes it that one. HARK_EAGAIN: somebody was faster. */
int store_reference_write(
	struct store *s, const struct reference *r, int64_t now_ms, struct hark_err *err);
void store_reference_event(struct store *s, int64_t id, const struct step *event);
/* Whoever kept the gates of others has left: those references are orphans from now on. `secret`: not everybody who reads
 * of a reference may know of the move, so it does not say that they have left. Returns how many. */
size_t store_references_orphan(struct store *s, int64_t person, bool secret, int64_t now_ms);

/* Orphans whose desk was not told: why they are, all alike, with the first of their ids. Without those that only first
 * polls found and nobody worked on. */
#define ORPHANED_NAMED 20
struct orphaned {
	struct str why;
	int64_t total, ids[ORPHANED_NAMED];
	size_t ids_n;
};
/* Strings in `arena`; who lost their keeper first comes first. */
int store_orphaned_untold(struct store *s, struct arena *arena, struct orphaned **out, size_t *n,
	struct hark_err *err);
void store_orphaned_told(struct store *s, struct str why, int64_t now_ms);

/* Whether anybody here goes by that name: a user, one of the staff, or the owner of an account. */
bool store_is_colleague(struct store *s, struct str name);
/* Whether a colleague who goes by that name has left; *when: the day, may be empty. */
bool store_has_left(struct store *s, struct str name, struct arena *arena, struct str *when);

/* --- statements --- */

/* 0: its post made one before. */
int64_t store_statement_add(struct store *s, const struct statement *what);
/* The statement a post makes, with everything in `arena`. False: none. */
bool store_statement_of_post(
	struct store *s, int64_t post, struct arena *arena, struct statement *out);
bool store_statement_load(struct store *s, int64_t id, struct arena *arena, struct statement *out);
/* Compliance lets through what is regulated as it stands now. Returns how many. */
size_t store_statements_sign(struct store *s, int64_t reference, struct str by, int64_t now_ms);
/* Takes back what was signed at that moment. */
void store_statements_unsign(struct store *s, int64_t reference, int64_t at_ms);
/* What its post says now; false: nothing of that is kept. */
bool store_statement_now(struct store *s, const struct statement *what, struct arena *arena,
	struct str *title, struct str *text);
/* The SHA-256 of the text that was agreed to last with this statement; absent: nobody has agreed to it. */
struct str store_permission_hash(
	struct store *s, int64_t reference, int64_t statement, struct arena *arena);
/* Writes tone, text, its hash, parts, times and what the text is now. */
void store_statement_write(struct store *s, const struct statement *what);
/* The account does not get asked until then, or until it is cleared. */
void store_service_mark(
	struct store *s, int64_t account, int64_t statement, int64_t now_ms, int64_t until_ms);

/* Somebody unknown praises: one task an author. */
struct author_task {
	int64_t author, post;
	int64_t posts; /* of theirs that wait, this one among them */
	enum statement_tone tone;
	bool historic;
};
void store_author_task(struct store *s, const struct author_task *t, int64_t now_ms);
/* The author is known now: the task is done. */
void store_author_task_done(struct store *s, int64_t author, struct str by, int64_t now_ms);
/* The author of praise that waits is nobody's: a task that ended because they were known is open again. */
void store_author_task_again(struct store *s, int64_t author, int64_t now_ms);

/* What somebody agreed to; only ever added. */
struct grant {
	enum permission state;
	struct str scope, granted_by, text_hash, actor;
	int64_t expires_ms, statement, at_ms;
};
void store_permission_add(struct store *s, int64_t reference, const struct grant *g);
/* References where something is over, or where nobody keeps the gate: ids, at most `max`. */
int store_references_due(struct store *s, int64_t now_ms, size_t max, struct arena *arena,
	int64_t **ids, size_t *n, struct hark_err *err);
/* HARK_ENOENT. */
int store_person_name(struct store *s, int64_t person, struct arena *arena, struct str *out,
	struct hark_err *err);

/* --- looking --- */

/* Strings in `arena`. HARK_ENOENT: there is none. */
int store_reference_load(struct store *s, int64_t id, struct arena *arena, struct reference *out,
	struct hark_err *err);

struct reference_filter {
	unsigned permissions; /* bits 1 << enum permission; 0: all */
	bool historic;        /* those of first polls alone, instead of the others */
	bool orphaned, unowned;
	struct str account, owner; /* absent: any; owner: or gatekeeper */
	int64_t after; /* the last of the page before, with its score; 0: from the start */
	int after_score;
	size_t max;
};
/* The statement of store_reference_list(), appended. */
void store_reference_list_sql(const struct reference_filter *f, struct buf *sql);
/* The best first. */
int store_reference_list(struct store *s, const struct reference_filter *f, struct arena *arena,
	struct reference **out, size_t *n, struct hark_err *err);
/* The most credible first. */
int store_reference_statements(struct store *s, int64_t id, struct arena *arena,
	struct statement **out, size_t *n, struct hark_err *err);
/* Whether somebody of that class (absent: an admin) may read it: who sees one of the signals in the post, as they
 * stand or, after an edit, stood; of a post that is gone, whom it was for when it was captured. False as well where that
 * cannot be read. */
bool store_statement_is_for(struct store *s, const struct statement *what, struct str class);
/* Oldest first. */
int store_reference_events(struct store *s, int64_t id, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err);

struct service_mark {
	int64_t id, account, statement, at_ms, until_ms, cleared_ms;
	struct str account_name, person_name, text, url, cleared_by, note;
	bool is_private;
};
/* Those in force, or all; newest first. */
int store_service_list(struct store *s, bool all, int64_t now_ms, struct arena *arena,
	struct service_mark **out, size_t *n, struct hark_err *err);
/* HARK_ENOENT: none of that account is in force. *n: how many were. */
int store_service_clear(struct store *s, int64_t account, struct str by, struct str note,
	int64_t now_ms, size_t *n, struct hark_err *err);

struct task {
	int64_t id, posts, created_ms, last_ms, done_ms;
	int64_t post; /* their last; 0: gone */
	enum statement_tone tone;
	struct str kind, handle, name, profile_url, source, url, text, done_by, note;
	bool historic, is_private, regulated; /* regulated: the last is for compliance */
};
int store_task_list(struct store *s, bool historic, bool done, struct arena *arena,
	struct task **out, size_t *n, struct hark_err *err);
/* HARK_ENOENT: no such task is open. */
int store_task_end(struct store *s, int64_t id, struct str by, struct str note, int64_t now_ms,
	struct hark_err *err);

/* The account with this number, id or name, in whatever legal form if no other is called so. HARK_ENOENT. */
int store_account_find(struct store *s, struct str name, int64_t *out, struct hark_err *err);
/* The statement that looks up what is written as it is stored; for tests. */
const char *store_account_find_sql(void);

#endif
