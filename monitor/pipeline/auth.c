#include "monitor/pipeline/auth.h"

#include "connectors/form.h"
#include "connectors/pointer.h"
#include "monitor/base/crypto.h"
#include "monitor/base/json.h"

#include <stdlib.h>
#include <utlist.h>

#define SECRET_MAX 8192
#define TOKEN_MAX 16384
#define TOKEN_MS_OTHERWISE (INT64_C(60) * 60 * 1000) /* where the reply does not say how long */
#define TOKEN_MS_MAX (INT64_C(24) * 60 * 60 * 1000)
#define LOG_IN_GAP_MS (INT64_C(60) * 1000) /* between two log-ins with the same secrets, */
#define LOG_IN_DOUBLINGS 6                 /* … doubled so often while they are refused */
#define REPLY_MAX 65536

struct token {
	struct token *next;
	uint64_t key;
	char *text;         /* owned; NULL: none now */
	char *refresh;      /* owned; gets the next one; NULL: that takes a log-in */
	int64_t had_ms;     /* steady; the last log-in that was begun */
	int64_t expires_ms; /* steady */
	int refused;        /* log-ins in a row */
	bool pending;       /* a log-in is under way, */
	bool refreshes;     /* … by the refresh token */
};

struct auth {
	struct token *tokens;
};

struct auth *auth_new(void)
{
	return calloc(1, sizeof(struct auth));
}

static void drop(char **secret)
{
	if (*secret != NULL) {
		crypto_wipe(*secret, strlen(*secret));
		free(*secret);
		*secret = NULL;
	}
}

void auth_free(struct auth *a)
{
	struct token *t, *tmp;
	if (a == NULL) {
		return;
	}
	LL_FOREACH_SAFE(a->tokens, t, tmp)
	{
		drop(&t->text);
		drop(&t->refresh);
		free(t);
	}
	free(a);
}

/* --- secrets --- */

static const struct conf_secret *find_secret(const struct source *s, const char *name)
{
	for (size_t i = 0; name != NULL && i < s->conf->secrets_n; i++) {
		if (strcmp(s->conf->secret_names[i], name) == 0) {
			return &s->conf->secrets[i];
		}
	}
	return NULL;
}

/* The value of a secret into `out`, which is empty for a name that is not asked for. */
static int read_secret(
	const struct source *s, const char *name, struct buf *out, struct hark_err *err)
{
	const struct conf_secret *secret = find_secret(s, name);
	if (name == NULL) {
		return HARK_OK;
	}
	if (secret == NULL) {
		return hark_err_set(err, HARK_EAUTH,
			"it needs a secret: add secret: { %s: env:NAME, file:PATH or "
			"credential:NAME }",
			name);
	}
	return conf_secret(secret, s->setup->conf->base_dir, out, err);
}

struct str auth_credential(const struct source *s, struct arena *arena)
{
	struct buf text;
	struct str kept;
	buf_init(&text, 4096);
	buf_printf(&text, "%s", s->connector->name);
	for (size_t i = 0; i < s->conf->secrets_n; i++) {
		buf_printf(
			&text, "|%d:%s", (int)s->conf->secrets[i].from, s->conf->secrets[i].name);
	}
	kept = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return kept;
}

/* --- requests --- */

static bool add_header(
	struct fetch_request *out, const char *name, const char *value, struct arena *arena)
{
	struct fetch_header *h = arena_alloc(arena, (out->headers_n + 1) * sizeof(*h));
	if (h == NULL || value == NULL) {
		return false;
	}
	if (out->headers_n > 0) {
		memcpy(h, out->headers, out->headers_n * sizeof(*h));
	}
	h[out->headers_n] = (struct fetch_header){name, value};
	out->headers = h;
	out->headers_n++;
	return true;
}

static bool add_authorization(
	struct fetch_request *out, const char *scheme, struct str value, struct arena *arena)
{
	struct buf text;
	buf_init(&text, 2 * TOKEN_MAX);
	buf_printf(&text, "%s %.*s", scheme, STR_FMT(value));
	bool ok = add_header(out, "Authorization", arena_c(arena, buf_str(&text)), arena);
	crypto_wipe_buf(&text);
	return ok;
}

static bool add_basic(
	struct fetch_request *out, struct str user, struct str password, struct arena *arena)
{
	struct buf plain, coded;
	buf_init(&plain, 2 * SECRET_MAX + 2);
	buf_init(&coded, 4 * SECRET_MAX);
	buf_add_str(&plain, user);
	buf_add_char(&plain, ':');
	buf_add_str(&plain, password);
	crypto_base64(&coded, plain.p, plain.n);
	bool ok = add_authorization(out, "Basic", buf_str(&coded), arena);
	crypto_wipe_buf(&plain);
	crypto_wipe_buf(&coded);
	return ok;
}

