/* Leads as an Atom feed (RFC 4287), for readers that know addresses only: /feeds/TOKEN/leads.atom, with a token of
 * scope feed, which opens nothing else. What strangers wrote is text in it, never markup; what was read with one's
 * own rights is not repeated. */
#include "monitor/api/api_in.h"

#include "monitor/base/clock.h"
#include "monitor/base/markup.h"
#include "monitor/leads/outward.h"
#include "monitor/model/id.h"
#include "monitor/store/leads.h"
#include "monitor/store/optouts.h"

#define ENTRIES_DEFAULT 50
#define ENTRIES_MAX 200
#define TEXT_MAX 2000
/* RFC 4151: whoever holds the name of the tag held it on the first day of this year. */
#define TAG_YEAR "2026"

/* Whom a tag belongs to: the operator's address, or the host of the operator's page. */
static struct str authority(const struct conf *conf)
{
	struct str contact = str_c(conf->contact);
	if (str_starts(contact, STR("mailto:"))) {
		return str_n(contact.p + 7, contact.n - 7);
	}
	size_t at = str_find(contact, STR("://"));
	if (at == SIZE_MAX) {
		return STR("hark.invalid");
	}
	struct str host = str_n(contact.p + at + 3, contact.n - at - 3), first;
	return str_split(&host, '/', &first) ? first : STR("hark.invalid");
}

static void element(struct buf *out, const char *name, struct str text)
{
	buf_printf(out, "<%s>", name);
	markup_escape(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void time_of(struct buf *out, const char *name, int64_t at_ms)
{
	char at[CLOCK_TEXT_MAX];
	element(out, name, str_c(clock_rfc3339(at_ms, at)));
}

static void id_of(struct buf *out, const struct conf *conf, const char *what)
{
	buf_add_c(out, "<id>tag:");
	markup_escape(out, authority(conf));
	buf_printf(out, "," TAG_YEAR ":%s</id>\n", what);
}

static bool is_link(struct str url)
{
	return str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
}

static void write_says(struct buf *out, const struct outward *says)
{
	element(out, "summary", says->why);
	if (is_link(says->url)) {
		buf_add_c(out, "<link rel=\"alternate\" href=\"");
		markup_escape(out, says->url);
		buf_add_c(out, "\"/>\n");
	}
	if (!str_empty(says->text)) {
		buf_add_c(out, "<content type=\"text\">");
		markup_escape(out, str_cut_utf8(says->text, TEXT_MAX));
		buf_add_c(out, "</content>\n");
	}
}

/* Nothing of who asks to be left alone. False: the store failed. */
static bool write_entry(struct call *c, const struct lead *l, struct hark_err *err)
{
	struct lead_evidence *e = NULL;
	size_t n = 0;
	char id[ID_TEXT_MAX];
	struct str who = str_empty(l->subject.name) ? l->subject.id : l->subject.name;
	if (store_lead_opted_out(c->store, l)) {
		return true;
	}
	if (store_lead_news(c->store, l->id, 1, c->arena, &e, &n, err) != HARK_OK) {
		return false;
	}
	struct outward says = outward_lead(l, n > 0 ? &e[0] : NULL);
	buf_add_c(&c->out, "<entry>\n");
	id_of(&c->out, c->setup->conf, id_text(ID_LEAD, l->id, id));
	buf_printf(&c->out, "<title type=\"text\">%d ", l->score);
	markup_escape(&c->out, who);
	buf_add_c(&c->out, ": ");
	markup_escape(&c->out, says.title);
	buf_add_c(&c->out, "</title>\n");
	time_of(&c->out, "published", l->created_ms);
	time_of(&c->out, "updated", l->seen_ms > l->created_ms ? l->seen_ms : l->created_ms);
	buf_add_c(&c->out, "<category term=\"");
	markup_escape(&c->out, l->kind);
	buf_add_c(&c->out, "\"/>\n");
	write_says(&c->out, &says);
	buf_add_c(&c->out, "</entry>\n");
	return true;
}

static int64_t newest(const struct lead *leads, size_t n)
{
	int64_t at_ms = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t one = leads[i].seen_ms > leads[i].created_ms ? leads[i].seen_ms
								     : leads[i].created_ms;
		at_ms = one > at_ms ? one : at_ms;
	}
	return at_ms;
}

void leads_atom(struct call *c)
{
	struct lead_filter f;
	struct lead *leads;
	struct hark_err err = {0};
	size_t n;
	if (!leads_filter(c, ENTRIES_DEFAULT, ENTRIES_MAX, &f)) {
		return;
	}
	if (store_lead_list(c->store, &f, c->arena, &leads, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	size_t shown = n < f.max ? n : f.max - 1;
	buf_add_c(&c->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			   "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
	id_of(&c->out, c->setup->conf, "leads");
	element(&c->out, "title", STR("Leads"));
	time_of(&c->out, "updated", newest(leads, shown));
	buf_add_c(&c->out, "<author><name>hark</name></author>\n");
	for (size_t i = 0; i < shown; i++) {
		if (!write_entry(c, &leads[i], &err)) {
			call_fail(c, &err);
			return;
		}
	}
	buf_add_c(&c->out, "</feed>\n");
	call_answer_as(c, 200, "application/atom+xml; charset=utf-8");
}
