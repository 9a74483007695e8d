/* hark references: who of a prospect may look into the private community. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/model/id.h"
#include "monitor/references/peeks.h"

#include <stdio.h>

#define JSON_MAX 65536

static void print_json(const struct peek *p)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	peek_json(p, &j);
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
	return code == EXIT_DONE ? desk_change(cli, admit, say_done, &a) : code;
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
	return desk_change(cli, close_one, say_done, c);
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

int references_run_peeks(struct cli *cli, int argc, char **argv)
{
	const struct list_filter f = {.all = cli_given(cli, "all"), .due = cli_given(cli, "due")};
	(void)argv;
	return references_show_list(cli, argc, LIST_PEEKS, &f);
}
