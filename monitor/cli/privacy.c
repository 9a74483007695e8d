/* hark privacy: what is held about somebody, and how it is removed and stays so. */
#include "monitor/cli/commands.h"
#include "monitor/cli/privacy_cli.h"

#include "monitor/api/view_privacy.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/sheet_print.h"
#include "monitor/cli/term.h"
#include "monitor/model/post.h"

#include <stdio.h>

#define WHO_MAX 50
#define EXAMPLE_BYTES 8192
#define EXAMPLE_COLUMNS 60

/* One command about some people. */
struct asked {
	struct desk desk;
	struct str names[WHO_MAX];
	struct privacy_who who;
	struct privacy_found found;
	struct privacy_counts counts;
	struct privacy_hits hits;
};

static int read_who(struct cli *cli, int argc, char **argv, struct asked *a)
{
	if (argc < 1 || argc > WHO_MAX) {
		return cli_usage(cli,
			"say who: @handle, @handle@host, an e-mail address, the link of a profile, the number"
			" of somebody imported, or name: and what somebody is called who has none of these");
	}
	for (int i = 0; i < argc; i++) {
		a->names[i] = str_c(argv[i]);
	}
	a->who = (struct privacy_who){a->names, (size_t)argc};
	return EXIT_DONE;
}

/* True: they want it, and have typed the word that says so. */
static bool confirm_word(struct asked *a, const char *word, int *code)
{
	struct buf answer;
	struct hark_err err = {0};
	char question[100];
	buf_init(&answer, 100);
	snprintf(question, sizeof(question), "write \"%s\" to go on: ", word);
	int rc = term_ask(question, &answer, &err);
	bool yes = rc == HARK_OK && str_eq_c(str_trim(buf_str(&answer)), word);
	buf_release(&answer);
	if (rc == HARK_ESTATE) {
		*code = cli_usage(a->desk.cli,
			"nobody is there to confirm it: --yes does it, --dry-run only looks");
	} else if (!yes) {
		puts("nothing is done");
		*code = EXIT_PROBLEMS;
	}
	return yes;
}

/* ---- names alone ---- */

static int find(struct asked *a, bool mentions)
{
	struct desk *d = &a->desk;
	int rc = privacy_find(d->store, &a->who, mentions, &d->arena, &a->found, &d->err);
	return rc == HARK_OK
		       ? privacy_hits(d->store, &a->found, &d->arena, &a->hits, &d->err)
		       : rc;
}

static void tell_example(const struct privacy_example *example)
{
	struct buf line;
	char at[CLOCK_TEXT_MAX];
	buf_init(&line, EXAMPLE_BYTES);
	term_add(&line, example->text, EXAMPLE_COLUMNS);
	buf_add_c(&line, "  ");
	term_add(&line, example->url, 0);
	printf("    %.10s  %s%s\n", clock_local(example->at_ms, at), buf_c(&line),
		example->is_private ? "  (" PRIVATE_MARK ")" : "");
	buf_release(&line);
}

/* What names alone hit: enough to see whether it is the right one, and only one. */
static void tell_hits(const struct asked *a)
{
	for (size_t i = 0; i < a->hits.n; i++) {
		const struct privacy_hit *hit = &a->hits.v[i];
		struct buf name;
		buf_init(&name, EXAMPLE_BYTES);
		term_add(&name, hit->name, EXAMPLE_COLUMNS);
		printf("  %s in %.*s: %s\n", buf_c(&name), STR_FMT(hit->source),
			COUNT(hit->posts, "post"));
		for (size_t k = 0; k < hit->examples_n; k++) {
			tell_example(&hit->examples[k]);
		}
		buf_release(&name);
	}
	if (a->hits.n == 0) {
		puts("  nobody here is called so and has neither a handle nor a profile");
	}
}

/* A name alone, seen before anything is done by it. True: go on. */
static bool confirm_name(struct asked *a, const char *word, int *code)
{
	struct cli *cli = a->desk.cli;
	bool look = cli_given(cli, "dry-run");
	if (!privacy_by_name(&a->found) || cli_given(cli, "yes")) {
		return true;
	}
	if (!cli_json(cli)) {
		puts("a name alone may be several people; this is all that it hits:");
		tell_hits(a);
	}
	return !look && confirm_word(a, word, code);
}

/* ---- opt-out ---- */

