/* DESIGN. What hangs on people is read beside them (beside.h). Few people are merged and few accounts have names of
 * their own, so those two are held in memory, sorted. */
#include "monitor/store/faces.h"

#include "monitor/base/arena.h"
#include "monitor/store/beside.h"
#include "monitor/store/imports.h"
#include "monitor/store/optouts.h"

#include <stdlib.h>

struct merged {
	int64_t id, into;
};

struct company {
	int64_t account;
	bool is_domain;
	struct str value;
};

struct faces {
	struct db *db;
	const struct face_reader *r;
	struct arena arena;
	struct merged *merged; /* by id */
	size_t merged_n, merged_cap;
	struct company *companies; /* by account */
	size_t companies_n, companies_cap;
	int64_t *quiet; /* who asked to be left alone, sorted */
	size_t quiet_n, quiet_cap;
	struct beside known, jobs;
};

static bool grow(struct faces *f, void *array, size_t n, size_t *cap, size_t size)
{
	void **at = array;
	void *moved = arena_grow(&f->arena, *at, n, cap, size);
	if (moved == NULL) {
		db_fail(f->db, HARK_ENOMEM, "no memory for the people that are known");
		return false;
	}
	*at = moved;
	return true;
}

static int by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b; /* each begins with it */
	return (*x > *y) - (*x < *y);
}

static void read_merged(struct faces *f)
{
	struct db_query *q = db_query(f->db, "SELECT id, merged_into FROM people"
					     " WHERE merged_into IS NOT NULL ORDER BY id");
	while (db_step(q) && grow(f, &f->merged, f->merged_n, &f->merged_cap, sizeof(*f->merged))) {
		f->merged[f->merged_n++] = (struct merged){db_col_i64(q, 0), db_col_i64(q, 1)};
	}
	db_done(q);
}

static int64_t who_is(const struct faces *f, int64_t id)
{
	const struct merged *m = NULL;
	while (f->merged_n > 0 &&
		(m = bsearch(&id, f->merged, f->merged_n, sizeof(*m), by_id)) != NULL) {
		id = m->into;
	}
	return id;
}

static void read_companies(struct faces *f)
{
	struct db_query *q = db_query(f->db, "SELECT account, kind, value FROM account_names"
					     " ORDER BY account, kind, value");
	while (db_step(q) &&
		grow(f, &f->companies, f->companies_n, &f->companies_cap, sizeof(*f->companies))) {
		f->companies[f->companies_n++] = (struct company){db_col_i64(q, 0),
			str_eq_c(db_col_text(q, 1), "domain"), db_col_copy(q, 2, &f->arena)};
	}
	db_done(q);
}

static enum face_part part_of(struct str kind)
{
	return str_eq_c(kind, "email")     ? FACE_EMAIL
	       : str_eq_c(kind, "profile") ? FACE_PROFILE
					   : FACE_HANDLE;
}

static bool is_listed(const struct optouts *o, struct str kind, struct str value)
{
	switch (part_of(kind)) {
	case FACE_EMAIL:
		return optouts_lists(o, OPTOUT_EMAIL, value);
	case FACE_PROFILE:
		return optouts_lists(o, OPTOUT_PROFILE, value);
	default:
		return optouts_lists(o, OPTOUT_HANDLE, value);
	}
}

static void read_quiet(struct faces *f, struct store *s)
{
	struct optouts o;
	if (optouts_init(&o, s, NULL) == HARK_OK && o.any) {
		struct db_query *q = db_query(
			f->db, "SELECT person, kind, value FROM identities ORDER BY person");
		while (db_step(q)) {
			if (is_listed(&o, db_col_text(q, 1), db_col_text(q, 2)) &&
				grow(f, &f->quiet, f->quiet_n, &f->quiet_cap, sizeof(int64_t))) {
				f->quiet[f->quiet_n++] = who_is(f, db_col_i64(q, 0));
			}
		}
		db_done(q);
	}
	if (f->quiet_n > 1) {
		qsort(f->quiet, f->quiet_n, sizeof(int64_t), by_id);
	}
	optouts_release(&o);
}

