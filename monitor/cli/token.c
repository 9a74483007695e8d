/* hark token: what programs use the API with. A token is shown once, when it is made. */
#include "monitor/cli/commands.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"
#include "monitor/store/users.h"

#include <stdio.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define LIFE_MS (90 * DAY_MS)
#define LIFE_MAX_MS (3650 * DAY_MS)
#define NAME_MAX_BYTES 200

/* ---- add ---- */

static int read_token(struct cli *cli, int argc, struct token *out)
{
	const char *scope = cli_value(cli, "scope"), *life = cli_value(cli, "for");
	int64_t life_ms = LIFE_MS;
	if (argc != 1) {
		return cli_usage(cli, "say whose it is: hark token add USER");
	}
	if (scope != NULL && !scope_parse(str_c(scope), &out->scope)) {
		return cli_usage(cli, "a scope is read, write, metrics or feed, not '%s'", scope);
	}
	if (life != NULL && (value_duration(str_c(life), &life_ms, NULL) != HARK_OK ||
				    life_ms <= 0 || life_ms > LIFE_MAX_MS)) {
		return cli_usage(
			cli, "a token ends: --for takes a time such as 90d, not '%s'", life);
	}
	out->name = str_trim(str_c(cli_value(cli, "name")));
	if (out->name.n > NAME_MAX_BYTES) {
		return cli_usage(cli, "--name takes at most %d bytes", NAME_MAX_BYTES);
	}
	if (out->name.p == NULL) {
		out->name = STR("");
	}
	out->created_ms = clock_wall_ms();
	out->expires_ms = out->created_ms + life_ms;
	return EXIT_DONE;
}

static int save(struct desk *d, const char *user_name, struct token *token, struct str text)
{
	unsigned char hash[CRYPTO_SHA256_BYTES];
	struct user user;
	crypto_sha256(text, hash);
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = store_user_load(d->store, str_c(user_name), &d->arena, &user, &d->err);
	if (rc == HARK_OK && user.disabled_ms != 0) {
		rc = hark_err_set(&d->err, HARK_ESTATE, "%s is disabled", user_name);
	}
	if (rc != HARK_OK) {
		store_rollback(d->store);
		return rc;
	}
	token->user = user.id;
	token->id = store_token_add(d->store, token, hash);
	return store_commit(d->store, &d->err);
}

static void say_added(struct cli *cli, const struct token *t, const char *text)
{
	char until[CLOCK_TEXT_MAX];
	if (!cli_json(cli)) {
		printf("%s\n", text);
		fprintf(stderr,
			"token %lld, to %s, until %s; it is shown this once and stored nowhere\n",
			(long long)t->id, scope_name(t->scope), clock_local(t->expires_ms, until));
		return;
	}
	struct buf out;
	struct jsonout j;
	buf_init(&out, 4096);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	jsonout_key_i64(&j, "id", t->id);
	jsonout_key_c(&j, "token", text);
	jsonout_key_c(&j, "scope", scope_name(t->scope));
	jsonout_key_time(&j, "expires", t->expires_ms);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	crypto_wipe_buf(&out);
}

static int run_add(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct token token = {0};
	char text[TOKEN_TEXT_MAX];
	int code = read_token(cli, argc, &token);
	if (code != EXIT_DONE) {
		return code;
	}
	token_make(text);
	int rc = desk_open(&d, cli, 0, &code);
	rc = rc == HARK_OK ? save(&d, argv[0], &token, str_c(text)) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		say_added(cli, &token, text);
	}
	crypto_wipe(text, sizeof(text));
	desk_close(&d);
	return code;
}

/* ---- list and revoke ---- */

struct listed {
	bool all;
	int64_t now_ms;
	struct token *v;
	size_t n;
};

