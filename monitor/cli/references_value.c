/* hark references: what was asked, offered and agreed in exchange. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/model/id.h"
#include "monitor/model/money.h"
#include "monitor/model/post.h"
#include "monitor/store/favours.h"

#include <stdio.h>

#define WHAT_MAX 500

struct keeping {
	struct favour f;
	int64_t id;
};

static int keep(struct desk *d, void *ctx)
{
	struct keeping *k = ctx;
	return store_favour_add(d->store, &k->f, &k->id, &d->err);
}

static void say_kept(struct desk *d, void *ctx)
{
	const struct keeping *k = ctx;
	char id[ID_TEXT_MAX];
	printf(cli_json(d->cli) ? "{\"entry\":%lld,\"reference\":\"%s\"}\n"
				: "entry %lld of %s is kept\n",
		(long long)k->id, id_text(ID_REFERENCE, k->f.reference, id));
	if (!cli_json(d->cli)) {
		printf("%-10s hark references value-undo %lld\n", "undo", (long long)k->id);
	}
}

/* --worth N and --currency go together. */
static int read_worth(struct cli *cli, struct favour *f)
{
	const char *worth = cli_value(cli, "worth");
	int64_t units = 0;
	f->cents = COUNT_NONE;
	f->currency = str_trim(str_c(cli_value(cli, "currency")));
	if ((worth == NULL) != str_empty(f->currency)) {
		return cli_usage(cli, "say both or none: --worth N --currency EUR");
	}
	if (worth == NULL) {
		return EXIT_DONE;
	}
	if (!str_i64(str_c(worth), &units) || units < 0 || units > FAVOUR_WORTH_MAX) {
		return cli_usage(cli, "--worth takes a whole number of at most %lld, not '%s'",
			(long long)FAVOUR_WORTH_MAX, worth);
	}
	if (!money_currency(f->currency)) {
		return cli_usage(cli, "--currency takes three capitals, such as EUR");
	}
	f->cents = units * 100;
	return EXIT_DONE;
}

int references_run_value(struct cli *cli, int argc, char **argv)
{
	struct keeping k = {.f = {.at_ms = clock_wall_ms(), .actor = desk_actor(cli)}};
	if (argc != 3 || !id_parse(ID_REFERENCE, str_c(argv[0]), &k.f.reference)) {
		return cli_usage(cli,
			"say REFERENCE, " FAVOUR_SIDES ", and what: value 7 offered 'a ticket'");
	}
	k.f.side = str_c(argv[1]);
	k.f.what = str_trim(str_c(argv[2]));
	if (!favour_side(k.f.side)) {
		return cli_usage(cli, "something is " FAVOUR_SIDES ", not '%s'", argv[1]);
	}
	if (str_empty(k.f.what) || k.f.what.n > WHAT_MAX) {
		return cli_usage(cli, "say what it is in at most %d bytes", WHAT_MAX);
	}
	if (str_empty(k.f.actor)) {
		return cli_usage(cli, "who does it? say --as NAME");
	}
	int code = read_worth(cli, &k.f);
	code = code == EXIT_DONE ? references_read_when(cli, "until", k.f.at_ms, &k.f.until_ms)
				 : code;
	if (code == EXIT_DONE && k.f.until_ms != 0 && k.f.until_ms <= k.f.at_ms) {
		code = cli_usage(cli, "--until is a day to come");
	}
	return code == EXIT_DONE ? desk_change(cli, keep, say_kept, &k) : code;
}

static int take_back(struct desk *d, void *ctx)
{
	const struct keeping *k = ctx;
	return store_favour_undo(d->store, k->id, desk_actor(d->cli), clock_wall_ms(), &d->err);
}

static void say_taken_back(struct desk *d, void *ctx)
{
	const struct keeping *k = ctx;
	printf(cli_json(d->cli) ? "{\"entry\":%lld,\"undone\":true}\n"
				: "entry %lld is taken back\n",
		(long long)k->id);
}

int references_run_value_undo(struct cli *cli, int argc, char **argv)
{
	struct keeping k = {0};
	if (argc != 1 || !str_i64(str_c(argv[0]), &k.id) || k.id <= 0) {
		return cli_usage(cli, "which entry? `hark references values` shows their numbers");
	}
	return desk_change(cli, take_back, say_taken_back, &k);
}

int references_run_values(struct cli *cli, int argc, char **argv)
{
	struct list_filter f = {
		.account = str_c(cli_value(cli, "account")), .all = cli_given(cli, "all")};
	bool sums = cli_given(cli, "by-account");
	if (argc == 1 && !id_parse(ID_REFERENCE, str_c(argv[0]), &f.reference)) {
		return cli_usage(cli, "'%s' is no reference: `hark references list`", argv[0]);
	}
	if (sums && f.all) {
		return cli_usage(cli, "sums are of what stands: leave --all out");
	}
	return references_show_list(
		cli, argc == 1 ? 0 : argc, sums ? LIST_VALUE_SUMS : LIST_VALUES, &f);
}
