/* The connectors there are, and what a source of each has to say. */
#include "monitor/api/api_in.h"

#include "connectors/registry.h"

static void write_settings(struct jsonout *j, const char *key, const struct hark_setting *s)
{
	jsonout_key(j, key);
	jsonout_array(j);
	for (; s != NULL && s->name != NULL; s++) {
		jsonout_object(j);
		jsonout_key_c(j, "name", s->name);
		jsonout_key_c(j, "about", s->about);
		jsonout_key_bool(j, "required", s->required != 0);
		jsonout_key_c(j, "default", s->otherwise);
		jsonout_key_c(j, "example", s->type != HARK_SETTING_LIST ? s->example : NULL);
		jsonout_key_bool(j, "list", s->type == HARK_SETTING_LIST);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_one(struct jsonout *j, const char *name)
{
	struct hark_err err = {0};
	const struct hark_connector *c = NULL;
	bool usable = connector_get(&c, name, NULL, &err) == HARK_OK;
	jsonout_object(j);
	jsonout_key_c(j, "name", name);
	jsonout_key_bool(j, "usable", usable);
	if (usable) {
		jsonout_key_c(j, "about", c->about);
		jsonout_key_c(j, "docs", c->docs);
		jsonout_key_c(j, "terms", c->terms);
		jsonout_key_bool(j, "accept_terms", c->opt_in != 0);
		jsonout_key_bool(j, "definition", connector_definition(c) != NULL);
		write_settings(j, "settings", c->settings);
		write_settings(j, "secrets", c->secrets);
	} else {
		jsonout_key_c(j, "error", err.text);
	}
	jsonout_end_object(j);
}

void connectors_list(struct call *c)
{
	const char *names[CONNECTORS_MAX];
	size_t n = connector_names(names, CONNECTORS_MAX);
	call_items(c);
	for (size_t i = 0; i < n; i++) {
		write_one(&c->j, names[i]);
	}
	call_items_end(c, 0);
	call_answer(c, 200);
}
