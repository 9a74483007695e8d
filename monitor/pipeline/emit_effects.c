#include "monitor/pipeline/emit_effects.h"

#include "monitor/leads/raise.h"
#include "monitor/people/company_name.h"
#include "monitor/pipeline/emit_lead.h"
#include "monitor/pipeline/emit_move.h"
#include "monitor/store/driver.h"
#include "monitor/store/encounters.h"
#include "monitor/store/leads.h"
#include "monitor/store/references.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX 8192
#define PENDING_MAX 50
#define EMITS 6

/* One move whose consequences are drawn. */
struct drawing {
	struct emitter *e;
	const struct move_post *post;
	bool is_new;
	struct move_row m;
	struct move_facts facts;
	struct met met;
	struct orphan *orphans;
	size_t orphans_n;
	const char *class; /* the narrowest of what followed */
};

static struct str keep(struct drawing *d, struct buf *b)
{
	struct str text = arena_str(&d->e->kept, buf_str(b));
	buf_release(b);
	return text;
}

/* --- the case --- */

static unsigned account_bits(int64_t account, struct str kind, struct str name)
{
	return account != 0 ? effect_account_kind(kind) : name.n > 0 ? AT_OTHER : AT_UNKNOWN;
}

static struct effect_case case_of(const struct drawing *d)
{
	const struct move_row *m = &d->m;
	const struct move_facts *f = &d->facts;
	bool left = str_eq_c(m->event, "left") && m->to.n == 0;
	bool stays = m->to.n > 0 && m->from.n > 0 && company_name_same(m->to, m->from);
	return (struct effect_case){
		.who = (str_eq_c(f->person_kind, "staff") ? MOVER_STAFF : MOVER_CONTACT) |
		       (f->gatekeeper ? MOVER_GATEKEEPER : 0u),
		.joins = left ? 0 : account_bits(m->to_account, f->new_kind, m->to),
		.leaves = stays ? 0 : account_bits(m->from_account, f->old_kind, m->from),
		.deal_new = f->deal_new,
		.deal_old = f->deal_old,
		.client = f->client,
		.rival_plan = f->rival_plan};
}

/* --- words --- */

struct slot {
	const char *name;
	struct str value, otherwise;
};

/* A slot without a value takes the space in front of it along. */
static struct str fill(struct drawing *d, const char *template, const struct effect *e)
{
	const struct move_row *m = &d->m;
	const struct slot slots[] = {{"{person}", d->met.name, STR("somebody")},
		{"{to}", m->to, STR("another employer")},
		{"{from}", m->from, STR("the former employer")}, {"{role}", m->title, STR("")},
		{"{was}", m->was_title, STR("")},
		{"{deal}", e->deal == DEAL_NEW ? d->facts.deal_new_name : d->facts.deal,
			STR("a deal")}};
	struct buf b;
	buf_init(&b, TEXT_MAX);
	for (struct str rest = str_c(template); rest.n > 0;) {
		size_t used = 0;
		for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]) && used == 0; i++) {
			if (str_starts(rest, str_c(slots[i].name))) {
				struct str v =
					slots[i].value.n > 0 ? slots[i].value : slots[i].otherwise;
				used = strlen(slots[i].name);
				b.n -= v.n == 0 && b.n > 0 && b.p[b.n - 1] == ' ';
				buf_add_str(&b, v);
			}
		}
		if (used == 0) {
			buf_add_char(&b, rest.p[0]);
			used = 1;
		}
		rest = str_n(rest.p + used, rest.n - used);
	}
	return keep(d, &b);
}

static void add_company(struct buf *b, const char *before, struct str name, struct str kind)
{
	if (name.n > 0) {
		buf_printf(b, " %s %.*s", before, STR_FMT(name));
		if (kind.n > 0) {
			buf_printf(b, " (%.*s)", STR_FMT(kind));
		}
	}
}

static void add_orphans(const struct drawing *d, struct buf *b)
{
	for (size_t i = 0; i < d->orphans_n; i++) {
		buf_add_c(b, i == 0 ? "; references at risk: " : ", ");
		buf_add_str(b, d->orphans[i].text);
	}
}

