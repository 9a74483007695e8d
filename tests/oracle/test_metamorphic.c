/* What must not matter does not: the order of operands and rules, the company a rule keeps, what a
 * matcher has seen before, how a post is spelled, and that a list has grown. The engine is compared
 * with itself, over random worlds. HARK_ORACLE_SEED says where to begin. */
#include "tests/oracle/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#define WORLDS 6
#define POSTS 40
#define FEW 40
#define MANY 1000

struct lab {
	uint64_t seed;
	struct gen g;
	struct arena arena; /* of the posts and of what is found */
	struct world w;
	struct ref_list lists[GEN_LISTS];
	struct post posts[POSTS];
	size_t checked, failed;
};

static void lab_open(struct lab *l, uint64_t seed, size_t queries)
{
	*l = (struct lab){.seed = seed, .checked = l->checked, .failed = l->failed};
	world_init(&l->w);
	arena_init(&l->arena, 0);
	l->g = (struct gen){.state = seed, .arena = &l->arena};
	gen_lists(&l->g, l->lists);
	l->w.lists = l->lists;
	l->w.lists_n = GEN_LISTS;
	for (size_t i = 0; i < GEN_DEFINES; i++) {
		l->w.defines[i] = gen_define(&l->g);
	}
	for (l->w.n = 0; l->w.n < queries; l->w.n++) {
		l->w.q[l->w.n].text = gen_query(&l->g);
	}
	for (size_t i = 0; i < POSTS; i++) {
		gen_post(&l->g, &l->posts[i]);
	}
}

static void lab_close(struct lab *l)
{
	world_release(&l->w);
	arena_release(&l->arena);
}

static void load(struct lab *l)
{
	if (!world_load(&l->w)) {
		fprintf(stderr, "# seed %llu: nothing could be loaded\n",
			(unsigned long long)l->seed);
		exit(1);
	}
}

/* What query i found, or NULL: everything a finding says. */
static void ask(struct lab *l, const struct post *post, const char *out[MANY])
{
	struct signal *found;
	size_t n;
	memset(out, 0, MANY * sizeof(out[0]));
	world_match(&l->w, post, &l->arena, &found, &n);
	for (size_t i = 0; i < n; i++) {
		struct buf b;
		int number = atoi(found[i].rule.p + 1);
		buf_init(&b, 1 << 20);
		found[i].rule = found[i].title = found[i].rule_hash = STR("q");
		found[i].lists = STR_NONE; /* a list that has grown is another version */
		signal_write_json(&found[i], post, &b);
		out[number] = arena_c(&l->arena, buf_str(&b));
		buf_release(&b);
	}
}

static void expect(struct lab *l, bool same, const char *query, const struct post *post,
	const char *a, const char *b)
{
	l->checked++;
	if (!same && l->failed++ < 5) {
		printf("# seed %llu: %s\n#   %.*s\n#   %s\n#   %s\n", (unsigned long long)l->seed,
			query, STR_FMT(post->text), a != NULL ? a : "-", b != NULL ? b : "-");
	}
}

static bool equal(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* < and > stand for a and b, & | ! for the operators. */
static const char *join(struct lab *l, const char *format, const char *a, const char *b)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	for (const char *p = format; *p != '\0'; p++) {
		if (*p == '<' || *p == '>') {
			buf_add_c(&out, *p == '<' ? a : b);
		} else {
			buf_add_c(&out, *p == '&'   ? "AND"
					: *p == '|' ? "OR"
					: *p == '!' ? "NOT"
						    : "");
			buf_add_c(&out, strchr("&|!", *p) == NULL ? (char[]){*p, '\0'} : "");
		}
	}
	const char *text = arena_c(&l->arena, buf_str(&out));
	buf_release(&out);
	return text;
}

/* Pairs of queries that must hold for the same posts. */
static void operands_change_places(struct lab *l, uint64_t seed)
{
	static const char *const laws[][2] = {{"(<) & (>)", "(>) & (<)"},
		{"(<) | (>)", "(>) | (<)"}, {"(<) & (>)", "(<) & !(!(>))"},
		{"(<) & ((<) | (>))", "(<)"}, {"!((<) | (>)) launch", "!(<) !(>) launch"},
		{"launch !((<) & (>))", "launch (!(<) | !(>))"}, {"MIN/2 (<, >)", "(<) & (>)"},
		{"MIN/1 (<, >)", "(>) | (<)"}, {"ATLEAST/1 ((< | >))", "(<) | (>)"}};
	const char *out[MANY];
	size_t laws_n = sizeof(laws) / sizeof(laws[0]);
	lab_open(l, seed, 2 * FEW);
	const char *texts[2 * FEW];
	for (size_t i = 0; i < 2 * FEW; i++) {
		texts[i] = l->w.q[i].text;
	}
	for (size_t i = 0; i < FEW; i++) {
		const char *const *law = laws[i % laws_n];
		l->w.q[2 * i].text = join(l, law[0], texts[2 * i], texts[2 * i + 1]);
		l->w.q[2 * i + 1].text = join(l, law[1], texts[2 * i], texts[2 * i + 1]);
	}
	load(l);
	for (size_t p = 0; p < POSTS; p++) {
		ask(l, &l->posts[p], out);
		for (size_t i = 0; i < FEW; i++) {
			bool both = l->w.q[2 * i].accepted && l->w.q[2 * i + 1].accepted;
			const char *a = out[2 * i], *b = out[2 * i + 1];
			if (both) {
				expect(l, (a == NULL) == (b == NULL), l->w.q[2 * i].text,
					&l->posts[p], a, b);
			}
		}
	}
	lab_close(l);
}

