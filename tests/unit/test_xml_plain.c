/* The fast way through XML against the thorough one: what the first accepts, the second must have read
 * in the same way and found nothing wrong with. */
#include "tests/unit/unit.h"

#include "connectors/parse/charset.h"
#include "connectors/parse/xml.h"
#include "monitor/base/file.h"
#include "monitor/base/utf8.h"

#include <glob.h>

#define DOC_BYTES (4u << 20)

/* The events of a document as text, with all that a handler is told. */
struct seen {
	struct buf out;
	size_t starts, stop_at;
	const char *item; /* the name of the first element "item" */
	bool is_shared;   /* all others had the same */
};

static const char *or_none(const char *s)
{
	return s != NULL ? s : "-";
}

static int on_start(void *user, const struct xml_tag *tag)
{
	struct seen *s = user;
	buf_printf(&s->out, "<%s|%s|%s", or_none(tag->prefix), or_none(tag->ns), tag->name);
	for (size_t i = 0; i < tag->attrs_n; i++) {
		const char *prefix, *name;
		struct str value = xml_attr_at(tag, i, &prefix, &name);
		buf_printf(&s->out, " %s|%s=", or_none(prefix), name);
		buf_add_str(&s->out, value);
	}
	buf_add_char(&s->out, '>');
	if (strcmp(tag->name, "item") == 0) {
		s->is_shared = s->item == NULL || (s->is_shared && s->item == tag->name);
		s->item = tag->name;
	}
	return s->stop_at != 0 && ++s->starts == s->stop_at ? HARK_EINVAL : HARK_OK;
}

static int on_end(void *user)
{
	return buf_add_c(&((struct seen *)user)->out, "</>");
}

static int on_text(void *user, struct str text)
{
	return buf_add_str(&((struct seen *)user)->out, text);
}

static const struct xml_handler handler = {on_start, on_end, on_text};

struct pair {
	struct seen plain, whole;
};

static void pair_init(struct pair *p)
{
	*p = (struct pair){.plain.starts = 0};
	buf_init(&p->plain.out, 4 * DOC_BYTES);
	buf_init(&p->whole.out, 4 * DOC_BYTES);
}

static void pair_release(struct pair *p)
{
	buf_release(&p->plain.out);
	buf_release(&p->whole.out);
}

/* Whether the fast way reads `text`; fails where the thorough way sees something else. */
static bool is_plain(struct pair *p, struct str text)
{
	struct xml_damage damage;
	buf_clear(&p->plain.out);
	buf_clear(&p->whole.out);
	int rc = xml_read_plain(text, &handler, &p->plain);
	if (rc == HARK_EAGAIN) {
		return false;
	}
	assert_int_equal(rc, HARK_OK);
	rc = xml_read(text, &handler, &p->whole, &damage, NULL);
	if (rc != HARK_OK || damage.any ||
		!str_eq(buf_str(&p->plain.out), buf_str(&p->whole.out))) {
		fail_msg("%s\nin: %.*s\nfast: %s\nthorough: %s",
			damage.any ? damage.why : "differs", STR_FMT(text), buf_c(&p->plain.out),
			buf_c(&p->whole.out));
	}
	return true;
}

static void assert_events(const char *xml, const char *want)
{
	struct pair p;
	pair_init(&p);
	assert_true(is_plain(&p, str_c(xml)));
	assert_string_equal(buf_c(&p.plain.out), want);
	pair_release(&p);
}

static void the_usual_xml_is_read(void **state)
{
	(void)state;
	assert_events("<?xml version='1.0'?>\n<!-- x -->\n<a b='1' x:c=\"2'\" xmlns:x='u'>t<x:d />"
		      "y<!-- n - > -->z</a >\n<!-- e -->\r\n",
		"<-|-|a -|b=1 x|c=2'>t<x|u|d></>yz</>");
	assert_events("<a><![CDATA[<b> & ]]]]><![CDATA[>]]>]] ></a>", "<-|-|a><b> & ]]>]] ></>");
	assert_events("<a b='&amp;lt; &#65;&quot;'>&lt;b&gt; &amp;lt; &#x20ac;&#8211; &apos;</a>",
		"<-|-|a -|b=&lt; A\"><b> &lt; \xe2\x82\xac\xe2\x80\x93 '</>");
	assert_events("<a\r\n\tb = '1'\n>one\r\ntwo<![CDATA[\r\nthree\r\n]]></a>",
		"<-|-|a -|b=1>one\ntwo\nthree\n</>");
	assert_events("<a xmlns='u'><b xmlns='v' xml:lang='en'><c/></b><d/></a>",
		"<-|u|a><-|v|b xml|lang=en><-|v|c></></><-|u|d></></>");
	assert_events("<a>\xef\xbc\x8c\xef\xbf\xbd</a>", "<-|-|a>\xef\xbc\x8c\xef\xbf\xbd</>");
}

