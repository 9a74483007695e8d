/* Words, over an array of characters. */
#include "tests/oracle/ref.h"

void *ref_grow(struct arena *arena, void *v, size_t n, size_t *cap, size_t size)
{
	return arena_grow(arena, v, n, cap, size);
}

struct scan {
	struct ref_text *t;
	struct ref_chars c;
	size_t end; /* characters looked at */
	enum text_field field;
	bool hard;
	size_t glued; /* the character behind the last word, tag or handle; SIZE_MAX: none */
};

static struct ref_char *at(const struct scan *s, size_t i)
{
	static struct ref_char nothing = {.cp = ' ', .kind = REF_OTHER};
	return i < s->end ? &s->c.v[i] : &nothing;
}

static void add(struct scan *s, enum token_kind kind, uint32_t start, uint32_t end, struct str fold,
	bool capital)
{
	struct ref_text *t = s->t;
	t->v = ref_grow(t->arena, t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n++] = (struct ref_token){.kind = kind,
		.field = s->field,
		.start = start,
		.end = end,
		.folded = fold,
		.capital = capital,
		.after_break = s->hard};
	s->hard = false;
}

/* Characters i to j, ASCII letters small, everything else as written. */
static struct str ascii_small(struct scan *s, size_t i, size_t j)
{
	char *out = arena_alloc(s->t->arena, 4 * (j - i) + 1);
	size_t n = 0;
	for (; i < j; i++) {
		const struct ref_char *c = at(s, i);
		if (c->cp == 0xfffd && c->end - c->start == 1) {
			/* A bad byte never stands in a handle or URL. */
			continue;
		}
		n += ref_encode(c->cp >= 'A' && c->cp <= 'Z' ? c->cp + 32 : c->cp, out + n);
	}
	return str_n(out, n);
}

/* One word from i on: returns the character behind it. */
static size_t word(struct scan *s, size_t i)
{
	size_t from = i, last_apostrophe = SIZE_MAX;
	char *out = arena_alloc(s->t->arena, 64 * (s->end - i) + 1);
	size_t n = 0;
	enum ref_class before = REF_OTHER;
	uint32_t cyrillic = 0; /* what was folded last, if a mark may join it */
	for (; i < s->end; i++) {
		struct ref_char *c = at(s, i), *next = at(s, i + 1);
		if (c->kind == REF_IGNORED) {
			uint32_t both = cyrillic != 0 ? ref_compose(cyrillic, c->cp) : 0;
			if (both != 0) {
				char text[4];
				struct arena *a = s->t->arena;
				struct ref_chars again =
					ref_decode(str_n(text, ref_encode(both, text)), a);
				n -= 2;
				memcpy(out + n, again.v[0].fold, again.v[0].fold_n);
				n += again.v[0].fold_n;
				cyrillic = 0;
			}
			continue;
		}
		bool joins = c->kind == REF_APOSTROPHE
				     ? next->kind == REF_LETTER || next->kind == REF_DIGIT
			     : c->kind == REF_DOT ? before == REF_DIGIT && next->kind == REF_DIGIT
			     : c->kind == REF_MIDDOT
				     ? before == REF_LETTER && next->kind == REF_LETTER
				     : ref_is_word(c->kind);
		if (!joins) {
			break;
		}
		if (c->kind == REF_APOSTROPHE) {
			last_apostrophe = i;
			out[n++] = '\'';
		} else {
			memcpy(out + n, c->fold, c->fold_n);
			n += c->fold_n;
		}
		uint32_t folded = c->fold_n == 2 ? ((uint32_t)(c->fold[0] & 0x1f) << 6 |
							   (uint32_t)(c->fold[1] & 0x3f))
						 : 0;
		cyrillic = folded >= 0x400 && folded <= 0x4ff ? folded : 0;
		before = c->kind;
	}
	s->glued = i;
	size_t to = i;
	if (n >= 3 && out[n - 1] == 's' && out[n - 2] == '\'') {
		n -= 2;
		to = last_apostrophe;
	}
	if (n > 0) {
		add(s, TOKEN_WORD, at(s, from)->start, at(s, to - 1)->end, str_n(out, n),
			at(s, from)->upper);
	}
	return i > from ? i : from + 1;
}

/* A character that is a word, with the voicing marks behind it. */
static size_t alone(struct scan *s, size_t i)
{
	struct ref_char *c = at(s, i);
	struct arena *a = s->t->arena;
	size_t next = i + 1;
	struct str fold = str_n(c->fold, c->fold_n);
	struct ref_chars base = ref_decode(fold, a);
	while (at(s, next)->kind == REF_IGNORED && base.n > 0) {
		uint32_t both = ref_compose(base.v[0].cp, at(s, next)->cp);
		if (both == 0) {
			break;
		}
		char *text = arena_alloc(a, 5);
		fold = str_n(text, ref_encode(both, text));
		base = ref_decode(fold, a);
		next++;
	}
	add(s, TOKEN_CJK, c->start, at(s, next - 1)->end, fold, false);
	s->glued = i + 1;
	return next;
}

