#include "monitor/fetch/headers.h"

#include <curl/curl.h>

#define YEAR_10000_S INT64_C(253402300800)
#define DATE_MAX 64 /* the longest legal date has 33 characters */

bool header_split(struct str line, struct str *name, struct str *value)
{
	const char *colon = line.n > 0 ? memchr(line.p, ':', line.n) : NULL;
	if (colon == NULL || colon == line.p) {
		return false;
	}
	*name = str_n(line.p, (size_t)(colon - line.p));
	for (size_t i = 0; i < name->n; i++) {
		if ((unsigned char)name->p[i] <= ' ' || name->p[i] == '/') {
			return false; /* "HTTP/1.1 200 OK: fine" is a status line */
		}
	}
	*value = str_trim(str_n(colon + 1, line.n - name->n - 1));
	return true;
}

bool header_date(struct str value, int64_t *wall_ms)
{
	char text[DATE_MAX];
	value = str_trim(value);
	if (value.n == 0 || value.n >= sizeof(text) || memchr(value.p, '\0', value.n) != NULL) {
		return false;
	}
	/* curl_getdate() also takes bare numbers as dates; an HTTP date starts with a day's name. */
	if (value.p[0] >= '0' && value.p[0] <= '9') {
		return false;
	}
	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	time_t seconds = curl_getdate(text, NULL);
	if (seconds == (time_t)-1 || seconds >= YEAR_10000_S || seconds <= -YEAR_10000_S) {
		return false;
	}
	*wall_ms = (int64_t)seconds * 1000;
	return true;
}

static int64_t clamp_wait(int64_t ms)
{
	return ms < 0 ? 0 : ms > HEADER_WAIT_MAX_MS ? HEADER_WAIT_MAX_MS : ms;
}

/* Digits only; what is too large for the type is still a number. */
static bool seconds_to_ms(struct str digits, int64_t *ms)
{
	int64_t s = 0;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9') {
			return false;
		}
		s = s > HEADER_WAIT_MAX_MS ? s : s * 10 + (digits.p[i] - '0');
	}
	*ms = clamp_wait(s > HEADER_WAIT_MAX_MS ? s : s * 1000);
	return digits.n > 0;
}

int64_t header_retry_after_ms(struct str value, int64_t now_ms)
{
	int64_t ms, at;
	value = str_trim(value);
	if (seconds_to_ms(value, &ms)) {
		return ms;
	}
	return header_date(value, &at) ? clamp_wait(at - now_ms) : 0;
}

/* The value of "name=value" or "name=\"value\"", if the directive has that name. */
static bool directive(struct str part, const char *name, struct str *value)
{
	struct str head;
	*value = part;
	if (!str_split(value, '=', &head) || !str_eq_nocase(str_trim(head), str_c(name))) {
		return false;
	}
	*value = str_trim(*value);
	if (value->n >= 2 && value->p[0] == '"' && value->p[value->n - 1] == '"') {
		*value = str_n(value->p + 1, value->n - 2);
	}
	return true;
}

int64_t header_max_age_ms(struct str value)
{
	struct str part, number;
	int64_t max_age = 0, ms;
	while (str_split(&value, ',', &part)) {
		if (directive(part, "no-cache", &number) || directive(part, "no-store", &number)) {
			return 0;
		}
		if (directive(part, "max-age", &number) && seconds_to_ms(number, &ms)) {
			max_age = ms;
		}
	}
	return max_age;
}

/* A quoted string or a token at the start of `*s`, which is cut off, quotes taken away. */
static struct str take_value(struct str *s)
{
	size_t n = 0;
	bool is_quoted = s->n > 0 && s->p[0] == '"';
	if (!is_quoted) {
		while (n < s->n && s->p[n] != ';' && s->p[n] != ',') {
			n++;
		}
		struct str token = str_trim(str_n(s->p, n));
		*s = str_n(s->p + n, s->n - n);
		return token;
	}
	for (n = 1; n < s->n && s->p[n] != '"'; n++) {
		n += s->p[n] == '\\' && n + 1 < s->n;
	}
	struct str inside = str_n(s->p + 1, n - 1);
	n += n < s->n;
	*s = str_n(s->p + n, s->n - n);
	return inside;
}

static struct str skip_blank(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s = str_n(s.p + 1, s.n - 1);
	}
	return s;
}

/* "; name=value" at the start of `*s`, which is cut off. */
static bool take_parameter(struct str *s, struct str *name, struct str *value)
{
	size_t n = 0;
	*s = skip_blank(*s);
	if (s->n == 0 || s->p[0] != ';') {
		return false;
	}
	*s = skip_blank(str_n(s->p + 1, s->n - 1));
	while (n < s->n && s->p[n] != '=' && s->p[n] != ';' && s->p[n] != ',') {
		n++;
	}
	*name = str_trim(str_n(s->p, n));
	*s = str_n(s->p + n, s->n - n);
	*value = STR_NONE;
	if (s->n > 0 && s->p[0] == '=') {
		*s = skip_blank(str_n(s->p + 1, s->n - 1));
		*value = take_value(s);
	}
	return true;
}

/* To behind the next comma that stands in no quotes. */
static struct str skip_member(struct str s)
{
	while (s.n > 0 && s.p[0] != ',') {
		if (s.p[0] == '"') {
			take_value(&s);
		} else {
			s = str_n(s.p + 1, s.n - 1);
		}
	}
	return s.n > 0 ? str_n(s.p + 1, s.n - 1) : s;
}

bool header_link_next(struct str *rest, struct header_link *out)
{
	struct str s = *rest, name, value;
	for (;;) {
		s = skip_blank(s);
		const char *end = s.n > 0 && s.p[0] == '<' ? memchr(s.p, '>', s.n) : NULL;
		if (end != NULL) {
			*out = (struct header_link){
				.url = str_trim(str_n(s.p + 1, (size_t)(end - s.p) - 1))};
			s = str_n(end + 1, s.n - (size_t)(end - s.p) - 1);
			break;
		}
		if (s.n == 0) {
			*rest = s;
			return false;
		}
		s = skip_member(s);
	}
	while (take_parameter(&s, &name, &value)) {
		if (str_eq_nocase(name, STR("rel")) && out->rel.p == NULL) {
			out->rel = value; /* of several the first counts */
		} else if (str_eq_nocase(name, STR("anchor"))) {
			out->is_of_other = true;
		}
	}
	*rest = skip_member(s);
	return true;
}

bool header_link_is(const struct header_link *link, const char *rel)
{
	struct str rest = link->rel, one;
	while (str_split(&rest, ' ', &one)) {
		if (str_eq_nocase(one, str_c(rel))) {
			return true;
		}
	}
	return false;
}