/* The same rules in the opposite order, and few of them alone. */
static void company_does_not_matter(struct lab *l, uint64_t seed)
{
	const char *all[POSTS][FEW], *out[MANY];
	size_t n = MANY, step = MANY / FEW;
	lab_open(l, seed, n);
	load(l);
	for (size_t p = 0; p < POSTS; p++) {
		ask(l, &l->posts[p], out);
		for (size_t i = 0; i < FEW; i++) {
			all[p][i] = out[i * step];
		}
	}
	bool accepted[FEW];
	for (size_t i = 0; i < FEW; i++) {
		accepted[i] = l->w.q[i * step].accepted;
		l->w.q[i].text = l->w.q[i * step].text;
	}
	for (size_t i = 0; i < FEW / 2; i++) {
		const char *text = l->w.q[i].text;
		l->w.q[i].text = l->w.q[FEW - 1 - i].text;
		l->w.q[FEW - 1 - i].text = text;
	}
	l->w.n = FEW;
	load(l);
	for (size_t p = 0; p < POSTS; p++) {
		ask(l, &l->posts[p], out);
		for (size_t i = 0; i < FEW; i++) {
			size_t now = FEW - 1 - i;
			expect(l, accepted[i] == l->w.q[now].accepted && equal(all[p][i], out[now]),
				l->w.q[now].text, &l->posts[p], all[p][i], out[now]);
		}
	}
	lab_close(l);
}

/* A matcher that has seen other posts says what a new one says. */
static void a_matcher_remembers_nothing(struct lab *l, uint64_t seed)
{
	const char *first[POSTS][FEW], *out[MANY];
	lab_open(l, seed, FEW);
	load(l);
	for (size_t p = 0; p < POSTS; p++) {
		matcher_free(l->w.matcher);
		l->w.matcher = matcher_new(l->w.rules);
		matcher_set_now(l->w.matcher, WORLD_NOW_MS);
		ask(l, &l->posts[p], out);
		memcpy(first[p], out, sizeof(first[p]));
	}
	for (size_t p = POSTS; p-- > 0;) {
		ask(l, &l->posts[p], out);
		for (size_t i = 0; i < FEW; i++) {
			expect(l, equal(first[p][i], out[i]), l->w.q[i].text, &l->posts[p],
				first[p][i], out[i]);
		}
	}
	lab_close(l);
}

/* One more name: whoever was found by the list before is followed by somebody now. */
static void a_longer_list_finds_no_less(struct lab *l, uint64_t seed)
{
	static const char *const queries[GEN_LISTS] = {
		"any:people", "any:firms", "any:companies", "any:strict", "any:near", "any:known"};
	const char *before[POSTS][GEN_LISTS], *out[MANY];
	lab_open(l, seed, GEN_LISTS);
	struct ref_list more[GEN_LISTS];
	gen_lists(&l->g, more);
	for (size_t i = 0; i < GEN_LISTS; i++) {
		l->w.q[i].text = queries[i];
	}
	load(l);
	for (size_t p = 0; p < POSTS; p++) {
		ask(l, &l->posts[p], out);
		memcpy(before[p], out, sizeof(before[p]));
	}
	for (size_t i = 0; i < GEN_LISTS; i++) {
		struct ref_list *list = &l->lists[i];
		struct ref_entry *grown =
			arena_alloc(&l->arena, (list->n + more[i].n) * sizeof(*grown));
		memcpy(grown, list->entries, list->n * sizeof(*grown));
		memcpy(grown + list->n, more[i].entries, more[i].n * sizeof(*grown));
		list->entries = grown;
		list->n += more[i].n;
	}
	load(l);
	for (size_t p = 0; p < POSTS; p++) {
		ask(l, &l->posts[p], out);
		for (size_t i = 0; i < GEN_LISTS; i++) {
			expect(l, before[p][i] == NULL || out[i] != NULL, queries[i], &l->posts[p],
				before[p][i], out[i]);
		}
	}
	lab_close(l);
}

