/* How fast the authors of posts are looked for among the people that are known, and how much memory those take.
 *
 *	bench_who [contacts=N] [posts=N]
 *
 * Of the authors 5 in 100 have an address of a contact, 5 are contacts by name and employer, 20 are namesakes of
 * contacts, the rest are strangers with names of the same kind. Processor time of this thread, best of some
 * rounds. */
#include "monitor/people/who.h"
#include "monitor/base/arena.h"
#include "rules/fold.h"
#include "tests/bench/bench_others.h"

#include <stdio.h>
#include <stdlib.h>

#define CONTACTS 100000
#define POSTS 1000000
#define ROUNDS 3
#define GOAL_NS 5000 /* 200,000 posts a second */

static const char *const given[] = {"Anna", "Björn", "Carla", "Dmitri", "Elizabeth", "François",
	"Greta", "Hans", "Ines", "José", "Katherine", "Lukas", "María", "Nikolai", "Olga", "Peter",
	"Quentin", "Robert", "Søren", "Teresa", "Ulrich", "Vera", "William", "Xenia", "Yusuf",
	"Zoë", "Jean-Pierre", "Anne-Marie", "Mohammed", "Wei", "Сергей", "Наталья"};
static const char *const syllables[] = {"an", "bel", "cor", "dan", "es", "fer", "gol", "hau", "in",
	"jor", "kel", "lin", "mar", "nor", "ol", "per", "quin", "ros", "sal", "tor", "ul", "ver",
	"wal", "yor", "zim", "müll", "schr", "ström", "garc", "lund", "berg", "hoff"};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t state = 1;

static uint32_t draw(uint32_t n)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % n;
}

static struct str printed(struct arena *a, const char *text)
{
	return arena_str(a, str_c(text));
}

/* Smaller numbers far more often, as names are. */
static uint32_t draw_often(uint32_t n)
{
	return draw(draw(n) + 1);
}

/* Some 30,000 family names and 2,000 given ones, the first ones most often. */
static struct str a_name(struct arena *a)
{
	char text[100];
	uint32_t family = draw_often(32 * 32 * 32), first = draw_often(COUNT(given) * 64),
		 end = first / COUNT(given);
	snprintf(text, sizeof(text), "%s%s %s%s%s", given[first % COUNT(given)],
		end > 0 ? syllables[end % 32] : "", syllables[family % 32],
		syllables[family / 32 % 32], syllables[family / 1024]);
	return printed(a, text);
}

static struct str an_employer(struct arena *a, uint32_t i)
{
	char text[100];
	snprintf(text, sizeof(text), "%s%s Widgets %u GmbH", syllables[i % 32],
		syllables[i / 32 % 32], i % 5000);
	return printed(a, text);
}

static struct str a_text(struct arena *a, const char *before, uint32_t i, const char *behind)
{
	char text[100];
	snprintf(text, sizeof(text), "%s%u%s", before, i, behind);
	return printed(a, text);
}

struct contact {
	struct str name, employer;
};

static struct contact *make_contacts(struct arena *a, struct who_maker *m, size_t n)
{
	struct contact *all = calloc(n, sizeof(*all));
	for (uint32_t i = 0; all != NULL && i < n; i++) {
		all[i] = (struct contact){a_name(a), an_employer(a, draw(20000))};
		who_add(m, i + 1, all[i].name, STR("VP Sales"), STR("Berlin"));
		who_add_employer(m, all[i].employer);
		who_add_email(m, a_text(a, "person", i, "@acme.example"));
		who_add_profile(m, a_text(a, "https://www.linkedin.com/in/person-", i, ""));
	}
	return all;
}

static void make_author(struct arena *a, const struct contact *all, size_t n, struct author *out)
{
	uint32_t i = draw((uint32_t)n), what = draw(100);
	*out = (struct author){.display_name = what < 30 ? all[i].name : a_name(a),
		.handle = a_text(a, "someone", draw(1u << 30), "@social.example"),
		.profile_url = a_text(a, "https://social.example/@someone", draw(1u << 30), ""),
		.bio = STR("Likes trains. Tea before coffee. https://example.com")};
	if (what < 5) {
		out->profile_url = a_text(a, "https://linkedin.com/in/person-", i, "");
	} else if (what < 10) {
		char text[200];
		snprintf(text, sizeof(text), "VP Sales at %.*s. Likes trains",
			STR_FMT(all[i].employer));
		out->bio = printed(a, text);
	}
}

static double pass(const struct who *w, struct who_scratch *s, const struct author *authors,
	size_t n, size_t counts[3])
{
	double began = thread_ns();
	counts[0] = counts[1] = counts[2] = 0;
	for (size_t i = 0; i < n; i++) {
		struct who_answer answer;
		struct who_asked asked = who_of_author(&authors[i]);
		who_ask(w, s, &asked, &answer);
		counts[answer.outcome]++;
	}
	return (thread_ns() - began) / (double)n;
}

static size_t number(int argc, char **argv, const char *name, size_t otherwise)
{
	for (int i = 1; i < argc; i++) {
		int64_t n;
		struct str arg = str_c(argv[i]), key;
		if (str_split(&arg, '=', &key) && str_eq_c(key, name) && str_i64(arg, &n) &&
			n > 0) {
			return (size_t)n;
		}
	}
	return otherwise;
}

int main(int argc, char **argv)
{
	size_t contacts = number(argc, argv, "contacts", CONTACTS),
	       posts = number(argc, argv, "posts", POSTS);
	struct who_maker *m = who_maker_new();
	struct who_scratch s;
	struct who *w;
	struct arena arena;
	size_t counts[3];
	arena_init(&arena, 0);
	who_scratch_init(&s);
	if (fold_init() != HARK_OK || m == NULL) {
		return 1;
	}
	double began = thread_ns();
	struct contact *all = make_contacts(&arena, m, contacts);
	struct author *authors = calloc(posts, sizeof(*authors));
	if (all == NULL || authors == NULL || who_make(&w, m, NULL) != HARK_OK) {
		return 1;
	}
	printf("who: %zu contacts made in %.2f s, %.0f bytes each\n", contacts,
		(thread_ns() - began) / 1e9, (double)who_bytes(w) / (double)contacts);
	for (size_t i = 0; i < posts; i++) {
		make_author(&arena, all, contacts, &authors[i]);
	}
	double best = 1e18;
	for (int k = 0; k < ROUNDS; k++) {
		double one = pass(w, &s, authors, posts, counts);
		best = one < best ? one : best;
	}
	printf("who: %.0f ns/post, %.0f posts/s on one core; %zu known, %zu to look at, %zu strangers\n",
		best, 1e9 / best, counts[WHO_RESOLVED], counts[WHO_REVIEW], counts[WHO_UNKNOWN]);
	printf("%s: a post takes %.1f us, at most %.1f were wanted\n",
		best <= GOAL_NS ? "ok" : "SLOW", best / 1e3, GOAL_NS / 1e3);
	free(all);
	free(authors);
	who_unref(w);
	who_scratch_release(&s);
	arena_release(&arena);
	return 0;
}
