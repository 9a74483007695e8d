/* hark review: pairs of people that may be one, both sides shown, and what somebody decides of them. */
#include "monitor/cli/commands.h"

#include "monitor/api/review_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/people/company_name.h"
#include "monitor/references/candidates.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)
#define LIST_DEFAULT 50
#define LIST_MAX 10000

static int no_store(struct desk *d)
{
	return hark_err_set(&d->err, HARK_ENOENT,
		"nobody is known yet: `hark import contacts FILE` brings people in");
}

/* --- list --- */

static int read_list(struct cli *cli, int argc, struct str *state, int64_t *limit)
{
	const char *text = cli_value(cli, "state"), *max = cli_value(cli, "limit");
	*state = STR("open");
	*limit = LIST_DEFAULT;
	if (argc > 0) {
		return cli_usage(cli, "list takes no arguments");
	}
	if (text != NULL) {
		bool all = strcmp(text, "all") == 0;
		*state = all ? STR_NONE : str_c(text);
		if (!all && strcmp(text, "open") != 0 && strcmp(text, "accepted") != 0 &&
			strcmp(text, "rejected") != 0) {
			return cli_usage(cli,
				"there is no state '%s': open, accepted, rejected or all", text);
		}
	}
	if (max != NULL && (!str_i64(str_c(max), limit) || *limit < 1 || *limit > LIST_MAX)) {
		return cli_usage(
			cli, "--limit takes a number from 1 to %d, not '%s'", LIST_MAX, max);
	}
	return EXIT_DONE;
}

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	const struct review *row = &((const struct review *)v)[i];
	view_review(j, row);
}

static void list_table(const struct cli *cli, const struct review *v, size_t n)
{
	static const struct table_column columns[] = {{"review", TABLE_RIGHT, false},
		{"person", TABLE_LEFT, true}, {"may be", TABLE_LEFT, true},
		{"why", TABLE_LEFT, false}, {"detail", TABLE_LEFT, true},
		{"state", TABLE_LEFT, false}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		table_addf(&t, "%lld", (long long)v[i].id);
		table_addf(&t, "%.*s (%lld)", STR_FMT(v[i].person_name), (long long)v[i].person);
		if (v[i].author != 0) {
			table_addf(&t, "author %.*s", STR_FMT(v[i].other_name));
		} else if (v[i].move != 0) {
			table_addf(&t, "%.*s of move %lld", STR_FMT(v[i].other_name),
				(long long)v[i].move);
		} else {
			table_addf(
				&t, "%.*s (%lld)", STR_FMT(v[i].other_name), (long long)v[i].other);
		}
		table_add_str(&t, v[i].kind);
		table_add_str(&t, v[i].detail);
		table_add_str(&t, v[i].state);
	}
	table_print(&t, stdout, cli_color(cli));
	table_release(&t);
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct review *v = NULL;
	struct str state;
	int64_t limit;
	size_t n = 0;
	(void)argv;
	int code = read_list(cli, argc, &state, &limit);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		rc = store_review_list(d.store, state, 0, (size_t)limit, &d.arena, &v, &n, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		print_json_rows(v, n, row_json);
	} else if (n == 0) {
		puts("nothing to review: no two people that are known may be one");
	} else {
		list_table(cli, v, n);
	}
	desk_close(&d);
	return code;
}

/* --- show --- */

static int read_id(struct cli *cli, int argc, char **argv, int64_t *id)
{
	if (argc != 1) {
		return cli_usage(cli, "which review? `hark review list` shows their numbers");
	}
	if (!str_i64(str_c(argv[0]), id) || *id <= 0) {
		return cli_usage(cli, "'%s' is not the number of a review", argv[0]);
	}
	return EXIT_DONE;
}

static void show_json(const struct review_card *card)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	view_review_card(&j, card);
	puts(buf_c(&out));
	buf_release(&out);
}

static void show_said(const struct review_card *card)
{
	if (!str_empty(card->said)) {
		fputs(str_empty(card->said_at) ? "\nsaid last" : "\nsaid last  ", stdout);
		print_clean(card->said_at);
		putchar('\n');
		print_indented("    ", card->said);
		putchar('\n');
	}
}

