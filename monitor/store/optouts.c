#include "monitor/store/optouts.h"

#include "monitor/base/crypto.h"
#include "monitor/base/url_key.h"
#include "monitor/store/driver.h"

#include <stdio.h>

#define KEY_NAME "optout-key"
#define VALUE_MAX 4096

static const char *const kinds[OPTOUT_KINDS] = {
	"handle", "email", "profile", "account", "record", "row", "name"};

const char *optout_kind_name(enum optout_kind kind)
{
	return kinds[kind];
}

static bool has_host(struct str handle)
{
	return handle.n > 1 && memchr(handle.p + 1, '@', handle.n - 1) != NULL;
}

static bool is_space(char c)
{
	return (unsigned char)c <= ' ';
}

/* Without the mark, and the spaces around it. */
static struct str bare_name(struct str text)
{
	size_t from = str_starts(text, STR(OPTOUT_NAME_MARK)) ? strlen(OPTOUT_NAME_MARK) : 0;
	while (from < text.n && is_space(text.p[from])) {
		from++;
	}
	while (text.n > from && is_space(text.p[text.n - 1])) {
		text.n--;
	}
	return from > 0 ? str_n(text.p + from, text.n - from) : text;
}

bool optout_kind_guess(struct str text, enum optout_kind *out)
{
	text = str_trim(text);
	if (str_starts(text, STR(OPTOUT_NAME_MARK))) {
		size_t n = bare_name(text).n;
		*out = OPTOUT_NAME;
		return n > 0 && n <= VALUE_MAX;
	}
	for (size_t i = 0; i < text.n; i++) {
		if (is_space(text.p[i])) {
			return false;
		}
	}
	if (str_starts_nocase(text, STR("https://")) || str_starts_nocase(text, STR("http://"))) {
		*out = OPTOUT_PROFILE;
	} else if (text.n > 1 && text.p[0] == '@') {
		*out = has_host(text) ? OPTOUT_ACCOUNT : OPTOUT_HANDLE;
	} else if (has_host(text)) {
		*out = OPTOUT_EMAIL;
	} else {
		return false;
	}
	return true;
}

enum optout_kind optout_kind_of_identity(struct str kind, struct str value)
{
	return str_eq_c(kind, "email")     ? OPTOUT_EMAIL
	       : str_eq_c(kind, "profile") ? OPTOUT_PROFILE
	       : has_host(value)           ? OPTOUT_ACCOUNT
					   : OPTOUT_HANDLE;
}

struct str optouts_row(char text[OPTOUT_ROW_MAX], int64_t person, int64_t created_ms)
{
	snprintf(text, OPTOUT_ROW_MAX, "%lld %lld", (long long)person, (long long)created_ms);
	return str_c(text);
}

/* Handles and addresses: lower-case, no leading "@". */
static void plain_lower(struct str value, struct buf *out)
{
	value = str_trim(value);
	if (str_starts(value, STR("@"))) {
		value = str_n(value.p + 1, value.n - 1);
	}
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		buf_add_char(out, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
	}
}

/* As above, with one space where there are several, and without the mark. */
static void plain_name(struct str value, struct buf *out)
{
	value = bare_name(value);
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		if (!is_space(c) || !is_space(value.p[i - 1])) { /* the first is none */
			buf_add_char(out, is_space(c) ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
		}
	}
}

static void normalise(enum optout_kind kind, struct str value, struct buf *out)
{
	struct arena arena;
	arena_init(&arena, 0);
	if (kind == OPTOUT_PROFILE) {
		plain_lower(url_key(value, &arena), out);
	} else if (kind == OPTOUT_NAME) {
		plain_name(value, out);
	} else {
		plain_lower(value, out);
	}
	arena_release(&arena);
}

/* 64 hexadecimal digits; false if there is nothing to hash. */
static bool fingerprint(
	const struct optouts *o, enum optout_kind kind, struct str value, char hex[65])
{
	struct buf text;
	unsigned char mac[CRYPTO_HMAC_BYTES];
	buf_init(&text, VALUE_MAX);
	normalise(kind, value, &text);
	bool some = text.rc == HARK_OK && text.n > 0;
	if (some) {
		const struct str parts[] = {str_c(kinds[kind]), STR(":"), buf_str(&text)};
		crypto_hmac_sha256(str_n((const char *)o->key, sizeof(o->key)), parts, 3, mac);
		for (size_t i = 0; i < sizeof(mac); i++) {
			snprintf(hex + i * 2, 3, "%02x", mac[i]);
		}
	}
	buf_release(&text);
	return some;
}

