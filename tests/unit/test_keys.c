#include "tests/unit/unit.h"

#include "monitor/base/hash.h"
#include "monitor/base/rng.h"
#include "monitor/base/url_key.h"
#include "monitor/pipeline/keys.h"
#include "rules/content.h"
#include "rules/fold.h"

#include <stdio.h>

static struct arena arena;

static void same_url(const char *a, const char *b)
{
	struct str x = url_key(str_c(a), &arena), y = url_key(str_c(b), &arena);
	if (!str_eq(x, y)) {
		fail_msg("%.*s is not %.*s", STR_FMT(x), STR_FMT(y));
	}
}

static void other_url(const char *a, const char *b)
{
	struct str x = url_key(str_c(a), &arena), y = url_key(str_c(b), &arena);
	if (str_eq(x, y)) {
		fail_msg("%s and %s are both %.*s", a, b, STR_FMT(x));
	}
}

static void addresses_are_compared_without_accidents(void **state)
{
	(void)state;
	assert_str_is(
		url_key(STR(" HTTP://User:pw@WWW.Example.COM:80/a/b/?b=2&utm_source=x&a=1#top "),
			&arena),
		"https://example.com/a/b?a=1&b=2");
	same_url("http://example.com", "https://www.example.com/");
	same_url("https://example.com:443/x", "http://example.com./x/");
	same_url("https://example.com/x?fbclid=abc", "https://example.com/x?");
	same_url("https://example.com/x?b=1&a=2", "https://example.com/x?a=2&b=1");
	same_url("https://example.com/%7Ejo/%c3%a9", "https://example.com/~jo/%C3%A9");
	same_url("https://example.com/x#utm_source=rss", "https://example.com/x");
	same_url("https://example.com/x#:~:text=some 1", "https://example.com/x");
	assert_null(url_key(STR("not an address"), &arena).p);
	assert_null(url_key(STR_NONE, &arena).p);
	assert_null(url_key(STR("http://"), &arena).p);
	assert_str_is(url_key(STR("at://did:plc:x/post/1"), &arena), "at://did:plc:x/post/1");
}

static void addresses_of_different_things_stay_different(void **state)
{
	(void)state;
	other_url("https://example.com/a", "https://example.com/A");
	other_url("https://example.com/a?id=1", "https://example.com/a?id=2");
	other_url("https://example.com/a#comment-12", "https://example.com/a#comment-13");
	other_url("https://example.com/#/a", "https://example.com/#/b");
	other_url("https://example.com:8080/", "https://example.com/");
	other_url("https://a.example.com/", "https://example.com/");
}

static struct hash128 words_of(const char *title, const char *text, uint32_t expected)
{
	uint32_t n = 0;
	struct hash128 h = keys_content(str_c(title), str_c(text), &n);
	assert_int_equal(n, expected);
	return h;
}

static void same_words(const char *a, const char *b, uint32_t n)
{
	struct hash128 x = words_of(NULL, a, n), y = words_of(NULL, b, n);
	assert_true(x.lo == y.lo && x.hi == y.hi);
}

static void words_are_compared_without_case_accents_marks_and_links(void **state)
{
	(void)state;
	same_words("Hello, World!", "hello   world", 2);
	same_words("don\xe2\x80\x99t", "Don't", 1);
	same_words("Caf\xc3\xa9 M\xc3\x9cLLER", "cafe\xcc\x81 muller", 2);
	same_words("\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82",
		"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", 1);
	same_words("Read more at https://a.example/x?y=1", "read more at http://b.example/z", 3);
	same_words("\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5 \xe6\x9c\xac", 2);
	same_words("broken \xff byte", "broken byte", 2);
	struct hash128 none = words_of("", "...", 0);
	assert_true(none.lo == 0 && none.hi == 0);
}

