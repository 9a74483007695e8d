/* DESIGN. The index says which posts have all the words, the last first, and no more; each is read, looked at with the
 * filters and the words as they stand, and is a hit or is not. So a page costs what it looks at, LOOKS_MAX posts and
 * little more than BYTES_MAX of text at most, whatever is stored. A name is looked up in the index of authors, and
 * stands for them in that of posts; the rows of authors, all over the place, are read of those alone, and of hits. */
#include "monitor/store/search.h"

#include "monitor/store/driver.h"
#include "monitor/store/grow.h"
#include "monitor/store/signals.h"
#include "monitor/store/words.h"

#define LOOKS_MAX 500
#define TERMS_MAX 100 /* that have one beginning */
#define BYTES_MAX ((size_t)1 << 20)
#define NAMED_MAX 100   /* authors a word stands for, the last that came */
#define AUTHORS_MAX 500 /* that a person or an account has */
#define MATCH_MAX ((size_t)256 << 10)

struct looking {
	struct store *s;
	struct db *db;
	const struct search_filter *f;
	struct arena *arena;
	struct search_page *out;
	struct search_text title, text, who;
	size_t cap, looks, bytes;
	int64_t *named; /* authors who are called by one of the words, in `arena` */
	size_t named_n, named_cap;
	bool excludes; /* a word that must not be in a name either */
};

/* ---- the index ---- */

/* "a" AND "b"*: all of a phrase; whether they follow one another is seen later. */
static void add_words(struct buf *out, const struct search_word *w, const char *end)
{
	struct str rest = w->words, one;
	for (size_t i = 0; i < w->n; i++) {
		str_split(&rest, ' ', &one);
		if (w->starts && i == w->n - 1 && end != NULL) {
			buf_printf(out, "%s(%s)", i > 0 ? " AND " : "", end);
		} else {
			buf_printf(out, "%s\"%.*s\"%s", i > 0 ? " AND " : "", STR_FMT(one),
				w->starts && i == w->n - 1 ? "*" : "");
		}
	}
}

/* Adds the first word of posts that is not before `from`, which goes behind it. False: it does not begin with `start`. */
static bool add_term(struct looking *l, struct str start, struct buf *from, struct buf *out)
{
	struct db_query *q = db_query(l->db, "SELECT term FROM post_terms WHERE term >= $1 LIMIT 1");
	db_text(q, buf_str(from));
	bool found = db_step(q) && str_starts(db_col_text(q, 0), start);
	if (found) {
		buf_printf(out, "%s\"%.*s\"", out->n > 0 ? " OR " : "", STR_FMT(db_col_text(q, 0)));
		buf_clear(from);
		buf_add_str(from, db_col_text(q, 0));
		buf_add_char(from, ' ');
	}
	db_done(q);
	return found;
}

/* "invoice" OR "invoices": all words that begin as the last one does. Asked for the beginning, the index gathers all
 * posts before it gives the first. False: there are none, or too many, or together too long. */
static bool add_terms(struct looking *l, const struct search_word *w, struct buf *out)
{
	struct str rest = w->words, start = STR_NONE;
	struct buf from;
	size_t n = 0;
	for (size_t i = 0; i < w->n; i++) {
		str_split(&rest, ' ', &start);
	}
	buf_init(&from, MATCH_MAX);
	buf_add_str(&from, start);
	while (n <= TERMS_MAX && add_term(l, start, &from, out)) {
		n++;
	}
	buf_release(&from);
	return n > 0 && n <= TERMS_MAX && out->rc == HARK_OK;
}

static void add_author(struct buf *out, const char *between, int64_t author)
{
	buf_printf(out, "%s\"" WORDS_AUTHOR "%lld\"", between, (long long)author);
}

static void keep_named(struct looking *l, int64_t author)
{
	int64_t *v = store_grow(l->db, l->arena, l->named, l->named_n, &l->named_cap, sizeof(*v));
	if (v != NULL) {
		l->named = v;
		l->named[l->named_n++] = author;
	}
}

