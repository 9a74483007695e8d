#include "connectors/roster_compare.h"

#include "connectors/move.h"
#include "connectors/parse/date.h"
#include "monitor/base/count.h"
#include "monitor/base/hash.h"

#include <stdlib.h>
#include <strings.h>

#define STATE_MAX (64u << 20)
/* So many of those known missing at once are no leavers but a partial export … */
#define PARTIAL_MIN 5
#define PARTIAL_PART 3 /* … if it is a third of all or more, … */
#define PARTIAL_RUN 3  /* … until that many in a row say the same. */
/* What an admin alone can believe: less than a third of the people known, … */
#define SHORT_PART 3
#define NAMELESS_PART 3 /* … or no name in a third of the rows or more, … */
#define NAMELESS_MIN 2  /* … where one may be the total of a short table. */
#define ACCEPT "if it is right: hark sources accept NAME"

/* --- reading an export --- */

/* One export and the state before it. */
struct comparison {
	const struct roster_rules *rules;
	struct hark_host *host;
	const struct hark_reply *reply;
	struct roster_state before, now;
	struct roster_table table;
	size_t rows, broken, nameless;
	unsigned nameless_line;   /* of the first */
	size_t employers, titles; /* rows that have one */
	int64_t observed;
	struct buf room, url; /* scratch */
};

static int no_memory(struct hark_host *host)
{
	return host->fail(host, "no memory to compare the exports");
}

/* When the export was made: what the transport says of the file, else now. */
static int64_t observed_at(const struct hark_reply *reply)
{
	int64_t ms;
	for (size_t i = 0; i < reply->headers_count; i++) {
		if (strcasecmp(reply->headers[i].name, "Last-Modified") == 0 &&
			date_parse(str_c(reply->headers[i].value), &ms)) {
			return ms;
		}
	}
	return reply->received_ms;
}

/* An admin has said that it is right. */
static bool is_accepted(const struct hark_reply *reply)
{
	for (size_t i = 0; i < reply->headers_count; i++) {
		if (strcasecmp(reply->headers[i].name, "Accepted") == 0) {
			return true;
		}
	}
	return false;
}

/* Of several rows with one key: the one that says what was known, else the first in the alphabet. */
static bool is_better(
	struct comparison *c, const struct roster_person *p, struct str employer, struct str title)
{
	const struct roster_person *old = roster_state_find(&c->before, p->key);
	uint64_t print = roster_print(&c->now, employer, title);
	if (old != NULL && (old->print == p->print || old->print == print)) {
		return old->print == print;
	}
	int order = str_cmp(employer, p->employer);
	return order < 0 || (order == 0 && str_cmp(title, p->title) < 0);
}

static int add_row(struct comparison *c, const struct roster_row *row)
{
	struct arena *arena = &c->now.arena;
	struct roster_person *known = roster_state_find(&c->now, row->key);
	c->rows++;
	c->employers += row->employer.n > 0;
	c->titles += row->title.n > 0;
	if (known != NULL && !is_better(c, known, row->employer, row->title)) {
		return 0;
	}
	struct roster_person p = {.key = arena_str(arena, row->key),
		.page = arena_str(arena, row->page),
		.email = arena_str(arena, row->email),
		.name = arena_str(arena, row->person),
		.employer = arena_str(arena, row->employer),
		.title = arena_str(arena, row->title),
		.location = arena_str(arena, row->location),
		.since = arena_str(arena, row->since),
		.line = row->line};
	if (arena->rc != HARK_OK) {
		return no_memory(c->host);
	}
	if (known != NULL) {
		p.hash = known->hash;
		p.other = known->other;
		p.print = roster_print(&c->now, p.employer, p.title);
		*known = p;
		return 0;
	}
	return roster_state_add(&c->now, &p) != NULL ? 0 : no_memory(c->host);
}

static int read_rows(struct comparison *c)
{
	struct roster_row row;
	struct hark_err err;
	int rc;
	while ((rc = roster_table_next(&c->table, &row, &err)) != HARK_ENOENT) {
		if (rc == HARK_EPARSE) {
			c->broken++;
			c->host->degraded(c->host, row.line, 1, "row left out: %s", err.text);
			c->host->skipped(c->host, "%s", err.text);
		} else if (rc == HARK_EINVAL) {
			c->nameless_line =
				row.nameless && c->nameless == 0 ? row.line : c->nameless_line;
			c->nameless += row.nameless;
			c->host->skipped(c->host, "%s", err.text);
		} else if (rc != HARK_OK || add_row(c, &row) != 0) {
			return no_memory(c->host);
		}
	}
	return 0;
}

