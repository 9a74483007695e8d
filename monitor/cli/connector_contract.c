/* What a connector may not do, tried out. DESIGN: everything happens in a child process, which notes in
 * shared memory what it is about to try; so a crash or a loop is told with what caused it, and the
 * command lives on. Replies lie in memory that cannot be written, before a page that cannot be read. */
#include "monitor/cli/connector_cli.h"

#include "connectors/collect.h"
#include "connectors/profile.h"
#include "monitor/base/clock.h"
#include "monitor/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIME_MS 60000 /* for all of it */
#define RECORDS_MAX (256u << 20)
#define HUGE_BYTES (4u << 20)
#define SAMPLE_MAX (16u << 20)
#define NOW_MS INT64_C(1788307200000)
#define ROUNDS 32
#define WARM_ROUNDS 16 /* of these: they fill caches */
#define STEP_MAX 160

/* In a sanitizer build. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

struct contract {
	const struct hark_connector *c;
	char *step;       /* shared with the parent */
	char *is_through; /* the same: nothing is left to try, so it is ours that ends the child */
	int out;          /* findings, a line each */
	int said;         /* what the connector prints, and what a sanitizer does */
	struct buf sample;
};

__attribute__((format(printf, 2, 3))) static void begin(struct contract *k, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(k->step, STEP_MAX, fmt, ap);
	va_end(ap);
}

/* In the child: it goes on. */
static void find(struct contract *k, const char *what)
{
	dprintf(k->out, "%s: %s\n", k->step, what);
}

static size_t count_in(const char *path)
{
	size_t n = 0;
	DIR *dir = opendir(path);
	while (dir != NULL && readdir(dir) != NULL) {
		n++;
	}
	if (dir != NULL) {
		closedir(dir);
	}
	return n;
}

