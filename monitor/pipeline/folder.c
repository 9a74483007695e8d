#include "monitor/pipeline/folder.h"

#include "monitor/base/clock.h"
#include "monitor/base/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILES_MAX 4096 /* of one folder; the others wait until some are taken away */
#define SETTLE_MS 2000 /* who writes a file does not pause longer */
#define MARK_BYTES 17  /* 16 digits and a space, or REFUSED */
#define REFUSED '!'
#define ALSO "; also "
#define SAID_MAX 2000 /* of what is wrong with files */
#define TOO_LARGE "it is larger than one reply may be (max-body)"
#define READ_BYTES (1u << 16)

struct found {
	char *path; /* owned */
	int64_t written_ns;
	off_t bytes;
	uint64_t mark;
	bool seen, refused, fresh;
};

struct listing {
	struct found v[FILES_MAX];
	size_t n;
	bool cut; /* there are more */
};

/* --- what is there --- */

static int64_t ns_of(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static bool is_half(struct str name)
{
	static const char *const endings[] = {".part", ".crdownload", ".tmp", ".download", "~"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (str_ends(name, str_c(endings[i]))) {
			return true;
		}
	}
	return name.n == 0 || name.p[0] == '.';
}

static uint64_t mark_of(const char *path, const struct stat *st)
{
	const char *slash = strrchr(path, '/');
	char text[PATH_MAX + 64];
	int n = snprintf(text, sizeof(text), "%lld %lld %s", (long long)st->st_size,
		(long long)ns_of(st), slash != NULL ? slash + 1 : path);
	return hash64(str_n(text, n > 0 ? (size_t)n : 0), 0);
}

/* Of a file refused under some settings. */
static uint64_t refused_mark(uint64_t mark, uint64_t settings)
{
	const struct str bytes = str_n((const char *)&mark, sizeof(mark));
	return hash64(bytes, settings);
}

static bool is_seen(struct str seen, uint64_t mark)
{
	char text[MARK_BYTES + 1];
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)mark);
	for (size_t at = 0; at + MARK_BYTES - 1 <= seen.n; at += MARK_BYTES) {
		if (memcmp(seen.p + at, text, MARK_BYTES - 1) == 0) {
			return true;
		}
	}
	return false;
}

static void add(struct listing *l, const struct folder_request *r, const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		return;
	}
	if (l->n == FILES_MAX) {
		l->cut = true;
		return;
	}
	char *copy = strdup(path);
	if (copy != NULL) {
		uint64_t mark = mark_of(path, &st);
		int64_t age_ms = clock_wall_ms() - ns_of(&st) / 1000000;
		l->v[l->n++] = (struct found){.path = copy,
			.written_ns = ns_of(&st),
			.mark = mark,
			.bytes = st.st_size,
			.seen = is_seen(r->seen, mark),
			.refused = (r->accept || !r->again) &&
				   is_seen(r->seen, refused_mark(mark, r->settings)),
			.fresh = age_ms >= -SETTLE_MS && age_ms < SETTLE_MS};
	}
}

static bool list(struct listing *l, const struct folder_request *r, struct fetch_reply *reply)
{
	char path[PATH_MAX];
	DIR *dir = opendir(r->path);
	if (dir == NULL && errno == ENOTDIR) {
		add(l, r, r->path);
		return true;
	}
	if (dir == NULL) {
		reply->rc = HARK_EIO;
		snprintf(
			reply->error, sizeof(reply->error), "%.200s: %s", r->path, strerror(errno));
		return false;
	}
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		int n = snprintf(path, sizeof(path), "%s/%s", r->path, e->d_name);
		if (!is_half(str_c(e->d_name)) && n > 0 && n < PATH_MAX) {
			add(l, r, path);
		}
	}
	closedir(dir);
	return true;
}

/* The oldest that is new and complete, by name where two are of one age. */
static struct found *choose(struct listing *l, bool *more)
{
	struct found *best = NULL;
	size_t waiting = 0;
	for (size_t i = 0; i < l->n; i++) {
		struct found *f = &l->v[i];
		if (f->seen || f->refused || f->fresh) {
			continue;
		}
		waiting++;
		if (best == NULL || f->written_ns < best->written_ns ||
			(f->written_ns == best->written_ns && strcmp(f->path, best->path) < 0)) {
			best = f;
		}
	}
	*more = waiting > 1;
	return best;
}