/* Random text, written down piece by piece beside the words it must become. */
static size_t make_text(struct rng *rng, char *text, char *words, uint32_t *n)
{
	static const char *const pieces[][2] = {{"a", "a"}, {"Z", "z"}, {"ht", "ht"}, {"7w", "7w"},
		{"Wwx", "wwx"}, {" ", " "}, {"\n", " "}, {";", " "}, {"[", " "}, {"`", " "},
		{"{", " "}, {"/", " "}, {":", " "}, {"\xc3\xa9", "e"}, {"\xc2\xad", ""},
		{" http://h.w/x ", "  "}, {" HTTPS://a/;", " "}, {" www.a ", "  "},
		{" whatever and ", " whatever and "},
		{"aLongerWordOfManyLetters", "alongerwordofmanyletters"}};
	size_t text_n = 0, words_n = 0;
	for (uint64_t i = rng_below(rng, 40); i > 0; i--) {
		const char *const *piece =
			pieces[rng_below(rng, sizeof(pieces) / sizeof(pieces[0]))];
		bool in_link = text_n > 2 && memcmp(text + text_n - 3, "a/;", 3) == 0 &&
			       piece[0][0] != ' ';
		if (in_link) {
			continue; /* it would belong to the link, if there is one before it */
		}
		text_n += (size_t)sprintf(text + text_n, "%s", piece[0]);
		for (const char *c = piece[1]; *c != '\0'; c++) {
			if (*c != ' ' || (words_n > 0 && words[words_n - 1] != ' ')) {
				words[words_n++] = *c;
			}
		}
	}
	if (words_n > 0 && words[words_n - 1] != ' ') {
		words[words_n++] = ' ';
	}
	*n = 0;
	for (size_t i = 0; i < words_n; i++) {
		*n += words[i] == ' ';
	}
	text[text_n] = words[words_n] = '\0';
	return words_n;
}

static void words_are_the_same_wherever_they_stand(void **state)
{
	(void)state;
	struct rng rng = {3};
	char text[4096], words[4096];
	uint32_t expected, n, plain_n;
	for (int i = 0; i < 20000; i++) {
		size_t words_n = make_text(&rng, text, words, &expected);
		struct hash128 h = keys_content(STR_NONE, str_c(text), &n);
		struct hash128 plain = keys_content(STR_NONE, str_n(words, words_n), &plain_n);
		if (h.lo != plain.lo || h.hi != plain.hi || n != expected || plain_n != n) {
			fail_msg("'%s' is not '%s' (%u words for %u)", text, words, n, expected);
		}
	}
}

static void a_title_made_of_the_text_says_nothing(void **state)
{
	(void)state;
	struct hash128 a = words_of(NULL, "one two three four", 4);
	struct hash128 b = words_of("One two th\xe2\x80\xa6", "One two three four", 4);
	struct hash128 c = words_of("Other", "one two three four", 5);
	assert_true(a.lo == b.lo && a.hi == b.hi);
	assert_false(a.lo == c.lo);
}

static void letters_joined_otherwise_are_other_words(void **state)
{
	(void)state;
	struct hash128 a = words_of(NULL, "there is no table", 4);
	struct hash128 b = words_of(NULL, "there is notable", 3);
	assert_false(a.lo == b.lo && a.hi == b.hi);
}

/* The same of a post that is in tokens with all that is said about it. */
static void a_post_in_tokens_says_what_it_says_alone(void **state)
{
	(void)state;
	static const char *const texts[][2] = {{"Launch", "Acme's launch of the year"},
		{NULL, "#ProductLaunch by @acme: see https://acme.example/x now \xf0\x9f\x9a\x80!"},
		{"Read https://a.example", "Read https://a.example and $ACME #1 caf\xc3\xa9"},
		{"\xe6\x97\xa5\xe6\x9c\xac", "#tag"}, {"https://a.example", "www.b.example"},
		{"\xf0\x9f\x9a\x80", NULL}, {"only a title", ""}};
	struct text t;
	struct buf letters;
	text_init(&t);
	buf_init(&letters, CONTENT_LETTERS_MAX);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct str title = str_c(texts[i][0]), text = str_c(texts[i][1]);
		uint32_t alone_n, n;
		struct hash128 alone = keys_content(title, text, &alone_n);
		text_reset(&t);
		text_add(&t, TEXT_TITLE, title);
		text_add(&t, TEXT_TEXT, text);
		text_add(&t, TEXT_QUOTED, STR("others said #this"));
		text_open(&t, TEXT_TAGS);
		text_add_tag(&t, STR("BigNews"));
		text_close(&t, TEXT_TAGS);
		struct hash128 h = content_hash(&t, &letters, &n);
		assert_int_equal(n, alone_n);
		assert_true(h.lo == alone.lo && h.hi == alone.hi);
	}
	same_words("#ProductLaunch of @acme https://acme.example/x now",
		"product launch of acme now", 5);
	buf_release(&letters);
	text_release(&t);
}

