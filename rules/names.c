#include "rules/names_in.h"

#include "rules/big.h"

#include <stdlib.h>

#define CHUNK_FIRST ((size_t)64 << 10) /* bytes: most rulesets have short lists */

void names_init(struct names *n)
{
	*n = (struct names){0};
}

void names_release(struct names *n)
{
	for (size_t i = 0; i < n->chunks_n; i++) {
		free(n->chunks[i]);
	}
	free(n->chunks);
	free(n->added);
	for (size_t i = 0; i < NAMES_TURNS; i++) {
		free(n->tables[i].slots);
		free(n->tables[i].lookup.filter.words);
		free(n->tables[i].lookup.roles.words);
		free(n->tables[i].pairs);
	}
	*n = (struct names){0};
}

/* A chunk for at least `bytes`; a name too long for any has one of its own. */
static bool add_chunk(struct names *n, size_t bytes)
{
	size_t size = n->chunks_n == 0 ? CHUNK_FIRST : CHUNK_UNITS * UNIT;
	size = bytes > size ? bytes : size;
	char **grown = realloc(n->chunks, (n->chunks_n + 1) * sizeof(*grown));
	if (grown == NULL || n->chunks_n >= NAME_PAIR / CHUNK_UNITS) {
		n->chunks = grown != NULL ? grown : n->chunks;
		return false;
	}
	n->chunks = grown;
	n->chunks[n->chunks_n] = big_room(size);
	if (n->chunks[n->chunks_n] == NULL) {
		return false;
	}
	n->used = n->chunks_n == 0 ? UNIT : 0; /* number 0 says "none" */
	n->room = size;
	n->chunks_n++;
	return true;
}

/* A new name of so many bytes of text, filled from `like`; `words`: hashes, if there are several. NULL:
 * no memory. */
static struct name *add(
	struct names *n, const struct name *like, uint64_t key, const uint64_t *words)
{
	size_t bytes = sizeof(*like) + like->folded_n + like->verify_n;
	bytes = (bytes + UNIT - 1) / UNIT * UNIT;
	bool fits = n->chunks_n > 0 && bytes <= n->room - n->used && n->used / UNIT < CHUNK_UNITS;
	if (!fits && !add_chunk(n, bytes + UNIT)) {
		return NULL;
	}
	if (n->n == n->added_cap) {
		size_t want = n->added_cap < 64 ? 128 : n->added_cap * 2;
		void *grown = realloc(n->added, want * sizeof(*n->added));
		if (grown == NULL) {
			return NULL;
		}
		n->added = grown;
		n->added_cap = want;
	}
	uint32_t id = (uint32_t)((n->chunks_n - 1) * CHUNK_UNITS + n->used / UNIT);
	struct name *name = name_at(n, id);
	n->used += bytes;
	*name = *like;
	bool more = like->tokens > 1;
	n->added[n->n++] = (struct added){
		key, more ? words[0] : key, more ? words[1] : 0, id, like->tokens, 0};
	return name;
}

static void join(char *out, const struct text *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct str word = text_at(t, i);
		if (i > 0) {
			*out++ = ' ';
		}
		memcpy(out, word.p, word.n);
		out += word.n;
	}
}

static size_t joined_bytes(const struct text *t)
{
	size_t bytes = t->n - 1;
	for (size_t i = 0; i < t->n; i++) {
		bytes += t->v[i].fold_n;
	}
	return bytes;
}

int names_add(struct names *n, uint32_t list, uint32_t entry, const struct text *words,
	struct str verify, unsigned flags)
{
	if (words->rc != HARK_OK || words->n == 0) {
		return words->rc;
	}
	if (words->n > NAME_WORDS_MAX) {
		return HARK_ELIMIT;
	}
	const struct token *first = &words->v[0];
	struct name like = {.list = list,
		.entry = entry,
		.tokens = (uint32_t)words->n,
		.folded_n = (uint32_t)joined_bytes(words),
		.verify_n = (uint32_t)verify.n,
		.lead = (uint16_t)(first->start < UINT16_MAX ? first->start : 0),
		.kind = first->kind == TOKEN_CJK ? TOKEN_WORD : first->kind,
		.flags = (uint8_t)flags};
	uint64_t key = words->hash[0];
	for (size_t i = 1; i < words->n; i++) {
		key = pair_key(key, words->hash[i]);
	}
	struct name *name = add(n, &like, key, words->hash);
	if (name == NULL) {
		return HARK_ENOMEM;
	}
	join(name->bytes, words);
	if (verify.n > 0) {
		memcpy(name->bytes + name->folded_n, verify.p, verify.n);
	}
	return HARK_OK;
}

struct str names_last(const struct names *n)
{
	return folded_of(name_at(n, n->added[n->n - 1].id));
}

int names_add_token(
	struct names *n, uint32_t list, uint32_t entry, enum token_kind kind, struct str folded)
{
	struct name like = {.list = list,
		.entry = entry,
		.tokens = 1,
		.folded_n = (uint32_t)folded.n,
		.kind = (uint8_t)kind};
	struct name *name = add(n, &like, token_hash(kind, folded), NULL);
	if (name == NULL) {
		return HARK_ENOMEM;
	}
	memcpy(name->bytes, folded.p, folded.n);
	return HARK_OK;
}

