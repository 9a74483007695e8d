/* Keys to find names by: a word as it sounds that may be the family's, with one that may be a given name, or with
 * its first letter where one of the two has no more. What is stored has all pairs of its words, so that what is
 * asked for needs few.
 *
 * A word in the middle may belong to the family (García Pérez) or be a given name (Anna Maria). Stored ones have
 * keys of their own kind, which only a word that is the family's for sure asks for: else every Anna Maria would be
 * found by every other. */
#include "monitor/people/person_name_in.h"

#include "monitor/base/hash.h"

enum key_kind {
	KEY_WHOLE = 1,
	KEY_MIDDLE,      /* stored: the family's word is in the middle */
	KEY_LETTER,      /* stored: it begins so */
	KEY_LETTER_ONLY, /* stored: there is no more */
	KEY_JOINED,
};

struct sound {
	uint8_t n;
	char p[PERSON_SPELLING_MAX];
};

struct keys {
	const struct person_name *name;
	struct sound sounds[PERSON_WORDS_MAX]; /* of its words */
	bool all;
	uint64_t *out;
	size_t n;
};

static bool is(const struct person_word *w, unsigned flag)
{
	return (w->flags & flag) != 0;
}

static struct str str_of(const struct sound *s)
{
	return str_n(s->p, s->n);
}

static void sound_of(struct str word, struct sound *out)
{
	out->n = (uint8_t)spelling_key(word, out->p, sizeof(out->p));
}

static void add_key(struct keys *k, struct str family, struct str given, enum key_kind kind)
{
	if (k->n < PERSON_KEYS_MAX && family.n > 0 && given.n > 0) {
		k->out[k->n++] = hash64(given, hash64(family, kind));
	}
}

/* E may be written Ye and Je, and Y is another I. */
static struct str letter_of(const struct sound *s)
{
	return s->n == 0 ? STR_NONE : s->p[0] == 'e' ? STR("i") : str_n(s->p, 1);
}

/* A letter, or JP. */
static bool is_letters(const struct person_word *w)
{
	return is(w, PERSON_INITIAL) || (is(w, PERSON_CAPS) && w->n <= 3);
}

/* Where the family's word stands. */
enum role {
	AT_END, /* or in front, as some write it */
	IN_MIDDLE,
};

static void add_whole(struct keys *k, struct str family, struct str given, enum role role)
{
	if (!k->all || role == AT_END) {
		add_key(k, family, given, KEY_WHOLE);
	}
	if (k->all ? role == IN_MIDDLE : role == AT_END) {
		add_key(k, family, given, KEY_MIDDLE);
	}
}

static void add_given(struct keys *k, struct str family, enum role role,
	const struct person_word *w, const struct sound *s)
{
	bool letters = is_letters(w);
	if (!is(w, PERSON_INITIAL)) {
		add_whole(k, family, str_of(s), role);
	}
	for (size_t i = 0; i < w->nicks_n; i++) {
		struct sound formal;
		sound_of(person_nick_formal(w->nicks + i), &formal);
		add_whole(k, family, str_of(&formal), role);
	}
	if (role == IN_MIDDLE) {
		return;
	}
	if (k->all || letters) {
		add_key(k, family, letter_of(s), KEY_LETTER);
	}
	if (!k->all || letters) {
		add_key(k, family, letter_of(s), KEY_LETTER_ONLY);
	}
}

/* With the words [0, to), but for `but`, as given names. */
static void add_family(struct keys *k, struct str family, enum role role, uint8_t to, uint8_t but)
{
	const struct person_name *n = k->name;
	for (uint8_t i = 0; i < to; i++) {
		if (i != but && !is(&n->words[i], PERSON_PARTICLE)) {
			add_given(k, family, role, &n->words[i], &k->sounds[i]);
		}
	}
	if (n->has_alias) {
		struct sound alias;
		sound_of(person_name_word(n, &n->alias), &alias);
		add_given(k, family, role, &n->alias, &alias);
	}
	if (n->family > 1) {
		char whole[PERSON_BYTES_MAX];
		struct sound joined;
		sound_of(str_n(whole, person_join(n, 0, n->family, false, whole)), &joined);
		add_whole(k, family, str_of(&joined), role);
	}
}

/* Of words that may be written as one. */
static void add_joined(struct keys *k, bool particles)
{
	const struct person_name *n = k->name;
	char whole[PERSON_BYTES_MAX];
	struct sound joined;
	sound_of(str_n(whole, person_join(n, n->family, n->n, particles, whole)), &joined);
	add_family(k, str_of(&joined), AT_END, n->family, n->n);
}

size_t person_name_keys(const struct person_name *n, bool all, uint64_t out[PERSON_KEYS_MAX])
{
	struct keys k = {.name = n, .all = all, .out = out};
	if (n->n < 2) {
		return 0;
	}
	bool pairs = all || is(&n->words[n->family], PERSON_INITIAL);
	for (uint8_t i = 0; i < n->n; i++) {
		sound_of(person_name_word(n, &n->words[i]), &k.sounds[i]);
	}
	for (uint8_t i = pairs ? 0 : n->family > 1 ? 1 : n->family; i < n->n; i++) {
		enum role role = i == 0 || i >= n->family ? AT_END : IN_MIDDLE;
		bool given = role == IN_MIDDLE && is(&n->words[i], PERSON_HYPHEN);
		if (!given && !is(&n->words[i], PERSON_PARTICLE | PERSON_INITIAL)) {
			add_family(&k, str_of(&k.sounds[i]), role, pairs ? n->n : n->family, i);
		}
	}
	if (n->n - n->family > 1) {
		add_joined(&k, false);
		add_joined(&k, true);
	}
	if (!n->latin &&
		n->n == 2) { /* where there may be no space, the family may end elsewhere */
		char whole[2 * PERSON_BYTES_MAX];
		struct str name = str_n(whole, person_join_whole(n, whole));
		add_key(&k, name, name, KEY_JOINED);
	}
	return k.n;
}
