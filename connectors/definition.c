#include "connectors/definition_parts.h"

#include "connectors/parse/charset.h"
#include "connectors/registry.h"
#include "connectors/rest.h"
#include "monitor/base/clock.h"

#include <stdlib.h>

const char *const run_var_names[RUN_VARS] = {
	[RUN_CURSOR] = "cursor",
	[RUN_SINCE_EPOCH] = "since_epoch",
	[RUN_SINCE_MS] = "since_ms",
	[RUN_SINCE_ISO] = "since_iso",
	[RUN_SINCE_DATE] = "since_date",
	[RUN_NOW] = "now",
	[RUN_TODAY] = "today",
	[RUN_PAGE] = "page",
	[RUN_OFFSET] = "offset",
	[RUN_PAGE_CURSOR] = "page_cursor",
	[RUN_SIZE] = "size",
};

static const char *const record_names[] = {"post", "profile", NULL};
static const char *const type_names[] = {
	"post", "reply", "repost", "quote", "review", "job", "filing", NULL};

static void read_id(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	struct str s = node->kind == YAML_SCALAR ? node->text : STR_NONE;
	bool ok = s.n > 0 && s.n <= 64;
	for (size_t i = 0; ok && i < s.n; i++) {
		ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		     (s.p[i] == '-' && i > 0);
	}
	if (!ok) {
		defread_say(r, node, D_VALUE, NULL,
			"an id has lower-case letters, digits and '-', at most 64");
		return;
	}
	d->connector.name = defread_text(r, node);
	d->id_at = node->at;
	d->id_at.file = d->path; /* the tree goes */
}

static void read_version(struct defread *r, const struct yaml_node *node, void *into)
{
	(void)into;
	defread_number(r, node, 1, 1);
}

static void read_about(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->connector.about = defread_text(r, node);
}

static void read_docs(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->connector.docs = defread_text(r, node);
}

static void read_terms(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->connector.terms = defread_text(r, node);
}

static void read_enabled(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->connector.opt_in = !defread_bool(r, node);
}

static void read_every(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->connector.every_s = (long)(defread_duration(r, node) / 1000);
}

static void read_every_min(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->connector.every_min_s =
		(long)(defread_duration(r, node) / 1000);
}

static void read_active_hours(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	struct hark_err err;
	d->hours_text = defread_text(r, node);
	if (d->hours_text != NULL &&
		hours_parse(&d->hours, node->text, r->arena, &err) != HARK_OK) {
		defread_say(r, node, D_VALUE, NULL, "active_hours: %s", err.text);
	}
}

static void read_source(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->source = defread_text(r, node);
}

static void read_pushed(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->is_pushed = defread_bool(r, node);
}

static void read_record(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->is_profile = defread_choice(r, node, record_names) == 1;
}

static void read_type(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->type =
		(enum hark_post_type)defread_choice(r, node, type_names);
}

static void read_visibility(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"public", "private", NULL};
	((struct definition *)into)->is_private = defread_choice(r, node, names) == 1;
}

static void read_max_body(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition *)into)->body_max = (size_t)defread_number(r, node, 1024, 64 << 20);
}

static void read_encoding(struct defread *r, const struct yaml_node *node, void *into)
{
	const char *name = defread_text(r, node);
	((struct definition *)into)->encoding = name;
	if (name != NULL && !charset_is_known(name)) {
		defread_say(r, node, D_CHOICE, "for example: windows-1252",
			"there is no encoding '%.40s'", name);
	}
}

static void read_expected(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	size_t n = node->kind == YAML_SEQUENCE ? node->n : 1;
	const char **all = arena_alloc(r->arena, (n + 1) * sizeof(*all));
	r->no_memory |= all == NULL;
	d->expect = all;
	DEFREAD_EACH(node, i, one)
	{
		const char *type = all != NULL ? defread_text(r, one) : NULL;
		if (type != NULL) {
			all[d->expect_n++] = type;
		}
	}
}

static void read_map(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_mapping(r, node, &((struct definition *)into)->map);
}

/* --- tests --- */

static void read_sample(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition_test *)into)->sample = defread_text(r, node);
}

static void read_expect(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition_test *)into)->expect = defread_text(r, node);
}

static void read_test_detail(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition_test *)into)->detail = defread_text(r, node);
}

