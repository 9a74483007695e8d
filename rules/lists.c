/* All lists of a ruleset; and the lists of tests, which stand in YAML. */
#include "monitor/base/count.h"
#include "rules/lists_in.h"

#include <stdlib.h>

/* Near one of these an everyday word is taken for a name, unless its list says otherwise. */
static const char *const usual_context[] = {"company", "companies", "software", "app", "apps",
	"product", "products", "brand", "vendor", "vendors", "supplier", "customer", "customers",
	"client", "clients", "crm", "erp", "saas", "tool", "tools", "platform", "service",
	"services", "support", "team", "ceo", "cto", "cfo", "founder", "founders", "startup",
	"firm", "inc", "ltd", "gmbh", "corp", "shares", "stock", "investors", "funding",
	"subscription", "licence", "license", "licences", "licenses", "pricing", "invoice",
	"contract", "api", "integration", "alternative", "alternatives", "competitor",
	"competitors", "vs", "versus", "users", "using", "bought", "buying", "switch", "switched",
	"switching", "migrate", "migrated", "migrating", "hiring", "joined", "joining", "employees",
	"website", "store", "update", "outage", "login"};

void lists_init(struct lists *l)
{
	*l = (struct lists){0};
	arena_init(&l->arena, 0);
	names_init(&l->names);
	text_init(&l->scratch);
}

void lists_release(struct lists *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i]->entries);
	}
	names_release(&l->names);
	text_release(&l->scratch);
	arena_release(&l->arena);
	*l = (struct lists){0};
}

static void hash_words(struct lists *l, const struct strs *words, uint64_t **out, size_t *n)
{
	*out = arena_alloc(&l->arena, (words->n + 1) * sizeof(**out));
	for (size_t i = 0; *out != NULL && i < words->n; i++) {
		text_reset(&l->scratch);
		text_add(&l->scratch, TEXT_TEXT, words->v[i]);
		if (l->scratch.n > 0) {
			(*out)[(*n)++] = l->scratch.hash[0];
		}
	}
}

/* The context of a list that names none: words of business. */
static void hash_usual_context(struct lists *l, struct list *list)
{
	struct str words[sizeof(usual_context) / sizeof(usual_context[0])];
	struct strs all = {words, sizeof(words) / sizeof(words[0])};
	for (size_t i = 0; i < all.n; i++) {
		words[i] = str_c(usual_context[i]);
	}
	hash_words(l, &all, &list->context, &list->context_n);
}

struct list *lists_add(struct lists *l, struct str name, const struct list_options *options)
{
	static const struct list_options none;
	struct list *list = arena_alloc(&l->arena, sizeof(*list));
	struct list **grown = arena_grow(&l->arena, l->v, l->n, &l->cap, sizeof(*grown));
	if (list == NULL || grown == NULL) {
		l->rc = HARK_ENOMEM;
		return NULL;
	}
	l->v = grown;
	list->index = (uint32_t)l->n;
	l->v[l->n++] = list;
	list->name = arena_str(&l->arena, name);
	options = options != NULL ? options : &none;
	list->options = *options;
	hash_words(l, &options->forbid, &list->forbid, &list->forbid_n);
	if (options->context.n > 0) {
		hash_words(l, &options->context, &list->context, &list->context_n);
	} else {
		hash_usual_context(l, list);
	}
	return list;
}

/* The columns of an inline list are the keys of all its items. */
static void collect_columns(struct lists *l, struct list *list, const struct yaml_node *items)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct yaml_node *item = items->items[i];
		for (size_t k = 0; item->kind == YAML_MAPPING && k < item->n; k++) {
			list_column(l, list, item->pairs[k].key->text);
		}
	}
}

static void read_yaml_cell(struct row *r, struct str key, const struct yaml_node *value)
{
	size_t column = list_column(r->l, r->list, key);
	size_t n = value->kind == YAML_SEQUENCE ? value->n : 1;
	for (size_t i = 0; i < n && column != SIZE_MAX; i++) {
		const struct yaml_node *v = value->kind == YAML_SEQUENCE ? value->items[i] : value;
		row_cell(r, column, v->kind == YAML_SCALAR ? str_trim(v->text) : STR_NONE);
	}
}

