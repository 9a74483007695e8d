#include "monitor/pipeline/introduce.h"

#include "connectors/connector.h"

const struct who_answer *introduce_keep(struct arena *arena, const struct who_answer *answer)
{
	struct who_answer *kept =
		answer->outcome != WHO_UNKNOWN ? arena_alloc(arena, sizeof(*kept)) : NULL;
	if (kept != NULL) {
		*kept = *answer;
	}
	return kept;
}

/* What is stored of somebody who moves is where they were. */
static struct who_asked who_of_profile(const struct hark_profile *p)
{
	bool moved = p->was_employer != NULL && p->was_employer[0] != '\0';
	bool retitled = p->was_title != NULL && p->was_title[0] != '\0';
	return (struct who_asked){.name = str_c(p->person),
		.handle = str_c(p->handle),
		.profile_url = str_c(p->url),
		.email = str_c(p->email),
		.bio = str_c(p->bio),
		.employer = str_c(moved ? p->was_employer : p->employer),
		.title = str_c(retitled ? p->was_title : p->title),
		.place = str_c(p->location)};
}

static void introduce_profiles(const struct who *w, struct who_scratch *s, struct batch *b)
{
	const struct who_answer **all = NULL;
	for (size_t i = 0; i < b->profiles_n; i++) {
		const struct hark_profile *p = &b->profiles[i];
		struct who_answer answer;
		if (p->event == HARK_LISTED || p->person == NULL) {
			continue;
		}
		all = all != NULL ? all : arena_alloc(&b->arena, b->profiles_n * sizeof(*all));
		if (all == NULL) {
			return;
		}
		struct who_asked asked = who_of_profile(p);
		who_ask(w, s, &asked, &answer);
		all[i] = introduce_keep(&b->arena, &answer);
	}
	b->profiles_who = all;
}

/* Whoever announces a move of their own may say where they were: with the name that is evidence, as the employer in a
 * bio is. Where to says less: a namesake may go there, too. */
static void ask_author(const struct who *w, struct who_scratch *s, const struct batch_post *bp,
	struct who_answer *out)
{
	const struct batch_move *m = bp->move != NULL && bp->move->own ? bp->move : NULL;
	struct who_asked asked = who_of_author(&bp->post.author);
	struct who_answer again;
	who_ask(w, s, &asked, out);
	if (m == NULL || out->outcome == WHO_RESOLVED || m->from.n == 0) {
		return;
	}
	asked.employer = m->from;
	who_ask(w, s, &asked, &again);
	if (again.outcome == WHO_RESOLVED) {
		*out = again;
	}
}

void introduce(const struct who *w, struct who_scratch *s, struct batch *b)
{
	struct who_answer answer;
	if (w == NULL) {
		return;
	}
	for (size_t i = 0; i < b->posts_n; i++) {
		struct batch_post *bp = &b->posts[i];
		bool own_move = bp->move != NULL && bp->move->own;
		if ((bp->signals_n > 0 || own_move) && !bp->post.deleted) {
			ask_author(w, s, bp, &answer);
			bp->who = introduce_keep(&b->arena, &answer);
		}
	}
	introduce_profiles(w, s, b);
}