static size_t in_use(void)
{
	if (__sanitizer_get_current_allocated_bytes != NULL) {
		return __sanitizer_get_current_allocated_bytes(); /* the C library's is not used */
	}
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

/* --- replies --- */

struct guarded {
	char *map;
	size_t bytes;
	const char *body;
};

/* The NUL behind the body is the last byte before the page that cannot be read. */
static bool guard(struct guarded *g, struct str body)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (body.n + 1 + page - 1) / page * page;
	g->bytes = room + page;
	g->map = mmap(NULL, g->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (g->map == MAP_FAILED) {
		return false;
	}
	char *at = g->map + room - body.n - 1;
	if (body.n > 0) {
		memcpy(at, body.p, body.n);
	}
	at[body.n] = '\0';
	g->body = at;
	return mprotect(g->map + room, page, PROT_NONE) == 0 &&
	       mprotect(g->map, room, PROT_READ) == 0;
}

static void judge_err(struct contract *k, int rc, const struct hark_err *err)
{
	if (rc != HARK_OK && strstr(err->text, "did not say why") != NULL) {
		find(k, "it fails without a sentence: host->fail() says why");
	}
}

/* The records as text into `out`, NULL: not wanted; and the cursor for the next plan. */
static void parse(struct contract *k, void *ctx, struct str body, struct buf *out, struct buf *next)
{
	struct guarded g;
	struct collected got;
	struct arena arena;
	struct hark_err err = {0};
	if (!guard(&g, body)) {
		return;
	}
	arena_init(&arena, RECORDS_MAX);
	const struct hark_reply reply = {.status = 200,
		.body = g.body,
		.body_bytes = body.n,
		.url = k->c->samples != NULL ? k->c->samples[0].url : NULL,
		.received_ms = NOW_MS};
	int rc = collect(&got, k->c, ctx, STR_NONE, &reply, &arena, &err);
	judge_err(k, rc, &err);
	for (size_t i = 0; rc == HARK_OK && out != NULL && i < got.posts_n; i++) {
		post_write_json(&got.posts[i], out);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; rc == HARK_OK && out != NULL && i < got.profiles_n; i++) {
		profile_write_json(&got.profiles[i], STR_NONE, out);
		buf_add_char(out, '\n');
	}
	if (next != NULL && rc == HARK_OK && got.cursor.p != NULL) {
		buf_clear(next);
		buf_add_str(next, got.cursor);
	}
	arena_release(&arena);
	munmap(g.map, g.bytes);
}

/* --- steps --- */

static bool open_one(struct contract *k, void **ctx)
{
	struct hark_err err = {0};
	int rc = connector_open_example(k->c, ctx, &err);
	judge_err(k, rc, &err);
	if (rc != HARK_OK) {
		dprintf(k->out, "%s: it refuses its own examples: %s\n", k->step, err.text);
	}
	return rc == HARK_OK;
}

static void plan(struct contract *k, void *ctx, const char *cursor, struct buf *url)
{
	struct arena arena;
	struct hark_err err = {0};
	struct hark_request request;
	arena_init(&arena, RECORDS_MAX);
	int rc = collect_plan(k->c, ctx, cursor, NOW_MS, &request, &arena, &err);
	judge_err(k, rc, &err);
	bool is_pushed = rc == HARK_OK && request.transport == HARK_TRANSPORT_PUSH;
	if (rc == HARK_OK && !is_pushed && (request.url == NULL || request.url[0] == '\0')) {
		find(k, "the request has no address");
	} else if (rc == HARK_OK && (request.transport < HARK_TRANSPORT_HTTP ||
					    request.transport > HARK_TRANSPORT_PUSH)) {
		find(k, "the request has no transport that there is");
	} else if (rc == HARK_OK && url != NULL) {
		buf_add_c(url, request.url != NULL ? request.url : "");
	} else if (url != NULL) {
		dprintf(k->out, "%s: it plans no first poll: %s\n", k->step, err.text);
	}
	arena_release(&arena);
}

static void try_settings(struct contract *k)
{
	bool needs = false;
	for (const struct hark_setting *s = k->c->settings; s != NULL && s->name != NULL; s++) {
		begin(k, "setting '%.60s'", s->name);
		needs |= s->required != 0;
		if (s->about == NULL || s->about[0] == '\0') {
			find(k, "it has no .about");
		}
		if (s->required && s->example == NULL) {
			find(k, "it is required and has no .example to be tried with");
		}
	}
	void *ctx = NULL;
	struct hark_err err = {0};
	begin(k, "open without settings");
	int rc = collect_open(k->c, NULL, 0, &ctx, &err);
	judge_err(k, rc, &err);
	if (rc == HARK_OK && needs) {
		find(k, "it takes the absence of a required setting for fine");
	}
	if (rc == HARK_OK) {
		collect_close(k->c, ctx);
	}
}

static void try_plans(struct contract *k)
{
	static const char *const cursors[] = {
		"", "x", "-1 99999999999999999999", "\xff\xfe", "{\"a\":"};
	struct buf one, two, huge;
	void *ctx = NULL;
	begin(k, "open");
	if (!open_one(k, &ctx)) {
		return;
	}
	buf_init(&one, 1 << 20);
	buf_init(&two, 1 << 20);
	buf_init(&huge, 1 << 20);
	begin(k, "plan of the first poll");
	plan(k, ctx, NULL, &one);
	begin(k, "plan of the first poll, asked again");
	plan(k, ctx, NULL, &two);
	if (!str_eq(buf_str(&one), buf_str(&two))) {
		find(k, "it asks another address for the same poll");
	}
	for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++) {
		begin(k, "plan with odd cursor %zu", i + 1);
		plan(k, ctx, cursors[i], NULL);
	}
	for (int i = 0; i < 65536; i++) {
		buf_add_char(&huge, 'z');
	}
	begin(k, "plan with a cursor of 64 KiB");
	plan(k, ctx, buf_c(&huge), NULL);
	collect_close(k->c, ctx);
	buf_release(&one);
	buf_release(&two);
	buf_release(&huge);
}

/* A poll after a poll, in a context of its own. */
static void try_reply(struct contract *k, const char *what, struct str body)
{
	struct buf cursor;
	void *ctx = NULL;
	buf_init(&cursor, 1 << 20);
	begin(k, "%s", what);
	if (open_one(k, &ctx)) {
		plan(k, ctx, NULL, NULL);
		parse(k, ctx, body, NULL, &cursor);
		begin(k, "%s, a second time", what);
		plan(k, ctx, cursor.n > 0 ? buf_c(&cursor) : NULL, NULL);
		parse(k, ctx, body, NULL, NULL);
		collect_close(k->c, ctx);
	}
	buf_release(&cursor);
}

static void try_filled(struct contract *k, const char *what, struct str with)
{
	struct buf body;
	buf_init(&body, HUGE_BYTES + SAMPLE_MAX);
	while (with.n > 0 && body.n < HUGE_BYTES && buf_add_str(&body, with) == HARK_OK) {
		continue;
	}
	try_reply(k, what, buf_str(&body));
	buf_release(&body);
}

