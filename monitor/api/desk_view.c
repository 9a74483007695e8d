#include "monitor/api/desk_view.h"

#include "monitor/api/words.h"
#include "monitor/model/id.h"
#include "monitor/model/step.h"
#include "monitor/references/reader.h"

#define SENTENCE_MAX 4096

/* ---- a reference ---- */

static void withhold(struct store *s, enum role reader, struct reference_card *card)
{
	size_t kept = 0;
	for (size_t i = 0; i < card->statements_n; i++) {
		const struct statement *w = &card->statements[i];
		if (reader_is_told(s, reader, w)) {
			card->statements[kept++] = *w;
		}
	}
	card->withheld = card->statements_n - kept;
	card->statements_n = kept;
}

static bool is_about(const struct conf_ref_regulated *entry, const struct reference_card *card)
{
	bool found = guard_regulates(entry, &card->facts.sales, card->facts.sales.product);
	for (size_t i = 0; i < card->statements_n && !found; i++) {
		found = guard_regulates(
			entry, &card->facts.sales, card->statements[i].product);
	}
	return found;
}

/* Whoever signs has to know where it may be used at all. */
static int list_regulated(
	const struct conf_refs *refs, struct arena *arena, struct reference_card *card)
{
	bool any = guard_has(&card->guard, GUARD_REGULATED);
	size_t cap = 0;
	for (size_t i = 0; i < card->statements_n; i++) {
		any = any || card->statements[i].regulated;
	}
	for (size_t i = 0; any && i < refs->regulated_n; i++) {
		const struct conf_ref_regulated *entry = &refs->regulated[i];
		if (!is_about(entry, card)) {
			continue;
		}
		struct regulated_entry *grown = arena_grow(
			arena, card->regulated, card->regulated_n, &cap, sizeof(*grown));
		if (grown == NULL) {
			return HARK_ENOMEM;
		}
		card->regulated = grown;
		grown[card->regulated_n++] = (struct regulated_entry){entry,
			entry->region == NULL ||
				str_eq_nocase(str_c(entry->region), card->facts.sales.region)};
	}
	return HARK_OK;
}

int reference_card_load(struct store *s, const struct conf *conf, int64_t id, enum role reader,
	int64_t now_ms, struct arena *arena, struct reference_card *out, struct hark_err *err)
{
	const struct favour_filter theirs = {.reference = id};
	*out = (struct reference_card){0};
	int rc = store_reference_load(s, id, arena, &out->r, err);
	if (rc == HARK_OK) {
		rc = store_reference_statements(
			s, id, arena, &out->statements, &out->statements_n, err);
	}
	if (rc == HARK_OK) {
		rc = store_reference_events(s, id, arena, &out->events, &out->events_n, err);
	}
	if (rc == HARK_OK) {
		rc = store_favour_list(s, &theirs, arena, &out->favours, &out->favours_n, err);
	}
	if (rc == HARK_OK) {
		rc = guard_ask(s, conf, &out->r, STR_NONE, now_ms, arena, &out->guard, err);
	}
	if (rc == HARK_OK) {
		rc = store_reference_facts(s, &out->r, STR_NONE,
			now_ms - conf->references.cap_window_ms, now_ms, arena, &out->facts, err);
	}
	if (rc == HARK_OK && list_regulated(&conf->references, arena, out) != HARK_OK) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for what is regulated");
	}
	if (rc == HARK_OK) {
		withhold(s, reader, out);
	}
	return rc;
}

/* The sentence for those who have the pages before them, in `to`. */
static struct str said(struct str sentence, struct buf *to)
{
	buf_clear(to);
	words_for_pages(sentence, to);
	return sentence.p != NULL ? buf_str(to) : sentence;
}