/* --- who is who --- */

static void pair(struct comparison *c, size_t before, size_t now)
{
	c->before.people[before].other = now;
	c->now.people[now].other = before;
}

/* Those of a state who are not paired yet, by name; a name that two share counts as nobody's. */
struct names {
	struct {
		uint64_t hash;
		size_t person; /* or ROSTER_NOBODY */
	} * v;
	size_t n; /* slots, a power of two */
};

static bool names_make(struct names *names, struct roster_state *s)
{
	size_t open = 0;
	for (size_t i = 0; i < s->n; i++) {
		open += s->people[i].other == ROSTER_NOBODY;
	}
	names->n = 16;
	while (names->n < open * 2) {
		names->n *= 2;
	}
	names->v = calloc(names->n, sizeof(*names->v));
	for (size_t i = 0; names->v != NULL && i < s->n; i++) {
		if (s->people[i].other != ROSTER_NOBODY) {
			continue;
		}
		uint64_t hash = roster_print(s, s->people[i].name, STR("")) | 1;
		size_t at = hash & (names->n - 1);
		while (names->v[at].hash != 0 && names->v[at].hash != hash) {
			at = (at + 1) & (names->n - 1);
		}
		names->v[at].person = names->v[at].hash == 0 ? i : ROSTER_NOBODY;
		names->v[at].hash = hash;
	}
	return names->v != NULL;
}

static size_t names_find(const struct names *names, uint64_t hash)
{
	for (size_t at = hash & (names->n - 1); names->v[at].hash != 0;
		at = (at + 1) & (names->n - 1)) {
		if (names->v[at].hash == hash) {
			return names->v[at].person;
		}
	}
	return ROSTER_NOBODY;
}

/* A key may come later or change: the same name in the same job, or where there was no more than the
 * name, is the same person. */
static bool pair_by_name(struct comparison *c)
{
	struct names before = {0}, now = {0};
	bool ok = names_make(&before, &c->before) && names_make(&now, &c->now);
	for (size_t at = 0; ok && at < now.n; at++) {
		size_t i = now.v[at].hash != 0 ? now.v[at].person : ROSTER_NOBODY;
		size_t k = i != ROSTER_NOBODY ? names_find(&before, now.v[at].hash) : i;
		if (k == ROSTER_NOBODY) {
			continue;
		}
		const struct roster_person *a = &c->before.people[k], *b = &c->now.people[i];
		if (a->print == b->print || roster_key_is_name(a->key) ||
			roster_key_is_name(b->key)) {
			pair(c, k, i);
		}
	}
	free(before.v);
	free(now.v);
	return ok;
}

static bool pair_all(struct comparison *c)
{
	for (size_t i = 0; i < c->now.n; i++) {
		const struct roster_person *old =
			roster_state_find(&c->before, c->now.people[i].key);
		if (old != NULL) {
			pair(c, (size_t)(old - c->before.people), i);
		}
	}
	return pair_by_name(c);
}

/* --- what to tell --- */

static const char *text_c(struct comparison *c, struct str s)
{
	return s.n > 0 ? arena_c(&c->now.arena, s) : NULL;
}

/* Where it can be read: the file and its row. */
static const char *evidence(struct comparison *c, unsigned line)
{
	if (c->reply->url == NULL) {
		return NULL;
	}
	buf_clear(&c->room);
	buf_printf(&c->room, "%s%s", c->reply->url[0] == '/' ? "file://" : "", c->reply->url);
	if (line > 0) {
		buf_printf(&c->room, "#line=%u", line);
	}
	return buf_c(&c->room);
}

static void fill(struct comparison *c, const struct roster_person *p, enum hark_profile_event event,
	struct hark_profile *to)
{
	struct str page = p->page.n > 0 ? p->page : p->key, several = p->employer, employer;
	*to = (struct hark_profile){
		.person = text_c(c, p->name),
		.handle = text_c(c, roster_page_handle(page)),
		.url = roster_page_url(page, &c->url).p,
		.employer = str_split(&several, ';', &employer) ? text_c(c, employer) : NULL,
		.title = text_c(c, p->title),
		.location = text_c(c, p->location),
		.email = text_c(c, p->email),
		.effective = text_c(c, p->since),
		.evidence_url = evidence(c, p->line),
		.observed = c->observed,
		.event = event,
	};
}

