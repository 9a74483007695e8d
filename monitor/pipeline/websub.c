#include "monitor/pipeline/websub_in.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/log.h"

#include <stdio.h>
#include <stdlib.h>

struct websub *websub_new(const struct websub_options *options)
{
	struct websub *w = calloc(1, sizeof(*w));
	if (w != NULL) {
		w->options = *options;
		w->look = true;
		w->rng.state = (uint64_t)clock_wall_ms() ^ (uintptr_t)w;
		pthread_mutex_init(&w->lock, NULL);
	}
	return w;
}

void websub_entry_free(struct entry *e)
{
	subscription_free(e->row);
	free(e);
}

void websub_free(struct websub *w)
{
	struct site *site, *tmp;
	struct entry *e, *next;
	if (w == NULL) {
		return;
	}
	HASH_ITER (hh, w->sites, site, tmp) {
		HASH_DEL(w->sites, site);
		LL_FOREACH_SAFE(site->entries, e, next)
		{
			websub_entry_free(e);
		}
		free(site);
	}
	pthread_mutex_destroy(&w->lock);
	free(w);
}

/* --- with the lock held --- */

struct site *websub_find_site(struct websub *w, struct str name)
{
	struct site *site = NULL;
	HASH_FIND(hh, w->sites, name.p, name.n, site);
	return site;
}

struct site *websub_site_of(struct websub *w, struct str name)
{
	struct site *site = websub_find_site(w, name);
	if (site != NULL || (site = calloc(1, sizeof(*site) + name.n + 1)) == NULL) {
		return site;
	}
	memcpy(site->name, name.p, name.n);
	HASH_ADD_KEYPTR(hh, w->sites, site->name, name.n, site);
	if (site->hh.tbl == NULL) {
		free(site);
		return NULL;
	}
	return site;
}

struct entry *websub_find_entry(struct websub *w, struct str source, struct str id)
{
	struct site *site = websub_find_site(w, source);
	struct entry *found = NULL, *e;
	if (site == NULL || id.n != SUBSCRIPTION_ID_MAX) {
		return NULL;
	}
	LL_FOREACH (site->entries, e) {
		if (crypto_equal(e->row->id, id.p, SUBSCRIPTION_ID_MAX) && !e->is_over) {
			found = e;
		}
	}
	return found;
}

struct entry *websub_wanted_of(const struct site *site)
{
	struct entry *e;
	LL_FOREACH (site->entries, e) {
		if (e->row->state != SUBSCRIPTION_LEAVING && !e->is_over) {
			return e;
		}
	}
	return NULL;
}

bool websub_add_row(struct websub *w, struct subscription *row, bool is_changed)
{
	struct site *site = websub_site_of(w, str_c(row->source));
	struct entry *e = site != NULL ? calloc(1, sizeof(*e)) : NULL;
	if (e == NULL) {
		subscription_free(row);
		return false;
	}
	e->row = row;
	e->is_changed = is_changed;
	LL_PREPEND(site->entries, e);
	return true;
}

static bool take_row(void *ctx, struct subscription *row)
{
	struct websub *w = ctx;
	subscription_restart(row, clock_wall_ms(), &w->rng);
	return websub_add_row(w, row, false);
}

int websub_load(struct websub *w, struct store *store, struct hark_err *err)
{
	pthread_mutex_lock(&w->lock);
	int rc = store_subscriptions_each(store, STR_NONE, take_row, w, err);
	pthread_mutex_unlock(&w->lock);
	return rc;
}

void websub_look(struct websub *w)
{
	pthread_mutex_lock(&w->lock);
	w->look = true;
	pthread_mutex_unlock(&w->lock);
	w->options.wake(w->options.ctx);
}

bool websub_is_active(struct websub *w, const char *source)
{
	pthread_mutex_lock(&w->lock);
	const struct site *site = websub_find_site(w, str_c(source));
	const struct entry *e = site != NULL ? websub_wanted_of(site) : NULL;
	bool is_active = e != NULL && subscription_is_active(e->row, clock_wall_ms());
	pthread_mutex_unlock(&w->lock);
	return is_active;
}

/* --- what hubs say --- */

bool websub_find(struct websub *w, struct str source, struct str id, struct websub_place *out)
{
	pthread_mutex_lock(&w->lock);
	const struct entry *e = websub_find_entry(w, source, id);
	if (e != NULL) {
		const struct site *site = websub_find_site(w, source);
		out->is_left = e->row->state == SUBSCRIPTION_LEAVING ||
			       e->row->state == SUBSCRIPTION_DENIED;
		out->body_max = site->body_max;
		memcpy(out->secret, e->row->secret, sizeof(out->secret));
		snprintf(out->topic, sizeof(out->topic), "%s", e->row->topic);
	}
	pthread_mutex_unlock(&w->lock);
	return e != NULL;
}

enum subscription_reply websub_answer(
	struct websub *w, struct str source, struct str id, const struct subscription_question *q)
{
	enum subscription_reply reply = SUBSCRIPTION_NO;
	enum subscription_state before = SUBSCRIPTION_ASKED, after = before;
	char why[SUBSCRIPTION_ERROR_MAX] = "", span[CLOCK_TEXT_MAX];
	int64_t now = clock_wall_ms(), lease_ms = 0;
	pthread_mutex_lock(&w->lock);
	struct entry *e = websub_find_entry(w, source, id);
	if (e != NULL) {
		before = e->row->state;
		reply = subscription_verify(e->row, q, now, &w->rng);
		e->is_changed |= reply != SUBSCRIPTION_NO;
		w->look |= subscription_has_failed(e->row); /* perhaps there is another hub */
		after = e->row->state;
		lease_ms = e->row->lease_ms - now;
		memcpy(why, e->row->error, sizeof(why));
	}
	pthread_mutex_unlock(&w->lock);
	if (reply == SUBSCRIPTION_NO) {
		return reply;
	}
	if (after == SUBSCRIPTION_DENIED) {
		log_warn("%.*s: no subscription: %s", STR_FMT(source), why);
	} else if (after == SUBSCRIPTION_ACTIVE && before != after) {
		log_info("%.*s: its hub tells of news at once, for %s", STR_FMT(source),
			clock_span(lease_ms, span));
	}
	w->options.wake(w->options.ctx);
	return reply;
}

void websub_count(struct websub *w, struct str source, struct str id, bool good)
{
	pthread_mutex_lock(&w->lock);
	struct entry *e = websub_find_entry(w, source, id);
	if (e != NULL && good) {
		e->row->pushes++;
		e->row->pushed_ms = clock_wall_ms();
	} else if (e != NULL) {
		e->row->ignored++;
	}
	if (e != NULL) {
		e->is_changed = true;
	}
	pthread_mutex_unlock(&w->lock);
}
