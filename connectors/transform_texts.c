/* Steps that work on one value (transform.h). */
#include "connectors/transform.h"

#include "connectors/form.h"
#include "connectors/parse/date.h"
#include "connectors/parse/entity.h"
#include "connectors/parse/html.h"
#include "connectors/parse/uri.h"
#include "rules/regex.h"

#include <stdio.h>

#define TEXT_MAX (2u << 20)
#define LINK_MAX 4096

/* The value's text, absent if it is none. */
static struct str text_of(struct work *w, const struct value *v)
{
	return value_text(v, w->arena);
}

static bool set(struct value *v, struct str text)
{
	*v = (struct value){.kind = VALUE_TEXT, .text = text};
	return text.n > 0;
}

static bool set_copy(struct work *w, struct value *v, struct str text)
{
	return set(v, arena_str(w->arena, text));
}

static bool set_buf(struct work *w, struct value *v, struct buf *out)
{
	bool ok = out->rc == HARK_OK && set_copy(w, v, buf_str(out));
	buf_release(out);
	return ok;
}

static bool set_time(struct value *v, int64_t ms)
{
	*v = (struct value){.kind = VALUE_TIME, .ms = ms};
	return true;
}

bool transform_string(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return set(v, text_of(w, v));
}

bool transform_raw(struct work *w, const struct transform *t, struct value *v)
{
	return transform_string(w, t, v);
}

bool transform_integer(struct work *w, const struct transform *t, struct value *v)
{
	int64_t number;
	char text[24];
	(void)t;
	if (!value_number(v, &number)) {
		return false;
	}
	snprintf(text, sizeof(text), "%lld", (long long)number);
	return set_copy(w, v, str_c(text));
}

bool transform_trim(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return set_copy(w, v, str_trim(text_of(w, v)));
}

bool transform_lower(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	char *p = arena_alloc(w->arena, s.n + 1);
	(void)t;
	for (size_t i = 0; p != NULL && i < s.n; i++) {
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 32) : s.p[i];
	}
	return p != NULL && set(v, str_n(p, s.n));
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool transform_words(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = str_trim(text_of(w, v));
	char *p = arena_alloc(w->arena, s.n + 1);
	size_t n = 0;
	(void)t;
	for (size_t i = 0; p != NULL && i < s.n; i++) {
		if (!is_space(s.p[i])) {
			p[n++] = s.p[i];
		} else if (n > 0 && p[n - 1] != ' ') {
			p[n++] = ' ';
		}
	}
	return p != NULL && set(v, str_n(p, n));
}

bool transform_html_to_text(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	struct buf out;
	(void)t;
	if (s.n <= TEXT_MAX && html_is_plain(s)) {
		return set(v, s);
	}
	s = str_cut_utf8(s, TEXT_MAX);
	buf_init(&out, 2 * s.n + 64);
	html_to_text(s, w->base, 0, &out, NULL);
	return set_buf(w, v, &out);
}

/* str_find() for texts that begin ever later in the same one: `at` has where it stood last (NULL at first),
 * so that the whole is searched once. */
static size_t find_next(struct str s, struct str needle, const char **at)
{
	if (*at == NULL || *at < s.p) {
		size_t n = str_find(s, needle);
		*at = s.p + (n == SIZE_MAX ? s.n : n);
	}
	return *at == s.p + s.n ? SIZE_MAX : (size_t)(*at - s.p);
}

/* Whether the tag `<name` or `</name` starts here. */
static bool is_tag(struct str s, const char *open, struct str name)
{
	size_t n = strlen(open);
	if (s.n <= n + name.n || memcmp(s.p, open, n) != 0 ||
		!str_eq_nocase(str_n(s.p + n, name.n), name)) {
		return false;
	}
	return strchr(" \t\r\n/>", s.p[n + name.n]) != NULL;
}

/* Whether the tag, without its '>', has the class; an absent one every tag has. */
static bool has_class(struct str tag, struct str class)
{
	size_t at = class.p != NULL ? str_find(tag, STR("class=")) : SIZE_MAX;
	if (at == SIZE_MAX || at + 7 > tag.n) {
		return class.p == NULL;
	}
	char quote = tag.p[at + 6];
	bool quoted = quote == '"' || quote == '\'';
	struct str rest = str_n(tag.p + at + 6 + quoted, tag.n - at - 6 - quoted), word;
	size_t n = 0;
	while (n < rest.n &&
		(quoted ? rest.p[n] != quote : strchr(" \t\r\n/", rest.p[n]) == NULL)) {
		n++;
	}
	rest.n = n;
	while (str_split(&rest, ' ', &word)) {
		if (str_eq(word, class)) {
			return true;
		}
	}
	return false;
}

