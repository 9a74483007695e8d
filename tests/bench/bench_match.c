/* How fast posts meet names, rules and patterns, beside other engines and two floors: reading the
 * bytes once, and folding them into words alone.
 *
 *	bench_match [words] [names] [rules] [patterns] [all] [program] [alone] [posts=N]
 *
 * Everything by default; `alone` leaves the other engines out. Processor time of this thread, pinned,
 * best of some rounds; of other programs the median of three runs, less that of three runs with the
 * same names over no text, and with so many posts that the difference is most of it; what is found is compared with the others', and a difference fails. `x` is
 * the time divided by that of the memory pass over the same posts. */
#include "monitor/base/file.h"
#include "rules/fold.h"
#include "rules/names.h"
#include "rules/rules.h"
#include "tests/bench/bench_others.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define POSTS 500000
#define ROUNDS 5
#define SLOW_POSTS 100000 /* that other engines get where starting them alone takes many seconds */
#define SLOW_NAMES 100000 /* more than so many */

struct bench {
	struct corpus corpus;
	struct post *posts;
	double memory_ns; /* a post */
	char dir[32];
	bool alone, failed;
};

static double bytes_a_post(const struct bench *b)
{
	return (double)(b->corpus.text.n - b->corpus.posts_n) / (double)b->corpus.posts_n;
}

/* goal: ns a post; 0: none. */
static void show(const struct bench *b, const char *what, const struct outcome *o, double goal)
{
	char aim[48] = "";
	if (o->why != NULL) {
		printf("  %-34s %s\n", what, o->why);
		return;
	}
	if (goal > 0) {
		snprintf(aim, sizeof(aim), "goal %.0f ns: %s", goal,
			o->ns_post <= goal ? "met" : "MISSED");
	}
	printf("  %-34s %8.0f ns/post %8.3f M/s %6.0f MB/s %7.1f x  build %6.3f s  %zu posts, "
	       "%zu matched, %zu pairs  %s\n",
		what, o->ns_post, 1e3 / o->ns_post, bytes_a_post(b) * 1e3 / o->ns_post,
		o->ns_post / b->memory_ns, o->build_s, o->posts, o->matched, o->pairs, aim);
	fflush(stdout);
}

static void expect(struct bench *b, bool same, const char *what)
{
	if (!same) {
		printf("  DIFFERENT HITS: %s\n", what);
		b->failed = true;
	}
}

static void write_file(const struct bench *b, const char *name, struct str content)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/%s", b->dir, name);
	if (file_write(path, content, 0600, NULL) != HARK_OK) {
		fprintf(stderr, "bench_match: %s cannot be written\n", path);
		exit(1);
	}
}

static void remove_file(const struct bench *b, const char *name)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/%s", b->dir, name);
	unlink(path);
}

/* ---- floors ---- */

static double memory_pass(const struct bench *b)
{
	const struct buf *t = &b->corpus.text;
	double began = thread_ns();
	uint64_t sum[4] = {0}, piece[4];
	for (size_t i = 0; i + 32 <= t->n; i += 32) {
		memcpy(piece, t->p + i, 32);
		for (size_t k = 0; k < 4; k++) {
			sum[k] += piece[k];
		}
	}
	__asm__ volatile("" : : "r"(sum[0] + sum[1] + sum[2] + sum[3]));
	return (thread_ns() - began) / (double)b->corpus.posts_n;
}

static uint64_t sum_of(const struct text *t)
{
	uint64_t sum = t->tags_n;
	for (size_t i = 0; i < t->n; i++) {
		sum = sum * 31 + t->hash[i] + t->v[i].start + (uint64_t)t->v[i].flags;
	}
	return sum;
}

/* The fast ways and the slow one give the same words, on every post. */
static void compare_words(struct bench *b)
{
	struct text fast, slow;
	bool same = true;
	text_init(&fast);
	text_init(&slow);
	slow.careful = true;
	for (size_t i = 0; i < b->corpus.posts_n && same; i++) {
		text_reset(&fast);
		text_reset(&slow);
		text_add(&fast, TEXT_TEXT, b->corpus.posts[i]);
		text_add(&slow, TEXT_TEXT, b->corpus.posts[i]);
		same = fast.n == slow.n && sum_of(&fast) == sum_of(&slow);
	}
	expect(b, same, "words");
	text_release(&fast);
	text_release(&slow);
}