static bool read_key(struct optouts *o)
{
	struct db_query *q = db_query(
		store_db(o->store), "SELECT value FROM settings WHERE name = '" KEY_NAME "'");
	bool found = db_step(q) && db_col_blob(q, 0).n == sizeof(o->key);
	if (found) {
		memcpy(o->key, db_col_blob(q, 0).p, sizeof(o->key));
	}
	db_done(q);
	return found;
}

void optouts_set_key(struct store *s, const unsigned char key[OPTOUT_KEY_BYTES])
{
	struct db_query *q =
		db_query(store_db(s), "INSERT INTO settings (name, value) VALUES ('" KEY_NAME
				      "', $1) ON CONFLICT (name) DO NOTHING");
	db_blob(q, str_n((const char *)key, OPTOUT_KEY_BYTES));
	db_run(q);
}

static void make_key(struct optouts *o)
{
	crypto_random(o->key, sizeof(o->key));
	optouts_set_key(o->store, o->key);
	read_key(o); /* another program may have been first */
}

bool optouts_key(struct store *s, bool make, unsigned char key[OPTOUT_KEY_BYTES])
{
	struct optouts o = {.store = s};
	bool found = read_key(&o);
	if (!found && make) {
		make_key(&o);
		found = true;
	}
	memcpy(key, o.key, sizeof(o.key));
	optouts_release(&o);
	return found;
}

int optouts_init(struct optouts *o, struct store *s, struct hark_err *err)
{
	struct db *db = store_db(s);
	*o = (struct optouts){.store = s};
	o->any = db_run_i64(db_query(db, "SELECT 1 FROM opt_outs LIMIT 1"), 0) != 0;
	if (o->any) {
		read_key(o);
	}
	return db_check(db, err);
}

void optouts_release(struct optouts *o)
{
	crypto_wipe(o->key, sizeof(o->key));
}

static bool is_in(const struct optout_set *set, enum optout_kind kind, struct str value)
{
	struct buf text;
	bool found = false;
	buf_init(&text, VALUE_MAX);
	normalise(kind, value, &text);
	for (size_t i = 0; i < set->n && !found; i++) {
		found = set->v[i].kind == kind && str_eq(set->v[i].value, buf_str(&text));
	}
	buf_release(&text);
	return found;
}

bool optouts_lists(const struct optouts *o, enum optout_kind kind, struct str value)
{
	char hex[65];
	if (str_empty(value)) {
		return false;
	}
	if (o->only != NULL) {
		return is_in(o->only, kind, value);
	}
	if (!fingerprint(o, kind, value, hex)) {
		return false;
	}
	struct db_query *q = db_query(store_db(o->store),
		o->erased_only
			? "SELECT 1 FROM opt_outs WHERE hash = $1 AND reason = '" OPTOUT_ERASED "'"
			: "SELECT 1 FROM opt_outs WHERE hash = $1");
	db_text_c(q, hex);
	return db_run_i64(q, 0) != 0;
}

/* "jdoe" with a profile at social.example is "jdoe@social.example"; one that names its host is that already. */
static bool lists_account(const struct optouts *o, struct str handle, struct str profile_url)
{
	if (str_empty(handle) || has_host(handle)) {
		return optouts_lists(o, OPTOUT_ACCOUNT, handle);
	}
	struct arena arena;
	struct str host = STR_NONE, scheme = STR("https://");
	arena_init(&arena, 0);
	struct str url = url_key(profile_url, &arena);
	if (str_starts(url, scheme)) {
		struct str rest = str_n(url.p + scheme.n, url.n - scheme.n);
		str_split(&rest, '/', &host);
	}
	struct buf account;
	buf_init(&account, VALUE_MAX);
	buf_printf(&account, "%.*s@%.*s", STR_FMT(handle), STR_FMT(host));
	bool found = host.n > 0 && optouts_lists(o, OPTOUT_ACCOUNT, buf_str(&account));
	buf_release(&account);
	arena_release(&arena);
	return found;
}

