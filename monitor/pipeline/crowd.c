/* DESIGN. A host exists while it has somebody in fetch or in line. Those with a free place and a line are
 * in a list of their own, so a turn of the loop costs what it starts. */
#include "monitor/pipeline/crowd.h"

#include "monitor/base/hash.h"

#include <stdlib.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <utlist.h>

struct crowd {
	UT_hash_handle hh;
	uint64_t host;
	size_t inside;
	struct source *line;       /* oldest first, through line_prev and line_next */
	bool ready;                /* in the list of these: */
	struct crowd *prev, *next; /* with a free place and a line */
};

struct crowds {
	struct crowd *by_host, *ready;
	size_t most;
};

struct crowds *crowds_new(void)
{
	return calloc(1, sizeof(struct crowds));
}

void crowds_free(struct crowds *cs)
{
	free(cs);
}

/* "https://host:443" of "https://host:443/path". */
static uint64_t host_of(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n = host != NULL ? (size_t)(host + 3 - url) : 0;
	return hash64(str_n(url, n + strcspn(url + n, "/?#")), 0);
}

static bool has_room(const struct crowds *cs, const struct crowd *c)
{
	return cs->most == 0 || c->inside < cs->most;
}

/* Whatever has changed: the host is where it belongs, or gone. */
static void settle(struct crowds *cs, struct crowd *c)
{
	bool ready = c->line != NULL && has_room(cs, c);
	if (ready && !c->ready) {
		DL_APPEND(cs->ready, c);
	} else if (!ready && c->ready) {
		DL_DELETE(cs->ready, c);
	}
	c->ready = ready;
	if (c->line == NULL && c->inside == 0) {
		HASH_DEL(cs->by_host, c);
		free(c);
	}
}

void crowds_set_most(struct crowds *cs, size_t most)
{
	struct crowd *c, *tmp;
	cs->most = most;
	HASH_ITER (hh, cs->by_host, c, tmp) {
		settle(cs, c);
	}
}

static struct crowd *find(struct crowds *cs, uint64_t host)
{
	struct crowd *c = NULL;
	HASH_FIND(hh, cs->by_host, &host, sizeof(host), c);
	if (c != NULL) {
		return c;
	}
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		return NULL;
	}
	c->host = host;
	HASH_ADD(hh, cs->by_host, host, sizeof(host), c);
	if (c->hh.tbl == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

bool crowd_enter(struct crowds *cs, struct source *source, const char *url)
{
	if (source->crowd != NULL) {
		return true;
	}
	struct crowd *c = find(cs, host_of(url));
	if (c == NULL) {
		return true;
	}
	source->crowd = c;
	source->in_line = c->line != NULL || !has_room(cs, c);
	if (source->in_line) {
		DL_APPEND2(c->line, source, line_prev, line_next);
	} else {
		c->inside++;
	}
	return !source->in_line;
}

void crowd_leave(struct crowds *cs, struct source *source)
{
	struct crowd *c = source->crowd;
	if (c == NULL) {
		return;
	}
	if (source->in_line) {
		DL_DELETE2(c->line, source, line_prev, line_next);
	} else {
		c->inside--;
	}
	source->crowd = NULL;
	source->in_line = false;
	settle(cs, c);
}

struct source *crowd_next(struct crowds *cs)
{
	struct crowd *c = cs->ready;
	if (c == NULL) {
		return NULL;
	}
	struct source *source = c->line;
	DL_DELETE2(c->line, source, line_prev, line_next);
	source->in_line = false;
	c->inside++;
	settle(cs, c);
	return source;
}

void crowds_each(struct crowds *cs, void (*fn)(void *ctx, struct source *source), void *ctx)
{
	struct crowd *c, *tmp;
	HASH_ITER (hh, cs->by_host, c, tmp) {
		for (struct source *s = c->line, *next; s != NULL; s = next) {
			next = s->line_next;
			fn(ctx, s);
		}
	}
}
