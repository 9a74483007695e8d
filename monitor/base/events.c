#include "monitor/base/events.h"

#include "monitor/base/err.h"

#define ID_MAX 4096 /* a longer one could not be sent back */
#define TYPE_MAX 256
#define RETRY_MAX_MS INT64_C(86400000)

void events_init(struct events *e, enum events_format format, size_t event_max)
{
	*e = (struct events){.format = format, .event_max = event_max, .retry_ms = -1};
	buf_init(&e->line, event_max);
	buf_init(&e->data, event_max + 1); /* and the last line's end */
	buf_init(&e->type, TYPE_MAX);
	buf_init(&e->id, ID_MAX);
}

void events_release(struct events *e)
{
	buf_release(&e->line);
	buf_release(&e->data);
	buf_release(&e->type);
	buf_release(&e->id);
}

/* A ceiling that is reached is the peer's doing and costs one event; the rest is ours. */
static void note(struct events *e, struct buf *b)
{
	if (b->rc == HARK_ELIMIT) {
		e->too_big = true;
	} else if (b->rc != HARK_OK) {
		e->rc = b->rc;
	}
	if (b->rc != HARK_OK) {
		buf_clear(b);
	}
}

/* --- server-sent events --- */

static void take_retry(struct events *e, struct str value)
{
	int64_t ms;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9') {
			return;
		}
	}
	if (str_i64(value, &ms)) {
		e->retry_ms = ms > RETRY_MAX_MS ? RETRY_MAX_MS : ms;
	}
}

static void take_id(struct events *e, struct str value)
{
	if (value.n > ID_MAX || (value.n > 0 && memchr(value.p, '\0', value.n) != NULL)) {
		return;
	}
	buf_clear(&e->id);
	buf_add_str(&e->id, value);
	note(e, &e->id);
	e->has_id = true;
}

static void take_field(struct events *e, struct str name, struct str value)
{
	if (str_eq(name, STR("data"))) {
		buf_add_str(&e->data, value);
		buf_add_char(&e->data, '\n');
		note(e, &e->data);
		e->has_data = true;
	} else if (str_eq(name, STR("event"))) {
		buf_clear(&e->type);
		buf_add_str(&e->type, value);
		note(e, &e->type);
	} else if (str_eq(name, STR("id"))) {
		take_id(e, value);
	} else if (str_eq(name, STR("retry"))) {
		take_retry(e, value);
	}
}

/* The lines of an event that says something do, too. */
static void weigh(struct events *e)
{
	bool says = e->has_data && !e->too_big && e->data.n > EVENT_SAYS_MIN;
	e->empty -= says && e->pending <= e->empty ? e->pending : 0;
	e->empty += !says;
	e->pending = 0;
}

static int dispatch(struct events *e, events_fn fn, void *ctx)
{
	int rc = HARK_OK;
	weigh(e);
	if (e->too_big) {
		e->left_out++;
	} else if (e->has_data) {
		const struct event event = {
			.type = e->type.n > 0 ? buf_str(&e->type) : STR_NONE,
			.id = e->has_id ? buf_str(&e->id) : STR_NONE,
			.data = str_n(buf_c(&e->data), e->data.n - 1),
		};
		rc = fn(ctx, &event);
	}
	buf_clear(&e->type);
	buf_clear(&e->data);
	e->has_data = e->too_big = false;
	return rc;
}

static int sse_line(struct events *e, struct str line, events_fn fn, void *ctx)
{
	if (line.n == 0) {
		return dispatch(e, fn, ctx);
	}
	const char *colon = memchr(line.p, ':', line.n);
	if (colon == line.p) {
		e->empty++;
		return HARK_OK; /* a comment */
	}
	struct str name = colon != NULL ? str_n(line.p, (size_t)(colon - line.p)) : line;
	size_t from = name.n + (colon != NULL);
	from += from < line.n && line.p[from] == ' ';
	bool is_data = str_eq(name, STR("data")) && !e->too_big;
	e->empty += !is_data;
	e->pending += !is_data;
	take_field(e, name, str_n(line.p + from, line.n - from));
	return HARK_OK;
}

/* --- lines --- */

static int plain_line(struct events *e, struct str line, events_fn fn, void *ctx)
{
	if (e->too_big) {
		e->left_out++;
		e->too_big = false;
		return HARK_OK;
	}
	line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
	e->empty += str_trim(line).n < EVENT_SAYS_MIN;
	return str_trim(line).n > 0 ? fn(ctx, &(struct event){.data = line}) : HARK_OK;
}