static void show_table(
	const struct cli *cli, const struct review *r, const struct review_line *lines)
{
	char person[40], other[40];
	const struct table_column columns[] = {{"", TABLE_LEFT, false}, {person, TABLE_LEFT, true},
		{other, TABLE_LEFT, true}, {"", TABLE_LEFT, false}};
	struct table t;
	snprintf(person, sizeof(person), "person %lld", (long long)r->person);
	int64_t id;
	const char *what = review_other(r, &id);
	snprintf(other, sizeof(other), "%s %lld", r->other != 0 ? "person" : what, (long long)id);
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < REVIEW_LINES; i++) {
		if (lines[i].person.n > 0 || lines[i].other.n > 0) {
			table_add(&t, lines[i].what);
			table_add_str(&t, lines[i].person);
			table_add_str(&t, lines[i].other);
			table_addf(&t, "%s%s%s", review_verdict_name(lines[i].verdict),
				lines[i].reason != NULL ? ": " : "",
				lines[i].reason != NULL ? lines[i].reason : "");
		}
	}
	printf("review %lld, %.*s: %.*s\n", (long long)r->id, STR_FMT(r->state), STR_FMT(r->kind));
	table_print(&t, stdout, cli_color(cli));
	table_release(&t);
}

static int run_show(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct review_card card;
	int64_t id = 0;
	int code = read_id(cli, argc, argv, &id);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	rc = rc == HARK_OK && d.store == NULL ? no_store(&d) : rc;
	rc = rc == HARK_OK ? review_card_load(d.store, id, &d.arena, &card, &d.err) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		show_json(&card);
	} else {
		show_table(cli, &card.r, card.lines);
		show_said(&card);
	}
	desk_close(&d);
	return code;
}

/* --- decide --- */

static int run_step(struct cli *cli, int argc, char **argv, enum review_step step)
{
	static const char *const done[] = {
		"they are one person now", "they stay two people", "open again, and two people"};
	struct desk d;
	int64_t id = 0;
	int code = read_id(cli, argc, argv, &id);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, 0, &code);
	if (rc == HARK_OK) {
		rc = store_review_decide(d.store, id, step, desk_actor(cli), company_name_same,
			candidates_recount, clock_wall_ms(), &d.err);
	} else if (rc == HARK_ENOENT) {
		rc = no_store(&d);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (!cli_json(cli)) {
		printf("review %lld: %s\n", (long long)id, done[step]);
	}
	desk_close(&d);
	return code;
}

static int run_accept(struct cli *cli, int argc, char **argv)
{
	return run_step(cli, argc, argv, REVIEW_ACCEPT);
}

static int run_reject(struct cli *cli, int argc, char **argv)
{
	return run_step(cli, argc, argv, REVIEW_REJECT);
}

static int run_undo(struct cli *cli, int argc, char **argv)
{
	return run_step(cli, argc, argv, REVIEW_REOPEN);
}

static const struct cli_option list_options[] = {
	{"state", 's', "STATE", "open, accepted, rejected or all (default: open)"},
	{"limit", 'n', "N", "at most so many (default 50)"},
	{NULL},
};
static const struct cli_option step_options[] = {
	{"as", 0, "NAME", "who does it (default: your login name)"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"list", "", "Pairs of people that may be one",
		"Two imported people; a person and somebody who writes posts and has the same name; a person\n"
		"and whoever of that name has changed jobs: a name alone never makes somebody a known person.\n\n"
		"    hark review list",
		list_options, NULL, run_list},
	{"show", "REVIEW", "Both side by side: what agrees and what differs",
		"A name that is spelled otherwise, turned round, shortened or a nickname may agree, and so may\n"
		"an employer's with another legal form, a group's or a branch's.\n\n"
		"    hark review show 3",
		NULL, NULL, run_show},
	{"accept", "REVIEW", "They are one person",
		"The older stands for both from then on: a list that is made of imports has one entry, with\n"
		"both names and the last job. Nothing of either is lost, and `undo` makes them two again. When\n"
		"the older is erased, so is the newer. An author's profile and handle become the person's, and\n"
		"what they write from then on is theirs, as is what they said of you before. Of a move they are\n"
		"the mover: jobs and leads follow.",
		step_options, NULL, run_accept},
	{"reject", "REVIEW", "They are two people, and not put up again", NULL, step_options, NULL,
		run_reject},
	{"undo", "REVIEW", "Take a decision back", NULL, step_options, NULL, run_undo},
	{NULL},
};

const struct cli_command command_review = {
	.name = "review",
	.about = "Decide which people that look alike are one",
	.sub = commands,
};
