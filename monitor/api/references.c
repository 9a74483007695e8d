/* References and what sales asks them for. Whoever does not see what is for compliance is told of a reference, but not
 * the words that wait for compliance. */
#include "monitor/api/api_in.h"
#include "monitor/api/desk_view.h"

#include "monitor/model/id.h"

#define LIST_DEFAULT 50
#define LIST_MAX 500
#define NAME_MAX 400

static bool sees_all(const struct call *c)
{
	return role_sees(c->who.role, str_c(role_name(ROLE_COMPLIANCE)));
}

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

static bool is_true(struct call *c, const char *name)
{
	return str_eq_c(http_query(c->x, name), "true");
}

static void begin_items(struct call *c)
{
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	jsonout_array(&c->j);
}

static void end_items(struct call *c, int rc, const struct hark_err *err)
{
	jsonout_end_array(&c->j);
	jsonout_end_object(&c->j);
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, err);
	}
}

/* ---- references ---- */

void references_list(struct call *c)
{
	struct hark_err err = {0};
	struct reference *v = NULL;
	size_t n = 0;
	int64_t limit;
	struct reference_filter f = {.historic = is_true(c, "historic"),
		.orphaned = is_true(c, "orphans"),
		.unowned = is_true(c, "unowned")};
	if (!read_states(c, parse_permission,
		    "found, asked, internal-only, named, withdrawn or expired", &f.permissions) ||
		!read_name(c, "account", &f.account) || !read_name(c, "owner", &f.owner) ||
		!call_number(c, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit)) {
		return;
	}
	f.max = (size_t)limit;
	int rc = store_reference_list(c->store, &f, c->arena, &v, &n, &err);
	begin_items(c);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct guard_answer guard;
		rc = guard_ask(c->store, c->setup->conf, &v[i], STR_NONE, c->now_ms, c->arena,
			&guard, &err);
		if (rc == HARK_OK) {
			view_reference(&c->j, &v[i], &guard);
		}
	}
	end_items(c, rc, &err);
}

/* False: answered. */
static bool read_id(struct call *c, const char *kind, const char *what, int64_t *id)
{
	if (id_parse(kind, c->arg, id)) {
		return true;
	}
	call_refuse(c, 404, "there is no %s of that number", what);
	return false;
}

void references_show_one(struct call *c)
{
	struct hark_err err = {0};
	struct reference_card card;
	int64_t id;
	if (!read_id(c, ID_REFERENCE, "reference", &id)) {
		return;
	}
	if (reference_card_load(c->store, c->setup->conf, id, sees_all(c), c->now_ms, c->arena,
		    &card, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	view_reference_card(&c->j, &card);
	call_answer(c, 200);
}

/* ---- requests ---- */

void requests_list(struct call *c)
{
	struct hark_err err = {0};
	struct request *v = NULL;
	size_t n = 0;
	int64_t limit;
	struct request_filter f = {.now_ms = c->now_ms};
	if (!read_states(c, parse_request, "open, named, fulfilled, refused, withdrawn or expired",
		    &f.states) ||
		!read_name(c, "rep", &f.rep) ||
		!call_number(c, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit)) {
		return;
	}
	f.max = (size_t)limit;
	int rc = store_requests(c->store, &f, c->arena, &v, &n, &err);
	begin_items(c);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		view_request(&c->j, &v[i]);
	}
	end_items(c, rc, &err);
}

void requests_show_one(struct call *c)
{
	struct hark_err err = {0};
	struct request_card card;
	int64_t id;
	if (!read_id(c, ID_REQUEST, "request", &id)) {
		return;
	}
	if (request_card_load(c->store, id, c->arena, &card, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	view_request_card(&c->j, &card);
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
	if (!read_id(c, ID_REQUEST, "request", &id)) {
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
	end_items(c, rc, &err);
}
