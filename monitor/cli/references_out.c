/* hark references: what leaves the house. Every row has passed the gate (monitor/references/gate.h). */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/sheet.h"
#include "monitor/model/id.h"
#include "monitor/references/gate.h"
#include "monitor/store/voices.h"

#include <stdio.h>

struct leaving {
	int64_t reference; /* 0: of all */
	int (*look)(struct desk *d, void *ctx);
	struct sheet sheet;
	const char *empty;
	enum gate_verdict held; /* why the last one stays, where nothing leaves */
	int code;
};

static enum gate_verdict ask(enum gate_use use, const struct voice *v)
{
	const struct gate_consent consent = {v->permission, v->consent, v->expires_ms};
	return gate_ask(use, &v->statement, &consent, clock_wall_ms());
}

static int read_voices(struct desk *d, int64_t reference, struct voice **v, size_t *n)
{
	return store_voices(d->store, reference, str_c(cli_value(d->cli, "account")),
		str_c(cli_value(d->cli, "product")), str_c(cli_value(d->cli, "industry")),
		&d->arena, v, n, &d->err);
}

/* ---- quotes ---- */

static const struct sheet_column quote_columns[] = {{"statement", "statement", SHEET_NUMBER, false},
	{"quote", "quote", SHEET_TEXT, true}, {"name", "name", SHEET_TEXT, false},
	{"title", "title", SHEET_TEXT, true}, {"account", "account", SHEET_TEXT, true},
	{"url", NULL, SHEET_TEXT, false}, {"said", "said", SHEET_TIME, false},
	{"sha256", NULL, SHEET_TEXT, false}, {"expires", NULL, SHEET_TIME, false}};

static int look_quotes(struct desk *d, void *ctx)
{
	struct leaving *l = ctx;
	struct voice *v;
	size_t n;
	int rc = read_voices(d, l->reference, &v, &n);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		enum gate_verdict verdict = ask(GATE_QUOTE, &v[i]);
		if (verdict != GATE_OPEN) {
			l->held = verdict;
			continue;
		}
		sheet_number(&l->sheet, v[i].statement.id);
		sheet_text(&l->sheet, v[i].statement.text);
		sheet_text(&l->sheet, v[i].person);
		sheet_text(&l->sheet, v[i].title);
		sheet_text(&l->sheet, v[i].account);
		sheet_text(&l->sheet, v[i].statement.is_private ? STR_NONE : v[i].statement.url);
		sheet_number(&l->sheet, v[i].statement.said_ms);
		sheet_text(&l->sheet, v[i].statement.hash);
		sheet_number(&l->sheet, v[i].expires_ms);
	}
	return rc;
}

static void tell(struct desk *d, void *ctx)
{
	struct leaving *l = ctx;
	if (l->reference != 0 && sheet_rows(&l->sheet) == 0) {
		hark_err_set(&d->err, HARK_ESTATE, "nothing of ref_%lld may be quoted: %s",
			(long long)l->reference,
			gate_verdict_about(l->held != GATE_OPEN ? l->held : GATE_NO_CONSENT));
		l->code = cli_fail(d->cli, &d->err);
		return;
	}
	l->code = sheet_print(&l->sheet, d->cli, l->empty);
}

static int look_noted(struct desk *d, void *ctx)
{
	struct leaving *l = ctx;
	int rc = desk_note(d);
	return rc == HARK_OK ? l->look(d, ctx) : rc;
}

static int run(struct cli *cli, struct leaving *l, const struct sheet_column *columns, size_t n,
	int (*look)(struct desk *d, void *ctx))
{
	sheet_init(&l->sheet, columns, n);
	l->look = look;
	int code = desk_report(cli, 0, look_noted, tell, l);
	sheet_release(&l->sheet);
	return code == EXIT_DONE ? l->code : code;
}

#define COLUMNS(v) v, sizeof(v) / sizeof((v)[0])

int references_run_quotes(struct cli *cli, int argc, char **argv)
{
	struct leaving l = {
		.empty =
			"nothing may be quoted: nobody is named, see `hark references list --state named`"};
	if (argc > 1 || (argc == 1 && !id_parse(ID_REFERENCE, str_c(argv[0]), &l.reference))) {
		return cli_usage(cli, "one reference by its number, or none for all of them");
	}
	return run(cli, &l, COLUMNS(quote_columns), look_quotes);
}

/* ---- proof ---- */

static const struct sheet_column proof_columns[] = {{"url", "where it stands", SHEET_TEXT, false},
	{"tone", "voice", SHEET_TEXT, false}, {"account", "account", SHEET_TEXT, true},
	{"said", "said", SHEET_TIME, false}, {"captured", "captured", SHEET_TIME, false},
	{"sha256", NULL, SHEET_TEXT, false}, {"text", "text", SHEET_TEXT, true}};

static int look_proof(struct desk *d, void *ctx)
{
	struct leaving *l = ctx;
	struct voice *v;
	size_t n;
	int rc = read_voices(d, 0, &v, &n);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		if (ask(GATE_LINK, &v[i]) == GATE_OPEN) {
			sheet_text(&l->sheet, v[i].statement.url);
			sheet_text_c(&l->sheet, statement_tone_name(v[i].statement.tone));
			sheet_text(&l->sheet, v[i].account);
			sheet_number(&l->sheet, v[i].statement.said_ms);
			sheet_number(&l->sheet, v[i].statement.captured_ms);
			sheet_text(&l->sheet, v[i].statement.hash);
			sheet_text(&l->sheet, v[i].statement.text);
		}
	}
	return rc;
}

int references_run_proof(struct cli *cli, int argc, char **argv)
{
	struct leaving l = {.empty = "no customer who is known said anything like that in public"};
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments; --product and --industry choose");
	}
	return run(cli, &l, COLUMNS(proof_columns), look_proof);
}

/* ---- prospect ---- */

static const struct sheet_column prospect_columns[] = {{"product", "product", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"name", "who", SHEET_TEXT, true},
	{"tone", "voice", SHEET_TEXT, false}, {"official", "on the list", SHEET_BOOL, false},
	{"flag", "mind", SHEET_TEXT, true}, {"said", "said", SHEET_TIME, false},
	{"url", "where it stands", SHEET_TEXT, true}};

static int look_prospect(struct desk *d, void *ctx)
{
	struct leaving *l = ctx;
	struct voice *v;
	size_t n;
	int rc = read_voices(d, 0, &v, &n);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		const struct statement *w = &v[i].statement;
		bool official = v[i].permission == PERMISSION_NAMED;
		enum gate_verdict verdict = ask(GATE_LINK, &v[i]);
		if (verdict != GATE_OPEN && verdict != GATE_REGULATED && verdict != GATE_EDITED) {
			continue; /* a prospect cannot see it, or there is nothing to see */
		}
		sheet_text(&l->sheet, w->product);
		sheet_text(&l->sheet, v[i].account);
		sheet_text(&l->sheet, v[i].person);
		sheet_text_c(&l->sheet, statement_tone_name(w->tone));
		sheet_number(&l->sheet, official);
		sheet_text_c(&l->sheet, official && w->tone == SAID_NEGATIVE
						? "on the list, and unhappy"
					: verdict == GATE_REGULATED ? "regulated: do not share"
								    : NULL);
		sheet_number(&l->sheet, w->said_ms);
		sheet_text(&l->sheet, w->url);
	}
	return rc;
}

int references_run_prospect(struct cli *cli, int argc, char **argv)
{
	struct leaving l = {.empty = "no customer who is known said anything like that in public"};
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments; --product and --industry choose");
	}
	return run(cli, &l, COLUMNS(prospect_columns), look_prospect);
}
