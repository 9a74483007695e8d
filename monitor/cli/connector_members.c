#include "monitor/cli/connector_members.h"

#include "connectors/value.h"

#include <stdio.h>

#define DEPTH_MAX 5
#define COST_WRAPPER 15 /* a level that says nothing */
#define COST_LEVEL 100

/* Where a walk is. */
struct place {
	const char *pointer;
	enum member_of of;
	int cost, depth;
	size_t item;
};

static bool is_among(const char *name, const char *const *list)
{
	while (*list != NULL && strcmp(*list, name) != 0) {
		list++;
	}
	return *list != NULL;
}

static void plain_name(const char *key, char name[MEMBER_NAME])
{
	size_t n = 0;
	for (; *key != '\0' && n + 1 < MEMBER_NAME; key++) {
		if (*key != '_' && *key != '-') {
			name[n++] = (char)(*key >= 'A' && *key <= 'Z' ? *key + ('a' - 'A') : *key);
		}
	}
	name[n] = '\0';
}

size_t unwritable(struct str s)
{
	static const char *const unseen[] = {"\xd8\x9c", "\xe2\x80\x8b", "\xe2\x80\x8e",
		"\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xab",
		"\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa0", "\xe2\x81\xa6",
		"\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xef\xbb\xbf", NULL};
	unsigned char c = (unsigned char)s.p[0], second = s.n > 1 ? (unsigned char)s.p[1] : 0;
	if (c < ' ' || c == 0x7f) {
		return 1;
	}
	if (c == 0xc2 && second < 0xa0) {
		return 2;
	}
	for (size_t i = 0; unseen[i] != NULL; i++) {
		if (str_starts(s, str_c(unseen[i]))) {
			return strlen(unseen[i]);
		}
	}
	return 0;
}

bool pointer_step(char to[GUESS_POINTER_MAX], const char *pointer, const char *key)
{
	size_t n = strlen(pointer);
	if (n + 1 >= GUESS_POINTER_MAX || strpbrk(key, "\"\\[]{}") != NULL) {
		return false;
	}
	memmove(to, pointer, n);
	to[n++] = '/';
	for (; *key != '\0'; key++) {
		bool escaped = *key == '/' || *key == '~';
		if (n + 2 >= GUESS_POINTER_MAX || unwritable(str_c(key)) > 0) {
			return false;
		}
		to[n++] = escaped ? '~' : *key;
		if (escaped) {
			to[n++] = *key == '/' ? '1' : '0';
		}
	}
	to[n] = '\0';
	return true;
}

/* What an object of that name is about, and what it costs to go into it. */
static void enter(const char *name, struct place *p)
{
	static const char *const wrappers[] = {"data", "node", "post", "item", "attributes",
		"snippet", "toplevelcomment", "record", "resource", "source", "value", "article",
		"comment", "review", "issue", "pullrequest", "discussion", "payload", "fields",
		"properties", "object", "story", "job", "ticket", "status", "entry", "content",
		"body", "message", "description", "links", "view", NULL};
	static const char *const people[] = {"author", "user", "creator", "owner", "account",
		"from", "profile", "member", "poster", "reporter", "consumer", "actor", "submitter",
		"sender", "person", "customer", "reviewer", "by", "commenter", "writer", "postedby",
		"createdby", "requester", NULL};
	static const char *const others[] = {"repo", "repository", "community", "project",
		"channel", "category", "forum", "group", "board", "space", "company",
		"organization", "organisation", "org", "media", "image", "images", "thumbnail",
		"thumbnails", "avatar", "parent", "replyto", "inreplyto", "quoted", "quotedstatus",
		"reblog", "retweetedstatus", "reactions", "highlightresult", "location", "site",
		"app", "application", "card", "embed", "poll", "label", "license", "milestone",
		"product", "businessunit", "department", "topic", "thread", NULL};
	if (p->of == OF_POST && is_among(name, people)) {
		p->of = OF_PERSON;
	} else if (p->of == OF_POST && is_among(name, others)) {
		p->of = OF_OTHER;
	} else {
		p->cost += is_among(name, wrappers) ? COST_WRAPPER : COST_LEVEL;
	}
}

