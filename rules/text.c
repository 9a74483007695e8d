#include "rules/text.h"

#include "rules/scan.h"

#include <stdlib.h>

void text_init(struct text *t)
{
	*t = (struct text){0};
}

void text_release(struct text *t)
{
	free(t->v);
	free(t->hash);
	free(t->tags);
	free(t->folded);
	*t = (struct text){0};
}

void text_reset(struct text *t)
{
	t->n = t->tags_n = t->folded_n = 0;
	t->question = t->opaque = t->hangul = false;
	t->rc = HARK_OK;
	memset(t->fields, 0, sizeof(t->fields));
}

uint64_t token_hash(enum token_kind kind, struct str folded)
{
	/* A CJK token is a word like any other. */
	return token_hash_bytes(kind == TOKEN_CJK ? TOKEN_WORD : kind, folded);
}

struct str text_token(const struct text *t, const struct token *token)
{
	return str_n(t->folded + token->fold, token->fold_n);
}

bool text_grow(struct text *t, void **array, size_t size, size_t want)
{
	void *moved = realloc(*array, want * size);
	if (moved == NULL) {
		t->rc = HARK_ENOMEM;
		t->starved = true;
		return false;
	}
	*array = moved;
	return true;
}

bool text_grow_folded(struct text *t, size_t n)
{
	size_t want = t->folded_cap < 256 ? 512 : t->folded_cap * 2;
	want = want - t->folded_n < n ? t->folded_n + n : want;
	if (!text_grow(t, (void **)&t->folded, 1, want)) {
		return false;
	}
	t->folded_cap = want;
	return true;
}

bool text_grow_tokens(struct text *t)
{
	size_t want = t->cap < 64 ? 128 : t->cap * 2;
	if (!text_grow(t, (void **)&t->v, sizeof(*t->v), want) ||
		!text_grow(t, (void **)&t->hash, sizeof(*t->hash), want)) {
		return false;
	}
	t->cap = want;
	return true;
}

void text_open(struct text *t, enum text_field field)
{
	t->fields[field].start = t->fields[field].end = (uint32_t)t->n;
	t->open = field;
}

void text_close(struct text *t, enum text_field field)
{
	t->fields[field].end = (uint32_t)t->n;
}

void text_add(struct text *t, enum text_field field, struct str source)
{
	text_open(t, field);
	if (source.p != NULL) {
		source = str_cut_utf8(source, TEXT_MAX);
		t->fields[field].source = source;
		struct pass s = {.t = t,
			.begin = source.p,
			.end = source.p + source.n,
			.field = field,
			.hard = true};
		scan_field(&s);
	}
	text_close(t, field);
}

/* One token that was not found by scanning. */
static void add_token(struct text *t, enum token_kind kind, struct str s)
{
	if (s.n == 0) {
		return;
	}
	struct pass pass = {.t = t, .begin = s.p, .end = s.p + s.n, .field = t->open, .hard = true};
	size_t fold = t->folded_n;
	fold_ascii(t, pass.begin, pass.end);
	push(&pass, kind, pass.begin, pass.end, fold, 0);
}

void text_add_handle(struct text *t, struct str handle)
{
	handle = str_trim(handle);
	if (handle.n > 0 && handle.p[0] == '@') {
		handle = str_n(handle.p + 1, handle.n - 1);
	}
	add_token(t, TOKEN_HANDLE, handle);
}

void text_add_address(struct text *t, struct str url)
{
	add_token(t, TOKEN_URL, url);
}

void text_add_tag(struct text *t, struct str tag)
{
	tag = str_trim(tag);
	if (tag.n > 0 && tag.p[0] == '#') {
		tag = str_n(tag.p + 1, tag.n - 1);
	}
	if (tag.n == 0) {
		return;
	}
	struct pass s = {
		.t = t, .begin = tag.p, .end = tag.p + tag.n, .field = t->open, .hard = true};
	push_tag(&s, s.begin, s.begin, s.end);
}