bool transform_drop_element(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v), name = t->args[0], class = STR_NONE;
	struct buf out;
	const char *next = NULL;
	size_t depth = 0, dot = str_find(name, STR("."));
	if (dot != SIZE_MAX) {
		class = str_n(name.p + dot + 1, name.n - dot - 1);
		name.n = dot;
	}
	buf_init(&out, s.n + 1);
	while (s.n > 0) {
		bool is_open = is_tag(s, "<", name), is_close = depth > 0 && is_tag(s, "</", name);
		size_t end = is_open || is_close ? find_next(s, STR(">"), &next) : SIZE_MAX;
		size_t n = end == SIZE_MAX ? 1 : end + 1;
		if (is_open && end != SIZE_MAX) {
			depth += depth > 0 || has_class(str_n(s.p, end), class);
		}
		if (depth == 0) {
			buf_add(&out, s.p, n);
		}
		depth -= is_close && end != SIZE_MAX;
		s = str_n(s.p + n, s.n - n);
	}
	return set_buf(w, v, &out);
}

bool transform_entities(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	(void)t;
	if (s.n == 0 || memchr(s.p, '&', s.n) == NULL) {
		return set(v, s);
	}
	char *p = arena_alloc(w->arena, s.n + 1);
	return p != NULL && set(v, str_n(p, entity_decode_at(s, p)));
}

/* "[text](address)" at the start, on one line and of LINK_MAX bytes at most: bytes of the text and of the
 * whole; 0 if it is none. */
static size_t markdown_link(struct str s, size_t *text_n)
{
	if (s.p[0] != '[') {
		return 0;
	}
	s.n = s.n < LINK_MAX ? s.n : LINK_MAX;
	size_t line = str_find(s, STR("\n"));
	s.n = line < s.n ? line : s.n;
	size_t close = str_find(s, STR("]("));
	if (close == SIZE_MAX) {
		return 0;
	}
	size_t end = str_find(str_n(s.p + close, s.n - close), STR(")"));
	*text_n = close - 1;
	return end == SIZE_MAX ? 0 : close + end + 1;
}

/* has_end: whether a comment may still end; sought once only. */
static size_t markdown_skip(struct str s, bool at_line_start, bool *has_end)
{
	if (*has_end && str_starts(s, STR("<!--"))) {
		size_t end = str_find(s, STR("-->"));
		*has_end = end != SIZE_MAX;
		return end == SIZE_MAX ? 0 : end + 3;
	}
	if (s.p[0] == '\r' || str_starts(s, STR("**")) || str_starts(s, STR("__"))) {
		return s.p[0] == '\r' ? 1 : 2;
	}
	size_t n = 0;
	while (at_line_start && n < s.n && n < 7 && s.p[n] == '#') {
		n++;
	}
	return n > 0 && n < 7 && n < s.n && s.p[n] == ' ' ? n + 1 : 0;
}

bool transform_markdown(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = str_cut_utf8(text_of(w, v), TEXT_MAX);
	struct buf out;
	bool has_end = true;
	(void)t;
	buf_init(&out, s.n + 1);
	while (s.n > 0) {
		bool at_start = out.n == 0 || out.p[out.n - 1] == '\n';
		size_t text_n = 0, n = markdown_link(s, &text_n);
		if (n > 0) {
			buf_add(&out, s.p + 1, text_n);
		} else if ((n = markdown_skip(s, at_start, &has_end)) == 0) {
			buf_add_char(&out, s.p[0]);
			n = 1;
		}
		s = str_n(s.p + n, s.n - n);
	}
	struct str text = str_trim(buf_str(&out));
	bool ok = out.rc == HARK_OK && set_copy(w, v, text);
	buf_release(&out);
	return ok;
}

static bool scaled_time(struct work *w, struct value *v, int64_t up, int64_t down)
{
	int64_t number, ms;
	char digits[24];
	if (!value_number(v, &number) || number < 0 || number > INT64_MAX / 1000) {
		return false;
	}
	snprintf(digits, sizeof(digits), "%lld", (long long)(number * up / down));
	/* Through the same door as every other date, for what can be. */
	return date_parse_sane(str_c(digits), w->now_ms, &ms) && set_time(v, ms);
}