static int opt_out(struct asked *a)
{
	struct desk *d = &a->desk;
	const char *reason = cli_value(d->cli, "reason");
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = find(a, false);
	if (rc == HARK_OK) {
		rc = privacy_opt_out(
			d->store, &a->found, str_c(reason), clock_wall_ms(), &a->counts, &d->err);
	}
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

static void tell_opt_out(const struct asked *a, bool look)
{
	size_t held = a->found.people.n + a->found.authors.n + a->found.posts.n + a->found.leads.n;
	if (look) {
		puts("nothing is listed yet");
	} else if (a->counts.fingerprints == 0) {
		puts("they were on the list already");
	} else {
		printf("from now on nothing of theirs is matched, kept or sent (%s)\n",
			COUNT(a->counts.fingerprints, "fingerprint"));
	}
	if (held == 0) {
		puts("nothing is held of them under that: whom posts know by a name alone is left alone by the"
		     " name, as name:'Ana Lopez'");
	} else {
		printf("what is held of them stays until hark privacy erase: %s, %s\n",
			COUNT(a->found.posts.n, "post"), COUNT(a->found.leads.n, "lead"));
	}
}

static void opt_out_json(const struct asked *a, bool look)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, PRIVACY_JSON_MAX);
	jsonout_init(&j, &out);
	view_privacy_opt_out(&j, &a->found, &a->counts, &a->hits, look);
	puts(buf_c(&out));
	buf_release(&out);
}

static int run_opt_out(struct cli *cli, int argc, char **argv)
{
	struct asked a = {0};
	int code = read_who(cli, argc, argv, &a);
	if (code != EXIT_DONE) {
		return code;
	}
	bool look = cli_given(cli, "dry-run"), goes = false;
	int rc = desk_open_new(&a.desk, cli, &code);
	rc = rc == HARK_OK ? find(&a, false) : rc;
	if (rc == HARK_OK) {
		goes = confirm_name(&a, "opt-out", &code) && !look;
	}
	rc = goes ? opt_out(&a) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&a.desk, code);
	} else if (cli_json(cli) && (goes || look)) {
		opt_out_json(&a, look);
	} else if (goes || look) {
		tell_opt_out(&a, look);
	}
	desk_close(&a.desk);
	return code;
}

/* ---- erase ---- */

static int erase(struct asked *a, bool look)
{
	struct desk *d = &a->desk;
	a->counts = (struct privacy_counts){0};
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = find(a, !cli_given(d->cli, "keep-mentions"));
	if (rc == HARK_OK) {
		rc = privacy_erase(d->store, &a->found, look, clock_wall_ms(), &a->counts, &d->err);
	}
	if (rc == HARK_OK && !look) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

static void tell_one(int64_t n, const char *one, const char *more)
{
	if (n > 0) {
		printf("  %s%s\n", COUNT(n, one), more);
	}
}

static void tell_erased(const struct asked *a, bool look)
{
	const struct privacy_counts *c = &a->counts;
	puts(look ? "this is what would be removed:" : "removed:");
	tell_one(c->people, "imported person", ", with jobs, addresses and references");
	tell_one(c->authors, "author", " of posts, with handle and profile");
	tell_one(c->profiles, "profile row", "");
	tell_one(c->moves, "move", "");
	tell_one(c->posts, "post", "");
	tell_one(c->named, "post", " of others that names or repeats them: its text");
	tell_one(c->leads, "lead", "");
	tell_one(c->leads_changed, "lead", " that rests on others as well: what came from them");
	tell_one(c->alerts, "alert", "");
	tell_one(c->other, "other record", "");
	if (c->people + c->authors + c->profiles + c->moves + c->posts + c->named + c->leads +
			c->other ==
		0) {
		puts("  nothing: nothing is held about them");
	}
}

static void tell_after(struct asked *a)
{
	struct hark_err err = {0};
	printf("they are on the list of those who want to be left alone (%s)\n",
		COUNT(a->found.names.n, "fingerprint"));
	if (store_scrub(a->desk.store, &err) != HARK_OK) {
		puts("its last traces leave the log when harkd is less busy; hark privacy erase again makes"
		     " sure");
	}
	puts("not in reach: backups (hark restore erases them again in the one that it puts back), files"
	     " that\nlists and imports were read from, and messages that were delivered");
}

static int run_erase(struct cli *cli, int argc, char **argv)
{
	struct asked a = {0};
	int code = read_who(cli, argc, argv, &a);
	if (code != EXIT_DONE) {
		return code;
	}
	bool look = cli_given(cli, "dry-run"), json = cli_json(cli),
	     asks = !look && !cli_given(cli, "yes");
	int rc = desk_open(&a.desk, cli, 0, &code);
	bool goes = rc == HARK_OK && !asks && !look;
	if (rc == HARK_OK && (asks || look)) {
		rc = erase(&a, true);
		if (rc == HARK_OK && !json) {
			tell_erased(&a, true);
		}
		if (rc == HARK_OK && !json && privacy_by_name(&a.found)) {
			puts("a name alone may be several people; this is all that it hits:");
			tell_hits(&a);
		}
		goes = rc == HARK_OK && asks && confirm_word(&a, "erase", &code);
	}
	if (goes) {
		rc = erase(&a, false);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&a.desk, code);
	} else if (json && (goes || look)) {
		struct buf out;
		struct jsonout j;
		buf_init(&out, PRIVACY_JSON_MAX);
		jsonout_init(&j, &out);
		view_privacy_counts(&j, &a.counts, &a.hits, look);
		puts(buf_c(&out));
		buf_release(&out);
		if (goes) {
			store_scrub(a.desk.store, NULL);
		}
	} else if (goes) {
		tell_erased(&a, false);
		tell_after(&a);
	}
	desk_close(&a.desk);
	return code;
}

