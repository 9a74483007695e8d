#include "rules/classify/roles.h"

#define NEAR_MAX 9 /* tokens between a name and the phrase; more are as many */
#define LEAN_MAX 4
#define LONG_NAME 4
#define MANY 3
#define EDGE 0xed9eu

enum sign {
	SIGN_WHAT = 1, /* a name, the author, nobody */
	SIGN_FITTED,   /* by hand */
	SIGN_ROLE,
	SIGN_SOUND,
	SIGN_SHAPE,
	SIGN_LENGTH,
	SIGN_BEFORE,
	SIGN_BEFORE_TWO,
	SIGN_BEHIND,
	SIGN_BEHIND_TWO,
	SIGN_AROUND,
	SIGN_GAPS,
	SIGN_SENTENCE,
	SIGN_NEAR,
	SIGN_KIND,
	SIGN_PHRASE,
	SIGN_TITLE,
	SIGN_PLACE,
	SIGN_OTHERS,
	SIGN_WORD,
	SIGN_LAST,
	SIGN_AUTHOR,
	SIGN_AUTHOR_WORD,
};

/* What is asked of every name for every role. */
struct cast {
	uint32_t names;                        /* that are looked at */
	uint32_t fullest[ROLES_NAMES_MAX + 1]; /* its longest form, from 1 */
	bool mover[ROLES_NAMES_MAX + 1];       /* is it the person? */
	uint32_t others[ROLES_NAMES_MAX + 2];  /* names before it that are not */
};

/* One that may have a role. */
struct one {
	const struct move_finder *f;
	const struct cast *cast;
	const struct frame *x;
	enum move_role role;
	uint32_t number; /* of a name, from 1; NOBODY; or the author: one more than all names */
	int32_t worth;
};

static void sign(struct one *o, enum sign what, uint64_t value)
{
	uint64_t hash = wording_mix(value, 0x300u + what + 0x40u * o->role);
	uint64_t with[] = {hash, wording_mix(hash, 0x700u + o->x->event)};
	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		uint32_t row = (uint32_t)(wording_mix(with[i], 1) >> (64 - ROLES_ROWS_LOG2));
		o->worth += roles_table[row];
		if (o->f->watch_role != NULL) {
			o->f->watch_role(o->f->watcher, o->role, o->number, row);
		}
	}
}

/* What stands at a token: a word without its ending, or what it is to the move. */
static uint64_t stands(const struct one *o, int64_t i)
{
	const struct spans *s = &o->f->spans;
	if (i < 0 || i >= (int64_t)s->text.n) {
		return EDGE;
	}
	const struct mark *m = &s->marks[i];
	if (m->name != 0) {
		return m->name == o->x->person ? 1 : m->name == o->x->old ? 2 : 3;
	}
	if (m->title != 0) {
		return m->title == o->x->title ? 4 : 5;
	}
	struct str word = text_at(&s->text, (uint32_t)i);
	bool number = word.n > 0 && word.p[0] >= '0' && word.p[0] <= '9';
	return number ? 6 : wording_hash(wording_stem(word));
}

static unsigned at_most(size_t n, unsigned most)
{
	return n < most ? (unsigned)n : most;
}

/* Which side of the phrase, and how far. */
static void sign_place(struct one *o, const struct extent *n)
{
	const struct frame *x = o->x;
	const struct mark *m = o->f->spans.marks;
	unsigned side = n->to <= x->from ? 0 : n->from >= x->to ? 2 : 1;
	uint32_t far = side == 0 ? x->from - n->to : side == 2 ? n->from - x->to : 0;
	int sentences = (int)m[n->from].sentence - (int)m[x->begin].sentence;
	sentences = sentences > 2 ? 2 : sentences < -2 ? -2 : sentences;
	sign(o, SIGN_SENTENCE, (uint64_t)(sentences + 2) * 4 + side);
	sign(o, SIGN_NEAR, at_most(far, NEAR_MAX) * 4 + side);
	sign(o, SIGN_KIND, (uint64_t)x->cue->kind * 4 + side);
	sign(o, SIGN_PHRASE, wording_mix(wording_hash(str_c(x->cue->phrase)), side));
}

