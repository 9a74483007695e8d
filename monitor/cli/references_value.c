/* hark references: what was asked, offered and agreed in exchange. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/sheet.h"
#include "monitor/model/id.h"
#include "monitor/model/post.h"
#include "monitor/store/favours.h"

#include <stdio.h>

#define WHAT_MAX 500
#define COLUMNS(v) v, sizeof(v) / sizeof((v)[0])

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
	if (!str_i64(str_c(worth), &units) || units < 0 || units > INT64_MAX / 100) {
		return cli_usage(cli, "--worth takes a whole number, not '%s'", worth);
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
	return code == EXIT_DONE ? desk_step(cli, keep, say_kept, &k) : code;
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
	return desk_step(cli, take_back, say_taken_back, &k);
}

/* ---- the list ---- */

static const struct sheet_column columns[] = {{"entry", "entry", SHEET_NUMBER, false},
	{"reference", "reference", SHEET_NUMBER, false}, {"name", "who", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"side", "was", SHEET_TEXT, false},
	{"what", "what", SHEET_TEXT, true}, {"worth", "worth", SHEET_NUMBER, false},
	{"currency", "", SHEET_TEXT, false}, {"at", "when", SHEET_TIME, false},
	{"until", "until", SHEET_TIME, false}, {"expired", NULL, SHEET_BOOL, false},
	{"by", "by", SHEET_TEXT, false}, {"undone", NULL, SHEET_TIME, false},
	{"undone_by", NULL, SHEET_TEXT, false}};

static const struct sheet_column sum_columns[] = {{"account", "account", SHEET_TEXT, true},
	{"currency", "currency", SHEET_TEXT, false}, {"entries", "entries", SHEET_NUMBER, false},
	{"asked", "asked", SHEET_NUMBER, false}, {"offered", "offered", SHEET_NUMBER, false},
	{"agreed", "agreed", SHEET_NUMBER, false}};

struct listing {
	struct references_listing l; /* first: references_print_list() takes it */
	struct favour_filter filter;
	bool by_account;
};

static void add_row(struct sheet *s, const struct favour *f, int64_t now_ms)
{
	sheet_number(s, f->id);
	sheet_number(s, f->reference);
	sheet_text(s, f->person_name);
	sheet_text(s, f->account_name);
	sheet_text(s, f->side);
	sheet_text(s, f->what);
	sheet_number(s, f->cents != COUNT_NONE ? f->cents / 100 : SHEET_NONE);
	sheet_text(s, f->currency);
	sheet_number(s, f->at_ms);
	sheet_number(s, f->until_ms);
	sheet_number(s, f->until_ms != 0 && f->until_ms <= now_ms);
	sheet_text(s, f->actor);
	sheet_number(s, f->undone_ms);
	sheet_text(s, f->undone_by);
}

static bool goes_with(const struct favour *a, const struct favour *b)
{
	return str_eq(a->account_name, b->account_name) && str_eq_nocase(a->currency, b->currency);
}

/* Whether an entry before it has its account and currency. */
static bool is_summed(const struct favour *v, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (goes_with(&v[k], &v[i])) {
			return true;
		}
	}
	return false;
}

/* Of what stands; what has no worth is counted and adds nothing. */
static void add_sum(struct sheet *s, const struct favour *v, size_t n, size_t first)
{
	static const char *const sides[] = {"asked", "offered", "agreed"};
	int64_t entries = 0, cents[3] = {0};
	for (size_t i = first; i < n; i++) {
		if (!goes_with(&v[first], &v[i])) {
			continue;
		}
		entries++;
		for (size_t k = 0; k < 3; k++) {
			bool counts = str_eq_c(v[i].side, sides[k]) && v[i].cents != COUNT_NONE;
			cents[k] += counts ? v[i].cents : 0;
		}
	}
	sheet_text(s, v[first].account_name);
	sheet_text(s, v[first].currency);
	sheet_number(s, entries);
	for (size_t k = 0; k < 3; k++) {
		sheet_number(s, cents[k] / 100);
	}
}

static int look(struct desk *d, void *ctx)
{
	struct listing *l = ctx;
	struct favour *v;
	size_t n;
	int64_t now_ms = clock_wall_ms();
	int rc = store_favour_list(d->store, &l->filter, &d->arena, &v, &n, &d->err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		if (!l->by_account) {
			add_row(&l->l.sheet, &v[i], now_ms);
		} else if (!is_summed(v, i)) {
			add_sum(&l->l.sheet, v, n, i);
		}
	}
	return rc;
}

int references_run_values(struct cli *cli, int argc, char **argv)
{
	struct listing l = {
		.l = {.empty = "nothing was asked, offered or agreed: hark references value"},
		.filter = {.account = str_c(cli_value(cli, "account")),
			.all = cli_given(cli, "all")},
		.by_account = cli_given(cli, "by-account")};
	if (argc == 1 && !id_parse(ID_REFERENCE, str_c(argv[0]), &l.filter.reference)) {
		return cli_usage(cli, "'%s' is no reference: `hark references list`", argv[0]);
	}
	if (l.by_account && l.filter.all) {
		return cli_usage(cli, "sums are of what stands: leave --all out");
	}
	return l.by_account ? references_print_list(cli, 0, &l.l, COLUMNS(sum_columns), look)
			    : references_print_list(
				      cli, argc == 1 ? 0 : argc, &l.l, COLUMNS(columns), look);
}