static int tell(struct comparison *c, const struct roster_person *p, enum hark_profile_event event,
	const char *was_employer, const char *was_title)
{
	struct hark_profile profile;
	struct str several = str_c(was_employer), one;
	fill(c, p, event, &profile);
	profile.was_employer = str_split(&several, ';', &one) ? text_c(c, one) : NULL;
	profile.was_title = was_title;
	const struct move move = {.profile = &profile,
		.was_employer = was_employer,
		.was_title = was_title,
		.key = text_c(c, p->key),
		.is_private = 1};
	return event == HARK_LISTED ? c->host->emit_profile(c->host, &profile)
				    : move_emit(c->host, &move);
}

/* One of the parts of "Globex; Globex Labs", as CRMs write several. */
static bool is_one_of(struct comparison *c, struct str one, struct str several)
{
	struct str part;
	while (str_split(&several, ';', &part)) {
		if (roster_same(&c->now, str_trim(part), one)) {
			return true;
		}
	}
	return false;
}

static bool same_employer(struct comparison *c, struct str a, struct str b)
{
	bool several = str_find(a, STR(";")) != SIZE_MAX || str_find(b, STR(";")) != SIZE_MAX;
	return roster_same(&c->now, a, b) ||
	       (several && (is_one_of(c, a, b) || is_one_of(c, b, a)));
}

/* What an export without the column, or a row without the title, does not say stays as it was. */
static void keep_known(
	struct comparison *c, const struct roster_person *old, struct roster_person *p)
{
	if (p->employer.n == 0 && c->employers == 0) {
		p->employer = old->employer;
	}
	if (p->title.n == 0 && (c->titles == 0 || p->employer.n > 0) &&
		same_employer(c, p->employer, old->employer)) {
		p->title = old->title;
	}
}

static int tell_change(
	struct comparison *c, const struct roster_person *old, struct roster_person *p)
{
	if (p->print == old->print) {
		return 0;
	}
	keep_known(c, old, p);
	if (roster_same(&c->now, p->employer, old->employer) &&
		roster_same(&c->now, p->title, old->title)) {
		return 0;
	}
	const char *employer = text_c(c, old->employer), *title = text_c(c, old->title);
	if (p->employer.n == 0 && old->employer.n > 0) {
		struct roster_person left = *p;
		left.employer = old->employer;
		left.title = old->title;
		return tell(c, &left, HARK_LEFT, NULL, NULL);
	}
	if (!same_employer(c, p->employer, old->employer)) {
		return tell(
			c, p, old->employer.n > 0 ? HARK_CHANGED : HARK_JOINED, employer, title);
	}
	return old->title.n > 0 && !roster_same(&c->now, p->title, old->title)
		       ? tell(c, p, HARK_CHANGED, NULL, title)
		       : 0; /* the title was not known, or a name was added to the employer's */
}

static int tell_all(struct comparison *c)
{
	bool first = c->before.n == 0;
	int rc = 0;
	for (size_t i = 0; i < c->now.n && rc == 0; i++) {
		struct roster_person *p = &c->now.people[i];
		if (p->other != ROSTER_NOBODY) {
			rc = tell_change(c, &c->before.people[p->other], p);
		} else {
			bool joined = !first && c->rules->staff && p->employer.n > 0;
			rc = tell(c, p, joined ? HARK_JOINED : HARK_LISTED, NULL, NULL);
		}
	}
	return rc;
}

/* --- who is missing --- */

static size_t count_missing(const struct comparison *c)
{
	size_t missing = 0;
	for (size_t i = 0; i < c->before.n; i++) {
		const struct roster_person *p = &c->before.people[i];
		missing += p->other == ROSTER_NOBODY && p->misses == 0;
	}
	return missing;
}

/* Whether the export says anything about those who are not in it. */
static bool is_complete(struct comparison *c)
{
	size_t missing = count_missing(c);
	bool is_short = missing >= PARTIAL_MIN && missing >= c->before.n / PARTIAL_PART &&
			!is_accepted(c->reply);
	c->now.partial = is_short ? c->before.partial + 1 : 0;
	if (c->now.partial >= PARTIAL_RUN) {
		c->now.partial = 0;
		is_short = false;
	}
	if (is_short) {
		c->host->degraded(c->host, 0, 0,
			"%zu of the %zu people known are missing: taken for a partial export, nobody "
			"counts as gone (the third in a row is believed)",
			missing, c->before.n);
	}
	return !is_short && c->broken == 0;
}

/* True: the person is gone for good. Who has no row in a list of acquaintances has not left a job. */
static int tell_gone(struct comparison *c, const struct roster_person *old)
{
	struct hark_profile profile;
	struct roster_person p = *old;
	p.line = 0;
	if (c->rules->staff && p.employer.n > 0) {
		return tell(c, &p, HARK_LEFT, NULL, NULL);
	}
	fill(c, &p, HARK_LEFT, &profile);
	return c->host->emit_profile(c->host, &profile);
}