/* Members of the open object; `facts` may be NULL. Whom to ask is only told where nothing is against it. */
static void write_guard(struct jsonout *j, const struct reference *r,
	const struct guard_answer *guard, const struct reference_facts *facts)
{
	struct buf why, words;
	buf_init(&why, SENTENCE_MAX);
	buf_init(&words, SENTENCE_MAX);
	jsonout_key(j, "guard");
	jsonout_object(j);
	jsonout_key_bool(j, "may_ask", guard->may_ask);
	jsonout_key_time(j, "next_free", guard->free_ms);
	jsonout_key(j, "verdicts");
	jsonout_array(j);
	for (size_t i = 0; i < guard->n; i++) {
		const struct guard_verdict *v = &guard->v[i];
		jsonout_object(j);
		jsonout_key_c(j, "cause", guard_cause_name(v->cause));
		jsonout_key_bool(j, "blocks", v->blocks);
		buf_clear(&why);
		guard_about(v, &why);
		jsonout_key_str(j, "why", said(buf_str(&why), &words));
		jsonout_key_str(j, "value", v->value);
		jsonout_key_str(j, "threshold", v->threshold);
		jsonout_key_time(j, "next_free", v->free_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	buf_release(&words);
	buf_release(&why);
	if (facts != NULL) {
		jsonout_key_str(j, "cases_as_of", facts->cases_age);
		jsonout_key_str(j, "deals_as_of", facts->deals_age);
	}
	jsonout_end_object(j);
	if (guard->may_ask) {
		jsonout_key_str(j, "ask_through", r->gatekeeper);
	}
}

void view_reference(struct jsonout *j, const struct reference *r, const struct guard_answer *guard,
	const struct statement *said)
{
	jsonout_object(j);
	reference_json(r, j);
	write_guard(j, r, guard, NULL);
	if (said != NULL) {
		jsonout_key(j, "said");
		statement_json(said, j);
	}
	jsonout_end_object(j);
}

static void write_regulated(struct jsonout *j, const struct reference_card *card)
{
	jsonout_key(j, "regulated");
	jsonout_array(j);
	for (size_t i = 0; i < card->regulated_n; i++) {
		const struct conf_ref_regulated *g = card->regulated[i].entry;
		jsonout_object(j);
		jsonout_key_c(j, "region", g->region);
		jsonout_key_c(j, "industry", g->industry);
		jsonout_key_c(j, "product", g->product);
		jsonout_key_c(j, "why", g->why);
		jsonout_key_bool(j, "theirs", card->regulated[i].theirs);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_history(struct jsonout *j, const struct reference_card *card)
{
	struct buf words;
	buf_init(&words, SENTENCE_MAX);
	jsonout_key(j, "history");
	jsonout_array(j);
	for (size_t i = 0; i < card->events_n; i++) {
		struct step e = card->events[i];
		e.note = said(e.note, &words);
		step_json(&e, j);
	}
	jsonout_end_array(j);
	buf_release(&words);
}

static void write_favours(struct jsonout *j, const struct reference_card *card)
{
	jsonout_key(j, "values");
	jsonout_array(j);
	for (size_t i = 0; i < card->favours_n; i++) {
		const struct favour *f = &card->favours[i];
		jsonout_object(j);
		jsonout_key_i64(j, "entry", f->id);
		jsonout_key_str(j, "side", f->side);
		jsonout_key_str(j, "what", f->what);
		if (f->cents != COUNT_NONE) {
			jsonout_key_i64(j, "worth", f->cents / 100);
		}
		jsonout_key_str(j, "currency", f->currency);
		jsonout_key_time(j, "at", f->at_ms);
		jsonout_key_time(j, "until", f->until_ms);
		jsonout_key_str(j, "by", f->actor);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void view_reference_card(struct jsonout *j, const struct reference_card *card)
{
	jsonout_object(j);
	reference_json(&card->r, j);
	write_guard(j, &card->r, &card->guard, &card->facts);
	if (card->regulated_n > 0) {
		write_regulated(j, card);
	}
	statements_json(card->statements, card->statements_n, j);
	if (card->withheld > 0) {
		jsonout_key_i64(j, "withheld", (int64_t)card->withheld);
	}
	write_favours(j, card);
	write_history(j, card);
	jsonout_end_object(j);
}

/* ---- a request ---- */

int request_card_load(struct store *s, int64_t id, struct arena *arena, struct request_card *out,
	struct hark_err *err)
{
	*out = (struct request_card){0};
	int rc = store_request_load(s, id, arena, &out->r, err);
	if (rc == HARK_OK) {
		rc = store_request_names(s, id, arena, &out->names, &out->names_n, err);
	}
	if (rc == HARK_OK) {
		rc = store_request_events(s, id, arena, &out->events, &out->events_n, err);
	}
	return rc == HARK_OK ? store_activities_of(s, id, arena, &out->uses, &out->uses_n, err)
			     : rc;
}

static void write_lines(struct jsonout *j, const char *key, struct str lines)
{
	struct str line;
	jsonout_key(j, key);
	jsonout_array(j);
	while (!str_empty(lines) && str_split(&lines, '\n', &line)) {
		jsonout_str(j, line);
	}
	jsonout_end_array(j);
}

/* Members of the open object. */
static void write_request(struct jsonout *j, const struct request *r)
{
	char id[ID_TEXT_MAX];
	if (r->id != 0) {
		jsonout_key_c(j, "id", id_text(ID_REQUEST, r->id, id));
	}
	jsonout_key_c(j, "state", request_state_name(r->state));
	jsonout_key_str(j, "opportunity", r->deal);
	jsonout_key_str(j, "account", r->account_name);
	jsonout_key_str(j, "stage", r->stage);
	if (r->value_cents >= 0) {
		jsonout_key_i64(j, "value_cents", r->value_cents);
	}
	jsonout_key_str(j, "currency", r->currency);
	jsonout_key_str(j, "rep", r->rep);
	jsonout_key_str(j, "activity", r->activity);
	jsonout_key_str(j, "role", r->role);
	write_lines(j, "weighs", r->weighs);
	jsonout_key_str(j, "rule", r->rule);
	jsonout_key_str(j, "why", r->why);
	jsonout_key_time(j, "asked", r->created_ms);
	jsonout_key_time(j, "first_name", r->first_ms);
	jsonout_key_bool(j, "overdue", r->state == REQUEST_OPEN && r->level > 0);
	jsonout_key_time(j, "due", r->due_ms);
	jsonout_key_time(j, "ended", r->ended_ms);
	jsonout_key_str(j, "ended_by", r->ended_by);
}

void view_request(struct jsonout *j, const struct request *r)
{
	jsonout_object(j);
	write_request(j, r);
	jsonout_end_object(j);
}

static void write_name(struct jsonout *j, const struct request_name *n)
{
	jsonout_object(j);
	jsonout_key_i64(j, "reference", n->reference);
	jsonout_key_str(j, "name", n->person);
	jsonout_key_str(j, "account", n->account);
	jsonout_key_str(j, "lent_by", n->lender);
	jsonout_key_time(j, "at", n->at_ms);
	jsonout_end_object(j);
}

static void write_use(struct jsonout *j, const struct activity *a)
{
	jsonout_object(j);
	jsonout_key_i64(j, "reference", a->reference);
	jsonout_key_str(j, "activity", a->activity);
	jsonout_key_time(j, "at", a->at_ms);
	jsonout_key_str(j, "expected", a->expected);
	jsonout_key_str(j, "prospect", a->prospect_tone);
	jsonout_key_str(j, "customer", a->customer_tone);
	if (a->minutes >= 0) {
		jsonout_key_i64(j, "minutes", a->minutes);
	}
	jsonout_key_str(j, "lessons", a->lessons);
	jsonout_end_object(j);
}

static void write_event(struct jsonout *j, const struct step *e)
{
	struct buf words;
	buf_init(&words, SENTENCE_MAX);
	struct step step = *e;
	step.note = said(e->note, &words);
	step_json(&step, j);
	buf_release(&words);
}

void view_request_card(struct jsonout *j, const struct request_card *card)
{
	jsonout_object(j);
	write_request(j, &card->r);
	jsonout_key(j, "names");
	jsonout_array(j);
	for (size_t i = 0; i < card->names_n; i++) {
		write_name(j, &card->names[i]);
	}
	jsonout_end_array(j);
	jsonout_key(j, "outcomes");
	jsonout_array(j);
	for (size_t i = 0; i < card->uses_n; i++) {
		write_use(j, &card->uses[i]);
	}
	jsonout_end_array(j);
	jsonout_key(j, "history");
	jsonout_array(j);
	for (size_t i = 0; i < card->events_n; i++) {
		write_event(j, &card->events[i]);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

/* ---- who fits ---- */

bool peer_fits(const struct peer *p)
{
	return p->guard.may_ask && !p->same_account;
}

static void write_reasons(struct jsonout *j, const struct peer *p)
{
	jsonout_key(j, "reasons");
	jsonout_array(j);
	for (size_t i = 0; i < p->reasons_n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "what", p->reasons[i].what);
		jsonout_key_str(j, "value", p->reasons[i].value);
		jsonout_key_i64(j, "points", p->reasons[i].points);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

/* Sentences; none where they fit. */
static void write_against(struct jsonout *j, const struct peer *p)
{
	struct buf text, words;
	buf_init(&text, SENTENCE_MAX);
	buf_init(&words, SENTENCE_MAX);
	jsonout_key(j, "left_out");
	jsonout_array(j);
	if (p->same_account) {
		jsonout_str(j, STR("works at the prospect"));
	}
	for (size_t i = 0; i < p->guard.n; i++) {
		if (p->guard.v[i].blocks) {
			buf_clear(&text);
			guard_sentence(&p->guard.v[i], &text);
			jsonout_str(j, said(buf_str(&text), &words));
		}
	}
	jsonout_end_array(j);
	buf_release(&words);
	buf_release(&text);
}

void view_peer(struct jsonout *j, const struct peer *p)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_c(j, "reference", id_text(ID_REFERENCE, p->reference.id, id));
	jsonout_key_i64(j, "points", p->points);
	jsonout_key_str(j, "name", p->reference.person_name);
	jsonout_key_str(j, "title", p->reference.title);
	jsonout_key_str(j, "account", p->reference.account_name);
	jsonout_key_bool(j, "fits", peer_fits(p));
	write_reasons(j, p);
	write_against(j, p);
	jsonout_key_c(j, "permission", permission_name(p->reference.permission));
	if (peer_fits(p)) {
		jsonout_key_str(j, "contact", p->reference.gatekeeper);
	}
	jsonout_key_time(j, "next_free", p->guard.free_ms);
	jsonout_end_object(j);
}