static double words_pass(const struct bench *b, bool careful)
{
	struct text t;
	text_init(&t);
	t.careful = careful;
	double began = thread_ns();
	for (size_t i = 0; i < b->corpus.posts_n; i++) {
		text_reset(&t);
		text_add(&t, TEXT_TEXT, b->corpus.posts[i]);
	}
	double took = (thread_ns() - began) / (double)b->corpus.posts_n;
	text_release(&t);
	return took;
}

static void measure_floors(struct bench *b)
{
	struct outcome memory = {.ns_post = 1e18, .posts = b->corpus.posts_n};
	struct outcome words = memory, slow = memory;
	for (int i = 0; i < ROUNDS; i++) {
		double one = memory_pass(b), two = words_pass(b, false);
		memory.ns_post = one < memory.ns_post ? one : memory.ns_post;
		words.ns_post = two < words.ns_post ? two : words.ns_post;
	}
	b->memory_ns = memory.ns_post;
	printf("floors: %zu posts, %.1f bytes each\n", b->corpus.posts_n, bytes_a_post(b));
	show(b, "memory pass", &memory, 0);
	show(b, "fold and tokenise", &words, 320);
	slow.ns_post = words_pass(b, true);
	show(b, "the same without the fast ways", &slow, 0);
	compare_words(b);
}

/* ---- names ---- */

struct finding {
	uint32_t seen[64];
	size_t n;
};

static bool on_name(void *ctx, const struct name_hit *hit)
{
	struct finding *f = ctx;
	for (size_t i = 0; i < f->n; i++) {
		if (f->seen[i] == hit->name->entry) {
			return true;
		}
	}
	if (f->n < 64) {
		f->seen[f->n++] = hit->name->entry;
	}
	return true;
}

static void find_all(const struct bench *b, const struct names *names, struct outcome *out)
{
	struct text t;
	text_init(&t);
	t.next = names_lookup(names, NAMES_FIRST); /* as the matcher does */
	out->matched = out->pairs = 0;
	out->sum = 0;
	double began = thread_ns();
	for (size_t i = 0; i < b->corpus.posts_n; i++) {
		struct finding f;
		f.n = 0;
		text_reset(&t);
		text_add(&t, TEXT_TEXT, b->corpus.posts[i]);
		names_find(names, NAMES_FIRST, &t, on_name, &f);
		for (size_t k = 0; k < f.n; k++) {
			out->sum += outcome_pair(i, f.seen[k]);
		}
		out->pairs += f.n;
		out->matched += f.n > 0;
	}
	double took = (thread_ns() - began) / (double)b->corpus.posts_n;
	out->ns_post = took < out->ns_post ? took : out->ns_post;
	text_release(&t);
}

static bool build_names(struct names *names, const struct corpus *c, size_t n)
{
	struct text scratch;
	int rc = HARK_OK;
	text_init(&scratch);
	names_init(names);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		text_reset(&scratch);
		text_add(&scratch, TEXT_TEXT, c->name[i]);
		rc = names_add(names, 0, (uint32_t)i, &scratch, STR_NONE, 0);
	}
	text_release(&scratch);
	return rc == HARK_OK && names_build(names, NULL, NULL, NULL) == HARK_OK;
}