/* ---- export ---- */

struct printed {
	const char *section;
	struct buf line;
};

static void print_row(void *ctx, const char *section, const struct privacy_cell *cells, size_t n)
{
	struct printed *p = ctx;
	if (p->section == NULL || strcmp(p->section, section) != 0) {
		printf("%s%s\n", p->section != NULL ? "\n" : "", section);
		p->section = section;
	}
	for (size_t i = 0; i < n; i++) {
		buf_clear(&p->line);
		term_add(&p->line, cells[i].value, 0);
		printf("  %s%s: %s\n", i == 0 ? "- " : "  ", cells[i].name, buf_c(&p->line));
	}
}

static int export_text(struct asked *a)
{
	struct printed p = {0};
	buf_init(&p.line, PRIVACY_JSON_MAX);
	int rc = privacy_export(a->desk.store, &a->found, print_row, &p, &a->desk.err);
	buf_release(&p.line);
	if (rc == HARK_OK && p.section == NULL) {
		puts("nothing is held about them");
	}
	return rc;
}

static int export_json(struct asked *a)
{
	struct buf out;
	struct jsonout j;
	struct view_export e;
	buf_init(&out, PRIVACY_JSON_MAX);
	jsonout_init(&j, &out);
	view_privacy_start(&e, &j, clock_wall_ms());
	int rc = privacy_export(a->desk.store, &a->found, view_privacy_row, &e, &a->desk.err);
	view_privacy_end(&e);
	if (rc == HARK_OK && out.rc != HARK_OK) {
		rc = hark_err_set(
			&a->desk.err, out.rc, "more is held about them than fits into one answer");
	}
	if (rc == HARK_OK) {
		puts(buf_c(&out));
	}
	buf_release(&out);
	return rc;
}

/* ---- as a table ---- */

static const struct sheet_column export_columns[] = {{"section", "section", SHEET_TEXT, false},
	{"record", "record", SHEET_NUMBER, false}, {"field", "field", SHEET_TEXT, false},
	{"value", "value", SHEET_TEXT, true}};

struct table_export {
	struct sheet sheet;
	const char *section; /* of the last row */
	int64_t record;      /* its number in that section */
};

static void table_row(void *ctx, const char *section, const struct privacy_cell *cells, size_t n)
{
	struct table_export *t = ctx;
	bool is_same = t->section != NULL && strcmp(t->section, section) == 0;
	t->record = is_same ? t->record + 1 : 1;
	t->section = section;
	for (size_t i = 0; i < n; i++) {
		sheet_text_c(&t->sheet, section);
		sheet_number(&t->sheet, t->record);
		sheet_text_c(&t->sheet, cells[i].name);
		sheet_text(&t->sheet, cells[i].value);
	}
}

/* One file for all sections, whose records have different fields: a line a field. */
static int export_csv(struct asked *a, int *code)
{
	struct table_export t = {0};
	sheet_init(&t.sheet, export_columns, sizeof(export_columns) / sizeof(export_columns[0]));
	int rc = privacy_export(a->desk.store, &a->found, table_row, &t, &a->desk.err);
	if (rc == HARK_OK) {
		*code = sheet_print(&t.sheet, a->desk.cli, "");
	}
	sheet_release(&t.sheet);
	return rc;
}

static int run_export(struct cli *cli, int argc, char **argv)
{
	struct asked a = {0};
	int code = cli_json(cli) && cli_given(cli, "csv") ? cli_usage(cli, "either --json or --csv")
							  : read_who(cli, argc, argv, &a);
	if (code != EXIT_DONE) {
		return code;
	}
	bool goes = false;
	int rc = desk_open(&a.desk, cli, 0, &code);
	rc = rc == HARK_OK ? find(&a, true) : rc;
	if (rc == HARK_OK) {
		goes = confirm_name(&a, "export", &code) && !cli_given(cli, "dry-run");
	}
	if (goes) {
		rc = desk_note(&a.desk);
	}
	if (rc == HARK_OK && goes) {
		rc = cli_json(cli)           ? export_json(&a)
		     : cli_given(cli, "csv") ? export_csv(&a, &code)
					     : export_text(&a);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&a.desk, code);
	}
	desk_close(&a.desk);
	return code;
}