static void what_is_odd_is_left_to_the_thorough_way(void **state)
{
	(void)state;
	static const char *const odd[] = {"", "text", "<a>", "<a></b>", "<a>&nbsp;</a>", "<a>&</a>",
		"<a>&#0;</a>", "<a>&#xfffe;</a>", "<a>&#99999999;</a>", "<a>\x01</a>", "<a>\r</a>",
		"<a>]]></a>", "<a>\xef\xbf\xbf</a>", "<a b='1' b='2'/>", "<a b='<'/>", "<a b=1/>",
		"<a b='1'c='2'/>", "<a b='\n'/>", "<a b/>", "<a/ >", "<a><?x y?></a>", "<a/><b/>",
		"<a/>text", "<x:a/>", "<a x:b='1'/>", "<a xmlns:x=''/>", "<a xmlns=''/>",
		"<a xmlns='u' xmlns='v'/>", "<a xmlns:xml='u'/>",
		"<a xmlns:x='u' xmlns:y='u' x:b='' y:b=''/>", "<a><!-- -- --></a>",
		"<a><!-- \x02 --></a>", "<a><![CDATA[\x02]]></a>", "<a><![CDATA[</a>", "<:a/>",
		"<a:/>", "<a:b:c xmlns:a='u'/>", "<1/>", "<\xc3\xa4/>", "<a\xc3\xa4/>", "text <a/>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "<a xmlns:b='u'><b:c></c></a>"};
	struct pair p;
	pair_init(&p);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		assert_false(is_plain(&p, str_c(odd[i])));
	}
	pair_release(&p);
}

static void what_there_is_too_much_of_is_left_too(void **state)
{
	(void)state;
	struct pair p;
	struct buf doc;
	pair_init(&p);
	buf_init(&doc, DOC_BYTES);
	for (int i = 0; i < 200; i++) {
		buf_add_c(&doc, "<a>");
	}
	for (int i = 0; i < 200; i++) {
		buf_add_c(&doc, "</a>");
	}
	assert_false(is_plain(&p, buf_str(&doc)));
	buf_clear(&doc);
	buf_add_c(&doc, "<a>");
	for (int i = 0; i < 300; i++) {
		buf_printf(&doc, "<a%d/>", i);
	}
	buf_add_c(&doc, "</a>");
	assert_false(is_plain(&p, buf_str(&doc)));
	buf_clear(&doc);
	buf_add_c(&doc, "<a");
	for (int i = 0; i < 40; i++) {
		buf_printf(&doc, " b%d=''", i);
	}
	buf_add_c(&doc, "/>");
	assert_false(is_plain(&p, buf_str(&doc)));
	buf_release(&doc);
	pair_release(&p);
}

static void a_handler_ends_the_reading(void **state)
{
	(void)state;
	struct pair p;
	pair_init(&p);
	p.plain.stop_at = 2;
	assert_int_equal(
		xml_read_plain(STR("<a><b/><c/>text</a>"), &handler, &p.plain), HARK_EINVAL);
	assert_string_equal(buf_c(&p.plain.out), "<-|-|a><-|-|b>");
	pair_release(&p);
}

static void equal_names_are_one_pointer(void **state)
{
	(void)state;
	struct pair p;
	pair_init(&p);
	assert_true(is_plain(&p, STR("<a><item/><x:item xmlns:x='u'/><item></item></a>")));
	assert_true(p.plain.is_shared);
	pair_release(&p);
}

static const char sample[] =
	"<?xml version=\"1.0\"?>\n<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
	"xmlns=\"d\"><!-- c -->\r\n<channel>\n<title>One &amp; two</title><item>\n\t<link a='1' "
	"b=\"&lt;x&#x26;y\" dc:c='3'/><dc:creator>Ana \xc3\x89xample\xef\xbc\x8c</dc:creator>"
	"<description><![CDATA[<p>Hello ]] there</p>\r\n]]>&#8217;s &lt;b&gt;</description>"
	"</item></channel></rss>\n<!-- end -->";

