#include "monitor/references/board.h"

#include "monitor/references/guard.h"

const struct sheet_column board_columns[] = {
	{"reference", "reference", SHEET_NUMBER, false},
	{"score", "score", SHEET_NUMBER, false},
	{"name", "who", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true},
	{"authority", "authority", SHEET_TEXT, false},
	{"tone", "said", SHEET_TEXT, false},
	{"statements", "statements", SHEET_NUMBER, false},
	{"permission", "permission", SHEET_TEXT, false},
	{"age_ms", "for", SHEET_SPAN, false},
	{"owner", "owner", SHEET_TEXT, true},
	{"origin", "found by", SHEET_TEXT, false},
	{"contact", "contact", SHEET_TEXT, true},
	{"may_ask", NULL, SHEET_BOOL, false},
	{"next_free", "next free", SHEET_TIME, false},
};

const size_t board_columns_n = sizeof(board_columns) / sizeof(board_columns[0]);

/* Through whom they may be asked, or what is against it. */
static void add_contact(struct sheet *s, const struct reference *r, const struct guard_answer *g)
{
	struct buf text;
	buf_init(&text, 1000);
	if (g->may_ask) {
		buf_printf(&text, "through %.*s", STR_FMT(r->gatekeeper));
	}
	for (size_t i = 0; i < g->n && !g->may_ask; i++) {
		if (g->v[i].blocks) {
			buf_printf(&text, "%s%s",
				text.n > 0 ? ", " : "no: ", guard_cause_name(g->v[i].cause));
		}
	}
	sheet_text(s, buf_str(&text));
	sheet_number(s, g->may_ask);
	sheet_number(s, g->free_ms);
	buf_release(&text);
}

static void add_row(
	struct sheet *s, const struct reference *r, const struct guard_answer *g, int64_t now_ms)
{
	sheet_number(s, r->id);
	sheet_number(s, r->score);
	sheet_text(s, r->person_name);
	sheet_text(s, r->account_name);
	sheet_text_c(s, authority_name(r->authority));
	sheet_text_c(s, statement_tone_name(r->tone));
	sheet_number(s, r->statements);
	sheet_text_c(s, permission_name(r->permission));
	sheet_number(s, now_ms - r->stage_ms);
	sheet_text(s, r->orphaned_ms != 0 ? STR("orphan") : r->owner);
	sheet_text(s, r->origin);
	add_contact(s, r, g);
}

int board_add(struct sheet *s, const struct reader *who, const struct reference *v, size_t n,
	struct hark_err *err)
{
	int rc = HARK_OK;
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct guard_answer g;
		rc = guard_ask(
			who->store, who->conf, &v[i], STR_NONE, who->now_ms, who->arena, &g, err);
		if (rc == HARK_OK) {
			add_row(s, &v[i], &g, who->now_ms);
		}
	}
	return rc;
}

/* ---- requests ---- */

const struct sheet_column request_columns[] = {{"request", "request", SHEET_NUMBER, false},
	{"state", "state", SHEET_TEXT, false}, {"opportunity", "opportunity", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"stage", "stage", SHEET_TEXT, false},
	{"value_cents", NULL, SHEET_NUMBER, false}, {"currency", NULL, SHEET_TEXT, false},
	{"rep", "by", SHEET_TEXT, false}, {"activity", "for", SHEET_TEXT, false},
	{"rule", "rule", SHEET_TEXT, false}, {"why", "why", SHEET_TEXT, true},
	{"asked", "asked", SHEET_TIME, false}, {"first_name_ms", "first name", SHEET_SPAN, false},
	{"due", "due", SHEET_TIME, false}, {"overdue", NULL, SHEET_BOOL, false}};

const size_t request_columns_n = sizeof(request_columns) / sizeof(request_columns[0]);

void requests_add_rows(struct sheet *s, const struct reader *who, const struct request *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct request *r = &v[i];
		bool waits = r->ended_ms == 0 && r->first_ms == 0;
		sheet_number(s, r->id);
		sheet_text_c(s, request_state_name(r->state));
		sheet_text(s, r->deal);
		sheet_text(s, r->account_name);
		sheet_text(s, r->stage);
		sheet_number(s, r->value_cents >= 0 ? r->value_cents : SHEET_NONE);
		sheet_text(s, r->currency);
		sheet_text(s, r->rep);
		sheet_text(s, r->activity);
		sheet_text(s, r->rule);
		sheet_text(s, r->why);
		sheet_number(s, r->created_ms);
		sheet_number(s, r->first_ms != 0 ? r->first_ms - r->created_ms : SHEET_NONE);
		sheet_number(s, r->ended_ms == 0 ? r->due_ms : 0);
		sheet_number(
			s, waits && who->now_ms - r->created_ms > who->conf->references.first_ms);
	}
}
