#include "monitor/pipeline/setup.h"

#include <stdlib.h>

const char *setup_packs_dir(void)
{
	const char *named = getenv("HARK_PACKS");
	return named != NULL && named[0] != '\0' ? named : HARK_PKGDATADIR "/rules/packs";
}

static int load_rules(struct setup *s, struct diags *diags, struct hark_err *err)
{
	const struct conf *c = s->conf;
	struct rules_list *lists = calloc(c->lists_n + 1, sizeof(*lists));
	if (lists == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the rules");
	}
	for (size_t i = 0; i < c->lists_n; i++) {
		lists[i] = (struct rules_list){c->lists[i].name, c->lists[i].file, c->lists[i].at};
	}
	const struct rules_source source = {
		.paths = c->rules,
		.paths_n = c->rules_n,
		.paths_at = c->rules_at,
		.lists = lists,
		.lists_n = c->lists_n,
		.base_dir = c->base_dir,
		.packs_dir = setup_packs_dir(),
	};
	int rc = ruleset_load(&s->rules, &source, diags, err);
	free(lists);
	return rc;
}

int setup_load(struct setup **out, const char *path, struct diags *diags, struct hark_err *err)
{
	struct setup *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the configuration");
	}
	atomic_init(&s->refs, 1);
	int rc = conf_load(&s->conf, path, diags, err);
	if (rc == HARK_OK) {
		rc = load_rules(s, diags, err);
	}
	if (rc != HARK_OK) {
		setup_unref(s);
		return rc;
	}
	*out = s;
	return HARK_OK;
}

struct setup *setup_ref(struct setup *s)
{
	atomic_fetch_add(&s->refs, 1);
	return s;
}

void setup_unref(struct setup *s)
{
	if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1) {
		return;
	}
	ruleset_unref(s->rules);
	conf_unref(s->conf);
	free(s);
}
