#include "monitor/fetch/robots.h"

/* Characters compared: 20,000 rules that all look through a path of 400 bytes need half of it. */
#define WORK_MAX 16000000

struct robots {
	struct str product, path;
	bool in_group;  /* the lines apply to us */
	bool was_agent; /* the line before named an agent: groups may have several */
	size_t longest; /* of the rules that match */
	bool allow;
	size_t work; /* that is left; 0: the rules cannot be read to their end */
};

/* '*' stands for anything, '$' at the end for the end. Greedy with one place to come back to, so the
 * time is bounded by pattern times path, and by `work`. */
static bool matches(struct str pattern, struct str path, size_t *work)
{
	bool to_end = pattern.n > 0 && pattern.p[pattern.n - 1] == '$';
	size_t end = to_end ? pattern.n - 1 : pattern.n;
	size_t i = 0, k = 0, star = SIZE_MAX, back = 0;
	for (; *work > 0; --*work) {
		if (i == end && (!to_end || k == path.n)) {
			return true;
		}
		if (i < end && pattern.p[i] == '*') {
			star = i++;
			back = k;
		} else if (i < end && k < path.n && pattern.p[i] == path.p[k]) {
			i++;
			k++;
		} else if (star != SIZE_MAX && back < path.n) {
			i = star + 1;
			k = ++back;
		} else {
			return false;
		}
	}
	return false;
}

static void take_rule(struct robots *r, struct str pattern, bool allow)
{
	if (!r->in_group || pattern.n == 0 || !matches(pattern, r->path, &r->work)) {
		return;
	}
	if (pattern.n > r->longest || (pattern.n == r->longest && allow)) {
		r->longest = pattern.n;
		r->allow = allow;
	}
}

/* "Hark/1.0" names the product hark. */
static bool names(struct str agent, struct str product)
{
	struct str token = agent;
	for (size_t i = 0; i < agent.n; i++) {
		if (agent.p[i] == '/' || agent.p[i] == ' ') {
			token.n = i;
			break;
		}
	}
	return str_eq_nocase(token, product);
}

static void take_line(struct robots *r, struct str line, bool *named)
{
	struct str rest = line, key;
	size_t comment = str_find(line, STR("#"));
	if (comment != SIZE_MAX) {
		rest.n = comment;
	}
	if (str_find(rest, STR(":")) == SIZE_MAX || !str_split(&rest, ':', &key)) {
		return;
	}
	key = str_trim(key);
	struct str value = rest.p != NULL ? str_trim(rest) : STR("");
	if (str_eq_nocase(key, STR("user-agent"))) {
		bool is_us = names(value, r->product);
		r->in_group = (r->was_agent && r->in_group) || is_us;
		*named = *named || is_us;
		r->was_agent = true;
		return;
	}
	bool allow = str_eq_nocase(key, STR("allow"));
	if (allow || str_eq_nocase(key, STR("disallow"))) {
		r->was_agent = false;
		take_rule(r, value, allow);
	}
}

/* Lines end with CR, LF or both (RFC 9309, section 2.2). */
static bool next_line(struct str *rest, struct str *line)
{
	size_t n = 0;
	if (rest->n == 0) {
		return false;
	}
	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r') {
		n++;
	}
	*line = str_n(rest->p, n);
	n += n < rest->n;
	*rest = str_n(rest->p + n, rest->n - n);
	return true;
}

static bool read_for(struct str text, struct str product, struct str path, bool *named)
{
	struct robots r = {.product = product, .path = path, .allow = true, .work = WORK_MAX};
	struct str line;
	while (r.work > 0 && next_line(&text, &line)) {
		take_line(&r, line, named);
	}
	return r.allow && r.work > 0;
}

bool robots_allow(struct str text, struct str product, struct str path)
{
	bool named = false;
	if (text.n > ROBOTS_MAX) {
		text.n = ROBOTS_MAX;
	}
	if (str_starts(text, STR("\xef\xbb\xbf"))) {
		text = str_n(text.p + 3, text.n - 3);
	}
	bool allow = read_for(text, product, path, &named);
	return named ? allow : read_for(text, STR("*"), path, &named);
}

struct str robots_of(int status, struct str body)
{
	if (status >= 200 && status <= 299) {
		return body;
	}
	bool has_none = status >= 400 && status <= 499 && status != 429;
	return has_none ? STR("") : STR("User-agent: *\nDisallow: /\n");
}
