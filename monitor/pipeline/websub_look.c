/* Which subscriptions there should be: what pages name against what the configuration allows. */
#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/config/values.h"
#include "monitor/pipeline/websub_in.h"

#include <stdio.h>
#include <stdlib.h>

#define CALLBACK_MAX 2000
#define ROUND_MS (INT64_C(24) * 3600 * 1000) /* between two rounds through the hubs of a page */

/* A source whose pages name a hub, as the store has it; one block. */
struct found {
	struct found *next;
	struct str source, hub, topic;
	bool paused;
	char texts[];
};

struct conf_place {
	UT_hash_handle hh;
	const struct conf_source *source;
	bool is_wanted;
};

struct look {
	struct websub *w;
	const struct conf *conf;
	struct conf_place *places; /* of sources that may subscribe, by name */
	struct found *found;       /* owned */
	bool no_memory;
};

static void random_hex(char out[SUBSCRIPTION_ID_MAX + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[SUBSCRIPTION_ID_BYTES];
	crypto_random(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[SUBSCRIPTION_ID_MAX] = '\0';
	crypto_wipe(bytes, sizeof(bytes));
}

/* Where hubs reach the source, up to the id. False: it is longer than any hub would take. */
static bool callback_base(const struct conf *conf, const char *source, char out[CALLBACK_MAX])
{
	struct str base = str_c(conf->http_public_url);
	while (base.n > 0 && base.p[base.n - 1] == '/') {
		base.n--;
	}
	int n = snprintf(out, CALLBACK_MAX, "%.*s" WEBSUB_PATH "%s/", STR_FMT(base), source);
	return n > 0 && n + SUBSCRIPTION_ID_MAX < CALLBACK_MAX;
}

/* Over http it can be read on the way: only where all of that is plainly one's own. */
static bool may_have_secret(const struct conf_source *source, struct str hub)
{
	return str_starts_nocase(hub, STR("https://")) ||
	       (source->internal && host_is_internal(url_host(hub)));
}

/* `next_ms`: when the hub is asked; 0: at once. */
static void add_wanted(struct look *look, const struct conf_source *source, struct str hub,
	struct str topic, const char *base, int64_t next_ms)
{
	char callback[CALLBACK_MAX], id[SUBSCRIPTION_ID_MAX + 1];
	random_hex(id);
	int n = snprintf(callback, sizeof(callback), "%s%s", base, id);
	struct subscription *row = NULL;
	if (n > 0 && (size_t)n < sizeof(callback)) { /* as callback_base() made sure */
		row = subscription_new(str_c(source->name), topic, hub, str_c(callback));
	}
	if (row == NULL) {
		look->no_memory = true;
		return;
	}
	memcpy(row->id, id, sizeof(row->id));
	row->internal = source->internal;
	row->next_ms = next_ms;
	if (may_have_secret(source, hub)) {
		random_hex(row->secret);
	}
	look->no_memory |= !websub_add_row(look->w, row, true);
}

static void leave(struct entry *e, int64_t now_ms)
{
	e->is_over = subscription_leave(e->row, now_ms);
	e->is_changed = true;
}

static bool is_same(const struct subscription *row, const struct conf_source *source,
	struct str hubs, struct str topic, const char *base)
{
	struct str hub = str_c(row->hub);
	return hub_is_named(hubs, hub) && str_eq_c(topic, row->topic) &&
	       row->internal == source->internal &&
	       (row->secret[0] != '\0') == may_have_secret(source, hub) &&
	       str_starts(str_c(row->callback), str_c(base));
}

/* With the lock held. */
static void look_at(struct look *look, const struct found *f)
{
	struct conf_place *place = NULL;
	char base[CALLBACK_MAX];
	HASH_FIND(hh, look->places, f->source.p, f->source.n, place);
	if (place == NULL || f->paused || place->source->paused ||
		!callback_base(look->conf, place->source->name, base)) {
		return;
	}
	struct site *site = websub_site_of(look->w, f->source);
	struct entry *e = site != NULL ? websub_wanted_of(site) : NULL;
	if (site == NULL) {
		look->no_memory = true;
		return;
	}
	place->is_wanted = true;
	site->body_max = (size_t)place->source->max_bytes;
	site->spacing_ms = place->source->spacing_ms;
	int64_t now = clock_wall_ms(), next_ms = 0;
	bool is_first = true;
	struct str hub = hub_after(f->hub, STR(""), &is_first);
	if (e != NULL && is_same(e->row, place->source, f->hub, f->topic, base)) {
		hub = subscription_has_failed(e->row)
			      ? hub_after(f->hub, str_c(e->row->hub), &is_first)
			      : str_c(e->row->hub);
		if (str_eq_c(hub, e->row->hub)) {
			return;
		}
		next_ms = is_first ? now + ROUND_MS : 0; /* all have been asked */
	}
	add_wanted(look, place->source, hub, f->topic, base, next_ms);
	if (e != NULL) {
		leave(e, now);
	}
}

/* With the lock held. */
static void leave_others(struct look *look)
{
	struct site *site, *tmp;
	HASH_ITER (hh, look->w->sites, site, tmp) {
		struct conf_place *place = NULL;
		HASH_FIND_STR(look->places, site->name, place);
		struct entry *e = websub_wanted_of(site);
		if (e != NULL && (place == NULL || !place->is_wanted)) {
			leave(e, clock_wall_ms());
		}
	}
}

/* The entries live in `all`. */
static void name_places(struct look *look, struct conf_place *all)
{
	for (size_t i = 0; i < look->conf->sources_n; i++) {
		const struct conf_source *s = &look->conf->sources[i];
		if (s->websub && look->conf->http_public_url != NULL) {
			all[i].source = s;
			HASH_ADD_KEYPTR(hh, look->places, s->name, strlen(s->name), &all[i]);
			look->no_memory |= all[i].hh.tbl == NULL;
		}
	}
}

static struct str put_text(char **at, struct str text)
{
	struct str copy = str_n(*at, text.n);
	if (text.n > 0) {
		memcpy(*at, text.p, text.n);
	}
	*at += text.n;
	return copy;
}

/* On the writer's thread, while the main one waits. */
static void take_found(void *ctx, struct str source, struct str hub, struct str topic, bool paused)
{
	struct look *look = ctx;
	struct conf_place *place = NULL;
	HASH_FIND(hh, look->places, source.p, source.n, place);
	if (place == NULL) {
		return;
	}
	struct found *f = malloc(sizeof(*f) + source.n + hub.n + topic.n);
	if (f == NULL) {
		look->no_memory = true;
		return;
	}
	char *at = f->texts;
	f->source = put_text(&at, source);
	f->hub = put_text(&at, hub);
	f->topic = put_text(&at, topic);
	f->paused = paused;
	LL_PREPEND(look->found, f);
}

static int find_hubs(struct store *store, void *arg, struct hark_err *err)
{
	return store_hubs_each(store, take_found, arg, err);
}

static void use_look(struct look *look)
{
	struct found *f, *next;
	pthread_mutex_lock(&look->w->lock);
	LL_FOREACH (look->found, f) {
		look_at(look, f);
	}
	if (!look->no_memory) { /* else perhaps only half of them were found */
		leave_others(look);
	}
	pthread_mutex_unlock(&look->w->lock);
	LL_FOREACH_SAFE(look->found, f, next)
	{
		free(f);
	}
}

int websub_look_around(struct websub *w, const struct conf *conf, struct hark_err *err)
{
	struct look look = {.w = w, .conf = conf};
	struct conf_place *all = calloc(conf->sources_n + 1, sizeof(*all));
	if (all == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for subscriptions");
	}
	name_places(&look, all);
	int rc = look.places != NULL ? w->options.write(w->options.ctx, find_hubs, &look, err)
				     : HARK_OK;
	look.no_memory |= rc != HARK_OK;
	use_look(&look);
	HASH_CLEAR(hh, look.places);
	free(all);
	if (rc == HARK_OK && look.no_memory) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for subscriptions");
	}
	return rc;
}
