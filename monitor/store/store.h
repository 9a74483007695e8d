/* The store: opening it, owning it, transactions. What is in it has one file of queries per record
 * beside this one (sources.h, posts.h, leads.h, outbox.h …).
 *
 * One thread at a time per store; a thread that needs its own opens its own. Functions of the record
 * files work inside the caller's transaction, or each on its own outside of one. Inside, the first
 * failure is kept, later calls do nothing, and store_commit() reports it. */
#ifndef HARK_STORE_STORE_H
#define HARK_STORE_STORE_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

/* Where the row behind which a page begins was erased: nobody can tell what comes after it, and an empty page would lose
 * the rest without a word. */
#define STORE_PAGE_GONE "the row behind which this page begins is gone: begin with the first page"

struct store;
struct clusters;
struct story_index;
struct db;

enum store_flag {
	STORE_READ_ONLY = 1,
	STORE_OWNER = 2,      /* the daemon: nobody else may be it */
	STORE_SYNC_LATER = 4, /* store_commit() does not wait for the disk: see store_sync() */
};

/* `url`: sqlite:PATH. Makes the database and its folder if need be (not when reading), and brings
 * the tables up to date. HARK_EBUSY: owned by another harkd; HARK_ENOENT: reading, and there is none;
 * HARK_ESTATE: another version's; HARK_EINVAL: a place a database must not live. */
int store_open(struct store **out, const char *url, unsigned flags, struct hark_err *err);
void store_close(struct store *s); /* NULL is fine */
/* Whether this opening made it: nothing was there, or an empty file. */
bool store_is_new(const struct store *s);

/* A transaction that writes. */
int store_begin(struct store *s, struct hark_err *err);
/* HARK_OK: it is on the disk (or see store_sync()). Else everything since store_begin() is taken back, and `err` is the
 * first failure. */
int store_commit(struct store *s, struct hark_err *err);
void store_rollback(struct store *s);

/* For work that touches rows all over the tables: the store may take so many MiB for pages, for as long as it is
 * open, instead of 4. */
void store_make_room(struct store *s, unsigned mib);
/* After reading much of which little is read again: the pages it keeps are given back. */
void store_forget_pages(struct store *s);
/* How many of 32 KiB it has read from the file since the last call. */
size_t store_pages_read(struct store *s);

/* With STORE_SYNC_LATER what is committed can be read by all and survives the end of the program, but a loss
 * of power may take the last commits back, until somebody has called store_sync(): on another store of the
 * same database, opened for this, on another thread. Nobody may be told before that it is stored. A failure
 * leaves open what is on the disk: only a new start knows. */
int store_sync(struct store *s, struct hark_err *err);
/* How long the log was after the last commit of this store, in pages of 32 KiB. */
size_t store_log_pages(struct store *s);
/* Moves what is in the log to its place, beside a store that writes. */
int store_shorten_log(struct store *s, struct hark_err *err);
/* After an erasure is committed: of what was overwritten nothing is left in the files. HARK_EBUSY: not yet, others are
 * at work. */
int store_scrub(struct store *s, struct hark_err *err);

/* As db_backup() (driver.h), of a moment of its own; not inside a transaction. */
int store_backup(struct store *s, const char *path,
	bool (*step)(void *ctx, int64_t done, int64_t total), void *ctx, struct hark_err *err);

/* HARK_OK while the database is where it was opened; else what it writes is lost, and `err` says so. */
int store_check_place(struct store *s, struct hark_err *err);

/* For the files in monitor/store only. */
struct db *store_db(struct store *s);
/* Reserves `n` keys of a kind of row (a literal), inside a transaction, which writes down how far they
 * went when it is committed. Returns the first; 0: it failed. */
int64_t store_ids(struct store *s, const char *what, size_t n);
/* The next key of a kind of row (a literal) that is shown outside and never given out twice; also outside a
 * transaction. newest: the query of the highest there is. 0: it failed. */
int64_t store_new_id(struct store *s, const char *what, const char *newest);
/* Of all posts up to `*last`, which the caller raises when it adds more. NULL: no memory. */
struct story_index *store_stories(struct store *s, int64_t **last);
/* What finds copies among them (near.h), NULL until it is used; owned by the store. */
struct clusters **store_clusters(struct store *s);
/* The counts of rules that wait for the end of the transaction (rule_days.h). */
struct rule_day **store_rule_days(struct store *s);
/* As well those of an overview (sums.h), */
struct sum **store_sums(struct store *s);
/* and what new posts are found by (key_rows.h). */
struct key_rows **store_key_rows(struct store *s);

#endif
