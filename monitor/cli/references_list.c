/* hark references: who there is, and what waits for somebody. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/references_show.h"
#include "monitor/cli/sheet_print.h"
#include "monitor/model/id.h"
#include "monitor/references/board.h"
#include "monitor/references/guard.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define LIST_DEFAULT 50
#define LIST_MAX 10000

/* ---- the frame ---- */

static void tell_sheet(struct desk *d, void *ctx)
{
	struct references_listing *l = ctx;
	l->code = sheet_print(&l->sheet, d->cli, l->empty);
}

static int look_noted(struct desk *d, void *ctx)
{
	struct references_listing *l = ctx;
	int rc = l->look(d, ctx);
	return rc == HARK_OK ? desk_note_table(d) : rc;
}

int references_print_list(struct cli *cli, int argc, struct references_listing *l,
	const struct sheet_column *columns, size_t n, int (*look)(struct desk *d, void *ctx))
{
	sheet_init(&l->sheet, columns, n);
	l->look = look;
	int code = desk_report(cli, argc, look_noted, tell_sheet, l);
	sheet_release(&l->sheet);
	return code == EXIT_DONE ? l->code : code;
}

struct reader references_reader(struct desk *d)
{
	return (struct reader){.store = d->store,
		.conf = d->conf,
		.arena = &d->arena,
		.role = ROLE_ADMIN,
		.now_ms = clock_wall_ms()};
}

int references_show_list(
	struct cli *cli, int argc, enum list list, const struct list_filter *filter)
{
	struct desk d;
	struct sheet s = {0};
	int code = EXIT_DONE;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK) {
		const struct reader who = references_reader(&d);
		rc = list_read(list, &who, filter, &s, &d.err);
	}
	if (rc == HARK_OK) {
		rc = list_leaves(list) ? desk_note(&d) : desk_note_table(&d);
	}
	code = rc == HARK_OK ? sheet_print(&s, cli, list_empty(list)) : desk_fail(&d, code);
	sheet_release(&s);
	desk_close(&d);
	return code;
}

/* ---- list ---- */

static int read_states(struct cli *cli, unsigned *out)
{
	const char *text;
	const char *names[PERMISSIONS];
	for (size_t i = 0; i < PERMISSIONS; i++) {
		names[i] = permission_name((enum permission)i);
	}
	for (size_t i = 0; (text = cli_value_at(cli, "state", i)) != NULL; i++) {
		enum permission p;
		if (!permission_parse(str_c(text), &p)) {
			const char *near = did_you_mean(str_c(text), names, PERMISSIONS);
			return cli_usage(cli,
				"there is no state '%s'%s%s: found, asked, internal-only, "
				"named, withdrawn or expired",
				text, near != NULL ? ", did you mean " : "",
				near != NULL ? near : "");
		}
		*out |= 1u << p;
	}
	return EXIT_DONE;
}

static int read_filter(struct cli *cli, struct reference_filter *f)
{
	const char *limit = cli_value(cli, "limit");
	int64_t max = LIST_DEFAULT;
	if (limit != NULL && (!str_i64(str_c(limit), &max) || max < 1 || max > LIST_MAX)) {
		return cli_usage(
			cli, "--limit takes a number from 1 to %d, not '%s'", LIST_MAX, limit);
	}
	*f = (struct reference_filter){.historic = cli_given(cli, "historic"),
		.orphaned = cli_given(cli, "orphans"),
		.unowned = cli_given(cli, "unowned"),
		.account = str_c(cli_value(cli, "account")),
		.owner = str_c(cli_value(cli, "owner")),
		.max = (size_t)max};
	return read_states(cli, &f->permissions);
}

static bool wants_all(const struct reference_filter *f)
{
	return !f->historic && !f->orphaned && !f->unowned && f->permissions == 0 &&
	       f->account.p == NULL && f->owner.p == NULL;
}

struct filtered {
	struct references_listing l; /* first: references_print_list() takes it */
	struct reference_filter filter;
};

