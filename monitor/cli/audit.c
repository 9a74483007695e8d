/* hark audit: who changed what, and whether the trail is whole. */
#include "monitor/cli/commands.h"

#include "monitor/api/view_privacy.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)
#define LIST_DEFAULT 50
#define LIST_MAX 100000

/* ---- list ---- */

struct listed {
	int64_t max;
	struct audit_entry *v;
	size_t n;
};

static int look(struct desk *d, void *ctx)
{
	struct listed *l = ctx;
	return store_audit_list(d->store, 0, (size_t)l->max, &d->arena, &l->v, &l->n, &d->err);
}

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	const struct audit_entry *row = &((const struct audit_entry *)v)[i];
	view_audit(j, row);
}

static void list_table(const struct listed *l, bool color)
{
	static const struct table_column columns[] = {{"no", TABLE_RIGHT, false},
		{"when", TABLE_LEFT, false}, {"who", TABLE_LEFT, false}, {"what", TABLE_LEFT, true},
		{"which", TABLE_LEFT, false}, {"note", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < l->n; i++) {
		const struct audit_entry *e = &l->v[i];
		char at[CLOCK_TEXT_MAX];
		table_addf(&t, "%lld", (long long)e->id);
		table_add(&t, clock_local(e->at_ms, at));
		table_add_str(&t, e->actor.n > 0 ? e->actor : STR("harkd"));
		table_add_str(&t, e->action);
		table_add_str(&t, e->target);
		table_add_str(&t, e->note);
	}
	table_print(&t, stdout, color);
	table_release(&t);
}

static void tell(struct desk *d, void *ctx)
{
	const struct listed *l = ctx;
	if (cli_json(d->cli)) {
		print_json_rows(l->v, l->n, row_json);
	} else if (l->n == 0) {
		puts("nothing was changed yet");
	} else {
		list_table(l, cli_color(d->cli));
	}
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct listed l = {.max = LIST_DEFAULT};
	const char *max = cli_value(cli, "max");
	(void)argv;
	if (max != NULL && (!str_i64(str_c(max), &l.max) || l.max < 1 || l.max > LIST_MAX)) {
		return cli_usage(cli, "--max takes a number from 1 to %d", LIST_MAX);
	}
	return desk_report(cli, argc, look, tell, &l);
}

/* ---- verify ---- */

static void tell_check(const struct audit_check *check)
{
	if (check->broken != 0) {
		printf("entry %lld does not fit to the one before it: it, or what was between them, was"
		       " changed or removed\n",
			(long long)check->broken);
	} else if (!check->found) {
		puts("the entry with that hash is not there: entries were removed, or all written anew");
	} else {
		printf("%s, each fits to the one before it\n", COUNT(check->entries, "entry"));
		printf("last hash: %s\n", check->head[0] != '\0' ? check->head : "none");
	}
}

static int run_verify(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct audit_check check = {.found = true};
	int code = EXIT_DONE;
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		rc = store_audit_check(d.store, str_c(cli_value(cli, "head")), &check, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		bool whole = check.broken == 0 && check.found;
		if (cli_json(cli)) {
			struct buf out;
			struct jsonout j;
			buf_init(&out, JSON_MAX);
			jsonout_init(&j, &out);
			view_audit_check(&j, &check);
			puts(buf_c(&out));
			buf_release(&out);
		} else {
			tell_check(&check);
		}
		code = whole ? EXIT_DONE : EXIT_PROBLEMS;
	}
	desk_close(&d);
	return code;
}

static const struct cli_option list_options[] = {
	{"max", 0, "N", "at most so many (default: 50)"},
	{NULL},
};

static const struct cli_option verify_options[] = {
	{"head", 0, "HASH", "a last hash that was noted: its entry must still be there"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"list", "", "Show who changed what, newest first",
		"Each step by whatever way it came, what was handed on (tables, packs, copies) and whose record\n"
		"was looked at, and when harkd started, stopped and read its configuration anew. `hark audit verify`\n"
		"checks that nothing is missing.",
		list_options, NULL, run_list},
	{"verify", "", "Check that nothing was changed in the trail or taken out of it",
		"Each entry carries the hash of the one before. Note the last hash in another place: with\n"
		"--head it is found out whether the end was cut off, too. Entries name commands, users and\n"
		"numbers of records, so erasing somebody changes none of them.",
		verify_options, NULL, run_verify},
	{NULL},
};

const struct cli_command command_audit = {
	.name = "audit",
	.args = "",
	.about = "Show who changed what, and check that the trail is whole",
	.sub = commands,
};
