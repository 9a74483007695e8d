/* hark import: files of CRM systems, networks and HR into the store. Shows first, asks, then writes. */
#include "monitor/cli/commands.h"

#include "connectors/parse/charset.h"
#include "monitor/api/import_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/file.h"
#include "monitor/base/hash.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/import_show.h"
#include "monitor/cli/print.h"
#include "monitor/cli/progress.h"
#include "monitor/cli/table.h"
#include "monitor/cli/term.h"
#include "monitor/store/ties.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX ((size_t)256 << 20)
#define TEXT_MAX ((size_t)512 << 20)
#define JSON_MAX ((size_t)16 << 20)
#define REFUSED_MAX ((size_t)512 << 20)
#define NAME_COLUMNS 40
#define ANSWER_MAX 100
#define LIST_MAX 200

/* One file on its way. */
struct job {
	struct cli *cli;
	struct desk desk;
	enum record_kind kind;
	const char *path;
	struct buf bytes, converted, mapping;
	struct charset charset;
	struct str text;
	char hash[33], before[200], colleague[24];
	struct import_wishes wishes;
	char separator;
	enum date_order order;
	struct import_table table;
	struct import_refused refused;
	struct import_result result;
	struct progress progress;
	bool unanswered;         /* there is something to write, and nobody to ask */
	char rejected[PATH_MAX]; /* where refused rows went, "" nowhere */
};

/* ---- the command line ---- */

static int read_separator(struct job *j)
{
	const char *text = cli_value(j->cli, "delimiter");
	return text == NULL || import_separator_parse(str_c(text), &j->separator)
		       ? EXIT_DONE
		       : cli_usage(j->cli,
				 "--delimiter takes comma, semicolon, tab, pipe or one character, "
				 "not '%s'",
				 text);
}

static int read_dates(struct job *j)
{
	const char *text = cli_value(j->cli, "dates");
	return text == NULL || import_dates_parse(str_c(text), &j->order)
		       ? EXIT_DONE
		       : cli_usage(j->cli, "--dates takes dmy or mdy, not '%s'", text);
}

static int read_wishes(struct job *j)
{
	struct import_wishes *w = &j->wishes;
	const char *text;
	while (w->map_n < IMPORT_WISHES_MAX &&
		(text = cli_value_at(j->cli, "map", w->map_n)) != NULL) {
		w->map[w->map_n++] = text;
	}
	while (w->set_n < IMPORT_WISHES_MAX &&
		(text = cli_value_at(j->cli, "set", w->set_n)) != NULL) {
		w->set[w->set_n++] = text;
	}
	w->system = cli_value(j->cli, "system");
	if (w->system != NULL && !import_system_is_name(str_c(w->system))) {
		return cli_usage(j->cli,
			"--system takes small letters and digits, for example salesforce, not '%s'",
			w->system);
	}
	const char *charset = cli_value(j->cli, "charset");
	if (charset != NULL && !charset_is_known(charset)) {
		return cli_usage(j->cli,
			"there is no character set '%s', for example utf-8 or "
			"windows-1252",
			charset);
	}
	int code = read_separator(j);
	return code == EXIT_DONE ? read_dates(j) : code;
}

/* ---- reading ---- */

/* Of ties: whose they are, who must be one of the own staff. */
static int find_colleague(struct job *j)
{
	const char *words = j->kind == RECORD_TIE ? cli_value(j->cli, "of") : NULL;
	int64_t id;
	int rc = words == NULL
			 ? HARK_OK
			 : store_tie_colleague(j->desk.store, str_c(words), &id, &j->desk.err);
	if (words != NULL && rc == HARK_OK) {
		snprintf(j->colleague, sizeof(j->colleague), "%lld", (long long)id);
		j->wishes.colleague = str_c(j->colleague);
	}
	return rc;
}

static int read_file(struct job *j)
{
	struct hark_err *err = &j->desk.err;
	int rc = file_read(&j->bytes, j->path, err);
	if (rc == HARK_OK) {
		rc = charset_decode(buf_str(&j->bytes), cli_value(j->cli, "charset"), &j->converted,
			&j->text, &j->charset, err);
	}
	if (rc == HARK_OK) {
		const struct str parts[] = {buf_str(&j->bytes)};
		hash128_hex(hash128(parts, 1), j->hash);
		rc = import_table_open(
			&j->table, j->kind, j->text, j->separator, j->order, &j->wishes, err);
		if (rc != HARK_OK) {
			hark_err_wrap(err, "%s", j->path);
		}
	}
	return rc;
}

