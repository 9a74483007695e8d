#include "connectors/watch_state.h"

#include "monitor/base/err.h"

#include <inttypes.h>
#include <stdio.h>

#define HEAD "watch 1"
#define STATE_BYTES_MAX ((size_t)256 << 20)
#define SHARE 10 /* of what an owner allows, one part */
#define REST_MS (INT64_C(15) * 60 * 1000)
#define REST_MAX_MS (INT64_C(4) * 3600 * 1000)
#define TOKEN 1000
#define MISSES_MAX 1000

void watch_state_init(struct watch_state *s, const struct watch_accounts *accounts)
{
	*s = (struct watch_state){.accounts = accounts};
	arena_init(&s->arena, STATE_BYTES_MAX);
}

void watch_state_release(struct watch_state *s)
{
	arena_release(&s->arena);
	*s = (struct watch_state){0};
}

/* --- reading --- */

static int64_t number(struct str *line)
{
	struct str part = STR_NONE;
	int64_t n = 0;
	return str_split(line, '\t', &part) && str_i64(part, &n) && n > 0 ? n : 0;
}

static struct str text(struct str *line)
{
	struct str part = STR_NONE;
	return str_split(line, '\t', &part) && part.n > 0 ? part : STR_NONE;
}

static void read_host(struct watch_state *s, struct str line)
{
	struct str name = text(&line);
	const struct watch_place *place = NULL;
	if (name.p != NULL) {
		HASH_FIND(hh, s->accounts->hosts, name.p, name.n, place);
	}
	if (place == NULL) {
		return;
	}
	struct watch_host *h = &s->hosts[place->index];
	h->at_ms = number(&line);
	h->tokens = number(&line);
	int64_t limit = number(&line), per_ms = number(&line);
	if (limit > 0 && per_ms > 0) {
		h->limit = limit;
		h->per_ms = per_ms;
	}
	h->rest_ms = number(&line);
	h->failures = number(&line);
	h->refused = number(&line) != 0;
}

/* Somebody renamed, whom the list calls by the new name now. */
static const struct watch_account *find_renamed(
	const struct watch_state *s, struct str key, struct str handle)
{
	char now[400];
	size_t colon = str_find(key, STR(":"));
	if (colon == SIZE_MAX || handle.p == NULL || memchr(key.p, '@', key.n) != NULL) {
		return NULL;
	}
	int n = snprintf(now, sizeof(now), "%.*s:%.*s", STR_FMT(str_n(key.p, colon)),
		STR_FMT(str_cut_utf8(handle, 300)));
	for (char *p = now; *p != '\0'; p++) {
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p | 32) : *p;
	}
	return watch_accounts_find(s->accounts, str_n(now, (size_t)n));
}

static void read_account(struct watch_state *s, struct str line)
{
	struct watch_seen seen = {0};
	struct str key = text(&line), flag;
	seen.seen_ms = number(&line);
	seen.misses = (unsigned)number(&line) % (MISSES_MAX + 1);
	flag = text(&line);
	seen.flag = flag.n == 1 && (flag.p[0] == 'o' || flag.p[0] == 'g') ? flag.p[0] : '-';
	seen.print = (uint64_t)number(&line);
	struct str *const texts[] = {
		&seen.id, &seen.handle, &seen.etag, &seen.employer, &seen.title};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i] = text(&line);
	}
	const struct watch_account *account =
		key.p != NULL ? watch_accounts_find(s->accounts, key) : NULL;
	if (account == NULL && key.p != NULL) {
		account = find_renamed(s, key, seen.handle);
	}
	struct watch_seen *to = account != NULL ? &s->seen[account->index] : NULL;
	if (to != NULL && to->seen_ms == 0) {
		*to = seen;
		s->fresh = false;
	}
}

/* Nothing is known of any account, and every host may be asked as its network says. */
static bool make_room(struct watch_state *s)
{
	s->seen = arena_alloc(&s->arena, (s->accounts->n + 1) * sizeof(*s->seen));
	s->hosts = arena_alloc(&s->arena, (s->accounts->hosts_n + 1) * sizeof(*s->hosts));
	if (s->seen == NULL || s->hosts == NULL) {
		return false;
	}
	for (size_t i = 0; i < s->accounts->n; i++) {
		s->seen[i].flag = '-';
	}
	for (const struct watch_place *p = s->accounts->hosts; p != NULL; p = p->hh.next) {
		const struct watch_rule *rule = &watch_rules[p->network];
		s->hosts[p->index] = (struct watch_host){
			.name = p->name, .limit = rule->limit, .per_ms = rule->per_ms};
	}
	return true;
}

