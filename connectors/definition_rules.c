/* What a definition does with a reply: items, lookups, details, errors and rates. */
#include "connectors/definition_parts.h"

#include <limits.h>
#include <stdio.h>

/* --- lookups --- */

static void read_lookup_in(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_pointer(r, node, &((struct lookup *)into)->in);
}

static void read_lookup_key(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_pointer(r, node, &((struct lookup *)into)->key);
}

static void read_lookup_by(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_field(r, node, &((struct lookup *)into)->by);
}

static const struct defkey lookup_keys[] = {
	{"in", read_lookup_in, true},
	{"key", read_lookup_key, true},
	{"by", read_lookup_by, true},
	{NULL, NULL, false},
};

void read_def_lookups(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	if (!defread_is(r, node, YAML_MAPPING, "lookup")) {
		return;
	}
	if (node->n > LOOKUPS_MAX) {
		defread_say(r, node, D_SHAPE, NULL, "at most %d lookups", LOOKUPS_MAX);
		return;
	}
	const char **names = arena_alloc(r->arena, (node->n + 1) * sizeof(*names));
	if (names == NULL) {
		r->no_memory = true;
		return;
	}
	d->maker.lookups = names;
	for (size_t i = 0; i < node->n; i++) {
		/* A lookup may use those before it. */
		defread_keys(
			r, node->pairs[i].value, "a lookup", lookup_keys, &d->items.lookups[i]);
		names[i] = defread_text(r, node->pairs[i].key);
		d->items.lookups_n = d->maker.lookups_n = i + 1;
	}
}

/* --- items --- */

static void read_format(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"json", "ndjson", "xml", "csv", NULL};
	((struct items_rule *)into)->format = (enum item_format)defread_choice(r, node, names);
}

static void read_items_pointer(struct defread *r, const struct yaml_node *node, void *into)
{
	struct items_rule *items = into;
	size_t n = node->kind == YAML_SEQUENCE ? node->n : 1;
	struct pointer *all = arena_alloc(r->arena, (n + 1) * sizeof(*all));
	r->no_memory |= all == NULL;
	items->pointers = all;
	DEFREAD_EACH(node, i, one)
	{
		if (all != NULL && defread_pointer(r, one, &all[items->pointers_n])) {
			all[items->pointers_n++].from = POINTER_ROOT;
		}
	}
}

static void read_children(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct items_rule *)into)->children = defread_new_pointer(r, node);
}

static void read_parallel(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct items_rule *)into)->parallel = defread_bool(r, node);
}

static void read_unique(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct items_rule *)into)->unique = defread_bool(r, node);
}

static void read_skip(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_conditions(r, node, &((struct items_rule *)into)->skip);
}

static void read_keep(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_conditions(r, node, &((struct items_rule *)into)->keep);
}

static void read_opt_out(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_conditions(r, node, &((struct items_rule *)into)->opt_out);
}

static const struct defkey items_keys[] = {
	{"format", read_format, false},
	{"pointer", read_items_pointer, true},
	{"children", read_children, false},
	{"parallel_arrays", read_parallel, false},
	{"unique", read_unique, false},
	{"skip_if", read_skip, false},
	{"keep_if", read_keep, false},
	{"opt_out", read_opt_out, false},
	{NULL, NULL, false},
};

void read_def_items(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_keys(r, node, "items", items_keys, &((struct definition *)into)->items);
}

/* --- details --- */

static void read_detail_url(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_form(r, node, FORM_PATH, &((struct detail_rule *)into)->url);
}

static void read_detail_when(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_conditions(r, node, &((struct detail_rule *)into)->when);
}

static void read_detail_max(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct detail_rule *)into)->max = defread_number(r, node, 1, 100);
}

static void read_detail_ids(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct detail_rule *)into)->list_is_ids = defread_bool(r, node);
}

static void read_detail_map(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_mapping(r, node, &((struct detail_rule *)into)->map);
}

static void read_detail_skip(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_conditions(r, node, &((struct detail_rule *)into)->skip);
}

static const struct defkey detail_keys[] = {
	{"url", read_detail_url, true},
	{"if", read_detail_when, false},
	{"max", read_detail_max, false},
	{"list_is_ids", read_detail_ids, false},
	{"skip_if", read_detail_skip, false},
	{"map", read_detail_map, false},
	{NULL, NULL, false},
};

