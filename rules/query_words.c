/* Words and phrases: text into parts, folded as posts are. */
#include "rules/query_in.h"

#include "rules/fold.h"

struct query_part *new_part(struct parser *p, struct query *q, enum part_kind kind)
{
	/* Parts of one phrase grow in step of eight; cap follows from the number. */
	size_t cap = (q->parts_n + 7) / 8 * 8;
	if (q->parts_n == cap) {
		struct query_part *grown = arena_alloc(p->arena, (cap + 8) * sizeof(*grown));
		if (grown == NULL) {
			return parse_error(p, q->at, 1, "E000", NULL, "no memory to read it");
		}
		if (q->parts_n > 0) {
			memcpy(grown, q->parts, q->parts_n * sizeof(*grown));
		}
		q->parts = grown;
	}
	q->parts[q->parts_n] = (struct query_part){.kind = kind};
	return &q->parts[q->parts_n++];
}

static size_t letters(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	}
	return n;
}

static bool is_word_byte(char c)
{
	return (unsigned char)c >= 0x80 || fold_ascii_class[(unsigned char)c] == CHAR_LETTER ||
	       fold_ascii_class[(unsigned char)c] == CHAR_DIGIT;
}

/* A copy with "?" between letters replaced; *marked says whether there was one. */
static struct str mark_wildcards(struct parser *p, struct str chunk, bool *marked)
{
	size_t extra = 0;
	*marked = false;
	char *out = arena_alloc(p->arena, chunk.n * 3 + 1);
	if (out == NULL) {
		return STR_NONE;
	}
	for (size_t i = 0; i < chunk.n; i++) {
		bool inner = chunk.p[i] == '?' && i > 0 && i + 1 < chunk.n &&
			     is_word_byte(chunk.p[i - 1]) &&
			     (is_word_byte(chunk.p[i + 1]) || chunk.p[i + 1] == '*' ||
				     chunk.p[i + 1] == '?');
		if (inner || (chunk.p[i] == '?' && *marked && i > 0 && chunk.p[i - 1] == '?')) {
			memcpy(out + i + extra, WILDCARD, 3);
			extra += 2;
			*marked = true;
		} else {
			out[i + extra] = chunk.p[i];
		}
	}
	return str_n(out, chunk.n + extra);
}

/* Where in the scalar a piece of the text stands, for errors. */
static bool check_star(struct parser *p, size_t at, struct str chunk, bool *prefix)
{
	const char *star = memchr(chunk.p, '*', chunk.n);
	*prefix = false;
	if (star == NULL) {
		return true;
	}
	if (star == chunk.p) {
		parse_error(p, at, chunk.n, "E015",
			"write the beginning of the word and * behind it: replac*",
			"* cannot stand before a word");
		return false;
	}
	if (star != chunk.p + chunk.n - 1) {
		parse_error(p, at, chunk.n, "E015", "? stands for one letter inside a word",
			"* cannot stand inside a word");
		return false;
	}
	*prefix = true;
	return true;
}

static bool add_token(struct parser *p, struct query *q, size_t i, struct str base)
{
	struct text *t = &p->scratch;
	struct query_part *part = new_part(p, q, PART_TOKEN);
	if (part == NULL) {
		return false;
	}
	part->token = (enum token_kind)t->v[i].kind;
	part->hash = t->hash[i];
	part->folded = arena_str(p->arena, text_at(t, i));
	part->written = str_n(base.p + t->v[i].start, t->v[i].end - t->v[i].start);
	return true;
}

/* One chunk without spaces: "replac*", "organi?ation", "coca-cola", "@acme". */
static bool add_chunk(struct parser *p, struct query *q, size_t at, struct str chunk)
{
	bool prefix, marked;
	if (str_eq_c(chunk, "*")) {
		return new_part(p, q, PART_ANY) != NULL;
	}
	if (!check_star(p, at, chunk, &prefix)) {
		return false;
	}
	struct str base = mark_wildcards(p, chunk, &marked);
	if (base.p == NULL) {
		return parse_error(p, at, chunk.n, "E000", NULL, "no memory to read it") != NULL;
	}
	base.n -= prefix;
	text_reset(&p->scratch);
	text_add(&p->scratch, TEXT_TEXT, base);
	size_t first = q->parts_n;
	for (size_t i = 0; i < p->scratch.n; i++) {
		if (!add_token(p, q, i, base)) {
			return false;
		}
	}
	for (size_t i = first; marked && i < q->parts_n; i++) {
		if (str_find(q->parts[i].folded, STR(WILDCARD)) != SIZE_MAX) {
			q->parts[i].kind = PART_PATTERN;
		}
	}
	struct query_part *last = q->parts_n > first ? &q->parts[q->parts_n - 1] : NULL;
	if (!prefix || last == NULL) {
		return true;
	}
	if (letters(last->folded) < PREFIX_MIN && last->token != TOKEN_CJK) {
		parse_error(p, at, chunk.n, "E014", "write more letters before *",
			"a word beginning needs at least %d letters", PREFIX_MIN);
		return false;
	}
	last->open = true;
	if (last->kind == PART_TOKEN && last->token != TOKEN_CJK) {
		last->kind = PART_PREFIX;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* <name:TYPE> begins here, or somebody meant it to; "<3" is none. */
static bool starts_slot(struct str rest)
{
	size_t n = 1;
	if (rest.n < 2 || rest.p[0] != '<') {
		return false;
	}
	while (n < rest.n && is_word_byte(rest.p[n])) {
		n++;
	}
	bool digit = rest.p[1] >= '0' && rest.p[1] <= '9';
	return (n > 1 && !digit) || (n < rest.n && rest.p[n] == ':');
}

static bool starts_set(struct str rest)
{
	return rest.n > 4 && is_word_byte(rest.p[4]) &&
	       (str_starts(rest, STR("any:")) || str_starts(rest, STR("all:")));
}

/* One thing between quotation marks; `rest` is moved behind it. `at`: its place in the scalar. */
static bool add_piece(struct parser *p, struct query *q, size_t at, struct str *rest)
{
	struct parser outer = *p;
	bool slot = starts_slot(*rest), ok;
	size_t n = 0;
	if (slot || starts_set(*rest)) {
		p->at = at;
		p->text.n = at + rest->n; /* not beyond the quotation mark */
		ok = slot ? add_slot(p, q) : add_set(p, q);
		n = p->at - at;
		p->at = outer.at;
		p->text = outer.text;
	} else {
		while (n < rest->n && !is_blank(rest->p[n]) &&
			(n == 0 || !starts_slot(str_n(rest->p + n, rest->n - n)))) {
			n++;
		}
		ok = add_chunk(p, q, at, str_n(rest->p, n));
	}
	*rest = str_n(rest->p + n, rest->n - n);
	return ok;
}

bool add_words(struct parser *p, struct query *q, size_t at, struct str text, bool phrase)
{
	struct str rest = text;
	if (!phrase) {
		return add_chunk(p, q, at, text);
	}
	while (rest.n > 0) {
		if (is_blank(rest.p[0])) {
			rest = str_n(rest.p + 1, rest.n - 1);
		} else if (!add_piece(p, q, at + (text.n - rest.n), &rest)) {
			return false;
		}
	}
	return true;
}
