#include "tests/unit/unit.h"

#include "connectors/parse/entity.h"
#include "connectors/parse/html.h"
#include "connectors/parse/xml.h"
#include "monitor/base/err.h"
#include "monitor/base/file.h"

#include <glob.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

struct text_case {
	const char *html, *text;
};

static void check(const struct text_case *cases, size_t n, unsigned flags)
{
	for (size_t i = 0; i < n; i++) {
		struct buf out;
		buf_init(&out, 100000);
		assert_int_equal(
			html_to_text(str_c(cases[i].html), STR_NONE, flags, &out, NULL), HARK_OK);
		if (strcmp(buf_c(&out), cases[i].text) != 0) {
			print_message("from: %s\n", cases[i].html);
		}
		assert_string_equal(buf_c(&out), cases[i].text);
		buf_release(&out);
	}
}
#define CHECK(cases, flags) check(cases, sizeof(cases) / sizeof((cases)[0]), flags)

static void words_and_blocks_become_lines(void **state)
{
	(void)state;
	static const struct text_case cases[] = {
		{"", ""},
		{"  plain \n text ", "plain text"},
		{"<p>One</p>\n<p>Two</p>", "One\nTwo"},
		{"One<br>Two<br/><br><br>Three", "One\nTwo\n\nThree"},
		{"a<b>b</b>c <i> d </i> e", "abc d e"},
		{"<ul><li>One<li>Two</ul>After", "\xe2\x80\xa2 One\n\xe2\x80\xa2 Two\nAfter"},
		{"<pre>\n  x\n    y</pre>z", "  x\n    y\nz"},
		{"a&nbsp;&nbsp;b\xc2\xa0"
		 "c",
			"a b c"},
		{"<img src=x alt=\"A &amp; B\"> there", "A & B there"},
		{"<td>1</td><td>2</td>", "1 2"},
		{"x<script>alert('<p>')</script>y<style>p{}</style>z", "xyz"},
		{"<head><title>T</title></head><body>B", "B"},
		{"a<!-- <p>no --> b", "a b"},
		{"<![CDATA[<p>in</p>", "in"},
		{"<a href='x'>https://<span class=\"invisible\">example.com/</span>y</a>",
			"https://example.com/y"},
	};
	CHECK(cases, 0);
}

