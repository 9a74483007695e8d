/* What is held about somebody. Who is meant stands in the body, so that it is in no address and no log. */
#include "monitor/api/api_in.h"
#include "monitor/api/view_privacy.h"
#include "monitor/model/id.h"

#include "monitor/base/log.h"
#include "monitor/config/values.h"
#include "monitor/store/audit.h"

#define WHO_MAX 50
#define WHO_BYTES 2000
#define REASON_MAX 500
#define DUE_DEFAULT 500
#define DUE_MAX 5000
#define MONTH_DAYS 30
#define DAY_MS (24 * 3600 * INT64_C(1000))

struct asked {
	struct str names[WHO_MAX];
	struct privacy_who who;
	struct privacy_found found;
	struct privacy_counts counts;
	struct privacy_hits hits;
	struct str reason;
	bool look, mentions;
	bool confirmed; /* that a name alone is who is meant */
};

/* "who": ["@handle", …]. False: the call is answered. */
static bool read_who(struct call *c, struct asked *a)
{
	const json_t *list = json_object_get(c->body, "who"), *one;
	size_t i;
	json_array_foreach((json_t *)(uintptr_t)list, i, one)
	{
		struct str text = str_c(json_string_value(one));
		if (i == WHO_MAX || text.n == 0 || text.n > WHO_BYTES) {
			a->who.n = 0;
			break;
		}
		a->names[a->who.n++] = text;
	}
	a->who.v = a->names;
	if (a->who.n == 0) {
		call_refuse(c, 422,
			"'who' is a list of 1 to %d texts: @handle, @handle@host, an e-mail address, the link of"
			" a profile, the number of somebody imported, or name: and what somebody is called who"
			" has none of these",
			WHO_MAX);
	}
	return a->who.n > 0;
}

/* Who is meant, and of names alone what they hit: that is shown before anything is done. */
static int find(struct store *s, struct call *c, struct asked *a, struct hark_err *err)
{
	int rc = privacy_find(s, &a->who, a->mentions, c->arena, &a->found, err);
	rc = rc == HARK_OK ? privacy_hits(s, &a->found, c->arena, &a->hits, err) : rc;
	if (rc == HARK_OK && privacy_by_name(&a->found) && !a->look && !a->confirmed) {
		rc = hark_err_set(err, HARK_EINVAL,
			"a name alone may be several people: look what it hits with \"dry_run\": true, then say"
			" \"confirmed\": true");
	}
	return rc;
}

/* On the writer's thread. */
static int opt_out(struct store *s, struct call *c, struct hark_err *err)
{
	struct asked *a = c->write_arg;
	int rc = find(s, c, a, err);
	if (rc == HARK_OK && !a->look) {
		rc = privacy_opt_out(s, &a->found, a->reason, c->now_ms, &a->counts, err);
	}
	view_privacy_opt_out(&c->j, &a->found, &a->counts, &a->hits, a->look);
	return rc;
}

void privacy_opt_out_some(struct call *c)
{
	static const char *const members[] = {"who", "reason", "dry_run", "confirmed", NULL};
	struct asked a = {0};
	if (call_knows(c, members) && call_text(c, "reason", REASON_MAX, &a.reason) &&
		call_bool(c, "dry_run", &a.look) && call_bool(c, "confirmed", &a.confirmed) &&
		read_who(c, &a)) {
		call_write(c, opt_out, &a);
	}
}

/* On the writer's thread. */
static int erase(struct store *s, struct call *c, struct hark_err *err)
{
	struct asked *a = c->write_arg;
	int rc = find(s, c, a, err);
	if (rc == HARK_OK) {
		rc = privacy_erase(s, &a->found, a->look, c->now_ms, &a->counts, err);
	}
	view_privacy_counts(&c->j, &a->counts, &a->hits, a->look);
	return rc;
}

void privacy_erase_some(struct call *c)
{
	static const char *const members[] = {"who", "dry_run", "mentions", "confirmed", NULL};
	struct asked a = {.look = true, .mentions = true};
	if (!call_knows(c, members) || !call_bool(c, "dry_run", &a.look) ||
		!call_bool(c, "mentions", &a.mentions) ||
		!call_bool(c, "confirmed", &a.confirmed) || !read_who(c, &a)) {
		return;
	}
	call_write(c, erase, &a);
	struct hark_err err = {0};
	if (!a.look && api_scrub(c->api, &err) != HARK_OK) {
		log_warn("what was erased is still in the store's log: %s", err.text);
	}
}

void privacy_export_some(struct call *c)
{
	static const char *const members[] = {"who", "confirmed", NULL};
	struct asked a = {.mentions = true};
	struct view_export e;
	struct hark_err err = {0};
	if (!call_knows(c, members) || !call_bool(c, "confirmed", &a.confirmed) ||
		!read_who(c, &a)) {
		return;
	}
	int rc = find(c->store, c, &a, &err);
	view_privacy_start(&e, &c->j, c->now_ms);
	rc = rc == HARK_OK ? privacy_export(c->store, &a.found, view_privacy_row, &e, &err) : rc;
	view_privacy_end(&e);
	if (rc == HARK_OK) {
		if (call_note(c)) {
			call_answer(c, 200);
		}
	} else {
		call_fail(c, &err);
	}
}

/* ---- texts and times ---- */

void privacy_show_notices(struct call *c)
{
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	view_privacy_notices(&c->j, c->setup->conf);
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}