static int take_line(struct events *e, struct str line, events_fn fn, void *ctx)
{
	if (e->cut) {
		/* Of a comment nothing is missed. */
		e->too_big |= e->format == EVENTS_LINES || line.n == 0 || line.p[0] != ':';
		e->cut = false;
		return e->format == EVENTS_LINES ? plain_line(e, STR(""), fn, ctx) : HARK_OK;
	}
	return e->format == EVENTS_SSE ? sse_line(e, line, fn, ctx) : plain_line(e, line, fn, ctx);
}

/* Where the line ends, or NULL. */
static const char *line_end(const struct events *e, struct str s)
{
	const char *lf = memchr(s.p, '\n', s.n);
	if (e->format == EVENTS_LINES) {
		return lf;
	}
	const char *cr = memchr(s.p, '\r', lf != NULL ? (size_t)(lf - s.p) : s.n);
	return cr != NULL ? cr : lf;
}

static void keep_beginning(struct events *e, struct str piece)
{
	size_t room = e->line.max - e->line.n;
	e->cut |= piece.n > room;
	piece.n = piece.n > room ? room : piece.n;
	buf_add_str(&e->line, piece);
	note(e, &e->line);
}

/* The byte order mark may come in pieces too; what only begins like one is text. */
static struct str drop_mark(struct events *e, struct str s)
{
	static const char bom[] = "\xef\xbb\xbf";
	while (e->mark < 3 && s.n > 0) {
		if (s.p[0] == bom[e->mark]) {
			s = str_n(s.p + 1, s.n - 1);
			e->mark++;
			continue;
		}
		buf_add(&e->line, bom, e->mark);
		e->mark = 3;
	}
	return s;
}

int events_feed(struct events *e, struct str s, events_fn fn, void *ctx)
{
	int rc = HARK_OK;
	s = drop_mark(e, s);
	while (s.n > 0 && rc == HARK_OK && e->rc == HARK_OK) {
		if (e->after_cr && s.p[0] == '\n') {
			s = str_n(s.p + 1, s.n - 1);
			e->after_cr = false;
			continue;
		}
		e->after_cr = false;
		const char *end = line_end(e, s);
		size_t n = end != NULL ? (size_t)(end - s.p) : s.n;
		struct str piece = str_n(s.p, n);
		if (end == NULL || e->line.n > 0 || n > e->line.max) {
			keep_beginning(e, piece);
			piece = buf_str(&e->line);
		}
		if (end != NULL) {
			e->after_cr = *end == '\r';
			rc = take_line(e, piece, fn, ctx);
			buf_clear(&e->line);
		}
		s = str_n(s.p + n + (end != NULL), s.n - n - (end != NULL));
	}
	return rc != HARK_OK ? rc : e->rc;
}

int events_finish(struct events *e, events_fn fn, void *ctx)
{
	int rc = HARK_OK;
	if (e->mark < 3) {
		buf_add(&e->line, "\xef\xbb\xbf", e->mark);
		e->mark = 3;
	}
	if (e->line.n > 0 || e->cut) {
		rc = take_line(e, buf_str(&e->line), fn, ctx);
		buf_clear(&e->line);
	}
	return rc == HARK_OK && e->format == EVENTS_SSE ? dispatch(e, fn, ctx) : rc;
}

static void write_field(struct buf *out, const char *name, struct str value)
{
	if (value.p != NULL) {
		buf_add_c(out, name);
		buf_add_str(out, value);
		buf_add_char(out, '\n');
	}
}

void events_write(struct buf *out, enum events_format format, const struct event *event)
{
	struct str rest = event->data, line;
	if (format == EVENTS_LINES) {
		write_field(out, "", event->data);
		return;
	}
	write_field(out, "event: ", event->type);
	write_field(out, "id: ", event->id);
	if (rest.n == 0) {
		buf_add_c(out, "data\n");
	}
	for (bool more = rest.n > 0; more;) {
		const char *end = memchr(rest.p, '\n', rest.n);
		more = end != NULL;
		line = more ? str_n(rest.p, (size_t)(end - rest.p)) : rest;
		write_field(out, "data: ", line.p != NULL ? line : STR(""));
		rest = more ? str_n(end + 1, rest.n - line.n - 1) : rest;
		if (more && rest.n == 0) {
			buf_add_c(out, "data\n");
			more = false;
		}
	}
	buf_add_char(out, '\n');
}
