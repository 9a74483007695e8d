/* Browsers: a name and a password for a cookie, and what keeps other pages from using it.
 *
 * What changes something on the strength of a cookie needs two things that a page of somebody else cannot give: an
 * Origin (or Sec-Fetch-Site) of ours, and a token that only our pages can read (GET /session). */
#include "monitor/api/api_in.h"

#include "monitor/base/crypto.h"
#include "monitor/store/sessions.h"

#include <stdio.h>

#define ID_BYTES 32
#define ID_TEXT (2 * ID_BYTES)
#define USED_MS (3600 * INT64_C(1000)) /* how exactly the last use is remembered */

static const char *cookie_name(const struct call *c)
{
	return c->setup->conf->http_behind_tls ? "__Host-hark_session" : "hark_session";
}

static void set_cookie(struct call *c, const char *value, int64_t age_s)
{
	char text[300];
	snprintf(text, sizeof(text), "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
		cookie_name(c), value, (long long)age_s,
		c->setup->conf->http_behind_tls ? "; Secure" : "");
	http_header(c->x, "Set-Cookie", text);
}

/* What our cookie holds; absent: there is none. */
static struct str cookie(const struct call *c)
{
	struct str rest = http_request_header(c->x, "Cookie"), one, name = str_c(cookie_name(c));
	while (str_split(&rest, ';', &one)) {
		one = str_trim(one);
		if (str_starts(one, name) && one.n > name.n && one.p[name.n] == '=') {
			return str_n(one.p + name.n + 1, one.n - name.n - 1);
		}
	}
	return STR_NONE;
}

static void hex(const unsigned char *bytes, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++) {
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	}
}

/* Made of what only the cookie and hark know. */
static void make_token(struct str id, char out[2 * CRYPTO_HMAC_BYTES + 1])
{
	unsigned char sum[CRYPTO_HMAC_BYTES];
	const struct str what = STR("token of writes");
	crypto_hmac_sha256(id, &what, 1, sum);
	hex(sum, sizeof(sum), out);
}

/* ---- what a cookie may do ---- */

static bool is_same_origin(const struct call *c)
{
	struct str site = http_request_header(c->x, "Sec-Fetch-Site");
	struct str origin = http_request_header(c->x, "Origin");
	struct str host = http_request_header(c->x, "Host");
	if (site.p != NULL) {
		return str_eq_c(site, "same-origin");
	}
	size_t at = str_find(origin, STR("://"));
	return origin.p != NULL && at != SIZE_MAX &&
	       str_eq_nocase(str_n(origin.p + at + 3, origin.n - at - 3), host);
}

bool session_same_origin(struct call *c)
{
	bool is_same = is_same_origin(c);
	if (!is_same) {
		call_refuse(c, 403, "this comes from another page than hark's own");
	}
	return is_same;
}

/* False: the call is answered. */
static bool is_from_our_page(struct call *c, struct str id)
{
	char want[2 * CRYPTO_HMAC_BYTES + 1];
	struct str token = http_request_header(c->x, "X-Hark-Token");
	if (!session_same_origin(c)) {
		return false;
	}
	make_token(id, want);
	bool is_ours = token.n == sizeof(want) - 1 && crypto_equal(token.p, want, token.n);
	if (!is_ours) {
		call_refuse(c, 403, "the header X-Hark-Token is not that of this session");
	}
	return is_ours;
}

static int mark_used(struct store *s, void *arg, struct hark_err *err)
{
	const struct call *c = arg;
	(void)err; /* a failure is the transaction's */
	store_session_used(s, c->pass.hash, c->now_ms);
	return HARK_OK;
}

enum found session_find(struct call *c)
{
	struct user user;
	struct hark_err err = {0};
	int64_t used_ms;
	struct str id = cookie(c);
	if (id.p == NULL) {
		return FOUND_NOBODY;
	}
	crypto_sha256(id, c->pass.hash);
	int rc = store_session_find(
		c->store, c->pass.hash, c->now_ms, c->arena, &user, &used_ms, &err);
	if (rc != HARK_OK && rc != HARK_ENOENT) {
		call_fail(c, &err);
		return FOUND_ANSWERED;
	}
	if (rc == HARK_ENOENT) {
		return FOUND_NOBODY;
	}
	c->pass.kind = PASS_SESSION;
	c->who = (struct principal){
		.user = user.id, .name = user.name, .role = user.role, .scope = SCOPE_WRITE};
	if (!call_reads(c) && !is_from_our_page(c, id)) {
		return FOUND_ANSWERED;
	}
	if (c->now_ms - used_ms >= USED_MS) {
		api_remember_use(c->api, mark_used, c);
	}
	return FOUND_SOMEBODY;
}

