/* hark references pack: what customers said in public, for one deal. Every post has passed the gate
 * (monitor/references/gate.h). A pack of praise alone is not believed: without a critical voice there is none, unless
 * somebody insists, and then it says so itself. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/sheet.h"
#include "monitor/model/id.h"
#include "monitor/references/gate.h"
#include "monitor/store/deals.h"
#include "monitor/store/requests.h"
#include "monitor/store/voices.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)
#define COLUMNS(v) v, sizeof(v) / sizeof((v)[0])
#define FORCE "without-critical"
#define NO_CRITICAL "no critical voice: made with --" FORCE

/* The note is for spreadsheets, where nothing stands above the rows. */
static const struct sheet_column columns[] = {{"url", "where it stands", SHEET_TEXT, false},
	{"tone", "voice", SHEET_TEXT, false}, {"account", "account", SHEET_TEXT, true},
	{"industry", "industry", SHEET_TEXT, true}, {"said", "said", SHEET_TIME, false},
	{"captured", "captured", SHEET_TIME, false}, {"sha256", "SHA-256", SHEET_TEXT, true},
	{"text", "text", SHEET_TEXT, true}, {"note", NULL, SHEET_TEXT, false}};

struct pack {
	struct deal deal;
	int64_t request; /* 0: not for one */
	struct str product;
	struct voice *v; /* what may leave the house */
	size_t n, critical;
	int64_t now_ms;
};

/* A complaint, or praise that names a limit. */
static bool is_critical(const struct voice *v)
{
	return v->statement.tone == SAID_NEGATIVE || v->statement.tone == SAID_MIXED;
}

static int find_deal(struct desk *d, struct str text, struct pack *p)
{
	struct request r;
	if (d->store == NULL) {
		return hark_err_set(&d->err, HARK_ENOENT, "no opportunities are imported yet");
	}
	if (!str_starts(text, STR(ID_REQUEST "_"))) {
		return store_deal_find(d->store, text, &d->arena, &p->deal, &d->err);
	}
	if (!id_parse(ID_REQUEST, text, &p->request)) {
		return hark_err_set(&d->err, HARK_ENOENT, "there is no request '%.*s'",
			STR_FMT(str_cut_utf8(text, 100)));
	}
	int rc = store_request_load(d->store, p->request, &d->arena, &r, &d->err);
	return rc == HARK_OK
		       ? store_deal_load(d->store, r.opportunity, &d->arena, &p->deal, &d->err)
		       : rc;
}

/* Nobody needs to be shown what they said themselves. */
static int read_pack(struct desk *d, struct pack *p)
{
	size_t kept = 0;
	const char *product = cli_value(d->cli, "product");
	p->now_ms = clock_wall_ms();
	p->product = product != NULL ? str_c(product) : p->deal.product;
	int rc = store_voices(d->store, 0, STR_NONE, p->product,
		str_c(cli_value(d->cli, "industry")), &d->arena, &p->v, &p->n, &d->err);
	for (size_t i = 0; i < p->n && rc == HARK_OK; i++) {
		const struct voice *v = &p->v[i];
		const struct gate_consent consent = {v->permission, v->consent, v->expires_ms};
		bool own = p->deal.account != 0 && v->statement.account == p->deal.account;
		if (!own && gate_ask(GATE_LINK, &v->statement, &consent, p->now_ms) == GATE_OPEN) {
			p->critical += is_critical(v);
			p->v[kept++] = *v;
		}
	}
	p->n = kept;
	return rc;
}

/* HARK_ESTATE: there is nothing to show, or praise alone. */
static int check_pack(struct desk *d, const struct pack *p)
{
	if (p->n == 0) {
		return hark_err_set(&d->err, HARK_ESTATE,
			"no customer who is known said anything in public that may be shown%s%.*s",
			str_empty(p->product) ? "" : " of ",
			STR_FMT(str_cut_utf8(p->product, 100)));
	}
	if (p->critical == 0 && !cli_given(d->cli, FORCE)) {
		return hark_err_set(&d->err, HARK_ESTATE,
			"there is no critical voice among %zu: a pack of praise alone is not believed; "
			"--" FORCE " makes it, and the pack says so",
			p->n);
	}
	return HARK_OK;
}

static void add_rows(struct sheet *s, const struct pack *p, bool same_industry)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct voice *v = &p->v[i];
		bool same = !str_empty(v->industry) && str_eq_nocase(v->industry, p->deal.industry);
		if (same != same_industry) {
			continue;
		}
		sheet_text(s, v->statement.url);
		sheet_text_c(s, statement_tone_name(v->statement.tone));
		sheet_text(s, v->account);
		sheet_text(s, v->industry);
		sheet_number(s, v->statement.said_ms);
		sheet_number(s, v->statement.captured_ms);
		sheet_text(s, v->statement.hash);
		sheet_text(s, v->statement.text);
		sheet_text_c(s, p->critical == 0 ? NO_CRITICAL : NULL);
	}
}

static void print_head(const struct pack *p)
{
	char text[CLOCK_TEXT_MAX];
	print_field("deal", p->deal.name);
	print_field("account", p->deal.account_name);
	print_field("product", p->product);
	print_field("made", str_c(clock_local(p->now_ms, text)));
	printf("%zu posts as they stand in public, unedited; %zu critical\n", p->n, p->critical);
	if (p->critical == 0) {
		puts(NO_CRITICAL);
	}
	putchar('\n');
}

static int print_json(struct desk *d, const struct pack *p, const struct sheet *s)
{
	char id[ID_TEXT_MAX];
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	if (p->request != 0) {
		jsonout_key_c(&j, "request", id_text(ID_REQUEST, p->request, id));
	}
	jsonout_key_str(&j, "opportunity", p->deal.name);
	jsonout_key_str(&j, "account", p->deal.account_name);
	jsonout_key_str(&j, "product", p->product);
	jsonout_key_time(&j, "made", p->now_ms);
	jsonout_key_i64(&j, "critical", (int64_t)p->critical);
	jsonout_key_c(&j, "note", p->critical == 0 ? NO_CRITICAL : NULL);
	jsonout_key(&j, "posts");
	sheet_json(s, &j);
	jsonout_end_object(&j);
	int rc = s->rc != HARK_OK ? s->rc : out.rc;
	if (rc == HARK_OK) {
		puts(buf_c(&out));
	}
	buf_release(&out);
	return rc == HARK_OK ? EXIT_DONE
			     : cli_fail(d->cli, (hark_err_set(&d->err, rc, "no memory to print it"),
							&d->err));
}

static int tell_pack(struct desk *d, const struct pack *p)
{
	struct sheet s;
	sheet_init(&s, COLUMNS(columns));
	add_rows(&s, p, true);
	add_rows(&s, p, false);
	if (!cli_json(d->cli) && !cli_given(d->cli, "csv")) {
		print_head(p);
	}
	int code = cli_json(d->cli) ? print_json(d, p, &s) : sheet_print(&s, d->cli, "");
	sheet_release(&s);
	return code;
}

int references_run_pack(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct pack p = {0};
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(
			cli, "for which opportunity or request? say its id or name, or req_4");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	rc = rc == HARK_OK ? find_deal(&d, str_c(argv[0]), &p) : rc;
	rc = rc == HARK_OK ? read_pack(&d, &p) : rc;
	rc = rc == HARK_OK ? check_pack(&d, &p) : rc;
	rc = rc == HARK_OK ? desk_note(&d) : rc;
	code = rc != HARK_OK ? desk_fail(&d, code) : tell_pack(&d, &p);
	desk_close(&d);
	return code;
}