/* That names of so many words begin with the pair. */
static void note_pair(struct name_table *t, const struct added *a)
{
	uint64_t key = pair_key(a->first, a->second);
	size_t s = slot_of(t, key);
	if ((t->slots[s].id & NAME_PAIR) == 0) {
		t->pairs[t->pairs_n] = (struct name_pair){0, t->slots[s].id};
		t->slots[s].part = part_of(key);
		t->slots[s].id = NAME_PAIR | (uint32_t)t->pairs_n++;
		filter_add(&t->lookup.filter, key);
	}
	t->pairs[t->slots[s].id & ~NAME_PAIR].lengths |= UINT64_C(1) << (a->tokens - 3);
}

/* Each goes to the front of its chain. */
static void put(struct names *n, struct name_table *t, const struct added *a, uint8_t *many)
{
	if (a->tokens > 2) {
		note_pair(t, a);
	}
	size_t s = slot_of(t, a->key);
	uint32_t *head = head_of(t, s);
	name_at(n, a->id)->next = *head;
	*head = a->id;
	t->slots[s].part = part_of(a->key);
	many[s] += many[s] < UINT8_MAX;
	filter_add(&t->lookup.filter, a->key);
}

#define ROLES_A_WORD 5 /* so many share 64 bits */

/* How many different parts the words of a table play: a bit for each, at random; few fall on others. */
static size_t count_roles(const struct names *n, bool late, uint64_t *bits, size_t mask)
{
	size_t found = 0;
	for (size_t i = 0; i < n->n; i++) {
		const struct added *a = &n->added[i];
		uint64_t parts[] = {a->first + (a->tokens > 1), a->second + 2};
		for (size_t k = 0; k < 2 && a->late == late && k < a->tokens; k++) {
			uint64_t h = parts[k] * 0x9e3779b97f4a7c15u >> 20;
			uint64_t *word = &bits[h / 64 & mask], bit = UINT64_C(1) << (h & 63);
			found += (*word & bit) == 0;
			*word |= bit;
		}
	}
	return found;
}

static int build_roles(const struct names *n, struct name_table *t, bool late)
{
	size_t most = 16, words = 16;
	while (most < t->n / 8) {
		most *= 2;
	}
	uint64_t *bits = calloc(most, sizeof(*bits));
	if (bits == NULL) {
		return HARK_ENOMEM;
	}
	size_t roles = count_roles(n, late, bits, most - 1);
	free(bits);
	while (words < roles / ROLES_A_WORD) {
		words *= 2;
	}
	t->lookup.roles =
		(struct roles){big_zeroed(words * sizeof(*t->lookup.roles.words)), words - 1};
	for (size_t i = 0; i < n->n && t->lookup.roles.words != NULL; i++) {
		const struct added *a = &n->added[i];
		if (a->late == late) {
			roles_add(&t->lookup.roles, a->first,
				a->tokens > 1 ? ROLE_FIRST : ROLE_ALONE);
		}
		if (a->late == late && a->tokens > 1) {
			roles_add(&t->lookup.roles, a->second, ROLE_SECOND);
		}
	}
	return t->lookup.roles.words != NULL ? HARK_OK : HARK_ENOMEM;
}

static int build_table(struct names *n, bool late, namesakes_fn tell, void *ctx)
{
	struct name_table *t = &n->tables[late ? NAMES_LATE : NAMES_FIRST];
	size_t slots = 16, words = filter_words(t->n), keys = t->n + t->longer_n;
	while (slots < keys * 3 / 2 + 1) {
		slots *= 2;
	}
	t->slots = big_zeroed(slots * sizeof(*t->slots));
	t->pairs = big_room((t->longer_n + 1) * sizeof(*t->pairs));
	t->lookup.filter =
		(struct filter){big_zeroed(words * sizeof(*t->lookup.filter.words)), words - 1};
	uint8_t *many = calloc(slots, 1);
	int rc = build_roles(n, t, late);
	if (t->slots == NULL || t->pairs == NULL || t->lookup.filter.words == NULL ||
		many == NULL || rc != HARK_OK) {
		free(many);
		return HARK_ENOMEM; /* names_release() takes the rest back */
	}
	t->slots_n = slots;
	for (size_t i = 0; i < n->n; i++) {
		if (n->added[i].late == late) {
			put(n, t, &n->added[i], many);
		}
	}
	rc = names_limit(n, t, many, tell, ctx);
	free(many);
	return rc;
}

int names_build(struct names *n, const bool *late, namesakes_fn tell, void *ctx)
{
	for (size_t i = 0; i < n->n; i++) {
		struct added *a = &n->added[i];
		a->late = late != NULL && late[name_at(n, a->id)->list];
		struct name_table *t = &n->tables[a->late ? NAMES_LATE : NAMES_FIRST];
		t->n++;
		t->longer_n += a->tokens > 2;
	}
	int rc = build_table(n, false, tell, ctx);
	rc = rc == HARK_OK ? build_table(n, true, tell, ctx) : rc;
	free(n->added);
	n->added = NULL;
	n->added_cap = 0;
	return rc;
}
