/* hark user: who may use the API, as what, and with which password. */
#include "monitor/cli/commands.h"

#include "monitor/api/first_user.h"
#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/cli/term.h"
#include "monitor/store/first_user.h"
#include "monitor/store/sessions.h"
#include "monitor/web/web.h"

#include <stdio.h>
#include <unistd.h>


/* ---- passwords ---- */

/* Twice where somebody types, since nobody sees it. */
static int read_password(struct buf *password, struct hark_err *err)
{
	struct buf again;
	buf_init(&again, USER_PASSWORD_MAX);
	int rc = term_ask_secret("password: ", password, err);
	if (rc == HARK_ESTATE) {
		hark_err_set(err, rc, "nobody answered: type the password, or write it to standard input");
	}
	if (rc == HARK_OK && password->n < USER_PASSWORD_MIN) {
		rc = hark_err_set(err, HARK_EINVAL, USER_PASSWORD_RULE);
	}
	if (rc == HARK_OK && isatty(STDIN_FILENO)) {
		rc = term_ask_secret("once more: ", &again, err);
		if (rc == HARK_OK && !str_eq(buf_str(password), buf_str(&again))) {
			rc = hark_err_set(err, HARK_EINVAL, "the two are not the same");
		}
	}
	crypto_wipe_buf(&again);
	return rc;
}

/* What is kept of the password somebody types, in `kept`. */
static int ask_password(char kept[CRYPTO_PASSWORD_MAX], struct hark_err *err)
{
	struct buf password;
	buf_init(&password, USER_PASSWORD_MAX);
	int rc = read_password(&password, err);
	if (rc == HARK_OK && !crypto_password_hash(buf_str(&password), kept)) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for a password (19 MiB)");
	}
	crypto_wipe_buf(&password);
	return rc;
}

/* ---- add ---- */

static int check_name(struct cli *cli, const char *name)
{
	return user_name_fits(str_c(name)) ? EXIT_DONE
					   : cli_usage(cli, USER_NAME_RULE ", not '%s'", name);
}

static int check_role(struct cli *cli, const char *text, enum role *out)
{
	return text != NULL && role_parse(str_c(text), out)
		       ? EXIT_DONE
		       : cli_usage(cli,
				 "a role is viewer, sales, sales-head, marketing, compliance or admin%s%s",
				 text != NULL ? ", not " : "", text != NULL ? text : "");
}

static int save_new(struct desk *d, const struct user *user)
{
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = store_user_add(d->store, user, &d->err);
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

static int run_add(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	char kept[CRYPTO_PASSWORD_MAX];
	struct user user = {.created_ms = clock_wall_ms()};
	int code =
		argc == 1 ? check_name(cli, argv[0]) : cli_usage(cli, "say the name of one user");
	if (code == EXIT_DONE) {
		code = check_role(cli, cli_value(cli, "role"), &user.role);
	}
	if (code != EXIT_DONE) {
		return code;
	}
	user.name = str_c(argv[0]);
	int rc = desk_open_new(&d, cli, &code);
	if (rc == HARK_OK && !cli_given(cli, "no-password")) {
		rc = ask_password(kept, &d.err);
		user.password = str_c(rc == HARK_OK ? kept : NULL);
	}
	rc = rc == HARK_OK ? save_new(&d, &user) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		printf("{\"user\":\"%s\",\"role\":\"%s\"}\n", argv[0], role_name(user.role));
	} else {
		printf("%s is a user now, as %s\n", argv[0], role_name(user.role));
	}
	desk_close(&d);
	return code;
}

/* ---- list ---- */

struct listed {
	struct user *v;
	size_t n;
};

static int look(struct desk *d, void *ctx)
{
	struct listed *l = ctx;
	return store_user_list(d->store, clock_wall_ms(), &d->arena, &l->v, &l->n, &d->err);
}

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	const struct user *row = &((const struct user *)v)[i];
	jsonout_object(j);
	jsonout_key_str(j, "user", row->name);
	jsonout_key_c(j, "role", role_name(row->role));
	jsonout_key_bool(j, "password", row->password.p != NULL);
	jsonout_key_i64(j, "tokens", row->tokens);
	jsonout_key_time(j, "created", row->created_ms);
	jsonout_key_time(j, "disabled", row->disabled_ms);
	jsonout_end_object(j);
}

