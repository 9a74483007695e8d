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

#define FEATURES_MAX 256
struct frame;
struct features;

struct move_finder {
	struct vocabulary *words; /* owned */
	struct wording *wording;  /* owned */
	struct spans spans;
	struct hits moves, evidence, vetoes;
	const struct post *post; /* the one being read */
	struct text author;      /* the words of the author's name */
	bool speaks_of_me, speaks_of_us, speaks_of_them;
	bool author_is_org;     /* by the words of its name, or because it says we and never I */
	bool author_is_paper;   /* an organisation that writes of others */
	uint8_t topics[TOPICS]; /* how often the post speaks of each, up to 2 */
	bool speaks_of_ago, speaks_of_a_year;
	uint32_t begins_n, ends_n; /* words of starts and of ends */
	int worth[FEATURES_MAX];   /* of each feature */
	const char *feature_names[FEATURES_MAX];
	/* For those who train the weights: sees every frame. */
	void (*watch)(void *watcher, const struct move_finder *f, const struct frame *x,
		const struct features *v);
	/* Sees what the whole post is taken for: groups and slots of wording.h. */
	void (*watch_wording)(void *watcher, unsigned group, uint32_t slot);
	/* Sees who may have a role: nobody, a name from 1, the author behind all names; and rows of roles.h. */
	void (*watch_role)(void *watcher, unsigned role, uint32_t number, uint32_t row);
	void *watcher;
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

/* bare.c: where no phrase speaks of a move, a title beside a name, or where the author is. */
bool bare_title(const struct move_finder *f, size_t title, struct hit *hit);
bool bare_name(const struct move_finder *f, size_t name, struct hit *hit);
/* Where there is not even that: a title or an employer anywhere, the rest of the post must say it. */
bool lone_title(const struct move_finder *f, size_t title, struct hit *hit);
bool lone_name(const struct move_finder *f, size_t name, struct hit *hit);
enum bare_kind {
	BARE_TITLE,
	BARE_NAME,
	LONE_TITLE,
	LONE_NAME,
};
/* What such a place stands for: a start or an end, by the words of the post. */
const struct cue *bare_cue(const struct move_finder *f, enum bare_kind kind);

/* fit.c: fits the parts. False: nobody moves. */
bool frame_fit(const struct move_finder *f, const struct hit *hit, const struct cue *cue,
	struct frame *out);
/* ---- the parts of that ---- */
#define FRAME_REACH 60 /* tokens to each side within a sentence */
#define FRAME_NEARBY_N 6
extern const int frame_nearby[FRAME_NEARBY_N]; /* sentences around, nearest first */

/* pick.c: the best name between two tokens that is somebody, or an employer; NOBODY. */
uint32_t frame_person(
	const struct move_finder *f, uint32_t lo, uint32_t hi, bool backwards, int least);
uint32_t frame_employer(const struct move_finder *f, const struct frame *x, uint32_t lo,
	uint32_t hi, bool backwards, int least);
uint32_t frame_person_nearby(const struct move_finder *f, const struct frame *x, int least);
uint32_t frame_employer_nearby(const struct move_finder *f, const struct frame *x, int least);
/* "Vireo $VREO": the name a stock's sign stands behind; what is no such sign stays as it is. */
uint32_t frame_named_sign(const struct move_finder *f, uint32_t name);
/* Its longest form in the post. */
uint32_t frame_fullest(const struct move_finder *f, uint32_t name, uint32_t other);
/* The tokens of a sentence around. False: there is none. */
bool frame_neighbour(
	const struct move_finder *f, const struct frame *x, int step, uint32_t *lo, uint32_t *hi);
/* Does some word between have the flag? */
bool frame_says(const struct move_finder *f, uint32_t lo, uint32_t hi, unsigned flag);
/* fit_employer.c */
void frame_fit_employer(const struct move_finder *f, struct frame *x, enum cue_kind kind);
void frame_fit_old(const struct move_finder *f, struct frame *x);
bool frame_leaves(enum cue_kind kind);
uint32_t frame_title_of_person(const struct move_finder *f, const struct frame *x);
/* fit_title.c */
void frame_fit_title(const struct move_finder *f, struct frame *x, enum cue_kind kind);

/* weigh.c: reads the features and counts them into `out`; true: they are enough. */
bool frame_weigh(
	const struct move_finder *f, const struct frame *x, struct features *v, struct move *out);
/* Decides, by all that the post says, and lists in `out` what weighed most. */
void frame_decide(const struct move_finder *f, const struct frame *x, const struct features *v,
	struct move *out);

/* clause.c: "ten years on", "since 2014" at token i. */
bool clause_ago(const struct move_finder *f, uint32_t i);
bool clause_year(const struct move_finder *f, uint32_t i);

/* move.c: the parts of a fitted phrase, without its event. */
void frame_parts(const struct move_finder *f, const struct frame *x, struct move *out);

static inline bool frame_is(const struct move_finder *f, uint32_t i, const char *word)
{
	return i < f->spans.text.n && str_eq_c(text_at(&f->spans.text, i), word);
}

static inline unsigned frame_flags(const struct move_finder *f, uint32_t i)
{
	return f->spans.marks[i].flags;
}

#endif
