#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "rules/block.h"
#include "rules/fold.h"
#include "rules/run.h"
#include "rules/text.h"

static struct text t;
static struct buf shown;

static int setup(void **state)
{
	(void)state;
	text_init(&t);
	buf_init(&shown, 1 << 20);
	return fold_init();
}

static int teardown(void **state)
{
	(void)state;
	text_release(&t);
	buf_release(&shown);
	return 0;
}

/* Tokens as "word word @handle $CASH <url> (emoji)", then the tags. */
static const char *tokens(const char *source)
{
	static const char *const before[] = {"", "", "@", "$", "<", "("}, *const after[] = {"", "",
										  "", "", ">", ")"};
	text_reset(&t);
	text_add(&t, TEXT_TEXT, str_c(source));
	assert_int_equal(t.rc, HARK_OK);
	buf_clear(&shown);
	for (size_t i = 0; i < t.n; i++) {
		struct str folded = text_at(&t, i);
		buf_printf(&shown, "%s%s%.*s%s", i > 0 ? " " : "", before[t.v[i].kind],
			STR_FMT(folded), after[t.v[i].kind]);
	}
	for (size_t i = 0; i < t.tags_n; i++) {
		struct str folded = text_token(&t, &t.tags[i].token);
		buf_printf(&shown, " #%.*s[%u-%u]", STR_FMT(folded), t.tags[i].from, t.tags[i].to);
	}
	return buf_c(&shown);
}

static void words_are_split_as_people_expect(void **state)
{
	(void)state;
	assert_string_equal(tokens("Coca-Cola, e.g. snake_case: 3.14 1,000 v2.0 a.b x:y"),
		"coca cola e g snake_case 3.14 1,000 v2.0 a b x y");
	assert_string_equal(tokens("C++ AT&T Yahoo! (brackets)"), "c at t yahoo brackets");
	assert_string_equal(tokens(""), "");
	assert_string_equal(tokens("... --- !!!"), "");
	assert_string_equal(tokens("para\xc2\xb7lel A\xc2\xb7"), "para\xc2\xb7lel a");
}

static void apostrophes_stay_and_possessives_fall(void **state)
{
	(void)state;
	assert_string_equal(tokens("don't O\xe2\x80\x99"
				   "Brien Acme's ACME\xe2\x80\x99S customers' 'quoted'"),
		"don't o'brien acme acme customers quoted");
	/* The place of a possessive is the name alone. */
	tokens("Acme\xe2\x80\x99s");
	assert_int_equal(t.v[0].end, 4);
	assert_string_equal(tokens("s 's"), "s s");
}

static void case_and_accents_do_not_matter(void **state)
{
	(void)state;
	assert_string_equal(tokens("STRASSE stra\xc3\x9f"
				   "e Stra\xe1\xba\x9e"
				   "e"),
		"strasse strasse strasse");
	assert_string_equal(
		tokens("\xc4\xb0STANBUL Istanbul \xc4\xb1stanbul"), "istanbul istanbul istanbul");
	assert_string_equal(
		tokens("S\xc3\xb8ren \xc5\x81\xc3\xb3"
		       "d\xc5\xba \xc3\x86sop \xc5\x92uvre M\xc3\xbcller \xc3\xbe\xc3\xb3r"),
		"soren lodz aesop oeuvre muller thor");
	/* The same with combining marks. */
	assert_string_equal(tokens("Mu\xcc\x88ller cafe\xcc\x81"), "muller cafe");
	assert_string_equal(tokens("\xce\x91\xce\x98\xce\x97\xce\x9d\xce\x91\xce\xa3 "
				   "\xce\xb1\xce\xb8\xce\xae\xce\xbd\xce\xb1\xcf\x82"),
		"\xce\xb1\xce\xb8\xce\xb7\xce\xbd\xce\xb1\xcf\x83 "
		"\xce\xb1\xce\xb8\xce\xb7\xce\xbd\xce\xb1\xcf\x83");
	/* Full width, ligature, superscript. */
	assert_string_equal(tokens("\xef\xbc\xa1\xef\xbd\x83\xef\xbd\x8d\xef\xbd\x85 o\xef\xac\x83"
				   "ce m\xc2\xb2"),
		"acme office m2");
}