/* Many feeds have no other name than an address for whoever wrote something. */
static bool lists_mail(const struct optouts *o, struct str name)
{
	enum optout_kind kind;
	return optout_kind_guess(name, &kind) && kind == OPTOUT_EMAIL &&
	       optouts_lists(o, OPTOUT_EMAIL, name);
}

bool optouts_has(const struct optouts *o, const struct author *author)
{
	return o->any && (optouts_lists(o, OPTOUT_HANDLE, author->handle) ||
				 optouts_lists(o, OPTOUT_EMAIL, author->handle) ||
				 lists_mail(o, author->display_name) ||
				 optouts_lists(o, OPTOUT_PROFILE, author->profile_url) ||
				 lists_account(o, author->handle, author->profile_url) ||
				 (str_empty(author->handle) && str_empty(author->profile_url) &&
					 optouts_lists(o, OPTOUT_NAME, author->display_name)));
}

static bool lists_identity(const struct optouts *o, struct str kind, struct str value)
{
	if (str_eq_c(kind, "record")) {
		return optouts_lists(o, OPTOUT_RECORD, value);
	}
	enum optout_kind what = optout_kind_of_identity(kind, value);
	return optouts_lists(o, what, value) ||
	       (what == OPTOUT_ACCOUNT && optouts_lists(o, OPTOUT_HANDLE, value));
}

bool optouts_has_person(const struct optouts *o, int64_t person)
{
	bool found = false;
	if (!o->any) {
		return false;
	}
	struct db_query *q = db_query(store_db(o->store),
		"WITH RECURSIVE up(id) AS (SELECT id FROM people WHERE id = $1 UNION SELECT p.merged_into"
		" FROM up JOIN people p ON p.id = up.id WHERE p.merged_into IS NOT NULL), same(id) AS"
		" (SELECT id FROM up UNION SELECT p.id FROM same JOIN people p ON p.merged_into = same.id)"
		" SELECT kind, value, NULL, NULL FROM identities WHERE person IN (SELECT id FROM same) UNION"
		" ALL SELECT 'record', external_id, NULL, NULL FROM people WHERE id IN (SELECT id FROM same)"
		" UNION ALL SELECT NULL, handle, profile_url, display_name FROM authors WHERE id IN (SELECT author FROM"
		" identities WHERE person IN (SELECT id FROM same) UNION SELECT p.author FROM statements t"
		" JOIN posts p ON p.id = t.post WHERE t.person IN (SELECT id FROM same))");
	db_i64(q, person);
	while (!found && db_step(q)) {
		const struct author author = {.handle = db_col_text(q, 1),
			.profile_url = db_col_text(q, 2),
			.display_name = db_col_text(q, 3)};
		found = db_is_null(q, 0) ? optouts_has(o, &author)
					 : lists_identity(o, db_col_text(q, 0), author.handle);
	}
	db_done(q);
	return found;
}

bool store_person_opted_out(struct store *s, int64_t person)
{
	struct optouts o;
	bool found = optouts_init(&o, s, NULL) == HARK_OK && optouts_has_person(&o, person);
	optouts_release(&o);
	return found;
}

static bool has_any(const struct optouts *o, struct db_query *people)
{
	bool found = false;
	while (!found && db_step(people)) {
		found = optouts_has_person(o, db_col_i64(people, 0));
	}
	db_done(people);
	return found;
}

bool optouts_has_author(const struct optouts *o, int64_t author)
{
	struct db *db = store_db(o->store);
	bool found = false;
	if (!o->any) {
		return false;
	}
	struct db_query *q = db_query(db, "SELECT handle, profile_url, display_name FROM authors WHERE id = $1");
	db_i64(q, author);
	if (db_step(q)) {
		const struct author a = {.handle = db_col_text(q, 0),
			.profile_url = db_col_text(q, 1),
			.display_name = db_col_text(q, 2)};
		found = optouts_has(o, &a);
	}
	db_done(q);
	if (!found) {
		q = db_query(db, "SELECT person FROM identities WHERE author = $1 UNION"
				 " SELECT person FROM encounters WHERE author = $1");
		db_i64(q, author);
		found = has_any(o, q);
	}
	return found;
}