static void compare_names(struct bench *b, size_t n, const struct outcome *ours)
{
	struct corpus *c = &b->corpus;
	struct outcome o, reference;
	size_t sample = n > SLOW_NAMES && c->posts_n > SLOW_POSTS ? SLOW_POSTS : c->posts_n;
	reference_names(c, c->posts_n, n, &reference);
	show(b, "set of texts (reference)", &reference, 0);
	expect(b, reference.pairs == ours->pairs && reference.sum == ours->sum, "names");
	write_file(b, "names",
		str_n(c->normal_names.p, (size_t)(c->name_words[n - 1].p + c->name_words[n - 1].n +
						  1 - c->normal_names.p)));
	write_file(b, "text",
		str_n(c->normal.p, (size_t)(c->lines[sample - 1].p + c->lines[sample - 1].n + 1 -
					    c->normal.p)));
	if (sample < c->posts_n) {
		reference_names(c, sample, n, &reference);
	}
	static const char *const tools[] = {"rg", "grep"};
	for (size_t i = 0; i < 2; i++) {
		char what[64];
		snprintf(what, sizeof(what), "%s -F -f, less its build", tools[i]);
		tool_names(tools[i], b->dir, sample, &o);
		show(b, what, &o, 0);
		if (o.why == NULL) {
			expect(b, o.matched == reference.matched, tools[i]);
			printf("  %-34s %8.1f times as long as hark\n", "",
				o.ns_post / ours->ns_post);
		}
	}
	char names[64], text[64];
	snprintf(names, sizeof(names), "%s/names", b->dir);
	snprintf(text, sizeof(text), "%s/text", b->dir);
	if (n <= SLOW_NAMES) {
		re2_set(b->dir, "literal", names, text, &o);
		show(b, "RE2::Set", &o, 0);
		expect(b, o.why != NULL || o.pairs == reference.pairs, "RE2::Set");
		size_t few = 2000000 / n < 1000 ? 2000000 / n : 1000;
		pcre2_names(c, few, n, &o);
		reference_names(c, few, n, &reference);
		show(b, "PCRE2-JIT, one pattern a name", &o, 0);
		expect(b, o.pairs == reference.pairs && o.sum == reference.sum, "PCRE2");
	}
	remove_file(b, "names");
	remove_file(b, "text");
}

static void measure_names(struct bench *b)
{
	static const struct {
		size_t n;
		double goal;
	} sizes[] = {{1000, 0}, {10000, 0}, {100000, 1e3 / 1.3}, {1000000, 1e3 / 0.8}};
	double times[4] = {0};
	for (size_t i = 0; i < 4; i++) {
		struct names names;
		struct outcome o = {.ns_post = 1e18, .posts = b->corpus.posts_n};
		double before = resident_mb(), began = thread_ns();
		if (!build_names(&names, &b->corpus, sizes[i].n)) {
			exit(1);
		}
		o.build_s = (thread_ns() - began) / 1e9;
		double took_mb = resident_mb() - before;
		for (int k = 0; k < ROUNDS; k++) {
			find_all(b, &names, &o);
		}
		printf("%zu names: %.1f MB\n", sizes[i].n, took_mb);
		show(b, "hark", &o, sizes[i].goal);
		times[i] = o.ns_post;
		names_release(&names);
		if (!b->alone) {
			compare_names(b, sizes[i].n, &o);
		}
	}
	printf("from 1,000 to 100,000 names: %.2f times the time (goal 1.5: %s)\n",
		times[2] / times[0], times[2] <= 1.5 * times[0] ? "met" : "MISSED");
}

/* ---- rules ---- */

static struct ruleset *load(struct bench *b, struct str yaml, size_t names_n, double *build_s)
{
	struct ruleset *r = NULL;
	struct diags diags;
	struct hark_err err = {0};
	struct buf csv;
	buf_init(&csv, (size_t)1 << 30);
	buf_add_c(&csv, "name\n");
	for (size_t i = 0; i < names_n; i++) {
		buf_add_str(&csv, b->corpus.name[i]);
		buf_add_char(&csv, '\n');
	}
	write_file(b, "names.csv", buf_str(&csv));
	write_file(b, "r.yaml", yaml);
	buf_release(&csv);
	const char *paths[] = {"r.yaml"};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .base_dir = b->dir, .packs_dir = b->dir};
	diags_init(&diags);
	double began = thread_ns();
	if (ruleset_load(&r, &source, &diags, &err) != HARK_OK) {
		fprintf(stderr, "bench_match: %s %s\n", err.text,
			diags.n > 0 ? diags.v[0].message : "");
		exit(1);
	}
	*build_s = (thread_ns() - began) / 1e9;
	diags_release(&diags);
	remove_file(b, "names.csv");
	remove_file(b, "r.yaml");
	return r;
}

