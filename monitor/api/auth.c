/* Who asks: "Authorization: Bearer TOKEN", a cookie (session.c), or the header of a proxy that is trusted. A wrong,
 * an ended and a missing token are answered alike, and none is ever logged or repeated. */
#include "monitor/api/api_in.h"

#include "monitor/base/crypto.h"
#include "monitor/store/sessions.h"
#include "monitor/store/users.h"

#define USED_MS (3600 * INT64_C(1000)) /* how exactly the last use is remembered */

static bool refuse(struct call *c)
{
	http_header(c->x, "WWW-Authenticate", "Bearer realm=\"hark\"");
	call_refuse(c, 401,
		"say who you are: \"Authorization: Bearer TOKEN\" with a token that is in "
		"force (hark token add USER)");
	return false;
}

static struct str bearer(const struct http_exchange *x)
{
	struct str value = http_request_header(x, "Authorization");
	if (value.p == NULL || !str_starts_nocase(value, STR("Bearer "))) {
		return STR_NONE;
	}
	return str_trim(str_n(value.p + 7, value.n - 7));
}

static int mark_used(struct store *s, void *arg, struct hark_err *err)
{
	const struct token *t = arg;
	(void)err; /* a failure is the transaction's */
	store_token_used(s, t->id, t->used_ms);
	return HARK_OK;
}

static void remember_use(struct call *c, struct token *t)
{
	if (c->now_ms - t->used_ms >= USED_MS) {
		t->used_ms = c->now_ms;
		api_remember_use(c->api, mark_used, t);
	}
}

static bool take_token(struct call *c, struct token *t)
{
	c->who = (struct principal){
		.user = t->user, .name = t->user_name, .role = t->role, .scope = t->scope};
	remember_use(c, t);
	return true;
}

static bool by_token(struct call *c, struct str text)
{
	struct token t;
	struct hark_err err = {0};
	c->pass.kind = PASS_TOKEN;
	crypto_sha256(text, c->pass.hash);
	int rc = store_token_find(c->store, c->pass.hash, c->now_ms, c->arena, &t, &err);
	if (rc == HARK_ENOENT) {
		return refuse(c);
	}
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return false;
	}
	return take_token(c, &t);
}

/* Why the role or the scope does not go as far as the route needs; NULL: it does. */
static const char *falls_short(const struct call *c)
{
	enum need need = c->route->need;
	enum role role = c->who.role;
	if (need == NEED_METRICS && c->who.scope != SCOPE_FEED) {
		return NULL;
	}
	if (c->who.scope == SCOPE_METRICS) {
		return "this token is for /metrics alone";
	}
	if (c->who.scope == SCOPE_FEED) {
		return "this token is for the feed alone";
	}
	if (need != NEED_READ && c->who.scope != SCOPE_WRITE) {
		return "this token may only read";
	}
	if (need == NEED_WORK && !role_works(role)) {
		return "a viewer only looks";
	}
	if (need == NEED_ADMIN && role != ROLE_ADMIN) {
		return "this is for admins";
	}
	if (need == NEED_PRIVACY && role != ROLE_ADMIN && role != ROLE_COMPLIANCE) {
		return "this is for admins and compliance";
	}
	if (need == NEED_DESK && !role_keeps_references(role)) {
		return "this is for marketing, the head of sales and admins";
	}
	return NULL;
}

/* The trail is told before whoever asks: once that is answered, what the request said is gone. */
static bool may(struct call *c)
{
	bool is_step = strcmp(c->route->method, "GET") != 0;
	const char *why = falls_short(c);
	if (why != NULL && is_step) {
		call_note_refused(c);
	}
	if (why != NULL) {
		call_refuse(c, 403, "%s", why);
	}
	return why == NULL;
}

/* An address may be kept in places where a token must not be: one that opens more opens nothing here. */
static bool by_address(struct call *c)
{
	unsigned char hash[CRYPTO_SHA256_BYTES];
	struct token t;
	struct hark_err err = {0};
	crypto_sha256(c->arg, hash);
	int rc = store_token_find(c->store, hash, c->now_ms, c->arena, &t, &err);
	if (rc == HARK_ENOENT || (rc == HARK_OK && t.scope != SCOPE_FEED)) {
		call_refuse(c, 404, "nothing is here");
		return false;
	}
	return rc == HARK_OK ? take_token(c, &t) : (call_fail(c, &err), false);
}

/* Who a proxy says it is. It is a browser behind it, so what changes something must come from a page of ours. */
static bool by_proxy(struct call *c, struct str name)
{
	struct user user;
	struct hark_err err = {0};
	int rc = store_user_load(c->store, name, c->arena, &user, &err);
	if (rc == HARK_ENOENT || (rc == HARK_OK && user.disabled_ms != 0)) {
		call_refuse(c, 403, "'%.*s' is no user of hark (hark user add)",
			(int)(name.n < USER_NAME_MAX ? name.n : USER_NAME_MAX), name.p);
		return false;
	}
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return false;
	}
	c->pass.kind = PASS_PROXY;
	c->who = (struct principal){
		.user = user.id, .name = user.name, .role = user.role, .scope = SCOPE_WRITE};
	return call_reads(c) || session_same_origin(c);
}

static bool find_out(struct call *c)
{
	struct str text = bearer(c->x);
	const char *header = c->setup->conf->http_user_header;
	struct str name = header != NULL ? http_request_header(c->x, header) : STR_NONE;
	if (http_request_header(c->x, "Authorization").p != NULL) {
		return str_empty(text) ? refuse(c) : by_token(c, text);
	}
	if (!str_empty(name)) {
		return by_proxy(c, name);
	}
	enum found found = session_find(c);
	return found == FOUND_NOBODY ? refuse(c) : found == FOUND_SOMEBODY;
}

bool auth_call(struct call *c)
{
	switch (c->route->need) {
	case NEED_NOBODY:
		return true;
	case NEED_FEED:
		return by_address(c);
	default:
		return find_out(c) && may(c);
	}
}

/* HARK_ENOENT: nobody any more. */
static int find_again(struct store *s, const struct pass *pass, struct str name, int64_t now_ms,
	struct arena *arena, struct principal *out)
{
	struct token t = {0};
	struct user user = {0};
	int64_t used_ms;
	int rc;
	if (pass->kind == PASS_TOKEN) {
		rc = store_token_find(s, pass->hash, now_ms, arena, &t, NULL);
		*out = (struct principal){.user = t.user, .role = t.role, .scope = t.scope};
		return rc;
	}
	rc = pass->kind == PASS_SESSION
		     ? store_session_find(s, pass->hash, now_ms, arena, &user, &used_ms, NULL)
		     : store_user_load(s, name, arena, &user, NULL);
	*out = (struct principal){.user = user.id, .role = user.role, .scope = SCOPE_WRITE};
	return rc == HARK_OK && user.disabled_ms != 0 ? HARK_ENOENT : rc;
}

bool auth_stands(
	struct store *s, const struct pass *pass, const struct principal *who, int64_t now_ms)
{
	struct arena arena;
	struct principal now;
	arena_init(&arena, 0);
	int rc = find_again(s, pass, who->name, now_ms, &arena, &now);
	arena_release(&arena);
	if (rc != HARK_OK) {
		return rc != HARK_ENOENT;
	}
	return now.user == who->user && now.role == who->role && now.scope == who->scope;
}

void me_show(struct call *c)
{
	jsonout_object(&c->j);
	jsonout_key_str(&c->j, "user", c->who.name);
	jsonout_key_c(&c->j, "role", role_name(c->who.role));
	jsonout_key_c(&c->j, "scope", scope_name(c->who.scope));
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}
