#include "monitor/api/inlet_in.h"

#include "monitor/api/signature.h"
#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/log.h"
#include "monitor/pipeline/bucket.h"

#include <stdio.h>
#include <stdlib.h>

#define WAITING_MAX 64                /* messages of one source between request and answer */
#define WAITING_BYTES_MAX (64u << 20) /* of all sources */
#define SECRET_MAX 4096
#define FULL_S 60 /* a disk takes longer */
#define ANSWER_MAX (256u << 10)

/* ---- doors ---- */

static void door_free(struct door *d)
{
	if (d != NULL) {
		setup_unref(d->setup);
		free(d->accept);
		free(d->key_name);
		free(d);
	}
}

static void doors_free(struct door *all)
{
	struct door *d, *tmp;
	HASH_ITER (hh, all, d, tmp) {
		HASH_DEL(all, d);
		door_free(d);
	}
}

struct inlet *inlet_new(const struct inlet_options *options)
{
	struct inlet *in = calloc(1, sizeof(*in));
	struct buckets *buckets = buckets_new();
	if (in == NULL || buckets == NULL) {
		free(in);
		buckets_free(buckets);
		return NULL;
	}
	in->options = *options;
	in->buckets = buckets;
	pthread_mutex_init(&in->lock, NULL);
	return in;
}

void inlet_free(struct inlet *in)
{
	struct tally *t, *tmp;
	if (in == NULL) {
		return;
	}
	doors_free(in->doors);
	HASH_ITER (hh, in->tallies, t, tmp) {
		HASH_DEL(in->tallies, t);
		free(t);
	}
	buckets_free(in->buckets);
	pthread_mutex_destroy(&in->lock);
	free(in);
}

void inlet_close(struct inlet *in)
{
	pthread_mutex_lock(&in->lock);
	in->closed = true;
	pthread_mutex_unlock(&in->lock);
}

static const char *accepted(const struct hark_request *r)
{
	for (size_t i = 0; i < r->headers_count; i++) {
		if (str_eq_nocase(str_c(r->headers[i].name), STR("Accept"))) {
			return r->headers[i].value;
		}
	}
	return NULL;
}

/* NULL without memory. */
static struct door *door_new(const struct source *s, const struct hark_request *r)
{
	struct door *d = calloc(1, sizeof(*d));
	const char *accept = accepted(r);
	bool is_signed = r->auth != NULL && r->auth->kind != HARK_AUTH_NONE;
	if (d == NULL) {
		return NULL;
	}
	d->setup = setup_ref(s->setup);
	d->conf = s->conf;
	d->accept = accept != NULL ? strdup(accept) : NULL;
	d->signed_by = is_signed ? r->auth->kind : HARK_AUTH_NONE;
	d->key_name = is_signed ? strdup(r->auth->secret) : NULL;
	d->rate = r->buckets_count > 0 ? r->buckets[0] : (struct hark_bucket){0};
	d->body_max = r->body_max != 0 && r->body_max < (size_t)s->conf->max_bytes
			      ? r->body_max
			      : (size_t)s->conf->max_bytes;
	if ((accept != NULL && d->accept == NULL) || (is_signed && d->key_name == NULL)) {
		door_free(d);
		return NULL;
	}
	return d;
}

static int add_door(struct door **all, const struct source *s, struct hark_err *err)
{
	struct hark_request planned;
	struct arena arena;
	arena_init(&arena, 1 << 20);
	int rc = collect_plan(s->connector, s->ctx, NULL, 0, &planned, &arena, err);
	struct door *d = rc == HARK_OK ? door_new(s, &planned) : NULL;
	if (d != NULL) {
		HASH_ADD_KEYPTR(hh, *all, d->conf->name, strlen(d->conf->name), d);
	}
	if (rc == HARK_OK && (d == NULL || d->hh.tbl == NULL)) {
		door_free(d);
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
	}
	arena_release(&arena);
	return rc;
}

int inlet_set_sources(
	struct inlet *in, struct source *const *sources, size_t n, struct hark_err *err)
{
	struct door *fresh = NULL;
	for (size_t i = 0; i < n; i++) {
		int rc = sources[i]->transport == HARK_TRANSPORT_PUSH
				 ? add_door(&fresh, sources[i], err)
				 : HARK_OK;
		if (rc != HARK_OK) {
			doors_free(fresh);
			return rc;
		}
	}
	pthread_mutex_lock(&in->lock);
	struct door *old = in->doors;
	in->doors = fresh;
	pthread_mutex_unlock(&in->lock);
	doors_free(old);
	return HARK_OK;
}

