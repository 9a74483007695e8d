#define PCRE2_CODE_UNIT_WIDTH 8
#include "tests/bench/bench_others.h"

#include "monitor/base/hash.h"

#include <fcntl.h>
#include <malloc.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NAME_WORDS_MAX 6
#define TOOL_RUNS 3

uint64_t outcome_pair(size_t post, size_t what)
{
	uint64_t both[2] = {post, what};
	return hash64(str_n((const char *)both, sizeof(both)), 7);
}

double thread_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

double resident_mb(void)
{
	unsigned long pages = 0, resident = 0;
	malloc_trim(0);
	FILE *f = fopen("/proc/self/statm", "re");
	if (f != NULL) {
		if (fscanf(f, "%lu %lu", &pages, &resident) != 2) {
			resident = 0;
		}
		fclose(f);
	}
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* ---- a set of texts ---- */

struct set {
	struct str *key;
	uint32_t *value;
	size_t mask;
};

static void set_init(struct set *s, size_t n)
{
	s->mask = 16;
	while (s->mask < n * 2) {
		s->mask *= 2;
	}
	s->key = calloc(s->mask, sizeof(*s->key));
	s->value = calloc(s->mask, sizeof(*s->value));
	s->mask--;
	if (s->key == NULL || s->value == NULL) {
		exit(1);
	}
}

static void set_release(struct set *s)
{
	free(s->key);
	free(s->value);
}

/* Where the text is, or would be. */
static size_t set_find(const struct set *s, struct str text)
{
	size_t i = (size_t)hash64(text, 3) & s->mask;
	while (s->key[i].p != NULL && !str_eq(s->key[i], text)) {
		i = (i + 1) & s->mask;
	}
	return i;
}

static void set_add(struct set *s, struct str text, size_t value)
{
	size_t i = set_find(s, text);
	s->key[i] = text;
	s->value[i] = (uint32_t)value;
}

/* ---- names by set ---- */

static void reference_line(const struct set *s, struct str line, size_t post, struct outcome *out)
{
	uint32_t found[64];
	size_t n = 0;
	for (size_t at = 0; at + 1 < line.n; at++) {
		if (line.p[at] != ' ') {
			continue;
		}
		size_t to = at + 1;
		for (size_t k = 0; k < NAME_WORDS_MAX && to < line.n; k++, to++) {
			to += str_find(str_n(line.p + to, line.n - to), STR(" "));
			size_t i = set_find(s, str_n(line.p + at, to + 1 - at)), seen = 0;
			while (seen < n && s->key[i].p != NULL && found[seen] != s->value[i]) {
				seen++;
			}
			if (s->key[i].p != NULL && seen == n && n < 64) {
				found[n++] = s->value[i];
				out->sum += outcome_pair(post, s->value[i]);
			}
		}
	}
	out->pairs += n;
	out->matched += n > 0;
}

void reference_names(const struct corpus *c, size_t posts, size_t names, struct outcome *out)
{
	struct set s;
	*out = (struct outcome){.posts = posts};
	double began = thread_ns();
	set_init(&s, names);
	for (size_t i = 0; i < names; i++) {
		set_add(&s, c->name_words[i], i);
	}
	double built = thread_ns();
	for (size_t i = 0; i < posts; i++) {
		reference_line(&s, c->lines[i], i, out);
	}
	out->build_s = (built - began) / 1e9;
	out->ns_post = (thread_ns() - built) / (double)posts;
	set_release(&s);
}

/* ---- programs ---- */

double run_program(const char *const argv[], const char *output)
{
	struct rusage usage;
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		setenv("LC_ALL", "C", 1);
		if (fd >= 0 && dup2(fd, 1) >= 0) {
			execvp(argv[0], (char *const *)argv);
		}
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) ||
		WEXITSTATUS(status) > 1) {
		return -1;
	}
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* "123:text" a line. */
static void count_lines(const char *path, struct outcome *out)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	while (f != NULL && getline(&line, &cap, f) > 0) {
		out->sum += outcome_pair(strtoul(line, NULL, 10) - 1, 0);
		out->matched++;
	}
	free(line);
	if (f != NULL) {
		fclose(f);
	}
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* The median of some runs; negative: one failed. */
static double run_often(const char *const argv[], const char *output)
{
	double took[TOOL_RUNS];
	for (size_t i = 0; i < TOOL_RUNS; i++) {
		took[i] = run_program(argv, output);
		if (took[i] < 0) {
			return -1;
		}
	}
	qsort(took, TOOL_RUNS, sizeof(*took), by_size);
	return took[TOOL_RUNS / 2];
}

void tool_names(const char *tool, const char *dir, size_t posts, struct outcome *out)
{
	char names[200], text[200], found[200];
	*out = (struct outcome){.posts = posts};
	snprintf(names, sizeof(names), "%s/names", dir);
	snprintf(text, sizeof(text), "%s/text", dir);
	snprintf(found, sizeof(found), "%s/found", dir);
	const char *rg[] = {"rg", "-j1", "--no-config", "-a", "-n", "-F", "-f", names, text, NULL};
	const char *grep[] = {"grep", "-a", "-n", "-F", "-f", names, text, NULL};
	const char **argv = strcmp(tool, "rg") == 0 ? rg : grep;
	size_t last = argv == rg ? 8 : 6;
	double all = run_often(argv, found);
	count_lines(found, out);
	argv[last] = "/dev/null"; /* reads and builds the same, finds nothing */
	double build = run_often(argv, found);
	unlink(found);
	if (all < 0 || build < 0) {
		out->why = "is not installed, or failed";
	}
	out->build_s = build;
	out->ns_post = (all - build) * 1e9 / (double)posts;
}