/* The newest that was refused. */
/* One that is too large is so whoever takes it for right. */
static struct found *choose_refused(struct listing *l, size_t max_bytes)
{
	struct found *best = NULL;
	for (size_t i = 0; i < l->n; i++) {
		struct found *f = &l->v[i];
		if (f->refused && !f->seen && f->bytes <= (off_t)max_bytes &&
			(best == NULL || f->written_ns > best->written_ns ||
				(f->written_ns == best->written_ns &&
					strcmp(f->path, best->path) > 0))) {
			best = f;
		}
	}
	return best;
}

/* Whether a file that is still fresh would be the next. */
static bool awaits_fresh(const struct listing *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!l->v[i].seen && !l->v[i].refused && l->v[i].fresh) {
			return true;
		}
	}
	return false;
}

/* --- reading --- */

static int read_all(int fd, struct buf *out)
{
	for (;;) {
		char *room = buf_room(out, READ_BYTES);
		if (room == NULL) {
			return out->rc;
		}
		ssize_t n = read(fd, room, READ_BYTES);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return n == 0 ? HARK_OK : HARK_EIO;
		}
		buf_grew(out, (size_t)n);
	}
}

static void fail(struct fetch_reply *reply, int rc, const struct found *f, const char *why)
{
	reply->rc = rc;
	snprintf(reply->error, sizeof(reply->error), "%.180s: %s", f->path, why);
}

/* False: it is being written. */
static bool read_file(
	struct fetch_reply *reply, const struct folder_request *r, const struct found *f)
{
	struct stat before, after;
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &before) != 0) {
		fail(reply, HARK_EIO, f, strerror(errno));
		if (fd >= 0) {
			close(fd);
		}
		return true;
	}
	int rc = before.st_size > (off_t)r->max_bytes ? HARK_ELIMIT : read_all(fd, &reply->body);
	int why = errno;
	bool same = fstat(fd, &after) == 0 && after.st_size == before.st_size &&
		    ns_of(&after) == ns_of(&before) && mark_of(f->path, &after) == f->mark;
	close(fd);
	if (!same) {
		return false;
	}
	if (rc == HARK_ELIMIT) {
		fail(reply, rc, f, TOO_LARGE);
	} else if (rc != HARK_OK) {
		fail(reply, rc, f, rc == HARK_ENOMEM ? "no memory to read it" : strerror(why));
	}
	return true;
}

static void say_of_it(
	struct fetch_reply *reply, const struct folder_request *r, const struct found *f)
{
	static const char accepted[] = "Accepted\0yes";
	char date[64];
	time_t s = (time_t)(f->written_ns / 1000000000);
	struct tm tm;
	gmtime_r(&s, &tm);
	size_t n = strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_add(&reply->headers, "Last-Modified", sizeof("Last-Modified"));
	buf_add(&reply->headers, date, n + 1);
	reply->headers_n = 1;
	if (r->accept) {
		buf_add(&reply->headers, accepted, sizeof(accepted));
		reply->headers_n++;
	}
}

/* The file that was read, and those known that are still there, so that the text does not grow for ever. */
static char *marks(
	const struct listing *l, const struct folder_request *r, const struct found *read)
{
	struct buf out;
	buf_init(&out, FILES_MAX * MARK_BYTES);
	buf_printf(&out, "%016llx ", (unsigned long long)read->mark);
	for (size_t i = 0; i < l->n; i++) {
		const struct found *f = &l->v[i];
		uint64_t mark = f->refused ? refused_mark(f->mark, r->settings) : f->mark;
		if (f != read && (f->seen || f->refused)) {
			buf_printf(&out, "%016llx%c", (unsigned long long)mark,
				f->refused ? REFUSED : ' ');
		}
	}
	return buf_take(&out);
}

void folder_refuse(char *etag, uint64_t settings)
{
	char text[MARK_BYTES + 1];
	uint64_t mark = strtoull(etag, NULL, 16);
	snprintf(text, sizeof(text), "%016llx%c", (unsigned long long)refused_mark(mark, settings),
		REFUSED);
	memcpy(etag, text, MARK_BYTES);
}

bool folder_has_refused(struct str seen)
{
	return seen.n > 0 && memchr(seen.p, REFUSED, seen.n) != NULL;
}

