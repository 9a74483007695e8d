#include "monitor/pipeline/hear.h"

#include "monitor/references/statement.h"

#define PARTS_BYTES_MAX 65536

static struct str keep_parts(const struct tone *tone, const struct post *post, struct arena *arena)
{
	struct buf text;
	struct jsonout j;
	if (tone->parts.n == 0 && tone->aspects.target == TONE_NOBODY) {
		return STR_NONE;
	}
	buf_init(&text, PARTS_BYTES_MAX);
	jsonout_init(&j, &text);
	tone_write_all_parts(tone, post, &j);
	struct str kept = text.rc == HARK_OK ? arena_str(arena, buf_str(&text)) : STR_NONE;
	buf_release(&text);
	return kept;
}

#define SURE 0.9

/* What claims tell of it cannot well be another label. */
static bool is_sure(const struct tone *tone)
{
	return tone->label == TONE_UNKNOWN || tone->p[tone->label - TONE_NEGATIVE] > SURE;
}

/* What a post that says nothing of us tells beside waits, as long as it may. */
static struct statement_read hear_post(
	struct tone_reader *r, const struct batch_post *bp, bool may_wait, struct arena *arena)
{
	struct statement_read read = {0};
	struct tone tone;
	if (r != NULL) {
		tone_judge(r, &bp->post, &tone);
	}
	read.tone = statement_tone_of(bp->signals, bp->signals_n, r != NULL ? &tone : NULL);
	read.waits = may_wait && read.tone == SAID_NOTHING && (r == NULL || is_sure(&tone));
	if (r != NULL && !read.waits) {
		tone_tell(r, &tone);
		tone_claim(r, &tone); /* tells the label better, and whether praise is mixed */
		read.tone = statement_tone_of(bp->signals, bp->signals_n, &tone);
		read.parts = keep_parts(&tone, &bp->post, arena);
	}
	return read;
}

/* An author is stored, and can be found or asked for, by these alone. */
static bool names_somebody(const struct batch_post *bp)
{
	const struct author *a = &bp->post.author;
	return bp->who != NULL || !str_empty(a->handle) || !str_empty(a->display_name) ||
	       !str_empty(a->profile_url);
}

void hear(struct tone_reader *r, struct batch *b)
{
	for (size_t i = 0; i < b->posts_n; i++) {
		struct batch_post *bp = &b->posts[i];
		if (!statement_may_be(&bp->post, bp->signals, bp->signals_n)) {
			continue;
		}
		if (names_somebody(bp)) {
			bp->read = hear_post(r, bp, true, &b->arena);
		} else {
			bp->read.waits = true;
		}
	}
}

struct statement_read hear_late(
	const struct batch *b, const struct batch_post *bp, struct arena *arena)
{
	struct tone_reader *r = b->tone != NULL ? tone_reader_new(b->tone) : NULL;
	struct statement_read read = hear_post(r, bp, false, arena);
	tone_reader_free(r);
	return read;
}

bool hear_question(const struct batch *b, const struct batch_post *bp)
{
	struct tone tone = {0};
	struct tone_reader *r = b->tone != NULL ? tone_reader_new(b->tone) : NULL;
	if (r != NULL) {
		tone_judge(r, &bp->post, &tone);
		tone_reader_free(r);
	}
	return tone.label != TONE_UNKNOWN ? tone.parts.question
					  : str_find(bp->post.text, STR("?")) != SIZE_MAX ||
						    str_find(bp->post.title, STR("?")) != SIZE_MAX;
}
