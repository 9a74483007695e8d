#include "tests/unit/unit.h"

#include "monitor/pipeline/emit.h"
#include "tests/unit/keyed.h"
#include "monitor/store/driver.h"
#include "monitor/store/posts.h"
#include "monitor/store/retention.h"
#include "monitor/store/search.h"
#include "monitor/store/words.h"
#include "tests/unit/tmpstore.h"

#define NOW INT64_C(1800000000000)
#define DAY (24 * 3600 * INT64_C(1000))

/* ---- what is typed ---- */

static const char *parse_error(const char *text)
{
	static struct hark_err err;
	struct arena arena;
	struct search s;
	arena_init(&arena, 0);
	err.text[0] = '\0';
	int rc = search_parse(&s, str_c(text), &arena, &err);
	arena_release(&arena);
	return rc == HARK_OK ? "" : err.text;
}

static void assert_marks(const char *query, const char *text, const char *expected)
{
	struct arena arena;
	struct search s;
	struct search_text t;
	struct excerpt_span spans[EXCERPT_SPANS_MAX];
	struct buf out;
	arena_init(&arena, 0);
	search_text_init(&t);
	buf_init(&out, 1000);
	assert_int_equal(search_parse(&s, str_c(query), &arena, NULL), HARK_OK);
	assert_int_equal(search_text_read(&t, str_c(text)), HARK_OK);
	size_t n = search_text_spans(&t, &s, spans);
	excerpt_mark(&out, str_c(text), 0, spans, n);
	assert_string_equal(buf_c(&out), expected);
	buf_release(&out);
	search_text_release(&t);
	arena_release(&arena);
}

static void words_are_marked_where_they_stand(void **state)
{
	(void)state;
	assert_marks("acme", "At ACME, and acmes", "At «ACME», and acmes");
	assert_marks("acm*", "At ACME, and acmes", "At «ACME», and «acmes»");
	assert_marks("\"late invoice\"", "late, an invoice; late  invoice!",
		"late, an invoice; «late  invoice»!");
	assert_marks("e-mail", "An e-mail, an email", "An «e-mail», an email");
	assert_marks("uber strasse", "ÜBER die Straße, uber",
		"«ÜBER» die Straße, «uber»"); /* ß is one s to fold() */
	assert_marks("jane's -acme", "Jane’s acme", "«Jane’s» acme");
	assert_marks("\"東京\"", "in 東京 today", "in «東京» today");
	assert_marks("a b", "a b", "«a» «b»");
}

static void a_bad_search_is_one_sentence(void **state)
{
	(void)state;
	assert_string_equal(parse_error("acme"), "");
	assert_string_equal(parse_error("acme -\"we are hiring\" invoic*"), "");
	assert_string_equal(
		parse_error(NULL), "a search needs a word: letters or digits to look for");
	assert_string_equal(
		parse_error(" "), "a search needs a word: letters or digits to look for");
	assert_string_equal(
		parse_error("*** \"\""), "a search needs a word: letters or digits to look for");
	assert_string_equal(
		parse_error("-acme"), "a search needs a word to find beside those it excludes");
	assert_string_equal(parse_error("acme \"late inv"),
		"the quote before 'late inv' is never closed: write another \" behind the last "
		"word");
	assert_string_equal(parse_error("ab*"),
		"'ab*' is the beginning of too many words: write 3 letters before the *");
	assert_string_equal(parse_error("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17"),
		"a search has at most 16 words, and '17' is one more");
	for (const char **odd = (const char *[]){"a AND", "NEAR(a b)", "a:b", "^a", "{x y}:z",
		     "a\"b\"", "(", ") a", "a''b", "NOT x", "a OR", "-- a", "\xff\xfe a", NULL};
		*odd != NULL; odd++) { /* no word of the index's own language means anything */
		const char *said = parse_error(*odd);
		assert_true(said[0] == '\0' || strncmp(said, "a search", 8) == 0);
	}
}

/* ---- what is stored ---- */

struct told {
	const char *source, *id, *title, *text, *handle, *name;
	const char *class; /* of a finding in it; NULL: there is none */
	bool is_private;
};

