/* Smaller and smaller as long as both sides differ: shorter texts, fewer names, a shorter query. */
#include "tests/oracle/world.h"

#include <stdio.h>
#include <stdlib.h>

#define TRIES 6000

struct shrink {
	struct arena arena;
	struct ref_list lists[GEN_LISTS];
	size_t lists_n;
	const char *defines[GEN_DEFINES];
	const char *query;
	struct gen_rule rule;
	struct post post;
	const char *what; /* how they differ */
	unsigned tries;
};

static const char *difference(struct shrink *s, bool print)
{
	struct world w;
	struct arena arena;
	struct signal *found;
	size_t n = 0;
	const char *what = NULL;
	world_init(&w);
	arena_init(&arena, 0);
	w.lists = s->lists;
	w.lists_n = s->lists_n;
	memcpy(w.defines, s->defines, sizeof(s->defines));
	w.n = 1;
	w.q[0].text = s->query;
	w.q[0].rule = s->rule;
	if (world_load(&w)) {
		struct ref r = world_ref(&w, &arena);
		world_match(&w, &s->post, &arena, &found, &n);
		ref_begin(&r, &s->post);
		what = world_difference(&w, &r, 0, n > 0 ? found : NULL);
		for (size_t i = 0; print && i < r.evidence.n; i++) {
			const struct ref_place *p = &r.evidence.v[i];
			printf("#   reference: field %d bytes %u-%u %s\n", (int)p->field, p->start,
				p->end, p->list >= 0 ? s->lists[p->list].entries[p->entry].id : "");
		}
		if (print && n > 0) {
			printf("#   engine: %.*s\n", STR_FMT(found[0].explain));
		}
	}
	arena_release(&arena);
	world_release(&w);
	return what;
}

static bool still(struct shrink *s)
{
	const char *what = s->tries < TRIES ? difference(s, false) : NULL;
	s->tries++;
	s->what = what != NULL ? what : s->what;
	return what != NULL;
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Takes pieces out of a text, large ones first. */
static bool shorten(struct shrink *s, struct str *text)
{
	bool any = false;
	for (size_t size = text->n; size > 0; size /= 2) {
		for (size_t at = 0; at < text->n;) {
			struct str before = *text;
			size_t end = at + size < text->n ? at + size : text->n;
			char *out = arena_alloc(&s->arena, text->n + 1);
			memcpy(out, text->p, at);
			memcpy(out + at, text->p + end, text->n - end);
			*text = str_n(out, text->n - (end - at));
			if (still(s)) {
				any = true;
			} else {
				*text = before;
				at++;
				at += size > 4 ? size / 2 : 0;
			}
		}
	}
	return any;
}

/* The same, in whole characters; one remains. */
static bool shorten_c(struct shrink *s, const char **text)
{
	bool any = false;
	size_t n = strlen(*text);
	for (size_t size = n; size > 0; size /= 2) {
		for (size_t at = 0; at < strlen(*text);) {
			const char *before = *text;
			n = strlen(before);
			size_t end = at + size < n ? at + size : n;
			bool cuts = is_tail(before[at]) || is_tail(before[end]) || end - at == n;
			char *out = arena_alloc(&s->arena, n + 1);
			memcpy(out, before, at);
			memcpy(out + at, before + end, n - end);
			*text = out;
			if (!cuts && still(s)) {
				any = true;
			} else {
				*text = before;
				at++;
			}
		}
	}
	return any;
}

/* Tries without something; `was` comes back if it matters. */
#define WITHOUT(s, member, nothing, any)            \
	do {                                        \
		__typeof__(member) was_ = (member); \
		(member) = (nothing);               \
		if (!still(s)) {                    \
			(member) = was_;            \
		} else {                            \
			(any) = true;               \
		}                                   \
	} while (0)

static bool shrink_post(struct shrink *s)
{
	struct post *p = &s->post, empty;
	struct str *texts[] = {&p->text, &p->title, &p->quoted, &p->author.display_name,
		&p->author.bio, &p->author.handle, &p->author.profile_url, &p->url, &p->lang,
		&p->country, &p->in_reply_to};
	bool any = false;
	post_init(&empty);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i]->p != NULL) {
			WITHOUT(s, *texts[i], STR_NONE, any);
		}
	}
	if (p->links.n > 0) {
		WITHOUT(s, p->links.n, 0, any);
	}
	if (p->tags.n > 0) {
		WITHOUT(s, p->tags.n, 0, any);
	}
	if (p->mentions.n > 0) {
		WITHOUT(s, p->mentions.n, 0, any);
	}
	if (p->likes != COUNT_NONE) {
		WITHOUT(s, p->likes, COUNT_NONE, any);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		any |= texts[i]->n > 0 && shorten(s, texts[i]);
	}
	return any;
}

