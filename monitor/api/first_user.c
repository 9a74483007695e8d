#include "monitor/api/first_user.h"

#include "monitor/api/api_in.h"
#include "monitor/store/audit.h"
#include "monitor/store/first_user.h"

/* ---- the link ---- */

int first_user_possible(const struct conf *c, struct hark_err *err)
{
	if (c->http_listen == NULL) {
		return hark_err_set(err, HARK_ESTATE,
			"hark does not listen: say http: { listen: \"127.0.0.1:8787\" } in the "
			"configuration, or take `hark user add`");
	}
	if (c->http_user_header != NULL) {
		return hark_err_set(err, HARK_ESTATE,
			"a proxy says who is there (http.user-header): name the first admin as it does, "
			"hark user add NAME --role admin --no-password");
	}
	return HARK_OK;
}

void first_user_link(const struct conf *c, const char *token, struct buf *out)
{
	bool is_plain = !str_starts(str_c(c->http_listen), STR("unix:")) && !c->http_behind_tls;
	struct str base = str_c(c->http_public_url);
	if (is_plain) {
		buf_printf(out, "http://%s", c->http_listen);
	} else if (base.n > 0 && base.p[base.n - 1] == '/') {
		buf_add_str(out, str_n(base.p, base.n - 1));
	} else {
		buf_add_str(out, base.p != NULL ? base : STR(""));
	}
	buf_printf(out, FIRST_USER_PAGE "#%s", token);
}

/* ---- what it leads to ---- */

struct wish {
	struct call *c;
	struct str token;
	struct user user;
};

static int add(struct store *s, void *arg, struct hark_err *err)
{
	struct wish *w = arg;
	int rc = store_first_allows(s, w->token, w->c->now_ms, err); /* nobody was faster */
	rc = rc == HARK_OK ? store_user_add(s, &w->user, err) : rc;
	rc = rc == HARK_OK ? store_user_load(s, w->user.name, w->c->arena, &w->user, err) : rc;
	const struct audit_entry entry = {.actor = w->user.name,
		.action = STR("POST /api/v1/setup"),
		.target = w->user.name,
		.at_ms = w->c->now_ms};
	store_audit_add(s, &entry);
	return rc;
}

/* False: the call is answered. */
static bool read_wish(struct call *c, struct wish *w, struct str *password)
{
	static const char *const members[] = {"token", "user", "password", NULL};
	*w = (struct wish){.c = c, .user = {.role = ROLE_ADMIN, .created_ms = c->now_ms}};
	*password = json_str(c->body, "password");
	if (!call_knows(c, members) || !call_text(c, "token", TOKEN_TEXT_MAX, &w->token) ||
		!call_text(c, "user", USER_NAME_MAX, &w->user.name)) {
		return false;
	}
	if (w->token.p == NULL) {
		call_refuse(c, 422, "'token' is what the link has behind its #");
	} else if (!user_name_fits(w->user.name)) {
		call_refuse(c, 422, USER_NAME_RULE);
	} else if (password->n < USER_PASSWORD_MIN) {
		call_refuse(c, 422, USER_PASSWORD_RULE);
	} else if (password->n > USER_PASSWORD_MAX) {
		call_refuse(c, 422, "a password has at most %d bytes", USER_PASSWORD_MAX);
	} else {
		return true;
	}
	return false;
}

void first_user_make(struct call *c)
{
	struct wish w;
	struct str password;
	struct hark_err err = {0};
	char kept[CRYPTO_PASSWORD_MAX];
	if (!read_wish(c, &w, &password) || !session_may_try(c, w.token)) {
		return;
	}
	int rc = first_user_possible(c->setup->conf, &err);
	rc = rc == HARK_OK ? store_first_allows(c->store, w.token, c->now_ms, &err) : rc;
	if (rc == HARK_OK && !crypto_password_hash(password, kept)) {
		rc = hark_err_set(&err, HARK_ENOMEM, "no memory for a password (19 MiB)");
	}
	w.user.password = str_c(kept);
	rc = rc == HARK_OK ? api_write(c->api, add, &w, &err) : rc;
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	api_login_was_good(c->api, w.token, http_client(c->x));
	c->who = (struct principal){
		.user = w.user.id, .name = w.user.name, .role = w.user.role, .scope = SCOPE_WRITE};
	session_open(c);
}