/* "author_name" of a post is the "name" of a person. */
static void take_prefix(struct member *m)
{
	static const char *const people[] = {"author", "user", "reviewer", "poster", "creator",
		"commenter", "owner", "sender", "member"};
	static const char *const whole[] = {"username", "authorfullname", NULL};
	for (size_t i = 0; m->of == OF_POST && i < sizeof(people) / sizeof(*people); i++) {
		size_t n = strlen(people[i]);
		if (strncmp(m->name, people[i], n) == 0 && m->name[n] != '\0' &&
			!is_among(m->name, whole)) {
			memmove(m->name, m->name + n, strlen(m->name + n) + 1);
			m->of = OF_PERSON;
		}
	}
}

static struct member *member_at(struct members *ms, const char *pointer)
{
	for (size_t i = 0; i < ms->n; i++) {
		if (strcmp(ms->v[i].pointer, pointer) == 0) {
			return &ms->v[i];
		}
	}
	struct member *v = ms->n < MEMBERS_MAX
				   ? arena_grow(&ms->arena, ms->v, ms->n, &ms->cap, sizeof(*ms->v))
				   : NULL;
	if (v == NULL) {
		return NULL;
	}
	ms->v = v;
	ms->v[ms->n] = (struct member){.parent_n = 0};
	return &ms->v[ms->n++];
}

static void add(struct members *ms, const struct place *p, const char *pointer, const char *name,
	const json_t *value)
{
	struct member *m = member_at(ms, pointer);
	if (m == NULL) {
		return;
	}
	if (m->pointer[0] == '\0') {
		snprintf(m->pointer, sizeof(m->pointer), "%s", pointer);
		snprintf(m->name, sizeof(m->name), "%s", name);
		m->parent_n = strlen(p->pointer);
		m->of = p->of;
		m->cost = p->cost;
		take_prefix(m);
	}
	m->values[p->item] = value;
}

/* `outer` is where the object stands, `called` what it is called there: {"title": {"rendered": "..."}} is a title. */
static void walk(struct members *ms, const json_t *node, const struct place *p,
	const struct place *outer, const char *called)
{
	static const char *const inner[] = {"rendered", "label", "$t", "#text", "value", NULL};
	json_t *object = (json_t *)node, *value;
	const char *key;
	json_object_foreach(object, key, value)
	{
		char pointer[GUESS_POINTER_MAX], name[MEMBER_NAME];
		if (strchr(key, '*') != NULL || !pointer_step(pointer, p->pointer, key) ||
			!node_has_content(value)) {
			continue;
		}
		plain_name(key, name);
		if (json_is_object(value) && p->depth < DEPTH_MAX) {
			struct place below = *p;
			below.pointer = pointer;
			below.depth++;
			enter(name, &below);
			walk(ms, value, &below, p, name);
		} else if (outer != NULL && is_among(key, inner)) {
			add(ms, outer, pointer, called, value);
		} else if (!json_is_object(value)) {
			add(ms, p, pointer, name, value);
		}
	}
}

void members_collect(const struct guessed *g, struct members *out)
{
	*out = (struct members){.items = g->is_one ? 1 : json_array_size(g->items)};
	arena_init(&out->arena, 4 << 20);
	out->items = out->items < MEMBER_ITEMS ? out->items : MEMBER_ITEMS;
	for (size_t i = 0; i < out->items; i++) {
		struct place p = {.pointer = "", .item = i};
		walk(out, g->is_one ? g->items : json_array_get(g->items, i), &p, NULL, "");
	}
}

void members_release(struct members *ms)
{
	arena_release(&ms->arena);
}
