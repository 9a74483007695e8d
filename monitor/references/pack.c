#include "monitor/references/pack.h"

#include "monitor/model/id.h"
#include "monitor/references/gate.h"
#include "monitor/store/requests.h"

/* The note is for spreadsheets, where nothing stands above the rows. */
static const struct sheet_column columns[] = {{"url", "where it stands", SHEET_TEXT, false},
	{"tone", "voice", SHEET_TEXT, false}, {"account", "account", SHEET_TEXT, true},
	{"industry", "industry", SHEET_TEXT, true}, {"said", "said", SHEET_TIME, false},
	{"captured", "captured", SHEET_TIME, false}, {"sha256", "SHA-256", SHEET_TEXT, true},
	{"text", "text", SHEET_TEXT, true}, {"note", NULL, SHEET_TEXT, false}};

/* A complaint, or praise that names a limit. */
static bool is_critical(const struct voice *v)
{
	return v->statement.tone == SAID_NEGATIVE || v->statement.tone == SAID_MIXED;
}

static int find_deal(
	const struct reader *who, struct str text, struct pack *p, struct hark_err *err)
{
	struct request r;
	if (who->store == NULL) {
		return hark_err_set(err, HARK_ENOENT, "no opportunities are imported yet");
	}
	if (!str_starts(text, STR(ID_REQUEST "_"))) {
		return store_deal_find(who->store, text, who->arena, &p->deal, err);
	}
	if (!id_parse(ID_REQUEST, text, &p->request)) {
		return hark_err_set(err, HARK_ENOENT, "there is no request '%.*s'",
			STR_FMT(str_cut_utf8(text, 100)));
	}
	int rc = store_request_load(who->store, p->request, who->arena, &r, err);
	return rc == HARK_OK ? store_deal_load(who->store, r.opportunity, who->arena, &p->deal, err)
			     : rc;
}

/* Nobody needs to be shown what they said themselves. */
static bool is_for(const struct reader *who, const struct pack *p, const struct voice *v)
{
	bool own = p->deal.account != 0 && v->statement.account == p->deal.account;
	return !own && reader_is_told(who->store, who->role, &v->statement);
}

static int read_voices(
	const struct reader *who, const struct pack_ask *ask, struct pack *p, struct hark_err *err)
{
	size_t kept = 0;
	p->product = ask->product.p != NULL ? ask->product : p->deal.product;
	int rc = store_voices(
		who->store, 0, STR_NONE, p->product, ask->industry, who->arena, &p->v, &p->n, err);
	for (size_t i = 0; i < p->n && rc == HARK_OK; i++) {
		const struct voice *v = &p->v[i];
		const struct gate_consent consent = {v->permission, v->consent, v->expires_ms};
		enum gate_verdict verdict = gate_ask(GATE_LINK, &v->statement, &consent, p->now_ms);
		if (!is_for(who, p, v)) {
			continue;
		}
		p->unlinked += verdict == GATE_NO_PLACE;
		if (verdict == GATE_OPEN) {
			p->critical += is_critical(&p->v[i]);
			p->v[kept++] = p->v[i];
		}
	}
	p->n = kept;
	return rc;
}

static int check(const struct pack *p, const struct pack_ask *ask, struct hark_err *err)
{
	if (p->n == 0 && p->unlinked > 0) {
		return hark_err_set(err, HARK_ESTATE, "nothing a pack could point to: %zu %s",
			p->unlinked, PACK_UNLINKED);
	}
	if (p->n == 0) {
		return hark_err_set(err, HARK_ESTATE,
			"no customer who is known said anything in public that may be shown%s%.*s",
			str_empty(p->product) ? "" : " of ",
			STR_FMT(str_cut_utf8(p->product, 100)));
	}
	if (p->critical == 0 && !ask->without_critical) {
		return hark_err_set(err, HARK_ESTATE,
			"there is no critical voice among %zu: a pack of praise alone is not believed; "
			"--without-critical makes it, and the pack says so",
			p->n);
	}
	return HARK_OK;
}

int pack_make(
	const struct reader *who, const struct pack_ask *ask, struct pack *p, struct hark_err *err)
{
	*p = (struct pack){.now_ms = who->now_ms};
	int rc = find_deal(who, ask->deal, p, err);
	rc = rc == HARK_OK ? read_voices(who, ask, p, err) : rc;
	return rc == HARK_OK ? check(p, ask, err) : rc;
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
		sheet_text_c(s, p->critical == 0 ? PACK_NO_CRITICAL : NULL);
	}
}

void pack_sheet(const struct pack *p, struct sheet *out)
{
	sheet_init(out, columns, sizeof(columns) / sizeof(columns[0]));
	add_rows(out, p, true);
	add_rows(out, p, false);
}

void pack_json(const struct pack *p, const struct sheet *posts, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	if (p->request != 0) {
		jsonout_key_c(j, "request", id_text(ID_REQUEST, p->request, id));
	}
	jsonout_key_str(j, "opportunity", p->deal.name);
	jsonout_key_str(j, "account", p->deal.account_name);
	jsonout_key_str(j, "product", p->product);
	jsonout_key_time(j, "made", p->now_ms);
	jsonout_key_i64(j, "critical", (int64_t)p->critical);
	jsonout_key_i64(j, "left_out", (int64_t)p->unlinked);
	jsonout_key_c(j, "left_out_why", p->unlinked > 0 ? PACK_UNLINKED : NULL);
	jsonout_key_c(j, "note", p->critical == 0 ? PACK_NO_CRITICAL : NULL);
	jsonout_key(j, "posts");
	sheet_json(posts, j);
	jsonout_end_object(j);
}
