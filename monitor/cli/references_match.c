/* hark references: who fits a request. */
#include "monitor/cli/references_cli.h"

#include "monitor/api/desk_view.h"
#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/sheet_print.h"
#include "monitor/model/id.h"

#include <stdio.h>

#define TEXT_MAX 8192
#define COLUMNS(v) v, sizeof(v) / sizeof((v)[0])

static const struct sheet_column columns[] = {
	{"reference", "reference", SHEET_NUMBER, false},
	{"points", "points", SHEET_NUMBER, false},
	{"name", "who", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true},
	{"fits", NULL, SHEET_BOOL, false},
	{"reasons", "because", SHEET_TEXT, true},
	{"left_out", "left out", SHEET_TEXT, true},
	{"permission", "permission", SHEET_TEXT, false},
	{"contact", "through", SHEET_TEXT, true},
	{"next_free", "next free", SHEET_TIME, false},
};

static void add_reasons(struct sheet *s, const struct peer *p)
{
	struct buf text;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < p->reasons_n; i++) {
		const struct peer_reason *r = &p->reasons[i];
		buf_printf(&text, "%s%s%s%.*s %+d", i > 0 ? "; " : "", r->what,
			str_empty(r->value) ? "" : ": ", STR_FMT(r->value), r->points);
	}
	sheet_text(s, buf_str(&text));
	buf_release(&text);
}

static void add_against(struct sheet *s, const struct peer *p)
{
	struct buf text;
	buf_init(&text, TEXT_MAX);
	if (p->same_account) {
		buf_add_c(&text, "works at the prospect");
	}
	for (size_t i = 0; i < p->guard.n; i++) {
		if (p->guard.v[i].blocks) {
			buf_add_c(&text, text.n > 0 ? "; " : "");
			guard_sentence(&p->guard.v[i], &text);
		}
	}
	sheet_text(s, text.n > 0 ? buf_str(&text) : STR_NONE);
	buf_release(&text);
}

int references_print_match(struct desk *d, const struct deal *deal, const struct request *r)
{
	struct sheet s;
	struct peer *v;
	size_t n;
	int rc =
		peers_rank(d->store, d->conf, deal, r, clock_wall_ms(), &d->arena, &v, &n, &d->err);
	rc = rc == HARK_OK ? desk_note_table(d) : rc;
	if (rc != HARK_OK) {
		return cli_fail(d->cli, &d->err);
	}
	sheet_init(&s, COLUMNS(columns));
	for (size_t i = 0; i < n; i++) {
		bool fits = peer_fits(&v[i]);
		sheet_number(&s, v[i].reference.id);
		sheet_number(&s, v[i].points);
		sheet_text(&s, v[i].reference.person_name);
		sheet_text(&s, v[i].reference.account_name);
		sheet_number(&s, fits);
		add_reasons(&s, &v[i]);
		add_against(&s, &v[i]);
		sheet_text_c(&s, permission_name(v[i].reference.permission));
		sheet_text(&s, fits ? v[i].reference.gatekeeper : STR_NONE);
		sheet_number(&s, v[i].guard.free_ms);
	}
	int code = sheet_print(&s, d->cli, "there are no references: hark references list");
	sheet_release(&s);
	return code;
}

int references_run_match(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct request r;
	struct deal deal;
	int64_t id = 0;
	int code = EXIT_DONE;
	if (argc != 1 || !id_parse(ID_REQUEST, str_c(argv[0]), &id)) {
		return cli_usage(
			cli, "which request? `hark references requests` shows their numbers");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "there are no requests yet");
	}
	rc = rc == HARK_OK ? store_request_load(d.store, id, &d.arena, &r, &d.err) : rc;
	rc = rc == HARK_OK ? store_deal_load(d.store, r.opportunity, &d.arena, &deal, &d.err) : rc;
	code = rc != HARK_OK ? desk_fail(&d, code) : references_print_match(&d, &deal, &r);
	desk_close(&d);
	return code;
}
