#include "tests/fuzz/fuzz.h"

#include "rules/fold.h"
#include "rules/ruleset.h"

#include <assert.h>

/* The whole matcher: rules with lists, and posts. The input is parted by bytes 0x1e: a query, a list
 * (CSV, JSON Lines or anything), an option of the list, then the fields of a post. */
struct input {
	struct str rest;
};

static struct str part(struct input *in)
{
	struct str out = STR_NONE;
	return str_split(&in->rest, 0x1e, &out) ? out : STR_NONE;
}

static void add_query(struct buf *yaml, const char *id, struct str query)
{
	buf_printf(yaml, "  - id: %s\n    kind: mention\n    slow: true\n    match: |\n      ", id);
	for (size_t i = 0; i < query.n; i++) {
		buf_add_char(yaml, query.p[i]);
		buf_add_c(yaml, query.p[i] == '\n' ? "      " : "");
	}
	buf_add_c(yaml, "\n");
}

static struct list *read_list(struct ruleset *r, struct str text, struct str option)
{
	struct diags diags;
	struct list_options o = {.no_class = str_eq_c(option, "a"),
		.no_variants = str_eq_c(option, "a"),
		.need_case = str_eq_c(option, "c"),
		.need_context = str_eq_c(option, "x"),
		.need_handle = str_eq_c(option, "h")};
	diags_init(&diags);
	struct list *list = lists_add(&r->lists, STR("l"), &o);
	if (list != NULL) {
		list_read_file(&r->lists, list, text, "l", &diags);
	}
	diags_release(&diags);
	return list;
}

/* Spans lie in their fields, entities among the spans' fields. */
static void look_at(const struct post *p, const struct signal *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < found[i].spans_n; k++) {
			const struct span *s = &found[i].spans[k];
			size_t most = s->field == FIELD_TEXT    ? p->text.n
				      : s->field == FIELD_TITLE ? p->title.n
				      : s->field == FIELD_BIO   ? p->author.bio.n
								: UINT32_MAX;
			assert(s->start <= s->end && s->end <= most);
		}
		struct buf json;
		buf_init(&json, 8 << 20);
		signal_write_json(&found[i], p, &json);
		buf_release(&json);
	}
}

static void match(struct ruleset *r, struct input *in)
{
	struct matcher *m = matcher_new(r);
	struct arena arena;
	struct signal *found;
	struct post p;
	size_t n;
	post_init(&p);
	p.source = STR("fuzz");
	p.external_id = STR("1");
	p.text = part(in);
	p.title = part(in);
	p.quoted = part(in);
	p.author.display_name = part(in);
	p.author.handle = part(in);
	p.author.profile_url = part(in);
	p.author.bio = part(in);
	p.url = part(in);
	struct str tag = part(in), mention = part(in), link = part(in);
	p.tags = (struct strs){&tag, tag.p != NULL};
	p.mentions = (struct strs){&mention, mention.p != NULL};
	p.links = (struct strs){&link, link.p != NULL};
	arena_init(&arena, 64 << 20);
	for (int again = 0; m != NULL && again < 2; again++) {
		if (matcher_match(m, &p, &arena, &found, &n) == HARK_OK) {
			look_at(&p, found, n);
		}
	}
	matcher_free(m);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rules_source none;
	struct input in = {str_n((const char *)data, size)};
	struct ruleset *r = fold_init() == HARK_OK ? ruleset_new() : NULL;
	struct diags diags;
	struct buf yaml;
	if (r == NULL) {
		return 0;
	}
	diags_init(&diags);
	buf_init(&yaml, 4 << 20);
	buf_add_c(&yaml, "lists:\n  l: { file: l.csv }\nrules:\n");
	add_query(&yaml, "q", part(&in));
	add_query(&yaml, "l", STR("any:l OR mention:any:l OR author:any:l"));
	struct str list_text = part(&in);
	struct list *list = read_list(r, list_text, part(&in));
	struct rule_file *f = rule_file_read(buf_str(&yaml), "r.yaml", &r->arena, &diags);
	struct rule_file *files[1] = {f};
	if (f != NULL && list != NULL && f->lists_n == 1) {
		f->path = "r.yaml";
		list->origin = f->lists[0].node; /* loaded already: nothing is read from the disk */
		r->files = files;
		r->files_n = 1;
		if (ruleset_link(r, f, NULL, &none, &diags) == HARK_OK &&
			ruleset_finish(r, &diags) == HARK_OK) {
			match(r, &in);
		}
	}
	buf_release(&yaml);
	ruleset_unref(r);
	diags_release(&diags);
	return 0;
}