bool transform_epoch(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return scaled_time(w, v, 1, 1);
}

bool transform_epoch_ms(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return scaled_time(w, v, 1, 1);
}

bool transform_epoch_us(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return scaled_time(w, v, 1, 1000);
}

bool transform_date(struct work *w, const struct transform *t, struct value *v)
{
	int64_t ms;
	(void)t;
	return value_time(v, w->now_ms, &ms) && set_time(v, ms);
}

/* A number of 2 or 4 digits in `node` or in its member "value". */
static bool date_part(struct work *w, const json_t *node, size_t digits, char out[8])
{
	node = json_is_object(node) ? json_object_get(node, "value") : node;
	struct str s = node != NULL ? node_text(node, w->arena) : STR_NONE;
	int64_t number;
	if (!str_i64(s, &number) || number < 1 || number > (digits == 4 ? 9999 : 31)) {
		return false;
	}
	snprintf(out, 8, "%0*d", (int)digits, (int)number);
	return true;
}

bool transform_partial_date(struct work *w, const struct transform *t, struct value *v)
{
	char year[8], month[8], day[8], text[32];
	(void)t;
	if (v->kind != VALUE_NODE || !json_is_object(v->node)) {
		struct str s = text_of(w, v);
		size_t n = str_find(s, STR("T"));
		return s.n >= 4 && s.p[0] >= '0' && s.p[0] <= '9' &&
		       set_copy(w, v, str_n(s.p, n == SIZE_MAX ? s.n : n));
	}
	if (!date_part(w, json_object_get(v->node, "year"), 4, year)) {
		return false;
	}
	bool has_month = date_part(w, json_object_get(v->node, "month"), 2, month);
	bool has_day = has_month && date_part(w, json_object_get(v->node, "day"), 2, day);
	snprintf(text, sizeof(text), "%s%s%s%s%s", year, has_month ? "-" : "",
		has_month ? month : "", has_day ? "-" : "", has_day ? day : "");
	return set_copy(w, v, str_c(text));
}

static bool glue(struct work *w, struct value *v, struct str before, struct str after)
{
	struct str s = text_of(w, v);
	char *p = s.n > 0 ? arena_alloc(w->arena, before.n + s.n + after.n + 1) : NULL;
	if (p == NULL) {
		return false;
	}
	if (before.n > 0) {
		memcpy(p, before.p, before.n);
	}
	memcpy(p + before.n, s.p, s.n);
	if (after.n > 0) {
		memcpy(p + before.n + s.n, after.p, after.n);
	}
	return set(v, str_n(p, before.n + s.n + after.n));
}

bool transform_prefix(struct work *w, const struct transform *t, struct value *v)
{
	return glue(w, v, t->args[0], STR_NONE);
}

bool transform_suffix(struct work *w, const struct transform *t, struct value *v)
{
	return glue(w, v, STR_NONE, t->args[0]);
}

bool transform_append_if_no(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	if (str_find(s, t->args[0]) != SIZE_MAX) {
		return set(v, s);
	}
	return glue(w, v, STR_NONE, form_text(t->form, w));
}

bool transform_template(struct work *w, const struct transform *t, struct value *v)
{
	return set(v, form_text(t->form, w));
}

bool transform_resolve_url(struct work *w, const struct transform *t, struct value *v)
{
	struct str base = t->form != NULL ? form_text(t->form, w) : w->base;
	struct buf out;
	buf_init(&out, 4 * URI_MAX);
	uri_resolve(base, text_of(w, v), &out);
	return set_buf(w, v, &out);
}

static void add_decoded(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		int byte = s.p[i] == '%' ? str_hex(s, i + 1) : -1;
		if (byte > 0) {
			buf_add_char(out, (char)byte);
			i += 2;
		} else {
			buf_add_char(out, s.p[i] == '+' ? ' ' : s.p[i]);
		}
	}
}

/* Cuts an address at '?' and '#'. */
static void cut_address(struct str url, struct str *before, struct str *query, struct str *fragment)
{
	size_t hash = str_find(url, STR("#"));
	hash = hash == SIZE_MAX ? url.n : hash;
	*fragment = str_n(url.p + hash, url.n - hash);
	url.n = hash;
	size_t mark = str_find(url, STR("?"));
	*before = str_n(url.p, mark == SIZE_MAX ? url.n : mark);
	*query = mark == SIZE_MAX ? STR_NONE : str_n(url.p + mark + 1, url.n - mark - 1);
}

