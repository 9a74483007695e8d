#include "monitor/cli/desk.h"

#include "monitor/base/diag.h"
#include "monitor/model/id.h"
#include "monitor/model/signal.h"
#include "monitor/store/audit.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#define TEXT_MAX 2000 /* bytes of what is kept, as over the API */

/* Somebody who works leads can do so while somebody else edits the configuration: only the store's
 * place is needed from it. */
static struct conf *read_conf(struct cli *cli, int *code)
{
	struct diags diags;
	struct hark_err err = {0};
	struct conf *c = NULL;
	diags_init(&diags);
	conf_read(&c, cli_config_path(cli), &diags, &err);
	if (c != NULL && c->store == NULL) {
		conf_unref(c);
		c = NULL;
	}
	if (c == NULL) {
		diags_print(&diags, stderr, false);
		*code = diags.errors > 0 ? EXIT_PROBLEMS : cli_fail(cli, &err);
	}
	diags_release(&diags);
	return c;
}

int desk_conf(struct cli *cli, struct conf **out)
{
	struct diags diags;
	struct hark_err err = {0};
	int code = EXIT_DONE;
	diags_init(&diags);
	if (conf_load(out, cli_config_path(cli), &diags, &err) != HARK_OK) {
		diags_print(&diags, stderr, false);
		code = diags.errors > 0 ? EXIT_PROBLEMS : cli_fail(cli, &err);
	}
	diags_release(&diags);
	return code;
}

static int begin(struct desk *d, struct cli *cli, int *code)
{
	*d = (struct desk){.cli = cli};
	arena_init(&d->arena, 0);
	d->conf = read_conf(cli, code);
	return d->conf != NULL ? HARK_OK : HARK_EINVAL;
}

/* What the command changes is in the audit trail under its name and that of the record, without what else it was
 * told. */
void desk_sign(const struct cli *cli, struct store *s)
{
	struct buf name, record;
	buf_init(&name, 200);
	buf_init(&record, 200);
	cli_name(cli, &name);
	cli_record(cli, &record);
	store_audit_as(s, desk_actor(cli), buf_str(&name), buf_str(&record));
	buf_release(&record);
	buf_release(&name);
}

int desk_note_in(const struct cli *cli, struct store *s, struct str record, struct hark_err *err)
{
	struct buf name, first;
	buf_init(&name, 200);
	buf_init(&first, 200);
	cli_name(cli, &name);
	cli_record(cli, &first);
	const struct audit_entry entry = {.actor = desk_actor(cli),
		.action = buf_str(&name),
		.target = record.p != NULL ? record : buf_str(&first)};
	int rc = store_audit_note(s, &entry, err);
	buf_release(&first);
	buf_release(&name);
	return rc;
}

int desk_note(struct desk *d)
{
	struct store *s = NULL;
	int rc = d->store != NULL ? store_open(&s, d->conf->store, 0, &d->err) : HARK_OK;
	if (s != NULL) {
		rc = desk_note_in(d->cli, s, STR_NONE, &d->err);
	}
	if (rc != HARK_OK) {
		hark_err_wrap(&d->err,
			"nothing is handed on or shown about people that the audit trail does not "
			"tell of");
	}
	store_close(s);
	return rc;
}

int desk_note_table(struct desk *d)
{
	return cli_given(d->cli, "csv") ? desk_note(d) : HARK_OK;
}