static void match_all(const struct bench *b, struct ruleset *r, struct outcome *out)
{
	struct matcher *m = matcher_new(r);
	struct arena arena;
	if (m == NULL) {
		exit(1);
	}
	arena_init(&arena, 0);
	out->posts = b->corpus.posts_n;
	out->matched = out->pairs = 0;
	out->sum = 0;
	double began = thread_ns();
	for (size_t i = 0; i < b->corpus.posts_n; i++) {
		struct signal *found;
		size_t n;
		if (matcher_match(m, &b->posts[i], &arena, &found, &n) != HARK_OK) {
			exit(1);
		}
		for (size_t k = 0; k < n; k++) {
			out->sum += outcome_pair(i, strtoul(found[k].rule.p + 1, NULL, 10));
		}
		out->pairs += n;
		out->matched += n > 0;
		arena_reset(&arena);
	}
	double took = (thread_ns() - began) / (double)b->corpus.posts_n;
	out->ns_post = took < out->ns_post ? took : out->ns_post;
	arena_release(&arena);
	matcher_free(m);
}

static struct outcome measure_set(
	struct bench *b, struct str yaml, size_t names_n, const char *what, double goal)
{
	struct outcome o = {.ns_post = 1e18};
	struct ruleset *r = load(b, yaml, names_n, &o.build_s);
	for (int i = 0; i < ROUNDS; i++) {
		match_all(b, r, &o);
	}
	show(b, what, &o, goal);
	ruleset_unref(r);
	return o;
}

/* The same findings on the first posts. */
static void compare_rules(struct bench *b, struct str yaml, size_t n, size_t sample)
{
	struct outcome reference, ours = {.ns_post = 1e18};
	size_t all = b->corpus.posts_n;
	struct ruleset *r = load(b, yaml, 0, &ours.build_s);
	sample = sample < all ? sample : all;
	reference_rules(&b->corpus, sample, n, &reference);
	show(b, "rule by rule (reference)", &reference, 0);
	b->corpus.posts_n = sample;
	match_all(b, r, &ours);
	b->corpus.posts_n = all;
	expect(b, ours.pairs == reference.pairs && ours.sum == reference.sum, "rules");
	ruleset_unref(r);
}

static void measure_rules(struct bench *b)
{
	static const struct {
		size_t n;
		double goal;
	} sizes[] = {{1000, 1600}, {5000, 3000}};
	for (size_t i = 0; i < 2; i++) {
		struct buf yaml;
		buf_init(&yaml, 64 << 20);
		corpus_rules(&b->corpus, sizes[i].n, &yaml);
		printf("%zu boolean rules\n", sizes[i].n);
		measure_set(b, buf_str(&yaml), 0, "hark", sizes[i].goal);
		if (!b->alone) {
			compare_rules(b, buf_str(&yaml), sizes[i].n, 5000000 / sizes[i].n);
		}
		buf_release(&yaml);
	}
}

/* ---- patterns ---- */

static void pattern_rules(struct str patterns, struct buf *yaml)
{
	struct str line;
	for (size_t i = 0; str_split(&patterns, '\n', &line) && line.n > 0; i++) {
		buf_printf(yaml,
			"  - id: p%zu\n    title: Pattern %zu\n    kind: mention\n    match: "
			"'re:/%.*s/i'\n",
			i, i, STR_FMT(line));
	}
}

