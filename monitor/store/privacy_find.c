#include "monitor/store/privacy.h"

#include "connectors/move.h"
#include "monitor/store/driver.h"
#include "monitor/store/key_rows.h"

#include <stdio.h>
#include <stdlib.h>

#define WORD_MIN 5 /* shorter handles are words of every language */

struct finder {
	struct store *store;
	struct db *db;
	struct arena *arena;
	struct privacy_found *out;
	struct optouts by; /* asks out->names */
	struct hark_err *err;
	int rc;
};

static bool has(const struct privacy_ids *ids, int64_t id)
{
	size_t from = 0, to = ids->n; /* mostly in order; at worst looked through */
	while (from < to && ids->v[from] != id) {
		from++;
	}
	return from < to;
}

static bool add(struct finder *f, struct privacy_ids *ids, int64_t id)
{
	int64_t *v = arena_grow(f->arena, ids->v, ids->n, &ids->cap, sizeof(*v));
	if (v == NULL) {
		f->rc = hark_err_set(f->err, HARK_ENOMEM, "no memory for what is held");
		return false;
	}
	ids->v = v;
	ids->v[ids->n++] = id;
	return true;
}

static void add_once(struct finder *f, struct privacy_ids *ids, int64_t id)
{
	if (!has(ids, id)) {
		add(f, ids, id);
	}
}

static int cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void sort_once(struct privacy_ids *ids)
{
	size_t n = 0;
	if (ids->n > 1) {
		qsort(ids->v, ids->n, sizeof(*ids->v), cmp);
	}
	for (size_t i = 0; i < ids->n; i++) {
		if (n == 0 || ids->v[n - 1] != ids->v[i]) {
			ids->v[n++] = ids->v[i];
		}
	}
	ids->n = n;
}

static bool is_sorted_in(const struct privacy_ids *ids, int64_t id)
{
	return ids->n > 0 && bsearch(&id, ids->v, ids->n, sizeof(id), cmp) != NULL;
}

static void add_word(struct finder *f, struct str word)
{
	struct privacy_found *o = f->out;
	if (word.n < WORD_MIN) {
		return;
	}
	for (size_t i = 0; i < o->words_n; i++) {
		if (str_eq_nocase(o->words[i], word)) {
			return;
		}
	}
	struct str *words =
		arena_grow(f->arena, o->words, o->words_n, &o->words_cap, sizeof(*words));
	struct str kept = arena_str(f->arena, word);
	if (words == NULL || kept.p == NULL) {
		f->rc = hark_err_set(f->err, HARK_ENOMEM, "no memory for what is held");
		return;
	}
	o->words = words;
	words[o->words_n++] = kept;
}

static void gather(struct finder *f, enum optout_kind kind, struct str value)
{
	if (f->rc == HARK_OK && value.n > 0) {
		f->rc = optouts_gather(&f->out->names, kind, value, f->arena, f->err);
	}
}

/* --- who was meant --- */

/* "12" or "#12". */
static bool is_number(struct str text, int64_t *id)
{
	text = str_starts(text, STR("#")) ? str_n(text.p + 1, text.n - 1) : text;
	return str_i64(text, id) && *id > 0;
}

static void take_person(struct finder *f, int64_t id)
{
	struct db_query *q =
		db_query(f->db, "SELECT coalesce(merged_into, id) FROM people WHERE id = $1");
	db_i64(q, id);
	int64_t one = db_run_i64(q, 0);
	if (one == 0) {
		f->rc = hark_err_set(f->err, HARK_ENOENT,
			"there is no person %lld: hark people list shows them", (long long)id);
		return;
	}
	add_once(f, &f->out->people, one);
}

static void take_given(struct finder *f, struct str text)
{
	enum optout_kind kind;
	int64_t id;
	text = str_trim(text);
	if (is_number(text, &id)) {
		take_person(f, id);
	} else if (optout_kind_guess(text, &kind)) {
		gather(f, kind, text);
	} else {
		f->rc = hark_err_set(f->err, HARK_EINVAL,
			"'%.*s' is nobody: write @handle, @handle@host, an e-mail address, the link of a"
			" profile, the number of somebody imported (hark people list), or, for who has none of"
			" these, the name as name:'Ana Lopez'",
			STR_FMT(str_cut_utf8(text, 100)));
	}
}

/* --- people --- */

