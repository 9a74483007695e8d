/* How fast posts meet names and rules: folding and splitting alone, in MB/s of post text, then the
 * whole way through a matcher, in ns a post.
 *
 * The posts are made here: invented words drawn as language draws them (Zipf), a tenth of the posts
 * with letters outside ASCII, now and then a URL, a handle, a tag or a possessive, a planted name in
 * 18 of 100. Best of several rounds, processor time of this thread. */
#include "monitor/base/file.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define VOCABULARY 50000
#define ROUNDS 40
#define ROUND_BYTES (1u << 20)
#define RARE 300 /* words a rule asks for lie behind this rank */

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t roll(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1du;
}

static size_t below(size_t n)
{
	return (size_t)(roll() >> 33) % n;
}

/* ---- words, names, posts ---- */

static char words[VOCABULARY][24];

static void make_words(void)
{
	static const char *const syllables[] = {"ta", "ren", "lo", "mi", "sar", "ko", "vel", "du",
		"pin", "ga", "hes", "bro", "ni", "ful", "e", "a", "che", "win", "or", "th", "be",
		"cu", "dra", "fi", "gu", "hi", "ja", "ku", "li", "mo", "no", "pe", "qua", "ri",
		"so", "tu", "vi", "wo", "ya", "zi"};
	for (size_t i = 0; i < VOCABULARY; i++) {
		size_t n = 1 + (i > 20) + (i > 300) + (i > 10000);
		for (size_t k = 0; k < n; k++) {
			strcat(words[i], syllables[below(40)]);
		}
	}
}

/* Rank r comes 1/r as often as the first. */
static const char *word(size_t from)
{
	double u = (double)(roll() >> 11) / 9007199254740992.0;
	size_t rank = (size_t)(exp(u * log((double)(VOCABULARY - from)))) - 1;
	return words[from + rank];
}

static void capital(struct buf *out, const char *w)
{
	buf_add_char(out, (char)(w[0] - 32));
	buf_add_c(out, w + 1);
}

/* Two words for most, some of three, one in twenty of one word. */
static char (*make_names(size_t n))[64]
{
	char(*names)[64] = calloc(n, sizeof(*names));
	struct buf b;
	buf_init(&b, sizeof(*names));
	for (size_t i = 0; names != NULL && i < n; i++) {
		size_t kind = below(100);
		buf_clear(&b);
		capital(&b, words[RARE + below(VOCABULARY - RARE)]);
		if (kind < 5) {
			buf_printf(&b, "q%zu", i);
		} else {
			buf_add_char(&b, ' ');
			capital(&b, words[RARE + below(VOCABULARY - RARE)]);
		}
		if (kind > 80) {
			buf_add_char(&b, ' ');
			capital(&b, words[below(VOCABULARY)]);
		}
		snprintf(names[i], sizeof(names[i]), "%s", buf_c(&b));
	}
	buf_release(&b);
	return names;
}

struct corpus {
	struct post *posts;
	size_t n;
	struct buf text;
};

static void add_oddity(struct buf *out, bool ascii)
{
	static const char *const odd[] = {"caf\xc3\xa9", "M\xc3\xbcller",
		"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", "\xe6\x9d\xb1\xe4\xba\xac",
		"\xf0\x9f\x9a\x80", "it\xe2\x80\x99s", "\xce\xba\xcf\x8c\xcf\x83\xce\xbc\xce\xbf"};
	static const char *const plain[] = {"https://news.example.com/a/story?id=77", "@someone",
		"#ProductLaunch", "don't", "Acme's", "3.14", "well-known"};
	buf_add_c(out, ascii || roll() % 3 == 0 ? plain[below(7)] : odd[below(7)]);
}

