/* A turn: what is due is written down, then hubs are asked. */
#include "connectors/form.h"
#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/log.h"
#include "monitor/pipeline/websub_in.h"

#include <stdio.h>
#include <stdlib.h>

#define ASK_MAX 200 /* hubs asked in one turn; the others in the next */
#define REPLY_MAX (64u << 10)
#define WHY_MAX 120 /* of what a hub says when it refuses */
#define REDIRECTS_MAX 3
#define FORM_MAX (16u << 10)
#define FAILED_MS 30000 /* until a turn whose rows could not be stored is tried again */

/* A copy of what a hub is to be asked. */
struct ask {
	struct websub *w;
	char id[SUBSCRIPTION_ID_MAX + 1];
	char *source, *hub; /* owned */
	bool internal;
	int64_t spacing_ms;
	struct buf form; /* with the secret in it */
};

static void ask_free(struct ask *a)
{
	if (a != NULL) {
		crypto_wipe_buf(&a->form);
		free(a->source);
		free(a->hub);
		free(a);
	}
}

static void add_field(struct buf *form, const char *name, const char *value)
{
	buf_printf(form, "%s%s=", form->n > 0 ? "&" : "", name);
	form_encode(str_c(value), form);
}

/* NULL: no memory. */
static struct ask *ask_new(
	struct websub *w, const struct site *site, const struct subscription *row, bool leaves)
{
	struct ask *a = calloc(1, sizeof(*a));
	char lease[24];
	if (a == NULL) {
		return NULL;
	}
	a->w = w;
	memcpy(a->id, row->id, sizeof(a->id));
	a->source = strdup(row->source);
	a->hub = strdup(row->hub);
	a->internal = row->internal;
	a->spacing_ms = site->spacing_ms;
	buf_init(&a->form, FORM_MAX);
	add_field(&a->form, "hub.mode", leaves ? "unsubscribe" : "subscribe");
	add_field(&a->form, "hub.topic", row->topic);
	add_field(&a->form, "hub.callback", row->callback);
	if (!leaves) {
		snprintf(lease, sizeof(lease), "%d", SUBSCRIPTION_LEASE_S);
		add_field(&a->form, "hub.lease_seconds", lease);
	}
	if (!leaves && row->secret[0] != '\0') {
		add_field(&a->form, "hub.secret", row->secret);
	}
	if (a->source == NULL || a->hub == NULL || a->form.rc != HARK_OK) {
		ask_free(a);
		return NULL;
	}
	return a;
}

/* A row to be written or removed. */
struct draft {
	struct draft *next;
	struct subscription *row; /* owned copy */
	bool is_over;
};

struct plan {
	struct websub *w;
	struct ask *asks[ASK_MAX];
	size_t asks_n;
	struct draft *drafts;
	struct site *lost; /* through next_lost */
};

/* NULL: no memory. */
static struct draft *draft_new(const struct entry *e)
{
	struct draft *d = calloc(1, sizeof(*d));
	struct subscription *row = subscription_new(str_c(e->row->source), str_c(e->row->topic),
		str_c(e->row->hub), str_c(e->row->callback));
	if (d == NULL || row == NULL) {
		free(d);
		subscription_free(row);
		return NULL;
	}
	struct subscription texts = *row;
	*row = *e->row;
	row->source = texts.source;
	row->topic = texts.topic;
	row->hub = texts.hub;
	row->callback = texts.callback;
	d->row = row;
	d->is_over = e->is_over;
	return d;
}

static void drafts_free(struct draft *all)
{
	struct draft *d, *next;
	LL_FOREACH_SAFE(all, d, next)
	{
		subscription_free(d->row);
		free(d);
	}
}

/* Without memory (`d` NULL) the next turn writes it. */
static void plan_draft(struct plan *p, struct entry *e, struct draft *d)
{
	if (d != NULL) {
		LL_PREPEND(p->drafts, d);
		e->is_changed = false;
	}
}