static void look_for_earlier(struct job *j)
{
	struct import_entry e;
	char when[CLOCK_TEXT_MAX];
	if (j->desk.store != NULL &&
		store_import_of_file(j->desk.store, j->kind, str_c(j->hash), &j->desk.arena, &e,
			NULL) == HARK_OK &&
		e.id != 0) {
		snprintf(j->before, sizeof(j->before), "import %lld, %s", (long long)e.id,
			clock_local(e.at_ms, when));
	}
}

/* ---- running ---- */

static void on_rejected(void *ctx, const struct csv_row *row, struct str raw, const char *reason)
{
	import_refused_add(&((struct job *)ctx)->refused, row, raw, reason);
}

static void on_progress(void *ctx, int64_t rows)
{
	progress_set(&((struct job *)ctx)->progress, rows);
}

static int run(struct job *j, bool write)
{
	struct jsonout out;
	buf_clear(&j->mapping);
	jsonout_init(&out, &j->mapping);
	import_mapping_json(&j->table, &out);
	const char *slash = strrchr(j->path, '/');
	const struct import_options options = {.write = write,
		.file = str_c(slash != NULL ? slash + 1 : j->path),
		.hash = str_c(j->hash),
		.mapping = buf_str(&j->mapping),
		.actor = desk_actor(j->cli),
		.now_ms = clock_wall_ms(),
		.rejected = on_rejected,
		.progress = on_progress,
		.ctx = j};
	import_refused_clear(&j->refused);
	progress_start(&j->progress, write ? "importing" : "looking", j->table.rows);
	int rc = import_run(&j->table, j->desk.store, &options, &j->result, &j->desk.err);
	progress_end(&j->progress);
	return rc;
}

/* Beside the current folder's other files: FILE-rejected.csv. */
static void name_rejected(struct job *j)
{
	const char *given = cli_value(j->cli, "rejected");
	const char *slash = strrchr(j->path, '/');
	struct str name = str_c(slash != NULL ? slash + 1 : j->path);
	if (str_eq_c(name, "-")) {
		name = STR("import");
	}
	if (str_ends(name, STR(".csv")) || str_ends(name, STR(".txt")) ||
		str_ends(name, STR(".tsv"))) {
		name.n -= 4;
	}
	if (given != NULL) {
		snprintf(j->rejected, sizeof(j->rejected), "%s", given);
	} else {
		snprintf(j->rejected, sizeof(j->rejected), "%.*s-rejected.csv", STR_FMT(name));
	}
}

static int keep_rejected(struct job *j, bool written)
{
	bool asked = cli_value(j->cli, "rejected") != NULL;
	if (j->result.counts.rejected == 0 || (!written && !asked)) {
		return HARK_OK;
	}
	name_rejected(j);
	if (j->refused.csv.rc != HARK_OK) {
		return hark_err_set(
			&j->desk.err, j->refused.csv.rc, "no memory for the rejected rows");
	}
	int rc = file_write(j->rejected, buf_str(&j->refused.csv), 0600, &j->desk.err);
	if (rc != HARK_OK) {
		hark_err_wrap(&j->desk.err, written ? "imported, but the rejected rows are not kept"
						    : "the rejected rows are not kept");
	}
	return rc;
}

/* The store to write to, made if there is none. */
static int open_to_write(struct job *j)
{
	int code;
	struct hark_err before = j->desk.err;
	desk_close(&j->desk);
	int rc = desk_open_new(&j->desk, j->cli, &code);
	if (rc != HARK_OK && j->desk.conf == NULL) {
		j->desk.err = before;
		hark_err_set(&j->desk.err, rc, "the configuration is gone");
	}
	return rc;
}

static int write_it(struct job *j)
{
	int rc = open_to_write(j);
	rc = rc == HARK_OK ? run(j, true) : rc;
	if (rc != HARK_OK) {
		hark_err_wrap(&j->desk.err, "nothing imported");
	}
	return rc;
}