static void compare_patterns(struct bench *b, struct str yaml, struct str patterns)
{
	struct outcome reference, ours = {.ns_post = 1e18}, o;
	size_t all = b->corpus.posts_n, sample = all < 5000 ? all : 5000;
	struct ruleset *r = load(b, yaml, 0, &ours.build_s);
	pcre2_patterns(&b->corpus, sample, patterns, &reference);
	show(b, "PCRE2-JIT, one after the other", &reference, 0);
	b->corpus.posts_n = sample;
	match_all(b, r, &ours);
	b->corpus.posts_n = all;
	expect(b, ours.pairs == reference.pairs && ours.sum == reference.sum, "patterns");
	ruleset_unref(r);
	char names[64], text[64];
	snprintf(names, sizeof(names), "%s/patterns", b->dir);
	snprintf(text, sizeof(text), "%s/text", b->dir);
	write_file(b, "patterns", patterns);
	write_file(b, "text", buf_str(&b->corpus.text));
	re2_set(b->dir, "regex", names, text, &o);
	show(b, "RE2::Set (ASCII \\w and \\b)", &o, 0);
	remove_file(b, "patterns");
	remove_file(b, "text");
}

static void measure_patterns(struct bench *b)
{
	struct buf yaml, patterns;
	buf_init(&yaml, 16 << 20);
	buf_init(&patterns, 16 << 20);
	corpus_patterns(&b->corpus, 300, &patterns);
	buf_add_c(&yaml, "rules:\n");
	pattern_rules(buf_str(&patterns), &yaml);
	printf("300 regular expressions\n");
	measure_set(b, buf_str(&yaml), 0, "hark", 1200);
	if (!b->alone) {
		compare_patterns(b, buf_str(&yaml), buf_str(&patterns));
	}
	buf_release(&yaml);
	buf_release(&patterns);
}

/* ---- all of it ---- */

static void measure_all(struct bench *b)
{
	struct buf yaml, patterns;
	buf_init(&yaml, 64 << 20);
	buf_init(&patterns, 16 << 20);
	buf_add_c(&yaml, "lists:\n  names: { file: names.csv }\n");
	corpus_rules(&b->corpus, 1000, &yaml);
	corpus_patterns(&b->corpus, 300, &patterns);
	pattern_rules(buf_str(&patterns), &yaml);
	for (size_t i = 0; i < 20; i++) {
		const struct corpus_rule *r = corpus_rule_at(i);
		buf_printf(&yaml,
			"  - id: n%zu\n    title: Names %zu\n    kind: mention\n    match: "
			"'any:names AND \"%.*s\"'\n",
			i, i, STR_FMT(r->any[0]));
	}
	printf("1,000,000 names, 1,000 boolean rules, 300 regular expressions, 20 rules with "
	       "names\n");
	measure_set(b, buf_str(&yaml), 1000000, "hark", 2000);
	/* No word to wait for: every post is searched for names, and 65 of 100 have one. */
	buf_add_c(&yaml, "  - id: n20\n    title: Names\n    kind: mention\n    match: 'any:names "
			 "AND followers > 1000000'\n");
	printf("the same, and a rule that names alone wake\n");
	measure_set(b, buf_str(&yaml), 1000000, "hark", 2000);
	buf_release(&yaml);
	buf_release(&patterns);
}

/* ---- hark match ---- */

/* As a connector makes them, about 380 bytes each. */
static void write_posts(struct bench *b)
{
	struct buf out;
	buf_init(&out, (size_t)1 << 31);
	for (size_t i = 0; i < b->corpus.posts_n; i++) {
		struct post p = b->posts[i];
		char id[32], url[80], handle[32];
		struct str tag = STR("launch");
		snprintf(id, sizeof(id), "%zu", 1000000000 + i);
		snprintf(url, sizeof(url), "https://social.example/@user%zu/%s", i % 9973, id);
		snprintf(handle, sizeof(handle), "user%zu", i % 9973);
		p.external_id = str_c(id);
		p.url = str_c(url);
		p.author.handle = str_c(handle);
		p.author.display_name = STR("Some Body");
		p.author.followers = (int64_t)(i % 5000);
		p.published = INT64_C(1769852000000) + (int64_t)i * 1000;
		p.lang = STR("en");
		p.likes = (int64_t)(i % 17);
		p.tags = (struct strs){&tag, i % 4 == 0};
		post_write_json(&p, &out);
		buf_add_char(&out, '\n');
	}
	printf("hark match: JSON Lines of %.0f bytes a post, 10,000 names, 100 rules\n",
		(double)out.n / (double)b->corpus.posts_n);
	write_file(b, "posts", buf_str(&out));
	buf_release(&out);
}

