/* Where a definition goes on: the cursor of a poll and its pages. */
#include "connectors/definition_parts.h"

/* --- cursor --- */

static void read_cursor_kind(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"none", "seen_set", "max_id", "max_time", "stop_at",
		"anchor", "token", "snapshot_diff", NULL};
	((struct cursor_rule *)into)->kind = (enum cursor_kind)defread_choice(r, node, names);
}

static void read_cursor_from(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_field(r, node, &((struct cursor_rule *)into)->from);
}

static void read_cursor_overlap(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->overlap_ms = defread_duration(r, node);
}

static void read_cursor_initial(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->initial_ms = defread_duration(r, node);
}

static void read_cursor_by(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"id", "time", NULL};
	((struct cursor_rule *)into)->is_time = defread_choice(r, node, names) == 1;
}

static void read_cursor_account(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->account = defread_bool(r, node);
}

static void read_cursor_misses(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->misses = defread_number(r, node, 1, 20);
}

static void read_cursor_watch(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_field(r, node, &((struct cursor_rule *)into)->watch);
}

static const struct defkey cursor_keys[] = {
	{"kind", read_cursor_kind, true},
	{"from", read_cursor_from, false},
	{"by", read_cursor_by, false},
	{"overlap", read_cursor_overlap, false},
	{"initial", read_cursor_initial, false},
	{"misses", read_cursor_misses, false},
	{"account", read_cursor_account, false},
	{"watch", read_cursor_watch, false},
	{NULL, NULL, false},
};

void read_def_cursor(struct defread *r, const struct yaml_node *node, void *into)
{
	struct cursor_rule *c = &((struct definition *)into)->cursor;
	defread_keys(r, node, "cursor", cursor_keys, c);
	if (c->kind > CURSOR_SEEN_SET && c->from.n == 0) {
		defread_say(r, node, D_MISSING, NULL,
			"cursor lacks from, the pointer to what is remembered");
	}
	c->is_time |= c->kind == CURSOR_MAX_TIME;
}

/* --- paging --- */

static const char *const paging_names[] = {"none", "page", "offset", "cursor", "link_header",
	"url_in_body", "before_smallest_id", "repeat_until_empty", NULL};

static void read_paging_kind(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct paging_rule *)into)->kind =
		(enum paging_kind)defread_choice(r, node, paging_names);
}

#define NUMBER_READER(function, record, member, low, high)                                \
	static void function(struct defread *r, const struct yaml_node *node, void *into) \
	{                                                                                 \
		((struct record *)into)->member = defread_number(r, node, low, high);     \
	}
NUMBER_READER(read_paging_start, paging_rule, start, 0, 1)
NUMBER_READER(read_paging_size, paging_rule, size, 1, 10000)
NUMBER_READER(read_max_pages, paging_rule, max_pages, 1, DEFINITION_PAGES_MAX)

#define POINTER_READER(function, record, member)                                          \
	static void function(struct defread *r, const struct yaml_node *node, void *into) \
	{                                                                                 \
		((struct record *)into)->member = defread_new_pointer(r, node);           \
	}
POINTER_READER(read_paging_next, paging_rule, next)
POINTER_READER(read_paging_total, paging_rule, total)
POINTER_READER(read_paging_more, paging_rule, has_more)
TEXT_READER(read_paging_rel, paging_rule, rel)

static void read_whole(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct paging_rule *)into)->whole_list = defread_bool(r, node);
}

static const struct defkey paging_keys[] = {
	{"kind", read_paging_kind, true},
	{"start", read_paging_start, false},
	{"size", read_paging_size, false},
	{"next", read_paging_next, false},
	{"total", read_paging_total, false},
	{"has_more", read_paging_more, false},
	{"rel", read_paging_rel, false},
	{"whole_list", read_whole, false},
	{"max_pages", read_max_pages, false},
	{NULL, NULL, false},
};

void read_def_paging(struct defread *r, const struct yaml_node *node, void *into)
{
	struct paging_rule *p = &((struct definition *)into)->paging;
	p->max_pages = 10;
	defread_keys(r, node, "paging", paging_keys, p);
	bool needs_next = p->kind == PAGING_CURSOR || p->kind == PAGING_URL_IN_BODY ||
			  p->kind == PAGING_BEFORE_SMALLEST_ID;
	if (needs_next && p->next == NULL) {
		defread_say(r, node, D_MISSING, NULL,
			"paging %s lacks next, the pointer to what the next page hangs on",
			paging_names[p->kind]);
	}
	if (p->kind == PAGING_OFFSET && p->size == 0) {
		defread_say(r, node, D_MISSING, NULL, "paging offset lacks size");
	}
}

/* --- circles --- */

static bool request_asks(const struct definition *d, enum run_var run)
{
	size_t var = d->vars_n + (size_t)run;
	return form_asks(&d->request.url, var) || def_asks(&d->request.query, var) ||
	       def_asks(&d->request.fields, var) || def_asks(&d->request.headers, var);
}

void check_def_loop(struct defread *r, const struct yaml_node *root)
{
	static const int needs[] = {
		[PAGING_PAGE] = RUN_PAGE,
		[PAGING_OFFSET] = RUN_OFFSET,
		[PAGING_CURSOR] = RUN_PAGE_CURSOR,
		[PAGING_BEFORE_SMALLEST_ID] = RUN_PAGE_CURSOR,
		[PAGING_REPEAT] = RUN_CURSOR,
	};
	enum paging_kind kind = r->d->paging.kind;
	bool has_need = kind == PAGING_PAGE || kind == PAGING_OFFSET || kind == PAGING_CURSOR ||
			kind == PAGING_BEFORE_SMALLEST_ID || kind == PAGING_REPEAT;
	if (has_need && !request_asks(r->d, (enum run_var)needs[kind])) {
		defread_say(r, yaml_get(root, "paging"), D_LOOP, NULL,
			"paging %s goes in a circle: nothing in request asks for {%s}",
			paging_names[kind], run_var_names[needs[kind]]);
	}
}
