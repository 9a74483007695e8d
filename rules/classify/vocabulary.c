#include "rules/classify/vocabulary.h"

#include <stdlib.h>

#define NUMBER "<#>" /* no token is so written, so its hash is free to stand for all of them */
#define SLOTS 16384u /* a power of two, several times the words */
#define GIVEN_SLOTS 16384u

struct slot {
	uint64_t hash;
	bool used;
	struct word_info info;
};

/* A phrase under one of the words it may begin with. */
struct start {
	uint64_t hash;
	uint32_t phrase;
};

struct vocabulary {
	struct slot *slots; /* owned, all of them */
	uint64_t *given;    /* hashes; 0: free */
	struct phrase *phrases;
	struct element *elements;
	uint64_t *hashes;
	struct start *starts;
	uint8_t *reasons; /* one a row of vetoes[] */
	size_t reasons_n;
	size_t slots_n, phrases_n, elements_n, hashes_n, starts_n;
	bool failed;
};

const struct cue *cue_at(size_t row)
{
	const struct {
		const struct cue *v;
		size_t n;
	} tables[] = {{cues_joined, cues_joined_n}, {cues_plain, cues_plain_n},
		{cues_left, cues_left_n}, {cues_beside, cues_beside_n}};
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (row < tables[i].n) {
			return &tables[i].v[row];
		}
		row -= tables[i].n;
	}
	return NULL;
}

static struct slot *slot_of(const struct vocabulary *v, uint64_t hash)
{
	size_t i = (size_t)hash & (SLOTS - 1);
	while (v->slots[i].used && v->slots[i].hash != hash) {
		i = (i + 1) & (SLOTS - 1);
	}
	return &v->slots[i];
}

/* NULL: the table is too small, which a test would see. */
static struct word_info *enter(struct vocabulary *v, uint64_t hash)
{
	struct slot *s = slot_of(v, hash);
	if (!s->used) {
		if (++v->slots_n > SLOTS / 2) {
			v->failed = true;
			return NULL;
		}
		s->used = true;
		s->hash = hash;
	}
	return &s->info;
}

const struct word_info *vocabulary_find(const struct vocabulary *v, uint64_t hash)
{
	static const struct word_info unknown;
	const struct slot *s = slot_of(v, hash);
	return s->used ? &s->info : &unknown;
}

const struct word_info *vocabulary_number(const struct vocabulary *v)
{
	return vocabulary_find(v, token_hash(TOKEN_WORD, STR(NUMBER)));
}

static void *grow(struct vocabulary *v, void *array, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0) { /* room is doubled at each power of two */
		return array;
	}
	void *moved = realloc(array, (n == 0 ? 1 : n * 2) * size);
	v->failed |= moved == NULL;
	return moved != NULL ? moved : array;
}

static bool next_word(const char **at, struct str *word)
{
	const char *p = *at;
	while (*p == ' ' || *p == '\n') {
		p++;
	}
	const char *begin = p;
	while (*p != '\0' && *p != ' ' && *p != '\n') {
		p++;
	}
	*word = str_n(begin, (size_t)(p - begin));
	*at = p;
	return word->n > 0;
}

static void add_words(struct vocabulary *v)
{
	for (size_t i = 0; i < word_rows_n; i++) {
		const char *at = word_rows[i].words;
		struct str word;
		while (next_word(&at, &word)) {
			struct word_info *info = enter(v, token_hash(TOKEN_WORD, word));
			if (info != NULL) {
				info->flags |= word_rows[i].flag;
			}
		}
	}
	for (size_t i = 0; i < topic_rows_n; i++) {
		const char *at = topic_rows[i].words;
		struct str word;
		while (next_word(&at, &word)) {
			struct word_info *info = enter(v, token_hash(TOKEN_WORD, word));
			if (info != NULL) {
				info->topics |= topic_rows[i].flag;
			}
		}
	}
}

static uint64_t *given_of(const struct vocabulary *v, uint64_t hash)
{
	size_t i = (size_t)hash & (GIVEN_SLOTS - 1);
	while (v->given[i] != 0 && v->given[i] != hash) {
		i = (i + 1) & (GIVEN_SLOTS - 1);
	}
	return &v->given[i];
}

bool vocabulary_given(const struct vocabulary *v, uint64_t hash)
{
	return *given_of(v, hash) != 0;
}

static void add_given(struct vocabulary *v)
{
	const char *at = given_names;
	struct str word;
	size_t n = 0;
	while (next_word(&at, &word)) {
		v->failed |= ++n > GIVEN_SLOTS / 2;
		if (v->failed) {
			return;
		}
		uint64_t hash = token_hash(TOKEN_WORD, word);
		*given_of(v, hash) = hash;
	}
}

/* Numbers the names of reasons in the order they first come. */
static void number_reasons(struct vocabulary *v)
{
	v->reasons = calloc(vetoes_n, sizeof(*v->reasons));
	v->failed |= v->reasons == NULL;
	for (size_t i = 0; i < vetoes_n && !v->failed; i++) {
		size_t k = 0;
		while (k < i && strcmp(vetoes[k].reason, vetoes[i].reason) != 0) {
			k++;
		}
		v->reasons[i] = k < i ? v->reasons[k] : (uint8_t)v->reasons_n++;
		v->failed |= v->reasons_n > VETO_REASONS_MAX;
	}
}

