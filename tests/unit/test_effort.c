/* What the parsers do with hostile text, counted and not timed: the basic blocks they pass, the bytes they
 * search, and what libxml2 allocates (each error it words costs some). They are linked from libcounted.a,
 * which calls what stands here. A count is the same on every machine. */
#include "tests/unit/unit.h"

#include "connectors/optout.h"
#include "connectors/parse/html.h"
#include "connectors/parse/xml.h"
#include "connectors/transform.h"

#include <libxml/xmlmemory.h>

void *counted_memchr(const void *s, int c, size_t n);
void *counted_memmem(const void *s, size_t n, const void *needle, size_t needle_n);
void __sanitizer_cov_trace_pc(void);

/* What is quadratic takes thousands on a quarter of a megabyte; the worst here takes half of this. */
#define STEPS_A_BYTE 150

/* A sanitizer may pass blocks of the counted code before main(): until a test counts, there is no limit. */
static uint64_t steps, limit = UINT64_MAX, allocations;

static void count(uint64_t n)
{
	steps += n;
	if (steps > limit) {
		uint64_t most = limit;
		limit = UINT64_MAX;
		fail_msg("more than %llu steps", (unsigned long long)most);
	}
}

void __sanitizer_cov_trace_pc(void)
{
	count(1);
}

/* libc looks at many bytes in one step. */
void *counted_memchr(const void *s, int c, size_t n)
{
	const void *hit = memchr(s, c, n);
	count((hit != NULL ? (size_t)((const char *)hit - (const char *)s) : n) / 16);
	return (void *)(uintptr_t)hit;
}

void *counted_memmem(const void *s, size_t n, const void *needle, size_t needle_n)
{
	void *hit = memmem(s, n, needle, needle_n);
	count((hit != NULL ? (size_t)((char *)hit - (const char *)s) : n) / 4);
	return hit;
}

static void *counted_malloc(size_t n)
{
	allocations++;
	return malloc(n);
}

static void *counted_realloc(void *p, size_t n)
{
	allocations++;
	return realloc(p, n);
}

static char *counted_strdup(const char *s)
{
	allocations++;
	return strdup(s);
}

static void begin(size_t bytes)
{
	steps = 0;
	allocations = 0;
	limit = STEPS_A_BYTE * bytes;
}

static void report(const char *what, size_t bytes)
{
	print_message("# %s: %.1f steps a byte, %llu allocations\n", what,
		(double)steps / (double)bytes, (unsigned long long)allocations);
}

/* Repeats `piece` behind `head` up to `bytes`; '#' in it counts. */
static void fill(struct buf *b, const char *head, const char *piece, size_t bytes)
{
	const char *number = strchr(piece, '#');
	size_t before = number != NULL ? (size_t)(number - piece) : strlen(piece);
	buf_clear(b);
	buf_add_c(b, head);
	for (unsigned i = 0; b->n < bytes; i++) {
		buf_add(b, piece, before);
		if (number != NULL) {
			buf_printf(b, "%u%s", i, number + 1);
		}
	}
}

/* ---- XML */

static int on_start(void *user, const struct xml_tag *tag)
{
	(void)tag;
	++*(size_t *)user;
	return HARK_OK;
}

static int on_end(void *user)
{
	(void)user;
	return HARK_OK;
}

static int on_text(void *user, struct str text)
{
	(void)user;
	(void)text;
	return HARK_OK;
}

static const struct xml_handler handler = {on_start, on_end, on_text};

/* As the feed connector reads. */
static void read_and_mend(struct str text)
{
	struct buf room;
	size_t starts = 0;
	buf_init(&room, 16 << 20);
	if (xml_read(text, &handler, &starts, NULL, NULL) == HARK_EPARSE &&
		xml_repair(text, &room, NULL) == HARK_OK) {
		xml_read(buf_str(&room), &handler, &starts, NULL, NULL);
	}
	buf_release(&room);
}

static void hostile_xml_costs_linear_work(void **state)
{
	(void)state;
	static const char *const pieces[] = {"<a x=\"", "<x y='>", "<a#/>", "<?p# x?>", "<!--",
		"<![CDATA[", "</a>", "<a></b>", "<", "&", "<b ", "<a xmlns:n#='u'/>",
		"<item><title>", "<!-- x", "<?p x", "<a b=' c=\" ", "&e#;", "<a b#='c"};
	struct buf doc;
	buf_init(&doc, 8 << 20);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		fill(&doc, "<rss><channel>", pieces[i], 512 << 10);
		begin(doc.n);
		read_and_mend(buf_str(&doc));
		report(pieces[i], doc.n);
		assert_in_range(allocations, 1, doc.n / 2);
	}
	buf_release(&doc);
}

/* What libxml2 itself takes quadratic time for is refused before much of it is read. */
static void what_libxml2_is_slow_at_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *head, *piece, *why;
		size_t starts_max;
	} cases[] = {
		{"<rss>", "<a#/>", "more different names", 10100},
		{"<rss>", "<a b#=''/>", "more different names", 10100},
		{"<rss>", "<?p# x?>", "more different names", 1},
		{"<rss>", "<a xmlns:b='u' xmlns:c='u' xmlns:d='u' xmlns:e='u' xmlns:f='u'>",
			"more namespaces at once", 201},
		{"<rss><a", " b#='c'", "more attributes", 0},
	};
	struct buf doc;
	buf_init(&doc, 8 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct xml_damage damage;
		size_t starts = 0;
		fill(&doc, cases[i].head, cases[i].piece, 1 << 20);
		begin(doc.n);
		assert_int_equal(
			xml_read(buf_str(&doc), &handler, &starts, &damage, NULL), HARK_EPARSE);
		if (strstr(damage.why, cases[i].why) == NULL) {
			fail_msg("%s: '%s' does not say '%s'", cases[i].piece, damage.why,
				cases[i].why);
		}
		assert_in_range(starts, 0, cases[i].starts_max);
	}
	buf_release(&doc);
}