static void try_replies(struct contract *k)
{
	struct str s = buf_str(&k->sample);
	char all[256], name[STEP_MAX];
	for (int i = 0; i < 256; i++) {
		all[i] = (char)i;
	}
	try_reply(k, "empty reply", STR(""));
	try_reply(k, "reply of one line end", STR("\n"));
	try_reply(k, "reply of all bytes there are", str_n(all, sizeof(all)));
	try_filled(k, "huge reply of one letter", STR("a"));
	try_filled(k, "huge reply of brackets", STR("[{\"a\":"));
	try_filled(k, "huge reply of tags", STR("<a>"));
	try_filled(k, "huge reply of lines", STR("a\tb,c;\"d\n"));
	if (s.n == 0) {
		return;
	}
	try_reply(k, "its sample", s);
	try_filled(k, "its sample again and again", s);
	for (int i = 1; i <= 16; i++) {
		snprintf(name, sizeof(name), "its sample, cut at %d/17", i);
		try_reply(k, name, str_n(s.p, s.n * (size_t)i / 17));
	}
	try_reply(k, "its sample without the last byte", str_n(s.p, s.n - 1));
	for (size_t step = 3; step < 200; step = step * 2 + 1) {
		struct buf odd;
		buf_init(&odd, SAMPLE_MAX);
		buf_add_str(&odd, s);
		for (size_t i = step; i < odd.n; i += step) {
			odd.p[i] ^= (char)(1u << (i % 8));
		}
		snprintf(name, sizeof(name), "its sample with every %zuth byte wrong", step);
		try_reply(k, name, buf_str(&odd));
		buf_release(&odd);
	}
}

/* The records of the sample in a context of its own. */
static void records(struct contract *k, struct buf *out)
{
	void *ctx = NULL;
	if (open_one(k, &ctx)) {
		plan(k, ctx, NULL, NULL);
		parse(k, ctx, buf_str(&k->sample), out, NULL);
		collect_close(k->c, ctx);
	}
}

/* The same while another context reads other things. */
static void records_beside(struct contract *k, struct buf *out)
{
	void *a = NULL, *b = NULL;
	struct str s = buf_str(&k->sample);
	if (open_one(k, &a) && open_one(k, &b)) {
		plan(k, a, NULL, NULL);
		plan(k, b, NULL, NULL);
		parse(k, b, str_n(s.p, s.n / 2), NULL, NULL);
		parse(k, a, s, out, NULL);
		parse(k, b, s, NULL, NULL);
	}
	collect_close(k->c, a);
	collect_close(k->c, b);
}

/* What one context says does not depend on another, nor on what was parsed before in the process. */
static void try_two(struct contract *k)
{
	struct buf first, again, beside;
	begin(k, "two contexts");
	if (k->sample.n == 0) {
		return;
	}
	buf_init(&first, RECORDS_MAX);
	buf_init(&again, RECORDS_MAX);
	buf_init(&beside, RECORDS_MAX);
	records(k, &first);
	records(k, &again);
	records_beside(k, &beside);
	if (!str_eq(buf_str(&first), buf_str(&again)) ||
		!str_eq(buf_str(&first), buf_str(&beside))) {
		find(k, "the same reply gives other records in another context: does it keep "
			"something in a global?");
	}
	buf_release(&first);
	buf_release(&again);
	buf_release(&beside);
}

/* What the C library keeps for the next time counts as in use, so a round may take more now and then; what
 * leaks does so in every round. */
static void try_leaks(struct contract *k)
{
	size_t before = 0, last = 0, grown = 0;
	struct str s = buf_str(&k->sample);
	begin(k, "open, plan, parse, close, again and again");
	for (int i = 0; i < ROUNDS; i++) {
		void *ctx = NULL;
		if (open_one(k, &ctx)) {
			plan(k, ctx, NULL, NULL);
			parse(k, ctx, s, NULL, NULL);
			collect_close(k->c, ctx);
		}
		size_t now = in_use();
		before = i < WARM_ROUNDS ? now : before;
		grown += i >= WARM_ROUNDS && now > last;
		last = now;
	}
	if (grown > (ROUNDS - WARM_ROUNDS) / 2 ||
		(__lsan_do_recoverable_leak_check != NULL &&
			__lsan_do_recoverable_leak_check() != 0)) {
		dprintf(k->out, "%s: it leaks about %zu bytes a round\n", k->step,
			last > before ? (last - before) / (ROUNDS - WARM_ROUNDS) : 0);
	}
}

static void try_all(struct contract *k)
{
	char head[1];
	size_t files = count_in("/proc/self/fd"), threads = count_in("/proc/self/task");
	try_settings(k);
	try_plans(k);
	try_replies(k);
	try_two(k);
	try_leaks(k);
	*k->is_through = 1;
	begin(k, "all of it");
	if (count_in("/proc/self/fd") != files) {
		find(k, "it leaves files open: a connector does no I/O");
	}
	if (count_in("/proc/self/task") != threads) {
		find(k, "it starts threads: a connector does no I/O and waits for nobody");
	}
	fflush(NULL);
	if (pread(k->said, head, 1, 0) == 1) {
		find(k, "it prints: what there is to say goes through the host");
	}
}

