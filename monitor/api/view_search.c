#include "monitor/api/view_search.h"

#include "monitor/base/clock.h"
#include "monitor/config/values.h"
#include "monitor/model/id.h"
#include "monitor/model/signal.h"
#include "monitor/store/known.h"

#include <stdio.h>

/* ---- what is asked ---- */

static int read_kind(struct str kind, struct hark_err *err)
{
	enum signal_kind known;
	return kind.p == NULL || signal_kind_parse(kind, &known)
		       ? HARK_OK
		       : hark_err_set(err, HARK_EINVAL, "there is no kind of lead '%.*s'",
				 STR_FMT(str_cut_utf8(kind, 40)));
}

static int read_when(
	struct str text, const char *name, int64_t now_ms, int64_t *out, struct hark_err *err)
{
	char day[sizeof("2026-09-30T00:00:00Z")];
	int64_t span_ms;
	*out = 0;
	if (text.p == NULL || clock_parse_rfc3339(text, out)) {
		return HARK_OK;
	}
	snprintf(day, sizeof(day), "%.*sT00:00:00Z", 10, text.n == 10 ? text.p : "");
	if (text.n == 10 && clock_parse_rfc3339(str_c(day), out)) {
		return HARK_OK;
	}
	if (value_duration(text, &span_ms, NULL) == HARK_OK && span_ms > 0) {
		*out = now_ms - span_ms;
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EINVAL,
		"%s is a day such as 2026-09-30 or a time ago such as 12h or 7d, not '%.*s'", name,
		STR_FMT(str_cut_utf8(text, 40)));
}

static int find_known(
	struct store *s, enum known_what what, struct str words, int64_t *out, struct hark_err *err)
{
	return words.p != NULL ? store_known_find(s, what, words, out, err) : HARK_OK;
}

int search_ask(struct store *s, const struct search_ask *ask, int64_t now_ms, struct arena *arena,
	struct search_page *out, struct hark_err *err)
{
	struct search what;
	struct search_filter f = {.what = &what,
		.source = ask->source,
		.kind = ask->kind,
		.before = ask->before,
		.seen_as = ask->seen_as,
		.max = ask->max};
	*out = (struct search_page){0};
	int rc = search_parse(&what, ask->words, arena, err);
	rc = rc == HARK_OK ? read_kind(ask->kind, err) : rc;
	rc = rc == HARK_OK ? read_when(ask->since, "since", now_ms, &f.since_ms, err) : rc;
	rc = rc == HARK_OK ? read_when(ask->until, "until", now_ms, &f.until_ms, err) : rc;
	rc = rc == HARK_OK ? find_known(s, KNOWN_PEOPLE, ask->person, &f.person, err) : rc;
	rc = rc == HARK_OK ? find_known(s, KNOWN_ACCOUNTS, ask->account, &f.account, err) : rc;
	return rc == HARK_OK ? store_search(s, &f, arena, out, err) : rc;
}

/* ---- what is found ---- */

static void write_spans(
	struct jsonout *j, const char *field, const struct excerpt_span *spans, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "field", field);
		jsonout_key_i64(j, "start", (int64_t)spans[i].start);
		jsonout_key_i64(j, "end", (int64_t)spans[i].end);
		jsonout_end_object(j);
	}
}

static void write_author(struct jsonout *j, const struct search_hit *h)
{
	if (h->handle.p == NULL && h->name.p == NULL && h->profile_url.p == NULL) {
		return;
	}
	jsonout_key(j, "author");
	jsonout_object(j);
	jsonout_key_str(j, "handle", h->handle);
	jsonout_key_str(j, "display_name", h->name);
	jsonout_key_str(j, "profile_url", h->profile_url);
	jsonout_end_object(j);
}

static void write_known(struct jsonout *j, const char *key, int64_t id, struct str name)
{
	if (id != 0) {
		jsonout_key(j, key);
		jsonout_object(j);
		jsonout_key_i64(j, "id", id);
		jsonout_key_str(j, "name", name);
		jsonout_end_object(j);
	}
}

void view_search_hit(struct jsonout *j, const struct search_hit *h)
{
	char id[ID_TEXT_MAX];
	struct str kinds = h->kinds, kind;
	jsonout_object(j);
	jsonout_key_i64(j, "post", h->post);
	jsonout_key_str(j, "source", h->source);
	jsonout_key_str(j, "type", h->type);
	jsonout_key_str(j, "url", h->url);
	jsonout_key_time(j, "said", h->said_ms);
	jsonout_key_time(j, "seen", h->seen_ms);
	jsonout_key_str(j, "title", h->title);
	jsonout_key_str(j, "text", h->text);
	jsonout_key(j, "spans");
	jsonout_array(j);
	write_spans(j, "title", h->title_spans, h->title_spans_n);
	write_spans(j, "text", h->text_spans, h->text_spans_n);
	jsonout_end_array(j);
	write_author(j, h);
	write_known(j, "person", h->person, h->person_name);
	write_known(j, "account", h->account, h->account_name);
	jsonout_key(j, "kinds");
	jsonout_array(j);
	while (!str_empty(kinds) && str_split(&kinds, ',', &kind)) {
		jsonout_str(j, kind);
	}
	jsonout_end_array(j);
	if (h->lead != 0) {
		jsonout_key_c(j, "lead", id_text(ID_LEAD, h->lead, id));
	}
	jsonout_key_bool(j, "private", h->is_private);
	jsonout_key_bool(j, "historic", h->historic);
	jsonout_end_object(j);
}