static void find_people(struct finder *f)
{
	struct db_query *q = db_query(f->db,
		"SELECT coalesce(p.merged_into, p.id), i.kind, i.value FROM identities i"
		" JOIN people p ON p.id = i.person");
	while (f->rc == HARK_OK && db_step(q)) {
		struct str value = db_col_text(q, 2);
		enum optout_kind kind = optout_kind_of_identity(db_col_text(q, 1), value);
		if (optouts_lists(&f->by, kind, value)) {
			add_once(f, &f->out->people, db_col_i64(q, 0));
		}
	}
	db_done(q);
}

/* Those who are one with them. */
static void find_merged(struct finder *f)
{
	for (size_t i = 0; i < f->out->people.n && f->rc == HARK_OK; i++) {
		struct db_query *q =
			db_query(f->db, "SELECT id FROM people WHERE merged_into = $1");
		db_i64(q, f->out->people.v[i]);
		while (f->rc == HARK_OK && db_step(q)) {
			add_once(f, &f->out->people, db_col_i64(q, 0));
		}
		db_done(q);
	}
}

/* An address of two people, as of an office, is no address of this one. */
static bool is_shared(struct finder *f, struct str kind, struct str value)
{
	struct db_query *q =
		db_query(f->db, "SELECT person FROM identities WHERE kind = $1 AND value = $2");
	bool shared = false;
	db_text(q, kind);
	db_text(q, value);
	while (!shared && db_step(q)) {
		shared = !has(&f->out->people, db_col_i64(q, 0));
	}
	db_done(q);
	return shared;
}

/* A bare handle may be somebody else's elsewhere, so it counts only where there is nothing better. */
static void follow_identities(struct finder *f, int64_t person)
{
	struct str handle = STR_NONE;
	size_t before = f->out->names.n;
	struct db_query *q =
		db_query(f->db, "SELECT kind, value, author FROM identities WHERE person = $1");
	db_i64(q, person);
	while (f->rc == HARK_OK && db_step(q)) {
		struct str value = db_col_copy(q, 1, f->arena);
		enum optout_kind kind = optout_kind_of_identity(db_col_text(q, 0), value);
		if (!db_is_null(q, 2)) {
			add_once(f, &f->out->authors, db_col_i64(q, 2));
		}
		if (is_shared(f, db_col_text(q, 0), value)) {
			continue;
		}
		if (kind == OPTOUT_HANDLE) {
			handle = value;
		} else {
			gather(f, kind, value);
			add_word(f, value);
		}
	}
	db_done(q);
	q = db_query(f->db, "SELECT name, external_id FROM people WHERE id = $1");
	db_i64(q, person);
	if (db_step(q)) {
		struct str name = db_col_text(q, 0);
		if (memchr(name.p != NULL ? name.p : "", ' ', name.n) != NULL) {
			add_word(f, name);
		}
		gather(f, OPTOUT_RECORD, db_col_text(q, 1));
	}
	db_done(q);
	if (f->out->names.n == before) {
		gather(f, OPTOUT_HANDLE, handle);
	}
}

/* --- authors --- */

static void find_authors(struct finder *f)
{
	struct privacy_ids linked = f->out->authors;
	f->out->authors = (struct privacy_ids){0};
	struct db_query *q = db_query(f->db, "SELECT id, handle, profile_url, display_name FROM authors");
	while (f->rc == HARK_OK && db_step(q)) {
		const struct author a = {.handle = db_col_text(q, 1),
			.profile_url = db_col_text(q, 2),
			.display_name = db_col_text(q, 3)};
		bool is_linked = has(&linked, db_col_i64(q, 0));
		if (!is_linked && !optouts_has(&f->by, &a)) {
			continue;
		}
		add(f, &f->out->authors, db_col_i64(q, 0));
		if (is_linked && a.profile_url.n > 0) {
			gather(f, OPTOUT_PROFILE, a.profile_url);
		} else if (is_linked && a.handle.n > 0) {
			gather(f, OPTOUT_HANDLE, a.handle);
		}
		add_word(f, a.profile_url);
	}
	db_done(q);
	sort_once(&f->out->authors);
}

/* --- profiles --- */