void read_def_detail(struct defread *r, const struct yaml_node *node, void *into)
{
	struct detail_rule *detail = &((struct definition *)into)->detail;
	detail->present = true;
	detail->max = 20;
	defread_keys(r, node, "detail", detail_keys, detail);
}

/* --- errors --- */

static void read_statuses(struct defread *r, const struct yaml_node *node, void *into)
{
	struct error_rule *e = into;
	size_t n = node->kind == YAML_SEQUENCE ? node->n : 1;
	int64_t *all = arena_alloc(r->arena, (n + 1) * sizeof(*all));
	r->no_memory |= all == NULL;
	e->statuses = all;
	DEFREAD_EACH(node, i, one)
	{
		if (all != NULL) {
			all[e->statuses_n++] = defread_number(r, one, 100, 599);
		}
	}
}

static void read_content_type(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct error_rule *)into)->content_type = str_c(defread_text(r, node));
}

static void read_error_when(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_conditions(r, node, &((struct error_rule *)into)->when);
}

static void read_error_body(struct defread *r, const struct yaml_node *node, void *into)
{
	struct hark_err err;
	if (defread_is(r, node, YAML_SCALAR, "body") &&
		maker_regex(&r->d->maker, node->text, &((struct error_rule *)into)->body, &err) !=
			HARK_OK) {
		defread_say(r, node, D_VALUE, NULL, "%s", err.text);
	}
}

static void read_action(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"retry_later", "backoff", "auth_failed", "quota_until",
		"disable", "ignore", "partial", "reset_cursor", "empty_ok", "fail", NULL};
	((struct error_rule *)into)->action = (enum error_action)defread_choice(r, node, names);
}

/* A pointer, or the sentence itself. */
static void read_message(struct defread *r, const struct yaml_node *node, void *into)
{
	struct error_rule *e = into;
	if (node->kind == YAML_SCALAR && node->text.n > 0 && node->text.p[0] == '/') {
		e->message = defread_new_pointer(r, node);
	} else {
		e->text = str_c(defread_text(r, node));
	}
}

static void read_seconds(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct error_rule *)into)->seconds = defread_new_pointer(r, node);
}

static void read_error_header(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct error_rule *)into)->header = str_c(defread_text(r, node));
}

static void read_wait(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct error_rule *)into)->wait_ms = defread_duration(r, node);
}

/* "UTC", "UTC-8": quotas that begin anew at midnight somewhere. */
static void read_midnight(struct defread *r, const struct yaml_node *node, void *into)
{
	struct str s = node->kind == YAML_SCALAR ? node->text : STR_NONE;
	int64_t hours = 0;
	bool ok = str_starts(s, STR("UTC"));
	s = ok ? str_n(s.p + 3, s.n - 3) : s;
	if (!ok || (s.n > 0 && (!str_i64(s, &hours) || hours < -12 || hours > 14))) {
		defread_say(r, node, D_VALUE, NULL, "midnight must be UTC, UTC-8, UTC+1 …");
		return;
	}
	((struct error_rule *)into)->midnight_offset_s = (int)hours * 3600;
}

static const struct defkey error_keys[] = {
	{"status", read_statuses, false},
	{"content_type", read_content_type, false},
	{"if", read_error_when, false},
	{"body", read_error_body, false},
	{"action", read_action, true},
	{"message", read_message, false},
	{"seconds", read_seconds, false},
	{"header", read_error_header, false},
	{"wait", read_wait, false},
	{"midnight", read_midnight, false},
	{NULL, NULL, false},
};

/* Pointers of error rules start at the document. */
static void from_root(struct error_rule *e)
{
	struct pointer *const pointers[] = {
		(struct pointer *)e->message, (struct pointer *)e->seconds};
	for (size_t i = 0; i < 2; i++) {
		if (pointers[i] != NULL) {
			pointers[i]->from = POINTER_ROOT;
		}
	}
	for (size_t i = 0; i < e->when.n; i++) {
		e->when.v[i].pointer.from = POINTER_ROOT;
	}
}

