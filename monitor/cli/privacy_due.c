/* hark privacy due, notices, informed and retention: duties that come with time. */
#include "monitor/cli/privacy_cli.h"

#include "monitor/api/view_privacy.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/file.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/cli/term.h"
#include "monitor/config/values.h"
#include "monitor/model/id.h"
#include "monitor/store/retention.h"

#include <stdio.h>
#include <stdlib.h>

#define MONTH_MS (30 * 24 * 3600 * INT64_C(1000))
#define DUE_MAX 100000
#define NOTICE_FILE_MAX ((size_t)64 << 10)

#define WHO_MAX ID_TEXT_MAX

/* The number of a person, or of a lead ("lead_3") as a negative one. False: it is neither. */
static bool read_number(const char *text, int64_t *out)
{
	struct str s = str_c(text);
	if (str_starts(s, STR(ID_LEAD "_"))) {
		bool good = id_parse(ID_LEAD, s, out);
		*out = -*out;
		return good;
	}
	return str_i64(s, out) && *out > 0;
}

/* ---- due ---- */

struct due {
	int64_t within_ms;
	struct str lang;
	int64_t *
		only; /* those who were named, a lead as a negative number; NULL: everybody who is due */
	size_t only_n;
	bool with_notice;
	struct privacy_due *v;
	struct notice *notices; /* beside v, where they are asked for */
	size_t n;
};

static int look_notices(struct desk *d, struct due *due)
{
	int rc = HARK_OK;
	due->notices = arena_alloc(&d->arena, (due->n + 1) * sizeof(*due->notices));
	if (due->notices == NULL) {
		return hark_err_set(&d->err, HARK_ENOMEM, "no memory for the notices");
	}
	for (size_t i = 0; i < due->n && rc == HARK_OK; i++) {
		rc = notice_write(d->conf, d->store, &due->v[i], due->lang, &d->arena,
			&due->notices[i], &d->err);
	}
	return rc;
}

static int look_named(struct desk *d, struct due *due)
{
	int rc = HARK_OK;
	due->v = arena_alloc(&d->arena, (due->only_n + 1) * sizeof(*due->v));
	if (due->v == NULL) {
		return hark_err_set(&d->err, HARK_ENOMEM, "no memory for whom to inform");
	}
	for (size_t i = 0; i < due->only_n && rc == HARK_OK; i++) {
		int64_t one = due->only[i];
		rc = one > 0 ? privacy_due_one(d->store, one, &d->arena, &due->v[due->n], &d->err)
			     : privacy_due_of_lead(
				       d->store, -one, &d->arena, &due->v[due->n], &d->err);
		due->n += rc == HARK_OK;
	}
	return rc;
}

static int look_due(struct desk *d, struct due *due)
{
	if (d->store == NULL) {
		return due->only_n == 0 ? HARK_OK
					: hark_err_set(&d->err, HARK_ENOENT,
						  "nobody is stored yet: hark import brings them");
	}
	const struct privacy_due_page page = {.within_ms = due->within_ms, .max = DUE_MAX};
	int rc = due->only_n > 0 ? look_named(d, due)
				 : privacy_due_list(d->store, clock_wall_ms(), &page, &d->arena,
					   &due->v, &due->n, &d->err);
	return rc == HARK_OK && due->with_notice ? look_notices(d, due) : rc;
}

static void due_json(struct jsonout *j, const void *found, size_t i)
{
	const struct due *due = found;
	view_privacy_due(j, &due->v[i], due->with_notice ? &due->notices[i] : NULL);
}

/* As it is named to be informed. */
static const char *name_of(const struct privacy_due *who, char out[WHO_MAX])
{
	if (who->person != 0) {
		snprintf(out, WHO_MAX, "%lld", (long long)who->person);
		return out;
	}
	return id_text(ID_LEAD, who->lead, out);
}