static void references_are_decoded_once(void **state)
{
	(void)state;
	static const struct text_case cases[] = {
		{"AT&T &amp; &lt;b&gt; &eacute;&#233;&#xe9;&#XE9;",
			"AT&T & <b> \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"},
		{"&amp;lt;", "&lt;"},
		{"don&#146;t &#8230; &unknown; &", "don\xe2\x80\x99t \xe2\x80\xa6 &unknown; &"},
		{"\xc2\x92 \xc2\xa3", "\xe2\x80\x99 \xc2\xa3"},
		{"&#0;&#xd800;&#99999999999999;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"&apos;&quot;&mdash;&thetasym;", "'\"\xe2\x80\x94\xcf\x91"},
	};
	CHECK(cases, 0);
}

static void broken_markup_loses_no_words(void **state)
{
	(void)state;
	static const struct text_case cases[] = {
		{"3 < 4 and 5 > 4", "3 < 4 and 5 > 4"},
		{"a <b", "a"},
		{"cut <a href=\"http://exa", "cut"},
		{"x <5 y", "x <5 y"},
		{"<a href=\"never closed>text</a> after", "text after"},
		{"<p title=\"a > b\">t</p>", "t"},
		{"</p></p>x</div>", "x"},
		{"<!-- never closed", ""},
		{"<o:p>x</o:p>", "x"},
	};
	CHECK(cases, 0);
	static const struct text_case titles[] = {
		{"Vec<T> and <em>more</em>", "Vec<T> and more"},
		{"a <b and c", "a"},
		{"if x <y then", "if x <y then"},
	};
	CHECK(titles, HTML_MAYBE);
}

static void links_are_resolved_and_kept_once(void **state)
{
	(void)state;
	struct arena a;
	struct buf out;
	arena_init(&a, 0);
	buf_init(&out, 1000);
	struct html_links links = {.arena = &a};
	html_to_text(STR("<a href=/a?x=1&amp;y=2>1</a><A HREF='b'>2</A><a href=\"/a?x=1&y=2\">3</a>"
			 "<a href=#top>4</a><a href=javascript:x()>5</a><a name=n>6</a>"),
		STR("https://example.com/dir/page"), 0, &out, &links);
	assert_int_equal(links.n, 2);
	assert_str_is(links.v[0], "https://example.com/a?x=1&y=2");
	assert_str_is(links.v[1], "https://example.com/dir/b");
	assert_string_equal(buf_c(&out), "123456");
	buf_release(&out);
	arena_release(&a);
}

static void a_page_says_where_its_feeds_are(void **state)
{
	(void)state;
	struct arena a;
	struct html_feed feeds[HTML_FEEDS_MAX];
	arena_init(&a, 0);
	struct str page = STR(
		"<!DOCTYPE html><html><head><title>Acme &amp; Co</title><base href=/sub/>"
		"<!-- <link rel=alternate type=application/rss+xml href=/no> -->"
		"<link rel='stylesheet alternate' type='text/css' href=x.css>"
		"<link rel=\"alternate\" type=\"application/rss+xml; charset=utf-8\" title=\"All "
		"posts\" "
		"href=\"feed?a=1&amp;b=2\"/><link REL=Alternate TYPE=application/feed+json "
		"HREF=/feed.json>");
	assert_int_equal(html_find_feeds(page, STR("https://example.com/x/y"), &a, feeds), 2);
	assert_str_is(feeds[0].url, "https://example.com/sub/feed?a=1&b=2");
	assert_str_is(feeds[0].title, "All posts");
	assert_str_is(feeds[1].url, "https://example.com/feed.json");
	assert_str_is(html_title(page, &a), "Acme & Co");
	assert_true(html_is_page(page));
	assert_int_equal(html_find_feeds(STR("<a href=/about>x</a><a href=/blog/feed/>y</a>"),
				 STR("https://example.com/"), &a, feeds),
		1);
	assert_str_is(feeds[0].url, "https://example.com/blog/feed/");
	assert_false(html_is_page(STR("<?xml version='1.0'?><rss/>")));
	assert_false(html_is_page(STR("<?xml version='1.0'?><notes><body>a</body></notes>")));
	assert_true(html_is_page(STR("<?xml version='1.0'?><!DOCTYPE html><html><body/></html>")));
	assert_true(
		html_is_page(STR("<?xml version='1.0'?> <html xmlns='x'><body>a</body></html>")));
	arena_release(&a);
}

/* ---- libxml2 as the oracle: same words in the same order, for text that is not broken */

struct oracle {
	struct buf out;
	int skip;
};

static void oracle_words(void *user, const xmlChar *text, int n)
{
	struct oracle *o = user;
	if (o->skip == 0) {
		buf_add(&o->out, text, (size_t)n);
	}
}

static bool is_skipped(const xmlChar *name)
{
	return strcmp((const char *)name, "script") == 0 ||
	       strcmp((const char *)name, "style") == 0;
}

static void oracle_start(void *user, const xmlChar *name, const xmlChar **attrs)
{
	static const char *const inlines[] = {"a", "b", "em", "span", "i"};
	struct oracle *o = user;
	bool is_inline = false;
	for (size_t i = 0; i < sizeof(inlines) / sizeof(inlines[0]); i++) {
		is_inline |= strcmp((const char *)name, inlines[i]) == 0;
	}
	if (!is_inline) {
		buf_add_char(&o->out, '\n');
	}
	if (strcmp((const char *)name, "li") == 0) {
		buf_add_c(&o->out, "\xe2\x80\xa2 ");
	}
	for (size_t i = 0; attrs != NULL && attrs[i] != NULL; i += 2) {
		if (strcmp((const char *)attrs[i], "alt") == 0) {
			buf_cut(&o->out, o->out.n - 1);
			buf_add_c(&o->out, (const char *)attrs[i + 1]);
		}
	}
	o->skip += is_skipped(name);
}

static void oracle_end(void *user, const xmlChar *name)
{
	struct oracle *o = user;
	if (strcmp((const char *)name, "p") == 0 || strcmp((const char *)name, "div") == 0 ||
		strcmp((const char *)name, "ul") == 0 || strcmp((const char *)name, "li") == 0) {
		buf_add_char(&o->out, '\n');
	}
	o->skip -= is_skipped(name);
}

static void oracle_text(struct str html, struct buf *words)
{
	struct oracle o = {.skip = 0};
	buf_init(&o.out, 1 << 20);
	htmlParserCtxtPtr ctxt = htmlCreateMemoryParserCtxt(html.p, (int)html.n);
	assert_non_null(ctxt);
	htmlSAXHandler sax = {.startElement = oracle_start,
		.endElement = oracle_end,
		.characters = oracle_words,
		.cdataBlock = oracle_words,
		.ignorableWhitespace = oracle_words};
	htmlSAXHandler *theirs = ctxt->sax;
	ctxt->sax = &sax;
	ctxt->userData = &o;
	xmlSwitchEncoding(ctxt, XML_CHAR_ENCODING_UTF8);
	ctxt->recovery = 1; /* or any "</" ends a script */
	htmlParseDocument(ctxt);
	ctxt->sax = theirs;
	htmlFreeParserCtxt(ctxt);
	buf_add(words, o.out.p, o.out.n);
	buf_release(&o.out);
}

/* White space and no-break spaces taken out: where a stray tag breaks a line is a matter of taste. */
static void squeeze(struct buf *b)
{
	size_t to = 0;
	for (size_t i = 0; i < b->n; i++) {
		bool nbsp = i + 1 < b->n && memcmp(b->p + i, "\xc2\xa0", 2) == 0;
		if (!nbsp && (unsigned char)b->p[i] > ' ') {
			b->p[to++] = b->p[i];
		}
		i += nbsp;
	}
	buf_cut(b, to);
}

static void text_is_what_libxml2_sees(void **state)
{
	(void)state;
	static const char *const pieces[] = {"<p>", "</p>", "<b>", "</b>", "word", " ", "two words",
		"&amp;", "&lt;i&gt;", "&nbsp;", "&#8230;", "&eacute;", "<br>",
		"<ul><li>item</li></ul>", "<a href=\"http://example.com/?a=1&amp;b=2\">", "</a>",
		"<img alt='pic &quot;1&quot;'>", "<script>if (a<b) x('</p>');</script>",
		"<!-- c <p> -->", "\n", "\xc3\xa9\xe2\x82\xac", "<div class=x>", "</div>", "AT&T ",
		"<em>e</em>", "<span title='>'>s</span>"};
	struct buf html, got, want;
	unsigned seed = 7;
	buf_init(&html, 1 << 16);
	buf_init(&got, 1 << 17);
	buf_init(&want, 1 << 17);
	for (int round = 0; round < 2000; round++) {
		buf_clear(&html);
		buf_clear(&got);
		buf_clear(&want);
		buf_add_c(&html, "<div>");
		for (int i = 0; i < 12; i++) {
			buf_add_c(&html, pieces[(size_t)rand_r(&seed) %
						 (sizeof(pieces) / sizeof(pieces[0]))]);
		}
		buf_add_c(&html, "</div>");
		html_to_text(buf_str(&html), STR_NONE, 0, &got, NULL);
		oracle_text(buf_str(&html), &want);
		squeeze(&got);
		squeeze(&want);
		if (strcmp(buf_c(&got), buf_c(&want)) != 0) {
			print_message("from: %s\n", buf_c(&html));
		}
		assert_string_equal(buf_c(&got), buf_c(&want));
	}
	buf_release(&html);
	buf_release(&got);
	buf_release(&want);
}

/* The texts of a document's elements, compared one by one where they hold markup. */
struct bodies {
	struct buf text;
	size_t compared;
};

static void compare_with_oracle(struct str html)
{
	struct buf got, want;
	buf_init(&got, 1 << 20);
	buf_init(&want, 1 << 20);
	html_to_text(html, STR_NONE, 0, &got, NULL);
	oracle_text(html, &want);
	squeeze(&got);
	squeeze(&want);
	if (strcmp(buf_c(&got), buf_c(&want)) != 0) {
		print_message("from: %.*s\n", STR_FMT(html));
	}
	assert_string_equal(buf_c(&got), buf_c(&want));
	buf_release(&got);
	buf_release(&want);
}

static int body_start(void *user, const struct xml_tag *tag)
{
	struct bodies *b = user;
	(void)tag;
	buf_clear(&b->text);
	return HARK_OK;
}

/* Well-formed: every '<' begins or ends an element, a comment or a section. */
static bool is_markup(struct str s)
{
	bool any = false;
	for (size_t i = 0; i + 1 < s.n; i++) {
		char next = s.p[i + 1];
		if (s.p[i] == '<') {
			any = next == '/' || (next | 32) >= 'a';
			if (!any || (next | 32) > 'z') {
				return false;
			}
		}
	}
	return any;
}

static int body_end(void *user)
{
	struct bodies *b = user;
	if (is_markup(buf_str(&b->text))) {
		compare_with_oracle(buf_str(&b->text));
		b->compared++;
	}
	buf_clear(&b->text);
	return HARK_OK;
}

static int body_text(void *user, struct str text)
{
	struct bodies *b = user;
	return buf_add_str(&b->text, text);
}

static void text_of_recorded_feeds_is_what_libxml2_sees(void **state)
{
	(void)state;
	static const struct xml_handler handler = {body_start, body_end, body_text};
	const char *top = getenv("top_srcdir");
	struct bodies bodies = {.compared = 0};
	struct buf pattern, doc;
	glob_t found;
	buf_init(&pattern, 4096);
	buf_init(&doc, 1 << 20);
	buf_init(&bodies.text, 1 << 20);
	buf_printf(&pattern, "%s/tests/fixtures/feed/good/*.xml", top != NULL ? top : ".");
	assert_int_equal(glob(buf_c(&pattern), 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		buf_clear(&doc);
		assert_int_equal(file_read(&doc, found.gl_pathv[i], NULL), HARK_OK);
		xml_read(buf_str(&doc), &handler, &bodies, NULL, NULL);
	}
	assert_true(bodies.compared >= 15);
	globfree(&found);
	buf_release(&pattern);
	buf_release(&doc);
	buf_release(&bodies.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_blocks_become_lines),
		cmocka_unit_test(references_are_decoded_once),
		cmocka_unit_test(broken_markup_loses_no_words),
		cmocka_unit_test(links_are_resolved_and_kept_once),
		cmocka_unit_test(a_page_says_where_its_feeds_are),
		cmocka_unit_test(text_is_what_libxml2_sees),
		cmocka_unit_test(text_of_recorded_feeds_is_what_libxml2_sees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