/* No hub is asked of whom nothing is written down: its callback would be forgotten by a crash. */
static void plan_ask(
	struct plan *p, const struct site *site, struct entry *e, bool leaves, int64_t now_ms)
{
	struct ask *a = ask_new(p->w, site, e->row, leaves);
	struct subscription before = *e->row;
	subscription_asked(e->row, now_ms);
	struct draft *d = a != NULL ? draft_new(e) : NULL;
	if (d == NULL) {
		ask_free(a);
		*e->row = before; /* the next turn tries again */
		return;
	}
	p->w->look |= !leaves && subscription_has_failed(e->row);
	p->asks[p->asks_n++] = a;
	plan_draft(p, e, d);
}

/* With the lock held: what is due now. */
static void plan_entry(struct plan *p, const struct site *site, struct entry *e, int64_t now_ms)
{
	enum subscription_state before = e->row->state;
	enum subscription_act act =
		e->is_over ? SUBSCRIPTION_FORGET : subscription_due(e->row, now_ms);
	e->is_changed |= e->row->state != before;
	e->is_over |= act == SUBSCRIPTION_FORGET;
	bool is_asked = act == SUBSCRIPTION_SUBSCRIBE || act == SUBSCRIPTION_UNSUBSCRIBE;
	if (is_asked && p->asks_n < ASK_MAX) {
		plan_ask(p, site, e, act == SUBSCRIPTION_UNSUBSCRIBE, now_ms);
	} else if (e->is_changed || e->is_over) {
		plan_draft(p, e, draft_new(e));
	}
}

/* Whether its news came by a subscription until now. */
static bool is_lost(struct site *site, int64_t now_ms)
{
	const struct entry *e = websub_wanted_of(site);
	bool was_active = site->was_active;
	site->was_active = e != NULL && subscription_is_active(e->row, now_ms);
	return was_active && !site->was_active;
}

static void plan_all(struct plan *p, int64_t now_ms)
{
	struct site *site, *tmp;
	struct entry *e;
	pthread_mutex_lock(&p->w->lock);
	HASH_ITER (hh, p->w->sites, site, tmp) {
		LL_FOREACH (site->entries, e) {
			plan_entry(p, site, e, now_ms);
		}
		if (is_lost(site, now_ms)) {
			site->next_lost = p->lost; /* sites are never removed */
			p->lost = site;
		}
	}
	pthread_mutex_unlock(&p->w->lock);
	for (site = p->lost; site != NULL; site = site->next_lost) {
		p->w->options.lost(p->w->options.ctx, site->name);
	}
}

/* On the writer's thread. */
static int save_drafts(struct store *store, void *arg, struct hark_err *err)
{
	const struct draft *d;
	(void)err; /* a failure is the transaction's */
	LL_FOREACH ((const struct draft *)arg, d) {
		if (d->is_over) {
			store_subscription_remove(store, d->row->id);
		} else {
			store_subscription_save(store, d->row);
		}
	}
	return HARK_OK;
}

/* What is removed goes, what could not be written is to be written again. */
static void note_saved(struct plan *p, bool is_saved)
{
	const struct draft *d;
	struct entry *e, *next;
	pthread_mutex_lock(&p->w->lock);
	LL_FOREACH (p->drafts, d) {
		struct site *site = websub_find_site(p->w, str_c(d->row->source));
		LL_FOREACH_SAFE(site->entries, e, next)
		{
			if (strcmp(e->row->id, d->row->id) != 0) {
				continue;
			}
			e->is_changed |= !is_saved;
			if (is_saved && d->is_over) {
				LL_DELETE(site->entries, e);
				websub_entry_free(e);
			}
		}
	}
	pthread_mutex_unlock(&p->w->lock);
}

/* --- the hub's answer --- */