int desk_open(struct desk *d, struct cli *cli, unsigned flags, int *code)
{
	int rc = begin(d, cli, code);
	if (rc == HARK_OK && (flags & STORE_READ_ONLY) == 0) {
		rc = cli_check_texts(cli, TEXT_MAX, &d->err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	/* Writers too want what is there, not a new and empty store. */
	rc = store_open(&d->store, d->conf->store, STORE_READ_ONLY, &d->err);
	if (rc == HARK_OK && (flags & STORE_READ_ONLY) == 0) {
		store_close(d->store);
		d->store = NULL;
		rc = store_open(&d->store, d->conf->store, flags, &d->err);
	}
	if (rc == HARK_OK && (flags & STORE_READ_ONLY) == 0) {
		desk_sign(d->cli, d->store);
	}
	return rc == HARK_ENOENT && (flags & STORE_READ_ONLY) != 0 ? HARK_OK : rc;
}

int desk_open_new(struct desk *d, struct cli *cli, int *code)
{
	int rc = begin(d, cli, code);
	rc = rc == HARK_OK ? store_open(&d->store, d->conf->store, 0, &d->err) : rc;
	if (rc == HARK_OK) {
		desk_sign(d->cli, d->store);
	}
	return rc;
}

void desk_close(struct desk *d)
{
	store_close(d->store);
	conf_unref(d->conf);
	arena_release(&d->arena);
}

/* Of a record that is not there: where those are that are. The API says the same sentence without. */
static void name_list(struct hark_err *err)
{
	static const struct {
		const char *says, *list;
	} all[] = {{"there is no " ID_LEAD "_", "hark leads list"},
		{"there is no " ID_REFERENCE "_", "hark references list"},
		{"there is no " ID_REQUEST "_", "hark references requests"}};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && err->code == HARK_ENOENT; i++) {
		size_t n = strlen(all[i].says), end = n + strspn(err->text + n, "0123456789");
		if (strncmp(err->text, all[i].says, n) == 0 && err->text[end] == '\0') {
			snprintf(err->text + end, sizeof(err->text) - end, ": %s shows them",
				all[i].list);
			return;
		}
	}
}

int desk_fail(struct desk *d, int code)
{
	name_list(&d->err);
	return d->conf == NULL ? code : cli_fail(d->cli, &d->err);
}

int desk_report(struct cli *cli, int argc, int (*look)(struct desk *d, void *ctx),
	void (*tell)(struct desk *d, void *ctx), void *ctx)
{
	struct desk d;
	int code = EXIT_DONE;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	rc = rc == HARK_OK && d.store != NULL ? look(&d, ctx) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		tell(&d, ctx);
	}
	desk_close(&d);
	return code;
}

int desk_commit(struct desk *d, int (*work)(struct desk *d, void *ctx), void *ctx)
{
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = work(d, ctx);
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

static int step(struct cli *cli, bool commits, int (*work)(struct desk *d, void *ctx),
	void (*say)(struct desk *d, void *ctx), void *ctx)
{
	struct desk d;
	int code = EXIT_DONE;
	int rc = desk_open(&d, cli, 0, &code);
	if (rc == HARK_OK) {
		rc = commits ? desk_commit(&d, work, ctx) : work(&d, ctx);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		say(&d, ctx);
	}
	desk_close(&d);
	return code;
}

int desk_step(struct cli *cli, int (*work)(struct desk *d, void *ctx),
	void (*say)(struct desk *d, void *ctx), void *ctx)
{
	return step(cli, false, work, say, ctx);
}

int desk_change(struct cli *cli, int (*work)(struct desk *d, void *ctx),
	void (*say)(struct desk *d, void *ctx), void *ctx)
{
	return step(cli, true, work, say, ctx);
}

struct str desk_actor(const struct cli *cli)
{
	const char *as = cli_value(cli, "as");
	if (as != NULL) {
		return str_trim(str_c(as));
	}
	const struct passwd *user = getpwuid(getuid());
	return user != NULL ? str_c(user->pw_name) : STR_NONE;
}

int desk_check_kind(struct cli *cli, struct str kind)
{
	enum signal_kind known;
	const char *names[SIGNAL_PAIN + 1];
	for (size_t i = 0; i <= SIGNAL_PAIN; i++) {
		names[i] = signal_kind_name((enum signal_kind)i);
	}
	if (signal_kind_parse(kind, &known)) {
		return EXIT_DONE;
	}
	const char *near = did_you_mean(kind, names, SIGNAL_PAIN + 1);
	if (near != NULL) {
		return cli_usage(cli, "there is no kind of lead '%.*s', did you mean '%s'?",
			STR_FMT(kind), near);
	}
	struct buf all;
	buf_init(&all, 1000);
	for (size_t i = 0; i <= SIGNAL_PAIN; i++) {
		buf_printf(&all, "%s%s", i == 0 ? "" : i == SIGNAL_PAIN ? " or " : ", ", names[i]);
	}
	int code =
		cli_usage(cli, "there is no kind of lead '%.*s': %s", STR_FMT(kind), buf_c(&all));
	buf_release(&all);
	return code;
}