static void read_yaml_item(struct row *r, const struct yaml_node *item)
{
	const struct yaml_node *name = item->kind == YAML_MAPPING ? yaml_get(item, "name") : item;
	const struct yaml_node *id = yaml_get(item, "id");
	if (name == NULL || name->kind != YAML_SCALAR || str_trim(name->text).n == 0) {
		yaml_error(r->diags, item, "E052",
			"for example { name: Jane Doe, handle: \"@jdoe\" }",
			"an entry of a list is a name, or a mapping with one");
		return;
	}
	if (!row_begin(r, str_trim(name->text), id != NULL ? id->text : STR_NONE)) {
		return;
	}
	if (item->kind == YAML_SCALAR) {
		take_name(r, str_trim(item->text));
	}
	for (size_t k = 0; item->kind == YAML_MAPPING && k < item->n; k++) {
		read_yaml_cell(r, item->pairs[k].key->text, item->pairs[k].value);
	}
	row_end(r);
}

void list_read_yaml(
	struct lists *l, struct list *list, const struct yaml_node *items, struct diags *diags)
{
	if (items->kind != YAML_SEQUENCE) {
		yaml_error(diags, items, "E052", "for example [Globex, Initech]",
			"a list of a test is a sequence of names");
		return;
	}
	struct buf cells;
	buf_init(&cells, 1 << 20);
	collect_columns(l, list, items);
	for (size_t i = 0; i < items->n && l->rc == HARK_OK; i++) {
		struct row r = {.l = l,
			.list = list,
			.diags = diags,
			.at = items->items[i]->at,
			.cells = &cells};
		r.source = yaml_line(items->items[i], r.at.line);
		read_yaml_item(&r, items->items[i]);
	}
	buf_release(&cells);
}

/* Gives back what was kept for entries that did not come. */
static void trim(struct list *list)
{
	struct list_entry *exact =
		list->n > 0 ? realloc(list->entries, list->n * sizeof(*exact)) : NULL;
	if (exact != NULL) {
		list->entries = exact;
		list->cap = list->n;
	}
}

/* Of each list the name that most entries share, and how many such names there are. */
struct shared {
	struct namesakes most;
	size_t names;
};

static void note_shared(void *ctx, const struct namesakes *found)
{
	struct shared *shared = (struct shared *)ctx + found->list;
	shared->names++;
	if (found->entries > shared->most.entries ||
		(found->entries == shared->most.entries && found->first < shared->most.first)) {
		shared->most = *found;
	}
}

static void tell_shared(const struct list *list, const struct shared *s, struct diags *diags)
{
	struct diag_at at = list->at;
	char others[80] = "", left_out[80] = "";
	at.line = list->entries[s->most.first].line != 0 ? list->entries[s->most.first].line
							 : at.line;
	if (s->names > 1) {
		snprintf(others, sizeof(others), "; shared so too: %s of the list",
			COUNT(s->names - 1, "more name"));
	}
	if (s->most.entries > NAMESAKES_MAX) {
		snprintf(left_out, sizeof(left_out), "; only the first %d count", NAMESAKES_MAX);
	}
	diags_add(diags, DIAG_WARNING, "W077", at, STR_NONE,
		"write fuller names, or give them handles and the list require: [handle]",
		"%zu entries of the list '%.*s' share the name '%.*s': a post with it is taken to "
		"speak of all of them and flagged ambiguous%s%s",
		s->most.entries, STR_FMT(list->name),
		(int)(s->most.name.n < 80 ? s->most.name.n : 80), s->most.name.p, left_out, others);
}

int lists_build(struct lists *l, struct diags *diags)
{
	for (size_t i = 0; i < l->n; i++) {
		trim(l->v[i]);
	}
	struct shared *shared = calloc(l->n + 1, sizeof(*shared));
	bool *late = calloc(l->n + 1, sizeof(*late));
	int rc = l->rc != HARK_OK ? l->rc : shared == NULL || late == NULL ? HARK_ENOMEM : HARK_OK;
	for (size_t i = 0; i < l->n && rc == HARK_OK; i++) {
		late[i] = !l->v[i]->wakes;
	}
	rc = rc == HARK_OK ? names_build(&l->names, late, note_shared, shared) : rc;
	for (size_t i = 0; i < l->n && rc == HARK_OK; i++) {
		if (shared[i].names > 0) {
			tell_shared(l->v[i], &shared[i], diags);
		}
	}
	free(shared);
	free(late);
	return rc;
}