/* HARK_ESTATE of the question is no failure: nobody is there. */
static bool says_yes(const char *question, int *rc, struct hark_err *err)
{
	struct buf line;
	buf_init(&line, ANSWER_MAX);
	*rc = term_ask(question, &line, err);
	struct str answer = str_trim(buf_str(&line));
	bool yes = *rc == HARK_OK &&
		   (str_eq_nocase(answer, STR("y")) || str_eq_nocase(answer, STR("yes")));
	*rc = *rc == HARK_ESTATE ? HARK_OK : *rc;
	buf_release(&line);
	return yes;
}

/* `asked`: nobody has to be told of --yes. */
static void say_outcome(struct job *j, bool asked)
{
	bool changes = j->result.counts.added + j->result.counts.changed > 0;
	if (j->result.id != 0) {
		printf("imported; hark import undo %lld takes it back\n", (long long)j->result.id);
	} else if (cli_given(j->cli, "dry-run") || (asked && changes)) {
		puts("nothing written");
	} else if (changes) {
		puts("nothing written: --yes imports them");
	} else {
		puts(j->result.counts.rejected > 0 && j->result.counts.unchanged == 0
				? "nothing written: no row of it can be taken"
				: "nothing written: there is nothing new in it");
	}
	if (j->rejected[0] != '\0') {
		printf("rejected rows are in %s: mend them and import that file\n", j->rejected);
	}
}

static int show_and_run(struct job *j)
{
	bool json = cli_json(j->cli), dry = cli_given(j->cli, "dry-run");
	bool yes = cli_given(j->cli, "yes") && !dry;
	bool asks = !yes && !dry && !json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
		    strcmp(j->path, "-") != 0;
	/* files of spreadsheets say nothing of their letters and are no UTF-8: that is no caution */
	bool wrong = j->charset.wrong &&
		     (cli_given(j->cli, "charset") || strcmp(j->charset.name, "utf-8") == 0);
	const struct import_source source = {
		j->path, j->charset.name, wrong, str_c(j->before), false};
	int rc = json ? HARK_OK : import_show_mapping(&j->table, &source, cli_color(j->cli));
	if (rc == HARK_OK) {
		rc = yes ? write_it(j) : run(j, false);
	}
	if (rc == HARK_OK && !json) {
		import_show_counts(&j->result, &j->refused, yes);
	}
	bool changes = j->result.counts.added + j->result.counts.changed > 0;
	j->unanswered = rc == HARK_OK && changes && !asks && !yes && !dry && !json;
	if (rc == HARK_OK && asks && changes &&
		says_yes("Import them? [y/N] ", &rc, &j->desk.err)) {
		rc = write_it(j);
	}
	if (rc == HARK_OK) {
		rc = keep_rejected(j, yes || j->result.id != 0);
	}
	if (rc == HARK_OK && json) {
		struct buf out;
		struct jsonout json_out;
		buf_init(&out, JSON_MAX);
		jsonout_init(&json_out, &out);
		import_file_json(&j->table, &source, &j->result, &j->refused,
			j->rejected[0] != '\0' ? j->rejected : NULL, &json_out);
		puts(buf_c(&out));
		buf_release(&out);
	} else if (rc == HARK_OK) {
		say_outcome(j, asks);
	}
	return rc;
}

static int run_kind(struct cli *cli, int argc, char **argv, enum record_kind kind)
{
	struct job j = {.cli = cli, .kind = kind};
	if (argc != 1) {
		return cli_usage(cli, "name one CSV file, or - for standard input");
	}
	j.path = argv[0];
	int code = read_wishes(&j);
	if (code != EXIT_DONE) {
		return code;
	}
	buf_init(&j.bytes, FILE_MAX);
	buf_init(&j.converted, TEXT_MAX);
	buf_init(&j.mapping, JSON_MAX);
	import_refused_init(&j.refused, &j.table.csv, REFUSED_MAX);
	int rc = desk_open(&j.desk, cli, STORE_READ_ONLY, &code);
	rc = rc == HARK_OK ? find_colleague(&j) : rc;
	rc = rc == HARK_OK ? read_file(&j) : rc;
	if (rc == HARK_OK) {
		look_for_earlier(&j);
		rc = show_and_run(&j);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&j.desk, code);
	} else {
		code = j.unanswered || j.result.counts.rejected > 0 ? EXIT_PROBLEMS : EXIT_DONE;
	}
	import_refused_release(&j.refused);
	import_table_close(&j.table);
	buf_release(&j.mapping);
	buf_release(&j.converted);
	buf_release(&j.bytes);
	desk_close(&j.desk);
	return code;
}

