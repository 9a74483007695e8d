/* The writer with a real store and batches made by hand. */
#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/pipeline/poll.h"
#include "monitor/pipeline/writer.h"
#include "monitor/store/driver.h"
#include "tests/unit/keyed.h"
#include "tests/unit/tmpstore.h"

#include <pthread.h>
#include <semaphore.h>

#define N 96

static int no_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	(void)host;
	(void)ctx;
	(void)cursor;
	(void)request;
	return HARK_EINVAL;
}

static const struct hark_connector connector = {
	.abi = HARK_CONNECTOR_ABI, .name = "none", .about = "for this test", .plan = no_plan};

static struct world {
	struct conf conf;
	struct setup setup;
	struct conf_source confs[N];
	struct source sources[N];
	char names[N][16], ids[N][16];
	struct store *store;
	struct writer *writer;
	atomic_int home, groups, fatal;
	atomic_llong beat;
	sem_t begun, end;
} w;

static size_t under_way(void *ctx)
{
	(void)ctx;
	return 0;
}

static void home(void *ctx, struct source *source)
{
	(void)ctx;
	(void)source;
	atomic_fetch_add(&w.home, 1);
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static void fatal(void *ctx, const struct hark_err *err)
{
	(void)ctx;
	(void)err;
	atomic_fetch_add(&w.fatal, 1);
}

/* Once a transaction. */
static struct setup *setup(void *ctx)
{
	(void)ctx;
	atomic_fetch_add(&w.groups, 1);
	return setup_ref(&w.setup);
}

static void start(struct tmpstore *t)
{
	w = (struct world){.setup = {.conf = &w.conf}};
	atomic_init(&w.setup.refs, 1);
	sem_init(&w.begun, 0, 0);
	sem_init(&w.end, 0, 0);
	for (int i = 0; i < N; i++) {
		snprintf(w.names[i], sizeof(w.names[i]), "source-%d", i);
		snprintf(w.ids[i], sizeof(w.ids[i]), "%d", i);
		w.confs[i] = (struct conf_source){.name = w.names[i], .every_ms = 900000};
		w.sources[i] = (struct source){.conf = &w.confs[i],
			.connector = &connector,
			.state = calloc(1, sizeof(struct source_state))};
	}
	w.store = tmpstore_open(t, STORE_OWNER | STORE_SYNC_LATER);
	db_exec(store_db(w.store),
		"CREATE TRIGGER refuse BEFORE INSERT ON posts WHEN NEW.text = 'poison'"
		" BEGIN SELECT RAISE(ABORT, 'no poison here'); END");
	const struct writer_options options = {.store = w.store,
		.store_url = t->url,
		.store_path = t->path,
		.cap = 2 * N,
		.under_way = under_way,
		.home = home,
		.alerts = nothing,
		.hubs = nothing,
		.fatal = fatal,
		.setup = setup,
		.beat = &w.beat};
	w.writer = writer_start(&options);
	assert_non_null(w.writer);
}

static void stop(void)
{
	writer_join(w.writer);
	for (int i = 0; i < N; i++) {
		free(w.sources[i].state);
	}
	store_close(w.store);
	sem_destroy(&w.begun);
	sem_destroy(&w.end);
}

static int hold_up(struct store *store, void *arg, struct hark_err *err)
{
	(void)store;
	(void)arg;
	(void)err;
	sem_post(&w.begun);
	sem_wait(&w.end);
	return HARK_OK;
}

static void *call(void *arg)
{
	(void)arg;
	writer_call(w.writer, hold_up, NULL, NULL);
	return NULL;
}

static struct batch *batch_of(int i, const char *text)
{
	struct batch *b = poll_batch_new(&w.sources[i], clock_wall_ms());
	b->historic = false;
	b->posts = arena_alloc(&b->arena, sizeof(*b->posts));
	b->posts_n = 1;
	b->posts[0] = (struct batch_post){0};
	post_init(&b->posts[0].post);
	b->posts[0].post.external_id = str_c(w.ids[i]);
	b->posts[0].post.text = str_c(text);
	assert_int_equal(post_keys(b->posts, 1, &b->arena), HARK_OK);
	return b;
}

/* Has them all wait when the writer looks. `bad`: in ascending order, -1 ends. Returns how many transactions it took. */
static int store_all(const int *bad)
{
	pthread_t thread;
	char texts[N][40];
	pthread_create(&thread, NULL, call, NULL);
	sem_wait(&w.begun);
	for (int i = 0; i < N; i++) {
		bool is_bad = *bad == i;
		bad += is_bad;
		snprintf(texts[i], sizeof(texts[i]), "what source %d says", i);
		writer_deliver(w.writer, batch_of(i, is_bad ? "poison" : texts[i]));
	}
	sem_post(&w.end);
	until(atomic_load(&w.home) == N);
	pthread_join(thread, NULL);
	return atomic_load(&w.groups);
}

static int64_t ask(struct tmpstore *t, const char *sql)
{
	struct store *s = tmpstore_open(t, STORE_READ_ONLY);
	int64_t n = db_run_i64(db_query(store_db(s), sql), -1);
	store_close(s);
	return n;
}

static void a_rush_of_good_batches_is_one_transaction(void **state)
{
	start(*state);
	assert_int_equal(store_all((const int[]){-1}), 1);
	assert_int_equal(ask(*state, "SELECT count(*) FROM posts"), N);
	stop();
}

/* Those before a bad one are stored at the second try, the bad one is given up, those behind it wait till then. */
static void bad_batches_in_a_rush_cost_each_a_few_transactions_and_nobody_else(void **state)
{
	static const int bad[] = {0, 1, 17, 40, 41, 70, N - 1, -1};
	const int bad_n = sizeof(bad) / sizeof(bad[0]) - 1;
	start(*state);
	int groups = store_all(bad);
	assert_in_range(groups, bad_n, 5 * bad_n + 1);
	assert_int_equal(ask(*state, "SELECT count(*) FROM posts"), N - bad_n);
	assert_int_equal(
		ask(*state, "SELECT count(*) FROM sources WHERE error LIKE '%no poison%'"), bad_n);
	assert_int_equal(
		ask(*state, "SELECT count(*) FROM sources WHERE error IS NULL"), N - bad_n);
	assert_int_equal(atomic_load(&w.fatal), 0);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_rush_of_good_batches_is_one_transaction),
		TMPSTORE_TEST(bad_batches_in_a_rush_cost_each_a_few_transactions_and_nobody_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