static void write_rules(struct bench *b)
{
	struct buf out;
	buf_init(&out, (size_t)1 << 30);
	buf_add_c(&out, "name\n");
	for (size_t i = 0; i < 10000; i++) {
		buf_add_str(&out, b->corpus.name[i]);
		buf_add_char(&out, '\n');
	}
	write_file(b, "names.csv", buf_str(&out));
	buf_clear(&out);
	buf_add_c(&out, "lists:\n  names: { file: names.csv }\n");
	corpus_rules(&b->corpus, 100, &out);
	buf_add_c(&out, "  - id: names\n    kind: mention\n    match: 'any:names AS $n'\n");
	write_file(b, "r.yaml", buf_str(&out));
	buf_release(&out);
}

static void measure_program(struct bench *b)
{
	char hark[300], rules[64], posts[64], found[64];
	const char *top = getenv("top_builddir");
	snprintf(hark, sizeof(hark), "%s/hark", top != NULL ? top : ".");
	snprintf(rules, sizeof(rules), "%s/r.yaml", b->dir);
	snprintf(posts, sizeof(posts), "%s/posts", b->dir);
	snprintf(found, sizeof(found), "%s/found", b->dir);
	write_posts(b);
	write_rules(b);
	static const char *const jobs[] = {"1", "2"};
	for (size_t i = 0; i < 2; i++) {
		const char *argv[] = {
			hark, "match", "--rules", rules, "--jobs", jobs[i], posts, NULL};
		struct outcome o = {.ns_post = 1e18, .posts = b->corpus.posts_n};
		char what[40];
		for (int k = 0; k < 3; k++) {
			double took = run_program(argv, found) * 1e9 / (double)o.posts;
			o.ns_post = took < o.ns_post ? took : o.ns_post;
			o.why = took < 0 ? "failed: build it first" : o.why;
		}
		snprintf(what, sizeof(what), "processor time with --jobs %s", jobs[i]);
		show(b, what, &o, 5000);
	}
	remove_file(b, "posts");
	remove_file(b, "r.yaml");
	remove_file(b, "names.csv");
	remove_file(b, "found");
}

/* ---- */

static void make_posts(struct bench *b)
{
	b->posts = calloc(b->corpus.posts_n, sizeof(*b->posts));
	for (size_t i = 0; b->posts != NULL && i < b->corpus.posts_n; i++) {
		post_init(&b->posts[i]);
		b->posts[i].source = STR("bench");
		b->posts[i].external_id = STR("1");
		b->posts[i].text = b->corpus.posts[i];
	}
}

static void pin(void)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET((unsigned)sched_getcpu(), &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*measure)(struct bench *);
	} parts[] = {{"names", measure_names}, {"rules", measure_rules},
		{"patterns", measure_patterns}, {"all", measure_all}, {"program", measure_program}};
	struct bench b = {.dir = "/tmp/hark-bench-XXXXXX"};
	size_t posts = POSTS, asked = 0;
	bool wanted[5] = {false};
	for (int i = 1; i < argc; i++) {
		asked += strcmp(argv[i], "words") == 0;
		b.alone |= strcmp(argv[i], "alone") == 0;
		posts = strncmp(argv[i], "posts=", 6) == 0 ? strtoul(argv[i] + 6, NULL, 10) : posts;
		for (size_t k = 0; k < 5; k++) {
			bool is = strcmp(argv[i], parts[k].name) == 0;
			wanted[k] |= is;
			asked += is;
		}
	}
	if (fold_init() != HARK_OK || mkdtemp(b.dir) == NULL) {
		return 1;
	}
	pin();
	corpus_make(&b.corpus, posts, 1000000);
	make_posts(&b);
	measure_floors(&b);
	for (size_t k = 0; b.posts != NULL && k < 5; k++) {
		if (asked == 0 || wanted[k]) {
			parts[k].measure(&b);
		}
	}
	corpus_release(&b.corpus);
	free(b.posts);
	rmdir(b.dir);
	return b.failed ? 1 : 0;
}