static int run_contacts(struct cli *cli, int argc, char **argv)
{
	return run_kind(cli, argc, argv, RECORD_CONTACT);
}

static int run_accounts(struct cli *cli, int argc, char **argv)
{
	return run_kind(cli, argc, argv, RECORD_ACCOUNT);
}

static int run_staff(struct cli *cli, int argc, char **argv)
{
	return run_kind(cli, argc, argv, RECORD_STAFF);
}

static int run_opportunities(struct cli *cli, int argc, char **argv)
{
	return run_kind(cli, argc, argv, RECORD_OPPORTUNITY);
}

static int run_cases(struct cli *cli, int argc, char **argv)
{
	return run_kind(cli, argc, argv, RECORD_CASE);
}

static int run_surveys(struct cli *cli, int argc, char **argv)
{
	return run_kind(cli, argc, argv, RECORD_SURVEY);
}

static int run_ties(struct cli *cli, int argc, char **argv)
{
	return cli_given(cli, "of")
		       ? run_kind(cli, argc, argv, RECORD_TIE)
		       : cli_usage(cli, "say whose contacts these are: --of 'Ana Lopez'");
}

/* ---- the ledger ---- */

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	import_view(j, &((const struct import_entry *)v)[i]);
}

static int list_table(const struct import_entry *v, size_t n, bool color)
{
	static const struct table_column columns[] = {{"import", TABLE_RIGHT, false},
		{"kind", TABLE_LEFT, false}, {"file", TABLE_LEFT, true}, {"age", TABLE_LEFT, false},
		{"rows", TABLE_RIGHT, false}, {"new", TABLE_RIGHT, false},
		{"changed", TABLE_RIGHT, false}, {"rejected", TABLE_RIGHT, false},
		{"by", TABLE_LEFT, true}, {"undone", TABLE_LEFT, false}};
	struct table t;
	int64_t now = clock_wall_ms();
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		char age[CLOCK_TEXT_MAX];
		table_addf(&t, "%lld", (long long)v[i].id);
		table_add_str(&t, v[i].kind);
		table_add_str(&t, v[i].file);
		table_add(&t, clock_span(now - v[i].at_ms, age));
		table_addf(&t, "%lld", (long long)v[i].counts.rows);
		table_addf(&t, "%lld", (long long)v[i].counts.added);
		table_addf(&t, "%lld", (long long)v[i].counts.changed);
		table_addf(&t, "%lld", (long long)v[i].counts.rejected);
		table_add_str(&t, v[i].actor);
		table_add(&t, v[i].undone_ms != 0 ? "yes" : "");
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	return rc;
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct import_entry *v = NULL;
	size_t n = 0;
	int code = EXIT_DONE;
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "list takes no arguments");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		rc = store_import_list(d.store, 0, LIST_MAX, &d.arena, &v, &n, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		print_json_rows(v, n, row_json);
	} else if (n == 0) {
		puts("nothing imported yet: hark import contacts FILE.csv");
	} else {
		list_table(v, n, cli_color(cli));
	}
	desk_close(&d);
	return code;
}

static void undo_json(const struct import_undone *u, bool look)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	import_undone_json(&j, u, look);
	puts(buf_c(&out));
	buf_release(&out);
}

static void undo_show_some(int64_t n, const char *what, const struct import_examples *some)
{
	struct buf names;
	buf_init(&names, 4096);
	for (size_t i = 0; i < some->n; i++) {
		buf_add_c(&names, i > 0 ? ", " : ": ");
		term_add(&names, some->v[i], NAME_COLUMNS);
	}
	if (n > (int64_t)some->n) {
		buf_printf(&names, " and %lld more", (long long)n - (long long)some->n);
	}
	printf("  %s that it %s%s\n", COUNT(n, "record"), what, buf_c(&names));
	buf_release(&names);
}

