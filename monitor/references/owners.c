#include "monitor/references/owners.h"

#include "monitor/references/permission.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define ACCOUNT_OWNER "account-owner"
#define DEAL_OWNER "deal-owner"
#define PARTNER "partner"
#define PREFERRED "preferred"
#define MARKETING "marketing"

static const char *const indirect[] = {"partner", "agent", "via-agent"};
static const char *const many[] = {"B2C", "B2SB"};

/* Where there are no repeat sales no rep knows the customer. */
static const struct conf_ref_owner built_in[] = {
	{.channels = indirect, .channels_n = 3, .owner = PARTNER},
	{.motions = indirect, .motions_n = 3, .owner = PARTNER},
	{.motions = many, .motions_n = 2, .owner = MARKETING},
	{.owner = ACCOUNT_OWNER},
};

struct deciding {
	const struct conf_refs *refs;
	const struct account_sales *sales;
	has_left_fn has_left;
	void *ctx;
	struct arena *arena;
	struct owners_answer *out;
};

static void tell(struct deciding *d, struct str place, struct str what)
{
	if (d->out->steps_n < OWNERS_STEPS_MAX) {
		d->out->steps[d->out->steps_n++] = (struct owners_step){place, what};
	}
}

/* What a condition asks for and does not find; NULL: it fits. */
static bool fits(const char *const *wanted, size_t n, struct str value)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(str_c(wanted[i]), value)) {
			return true;
		}
	}
	return n == 0;
}

/* The first condition that does not fit; false: all do. */
static bool misfit(const struct conf_ref_owner *o, const struct account_sales *s, const char **name,
	struct str *value)
{
	const struct {
		const char *name;
		const char *const *wanted;
		size_t n;
		struct str value;
	} all[] = {{"motion", o->motions, o->motions_n, s->motion},
		{"channel", o->channels, o->channels_n, s->channel},
		{"segment", o->segments, o->segments_n, s->segment},
		{"account-type", o->types, o->types_n, s->kind},
		{"region", o->regions, o->regions_n, s->region},
		{"product", o->products, o->products_n, s->product}};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!fits(all[i].wanted, all[i].n, all[i].value)) {
			*name = all[i].name;
			*value = all[i].value;
			return true;
		}
	}
	return false;
}

/* Who a word stands for; absent: nobody is known. */
static struct str resolve(const struct deciding *d, const char *word)
{
	const struct account_sales *s = d->sales;
	const struct {
		const char *word;
		struct str who;
	} all[] = {{ACCOUNT_OWNER, s->owner}, {DEAL_OWNER, s->deal_owner}, {PARTNER, s->partner},
		{PREFERRED, s->preferred}, {MARKETING, str_c(d->refs->marketing)}};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(word, all[i].word) == 0) {
			return str_empty(all[i].who) ? STR_NONE : all[i].who;
		}
	}
	return str_c(word);
}

/* Absent where nobody is known, or has left; `why` says which. */
static struct str find(struct deciding *d, const char *word, struct str *why)
{
	struct str who = resolve(d, word), when = STR_NONE;
	if (who.p == NULL) {
		*why = arena_printf(d->arena, "it fits, but nobody is known as %s", word);
	} else if (d->has_left(d->ctx, who, &when)) {
		*why = str_empty(when)
			       ? arena_printf(d->arena,
					 "it fits, but %.*s cannot be asked any more", STR_FMT(who))
			       : arena_printf(d->arena, "it fits, but %.*s has left on %.*s",
					 STR_FMT(who), STR_FMT(when));
		who = STR_NONE;
	}
	return who;
}

/* True: the entry decides. */
static bool try_entry(struct deciding *d, const struct conf_ref_owner *o, struct str place)
{
	const char *name;
	struct str value, why = STR_NONE;
	if (misfit(o, d->sales, &name, &value)) {
		tell(d, place,
			arena_printf(d->arena, "does not fit: %s is %.*s", name,
				STR_FMT(str_empty(value) ? STR("not known") : value)));
		return false;
	}
	struct str owner = find(d, o->owner, &why);
	struct str gate = o->gatekeeper != NULL ? find(d, o->gatekeeper, &why) : owner;
	if (owner.p == NULL || gate.p == NULL) {
		tell(d, place, why);
		return false;
	}
	struct str second = find(d, o->second != NULL ? o->second : MARKETING, &why);
	d->out->owner = owner;
	d->out->gatekeeper = gate;
	d->out->second = second.p != NULL && !str_eq_nocase(second, gate) ? second : STR_NONE;
	tell(d, place,
		arena_printf(d->arena, "it fits: owner %.*s (%s), gatekeeper %.*s, second %.*s",
			STR_FMT(owner), o->owner, STR_FMT(gate),
			STR_FMT(d->out->second.p != NULL ? d->out->second : STR("nobody"))));
	return true;
}

