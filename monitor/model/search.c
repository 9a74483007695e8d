#include "monitor/model/search.h"

#include "monitor/base/fold.h"

#include <stdlib.h>

#define TEXT_MAX ((size_t)64 << 20)
#define SHOWN_MAX 40 /* bytes of a word in a sentence */

/* ---- what is typed ---- */

/* The next piece: a word, or what is between quotes. False: there is none. */
static bool next_piece(
	struct str *rest, struct str *piece, bool *quoted, bool *excluded, bool *open)
{
	struct str s = str_trim(*rest);
	*excluded = s.n > 1 && s.p[0] == '-' && s.p[1] != ' ';
	if (*excluded) {
		s = str_n(s.p + 1, s.n - 1);
	}
	*quoted = s.n > 0 && s.p[0] == '"';
	if (*quoted) {
		s = str_n(s.p + 1, s.n - 1);
		size_t end = str_find(s, STR("\""));
		*open = end == SIZE_MAX;
		*piece = *open ? s : str_n(s.p, end);
		size_t used = *open ? s.n : end + 1;
		*rest = str_n(s.p + used, s.n - used);
		return true;
	}
	size_t n = 0;
	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t' && s.p[n] != '\n' && s.p[n] != '\r' &&
		s.p[n] != '"') {
		n++;
	}
	*piece = str_n(s.p, n);
	*rest = str_n(s.p + n, s.n - n);
	return n > 0;
}

static size_t count_words(struct str folded)
{
	size_t n = 0;
	for (size_t i = 0; i < folded.n; i++) {
		n += folded.p[i] == ' ';
	}
	return n;
}

/* Bytes of the last of the words. */
static size_t last_word(struct str folded)
{
	size_t n = 1;
	while (n < folded.n && folded.p[folded.n - n - 1] != ' ') {
		n++;
	}
	return n - 1;
}

/* What has no letter or digit in it is nothing that could be found, and is passed over. */
static int add_piece(struct search *out, struct str piece, bool quoted, bool excluded,
	struct arena *arena, struct hark_err *err)
{
	struct buf folded;
	bool starts = !quoted && piece.n > 1 && piece.p[piece.n - 1] == '*';
	struct str shown = str_cut_utf8(piece, SHOWN_MAX);
	buf_init(&folded, fold_room(SEARCH_BYTES_MAX) + 1);
	int rc = fold_words(&folded, piece);
	struct str words = buf_str(&folded);
	if (rc == HARK_OK && words.n > 0 && out->n == SEARCH_WORDS_MAX) {
		rc = hark_err_set(err, HARK_EINVAL,
			"a search has at most %d words, and '%.*s' is one more", SEARCH_WORDS_MAX,
			STR_FMT(shown));
	} else if (rc == HARK_OK && starts && words.n > 0 && last_word(words) < SEARCH_START_MIN) {
		rc = hark_err_set(err, HARK_EINVAL,
			"'%.*s' is the beginning of too many words: write %d letters before the *",
			STR_FMT(shown), SEARCH_START_MIN);
	} else if (rc == HARK_OK && words.n > 0) {
		struct search_word *w = &out->v[out->n++];
		*w = (struct search_word){.words = arena_str(arena, words),
			.n = count_words(words),
			.starts = starts,
			.excluded = excluded};
		rc = w->words.p != NULL ? HARK_OK : HARK_ENOMEM;
	}
	buf_release(&folded);
	return rc == HARK_ENOMEM ? hark_err_set(err, rc, "no memory for a search") : rc;
}

int search_parse(struct search *out, struct str text, struct arena *arena, struct hark_err *err)
{
	struct str rest = text.p != NULL ? text : STR(""), piece;
	bool quoted, excluded, open = false;
	size_t wanted = 0;
	out->n = 0;
	if (text.n > SEARCH_BYTES_MAX) {
		return hark_err_set(err, HARK_EINVAL, "a search has at most %d bytes, this one %zu",
			SEARCH_BYTES_MAX, text.n);
	}
	while (next_piece(&rest, &piece, &quoted, &excluded, &open)) {
		if (open) {
			return hark_err_set(err, HARK_EINVAL,
				"the quote before '%.*s' is never closed: write another \" behind the "
				"last word",
				STR_FMT(str_cut_utf8(piece, SHOWN_MAX)));
		}
		int rc = add_piece(out, piece, quoted, excluded, arena, err);
		if (rc != HARK_OK) {
			return rc;
		}
	}
	for (size_t i = 0; i < out->n; i++) {
		wanted += !out->v[i].excluded;
	}
	if (wanted > 0) {
		return HARK_OK;
	}
	return out->n > 0 ? hark_err_set(err, HARK_EINVAL,
				    "a search needs a word to find beside those it excludes")
			  : hark_err_set(err, HARK_EINVAL,
				    "a search needs a word: letters or digits to look for");
}