static void add_post(struct buf *out, size_t bytes, bool ascii, char (*names)[64], size_t names_n)
{
	size_t from = out->n, plant = below(100) < 18 && names_n > 0 ? below(bytes) : SIZE_MAX;
	bool mixed = !ascii && below(1000) < 107, begin = true;
	while (out->n - from < bytes) {
		const char *w = word(0);
		if (begin) {
			capital(out, w);
		} else {
			buf_add_c(out, w);
		}
		if (out->n - from > plant) {
			plant = SIZE_MAX;
			buf_printf(out, " %s", names[below(names_n)]);
		}
		if (below(100) < (mixed ? 30 : 3)) {
			buf_add_char(out, ' ');
			add_oddity(out, !mixed);
		}
		size_t stop = below(100);
		begin = stop < 7;
		buf_add_c(out, stop < 6 ? ". " : stop < 7 ? "! " : stop < 13 ? ", " : " ");
	}
}

static void make_corpus(struct corpus *c, size_t bytes, bool ascii, char (*names)[64], size_t n)
{
	size_t *begin;
	buf_init(&c->text, ROUND_BYTES * 2);
	c->n = ROUND_BYTES / bytes;
	c->posts = calloc(c->n, sizeof(*c->posts));
	begin = calloc(c->n + 1, sizeof(*begin));
	for (size_t i = 0; i < c->n; i++) {
		begin[i] = c->text.n;
		add_post(&c->text, bytes * 3 / 4 + below(bytes / 2), ascii, names, n);
	}
	begin[c->n] = c->text.n;
	for (size_t i = 0; i < c->n; i++) {
		post_init(&c->posts[i]);
		c->posts[i].source = STR("bench");
		c->posts[i].external_id = str_n(c->text.p + begin[i], 8);
		c->posts[i].text = str_n(c->text.p + begin[i], begin[i + 1] - begin[i]);
		c->posts[i].author.handle = STR("@someone");
		c->posts[i].author.profile_url = STR("https://social.example/@someone");
	}
	free(begin);
}

static void drop_corpus(struct corpus *c)
{
	buf_release(&c->text);
	free(c->posts);
}

/* ---- rules ---- */

static const char *term(void)
{
	return words[RARE + below(VOCABULARY / 5)];
}

/* Three to six words or phrases, every third with NOT; a third of them names a list. */
static void add_rule(struct buf *out, size_t i, bool names)
{
	buf_printf(out,
		"  - id: r%zu\n    title: Rule %zu\n    kind: mention\n    match: |\n      ", i, i);
	if (names && i % 3 == 0) {
		buf_add_c(out, "any:names AND ");
	}
	buf_add_c(out, "(");
	for (size_t k = 0, n = 2 + below(3); k < n; k++) {
		buf_printf(out, k > 0 ? " OR " : "");
		if (below(10) < 3) {
			buf_printf(out, "\"%s %s\"", term(), term());
		} else {
			buf_printf(out, "%s", term());
		}
	}
	buf_printf(out, ") AND %s", term());
	buf_printf(out, i % 3 == 1 ? " NOT %s\n" : "\n", term());
}

static struct ruleset *load(char (*names)[64], size_t names_n, size_t rules_n)
{
	char dir[] = "/tmp/hark-bench-XXXXXX", rules[64], list[64];
	struct ruleset *r = NULL;
	struct diags diags;
	struct hark_err err = {0};
	struct buf b;
	if (mkdtemp(dir) == NULL) {
		return NULL;
	}
	buf_init(&b, 64 << 20);
	snprintf(rules, sizeof(rules), "%s/r.yaml", dir);
	snprintf(list, sizeof(list), "%s/names.csv", dir);
	buf_add_c(&b, "name\n");
	for (size_t i = 0; i < names_n; i++) {
		buf_printf(&b, "%s\n", names[i]);
	}
	file_write(list, buf_str(&b), 0600, NULL);
	buf_clear(&b);
	buf_add_c(&b, "lists:\n  names: { file: names.csv }\nrules:\n");
	for (size_t i = 0; i < rules_n; i++) {
		add_rule(&b, i, true);
	}
	file_write(rules, buf_str(&b), 0600, NULL);
	const char *paths[] = {"r.yaml"};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .base_dir = dir, .packs_dir = dir};
	diags_init(&diags);
	if (ruleset_load(&r, &source, &diags, &err) != HARK_OK) {
		fprintf(stderr, "bench_match: %s %s\n", err.text,
			diags.n > 0 ? diags.v[0].message : "");
	}
	diags_release(&diags);
	buf_release(&b);
	unlink(rules);
	unlink(list);
	rmdir(dir);
	return r;
}

