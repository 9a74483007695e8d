/* Keys to find names by: a word as it sounds, that may be the family's, and the first letter of one that may be
 * the given name. What is stored has all pairs of its words, so that what is asked for needs few. */
#include "monitor/people/person_name_in.h"

#include "monitor/base/hash.h"

static bool is(const struct person_word *w, unsigned flag)
{
	return (w->flags & flag) != 0;
}

struct keys {
	uint64_t *out;
	size_t n;
};

/* E may be written Ye and Je, and Y is another I. */
static char initial_of(struct str spelling)
{
	return spelling.n == 0 ? 0 : spelling.p[0] == 'e' ? 'i' : spelling.p[0];
}

static void add_key(struct keys *k, struct str family, char initial)
{
	if (k->n < PERSON_KEYS_MAX && family.n > 0 && initial != 0) {
		k->out[k->n++] = hash64(family, (unsigned char)initial);
	}
}

/* Of the family's word with every letter the given name may begin with. */
static void add_given(
	struct keys *k, struct str family, const struct person_name *n, const struct person_word *w)
{
	char text[PERSON_SPELLING_MAX];
	struct str spelling = {text, spelling_key(person_name_word(n, w), text, sizeof(text))};
	char first = initial_of(spelling);
	add_key(k, family, first);
	for (size_t i = 0; i < w->nicks_n; i++) {
		char formal[PERSON_SPELLING_MAX];
		struct str f = {formal,
			spelling_key(person_nick_formal(w->nicks + i), formal, sizeof(formal))};
		if (initial_of(f) != first) {
			add_key(k, family, initial_of(f));
		}
	}
}

static void add_family(struct keys *k, struct str family, const struct person_name *n, uint8_t from,
	uint8_t to, uint8_t but)
{
	for (uint8_t i = from; i < to; i++) {
		if (i != but && !is(&n->words[i], PERSON_PARTICLE)) {
			add_given(k, family, n, &n->words[i]);
		}
	}
	if (n->has_alias) {
		add_given(k, family, n, &n->alias);
	}
}

static void add_word(
	struct keys *k, const struct person_name *n, uint8_t w, uint8_t from, uint8_t to)
{
	char text[PERSON_SPELLING_MAX];
	struct str spelling = {
		text, spelling_key(person_name_word(n, &n->words[w]), text, sizeof(text))};
	if (!is(&n->words[w], PERSON_PARTICLE | PERSON_INITIAL)) {
		add_family(k, spelling, n, from, to, w);
	}
}

/* Of words that may be written as one. */
static void add_joined(struct keys *k, const struct person_name *n, bool particles)
{
	char whole[PERSON_BYTES_MAX], text[PERSON_SPELLING_MAX];
	struct str joined = {whole, person_join(n, n->family, n->n, particles, whole)};
	struct str spelling = {text, spelling_key(joined, text, sizeof(text))};
	add_family(k, spelling, n, 0, n->family, n->n);
}

size_t person_name_keys(const struct person_name *n, bool all, uint64_t out[PERSON_KEYS_MAX])
{
	struct keys k = {out, 0};
	if (n->n < 2) {
		return 0;
	}
	all = all || is(&n->words[n->family], PERSON_INITIAL);
	uint8_t from = all ? 0 : n->family > 1 ? 1 : n->family;
	for (uint8_t i = from; i < n->n; i++) {
		add_word(&k, n, i, 0, all ? n->n : n->family);
	}
	if (!n->latin &&
		n->n == 2) { /* where there may be no space, the family may end elsewhere */
		char whole[2 * PERSON_BYTES_MAX];
		struct str name = {whole, person_join_whole(n, whole)};
		add_key(&k, name, 1);
	}
	if (n->n - n->family > 1) {
		add_joined(&k, n, false);
		add_joined(&k, n, true);
	}
	return k.n;
}
