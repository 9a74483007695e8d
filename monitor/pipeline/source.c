#include "monitor/pipeline/source.h"

#include "connectors/registry.h"
#include "monitor/pipeline/listen.h"

#include <stdlib.h>

static int say_broken(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	(void)cursor, (void)request;
	return host->fail(host, "%s", (const char *)ctx);
}

/* In place of one that cannot be used: every poll says why, and nobody is asked. Its context is the sentence. */
static const struct hark_connector broken = {.name = "broken", .plan = say_broken};

static int open_connector(struct source *s, struct hark_err *err)
{
	if (s->conf->broken != NULL) {
		s->connector = &broken;
		s->ctx = (void *)s->conf->broken;
		return HARK_OK;
	}
	int rc = connector_get(&s->connector, s->conf->connector, NULL, err);
	return rc == HARK_OK
		       ? collect_open(s->connector, s->conf->vars, s->conf->vars_n, &s->ctx, err)
		       : rc;
}

/* A request may hold the time; that makes no other place. */
#define PLACE_NOW_MS INT64_C(1000000000000)

/* What a first poll would ask for; settings that do not change it are no other place. */
static int find_place(struct source *s, struct hark_err *err)
{
	struct hark_request first = {0};
	struct arena arena;
	arena_init(&arena, 1 << 20);
	int rc = collect_plan(s->connector, s->ctx, NULL, PLACE_NOW_MS, &first, &arena, err);
	if (rc == HARK_OK) {
		const char *place = first.place != NULL ? first.place : first.url;
		const struct str parts[] = {str_c(s->connector->name), str_c(place),
			str_n(first.body, first.body_bytes)};
		s->place = hash128(parts, 3).lo;
		for (size_t i = 0; i < first.args_count; i++) {
			s->place = hash64(str_c(first.args[i]), s->place);
		}
		s->transport = first.transport;
		s->cost = first.cost;
		s->state->place = s->place;
	}
	arena_release(&arena);
	return rc;
}

bool source_settle_in(struct source *s)
{
	struct source_state *old = s->state;
	if (s->conf->broken != NULL) {
		return false; /* where it is polled is not known */
	}
	bool other = old->place != 0 && old->place != s->place;
	if (other) {
		*old = (struct source_state){.paused = old->paused,
			.alarms = old->alarms,
			.polled_ms = old->polled_ms,
			.posts_total = old->posts_total,
			.polls_total = old->polls_total,
			.opted_out_total = old->opted_out_total,
			.spent_day = old->spent_day,
			.spent = old->spent};
	}
	old->place = s->place;
	return other;
}

int source_new(struct source **out, struct setup *setup, size_t i, struct hark_err *err)
{
	struct source *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for a source");
	}
	s->setup = setup_ref(setup);
	s->conf = &setup->conf->sources[i];
	s->state = calloc(1, sizeof(*s->state));
	int rc = s->state != NULL ? open_connector(s, err)
				  : hark_err_set(err, HARK_ENOMEM, "no memory for a source");
	if (rc == HARK_OK && s->conf->broken == NULL) {
		rc = find_place(s, err);
	}
	if (rc != HARK_OK) {
		hark_err_wrap(err, "%s:%u: source '%s'", s->conf->at.file, s->conf->at.line,
			s->conf->name);
		source_free(s);
		return rc;
	}
	*out = s;
	return HARK_OK;
}

void source_pages_reset(struct source *s)
{
	more_forget(&s->more);
	free(s->next_cursor);
	free(s->seen);
	free(s->pending);
	s->next_cursor = NULL;
	s->seen = NULL;
	s->seen_n = s->seen_cap = 0;
	s->met_known = s->missed = s->unchanged = false;
	s->gap = (struct gap){.cause = GAP_NONE};
	s->page = 0;
	s->pending = NULL;
}

void source_free(struct source *s)
{
	if (s == NULL) {
		return;
	}
	if (s->ctx != NULL) {
		collect_close(s->connector, s->ctx);
	}
	listener_free(s->listener);
	source_pages_reset(s);
	push_end_all(&s->pushes, PUSH_GONE, "there is no such source any more");
	free(s->asked_url);
	free(s->rates);
	free(s->state);
	setup_unref(s->setup);
	free(s);
}

bool source_rests(const struct source *s)
{
	return s->state->paused || s->conf->paused;
}

bool source_is_closed(const struct source *s, int64_t wall_ms)
{
	return !hours_open(s->conf->hours, wall_ms);
}

/* The strings of a state, in one list for all that copy or measure them. */
#define STATE_STRINGS 13

static void strings_of(struct source_state *s, struct str **out)
{
	struct str *all[STATE_STRINGS] = {&s->seen, /* first, as it is read as uint64_t */
		&s->url, &s->etag, &s->last_modified, &s->cursor, &s->error, &s->degraded, &s->noted, &s->moved_to, &s->habits, &s->hub,
		&s->topic, &s->progress};
	memcpy(out, all, sizeof(all));
}

struct source_state *source_state_pack(const struct source_state *s)
{
	struct source_state copy = *s;
	struct str *strings[STATE_STRINGS];
	size_t bytes = sizeof(copy);
	strings_of(&copy, strings);
	for (size_t i = 0; i < STATE_STRINGS; i++) {
		bytes += strings[i]->n;
	}
	char *block = malloc(bytes);
	if (block == NULL) {
		return NULL;
	}
	char *p = block + sizeof(copy);
	for (size_t i = 0; i < STATE_STRINGS; i++) {
		if (strings[i]->p == NULL) {
			continue;
		}
		memcpy(p, strings[i]->p, strings[i]->n);
		strings[i]->p = p;
		p += strings[i]->n;
	}
	memcpy(block, &copy, sizeof(copy));
	return (struct source_state *)block;
}

bool source_take_state(struct source *s, const struct source_state *state)
{
	struct source_state *packed = source_state_pack(state);
	if (packed == NULL) {
		return false;
	}
	free(s->state);
	s->state = packed;
	s->sent_units = 0;
	s->stored = true;
	return true;
}

struct str source_posts(const struct source *s)
{
	return str_c(s->conf->stands_for != NULL ? s->conf->stands_for : s->conf->name);
}

bool source_keep(char **to, const char *text)
{
	char *copy = strdup(text);
	if (copy == NULL) {
		return false;
	}
	free(*to);
	*to = copy;
	return true;
}