/* "Odalys Merrick joins Initech (prospect) as COO from Globex (customer): champion-moved; 2 sources, grade B". */
static struct str why(struct drawing *d, const struct effect *e)
{
	const struct move_row *m = &d->m;
	const struct move_facts *f = &d->facts;
	struct buf b;
	bool left = m->to.n == 0 && str_eq_c(m->event, "left");
	buf_init(&b, TEXT_MAX);
	buf_add_str(&b, d->met.name);
	if (left) {
		add_company(&b, "leaves", m->from, f->old_kind);
	} else {
		add_company(&b, "joins", m->to, f->new_kind);
		buf_add_c(&b, m->to.n == 0 ? " starts a new job" : "");
		if (m->title.n > 0) {
			buf_printf(&b, " as %.*s", STR_FMT(m->title));
		}
		add_company(&b, "from", m->from, f->old_kind);
	}
	buf_printf(&b, ": %s; %lld source%s, grade %c", e->name, (long long)m->sources,
		m->sources == 1 ? "" : "s", m->grade);
	if (e->rival_plan && f->plan.n > 0) {
		buf_printf(&b, "; the plan there is with %.*s", STR_FMT(f->plan));
	}
	if (m->contradicts != 0) {
		buf_printf(&b, "; move %lld says otherwise", (long long)m->contradicts);
	}
	if (e->make == MAKE_ALERT && f->accounts_n > 0) {
		buf_printf(&b, "; %zu account%s at risk: %.*s", f->accounts_n,
			f->accounts_n == 1 ? "" : "s", STR_FMT(f->accounts));
	}
	if (e->make == MAKE_ALERT) {
		add_orphans(d, &b);
	}
	return keep(d, &b);
}

/* --- what is made --- */

static struct str account_id(struct drawing *d, int64_t account)
{
	struct db_query *q = db_query(store_db(d->e->store),
		"SELECT COALESCE(external_id, 'account_' || id) FROM accounts WHERE id = $1");
	db_i64(q, account);
	struct str id = db_step(q) ? db_col_copy(q, 0, &d->e->kept) : STR_NONE;
	db_done(q);
	return id;
}

static int64_t account_about(const struct drawing *d, const struct effect *e)
{
	return e->about == ABOUT_NEW   ? d->m.to_account
	       : e->about == ABOUT_OLD ? d->m.from_account
				       : 0;
}

static struct subject subject_of(struct drawing *d, const struct effect *e)
{
	int64_t account = account_about(d, e);
	if (account == 0) {
		return (struct subject){d->met.kind, d->met.id, d->met.name};
	}
	return (struct subject){STR("account"), account_id(d, account),
		e->about == ABOUT_NEW ? d->m.to : d->m.from};
}

/* As rules write it. */
static struct str lead_key(struct drawing *d, const struct subject *s, enum signal_kind kind)
{
	struct buf b;
	buf_init(&b, TEXT_MAX);
	buf_printf(&b, "%.*s:%.*s", STR_FMT(s->kind), STR_FMT(s->id));
	for (size_t i = 0; i < b.n; i++) {
		b.p[i] = b.p[i] == '|' ? ' ' : b.p[i];
	}
	buf_printf(&b, "|%s", signal_kind_name(kind));
	return keep(d, &b);
}

static size_t emits_of(const struct drawing *d, struct emit out[EMITS])
{
	const struct emit all[EMITS] = {{STR("person"), d->met.name}, {STR("employer"), d->m.to},
		{STR("role"), d->m.title}, {STR("left"), d->m.from}, {STR("plan"), d->facts.plan},
		{STR("deal"), d->facts.deal.n > 0 ? d->facts.deal : d->facts.deal_new_name}};
	size_t n = 0;
	for (size_t i = 0; i < EMITS; i++) {
		if (all[i].value.n > 0) {
			out[n++] = all[i];
		}
	}
	return n;
}

/* Whether it says where they are now: whoever moves twice is not where the move before led. */
static bool is_latest(const struct drawing *d)
{
	const struct move_filter filter = {
		.whose = MOVES_KNOWN, .person = d->m.person, .max = 1};
	struct move_row *v;
	size_t n;
	return d->m.contradicts == 0 &&
	       store_move_list(d->e->store, &filter, &d->e->kept, &v, &n, NULL) == HARK_OK &&
	       n > 0 && v[0].id == d->m.id;
}

