#include "monitor/leads/owner.h"

static bool fits(const char *wanted, struct str value)
{
	return wanted == NULL || str_eq_nocase(str_c(wanted), value);
}

static const struct conf_territory *find_territory(
	const struct conf *conf, const struct subject_facts *f)
{
	for (size_t i = 0; i < conf->territories_n; i++) {
		const struct conf_territory *t = &conf->territories[i];
		if (fits(t->territory, f->territory) && fits(t->region, f->region) &&
			fits(t->industry, f->industry) && fits(t->segment, f->segment) &&
			fits(t->product, f->product)) {
			return t;
		}
	}
	return NULL;
}

static bool is_indirect(struct str channel)
{
	return !str_empty(channel) && !str_eq_nocase(channel, STR("direct"));
}

void owner_choose(const struct conf *conf, const struct subject_facts *f, struct str rule_owner,
	struct owner_choice *out)
{
	bool known = f->account != 0 || f->person != 0;
	const struct conf_territory *t = known ? find_territory(conf, f) : NULL;
	*out = (struct owner_choice){.value = str_empty(f->name) ? f->person_name : f->name};
	if (!str_empty(f->preferred)) {
		out->owner = f->preferred;
		out->cause = "customer-chosen";
	} else if (is_indirect(f->channel)) {
		out->owner = f->partner;
		out->cause = str_empty(f->partner) ? "partner-missing" : "partner";
		out->value = f->channel;
	} else if (str_eq_nocase(f->kind, STR("customer")) && !str_empty(f->owner)) {
		out->owner = f->owner;
		out->cause = "account-manager";
	} else if (!str_empty(rule_owner)) {
		out->owner = rule_owner;
		out->cause = "rule";
		out->value = STR_NONE;
	} else if (!str_empty(f->owner)) {
		out->owner = f->owner;
		out->cause = "account-owner";
	} else if (t != NULL) {
		out->owner = str_c(t->owner);
		out->cause = "territory";
		out->value = f->territory;
		out->line = t->line;
	} else {
		out->cause = "nobody";
	}
}

size_t owner_receiver(const struct conf *conf, struct str owner)
{
	for (size_t i = 0; i < conf->receivers_n && !str_empty(owner); i++) {
		const struct conf_receiver *r = &conf->receivers[i];
		bool own = r->owners_n == 0 && str_eq_nocase(str_c(r->name), owner);
		for (size_t k = 0; k < r->owners_n && !own; k++) {
			own = str_eq_nocase(str_c(r->owners[k]), owner);
		}
		if (own) {
			return i;
		}
	}
	return SIZE_MAX;
}
