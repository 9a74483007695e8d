/* Which list a name stands for, and reading it when it is asked for first. */
#include "rules/ruleset_in.h"

#include "monitor/base/file.h"
#include "monitor/base/hash.h"
#include "rules/draft.h"

#include <sys/stat.h>
#include <unistd.h>

char *resolve(struct arena *a, const char *base, const char *path)
{
	struct buf b;
	buf_init(&b, 8192);
	if (path[0] != '/' && base != NULL && base[0] != '\0' && strcmp(base, ".") != 0) {
		buf_printf(&b, "%s/", base);
	}
	buf_add_c(&b, path);
	char *out = arena_c(a, buf_str(&b));
	buf_release(&b);
	return out;
}

static struct list *loaded(const struct ruleset *r, const void *origin)
{
	for (size_t i = 0; i < r->lists.n; i++) {
		if (r->lists.v[i]->origin == origin) {
			return r->lists.v[i];
		}
	}
	return NULL;
}

/* Where a list comes from. */
struct origin {
	const void *key;          /* the same for the same list */
	const char *path, *shown; /* NULL: from imported records */
	struct str from, where;
	const struct list_options *options;
	struct diag_at at;
	struct str line;
};

static uint64_t add_mark(uint64_t mark, const char *path)
{
	struct stat st;
	int64_t v[4] = {0}; /* it is not there */
	if (stat(path, &st) == 0) {
		v[0] = (int64_t)st.st_ino;
		v[1] = (int64_t)st.st_size;
		v[2] = (int64_t)st.st_mtim.tv_sec;
		v[3] = (int64_t)st.st_mtim.tv_nsec;
	}
	return hash64(str_n((const char *)v, sizeof(v)), mark);
}

uint64_t ruleset_lists_mark(const struct ruleset *r, bool now)
{
	uint64_t mark = 0;
	for (size_t i = 0; now && i < r->list_paths_n; i++) {
		mark = add_mark(mark, r->list_paths[i]);
	}
	return now ? mark : r->lists_mark;
}

bool ruleset_uses_records(const struct ruleset *r)
{
	return r->uses_records;
}

/* Before it is read: what changes meanwhile is a change. */
static void remember(struct ruleset *r, const char *path)
{
	const char **grown = arena_grow(
		&r->arena, r->list_paths, r->list_paths_n, &r->list_paths_cap, sizeof(*grown));
	if (grown != NULL) {
		r->list_paths = grown;
		r->list_paths[r->list_paths_n++] = path;
		r->lists_mark = add_mark(r->lists_mark, path);
	}
}

static void read_path(struct finder *f, struct list *list, const struct origin *o)
{
	struct hark_err err = {0};
	struct buf text;
	remember(f->r, o->path);
	buf_init(&text, LIST_BYTES_MAX);
	if (file_read(&text, o->path, &err) == HARK_OK) {
		list_read_file(&f->r->lists, list, buf_str(&text), o->shown, f->diags);
	} else {
		diags_add(f->diags, DIAG_ERROR, "E072", o->at, STR_NONE,
			"make the file, or correct its path and permissions",
			"the list '%.*s' cannot be read: %s", STR_FMT(list->name), err.text);
	}
	buf_release(&text);
}

static struct list *load(struct finder *f, struct str name, const struct origin *o)
{
	struct list *list = loaded(f->r, o->key);
	if (list != NULL || (o->path == NULL && o->from.p == NULL)) {
		return list;
	}
	list = lists_add(&f->r->lists, name, o->options);
	if (list == NULL) {
		return NULL;
	}
	list->origin = o->key;
	list->at = o->at;
	if (o->path != NULL) {
		list->at = (struct diag_at){.file = o->shown, .line = 1, .col = 1};
		read_path(f, list, o);
	} else {
		f->r->uses_records = true;
		list_read_records(&f->r->lists, list, f->source->records, o->from, o->where, o->at,
			o->line, f->diags);
	}
	return list;
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? arena_c(a, str_n(path, (size_t)(slash - path))) : ".";
}

