#include "monitor/references/candidates.h"

#include "monitor/base/crypto.h"
#include "monitor/references/guard.h"
#include "monitor/references/owners.h"
#include "monitor/references/permission.h"
#include "monitor/references/rank.h"
#include "monitor/references/statement.h"
#include "monitor/store/driver.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define TEXT_MAX STATEMENT_TEXT_MAX
#define CUSTOMER "customer"
#define STAFF "staff"

static struct str whole_text(const struct post *p, struct buf *out)
{
	return statement_text(p->title, p->text, out);
}

static void log_event(
	struct store *s, int64_t id, const char *action, const char *note, int64_t now_ms)
{
	const struct step event = {.at_ms = now_ms, .action = str_c(action), .note = str_c(note)};
	store_reference_event(s, id, &event);
}

/* Counts anew what a reference rests on, and writes it. */
static void write_rank(struct store *s, struct reference *r, int64_t now_ms)
{
	struct arena arena;
	struct statement *v;
	size_t n;
	arena_init(&arena, 0);
	if (store_reference_statements(s, r->id, &arena, &v, &n, NULL) == HARK_OK) {
		struct rank rank = rank_of(v, n);
		bool nominated = str_eq_c(r->origin, "human");
		r->tone = rank.tone;
		r->score = rank.score;
		r->statements = rank.statements;
		r->historic = !nominated && rank.historic;
		store_reference_write(s, r, now_ms, NULL);
	}
	arena_release(&arena);
}

/* One changed character of the text that was agreed to takes the agreement back. */
static void void_consent(
	struct store *s, const struct conf *conf, struct reference *r, int64_t now_ms)
{
	enum permission before = r->permission;
	permission_void(r, conf != NULL ? conf->references.ask_ms : PERMISSION_ASK_MS, now_ms);
	const struct step event = {.at_ms = now_ms,
		.action = STR("consent voided"),
		.from = str_c(permission_name(before)),
		.to = str_c(permission_name(r->permission)),
		.note = STR("the text that was agreed to is another now")};
	store_reference_event(s, r->id, &event);
}

/* What `w` says is another thing than before, or it is new. `conf` may be NULL: the owner stays who it is. */
static void recount(
	struct store *s, const struct conf *conf, const struct statement *w, int64_t now_ms)
{
	struct arena arena;
	struct reference r;
	arena_init(&arena, 0);
	if (w->reference != 0 &&
		store_reference_load(s, w->reference, &arena, &r, NULL) == HARK_OK) {
		if (r.consent == w->id && !statement_stands(w) && permission_is_granted(&r)) {
			void_consent(s, conf, &r, now_ms);
		}
		if (conf != NULL) {
			owners_settle(s, conf, &r, &arena, now_ms);
		}
		write_rank(s, &r, now_ms);
	}
	arena_release(&arena);
}

void candidates_recount(struct store *s, int64_t reference, int64_t now_ms)
{
	struct arena arena;
	struct reference r;
	struct statement w;
	arena_init(&arena, 0);
	if (store_reference_load(s, reference, &arena, &r, NULL) == HARK_OK) {
		bool elsewhere = r.consent != 0 && !(store_statement_load(s, r.consent, &arena, &w) &&
							   w.reference == r.id);
		if (elsewhere && permission_is_granted(&r)) {
			void_consent(s, NULL, &r, now_ms);
		}
		write_rank(s, &r, now_ms);
	}
	arena_release(&arena);
}

/* Whether the account's praise is for compliance, by the table of the configuration. */
static bool is_regulated(
	struct store *s, const struct conf *conf, int64_t account, struct str product)
{
	struct arena arena;
	struct account_sales sales;
	arena_init(&arena, 0);
	bool found = conf->references.regulated_n > 0 &&
		     store_account_sales(s, account, &arena, &sales, NULL) == HARK_OK &&
		     guard_regulated(&conf->references, &sales, product) != NULL;
	arena_release(&arena);
	return found;
}

bool candidates_regulated(
	struct store *s, const struct conf *conf, int64_t person, struct str product)
{
	struct arena arena;
	struct person_job job;
	if (conf->references.regulated_n == 0 || person == 0) {
		return false;
	}
	arena_init(&arena, 0);
	store_person_job(s, person, &arena, &job);
	bool found = job.account != 0 && str_eq_nocase(job.account_kind, STR(CUSTOMER)) &&
		     is_regulated(s, conf, job.account, product);
	arena_release(&arena);
	return found;
}