static bool is_plain(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9');
}

/* Letters, digits, _, and . or - between them. */
static size_t name(struct scan *s, size_t i)
{
	while (is_plain(at(s, i)->cp) || at(s, i)->cp == '_' ||
		((at(s, i)->cp == '.' || at(s, i)->cp == '-') && is_plain(at(s, i + 1)->cp))) {
		i++;
	}
	return i;
}

static size_t handle(struct scan *s, size_t i)
{
	size_t to = i + 1;
	if (is_plain(at(s, to)->cp) || at(s, to)->cp == '_') {
		to = name(s, to);
	}
	if (to > i + 1 && at(s, to)->cp == '@' && is_plain(at(s, to + 1)->cp)) {
		to = name(s, to + 1);
	}
	if (to == i + 1 || s->glued == i) {
		return i + 1;
	}
	add(s, TOKEN_HANDLE, at(s, i)->start, at(s, to - 1)->end, ascii_small(s, i + 1, to), false);
	s->glued = to;
	return to;
}

static size_t cashtag(struct scan *s, size_t i)
{
	size_t to = i + 1;
	while (to - i <= 6 && is_plain(at(s, to)->cp) && at(s, to)->cp > '9') {
		to++;
	}
	if (to == i + 1 || s->glued == i || ref_is_word(at(s, to)->kind)) {
		return i + 1;
	}
	add(s, TOKEN_CASHTAG, at(s, i)->start, at(s, to - 1)->end, ascii_small(s, i + 1, to),
		false);
	return to;
}

static bool follows(const struct scan *s, size_t i, const char *what)
{
	for (; *what != '\0'; what++, i++) {
		uint32_t cp = at(s, i)->cp;
		if ((cp >= 'A' && cp <= 'Z' ? cp + 32 : cp) != (uint32_t)*what) {
			return false;
		}
	}
	return true;
}

static bool url_begins(const struct scan *s, size_t i)
{
	static const char *const schemes[] = {"http://", "https://", "ftp://"};
	for (size_t k = 0; k < 3; k++) {
		uint32_t next = at(s, i + strlen(schemes[k]))->cp;
		if (follows(s, i, schemes[k])) {
			return is_plain(next) || next >= 0x80 || next == '[';
		}
	}
	return follows(s, i, "www.") && is_plain(at(s, i + 4)->cp);
}

static bool in_url(const struct ref_char *c)
{
	if (c->cp < 0x80) {
		return c->cp > ' ' && c->cp < 0x7f && strchr("<>\"{}|\\^`", (int)c->cp) == NULL;
	}
	return ref_is_word(c->kind) || c->kind == REF_IGNORED;
}

/* Of the characters from i to j, those of `open` minus those of `close`. */
static long balance(const struct scan *s, size_t i, size_t j, uint32_t open, uint32_t close)
{
	long depth = 0;
	for (; i < j; i++) {
		depth += (at(s, i)->cp == open) - (at(s, i)->cp == close);
	}
	return depth;
}

static size_t url(struct scan *s, size_t i)
{
	size_t to = i;
	while (to < s->end && in_url(at(s, to))) {
		to++;
	}
	for (; to > i; to--) {
		uint32_t cp = at(s, to - 1)->cp;
		bool extra = (cp == ')' && balance(s, i, to, '(', ')') < 0) ||
			     (cp == ']' && balance(s, i, to, '[', ']') < 0) ||
			     (cp < 0x80 && strchr(".,;:!?'*_~", (int)cp) != NULL);
		if (!extra) {
			break;
		}
	}
	add(s, TOKEN_URL, at(s, i)->start, at(s, to - 1)->end, ascii_small(s, i, to), false);
	return to;
}

static size_t emoji(struct scan *s, size_t i)
{
	char *out = arena_alloc(s->t->arena, 4 * (s->end - i) + 4);
	size_t to = i + 1, n = ref_encode(at(s, i)->cp, out);
	if (at(s, i)->kind == REF_FLAG && at(s, to)->kind == REF_FLAG) {
		n += ref_encode(at(s, to)->cp, out + n);
		to++;
	}
	while (at(s, i)->kind == REF_EMOJI) {
		uint32_t cp = at(s, to)->cp;
		if (cp == 0xfe0f || (cp >= 0x1f3fb && cp <= 0x1f3ff)) {
			to++;
		} else if (cp == 0x200d && at(s, to + 1)->kind == REF_EMOJI) {
			n += ref_encode(cp, out + n);
			n += ref_encode(at(s, to + 1)->cp, out + n);
			to += 2;
		} else if (cp >= 0xe0020 && cp <= 0xe007f) {
			n += ref_encode(cp, out + n);
			to++;
		} else {
			break;
		}
	}
	add(s, TOKEN_EMOJI, at(s, i)->start, at(s, to - 1)->end, str_n(out, n), false);
	return to;
}