struct keeping {
	struct retention limits;
	int64_t now_ms;
	struct retention_counts due;
	bool looked;
};

/* On the writer's thread: what is due goes, and the failure takes all of it back. */
static int look_at_due(struct store *s, void *arg, struct hark_err *err)
{
	struct keeping *k = arg;
	int rc = retention_all(s, &k->limits, k->now_ms, &k->due, err);
	k->looked = rc == HARK_OK;
	return k->looked ? hark_err_set(err, HARK_ESTATE, "only looked") : rc;
}

void privacy_show_retention(struct call *c)
{
	const struct conf *conf = c->setup->conf;
	struct keeping k = {
		.limits = {conf->keep_unmatched_ms, conf->keep_leads_ms}, .now_ms = c->now_ms};
	struct hark_err err = {0};
	bool look;
	if (!call_flag(c, "due", &look)) {
		return;
	}
	if (look && api_write(c->api, look_at_due, &k, &err) != HARK_OK && !k.looked) {
		call_fail(c, &err);
	} else {
		view_privacy_retention(&c->j, conf, look ? &k.due : NULL);
		call_answer(c, 200);
	}
}

#define AUDIT_DEFAULT 100
#define AUDIT_MAX 1000

void audit_list(struct call *c)
{
	struct hark_err err = {0};
	struct audit_entry *v;
	size_t n;
	struct call_page page;
	if (!call_page(c, AUDIT_DEFAULT, AUDIT_MAX, &page)) {
		return;
	}
	if (store_audit_list(c->store, page.place, page.max, c->arena, &v, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	call_items(c);
	size_t shown = n < page.max ? n : page.shown;
	for (size_t i = 0; i < shown; i++) {
		view_audit(&c->j, &v[i]);
	}
	call_items_end(c, shown < n ? v[shown - 1].id : 0);
	call_answer(c, 200);
}

void audit_check_all(struct call *c)
{
	struct hark_err err = {0};
	struct audit_check check = {.found = true};
	if (store_audit_check(c->store, http_query(c->x, "head"), &check, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	view_audit_check(&c->j, &check);
	call_answer(c, 200);
}

/* A place in the list as a cursor: people are even, leads odd. */
static int64_t place_of(const struct privacy_due *due)
{
	return due->person != 0 ? 2 * due->person : 2 * due->lead + 1;
}

static int64_t read_place(int64_t cursor)
{
	return cursor % 2 == 0 ? cursor / 2 : -(cursor / 2);
}

void privacy_list_due(struct call *c)
{
	struct hark_err err = {0};
	struct privacy_due *v;
	size_t n;
	int64_t days;
	struct call_page page;
	bool with_notice;
	struct str lang = http_query(c->x, "language");
	if (!call_flag(c, "notice", &with_notice) || !call_number(c, "days", 0, 3650, MONTH_DAYS, &days) ||
		!call_page(c, DUE_DEFAULT, DUE_MAX, &page)) {
		return;
	}
	if (lang.p != NULL && value_lang(lang, &err) != HARK_OK) {
		call_refuse(c, 400, "%s", err.text);
		return;
	}
	const struct privacy_due_page ask = {
		.within_ms = days * DAY_MS, .after = read_place(page.place), .max = page.max};
	int rc = privacy_due_list(c->store, c->now_ms, &ask, c->arena, &v, &n, &err);
	size_t shown = n < page.max ? n : page.shown;
	call_items(c);
	for (size_t i = 0; i < shown && rc == HARK_OK; i++) {
		struct notice notice;
		if (with_notice) {
			rc = notice_write(
				c->setup->conf, c->store, &v[i], lang, c->arena, &notice, &err);
		}
		view_privacy_due(&c->j, &v[i], with_notice && rc == HARK_OK ? &notice : NULL);
	}
	call_items_end(c, shown < n ? place_of(&v[shown - 1]) : 0);
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

/* On the writer's thread. */
static int informed(struct store *s, struct call *c, struct hark_err *err)
{
	const int64_t *id = c->write_arg;
	int rc = privacy_informed(s, *id, c->now_ms, err);
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "informed", *id);
	jsonout_end_object(&c->j);
	return rc;
}

void privacy_note_informed(struct call *c)
{
	static const char *const members[] = {NULL};
	int64_t id;
	if (!call_knows(c, members)) {
		return;
	}
	if (str_i64(c->arg, &id) && id > 0) {
		call_write(c, informed, &id);
	} else {
		call_refuse(c, 404, "there is nobody of that number");
	}
}

/* On the writer's thread. */
static int informed_of_lead(struct store *s, struct call *c, struct hark_err *err)
{
	const int64_t *id = c->write_arg;
	char text[ID_TEXT_MAX];
	int rc = privacy_informed_of_lead(s, *id, c->now_ms, err);
	jsonout_object(&c->j);
	jsonout_key_c(&c->j, "informed", id_text(ID_LEAD, *id, text));
	jsonout_end_object(&c->j);
	return rc;
}

/* Whom a lead is about, if nobody has imported them. */
void privacy_note_informed_of_lead(struct call *c)
{
	static const char *const members[] = {NULL};
	int64_t id;
	if (!call_knows(c, members)) {
		return;
	}
	if (id_parse(ID_LEAD, c->arg, &id)) {
		call_write(c, informed_of_lead, &id);
	} else {
		call_refuse(c, 404, "there is no lead of that name");
	}
}