/* What would be taken back, as far as it can be known by looking. */
static void undo_show(const struct import_undone *u)
{
	struct buf file;
	char age[CLOCK_TEXT_MAX];
	buf_init(&file, 4096);
	term_add(&file, u->import.file, 0);
	printf("import %lld: %.*s of %s, %s ago\n", (long long)u->import.id,
		STR_FMT(u->import.kind), buf_c(&file),
		clock_span(clock_wall_ms() - u->import.at_ms, age));
	undo_show_some(u->removed, "added would go", &u->goes);
	undo_show_some(u->restored, "changed would be as before", &u->changes);
	buf_release(&file);
}

/* EXIT_DONE: go on. */
static int undo_asks(struct desk *d, int *rc)
{
	bool json = cli_json(d->cli), asks = !json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (asks && says_yes("Take it back? [y/N] ", rc, &d->err)) {
		return EXIT_DONE;
	}
	if (!json && *rc == HARK_OK) {
		puts(asks ? "nothing is taken back" : "nothing is taken back: --yes does it");
	}
	return EXIT_PROBLEMS;
}

static int run_undo(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct import_undone undone = {0};
	int64_t id = 0;
	int code = EXIT_DONE;
	bool look = cli_given(cli, "dry-run"), yes = cli_given(cli, "yes") && !look;
	if (argc != 1 || !str_i64(str_c(argv[0]), &id) || id < 1) {
		return cli_usage(cli, "which import? `hark import list` shows their numbers");
	}
	int rc = desk_open(&d, cli, 0, &code);
	if (rc == HARK_OK && !yes) {
		rc = store_import_undo(d.store, id, desk_actor(cli), true, clock_wall_ms(),
			&d.arena, &undone, &d.err);
		if (rc == HARK_OK && !cli_json(cli)) {
			undo_show(&undone);
		}
		code = rc == HARK_OK && !look ? undo_asks(&d, &rc) : code;
		yes = rc == HARK_OK && !look && code == EXIT_DONE;
	}
	if (rc == HARK_OK && yes) {
		rc = store_import_undo(d.store, id, desk_actor(cli), false, clock_wall_ms(),
			&d.arena, &undone, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		undo_json(&undone, !yes);
	} else if (yes) {
		printf("import %lld is taken back: %s removed, %lld as before\n", (long long)id,
			COUNT(undone.removed, "record"), (long long)undone.restored);
	}
	desk_close(&d);
	return code;
}

/* ---- help ---- */

#define AS                                                                \
	{                                                                 \
		"as", 0, "NAME", "who does it (default: your login name)" \
	}

#define OPTIONS                                                                                                         \
	{"yes", 'y', NULL, "write without asking"},                                                                     \
		{"dry-run", 'n', NULL, "only show what would come of it"},                                              \
		{"map", 'm', "FIELD=COLUMN",                                                                            \
			"the column of a field, none after an empty =; a name of your own becomes an attribute; again " \
			"for more"},                                                                                    \
		{"set", 0, "FIELD=VALUE",                                                                               \
			"what a field is where the file does not say; again for more"},                                 \
		{"system", 0, "NAME", "whose ids these are (default: guessed from the columns)"},                       \
		{"dates", 0, "ORDER", "dmy or mdy, where 3/4/2026 may be either"},                                      \
		{"delimiter", 'd', "CHAR",                                                                              \
			"comma, semicolon, tab, pipe or one character (default: guessed)"},                             \
		{"charset", 0, "NAME", "how letters are encoded (default: guessed)"},                                   \
		{"rejected", 0, "FILE",                                                                                 \
			"where rejected rows go (default: the file's name with -rejected.csv)"},                        \
		AS

static const struct cli_option options[] = {OPTIONS, {NULL}};
static const struct cli_option ties_options[] = {
	{"of", 0, "WHO", "whose contacts these are: name, address or number of one of the staff"},
	OPTIONS, {NULL}};
static const struct cli_option undo_options[] = {
	{"dry-run", 'n', NULL, "show what would be taken back, and take back nothing"},
	{"yes", 'y', NULL, "do not ask"}, AS, {NULL}};

static const struct cli_command commands[] = {
	{"contacts", "FILE", "People at customers and elsewhere",
		"Shows first which column is taken for which field, what is ignored and what would come of the\n"
		"rows, and asks. Where nobody can be asked nothing is written without --yes, and the exit status\n"
		"is 1. Fields: id, name, first-name, last-name, email, link, handle, employer, employer-id, title,\n"
		"since, location, language, owner, territory, preferred, deleted, opted-out. Columns of Salesforce,\n"
		"HubSpot, LinkedIn, Dynamics and Pipedrive exports are known by name.\n\n"
		"A person is known by the id; else by the profile, by the e-mail address with the name, by name\n"
		"and employer. So the same file again changes nothing, a newer one updates, and another\n"
		"employer or title ends a job and begins one. An empty cell leaves what is known. Two people\n"
		"with one address stay two and are put up for review. Whoever asked to be left alone, here or\n"
		"by a column such as HasOptedOutOfEmail, is left out, and so are rows that IsDeleted is true\n"
		"of; a word there that is neither yes nor no is refused, and --map opted-out= takes no notice of\n"
		"that column. All rows are written in one go or none; refused ones go to a file with the reason.\n\n"
		"    hark import contacts Connections.csv\n"
		"    hark import contacts export.csv --map owner='Account Owner' --map tier=Tier --yes",
		options, NULL, run_contacts},
	{"accounts", "FILE", "Companies: customers, prospects, competitors, partners, targets",
		"Fields: id, name, type, aliases, domains, owner, region, industry, segment, renewal, motion,\n"
		"channel, partner, clause, contract-end, live, parent, territory, preferred, product, deleted.\n"
		"Several aliases or domains in a cell are separated by a semicolon. An account is known by its\n"
		"id, else by its name as long as its domains do not differ. Another type than customer,\n"
		"prospect, competitor, partner and target is kept, and said: lists that ask for a type miss it.\n\n"
		"    hark import accounts customers.csv --set type=customer",
		options, NULL, run_accounts},
	{"staff", "FILE", "People of your own company",
		"Fields: as for contacts, and role and left.\n\n"
		"    hark import staff people.csv --set employer='Acme'",
		options, NULL, run_staff},
	{"opportunities", "FILE", "Deals, open and closed",
		"Fields: id, name, account, account-id, stage, state, won, is-closed, value, currency, created,\n"
		"closes, owner, rival, source, product. A stage is won, lost or else open.\n\n"
		"    hark import opportunities deals.csv --dates mdy",
		options, NULL, run_opportunities},
	{"cases", "FILE", "Service cases",
		"Fields: id, subject, account, account-id, status, is-closed, priority, opened, closed, owner,\n"
		"product. A status is closed, ok-with-progress or else open.\n\n"
		"    hark import cases tickets.csv",
		options, NULL, run_cases},
	{"surveys", "FILE", "Answers to NPS, CSAT and other surveys",
		"Fields: id, name, email, account, account-id, survey, score, score-max, date, comment, product.\n\n"
		"    hark import surveys answers.csv --set survey=nps",
		options, NULL, run_surveys},
	{"ties", "FILE", "Whom a colleague knows",
		"The colleague's own export, such as Connections.csv of LinkedIn, with whose it is: one of the\n"
		"staff that was imported. Leads about these people, or about others at their employer, name the\n"
		"colleague who may introduce. They become no contacts, nothing is watched about them, and hark\n"
		"writes to nobody. Fields: name, first-name, last-name, email, link, employer, title, connected,\n"
		"deleted, opted-out.\n\n"
		"    hark import ties Connections.csv --of 'Ana Lopez'",
		ties_options, NULL, run_ties},
	{"list", "", "What was imported, and how old it is", "    hark import list", NULL, NULL,
		run_list},
	{"undo", "IMPORT", "Take an import back",
		"What it added goes, what it changed is as before. Refused once something newer hangs on it. Shows\n"
		"first what that is, and asks; where nobody can be asked nothing is taken back without --yes, and\n"
		"the exit status is 1.\n\n"
		"    hark import undo --dry-run 3\n"
		"    hark import undo 3",
		undo_options, NULL, run_undo},
	{NULL},
};

const struct cli_command command_import = {
	.name = "import",
	.about = "Bring in contacts, accounts, staff, deals, cases, surveys and ties",
	.sub = commands,
};