/* ---- where a text says it ---- */

void search_text_init(struct search_text *t)
{
	*t = (struct search_text){0};
	buf_init(&t->words, TEXT_MAX);
}

void search_text_release(struct search_text *t)
{
	buf_release(&t->words);
	free(t->v);
	*t = (struct search_text){0};
}

static struct search_place *new_place(struct search_text *t, size_t at, size_t start)
{
	if (t->n == t->cap) {
		size_t cap = t->cap > 0 ? 2 * t->cap : 256;
		struct search_place *v = realloc(t->v, cap * sizeof(*v));
		if (v == NULL) {
			return NULL;
		}
		t->v = v;
		t->cap = cap;
	}
	t->v[t->n] = (struct search_place){.at = (uint32_t)at, .start = (uint32_t)start};
	return &t->v[t->n++];
}

int search_text_read(struct search_text *t, struct str text)
{
	t->n = 0;
	buf_clear(&t->words);
	char *room = buf_room(&t->words, fold_room(text.n));
	if (room == NULL) {
		return t->words.rc;
	}
	struct folded w = {room, room};
	struct search_place *open = NULL;
	for (size_t i = 0; i < text.n;) {
		char *before = w.p;
		size_t n = fold_character(&w, str_n(text.p + i, text.n - i));
		if (w.p > before && *before == ' ') { /* the word before is over */
			open = NULL;
			before++;
		}
		if (w.p > before) {
			if (open == NULL &&
				(open = new_place(t, (size_t)(before - room), i)) == NULL) {
				return HARK_ENOMEM;
			}
			bool whole = w.p[-1] == ' ';
			open->end = (uint32_t)(i + n);
			open->n = (uint32_t)((size_t)(w.p - room) - open->at - whole);
			open = whole ? NULL : open;
		}
		i += n;
	}
	buf_grew(&t->words, (size_t)(w.p - room));
	return HARK_OK;
}

/* Whether the word is said from the i-th word of the text on. */
static bool is_at(const struct search_text *t, const struct search_word *word, size_t i)
{
	struct str rest = word->words, one;
	const struct str all = buf_str(&t->words);
	if (word->n > t->n - i) {
		return false;
	}
	for (size_t k = 0; k < word->n; k++) {
		const struct search_place *p = &t->v[i + k];
		const struct str said = str_n(all.p + p->at, p->n);
		str_split(&rest, ' ', &one);
		bool starts = word->starts && k == word->n - 1;
		if (starts ? !str_starts(said, one) : !str_eq(said, one)) {
			return false;
		}
	}
	return true;
}

bool search_text_has(const struct search_text *t, const struct search_word *word)
{
	for (size_t i = 0; i < t->n; i++) {
		if (is_at(t, word, i)) {
			return true;
		}
	}
	return false;
}

/* How many words of the text are a found one that begins at the i-th; 0: none is. */
static size_t found_at(const struct search_text *t, const struct search *s, size_t i)
{
	size_t longest = 0;
	for (size_t k = 0; k < s->n; k++) {
		if (!s->v[k].excluded && s->v[k].n > longest && is_at(t, &s->v[k], i)) {
			longest = s->v[k].n;
		}
	}
	return longest;
}

size_t search_text_spans(const struct search_text *t, const struct search *s,
	struct excerpt_span out[EXCERPT_SPANS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < t->n && n < EXCERPT_SPANS_MAX; i++) {
		size_t words = found_at(t, s, i);
		if (words == 0) {
			continue;
		}
		const struct excerpt_span span = {t->v[i].start, t->v[i + words - 1].end};
		if (n > 0 && span.start <= out[n - 1].end) {
			out[n - 1].end = span.end > out[n - 1].end ? span.end : out[n - 1].end;
		} else {
			out[n++] = span;
		}
	}
	return n;
}
