/* hark moves: who of the people that are known has changed jobs, and who says so. */
#include "monitor/cli/commands.h"

#include "monitor/api/view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/model/id.h"
#include "monitor/store/known.h"
#include "monitor/store/move_effects.h"
#include "monitor/store/reviews.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)
#define LIST_MAX 1000

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	const struct move_row *row = &((const struct move_row *)v)[i];
	view_move(j, row, NULL);
}

static void list_table(const struct cli *cli, const struct move_row *v, size_t n)
{
	static const struct table_column columns[] = {{"move", TABLE_RIGHT, false},
		{"person", TABLE_LEFT, true}, {"to", TABLE_LEFT, true}, {"as", TABLE_LEFT, true},
		{"from", TABLE_LEFT, true}, {"effective", TABLE_LEFT, false},
		{"grade", TABLE_LEFT, false}, {"contradicts", TABLE_RIGHT, false}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		table_addf(&t, "%lld", (long long)v[i].id);
		if (v[i].person != 0) {
			table_addf(&t, "%.*s (%lld)", STR_FMT(v[i].name), (long long)v[i].person);
		} else {
			table_addf(&t, "%.*s (not known)", STR_FMT(v[i].name));
		}
		table_add_str(&t, v[i].to);
		table_add_str(&t, v[i].title);
		table_add_str(&t, v[i].from);
		table_add_str(&t, v[i].effective);
		table_addf(&t, "%c", v[i].grade);
		if (v[i].contradicts != 0) {
			table_addf(&t, "%lld", (long long)v[i].contradicts);
		} else {
			table_add(&t, "");
		}
	}
	table_print(&t, stdout, cli_color(cli));
	table_release(&t);
}

/* Behind moves of those who are known, or that there is none: who may be one of them, or is not known. */
static void point_at_others(struct desk *d)
{
	const struct move_filter strange = {.whose = MOVES_STRANGE, .max = LIST_MAX};
	struct move_row *moves = NULL;
	struct review *reviews = NULL;
	size_t moves_n = 0, reviews_n = 0, waiting = 0;
	store_move_list(d->store, &strange, &d->arena, &moves, &moves_n, NULL);
	store_review_list(
		d->store, STR("open"), 0, LIST_MAX, &d->arena, &reviews, &reviews_n, NULL);
	for (size_t i = 0; i < reviews_n; i++) {
		waiting += reviews[i].move != 0;
	}
	if (waiting > 0) {
		printf("%s whether a mover is somebody who is known: hark review list\n",
			COUNT(waiting, "question"));
	}
	if (moves_n > 0) {
		printf("%s of people nobody knows: hark moves list --strangers\n",
			COUNT(moves_n, "move"));
	}
}

static int read_id(struct cli *cli, const char *text, const char *what, int64_t *id)
{
	return str_i64(str_c(text), id) && *id > 0
		       ? EXIT_DONE
		       : cli_usage(cli, "'%s' is not the number of a %s", text, what);
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct move_row *v = NULL;
	struct str who = argc == 1 ? str_trim(str_c(argv[0])) : STR_NONE;
	int64_t person = 0;
	size_t n = 0;
	int code = argc > 1 ? cli_usage(cli, "one person at a time") : EXIT_DONE;
	if (code == EXIT_DONE && who.p != NULL && cli_given(cli, "strangers")) {
		code = cli_usage(cli, "a person is no stranger");
	}
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL && who.p != NULL) {
		rc = store_known_find(d.store, KNOWN_PEOPLE, who, &person, &d.err);
	}
	if (rc == HARK_OK && d.store != NULL) {
		const struct move_filter filter = {
			.whose = cli_given(cli, "strangers") ? MOVES_STRANGE : MOVES_KNOWN,
			.person = person,
			.max = LIST_MAX};
		rc = store_move_list(d.store, &filter, &d.arena, &v, &n, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		print_json_rows(v, n, row_json);
	} else if (n == 0) {
		puts(who.p != NULL ? "they have not changed jobs, as far as hark was told"
				   : "nobody who is known has changed jobs, as far as hark was told");
	} else {
		list_table(cli, v, n);
	}
	if (code == EXIT_DONE && d.store != NULL && who.p == NULL && !cli_json(cli) &&
		!cli_given(cli, "strangers")) {
		point_at_others(&d);
	}
	desk_close(&d);
	return code;
}

static void show_json(const struct move_row *m, const struct move_story *s)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	view_move(&j, m, s);
	puts(buf_c(&out));
	buf_release(&out);
}

