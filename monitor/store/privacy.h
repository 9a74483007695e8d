/* All that is stored about one person: finding it, showing it, removing it.
 *
 * A person is given by what they go by in public (a handle, a profile, an address) or as somebody who was imported.
 * From there it goes to the authors they are, the people they are known as, and what hangs on these. An address
 * that two people share says nothing about the other one, and a name alone is nobody, unless it is said to be one
 * ("name:Jane Doe"): then it is all who are called so and have nothing else, who may be several. What that hits is
 * shown first (privacy_hits()), and only who has confirmed it goes on.
 *
 * Removing leaves keyed fingerprints (optouts.h), so that no poll and no import brings the person back. Posts of
 * theirs go with their rows; of what others wrote about them only the fact stays that it was seen.
 *
 * Inside the caller's transaction. Texts and ids in the arena of privacy_find(). */
#ifndef HARK_STORE_PRIVACY_H
#define HARK_STORE_PRIVACY_H

#include "monitor/base/jsonout.h"
#include "monitor/store/optouts.h"

/* Rows of one table, each once. */
struct privacy_ids {
	int64_t *v;
	size_t n, cap;
};

/* What a source calls somebody. */
struct privacy_key {
	int64_t source;
	struct str key;
};

struct privacy_found {
	struct optout_set names;            /* given, and those that follow from it */
	struct privacy_ids people, authors; /* rows */
	struct privacy_ids posts;           /* by them, or about changes of their jobs */
	struct privacy_ids named;           /* by others, who name or repeat them */
	struct privacy_ids leads;           /* about them, or that rest on such posts */
	struct privacy_ids ties;            /* of colleagues who know them */
	struct privacy_key *keys;           /* of profiles */
	size_t keys_n, keys_cap;
	struct str *words; /* what they are called: names, addresses */
	size_t words_n, words_cap;
};

/* Who is meant: texts as people write them, and "#12" or "12" for somebody imported. */
struct privacy_who {
	const struct str *v;
	size_t n;
};

/* HARK_EINVAL: one of them is nothing of that kind; HARK_ENOENT: nobody of that number. That nothing is found is no
 * failure: people may opt out before anything is known of them. `mentions`: look into what others wrote, too. */
int privacy_find(struct store *s, const struct privacy_who *who, bool mentions, struct arena *arena,
	struct privacy_found *out, struct hark_err *err);

/* Whether one of those who are meant is given by a name alone. */
bool privacy_by_name(const struct privacy_found *found);

#define PRIVACY_EXAMPLES 3
/* What somebody who has a name alone said in one source, the newest first. */
struct privacy_hit {
	struct str name, source;
	int64_t posts;
	struct privacy_example {
		struct str url, text;
		int64_t at_ms;
		bool is_private;
	} examples[PRIVACY_EXAMPLES];
	size_t examples_n;
};
struct privacy_hits {
	struct privacy_hit *v;
	size_t n;
};
/* None where nobody is given by a name alone. In `arena`. */
int privacy_hits(struct store *s, const struct privacy_found *found, struct arena *arena,
	struct privacy_hits *out, struct hark_err *err);

struct privacy_counts {
	int64_t people, authors, posts, named, leads, leads_changed, alerts, moves, profiles, other;
	int64_t fingerprints; /* in the list of those who want to be left alone, new ones */
};

/* Lists them as wanting to be left alone, and forgets which colleagues know them. */
int privacy_opt_out(struct store *s, const struct privacy_found *found, struct str reason,
	int64_t now_ms, struct privacy_counts *out, struct hark_err *err);
/* Removes it all. `look`: counts, and takes everything back. What was overwritten is in the log until
 * store_scrub(). */
int privacy_erase(struct store *s, const struct privacy_found *found, bool look, int64_t now_ms,
	struct privacy_counts *out, struct hark_err *err);

/* Calls back for every row that is held, section by section, with the cells that have a value. */
struct privacy_cell {
	const char *name;
	struct str value; /* borrowed until the callback returns; of times: RFC 3339 */
};
typedef void (*privacy_row_fn)(
	void *ctx, const char *section, const struct privacy_cell *cells, size_t n);
int privacy_export(struct store *s, const struct privacy_found *found, privacy_row_fn take,
	void *ctx, struct hark_err *err);

/* --- who must be told that they are here (GDPR, article 14) --- */

struct privacy_due {
	int64_t person; /* 0: nobody who was imported, but who a lead is about … */
	int64_t lead;   /* … the first of those about them */
	int64_t since_ms, due_ms;
	struct str name, kind, origin, address; /* address: one to write to; absent: none */
	struct str lang;                        /* what they read, as it was imported; absent: not known */
};
struct privacy_due_page {
	int64_t within_ms; /* due so long from now at the latest */
	int64_t after;     /* behind that person, or that lead if it is negative; 0: from the first */
	size_t max;
};
/* People who were not informed, imported or found, first who is due first; due a month after they were stored, whether
 * or not somebody spoke to them before. Whoever leads are about and nobody has imported is one, however many there
 * are. In `arena`. HARK_EINVAL: the person or lead behind whom the page begins is gone. */
int privacy_due_list(struct store *s, int64_t now_ms, const struct privacy_due_page *page,
	struct arena *arena, struct privacy_due **out, size_t *n, struct hark_err *err);
/* That person as in the list, whether or not they were informed. HARK_ENOENT: there is nobody of that number. */
int privacy_due_one(struct store *s, int64_t person, struct arena *arena, struct privacy_due *out,
	struct hark_err *err);
/* The same of whom a lead is about. HARK_ENOENT: there is none; HARK_EINVAL: it is about somebody who was imported, or
 * about nobody. */
int privacy_due_of_lead(struct store *s, int64_t lead, struct arena *arena, struct privacy_due *out,
	struct hark_err *err);
/* Where what is held of them is from, a line each: the file that was imported and its day, links; of what is private the
 * source alone, for what they are told goes out of the house. In `arena`. */
int privacy_due_sources(struct store *s, const struct privacy_due *due, struct arena *arena,
	struct str *out, struct hark_err *err);
/* HARK_ENOENT: there is nobody of that number. */
int privacy_informed(struct store *s, int64_t person, int64_t now_ms, struct hark_err *err);
/* Of all leads about whom this one is about; errors as of privacy_due_of_lead(). */
int privacy_informed_of_lead(struct store *s, int64_t lead, int64_t now_ms, struct hark_err *err);

#endif