size_t vocabulary_reason(const struct vocabulary *v, size_t row)
{
	return v->reasons[row];
}

size_t vocabulary_reasons(const struct vocabulary *v)
{
	return v->reasons_n;
}

static void add_hash(struct vocabulary *v, uint64_t hash)
{
	v->hashes = grow(v, v->hashes, v->hashes_n, sizeof(*v->hashes));
	if (!v->failed) {
		v->hashes[v->hashes_n++] = hash;
	}
}

static void read_alternatives(struct vocabulary *v, struct str words, struct element *e)
{
	struct str word;
	e->words = (uint32_t)v->hashes_n;
	while (str_split(&words, '/', &word)) {
		e->number |= str_eq_c(word, NUMBER);
		add_hash(v, token_hash(TOKEN_WORD, word));
	}
	e->words_n = (uint32_t)v->hashes_n - e->words;
}

static struct element read_element(struct vocabulary *v, struct str word)
{
	struct element e = {.kind = ELEMENT_WORD};
	if (word.p[word.n - 1] == '?') {
		e.optional = true;
		word.n--;
	}
	if (str_eq_c(word, "..")) {
		e.kind = ELEMENT_GAP;
	} else if (str_eq_c(word, "<N>")) {
		e.kind = ELEMENT_NAME;
	} else if (str_eq_c(word, "<T>")) {
		e.kind = ELEMENT_TITLE;
	} else {
		read_alternatives(v, word, &e);
	}
	return e;
}

static void add_start(struct vocabulary *v, const struct element *first)
{
	for (uint32_t k = 0; k < first->words_n && !v->failed; k++) {
		v->starts = grow(v, v->starts, v->starts_n, sizeof(*v->starts));
		if (!v->failed) {
			v->starts[v->starts_n++] =
				(struct start){.hash = v->hashes[first->words + k],
					.phrase = (uint32_t)v->phrases_n};
		}
	}
}

static void add_phrase(struct vocabulary *v, const char *text, size_t row, bool is_veto)
{
	struct phrase p = {.elements = (uint32_t)v->elements_n,
		.row = (uint16_t)row,
		.is_veto = is_veto,
		.is_move = !is_veto && cue_at(row)->kind < CUE_EVIDENCE};
	struct str word;
	while (!v->failed && next_word(&text, &word)) {
		struct element e = read_element(v, word);
		v->elements = grow(v, v->elements, v->elements_n, sizeof(*v->elements));
		if (!v->failed) {
			v->elements[v->elements_n++] = e;
		}
	}
	p.elements_n = (uint32_t)v->elements_n - p.elements;
	v->phrases = grow(v, v->phrases, v->phrases_n, sizeof(*v->phrases));
	if (!v->failed) {
		add_start(v, &v->elements[p.elements]);
		v->phrases[v->phrases_n++] = p;
	}
}

static int by_hash(const void *a, const void *b)
{
	const struct start *x = a, *y = b;
	if (x->hash != y->hash) {
		return x->hash < y->hash ? -1 : 1;
	}
	return (x->phrase > y->phrase) - (x->phrase < y->phrase);
}

static void index_starts(struct vocabulary *v)
{
	if (v->failed) {
		return;
	}
	qsort(v->starts, v->starts_n, sizeof(*v->starts), by_hash);
	for (size_t i = 0; i < v->starts_n; i++) {
		struct word_info *info = enter(v, v->starts[i].hash);
		if (info == NULL) {
			return;
		}
		if (info->phrases_n++ == 0) {
			info->phrases = (uint32_t)i;
		}
	}
}

struct vocabulary *vocabulary_new(void)
{
	struct vocabulary *v = calloc(1, sizeof(*v));
	if (v == NULL) {
		return NULL;
	}
	v->slots = calloc(SLOTS, sizeof(*v->slots));
	v->given = calloc(GIVEN_SLOTS, sizeof(*v->given));
	v->failed = v->slots == NULL || v->given == NULL;
	if (!v->failed) {
		add_words(v);
		add_given(v);
		number_reasons(v);
	}
	const struct cue *cue;
	for (size_t i = 0; (cue = cue_at(i)) != NULL && !v->failed; i++) {
		add_phrase(v, cue->phrase, i, false);
	}
	for (size_t i = 0; i < vetoes_n && !v->failed; i++) {
		add_phrase(v, vetoes[i].phrase, i, true);
	}
	index_starts(v);
	if (v->failed) {
		vocabulary_free(v);
		return NULL;
	}
	return v;
}

void vocabulary_free(struct vocabulary *v)
{
	if (v != NULL) {
		free(v->slots);
		free(v->given);
		free(v->phrases);
		free(v->elements);
		free(v->hashes);
		free(v->starts);
		free(v->reasons);
		free(v);
	}
}

const struct phrase *vocabulary_phrase(const struct vocabulary *v, uint32_t place)
{
	return &v->phrases[v->starts[place].phrase];
}

const struct element *vocabulary_element(const struct vocabulary *v, uint32_t element)
{
	return &v->elements[element];
}

bool vocabulary_has(const struct vocabulary *v, const struct element *e, uint64_t hash)
{
	for (uint32_t i = 0; i < e->words_n; i++) {
		if (v->hashes[e->words + i] == hash) {
			return true;
		}
	}
	return false;
}