static int remember(struct comparison *c, bool complete)
{
	struct buf text;
	int rc = 0;
	buf_init(&text, STATE_MAX);
	roster_state_head(&c->now, &text);
	for (size_t i = 0; i < c->now.n; i++) {
		roster_state_line(&c->now.people[i], 0, &text);
	}
	for (size_t i = 0; i < c->before.n && rc == 0; i++) {
		const struct roster_person *p = &c->before.people[i];
		if (p->other != ROSTER_NOBODY) {
			continue;
		}
		if (complete && p->misses + 1 >= c->rules->misses) {
			rc = tell_gone(c, p);
		} else {
			roster_state_line(p, p->misses + complete, &text);
		}
	}
	if (rc == 0) {
		rc = text.rc == HARK_OK
			     ? c->host->set_cursor(c->host, buf_c(&text))
			     : c->host->fail(c->host,
				       "what is to be remembered of %zu people is more than hark keeps "
				       "(%u MB)",
				       c->now.n, STATE_MAX >> 20);
	}
	buf_release(&text);
	return rc;
}

/* --- whether it can be believed --- */

/* Those of whom the last good export, and who was short in partial ones since, said that they are there. */
static size_t count_there(const struct comparison *c)
{
	size_t there = 0;
	for (size_t i = 0; i < c->before.n; i++) {
		there += c->before.people[i].misses == 0;
	}
	return there;
}

/* What no export of these people looks like is refused, however often it comes. */
static int doubt(struct comparison *c)
{
	size_t all = c->rows + c->broken + c->nameless, there = count_there(c);
	if (is_accepted(c->reply)) {
		return 0;
	}
	if (c->nameless >= NAMELESS_MIN && c->nameless * NAMELESS_PART >= all) {
		return c->host->fail(c->host,
			"row %u: it has no name, as %zu of the %zu rows have none; " ACCEPT,
			c->nameless_line, c->nameless, all);
	}
	if (c->now.n == 0) {
		return c->host->fail(c->host, "it lists nobody; " ACCEPT);
	}
	if (c->now.n * SHORT_PART < there) {
		return c->host->fail(c->host,
			"it lists %zu of the %zu people that are known; " ACCEPT, c->now.n, there);
	}
	return 0;
}

/* --- the whole --- */

static int compare(struct comparison *c)
{
	int rc = read_rows(c);
	if (rc == 0 && c->now.n == 0 && c->broken > 0) {
		return c->host->fail(
			c->host, "of its %s none can be read", COUNT(c->broken, "row"));
	}
	if (rc == 0 && c->observed < c->before.observed) {
		c->host->degraded(c->host, 0, 0,
			"it is older than the export that was read last: not compared");
		return 0;
	}
	rc = rc == 0 ? doubt(c) : rc;
	if (rc == 0 && !pair_all(c)) {
		rc = no_memory(c->host);
	}
	if (rc == 0) {
		c->now.observed = c->observed;
		rc = tell_all(c);
	}
	return rc == 0 ? remember(c, is_complete(c)) : rc;
}

static int read_text(struct comparison *c, struct str text)
{
	struct hark_err err;
	const char *known = c->rules->cursor != NULL ? c->rules->cursor : "";
	roster_state_init(&c->before);
	roster_state_init(&c->now);
	buf_init(&c->room, 1 << 16);
	buf_init(&c->url, 1 << 16);
	int rc = roster_state_read(&c->before, str_c(known)) ? 0 : no_memory(c->host);
	if (rc == 0) {
		rc = roster_table_open(&c->table, text, &c->rules->columns, &err);
		if (rc == HARK_OK && !roster_table_is(&c->table, c->rules->format)) {
			rc = hark_err_set(&err, HARK_EPARSE, "its columns are not those of %s",
				c->rules->format);
		}
		rc = rc == HARK_OK ? compare(c) : c->host->fail(c->host, "%s", err.text);
		roster_table_close(&c->table);
	}
	buf_release(&c->room);
	buf_release(&c->url);
	roster_state_release(&c->before);
	roster_state_release(&c->now);
	return rc;
}

int roster_compare(const struct roster_rules *rules, struct hark_host *host,
	const struct hark_reply *reply, struct str text)
{
	struct comparison c = {
		.rules = rules, .host = host, .reply = reply, .observed = observed_at(reply)};
	return read_text(&c, text);
}
