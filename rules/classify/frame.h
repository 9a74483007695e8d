/* One phrase that speaks of a move, with who and where fitted to it. Inside the move finder. */
#ifndef HARK_RULES_CLASSIFY_FRAME_H
#define HARK_RULES_CLASSIFY_FRAME_H

#include "rules/classify/move.h"
#include "rules/classify/spans.h"

#define HITS_MAX 256 /* of each kind; what a post holds beyond is not looked at */
#define NOBODY 0     /* in a frame: no span */

/* A phrase of cues.c or vetoes.c that was found. */
struct hit {
	uint32_t row;
	uint32_t from, to; /* tokens; to: before the name or title it asks for */
};

struct hits {
	struct hit v[HITS_MAX];
	size_t n;
};

struct move_finder {
	struct vocabulary *words; /* owned */
	struct spans spans;
	struct hits moves, evidence, vetoes;
	const struct post *post; /* the one being read */
	struct text author;      /* the words of the author's name */
	bool speaks_of_me, speaks_of_us;
	bool author_is_org; /* by the words of its name */
};

struct frame {
	const struct cue *cue;
	uint32_t from, to;                     /* of the cue */
	uint32_t begin, end;                   /* of its sentence */
	uint32_t person, employer, title, old; /* spans, from 1 */
	bool me;                               /* the person is the author */
	bool ours;                             /* the employer is the author */
	bool silent;                           /* me, but no word says so */
	enum move_event event;
};

/* fit.c: fits the parts. False: nobody moves. */
bool frame_fit(const struct move_finder *f, const struct hit *hit, const struct cue *cue,
	struct frame *out);
/* weigh.c: counts the evidence into `out`; true: it is enough. */
bool frame_weigh(const struct move_finder *f, const struct frame *x, struct move *out);

static inline unsigned frame_flags(const struct move_finder *f, uint32_t i)
{
	return f->spans.marks[i].flags;
}

#endif
