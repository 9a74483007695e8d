/* hark people and hark accounts: who and what was imported. */
#include "monitor/cli/commands.h"

#include "monitor/api/view.h"
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/utf8.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/store/known.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)
#define NAME_COLUMNS 12 /* of a card */
#define LIST_DEFAULT 50
#define LIST_MAX 10000

static int read_limit(struct cli *cli, int64_t *limit)
{
	const char *text = cli_value(cli, "limit");
	*limit = LIST_DEFAULT;
	if (text != NULL && (!str_i64(str_c(text), limit) || *limit < 1 || *limit > LIST_MAX)) {
		return cli_usage(
			cli, "--limit takes a number from 1 to %d, not '%s'", LIST_MAX, text);
	}
	return EXIT_DONE;
}

static void print_seen(struct str s)
{
	struct buf out;
	buf_init(&out, s.n * 3 + 16);
	utf8_show(&out, s);
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

/* ---- lists ---- */

static const struct table_column people_columns[] = {{"person", TABLE_RIGHT, false},
	{"name", TABLE_LEFT, true}, {"title", TABLE_LEFT, true}, {"employer", TABLE_LEFT, true},
	{"owner", TABLE_LEFT, true}, {"kind", TABLE_LEFT, false}, {"one with", TABLE_RIGHT, false}};
static const struct table_column account_columns[] = {{"account", TABLE_RIGHT, false},
	{"name", TABLE_LEFT, true}, {"type", TABLE_LEFT, false}, {"domain", TABLE_LEFT, true},
	{"owner", TABLE_LEFT, true}, {"people", TABLE_RIGHT, false}};

struct list {
	enum known_what what;
	const struct table_column *columns;
	size_t columns_n;
	struct table table;
	struct buf json;
	struct jsonout j;
};

static void take_row(void *ctx, const struct known_row *row)
{
	struct list *l = ctx;
	table_addf(&l->table, "%lld", (long long)row->id);
	for (size_t i = 1; i < l->columns_n; i++) {
		table_add_str(&l->table, row->cells[i - 1]);
	}
	view_known(&l->j, l->what, row);
}

static int run_list(struct cli *cli, int argc, char **argv, enum known_what what)
{
	struct desk d;
	struct list l = {.what = what,
		.columns = what == KNOWN_PEOPLE ? people_columns : account_columns,
		.columns_n = what == KNOWN_PEOPLE ? 7 : 6};
	int64_t limit;
	int code =
		argc > 1 ? cli_usage(cli, "one name or domain at a time") : read_limit(cli, &limit);
	if (code != EXIT_DONE) {
		return code;
	}
	struct str words = argc == 1 ? str_trim(str_c(argv[0])) : STR_NONE;
	table_init(&l.table, l.columns, l.columns_n);
	buf_init(&l.json, JSON_MAX);
	jsonout_init(&l.j, &l.json);
	jsonout_array(&l.j);
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		rc = store_known_list(d.store, what, words, STR_NONE, 0, (size_t)limit, take_row, &l, &d.err);
	}
	jsonout_end_array(&l.j);
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		puts(buf_c(&l.json));
	} else if (table_rows(&l.table) == 0) {
		printf("%s\n", words.n > 0 ? "nobody and nothing like that"
			       : what == KNOWN_PEOPLE
				       ? "no people yet: hark import contacts FILE.csv"
				       : "no accounts yet: hark import accounts FILE.csv");
	} else {
		table_print(&l.table, stdout, cli_color(cli));
		if ((int64_t)table_rows(&l.table) == limit) {
			puts("there may be more: --limit");
		}
	}
	buf_release(&l.json);
	table_release(&l.table);
	desk_close(&d);
	return code;
}

/* ---- one ---- */

static void print_line(void *ctx, const struct known_line *line)
{
	const char **before = ctx;
	if (line->section != NULL && (*before == NULL || strcmp(line->section, *before) != 0)) {
		printf("\n%s\n", line->section);
		*before = line->section;
	}
	fputs(line->section != NULL ? "  " : "", stdout);
	print_padded(str_c(line->name), NAME_COLUMNS);
	putchar(' ');
	if (line->at_ms != 0) {
		char at[CLOCK_TEXT_MAX];
		clock_rfc3339(line->at_ms, at);
		printf("%.10s ", at);
	}
	print_seen(line->value);
	putchar('\n');
}

