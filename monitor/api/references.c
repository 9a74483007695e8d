/* References and what sales asks them for. Whoever does not see what is for compliance is told of a reference, but not
 * the words that wait for compliance. */
#include "monitor/api/desk.h"
#include "monitor/api/list_view.h"

#include "monitor/model/id.h"
#include "monitor/references/board.h"
#include "monitor/references/reader.h"

#include <stdio.h>

#define TABLE_MAX 10000
#define LIST_DEFAULT 50
#define LIST_MAX 500
#define NAME_MAX 400
#define NO_CURSOR "this cursor was not given by hark"

/* States of the query as bits, by what reads one of them. False: answered. */
static bool read_states(struct call *c, bool (*parse)(struct str name, unsigned *bit),
	const char *all, unsigned *out)
{
	struct str rest = http_query(c->x, "state"), one;
	*out = 0;
	while (str_split(&rest, ',', &one)) {
		unsigned bit = 0;
		if (!parse(one, &bit)) {
			call_refuse(c, 400, "there is no state '%.*s': %s",
				(int)(one.n < 40 ? one.n : 40), one.p, all);
			return false;
		}
		*out |= 1u << bit;
	}
	return true;
}

static bool parse_permission(struct str name, unsigned *bit)
{
	enum permission p;
	bool known = permission_parse(name, &p);
	*bit = p;
	return known;
}

static bool parse_request(struct str name, unsigned *bit)
{
	enum request_state state = REQUEST_OPEN;
	bool known = request_state_parse(name, &state);
	*bit = state;
	return known;
}

/* A name of the query; absent if it is not there. False: answered. */
static bool read_name(struct call *c, const char *name, struct str *out)
{
	*out = str_trim(http_query(c->x, name));
	if (out->n > NAME_MAX) {
		call_refuse(c, 400, "'%s' has at most %d bytes", name, NAME_MAX);
		return false;
	}
	return true;
}

/* "73.12" is the score and the number of the last one shown. False: answered. */
static bool read_place(struct call *c, int64_t *score, int64_t *id)
{
	struct str rest = http_query(c->x, "cursor"), one;
	*score = *id = 0;
	if (rest.p == NULL || (str_split(&rest, '.', &one) && str_i64(one, score) && *score >= 0 &&
				      *score <= 100 && str_i64(rest, id) && *id > 0)) {
		return true;
	}
	call_refuse(c, 400, NO_CURSOR);
	return false;
}

static void begin_items(struct call *c)
{
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	jsonout_array(&c->j);
}

/* `next`: the cursor of the page after this one, or NULL. */
static void end_items(struct call *c, const char *next, int rc, const struct hark_err *err)
{
	jsonout_end_array(&c->j);
	jsonout_key_c(&c->j, "next", next);
	jsonout_end_object(&c->j);
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, err);
	}
}

/* ---- references ---- */

static int list_one(struct call *c, const struct reference *r, struct hark_err *err)
{
	struct guard_answer guard;
	struct statement *v = NULL;
	const struct statement *said = NULL;
	size_t n = 0;
	int rc = guard_ask(c->store, c->setup->conf, r, STR_NONE, c->now_ms, c->arena, &guard, err);
	rc = rc == HARK_OK ? store_reference_statements(c->store, r->id, c->arena, &v, &n, err)
			   : rc;
	for (size_t i = n; i > 0 && rc == HARK_OK; i--) { /* the most credible comes first */
		bool told = reader_is_told(c->store, c->who.role, &v[i - 1]);
		said = told && v[i - 1].text.p != NULL ? &v[i - 1] : said;
	}
	if (rc == HARK_OK) {
		view_reference(&c->j, r, &guard, said);
	}
	return rc;
}

/* All of them, as far as a spreadsheet holds them. */
static void answer_csv(struct call *c, const struct reference *v, size_t n)
{
	const struct reader who = call_reader(c);
	struct hark_err err = {0};
	struct sheet s;
	sheet_init(&s, board_columns, board_columns_n);
	if (board_add(&s, &who, v, n, &err) == HARK_OK) {
		sheet_csv(&s, &c->out);
		call_answer_table(c, STR("references"));
	} else {
		call_fail(c, &err);
	}
	sheet_release(&s);
}

