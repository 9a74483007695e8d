#include "connectors/asking.h"

#include "connectors/builtin.h"
#include "monitor/base/clock.h"

#include <stdlib.h>

#define URL_BYTES_MAX 8000
#define BODY_BYTES_MAX (1u << 20)

static void set_var(struct asking *a, enum run_var run, struct str text)
{
	a->vars[a->d->vars_n + (size_t)run] = text;
}

static void set_number(struct asking *a, enum run_var run, int64_t number, struct arena *arena)
{
	set_var(a, run, arena_printf(arena, "%lld", (long long)number));
}

static void set_since(struct asking *a, int64_t since, struct arena *arena)
{
	char iso[CLOCK_TEXT_MAX];
	for (int i = RUN_SINCE_EPOCH; i <= RUN_SINCE_DATE; i++) {
		set_var(a, (enum run_var)i, STR_NONE);
	}
	if (since <= 0) {
		return;
	}
	struct str text = arena_str(arena, str_c(clock_rfc3339(since / 1000 * 1000, iso)));
	set_number(a, RUN_SINCE_EPOCH, since / 1000, arena);
	set_number(a, RUN_SINCE_MS, since, arena);
	set_var(a, RUN_SINCE_ISO, text);
	set_var(a, RUN_SINCE_DATE, arena_str(arena, str_n(text.p, text.n < 10 ? text.n : 10)));
}

static void set_run(struct asking *a, struct arena *arena)
{
	const struct paging_rule *p = &a->d->paging;
	char today[CLOCK_TEXT_MAX];
	set_var(a, RUN_CURSOR, cursor_id(a->cursor, &a->d->cursor));
	set_since(a, cursor_since(a->cursor, &a->d->cursor, a->now_ms), arena);
	set_number(a, RUN_NOW, a->now_ms / 1000, arena);
	set_var(a, RUN_TODAY, arena_str(arena, str_n(clock_rfc3339(a->now_ms, today), 10)));
	set_number(a, RUN_PAGE, p->start + a->page, arena);
	set_number(a, RUN_OFFSET, a->page * p->size, arena);
	set_number(a, RUN_SIZE, p->size, arena);
	set_var(a, RUN_PAGE_CURSOR, a->page_cursor);
}

/* --- parameters --- */

static void add_query(struct buf *out, struct str name, struct str encoded)
{
	buf_add_char(out, memchr(out->p, '?', out->n) != NULL ? '&' : '?');
	form_encode(name, out);
	buf_add_char(out, '=');
	buf_add_str(out, encoded);
}

static void add_each(struct buf *out, const struct parameter *p, struct work *w)
{
	struct str rest = w->vars[p->forms[0].blanks[0].var], one;
	while (str_split(&rest, ',', &one)) {
		struct buf text;
		buf_init(&text, URL_BYTES_MAX);
		form_encode(str_trim(one), &text);
		if (text.n > 0) {
			add_query(out, p->name, buf_str(&text));
		}
		buf_release(&text);
	}
}

static int lacks(const struct definition *d, struct str name, struct hark_err *err)
{
	return hark_err_set(err, HARK_EINVAL,
		"connector %s has nothing for '%.*s': a setting is missing", d->connector.name,
		STR_FMT(name));
}

static int add_parameters(struct buf *out, const struct definition *d, const struct parameters *all,
	struct work *w, struct hark_err *err)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct parameter *p = &all->v[i];
		if (p->repeats) {
			add_each(out, p, w);
			continue;
		}
		for (size_t k = 0; k < p->n; k++) {
			struct buf text;
			buf_init(&text, URL_BYTES_MAX);
			enum form_result full = form_fill(&p->forms[k], w, &text);
			if (full == FORM_FULL) {
				add_query(out, p->name, buf_str(&text));
			}
			buf_release(&text);
			if (full == FORM_LACKS) {
				return lacks(d, p->name, err);
			}
		}
	}
	return HARK_OK;
}

static int fill_url(const struct definition *d, const struct form *form,
	const struct parameters *query, struct work *w, struct hark_request *out,
	struct hark_err *err)
{
	struct buf url;
	buf_init(&url, URL_BYTES_MAX);
	int rc = HARK_OK;
	if (form_fill(form, w, &url) == FORM_LACKS) {
		rc = lacks(d, STR("url"), err);
	}
	if (rc == HARK_OK) {
		rc = add_parameters(&url, d, query, w, err);
	}
	if (rc == HARK_OK && url.rc != HARK_OK) {
		rc = hark_err_set(
			err, HARK_EINVAL, "its address is longer than %d bytes", URL_BYTES_MAX);
	}
	if (rc == HARK_OK) {
		out->url = arena_c(w->arena, buf_str(&url));
	}
	buf_release(&url);
	return rc;
}

static void fill_headers(const struct definition *d, struct work *w, struct hark_request *out)
{
	const struct parameters *all = &d->request.headers;
	bool accepts = false, has_body = d->request.body != BODY_NONE;
	struct hark_pair *h = arena_alloc(w->arena, (all->n + 2) * sizeof(*h));
	out->headers = h;
	for (size_t i = 0; h != NULL && i < all->n; i++) {
		struct str value = form_text(&all->v[i].forms[0], w);
		if (value.n > 0) {
			h[out->headers_count++] = (struct hark_pair){all->v[i].name.p, value.p};
			accepts |= str_eq_nocase(all->v[i].name, STR("Accept"));
		}
	}
	if (h != NULL && !accepts) {
		h[out->headers_count++] = (struct hark_pair){"Accept",
			d->items.format == ITEMS_XML ? "application/xml" : "application/json"};
	}
	if (h != NULL && has_body) {
		h[out->headers_count++] = (struct hark_pair){"Content-Type",
			d->request.body == BODY_FORM ? "application/x-www-form-urlencoded"
						     : "application/json"};
	}
}