static int run_show(struct cli *cli, int argc, char **argv, enum known_what what)
{
	struct desk d;
	struct buf out;
	struct jsonout j;
	struct view_card card;
	const char *section = NULL;
	bool json = cli_json(cli);
	bool person = what == KNOWN_PEOPLE; /* accounts have no such option */
	const struct known_view view = {
		.as_of = person ? str_c(cli_value(cli, "as-of")) : STR_NONE};
	int64_t id = 0;
	int code = EXIT_DONE;
	if (argc != 1 || str_trim(str_c(argv[0])).n == 0) {
		return cli_usage(cli, "which one? a name or a number, `hark %s list` shows them",
			what == KNOWN_PEOPLE ? "people" : "accounts");
	}
	if (view.as_of.p != NULL && !known_date(view.as_of)) {
		return cli_usage(cli,
			"--as-of takes a date such as 2026-09-01 or 2026-09, not '%.*s'",
			STR_FMT(view.as_of));
	}
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "nothing is imported yet");
	}
	if (rc == HARK_OK) {
		rc = store_known_find(d.store, what, str_trim(str_c(argv[0])), &id, &d.err);
	}
	if (rc == HARK_OK && person) {
		rc = desk_note(&d);
	}
	if (rc == HARK_OK && json) {
		view_card_start(&card, what, id, &j);
	} else if (rc == HARK_OK) {
		print_padded(person ? STR("person") : STR("account"), NAME_COLUMNS);
		printf(" %lld\n", (long long)id);
	}
	if (rc == HARK_OK) {
		rc = store_known_show(d.store, what, id, &view, json ? view_card_line : print_line,
			json ? (void *)&card : &section, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (json) {
		view_card_end(&card);
		puts(buf_c(&out));
	}
	buf_release(&out);
	desk_close(&d);
	return code;
}

static int list_people(struct cli *cli, int argc, char **argv)
{
	return run_list(cli, argc, argv, KNOWN_PEOPLE);
}

static int search_people(struct cli *cli, int argc, char **argv)
{
	return argc != 1 ? cli_usage(cli, "what is to be looked for?")
			 : list_people(cli, argc, argv);
}

static int show_person(struct cli *cli, int argc, char **argv)
{
	return run_show(cli, argc, argv, KNOWN_PEOPLE);
}

static int list_accounts(struct cli *cli, int argc, char **argv)
{
	return run_list(cli, argc, argv, KNOWN_ACCOUNTS);
}

static int show_account(struct cli *cli, int argc, char **argv)
{
	return run_show(cli, argc, argv, KNOWN_ACCOUNTS);
}

static const struct cli_option list_options[] = {
	{"limit", 'n', "N", "at most so many (default: 50)"}, {NULL}};

static const struct cli_option show_options[] = {
	{"as-of", 0, "DATE", "where they worked then: 2026, 2026-09 or 2026-09-01"}, {NULL}};

static const struct cli_command people_commands[] = {
	{"list", "[WORDS]", "Known people, by name",
		"WORDS are part of a name, of an employer or of an address. `one with` is the number of the\n"
		"person that somebody is, see hark review.\n\n"
		"    hark people list example",
		list_options, NULL, list_people},
	{"search", "WORDS", "The same", NULL, list_options, NULL, search_people},
	{"show", "PERSON", "One person: where they work and worked, what they did and said",
		"PERSON is a number, a name, or a part of one that nobody else has. Each job says since when and\n"
		"until when, as far as anybody knows, and whether it was imported or told by a move. With a date only\n"
		"the jobs of the end of that day, month or year are shown; what has no date counts from when it was\n"
		"first seen.\n\n"
		"    hark people show 'Odalys Merrick'\n"
		"    hark people show 7 --as-of 2026-03",
		show_options, NULL, show_person},
	{NULL},
};

static const struct cli_command account_commands[] = {
	{"list", "[WORDS]", "Known accounts, by name",
		"WORDS are part of a name, of an alias or of a domain.\n\n"
		"    hark accounts list globex.example",
		list_options, NULL, list_accounts},
	{"show", "ACCOUNT", "One account with its deals, cases, surveys and people",
		"    hark accounts show 3", NULL, NULL, show_account},
	{NULL},
};

const struct cli_command command_people = {
	.name = "people", .about = "Look up who is known", .sub = people_commands};
const struct cli_command command_accounts = {
	.name = "accounts", .about = "Look up which companies are known", .sub = account_commands};
