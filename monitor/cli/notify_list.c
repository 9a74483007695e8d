#include "monitor/cli/notify_list.h"

#include "monitor/api/receiver_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/store/leaves.h"
#include "monitor/store/outbox.h"

#include <stdio.h>
#include <string.h>

#define JSON_MAX ((size_t)4 << 20)

struct listed {
	struct receiver_view *v;
	size_t n;
};

/* hark notify list */

static int look(struct desk *d, void *ctx)
{
	struct listed *l = ctx;
	const struct conf *c = d->conf;
	int rc = HARK_OK;
	l->v = arena_alloc(&d->arena, (c->receivers_n + 1) * sizeof(*l->v));
	if (l->v == NULL) {
		return hark_err_set(&d->err, HARK_ENOMEM, "no memory for the receivers");
	}
	for (; l->n < c->receivers_n && rc == HARK_OK; l->n++) {
		rc = receiver_view_load(&l->v[l->n], d->store, &c->receivers[l->n], clock_wall_ms(),
			&d->arena, &d->err);
	}
	return rc;
}

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	const struct receiver_view *row = &((const struct receiver_view *)v)[i];
	receiver_view_json(row, j);
}

static void list_table(const struct listed *l, bool color)
{
	static const struct table_column columns[] = {{"receiver", TABLE_LEFT, true},
		{"type", TABLE_LEFT, false}, {"state", TABLE_LEFT, false},
		{"next digest", TABLE_LEFT, false}, {"waiting", TABLE_LEFT, false},
		{"held", TABLE_RIGHT, false}, {"given up", TABLE_RIGHT, false},
		{"withdrawn", TABLE_RIGHT, false}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < l->n; i++) {
		const struct receiver_view *r = &l->v[i];
		char at[CLOCK_TEXT_MAX];
		table_add(&t, r->receiver->name);
		table_add(&t, receiver_view_type(r));
		table_add(&t, receiver_view_state(r));
		table_add(&t, r->digest_ms != 0 ? clock_local(r->digest_ms, at) : NULL);
		table_addf(&t, "%lld%s%s", (long long)r->waiting,
			r->waiting_ms != 0 ? ", until " : "",
			r->waiting_ms != 0 ? clock_local(r->waiting_ms, at) : "");
		table_addf(&t, "%lld", (long long)r->held);
		table_addf(&t, "%lld", (long long)r->dead);
		table_addf(&t, "%lld", (long long)r->withdrawn);
	}
	table_print(&t, stdout, color);
	table_release(&t);
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].left_ms != 0) {
			printf("%s wants no more mails: hark notify subscribe %s undoes it\n",
				l->v[i].receiver->name, l->v[i].receiver->name);
		}
	}
}

static void tell(struct desk *d, void *ctx)
{
	const struct listed *l = ctx;
	if (cli_json(d->cli)) {
		print_json_rows(l->v, l->n, row_json);
	} else if (l->n == 0) {
		puts("no receivers: nobody is told of anything (receivers: in hark.yaml)");
	} else {
		list_table(l, cli_color(d->cli));
	}
}

int notify_list(struct cli *cli, int argc, char **argv)
{
	struct listed l = {0};
	(void)argv;
	return desk_report(cli, argc, look, tell, &l);
}

/* hark notify subscribe */

struct subscribing {
	const char *name;
	int64_t ended;
	struct outbox_counts rows;
};

static bool is_configured(const struct conf *c, const char *name)
{
	size_t i = 0;
	while (i < c->receivers_n && strcmp(c->receivers[i].name, name) != 0) {
		i++;
	}
	return i < c->receivers_n;
}

static int end_leave(struct desk *d, void *ctx)
{
	struct subscribing *s = ctx;
	s->ended = store_leave_end(d->store, str_c(s->name));
	return HARK_OK; /* a failure is the transaction's */
}

static int subscribe(struct desk *d, void *ctx)
{
	struct subscribing *s = ctx;
	int rc = desk_commit(d, end_leave, s);
	if (rc == HARK_OK && s->ended == 0 && !is_configured(d->conf, s->name)) {
		return hark_err_set(&d->err, HARK_ENOENT,
			"there is no receiver '%s': hark notify list shows all", s->name);
	}
	return rc == HARK_OK ? outbox_count(d->store, str_c(s->name), &s->rows, &d->err) : rc;
}

static void say(struct desk *d, void *ctx)
{
	const struct subscribing *s = ctx;
	if (cli_json(d->cli)) {
		struct buf out;
		struct jsonout j;
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		receiver_subscribed_json(str_c(s->name), s->ended > 0, s->rows.held, &j);
		puts(buf_c(&out));
		buf_release(&out);
		return;
	}
	puts(s->ended > 0 ? "mails are sent again, from the next alert on"
			  : "nobody had ended these mails");
	if (s->rows.held > 0) {
		printf("%s kept meanwhile: hark notify replay --receiver %s sends them\n",
			COUNT((size_t)s->rows.held, "alert"), s->name);
	}
}

int notify_subscribe(struct cli *cli, int argc, char **argv)
{
	struct subscribing s = {0};
	if (argc != 1) {
		return cli_usage(cli, "which receiver?");
	}
	s.name = argv[0];
	return desk_step(cli, subscribe, say, &s);
}