/* --- bodies --- */

static json_t *fields_object(const struct parameters *all, struct work *w)
{
	json_t *object = json_object();
	for (size_t i = 0; object != NULL && i < all->n; i++) {
		const struct parameter *p = &all->v[i];
		struct buf text;
		int64_t number;
		buf_init(&text, BODY_BYTES_MAX);
		if (form_fill(&p->forms[0], w, &text) == FORM_FULL) {
			json_t *value = p->is_number && str_i64(buf_str(&text), &number)
						? json_integer(number)
						: json_stringn(buf_c(&text), text.n);
			json_object_set_new(object, p->name.p, value);
		}
		buf_release(&text);
	}
	return object;
}

static void fill_json(const struct definition *d, struct work *w, struct hark_request *out)
{
	json_t *fields = fields_object(&d->request.fields, w), *body = fields;
	if (d->request.body == BODY_GRAPHQL) {
		body = json_pack("{s:s, s:o}", "query", d->request.graphql.p, "variables", fields);
	}
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	out->body = arena_c(w->arena, str_c(text));
	out->body_bytes = text != NULL ? strlen(text) : 0;
	free(text);
	json_decref(body);
}

static int fill_form(
	const struct definition *d, struct work *w, struct hark_request *out, struct hark_err *err)
{
	struct buf body;
	buf_init(&body, BODY_BYTES_MAX);
	int rc = add_parameters(&body, d, &d->request.fields, w, err);
	if (rc == HARK_OK && body.n > 0) {
		out->body = arena_c(w->arena, str_n(body.p + 1, body.n - 1)); /* without '?' */
		out->body_bytes = body.n - 1;
	}
	buf_release(&body);
	return rc;
}

static void fill_common(const struct definition *d, struct hark_request *out)
{
	out->transport = HARK_TRANSPORT_HTTP;
	out->auth = d->auth;
	out->buckets = d->rate.buckets;
	out->buckets_count = d->rate.buckets_n;
	out->no_redirects = d->request.no_redirects;
	out->whole = d->request.whole;
	out->body_max = d->body_max;
}

static void fill_pushed(const struct definition *d, struct hark_request *out)
{
	*out = (struct hark_request){
		.transport = HARK_TRANSPORT_PUSH,
		.headers = &push_accepts,
		.headers_count = 1,
		.auth = d->auth,
		.buckets = d->rate.buckets_n > 0 ? d->rate.buckets : &push_rate,
		.buckets_count = d->rate.buckets_n > 0 ? d->rate.buckets_n : 1,
		.body_max = d->body_max > 0 ? d->body_max : PUSH_BODY_MAX,
	};
}

int asking_fill(struct asking *a, struct work *w, struct hark_request *out, struct hark_err *err)
{
	const struct definition *d = a->d;
	if (d->is_pushed) {
		fill_pushed(d, out);
		return HARK_OK;
	}
	*out = (struct hark_request){.method = d->request.method};
	fill_common(d, out);
	set_run(a, w->arena);
	int rc = fill_url(d, &d->request.url, &d->request.query, w, out, err);
	fill_headers(d, w, out);
	if (rc == HARK_OK && d->request.body == BODY_FORM) {
		rc = fill_form(d, w, out, err);
	} else if (rc == HARK_OK && d->request.body != BODY_NONE) {
		fill_json(d, w, out);
	}
	if (rc == HARK_OK && w->arena->rc != HARK_OK) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the request");
	}
	return rc;
}

int asking_stream(struct asking *a, struct work *w, struct hark_request *out, struct hark_err *err)
{
	const struct definition *d = a->d;
	bool is_events = d->stream.items.format == ITEMS_EVENTS;
	*out = (struct hark_request){.is_events = is_events, .idle_ms = d->stream.idle_ms};
	fill_common(d, out);
	out->transport = d->stream.websocket ? HARK_TRANSPORT_WEBSOCKET : HARK_TRANSPORT_STREAM;
	set_run(a, w->arena);
	int rc = fill_url(d, &d->stream.url, &d->stream.query, w, out, err);
	struct hark_pair *h = arena_alloc(w->arena, sizeof(*h));
	if (h != NULL && is_events) {
		*h = (struct hark_pair){"Accept", "text/event-stream"};
		out->headers = h;
		out->headers_count = 1;
	}
	if (rc == HARK_OK && w->arena->rc != HARK_OK) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the request");
	}
	return rc;
}

void asking_detail_at(
	const struct definition *d, struct work *w, const char *url, struct hark_request *out)
{
	*out = (struct hark_request){.url = url};
	fill_common(d, out);
	fill_headers(d, w, out);
}

bool asking_detail(const struct definition *d, struct work *w, struct hark_request *out)
{
	struct buf url;
	buf_init(&url, URL_BYTES_MAX);
	bool ok = form_fill(&d->detail.url, w, &url) != FORM_LACKS;
	asking_detail_at(d, w, ok ? arena_c(w->arena, buf_str(&url)) : NULL, out);
	buf_release(&url);
	return out->url != NULL;
}