static void due_table(const struct due *due, bool color)
{
	static const struct table_column columns[] = {{"no", TABLE_RIGHT, false},
		{"name", TABLE_LEFT, true}, {"kind", TABLE_LEFT, false},
		{"from", TABLE_LEFT, false}, {"by", TABLE_LEFT, false},
		{"language", TABLE_LEFT, false}, {"address", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < due->n; i++) {
		char by[CLOCK_TEXT_MAX], who[WHO_MAX];
		table_add(&t, name_of(&due->v[i], who));
		table_add_str(&t, due->v[i].name);
		table_add_str(&t, due->v[i].kind);
		table_add_str(&t, due->v[i].origin);
		table_add(&t, clock_local(due->v[i].due_ms, by));
		table_add_str(&t, str_empty(due->v[i].lang) ? STR("not known") : due->v[i].lang);
		table_add_str(&t, due->v[i].address);
	}
	table_print(&t, stdout, color);
	table_release(&t);
}

/* As it can be sent: whom to, about what, the text. */
static void due_notice(const struct privacy_due *who, const struct notice *notice)
{
	struct buf line;
	char by[CLOCK_TEXT_MAX], number[WHO_MAX];
	buf_init(&line, PRIVACY_JSON_MAX);
	term_add(&line, who->name, 0);
	printf("%s%s: %s, by %s\n", who->person != 0 ? "person " : "", name_of(who, number),
		buf_c(&line), clock_local(who->due_ms, by));
	buf_clear(&line);
	if (notice->text.p == NULL) {
		term_add(&line, notice->missing, 0);
		printf("no text: %s\n", buf_c(&line));
	} else {
		term_add(&line,
			str_empty(who->address) ? STR("(no address is known)") : who->address, 0);
		printf("To: %s\n", buf_c(&line));
		buf_clear(&line);
		term_add(&line, notice->subject, 0);
		printf("Subject: %s\n\n", buf_c(&line));
		struct str rest = str_trim(notice->text), one;
		while (str_split(&rest, '\n', &one)) {
			buf_clear(&line);
			term_add(&line, one, 0);
			puts(buf_c(&line));
		}
	}
	buf_release(&line);
}

/* Returns the exit code: a text that is missing is a problem. */
static int tell_due(struct cli *cli, const struct due *due)
{
	size_t missing = 0;
	for (size_t i = 0; due->with_notice && i < due->n; i++) {
		missing += due->notices[i].text.p == NULL;
	}
	if (cli_json(cli)) {
		print_json_rows(due, due->n, due_json);
	} else if (due->n == 0) {
		puts("nobody has to be informed");
	} else if (!due->with_notice) {
		due_table(due, cli_color(cli));
	} else {
		for (size_t i = 0; i < due->n; i++) {
			fputs(i > 0 ? "\n" : "", stdout);
			due_notice(&due->v[i], &due->notices[i]);
		}
	}
	return missing == 0 ? EXIT_DONE : EXIT_PROBLEMS;
}

/* The numbers of people, owned; NULL and *code set: one is none. */
static int64_t *read_numbers(struct cli *cli, int argc, char **argv, int *code)
{
	int64_t *v = calloc((size_t)argc + 1, sizeof(*v));
	for (int i = 0; v != NULL && i < argc; i++) {
		if (!read_number(argv[i], &v[i])) {
			*code = cli_usage(cli,
				"'%s' is neither the number of a person nor a lead (lead_3)",
				argv[i]);
			free(v);
			return NULL;
		}
	}
	if (v == NULL) {
		struct hark_err err;
		hark_err_set(&err, HARK_ENOMEM, "no memory for the command line");
		*code = cli_fail(cli, &err);
	}
	return v;
}

int privacy_run_due(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct hark_err err;
	struct due due = {.within_ms = MONTH_MS};
	int code = EXIT_DONE;
	const char *within = cli_value(cli, "within"), *lang = cli_value(cli, "language");
	if (within != NULL && (value_duration(str_c(within), &due.within_ms, NULL) != HARK_OK ||
				      due.within_ms < 0)) {
		return cli_usage(cli, "--within takes a time such as 7d");
	}
	if (lang != NULL && value_lang(str_c(lang), &err) != HARK_OK) {
		return cli_usage(cli, "--language: %s", err.text);
	}
	due.only = read_numbers(cli, argc, argv, &code);
	if (due.only == NULL) {
		return code;
	}
	due.only_n = (size_t)argc;
	due.lang = str_c(lang);
	due.with_notice = cli_given(cli, "notice") || lang != NULL || argc > 0;
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	rc = rc == HARK_OK ? look_due(&d, &due) : rc;
	code = rc == HARK_OK ? tell_due(cli, &due) : desk_fail(&d, code);
	desk_close(&d);
	free(due.only);
	return code;
}

/* ---- notices ---- */

static const char *origin_of(const struct conf *conf, const struct conf_notice *n)
{
	for (size_t i = 0; i < conf->notice_files_n; i++) {
		if (str_eq_nocase(str_c(conf->notice_files[i].name), str_c(n->lang))) {
			return n->file;
		}
	}
	return "comes with hark";
}

static void notices_json(const struct conf *conf)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, PRIVACY_JSON_MAX);
	jsonout_init(&j, &out);
	view_privacy_notices(&j, conf);
	puts(buf_c(&out));
	buf_release(&out);
}