bool transform_url_param(struct work *w, const struct transform *t, struct value *v)
{
	struct str url = text_of(w, v), before, query, fragment, part;
	if (url.n == 0) {
		return false;
	}
	cut_address(url, &before, &query, &fragment);
	while (str_split(&query, '&', &part)) {
		size_t n = str_find(part, STR("="));
		if (n != SIZE_MAX && str_eq(str_n(part.p, n), t->args[0])) {
			struct buf out;
			buf_init(&out, part.n + 1);
			add_decoded(str_n(part.p + n + 1, part.n - n - 1), &out);
			return set_buf(w, v, &out);
		}
	}
	return false;
}

bool transform_strip_query(struct work *w, const struct transform *t, struct value *v)
{
	struct str url = text_of(w, v), before, query, fragment, part, name = t->args[0];
	struct buf out;
	char mark = '?';
	if (url.n == 0) {
		return false;
	}
	if (name.n > 0 && name.p[name.n - 1] == '*') {
		name.n--;
	}
	cut_address(url, &before, &query, &fragment);
	buf_init(&out, url.n + 1);
	buf_add_str(&out, before);
	while (name.n > 0 && str_split(&query, '&', &part)) {
		if (!str_starts(part, name)) {
			buf_add_char(&out, mark);
			buf_add_str(&out, part);
			mark = '&';
		}
	}
	buf_add_str(&out, fragment);
	return set_buf(w, v, &out);
}

bool transform_host(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	size_t n = str_find(s, STR("://"));
	(void)t;
	if (n == SIZE_MAX) {
		return false;
	}
	s = str_n(s.p + n + 3, s.n - n - 3);
	for (n = 0; n < s.n && strchr("/?#:", s.p[n]) == NULL; n++) {
	}
	return set_copy(w, v, str_n(s.p, n));
}

/* Where the last `needle` starts, SIZE_MAX if it is not there. */
static size_t find_last(struct str s, struct str needle)
{
	size_t found = SIZE_MAX;
	for (size_t from = 0; from < s.n && needle.n > 0;) {
		size_t at = str_find(str_n(s.p + from, s.n - from), needle);
		if (at == SIZE_MAX) {
			break;
		}
		found = from + at;
		from = found + needle.n;
	}
	return found;
}

static bool after_last(struct work *w, struct value *v, struct str needle)
{
	struct str s = text_of(w, v);
	size_t at = find_last(s, needle);
	return at == SIZE_MAX ? set(v, s) : set(v, str_n(s.p + at + needle.n, s.n - at - needle.n));
}

bool transform_last_segment(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	(void)t;
	if (s.n > 0 && s.p[s.n - 1] == '/') {
		s.n--;
		return set_copy(w, v, s) && after_last(w, v, STR("/"));
	}
	return after_last(w, v, STR("/"));
}

bool transform_after_last(struct work *w, const struct transform *t, struct value *v)
{
	return after_last(w, v, t->args[0]);
}

bool transform_before(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	size_t at = str_find(s, t->args[0]);
	return at == SIZE_MAX ? set(v, s) : set_copy(w, v, str_n(s.p, at));
}

bool transform_regex(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v), group = STR_NONE;
	size_t start, end;
	if (w->scratch == NULL || regex_find(t->regex, w->scratch, s, 0, &start, &end) != HARK_OK) {
		return false;
	}
	for (size_t i = 0; group.n == 0 && regex_group(t->regex, i).p != NULL; i++) {
		group = regex_captured(t->regex, w->scratch, s, i);
	}
	if (group.n == 0 && regex_group(t->regex, 0).p == NULL) {
		group = str_n(s.p + start, end - start);
	}
	return set_copy(w, v, group);
}

bool transform_only(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	return work_matches(w, t->regex, s) && set(v, s);
}

bool transform_without(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	return !work_matches(w, t->regex, s) && set(v, s);
}

/* Every `from` becomes `to`, into a fresh text. */
static bool replace(struct work *w, struct value *v, struct str from, struct str to)
{
	struct str s = text_of(w, v);
	struct buf out;
	if (from.n == 0 || str_find(s, from) == SIZE_MAX) {
		return set(v, s);
	}
	buf_init(&out, TEXT_MAX);
	for (size_t at; (at = str_find(s, from)) != SIZE_MAX;) {
		buf_add(&out, s.p, at);
		buf_add_str(&out, to);
		s = str_n(s.p + at + from.n, s.n - at - from.n);
	}
	buf_add_str(&out, s);
	return set_buf(w, v, &out);
}