static int look(struct desk *d, void *ctx)
{
	struct listed *l = ctx;
	return store_token_list(d->store, l->all, l->now_ms, &d->arena, &l->v, &l->n, &d->err);
}

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	const struct token *t = &((const struct token *)v)[i];
	jsonout_object(j);
	jsonout_key_i64(j, "id", t->id);
	jsonout_key_str(j, "user", t->user_name);
	jsonout_key_str(j, "name", t->name);
	jsonout_key_c(j, "scope", scope_name(t->scope));
	jsonout_key_time(j, "created", t->created_ms);
	jsonout_key_time(j, "expires", t->expires_ms);
	jsonout_key_time(j, "revoked", t->revoked_ms);
	jsonout_key_time(j, "used", t->used_ms);
	jsonout_end_object(j);
}

static void list_table(const struct listed *l, bool color)
{
	static const struct table_column columns[] = {{"no", TABLE_RIGHT, false},
		{"user", TABLE_LEFT, true}, {"for", TABLE_LEFT, true}, {"scope", TABLE_LEFT, false},
		{"until", TABLE_LEFT, false}, {"last used", TABLE_LEFT, false}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < l->n; i++) {
		const struct token *k = &l->v[i];
		char until[CLOCK_TEXT_MAX], used[CLOCK_TEXT_MAX];
		table_addf(&t, "%lld", (long long)k->id);
		table_add_str(&t, k->user_name);
		table_add_str(&t, k->name);
		table_add(&t, scope_name(k->scope));
		table_add(&t, k->revoked_ms != 0           ? "revoked"
			      : k->expires_ms <= l->now_ms ? "over"
							   : clock_local(k->expires_ms, until));
		table_add(&t, k->used_ms != 0 ? clock_local(k->used_ms, used) : "never");
	}
	table_print(&t, stdout, color);
	table_release(&t);
}

static void tell(struct desk *d, void *ctx)
{
	const struct listed *l = ctx;
	if (cli_json(d->cli)) {
		print_json_rows(l->v, l->n, row_json);
	} else if (l->n == 0) {
		puts(l->all ? "there never was a token"
			    : "no token is in force: hark token add USER");
	} else {
		list_table(l, cli_color(d->cli));
	}
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct listed l = {.all = cli_given(cli, "all"), .now_ms = clock_wall_ms()};
	(void)argv;
	return desk_report(cli, argc, look, tell, &l);
}

static int revoke(struct desk *d, void *ctx)
{
	return store_token_revoke(d->store, *(const int64_t *)ctx, clock_wall_ms(), &d->err);
}

static void tell_revoked(struct desk *d, void *ctx)
{
	long long id = *(const int64_t *)ctx;
	if (cli_json(d->cli)) {
		printf("{\"id\":%lld}\n", id);
	} else {
		printf("token %lld is good for nothing any more\n", id);
	}
}

static int run_revoke(struct cli *cli, int argc, char **argv)
{
	int64_t id = 0;
	if (argc != 1 || !str_i64(str_c(argv[0]), &id)) {
		return cli_usage(cli, "say the number of a token; hark token list shows them");
	}
	return desk_change(cli, revoke, tell_revoked, &id);
}

static const struct cli_option add_options[] = {
	{"scope", 0, "SCOPE", "read, write, metrics or feed (default: read)"},
	{"for", 0, "TIME", "how long it is good (default: 90d)"},
	{"name", 0, "TEXT", "what it is for, shown in the list"},
	{NULL},
};

static const struct cli_option list_options[] = {
	{"all", 0, NULL, "those that are over or revoked, too"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"add", "USER", "Make a token; it may do what its user may, within its scope",
		"The token is printed, this once: only its hash is stored. Programs send it as\n"
		"\"Authorization: Bearer TOKEN\".\n\n"
		"    hark token add anna --scope write --for 30d --name 'nightly report'",
		add_options, NULL, run_add},
	{"list", "", "Show which tokens are in force and when they were used", NULL, list_options,
		NULL, run_list},
	{"revoke", "NUMBER", "End a token now", "    hark token revoke 3", NULL, NULL, run_revoke},
	{NULL},
};

const struct cli_command command_token = {
	.name = "token", .args = "", .about = "Make and end tokens for the API", .sub = commands};