static bool add_query(
	struct fetch_request *out, const char *name, struct str value, struct arena *arena)
{
	struct buf url;
	buf_init(&url, 16384);
	buf_add_c(&url, out->url);
	buf_add_char(&url, strchr(out->url, '?') != NULL ? '&' : '?');
	form_encode(str_c(name), &url);
	buf_add_char(&url, '=');
	form_encode(value, &url);
	out->url = url.rc == HARK_OK ? arena_c(arena, buf_str(&url)) : NULL;
	crypto_wipe_buf(&url);
	return out->url != NULL;
}

/* --- tokens --- */

static uint64_t key_of(const struct source *s, struct arena *arena)
{
	return hash64(auth_credential(s, arena), hash64(str_c(s->auth->url), 0));
}

static struct token *token_of(struct auth *a, const struct source *s, bool make)
{
	struct arena arena;
	arena_init(&arena, 0);
	uint64_t key = key_of(s, &arena);
	arena_release(&arena);
	struct token *t;
	LL_FOREACH (a->tokens, t) {
		if (t->key == key) {
			return t;
		}
	}
	t = make ? calloc(1, sizeof(*t)) : NULL;
	if (t != NULL) {
		t->key = key;
		t->had_ms = INT64_MIN / 2;
		LL_PREPEND(a->tokens, t);
	}
	return t;
}

static void write_oauth(
	const struct hark_auth *auth, struct str id, struct str secret, struct buf *body)
{
	buf_add_c(body, "grant_type=client_credentials");
	if (auth->scope != NULL) {
		buf_add_c(body, "&scope=");
		form_encode(str_c(auth->scope), body);
	}
	if (auth->in_body) {
		buf_add_c(body, "&client_id=");
		form_encode(id, body);
		buf_add_c(body, "&client_secret=");
		form_encode(secret, body);
	}
}

static void write_login(
	const struct hark_auth *auth, struct str name, struct str password, struct buf *body)
{
	json_t *object = json_object();
	json_object_set_new(object, auth->name, json_stringn(name.p, name.n));
	json_object_set_new(object, auth->name2, json_stringn(password.p, password.n));
	char *text = json_dumps(object, JSON_COMPACT);
	buf_add_c(body, text != NULL ? text : "");
	if (text != NULL) {
		crypto_wipe(text, strlen(text));
		free(text);
	}
	json_decref(object);
}

/* Turns the request into the one for a token. */
static bool make_login(const struct source *s, struct str one, struct str two,
	struct fetch_request *out, struct arena *arena)
{
	const struct hark_auth *auth = s->auth;
	bool is_form = auth->kind == HARK_AUTH_OAUTH2;
	struct buf body;
	*out = (struct fetch_request){.url = auth->url,
		.method = "POST",
		.max_bytes = REPLY_MAX,
		.spacing_ms = out->spacing_ms,
		.internal = out->internal};
	buf_init(&body, 4 * SECRET_MAX);
	if (is_form) {
		write_oauth(auth, one, two, &body);
	} else {
		write_login(auth, one, two, &body);
	}
	out->body = arena_str(arena, buf_str(&body));
	bool ok = body.rc == HARK_OK && out->body.p != NULL &&
		  add_header(out, "Content-Type",
			  is_form ? "application/x-www-form-urlencoded" : "application/json",
			  arena) &&
		  add_header(out, "Accept", "application/json", arena);
	if (ok && is_form && !auth->in_body) {
		ok = add_basic(out, one, two, arena);
	}
	crypto_wipe_buf(&body);
	return ok;
}

/* Turns the request into the one for the next token. */
static bool make_refresh(const struct source *s, const struct token *t, struct fetch_request *out,
	struct arena *arena)
{
	*out = (struct fetch_request){.url = s->auth->refresh_url,
		.method = "POST",
		.body = STR(""),
		.max_bytes = REPLY_MAX,
		.spacing_ms = out->spacing_ms,
		.internal = out->internal};
	return add_header(out, "Accept", "application/json", arena) &&
	       add_authorization(out, "Bearer", str_c(t->refresh), arena);
}

static int64_t gap_ms(const struct token *t)
{
	return LOG_IN_GAP_MS << (t->refused < LOG_IN_DOUBLINGS ? t->refused : LOG_IN_DOUBLINGS);
}