static void add_word(struct looking *l, const struct search_word *w, struct buf *out)
{
	struct buf words, terms;
	buf_init(&words, MATCH_MAX);
	buf_init(&terms, MATCH_MAX);
	add_words(&words, w, NULL);
	struct db_query *q = db_query(l->db, "SELECT rowid FROM author_words WHERE author_words"
					     " MATCH $1 ORDER BY rowid DESC LIMIT $2");
	db_text(q, buf_str(&words));
	db_i64(q, NAMED_MAX);
	buf_add_c(out, out->n > 0 ? " AND ((" : "((");
	add_words(out, w, w->starts && add_terms(l, w, &terms) ? buf_c(&terms) : NULL);
	buf_add_char(out, ')');
	while (db_step(q)) {
		keep_named(l, db_col_i64(q, 0));
		add_author(out, " OR ", db_col_i64(q, 0));
	}
	db_done(q);
	buf_add_char(out, ')');
	buf_release(&terms);
	buf_release(&words);
}

/* What an author goes by in public leads to a person, as an identity that was found or a handle that was imported. */
#define AUTHORS_OF(people)                                                                    \
	"SELECT author FROM identities WHERE person IN (" people ") AND author IS NOT NULL"   \
	" UNION SELECT a.id FROM identities i JOIN authors a ON a.handle IN (i.value, '@' ||" \
	" i.value, ltrim(i.value, '@')) WHERE i.kind = 'handle' AND i.person IN (" people ")" \
	" LIMIT $2"
#define PERSON "SELECT id FROM people WHERE id = $1 OR merged_into = $1"
#define STAFF                                                                             \
	"SELECT person FROM employments WHERE account = $1 AND ended_ms IS NULL UNION"    \
	" SELECT p.id FROM employments e JOIN people p ON p.merged_into = e.person WHERE" \
	" e.account = $1 AND e.ended_ms IS NULL"

/* False: nobody of them is known to say anything in public. */
static bool add_whose(struct looking *l, const char *sql, int64_t id, struct buf *out)
{
	size_t before = out->n;
	if (id == 0) {
		return true;
	}
	struct db_query *q = db_query(l->db, sql);
	db_i64(q, id);
	db_i64(q, AUTHORS_MAX);
	const char *between = " AND (";
	while (db_step(q)) {
		add_author(out, between, db_col_i64(q, 0));
		between = " OR ";
	}
	db_done(q);
	buf_add_c(out, out->n > before ? ")" : "");
	return out->n > before;
}

/* False: nothing can be found. */
static bool write_match(struct looking *l, struct buf *out, struct hark_err *err, int *rc)
{
	const struct search_filter *f = l->f;
	for (size_t i = 0; i < f->what->n; i++) {
		l->excludes |= f->what->v[i].excluded;
		if (!f->what->v[i].excluded) {
			add_word(l, &f->what->v[i], out);
		}
	}
	if (f->source.p != NULL) {
		struct db_query *q = db_query(l->db, "SELECT id FROM sources WHERE name = $1");
		db_text(q, f->source);
		int64_t source = db_run_i64(q, 0);
		if (source == 0) {
			*rc = hark_err_set(err, HARK_ENOENT,
				"there is no source '%.*s', or nothing came from it yet",
				STR_FMT(str_cut_utf8(f->source, 100)));
			return false;
		}
		buf_printf(out, " AND \"" WORDS_SOURCE "%lld\"", (long long)source);
	}
	return add_whose(l, AUTHORS_OF(PERSON), f->person, out) &&
	       add_whose(l, AUTHORS_OF(STAFF), f->account, out);
}

/* ---- one post ---- */

/* $2: the reader's class, or '' who sees all. */
#define MAY_SEE "($2 = '' OR visibility IN ('all', $2))"

static bool says(struct looking *l, const struct search_word *w)
{
	return search_text_has(&l->title, w) || search_text_has(&l->text, w) ||
	       search_text_has(&l->who, w);
}

static bool says_all(struct looking *l)
{
	const struct search *what = l->f->what;
	for (size_t i = 0; i < what->n; i++) {
		if (says(l, &what->v[i]) == what->v[i].excluded) {
			return false;
		}
	}
	return true;
}

static void read_text(struct looking *l, struct search_text *t, struct str text)
{
	int rc = search_text_read(t, text);
	if (rc != HARK_OK) {
		db_fail(l->db, rc, "no memory to look at a post");
	}
}

static bool is_named(const struct looking *l, int64_t author)
{
	for (size_t i = 0; i < l->named_n; i++) {
		if (l->named[i] == author) {
			return true;
		}
	}
	return false;
}