static bool is_quiet(const struct faces *f, int64_t person)
{
	return f->quiet_n > 0 &&
	       bsearch(&person, f->quiet, f->quiet_n, sizeof(int64_t), by_id) != NULL;
}

static void say(const struct faces *f, enum face_part what, struct str value)
{
	if (value.n > 0) {
		f->r->part(f->r->ctx, what, value);
	}
}

static void say_company(const struct faces *f, int64_t account)
{
	size_t low = 0, high = f->companies_n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		*(f->companies[middle].account < account ? &low : &high) =
			f->companies[middle].account < account ? middle + 1 : middle;
	}
	for (; low < f->companies_n && f->companies[low].account == account; low++) {
		say(f, f->companies[low].is_domain ? FACE_EMPLOYER_DOMAIN : FACE_EMPLOYER,
			f->companies[low].value);
	}
}

/* The title is that of the last job, which is known only after the others: so it comes with the person. */
static void take(struct faces *f, struct db_query *people)
{
	int64_t id = db_col_i64(people, 0);
	const struct face face = {.person = who_is(f, id),
		.name = db_col_text(people, 1),
		.place = db_col_text(people, 2),
		.title = db_col_text(people, 3)};
	bool quiet = is_quiet(f, face.person);
	if (!quiet) {
		f->r->face(f->r->ctx, &face);
	}
	for (; beside_is_at(&f->known, id); beside_next(&f->known)) {
		struct str kind = db_col_text(f->known.q, 1);
		if (!quiet && !str_eq_c(kind, "author")) {
			say(f, part_of(kind), db_col_text(f->known.q, 2));
		}
	}
	for (; beside_is_at(&f->jobs, id); beside_next(&f->jobs)) {
		if (!quiet) {
			say(f, FACE_EMPLOYER, db_col_text(f->jobs.q, 1));
			say(f, FACE_EMPLOYER, db_col_text(f->jobs.q, 3));
			say_company(f, db_col_i64(f->jobs.q, 2));
		}
	}
}

int store_faces_each(struct store *s, const struct face_reader *r, struct hark_err *err)
{
	struct faces f = {.db = store_db(s), .r = r};
	arena_init(&f.arena, 0);
	db_begin_read(f.db);
	read_merged(&f);
	read_companies(&f);
	read_quiet(&f, s);
	beside_open(&f.known,
		db_query(f.db, "SELECT person, kind, value FROM identities ORDER BY person"));
	beside_open(&f.jobs,
		db_query(f.db, "SELECT e.person, e.employer, e.account, a.name FROM employments e"
			       " LEFT JOIN accounts a ON a.id = e.account WHERE e.ended_ms IS NULL"
			       " ORDER BY e.person, e.id"));
	struct db_query *q = db_query(f.db,
		"SELECT p.id, p.name, p.location, (SELECT title FROM employments e WHERE e.person = p.id"
		" AND e.ended_ms IS NULL ORDER BY observed_ms DESC LIMIT 1) FROM people p ORDER BY p.id");
	while (db_step(q)) {
		take(&f, q);
	}
	db_done(q);
	db_done(f.known.q);
	db_done(f.jobs.q);
	int rc = db_commit(f.db, err);
	arena_release(&f.arena);
	return rc;
}

int64_t store_faces_mark(struct store *s, bool learned)
{
	int64_t mark = store_import_mark(s) +
		       db_run_i64(db_query(store_db(s), "SELECT count(*) FROM opt_outs"), 0);
	return !learned
		       ? mark
		       : mark + db_run_i64(
					db_query(store_db(s),
						"SELECT (SELECT COALESCE(max(id), 0) FROM identities)"
						" + (SELECT COALESCE(max(id), 0) FROM employments)"),
					0);
}
