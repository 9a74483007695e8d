#include "monitor/base/cell.h"

#include "monitor/base/utf8.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

bool cell_is_called(struct str header, const char *name)
{
	size_t at = 0, n = strlen(name);
	for (size_t i = 0; i < header.n; i++) {
		char c = lower(header.p[i]);
		bool counts =
			(c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (signed char)c < 0;
		if (counts && (at == n || name[at++] != c)) {
			return false;
		}
	}
	return at == n && n > 0;
}

/* The part between the first two quotation marks from `at` on, which spreadsheets write doubled. */
static struct str quoted(struct str s, size_t at)
{
	struct str rest = str_n(s.p + at, s.n - at);
	size_t start = str_find(rest, STR("\""));
	if (start == SIZE_MAX) {
		return STR_NONE;
	}
	rest = str_n(rest.p + start + 1, rest.n - start - 1);
	size_t end = str_find(rest, STR("\""));
	return end == SIZE_MAX ? STR_NONE : str_n(rest.p, end);
}

struct str cell_shown(struct str s, bool wants_address)
{
	if (str_starts(s, STR("=\""))) {
		struct str inner = quoted(s, 1);
		return inner.p != NULL ? inner : s;
	}
	if (str_starts_nocase(s, STR("=HYPERLINK("))) {
		struct str address = quoted(s, 0);
		struct str label = address.p != NULL
					   ? quoted(s, (size_t)(address.p + address.n + 1 - s.p))
					   : STR_NONE;
		bool wants_label = !wants_address && label.p != NULL;
		return wants_label ? label : address.p != NULL ? address : s;
	}
	if (s.n > 1 && s.p[0] == '\'' && strchr("=+-@", s.p[1]) != NULL) {
		return str_n(s.p + 1, s.n - 1);
	}
	return s;
}

bool cell_is_formula(struct str s)
{
	bool calls = s.n > 0 && strchr("@+-", s.p[0]) != NULL && str_find(s, STR("(")) != SIZE_MAX;
	return s.n > 1 && (s.p[0] == '=' || (calls && s.p[s.n - 1] == ')'));
}

static bool is_space(unsigned char c)
{
	return c <= ' ' || c == 0x7f;
}

static bool is_blank(uint32_t cp)
{
	return cp <= ' ' || (cp >= 0x7f && cp <= 0xa0);
}

static bool is_plain(struct str s, size_t max)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_space((unsigned char)s.p[i]) ? s.p[i] != ' ' || s.p[i - 1] == ' '
						    : s.p[i] == '\xc2') {
			return false;
		}
	}
	return s.n <= max && !utf8_is_disguised(s);
}

struct str cell_clean(struct str s, size_t max, struct arena *arena)
{
	s = str_trim(s);
	if (is_plain(s, max)) {
		return s;
	}
	char *out = arena_room(arena, s.n + 1);
	size_t n = 0;
	if (out == NULL) {
		return STR_NONE;
	}
	while (s.n > 0) {
		uint32_t cp = 0xfffd;
		size_t length = utf8_first(s, &cp);
		length += length == 0; /* a byte that is no UTF-8 stays for others to judge */
		if (is_blank(cp) && n > 0 && out[n - 1] != ' ') {
			out[n++] = ' ';
		} else if (!is_blank(cp) && !utf8_is_unseen(cp)) {
			memcpy(out + n, s.p, length);
			n += length;
		}
		s = str_n(s.p + length, s.n - length);
	}
	n -= n > 0 && out[n - 1] == ' ';
	return str_cut_utf8(str_n(out, n), max);
}

void cell_write(struct buf *out, struct str text)
{
	bool needs = text.n == 0;
	for (size_t i = 0; i < text.n; i++) {
		needs = needs || strchr(",;\t\"\r\n", text.p[i]) != NULL;
	}
	needs = needs || text.p[0] == ' ' || text.p[text.n - 1] == ' ';
	buf_add_c(out, needs ? "\"" : "");
	for (size_t i = 0; i < text.n; i++) {
		buf_add_c(out, text.p[i] == '"' ? "\"" : "");
		buf_add_char(out, text.p[i]);
	}
	buf_add_c(out, needs ? "\"" : "");
}

void cell_write_shown(struct buf *out, struct str text)
{
	size_t at = 0;
	while (at < text.n && (is_space((unsigned char)text.p[at]) || text.p[at] == '"')) {
		at++;
	}
	if (at == text.n || strchr("=+-@", text.p[at]) == NULL) {
		cell_write(out, text);
		return;
	}
	struct buf safe;
	buf_init(&safe, text.n + 1);
	buf_add_char(&safe, '\'');
	buf_add_str(&safe, text);
	cell_write(out, buf_str(&safe));
	buf_release(&safe);
}
