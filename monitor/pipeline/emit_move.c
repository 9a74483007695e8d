#include "monitor/pipeline/emit_move.h"

#include "connectors/collect.h"
#include "connectors/move.h"
#include "monitor/people/company_name.h"
#include "monitor/people/who.h"
#include "monitor/pipeline/emit_effects.h"
#include "monitor/store/driver.h"
#include "monitor/store/moves.h"
#include "monitor/store/reviews.h"

/* A move that a profile of the batch told of, whose post may come. */
struct told_move {
	struct str name, employer; /* that the post begins with, and names */
	struct str key;            /* of the profile; the batch's */
	int64_t at_ms;             /* the post's time */
	int64_t move;
	bool is_done; /* its post has come */
};

/* --- whom it is about --- */

static bool is_quiet(void *ctx, int64_t person)
{
	struct emitter *e = ctx;
	struct met met;
	return !store_person_met(e->store, &e->optouts, person, &e->kept, &met);
}

bool emit_move_is_quiet(struct emitter *e, struct str name)
{
	return e->optouts.any && name.n > 0 && store_move_is_quiet(e->store, name, is_quiet, e);
}

/* Those whom the name points at, for somebody to look at. */
static void put_up(struct emitter *e, int64_t move, const struct who_answer *who, struct str name)
{
	for (size_t i = 0; who != NULL && who->outcome == WHO_REVIEW && i < who->n; i++) {
		struct met met;
		if (store_person_met(e->store, &e->optouts, who->v[i].person, &e->kept, &met)) {
			struct str how = emit_who_evidence(e, who->v[i].agrees, name);
			store_review_move(e->store, met.person, move, how, e->now_ms);
		}
	}
}

/* True: it is this person, in *out. */
static bool is_known(
	struct emitter *e, const struct who_answer *who, struct str handle, struct met *out)
{
	if (who == NULL || who->outcome != WHO_RESOLVED ||
		!store_person_met(e->store, &e->optouts, who->person, &e->kept, out)) {
		return false;
	}
	out->known_by = emit_who_evidence(e, who->v[0].agrees, handle);
	return true;
}

static int64_t take(struct emitter *e, const struct move_told *told, const struct who_answer *who)
{
	if (told->person == 0 && emit_move_is_quiet(e, told->name)) {
		return 0;
	}
	int64_t move = store_move_take(e->store, told, company_name_same, e->now_ms);
	if (move != 0 && told->person == 0) {
		put_up(e, move, who, told->name);
	}
	return move;
}

/* --- profiles --- */

/* What the source of the batch is made of. */
static const char *kind_of(const struct emitter *e)
{
	static const char *const filings[] = {
		"edgar", "companies-house", "companies-house-stream"};
	for (size_t i = 0; e->conf != NULL && i < e->conf->sources_n; i++) {
		const struct conf_source *s = &e->conf->sources[i];
		if (!str_eq_c(e->batch->source, s->name) || s->connector == NULL) {
			continue;
		}
		for (size_t k = 0; k < sizeof(filings) / sizeof(filings[0]); k++) {
			if (strcmp(s->connector, filings[k]) == 0) {
				return "filing";
			}
		}
		return strcmp(s->connector, "roster") == 0 ? "roster" : "profile";
	}
	return "profile";
}

static void remember(struct emitter *e, const struct hark_profile *p, const struct profile_row *row,
	int64_t move)
{
	struct told_move *grown =
		arena_grow(&e->kept, e->told, e->told_n, &e->told_cap, sizeof(*e->told));
	if (grown == NULL) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory for the moves of a batch");
		return;
	}
	e->told = grown;
	grown[e->told_n++] = (struct told_move){.name = move_name(p->person),
		.employer = row->employer,
		.key = row->key,
		.at_ms = p->observed,
		.move = move};
}

