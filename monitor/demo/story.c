#include "monitor/demo/story.h"

#include "monitor/base/yaml.h"

/* story_text.c is made from story.yaml at build time. */
extern const char story_text[];

struct reader {
	struct story *story;
	struct diags *diags;
	struct str press_title, press_text;
};

static const char *text_of(const struct yaml_node *mapping, const char *key)
{
	const struct yaml_node *n = yaml_get(mapping, key);
	return n != NULL && n->kind == YAML_SCALAR ? n->text.p : NULL;
}

static int64_t number_of(struct reader *r, const struct yaml_node *mapping, const char *key)
{
	struct yaml_node *n = yaml_get(mapping, key);
	int64_t value = 0;
	if (n != NULL && (n->kind != YAML_SCALAR || !str_i64(n->text, &value))) {
		yaml_error(r->diags, n, "D001", NULL, "%s is no number", key);
	}
	return value;
}

static const char *needed(struct reader *r, const struct yaml_node *mapping, const char *key)
{
	const char *text = text_of(mapping, key);
	if (text == NULL) {
		yaml_error(r->diags, mapping, "D002", NULL, "%s is missing", key);
		return "";
	}
	return text;
}

/* "3d" and "5h". */
static int64_t age_of(struct reader *r, const struct yaml_node *item)
{
	struct yaml_node *n = yaml_get(item, "age");
	int64_t count;
	if (n == NULL) {
		return 0;
	}
	struct str digits = str_n(n->text.p, n->text.n > 0 ? n->text.n - 1 : 0);
	char unit = n->text.n > 0 ? n->text.p[n->text.n - 1] : '\0';
	if (!str_i64(digits, &count) || (unit != 'd' && unit != 'h')) {
		yaml_error(r->diags, n, "D003", "write 3d or 5h", "'%.*s' is no age",
			STR_FMT(n->text));
		return 0;
	}
	return count * (unit == 'd' ? 86400000 : 3600000);
}

static void read_item(
	struct reader *r, const struct yaml_node *n, const char *site, struct story_item *item)
{
	item->id = needed(r, n, "id");
	item->age_ms = age_of(r, n);
	if (text_of(n, "press") != NULL) {
		item->author = site;
		item->title = r->press_title.p;
		item->text = r->press_text.p;
		return;
	}
	item->author = needed(r, n, "author");
	item->handle = text_of(n, "handle");
	item->title = text_of(n, "title");
	item->text = needed(r, n, "text");
}

/* The sequence under `key`, and room for its entries. */
static void *read_list(struct reader *r, const struct yaml_node *mapping, const char *key,
	size_t size, const struct yaml_node **list, size_t *n)
{
	*list = yaml_get(mapping, key);
	*n = 0;
	if (*list == NULL || ((*list)->kind != YAML_SEQUENCE && (*list)->n > 0)) {
		yaml_error(r->diags, mapping, "D004", NULL, "the list %s is missing", key);
		return NULL;
	}
	void *v = arena_alloc(&r->story->arena, ((*list)->n + 1) * size);
	if (v != NULL) {
		*n = (*list)->n;
	}
	return v;
}

static struct story_item *read_items(struct reader *r, const struct yaml_node *host,
	const char *key, const char *site, size_t *n)
{
	const struct yaml_node *list;
	struct story_item *items = read_list(r, host, key, sizeof(*items), &list, n);
	for (size_t i = 0; i < *n; i++) {
		read_item(r, list->items[i], site, &items[i]);
	}
	return items;
}

static enum story_format read_format(struct reader *r, const struct yaml_node *host)
{
	static const char *const names[] = {"rss", "rss1", "atom", "json"};
	struct str format = str_c(needed(r, host, "format"));
	for (size_t i = 0; i < 4; i++) {
		if (str_eq_c(format, names[i])) {
			return (enum story_format)i;
		}
	}
	yaml_error(r->diags, host, "D005", NULL, "there is no format '%.*s'", STR_FMT(format));
	return STORY_RSS;
}

