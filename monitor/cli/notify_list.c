#include "monitor/cli/notify_list.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/table.h"
#include "monitor/store/leaves.h"
#include "monitor/store/outbox.h"
#include "monitor/store/receivers.h"

#include <stdio.h>
#include <string.h>

#define JSON_MAX ((size_t)4 << 20)

struct row {
	const struct conf_receiver *receiver;
	enum receiver_health health;
	int64_t left_ms;   /* its reader wants no more mails since; 0: does */
	int64_t digest_ms; /* the next digest; 0: has none */
	int64_t held, dead;
};

struct listed {
	struct row *v;
	size_t n;
};

/* hark notify list */

static int64_t next_digest(struct desk *d, const struct conf_receiver *r)
{
	int64_t told = store_receiver_digest(d->store, str_c(r->name));
	return r->digest == NULL ? 0
				 : recur_next_ms(r->digest, told != 0 ? told : clock_wall_ms());
}

static int read_row(struct desk *d, const struct conf_receiver *r, struct row *out)
{
	struct str name = str_c(r->name);
	struct receiver_state state = {.health = RECEIVER_OK};
	char mark[LEAVE_MARK_MAX];
	int rc = store_receiver_load(d->store, name, &d->arena, &state, &d->err);
	*out = (struct row){.receiver = r,
		.health = rc == HARK_OK ? state.health : RECEIVER_OK,
		.digest_ms = next_digest(d, r)};
	if (r->type == RECEIVER_MAIL &&
		store_leave_mark(d->store, name, str_c(r->to), false, mark)) {
		out->left_ms = store_leave_since(d->store, name, str_c(mark));
	}
	struct outbox_counts n = {0};
	if (rc == HARK_OK || rc == HARK_ENOENT) {
		rc = outbox_count(d->store, name, &n, &d->err);
	}
	out->held = n.held;
	out->dead = n.dead;
	return rc;
}

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
		rc = read_row(d, &c->receivers[l->n], &l->v[l->n]);
	}
	return rc;
}

static const char *state_of(const struct row *r)
{
	return r->left_ms != 0                   ? "unsubscribed"
	       : r->health == RECEIVER_DISABLED ? "disabled"
	       : r->health == RECEIVER_RESTING  ? "resting"
						 : "ok";
}

static const char *type_of(const struct row *r)
{
	static const char *const types[] = {
		"stdout", "file", "exec", "webhook", "slack", "teams", "discord", "mail"};
	return types[r->receiver->type];
}

static void list_json(const struct listed *l)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; i < l->n; i++) {
		const struct row *r = &l->v[i];
		jsonout_object(&j);
		jsonout_key_c(&j, "receiver", r->receiver->name);
		jsonout_key_c(&j, "type", type_of(r));
		jsonout_key_c(&j, "state", state_of(r));
		jsonout_key_time(&j, "unsubscribed", r->left_ms);
		jsonout_key_time(&j, "next_digest", r->digest_ms);
		jsonout_key_i64(&j, "held", r->held);
		jsonout_key_i64(&j, "dead", r->dead);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void list_table(const struct listed *l, bool color)
{
	static const struct table_column columns[] = {{"receiver", TABLE_LEFT, true},
		{"type", TABLE_LEFT, false}, {"state", TABLE_LEFT, false},
		{"next digest", TABLE_LEFT, false}, {"held", TABLE_RIGHT, false},
		{"given up", TABLE_RIGHT, false}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < l->n; i++) {
		const struct row *r = &l->v[i];
		char at[CLOCK_TEXT_MAX];
		table_add(&t, r->receiver->name);
		table_add(&t, type_of(r));
		table_add(&t, state_of(r));
		table_add(&t, r->digest_ms != 0 ? clock_local(r->digest_ms, at) : NULL);
		table_addf(&t, "%lld", (long long)r->held);
		table_addf(&t, "%lld", (long long)r->dead);
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
		list_json(l);
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
		jsonout_object(&j);
		jsonout_key_c(&j, "receiver", s->name);
		jsonout_key_bool(&j, "subscribed", s->ended > 0);
		jsonout_key_i64(&j, "held", s->rows.held);
		jsonout_end_object(&j);
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