static int look_list(struct desk *d, void *ctx)
{
	struct filtered *f = ctx;
	struct reference *v;
	size_t n;
	const struct reader who = references_reader(d);
	int rc = store_reference_list(d->store, &f->filter, &d->arena, &v, &n, &d->err);
	return rc == HARK_OK ? board_add(&f->l.sheet, &who, v, n, &d->err) : rc;
}

int references_run_list(struct cli *cli, int argc, char **argv)
{
	struct filtered f = {0};
	(void)argv;
	int code = read_filter(cli, &f.filter);
	f.l.empty = wants_all(&f.filter)
			    ? "no references yet: they come from what known customers say in public "
			      "(`hark accounts list`); `hark references tasks` has who is not known "
			      "yet, --historic what first polls found"
			    : "no references like that: without options all are listed";
	return code == EXIT_DONE ? references_print_list(cli, argc, &f.l, board_columns,
					   board_columns_n, look_list)
				 : code;
}

/* ---- show ---- */

int references_run_show(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	int64_t id = 0;
	int code = EXIT_DONE;
	if (argc != 1 || !id_parse(ID_REFERENCE, str_c(argv[0]), &id)) {
		return cli_usage(
			cli, "which reference? `hark references list` shows their numbers");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK) {
		rc = d.store != NULL
			     ? references_show(&d, id)
			     : hark_err_set(&d.err, HARK_ENOENT, "there are no references yet");
	}
	code = rc != HARK_OK ? desk_fail(&d, code) : EXIT_DONE;
	desk_close(&d);
	return code;
}

/* ---- tasks ---- */

int references_run_tasks(struct cli *cli, int argc, char **argv)
{
	const struct list_filter f = {
		.historic = cli_given(cli, "historic"), .done = cli_given(cli, "done")};
	(void)argv;
	return references_show_list(cli, argc, LIST_TASKS, &f);
}

struct ending {
	int64_t task;
};

static int end_task(struct desk *d, void *ctx)
{
	const struct ending *e = ctx;
	return store_task_end(d->store, e->task, desk_actor(d->cli),
		str_c(cli_value(d->cli, "note")), clock_wall_ms(), &d->err);
}

static void say_ended(struct desk *d, void *ctx)
{
	const struct ending *e = ctx;
	printf(cli_json(d->cli) ? "{\"task\":%lld}\n" : "task %lld is done\n", (long long)e->task);
}

int references_run_done(struct cli *cli, int argc, char **argv)
{
	struct ending e = {0};
	if (argc != 1 || !str_i64(str_c(argv[0]), &e.task)) {
		return cli_usage(cli, "which task? `hark references tasks` shows their numbers");
	}
	return desk_change(cli, end_task, say_ended, &e);
}

/* ---- service ---- */

int references_run_service(struct cli *cli, int argc, char **argv)
{
	const struct list_filter f = {.all = cli_given(cli, "all")};
	(void)argv;
	return references_show_list(cli, argc, LIST_SERVICE, &f);
}

struct clearing {
	const char *name;
	int64_t account;
	size_t n;
};

static int clear(struct desk *d, void *ctx)
{
	struct clearing *c = ctx;
	int rc = store_account_find(d->store, str_c(c->name), &c->account, &d->err);
	return rc == HARK_OK
		       ? store_service_clear(d->store, c->account, desk_actor(d->cli),
				 str_c(cli_value(d->cli, "note")), clock_wall_ms(), &c->n, &d->err)
		       : rc;
}

static void say_cleared(struct desk *d, void *ctx)
{
	const struct clearing *c = ctx;
	if (cli_json(d->cli)) {
		printf("{\"account\":%lld,\"cleared\":%zu}\n", (long long)c->account, c->n);
	} else {
		printf("%s cleared\n", COUNT(c->n, "mark"));
	}
}

int references_run_clear(struct cli *cli, int argc, char **argv)
{
	struct clearing c = {.name = argv[0]};
	if (argc != 1) {
		return cli_usage(cli, "which account? `hark references service` shows them");
	}
	return desk_change(cli, clear, say_cleared, &c);
}
