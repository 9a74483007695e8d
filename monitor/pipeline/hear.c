#include "monitor/pipeline/hear.h"

#include "monitor/references/statement.h"

#define PARTS_BYTES_MAX 65536

static struct str keep_parts(const struct tone *tone, const struct post *post, struct arena *arena)
{
	struct buf text;
	struct jsonout j;
	if (tone->parts.n == 0) {
		return STR_NONE;
	}
	buf_init(&text, PARTS_BYTES_MAX);
	jsonout_init(&j, &text);
	tone_write_parts(tone, post, &j);
	struct str kept = text.rc == HARK_OK ? arena_str(arena, buf_str(&text)) : STR_NONE;
	buf_release(&text);
	return kept;
}

void hear(struct tone_reader *r, struct batch *b)
{
	struct tone tone;
	for (size_t i = 0; i < b->posts_n; i++) {
		struct batch_post *bp = &b->posts[i];
		if (!statement_may_be(&bp->post, bp->signals, bp->signals_n)) {
			continue;
		}
		if (r != NULL) {
			tone_read(r, &bp->post, false, &tone);
			bp->read.parts = keep_parts(&tone, &bp->post, &b->arena);
		}
		bp->read.tone =
			statement_tone_of(bp->signals, bp->signals_n, r != NULL ? &tone : NULL);
	}
}