bool transform_replace(struct work *w, const struct transform *t, struct value *v)
{
	return replace(w, v, t->args[0], t->args[1]);
}

bool transform_nodash(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return replace(w, v, STR("-"), STR(""));
}

/* Letters of a word in capitals become capital and small ones; other words stay. */
static void soften(char *p, size_t n)
{
	bool in_word = false, has_small = false;
	for (size_t i = 0; i < n; i++) {
		has_small |= p[i] >= 'a' && p[i] <= 'z';
	}
	for (size_t i = 0; i < n && !has_small; i++) {
		bool is_letter = (p[i] >= 'A' && p[i] <= 'Z') || (unsigned char)p[i] >= 0x80;
		if (in_word && p[i] >= 'A' && p[i] <= 'Z') {
			p[i] |= 32;
		}
		in_word = is_letter;
	}
}

bool transform_name_swap(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = str_trim(text_of(w, v));
	size_t at = str_find(s, STR(","));
	(void)t;
	if (at == SIZE_MAX) {
		return set_copy(w, v, s);
	}
	/* What follows a second comma is a title: "DOE, Jane, Dr". */
	struct str last = str_trim(str_n(s.p, at)), rest = str_n(s.p + at + 1, s.n - at - 1),
		   first = STR_NONE;
	str_split(&rest, ',', &first);
	first = str_trim(first);
	char *p = arena_alloc(w->arena, s.n + 2);
	if (p == NULL || first.n == 0 || last.n == 0) {
		return p != NULL && set_copy(w, v, first.n > 0 ? first : last);
	}
	memcpy(p, first.p, first.n);
	p[first.n] = ' ';
	memcpy(p + first.n + 1, last.p, last.n);
	soften(p + first.n + 1, last.n);
	return set(v, str_n(p, first.n + 1 + last.n));
}

bool transform_cut_suffix_equal(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	const json_t *node = w->scope != NULL ? pointer_first(&t->pointer, w->scope) : NULL;
	struct str tail = node != NULL ? str_trim(node_text(node, w->arena)) : STR_NONE;
	if (tail.n > 0 && s.n > tail.n + 3 && str_ends(s, tail) &&
		memcmp(s.p + s.n - tail.n - 3, " - ", 3) == 0) {
		return set_copy(w, v, str_n(s.p, s.n - tail.n - 3));
	}
	return set(v, s);
}

bool transform_path_parent(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v), part, last = STR_NONE, parent = STR_NONE;
	(void)t;
	while (str_split(&s, '.', &part)) {
		parent = last;
		last = part;
	}
	return parent.n > 0 && !str_eq_c(parent, "0") && set_copy(w, v, parent);
}

bool transform_truncate(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	return s.n <= (size_t)t->number ? set(v, s)
					: set_copy(w, v, str_cut_utf8(s, (size_t)t->number));
}

bool transform_bool_tag(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	return (str_eq_c(s, "true") || str_eq_c(s, "1")) && set(v, t->args[0]);
}

bool transform_enc(struct work *w, const struct transform *t, struct value *v)
{
	struct buf out;
	(void)t;
	struct str s = text_of(w, v);
	buf_init(&out, 3 * s.n + 1);
	form_encode(s, &out);
	return set_buf(w, v, &out);
}

bool transform_pathenc(struct work *w, const struct transform *t, struct value *v)
{
	return transform_enc(w, t, v);
}

bool transform_pad(struct work *w, const struct transform *t, struct value *v)
{
	struct str s = text_of(w, v);
	size_t wanted = (size_t)t->number;
	if (s.n >= wanted || s.n == 0 || wanted > 64) {
		return set(v, s);
	}
	char *p = arena_alloc(w->arena, wanted + 1);
	if (p == NULL) {
		return false;
	}
	memset(p, '0', wanted - s.n);
	memcpy(p + wanted - s.n, s.p, s.n);
	return set(v, str_n(p, wanted));
}

bool transform_quote(struct work *w, const struct transform *t, struct value *v)
{
	return replace(w, v, STR("\""), STR(" ")) && transform_trim(w, t, v) &&
	       glue(w, v, STR("\""), STR("\""));
}