/* ---- spelling ---- */

static struct str respelled(struct lab *l, struct str s, unsigned how)
{
	struct ref_chars c = ref_decode(s, &l->arena);
	char *out = arena_alloc(&l->arena, 4 * s.n + 8);
	size_t n = 0;
	bool plain = true;
	for (size_t i = 0; i < c.n; i++) {
		uint32_t cp = c.v[i].cp;
		plain &= cp < 0x600 || (cp >= 0x1e00 && cp < 0x2000);
		if (cp == 0xfffd) {
			memcpy(out + n, s.p + c.v[i].start, c.v[i].end - c.v[i].start);
			n += c.v[i].end - c.v[i].start;
			continue;
		}
		cp = how == 0   ? (uint32_t)utf8proc_toupper((utf8proc_int32_t)cp)
		     : how == 1 ? (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp)
				: cp;
		n += ref_encode(cp, out + n);
	}
	if (how < 2 || !plain) {
		return str_n(out, n); /* syllables and kana are not taken apart */
	}
	utf8proc_uint8_t *apart = NULL;
	utf8proc_ssize_t bytes = utf8proc_map((const utf8proc_uint8_t *)out, (utf8proc_ssize_t)n,
		&apart, how == 2 ? UTF8PROC_DECOMPOSE : UTF8PROC_COMPOSE);
	struct str copy = bytes >= 0 ? arena_str(&l->arena, str_n((char *)apart, (size_t)bytes))
				     : str_n(out, n);
	free(apart);
	return copy;
}

/* Asks for letters as written, or for something that hangs on capitals. */
static bool is_cased(const char *query)
{
	static const char *const signs[] = {
		"case:", "raw:", "re:", "any:", "all:", "<", "&d", "ATLEAST", "NEAR", NULL};
	size_t i = 0;
	while (signs[i] != NULL && strstr(query, signs[i]) == NULL) {
		i++;
	}
	return signs[i] != NULL;
}

static void spelling_does_not_matter(struct lab *l, uint64_t seed)
{
	const char *before[MANY], *out[MANY];
	lab_open(l, seed, 4 * FEW);
	load(l);
	for (size_t p = 0; p < POSTS; p++) {
		struct post *post = &l->posts[p];
		struct str *fields[] = {&post->text, &post->title, &post->quoted,
			&post->author.display_name, &post->author.bio};
		bool tags = false; /* a capital is a border in a tag */
		for (size_t f = 0; f < 5; f++) {
			tags |= fields[f]->p != NULL &&
				(memchr(fields[f]->p, '#', fields[f]->n) ||
					str_find(*fields[f], STR("\xef\xbc\x83")) != SIZE_MAX);
		}
		ask(l, post, before);
		struct post other = *post;
		other.text = respelled(l, post->text, (unsigned)p % 4);
		other.title = respelled(l, post->title, (unsigned)p % 4);
		other.author.bio = respelled(l, post->author.bio, (unsigned)p % 4);
		ask(l, &other, out);
		for (size_t i = 0; i < l->w.n && !tags; i++) {
			if (!is_cased(l->w.q[i].text)) {
				expect(l, (before[i] == NULL) == (out[i] == NULL), l->w.q[i].text,
					&other, before[i], out[i]);
			}
		}
	}
	lab_close(l);
}

int main(void)
{
	static const struct {
		const char *what;
		void (*run)(struct lab *l, uint64_t seed);
	} laws[] = {
		{"operands may change places, and the laws of NOT hold", operands_change_places},
		{"a rule says the same alone, among a thousand, and in any order",
			company_does_not_matter},
		{"a matcher remembers nothing of earlier posts", a_matcher_remembers_nothing},
		{"a name more in a list takes no hit away", a_longer_list_finds_no_less},
		{"capitals and composed letters change no uncased match", spelling_does_not_matter},
	};
	static struct lab l;
	const char *seed = getenv("HARK_ORACLE_SEED");
	uint64_t first = seed != NULL && *seed != '\0' ? strtoull(seed, NULL, 10) : 7;
	size_t n = sizeof(laws) / sizeof(laws[0]), failed = 0;
	world_folder_open();
	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		l = (struct lab){0};
		for (uint64_t k = 0; k < WORLDS; k++) {
			laws[i].run(&l, first + k);
		}
		bool ok = l.failed == 0 && l.checked > 200;
		printf("%s %zu - %s\n# %zu compared\n", ok ? "ok" : "not ok", i + 1, laws[i].what,
			l.checked);
		failed += !ok;
	}
	world_folder_close();
	return failed > 0;
}