/* Where the title stands to it. */
static void sign_title(struct one *o, const struct extent *n)
{
	const struct spans *s = &o->f->spans;
	if (o->x->title == NOBODY) {
		return;
	}
	const struct extent *t = &s->titles[o->x->title - 1];
	bool before = n->to <= t->from;
	uint32_t far = before ? t->from - n->to : n->from >= t->to ? n->from - t->to : 0;
	sign(o, SIGN_TITLE, at_most(far, NEAR_MAX) * 2 + before);
}

static void sign_words(struct one *o, const struct extent *n)
{
	const struct spans *s = &o->f->spans;
	int64_t first = n->from, end = n->to;
	uint64_t before = stands(o, first - 1), behind = stands(o, end);
	unsigned gap_before = n->from > 0 ? s->marks[n->from - 1].gap : GAP_END;
	unsigned gap_behind = s->marks[n->to - 1].gap;
	sign(o, SIGN_BEFORE, wording_mix(before, gap_before));
	sign(o, SIGN_BEFORE_TWO, wording_mix(before, stands(o, first - 2)));
	sign(o, SIGN_BEHIND, wording_mix(behind, gap_behind));
	sign(o, SIGN_BEHIND_TWO, wording_mix(behind, stands(o, end + 1)));
	sign(o, SIGN_AROUND, wording_mix(before, behind));
	sign(o, SIGN_GAPS, gap_before * 16 + gap_behind);
	for (uint32_t i = n->from; i < n->to; i++) {
		sign(o, SIGN_WORD, wording_hash(wording_stem(text_at(&s->text, i))));
	}
	sign(o, SIGN_LAST, wording_hash(text_at(&s->text, n->to - 1)));
}

static bool same_words(const struct text *a, uint32_t from, uint32_t to, const struct text *b)
{
	return to - from == b->n && memcmp(a->hash + from, b->hash, b->n * sizeof(*b->hash)) == 0;
}

/* Whom the rules written by hand gave the role. */
static uint32_t fitted_name(const struct one *o)
{
	return o->role == MOVE_ROLE_PERSON     ? o->x->person
	       : o->role == MOVE_ROLE_EMPLOYER ? o->x->employer
					       : o->x->old;
}

static bool fitted_author(const struct one *o)
{
	return o->role == MOVE_ROLE_PERSON ? o->x->me : o->role == MOVE_ROLE_EMPLOYER && o->x->ours;
}

static void weigh_name(struct one *o)
{
	const struct move_finder *f = o->f;
	const struct frame *x = o->x;
	const struct extent *n = &f->spans.names[o->number - 1];
	uint32_t fitted = fitted_name(o);
	int lean = n->lean > LEAN_MAX ? LEAN_MAX : n->lean < -LEAN_MAX ? -LEAN_MAX : n->lean;
	unsigned role = o->cast->mover[o->number] + 2u * (o->number == x->old) +
			4u * same_words(&f->spans.text, n->from, n->to, &f->author);
	unsigned shape = n->old + 2u * n->place + 4u * n->greets + 8u * n->opens;
	sign(o, SIGN_WHAT, 1 + x->me * 2u + f->spans.small * 4u);
	sign(o, SIGN_FITTED, (o->cast->fullest[o->number] == fitted) * 2u + (o->number == fitted));
	sign(o, SIGN_ROLE, role);
	sign(o, SIGN_SOUND, (uint64_t)(lean + LEAN_MAX));
	sign(o, SIGN_SHAPE, shape);
	sign(o, SIGN_LENGTH, at_most(n->to - n->from, LONG_NAME));
	sign(o, SIGN_PLACE, at_most(o->cast->others[o->number], MANY));
	sign_place(o, n);
	sign_title(o, n);
	sign_words(o, n);
}

static unsigned author_kind(const struct move_finder *f)
{
	return f->author_is_org + 2u * f->author_is_paper + 4u * f->speaks_of_me +
	       8u * f->speaks_of_us + 16u * f->speaks_of_them;
}

