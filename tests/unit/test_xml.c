#include "tests/unit/unit.h"

#include "connectors/parse/xml.h"

/* The events of a document as text: "<{uri}name a=v>text</>". */
struct seen {
	struct buf out;
	size_t starts, ends, stop_at;
};

static int on_start(void *user, const struct xml_tag *tag)
{
	struct seen *s = user;
	buf_printf(&s->out, "<%s%s%s%s", tag->ns != NULL ? "{" : "", tag->ns != NULL ? tag->ns : "",
		tag->ns != NULL ? "}" : "", tag->name);
	for (size_t i = 0; i < tag->attrs_n; i++) {
		const char *prefix, *name;
		struct str value = xml_attr_at(tag, i, &prefix, &name);
		buf_printf(&s->out, " %s%s%s=%.*s", prefix != NULL ? prefix : "",
			prefix != NULL ? ":" : "", name, STR_FMT(value));
	}
	buf_add_char(&s->out, '>');
	s->starts++;
	return s->stop_at != 0 && s->starts == s->stop_at ? HARK_EINVAL : HARK_OK;
}

static int on_end(void *user)
{
	struct seen *s = user;
	buf_add_c(&s->out, "</>");
	s->ends++;
	return HARK_OK;
}

static int on_text(void *user, struct str text)
{
	buf_add_str(&((struct seen *)user)->out, text);
	return HARK_OK;
}

static const struct xml_handler handler = {on_start, on_end, on_text};

static void seen_init(struct seen *s)
{
	*s = (struct seen){.starts = 0};
	buf_init(&s->out, 64 << 20);
}

static void assert_events(const char *xml, const char *want)
{
	struct seen s;
	struct xml_damage damage;
	struct hark_err err;
	seen_init(&s);
	assert_int_equal(xml_read(str_c(xml), &handler, &s, &damage, &err), HARK_OK);
	assert_string_equal(buf_c(&s.out), want);
	buf_release(&s.out);
}

static void elements_attributes_and_text_come_in_order(void **state)
{
	(void)state;
	assert_events("<?xml version='1.0'?>\n<a b='1' c:d='2' xmlns:c='u'>x<c:e/>y<!-- n -->z</a>",
		"<a b=1 c:d=2>x<{u}e></>yz</>");
	assert_events("<a><![CDATA[<b> & ]]]]><![CDATA[>]]></a>", "<a><b> & ]]></>");
}

static void references_are_decoded_once(void **state)
{
	(void)state;
	assert_events("<a b='&amp;lt; &#65;&quot;'>&lt;b&gt; &amp;lt; &#x20ac; &apos;</a>",
		"<a b=&lt; A\"><b> &lt; \xe2\x82\xac '</>");
	assert_events("<a>&nbsp;&eacute;&mdash;</a>", "<a>\xc2\xa0\xc3\xa9\xe2\x80\x94</>");
}

static void attributes_are_found_by_prefix_and_name(void **state)
{
	(void)state;
	const char *none = NULL;
	struct xml_tag tag = {.name = "a"};
	assert_null(xml_attr(&tag, none, "b").p);
	/* localname, prefix, URI, value, end of value: as libxml2 hands them over */
	const char *value = "12";
	const char *attrs[] = {
		"b", NULL, NULL, value, value + 1, "b", "xml", "u", value + 1, value + 2};
	tag.attrs = attrs;
	tag.attrs_n = 2;
	assert_str_is(xml_attr(&tag, NULL, "b"), "1");
	assert_str_is(xml_attr(&tag, "xml", "b"), "2");
	assert_null(xml_attr(&tag, "x", "b").p);
	assert_null(xml_attr(&tag, NULL, "bb").p);
}