/* ---- tags ---- */

/* Folded as in a word: marks that make another letter of the one before are kept. */
static struct str fold_all(struct scan *s, size_t i, size_t j)
{
	struct arena *a = s->t->arena;
	char *out = arena_alloc(a, 64 * (j - i) + 1), bytes[4];
	size_t n = 0, last_n = 0;
	for (; i < j; i++) {
		struct ref_char *c = at(s, i), both;
		if (c->kind == REF_IGNORED) {
			struct ref_chars last = ref_decode(str_n(out + n - last_n, last_n), a);
			bool may = last.n == 1 &&
				   (last.v[0].kind == REF_ALONE ||
					   (last.v[0].cp >= 0x400 && last.v[0].cp <= 0x4ff));
			uint32_t cp = may ? ref_compose(last.v[0].cp, c->cp) : 0;
			if (cp == 0) {
				continue;
			}
			both = ref_decode(str_n(bytes, ref_encode(cp, bytes)), a).v[0];
			n -= last_n;
			c = &both;
		}
		memcpy(out + n, c->fold, c->fold_n);
		n += last_n = c->fold_n;
	}
	return str_n(out, n);
}

/* A word begins at i, whose forerunner in the word is `before`. */
static bool is_hump(struct scan *s, const struct ref_char *before, size_t i, size_t end)
{
	const struct ref_char *c = at(s, i);
	if (c->kind == REF_IGNORED) {
		return false;
	}
	if (c->cp == '_' || before->cp == '_') {
		return true;
	}
	if ((before->kind == REF_DIGIT) != (c->kind == REF_DIGIT) && c->kind != REF_MARK) {
		return true;
	}
	size_t next = i + 1;
	while (next < end && at(s, next)->kind == REF_IGNORED) {
		next++;
	}
	bool small_follows = next < end && at(s, next)->kind == REF_LETTER && !at(s, next)->upper &&
			     at(s, next)->cp != '_';
	return c->upper && (!before->upper || small_follows);
}

static void tag_words(struct scan *s, size_t i, size_t end)
{
	size_t whole = s->end;
	while (i < end) {
		size_t to = i + 1;
		const struct ref_char *before = at(s, i);
		while (to < end && !is_hump(s, before, to, end)) {
			before = at(s, to)->kind == REF_IGNORED ? before : at(s, to);
			to++;
		}
		s->end = to;
		while (i < to) {
			i = at(s, i)->cp == '_'           ? i + 1
			    : at(s, i)->kind == REF_ALONE ? alone(s, i)
							  : word(s, i);
		}
		s->end = whole;
	}
}

static void add_tag(struct scan *s, size_t from, size_t i, size_t to)
{
	struct ref_text *t = s->t;
	t->tags = ref_grow(t->arena, t->tags, t->tags_n, &t->tags_cap, sizeof(*t->tags));
	struct ref_token *tag = &t->tags[t->tags_n++];
	*tag = (struct ref_token){.kind = TOKEN_TAG,
		.field = s->field,
		.start = at(s, from)->start,
		.end = at(s, to - 1)->end,
		.folded = fold_all(s, i, to),
		.from = (uint32_t)t->n};
	tag_words(s, i, to);
	tag->to = (uint32_t)t->n;
}

static size_t tag(struct scan *s, size_t i)
{
	size_t to = i + 1;
	bool letters = false;
	while (ref_is_word(at(s, to)->kind) || at(s, to)->kind == REF_ALONE ||
		at(s, to)->kind == REF_IGNORED) {
		letters |= at(s, to)->kind == REF_LETTER || at(s, to)->kind == REF_ALONE;
		to++;
	}
	if (!letters || s->glued == i) {
		return i + 1;
	}
	add_tag(s, i, i + 1, to);
	s->glued = to;
	return to;
}

/* ---- texts ---- */

