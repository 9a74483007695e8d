#include "connectors/mapping.h"

static void alternative_values(const struct alternative *a, struct work *w, struct values *out)
{
	if (a->when != NULL && conditions_all(a->when, w) != NULL) {
		return;
	}
	struct values vs = {.arena = w->arena};
	if (a->form != NULL) {
		values_add_text(&vs, form_text(a->form, w));
	}
	for (size_t i = 0; i < a->pointers_n; i++) {
		pointer_all(&a->pointers[i], w->scope, &vs);
	}
	transforms_run(&a->steps, w, &vs);
	if (out->n == 0) {
		*out = vs;
		return;
	}
	for (size_t i = 0; i < vs.n; i++) {
		if (vs.v[i].kind == VALUE_NODE) {
			values_add_node(out, vs.v[i].node);
		} else {
			values_add_text(out, value_text(&vs.v[i], w->arena));
		}
	}
}

void field_values(const struct field *f, struct work *w, struct values *out)
{
	bool all = f->target != NULL && f->target->type == TARGET_LIST;
	*out = (struct values){.arena = w->arena};
	for (size_t i = 0; i < f->n && (all || out->n == 0); i++) {
		alternative_values(&f->alternatives[i], w, out);
	}
}

/* The one text: of several values the first that is one. */
static struct str first_text(const struct values *vs, struct arena *arena)
{
	for (size_t i = 0; i < vs->n; i++) {
		struct str text = value_text(&vs->v[i], arena);
		if (text.n > 0) {
			return text;
		}
	}
	return STR_NONE;
}

struct str field_text(const struct field *f, struct work *w)
{
	struct values vs;
	field_values(f, w, &vs);
	return first_text(&vs, w->arena);
}

static bool is_listed(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i], text) == 0) {
			return true;
		}
	}
	return false;
}

/* Each once, in order. */
static const char *const *list_of(const struct values *vs, struct arena *arena, size_t *n)
{
	const char **list = arena_alloc(arena, (vs->n + 1) * sizeof(*list));
	*n = 0;
	for (size_t i = 0; list != NULL && i < vs->n; i++) {
		struct str text = value_text(&vs->v[i], arena);
		if (text.n > 0 && !is_listed(list, *n, text.p)) {
			list[(*n)++] = text.p;
		}
	}
	return list;
}

static void set_list(
	struct hark_post *post, size_t offset, const struct values *vs, struct arena *arena)
{
	size_t n;
	const char *const *list = list_of(vs, arena, &n);
	if (offset == offsetof(struct hark_post, tags)) {
		post->tags = list;
		post->tags_count = n;
	} else if (offset == offsetof(struct hark_post, mentions)) {
		post->mentions = list;
		post->mentions_count = n;
	} else {
		post->links = list;
		post->links_count = n;
	}
}

static int choice_of(struct str text, const char *const *names, int n)
{
	for (int i = 0; i < n; i++) {
		if (str_eq_c(text, names[i])) {
			return i;
		}
	}
	return -1;
}

/* 1, 0, or -1 where it is neither. */
static int bool_of(struct str text)
{
	return str_eq_c(text, "true") || str_eq_c(text, "1")    ? 1
	       : str_eq_c(text, "false") || str_eq_c(text, "0") ? 0
								: -1;
}

static void set_count(int64_t *to, const struct values *vs)
{
	int64_t number;
	if (value_number(&vs->v[0], &number)) {
		*to = number;
	}
}

static void set_time(int64_t *to, const struct values *vs, int64_t now_ms)
{
	int64_t ms;
	if (value_time(&vs->v[0], now_ms, &ms)) {
		*to = ms;
	}
}

static void set_text(const char **to, const struct values *vs, struct arena *arena)
{
	struct str text = first_text(vs, arena);
	if (text.n > 0) {
		*to = text.p;
	}
}

static void set_post_field(const struct field *f, struct work *w, struct hark_post *post)
{
	static const char *const types[] = {
		"post", "reply", "repost", "quote", "review", "job", "filing"};
	struct values vs;
	char *at = (char *)post + f->target->offset;
	field_values(f, w, &vs);
	if (vs.n == 0) {
		return;
	}
	switch (f->target->type) {
	case TARGET_TEXT:
		set_text((const char **)(void *)at, &vs, w->arena);
		break;
	case TARGET_TIME:
		set_time((int64_t *)(void *)at, &vs, w->now_ms);
		break;
	case TARGET_COUNT:
		set_count((int64_t *)(void *)at, &vs);
		break;
	case TARGET_LIST:
		set_list(post, f->target->offset, &vs, w->arena);
		break;
	case TARGET_BOOL: {
		int value = bool_of(first_text(&vs, w->arena));
		*(int *)(void *)at = value >= 0 ? value : *(int *)(void *)at;
		break;
	}
	case TARGET_CHOICE: {
		int type = choice_of(first_text(&vs, w->arena), types, 7);
		post->type = type >= 0 ? (enum hark_post_type)type : post->type;
		break;
	}
	}
}

void mapping_post(const struct mapping *map, struct work *w, struct hark_post *out)
{
	for (size_t i = 0; i < map->n; i++) {
		set_post_field(&map->fields[i], w, out);
	}
}

void mapping_profile(const struct mapping *map, struct work *w, struct hark_profile *out)
{
	static const char *const events[] = {"listed", "joined", "left", "changed"};
	for (size_t i = 0; i < map->n; i++) {
		const struct field *f = &map->fields[i];
		struct values vs;
		char *at = (char *)out + f->target->offset;
		field_values(f, w, &vs);
		if (vs.n == 0) {
			continue;
		}
		if (f->target->type == TARGET_TIME) {
			set_time((int64_t *)(void *)at, &vs, w->now_ms);
		} else if (f->target->type == TARGET_CHOICE) {
			int event = choice_of(first_text(&vs, w->arena), events, 4);
			out->event = event >= 0 ? (enum hark_profile_event)event : out->event;
		} else {
			set_text((const char **)(void *)at, &vs, w->arena);
		}
	}
}