static void read_host(struct reader *r, const struct yaml_node *n, struct story_host *h)
{
	h->name = needed(r, n, "name");
	h->title = needed(r, n, "title");
	h->at = needed(r, n, "at");
	h->path = needed(r, n, "path");
	h->format = read_format(r, n);
	h->validators = text_of(n, "validators") != NULL;
	h->ill_formed = text_of(n, "ill_formed") != NULL;
	h->status = (int)number_of(r, n, "status");
	h->first_status = (int)number_of(r, n, "first_status");
	h->retry_after_s = (int)number_of(r, n, "retry_after_s");
	h->delay_ms = number_of(r, n, "delay_ms");
	h->page = (size_t)number_of(r, n, "page");
	h->items = read_items(r, n, "items", h->title, &h->items_n);
	h->later = read_items(r, n, "story", h->title, &h->later_n);
}

static void read_leads(struct reader *r, const struct yaml_node *root)
{
	const struct yaml_node *list;
	struct story *s = r->story;
	s->leads = read_list(r, root, "leads", sizeof(*s->leads), &list, &s->leads_n);
	for (size_t i = 0; i < s->leads_n; i++) {
		const struct yaml_node *n = list->items[i];
		s->leads[i] = (struct story_lead){.strand = needed(r, n, "strand"),
			.kind = needed(r, n, "kind"),
			.person = needed(r, n, "person"),
			.says = needed(r, n, "says")};
	}
}

static void read_files(struct reader *r, const struct yaml_node *root)
{
	const struct yaml_node *files = yaml_get(root, "files");
	struct story *s = r->story;
	if (files == NULL || files->kind != YAML_MAPPING) {
		yaml_error(r->diags, root, "D004", NULL, "the mapping files is missing");
		return;
	}
	s->files = arena_alloc(&s->arena, (files->n + 1) * sizeof(*s->files));
	for (size_t i = 0; s->files != NULL && i < files->n; i++) {
		s->files[s->files_n++] = (struct story_file){
			files->pairs[i].key->text.p, files->pairs[i].value->text.p};
	}
}

static void read_story(struct reader *r, const struct yaml_node *root)
{
	const struct yaml_node *list, *press = yaml_get(root, "press");
	struct story *s = r->story;
	r->press_title = str_c(press != NULL ? needed(r, press, "title") : "");
	r->press_text = str_c(press != NULL ? needed(r, press, "text") : "");
	s->hosts = read_list(r, root, "hosts", sizeof(*s->hosts), &list, &s->hosts_n);
	for (size_t i = 0; i < s->hosts_n; i++) {
		read_host(r, list->items[i], &s->hosts[i]);
	}
	read_leads(r, root);
	read_files(r, root);
}

int story_load(struct story *s, struct str text, struct hark_err *err)
{
	struct diags diags;
	int rc = HARK_OK;

	*s = (struct story){0};
	arena_init(&s->arena, 4 << 20);
	diags_init(&diags);
	struct yaml_node *root = yaml_read(
		text.p != NULL ? text : str_c(story_text), "story.yaml", &s->arena, &diags);
	if (root != NULL) {
		struct reader r = {.story = s, .diags = &diags};
		read_story(&r, root);
	}
	if (diags.n > 0) {
		rc = hark_err_set(err, HARK_EPARSE, "%s:%u:%u: %s", diags.v[0].at.file,
			diags.v[0].at.line, diags.v[0].at.col, diags.v[0].message);
	} else if (root == NULL || s->files == NULL || s->hosts_n == 0 || s->leads_n == 0) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the demo's story");
	}
	diags_release(&diags);
	return rc;
}

void story_release(struct story *s)
{
	arena_release(&s->arena);
}

size_t story_baseline_count(const struct story *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->hosts_n; i++) {
		const struct story_host *h = &s->hosts[i];
		n += h->page != 0 && h->page < h->items_n ? h->page : h->items_n;
	}
	return n;
}

size_t story_later_count(const struct story *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->hosts_n; i++) {
		n += s->hosts[i].later_n;
	}
	return n;
}
