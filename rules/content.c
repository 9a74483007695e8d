#include "rules/content.h"

/* Tokens of a field that are words, and their letters. */
struct said {
	uint32_t words;
	size_t bytes;
};

static inline bool is_word(const struct token *token)
{
	return token->kind != TOKEN_URL && token->kind != TOKEN_EMOJI;
}

static struct said measure(const struct text *t, enum text_field field)
{
	struct said said = {0, 0};
	size_t from = t->fields[field].start, to = t->fields[field].end;
	for (size_t i = from; i < to; i++) {
		uint32_t word = is_word(&t->v[i]);
		said.words += word;
		said.bytes += t->v[i].fold_n & (0 - word);
	}
	return said;
}

static void copy_letters(const struct text *t, enum text_field field, struct buf *out)
{
	for (size_t i = t->fields[field].start; i < t->fields[field].end; i++) {
		if (is_word(&t->v[i])) {
			buf_add_str(out, text_at(t, i));
		}
	}
}

/* The letters of title and text one behind the other, as they nearly always stand: where links, emoji and whole
 * tags lie between them they are copied. There are some. */
static struct str letters_of(const struct text *t, size_t bytes, struct buf *scratch)
{
	const struct token *first = &t->v[t->fields[TEXT_TITLE].start];
	const struct token *last = &t->v[t->fields[TEXT_TEXT].end - 1];
	if ((size_t)last->fold + last->fold_n - first->fold == bytes) {
		return str_n(t->folded + first->fold, bytes);
	}
	buf_clear(scratch);
	copy_letters(t, TEXT_TITLE, scratch);
	copy_letters(t, TEXT_TEXT, scratch);
	return buf_str(scratch);
}

struct hash128 content_hash(const struct text *t, struct buf *scratch, uint32_t *words)
{
	struct said title = measure(t, TEXT_TITLE), text = measure(t, TEXT_TEXT);
	*words = title.words + text.words;
	if (*words == 0) {
		return (struct hash128){0, 0};
	}
	struct str all = letters_of(t, title.bytes + text.bytes, scratch);
	if (all.n != title.bytes + text.bytes) {
		*words = 0; /* the scratch could not take them */
		return (struct hash128){0, 0};
	}
	/* Many sources make the title of the text's beginning, cut anywhere; then it says nothing. */
	struct str body = str_n(all.p + title.bytes, text.bytes);
	if (title.words > 0 && str_starts(body, str_n(all.p, title.bytes))) {
		all = body;
		*words = text.words;
	}
	struct hash128 hash = hash128(&all, 1);
	hash.hi ^= *words; /* "no table" is not "notable" */
	return hash;
}