void emit_move_profile(struct emitter *e, size_t i, const struct profile_row *row)
{
	const struct who_answer *who =
		e->batch->profiles_who != NULL ? e->batch->profiles_who[i] : NULL;
	struct met met = {0};
	if (str_eq_c(row->event, "listed")) {
		return;
	}
	is_known(e, who, row->handle, &met);
	bool left = str_eq_c(row->event, "left");
	const struct move_told told = {.person = met.person,
		.source = e->source,
		.name = row->person,
		.kind = kind_of(e),
		.known_by = met.person != 0 ? met.known_by : STR_NONE,
		.event = row->event,
		.to = left ? STR_NONE : row->employer,
		.from = left ? row->employer : row->was_employer,
		.title = left ? STR_NONE : row->title,
		.was_title = left ? row->title : row->was_title,
		.effective = row->effective,
		.url = str_empty(row->evidence_url) ? row->url : row->evidence_url,
		.key = row->key,
		.told_ms = row->observed_ms};
	int64_t move = take(e, &told, who);
	if (move != 0) {
		remember(e, &e->batch->profiles[i], row, move);
	}
}

/* --- posts --- */

/* The move that a profile of the batch told of and this post puts into words (connectors/move.h). */
static struct told_move *find_told(struct emitter *e, const struct post *p)
{
	for (size_t i = 0; i < e->told_n && str_starts(p->external_id, STR(MOVE_IDS)); i++) {
		struct told_move *t = &e->told[i];
		bool same_time = t->at_ms == HARK_TIME_NONE || t->at_ms == p->published;
		if (!t->is_done && same_time && str_starts(p->text, t->name) &&
			(t->employer.n == 0 || str_find(p->text, t->employer) != SIZE_MAX)) {
			return t;
		}
	}
	return NULL;
}

static struct move_told told_in(struct emitter *e, const struct heard_post *post, struct met *met)
{
	const struct post *p = &post->bp->post;
	const struct batch_move *m = post->bp->move;
	if (m->own) {
		*met = post->met;
	} else {
		is_known(e, m->who, m->person, met);
	}
	return (struct move_told){.person = met->person,
		.source = e->source,
		.post = post->id,
		.name = m->person,
		.kind = p->type == POST_TYPE_FILING ? "filing" : "announcement",
		.known_by = met->person != 0 ? met->known_by : STR_NONE,
		.event = m->event,
		.to = m->to,
		.from = m->from,
		.title = m->title,
		.effective = m->effective,
		.url = p->url,
		.told_ms = p->published > 0 && p->published < e->now_ms ? p->published : e->now_ms};
}

/* What follows, with this post as the evidence. */
static void draw(struct emitter *e, int64_t move, const struct heard_post *post)
{
	const struct move_post evidence = {
		post->id, post->story, post->bp->post.published, post->historic};
	emit_effects(e, move, &evidence, post->is_new);
}

void emit_moves_end(struct emitter *e)
{
	for (size_t i = 0; i < e->told_n; i++) {
		if (!e->told[i].is_done) {
			emit_effects(e, e->told[i].move, NULL, true);
		}
	}
}

void emit_move_post(struct emitter *e, const struct heard_post *post)
{
	const struct batch_move *m = post->bp->move;
	struct told_move *told = find_told(e, &post->bp->post);
	struct met met = {0};
	struct move_told says;
	if (told != NULL) {
		told->is_done = true;
		store_move_post(e->store, told->move, e->source, told->key, post->id);
		draw(e, told->move, post);
		return;
	}
	if (m != NULL) {
		says = told_in(e, post, &met);
	}
	if (!post->is_new) {
		store_move_retract(e->store, post->id, m != NULL ? &says : NULL);
	}
	bool copy = post->is_new && post->story != post->id;
	if (m != NULL && !(copy && store_move_in_story(e->store, post->story))) {
		/* An author is put up as such (emit_meet). */
		int64_t move = take(e, &says, m->who);
		move = move == 0 && !post->is_new ? store_move_of_post(e->store, post->id) : move;
		if (move != 0) {
			draw(e, move, post);
		}
	}
}