static void list_table(const struct listed *l, bool color)
{
	static const struct table_column columns[] = {{"user", TABLE_LEFT, true},
		{"role", TABLE_LEFT, false}, {"gets in by", TABLE_LEFT, false},
		{"tokens", TABLE_RIGHT, false}, {"since", TABLE_LEFT, false},
		{"state", TABLE_LEFT, false}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < l->n; i++) {
		const struct user *u = &l->v[i];
		char since[CLOCK_TEXT_MAX];
		table_add_str(&t, u->name);
		table_add(&t, role_name(u->role));
		table_add(&t, u->password.p != NULL ? "password" : "tokens only");
		table_addf(&t, "%lld", (long long)u->tokens);
		table_add(&t, clock_local(u->created_ms, since));
		table_add(&t, u->disabled_ms != 0 ? "disabled" : "ok");
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
		puts("no users yet: hark user add NAME --role admin, or hark user link");
	} else {
		list_table(l, cli_color(d->cli));
	}
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct listed l = {0};
	(void)argv;
	return desk_report(cli, argc, look, tell, &l);
}

/* ---- changes ---- */

/* What is done to a user who is there: the row as it is to be, in `user`. */
typedef int (*change_fn)(struct cli *cli, struct user *user, void *ctx);

static int change_and_save(struct desk *d, struct str name, change_fn change, void *ctx)
{
	struct user user;
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = store_user_load(d->store, name, &d->arena, &user, &d->err);
	if (rc == HARK_OK) {
		rc = change(d->cli, &user, ctx);
		store_user_write(d->store, &user);
		store_sessions_end(d->store, user.id); /* who knew the old password is out */
	}
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

static int run_change(
	struct cli *cli, int argc, char **argv, change_fn change, void *ctx, const char *done)
{
	struct desk d;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "say the name of one user; hark user list shows them");
	}
	int rc = desk_open(&d, cli, 0, &code);
	rc = rc == HARK_OK ? change_and_save(&d, str_c(argv[0]), change, ctx) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		printf("{\"user\":\"%s\"}\n", argv[0]);
	} else {
		printf("%s %s\n", argv[0], done);
	}
	desk_close(&d);
	return code;
}

static int set_disabled(struct cli *cli, struct user *user, void *ctx)
{
	(void)cli;
	user->disabled_ms = *(const int64_t *)ctx;
	return HARK_OK;
}

static int run_disable(struct cli *cli, int argc, char **argv)
{
	int64_t now = clock_wall_ms();
	return run_change(
		cli, argc, argv, set_disabled, &now, "is disabled, with password and tokens");
}

static int run_enable(struct cli *cli, int argc, char **argv)
{
	int64_t never = 0;
	return run_change(cli, argc, argv, set_disabled, &never, "may get in again");
}

static int set_role(struct cli *cli, struct user *user, void *ctx)
{
	(void)cli;
	user->role = *(const enum role *)ctx;
	return HARK_OK;
}

static int run_role(struct cli *cli, int argc, char **argv)
{
	enum role role;
	char done[60];
	int code =
		argc == 2 ? check_role(cli, argv[1], &role) : cli_usage(cli, "say USER and ROLE");
	if (code != EXIT_DONE) {
		return code;
	}
	snprintf(done, sizeof(done), "is %s from now on", role_name(role));
	return run_change(cli, 1, argv, set_role, &role, done);
}

static int set_password(struct cli *cli, struct user *user, void *ctx)
{
	(void)cli;
	user->password = str_c(ctx);
	return HARK_OK;
}