static bool shrink_list(struct shrink *s, struct ref_list *l)
{
	bool any = false;
	for (size_t i = 0; i < l->n;) {
		struct ref_entry was = l->entries[i];
		memmove(&l->entries[i], &l->entries[i + 1], (l->n - i - 1) * sizeof(was));
		l->n--;
		if (still(s)) {
			any = true;
			continue;
		}
		memmove(&l->entries[i + 1], &l->entries[i], (l->n - i) * sizeof(was));
		l->entries[i++] = was;
		l->n++;
	}
	for (size_t i = 0; i < l->n; i++) {
		struct ref_entry *e = &l->entries[i];
		for (size_t k = REF_CELLS; k-- > 0;) {
			if (e->aliases[k] != NULL &&
				(k + 1 == REF_CELLS || e->aliases[k + 1] == NULL)) {
				WITHOUT(s, e->aliases[k], NULL, any);
			}
		}
		if (e->handles[0] != NULL) {
			WITHOUT(s, e->handles[0], NULL, any);
		}
		if (e->domains[0] != NULL) {
			WITHOUT(s, e->domains[0], NULL, any);
		}
		any |= shorten_c(s, &e->name);
		for (size_t k = 0; k < REF_CELLS && e->aliases[k] != NULL; k++) {
			any |= shorten_c(s, &e->aliases[k]);
		}
	}
	return any;
}

static void print_bytes(const char *name, struct str s)
{
	if (s.n == 0) {
		return;
	}
	printf("#   %s: \"", name);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		printf(c >= ' ' && c < 0x7f ? "%c" : "\\x%02x", c);
	}
	printf("\" %.*s\n", STR_FMT(s));
}

static void print_list(const struct ref_list *l)
{
	printf("#   list %s%s%s%s%s:\n", l->name, l->no_variants ? " variants: off" : "",
		l->need_case ? " require: case" : "", l->need_context ? " require: context" : "",
		l->need_handle ? " require: handle" : "");
	for (size_t i = 0; i < l->n; i++) {
		const struct ref_entry *e = &l->entries[i];
		print_bytes(e->id, str_c(e->name));
		printf("#    ");
		for (size_t k = 0; k < REF_CELLS; k++) {
			printf("%s%s%s%s%s%s", e->aliases[k] != NULL ? " alias " : "",
				e->aliases[k] != NULL ? e->aliases[k] : "",
				e->handles[k] != NULL ? " handle " : "",
				e->handles[k] != NULL ? e->handles[k] : "",
				e->domains[k] != NULL ? " domain " : "",
				e->domains[k] != NULL ? e->domains[k] : "");
		}
		printf(" tier %s size %s\n", e->tier != NULL ? e->tier : "-",
			e->size != NULL ? e->size : "-");
	}
}

static void print_case(struct shrink *s)
{
	struct buf json;
	buf_init(&json, 1 << 20);
	post_write_json(&s->post, &json);
	print_bytes("query", str_c(s->query));
	printf("#   scope: %s; score %d", s->rule.scope != NULL ? s->rule.scope : "-",
		s->rule.base);
	for (size_t i = 0; i < GEN_TERMS && s->rule.terms[i] != NULL; i++) {
		printf(", %s: %d", s->rule.terms[i], s->rule.points[i]);
	}
	puts("");
	for (size_t i = 0; i < GEN_DEFINES; i++) {
		printf("#   d%zu: %s\n", i, s->defines[i]);
	}
	for (size_t i = 0; i < s->lists_n; i++) {
		if (strstr(s->query, s->lists[i].name) != NULL || strchr(s->query, '&') != NULL) {
			print_list(&s->lists[i]);
		}
	}
	print_bytes("title", s->post.title);
	print_bytes("text", s->post.text);
	print_bytes("quoted", s->post.quoted);
	print_bytes("name", s->post.author.display_name);
	print_bytes("bio", s->post.author.bio);
	printf("#   post: %.*s\n", STR_FMT(buf_str(&json)));
	buf_release(&json);
}

void world_explain(const struct world *w, size_t query, const struct post *post, uint64_t seed)
{
	static struct shrink s;
	s = (struct shrink){
		.lists_n = w->lists_n, .query = w->q[query].text, .rule = w->q[query].rule};
	arena_init(&s.arena, 0);
	memcpy(s.defines, w->defines, sizeof(s.defines));
	for (size_t i = 0; i < w->lists_n; i++) {
		s.lists[i] = w->lists[i];
		size_t bytes = w->lists[i].n * sizeof(struct ref_entry);
		s.lists[i].entries = arena_alloc(&s.arena, bytes);
		memcpy(s.lists[i].entries, w->lists[i].entries, bytes);
	}
	post_copy(&s.post, post, &s.arena);
	printf("# seed %llu, query %zu: %s\n", (unsigned long long)seed, query, s.query);
	if (!still(&s)) {
		printf("#   only among the other rules\n");
	}
	for (bool any = s.what != NULL; any && s.tries < TRIES;) {
		any = shrink_post(&s);
		any |= shorten_c(&s, &s.query);
		for (size_t i = 0; i < s.lists_n; i++) {
			any |= shrink_list(&s, &s.lists[i]);
		}
	}
	printf("#   %s\n", s.what != NULL ? s.what : "");
	print_case(&s);
	(void)difference(&s, true);
	fflush(stdout);
	arena_release(&s.arena);
}