static const struct cli_option opt_out_options[] = {
	{"dry-run", 'n', NULL, "show what of theirs is held, and list nobody"},
	{"yes", 'y', NULL, "a name alone is who is meant: do not ask"},
	{"reason", 'r', "TEXT", "where the wish comes from; must not name anybody"},
	{NULL},
};

static const struct cli_option erase_options[] = {
	{"dry-run", 'n', NULL, "show what would be removed, and remove nothing"},
	{"yes", 'y', NULL, "do not ask"},
	{"keep-mentions", 0, NULL, "leave what others wrote about them as it is"},
	{NULL},
};

static const struct cli_option export_options[] = {
	{"dry-run", 'n', NULL, "of a name alone: show what it hits"},
	{"yes", 'y', NULL, "a name alone is who is meant: do not ask"},
	SHEET_CSV,
	{NULL},
};

static const struct cli_option due_options[] = {
	{"within", 0, "TIME", "whose month ends within that time (default: 30d, everybody)"},
	{"notice", 0, NULL, "what each is told, in the language they read"},
	{"language", 0, "LANG", "the language of whoever's own was not imported, as en"},
	{NULL},
};

static const struct cli_option retention_options[] = {
	{"dry-run", 'n', NULL, "count what is due now; nothing is removed"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"opt-out", "WHO…", "Leave somebody alone from now on",
		"WHO is @handle (on whatever network), @handle@host, an e-mail address, the link of a profile, or\n"
		"the number of somebody imported, who is left alone under every address. 'name:Jane Doe' is\n"
		"whoever is called so in posts without a handle or a profile: maybe several people, so it shows\n"
		"first what that hits, and asks. Only keyed fingerprints are kept. Polls, imports, alerts that\n"
		"wait, tables and feeds of leads look at the list; as references they are neither asked nor ranked\n"
		"nor quoted any more.\n\n"
		"    hark privacy opt-out @jdoe@social.example --reason 'asked by mail'\n"
		"    hark privacy opt-out --dry-run 'name:Jane Doe'",
		opt_out_options, NULL, run_opt_out},
	{"erase", "WHO…", "Remove all that is held about somebody, for good",
		"WHO as for opt-out. Shows what there is, asks, removes it: the person with jobs, moves and\n"
		"references, accounts, posts, leads, alerts, what sources remember; of posts of others that name\n"
		"or repeat them the text. A lead that rests on others' words as well loses what came from them.\n"
		"Whoever is erased is on the list of opt-out, so no poll and no import brings them back.\n"
		"Freed space is overwritten and the log is emptied.\n\n"
		"    hark privacy erase --dry-run jane@example.com",
		erase_options, NULL, run_erase},
	{"export", "WHO…", "Show all that is held about somebody",
		"WHO as for opt-out. Each record says where it is from. What others wrote of them where few can\n"
		"read it is counted, with its source, and so are leads made of it; their words are not shown. As\n"
		"CSV, what they are sent who ask what is held about them: a line a field, with its section and the\n"
		"number of the record there.\n\n"
		"    hark privacy export --json jane@example.com >jane.json\n"
		"    hark privacy export --csv jane@example.com >jane.csv",
		export_options, NULL, run_export},
	{"due", "[NUMBER…]", "Show who must be told that they are here, and the text that says so",
		"People who were imported, or whom leads are about, must be informed within a month, or when\n"
		"somebody first speaks to them. First who is due first. Of those whose NUMBER, or lead, is given,\n"
		"and of all with --notice, the text to send: what is held and where it is from, since when, why,\n"
		"on what ground, whom to ask and how to object, in the language that was imported with them, else\n"
		"--language, else privacy.language of the configuration. Where it is not known, or there is no text\n"
		"in it, that is said, and the exit status is 1. hark sends none of it: hark privacy informed notes\n"
		"that somebody has.\n\n"
		"    hark privacy due --within 7d\n"
		"    hark privacy due 12 --language de",
		due_options, NULL, privacy_run_due},
	{"notices", "[LANG]", "Show the texts with which people are told that they are here",
		"The languages there are, and of LANG the file, to be copied and changed; privacy.notices of the\n"
		"configuration names it then, and privacy.purpose says in a sentence what the data is for.\n\n"
		"    hark privacy notices de >notices/de.yaml",
		NULL, NULL, privacy_run_notices},
	{"informed", "NUMBER…", "Note that somebody was told that they are here",
		"    hark privacy informed 12\n"
		"    hark privacy informed lead_3", NULL, NULL, privacy_run_informed},
	{"retention", "", "Show how long what is kept, and what is due",
		"The times are those of retention: in the configuration. harkd removes what is due by itself.",
		retention_options, NULL, privacy_run_retention},
	{NULL},
};

const struct cli_command command_privacy = {
	.name = "privacy",
	.args = "",
	.about = "Leave people alone, erase and show what is held about them",
	.sub = commands,
};