static void notices_table(const struct conf *conf, bool color)
{
	static const struct table_column columns[] = {{"language", TABLE_LEFT, false},
		{"subject", TABLE_LEFT, true}, {"purpose", TABLE_LEFT, true},
		{"from", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < conf->notices_n; i++) {
		const struct conf_notice *n = &conf->notices[i];
		table_add(&t, n->lang);
		table_add(&t, n->subject);
		table_add(&t, n->purpose != NULL ? n->purpose : "not said: privacy.purpose");
		table_add(&t, origin_of(conf, n));
	}
	table_print(&t, stdout, color);
	table_release(&t);
}

/* The file as it stands: to be copied and changed. */
static int notices_file(struct cli *cli, const struct conf *conf, const char *lang)
{
	struct hark_err err = {0};
	struct buf text;
	const struct conf_notice *n = notice_find(conf->notices, conf->notices_n, str_c(lang));
	if (n == NULL) {
		buf_init(&text, NOTICE_FILE_MAX);
		notice_languages(conf, &text);
		hark_err_set(&err, HARK_ENOENT, "there is no text in '%.60s', only in %s", lang,
			buf_c(&text));
		buf_release(&text);
		return cli_fail(cli, &err);
	}
	buf_init(&text, NOTICE_FILE_MAX);
	int rc = file_read(&text, n->file, &err);
	if (rc == HARK_OK) {
		fputs(buf_c(&text), stdout);
	}
	buf_release(&text);
	return rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
}

int privacy_run_notices(struct cli *cli, int argc, char **argv)
{
	struct conf *conf = NULL;
	if (argc > 1 || (argc == 1 && cli_json(cli))) {
		return cli_usage(cli, "this takes a language, or --json alone");
	}
	int code = desk_conf(cli, &conf);
	if (code != EXIT_DONE) {
		return code;
	}
	if (argc == 1) {
		code = notices_file(cli, conf, argv[0]);
	} else if (cli_json(cli)) {
		notices_json(conf);
	} else if (conf->notices_n == 0) {
		puts("there are no texts: privacy.notices names files with one");
	} else {
		notices_table(conf, cli_color(cli));
	}
	conf_unref(conf);
	return code;
}

/* ---- informed ---- */

static int note_all(struct desk *d, int argc, char **argv)
{
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	for (int i = 0; i < argc && rc == HARK_OK; i++) {
		int64_t id = 0;
		read_number(argv[i], &id);
		rc = id > 0 ? privacy_informed(d->store, id, clock_wall_ms(), &d->err)
			    : privacy_informed_of_lead(d->store, -id, clock_wall_ms(), &d->err);
	}
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

int privacy_run_informed(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	int code = EXIT_DONE;
	int64_t id;
	if (argc < 1) {
		return cli_usage(cli, "say the number of a person; hark privacy due shows them");
	}
	for (int i = 0; i < argc; i++) {
		if (!read_number(argv[i], &id)) {
			return cli_usage(cli,
				"'%s' is neither the number of a person nor a lead (lead_3)",
				argv[i]);
		}
	}
	int rc = desk_open(&d, cli, 0, &code);
	rc = rc == HARK_OK ? note_all(&d, argc, argv) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		printf("{\"informed\":%d}\n", argc);
	} else {
		printf("%s informed\n", COUNT(argc, "person"));
	}
	desk_close(&d);
	return code;
}

/* ---- retention ---- */

static const char *span_of(int64_t ms, char out[CLOCK_TEXT_MAX])
{
	return ms > 0 ? clock_span(ms, out) : "for ever";
}

/* Everything that is due, then taken back. */
static int look_retention(struct desk *d, struct retention_counts *counts)
{
	const struct retention limits = {d->conf->keep_unmatched_ms, d->conf->keep_leads_ms};
	int rc = store_begin(d->store, &d->err);
	if (rc == HARK_OK) {
		rc = retention_all(d->store, &limits, clock_wall_ms(), counts, &d->err);
		store_rollback(d->store);
	}
	return rc;
}

int privacy_run_retention(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct retention_counts counts = {0};
	int code = EXIT_DONE;
	bool look = cli_given(cli, "dry-run");
	char unmatched[CLOCK_TEXT_MAX], leads[CLOCK_TEXT_MAX];
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments");
	}
	int rc = desk_open(&d, cli, look ? 0 : STORE_READ_ONLY, &code);
	rc = rc == HARK_OK && look ? look_retention(&d, &counts) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		struct buf out;
		struct jsonout j;
		buf_init(&out, PRIVACY_JSON_MAX);
		jsonout_init(&j, &out);
		view_privacy_retention(&j, d.conf, look ? &counts : NULL);
		puts(buf_c(&out));
		buf_release(&out);
	} else {
		printf("posts that matched nothing: body kept %s\n",
			span_of(d.conf->keep_unmatched_ms, unmatched));
		printf("leads, their evidence, profiles and matched posts: kept %s\n",
			span_of(d.conf->keep_leads_ms, leads));
		if (look) {
			printf("due now: %s, %s\n", COUNT(counts.posts, "post"),
				COUNT(counts.leads, "lead"));
		}
	}
	desk_close(&d);
	return code;
}