/* With the lock held. NULL: no memory. */
static struct tally *tally_of(struct inlet *in, const char *name)
{
	struct tally *t = NULL;
	HASH_FIND_STR(in->tallies, name, t);
	if (t == NULL && (t = calloc(1, sizeof(*t) + strlen(name) + 1)) != NULL) {
		strcpy(t->name, name);
		HASH_ADD_STR(in->tallies, name, t);
		if (t->hh.tbl == NULL) {
			free(t);
			t = NULL;
		}
	}
	return t;
}

void inlet_count_refused(struct inlet *in, const char *name)
{
	struct tally *t = tally_of(in, name);
	if (t != NULL) {
		t->refused++;
		t->refused_ms = clock_wall_ms();
	}
}

size_t inlet_each_refused(struct inlet *in,
	void (*fn)(void *ctx, const char *source, int64_t n, int64_t last_ms), void *ctx)
{
	struct tally *t, *tmp;
	size_t sources = 0;
	pthread_mutex_lock(&in->lock);
	HASH_ITER (hh, in->tallies, t, tmp) {
		sources += t->refused > 0;
		if (t->refused > 0 && fn != NULL) {
			fn(ctx, t->name, t->refused, t->refused_ms);
			t->refused = 0;
		}
	}
	pthread_mutex_unlock(&in->lock);
	return sources;
}

/* ---- by the head ---- */

/* "/in/NAME/TOKEN", or the token of the header. */
static void read_address(const struct http_exchange *x, struct str *name, struct str *token)
{
	const struct str bearer = STR("Bearer ");
	struct str path = http_path(x), sent = http_request_header(x, "Authorization");
	struct str rest = str_n(path.p + strlen(INLET_PATH), path.n - strlen(INLET_PATH));
	*token = STR_NONE;
	str_split(&rest, '/', name);
	if (rest.n > 0) {
		*token = rest;
	} else if (str_starts_nocase(sent, bearer)) {
		*token = str_trim(str_n(sent.p + bearer.n, sent.n - bearer.n));
	}
}

static int read_secret(const struct door *d, const char *name, struct buf *out)
{
	for (size_t i = 0; i < d->conf->secrets_n; i++) {
		if (strcmp(d->conf->secret_names[i], name) == 0) {
			return conf_secret(
				&d->conf->secrets[i], d->setup->conf->base_dir, out, NULL);
		}
	}
	return HARK_ENOENT;
}

/* Fingerprints are compared, so that the time it takes tells nothing of a token, not even its length. */
static bool same_token(struct str a, struct str b)
{
	unsigned char x[CRYPTO_HMAC_BYTES], y[CRYPTO_HMAC_BYTES], key[CRYPTO_HMAC_BYTES];
	crypto_random(key, sizeof(key));
	struct str salt = str_n((const char *)key, sizeof(key));
	crypto_hmac_sha256(salt, &a, 1, x);
	crypto_hmac_sha256(salt, &b, 1, y);
	return crypto_equal(x, y, sizeof(x));
}

/* `d` NULL: a name that is none, which takes as long. */
static bool has_token(struct door *d, struct str token)
{
	struct buf secret;
	buf_init(&secret, SECRET_MAX);
	int rc = d != NULL ? read_secret(d, "token", &secret) : HARK_ENOENT;
	bool is_long = secret.n >= CONF_TOKEN_MIN;
	if (d != NULL && !is_long && !d->told) {
		d->told = true;
		log_error("%s: its token %s: nothing can be sent to it", d->conf->name,
			rc != HARK_OK ? "is not there"
				      : "is shorter than 16 characters and could be guessed");
	}
	bool is_same = same_token(buf_str(&secret), token);
	crypto_wipe_buf(&secret);
	return is_same && is_long;
}

/* The media type without parameters. */
static bool accepts(const struct door *d, struct str type)
{
	struct str rest = str_c(d->accept), one;
	size_t end = str_find(type, STR(";"));
	type = str_trim(end != SIZE_MAX ? str_n(type.p, end) : type);
	while (str_split(&rest, ',', &one)) {
		if (str_eq_nocase(str_trim(one), type)) {
			return true;
		}
	}
	/* application/cloudevents+json and others are JSON all the same. */
	return d->accept == NULL ||
	       (str_ends(type, STR("+json")) &&
		       str_find(str_c(d->accept), STR("application/json")) != SIZE_MAX);
}

void inlet_later(struct http_exchange *x, int status, int64_t seconds, const char *why)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)seconds);
	http_header(x, "Retry-After", text);
	http_problem(x, status, "%s", why);
}