/* What told of the move has raised a lead of its own where it was not known yet who moved: that one goes on, and takes
 * in what follows. */
static void go_on(struct drawing *d, const struct signal *g)
{
	struct emitter *e = d->e;
	const struct lead key = {.kind = str_c(signal_kind_name(g->kind)),
		.key = g->lead_key,
		.visibility = g->visibility};
	int64_t *ids = NULL;
	size_t n = 0;
	if (emit_lead_joins(e, &key) != 0 ||
		store_lead_of_story(e->store, d->post->story, &e->kept, &ids, &n, NULL) != HARK_OK) {
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct lead lead;
		if (store_lead_load(e->store, ids[i], &e->kept, &lead, NULL) == HARK_OK &&
			lead.closed_ms == 0 && lead.historic == d->post->historic &&
			str_eq(lead.kind, key.kind) && str_eq(lead.visibility, key.visibility) &&
			str_eq(lead.subject.id, d->met.id)) {
			store_lead_answer_to(e->store, &key, lead.id, e->now_ms + g->lead_window_ms);
			return;
		}
	}
}

/* The lead that it made or joined, 0: none. */
static int64_t raise_lead(struct drawing *d, const struct effect *e)
{
	struct emit emits[EMITS];
	struct buf rule;
	buf_init(&rule, TEXT_MAX);
	buf_printf(&rule, EFFECT_RULE "%s", e->name);
	struct signal g = {.rule = keep(d, &rule),
		.rule_file = str_c(d->e->conf->effects_path),
		.kind = e->kind,
		.level = e->level,
		.score = (int)e->score,
		.subject = subject_of(d, e),
		.title = fill(d, e->title, e),
		.route = str_c(e->route),
		.visibility = str_c(e->class),
		.emit = emits,
		.emit_n = emits_of(d, emits),
		.lead_window_ms = e->window_ms,
		.supersedes = is_latest(d),
		.explain = why(d, e)};
	g.lead_key = lead_key(d, &g.subject, e->kind);
	if (d->e->kept.rc != HARK_OK) {
		db_fail(store_db(d->e->store), HARK_ENOMEM,
			"no memory for what follows from a move");
		return 0;
	}
	d->e->moved = (struct move_lead){.key = g.lead_key,
		.class = g.visibility,
		.subject = g.subject,
		.person_id = d->met.id,
		.account_id = d->m.to_account != 0 ? account_id(d, d->m.to_account) : STR_NONE};
	if (!d->is_new && store_signal_refresh(d->e->store, &g, d->post->post)) {
		return 0;
	}
	go_on(d, &g);
	struct signal_place place = {.post = d->post->post,
		.story = d->post->story,
		.visibility = e->class,
		.historic = d->post->historic,
		.now_ms = d->e->now_ms};
	int64_t next = d->e->next_signal;
	d->e->next_signal = store_signal_ids(d->e->store, 1);
	bool raised = emit_signal(d->e, &g, &place, d->post->published, false);
	d->e->next_signal = next;
	d->e->counts->signals += raised;
	return raised ? place.lead : 0;
}

void emit_effects_gather(const struct emitter *e, struct signal *signal)
{
	const struct move_lead *m = &e->moved;
	struct str id = signal->subject.id;
	if (signal->kind == SIGNAL_JOB_MOVE && m->key.n > 0 && id.n > 0 &&
		(str_eq(id, m->person_id) || str_eq(id, m->account_id))) {
		signal->subject = m->subject;
		signal->lead_key = m->key;
		signal->visibility = m->class;
	}
}

static void note_class(struct drawing *d, const struct effect *e)
{
	if (strcmp(e->class, VISIBILITY_ALL) != 0) {
		d->class = e->class;
	}
}

static void add_effect(
	struct drawing *d, const struct effect *e, int64_t lead, int64_t reference, struct str text)
{
	const struct move_effect row = {.move = d->m.id,
		.lead = lead,
		.account = account_about(d, e),
		.reference = reference,
		.effect = str_c(e->name),
		.make = str_c(effect_make_name(e->make)),
		.text = text,
		.class = str_c(e->class),
		.at_ms = d->e->now_ms};
	store_move_effect_add(d->e->store, &row);
	note_class(d, e);
}