void re2_set(const char *dir, const char *mode, const char *patterns, const char *text,
	struct outcome *out)
{
	char found[200], program[200];
	const char *top = getenv("top_builddir");
	snprintf(program, sizeof(program), "%s/tests/bench/re2_set", top != NULL ? top : ".");
	*out = (struct outcome){.why = "libre2-dev is not installed"};
	if (access(program, X_OK) != 0) {
		return;
	}
	snprintf(found, sizeof(found), "%s/found", dir);
	const char *argv[] = {program, mode, patterns, text, NULL};
	FILE *f = run_program(argv, found) >= 0 ? fopen(found, "re") : NULL;
	if (f != NULL && fscanf(f, "%zu %zu %zu %lf %lf", &out->posts, &out->matched, &out->pairs,
				 &out->ns_post, &out->build_s) == 5) {
		out->why = NULL;
	} else {
		out->why = "failed: too much for its memory";
	}
	if (f != NULL) {
		fclose(f);
	}
	unlink(found);
}

/* ---- PCRE2 ---- */

struct loop {
	pcre2_code **code;
	size_t n;
	pcre2_match_data *data;
};

static void loop_add(struct loop *l, struct str pattern, uint32_t options)
{
	int error;
	PCRE2_SIZE at;
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &error, &at, NULL);
	if (code == NULL || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
		fprintf(stderr, "bench: PCRE2 refuses %.*s\n", STR_FMT(pattern));
		exit(1);
	}
	l->code[l->n++] = code;
}

static bool loop_init(struct loop *l, size_t n)
{
	l->n = 0;
	l->code = calloc(n, sizeof(*l->code));
	l->data = pcre2_match_data_create(32, NULL);
	return l->code != NULL && l->data != NULL;
}

static void loop_over(struct loop *l, const struct str *lines, size_t posts, struct outcome *out)
{
	double began = thread_ns();
	for (size_t i = 0; i < posts; i++) {
		size_t before = out->pairs;
		for (size_t k = 0; k < l->n; k++) {
			if (pcre2_match(l->code[k], (PCRE2_SPTR)lines[i].p, lines[i].n, 0, 0,
				    l->data, NULL) > 0) {
				out->pairs++;
				out->sum += outcome_pair(i, k);
			}
		}
		out->matched += out->pairs > before;
	}
	out->posts = posts;
	out->ns_post = (thread_ns() - began) / (double)posts;
	for (size_t k = 0; k < l->n; k++) {
		pcre2_code_free(l->code[k]);
	}
	free(l->code);
	pcre2_match_data_free(l->data);
}

void pcre2_names(const struct corpus *c, size_t posts, size_t names, struct outcome *out)
{
	struct loop l;
	*out = (struct outcome){0};
	double began = thread_ns();
	if (loop_init(&l, names)) {
		for (size_t i = 0; i < names; i++) {
			loop_add(&l, c->name_words[i], PCRE2_LITERAL);
		}
		out->build_s = (thread_ns() - began) / 1e9;
		loop_over(&l, c->lines, posts, out);
	}
}

void pcre2_patterns(const struct corpus *c, size_t posts, struct str patterns, struct outcome *out)
{
	struct loop l;
	struct str line;
	*out = (struct outcome){0};
	double began = thread_ns();
	if (loop_init(&l, patterns.n)) {
		while (str_split(&patterns, '\n', &line) && line.n > 0) {
			loop_add(&l, line,
				PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_CASELESS);
		}
		out->build_s = (thread_ns() - began) / 1e9;
		loop_over(&l, c->posts, posts, out);
	}
}

/* ---- rules one by one ---- */

static bool holds(struct str line, struct str term)
{
	char padded[256];
	int n = snprintf(padded, sizeof(padded), " %.*s ", STR_FMT(term));
	return memmem(line.p, line.n, padded, (size_t)n) != NULL;
}

static bool rule_holds(struct str line, const struct corpus_rule *r)
{
	bool any = false;
	for (size_t i = 0; i < r->any_n && !any; i++) {
		any = holds(line, r->any[i]);
	}
	for (size_t i = 0; i < r->all_n && any; i++) {
		any = holds(line, r->all[i]);
	}
	return any && (r->none.n == 0 || !holds(line, r->none));
}

void reference_rules(const struct corpus *c, size_t posts, size_t rules, struct outcome *out)
{
	*out = (struct outcome){.posts = posts};
	double began = thread_ns();
	for (size_t i = 0; i < posts; i++) {
		size_t before = out->pairs;
		for (size_t k = 0; k < rules; k++) {
			if (rule_holds(c->lines[i], corpus_rule_at(k))) {
				out->pairs++;
				out->sum += outcome_pair(i, k);
			}
		}
		out->matched += out->pairs > before;
	}
	out->ns_post = (thread_ns() - began) / (double)posts;
}
