#include "connectors/roster_state.h"

#include "monitor/base/fold.h"
#include "monitor/base/hash.h"

#include <stdio.h>
#include <stdlib.h>

#define MAGIC "roster 1 "
#define WORDS_MAX (1u << 20)
#define MISSES_MAX 1000

void roster_state_init(struct roster_state *s)
{
	*s = (struct roster_state){0};
	arena_init(&s->arena, 0);
	buf_init(&s->words, WORDS_MAX);
}

void roster_state_release(struct roster_state *s)
{
	arena_release(&s->arena);
	buf_release(&s->words);
	free(s->people);
	free(s->slots);
	*s = (struct roster_state){0};
}

/* --- by key --- */

static void place(struct roster_state *s, size_t i)
{
	size_t at = s->people[i].hash & (s->slots_n - 1);
	while (s->slots[at] != 0) {
		at = (at + 1) & (s->slots_n - 1);
	}
	s->slots[at] = i + 1;
}

/* Room for one more, the slots at most half full. */
static bool make_room(struct roster_state *s)
{
	if (s->n < s->cap) {
		return true;
	}
	size_t cap = s->cap == 0 ? 256 : s->cap * 2;
	struct roster_person *people = realloc(s->people, cap * sizeof(*people));
	if (people == NULL) {
		return false;
	}
	s->people = people;
	size_t *slots = calloc(cap * 2, sizeof(*slots));
	if (slots == NULL) {
		return false;
	}
	free(s->slots);
	s->slots = slots;
	s->slots_n = cap * 2;
	s->cap = cap;
	for (size_t i = 0; i < s->n; i++) {
		place(s, i);
	}
	return true;
}

struct roster_person *roster_state_add(struct roster_state *s, const struct roster_person *p)
{
	if (!make_room(s)) {
		return NULL;
	}
	struct roster_person *to = &s->people[s->n];
	*to = *p;
	to->hash = hash64(p->key, 0);
	to->print = roster_print(s, p->employer, p->title);
	to->other = ROSTER_NOBODY;
	place(s, s->n++);
	return to;
}

struct roster_person *roster_state_find(const struct roster_state *s, struct str key)
{
	uint64_t hash = hash64(key, 0);
	if (s->n == 0) {
		return NULL;
	}
	for (size_t at = hash & (s->slots_n - 1); s->slots[at] != 0;
		at = (at + 1) & (s->slots_n - 1)) {
		struct roster_person *p = &s->people[s->slots[at] - 1];
		if (p->hash == hash && str_eq(p->key, key)) {
			return p;
		}
	}
	return NULL;
}

/* --- spelling --- */

uint64_t roster_print(struct roster_state *s, struct str a, struct str b)
{
	buf_clear(&s->words);
	fold_words(&s->words, a);
	buf_add_char(&s->words, '\n');
	fold_words(&s->words, b);
	return hash64(buf_str(&s->words), 0);
}

bool roster_same(struct roster_state *s, struct str a, struct str b)
{
	return str_eq(a, b) || roster_print(s, a, STR("")) == roster_print(s, b, STR(""));
}

/* --- as text --- */

static bool read_head(struct roster_state *s, struct str line)
{
	struct str observed, partial;
	int64_t n;
	if (!str_starts(line, STR(MAGIC))) {
		return false;
	}
	line = str_n(line.p + strlen(MAGIC), line.n - strlen(MAGIC));
	if (!str_split(&line, ' ', &observed) || !str_split(&line, ' ', &partial) ||
		!str_i64(observed, &s->observed) || !str_i64(partial, &n) || n < 0 ||
		n > MISSES_MAX) {
		s->observed = 0;
		return false;
	}
	s->partial = (unsigned)n;
	return true;
}

static bool read_person(struct str line, struct roster_person *p)
{
	struct str misses;
	int64_t n;
	*p = (struct roster_person){0};
	if (!str_split(&line, '\t', &p->key) || p->key.n == 0 || !str_split(&line, '\t', &misses) ||
		!str_i64(misses, &n) || n < 0 || n > MISSES_MAX ||
		!str_split(&line, '\t', &p->name) || p->name.n == 0) {
		return false;
	}
	p->misses = (unsigned)n;
	str_split(&line, '\t', &p->employer);
	str_split(&line, '\t', &p->title);
	return true;
}

bool roster_state_read(struct roster_state *s, struct str cursor)
{
	struct str line;
	struct roster_person p;
	if (!str_split(&cursor, '\n', &line) || !read_head(s, line)) {
		return true;
	}
	while (str_split(&cursor, '\n', &line)) {
		if (read_person(line, &p) && roster_state_find(s, p.key) == NULL &&
			roster_state_add(s, &p) == NULL) {
			return false;
		}
	}
	return true;
}

void roster_state_head(const struct roster_state *s, struct buf *out)
{
	buf_printf(out, MAGIC "%lld %u\n", (long long)s->observed, s->partial);
}

void roster_state_line(const struct roster_person *p, unsigned misses, struct buf *out)
{
	const struct str texts[] = {p->name, p->employer, p->title};
	buf_add_str(out, p->key);
	buf_printf(out, "\t%u", misses < MISSES_MAX ? misses : MISSES_MAX);
	for (size_t i = 0; i < 3; i++) {
		buf_add_char(out, '\t');
		buf_add_str(out, texts[i]);
	}
	buf_add_char(out, '\n');
}