static void tell(struct store *s, const struct told *told, int64_t now_ms)
{
	static const struct conf conf;
	struct signal g = {.rule = STR("r"),
		.kind = SIGNAL_PRAISE,
		.level = LEVEL_NORMAL,
		.score = 70,
		.subject = {STR("author"), STR("jane"), STR("Jane")},
		.lead_key = str_c(told->id),
		.visibility = str_c(told->class != NULL ? told->class : "all")};
	struct batch b = {.source = str_c(told->source), .received_ms = now_ms};
	struct emit_counts counts = {0};
	arena_init(&b.arena, 0);
	b.state.baseline_done = true;
	b.posts = arena_alloc(&b.arena, sizeof(*b.posts));
	b.posts_n = 1;
	post_init(&b.posts->post);
	b.posts->post.external_id = str_c(told->id);
	b.posts->post.title = str_c(told->title);
	b.posts->post.text = str_c(told->text);
	b.posts->post.author.handle = str_c(told->handle);
	b.posts->post.author.display_name = str_c(told->name);
	b.posts->post.visibility = told->is_private ? VISIBILITY_PRIVATE : VISIBILITY_PUBLIC;
	b.posts->signals = &g;
	b.posts->signals_n = told->class != NULL;
	assert_int_equal(post_keys(b.posts, 1, &b.arena), HARK_OK);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	assert_int_equal(emit_batch(s, &conf, &b, now_ms, &counts, NULL), HARK_OK);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	arena_release(&b.arena);
}

static void bring_along(struct store *s)
{
	for (bool more = true; more;) {
		assert_int_equal(store_begin(s, NULL), HARK_OK);
		assert_int_equal(store_words_turn(s, 2, &more, NULL), HARK_OK);
		assert_int_equal(store_commit(s, NULL), HARK_OK);
	}
	assert_int_equal(store_words_waiting(s), 0);
}

/* The external ids of what is found, the last first. */
static const char *found(struct store *s, const char *query, struct search_filter f)
{
	static char ids[200];
	struct arena arena;
	struct search what;
	struct search_page page;
	struct hark_err err = {0};
	arena_init(&arena, 0);
	assert_int_equal(search_parse(&what, str_c(query), &arena, &err), HARK_OK);
	f.what = &what;
	f.max = f.max > 0 ? f.max : 10;
	if (store_search(s, &f, &arena, &page, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	ids[0] = '\0';
	for (size_t i = 0; i < page.n; i++) {
		struct db_query *q =
			db_query(store_db(s), "SELECT external_id FROM posts WHERE id = $1");
		db_i64(q, page.v[i].post);
		assert_true(db_step(q));
		snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%s%.*s", i > 0 ? " " : "",
			STR_FMT(db_col_text(q, 0)));
		db_done(q);
	}
	arena_release(&arena);
	return ids;
}
#define ALL ((struct search_filter){0})

static const struct told said[] = {
	{"forum", "1", "Late invoices", "Acme sends its invoices late, again", "jane",
		"Jane Example", "all", false},
	{"forum", "2", NULL, "invoices from Acme are never late", "bo", "Bo Other", NULL, false},
	{"chat", "3", "Hiring", "We are hiring at Acme", "jane", "Jane Example", NULL, true},
	{"chat", "4", NULL, "Globex knows", "cy", "Cy", "compliance", false},
};

static struct store *with_posts(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		tell(s, &said[i], NOW + (int64_t)i * DAY);
	}
	assert_int_equal(store_words_waiting(s), 4);
	assert_string_equal(found(s, "acme", ALL), "");
	bring_along(s);
	return s;
}