static bool has_writer(const struct optouts *o, int64_t lead)
{
	bool found = false;
	struct db_query *q = db_query(store_db(o->store),
		"SELECT DISTINCT a.handle, a.profile_url, a.display_name FROM signals g JOIN posts p ON p.id = g.post"
		" JOIN authors a ON a.id = p.author WHERE g.lead = $1");
	db_i64(q, lead);
	while (!found && db_step(q)) {
		const struct author author = {.handle = db_col_text(q, 0),
			.profile_url = db_col_text(q, 1),
			.display_name = db_col_text(q, 2)};
		found = optouts_has(o, &author);
	}
	db_done(q);
	return found;
}

static bool has_subject(const struct optouts *o, int64_t lead, struct str subject_id)
{
	struct db_query *q = db_query(store_db(o->store),
		"SELECT e.person FROM signals g JOIN encounters e ON e.post = g.post WHERE g.lead = $1"
		" UNION SELECT id FROM people WHERE external_id = $2");
	db_i64(q, lead);
	db_text(q, subject_id);
	return has_any(o, q);
}

bool optouts_has_lead(const struct optouts *o, int64_t lead, struct str subject_id)
{
	return o->any && (has_writer(o, lead) || has_subject(o, lead, subject_id));
}

bool store_lead_opted_out(struct store *s, const struct lead *lead)
{
	struct optouts o;
	bool found = optouts_init(&o, s, NULL) == HARK_OK &&
		     optouts_has_lead(&o, lead->id, lead->subject.id);
	optouts_release(&o);
	return found;
}

int optouts_gather(struct optout_set *set, enum optout_kind kind, struct str value,
	struct arena *arena, struct hark_err *err)
{
	struct buf text;
	buf_init(&text, VALUE_MAX);
	normalise(kind, value, &text);
	struct str kept =
		text.rc == HARK_OK && text.n > 0 ? arena_str(arena, buf_str(&text)) : STR_NONE;
	bool some = text.n > 0;
	buf_release(&text);
	if (!some) {
		return hark_err_set(
			err, HARK_EINVAL, "'%.*s' is no %s", STR_FMT(value), kinds[kind]);
	}
	if (is_in(set, kind, kept)) {
		return HARK_OK;
	}
	struct optout_value *v = arena_grow(arena, set->v, set->n, &set->cap, sizeof(*v));
	if (v == NULL || kept.p == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for who is meant");
	}
	set->v = v;
	set->v[set->n++] = (struct optout_value){kind, kept};
	return HARK_OK;
}

size_t optouts_filter(const struct optouts *o, struct lead_evidence *evidence, size_t n)
{
	size_t left = 0;
	for (size_t i = 0; i < n; i++) {
		const struct author author = {.handle = evidence[i].author_handle,
			.display_name = evidence[i].author_name,
			.profile_url = evidence[i].author_url};
		if (!optouts_has(o, &author)) {
			evidence[left++] = evidence[i];
		}
	}
	return left;
}

int optouts_add(struct optouts *o, enum optout_kind kind, struct str value, struct str reason,
	int64_t now_ms, struct hark_err *err)
{
	struct db *db = store_db(o->store);
	char hex[65];
	if (!o->any && !read_key(o)) {
		make_key(o);
	}
	if (!fingerprint(o, kind, value, hex)) {
		return hark_err_set(
			err, HARK_EINVAL, "'%.*s' is no %s", STR_FMT(value), kinds[kind]);
	}
	struct db_query *q = db_query(db, "INSERT INTO opt_outs (hash, kind, at_ms, reason)"
					  " VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO UPDATE"
					  " SET reason = excluded.reason"
					  " WHERE excluded.reason = '" OPTOUT_ERASED "'");
	db_text_c(q, hex);
	db_text_c(q, kinds[kind]);
	db_i64(q, now_ms);
	db_text(q, reason);
	db_run(q);
	o->any = true;
	return db_check(db, err);
}