void references_list(struct call *c)
{
	bool csv;
	struct hark_err err = {0};
	struct reference *v = NULL;
	char next[48];
	size_t n = 0;
	int64_t limit, score;
	struct reference_filter f = {0};
	if (!call_wants_csv(c, &csv) || !call_flag(c, "historic", &f.historic) || !call_flag(c, "orphans", &f.orphaned) ||
		!call_flag(c, "unowned", &f.unowned) ||
		!read_states(c, parse_permission,
		    "found, asked, internal-only, named, withdrawn or expired", &f.permissions) ||
		!read_name(c, "account", &f.account) || !read_name(c, "owner", &f.owner) ||
		!call_number(c, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit) ||
		!read_place(c, &score, &f.after)) {
		return;
	}
	f.after_score = (int)score;
	/* one more tells whether there is a page after this */
	f.max = csv ? TABLE_MAX : (size_t)limit + 1;
	int rc = store_reference_list(c->store, &f, c->arena, &v, &n, &err);
	if (csv && rc == HARK_OK) {
		answer_csv(c, v, n);
		return;
	}
	size_t shown = n < f.max ? n : f.max - 1;
	begin_items(c);
	for (size_t i = 0; i < shown && rc == HARK_OK; i++) {
		rc = list_one(c, &v[i], &err);
	}
	if (shown < n) {
		snprintf(next, sizeof(next), "%d.%lld", v[shown - 1].score,
			(long long)v[shown - 1].id);
	}
	end_items(c, shown < n ? next : NULL, rc, &err);
}

bool desk_read_id(struct call *c, const char *kind, const char *what, int64_t *id)
{
	if (id_parse(kind, c->arg, id)) {
		return true;
	}
	call_refuse(c, 404, "there is no %s of that number", what);
	return false;
}

void reference_tag(struct call *c, const struct reference *r)
{
	snprintf(c->etag, sizeof(c->etag), "\"ref-%lld-%lld\"", (long long)r->id,
		(long long)r->version);
}

void references_show_one(struct call *c)
{
	struct hark_err err = {0};
	struct reference_card card;
	int64_t id;
	if (!desk_read_id(c, ID_REFERENCE, "reference", &id)) {
		return;
	}
	if (reference_card_load(c->store, c->setup->conf, id, c->who.role, c->now_ms, c->arena,
		    &card, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	view_reference_card(&c->j, &card);
	reference_tag(c, &card.r);
	call_tag_body(c);
	call_answer(c, 200);
}

/* ---- requests ---- */

static void answer_requests_csv(struct call *c, const struct request *v, size_t n)
{
	const struct reader who = call_reader(c);
	struct sheet s;
	sheet_init(&s, request_columns, request_columns_n);
	requests_add_rows(&s, &who, v, n);
	sheet_csv(&s, &c->out);
	call_answer_table(c, STR("requests"));
	sheet_release(&s);
}

void requests_list(struct call *c)
{
	bool csv;
	struct hark_err err = {0};
	struct request *v = NULL;
	char next[ID_TEXT_MAX];
	size_t n = 0;
	int64_t limit;
	struct str cursor = http_query(c->x, "cursor");
	struct request_filter f = {.now_ms = c->now_ms};
	if (!call_wants_csv(c, &csv) || !read_states(c, parse_request, "open, named, fulfilled, refused, withdrawn or expired",
		    &f.states) ||
		!read_name(c, "rep", &f.rep) ||
		!call_number(c, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit)) {
		return;
	}
	if (cursor.p != NULL && !id_parse(ID_REQUEST, cursor, &f.after)) {
		call_refuse(c, 400, NO_CURSOR);
		return;
	}
	f.max = csv ? TABLE_MAX : (size_t)limit + 1;
	int rc = store_requests(c->store, &f, c->arena, &v, &n, &err);
	if (csv && rc == HARK_OK) {
		answer_requests_csv(c, v, n);
		return;
	}
	size_t shown = n < f.max ? n : f.max - 1;
	begin_items(c);
	for (size_t i = 0; i < shown && rc == HARK_OK; i++) {
		view_request(&c->j, &v[i]);
	}
	end_items(c, shown < n ? id_text(ID_REQUEST, v[shown - 1].id, next) : NULL, rc, &err);
}

void request_tag(struct call *c, const struct request *r)
{
	snprintf(c->etag, sizeof(c->etag), "\"req-%lld-%lld\"", (long long)r->id,
		(long long)r->version);
}

void requests_show_one(struct call *c)
{
	struct hark_err err = {0};
	struct request_card card;
	int64_t id;
	if (!desk_read_id(c, ID_REQUEST, "request", &id)) {
		return;
	}
	if (request_card_load(c->store, id, c->arena, &card, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	view_request_card(&c->j, &card);
	request_tag(c, &card.r);
	call_tag_body(c);
	call_answer(c, 200);
}

void requests_match(struct call *c)
{
	struct hark_err err = {0};
	struct request r;
	struct deal deal;
	struct peer *v = NULL;
	size_t n = 0;
	int64_t id;
	if (!desk_read_id(c, ID_REQUEST, "request", &id)) {
		return;
	}
	int rc = store_request_load(c->store, id, c->arena, &r, &err);
	rc = rc == HARK_OK ? store_deal_load(c->store, r.opportunity, c->arena, &deal, &err) : rc;
	rc = rc == HARK_OK ? peers_rank(c->store, c->setup->conf, &deal, &r, c->now_ms, c->arena,
				     &v, &n, &err)
			   : rc;
	begin_items(c);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		view_peer(&c->j, &v[i]);
	}
	end_items(c, NULL, rc, &err);
}