/* An account may be loyal to whoever goes, not to us. */
static void note_praised(struct drawing *d)
{
	struct praised_at *v;
	struct buf b;
	size_t n;
	store_move_praised(d->e->store, &d->m, &d->e->kept, &v, &n);
	for (size_t i = 0; i < n; i++) {
		buf_init(&b, TEXT_MAX);
		buf_printf(&b, "At risk: %.*s, whom they praise at %.*s, has left",
			STR_FMT(d->met.name), STR_FMT(v[i].name));
		const struct move_effect row = {.move = d->m.id,
			.account = v[i].account,
			.reference = v[i].reference,
			.effect = STR("praised"),
			.make = str_c(effect_make_name(MAKE_NOTE)),
			.text = keep(d, &b),
			.class = str_c(d->class != NULL ? d->class : VISIBILITY_ALL),
			.at_ms = d->e->now_ms};
		store_move_effect_add(d->e->store, &row);
	}
}

static void make(struct drawing *d, const struct effect *e)
{
	switch (e->make) {
	case MAKE_LEAD:
	case MAKE_ALERT:
		if (d->post != NULL) {
			add_effect(d, e, raise_lead(d, e), 0, fill(d, e->title, e));
		}
		return;
	case MAKE_NOTE:
		if (account_about(d, e) != 0) {
			add_effect(d, e, 0, 0, fill(d, e->title, e));
		}
		return;
	case MAKE_ORPHANS:
		note_class(d, e);
		note_praised(d);
		store_references_orphan(
			d->e->store, d->m.person, d->class != NULL, d->e->now_ms);
		for (size_t i = 0; i < d->orphans_n; i++) {
			add_effect(d, e, 0, d->orphans[i].reference, d->orphans[i].text);
		}
		return;
	}
}

void emit_effects(struct emitter *e, int64_t move, const struct move_post *post, bool is_new)
{
	struct drawing d = {.e = e, .post = post, .is_new = is_new};
	if (e->conf->effects_n == 0 || !store_move_row(e->store, move, &e->kept, &d.m) ||
		d.m.person == 0 ||
		!store_person_met(e->store, &e->optouts, d.m.person, &e->kept, &d.met)) {
		return;
	}
	d.m.person = d.met.person;
	store_move_facts(e->store, &d.m, company_name_same, &e->kept, &d.facts);
	store_move_orphans(e->store, &d.m, &e->kept, &d.orphans, &d.orphans_n);
	struct effect_case c = case_of(&d);
	for (int i = 0; i < EFFECT_MAKES; i++) {
		const struct effect *row =
			effect_find(e->conf->effects, e->conf->effects_n, &c, (enum effect_make)i);
		if (row != NULL) {
			make(&d, row);
		}
	}
	store_move_settled(e->store, move, str_c(d.class));
}

/* --- outside of a batch --- */

bool emit_pending_moves(
	struct store *s, const struct conf *conf, int64_t now_ms, struct emit_counts *out)
{
	const struct batch none = {.received_ms = now_ms};
	struct emitter e = {
		.store = s, .conf = conf, .batch = &none, .now_ms = now_ms, .counts = out};
	int64_t *moves;
	size_t n;
	arena_init(&e.scratch, 0);
	arena_init(&e.kept, 0);
	store_move_pending(s, PENDING_MAX, &e.kept, &moves, &n);
	if (n > 0) {
		optouts_init(&e.optouts, s, NULL);
		for (size_t i = 0; i < n; i++) {
			struct move_post post;
			bool told = store_move_best_post(s, moves[i], &post);
			emit_signals_begin(&e);
			emit_effects(&e, moves[i], told ? &post : NULL, true);
			store_move_settled(s, moves[i], STR_NONE);
		}
		emit_leads_save(&e);
		emit_alerts(&e);
		optouts_release(&e.optouts);
	}
	arena_release(&e.scratch);
	arena_release(&e.kept);
	free(e.touched);
	return n == PENDING_MAX;
}
