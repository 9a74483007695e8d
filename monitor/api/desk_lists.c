/* What waits at the reference desk, and what leaves the house, by the functions hark references reads it with. */
#include "monitor/api/desk.h"
#include "monitor/api/list_view.h"

#include "monitor/model/id.h"
#include "monitor/references/brief.h"
#include "monitor/references/owners.h"
#include "monitor/references/pack.h"

#define NAME_MAX 400

/* False: answered. */
static bool read_name(struct call *c, const char *name, struct str *out)
{
	*out = str_trim(http_query(c->x, name));
	if (out->n > NAME_MAX) {
		call_refuse(c, 400, "'%s' has at most %d bytes", name, NAME_MAX);
		return false;
	}
	return true;
}

/* ?reference=ref_7; 0: it is not there. False: answered. */
static bool read_reference(struct call *c, int64_t *out)
{
	struct str text = http_query(c->x, "reference");
	*out = 0;
	if (text.p != NULL && !id_parse(ID_REFERENCE, text, out)) {
		call_refuse(c, 400, "'reference' is a number, or a name such as ref_7");
		return false;
	}
	return true;
}

/* ---- what waits ---- */

void tasks_list(struct call *c)
{
	struct list_filter f = {0};
	if (call_flag(c, "done", &f.done) && call_flag(c, "historic", &f.historic)) {
		list_answer(c, "tasks", LIST_TASKS, &f, false);
	}
}

void service_list(struct call *c)
{
	struct list_filter f = {0};
	if (call_flag(c, "all", &f.all)) {
		list_answer(c, "service", LIST_SERVICE, &f, false);
	}
}

void peeks_list(struct call *c)
{
	struct list_filter f = {0};
	if (call_flag(c, "all", &f.all) && call_flag(c, "due", &f.due)) {
		list_answer(c, "peeks", LIST_PEEKS, &f, false);
	}
}

void values_list(struct call *c)
{
	struct list_filter f = {0};
	bool sums;
	if (!call_flag(c, "all", &f.all) || !call_flag(c, "by_account", &sums) ||
		!read_reference(c, &f.reference) || !read_name(c, "account", &f.account)) {
		return;
	}
	if (sums && f.all) {
		call_refuse(c, 400, "sums are of what stands: 'by_account' or 'all'");
	} else {
		list_answer(c, "values", sums ? LIST_VALUE_SUMS : LIST_VALUES, &f, false);
	}
}

/* Who owns references of an account, and why. */
void accounts_owner(struct call *c)
{
	struct hark_err err = {0};
	struct owners_answer a;
	int64_t account;
	if (!desk_read_id(c, "account", "account", &account)) {
		return;
	}
	if (owners_of(c->store, c->setup->conf, account, c->arena, &a, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	owners_json(&a, &c->j);
	call_answer(c, 200);
}

/* ---- what leaves the house ---- */

static void answer_voices(struct call *c, const char *name, enum list list)
{
	struct list_filter f = {0};
	if (read_reference(c, &f.reference) && read_name(c, "account", &f.account) &&
		read_name(c, "product", &f.product) && read_name(c, "industry", &f.industry)) {
		f.reference = list == LIST_QUOTES ? f.reference : 0;
		list_answer(c, name, list, &f, false);
	}
}

void quotes_list(struct call *c)
{
	answer_voices(c, "quotes", LIST_QUOTES);
}

void proof_list(struct call *c)
{
	answer_voices(c, "proof", LIST_PROOF);
}

void prospect_list(struct call *c)
{
	answer_voices(c, "prospect", LIST_PROSPECT);
}

void references_coach(struct call *c)
{
	struct list_filter f = {0};
	if (desk_read_id(c, ID_REFERENCE, "reference", &f.reference)) {
		list_answer(c, "coach", LIST_COACH, &f, false);
	}
}

void references_brief(struct call *c)
{
	struct hark_err err = {0};
	const struct reader who = call_reader(c);
	struct brief b;
	int64_t id;
	if (!desk_read_id(c, ID_REFERENCE, "reference", &id)) {
		return;
	}
	if (brief_load(&who, id, &b, &err) != HARK_OK) {
		call_fail(c, &err);
	} else if (call_note(c)) {
		brief_json(&b, &c->j);
		call_answer(c, 200);
	}
}

static void answer_pack(struct call *c, const struct pack *p, bool csv)
{
	struct sheet s;
	pack_sheet(p, &s);
	if (s.rc != HARK_OK) {
		call_refuse(c, 503, "no memory for the pack");
	} else if (csv) {
		sheet_csv(&s, &c->out);
		call_answer_table(c, STR("pack"));
	} else if (call_note(c)) {
		pack_json(p, &s, &c->j);
		call_answer(c, 200);
	}
	sheet_release(&s);
}

void pack_show(struct call *c)
{
	struct hark_err err = {0};
	const struct reader who = call_reader(c);
	struct pack_ask ask = {0};
	struct pack p;
	bool csv;
	if (!call_wants_csv(c, &csv) ||
		!call_flag(c, "without_critical", &ask.without_critical) ||
		!read_name(c, "deal", &ask.deal) ||
		!read_name(c, "product", &ask.product) ||
		!read_name(c, "industry", &ask.industry)) {
		return;
	}
	if (str_empty(ask.deal)) {
		call_refuse(c, 400,
			"'deal' is an opportunity by its id or name, or a request such as req_4");
	} else if (pack_make(&who, &ask, &p, &err) != HARK_OK) {
		call_fail(c, &err);
	} else {
		answer_pack(c, &p, csv);
	}
}