/* Nothing, where the name makes no difference. */
static void read_who(struct looking *l, int64_t author)
{
	struct buf who;
	buf_init(&who, MATCH_MAX);
	if (l->excludes || is_named(l, author)) {
		struct db_query *q =
			db_query(l->db, "SELECT handle, display_name FROM authors WHERE id = $1");
		db_i64(q, author);
		if (db_step(q)) {
			buf_add_str(&who, db_col_text(q, 0));
			buf_add_char(&who, ' ');
			buf_add_str(&who, db_col_text(q, 1));
		}
		db_done(q);
	}
	read_text(l, &l->who, buf_str(&who));
	buf_release(&who);
}

static bool is_in_time(const struct search_filter *f, int64_t at_ms)
{
	return at_ms >= f->since_ms && (f->until_ms == 0 || at_ms < f->until_ms);
}

/* Kinds of its signals that the reader may see. False: there are some, and none of those, or not the kind asked
 * for. */
static bool read_kinds(struct looking *l, int64_t post, struct search_hit *hit)
{
	bool any = false, wanted = l->f->kind.p == NULL;
	struct buf kinds;
	buf_init(&kinds, 4096);
	struct db_query *q =
		db_query(l->db, "SELECT DISTINCT kind, " MAY_SEE
				" FROM signals WHERE post = $1 AND gone_ms IS NULL ORDER BY kind");
	db_i64(q, post);
	db_text_or_empty(q, l->f->seen_as);
	while (db_step(q)) {
		any = true;
		if (db_col_i64(q, 1) != 0) {
			buf_printf(&kinds, "%s%.*s", kinds.n > 0 ? "," : "",
				STR_FMT(db_col_text(q, 0)));
			wanted = wanted || str_eq(db_col_text(q, 0), l->f->kind);
		}
	}
	db_done(q);
	bool seen = !any || kinds.n > 0;
	hit->kinds = kinds.n > 0 ? arena_str(l->arena, buf_str(&kinds)) : STR_NONE;
	buf_release(&kinds);
	return seen && wanted;
}

static void read_lead(struct looking *l, int64_t story, struct search_hit *hit)
{
	struct db_query *q = db_query(l->db,
		"SELECT max(id) FROM leads WHERE id IN (SELECT lead FROM signals WHERE " SIGNALS_OF_STORY("$1")
		" AND lead IS NOT NULL AND gone_ms IS NULL) AND " MAY_SEE);
	db_i64(q, story);
	db_text_or_empty(q, l->f->seen_as);
	hit->lead = db_run_i64(q, 0);
}

static void read_person(struct looking *l, int64_t author, struct search_hit *hit)
{
	struct db_query *q = db_query(l->db,
		"SELECT coalesce(m.id, p.id), coalesce(m.name, p.name) FROM authors a JOIN identities i"
		" ON i.author = a.id OR (i.kind = 'handle' AND i.value IN (a.handle, '@' || a.handle,"
		" ltrim(a.handle, '@'))) JOIN people p ON p.id = i.person LEFT JOIN people m ON"
		" m.id = p.merged_into WHERE a.id = $1 ORDER BY i.author IS NULL, p.id LIMIT 1");
	db_i64(q, author);
	if (db_step(q)) {
		hit->person = db_col_i64(q, 0);
		hit->person_name = db_col_copy(q, 1, l->arena);
	}
	db_done(q);
	if (hit->person == 0) {
		return;
	}
	q = db_query(l->db,
		"SELECT a.id, a.name FROM employments e JOIN accounts a ON a.id = e.account WHERE"
		" e.person IN (" PERSON
		") AND e.ended_ms IS NULL ORDER BY e.observed_ms DESC, e.id DESC"
		" LIMIT 1");
	db_i64(q, hit->person);
	if (db_step(q)) {
		hit->account = db_col_i64(q, 0);
		hit->account_name = db_col_copy(q, 1, l->arena);
	}
	db_done(q);
}

