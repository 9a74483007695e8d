#include "rules/classify/wording.h"

#include "rules/classify/features.h"

#include <stdlib.h>

#define SLOTS 16384u /* a power of two, several times the rows */

struct slot {
	uint64_t hash;
	int16_t points; /* hundredths; 0: free */
	uint32_t seen;  /* in the post of this number */
};

enum sign {
	SIGN_PERSON,
	SIGN_ORG,
	SIGN_NAME,
	SIGN_TITLE,
	SIGN_NUMBER,
	SIGN_STOP,
	SIGN_ASKS,
	SIGN_COLON,
	SIGNS,
};

struct wording {
	struct slot slots[SLOTS];
	uint32_t posts;
	struct wording_unit signs[SIGNS];
};

static uint64_t hash_of_two(uint64_t a, uint64_t b)
{
	return (a << 21 | a >> 43) * 0x9e3779b97f4a7c15U ^ b;
}

static struct slot *slot_of(struct wording *w, uint64_t hash)
{
	size_t i = (size_t)(hash >> 32) & (SLOTS - 1);
	while (w->slots[i].points != 0 && w->slots[i].hash != hash) {
		i = (i + 1) & (SLOTS - 1);
	}
	return &w->slots[i];
}

struct wording *wording_new(void)
{
	struct wording *w = calloc(1, sizeof(*w));
	if (w == NULL || wordings_n > SLOTS / 2) {
		free(w);
		return NULL;
	}
	static const char *const signs[SIGNS] = {"<P>", "<O>", "<N>", "<T>", "<#>", ".", "?", ":"};
	for (size_t i = 0; i < SIGNS; i++) {
		w->signs[i].text = str_c(signs[i]);
		w->signs[i].hash = token_hash(TOKEN_WORD, w->signs[i].text);
	}
	for (size_t i = 0; i < wordings_n; i++) {
		struct str first = str_c(wordings[i].name), second = STR_NONE;
		size_t space = str_find(first, STR(" "));
		if (space != SIZE_MAX) {
			second = str_n(first.p + space + 1, first.n - space - 1);
			first.n = space;
		}
		uint64_t hash = token_hash(TOKEN_WORD, first);
		hash = second.n > 0 ? hash_of_two(hash, token_hash(TOKEN_WORD, second)) : hash;
		struct slot *s = slot_of(w, hash);
		s->hash = hash;
		s->points = (int16_t)wordings[i].points;
	}
	return w;
}

void wording_free(struct wording *w)
{
	free(w);
}

struct walk {
	const struct move_finder *f;
	void (*see)(void *ctx, const struct wording_unit *before, const struct wording_unit *unit);
	void *ctx;
	struct wording_unit before;
	bool has_before;
};

static void pass(struct walk *w, const struct wording_unit *u)
{
	if (w->has_before) {
		w->see(w->ctx, &w->before, u);
	}
	w->before = *u;
	w->has_before = true;
}

static struct wording_unit word_at(const struct walk *w, uint32_t i)
{
	const struct text *t = &w->f->spans.text;
	struct str word = text_at(t, i);
	bool number = word.p[0] >= '0' && word.p[0] <= '9';
	return number ? w->f->wording->signs[SIGN_NUMBER]
		      : (struct wording_unit){.hash = t->hash[i], .text = word};
}

/* The name, title or word that begins at i; behind it. */
static uint32_t walk_one(struct walk *w, uint32_t i)
{
	const struct spans *s = &w->f->spans;
	const struct mark *m = &s->marks[i];
	if (m->name != 0) {
		const struct extent *n = &s->names[m->name - 1];
		enum sign sign = n->lean > 0 ? SIGN_PERSON : n->lean < 0 ? SIGN_ORG : SIGN_NAME;
		pass(w, &w->f->wording->signs[sign]);
		return n->to > i ? n->to : i + 1;
	}
	struct wording_unit u = word_at(w, i);
	bool word = s->text.v[i].kind == TOKEN_WORD;
	if (word) {
		w->see(w->ctx, NULL, &u);
	}
	if (m->title == 0 && word) {
		pass(w, &u);
	}
	if (m->title != 0 && s->titles[m->title - 1].to == i + 1) {
		pass(w, &w->f->wording->signs[SIGN_TITLE]);
	}
	return i + 1;
}

void wording_walk(const struct move_finder *f,
	void (*see)(void *ctx, const struct wording_unit *before, const struct wording_unit *unit),
	void *ctx)
{
	struct walk w = {.f = f, .see = see, .ctx = ctx};
	const struct spans *s = &f->spans;
	const struct wording_unit *signs = f->wording->signs;
	for (uint32_t i = 0; i < s->text.n;) {
		i = walk_one(&w, i);
		const struct mark *last = &s->marks[i - 1];
		if (last->gap == GAP_END) {
			pass(&w, &signs[last->asks ? SIGN_ASKS : SIGN_STOP]);
		} else if (last->gap == GAP_COLON) {
			pass(&w, &signs[SIGN_COLON]);
		}
	}
}

struct sum {
	struct wording *w;
	int points;
};

static void add(void *ctx, const struct wording_unit *before, const struct wording_unit *unit)
{
	struct sum *sum = ctx;
	uint64_t hash = before != NULL ? hash_of_two(before->hash, unit->hash) : unit->hash;
	struct slot *s = slot_of(sum->w, hash);
	if (s->points != 0 && s->seen != sum->w->posts) {
		s->seen = sum->w->posts;
		sum->points += s->points;
	}
}

int wording_points(const struct move_finder *f, struct wording *w)
{
	struct sum sum = {.w = w};
	w->posts++;
	wording_walk(f, add, &sum);
	return sum.points / 10;
}
