#include "monitor/pipeline/emit_second.h"

#include "monitor/pipeline/emit_who.h"
#include "monitor/store/driver.h"
#include "monitor/store/repliers.h"
#include "rules/lists.h"

#define WORDS_MAX 8192
#define EARLIER_MAX 64

static struct str keep(struct emitter *e, struct buf *b)
{
	struct str text = arena_str(&e->kept, buf_str(b));
	if (b->rc != HARK_OK || e->kept.rc != HARK_OK) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory for who replied");
	}
	buf_release(b);
	return text;
}

static struct str name_of(const struct author *a)
{
	return str_empty(a->display_name) ? a->handle : a->display_name;
}

/* As rules call an author, so that what they find of the same one joins the lead. */
static struct subject subject_of(struct emitter *e, const struct batch *b, const struct author *a)
{
	struct buf id;
	buf_init(&id, WORDS_MAX);
	if (!str_empty(a->profile_url)) {
		profile_address(a->profile_url, &id);
	} else {
		struct str name = name_of(a);
		bool bare = str_empty(a->handle) ||
			    memchr(a->handle.p + 1, '@', a->handle.n - 1) == NULL;
		if (bare) {
			buf_printf(&id, "%.*s/", STR_FMT(b->source));
		}
		if (!str_empty(a->handle)) {
			name = str_starts(a->handle, STR("@"))
				       ? str_n(a->handle.p + 1, a->handle.n - 1)
				       : a->handle;
		}
		for (size_t i = 0; i < name.n; i++) {
			char c = name.p[i];
			buf_add_char(&id, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
		}
	}
	return (struct subject){STR("author"), keep(e, &id), arena_str(&e->kept, name_of(a))};
}

static struct str lead_key(struct emitter *e, const struct subject *s)
{
	struct buf b;
	buf_init(&b, WORDS_MAX);
	buf_printf(&b, "author:%.*s", STR_FMT(s->id));
	for (size_t i = 0; i < b.n; i++) {
		b.p[i] = b.p[i] == '|' ? ' ' : b.p[i];
	}
	buf_printf(&b, "|%s", signal_kind_name(SIGNAL_PURCHASE_INTENT));
	return keep(e, &b);
}

static struct str title(struct emitter *e, const struct announcement *a)
{
	struct buf b;
	buf_init(&b, WORDS_MAX);
	buf_printf(&b, "Replied to %.*s's purchase", STR_FMT(a->subject.name));
	return keep(e, &b);
}

static struct str why(struct emitter *e, const struct announcement *a, int64_t nth)
{
	struct buf b;
	buf_init(&b, WORDS_MAX);
	buf_printf(&b, "replied to %.*s's purchase", STR_FMT(a->subject.name));
	if (!str_empty(a->url)) {
		buf_printf(&b, " (%.*s)", STR_FMT(a->url));
	}
	buf_printf(&b, "; %lld of at most %lld who do", (long long)nth,
		(long long)e->conf->second.cap);
	return keep(e, &b);
}

/* Whom the author is proven to be. False: a colleague, who is no lead. */
static bool meet(struct emitter *e, const struct replier *r, struct met *out)
{
	bool is_staff;
	int64_t person = store_replier_person(e->store, r->author, &r->who, &is_staff);
	if (out->person == 0 && person != 0) {
		store_person_met(e->store, &e->optouts, person, &e->kept, out);
	}
	return !is_staff && (out->person == 0 || !str_eq_c(out->kind, "staff"));
}

static void raise_replier(
	struct emitter *e, const struct announcement *a, const struct replier *r, struct met *met)
{
	int64_t nth;
	if (r->historic || r->author == a->author || !meet(e, r, met) ||
		!store_announcement_take(e->store, a->post, r->author, e->conf->second.cap, &nth)) {
		return;
	}
	struct signal g = {.rule = STR(EMIT_SECOND_DEGREE),
		.kind = SIGNAL_PURCHASE_INTENT,
		.level = LEVEL_NORMAL,
		.score = (int)e->conf->second.score,
		.subject = subject_of(e, e->batch, &r->who),
		.title = title(e, a),
		.explain = why(e, a, nth)};
	g.lead_key = lead_key(e, &g.subject);
	emit_met_subject(e, met, &g);
	struct signal_place place = {
		.post = r->post, .story = r->story, .visibility = "all", .now_ms = e->now_ms};
	int64_t next = e->next_signal;
	e->next_signal = store_signal_ids(e->store, 1);
	e->counts->signals += emit_signal(e, &g, &place, r->published, false);
	e->next_signal = next;
}

/* Whether its repliers are leads at all. */
static bool counts(const struct emitter *e, const struct announcement *a)
{
	bool is_consumer = !a->is_company || str_eq_nocase(a->motion, STR("B2C"));
	return e->conf->second.consumers || !is_consumer;
}

static bool announces(const struct batch_post *bp)
{
	for (size_t i = 0; i < bp->signals_n; i++) {
		const struct signal *g = &bp->signals[i];
		if (g->kind == SIGNAL_PURCHASE_ANNOUNCED &&
			(g->flags & (FLAG_SHADOW | FLAG_SENSITIVE | FLAG_REGULATED)) == 0) {
			return true;
		}
	}
	return false;
}

/* Those who replied before what they replied to was read. */
static void raise_earlier(struct emitter *e, const struct second_post *p)
{
	struct replier v[EARLIER_MAX];
	struct announcement a;
	struct str id = p->bp->post.external_id;
	if (!store_announcement_find(e->store, e->source, id, &e->scratch, &a) || !counts(e, &a)) {
		return;
	}
	size_t n = store_announcement_replies(
		e->store, e->source, id, p->author, &e->scratch, v, EARLIER_MAX);
	for (size_t i = 0; i < n; i++) {
		struct met met = {0};
		raise_replier(e, &a, &v[i], &met);
	}
}

void emit_second_degree(struct emitter *e, const struct second_post *p)
{
	const struct post *post = &p->bp->post;
	struct announcement a;
	if (e->conf->second.cap == 0 || p->historic || post->visibility == VISIBILITY_PRIVATE) {
		return;
	}
	if (announces(p->bp)) {
		raise_earlier(e, p);
	}
	if (str_empty(post->in_reply_to) || p->author == 0 ||
		!store_announcement_find(e->store, e->source, post->in_reply_to, &e->scratch, &a) ||
		!counts(e, &a)) {
		return;
	}
	const struct replier r = {.post = p->post,
		.story = p->story,
		.author = p->author,
		.who = post->author,
		.published = post->published};
	struct met met = p->met;
	raise_replier(e, &a, &r, &met);
}