/* The first of "PATH: SENTENCE; also PATH: SENTENCE", taken off. */
static bool next_refused(struct str *all, struct str *one)
{
	size_t end = str_find(*all, STR(ALSO));
	size_t n = end != SIZE_MAX ? end : all->n, after = end != SIZE_MAX ? end + strlen(ALSO) : n;
	*one = str_n(all->p, n);
	*all = str_n(all->p + after, all->n - after);
	return n > 0;
}

static bool is_there(struct str path)
{
	char text[PATH_MAX];
	int n = snprintf(text, sizeof(text), "%.*s", STR_FMT(path));
	return n > 0 && (size_t)n < sizeof(text) && access(text, F_OK) == 0;
}

static struct str path_in(struct str refused)
{
	size_t end = str_find(refused, STR(": "));
	return str_n(refused.p, end != SIZE_MAX ? end : 0);
}

void folder_say_refused(struct str now, struct str before, struct buf *out)
{
	struct str one;
	buf_add_str(out, now);
	while (before.n > 0 && next_refused(&before, &one)) {
		struct str path = path_in(one);
		if (!is_there(path) || str_eq(path, path_in(now))) {
			continue;
		}
		if (out->n + one.n > SAID_MAX) {
			buf_add_c(out, ALSO "others, which the log names");
			return;
		}
		buf_add_c(out, ALSO);
		buf_add_str(out, one);
	}
}

bool folder_may_accept(struct str said)
{
	struct str one;
	while (said.n > 0 && next_refused(&said, &one)) {
		if (!str_ends(one, STR(TOO_LARGE))) {
			return true;
		}
	}
	return false;
}

static void forget(struct listing *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].path);
	}
	l->n = 0;
	l->cut = false;
}

/* The next file; where all that is new is fresh, after the time it takes to know that it is whole. */
static bool next_file(struct listing *l, const struct folder_request *r, struct fetch_reply *reply,
	struct found **out, bool *more)
{
	const struct timespec pause = {SETTLE_MS / 1000, 0};
	bool ok = list(l, r, reply);
	if (r->accept) {
		*out = ok ? choose_refused(l, r->max_bytes) : NULL;
		return ok;
	}
	*out = ok ? choose(l, more) : NULL;
	if (ok && *out == NULL && awaits_fresh(l)) {
		nanosleep(&pause, NULL);
		forget(l);
		ok = list(l, r, reply);
		*out = ok ? choose(l, more) : NULL;
	}
	return ok;
}

void folder_read(struct fetch_reply *reply, const struct folder_request *r, bool *more)
{
	struct listing *l = calloc(1, sizeof(*l));
	*more = false;
	reply->rc = HARK_OK;
	reply->received_ms = r->now_ms;
	buf_init(&reply->body, r->max_bytes + READ_BYTES);
	if (l == NULL) {
		reply->rc = HARK_ENOMEM;
		snprintf(reply->error, sizeof(reply->error), "no memory to read %.200s", r->path);
		return;
	}
	struct found *f;
	if (next_file(l, r, reply, &f, more)) {
		if (f == NULL && l->cut) {
			reply->rc = HARK_ELIMIT;
			snprintf(reply->error, sizeof(reply->error),
				"%.150s: it holds more than %d files, so that some are not seen: take away "
				"those that have been read",
				r->path, FILES_MAX);
		} else if (f == NULL || !read_file(reply, r, f)) {
			buf_clear(&reply->body);
			reply->status = 304;
		} else {
			reply->status = 200;
			reply->url = strdup(f->path);
			reply->etag = marks(l, r, f);
			say_of_it(reply, r, f);
		}
	}
	forget(l);
	free(l);
}

uint64_t folder_settings(const struct source *src)
{
	const struct conf_source *c = src->conf;
	uint64_t all = hash64(str_c(c->charset), (uint64_t)c->max_bytes);
	for (size_t i = 0; i < c->vars_n; i++) {
		all = hash64(str_c(c->vars[i].value), hash64(str_c(c->vars[i].name), all));
	}
	return all;
}

void folder_poll(struct source *src, struct fetch_reply *reply)
{
	const struct folder_request request = {.path = src->asked_url,
		.seen = src->state->etag,
		.max_bytes = (size_t)src->conf->max_bytes,
		.now_ms = clock_wall_ms(),
		.settings = folder_settings(src),
		.again = src->called,
		.accept = src->accepts};
	folder_read(reply, &request, &src->files_left);
}