void read_def_errors(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	DEFREAD_EACH(node, i, one)
	{
		struct error_rule *v =
			arena_grow(r->arena, d->errors, d->errors_n, &d->errors_cap, sizeof(*v));
		if (v == NULL) {
			r->no_memory = true;
			return;
		}
		d->errors = v;
		v = &v[d->errors_n++];
		*v = (struct error_rule){.midnight_offset_s = INT_MAX};
		defread_keys(r, one, "an error rule", error_keys, v);
		from_root(v);
		if (one->kind == YAML_MAPPING && v->statuses_n == 0 && v->when.n == 0 &&
			v->body == NULL && v->content_type.p == NULL) {
			defread_say(r, one, D_MISSING, NULL,
				"an error rule lacks one of status, content_type, if and body");
		}
	}
}

/* --- rates --- */

static void read_bucket_n(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct hark_bucket *)into)->n = (long)defread_number(r, node, 1, 1000000);
}

static void read_bucket_per(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct hark_bucket *)into)->per_ms = defread_duration(r, node);
}

static void read_bucket_scope(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"source", "host", "credential", NULL};
	((struct hark_bucket *)into)->scope = (enum hark_scope)defread_choice(r, node, names);
}

static const struct defkey bucket_keys[] = {
	{"n", read_bucket_n, true},
	{"per", read_bucket_per, true},
	{"scope", read_bucket_scope, true},
	{NULL, NULL, false},
};

static void read_buckets(struct defread *r, const struct yaml_node *node, void *into)
{
	struct rate_rule *rate = into;
	DEFREAD_EACH(node, i, one)
	{
		if (rate->buckets_n == sizeof(rate->buckets) / sizeof(rate->buckets[0])) {
			defread_say(r, one, D_SHAPE, NULL, "at most 4 buckets");
			return;
		}
		struct hark_bucket *b = &rate->buckets[rate->buckets_n++];
		*b = (struct hark_bucket){.n = 1, .per_ms = 1000};
		defread_keys(r, one, "a bucket", bucket_keys, b);
	}
}

static void read_remaining(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->remaining = defread_text(r, node);
}

static void read_reset(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->reset = defread_text(r, node);
}

static void read_reset_kind(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"epoch", "delta", "iso8601", NULL};
	((struct rate_rule *)into)->reset_kind = (enum reset_kind)defread_choice(r, node, names);
}

static const struct defkey rate_header_keys[] = {
	{"remaining", read_remaining, true},
	{"reset", read_reset, true},
	{"reset_kind", read_reset_kind, true},
	{NULL, NULL, false},
};

static void read_rate_headers(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_keys(r, node, "headers", rate_header_keys, into);
}

static const struct pointer *root_pointer(struct defread *r, const struct yaml_node *node)
{
	struct pointer *p = (struct pointer *)defread_new_pointer(r, node);
	if (p != NULL) {
		p->from = POINTER_ROOT;
	}
	return p;
}

static void read_backoff(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->backoff = root_pointer(r, node);
}

static void read_quota(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->quota_remaining = root_pointer(r, node);
}

static void read_quota_floor(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->quota_floor = defread_number(r, node, 0, 1000000);
}

static void read_poll_interval(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->poll_interval = defread_text(r, node);
}

static void read_units(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->budget = defread_number(r, node, 1, INT64_C(1) << 40);
}

static void read_cost_request(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->cost_request = defread_number(r, node, 0, 1000000);
}

static void read_cost_item(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct rate_rule *)into)->cost_item = defread_number(r, node, 0, 1000000);
}

static const struct defkey budget_keys[] = {
	{"per_day", read_units, true},
	{"a_request", read_cost_request, false},
	{"an_item", read_cost_item, false},
	{NULL, NULL, false},
};

static void read_budget(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_keys(r, node, "budget", budget_keys, into);
}

static const struct defkey rate_keys[] = {
	{"buckets", read_buckets, false},
	{"headers", read_rate_headers, false},
	{"poll_interval_header", read_poll_interval, false},
	{"backoff", read_backoff, false},
	{"quota_remaining", read_quota, false},
	{"quota_floor", read_quota_floor, false},
	{"budget", read_budget, false},
	{NULL, NULL, false},
};

void read_def_rate(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_keys(r, node, "rate", rate_keys, &((struct definition *)into)->rate);
}