static int64_t make(
	struct store *s, const struct statement *w, const struct person_job *job, int64_t now_ms)
{
	struct reference r = {.person = w->person,
		.account = job->account,
		.origin = STR("rule"),
		.title = job->title,
		.authority = authority_of_title(job->title),
		.permission = PERMISSION_FOUND,
		.stage_ms = now_ms,
		.historic = w->historic,
		.created_ms = now_ms};
	r.id = store_reference_add(s, &r);
	const struct step event = {.at_ms = now_ms,
		.action = STR("found"),
		.to = str_c(permission_name(r.permission))};
	store_reference_event(s, r.id, &event);
	return r.id;
}

/* What is to be kept of what was said; strings in `text` and `rules`. */
static struct statement statement_of(
	const struct heard *h, struct buf *text, struct buf *rules, int64_t now_ms)
{
	const struct author *a = &h->post->author;
	statement_rules(h->signals, h->signals_n, rules);
	return (struct statement){.post = h->row,
		.tone = h->read.tone,
		.source = h->post->source,
		.url = h->post->url,
		.author = str_empty(a->display_name) ? a->handle : a->display_name,
		.product = statement_product(h->signals, h->signals_n),
		.rules = buf_str(rules),
		.text = whole_text(h->post, text),
		.parts = h->read.parts,
		.said_ms = h->post->published,
		.captured_ms = now_ms,
		.is_private = h->is_private,
		.regulated = statement_is_regulated(h->signals, h->signals_n),
		.historic = h->historic};
}

/* What was bad when it was said may be past, if its author was found out since. */
static void to_service(
	struct store *s, const struct conf *conf, const struct statement *w, int64_t now_ms)
{
	int64_t since_ms = w->edited_ms != 0 ? w->edited_ms : w->captured_ms;
	int64_t until_ms = since_ms + conf->references.service_ms;
	if (!w->historic && w->account != 0 && until_ms > now_ms) {
		store_service_mark(s, w->account, w->id, now_ms, until_ms);
	}
	if (w->reference != 0) {
		log_event(s, w->reference, "to service",
			"they are not happy: nobody of the account is asked", now_ms);
	}
}

/* What is said is kept with the reference it belongs to, which may be made for it. */
static enum candidate keep(struct store *s, const struct conf *conf, const struct statement *said,
	const struct person_job *job, int64_t now_ms)
{
	char hash[CRYPTO_SHA256_HEX_MAX], note[40];
	struct statement w = *said;
	bool bad = w.tone == SAID_NEGATIVE;
	w.reference = store_reference_of(s, w.person, job->account);
	bool made = w.reference == 0 && !bad;
	w.reference = made ? make(s, &w, job, now_ms) : w.reference;
	w.account = job->account;
	w.hash = str_c(crypto_sha256_hex(w.text, hash));
	w.regulated = w.regulated || is_regulated(s, conf, job->account, w.product);
	w.id = store_statement_add(s, &w);
	enum candidate what = w.id == 0 ? CANDIDATE_NONE
			      : bad     ? CANDIDATE_SERVICE
			      : made    ? CANDIDATE_FOUND
					: CANDIDATE_GROWN;
	if (what == CANDIDATE_SERVICE) {
		to_service(s, conf, &w, now_ms);
	} else if (what != CANDIDATE_NONE) {
		snprintf(note, sizeof(note), "statement %lld", (long long)w.id);
		log_event(s, w.reference, "said", note, now_ms);
		recount(s, conf, &w, now_ms);
	}
	return what;
}

/* Nobody is known, or nobody at a customer: it waits until somebody is, whom only praise is a reason to look for. */
static enum candidate put_aside(struct store *s, const struct statement *w, int64_t now_ms)
{
	int64_t author = store_unplaced_put(s, w);
	if (author == 0 || w->person != 0 || w->tone == SAID_NEGATIVE) {
		return CANDIDATE_NONE;
	}
	const struct author_task t = {
		author, w->post, store_unplaced_praise(s, author), w->tone, w->historic};
	store_author_task(s, &t, now_ms);
	return CANDIDATE_TASK;
}

/* What somebody said who is known or not, now or before. */
static enum candidate place(struct store *s, const struct conf *conf, const struct statement *w,
	int64_t author, int64_t now_ms)
{
	struct arena arena;
	struct person_job job;
	enum candidate what = CANDIDATE_NONE;
	if (w->person == 0) {
		return put_aside(s, w, now_ms);
	}
	arena_init(&arena, 0);
	store_person_job(s, w->person, &arena, &job);
	if (author != 0) {
		store_author_task_done(s, author, STR("found out"), now_ms);
	}
	bool own = str_eq_nocase(job.person_kind, STR(STAFF));
	if (job.account != 0 && str_eq_nocase(job.account_kind, STR(CUSTOMER)) && !own) {
		what = keep(s, conf, w, &job, now_ms);
		store_unplaced_drop(s, w->post);
	} else if (!own) {
		put_aside(s, w, now_ms);
	}
	arena_release(&arena);
	return what;
}

