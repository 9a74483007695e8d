#include "monitor/pipeline/emit.h"

#include "monitor/base/url_key.h"
#include "monitor/leads/raise.h"
#include "monitor/pipeline/emit_effects.h"
#include "monitor/pipeline/emit_fold.h"
#include "monitor/pipeline/emit_gone.h"
#include "monitor/pipeline/emit_lead.h"
#include "monitor/pipeline/emit_move.h"
#include "monitor/pipeline/emit_profile.h"
#include "monitor/pipeline/emit_question.h"
#include "monitor/pipeline/emit_referral.h"
#include "monitor/pipeline/emit_second.h"
#include "monitor/pipeline/emit_who.h"
#include "monitor/pipeline/hear.h"
#include "monitor/pipeline/keys.h"
#include "monitor/references/candidates.h"
#include "monitor/references/statement.h"
#include "monitor/store/changes.h"
#include "monitor/store/clusters.h"
#include "monitor/store/driver.h"
#include "monitor/store/near.h"
#include "monitor/store/posts.h"
#include "monitor/store/rule_days.h"
#include "monitor/store/sources.h"

#include <stdio.h>
#include <stdlib.h>

#define KEY_MAX 2048
#define HASH_SEED 0
#define AUTHOR_SLOTS_MAX 1024

/* One post on its way into the store. */
struct item {
	const struct batch_post *bp;
	struct post_keys keys;
	struct post_how how;
	int64_t id, story;
	bool is_new; /* not an edit */
	bool said;   /* it has signals */
	bool held;   /* praise that the table of the configuration holds for compliance */
	struct met met;
};

static struct str posts_of(const struct batch *b)
{
	return b->posts_of.p != NULL ? b->posts_of : b->source;
}

/* A post of a first poll is only kept, unless the source is to be raised from a date on. */
static bool is_historic(const struct batch *b, const struct post *p)
{
	if (p->published == 0 && b->undated_is_new) {
		return false;
	}
	return b->historic && (b->backfill_from == 0 || p->published < b->backfill_from);
}

static bool is_sensitive(const struct batch_post *bp)
{
	for (size_t i = 0; i < bp->signals_n; i++) {
		if ((bp->signals[i].flags & FLAG_SENSITIVE) != 0) {
			return true;
		}
	}
	return false;
}

/* The same person in all sources of a network: the profile's link; else the handle or name in this
 * source. Absent: the post does not say who it is. */
static struct str author_key(const struct emitter *e, const struct author *a, struct buf *out)
{
	struct str name = str_empty(a->handle) ? a->display_name : a->handle;
	if (!str_empty(a->profile_url)) {
		struct arena arena;
		arena_init(&arena, 0);
		buf_add_str(out, url_key(a->profile_url, &arena));
		arena_release(&arena);
	}
	if (out->n == 0 && !str_empty(name)) {
		buf_add_str(out, posts_of(e->batch));
		buf_add_char(out, ':');
		buf_add_str(out, name);
	}
	return out->rc == HARK_OK && out->n > 0 ? buf_str(out) : STR_NONE;
}

static int64_t store_author(struct emitter *e, const struct author *a)
{
	struct buf key;
	int64_t id = 0;
	buf_init(&key, KEY_MAX);
	struct str text = author_key(e, a, &key);
	if (text.p != NULL) {
		id = store_author_put(e->store, text, a, e->now_ms);
	}
	buf_release(&key);
	return id;
}

static bool is_same(const struct author *a, const struct author *b)
{
	return str_eq(a->handle, b->handle) && str_eq(a->display_name, b->display_name) &&
	       str_eq(a->profile_url, b->profile_url) && str_eq(a->bio, b->bio);
}

