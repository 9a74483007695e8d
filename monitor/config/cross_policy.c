/* Who gets which lead: the territory table, and what of the routing leads nowhere. */
#include "monitor/base/csv.h"
#include "monitor/base/file.h"
#include "monitor/base/recode.h"
#include "monitor/config/load.h"

#include <stdio.h>

#define TABLE_MAX ((size_t)4 << 20)

static void say(struct loader *l, const char *code, struct diag_at at, const char *help,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
static void say(struct loader *l, const char *code, struct diag_at at, const char *help,
	const char *fmt, ...)
{
	char text[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diags_add(l->diags, DIAG_ERROR, code, at, STR_NONE, help, "%s", text);
}

static const char *keep_cell(struct loader *l, struct str cell)
{
	return str_empty(cell) ? NULL : read_keep(l, cell);
}

static bool is_any(const struct conf_territory *t)
{
	return t->territory == NULL && t->region == NULL && t->industry == NULL &&
	       t->segment == NULL && t->product == NULL;
}

static bool check_columns(struct loader *l, const struct csv *csv)
{
	static const char *const known[] = {
		"territory", "region", "industry", "segment", "product", "owner"};
	struct diag_at at = {.file = l->conf->territories_path, .line = 1, .col = 1};
	bool is_good = csv_column(csv, "owner") != SIZE_MAX;
	if (!is_good) {
		say(l, C_MISSING, at, "the header may be: territory,region,owner",
			"the table of territories has no column owner");
	}
	for (size_t i = 0; i < csv->header.n; i++) {
		struct str name = csv->header.cells[i];
		bool is_known = false;
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
			is_known |= csv_column(csv, known[k]) == i;
		}
		if (!is_known && name.n > 0) {
			say(l, C_UNKNOWN_KEY, at,
				"columns are territory, region, industry, segment, product and owner",
				"the table of territories has a column '%.*s' that nothing looks at",
				STR_FMT(str_cut_utf8(name, 80)));
			is_good = false;
		}
	}
	return is_good;
}

static void read_row(struct loader *l, const struct csv *csv, const struct csv_row *row,
	struct conf_territory *out, bool *after_any)
{
	struct diag_at at = {.file = l->conf->territories_path, .line = row->line, .col = 1};
	*out = (struct conf_territory){
		.territory = keep_cell(l, csv_cell(row, csv_column(csv, "territory"))),
		.region = keep_cell(l, csv_cell(row, csv_column(csv, "region"))),
		.industry = keep_cell(l, csv_cell(row, csv_column(csv, "industry"))),
		.segment = keep_cell(l, csv_cell(row, csv_column(csv, "segment"))),
		.product = keep_cell(l, csv_cell(row, csv_column(csv, "product"))),
		.owner = keep_cell(l, csv_cell(row, csv_column(csv, "owner"))),
		.line = row->line,
	};
	if (*after_any) {
		say(l, C_DEAD_END, at, "put the row that fits everything last",
			"no account gets here: a row before fits all of them");
	}
	if (out->owner == NULL) {
		say(l, C_MISSING, at, NULL, "the territory has no owner");
	}
	*after_any |= is_any(out);
}

/* Every row: how many there are is bounded by the size of the file. */
static void read_rows(struct loader *l, struct csv *csv)
{
	struct conf_territory *v = NULL;
	size_t n = 0, cap = 0;
	bool after_any = false;
	struct arena cells; /* a row's are forgotten with the next */
	struct csv_row row;
	struct hark_err err;
	int rc;
	arena_init(&cells, 0);
	csv->arena = &cells;
	while (!l->no_memory && (rc = csv_next(csv, &row, &err)) != HARK_ENOENT) {
		if (rc == HARK_OK) {
			struct conf_territory *moved =
				arena_grow(&l->conf->arena, v, n, &cap, sizeof(*v));
			v = moved != NULL ? moved : v;
			l->no_memory |= moved == NULL;
			if (moved != NULL) {
				read_row(l, csv, &row, &v[n++], &after_any);
			}
		} else {
			say(l, C_VALUE,
				(struct diag_at){.file = l->conf->territories_path,
					.line = row.line,
					.col = 1},
				NULL, "%s", err.text);
			l->no_memory |= rc == HARK_ENOMEM;
		}
		arena_reset(&cells);
	}
	arena_release(&cells);
	l->conf->territories = v;
	l->conf->territories_n = n;
}

static void read_table(struct loader *l, struct str text, const char *path)
{
	struct hark_err err;
	struct csv csv;
	struct buf recoded;
	buf_init(&recoded, 3 * TABLE_MAX);
	text = recode(&recoded, text, path, l->diags) ? buf_str(&recoded) : text;
	l->no_memory |= recoded.rc != HARK_OK;
	if (csv_open(&csv, text, &l->scratch, &err) != HARK_OK) {
		say(l, C_VALUE, (struct diag_at){.file = path, .line = 1, .col = 1}, NULL, "%s",
			err.text);
	} else if (check_columns(l, &csv)) {
		read_rows(l, &csv);
	}
	buf_release(&recoded);
}

void cross_territories(struct loader *l)
{
	const char *path = l->conf->territories_path;
	struct hark_err err;
	struct buf text;
	if (path == NULL) {
		return;
	}
	buf_init(&text, TABLE_MAX);
	if (file_read(&text, path, &err) != HARK_OK) {
		say(l, C_UNREADABLE, (struct diag_at){.file = l->conf->path}, NULL,
			"territories: %s", err.text);
	} else {
		read_table(l, buf_str(&text), path);
	}
	buf_release(&text);
}

void cross_inhibit(struct loader *l, const struct yaml_node *node)
{
	if (node->kind == YAML_MAPPING) {
		cross_kinds(l, yaml_get(node, "kind"), false);
	}
}

static bool gets_leads_of(const struct conf_receiver *r, const char *owner)
{
	for (size_t i = 0; i < r->owners_n; i++) {
		if (str_eq_nocase(str_c(r->owners[i]), str_c(owner))) {
			return true;
		}
	}
	return r->owners_n == 0 && r->name != NULL && str_eq_nocase(str_c(r->name), str_c(owner));
}

static bool takes_all(const struct conf_route *r)
{
	return !r->goes_on && r->receivers_n > 0 && r->score_min == 0 && r->kinds_n == 0 &&
	       r->rules_n == 0 && r->routes_n == 0 && r->types_n == 0 && r->territories_n == 0 &&
	       r->products_n == 0 && r->segments_n == 0;
}

/* Every owner that the table names has a receiver, where leads go to owners. */
static void check_owners(struct loader *l)
{
	for (size_t i = 0; i < l->conf->territories_n; i++) {
		const struct conf_territory *t = &l->conf->territories[i];
		bool found = t->owner == NULL;
		for (size_t k = 0; k < l->receivers_n; k++) {
			found |= !found && gets_leads_of(&l->receivers[k], t->owner);
		}
		if (!found) {
			say(l, C_DEAD_END,
				(struct diag_at){.file = l->conf->territories_path,
					.line = t->line,
					.col = 1},
				"give one for: [NAME], or that name",
				"leads of '%s' go to no receiver, and a route goes to the owner",
				t->owner);
		}
	}
}

/* Of those side by side in [from, end). */
static void check_reached(struct loader *l, size_t from, size_t end)
{
	const struct loaded_route *all = NULL;
	for (size_t i = from; i < end; i = l->routes[i].route.end) {
		const struct loaded_route *r = &l->routes[i];
		if (all != NULL) {
			say(l, C_DEAD_END, r->route.at, "put the route for the rest last",
				"this route is never reached: the one at line %u takes every lead",
				all->route.at.line);
		} else if (takes_all(&r->route)) {
			all = r;
		}
		check_reached(l, i + 1, r->route.end);
	}
}

typedef bool (*same_fn)(struct str a, struct str b);

/* One of the two asks nothing, or there is something that both take. */
static bool meet(const char *const *a, size_t a_n, const char *const *b, size_t b_n, same_fn same)
{
	for (size_t i = 0; i < a_n; i++) {
		for (size_t k = 0; k < b_n; k++) {
			if (same(str_c(a[i]), str_c(b[k]))) {
				return true;
			}
		}
	}
	return a_n == 0 || b_n == 0;
}

/* The condition that no lead fulfils in both, NULL: there may be leads for both. */
static const char *clash(const struct conf_route *a, const struct conf_route *b)
{
	if (!meet(a->kinds, a->kinds_n, b->kinds, b->kinds_n, str_eq)) {
		return "kind";
	}
	if (!meet(a->types, a->types_n, b->types, b->types_n, str_eq_nocase)) {
		return "account-type";
	}
	if (!meet(a->territories, a->territories_n, b->territories, b->territories_n,
		    str_eq_nocase)) {
		return "territory";
	}
	if (!meet(a->products, a->products_n, b->products, b->products_n, str_eq_nocase)) {
		return "product";
	}
	return meet(a->segments, a->segments_n, b->segments, b->segments_n, str_eq_nocase)
		       ? NULL
		       : "segment";
}

/* What is under a route gets only what that one takes. */
static void check_nested(struct loader *l)
{
	for (size_t i = 0; i < l->routes_n; i++) {
		const struct loaded_route *r = &l->routes[i];
		for (size_t up = r->above; up != SIZE_MAX; up = l->routes[up].above) {
			const char *what = clash(&l->routes[up].route, &r->route);
			if (what != NULL) {
				say(l, C_DEAD_END, r->route.at,
					"move it out of there, or change one of the two",
					"this route is never reached: it asks for another %s than the one at "
					"line %u, which it is under",
					what, l->routes[up].route.at.line);
				break;
			}
		}
	}
}

void cross_policy(struct loader *l)
{
	bool to_owner = false;
	for (size_t i = 0; i < l->routes_n; i++) {
		to_owner |= l->routes[i].route.to_owner;
	}
	check_reached(l, 0, l->routes_n);
	check_nested(l);
	if (to_owner) {
		check_owners(l);
	}
}
