/* Leads on their way to other systems: tables, and the time before the first call of one. */
#include "monitor/cli/leads_export.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/leads_filter.h"
#include "monitor/cli/print.h"
#include "monitor/leads/outward.h"
#include "monitor/leads/states.h"
#include "monitor/leads/table.h"
#include "monitor/leads/timeline.h"
#include "monitor/model/id.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)512 << 20)

/* ---- export ---- */

static int write_table(
	struct desk *d, const struct leads_profile *p, const struct lead_filter *f, struct buf *out)
{
	struct lead *leads = NULL;
	struct arena arena; /* of one row */
	size_t n = 0;
	leads_table_head(p, out);
	if (d->store == NULL) {
		return HARK_OK;
	}
	int rc = store_lead_list(d->store, f, &d->arena, &leads, &n, &d->err);
	arena_init(&arena, 0);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		lead_as_of(&leads[i], f->now_ms);
		rc = leads_table_row(p, d->store, &leads[i], f->now_ms, &arena, out, &d->err);
		arena_reset(&arena);
	}
	arena_release(&arena);
	return rc != HARK_OK || out->rc == HARK_OK
		       ? rc
		       : hark_err_set(&d->err, out->rc, "too much for one table: say --limit");
}

int leads_run_export(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct buf out;
	struct lead_filter f;
	const struct leads_profile *p = leads_profile(str_c(cli_value(cli, "profile")));
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "export takes no arguments");
	}
	if (p == NULL) {
		return cli_usage(cli, "--profile is " LEADS_PROFILES ", not '%s'",
			cli_value(cli, "profile"));
	}
	if (cli_json(cli)) {
		return cli_usage(
			cli, "a table is CSV: hark leads list --json is the same for programs");
	}
	int code = leads_read_filter(cli, LEADS_TABLE_DEFAULT, LEADS_TABLE_MAX, &f);
	if (code != EXIT_DONE) {
		return code;
	}
	buf_init(&out, OUTPUT_MAX);
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	rc = rc == HARK_OK ? desk_note(&d) : rc;
	rc = rc == HARK_OK ? write_table(&d, p, &f, &out) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		fputs(buf_c(&out), stdout);
	}
	buf_release(&out);
	desk_close(&d);
	return code;
}

/* ---- timeline ---- */

enum format {
	FORMAT_TEXT,
	FORMAT_MARKDOWN,
	FORMAT_CSV,
};

static int read_format(struct cli *cli, enum format *format)
{
	static const char *const names[] = {"text", "markdown", "csv"};
	const char *text = cli_value(cli, "format");
	*format = FORMAT_TEXT;
	for (size_t i = 0; text != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*format = (enum format)i;
			return EXIT_DONE;
		}
	}
	return text == NULL ? EXIT_DONE
			    : cli_usage(cli, "--format is text, markdown or csv, not '%s'", text);
}

static void print_text(const struct lead *lead, const struct timeline *t)
{
	char id[ID_TEXT_MAX];
	struct buf line;
	buf_init(&line, OUTPUT_MAX);
	printf("%s  ", id_text(ID_LEAD, lead->id, id));
	print_clean(outward_lead(lead, NULL).title);
	putchar('\n');
	print_field("person", t->person_name);
	print_field("account", t->account_name);
	timeline_head(t, &line);
	print_field("known", buf_str(&line));
	if (t->left_out > 0) {
		printf("%zu earlier left out\n", t->left_out);
	}
	putchar('\n');
	for (size_t i = 0; i < t->n; i++) {
		buf_clear(&line);
		timeline_line(&t->v[i], &line);
		print_clean(buf_str(&line));
		putchar('\n');
	}
	buf_release(&line);
}

static void print_timeline(
	struct cli *cli, enum format format, const struct lead *lead, const struct timeline *t)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	if (cli_json(cli)) {
		timeline_json(lead, t, &j);
		buf_add_char(&out, '\n');
	} else if (format == FORMAT_MARKDOWN) {
		timeline_markdown(lead, t, &out);
	} else if (format == FORMAT_CSV) {
		timeline_csv(t, &out);
	} else {
		print_text(lead, t);
	}
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

int leads_run_timeline(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct lead lead;
	struct timeline timeline;
	enum format format;
	int64_t id = 0;
	int code = read_format(cli, &format);
	if (code != EXIT_DONE) {
		return code;
	}
	if (argc != 1 || !id_parse(ID_LEAD, str_c(argv[0]), &id)) {
		return cli_usage(cli, "of which lead? `hark leads list` shows their numbers");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "there are no leads yet: harkd has not run");
	}
	rc = rc == HARK_OK ? store_lead_load(d.store, id, &d.arena, &lead, &d.err) : rc;
	rc = rc == HARK_OK ? store_timeline(d.store, &lead, clock_wall_ms(), TIMELINE_ROWS_MAX,
				     &d.arena, &timeline, &d.err)
			   : rc;
	rc = rc == HARK_OK ? desk_note(&d) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		print_timeline(cli, format, &lead, &timeline);
	}
	desk_close(&d);
	return code;
}