static void weigh_author(struct one *o)
{
	const struct move_finder *f = o->f;
	bool named = false;
	for (size_t i = 0; i < f->spans.names_n; i++) {
		const struct extent *n = &f->spans.names[i];
		named |= same_words(&f->spans.text, n->from, n->to, &f->author);
	}
	sign(o, SIGN_WHAT, 16 + o->x->me * 2u + named);
	sign(o, SIGN_FITTED, 16u + fitted_author(o));
	sign(o, SIGN_AUTHOR, author_kind(f));
	sign(o, SIGN_OTHERS, 16 + at_most(o->cast->others[o->cast->names + 1], MANY));
	sign(o, SIGN_KIND, 4096 + (uint64_t)o->x->cue->kind);
	for (size_t i = 0; i < f->author.n; i++) {
		sign(o, SIGN_AUTHOR_WORD,
			wording_hash(wording_stem(text_at(&f->author, (uint32_t)i))));
	}
}

static void weigh_nobody(struct one *o)
{
	sign(o, SIGN_WHAT, 32 + o->x->me);
	sign(o, SIGN_FITTED, 32u + (fitted_name(o) == NOBODY) + 2u * fitted_author(o));
	sign(o, SIGN_AUTHOR, 64 + author_kind(o->f));
	sign(o, SIGN_OTHERS, 32 + at_most(o->cast->others[o->cast->names + 1], MANY));
	sign(o, SIGN_KIND, 8192 + (uint64_t)o->x->cue->kind);
}

/* A name has one role. */
static bool is_free(const struct one *o)
{
	if (o->role == MOVE_ROLE_PERSON) {
		return true;
	}
	bool taken = o->role == MOVE_ROLE_FORMER && o->x->employer != NOBODY &&
		     o->cast->fullest[o->number] == o->x->employer;
	return !taken && !o->cast->mover[o->number];
}

static void read_names(const struct move_finder *f, struct cast *c)
{
	c->names = at_most(f->spans.names_n, ROLES_NAMES_MAX);
	for (uint32_t i = 1; i <= c->names; i++) {
		c->fullest[i] = frame_fullest(f, i, NOBODY);
	}
}

static void find_mover(const struct frame *x, struct cast *c)
{
	c->others[1] = 0;
	for (uint32_t i = 1; i <= c->names; i++) {
		c->mover[i] = x->person != NOBODY && (i == x->person || c->fullest[i] == x->person);
		c->others[i + 1] = c->others[i] + !c->mover[i];
	}
}

static uint32_t choose(const struct move_finder *f, const struct frame *x, const struct cast *cast,
	enum move_role role)
{
	struct one best = {.f = f, .cast = cast, .x = x, .role = role, .number = NOBODY};
	uint32_t author = cast->names + 1;
	weigh_nobody(&best);
	for (uint32_t i = 1; i <= author; i++) {
		struct one o = {.f = f, .cast = cast, .x = x, .role = role, .number = i};
		if (i < author && is_free(&o)) {
			weigh_name(&o);
		} else if (i == author && role != MOVE_ROLE_FORMER &&
			   f->post->author.display_name.n > 0) {
			weigh_author(&o);
		} else {
			continue;
		}
		if (o.worth > best.worth) {
			best = o;
		}
	}
	return best.number;
}

void roles_choose(const struct move_finder *f, struct frame *x)
{
	struct cast cast;
	read_names(f, &cast);
	find_mover(x, &cast);
	uint32_t author = cast.names + 1, who = choose(f, x, &cast, MOVE_ROLE_PERSON);
	x->me = who == author;
	x->person = x->me ? NOBODY : frame_fullest(f, who, NOBODY);
	find_mover(x, &cast);
	uint32_t where = choose(f, x, &cast, MOVE_ROLE_EMPLOYER);
	x->ours = where == author;
	x->employer = x->ours ? NOBODY : frame_fullest(f, where, x->person);
	x->old = frame_fullest(f, choose(f, x, &cast, MOVE_ROLE_FORMER), x->person);
}