/* ---- HTML */

static void hostile_html_costs_linear_work(void **state)
{
	(void)state;
	static const char *const pieces[] = {"<x ", "<!--x>", "<a b=\"", "<a b='", "&#", "<b><i>",
		"</b>", "<pre>", "<script>", "<a href=x", "<svg>", "\xc2\xa0", "<![CDATA[",
		"<x =\">", "<!x", "<?x", "<!-- x", "<!>"};
	struct buf html, out;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		buf_init(&html, 1 << 21);
		buf_init(&out, 1 << 23);
		fill(&html, "", pieces[i], 256 << 10);
		for (unsigned flags = 0; flags <= HTML_MAYBE; flags += HTML_MAYBE) {
			buf_clear(&out);
			begin(html.n);
			assert_int_equal(
				html_to_text(buf_str(&html), STR_NONE, flags, &out, NULL), HARK_OK);
			assert_true(steps > html.n / 64); /* it was counted */
			report(pieces[i], html.n);
		}
		buf_release(&html);
		buf_release(&out);
	}
}

static void looking_for_feeds_costs_linear_work(void **state)
{
	(void)state;
	static const char *const pieces[] = {"<a href='", "<link rel=alternate ", "<!--", "<!x",
		"<script>", "<title", "<base href=x"};
	struct buf html;
	struct arena arena;
	struct html_feed feeds[HTML_FEEDS_MAX];
	buf_init(&html, 1 << 21);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		arena_init(&arena, 1 << 20);
		fill(&html, "", pieces[i], 256 << 10);
		begin(html.n);
		html_find_feeds(buf_str(&html), STR("http://example.com/"), &arena, feeds);
		html_title(buf_str(&html), &arena);
		report(pieces[i], html.n);
		arena_release(&arena);
	}
	buf_release(&html);
}

/* ---- what people write: posts, and what they say of themselves */

static void steps_on_hostile_text_cost_linear_work(void **state)
{
	(void)state;
	static const struct {
		bool (*run)(struct work *w, const struct transform *t, struct value *v);
		const char *arg, *head, *piece, *tail;
	} cases[] = {
		{transform_drop_element, "a.mention", "", "<a>", ""},
		{transform_drop_element, "a.mention", "", "<a ", ""},
		{transform_drop_element, "a.mention", "", "<a ", ">"},
		{transform_drop_element, "a.mention", "", "<a ", "class=mention>"},
		{transform_drop_element, "a.mention", "<a class=mention>", "<a ", ""},
		{transform_drop_element, "a.mention", "<a class=mention>", "</a ", ""},
		{transform_markdown, NULL, "", "word ", ""},
		{transform_markdown, NULL, "", "<!--", ""},
	};
	struct buf text;
	struct arena arena;
	buf_init(&text, 1 << 21);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct work w = {.arena = &arena};
		const struct transform t = {.args = {str_c(cases[i].arg)}};
		arena_init(&arena, 8 << 20);
		fill(&text, cases[i].head, cases[i].piece, 256 << 10);
		buf_add_c(&text, cases[i].tail);
		struct value v = {.kind = VALUE_TEXT, .text = buf_str(&text)};
		begin(text.n);
		cases[i].run(&w, &t, &v);
		assert_true(steps > text.n / 64); /* it was counted */
		report(cases[i].piece, text.n);
		arena_release(&arena);
	}
	buf_release(&text);
}

static void hostile_bios_cost_linear_work(void **state)
{
	(void)state;
	static const struct {
		const char *head, *piece, *tail;
		char fill;
	} cases[] = {
		{"", "\1<", "", '<'},
		{"", "\1<", ">", '_'},
		{"", "\1<", ">nobo", '_'},
		{"", "\1<\1a", ">", '_'},
		{"", "\1<\1a>", "", '_'},
		{"", "<\1>", "", '>'},
	};
	struct buf bio;
	buf_init(&bio, 1 << 21);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fill(&bio, cases[i].head, cases[i].piece, 128 << 10);
		for (size_t j = 0; j < bio.n; j++) {
			bio.p[j] = bio.p[j] == '\1' ? '#' : bio.p[j];
		}
		buf_add_c(&bio, cases[i].tail);
		for (int j = 0; j < 128 << 10; j++) {
			buf_add_char(&bio, cases[i].fill);
		}
		begin(bio.n);
		assert_false(optout_in_bio(buf_str(&bio)));
		assert_true(steps > bio.n / 64);
		report(cases[i].piece, bio.n);
	}
	buf_release(&bio);
	assert_true(optout_in_bio(STR("#<b>x</b> #<i><b>NoBot</b></i>")));
	assert_true(optout_in_bio(STR("<a title=\"#<\">#<span>nobot</span></a>")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_xml_costs_linear_work),
		cmocka_unit_test(what_libxml2_is_slow_at_is_refused),
		cmocka_unit_test(hostile_html_costs_linear_work),
		cmocka_unit_test(looking_for_feeds_costs_linear_work),
		cmocka_unit_test(steps_on_hostile_text_cost_linear_work),
		cmocka_unit_test(hostile_bios_cost_linear_work),
	};
	limit = UINT64_MAX;
	xmlMemSetup(free, counted_malloc, counted_realloc, counted_strdup);
	return cmocka_run_group_tests_name("effort", tests, NULL, NULL);
}