static void other_scripts_keep_what_they_need(void **state)
{
	(void)state;
	/* Cyrillic: ё is е, й stays, in one character or two. */
	assert_string_equal(tokens("\xd0\x81\xd0\xb6 \xd0\xb9 \xd0\xb8\xcc\x86 \xd0\xb5\xcc\x88"),
		"\xd0\xb5\xd0\xb6 \xd0\xb9 \xd0\xb9 \xd0\xb5");
	/* Arabic and Hebrew without vowel points. */
	assert_string_equal(
		tokens("\xd9\x85\xd9\x8f\xd8\xad\xd9\x8e\xd9\x85\xd9\x91\xd9\x8e\xd8\xaf"),
		"\xd9\x85\xd8\xad\xd9\x85\xd8\xaf");
	assert_string_equal(tokens("\xd7\xa9\xd6\xb8\xd7\x81\xd7\x9c\xd7\x95\xd6\xb9\xd7\x9d"),
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d");
	/* Hindi vowel signs are part of the word. */
	assert_string_equal(
		tokens("\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80"),
		"\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80");
	/* Every code point of Chinese, Japanese and Thai is a token. */
	assert_string_equal(tokens("\xe6\x97\xa5\xe6\x9c\xac"
				   "A1\xe8\xaa\x9e"),
		"\xe6\x97\xa5 \xe6\x9c\xac a1 \xe8\xaa\x9e");
	assert_string_equal(tokens("\xef\xbd\xb6\xef\xbe\x9e"), "\xe3\x82\xac"); /* half-width ga */
	assert_string_equal(tokens("\xe0\xb9\x84\xe0\xb8\x97\xe0\xb8\xa2"),
		"\xe0\xb9\x84 \xe0\xb8\x97 \xe0\xb8\xa2");
	assert_string_equal(tokens("\xec\x82\xbc\xec\x84\xb1\xec\x9d\x80"),
		"\xec\x82\xbc\xec\x84\xb1\xec\x9d\x80");
	/* Soft hyphens and joiners inside a word are not there. */
	assert_string_equal(tokens("exam\xc2\xadple zero\xe2\x80\x8cwidth"), "example zerowidth");
}

static void tags_give_a_tag_and_its_words(void **state)
{
	(void)state;
	assert_string_equal(
		tokens("new #ProductLaunch today"), "new product launch today #productlaunch[1-3]");
	assert_string_equal(tokens("#CRMTools2025 #snake_case"),
		"crm tools 2025 snake case #crmtools2025[0-3] #snake_case[3-5]");
	assert_string_equal(tokens("#1 a#b &#39;"), "1 a b 39");
	/* A mark that is dropped belongs to the sign before it, not to the word behind. */
	assert_string_equal(tokens("#_\xcc\x81"
				   "b"),
		"b #_b[0-1]");
	assert_int_equal(t.v[0].start, 4);
}

static void handles_cashtags_and_mail_addresses(void **state)
{
	(void)state;
	assert_string_equal(tokens("@JDoe: hi @ana@social.example, @kim.example.org."),
		"@jdoe hi @ana@social.example @kim.example.org");
	assert_string_equal(tokens("mail ana@example.com"), "mail ana example com");
	assert_string_equal(tokens("$ACME up 5% US$20 $20"), "$acme up 5 us 20 20");
}

static void a_url_is_one_token_and_no_words(void **state)
{
	(void)state;
	assert_string_equal(tokens("see https://Example.com/Globex_(EU)?a=b). www.example.org, "
				   "(http://x.example/y)!"),
		"see <https://example.com/globex_(eu)?a=b> <www.example.org> <http://x.example/y>");
	assert_string_equal(
		tokens("http:// httpx www.\xe6\x97\xa5"), "http httpx www \xe6\x97\xa5");
}

static void an_emoji_is_one_token_whatever_its_skin(void **state)
{
	(void)state;
	assert_string_equal(tokens("ok\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd \xe2\x9d\xa4\xef\xb8\x8f"),
		"ok (\xf0\x9f\x91\x8d) (\xe2\x9d\xa4)");
	/* A flag and a family stay whole. */
	assert_string_equal(
		tokens("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xab\xf0\x9f\x87\xb7"),
		"(\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa) (\xf0\x9f\x87\xab\xf0\x9f\x87\xb7)");
	assert_string_equal(tokens("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"),
		"(\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9)");
}

static void places_breaks_and_capitals_are_kept(void **state)
{
	(void)state;
	text_reset(&t);
	text_add(&t, TEXT_TITLE, STR("A b"));
	text_add(&t, TEXT_TEXT, STR("Stop! \xc3\x89t\xc3\xa9 go. on\nnow?"));
	assert_int_equal(t.fields[TEXT_TEXT].start, 2);
	assert_int_equal(t.fields[TEXT_TEXT].end, 7);
	assert_true(t.v[2].flags & TOKEN_CAPITAL);
	assert_true(t.v[3].flags & TOKEN_AFTER_BREAK);
	assert_true(t.v[3].flags & TOKEN_CAPITAL);
	assert_int_equal(t.v[3].start, 6);
	assert_int_equal(t.v[3].end, 11);
	assert_false(t.v[5].flags & TOKEN_AFTER_BREAK);
	assert_true(t.v[6].flags & TOKEN_AFTER_BREAK);
	assert_true(t.question);
	assert_int_equal(t.v[1].field, TEXT_TITLE);
}

static void bad_bytes_are_breaks(void **state)
{
	(void)state;
	assert_string_equal(tokens("a\xff"
				   "b \xc3"),
		"a b");
	assert_string_equal(tokens("\xed\xa0\x80x\xf4\x90\x80\x80y"), "x y");
}

static void equal_tokens_have_equal_hashes_kinds_differ(void **state)
{
	(void)state;
	tokens("acme ACME @acme $acme");
	assert_true(t.hash[0] == t.hash[1]);
	assert_true(t.hash[0] != t.hash[2] && t.hash[2] != t.hash[3]);
	assert_true(t.hash[2] == token_hash(TOKEN_HANDLE, STR("acme")));
}

static void runs_are_the_same_sixteen_bytes_at_a_time(void **state)
{
	(void)state;
	char source[48], fast[RUN_MAX], slow[RUN_MAX];
	for (unsigned c = 0; c < 256; c++) {
		for (size_t at = 0; at < 18; at++) {
			memset(source, 'Q', sizeof(source));
			source[at] = (char)c;
			for (size_t left = 0; left < 20; left++) {
				size_t n = run_of(source, left, fast);
				assert_int_equal(n, run_scalar(source, left, slow));
				assert_memory_equal(fast, slow, RUN_MAX);
			}
		}
	}
}

static uint64_t rolled = 88172645463325252u;

static size_t roll(size_t n)
{
	rolled ^= rolled << 13;
	rolled ^= rolled >> 7;
	rolled ^= rolled << 17;
	return (size_t)(rolled >> 20) % n;
}

static void assert_same_map(const struct block_map *a, const struct block_map *b)
{
	size_t blocks = (a->bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
	assert_int_equal(a->bytes, b->bytes);
	assert_int_equal(a->runs, b->runs);
	assert_memory_equal(a->edge, b->edge, (a->runs + 1) * 2 * sizeof(a->edge[0]));
	assert_memory_equal(a->hard, b->hard, blocks * sizeof(a->hard[0]));
	assert_memory_equal(a->lower, b->lower, a->bytes);
	assert_memory_equal(a->event, b->event, blocks * sizeof(a->event[0]));
	assert_int_equal(a->events, b->events);
	assert_int_equal(a->hards, b->hards);
}

/* In memory of just that length: a sanitizer sees who reads past it. */
static void compare_maps(const char *source, size_t n)
{
	static struct block_map fast, slow;
	char *text = malloc(n);
	assert_non_null(text);
	memcpy(text, source, n);
	block_mapper_at(0)(&slow, text, n);
	for (size_t i = 1; block_mapper_at(i) != NULL; i++) {
		block_mapper_at(i)(&fast, text, n);
		assert_same_map(&fast, &slow);
	}
	free(text);
}

static void texts_are_mapped_alike_by_every_kind_of_processor(void **state)
{
	(void)state;
	char source[BLOCK_MAP_MAX];
	for (unsigned c = 0; c < 256; c++) {
		for (size_t at = 0; at < 3 * BLOCK_BYTES; at++) {
			memset(source, c % 2 == 0 ? 'Q' : ' ', 3 * BLOCK_BYTES);
			source[at] = (char)c;
			compare_maps(source, 2 * BLOCK_BYTES + at % (BLOCK_BYTES + 1));
		}
	}
	static const char meeting[] = "aZ09_ .,:/'#@$!?\n\r-\xc3\xa9\xff"; /* of all classes */
	for (size_t n = 1; n <= BLOCK_MAP_MAX; n++) {
		for (size_t i = 0; i < n; i++) {
			source[i] = meeting[roll(sizeof(meeting) - 1)];
		}
		compare_maps(source, n);
	}
	memset(source, 'a', sizeof(source));
	compare_maps(source, sizeof(source));
	for (size_t i = 0; i < sizeof(source); i += 2) {
		source[i] = ' ';
	}
	compare_maps(source, sizeof(source));
}

static void assert_both_ways_agree(struct text *slow, struct str source)
{
	text_reset(&t);
	text_add(&t, TEXT_TEXT, source);
	text_reset(slow);
	text_add(slow, TEXT_TEXT, source);
	assert_int_equal(t.n, slow->n);
	assert_int_equal(t.question, slow->question);
	assert_int_equal(t.opaque, slow->opaque);
	for (size_t i = 0; i < t.n; i++) {
		const struct token *a = &t.v[i], *b = &slow->v[i];
		assert_true(str_eq(text_at(&t, i), text_at(slow, i)));
		assert_true(t.hash[i] == slow->hash[i]);
		assert_int_equal(a->start, b->start);
		assert_int_equal(a->end, b->end);
		assert_int_equal(a->kind << 8 | a->flags, b->kind << 8 | b->flags);
	}
}

/* Calls `compare` with every way to map a text that works on this machine. */
static void with_each_mapper(void (*compare)(struct text *slow))
{
	block_map_fn usual = block_map;
	struct text slow;
	text_init(&slow);
	slow.careful = true;
	for (size_t i = 0; block_mapper_at(i) != NULL; i++) {
		block_map = block_mapper_at(i);
		compare(&slow);
	}
	block_map = usual;
	text_release(&slow);
}

/* Pieces that touch each other in every way: what stands behind a word decides whether it is one. */
static void compare_pieces(struct text *slow)
{
	static const char *const pieces[] = {"a", "Word", "www", "http", "HTTPS", "ftp", "x1", "9",
		"42", "_", "sixteen_letters_", "s", "S", " ", " ", "  ", ".", ",", ":", "://", "-",
		"'", "'s", "\xe2\x80\x99", "!", "?", "\n", "#", "@", "$", "/", "(", ")", "&",
		"\xd9\xa4", "\xc3\xa9", "\xcc\x81", "\xc2\xad", "\xe6\x9d\xb1", "\xf0\x9f\x98\x80",
		"\xff", "\xe2\x80", "\xd0\xb8", "\xc2\xb7", "\t", "\x7f", "example.com"};
	for (int round = 0; round < 20000; round++) {
		char source[12000] = "", *end = source; /* some longer than any map */
		for (size_t k = 1 + roll(round % 100 == 0 ? 700 : 9); k > 0; k--) {
			end = stpcpy(end, pieces[roll(sizeof(pieces) / sizeof(pieces[0]))]);
		}
		assert_both_ways_agree(slow, str_c(source));
	}
}

static void the_short_way_and_the_long_way_agree(void **state)
{
	(void)state;
	with_each_mapper(compare_pieces);
}

/* Each of these lies across the end of a map once, at every place. */
static void compare_ends(struct text *slow)
{
	static const char *const across[] = {"Sixteen_letters_ yes", "3.141 2,5", "don't! Acme's",
		"www.example.com", "https://acme.example/a?b", "?! \n Word", "seventeen_letters_",
		"a\xe2\x80\x99s b", "\xe6\x9d\xb1\xe4\xba\xac", "#ProductLaunch @jo"};
	char source[BLOCK_MAP_MAX + 200];
	for (size_t i = 0; i < sizeof(across) / sizeof(across[0]); i++) {
		for (size_t at = BLOCK_MAP_MAX - 60; at < BLOCK_MAP_MAX + 20; at++) {
			memset(source, ' ', sizeof(source));
			for (size_t k = 0; k + 8 < at; k += 8) {
				memcpy(source + k, k % 64 == 0 ? "Ab cde! " : "Ab cdef ", 8);
			}
			memcpy(source + at, across[i], strlen(across[i]));
			size_t n = at + strlen(across[i]);
			assert_both_ways_agree(slow, str_n(source, n));
			assert_both_ways_agree(slow, str_n(source, n + roll(100)));
		}
	}
}

/* One word, longer than a map. */
static void compare_long(struct text *slow)
{
	char source[3 * BLOCK_MAP_MAX];
	memset(source, 'w', sizeof(source));
	for (size_t n = 2 * BLOCK_MAP_MAX; n < 2 * BLOCK_MAP_MAX + 200; n++) {
		assert_both_ways_agree(slow, str_n(source, n));
		source[n % 97] ^= ' ';
	}
}

static void texts_longer_than_a_map_are_read_as_one(void **state)
{
	(void)state;
	with_each_mapper(compare_ends);
	with_each_mapper(compare_long);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_as_people_expect),
		cmocka_unit_test(apostrophes_stay_and_possessives_fall),
		cmocka_unit_test(case_and_accents_do_not_matter),
		cmocka_unit_test(other_scripts_keep_what_they_need),
		cmocka_unit_test(tags_give_a_tag_and_its_words),
		cmocka_unit_test(handles_cashtags_and_mail_addresses),
		cmocka_unit_test(a_url_is_one_token_and_no_words),
		cmocka_unit_test(an_emoji_is_one_token_whatever_its_skin),
		cmocka_unit_test(places_breaks_and_capitals_are_kept),
		cmocka_unit_test(bad_bytes_are_breaks),
		cmocka_unit_test(equal_tokens_have_equal_hashes_kinds_differ),
		cmocka_unit_test(runs_are_the_same_sixteen_bytes_at_a_time),
		cmocka_unit_test(texts_are_mapped_alike_by_every_kind_of_processor),
		cmocka_unit_test(the_short_way_and_the_long_way_agree),
		cmocka_unit_test(texts_longer_than_a_map_are_read_as_one),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