static int run_password(struct cli *cli, int argc, char **argv)
{
	char kept[CRYPTO_PASSWORD_MAX];
	struct hark_err err = {0};
	if (argc != 1) {
		return cli_usage(cli, "say the name of one user; hark user list shows them");
	}
	/* Before the store is written to, which nobody else can while it is. */
	return ask_password(kept, &err) == HARK_OK
		       ? run_change(cli, argc, argv, set_password, kept, "has a new password")
		       : cli_fail(cli, &err);
}

/* ---- the link for the first ---- */

static int make_link(struct desk *d, char token[TOKEN_TEXT_MAX], int64_t now_ms)
{
	int rc =
		web_serves(STR(FIRST_USER_PAGE))
			? first_user_possible(d->conf, &d->err)
			: hark_err_set(&d->err, HARK_ESTATE,
				  "this hark is built without the inbox (--without-web): `hark user add`");
	rc = rc == HARK_OK ? store_begin(d->store, &d->err) : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	rc = store_first_link(d->store, now_ms, token, &d->err);
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

static void tell_link(struct desk *d, const char *token, int64_t until_ms)
{
	struct buf link;
	char until[CLOCK_TEXT_MAX];
	buf_init(&link, 4096);
	first_user_link(d->conf, token, &link);
	if (cli_json(d->cli)) {
		struct buf out;
		struct jsonout j;
		buf_init(&out, 8192);
		jsonout_init(&j, &out);
		jsonout_object(&j);
		jsonout_key_str(&j, "link", buf_str(&link));
		jsonout_key_time(&j, "until", until_ms);
		jsonout_end_object(&j);
		puts(buf_c(&out));
		crypto_wipe_buf(&out);
	} else {
		printf("%s\n", buf_c(&link));
		fprintf(stderr, "good once, until %s%s\n", clock_local(until_ms, until),
			buf_c(&link)[0] == '/' ? ", at the address where people reach hark" : "");
	}
	crypto_wipe_buf(&link);
}

static int run_link(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	char token[TOKEN_TEXT_MAX];
	int64_t now = clock_wall_ms();
	int code = EXIT_DONE;
	(void)argv;
	if (argc != 0) {
		return cli_usage(cli, "this takes no arguments");
	}
	int rc = desk_open_new(&d, cli, &code);
	rc = rc == HARK_OK ? make_link(&d, token, now) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		tell_link(&d, token, now + FIRST_LINK_MS);
	}
	crypto_wipe(token, sizeof(token));
	desk_close(&d);
	return code;
}

static const struct cli_option add_options[] = {
	{"role", 0, "ROLE", "viewer, sales, sales-head, marketing, compliance or admin (required)"},
	{"no-password", 0, NULL, "gets in by tokens only"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"add", "USER", "Let somebody use the API",
		"The password is asked for; where nobody types, the first line of standard input is it.\n"
		"A viewer only looks. The others work leads; an admin sees every lead, the others those of\n"
		"class all and of the class their role is called.\n\n"
		"    hark user add anna --role sales",
		add_options, NULL, run_add},
	{"link", "", "Make the link with which the first admin gets in",
		"While there is no user: whoever opens it in a browser names themselves and is the admin. It is\n"
		"good once and for a day, takes the place of the one before, and of the one that harkd has\n"
		"printed when it started. Standard output has nothing but the link.\n\n"
		"    hark user link",
		NULL, NULL, run_link},
	{"list", "", "Show who may use the API", NULL, NULL, NULL, run_list},
	{"role", "USER ROLE", "Make somebody something else", "    hark user role anna sales-head",
		NULL, NULL, run_role},
	{"password", "USER", "Give somebody a new password", "    hark user password anna", NULL,
		NULL, run_password},
	{"disable", "USER", "Let somebody in no more, nor their tokens", NULL, NULL, NULL,
		run_disable},
	{"enable", "USER", "Let somebody who was disabled in again", NULL, NULL, NULL, run_enable},
	{NULL},
};

const struct cli_command command_user = {.name = "user",
	.args = "",
	.about = "Say who may use the API, and as what",
	.sub = commands};