bool watch_state_read(struct watch_state *s, const char *cursor)
{
	struct str all, line = STR_NONE;
	arena_reset(&s->arena);
	s->fresh = true;
	all = arena_str(&s->arena, str_c(cursor));
	if (!make_room(s) || !str_split(&all, '\n', &line) || !str_eq_c(line, HEAD)) {
		return s->arena.rc == HARK_OK;
	}
	while (str_split(&all, '\n', &line)) {
		struct str kind = text(&line);
		if (str_eq_c(kind, "h")) {
			read_host(s, line);
		} else if (str_eq_c(kind, "a")) {
			read_account(s, line);
		}
	}
	return s->arena.rc == HARK_OK;
}

void watch_state_try_again(struct watch_state *s)
{
	for (size_t i = 0; i < s->accounts->hosts_n; i++) {
		if (s->hosts[i].refused) {
			s->hosts[i].rest_ms = 0;
		}
	}
}

/* --- writing --- */

void watch_state_write(const struct watch_state *s, struct buf *out)
{
	buf_add_c(out, HEAD "\n");
	for (size_t i = 0; i < s->accounts->hosts_n; i++) {
		const struct watch_host *h = &s->hosts[i];
		if (h->at_ms == 0) {
			continue; /* never asked */
		}
		buf_printf(out,
			"h\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64
			"\t%" PRId64 "\t%d\n",
			h->name, h->at_ms, h->tokens, h->limit, h->per_ms, h->rest_ms, h->failures,
			h->refused);
	}
	for (size_t i = 0; i < s->accounts->n; i++) {
		const struct watch_seen *a = &s->seen[i];
		const struct str texts[] = {a->id, a->handle, a->etag, a->employer, a->title};
		if (a->seen_ms == 0) {
			continue;
		}
		buf_printf(out, "a\t%s\t%" PRId64 "\t%u\t%c\t%" PRIu64, s->accounts->v[i]->key,
			a->seen_ms, a->misses, a->flag, a->print);
		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
			buf_add_char(out, '\t');
			buf_add_str(out, texts[k]);
		}
		buf_add_char(out, '\n');
	}
}

struct str watch_keep(struct watch_state *s, const char *from)
{
	struct str copy = arena_str(&s->arena, str_trim(str_c(from)));
	for (size_t i = 0; i < copy.n; i++) {
		char *c = (char *)&copy.p[i];
		*c = *c == '\t' || *c == '\n' || *c == '\r' ? ' ' : *c;
	}
	return copy.n > 0 ? copy : STR_NONE;
}

/* --- hosts --- */

/* At once; with what comes in during the owner's time that is a tenth of what is allowed. */
static int64_t most(const struct watch_host *h)
{
	return h->limit / (2 * SHARE) > 0 ? h->limit / (2 * SHARE) : 1;
}

static int64_t rate(const struct watch_host *h)
{
	return h->limit / SHARE > most(h) ? h->limit / SHARE - most(h) : 1;
}

int64_t watch_host_ready(struct watch_host *h, int64_t now_ms)
{
	int64_t full = most(h) * TOKEN, since = now_ms - h->at_ms;
	int64_t more = since <= 0          ? 0
		       : since > h->per_ms ? full
					   : since * rate(h) * TOKEN / h->per_ms;
	if (more > 0 || since < 0) { /* a clock that was set back gives nothing away */
		h->at_ms = now_ms;
	}
	h->tokens = h->tokens + more > full ? full : h->tokens + more;
	int64_t at = 0;
	if (h->tokens < TOKEN) {
		at = now_ms + (TOKEN - h->tokens) * h->per_ms / (rate(h) * TOKEN) + 1;
	}
	return h->rest_ms > now_ms && h->rest_ms > at ? h->rest_ms : at;
}

void watch_host_take(struct watch_host *h)
{
	h->tokens -= h->tokens >= TOKEN ? TOKEN : h->tokens;
}

void watch_host_fail(struct watch_host *h, int64_t now_ms, int64_t until_ms)
{
	int64_t wait = REST_MS;
	for (int64_t i = 0; i < h->failures && wait < REST_MAX_MS; i++) {
		wait *= 2;
	}
	wait = wait > REST_MAX_MS ? REST_MAX_MS : wait;
	h->failures++;
	h->failed = true;
	h->rest_ms = now_ms + wait > until_ms ? now_ms + wait : until_ms;
}