/* "HTTP 403: topic unknown": what the hub says, as far as a line shows it. */
static void say_why(const struct fetch_reply *r, char out[SUBSCRIPTION_ERROR_MAX])
{
	if (r->rc != HARK_OK) {
		snprintf(out, SUBSCRIPTION_ERROR_MAX, "%s", r->error);
		return;
	}
	struct str said = str_trim(buf_str(&r->body));
	size_t n = 0;
	while (n < said.n && n < WHY_MAX && (unsigned char)said.p[n] >= ' ' && said.p[n] != '<' &&
		(unsigned char)said.p[n] < 0x7f) {
		n++;
	}
	snprintf(out, SUBSCRIPTION_ERROR_MAX, "its hub answers HTTP %d%s%.*s", r->status,
		n > 0 ? ": " : "", (int)n, n > 0 ? said.p : "");
}

/* On the fetch thread. */
static void on_reply(void *user, struct fetch_reply *reply)
{
	struct ask *a = user;
	struct websub *w = a->w;
	char why[SUBSCRIPTION_ERROR_MAX];
	bool is_good = reply->rc == HARK_OK && reply->status >= 200 && reply->status < 300;
	if (reply->rc != HARK_EPIPE && !is_good) { /* else we are stopping, or it will ask back */
		say_why(reply, why);
		log_warn("%s: its hub was asked in vain: %s", a->source, why);
		pthread_mutex_lock(&w->lock);
		struct entry *e = websub_find_entry(w, str_c(a->source), str_c(a->id));
		if (e != NULL) {
			subscription_answered(
				e->row, why, reply->retry_after_ms, clock_wall_ms(), &w->rng);
			e->is_changed = true;
			w->look |= subscription_has_failed(e->row);
		}
		pthread_mutex_unlock(&w->lock);
	}
	fetch_reply_free(reply);
	ask_free(a);
}

static void post(struct ask *a)
{
	static const struct fetch_header type[] = {
		{"Content-Type", "application/x-www-form-urlencoded"}};
	const struct fetch_request request = {
		.url = a->hub,
		.method = "POST",
		.headers = type,
		.headers_n = 1,
		.body = buf_str(&a->form),
		.max_bytes = REPLY_MAX,
		.spacing_ms = a->spacing_ms,
		.redirects_max = REDIRECTS_MAX,
		.same_host = true, /* the secret is for this hub */
		.internal = a->internal,
	};
	struct hark_err err = {0};
	if (fetch_submit(a->w->options.fetch, &request, on_reply, a, &err) != HARK_OK) {
		log_warn("%s: its hub cannot be asked: %s", a->source, err.text);
		ask_free(a); /* the next try comes in its time */
	}
}

/* A look that is asked for while one is taken is taken again. */
static bool is_to_look(struct websub *w)
{
	pthread_mutex_lock(&w->lock);
	bool look = w->look;
	w->look = false;
	pthread_mutex_unlock(&w->lock);
	return look;
}

static int turn(struct websub *w, const struct conf *conf, struct plan *p, struct hark_err *err)
{
	int rc = is_to_look(w) ? websub_look_around(w, conf, err) : HARK_OK;
	if (rc != HARK_OK) {
		pthread_mutex_lock(&w->lock);
		w->look = true;
		pthread_mutex_unlock(&w->lock);
		return rc;
	}
	plan_all(p, clock_wall_ms());
	if (p->drafts != NULL) {
		rc = w->options.write(w->options.ctx, save_drafts, p->drafts, err);
		note_saved(p, rc == HARK_OK);
	}
	return rc;
}

void websub_turn(struct websub *w, const struct conf *conf)
{
	struct hark_err err = {0};
	struct plan p = {.w = w};
	if (clock_steady_ms() < w->later_ms) {
		return;
	}
	int rc = turn(w, conf, &p, &err);
	if (rc != HARK_OK) {
		w->later_ms = clock_steady_ms() + FAILED_MS;
		log_warn("subscriptions wait, trying again later: %s", err.text);
	}
	for (size_t i = 0; i < p.asks_n; i++) {
		if (rc == HARK_OK) {
			post(p.asks[i]);
		} else {
			ask_free(p.asks[i]); /* the next try comes in its time */
		}
	}
	drafts_free(p.drafts);
}