static void words_phrases_beginnings_and_names_find_posts(void **state)
{
	struct store *s = with_posts(state);
	assert_string_equal(found(s, "acme", ALL), "3 2 1");
	assert_string_equal(found(s, "ACME invoices", ALL), "2 1");
	assert_string_equal(found(s, "\"late invoices\"", ALL), "1");
	assert_string_equal(found(s, "\"invoices late\"", ALL), "1");
	assert_string_equal(found(s, "invoic*", ALL), "2 1");
	assert_string_equal(found(s, "acme-sen* inv*", ALL), "1");
	assert_string_equal(found(s, "exam* hir*", ALL), "3"); /* a name, and no word of a post */
	assert_string_equal(found(s, "invoicing*", ALL), "");
	assert_string_equal(found(s, "acme -late", ALL), "3");
	assert_string_equal(found(s, "acme -\"invoices late\"", ALL), "3 2");
	assert_string_equal(found(s, "jane", ALL), "3 1");
	assert_string_equal(found(s, "\"jane example\" hiring", ALL), "3");
	assert_string_equal(found(s, "acme -jane", ALL), "2");
	assert_string_equal(found(s, "acme -\"jane example\"", ALL), "2");
	assert_string_equal(found(s, "nobody", ALL), "");
	assert_string_equal(found(s, "\"s1\" acme", ALL), ""); /* how the index writes a source */
	store_close(s);
}

static void filters_leave_out_what_is_not_asked_for(void **state)
{
	struct store *s = with_posts(state);
	struct hark_err err = {0};
	struct search_page page;
	struct search what;
	struct arena arena;
	assert_string_equal(found(s, "acme", (struct search_filter){.source = STR("chat")}), "3");
	assert_string_equal(found(s, "acme", (struct search_filter){.kind = STR("praise")}), "1");
	assert_string_equal(found(s, "acme", (struct search_filter){.since_ms = NOW + DAY}), "3 2");
	assert_string_equal(found(s, "acme", (struct search_filter){.until_ms = NOW + DAY}), "1");
	assert_string_equal(found(s, "acme", (struct search_filter){.max = 2}), "3 2");
	assert_string_equal(found(s, "acme", (struct search_filter){.before = 2}), "1");
	assert_string_equal(found(s, "acme", (struct search_filter){.person = 7}), "");
	db_exec(store_db(s),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (5, 'Umbra', 'customer', 'import', 1, 1);"
		"INSERT INTO people (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (7, 'Jane Example', 'contact', 'import', 1, 1);"
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms) VALUES"
		" (7, 'handle', '@jane', 'high', 'import', 1);"
		"INSERT INTO employments (person, account, employer, observed_ms, origin, confidence)"
		" VALUES (7, 5, 'Umbra', 1, 'import', 'high');");
	assert_int_equal(db_check(store_db(s), &err), HARK_OK);
	assert_string_equal(found(s, "acme", (struct search_filter){.person = 7}), "3 1");
	assert_string_equal(found(s, "acme", (struct search_filter){.account = 5}), "3 1");
	assert_string_equal(found(s, "acme", (struct search_filter){.account = 6}), "");
	arena_init(&arena, 0);
	assert_int_equal(search_parse(&what, STR("hiring"), &arena, &err), HARK_OK);
	struct search_filter f = {.what = &what, .max = 1};
	assert_int_equal(store_search(s, &f, &arena, &page, &err), HARK_OK);
	assert_int_equal(page.n, 1);
	assert_true(page.v->is_private);
	assert_int_equal(page.v->person, 7);
	assert_true(str_eq_c(page.v->account_name, "Umbra"));
	assert_int_equal(page.next, 0);
	f.source = STR("nowhere");
	assert_int_equal(store_search(s, &f, &arena, &page, &err), HARK_ENOENT);
	arena_release(&arena);
	store_close(s);
}

static void a_page_ends_after_so_much_text(void **state)
{
	struct store *s = with_posts(state);
	struct hark_err err = {0};
	struct search_page page;
	struct search what;
	struct arena arena;
	db_exec(store_db(s),
		"UPDATE posts SET text = text || replace(hex(zeroblob(600000)), '0', ' ')"
		" WHERE external_id = '2'");
	arena_init(&arena, 0);
	assert_int_equal(search_parse(&what, STR("\"acme late\""), &arena, &err), HARK_OK);
	struct search_filter f = {.what = &what, .max = 10};
	assert_int_equal(store_search(s, &f, &arena, &page, &err), HARK_OK);
	assert_int_equal(page.n, 0);
	assert_int_equal(page.next, 2); /* there may be more, and it is said where */
	f.before = page.next;
	assert_int_equal(store_search(s, &f, &arena, &page, &err), HARK_OK);
	assert_int_equal(page.n, 0);
	assert_int_equal(page.next, 0);
	arena_release(&arena);
	store_close(s);
}