/* ---- measuring ---- */

static double now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static double memory_pass(const struct corpus *c)
{
	double began = now_ns();
	uint64_t sum = 0, piece;
	for (size_t i = 0; i + 8 <= c->text.n; i += 8) {
		memcpy(&piece, c->text.p + i, 8);
		sum += piece;
	}
	__asm__ volatile("" : : "r"(sum));
	return now_ns() - began;
}

static double text_pass(const struct corpus *c, struct text *t, size_t *tokens)
{
	double began = now_ns();
	*tokens = 0;
	for (size_t i = 0; i < c->n; i++) {
		text_reset(t);
		text_add(t, TEXT_TEXT, c->posts[i].text);
		*tokens += t->n;
	}
	return now_ns() - began;
}

static double match_pass(
	const struct corpus *c, struct matcher *m, struct arena *arena, size_t *signals)
{
	double began = now_ns();
	*signals = 0;
	for (size_t i = 0; i < c->n; i++) {
		struct signal *found;
		size_t n;
		if (matcher_match(m, &c->posts[i], arena, &found, &n) != HARK_OK) {
			abort();
		}
		*signals += n;
		arena_reset(arena);
	}
	return now_ns() - began;
}

static void measure_text(const char *name, size_t bytes, bool ascii)
{
	struct corpus c;
	struct text t;
	size_t tokens = 0;
	double best = 1e18, memory = 1e18;
	text_init(&t);
	make_corpus(&c, bytes, ascii, NULL, 0);
	for (int i = 0; i < ROUNDS; i++) {
		double took = text_pass(&c, &t, &tokens), m = memory_pass(&c);
		best = took < best ? took : best;
		memory = m < memory ? m : memory;
	}
	printf("words %-5s %4zu bytes a post: %6.0f MB/s, %5.0f ns/post, %4.1f ns/token, %3.0f x a "
	       "memory pass\n",
		name, c.text.n / c.n, (double)c.text.n * 1e3 / best, best / (double)c.n,
		best / (double)tokens, best / memory);
	drop_corpus(&c);
	text_release(&t);
}

static bool measure_match(size_t bytes, size_t names_n, size_t rules_n, double goal)
{
	struct corpus c;
	struct arena arena;
	size_t signals = 0;
	double best = 1e18;
	char(*names)[64] = make_names(names_n);
	struct ruleset *r = names != NULL ? load(names, names_n, rules_n) : NULL;
	struct matcher *m = r != NULL ? matcher_new(r) : NULL;
	if (m == NULL) {
		free(names);
		ruleset_unref(r);
		return false;
	}
	arena_init(&arena, 0);
	make_corpus(&c, bytes, false, names, names_n);
	for (int i = 0; i < ROUNDS; i++) {
		double took = match_pass(&c, m, &arena, &signals);
		best = took < best ? took : best;
	}
	best /= (double)c.n;
	printf("match %6zu names, %4zu rules, %4zu bytes: %6.0f ns/post, %4.0f MB/s, %.4f signals "
	       "a post (goal %.0f ns)\n",
		names_n, rules_n, c.text.n / c.n, best, (double)(c.text.n / c.n) * 1e3 / best,
		(double)signals / (double)c.n, goal);
	drop_corpus(&c);
	arena_release(&arena);
	matcher_free(m);
	ruleset_unref(r);
	free(names);
	return best <= goal;
}

int main(void)
{
	if (fold_init() != HARK_OK) {
		return 1;
	}
	make_words();
	measure_text("ascii", 170, true);
	measure_text("ascii", 1100, true);
	measure_text("mixed", 170, false);
	bool good = measure_match(1100, 1000, 100, 3000);
	good &= measure_match(170, 1000, 100, 700);
	good &= measure_match(170, 100000, 1, 700);
	good &= measure_match(170, 100000, 100, 1000);
	return good ? 0 : 1;
}