static enum auth_next with_token(struct auth *a, const struct source *s, struct str one,
	struct str two, struct fetch_request *out, struct arena *arena, int64_t now_ms,
	struct hark_err *err)
{
	struct token *t = token_of(a, s, true);
	bool ok = t != NULL;
	if (ok && t->text != NULL && now_ms < t->expires_ms) {
		ok = add_authorization(out, "Bearer", str_c(t->text), arena);
		if (ok) {
			return AUTH_READY;
		}
	} else if (ok && t->pending && now_ms - t->had_ms < LOG_IN_GAP_MS) {
		return AUTH_WAIT;
	} else if (ok && now_ms - t->had_ms < gap_ms(t)) {
		hark_err_set(err, HARK_EAUTH,
			"the log-in failed a moment ago and is not tried again at once");
		return AUTH_FAILED;
	} else if (ok) {
		t->had_ms = now_ms;
		t->refreshes = t->refresh != NULL;
		ok = t->refreshes ? make_refresh(s, t, out, arena)
				  : make_login(s, one, two, out, arena);
		t->pending = ok;
		if (ok) {
			return AUTH_LOG_IN;
		}
	}
	hark_err_set(err, HARK_ENOMEM, "no memory for its log-in");
	return AUTH_FAILED;
}

static bool add_mailbox(struct fetch_mailbox *to, const struct hark_auth *auth, struct str secret,
	struct arena *arena)
{
	const char *text = arena_c(arena, secret);
	to->user = auth->name;
	to->token = auth->kind == HARK_AUTH_BEARER ? text : NULL;
	to->password = auth->kind == HARK_AUTH_BASIC ? text : NULL;
	return text != NULL;
}

static bool with_secret(struct source *s, struct str one, struct str two, struct fetch_request *out,
	struct arena *arena)
{
	const struct hark_auth *auth = s->auth;
	if (out->mailbox != NULL) {
		return add_mailbox(out->mailbox, auth, one, arena);
	}
	switch (auth->kind) {
	case HARK_AUTH_HEADER:
		return add_header(out, auth->name, arena_c(arena, one), arena) &&
		       (auth->name2 == NULL || two.n == 0 ||
			       add_header(out, auth->name2, arena_c(arena, two), arena));
	case HARK_AUTH_QUERY:
		s->secret_in_url = true;
		return add_query(out, auth->name, one, arena);
	case HARK_AUTH_BEARER:
		return add_authorization(out, "Bearer", one, arena);
	case HARK_AUTH_BASIC:
		return add_basic(out, one, two, arena);
	default:
		return true;
	}
}

enum auth_next auth_complete(struct auth *a, struct source *s, struct fetch_request *out,
	struct arena *arena, int64_t now_ms, struct hark_err *err)
{
	const struct hark_auth *auth = s->auth;
	struct buf one, two;
	s->secret_in_url = false;
	if (auth == NULL || auth->kind == HARK_AUTH_NONE ||
		(auth->optional && find_secret(s, auth->secret) == NULL)) {
		return AUTH_READY;
	}
	buf_init(&one, SECRET_MAX);
	buf_init(&two, SECRET_MAX);
	enum auth_next next = AUTH_FAILED;
	int rc = read_secret(s, auth->secret, &one, err);
	rc = rc == HARK_OK ? read_secret(s, auth->secret2, &two, err) : rc;
	if (rc == HARK_OK && (auth->kind == HARK_AUTH_OAUTH2 || auth->kind == HARK_AUTH_LOGIN)) {
		next = with_token(a, s, buf_str(&one), buf_str(&two), out, arena, now_ms, err);
	} else if (rc == HARK_OK && with_secret(s, buf_str(&one), buf_str(&two), out, arena)) {
		next = AUTH_READY;
	} else if (rc == HARK_OK) {
		hark_err_set(err, HARK_ENOMEM, "no memory for its log-in");
	}
	crypto_wipe_buf(&one);
	crypto_wipe_buf(&two);
	return next;
}

/* A header holds no control characters, and a NUL would cut it short. */
static bool fits_a_header(struct str token)
{
	for (size_t i = 0; i < token.n; i++) {
		if ((unsigned char)token.p[i] < ' ' || token.p[i] == 0x7f) {
			return false;
		}
	}
	return true;
}