static void read_test_url(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct definition_test *)into)->url = defread_text(r, node);
}

static void read_test_now(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition_test *t = into;
	if (node->kind != YAML_SCALAR || !clock_parse_rfc3339(node->text, &t->now_ms)) {
		defread_say(r, node, D_VALUE, NULL, "now must be a time, as 2026-09-02T00:00:00Z");
	}
}

static const struct defkey test_keys[] = {
	{"sample", read_sample, true},
	{"expect", read_expect, true},
	{"detail", read_test_detail, false},
	{"url", read_test_url, false},
	{"now", read_test_now, false},
	{NULL, NULL, false},
};

static void read_tests(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	DEFREAD_EACH(node, i, one)
	{
		if (d->tests_n == DEFINITION_TESTS_MAX) {
			defread_say(r, one, D_SHAPE, NULL, "a definition has at most %d tests",
				DEFINITION_TESTS_MAX);
			return;
		}
		struct definition_test *t = &d->tests[d->tests_n++];
		*t = (struct definition_test){.at = one->at};
		t->at.file = d->path;
		defread_keys(r, one, "a test", test_keys, t);
	}
}

/* vars and lookup come before what refers to them. */
static const struct defkey top_keys[] = {
	{"id", read_id, true},
	{"version", read_version, false},
	{"about", read_about, true},
	{"docs", read_docs, false},
	{"terms", read_terms, false},
	{"enabled_by_default", read_enabled, false},
	{"every", read_every, false},
	{"every_min", read_every_min, false},
	{"active_hours", read_active_hours, false},
	{"source", read_source, false},
	{"record", read_record, false},
	{"type", read_type, false},
	{"visibility", read_visibility, false},
	{"max_body", read_max_body, false},
	{"encoding", read_encoding, false},
	{"expect", read_expected, false},
	{"vars", read_def_vars, false},
	{"lookup", read_def_lookups, false},
	{"auth", read_def_auth, false},
	{"pushed", read_pushed, false},
	{"request", read_def_request, false},
	{"stream", read_def_stream, false},
	{"cursor", read_def_cursor, false},
	{"paging", read_def_paging, false},
	{"items", read_def_items, true},
	{"map", read_map, true},
	{"detail", read_def_detail, false},
	{"errors", read_def_errors, false},
	{"rate", read_def_rate, false},
	{"test", read_tests, false},
	{NULL, NULL, false},
};

