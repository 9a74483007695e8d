#include "monitor/pipeline/introduce.h"

void introduce(const struct who *w, struct who_scratch *s, struct batch *b)
{
	struct who_answer answer;
	for (size_t i = 0; w != NULL && i < b->posts_n; i++) {
		struct batch_post *bp = &b->posts[i];
		if (bp->signals_n == 0 || bp->post.deleted) {
			continue;
		}
		struct who_asked asked = who_of_author(&bp->post.author);
		who_ask(w, s, &asked, &answer);
		if (answer.outcome != WHO_UNKNOWN) {
			struct who_answer *kept = arena_alloc(&b->arena, sizeof(*kept));
			if (kept != NULL) {
				*kept = answer;
				bp->who = kept;
			}
		}
	}
}
