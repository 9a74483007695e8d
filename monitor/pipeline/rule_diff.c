#include "monitor/pipeline/rule_diff.h"

#include <stdlib.h>

#define QUERY_TEXT_MAX (4u << 20)

struct diffing {
	const struct ruleset *set;
	const struct loaded_rule *rules;
	size_t rules_n;
	struct arena *arena;
	struct rule_diff *out;
	size_t rules_cap, lists_cap;
	bool *met; /* loaded rules that are still there */
};

/* "rules.d/a.yaml" and "/etc/hark/rules.d/a.yaml": the same, written from different folders. */
static bool same_file(struct str a, struct str b)
{
	struct str longer = a.n > b.n ? a : b, shorter = a.n > b.n ? b : a;
	while (str_starts(shorter, STR("./"))) {
		shorter = str_n(shorter.p + 2, shorter.n - 2);
	}
	return str_ends(longer, shorter) && shorter.n > 0 &&
	       (longer.n == shorter.n || longer.p[longer.n - shorter.n - 1] == '/');
}

static size_t find_loaded(const struct diffing *d, const struct rule_info *now)
{
	for (size_t i = 0; i < d->rules_n; i++) {
		if (!d->met[i] && str_eq(d->rules[i].rule, now->id) &&
			same_file(d->rules[i].file, now->file)) {
			return i;
		}
	}
	return SIZE_MAX;
}

static bool add_rule(struct diffing *d, struct rule_change change)
{
	struct rule_change *grown =
		arena_grow(d->arena, d->out->rules, d->out->rules_n, &d->rules_cap, sizeof(*grown));
	if (grown == NULL) {
		return false;
	}
	d->out->rules = grown;
	grown[d->out->rules_n++] = change;
	return true;
}

static bool compare_rule(struct diffing *d, size_t number, const struct rule_info *now)
{
	size_t old = find_loaded(d, now);
	struct buf query;
	if (old != SIZE_MAX) {
		d->met[old] = true;
		if (str_eq_c(d->rules[old].hash, now->hash) &&
			str_eq_c(d->rules[old].status, now->status)) {
			d->out->same++;
			return true;
		}
	}
	buf_init(&query, QUERY_TEXT_MAX);
	ruleset_query_at(d->set, number, &query);
	struct str text = arena_str(d->arena, buf_str(&query));
	buf_release(&query);
	return add_rule(
		d, (struct rule_change){.what = old != SIZE_MAX ? CHANGE_CHANGED : CHANGE_ADDED,
			   .rule = now->id,
			   .file = now->file,
			   .line = now->line,
			   .before = old != SIZE_MAX ? &d->rules[old] : NULL,
			   .now = *now,
			   .query = text});
}

static bool in_paths(struct str file, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (same_file(file, str_c(paths[i]))) {
			return true;
		}
	}
	return n == 0;
}

static bool diff_rules(struct diffing *d, const char *const *paths, size_t paths_n)
{
	struct rule_info now;
	bool ok = true;
	for (size_t i = 0; ok && ruleset_rule_at(d->set, i, &now); i++) {
		ok = compare_rule(d, i, &now);
	}
	for (size_t i = 0; ok && i < d->rules_n; i++) {
		if (!d->met[i] && in_paths(d->rules[i].file, paths, paths_n)) {
			ok = add_rule(d, (struct rule_change){.what = CHANGE_REMOVED,
						 .rule = d->rules[i].rule,
						 .file = d->rules[i].file,
						 .before = &d->rules[i]});
		}
	}
	return ok;
}

/* ---- lists ---- */

struct lines {
	struct str *v; /* sorted; owned */
	size_t n;
};

