#include "monitor/pipeline/overhear.h"

#include "connectors/connector.h"
#include "monitor/pipeline/introduce.h"

static struct str event_of(const struct move *m)
{
	return m->event == MOVE_LEFT       ? STR("left")
	       : m->event == MOVE_PROMOTED ? STR("changed")
					   : STR("joined");
}

static bool is_handle(const struct post *p, const struct move_part *part)
{
	struct str field = part->field == TEXT_TITLE ? p->title : p->text;
	return (part->field == TEXT_TITLE || part->field == TEXT_TEXT) && part->start > 0 &&
	       part->start <= field.n && field.p[part->start - 1] == '@';
}

/* Of two answers about one name: what one employer says counts, unless the other says somebody else. */
static const struct who_answer *choose(
	struct arena *arena, struct who_answer *a, struct who_answer *b)
{
	bool both = a->outcome == WHO_RESOLVED && b->outcome == WHO_RESOLVED;
	if (both && a->person != b->person) {
		if (a->n < WHO_CANDIDATES_MAX) {
			a->v[a->n++] = b->v[0];
		}
		a->outcome = WHO_REVIEW;
		a->person = 0;
		return introduce_keep(arena, a);
	}
	bool second = b->outcome == WHO_RESOLVED || a->outcome == WHO_UNKNOWN;
	return introduce_keep(arena, a->outcome != WHO_RESOLVED && second ? b : a);
}

static const struct who_answer *ask(const struct who *w, struct who_scratch *s, struct arena *arena,
	const struct post *p, const struct move *found, const struct batch_move *m)
{
	struct who_asked asked = {.name = m->person, .employer = m->from.n > 0 ? m->from : m->to};
	struct who_answer a, b = {.outcome = WHO_UNKNOWN};
	if (is_handle(p, &found->person)) {
		asked.handle = m->person;
		asked.name = STR_NONE;
	}
	who_ask(w, s, &asked, &a);
	if (m->from.n > 0 && m->to.n > 0) {
		asked.employer = m->to;
		who_ask(w, s, &asked, &b);
	}
	return choose(arena, &a, &b);
}

static struct str part(const struct move_part *p)
{
	return p->text.n > 0 ? p->text : STR_NONE;
}

static const struct batch_move *keep(const struct who *w, struct who_scratch *s,
	struct arena *arena, const struct post *p, const struct move *found)
{
	struct batch_move *m = arena_alloc(arena, sizeof(*m));
	bool left = found->event == MOVE_LEFT;
	if (m == NULL) {
		return NULL;
	}
	*m = (struct batch_move){.event = event_of(found),
		.person = part(&found->person),
		.to = left ? STR_NONE : part(&found->employer),
		.from = left ? part(&found->employer) : part(&found->from),
		.title = part(&found->title),
		.effective = found->effective[0] != '\0' ? arena_str(arena, str_c(found->effective))
							 : STR_NONE,
		.own = found->person.field == TEXT_NAME};
	m->who = m->own ? NULL : ask(w, s, arena, p, found, m);
	return m->person.n > 0 ? m : NULL;
}

static bool is_told_by_profile(const struct batch *b, const struct post *p)
{
	return b->profiles_n > 0 &&
	       str_starts(p->external_id, STR("move:")) /* MOVE_IDS of connectors/move.h */;
}

void overhear(struct move_finder *f, const struct who *w, struct who_scratch *s, struct batch *b)
{
	if (f == NULL || w == NULL || who_faces(w) == 0) {
		return;
	}
	for (size_t i = 0; i < b->posts_n; i++) {
		struct batch_post *bp = &b->posts[i];
		struct move found;
		if (bp->post.deleted || bp->post.type == POST_TYPE_JOB ||
			is_told_by_profile(b, &bp->post) ||
			move_find(f, &bp->post, &found) != HARK_OK || found.event == MOVE_NONE) {
			continue;
		}
		bp->move = keep(w, s, &b->arena, &bp->post, &found);
	}
}
