#include "connectors/alert_mail.h"

#include "connectors/parse/uri.h"

#define SENDER "googlealerts-noreply@google.com"
#define OWN_PAGES "https://www.google.com/alerts" /* to change the alert, to see more */

/* --- links --- */

/* Percent-decoded once. Absent: it is no address of the web. */
static struct str decoded(struct str value, struct arena *arena)
{
	struct buf out;
	buf_init(&out, URI_MAX);
	for (size_t i = 0; i < value.n; i++) {
		int byte = value.p[i] == '%' ? str_hex(value, i + 1) : -1;
		buf_add_char(&out, byte >= 0 ? (char)byte : value.p[i]);
		i += byte >= 0 ? 2 : 0;
	}
	struct str text = buf_str(&out);
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] <= ' ') {
			text.n = 0;
		}
	}
	struct str kept = out.rc == HARK_OK && uri_is_web(text) ? arena_str(arena, text) : STR_NONE;
	arena->rc = out.rc == HARK_ENOMEM ? HARK_ENOMEM : arena->rc;
	buf_release(&out);
	return kept;
}

struct str alert_mail_unwrap(struct str link, struct arena *arena)
{
	static const char *const names[] = {"url=", "q="};
	size_t query = str_find(link, STR("/url?"));
	bool is_wrapped = query != SIZE_MAX && str_starts(link, STR("https://www.google."));
	for (size_t i = 0; is_wrapped && i < sizeof(names) / sizeof(names[0]); i++) {
		struct str rest = str_n(link.p + query + 5, link.n - query - 5), part;
		while (str_split(&rest, '&', &part)) {
			struct str name = str_c(names[i]);
			struct str to =
				str_starts(part, name)
					? decoded(str_n(part.p + name.n, part.n - name.n), arena)
					: STR_NONE;
			if (to.n > 0) {
				return to;
			}
		}
	}
	return link;
}

/* --- the HTML of a mail --- */

struct anchor {
	size_t start, end; /* of all of it, "<a …>…</a>" */
	bool leads;        /* somewhere: it has an href */
};

static size_t find_from(struct str html, size_t at, struct str needle)
{
	for (; at < html.n; at++) {
		if ((html.p[at] | 0x20) == (needle.p[0] | 0x20) &&
			str_starts_nocase(str_n(html.p + at, html.n - at), needle)) {
			return at;
		}
	}
	return SIZE_MAX;
}

static bool next_anchor(struct str html, size_t at, struct anchor *a)
{
	for (;; at = a->start + 2) {
		a->start = find_from(html, at, STR("<a"));
		if (a->start == SIZE_MAX || a->start + 2 >= html.n) {
			return false;
		}
		if (memchr(" \t\r\n", html.p[a->start + 2], 4) != NULL) {
			break;
		}
	}
	size_t close = find_from(html, a->start, STR("</a>"));
	const char *tag_end = memchr(html.p + a->start, '>', html.n - a->start);
	if (close == SIZE_MAX || tag_end == NULL) {
		return false;
	}
	a->end = close + 4;
	struct str tag = str_n(html.p + a->start, (size_t)(tag_end - html.p) - a->start);
	a->leads = find_from(tag, 0, STR("href")) != SIZE_MAX;
	return true;
}

static struct str text_of(struct str html, struct html_links *links, struct arena *arena)
{
	struct buf out;
	buf_init(&out, 2 * html.n + 64);
	int rc = html_to_text(html, STR_NONE, 0, &out, links);
	struct str text = rc == HARK_OK && out.n > 0 ? arena_str(arena, buf_str(&out)) : STR_NONE;
	arena->rc = rc == HARK_ENOMEM ? HARK_ENOMEM : arena->rc;
	buf_release(&out);
	return text;
}

/* Where an anchor leads, if it is to a page that was found. */
static bool read_anchor(
	struct str html, const struct anchor *a, struct arena *arena, struct alert_item *item)
{
	struct html_links links = {.arena = arena};
	struct str whole = str_n(html.p + a->start, a->end - a->start);
	if (!a->leads) {
		return false;
	}
	*item = (struct alert_item){.title = text_of(whole, &links, arena)};
	struct str link = links.n > 0 ? links.v[0] : STR_NONE;
	item->url = link.n > 0 ? alert_mail_unwrap(link, arena) : link;
	return item->title.n > 0 && item->url.p != link.p && !str_starts(item->url, STR(OWN_PAGES));
}

static bool is_among(struct str url, const struct alert_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(items[i].url, url)) {
			return true;
		}
	}
	return false;
}

size_t alert_mail_items(
	const struct mail *mail, struct arena *arena, struct alert_item items[ALERT_ITEMS_MAX])
{
	struct anchor a;
	struct alert_item item;
	size_t n = 0, at = 0, text_from = SIZE_MAX;
	if (!str_eq_nocase(mail->from_address, STR(SENDER))) {
		return 0;
	}
	while (next_anchor(mail->html, at, &a)) {
		at = a.end;
		if (!a.leads) {
			continue; /* the name of the site: it belongs to the text */
		}
		if (text_from != SIZE_MAX) {
			items[n - 1].text = text_of(
				str_n(mail->html.p + text_from, a.start - text_from), NULL, arena);
			text_from = SIZE_MAX;
		}
		if (n < ALERT_ITEMS_MAX && read_anchor(mail->html, &a, arena, &item) &&
			!is_among(item.url, items, n)) {
			items[n++] = item;
			text_from = a.end;
		}
	}
	if (text_from != SIZE_MAX) {
		items[n - 1].text = text_of(
			str_n(mail->html.p + text_from, mail->html.n - text_from), NULL, arena);
	}
	return n;
}