static int by_line(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool split(struct str text, size_t most, struct lines *out)
{
	struct str line;
	out->n = 0;
	out->v = malloc((most + 1) * sizeof(*out->v));
	while (out->v != NULL && out->n < most && str_split(&text, '\n', &line)) {
		if (line.n > 0) {
			out->v[out->n++] = line;
		}
	}
	if (out->n > 1) {
		qsort(out->v, out->n, sizeof(*out->v), by_line);
	}
	return out->v != NULL;
}

/* "p1 Jane Doe": the name behind the id. */
static struct str name_of(struct arena *arena, struct str line)
{
	const char *blank = memchr(line.p, ' ', line.n);
	size_t cut = blank != NULL ? (size_t)(blank - line.p) + 1 : 0;
	return arena_str(arena, str_n(line.p + cut, line.n - cut));
}

static void note(struct arena *arena, struct str line, size_t *n, struct str names[NAMES_SHOWN])
{
	if (*n < NAMES_SHOWN) {
		names[*n] = name_of(arena, line);
	}
	(*n)++;
}

static void merge(
	struct arena *arena, const struct lines *a, const struct lines *b, struct list_change *c)
{
	size_t i = 0, k = 0;
	while (i < a->n || k < b->n) {
		int order = i == a->n ? 1 : k == b->n ? -1 : str_cmp(a->v[i], b->v[k]);
		if (order < 0) {
			note(arena, a->v[i], &c->removed, c->removed_names);
		} else if (order > 0) {
			note(arena, b->v[k], &c->added, c->added_names);
		}
		i += order <= 0;
		k += order >= 0;
	}
}

static bool compare_entries(
	struct arena *arena, const struct loaded_list *old, struct str names, struct list_change *c)
{
	struct lines a = {0}, b = {0};
	bool ok = split(old->names, (size_t)old->entries, &a) && split(names, (size_t)c->now, &b);
	if (ok) {
		merge(arena, &a, &b, c);
		c->counted = true;
	}
	free(a.v);
	free(b.v);
	return ok;
}

static bool add_list(struct diffing *d, struct list_change change)
{
	bool same = change.before == change.now &&
		    (!change.counted || change.added + change.removed == 0);
	if (same) {
		return true;
	}
	struct list_change *grown =
		arena_grow(d->arena, d->out->lists, d->out->lists_n, &d->lists_cap, sizeof(*grown));
	if (grown == NULL) {
		return false;
	}
	d->out->lists = grown;
	grown[d->out->lists_n++] = change;
	return true;
}

static const struct loaded_list *find_list(
	const struct loaded_list *lists, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(lists[i].name, name)) {
			return &lists[i];
		}
	}
	return NULL;
}

static bool is_loaded_now(const struct diffing *d, struct str name)
{
	struct list_info info;
	struct buf unused;
	bool found = false;
	buf_init(&unused, 0);
	for (size_t i = 0; !found && ruleset_list_at(d->set, i, &info, &unused); i++) {
		found = str_eq(info.name, name);
	}
	buf_release(&unused);
	return found;
}

static bool diff_lists(
	struct diffing *d, const struct loaded_list *lists, size_t lists_n, bool removed_too)
{
	struct list_info now;
	struct buf names;
	bool ok = true;
	buf_init(&names, LOADED_NAMES_MAX);
	for (size_t i = 0; ok && ruleset_list_at(d->set, i, &now, &names); i++) {
		const struct loaded_list *old = find_list(lists, lists_n, now.name);
		struct list_change c = {.name = now.name,
			.before = old != NULL ? old->entries : -1,
			.now = (int64_t)now.entries};
		if (old != NULL && names.rc == HARK_OK &&
			(old->names.p != NULL || old->entries == 0)) {
			ok = compare_entries(d->arena, old, buf_str(&names), &c);
		}
		ok = ok && add_list(d, c);
		buf_clear(&names);
	}
	buf_release(&names);
	for (size_t i = 0; ok && removed_too && i < lists_n; i++) {
		if (!is_loaded_now(d, lists[i].name)) {
			ok = add_list(d, (struct list_change){.name = lists[i].name,
						 .before = lists[i].entries,
						 .now = -1});
		}
	}
	return ok;
}

int rule_diff(const struct ruleset *set, const struct loaded_rule *rules, size_t rules_n,
	const struct loaded_list *lists, size_t lists_n, const char *const *paths, size_t paths_n,
	struct arena *arena, struct rule_diff *out)
{
	struct diffing d = {.set = set,
		.rules = rules,
		.rules_n = rules_n,
		.arena = arena,
		.out = out,
		.met = arena_alloc(arena, rules_n + 1)};
	*out = (struct rule_diff){0};
	bool ok = d.met != NULL && diff_rules(&d, paths, paths_n) &&
		  diff_lists(&d, lists, lists_n, paths_n == 0);
	return ok && arena->rc == HARK_OK ? HARK_OK : HARK_ENOMEM;
}