bool inlet_has_room(struct inlet *in, const char *name, struct http_exchange *x)
{
	const struct tally *t = tally_of(in, name);
	if (in->closed) {
		inlet_later(x, 503, INLET_BUSY_S, "hark is stopping: send it again later");
	} else if (in->options.is_full(in->options.ctx)) {
		inlet_later(x, 503, FULL_S, "the disk is full: send it again later");
	} else if (t == NULL || t->waiting >= WAITING_MAX ||
		   in->waiting_bytes >= WAITING_BYTES_MAX) {
		inlet_later(x, 503, INLET_BUSY_S,
			"too much waits to be stored already: send it again later");
	} else {
		return true;
	}
	return false;
}

static bool is_in_time(struct inlet *in, const struct door *d, struct http_exchange *x)
{
	int64_t now = clock_steady_ms();
	uint64_t key = bucket_key(&d->rate, str_c(d->conf->name));
	int64_t wait = d->rate.n > 0 ? bucket_wait(in->buckets, key, now) : 0;
	if (wait > 0) {
		inlet_later(x, 429, wait / 1000 + 1, "more than the rate of the source: slow down");
		return false;
	}
	if (d->rate.n > 0) {
		bucket_take(in->buckets, key, &d->rate, now);
	}
	return true;
}

/* With the lock held. NULL: none of that name. */
static struct door *find_door(struct inlet *in, struct str name)
{
	struct door *d = NULL;
	HASH_FIND(hh, in->doors, name.p, name.n, d);
	return d;
}

static void admit(struct inlet *in, struct http_exchange *x)
{
	struct str name, token;
	read_address(x, &name, &token);
	if (inlet_hub_admit(in, x, name, token)) {
		return;
	}
	struct door *d = find_door(in, name);
	if (!has_token(d, token)) {
		if (d != NULL) {
			inlet_count_refused(in, d->conf->name);
		}
		http_problem(x, 404, "nothing is here: the source or its token is another");
	} else if (!str_eq_c(http_method(x), "POST")) {
		http_header(x, "Allow", "POST");
		http_problem(x, 405, "records are sent by POST");
	} else if (!accepts(d, http_request_header(x, "Content-Type"))) {
		http_header(x, "Accept", d->accept);
		http_problem(x, 415, "the Content-Type must be one of %s", d->accept);
	} else if (inlet_has_room(in, d->conf->name, x) && is_in_time(in, d, x)) {
		http_body_max(x, d->body_max);
	}
}

void inlet_admit(struct inlet *in, struct http_exchange *x)
{
	pthread_mutex_lock(&in->lock);
	admit(in, x);
	pthread_mutex_unlock(&in->lock);
}

/* ---- the whole request ---- */

/* How a door's messages are signed, and its name: what is needed of it without the lock. */
struct seal {
	enum hark_auth_kind by;
	bool has_key;
	struct buf key;
	char name[68];
};

/* With the lock held. False: there is no such door any more. */
static bool find_seal(struct inlet *in, struct str name, struct seal *out)
{
	const struct door *d = find_door(in, name);
	if (d == NULL) {
		return false;
	}
	snprintf(out->name, sizeof(out->name), "%s", d->conf->name);
	out->by = d->signed_by;
	buf_init(&out->key, SECRET_MAX);
	out->has_key =
		out->by == HARK_AUTH_NONE || read_secret(d, d->key_name, &out->key) == HARK_OK;
	return true;
}

/* Without the lock: a body is megabytes. Wipes the key. */
static enum signature check_signature(struct seal *seal, const struct http_exchange *x)
{
	enum signature s;
	if (!seal->has_key) {
		s = SIGNATURE_NO_KEY;
	} else if (seal->by == HARK_AUTH_NONE) {
		s = SIGNATURE_GOOD;
	} else if (seal->by == HARK_AUTH_HUB) {
		s = signature_hub(http_request_header(x, "X-Hub-Signature-256"), http_body(x),
			buf_str(&seal->key), false);
	} else {
		const struct signature_message m = {
			.id = http_request_header(x, "webhook-id"),
			.timestamp = http_request_header(x, "webhook-timestamp"),
			.signature = http_request_header(x, "webhook-signature"),
			.body = http_body(x),
		};
		s = signature_webhook(&m, buf_str(&seal->key), clock_wall_ms());
	}
	crypto_wipe_buf(&seal->key);
	return s;
}