static void damage_has_a_place_and_plain_words(void **state)
{
	(void)state;
	static const struct {
		const char *xml;
		long line, column;
		const char *why;
	} cases[] = {
		{"<a>\n  x & y</a>", 2, 6, "an '&' that begins no entity"},
		{"<a>\n\n\x01</a>", 3, 1, "a control byte"},
		{"<a>\n1 < 2</a>", 2, 4, "a '<' that begins no tag"},
		{"\n\n<a>\n<b></a>", 4, 8, NULL},
		{"<?xml version='1.0'?>\n<!DOCTYPE a>\n<a>\n&</a>", 4, 2,
			"an '&' that begins no entity"},
		{"", 1, 1, "there is no element"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen s;
		struct xml_damage damage;
		struct hark_err err;
		seen_init(&s);
		assert_int_equal(
			xml_read(str_c(cases[i].xml), &handler, &s, &damage, &err), HARK_EPARSE);
		assert_true(damage.any);
		assert_int_equal(damage.line, cases[i].line);
		assert_int_equal(damage.column, cases[i].column);
		if (cases[i].why != NULL) {
			assert_string_equal(damage.why, cases[i].why);
		}
		buf_release(&s.out);
	}
}

static void harmless_damage_is_named_and_passed(void **state)
{
	(void)state;
	static const struct {
		const char *xml, *why;
	} cases[] = {
		{"<a>&eacute;</a>", "HTML entities are used and not declared"},
		{"hello <a/>", "text before the XML declaration or the root element"},
		{"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "entity declarations are not followed"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen s;
		struct xml_damage damage;
		seen_init(&s);
		assert_int_equal(
			xml_read(str_c(cases[i].xml), &handler, &s, &damage, NULL), HARK_OK);
		assert_string_equal(damage.why, cases[i].why);
		assert_int_equal(s.starts, 1);
		buf_release(&s.out);
	}
}

static void a_handler_ends_the_reading(void **state)
{
	(void)state;
	struct seen s;
	seen_init(&s);
	s.stop_at = 2;
	assert_int_equal(
		xml_read(STR("<a><b/><c/>text</a>"), &handler, &s, NULL, NULL), HARK_EINVAL);
	assert_int_equal(s.starts, 2);
	assert_string_equal(buf_c(&s.out), "<a><b>");
	buf_release(&s.out);
}

static void assert_repaired(const char *xml, const char *want)
{
	struct buf out;
	struct seen s;
	seen_init(&s);
	buf_init(&out, 1 << 20);
	assert_int_equal(xml_repair(str_c(xml), &out, NULL), HARK_OK);
	assert_string_equal(buf_c(&out), want);
	/* whatever comes out is well-formed */
	assert_int_equal(xml_read(buf_str(&out), &handler, &s, NULL, NULL), HARK_OK);
	assert_int_equal(s.starts, s.ends);
	buf_release(&s.out);
	buf_release(&out);
}

static void repair_makes_text_of_stray_marks(void **state)
{
	(void)state;
	assert_repaired("<a>R&D &amp; 1 < 2 &nbsp;&foo;</a>",
		"<a>R&amp;D &#38; 1 &lt; 2 \xc2\xa0&amp;foo;</a>");
	assert_repaired("<a>b\x01\x02-\x0c</a>", "<a>b-</a>");
	assert_repaired("<a>&#1;&#xffff;x</a>", "<a>\xef\xbf\xbd\xef\xbf\xbdx</a>");
}

static void repair_quotes_attributes_and_drops_doubles(void **state)
{
	(void)state;
	assert_repaired("<a b=1 c d='x\"<y' b=2/>", "<a b=\"1\" c=\"\" d=\"x&quot;&lt;y\"></a>");
	assert_repaired("<a><b c=\"d>e</b></a>", "<a><b c=\"d\">e</b></a>");
	assert_repaired("<a xmlns:x='' 1b=2 :c=3/>", "<a b=\"2\" c=\"3\"></a>");
}

static void repair_closes_what_is_open(void **state)
{
	(void)state;
	assert_repaired("<rss><channel><item><title>a<item><title>b</rss>",
		"<rss><channel><item><title>a</title></item><item><title>b</title></item>"
		"</channel></rss>");
	assert_repaired("<a></b><c></a>", "<a><c></c></a>");
	assert_repaired("<a><B>x</b>y</a>", "<a><B>x</B>y</a>");
	assert_repaired("<a><br>x<b", "<a><br/>x<b></b></a>");
}

static void repair_keeps_the_text_of_open_sections(void **state)
{
	(void)state;
	assert_repaired("<a><b><![CDATA[x & <i></b></a>", "<a><b>x &amp; &lt;i&gt;</b></a>");
	assert_repaired("<a><!-- x <b>y</b></a>", "<a> x <b>y</b></a>");
	assert_repaired("junk <?xml?><!DOCTYPE x [<!ENTITY a '>'>]><a/>", "<a></a>");
}

static void the_root_is_found_behind_anything(void **state)
{
	(void)state;
	assert_str_is(xml_root(STR("<?xml version='1.0'?><!-- <x> --><rdf:RDF a='b'>")), "RDF");
	assert_str_is(xml_root(STR("text <!DOCTYPE rss [ <!ELEMENT x> ]>\n<rss>")), "rss");
	assert_null(xml_root(STR("no markup at all")).p);
}

/* Repeats `piece` behind `head` up to `bytes`; '#' in it counts. */
static void fill(struct buf *b, const char *head, const char *piece, size_t bytes)
{
	const char *count = strchr(piece, '#');
	size_t before = count != NULL ? (size_t)(count - piece) : strlen(piece);
	buf_clear(b);
	buf_add_c(b, head);
	for (unsigned i = 0; b->n < bytes; i++) {
		buf_add(b, piece, before);
		if (count != NULL) {
			buf_printf(b, "%u%s", i, count + 1);
		}
	}
}

static void too_many_names_are_refused_in_a_sentence(void **state)
{
	(void)state;
	struct buf doc;
	struct seen s;
	struct xml_damage damage;
	struct hark_err err;
	buf_init(&doc, 8 << 20);
	seen_init(&s);
	fill(&doc, "<rss>", "<a#/>", 1 << 20);
	assert_int_equal(xml_read(buf_str(&doc), &handler, &s, &damage, &err), HARK_EPARSE);
	assert_string_equal(err.text, "more different names than any feed needs");
	assert_string_equal(damage.why, err.text);
	assert_true(s.starts < 10100);
	buf_release(&s.out);
	buf_release(&doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_attributes_and_text_come_in_order),
		cmocka_unit_test(references_are_decoded_once),
		cmocka_unit_test(attributes_are_found_by_prefix_and_name),
		cmocka_unit_test(damage_has_a_place_and_plain_words),
		cmocka_unit_test(harmless_damage_is_named_and_passed),
		cmocka_unit_test(a_handler_ends_the_reading),
		cmocka_unit_test(repair_makes_text_of_stray_marks),
		cmocka_unit_test(repair_quotes_attributes_and_drops_doubles),
		cmocka_unit_test(repair_closes_what_is_open),
		cmocka_unit_test(repair_keeps_the_text_of_open_sections),
		cmocka_unit_test(the_root_is_found_behind_anything),
		cmocka_unit_test(too_many_names_are_refused_in_a_sentence),
	};
	return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
