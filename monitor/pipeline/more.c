#include "monitor/pipeline/more.h"

#include "monitor/base/hash.h"

#include <stdlib.h>

#define PAGES_MAX 10 /* of a list that is only followed after a gap */

static bool was_asked(struct more_list *l, const char *url, struct str body)
{
	uint64_t print = hash64(body, hash64(str_c(url), 0));
	if (l->asked == NULL) {
		l->asked = calloc(REQUESTS_MAX, sizeof(*l->asked));
	}
	if (l->asked == NULL || l->asked_n == REQUESTS_MAX) {
		return true;
	}
	for (size_t i = 0; i < l->asked_n; i++) {
		if (l->asked[i] == print) {
			return true;
		}
	}
	l->asked[l->asked_n++] = print;
	return false;
}

void more_first(struct more_list *l, const char *url)
{
	was_asked(l, url, STR_NONE);
}

static char *put(char **at, const char *text, size_t n)
{
	char *start = *at;
	if (text == NULL) {
		return NULL;
	}
	memcpy(start, text, n);
	start[n] = '\0';
	*at += n + 1;
	return start;
}

static char *put_c(char **at, const char *text)
{
	return put(at, text, text != NULL ? strlen(text) : 0);
}

static size_t room_of(const struct hark_request *r)
{
	const char *const texts[] = {r->url, r->method, r->tag, r->item};
	size_t n = r->body_bytes + 8 + r->headers_count * sizeof(struct hark_pair);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		n += texts[i] != NULL ? strlen(texts[i]) + 1 : 0;
	}
	for (size_t i = 0; i < r->headers_count; i++) {
		n += strlen(r->headers[i].name) + strlen(r->headers[i].value) + 2;
	}
	return n;
}

bool more_add(struct more_list *l, const struct hark_request *request)
{
	struct str body =
		request->body != NULL ? str_n(request->body, request->body_bytes) : STR_NONE;
	if (was_asked(l, request->url, body)) {
		return false;
	}
	struct more *m = malloc(sizeof(*m) + room_of(request));
	if (m == NULL) {
		return false;
	}
	struct hark_pair *headers = (struct hark_pair *)(void *)(m + 1);
	char *at = (char *)(headers + request->headers_count);
	*m = (struct more){.request = *request};
	for (size_t i = 0; i < request->headers_count; i++) {
		headers[i].name = put_c(&at, request->headers[i].name);
		headers[i].value = put_c(&at, request->headers[i].value);
	}
	m->request.headers = headers;
	m->request.url = put_c(&at, request->url);
	m->request.method = put_c(&at, request->method);
	m->request.tag = put_c(&at, request->tag);
	m->request.item = put_c(&at, request->item);
	m->request.body = put(&at, request->body, request->body_bytes);
	if (l->last != NULL) {
		l->last->next = m;
	} else {
		l->first = m;
	}
	l->last = m;
	return true;
}

void more_done(struct more_list *l)
{
	struct more *m = l->first;
	if (m != NULL) {
		l->first = m->next;
		l->last = l->first != NULL ? l->last : NULL;
		free(m);
	}
}

int64_t more_units(const struct more_list *l)
{
	int64_t units = 0;
	for (const struct more *m = l->first; m != NULL; m = m->next) {
		units += m->request.cost.request;
	}
	return units;
}

bool more_may_all_fail(const struct more_list *l)
{
	const struct more *m = l->first;
	while (m != NULL && m->request.may_fail) {
		m = m->next;
	}
	return m == NULL;
}

void more_forget(struct more_list *l)
{
	while (l->first != NULL) {
		more_done(l);
	}
	free(l->asked);
	*l = (struct more_list){0};
}

static bool is_among(const char *item, const struct batch_post *posts, size_t n)
{
	for (size_t i = 0; item != NULL && i < n; i++) {
		if (str_eq_c(posts[i].post.external_id, item)) {
			return true;
		}
	}
	return false;
}

bool more_is_wanted(const struct hark_request *request, const struct batch_post *posts,
	size_t posts_n, size_t all_n, bool historic, unsigned page)
{
	switch (request->more) {
	case HARK_MORE_ALWAYS:
		return true;
	case HARK_MORE_IF_NEW:
		return !historic && is_among(request->item, posts, posts_n);
	case HARK_MORE_UNLESS_KNOWN:
		return !historic && posts_n > 0;
	default:
		return !historic && all_n > 0 && posts_n == all_n && page + 1 < PAGES_MAX;
	}
}
