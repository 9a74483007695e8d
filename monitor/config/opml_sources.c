#include "monitor/config/opml_sources.h"

#include "monitor/config/source_name.h"
#include "monitor/config/values.h"

#include <stdlib.h>

/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) (seen->no_memory = true)
#include <uthash.h>

/* Names and addresses in use; one table does for both, a name is never a URL. */
struct seen_text {
	const char *text;
	UT_hash_handle hh;
};

struct seen {
	struct arena *arena;
	struct seen_text *all;
	bool no_memory;
};

struct reading {
	struct opml_sources *out;
	struct arena *arena;
	struct seen seen;
};

static bool has(const struct seen *seen, const char *text)
{
	struct seen_text *found = NULL;
	HASH_FIND_STR(seen->all, text, found);
	return found != NULL;
}

static bool is_taken(void *ctx, const char *name)
{
	return has(ctx, name);
}

static void note(struct seen *seen, const char *text)
{
	struct seen_text *t = text != NULL ? arena_alloc(seen->arena, sizeof(*t)) : NULL;
	if (t == NULL) {
		seen->no_memory = seen->no_memory || text != NULL;
		return;
	}
	t->text = text;
	HASH_ADD_KEYPTR(hh, seen->all, t->text, strlen(t->text), t);
}

static void leave_out(struct reading *in, const struct opml_feed *f, const char *why)
{
	size_t i = in->out->left_out_n++;
	if (i < OPML_LEFT_OUT_MAX) {
		bool has_password = str_find(f->url, STR("@")) != SIZE_MAX;
		in->out->left_out[i].url = has_password ? url_host(f->url) : f->url;
		in->out->left_out[i].why = arena_str(in->arena, str_c(why));
	}
}

static void sort_feed(struct reading *in, const struct opml_feed *f, struct str every)
{
	struct hark_err err;
	char name[SOURCE_NAME_MAX];
	const char *url = arena_c(in->arena, f->url);
	if (url == NULL) {
		in->seen.no_memory = true;
	} else if (has(&in->seen, url)) {
		in->out->known_n++;
	} else if (value_url(f->url, &err) != HARK_OK) {
		leave_out(in, f, err.text);
	} else if (host_is_internal(url_host(f->url))) {
		leave_out(in, f, "a private address: add it with hark sources add --internal");
	} else {
		source_name_make(f->title, f->url, is_taken, &in->seen, name);
		const char *kept = arena_c(in->arena, str_c(name));
		note(&in->seen, url);
		note(&in->seen, kept);
		in->seen.no_memory = in->seen.no_memory || kept == NULL;
		in->out->entries[in->out->entries_n++] = (struct source_entry){
			.name = str_c(kept), .url = str_c(url), .every = every};
	}
}

int opml_sources_read(struct opml_sources *out, const struct conf *c, struct str text,
	struct str every, struct arena *arena,
	void (*progress)(void *ctx, size_t done, size_t total), void *ctx, struct hark_err *err)
{
	struct reading in = {.out = out, .arena = arena, .seen = {.arena = arena}};
	struct opml_feed *feeds = NULL;
	*out = (struct opml_sources){0};
	int rc = opml_read(text, arena, &feeds, &out->feeds_n, NULL, err);
	if (rc != HARK_OK) {
		return rc;
	}
	out->entries = arena_alloc(arena, (out->feeds_n + 1) * sizeof(*out->entries));
	for (size_t i = 0; i < c->sources_n; i++) {
		note(&in.seen, c->sources[i].name);
		note(&in.seen, c->sources[i].url);
	}
	for (size_t i = 0; out->entries != NULL && i < out->feeds_n; i++) {
		sort_feed(&in, &feeds[i], every);
		if (progress != NULL) {
			progress(ctx, i + 1, out->feeds_n);
		}
	}
	HASH_CLEAR(hh, in.seen.all);
	return out->entries != NULL && !in.seen.no_memory
		       ? HARK_OK
		       : hark_err_set(err, HARK_ENOMEM, "no memory for %zu feeds", out->feeds_n);
}

int opml_sources_write(const struct conf *c, int64_t now_ms, struct buf *out, struct hark_err *err)
{
	struct opml_feed *feeds = calloc(c->sources_n + 1, sizeof(*feeds));
	size_t n = 0;
	if (feeds == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for %zu sources", c->sources_n);
	}
	for (size_t i = 0; i < c->sources_n; i++) {
		const struct conf_source *s = &c->sources[i];
		if (strcmp(s->connector, "feed") == 0 && s->url != NULL) {
			feeds[n++] = (struct opml_feed){.url = str_c(s->url),
				.title = str_c(s->name),
				.lang = str_c(s->lang)};
		}
	}
	int rc = opml_write(feeds, n, "hark", now_ms, out);
	free(feeds);
	return rc == HARK_OK ? rc : hark_err_set(err, rc, "the list is too long");
}