static struct batch_post post_of(const char *id, const char *url, const char *text)
{
	struct batch_post bp = {0};
	post_init(&bp.post);
	bp.post.external_id = str_c(id);
	bp.post.url = str_c(url);
	bp.post.text = str_c(text);
	return bp;
}

static void posts_without_an_id_are_named_by_link_then_by_words(void **state)
{
	(void)state;
	struct batch_post posts[] = {
		post_of("7", "http://e.example/7", "seven"),
		post_of(NULL, "http://www.e.example/8/", "eight"),
		post_of(NULL, NULL, "nine"),
	};
	assert_int_equal(keys_name(posts, 3, &arena), HARK_OK);
	assert_str_is(posts[0].post.external_id, "7");
	assert_str_is(posts[1].post.external_id, "https://e.example/8");
	assert_true(str_starts(posts[2].post.external_id, STR("content:")));
}

static void an_id_that_several_items_share_is_completed_by_what_they_say(void **state)
{
	(void)state;
	struct batch_post one[] = {
		post_of("x", NULL, "a"), post_of("y", NULL, "b"), post_of("x", NULL, "c")};
	struct batch_post two[] = {
		post_of("x", NULL, "c"), post_of("x", NULL, "a"), post_of("y", NULL, "b")};
	struct batch_post same[] = {post_of("x", NULL, "a"), post_of("x", NULL, "A!")};
	assert_int_equal(keys_name(one, 3, &arena), HARK_OK);
	assert_int_equal(keys_name(two, 3, &arena), HARK_OK);
	assert_int_equal(keys_name(same, 2, &arena), HARK_OK);
	assert_false(str_eq(one[0].post.external_id, one[2].post.external_id));
	assert_true(
		str_eq(one[0].post.external_id, two[1].post.external_id)); /* whatever the order */
	assert_true(str_eq(one[2].post.external_id, two[0].post.external_id));
	assert_str_is(one[1].post.external_id, "y");
	assert_str_is(same[1].post.external_id, "x");
}

static void fingerprints_change_with_the_words_and_not_with_dates(void **state)
{
	(void)state;
	struct batch_post a = post_of("1", NULL, "x"), b = post_of("1", NULL, "x"),
			  c = post_of("1", NULL, "y");
	b.post.published = 5;
	b.post.likes = 7;
	assert_true(keys_fingerprint(&a.post) == keys_fingerprint(&b.post));
	assert_false(keys_fingerprint(&a.post) == keys_fingerprint(&c.post));
	b.post.deleted = true;
	assert_false(keys_fingerprint(&a.post) == keys_fingerprint(&b.post));
}

static int setup(void **state)
{
	(void)state;
	return fold_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_compared_without_accidents),
		cmocka_unit_test(addresses_of_different_things_stay_different),
		cmocka_unit_test(words_are_compared_without_case_accents_marks_and_links),
		cmocka_unit_test(words_are_the_same_wherever_they_stand),
		cmocka_unit_test(a_title_made_of_the_text_says_nothing),
		cmocka_unit_test(letters_joined_otherwise_are_other_words),
		cmocka_unit_test(a_post_in_tokens_says_what_it_says_alone),
		cmocka_unit_test(posts_without_an_id_are_named_by_link_then_by_words),
		cmocka_unit_test(an_id_that_several_items_share_is_completed_by_what_they_say),
		cmocka_unit_test(fingerprints_change_with_the_words_and_not_with_dates),
	};
	arena_init(&arena, 0);
	int failed = cmocka_run_group_tests(tests, setup, NULL);
	arena_release(&arena);
	return failed;
}