static void add_key(struct finder *f, int64_t source, struct str key)
{
	struct privacy_found *o = f->out;
	for (size_t i = 0; i < o->keys_n; i++) {
		if (o->keys[i].source == source && str_eq(o->keys[i].key, key)) {
			return;
		}
	}
	struct privacy_key *keys =
		arena_grow(f->arena, o->keys, o->keys_n, &o->keys_cap, sizeof(*keys));
	struct str kept = arena_str(f->arena, key);
	if (keys == NULL || kept.p == NULL) {
		f->rc = hark_err_set(f->err, HARK_ENOMEM, "no memory for what is held");
		return;
	}
	o->keys = keys;
	keys[o->keys_n++] = (struct privacy_key){source, kept};
}

static void find_profiles(struct finder *f)
{
	struct db_query *q = db_query(f->db, "SELECT source, key, handle, url FROM profiles");
	while (f->rc == HARK_OK && db_step(q)) {
		const struct author a = {
			.handle = db_col_text(q, 2), .profile_url = db_col_text(q, 3)};
		if (optouts_has(&f->by, &a)) {
			add_key(f, db_col_i64(q, 0), db_col_text(q, 1));
		}
	}
	db_done(q);
	q = db_query(f->db,
		"SELECT e.source, e.key, m.person FROM move_evidence e"
		" JOIN moves m ON m.id = e.move WHERE e.key IS NOT NULL AND m.person IS NOT NULL");
	while (f->rc == HARK_OK && db_step(q)) {
		if (has(&f->out->people, db_col_i64(q, 2))) {
			add_key(f, db_col_i64(q, 0), db_col_text(q, 1));
		}
	}
	db_done(q);
}

/* --- posts --- */

static void add_written(void *ctx, const struct key_entry *e)
{
	struct finder *f = ctx;
	if (f->rc == HARK_OK && is_sorted_in(&f->out->authors, e->author)) {
		add(f, &f->out->posts, e->post);
	}
}

static void find_posts(struct finder *f)
{
	if (f->out->authors.n > 0) {
		key_rows_each(f->store, 0, add_written, f);
	}
	for (size_t i = 0; i < f->out->keys_n && f->rc == HARK_OK; i++) {
		char ids[MOVE_ID_MAX], end[MOVE_ID_MAX];
		move_ids(f->out->keys[i].key, ids);
		snprintf(end, sizeof(end), "%s", ids);
		end[strlen(end) - 1]++; /* "…/" to "…0" */
		struct db_query *q = db_query(f->db,
			"SELECT id FROM posts WHERE source = $1 AND external_id >= $2"
			" AND external_id < $3");
		db_i64(q, f->out->keys[i].source);
		db_text_c(q, ids);
		db_text_c(q, end);
		while (f->rc == HARK_OK && db_step(q)) {
			add(f, &f->out->posts, db_col_i64(q, 0));
		}
		db_done(q);
	}
	sort_once(&f->out->posts);
}

static void add_unless_theirs(struct finder *f, struct db_query *q)
{
	while (f->rc == HARK_OK && db_step(q)) {
		if (!is_sorted_in(&f->out->posts, db_col_i64(q, 0))) {
			add(f, &f->out->named, db_col_i64(q, 0));
		}
	}
	db_done(q);
}

static void find_repeated(struct finder *f)
{
	for (size_t i = 0; i < f->out->posts.n && f->rc == HARK_OK; i++) {
		struct db_query *q = db_query(f->db, "SELECT post FROM story_copies WHERE story = $1");
		db_i64(q, f->out->posts.v[i]);
		add_unless_theirs(f, q);
	}
}

static void find_named(struct finder *f)
{
	for (size_t i = 0; i < f->out->words_n && f->rc == HARK_OK; i++) {
		struct db_query *q = db_query(f->db,
			"SELECT id FROM posts WHERE lower(coalesce(title, '') || ' ' || coalesce(text, '')"
			" || ' ' || coalesce(quoted, '') || ' ' || coalesce(detail, ''))"
			" LIKE '%' || lower($1) || '%' ESCAPE '!'");
		struct buf pattern;
		buf_init(&pattern, 4096);
		for (size_t k = 0; k < f->out->words[i].n; k++) {
			char c = f->out->words[i].p[k];
			if (c == '%' || c == '_' || c == '!') {
				buf_add_char(&pattern, '!');
			}
			buf_add_char(&pattern, c);
		}
		db_text(q, buf_str(&pattern));
		add_unless_theirs(f, q);
		buf_release(&pattern);
	}
}

