#include "monitor/pipeline/emit_unplaced.h"

#include "monitor/pipeline/emit_who.h"
#include "monitor/references/candidates.h"
#include "monitor/store/references.h"

/* Of one transaction: others wait for it. */
#define AUTHORS_MAX 100

/* Whose the post is, met as if it had just been read. 0: nobody's. */
static int64_t person_at(struct emitter *e, struct batch_post *bp, int64_t post, int64_t author)
{
	const struct meeting m = {bp, post, author, true};
	struct met met;
	emit_meet(e, &m, &met);
	return met.person;
}

/* From the first post that waits on; what they say is read only of somebody who is known by it. */
static void place_author(struct emitter *e, struct who_scratch *scratch, const struct who *who,
	int64_t author, const struct author *a, int64_t first)
{
	struct batch_post bp = {.post.author = *a};
	struct who_answer answer;
	struct unplaced *v;
	size_t n;
	if (who != NULL) {
		struct who_asked asked = who_of_author(a);
		who_ask(who, scratch, &asked, &answer);
		bp.who = &answer;
	}
	int64_t person = person_at(e, &bp, first, author);
	if (person == 0) { /* nor is any other of their posts anybody's */
		store_author_task_again(e->store, author, e->now_ms);
		return;
	}
	store_unplaced_of(e->store, author, &e->kept, &v, &n);
	for (size_t i = 0; i < n && person != 0; i++) {
		enum candidate what =
			candidates_place(e->store, e->conf, &v[i], author, person, e->now_ms);
		e->counts->references += what == CANDIDATE_FOUND;
		if (i + 1 < n) {
			person = person_at(e, &bp, v[i + 1].statement.post, author);
		}
	}
}

bool emit_unplaced(struct store *s, const struct conf *conf, const struct who *who, int64_t now_ms,
	struct emit_unplaced_at *at, struct emit_counts *out)
{
	struct emitter e = {.store = s, .conf = conf, .now_ms = now_ms, .counts = out};
	struct who_scratch scratch;
	struct author a;
	size_t n = 0;
	int64_t author, post = 0;
	arena_init(&e.kept, 0);
	who_scratch_init(&scratch);
	optouts_init(&e.optouts, s, NULL);
	while (n < AUTHORS_MAX &&
		(author = store_unplaced_next(s, at->author, &e.kept, &a, &post)) != 0) {
		at->author = author;
		n++;
		if (!optouts_has(&e.optouts, &a)) {
			place_author(&e, &scratch, who, author, &a, post);
		}
	}
	optouts_release(&e.optouts);
	who_scratch_release(&scratch);
	arena_release(&e.kept);
	return n == AUTHORS_MAX;
}