static void show_effects(const struct cli *cli, const struct move_story *s)
{
	static const struct table_column columns[] = {{"followed", TABLE_LEFT, false},
		{"by", TABLE_LEFT, false}, {"what", TABLE_LEFT, true}, {"lead", TABLE_LEFT, false},
		{"account", TABLE_LEFT, true}, {"seen by", TABLE_LEFT, false}};
	struct table t;
	if (s->effects_n == 0) {
		return;
	}
	puts("");
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < s->effects_n; i++) {
		const struct move_effect *e = &s->effects[i];
		char lead[ID_TEXT_MAX];
		table_add_str(&t, e->make);
		table_add_str(&t, e->effect);
		table_add_str(&t, e->text);
		table_add(&t, e->lead != 0 ? id_text(ID_LEAD, e->lead, lead) : "");
		table_add_str(&t, e->account_name);
		table_add_str(&t, e->class);
	}
	table_print(&t, stdout, cli_color(cli));
	table_release(&t);
}

static bool differ_in_days(const struct move_source *v, size_t n)
{
	const struct move_source *dated = NULL;
	for (size_t i = 0; i < n; i++) {
		if (str_empty(v[i].effective)) {
			continue;
		}
		if (dated != NULL && !str_eq(dated->effective, v[i].effective)) {
			return true;
		}
		dated = &v[i];
	}
	return false;
}

static void show_table(const struct cli *cli, const struct move_row *m, const struct move_story *s)
{
	const struct move_source *v = s->told;
	size_t n = s->told_n;
	static const struct table_column columns[] = {{"told", TABLE_LEFT, false},
		{"source", TABLE_LEFT, true}, {"mind", TABLE_LEFT, false},
		{"by", TABLE_LEFT, false}, {"known by", TABLE_LEFT, true},
		{"event", TABLE_LEFT, false}, {"to", TABLE_LEFT, true}, {"as", TABLE_LEFT, true},
		{"from", TABLE_LEFT, true}, {"effective", TABLE_LEFT, false},
		{"where", TABLE_LEFT, true}};
	struct table t;
	list_table(cli, m, 1);
	if (m->contradicts != 0) {
		printf("another source tells of another employer: hark moves show %lld\n",
			(long long)m->contradicts);
	}
	if (differ_in_days(v, n)) {
		puts("sources tell of different days, see effective");
	}
	puts("");
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		char when[CLOCK_TEXT_MAX];
		table_add(&t, clock_local(v[i].told_ms, when));
		table_add_str(&t, v[i].source);
		table_add(&t, v[i].is_private ? PRIVATE_MARK : "");
		table_add_str(&t, v[i].kind);
		table_add_str(&t, v[i].known_by);
		table_add_str(&t, v[i].event);
		table_add_str(&t, v[i].to);
		table_add_str(&t, v[i].title);
		table_add_str(&t, v[i].from);
		table_add_str(&t, v[i].effective);
		table_add_str(&t, v[i].url);
	}
	table_print(&t, stdout, cli_color(cli));
	table_release(&t);
	show_effects(cli, s);
}

static int run_show(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct move_row m = {0};
	struct move_story s = {0};
	int64_t id = 0;
	int code = argc != 1 ? cli_usage(cli, "which move? `hark moves list` shows their numbers")
			     : read_id(cli, argv[0], "move", &id);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK) {
		rc = d.store != NULL ? store_move_story(d.store, id, &d.arena, &m, &s, &d.err)
				     : hark_err_set(&d.err, HARK_ENOENT, "nothing is stored yet");
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		show_json(&m, &s);
	} else {
		show_table(cli, &m, &s);
	}
	desk_close(&d);
	return code;
}

static const struct cli_option list_options[] = {
	{"strangers", 's', NULL, "moves of people nobody knows: a name and employers"}, {NULL}};

static const struct cli_command commands[] = {
	{"list", "[PERSON]", "Moves of everybody who is known, or of one person, newest first",
		"A move is told by lists of people that change, by profiles, by filings and by what people and\n"
		"companies announce. It is a known person's on evidence: who writes of himself, or a name with the\n"
		"employer of before or of now. Others are moves of strangers; where the name is that of somebody\n"
		"known, `hark review list` asks. The grade counts the sources that tell of it: A for three or more,\n"
		"B for two, C for one. Where they tell of different employers at the same time each is a move, and\n"
		"names the other.\n\n"
		"    hark moves list 'Ana Lopez'",
		list_options, NULL, run_list},
	{"show", "MOVE", "One move, who told of it and what followed", "    hark moves show 3",
		NULL, NULL, run_show},
	{NULL},
};

const struct cli_command command_moves = {
	.name = "moves", .about = "See who has changed jobs", .sub = commands};