/* --- the parent --- */

static void read_sample(struct contract *k)
{
	struct buf path;
	buf_init(&path, 8192);
	buf_init(&k->sample, SAMPLE_MAX);
	if (k->c->samples != NULL && k->c->samples[0].sample != NULL) {
		connector_samples_dir(k->c, &path);
		buf_printf(&path, "/%s", k->c->samples[0].sample);
		file_read(&k->sample, buf_c(&path), NULL); /* its absence is the test's to tell */
	}
	buf_release(&path);
}

/* Lines from the child until it ends; false: it takes too long. */
static bool listen_to(int in, struct buf *why, size_t *n)
{
	int64_t until_ms = clock_steady_ms() + TIME_MS;
	char bytes[4096];
	for (;;) {
		struct pollfd p = {.fd = in, .events = POLLIN};
		int64_t left = until_ms - clock_steady_ms();
		if (left <= 0) {
			return false;
		}
		if (poll(&p, 1, (int)left) <= 0) {
			continue;
		}
		ssize_t got = read(in, bytes, sizeof(bytes));
		if (got <= 0) {
			return true;
		}
		for (ssize_t i = 0; i < got; i++) {
			*n += bytes[i] == '\n';
		}
		buf_add(why, bytes, (size_t)got);
	}
}

/* The first line that a sanitizer or the connector printed. */
static void add_said(const struct contract *k, struct buf *why)
{
	char text[400];
	ssize_t got = pread(k->said, text, sizeof(text) - 1, 0);
	if (got > 0) {
		text[got] = '\0';
		struct str rest = str_trim(str_c(text)), line;
		while (str_split(&rest, '\n', &line)) {
			if (strspn(line.p, "= ") < line.n) {
				buf_printf(why, ", saying: %.*s", STR_FMT(str_trim(line)));
				return;
			}
		}
	}
}

static size_t judge_end(const struct contract *k, int status, bool in_time, struct buf *why)
{
	if (in_time && WIFEXITED(status) && WEXITSTATUS(status) == 0 && *k->is_through) {
		return 0;
	}
	buf_printf(why, "%s: ", k->step);
	if (!in_time) {
		buf_printf(why, "it does not come back within %d s", TIME_MS / 1000);
	} else if (WIFSIGNALED(status) &&
		   (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS)) {
		buf_add_c(why,
			"it crashes: it reads or writes memory that is not its own (a reply is "
			"body_bytes long, and read only)");
	} else if (WIFSIGNALED(status)) {
		buf_printf(why, "it crashes with signal %d", WTERMSIG(status));
	} else {
		buf_printf(why, "it ends the program with status %d", WEXITSTATUS(status));
	}
	add_said(k, why);
	buf_add_char(why, '\n');
	return 1;
}

static size_t watch(struct contract *k, int in, pid_t child, struct buf *why)
{
	size_t n = 0;
	int status = 0;
	bool in_time = listen_to(in, why, &n);
	if (!in_time) {
		kill(child, SIGKILL);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
		continue;
	}
	return n + judge_end(k, status, in_time, why);
}

size_t connector_contract(const struct hark_connector *c, struct buf *why)
{
	struct contract k = {.c = c, .said = memfd_create("said", MFD_CLOEXEC)};
	struct buf found;
	int ends[2];
	size_t n = 1;
	k.step =
		mmap(NULL, STEP_MAX + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (k.said < 0 || k.step == MAP_FAILED || pipe2(ends, O_CLOEXEC) != 0) {
		buf_printf(why, "%s: cannot be tried: %s\n", c->name, strerror(errno));
		return 1;
	}
	k.is_through = k.step + STEP_MAX;
	read_sample(&k);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		k.out = ends[1];
		dup2(k.said, STDOUT_FILENO);
		dup2(k.said, STDERR_FILENO);
		signal(SIGSEGV, SIG_DFL); /* a sanitizer has handlers of its own */
		signal(SIGBUS, SIG_DFL);
		try_all(&k);
		_exit(0);
	}
	close(ends[1]);
	buf_init(&found, 1 << 20);
	if (child > 0) {
		n = watch(&k, ends[0], child, &found);
	}
	struct str rest = buf_str(&found), line;
	while (str_split(&rest, '\n', &line)) {
		if (line.n > 0) {
			buf_printf(why, "%s: %.*s\n", c->name, STR_FMT(line));
		}
	}
	buf_release(&found);
	buf_release(&k.sample);
	close(ends[0]);
	close(k.said);
	munmap(k.step, STEP_MAX + 1);
	return n;
}