enum candidate candidates_take(
	struct store *s, const struct conf *conf, const struct heard *h, int64_t now_ms)
{
	struct buf text, rules;
	if (h->read.tone == SAID_NOTHING) {
		return CANDIDATE_NONE;
	}
	buf_init(&text, 2 * TEXT_MAX);
	buf_init(&rules, TEXT_MAX);
	struct statement w = statement_of(h, &text, &rules, now_ms);
	w.person = h->person;
	enum candidate what = place(s, conf, &w, h->author, now_ms);
	if (text.rc != HARK_OK || rules.rc != HARK_OK) {
		db_fail(store_db(s), HARK_ENOMEM, "no memory for a statement");
	}
	buf_release(&text);
	buf_release(&rules);
	return what;
}

enum candidate candidates_place(struct store *s, const struct conf *conf, const struct unplaced *u,
	int64_t author, int64_t person, int64_t now_ms)
{
	struct buf text;
	struct statement w = u->statement;
	buf_init(&text, 2 * TEXT_MAX);
	w.text = statement_text(u->title, u->statement.text, &text);
	w.person = person;
	enum candidate what = place(s, conf, &w, author, now_ms);
	if (text.rc != HARK_OK) {
		db_fail(store_db(s), HARK_ENOMEM, "no memory for a statement");
	}
	buf_release(&text);
	return what;
}

/* What a statement is after an edit: one that is taken back to its first words stands again. */
static void change(struct statement *w, const struct heard *h, struct str hash, int64_t now_ms)
{
	w->now_hash = hash;
	w->edited_ms = str_eq(hash, w->hash) ? 0 : now_ms;
	w->signed_by = STR_NONE; /* what was signed is another text */
	w->tone = h->read.tone;
	w->parts = h->read.parts;
	w->regulated = w->regulated || statement_is_regulated(h->signals, h->signals_n);
}

bool candidates_differ(struct store *s, const struct heard *h)
{
	char hash[CRYPTO_SHA256_HEX_MAX];
	struct arena arena;
	struct buf text;
	struct statement w;
	bool differ = false;
	arena_init(&arena, 0);
	if (store_statement_of_post(s, h->row, &arena, &w) && w.deleted_ms == 0) {
		buf_init(&text, 2 * TEXT_MAX);
		struct str now = str_c(crypto_sha256_hex(whole_text(h->post, &text), hash));
		differ = !str_eq(now, str_empty(w.now_hash) ? w.hash : w.now_hash);
		buf_release(&text);
	}
	arena_release(&arena);
	return differ;
}

bool candidates_edited(
	struct store *s, const struct conf *conf, const struct heard *h, int64_t now_ms)
{
	char hash[CRYPTO_SHA256_HEX_MAX];
	struct arena arena;
	struct buf text;
	struct statement w;
	arena_init(&arena, 0);
	buf_init(&text, 2 * TEXT_MAX);
	bool found = store_statement_of_post(s, h->row, &arena, &w);
	if (!found) {
		store_unplaced_drop(s, h->row); /* what it says now may wait instead */
	} else {
		bool was_bad = w.tone == SAID_NEGATIVE;
		change(&w, h, str_c(crypto_sha256_hex(whole_text(h->post, &text), hash)), now_ms);
		store_statement_write(s, &w);
		if (w.reference != 0) {
			log_event(s, w.reference, w.edited_ms != 0 ? "edited" : "as it was",
				"the text was changed where it stands", now_ms);
			recount(s, conf, &w, now_ms);
		}
		if (w.tone == SAID_NEGATIVE && !was_bad) {
			to_service(s, conf, &w, now_ms);
		}
	}
	buf_release(&text);
	arena_release(&arena);
	return found;
}

void candidates_gone(struct store *s, const struct conf *conf, int64_t post, int64_t now_ms)
{
	struct arena arena;
	struct statement w;
	arena_init(&arena, 0);
	store_unplaced_drop(s, post);
	if (store_statement_of_post(s, post, &arena, &w) && w.deleted_ms == 0) {
		w.text = STR_NONE;
		w.parts = STR_NONE;
		w.deleted_ms = now_ms;
		store_statement_write(s, &w);
		if (w.reference != 0) {
			log_event(s, w.reference, "deleted", "the text is gone where it stood",
				now_ms);
			recount(s, conf, &w, now_ms);
		}
	}
	arena_release(&arena);
}
