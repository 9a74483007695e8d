/* HTML from anywhere into plain text, links and feed addresses.
 *
 * Why not libxml2's HTML parser: every post passes here, and one pass over the bytes takes 0.6 to
 * 0.8 ns a byte where that parser's events take 9 and its tree 12 (libxml2 2.9.14, the same 12 KB of
 * paragraphs and links, medians of 15 runs in turn). It reads "&#150;" as a control character where the
 * web means a dash, knows HTML 4 only, and drops the "<T>" of a title that is no HTML. On well-formed
 * HTML both find the same text: tests/unit/test_html.c compares them on generated pieces and on the
 * bodies of all recorded feeds. Input is UTF-8. Pure; time and output are linear in the input. */
#ifndef HARK_PARSE_HTML_H
#define HARK_PARSE_HTML_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"

/* Addresses found, in order, each once. Strings and array live in `arena`. */
struct html_links {
	struct arena *arena;
	struct str *v;
	size_t n, cap;
};

#define HTML_LINKS_MAX 200

/* What is no known element is text: for titles, which may or may not be HTML ("a <T> b"). */
#define HTML_MAYBE 1

/* Appends plain text: block elements and <br> break the line (at most one empty line), list items
 * begin with a bullet, <pre> keeps its white space, images give their alternative text, scripts and
 * styles nothing; no white space at either end. Addresses of links are resolved against `base` and
 * kept in `links` (NULL: not wanted). Fails only for lack of memory, or where `out` may not take twice
 * the bytes of `html` and 64 more. */
int html_to_text(struct str html, struct str base, unsigned flags, struct buf *out,
	struct html_links *links);
/* Whether html_to_text() would only copy it: no markup, no reference, single spaces. */
bool html_is_plain(struct str text);
/* Adds a reference, resolved, if it is not there yet. */
int html_links_add(struct html_links *links, struct str base, struct str ref);

struct html_feed {
	struct str url, title, type; /* title and type may be absent */
};

#define HTML_FEEDS_MAX 20

/* The feeds a page announces with <link rel=alternate>, then those it merely links to by a telling
 * address. `url`: where the page came from. Everything lives in `arena`. Returns how many. */
size_t html_find_feeds(struct str html, struct str url, struct arena *arena,
	struct html_feed feeds[HTML_FEEDS_MAX]);
/* The page's title, absent if it has none. */
struct str html_title(struct str html, struct arena *arena);
/* Whether the bytes are a web page and not a feed. */
bool html_is_page(struct str text);

#endif
