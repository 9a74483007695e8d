/* Tokens that are no words: URLs, handles, cashtags, emoji. */
#include "rules/scan.h"

/* One emoji with what modifies it; skin tones and variation selectors are not kept. */
const char *scan_emoji(struct pass *s, const char *p, enum char_class kind)
{
	const char *from = p;
	size_t fold = s->t->folded_n;
	uint32_t cp;
	size_t n = decode(s, p, &cp);
	fold_add(s->t, p, n);
	p += n;
	n = decode(s, p, &cp);
	if (kind == CHAR_FLAG && n > 0 && fold_class(cp) == CHAR_FLAG) {
		fold_add(s->t, p, n);
		p += n;
	}
	while (kind == CHAR_EMOJI && (n = decode(s, p, &cp)) > 0) {
		bool tone = cp == 0xfe0f || (cp >= 0x1f3fb && cp <= 0x1f3ff);
		bool joined = cp == 0x200d && class_at(s, p + n) == CHAR_EMOJI;
		if (joined) {
			uint32_t next;
			n += decode(s, p + n, &next);
		} else if (!tone && !(cp >= 0xe0020 && cp <= 0xe007f)) {
			break;
		}
		if (!tone) {
			fold_add(s->t, p, n);
		}
		p += n;
	}
	push(s, TOKEN_EMOJI, from, p, fold, 0);
	return p;
}

/* End of a run of name characters in which . and - stand only between others. */
static const char *name_end(const char *p, const char *end)
{
	while (p < end && (is_alnum(*p) || *p == '_' ||
				  ((*p == '.' || *p == '-') && p + 1 < end && is_alnum(p[1])))) {
		p++;
	}
	return p;
}

/* End of "name" or "name@host", or `p` if there is no name. */
static const char *handle_end(const char *p, const char *end)
{
	const char *q = p < end && (is_alnum(*p) || *p == '_') ? name_end(p, end) : p;
	if (q > p && q + 1 < end && *q == '@' && is_alnum(q[1])) {
		q = name_end(q + 1, end);
	}
	return q;
}

void fold_ascii(struct text *t, const char *p, const char *end)
{
	if (!room_for_folded(t, (size_t)(end - p))) {
		return;
	}
	char *out = t->folded + t->folded_n;
	for (size_t i = 0; i < (size_t)(end - p); i++) { /* without a branch: many at a time */
		char c = p[i];
		out[i] = (char)(c + (c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0));
	}
	t->folded_n += (size_t)(end - p);
}

const char *scan_handle(struct pass *s, const char *p)
{
	const char *to = handle_end(p + 1, s->end);
	if (s->word_at == p || to == p + 1) {
		return p + 1; /* inside an e-mail address, or alone */
	}
	size_t fold = s->t->folded_n;
	fold_ascii(s->t, p + 1, to);
	push(s, TOKEN_HANDLE, p, to, fold, TOKEN_OPAQUE);
	s->t->opaque = true;
	s->word_at = to;
	return to;
}

const char *scan_cashtag(struct pass *s, const char *p)
{
	const char *to = p + 1;
	while (to < s->end && to - p <= 6 && is_alnum(*to) && (*to < '0' || *to > '9')) {
		to++;
	}
	if (s->word_at == p || to == p + 1 || is_word_class(class_at(s, to))) {
		return p + 1;
	}
	size_t fold = s->t->folded_n;
	fold_ascii(s->t, p + 1, to);
	push(s, TOKEN_CASHTAG, p, to, fold, TOKEN_OPAQUE);
	s->t->opaque = true;
	return to;
}

static inline bool is_url_char(const struct pass *s, const char *p)
{
	unsigned char c = (unsigned char)*p;
	if (c < 0x80) {
		/* All that can be seen but < > " { } | \ ^ and the grave accent. */
		static const uint64_t set[2] = {0xaffffffa00000000u, 0x47fffffeafffffffu};
		return (set[c >> 6] >> (c & 63) & 1) != 0;
	}
	enum char_class kind = class_at(s, p);
	return kind == CHAR_LETTER || kind == CHAR_MARK || kind == CHAR_DIGIT || kind == CHAR_DROP;
}

/* Punctuation behind a URL belongs to the sentence; a closing bracket only if none is open. */
static const char *trim_url(const char *from, const char *to)
{
	while (to > from) {
		char c = to[-1];
		if (c == ')' || c == ']') {
			int depth = 0;
			for (const char *p = from; p < to; p++) {
				depth += (*p == (c == ')' ? '(' : '[')) - (*p == c);
			}
			if (depth >= 0) {
				break;
			}
		} else if (strchr(".,;:!?'*_~", c) == NULL) {
			break;
		}
		to--;
	}
	return to;
}

bool url_starts(const struct pass *s, const char *p)
{
	struct str rest = str_n(p, (size_t)(s->end - p));
	char second = rest.n > 1 ? (char)(p[1] | 0x20) : '\0';
	if (second != 't' && second != 'w') {
		return false;
	}
	static const char *const schemes[] = {"https://", "http://", "ftp://"};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t n = strlen(schemes[i]);
		if (str_starts_nocase(rest, str_c(schemes[i]))) {
			return rest.n > n &&
			       (is_alnum(p[n]) || (unsigned char)p[n] >= 0x80 || p[n] == '[');
		}
	}
	return str_starts_nocase(rest, STR("www.")) && rest.n > 4 && is_alnum(p[4]);
}

const char *scan_url(struct pass *s, const char *p)
{
	const char *to = p;
	while (to < s->end && is_url_char(s, to)) {
		uint32_t cp;
		to += (unsigned char)*to < 0x80 ? 1 : decode(s, to, &cp);
	}
	to = trim_url(p, to);
	size_t fold = s->t->folded_n;
	fold_ascii(s->t, p, to);
	push(s, TOKEN_URL, p, to, fold, TOKEN_OPAQUE);
	s->t->opaque = true;
	return to;
}