static const char *const pieces[] = {"<", ">", "&", "]]>", "\r", "\n", "\r\n", "\t", "\x01",
	"&#65;", "&#x1;", "&nbsp;", "&lt;", "'", "\"", "=", "/", " ", ":", " xmlns=''",
	" xmlns:x='u'", " x:y='1'", " a='2'", "<!--", "-->", "--", "<![CDATA[", "<a>", "</a>",
	"<a/>", "<x:a>", "\xef\xbf\xbf", "\xef\xbf\xbd", "\xc3\xa9", "<?x y?>", "<!DOCTYPE x>",
	"\x7f", "\xc2\x80", "0", "-", "a"};

/* Numbers that are the same on every machine and in every run. */
static size_t roll(uint64_t *state, size_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(*state >> 33) % below;
}

/* Puts a piece in, or another in the place of some bytes, or takes some out. */
static void change(uint64_t *state, struct str from, struct buf *to)
{
	size_t at = roll(state, from.n), cut = roll(state, 3) * roll(state, 6);
	struct str piece = str_c(pieces[roll(state, sizeof(pieces) / sizeof(pieces[0]))]);
	cut = cut < from.n - at ? cut : from.n - at;
	buf_clear(to);
	buf_add(to, from.p, at);
	if (roll(state, 4) != 0) {
		buf_add_str(to, piece);
	}
	buf_add(to, from.p + at + cut, from.n - at - cut);
}

static void changed_documents_are_read_alike(void **state)
{
	(void)state;
	uint64_t numbers = 7;
	struct buf one, two;
	struct pair p;
	size_t plain = 0, odd = 0;
	pair_init(&p);
	buf_init(&one, DOC_BYTES);
	buf_init(&two, DOC_BYTES);
	assert_true(is_plain(&p, STR(sample)));
	for (int i = 0; i < 20000; i++) {
		change(&numbers, STR(sample), &one);
		if (roll(&numbers, 2) == 0) {
			change(&numbers, buf_str(&one), &two);
			buf_clear(&one);
			buf_add_str(&one, buf_str(&two));
		}
		if (utf8_valid(buf_str(&one)) == one.n) {
			bool is = is_plain(&p, buf_str(&one));
			plain += is;
			odd += !is;
		}
	}
	assert_true(plain > 3000);
	assert_true(odd > 10000);
	buf_release(&one);
	buf_release(&two);
	pair_release(&p);
}

static size_t read_files(struct pair *p, const char *folder, size_t *plain)
{
	const char *top = getenv("top_srcdir");
	struct buf pattern, file, room;
	glob_t found;
	buf_init(&pattern, 4096);
	buf_init(&file, DOC_BYTES);
	buf_init(&room, DOC_BYTES);
	buf_printf(&pattern, "%s/tests/%s/*", top != NULL ? top : ".", folder);
	assert_int_equal(glob(buf_c(&pattern), 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct charset used;
		struct str text;
		buf_clear(&file);
		buf_clear(&room);
		if (file_read(&file, found.gl_pathv[i], NULL) == HARK_OK &&
			charset_decode(buf_str(&file), NULL, &room, &text, &used, NULL) ==
				HARK_OK) {
			*plain += is_plain(p, text);
		}
	}
	size_t n = found.gl_pathc;
	globfree(&found);
	buf_release(&pattern);
	buf_release(&file);
	buf_release(&room);
	return n;
}

static void recorded_feeds_are_read_alike(void **state)
{
	(void)state;
	struct pair p;
	size_t good = 0, other = 0;
	pair_init(&p);
	assert_true(read_files(&p, "fixtures/feed/good", &good) > 15);
	assert_true(good > 10);
	read_files(&p, "fixtures/feed/bad", &other);
	read_files(&p, "fixtures/feed/refused", &other);
	read_files(&p, "fuzz/corpus/feed", &other);
	read_files(&p, "fuzz/corpus/html", &other);
	pair_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_usual_xml_is_read),
		cmocka_unit_test(what_is_odd_is_left_to_the_thorough_way),
		cmocka_unit_test(what_there_is_too_much_of_is_left_too),
		cmocka_unit_test(a_handler_ends_the_reading),
		cmocka_unit_test(equal_names_are_one_pointer),
		cmocka_unit_test(changed_documents_are_read_alike),
		cmocka_unit_test(recorded_feeds_are_read_alike),
	};
	return cmocka_run_group_tests_name("xml_plain", tests, NULL, NULL);
}