static size_t step(struct scan *s, size_t i)
{
	const struct ref_char *c = at(s, i);
	if (c->cp == '#' || c->cp == 0xff03) {
		return tag(s, i);
	}
	if (c->cp == '@') {
		return handle(s, i);
	}
	if (c->cp == '$') {
		return cashtag(s, i);
	}
	switch (c->kind) {
	case REF_HARD:
		s->hard = true;
		return i + 1;
	case REF_ALONE:
		return alone(s, i);
	case REF_EMOJI:
	case REF_FLAG:
		return emoji(s, i);
	case REF_LETTER:
	case REF_DIGIT:
	case REF_MARK:
		return s->glued != i && url_begins(s, i) ? url(s, i) : word(s, i);
	default:
		return i + 1;
	}
}

static struct scan open_scan(struct ref_text *t, enum text_field field, struct str text)
{
	struct scan s = {.t = t, .field = field, .hard = true, .glued = SIZE_MAX};
	s.c = ref_decode(text, t->arena);
	s.end = s.c.n;
	return s;
}

void ref_add_text(struct ref_text *t, enum text_field field, struct str text)
{
	t->fields[field].start = t->fields[field].end = (uint32_t)t->n;
	if (text.p == NULL) {
		return;
	}
	t->fields[field].source = text;
	struct scan s = open_scan(t, field, text);
	for (size_t i = 0; i < s.end;) {
		i = step(&s, i);
	}
	t->fields[field].end = (uint32_t)t->n;
}

static struct str without(struct str s, char sign)
{
	s = str_trim(s);
	return s.n > 0 && s.p[0] == sign ? str_n(s.p + 1, s.n - 1) : s;
}

struct str ref_fold_handle(struct str text, struct arena *arena)
{
	text = without(text, '@');
	char *out = arena_alloc(arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		out[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return str_n(out, text.n);
}

struct str ref_fold_tag(struct str text, struct arena *arena)
{
	struct ref_text t = {.arena = arena};
	text = without(text, '#');
	struct scan s = open_scan(&t, TEXT_TAGS, text);
	return fold_all(&s, 0, s.end);
}

static void add_whole(struct ref_text *t, enum text_field field, enum token_kind kind, struct str s,
	uint32_t bytes)
{
	struct scan scan = open_scan(t, field, STR(""));
	if (s.n > 0) {
		add(&scan, kind, 0, bytes, s, false);
	}
}

static void read_author(struct ref_text *t, const struct author *a)
{
	struct str known = a->handle.n > 0 ? a->handle : STR_NONE;
	t->fields[TEXT_HANDLE].start = (uint32_t)t->n;
	/* Without a handle: the last part of the profile's path, if it begins with @. */
	for (size_t i = a->profile_url.n; known.p == NULL && i > 0; i--) {
		struct str part = str_n(a->profile_url.p + i, a->profile_url.n - i);
		if (a->profile_url.p[i - 1] == '/' && part.n > 0 && part.p[0] != '/') {
			part.n = part.p[part.n - 1] == '/' ? part.n - 1 : part.n;
			known = part.n > 1 && part.p[0] == '@' ? part : STR("");
		}
	}
	struct str handle = ref_fold_handle(known, t->arena);
	add_whole(t, TEXT_HANDLE, TOKEN_HANDLE, handle, (uint32_t)handle.n);
	if (a->profile_url.n > 0) {
		struct str address = ref_address(a->profile_url, t->arena);
		add_whole(t, TEXT_HANDLE, TOKEN_URL, address, (uint32_t)address.n);
	}
	t->fields[TEXT_HANDLE].end = (uint32_t)t->n;
	ref_add_text(t, TEXT_NAME, a->display_name);
	ref_add_text(t, TEXT_BIO, a->bio);
}

void ref_read_post(struct ref_text *t, const struct post *p, struct arena *arena)
{
	*t = (struct ref_text){.arena = arena};
	ref_add_text(t, TEXT_TITLE, p->title);
	ref_add_text(t, TEXT_TEXT, p->text);
	ref_add_text(t, TEXT_QUOTED, p->quoted);
	read_author(t, &p->author);
	t->fields[TEXT_MENTIONS].start = (uint32_t)t->n;
	for (size_t i = 0; i < p->mentions.n; i++) {
		struct str h = ref_fold_handle(p->mentions.v[i], arena);
		add_whole(t, TEXT_MENTIONS, TOKEN_HANDLE, h, (uint32_t)h.n);
	}
	t->fields[TEXT_MENTIONS].end = t->fields[TEXT_TAGS].start = (uint32_t)t->n;
	for (size_t i = 0; i < p->tags.n; i++) {
		struct str text = without(p->tags.v[i], '#');
		struct scan s = open_scan(t, TEXT_TAGS, text);
		if (s.end > 0) {
			add_tag(&s, 0, 0, s.end);
		}
	}
	t->fields[TEXT_TAGS].end = (uint32_t)t->n;
}