/* --- leads --- */

static void find_leads_of(struct finder *f, const struct privacy_ids *posts)
{
	for (size_t i = 0; i < posts->n && f->rc == HARK_OK; i++) {
		struct db_query *q = db_query(f->db,
			"SELECT DISTINCT lead FROM signals WHERE post = $1 AND lead IS NOT NULL");
		db_i64(q, posts->v[i]);
		while (f->rc == HARK_OK && db_step(q)) {
			add(f, &f->out->leads, db_col_i64(q, 0));
		}
		db_done(q);
	}
}

static void find_leads_about(struct finder *f)
{
	for (size_t i = 0; i < f->out->people.n && f->rc == HARK_OK; i++) {
		struct db_query *q = db_query(f->db,
			"SELECT l.id FROM people p JOIN leads l ON l.subject_kind = p.kind AND l.subject_id ="
			" coalesce(p.external_id, p.kind || '_' || p.id) WHERE p.id = $1");
		db_i64(q, f->out->people.v[i]);
		while (f->rc == HARK_OK && db_step(q)) {
			add(f, &f->out->leads, db_col_i64(q, 0));
		}
		db_done(q);
	}
	sort_once(&f->out->leads);
}

/* By what a colleague's export says of them, who may be nobody else here. */
static void find_ties(struct finder *f)
{
	struct db_query *q = db_query(f->db, "SELECT id, link, email FROM ties");
	while (f->rc == HARK_OK && db_step(q)) {
		const struct author who = {.profile_url = db_col_text(q, 1)};
		if (optouts_has(&f->by, &who) ||
			optouts_lists(&f->by, OPTOUT_EMAIL, db_col_text(q, 2))) {
			add(f, &f->out->ties, db_col_i64(q, 0));
		}
	}
	db_done(q);
	for (size_t i = 0; i < f->out->people.n && f->rc == HARK_OK; i++) {
		q = db_query(f->db,
			"SELECT t.id FROM people p JOIN employments e ON e.person = p.id JOIN ties t ON"
			" (t.account = e.account OR lower(t.account_name) = lower(e.employer))"
			" AND lower(t.name) = lower(p.name) WHERE p.id = $1");
		db_i64(q, f->out->people.v[i]);
		while (f->rc == HARK_OK && db_step(q)) {
			add_once(f, &f->out->ties, db_col_i64(q, 0));
		}
		db_done(q);
	}
}

/* What they go by, as others write it. */
static void name_given(struct finder *f)
{
	const struct optout_set *names = &f->out->names;
	for (size_t i = 0; i < names->n && f->rc == HARK_OK; i++) {
		struct str value = names->v[i].value;
		enum optout_kind kind = names->v[i].kind;
		if (kind == OPTOUT_HANDLE || kind == OPTOUT_ACCOUNT) {
			struct buf at;
			buf_init(&at, 4096);
			buf_printf(&at, "@%.*s", STR_FMT(value));
			add_word(f, buf_str(&at));
			buf_release(&at);
		} else if (kind == OPTOUT_EMAIL) {
			add_word(f, value);
		}
	}
}

int privacy_find(struct store *s, const struct privacy_who *who, bool mentions, struct arena *arena,
	struct privacy_found *out, struct hark_err *err)
{
	struct finder f = {.store = s, .db = store_db(s), .arena = arena, .out = out, .err = err};
	*out = (struct privacy_found){0};
	f.by = (struct optouts){.store = s, .any = true, .only = &out->names};
	for (size_t i = 0; i < who->n && f.rc == HARK_OK; i++) {
		take_given(&f, who->v[i]);
	}
	if (f.rc == HARK_OK) {
		find_people(&f);
		find_merged(&f);
	}
	for (size_t i = 0; i < out->people.n && f.rc == HARK_OK; i++) {
		follow_identities(&f, out->people.v[i]);
	}
	if (f.rc == HARK_OK) {
		find_ties(&f);
		find_authors(&f);
		find_profiles(&f);
		find_posts(&f);
		find_repeated(&f);
	}
	if (f.rc == HARK_OK && mentions) {
		name_given(&f);
		find_named(&f);
	}
	sort_once(&out->named);
	find_leads_of(&f, &out->posts);
	find_leads_of(&f, &out->named);
	find_leads_about(&f);
	return f.rc != HARK_OK ? f.rc : db_check(f.db, err);
}
