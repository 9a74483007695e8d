#include "monitor/config/effects.h"

static bool fits(const struct effect *e, const struct effect_case *c)
{
	bool here = e->deal == DEAL_ANY || (e->deal == DEAL_NEW && c->deal_new) ||
		    (e->deal == DEAL_OLD && c->deal_old);
	return (e->who & c->who) != 0 && (e->joins == 0 || (e->joins & c->joins) != 0) &&
	       (e->leaves == 0 || (e->leaves & c->leaves) != 0) && here &&
	       (!e->client || c->client) && (!e->rival_plan || c->rival_plan);
}

const struct effect *effect_find(
	const struct effect *v, size_t n, const struct effect_case *c, enum effect_make make)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].make == make && fits(&v[i], c)) {
			return &v[i];
		}
	}
	return NULL;
}

unsigned effect_account_kind(struct str kind)
{
	static const char *const names[] = {
		"customer", "prospect", "target", "competitor", "partner"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq_nocase(kind, str_c(names[i]))) {
			return 1u << i;
		}
	}
	return AT_OTHER;
}

const char *effect_make_name(enum effect_make make)
{
	static const char *const names[EFFECT_MAKES] = {"lead", "alert", "note", "orphans"};
	return names[make];
}