static struct str token_in(const json_t *root, struct str path, struct arena *arena)
{
	struct pointer p;
	struct scope scope = {.at = {[POINTER_ITEM] = root, [POINTER_ROOT] = root}};
	if (path.n == 0 || pointer_compile(&p, path, NULL, 0, arena, NULL) != HARK_OK) {
		return STR_NONE;
	}
	const json_t *node = pointer_first(&p, &scope);
	struct str token = json_is_string(node)
				   ? str_n(json_string_value(node), json_string_length(node))
				   : STR_NONE;
	return token.n <= TOKEN_MAX && fits_a_header(token) ? arena_str(arena, token) : STR_NONE;
}

static int64_t lifetime_ms(const json_t *root)
{
	int64_t ms = json_i64(root, "expires_in", 0);
	if (ms <= 0 || ms > TOKEN_MS_MAX / 1000) {
		return ms <= 0 ? TOKEN_MS_OTHERWISE : TOKEN_MS_MAX;
	}
	return ms * 900; /* milliseconds, less a tenth */
}

/* What the reply holds, in place of what there was. */
static int keep_tokens(struct token *t, const struct hark_auth *auth, const json_t *root,
	struct arena *arena, int64_t now_ms)
{
	bool is_login = auth->kind == HARK_AUTH_LOGIN;
	struct str text =
		token_in(root, is_login ? str_c(auth->token) : STR("/access_token"), arena);
	struct str refresh = token_in(root, str_c(auth->refresh), arena);
	if (text.n == 0) {
		return HARK_EAUTH;
	}
	drop(&t->text);
	drop(&t->refresh);
	t->text = strdup(text.p);
	t->refresh = refresh.n > 0 ? strdup(refresh.p) : NULL;
	t->expires_ms = now_ms + lifetime_ms(root);
	return t->text != NULL ? HARK_OK : HARK_ENOMEM;
}

/* What a reply without a token means. */
static int no_token(struct token *t, int status, struct hark_err *err)
{
	bool is_final = status >= 300 && status <= 499 && status != 429;
	if (t->refreshes && is_final) {
		drop(&t->refresh);
		t->had_ms = INT64_MIN / 2; /* one log-in may follow at once */
		return HARK_OK;
	}
	t->refused += !t->refreshes;
	if (is_final) {
		return hark_err_set(err, HARK_EAUTH,
			"the log-in was refused (HTTP %d): check the source's secrets", status);
	}
	return status >= 200 && status <= 299
		       ? hark_err_set(err, HARK_EAUTH,
				 "the log-in gave no token that can be used (HTTP %d): check the address "
				 "it goes to",
				 status)
		       : hark_err_set(
				 err, HARK_EAUTH, "no log-in is to be had now (HTTP %d)", status);
}

int auth_logged_in(struct auth *a, const struct source *s, const struct fetch_reply *reply,
	int64_t now_ms, struct hark_err *err)
{
	struct token *t = token_of(a, s, true);
	struct arena arena;
	if (t == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for its log-in");
	}
	t->pending = false;
	if (reply->rc != HARK_OK) {
		return hark_err_set(err, reply->rc, "its log-in: %s", reply->error);
	}
	arena_init(&arena, 1 << 20);
	bool is_good = reply->status >= 200 && reply->status <= 299;
	json_t *root = is_good ? json_read(buf_str(&reply->body), NULL) : NULL;
	int rc = root != NULL ? keep_tokens(t, s->auth, root, &arena, now_ms) : HARK_EAUTH;
	if (rc == HARK_OK) {
		t->refused = 0;
	} else if (rc == HARK_EAUTH) {
		rc = no_token(t, reply->status, err);
	} else {
		hark_err_set(err, rc, "no memory for its log-in");
	}
	json_decref(root);
	arena_release(&arena);
	return rc;
}

bool auth_expired(const struct source *s, const struct fetch_reply *reply)
{
	struct str body = buf_str(&reply->body);
	bool has_word = reply->status == 400 && s->auth != NULL && s->auth->expired != NULL &&
			body.n > 0 && str_find(body, str_c(s->auth->expired)) != SIZE_MAX;
	return reply->rc == HARK_OK && (reply->status == 401 || has_word);
}

bool auth_refused(struct auth *a, const struct source *s, int64_t now_ms)
{
	if (s->auth == NULL ||
		(s->auth->kind != HARK_AUTH_OAUTH2 && s->auth->kind != HARK_AUTH_LOGIN)) {
		return false;
	}
	struct token *t = token_of(a, s, false);
	if (t == NULL || t->text == NULL || now_ms - t->had_ms < LOG_IN_GAP_MS) {
		return false;
	}
	drop(&t->text);
	return true;
}