/* A batch has few authors and many posts of each, often one after the other, so most need not be looked up. */
static int64_t put_author(struct emitter *e, const struct author *a)
{
	if (str_empty(a->handle) && str_empty(a->display_name) && str_empty(a->profile_url)) {
		return 0;
	}
	if (e->author != NULL && is_same(e->author, a)) {
		return e->author_row;
	}
	const struct str parts[] = {a->handle, a->display_name, a->profile_url, a->bio};
	uint64_t hash = hash128(parts, 4).lo | 1;
	struct author_slot *slot =
		e->authors != NULL ? &e->authors[hash >> 1 & (e->authors_n - 1)] : NULL;
	bool met = slot != NULL && slot->hash == hash;
	e->author = a;
	e->author_row = met ? slot->row : store_author(e, a);
	if (slot != NULL && !met) {
		*slot = (struct author_slot){hash, e->author_row};
	}
	return e->author_row;
}

/* The words, not the spelling: sources differ in case, quotes and dashes. */
static bool same_title(struct str a, struct str b)
{
	uint32_t words_a, words_b;
	if (str_empty(a) || str_empty(b)) {
		return false;
	}
	struct hash128 x = keys_content(a, STR_NONE, &words_a),
		       y = keys_content(b, STR_NONE, &words_b);
	return words_a > 0 && x.lo == y.lo && x.hi == y.hi;
}

/* A post may have the words of one story and the link of another, or be a copy of both: then they are
 * one. The older keeps its name, so that it does not matter which came in when. */
static int64_t settle_story(struct emitter *e, int64_t a, int64_t b)
{
	if (a == 0 || b == 0 || a == b) {
		return a != 0 ? a : b;
	}
	int64_t keep = a < b ? a : b;
	store_story_merge(e->store, keep, a < b ? b : a, e->now_ms);
	emit_leads_save(e); /* their rows are about to change */
	emit_fold(e, keep);
	emit_story_merged(e, keep);
	return keep;
}

/* What others are compared with; few words are alike by chance. */
static bool is_compared(const struct item *it)
{
	return it->bp->look.keys_n > 0 && !it->how.sensitive &&
	       it->bp->look.words >= COPY_WORDS_MIN;
}

static void look_near(struct emitter *e, const struct batch_post *bp, struct post_near *out)
{
	const struct clusters_text text = {
		.look = bp->look, .title = bp->post.title, .text = bp->post.text};
	store_post_find_near(e->store, &text, out);
}

static void be_original(struct item *it, const struct post_near *near)
{
	memcpy(it->keys.parts, near->parts, sizeof(near->parts));
	it->keys.parts_n = near->parts_n;
}

/* Stories that this post is a copy of, though not word for word; 0: none. What is cut joins the oldest; what
 * is whole takes the place of an original that was cut, and what an original has something around stands beside it. */
static int64_t find_near(struct emitter *e, struct item *it)
{
	struct post_near near;
	int64_t story = 0;
	if (!is_compared(it)) {
		return 0;
	}
	bool cut = it->bp->look.is_cut;
	look_near(e, it->bp, &near);
	if (near.n == 0 || near.is_core) {
		be_original(it, &near);
	}
	for (size_t i = 0; i < near.n && (i == 0 || !cut); i++) {
		story = settle_story(e, story, near.v[i].story);
		if (near.v[i].is_cut && !cut) {
			store_post_retire(e->store, near.v[i].id);
			be_original(it, &near);
		}
	}
	return story;
}

/* Another post that is the same story. A reply has its own words, even if it has its thread's link. */
static void find_story(struct emitter *e, struct item *it)
{
	struct post_row words = {0}, link = {0};
	const struct post *p = &it->bp->post;
	bool same_words = store_post_find_words(e->store, &it->keys, &words);
	bool same_link = p->type != POST_TYPE_REPLY &&
			 store_post_find_link(e->store, &it->keys, p->title, same_title, &link);
	int64_t near = same_words ? 0 : find_near(e, it);
	if (same_words || same_link || near != 0) {
		it->how.copy = same_words ? "words" : near != 0 ? "near" : "link";
		it->how.story = settle_story(e, words.story, link.story);
		it->how.story = settle_story(e, it->how.story, near);
	}
	it->how.body = it->how.sensitive                         ? POST_BODY_NONE
		       : same_words && words.id == it->how.story ? POST_BODY_TITLE
								 : POST_BODY_ALL;
}

