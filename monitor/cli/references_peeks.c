/* hark references: who of a prospect may look into the private community. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/sheet.h"
#include "monitor/model/id.h"
#include "monitor/references/peeks.h"

#include <stdio.h>

#define JSON_MAX 65536
#define COLUMNS(v) v, sizeof(v) / sizeof((v)[0])

static void print_json(const struct peek *p)
{
	char id[ID_TEXT_MAX];
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	jsonout_key_c(&j, "id", id_text(ID_PEEK, p->id, id));
	jsonout_key_str(&j, "who", p->who);
	jsonout_key_str(&j, "opportunity", p->deal);
	jsonout_key_time(&j, "until", p->until_ms);
	jsonout_key_time(&j, "revoked", p->revoked_ms);
	jsonout_key_str(&j, "revoked_by", p->revoked_by);
	jsonout_key_str(&j, "why", p->why);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void say_done(struct desk *d, void *ctx)
{
	const struct peek *p = ctx;
	char until[CLOCK_TEXT_MAX];
	if (cli_json(d->cli)) {
		print_json(p);
		return;
	}
	printf("peek_%lld: ", (long long)p->id);
	print_clean(p->who);
	if (p->revoked_ms != 0) {
		puts(" is to have no access any more; see to it in the community");
	} else {
		printf(" has access until %s; see to it in the community\n",
			clock_local(p->until_ms, until));
	}
}

struct admission {
	struct peek made; /* first: say_done() takes it */
	const char *name; /* of the deal */
	struct deal deal;
	struct peek_ask ask;
};

static int admit(struct desk *d, void *ctx)
{
	struct admission *a = ctx;
	int rc = store_deal_find(d->store, str_c(a->name), &d->arena, &a->deal, &d->err);
	return rc == HARK_OK ? peek_admit(d->store, &a->ask, &d->arena, &a->made, &d->err) : rc;
}

int references_run_admit(struct cli *cli, int argc, char **argv)
{
	struct admission a = {.ask = {.actor = desk_actor(cli), .now_ms = clock_wall_ms()}};
	if (argc != 2) {
		return cli_usage(cli, "say WHO and the OPPORTUNITY, its id or name");
	}
	a.ask.who = str_trim(str_c(argv[0]));
	a.name = argv[1];
	a.ask.deal = &a.deal;
	int code = references_read_when(cli, "until", a.ask.now_ms, &a.ask.until_ms);
	return code == EXIT_DONE ? desk_step(cli, admit, say_done, &a) : code;
}

struct closing {
	struct peek made; /* first: say_done() takes it */
	struct peek_step step;
	int (*fn)(struct store *s, const struct peek_step *step, struct arena *arena,
		struct peek *out, struct hark_err *err);
};

static int close_one(struct desk *d, void *ctx)
{
	struct closing *c = ctx;
	return c->fn(d->store, &c->step, &d->arena, &c->made, &d->err);
}

static int run_step(struct cli *cli, int argc, char **argv, struct closing *c)
{
	c->step.actor = desk_actor(cli);
	c->step.now_ms = clock_wall_ms();
	if (argc != 1 || !id_parse(ID_PEEK, str_c(argv[0]), &c->step.id)) {
		return cli_usage(cli, "which one? `hark references peeks` shows their numbers");
	}
	return desk_step(cli, close_one, say_done, c);
}

int references_run_revoke(struct cli *cli, int argc, char **argv)
{
	struct closing c = {.fn = peek_revoke, .step = {.reason = str_c(cli_value(cli, "reason"))}};
	return run_step(cli, argc, argv, &c);
}

int references_run_peek_undo(struct cli *cli, int argc, char **argv)
{
	struct closing c = {.fn = peek_undo};
	return run_step(cli, argc, argv, &c);
}

/* ---- the list ---- */

static const struct sheet_column columns[] = {{"peek", "peek", SHEET_NUMBER, false},
	{"who", "who", SHEET_TEXT, true}, {"opportunity", "opportunity", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"owner", "owner", SHEET_TEXT, false},
	{"granted_by", "let in by", SHEET_TEXT, false}, {"granted", "since", SHEET_TIME, false},
	{"until", "until", SHEET_TIME, false}, {"due", "to be revoked", SHEET_TEXT, true},
	{"told", NULL, SHEET_TIME, false}, {"revoked", "revoked", SHEET_TIME, false},
	{"revoked_by", NULL, SHEET_TEXT, false}, {"why", NULL, SHEET_TEXT, false}};

static int look(struct desk *d, void *ctx)
{
	struct references_listing *l = ctx;
	const struct peek_filter f = {.all = cli_given(d->cli, "all"),
		.due = cli_given(d->cli, "due"),
		.now_ms = clock_wall_ms()};
	struct peek *v;
	size_t n;
	int rc = store_peeks(d->store, &f, &d->arena, &v, &n, &d->err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		const struct peek *p = &v[i];
		const char *why;
		bool due = peek_is_due(p, f.now_ms, &why);
		sheet_number(&l->sheet, p->id);
		sheet_text(&l->sheet, p->who);
		sheet_text(&l->sheet, p->deal);
		sheet_text(&l->sheet, p->account_name);
		sheet_text(&l->sheet, p->owner);
		sheet_text(&l->sheet, p->granted_by);
		sheet_number(&l->sheet, p->granted_ms);
		sheet_number(&l->sheet, p->until_ms);
		sheet_text_c(&l->sheet, due ? why : NULL);
		sheet_number(&l->sheet, p->told_ms);
		sheet_number(&l->sheet, p->revoked_ms);
		sheet_text(&l->sheet, p->revoked_by);
		sheet_text(&l->sheet, p->why);
	}
	return rc;
}

int references_run_peeks(struct cli *cli, int argc, char **argv)
{
	struct references_listing l = {
		.empty = "nobody of a prospect has access to the private community"};
	(void)argv;
	return references_print_list(cli, argc, &l, COLUMNS(columns), look);
}