static bool maps(const struct definition *d, const char *name)
{
	for (size_t i = 0; i < d->map.n; i++) {
		if (strcmp(d->map.fields[i].target->name, name) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_of_detail(const struct pointer *p)
{
	return p->from == POINTER_DETAIL;
}

static bool bio_is_of_detail(const struct mapping *map, bool is_details)
{
	bool is = false;
	for (size_t i = 0; i < map->n; i++) {
		const struct field *f = &map->fields[i];
		bool is_bio = strcmp(f->target->name, "author.bio") == 0 ||
			      strcmp(f->target->name, "bio") == 0;
		is |= is_bio && is_details;
		for (size_t k = 0; is_bio && k < f->n; k++) {
			for (size_t m = 0; m < f->alternatives[k].pointers_n; m++) {
				is |= is_of_detail(&f->alternatives[k].pointers[m]);
			}
		}
	}
	return is;
}

/* A detail of a profile is asked for where the list holds ids, and then it is the item. */
static void check_opt_out(struct defread *r, const struct yaml_node *root)
{
	struct definition *d = r->d;
	bool is_late = bio_is_of_detail(&d->map, false) || bio_is_of_detail(&d->detail.map, true);
	for (size_t i = 0; i < d->items.opt_out.n; i++) {
		is_late |= is_of_detail(&d->items.opt_out.v[i].pointer);
	}
	is_late &= d->detail.present && !d->detail.list_is_ids;
	d->detail.decides = is_late && !d->is_profile;
	if (is_late && d->is_profile) {
		diags_add(r->diags, DIAG_WARNING, D_LATE, yaml_get(root, "detail")->at, STR_NONE,
			"list ids and set list_is_ids, or take it from the list",
			"the detail of a profile is not asked for, so that somebody opts out stays "
			"unknown");
	}
}

/* What a source of it would be refused for, or what contradicts itself. */
static void check_pace(struct defread *r, const struct yaml_node *root)
{
	const struct hark_connector *c = &r->d->connector;
	const struct yaml_node *every = yaml_get(root, "every");
	if (every == NULL || r->d->is_pushed) {
		return;
	}
	if (c->every_min_s > c->every_s) {
		defread_say(r, every, D_VALUE, NULL, "every is less than every_min");
	} else if (c->every_min_s == 0 && c->every_s < CONNECTOR_EVERY_MIN_S) {
		diags_add(r->diags, DIAG_WARNING, D_FLOOR, every->at, STR_NONE,
			"say every_min if the owner is fine with it",
			"a source of it is refused unless it says internal: yes: without every_min "
			"somebody else's server is asked no more often than every 15m");
	}
}

/* What is not read does not count as gone, so there is no such list in part. */
static void check_snapshot(struct defread *r, const struct yaml_node *root)
{
	struct paging_rule *p = &r->d->paging;
	const struct yaml_node *said = yaml_get(yaml_get(root, "paging"), "whole_list");
	if (r->d->cursor.kind != CURSOR_SNAPSHOT) {
		return;
	}
	if (said != NULL && !p->whole_list) {
		defread_say(r, said, D_VALUE, NULL,
			"a list that is compared as a whole (snapshot_diff) is read whole");
	}
	p->whole_list = true;
}

static void check_whole(struct defread *r, const struct yaml_node *root)
{
	struct definition *d = r->d;
	const struct yaml_node *map = yaml_get(root, "map");
	if (!d->is_profile && !maps(d, "external_id")) {
		defread_say(r, map, D_MISSING, NULL,
			"map lacks external_id, by which a post is known again");
	}
	if (d->is_profile && !maps(d, "person")) {
		defread_say(r, map, D_MISSING, NULL, "map lacks person");
	}
	if (d->connector.opt_in && d->connector.terms == NULL) {
		defread_say(r, root, D_MISSING, NULL,
			"what is not enabled by default says why under terms");
	}
	check_snapshot(r, root);
	check_def_request(r, root);
	check_opt_out(r, root);
	check_def_kept(r, root);
	check_pace(r, root);
}

static void finish(struct definition *d)
{
	struct hark_connector *c = &d->connector;
	c->abi = HARK_CONNECTOR_ABI;
	c->settings = d->settings;
	c->secrets = d->secrets;
	c->data = d;
	c->judges_status = 1;
	rest_install(c);
}

static struct definition *definition_new(const char *path)
{
	static struct hark_setting none;
	struct definition *d = calloc(1, sizeof(*d));
	if (d == NULL) {
		return NULL;
	}
	arena_init(&d->arena, 64u << 20);
	d->maker.arena = &d->arena;
	d->maker.vars = run_var_names;
	d->maker.vars_n = RUN_VARS;
	d->settings = &none;
	d->paging.max_pages = 1;
	d->cursor.misses = 2;
	d->path = arena_c(&d->arena, str_c(path));
	return d;
}

int definition_read(struct definition **out, struct str text, const char *path, struct diags *diags,
	struct hark_err *err)
{
	struct arena tree;
	size_t before = diags->errors;
	struct definition *d = definition_new(path);
	if (d == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for a definition");
	}
	struct defread r = {.d = d, .diags = diags, .arena = &d->arena};
	arena_init(&tree, 64u << 20);
	const struct yaml_node *root = yaml_read(text, path, &tree, diags);
	if (root != NULL) {
		defread_keys(&r, root, "a definition", top_keys, d);
		if (diags->errors == before) {
			check_whole(&r, root);
		}
	}
	arena_release(&tree);
	if (r.no_memory || d->arena.rc != HARK_OK) {
		definition_free(d);
		return hark_err_set(err, HARK_ENOMEM, "no memory to read %s", path);
	}
	if (diags->errors > before) {
		definition_free(d);
		return hark_err_set(err, HARK_EPARSE, "%s is no definition hark can use", path);
	}
	finish(d);
	*out = d;
	return HARK_OK;
}

void definition_free(struct definition *d)
{
	if (d != NULL) {
		maker_release(&d->maker);
		arena_release(&d->arena);
		free(d);
	}
}