static void a_class_sees_what_its_signals_are_for(void **state)
{
	struct store *s = with_posts(state);
	assert_string_equal(found(s, "globex", ALL), "4");
	assert_string_equal(
		found(s, "globex", (struct search_filter){.seen_as = STR("sales")}), "");
	assert_string_equal(
		found(s, "globex", (struct search_filter){.seen_as = STR("compliance")}), "4");
	assert_string_equal(
		found(s, "acme", (struct search_filter){.seen_as = STR("sales")}), "3 2 1");
	store_close(s);
}

static void an_edit_and_a_new_name_are_followed(void **state)
{
	struct store *s = with_posts(state);
	struct told edited = said[1];
	edited.text = "invoices from Umbra are never late";
	edited.name = "Bo Newname";
	tell(s, &edited, NOW + 10 * DAY);
	edited.text = "invoices from Initech are never late";
	tell(s, &edited, NOW + 11 * DAY);
	assert_string_equal(found(s, "acme", ALL), "3 1"); /* at once */
	bring_along(s);
	assert_string_equal(found(s, "initech", ALL), "2");
	assert_string_equal(found(s, "umbra", ALL), "");
	edited.id = "5";
	tell(s, &edited, NOW + 12 * DAY);
	bring_along(s);
	assert_string_equal(found(s, "newname", ALL), "5 2");
	assert_string_equal(found(s, "other", ALL), "");
	store_close(s);
}

/* How often the words stand in the index. */
static int64_t in_index(struct store *s, const char *match)
{
	struct db_query *q =
		db_query(store_db(s), "SELECT count(*) FROM post_words WHERE post_words MATCH $1");
	db_text_c(q, match);
	return db_run_i64(q, -1);
}

/* Whether the blocks of the index hold the bytes. */
static int64_t in_blocks(struct store *s, const char *bytes)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*) FROM post_words_data WHERE instr(block, CAST($1 AS BLOB)) > 0");
	db_text_c(q, bytes);
	return db_run_i64(q, -1);
}

static void what_is_forgotten_is_in_no_block_of_the_index(void **state)
{
	static const struct retention limits = {1 * DAY, 180 * DAY};
	struct retention_counts counts = {0};
	struct store *s = with_posts(state);
	struct hark_err err = {0};
	assert_int_equal(in_index(s, "never"), 1);
	assert_true(in_blocks(s, "never") > 0);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	retention_turn(s, &limits, NOW + 40 * DAY, 100, &counts, NULL);
	assert_int_equal(store_commit(s, &err), HARK_OK);
	assert_int_equal(counts.posts, 2); /* those without a finding */
	assert_string_equal(found(s, "acme", ALL), "1");
	assert_int_equal(store_scrub(s, &err), HARK_OK);
	assert_int_equal(in_index(s, "never"), 0);
	assert_int_equal(in_index(s, "acme"), 1);
	assert_int_equal(in_blocks(s, "never"), 0);
	assert_true(in_blocks(s, "invoices") > 0);
	db_exec(store_db(s), "INSERT INTO post_words (post_words) VALUES ('integrity-check')");
	assert_int_equal(db_check(store_db(s), &err), HARK_OK);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_marked_where_they_stand),
		cmocka_unit_test(a_bad_search_is_one_sentence),
		TMPSTORE_TEST(words_phrases_beginnings_and_names_find_posts),
		TMPSTORE_TEST(filters_leave_out_what_is_not_asked_for),
		TMPSTORE_TEST(a_page_ends_after_so_much_text),
		TMPSTORE_TEST(a_class_sees_what_its_signals_are_for),
		TMPSTORE_TEST(an_edit_and_a_new_name_are_followed),
		TMPSTORE_TEST(what_is_forgotten_is_in_no_block_of_the_index),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