static void write_skips(struct jsonout *j, const struct push *p)
{
	jsonout_key_i64(j, "skipped", (int64_t)p->skipped);
	jsonout_key(j, "errors");
	jsonout_array(j);
	for (size_t i = 0; i < p->skips_n; i++) {
		jsonout_object(j);
		jsonout_key_i64(j, "item", p->skips[i].item);
		jsonout_key_c(j, "why", p->skips[i].why);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

/* {"taken": …, "new": …, "skipped": …, "errors": [{"item": …, "why": …}], "left_out": "…"} */
static void answer_taken(struct http_exchange *x, const struct push *p)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, ANSWER_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	jsonout_key_i64(&j, "taken", (int64_t)(p->posts + p->profiles));
	jsonout_key_i64(&j, "new", (int64_t)p->fresh);
	write_skips(&j, p);
	if (p->left_out != NULL) {
		jsonout_key_c(&j, "left_out", p->left_out);
	}
	jsonout_end_object(&j);
	buf_add_char(&out, '\n');
	http_header(x, "Content-Type", "application/json");
	http_header(x, "Cache-Control", "no-store");
	http_answer(x, 200, buf_str(&out));
	buf_release(&out);
}

static void answer_post(struct http_exchange *x, const struct push *p)
{
	switch (p->end) {
	case PUSH_READ:
		if (p->stored) {
			answer_taken(x, p);
			return;
		}
		break;
	case PUSH_BAD:
		http_problem(x, 422, "%s", p->why);
		return;
	case PUSH_GONE:
		inlet_later(x, 503, FULL_S, p->why);
		return;
	case PUSH_LATER:
		break;
	}
	inlet_later(x, 503, INLET_BUSY_S, "it could not be stored now: send it again later");
}

static void errand_end(struct errand *e)
{
	pthread_mutex_lock(&e->inlet->lock);
	e->tally->waiting--;
	e->inlet->waiting_bytes -= e->bytes;
	pthread_mutex_unlock(&e->inlet->lock);
	free(e);
}

/* As push.done: on the fetch thread. */
static void on_end(void *ctx, struct push *p)
{
	struct errand *e = ctx;
	struct http_exchange *x = e->x;
	void (*answer)(struct http_exchange *, const struct push *) = e->answer;
	errand_end(e); /* who hears the answer finds the place free */
	answer(x, p);
	push_free(p);
}

struct push *inlet_make_push(struct inlet *in, const char *name, struct http_exchange *x,
	void (*answer)(struct http_exchange *x, const struct push *p))
{
	struct errand *e = calloc(1, sizeof(*e));
	struct push *p =
		push_new(str_c(name), http_body(x), http_request_header(x, "Content-Type"));
	struct tally *t = tally_of(in, name);
	if (e == NULL || p == NULL || t == NULL) {
		free(e);
		push_free(p);
		return NULL;
	}
	*e = (struct errand){in, x, t, p->body.n, answer};
	t->waiting++;
	in->waiting_bytes += e->bytes;
	p->received_ms = clock_wall_ms();
	p->done = on_end;
	p->ctx = e;
	return p;
}

/* With the lock held. NULL: it has been answered. */
static struct push *take_signed(struct inlet *in, struct http_exchange *x, const struct seal *seal,
	enum signature signature)
{
	if (!inlet_has_room(in, seal->name, x)) {
		return NULL;
	}
	if (signature != SIGNATURE_GOOD) {
		inlet_count_refused(in, seal->name);
		http_problem(x, signature == SIGNATURE_NO_KEY ? 503 : 401, "%s",
			signature_why(signature));
		return NULL;
	}
	struct push *p = inlet_make_push(in, seal->name, x, answer_post);
	if (p == NULL) {
		inlet_later(x, 503, INLET_BUSY_S, "no memory for it: send it again later");
	}
	return p;
}

/* NULL: it has been answered. */
static struct push *take(struct inlet *in, struct http_exchange *x)
{
	struct str name, token;
	struct push *p = NULL;
	struct seal seal;
	read_address(x, &name, &token);
	if (inlet_hub_take(in, x, name, token, &p)) {
		return p;
	}
	pthread_mutex_lock(&in->lock);
	bool found = find_seal(in, name, &seal);
	pthread_mutex_unlock(&in->lock);
	if (!found) { /* a reload has taken it away meanwhile */
		http_problem(x, 404, "nothing is here: the source or its token is another");
		return NULL;
	}
	enum signature signature = check_signature(&seal, x);
	pthread_mutex_lock(&in->lock);
	p = take_signed(in, x, &seal, signature);
	pthread_mutex_unlock(&in->lock);
	return p;
}

void inlet_handle(struct inlet *in, struct http_exchange *x)
{
	struct push *p = take(in, x);
	if (p == NULL) {
		return;
	}
	http_hold(x);
	if (in->options.push(in->options.ctx, p) != HARK_OK) {
		push_end(p); /* answered as PUSH_LATER */
	}
}
