/* How fast posts go into the store: small posts with everything the daemon does for them (dedupe by
 * key, link, words and likeness, authors), in transactions of a thousand, each on the disk when it is done.
 *
 *	bench_store [POSTS [PATH]]   default: 200000 posts, a folder under $TMPDIR or /tmp */
#include "monitor/base/clock.h"
#include "monitor/base/rng.h"
#include "monitor/pipeline/emit.h"
#include "monitor/pipeline/keys.h"
#include "rules/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define BATCH 1000

static const char *const words[] = {"warehouse", "platform", "customer", "spring", "support",
	"invoice", "team", "import", "dashboard", "price", "contract", "renewal", "report",
	"weather", "coffee", "release"};

static struct str sentence(struct rng *rng, struct arena *arena)
{
	struct buf b;
	buf_init(&b, 4096);
	for (int i = 0; i < 18; i++) {
		buf_printf(&b, "%s%s%u", i > 0 ? " " : "", words[rng_below(rng, 16)],
			(unsigned)rng_below(rng, 500));
	}
	struct str s = arena_str(arena, buf_str(&b));
	buf_release(&b);
	return s;
}

static struct str numbered(struct arena *arena, const char *before, long n, const char *after)
{
	char text[128];
	snprintf(text, sizeof(text), "%s%ld%s", before, n, after);
	return arena_str(arena, str_c(text));
}

static void fill(
	struct batch_post *bp, long n, struct rng *rng, struct copy *copy, struct arena *arena)
{
	post_init(&bp->post);
	bp->post.external_id = numbered(arena, "https://feeds.example/item/", n, "");
	bp->post.url = numbered(arena, "https://feeds.example/2026/story-", n, ".html");
	bp->post.author.handle = numbered(arena, "@author", (long)rng_below(rng, 5000), "");
	bp->post.text = sentence(rng, arena);
	bp->post.published = 1700000000000 + n;
	copy_read(copy, STR_NONE, bp->post.text);
	uint64_t *keys = arena_alloc(arena, COPY_KEYS_MAX * sizeof(*keys));
	bp->look = keys != NULL ? copy_look(copy, keys) : (struct copy_look){0};
}

/* On a busy machine the clock on the wall says little; both are printed. */
struct spent {
	int64_t wall_ms;
	int64_t cpu_us;
};

static int64_t cpu_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int one_batch(
	struct store *s, long from, struct rng *rng, struct spent *spent, struct hark_err *err)
{
	static const struct conf conf;
	struct batch b = {.source = STR("bench"), .received_ms = 1700000000000};
	struct emit_counts counts = {0};
	struct copy *copy = copy_new();
	arena_init(&b.arena, 0);
	b.posts = arena_alloc(&b.arena, BATCH * sizeof(*b.posts));
	for (b.posts_n = 0; b.posts_n < BATCH; b.posts_n++) {
		fill(&b.posts[b.posts_n], from + (long)b.posts_n, rng, copy, &b.arena);
	}
	copy_free(copy);
	keys_name(b.posts, b.posts_n, &b.arena); /* the workers' part, not the writer's */
	for (size_t i = 0; i < b.posts_n; i++) {
		keys_say(&b.posts[i]);
	}
	int64_t start = clock_steady_ms(), cpu_start = cpu_us();
	int rc = store_begin(s, err);
	if (rc == HARK_OK) {
		emit_batch(s, &conf, &b, 1700000000000, &counts, NULL);
		rc = store_commit(s, err);
	}
	spent->wall_ms += clock_steady_ms() - start;
	spent->cpu_us += cpu_us() - cpu_start;
	arena_release(&b.arena);
	return rc;
}

int main(int argc, char **argv)
{
	long posts = argc > 1 ? atol(argv[1]) : 200000;
	const char *tmp = getenv("TMPDIR");
	char dir[256], url[300];
	struct store *s = NULL;
	struct hark_err err;
	struct rng rng = {1};
	struct spent spent = {0};

	snprintf(dir, sizeof(dir), "%s/hark-bench-XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (argc <= 2 && mkdtemp(dir) == NULL) {
		perror(dir);
		return 1;
	}
	snprintf(url, sizeof(url), "sqlite:%s/bench.db", argc > 2 ? argv[2] : dir);
	int rc = store_open(&s, url, STORE_OWNER, &err);
	for (long n = 0; n < posts && rc == HARK_OK; n += BATCH) {
		rc = one_batch(s, n, &rng, &spent, &err);
	}
	store_close(s);
	if (rc != HARK_OK) {
		fprintf(stderr, "bench_store: %s\n", err.text);
		return 1;
	}
	printf("store: %ld posts in %.2f s: %.0f posts/s, %.1f us of processor each (transactions of %d, "
	       "synchronous=FULL)\n",
		posts, (double)spent.wall_ms / 1000,
		(double)posts * 1000 / (double)(spent.wall_ms > 0 ? spent.wall_ms : 1),
		(double)spent.cpu_us / (double)posts, BATCH);
	if (argc <= 2) {
		static const char *const names[] = {
			"bench.db", "bench.db-wal", "bench.db-shm", "bench.db.lock"};
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			char path[300];
			snprintf(path, sizeof(path), "%.250s/%s", dir, names[i]);
			unlink(path);
		}
		rmdir(dir);
	}
	return 0;
}