/* ---- logging in and out ---- */

static void write_session(struct call *c, struct str id)
{
	char token[2 * CRYPTO_HMAC_BYTES + 1];
	make_token(id, token);
	jsonout_object(&c->j);
	jsonout_key_str(&c->j, "user", c->who.name);
	jsonout_key_c(&c->j, "role", role_name(c->who.role));
	jsonout_key_c(&c->j, "token", token);
	jsonout_end_object(&c->j);
}

static int save(struct store *s, void *arg, struct hark_err *err)
{
	const struct call *c = arg;
	(void)err; /* a failure is the transaction's */
	store_session_add(s, c->pass.hash, c->who.user, c->now_ms);
	return HARK_OK;
}

void session_open(struct call *c)
{
	unsigned char bytes[ID_BYTES];
	char id[ID_TEXT + 1];
	struct hark_err err = {0};
	crypto_random(bytes, sizeof(bytes));
	hex(bytes, sizeof(bytes), id);
	crypto_sha256(str_c(id), c->pass.hash);
	if (api_write(c->api, save, c, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	set_cookie(c, id, SESSION_LIFE_MS / 1000);
	write_session(c, str_c(id));
	call_answer(c, 200);
	crypto_wipe(id, sizeof(id));
}

/* Whoever is unknown takes as long to find out as whoever is not. */
static bool is_password(struct call *c, struct str name, struct str password)
{
	struct user user = {0};
	int rc = store_user_load(c->store, name, c->arena, &user, NULL);
	bool is_user = rc == HARK_OK && user.disabled_ms == 0 && user.password.p != NULL;
	bool good = crypto_password_check(is_user ? user.password.p : NULL, password);
	c->who = (struct principal){
		.user = user.id, .name = user.name, .role = user.role, .scope = SCOPE_WRITE};
	return good;
}

bool session_may_try(struct call *c, struct str what)
{
	bool has_origin = http_request_header(c->x, "Origin").p != NULL ||
			  http_request_header(c->x, "Sec-Fetch-Site").p != NULL;
	if (has_origin && !session_same_origin(c)) {
		return false;
	}
	int64_t wait_ms = api_try_login(c->api, what, http_client(c->x));
	if (wait_ms > 0) {
		char after[32];
		snprintf(after, sizeof(after), "%lld", (long long)(wait_ms + 999) / 1000);
		http_header(c->x, "Retry-After", after);
		call_refuse(c, 429, "too many tries: wait %s seconds", after);
	}
	return wait_ms == 0;
}

void session_begin(struct call *c)
{
	static const char *const members[] = {"user", "password", NULL};
	struct str name, password = json_str(c->body, "password");
	if (!call_knows(c, members) || !call_text(c, "user", USER_NAME_MAX, &name)) {
		return;
	}
	if (name.p == NULL || password.p == NULL || password.n > USER_PASSWORD_MAX) {
		call_refuse(c, 422, "a 'user' and a 'password'");
		return;
	}
	if (!session_may_try(c, name)) {
		return;
	}
	if (!is_password(c, name, password)) {
		call_refuse(c, 401, "the name or the password is wrong");
	} else {
		api_login_was_good(c->api, name, http_client(c->x));
		session_open(c);
	}
}

void session_show(struct call *c)
{
	struct str id = cookie(c);
	if (c->pass.kind != PASS_SESSION) {
		call_refuse(c, 404, "a token has no session");
		return;
	}
	write_session(c, id);
	call_answer(c, 200);
}

static int end(struct store *s, struct call *c, struct hark_err *err)
{
	(void)err; /* a failure is the transaction's */
	store_session_end(s, c->pass.hash);
	jsonout_object(&c->j);
	jsonout_key_bool(&c->j, "ok", true);
	jsonout_end_object(&c->j);
	return HARK_OK;
}

void session_end(struct call *c)
{
	static const char *const nothing[] = {NULL};
	if (c->pass.kind != PASS_SESSION) {
		call_refuse(c, 404, "a token has no session");
	} else if (call_knows(c, nothing)) {
		set_cookie(c, "", 0);
		call_write(c, end, NULL);
	}
}