/* Beside the rule file, else from the folder of the configuration. */
static const char *list_path(
	struct finder *f, const struct rule_file *file, const struct file_list *l)
{
	struct arena *a = &f->r->arena;
	const char *written = arena_c(a, l->path);
	const char *path = written != NULL ? resolve(a, folder_of(a, file->path), written) : NULL;
	if (path != NULL && access(path, F_OK) != 0 && f->source->base_dir != NULL) {
		const char *other = resolve(a, f->source->base_dir, written);
		path = other != NULL && access(other, F_OK) == 0 ? other : path;
	}
	const struct rules_draft *draft = f->source->draft;
	bool is_refused = draft != NULL && path != NULL && strcmp(file->path, draft->path) == 0 &&
			  !rules_draft_may_read(draft, l->path, path);
	if (is_refused) {
		yaml_error(f->diags, l->node, "E072", "move it there, or define it in the configuration",
			"a list of rules that come over the API is a .csv, .jsonl or .ndjson file below the folder "
			"of the rules or of the configuration");
	}
	return is_refused ? NULL : path;
}

static struct list *global_list(struct finder *f, struct str name)
{
	for (size_t i = 0; i < f->source->lists_n; i++) {
		const struct rules_list *l = &f->source->lists[i];
		if (str_eq_c(name, l->name)) {
			struct origin o = {.key = l,
				.shown = l->file,
				.from = str_c(l->from),
				.where = str_c(l->where),
				.options = &l->options,
				.at = l->at};
			o.path = l->file != NULL
					 ? resolve(&f->r->arena, f->source->base_dir, l->file)
					 : NULL;
			return load(f, name, &o);
		}
	}
	return NULL;
}

static struct list *test_list(struct finder *f, struct str name)
{
	char copy[128];
	snprintf(copy, sizeof(copy), "%.*s", STR_FMT(name));
	const struct yaml_node *items = yaml_get(f->test_lists, copy);
	struct list *list = items != NULL ? loaded(f->r, items) : NULL;
	if (items == NULL || list != NULL) {
		return list;
	}
	list = lists_add(&f->r->lists, name, NULL);
	if (list != NULL) {
		list->origin = items;
		list->at = items->at;
		list_read_yaml(&f->r->lists, list, items, f->diags);
	}
	return list;
}

struct list *find_list(void *ctx, struct rule_file *file, struct str name)
{
	struct finder *f = ctx;
	struct list *list = test_list(f, name);
	for (size_t i = 0; list == NULL && i < file->lists_n; i++) {
		struct file_list *l = &file->lists[i];
		if (str_eq(l->name, name)) {
			struct origin o = {.key = l->node,
				.from = l->from,
				.where = l->where,
				.options = &l->options,
				.at = l->node->at,
				.line = yaml_line(l->node, l->node->at.line)};
			o.path = o.shown = l->path.n > 0 ? list_path(f, file, l) : NULL;
			list = load(f, name, &o);
		}
	}
	return list != NULL ? list : global_list(f, name);
}

struct list *find_test_list(void *ctx, struct rule_file *file, struct str name)
{
	(void)file;
	return test_list(ctx, name);
}

size_t list_names(void *ctx, struct rule_file *file, const char **out, size_t max)
{
	const struct finder *f = ctx;
	size_t n = 0;
	for (size_t i = 0; i < file->lists_n && n < max; i++) {
		out[n++] = file->lists[i].name.p;
	}
	for (size_t i = 0; i < f->source->lists_n && n < max; i++) {
		out[n++] = f->source->lists[i].name;
	}
	return n;
}

static bool same_origin(const struct file_list *a, const struct rules_list *b)
{
	return str_eq(a->path, str_c(b->file)) && str_eq(a->from, str_c(b->from)) &&
	       str_eq(a->where, str_c(b->where));
}

void check_list_names(
	const struct rule_file *file, const struct rules_source *source, struct diags *diags)
{
	for (size_t i = 0; i < file->lists_n; i++) {
		for (size_t k = 0; k < source->lists_n; k++) {
			const struct rules_list *other = &source->lists[k];
			if (!str_eq_c(file->lists[i].name, other->name) ||
				same_origin(&file->lists[i], other)) {
				continue;
			}
			char help[300];
			snprintf(help, sizeof(help), "%s:%u says %s; give one of them another name",
				other->at.file != NULL ? other->at.file : "the configuration",
				other->at.line, other->file != NULL ? other->file : other->from);
			yaml_error(diags, file->lists[i].node, "E039", help,
				"the list '%s' is defined twice with different files", other->name);
		}
	}
}

void load_all_lists(struct ruleset *r, const struct rules_source *source, struct diags *diags)
{
	struct finder f = {.r = r, .source = source, .diags = diags};
	for (size_t i = 0; i < source->lists_n; i++) {
		global_list(&f, str_c(source->lists[i].name));
	}
}