/* False: the reply has the post twice. */
static bool add_post(struct emitter *e, struct item *it)
{
	find_story(e, it);
	if (!it->how.sensitive) {
		it->how.author = put_author(e, &it->bp->post.author);
	}
	it->id = it->how.id = e->next_id++;
	it->how.awaited = e->awaited;
	it->story = it->how.story != 0 ? it->how.story : it->id;
	if (!store_post_add(e->store, &it->bp->post, &it->keys, &it->how)) {
		e->counts->posts_known++;
		return false;
	}
	e->awaited = e->awaited || !str_empty(it->bp->post.in_reply_to);
	*(it->how.story != 0 ? &e->counts->posts_copies : &e->counts->posts_new) += 1;
	return true;
}

static bool same_content(struct hash128 a, struct hash128 b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

/* Same words, but what somebody may have agreed to is another text by a mark of punctuation. */
static bool is_reworded(struct emitter *e, const struct item *it)
{
	const struct heard h = {.post = &it->bp->post, .row = it->id};
	return it->bp->signals_n > 0 && candidates_differ(e->store, &h);
}

/* Stores what is new about the post; false: nothing is, or it is none of ours. */
static bool keep_post(struct emitter *e, struct item *it)
{
	struct post_row row;
	if (e->fresh || !store_post_find(e->store, e->source, it->bp->post.external_id, &row)) {
		if (optouts_has(&e->optouts, &it->bp->post.author)) {
			e->counts->opted_out++;
			return false;
		}
		it->is_new = true;
		return add_post(e, it);
	}
	it->id = row.id;
	it->story = row.story;
	if ((same_content(row.content, it->keys.content) && !row.deleted && !is_reworded(e, it)) ||
		optouts_has(&e->optouts, &it->bp->post.author)) {
		e->counts->posts_known++;
		return false;
	}
	it->how.body = it->how.sensitive ? POST_BODY_NONE : POST_BODY_ALL;
	if (row.story == row.id && is_compared(it)) {
		struct post_near near;
		look_near(e, it->bp, &near);
		be_original(it, &near);
	}
	store_post_edit(e->store, row.id, &it->bp->post, &it->keys, &it->how);
	e->counts->posts_edited++;
	return true;
}

static void count_match(struct emitter *e, const struct signal *signal, enum rule_count what)
{
	store_rule_count(e->store, signal->rule, what, 1, e->now_ms);
	if ((signal->flags & FLAG_UNDECIDED) != 0) {
		store_rule_count(e->store, signal->rule, RULE_UNDECIDED, 1, e->now_ms);
	}
	if (signal->lang_passed) {
		store_rule_count(e->store, signal->rule, RULE_LANG_PASSED, 1, e->now_ms);
	}
}

static void count_only(struct emitter *e, const struct signal *signal)
{
	bool sensitive = (signal->flags & FLAG_SENSITIVE) != 0;
	count_match(e, signal, sensitive ? RULE_SENSITIVE : RULE_SHADOW);
	*(sensitive ? &e->counts->sensitive : &e->counts->shadow) += 1;
}

static void keep_signal(struct emitter *e, struct item *it, const struct signal *signal)
{
	char visibility[64];
	struct str class = raise_visibility(signal);
	if (!it->is_new && store_signal_refresh(e->store, signal, it->id)) {
		it->said = true;
		return;
	}
	bool alone = it->is_new && it->story == it->id;
	if (!alone && store_signal_in_story(e->store, it->story, it->id, signal->rule)) {
		return; /* a copy: the story has raised it */
	}
	snprintf(visibility, sizeof(visibility), "%.*s", STR_FMT(class));
	struct signal_place place = {.post = it->id,
		.story = it->story,
		.visibility = visibility,
		.historic = it->how.historic,
		.now_ms = e->now_ms};
	const struct asked_post asked = {
		.bp = it->bp, .post = it->id, .source = e->source, .author = it->how.author};
	bool first = it->is_new && !it->said;
	bool waits = emit_question_waits(e, &asked, signal, it->how.historic);
	place.waits = waits;
	if (emit_signal(e, signal, &place, it->bp->post.published, first)) {
		if (waits) {
			emit_question_ask(e, &asked, place.id);
		}
		it->said = true; /* else it was, before an edit */
		e->counts->signals++;
		count_match(e, signal, RULE_SIGNALS);
	}
}

/* What a regulated finding says is said by every other of its kind in the same text, and what customers say of us is one
 * thing: a plain mention of held praise would show the very words. */
static unsigned flags_in(const struct batch_post *bp, const struct signal *signal)
{
	unsigned flags = signal->flags;
	for (size_t i = 0; i < bp->signals_n; i++) {
		enum signal_kind kind = bp->signals[i].kind;
		bool same_words = statement_is_made_by(kind) && statement_is_made_by(signal->kind);
		if (kind == signal->kind || same_words) {
			flags |= bp->signals[i].flags & FLAG_REGULATED;
		}
	}
	return flags;
}

/* The same of praise that the table of the configuration holds for who says it: what marketing may not read as a statement
 * is no lead for all to read. */
static bool is_held_praise(struct emitter *e, const struct item *it)
{
	bool praises = false;
	for (size_t i = 0; i < it->bp->signals_n; i++) {
		praises = praises || it->bp->signals[i].kind == SIGNAL_PRAISE;
	}
	return praises && candidates_regulated(e->store, e->conf, it->met.person,
				  statement_product(it->bp->signals, it->bp->signals_n));
}

enum pass {
	PASS_FINDINGS,
	PASS_MENTIONS, /* of people, and of whatever is not known */
	PASS_ACCOUNTS, /* mentions of those */
};

static enum pass pass_of(const struct emitter *e, const struct signal *signal, size_t signals)
{
	int64_t account;
	if (signal->kind != SIGNAL_MENTION) {
		return PASS_FINDINGS;
	}
	return signals > 1 && emit_names_account(e, signal, &account) ? PASS_ACCOUNTS
								      : PASS_MENTIONS;
}

static void emit_kind(struct emitter *e, struct item *it, enum pass pass)
{
	for (size_t i = 0; i < it->bp->signals_n; i++) {
		struct signal signal = it->bp->signals[i];
		if (pass_of(e, &signal, it->bp->signals_n) != pass) {
			continue;
		}
		signal.flags = flags_in(it->bp, &signal);
		signal.flags |= it->held && statement_is_made_by(signal.kind) ? FLAG_REGULATED : 0;
		emit_met_subject(e, &it->met, &signal);
		emit_effects_gather(e, &signal);
		if (raise_what(&signal) == RAISE_NOTHING) {
			count_only(e, &signal);
		} else if (!it->how.sensitive) {
			e->at = it->bp;
			e->at_signal = i;
			keep_signal(e, it, &signal);
			e->at = NULL;
		}
	}
}

/* A sensitive text raises nothing, whatever else was found in it. */
static void emit_signals(struct emitter *e, struct item *it)
{
	size_t doubted = it->is_new ? 0 : store_signals_doubt(e->store, it->id, e->now_ms);
	bool own_move = it->bp->move != NULL && it->bp->move->own;
	if ((it->bp->signals_n > 0 || own_move) && !it->how.sensitive) {
		const struct meeting m = {it->bp, it->id, it->how.author, it->is_new};
		emit_meet(e, &m, &it->met);
	}
	emit_signals_begin(e);
	if (!it->how.sensitive) {
		const struct heard_post heard = {it->bp, it->id, it->story, it->how.author,
			it->is_new, it->how.historic, it->met};
		emit_move_post(e, &heard);
	}
	it->held = is_held_praise(e, it);
	emit_kind(e, it, PASS_FINDINGS);
	if (it->bp->signals_n > 0) {
		emit_kind(e, it, PASS_MENTIONS);
		emit_kind(e, it, PASS_ACCOUNTS);
	}
	if (it->is_new && !it->how.sensitive) {
		const struct second_post second = {
			it->bp, it->id, it->story, it->how.author, it->met, it->how.historic};
		emit_second_degree(e, &second);
		emit_referral(e, &second);
	}
	if (it->is_new) {
		emit_question_answer(e, &it->bp->post, it->id, it->how.author);
	}
	if (doubted > 0) {
		emit_edited_away(e, it->id);
	}
}

/* What customers say of us. A copy is the story's, whoever publishes it; a text that is sensitive now is as good as
 * deleted. */
static void emit_statement(struct emitter *e, const struct item *it)
{
	bool late = it->bp->read.waits && !it->is_new;
	struct heard h = {.post = &it->bp->post,
		.signals = it->bp->signals,
		.signals_n = it->bp->signals_n,
		.read = late ? hear_late(e->batch, it->bp, &e->kept) : it->bp->read,
		.row = it->id,
		.author = it->how.author,
		.person = it->met.person,
		.historic = it->how.historic,
		.is_private = it->bp->post.visibility == VISIBILITY_PRIVATE};
	int64_t recommends = h.read.tone == SAID_NOTHING
				     ? emit_recommends(e, &it->bp->post, h.author, h.person)
				     : 0;
	if (recommends != 0) { /* whoever hands on an offer speaks for us */
		h.read = h.read.waits ? hear_late(e->batch, it->bp, &e->kept) : h.read;
		h.person = recommends;
		h.read.tone = SAID_POSITIVE;
	}
	if (it->how.sensitive) {
		candidates_gone(e->store, e->conf, it->id, e->now_ms);
	} else if (it->is_new || !candidates_edited(e->store, e->conf, &h, e->now_ms)) {
		enum candidate what = it->story == it->id
					      ? candidates_take(e->store, e->conf, &h, e->now_ms)
					      : CANDIDATE_NONE;
		e->counts->references += what == CANDIDATE_FOUND;
	}
}

static void emit_post(struct emitter *e, const struct batch_post *bp)
{
	struct item it = {
		.bp = bp,
		.keys = {.url = bp->canonical.n > 0 ? hash64(bp->canonical, HASH_SEED) : 0,
			.content = bp->content,
			.words = bp->words},
		.how = {.source = e->source,
			.matched = bp->signals_n > 0,
			.historic = is_historic(e->batch, &bp->post),
			.sensitive = is_sensitive(bp),
			.now_ms = e->now_ms,
			.received_ms = e->batch->received_ms},
	};
	arena_reset(&e->scratch);
	if (bp->post.deleted) {
		emit_deleted(e, &bp->post);
	} else if (keep_post(e, &it)) {
		emit_signals(e, &it);
		emit_statement(e, &it);
	}
}

static size_t count_signals(const struct batch *b)
{
	size_t n = 0;
	for (size_t i = 0; i < b->posts_n; i++) {
		n += b->posts[i].signals_n;
	}
	return n;
}

/* A power of two above the number of posts. */
static size_t author_slots(size_t posts)
{
	size_t n = 16;
	while (n < posts * 2 && n < AUTHOR_SLOTS_MAX) {
		n *= 2;
	}
	return n;
}

/* Whether the ids rise or fall from post to post, as most that sources number or date do: then none is there twice. */
static bool is_in_order(const struct batch *b)
{
	int first = 0;
	for (size_t i = 1; i < b->posts_n; i++) {
		int order = str_cmp(b->posts[i - 1].post.external_id, b->posts[i].post.external_id);
		first = i == 1 ? order : first;
		if (order == 0 || (order < 0) != (first < 0)) {
			return false;
		}
	}
	return b->posts_n > 0;
}

/* Where one look tells that no post of the batch is stored, none is looked for. */
static bool is_fresh(struct emitter *e, const struct batch *b)
{
	if (!is_in_order(b)) {
		return store_post_none(e->store, e->source);
	}
	struct str first = b->posts[0].post.external_id,
		   last = b->posts[b->posts_n - 1].post.external_id;
	bool falls = str_cmp(first, last) > 0;
	return store_post_none_from(
		e->store, e->source, falls ? last : first, falls ? first : last);
}

/* What the posts of a batch need to be stored. */
static void prepare(struct emitter *e, const struct batch *b)
{
	size_t signals = count_signals(b);
	e->authors_n = author_slots(b->posts_n);
	e->authors = b->posts_n > 1 ? calloc(e->authors_n, sizeof(*e->authors)) : NULL;
	e->source = store_source_id(e->store, posts_of(b));
	e->next_id = store_post_ids(e->store, b->posts_n);
	e->next_signal = signals > 0 ? store_signal_ids(e->store, signals) : 0;
	e->fresh = is_fresh(e, b);
	e->awaited = store_post_awaited(e->store, e->source);
	e->asked = emit_questions_any(e);
	optouts_init(&e->optouts, e->store, NULL);
}

static void emit_health(struct store *s, const struct batch *b, int64_t now_ms)
{
	store_gap_put(s, b->source, &b->gap);
	if (b->habits_changed) {
		store_source_save_habits(s, b->source, b->state.habits);
	}
	for (size_t i = 0; i < b->alarms_n; i++) {
		const struct alarm_change *a = &b->alarms[i];
		if (a->stands) {
			store_alarm_raise(s, b->source, b->host, a->alarm, a->text, now_ms);
		} else {
			store_alarm_clear(s, b->source, a->alarm, now_ms);
		}
	}
}

int64_t emit_posts_total(const struct batch *b, const struct emit_counts *counts)
{
	return b->counts_new ? (int64_t)(counts->posts_new + counts->posts_copies) : 0;
}

int emit_batch(struct store *s, const struct conf *conf, const struct batch *b, int64_t now_ms,
	struct emit_counts *counts, struct hark_err *err)
{
	struct db *db = store_db(s);
	struct emitter e = {
		.store = s, .conf = conf, .batch = b, .now_ms = now_ms, .counts = counts};
	if (!db_in_transaction(db)) {
		return hark_err_set(err, HARK_ESTATE, "a batch needs an open transaction");
	}
	arena_init(&e.scratch, 0);
	arena_init(&e.kept, 0);
	if (b->posts_n + b->profiles_n + b->withdrawn_people_n > 0) {
		prepare(&e, b);
	}
	emit_withdrawn_people(&e);
	emit_profiles(&e);
	for (size_t i = 0; i < b->posts_n && db_check(db, NULL) == HARK_OK; i++) {
		if (i + 1 < b->posts_n) {
			store_post_near_soon(s, &b->posts[i + 1].look);
		}
		emit_post(&e, &b->posts[i]);
	}
	emit_moves_end(&e);
	emit_leads_save(&e);
	emit_alerts(&e);
	struct source_state state = b->state;
	state.posts_total += emit_posts_total(b, counts);
	store_source_save(s, b->source, &state, NULL);
	emit_health(s, b, now_ms);
	store_rates_save(s, b->rates, b->rates_n);
	optouts_release(&e.optouts);
	arena_release(&e.scratch);
	arena_release(&e.kept);
	free(e.touched);
	free(e.authors);
	return db_check(db, err);
}