int owners_decide(const struct conf_refs *refs, const struct account_sales *sales,
	has_left_fn has_left, void *ctx, struct arena *arena, struct owners_answer *out)
{
	struct deciding d = {refs, sales, has_left, ctx, arena, out};
	bool own = refs->owners_n == 0;
	const struct conf_ref_owner *v = own ? built_in : refs->owners;
	size_t n = own ? sizeof(built_in) / sizeof(built_in[0]) : refs->owners_n;
	*out = (struct owners_answer){0};
	for (size_t i = 0; i < n; i++) {
		struct str place = own ? arena_printf(d.arena, "built in %zu", i + 1)
				       : arena_printf(d.arena, "%s:%u", v[i].at.file, v[i].at.line);
		if (try_entry(&d, &v[i], place)) {
			return arena->rc;
		}
	}
	tell(&d, STR("end"), STR("nobody keeps the gate: nobody there can be asked"));
	return arena->rc;
}

struct asking {
	struct store *store;
	struct arena *arena;
};

static bool has_left(void *ctx, struct str name, struct str *when)
{
	const struct asking *a = ctx;
	return store_has_left(a->store, name, a->arena, when);
}

int owners_of(struct store *s, const struct conf *conf, int64_t account, struct arena *arena,
	struct owners_answer *out, struct hark_err *err)
{
	struct account_sales sales;
	struct asking ctx = {s, arena};
	int rc = store_account_sales(s, account, arena, &sales, err);
	if (rc == HARK_OK) {
		rc = owners_decide(&conf->references, &sales, has_left, &ctx, arena, out);
		rc = rc != HARK_OK ? hark_err_set(err, rc, "no memory for the policy") : rc;
	}
	return rc;
}

bool owners_settle(struct store *s, const struct conf *conf, struct reference *r,
	struct arena *arena, int64_t now_ms)
{
	struct owners_answer a;
	char note[300];
	bool by_hand = !str_empty(r->assigned_by) && r->orphaned_ms == 0;
	if (by_hand || owners_of(s, conf, r->account, arena, &a, NULL) != HARK_OK) {
		return false;
	}
	if (a.gatekeeper.p == NULL ||
		(r->orphaned_ms == 0 && str_eq(a.owner, r->owner) &&
			str_eq(a.gatekeeper, r->gatekeeper) && str_eq(a.second, r->second))) {
		return false; /* an orphan stays one until somebody is found */
	}
	snprintf(note, sizeof(note), "%.*s keeps the gate, by %.*s", STR_FMT(a.gatekeeper),
		STR_FMT(a.steps[a.steps_n - 1].place));
	bool moves = r->orphaned_ms != 0 || !str_eq(a.gatekeeper, r->gatekeeper);
	r->owner = a.owner;
	r->gatekeeper = a.gatekeeper;
	r->second = a.second;
	r->assigned_by = STR_NONE;
	r->orphaned_ms = 0;
	r->orphan_why = STR_NONE;
	if (moves) {
		permission_ask_anew(r, conf->references.ask_ms, now_ms);
	}
	const struct step event = {.at_ms = now_ms,
		.action = STR("owner"),
		.note = str_c(note),
		.keeper = moves ? r->ask_to : STR_NONE};
	store_reference_event(s, r->id, &event);
	return true;
}

void owners_json(const struct owners_answer *a, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_str(j, "owner", a->owner);
	jsonout_key_str(j, "gatekeeper", a->gatekeeper);
	jsonout_key_str(j, "second", a->second);
	jsonout_key(j, "steps");
	jsonout_array(j);
	for (size_t i = 0; i < a->steps_n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "place", a->steps[i].place);
		jsonout_key_str(j, "what", a->steps[i].what);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}
