#include "rules/regex.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define DEPTH_LIMIT 1000
#define HEAP_LIMIT_KIB 4096
#define GROUPS_MAX 32
#define CODE_BYTES_MAX (256u * 1024)

struct regex {
	pcre2_code *code;
	struct {
		struct str name;
		uint32_t number;
	} groups[GROUPS_MAX];
	size_t groups_n;
};

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
};

/* The names in the order of their numbers. */
static void read_groups(struct regex *r)
{
	uint32_t n = 0, size = 0;
	PCRE2_SPTR table = NULL;
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < n && i < GROUPS_MAX; i++) {
		const unsigned char *e = table + (size_t)i * size;
		r->groups[i].number = (uint32_t)e[0] << 8 | e[1];
		r->groups[i].name = str_c((const char *)e + 2);
		r->groups_n++;
	}
}

static int check(const struct regex *r, struct hark_err *err)
{
	uint32_t empty = 0, groups = 0;
	size_t size = 0;
	pcre2_pattern_info(r->code, PCRE2_INFO_MATCHEMPTY, &empty);
	pcre2_pattern_info(r->code, PCRE2_INFO_SIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (empty != 0) {
		return hark_err_set(err, HARK_EPARSE,
			"the pattern matches nothing at all, so it "
			"would match everywhere");
	}
	if (size > CODE_BYTES_MAX) {
		return hark_err_set(err, HARK_EPARSE,
			"the pattern is too large once its counts are written out");
	}
	if (groups >= GROUPS_MAX) {
		return hark_err_set(err, HARK_EPARSE, "more than %d groups", GROUPS_MAX - 1);
	}
	return HARK_OK;
}

int regex_new(struct regex **out, struct str pattern, bool ignore_case, size_t *offset,
	struct hark_err *err)
{
	int code = 0;
	PCRE2_SIZE at = 0;
	*offset = 0;
	*out = NULL;
	if (pattern.n == 0 || pattern.n > REGEX_BYTES_MAX) {
		return hark_err_set(err, HARK_EPARSE,
			pattern.n == 0 ? "the pattern is empty"
				       : "the pattern is longer than 4 KiB");
	}
	struct regex *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the pattern");
	}
	r->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
		PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
			(ignore_case ? PCRE2_CASELESS : 0),
		&code, &at, NULL);
	int rc;
	if (r->code == NULL) {
		char text[200];
		pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof(text));
		*offset = at;
		rc = hark_err_set(err, HARK_EPARSE, "%s", text);
	} else {
		rc = check(r, err);
	}
	if (rc != HARK_OK) {
		regex_free(r);
		return rc;
	}
	/* Under MemoryDenyWriteExecute this fails and the interpreter serves. */
	(void)pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	read_groups(r);
	*out = r;
	return HARK_OK;
}

void regex_free(struct regex *r)
{
	if (r != NULL) {
		pcre2_code_free(r->code);
		free(r);
	}
}

struct str regex_group(const struct regex *r, size_t i)
{
	return i < r->groups_n ? r->groups[i].name : STR_NONE;
}

struct regex_scratch *regex_scratch_new(void)
{
	struct regex_scratch *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return NULL;
	}
	s->data = pcre2_match_data_create(GROUPS_MAX, NULL);
	s->context = pcre2_match_context_create(NULL);
	if (s->data == NULL || s->context == NULL) {
		regex_scratch_free(s);
		return NULL;
	}
	pcre2_set_match_limit(s->context, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(s->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
	return s;
}

void regex_scratch_free(struct regex_scratch *s)
{
	if (s != NULL) {
		pcre2_match_data_free(s->data);
		pcre2_match_context_free(s->context);
		free(s);
	}
}

int regex_find(const struct regex *r, struct regex_scratch *s, struct str subject, size_t from,
	size_t *start, size_t *end)
{
	if (subject.p == NULL || from > subject.n) {
		return HARK_ENOENT;
	}
	int rc = pcre2_match(
		r->code, (PCRE2_SPTR)subject.p, subject.n, from, 0, s->data, s->context);
	if (rc == PCRE2_ERROR_NOMATCH) {
		return HARK_ENOENT;
	}
	if (rc < 0) {
		return HARK_ELIMIT;
	}
	const PCRE2_SIZE *v = pcre2_get_ovector_pointer(s->data);
	*start = v[0] < v[1] ? v[0] : v[1]; /* \K in a lookahead can turn them round */
	*end = v[0] < v[1] ? v[1] : v[0];
	return HARK_OK;
}

struct str regex_captured(
	const struct regex *r, const struct regex_scratch *s, struct str subject, size_t i)
{
	uint32_t n = i < r->groups_n ? r->groups[i].number : GROUPS_MAX;
	const PCRE2_SIZE *v = pcre2_get_ovector_pointer(s->data);
	if (n >= GROUPS_MAX || v[2 * n] == PCRE2_UNSET || v[2 * n + 1] < v[2 * n] ||
		v[2 * n + 1] > subject.n) {
		return STR_NONE;
	}
	return str_n(subject.p + v[2 * n], v[2 * n + 1] - v[2 * n]);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Over a group or a class that begins at i; returns the place behind it. */
static size_t skip_group(struct str p, size_t i)
{
	unsigned depth = 0;
	for (; i < p.n; i++) {
		char c = p.p[i];
		if (c == '\\') {
			i++;
		} else if (c == '[') {
			while (++i < p.n && p.p[i] != ']') {
				i += p.p[i] == '\\';
			}
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && --depth == 0) {
			return i + 1;
		}
		if (depth == 0) {
			return i + 1;
		}
	}
	return p.n;
}

static bool is_border(struct str p, size_t i)
{
	return i + 1 < p.n && p.p[i] == '\\' && p.p[i + 1] == 'b';
}

/* \bword\b at i: the length of the word, or 0. */
static size_t bordered_word(struct str p, size_t i)
{
	if (!is_border(p, i)) {
		return 0;
	}
	size_t from = i + 2, to = from;
	while (to < p.n && is_plain(p.p[to])) {
		to++;
	}
	return to > from && is_border(p, to) ? to - from : 0;
}

/* Something in the pattern changes what its plain letters mean or need. */
static bool has_surprises(struct str p)
{
	for (size_t i = 0; i < p.n; i++) {
		if (p.p[i] == '\\' && i + 1 < p.n) {
			if (p.p[i + 1] == 'Q' || p.p[i + 1] == 'K') {
				return true;
			}
			i++;
		} else if (p.p[i] == '(' && i + 1 < p.n &&
			   (p.p[i + 1] == '*' || p.p[i + 1] == '?')) {
			char c = i + 2 < p.n ? p.p[i + 2] : '\0';
			if (p.p[i + 1] == '*' || (c != ':' && c != '<' && c != 'P' && c != '\'' &&
							 c != '=' && c != '!')) {
				return true; /* verbs, inline options, conditions, comments */
			}
		}
	}
	return false;
}

struct str regex_anchor(struct str p)
{
	struct str best = STR_NONE;
	if (has_surprises(p)) {
		return best;
	}
	for (size_t i = 0; i < p.n;) {
		size_t word = bordered_word(p, i);
		if (word > 0) {
			best = word > best.n ? str_n(p.p + i + 2, word) : best;
			i += 2 + word; /* its closing border may open the next */
		} else if (p.p[i] == '|') {
			return STR_NONE;
		} else if (p.p[i] == '(' || p.p[i] == '[') {
			i = skip_group(p, i);
		} else {
			i += p.p[i] == '\\' ? 2 : 1;
		}
	}
	return best;
}
