/* The matcher in the steady state: it has seen posts like these before, so it asks for no memory. */
#include "tests/unit/rules_unit.h"

#include <stdatomic.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static atomic_size_t asked;

void *malloc(size_t n)
{
	atomic_fetch_add(&asked, 1);
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	atomic_fetch_add(&asked, 1);
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	atomic_fetch_add(&asked, 1);
	return __libc_realloc(p, n);
}

static const char rules[] =
	"rules:\n"
	"  - id: words\n    kind: mention\n    match: '(leaving OR \"moving on\") NEAR/5 globex'\n"
	"  - id: names\n    kind: mention\n    match: 'any:people AND joining'\n"
	"  - id: pattern\n    kind: mention\n    match: 're:/\\bjoin\\w*\\b.{0,20}\\bglobex\\b/i'\n"
	"  - id: prefix\n    kind: mention\n    match: 'migrat* AND ATLEAST/2(globex)'\n"
	"  - id: asleep\n    kind: mention\n    match: 'zebra AND crossing NOT road'\n";

static const char *const texts[] = {
	"Thinking of leaving our old tool, maybe some day, for Globex, anybody else?",
	"We are joining hands, no rule finds that.",
	"Jane Doe is not joined by a globe. See https://example.com/a?b=c #ProductLaunch @someone",
	"M\xc3\xbcller und S\xc3\xb6hne \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 \xe6\x9d\xb1\xe4\xba\xac",
	"migrating from globex, a zebra at the crossing of the road",
	"joiners of the world, globexes",
};

static size_t tried;

static size_t match_all(struct matcher *m, struct arena *arena)
{
	size_t signals = 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct post p;
		struct signal *found;
		size_t n;
		post_init(&p);
		p.source = p.external_id = STR("1");
		p.text = str_c(texts[i]);
		p.author.handle = STR("@someone");
		p.author.profile_url = STR("https://social.example/@someone");
		arena_reset(arena);
		assert_int_equal(matcher_match(m, &p, arena, &found, &n), HARK_OK);
		signals += n;
		tried += matcher_tried(m);
	}
	return signals;
}

static void a_post_that_matches_nothing_costs_no_allocation(void **state)
{
	(void)state;
	struct folder dir;
	folder_open(&dir);
	folder_write(&dir, "people.csv", "name,id\nJane Doe,p1\nJohn Smith,p2\n");
	folder_write(&dir, "rivals.csv", "name,id\nInitech,r1\n");
	folder_write(&dir, "r.yaml", rules);
	struct ruleset *set = folder_load(&dir, true);
	if (set == NULL) {
		print_findings(&dir.diags);
	}
	assert_non_null(set);
	struct matcher *m = matcher_new(set);
	assert_non_null(m);
	size_t first = match_all(m, &dir.arena);
	match_all(m, &dir.arena);
	size_t before = atomic_load(&asked);
	for (int round = 0; round < 50; round++) {
		assert_int_equal(match_all(m, &dir.arena), first);
	}
	size_t after = atomic_load(&asked);
	assert_int_equal(first, 0);
	assert_int_equal(after, before);
	assert_true(before > 0); /* they are counted */
	assert_true(tried > 0);  /* rules were looked at */
	matcher_free(m);
	ruleset_unref(set);
	folder_close(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_that_matches_nothing_costs_no_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