/* What is said once it is known to be a hit. */
static void read_hit(struct looking *l, struct search_hit *hit)
{
	struct db_query *q = db_query(l->db,
		"SELECT p.title, p.text, p.published, p.seen_ms, p.url, p.type, p.visibility,"
		" p.historic, o.name, a.handle, a.display_name, a.profile_url, p.author,"
		" coalesce(p.story, p.id) FROM posts p JOIN sources o ON o.id = p.source LEFT JOIN"
		" authors a ON a.id = p.author WHERE p.id = $1");
	db_i64(q, hit->post);
	if (db_step(q)) {
		hit->title = db_col_copy(q, 0, l->arena);
		hit->text = db_col_copy(q, 1, l->arena);
		hit->said_ms = db_col_i64(q, 2);
		hit->seen_ms = db_col_i64(q, 3);
		hit->url = db_col_copy(q, 4, l->arena);
		hit->type = db_col_copy(q, 5, l->arena);
		hit->is_private = str_eq_c(db_col_text(q, 6), "private");
		hit->historic = db_col_i64(q, 7) != 0;
		hit->source = db_col_copy(q, 8, l->arena);
		hit->handle = db_col_copy(q, 9, l->arena);
		hit->name = db_col_copy(q, 10, l->arena);
		hit->profile_url = db_col_copy(q, 11, l->arena);
		hit->title_spans_n = search_text_spans(&l->title, l->f->what, hit->title_spans);
		hit->text_spans_n = search_text_spans(&l->text, l->f->what, hit->text_spans);
		read_lead(l, db_col_i64(q, 13), hit);
		if (!db_is_null(q, 12)) {
			read_person(l, db_col_i64(q, 12), hit);
		}
	}
	db_done(q);
}

/* Whether it says what is asked for, when that is asked for; its texts stay read. */
static bool is_said(struct looking *l, int64_t post)
{
	struct db_query *q = db_query(l->db, "SELECT coalesce(published, seen_ms), title, text,"
					     " author FROM posts WHERE id = $1");
	bool said = false;
	db_i64(q, post);
	if (db_step(q) && is_in_time(l->f, db_col_i64(q, 0))) {
		struct str title = db_col_text(q, 1), text = db_col_text(q, 2);
		read_text(l, &l->title, title);
		read_text(l, &l->text, text);
		read_who(l, db_col_i64(q, 3));
		l->bytes += title.n + text.n;
		said = says_all(l);
	}
	db_done(q);
	return said;
}

/* False: no memory, or the database failed. */
static bool look_at(struct looking *l, int64_t post)
{
	struct search_hit hit = {.post = post};
	if (is_said(l, post) && read_kinds(l, post, &hit)) {
		read_hit(l, &hit);
		struct search_hit *v =
			store_grow(l->db, l->arena, l->out->v, l->out->n, &l->cap, sizeof(*v));
		if (v != NULL) {
			l->out->v = v;
			l->out->v[l->out->n++] = hit;
		}
	}
	return db_check(l->db, NULL) == HARK_OK;
}

static void look(struct looking *l, struct str match)
{
	struct db_query *q = db_query(l->db, "SELECT rowid FROM post_words WHERE post_words MATCH"
					     " $1 AND rowid < $2 ORDER BY rowid DESC");
	int64_t last = 0;
	db_text(q, match);
	db_i64(q, l->f->before > 0 ? l->f->before : INT64_MAX);
	while (db_step(q)) {
		if (l->out->n == l->f->max || l->looks == LOOKS_MAX || l->bytes >= BYTES_MAX) {
			l->out->next = last;
			break;
		}
		last = db_col_i64(q, 0);
		l->looks++;
		if (!look_at(l, last)) {
			break;
		}
	}
	db_done(q);
}

int store_search(struct store *s, const struct search_filter *f, struct arena *arena,
	struct search_page *out, struct hark_err *err)
{
	struct looking l = {.s = s, .db = store_db(s), .f = f, .arena = arena, .out = out};
	struct buf match;
	int rc = HARK_OK;
	*out = (struct search_page){0};
	buf_init(&match, MATCH_MAX);
	search_text_init(&l.title);
	search_text_init(&l.text);
	search_text_init(&l.who);
	db_begin_read(l.db); /* what the index says and what is stored are of one moment */
	if (write_match(&l, &match, err, &rc) && match.rc == HARK_OK) {
		look(&l, buf_str(&match));
	}
	out->waiting = store_words_waiting(s);
	int failed = db_commit(l.db, rc == HARK_OK ? err : NULL);
	search_text_release(&l.title);
	search_text_release(&l.text);
	search_text_release(&l.who);
	rc = rc == HARK_OK ? failed : rc;
	rc = rc == HARK_OK ? match.rc : rc;
	buf_release(&match);
	return rc;
}
