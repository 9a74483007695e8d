/* What leaves the house. Every row has passed the gate (monitor/references/gate.h). */
#include "monitor/references/lists_in.h"

#include "monitor/base/json.h"
#include "monitor/references/brief.h"
#include "monitor/references/gate.h"
#include "monitor/references/pack.h"
#include "monitor/store/voices.h"

static enum gate_verdict ask(const struct reader *who, enum gate_use use, const struct voice *v)
{
	const struct gate_consent consent = {v->permission, v->consent, v->expires_ms};
	return gate_ask(use, &v->statement, &consent, who->now_ms);
}

/* Of what the reader is told. */
static int read_voices(const struct reader *who, const struct list_filter *f, struct voice **v,
	size_t *n, struct hark_err *err)
{
	size_t kept = 0;
	int rc = store_voices(who->store, f->reference, f->account, f->product, f->industry,
		who->arena, v, n, err);
	for (size_t i = 0; i < *n && rc == HARK_OK; i++) {
		if (reader_is_told(who->store, who->role, &(*v)[i].statement)) {
			(*v)[kept++] = (*v)[i];
		}
	}
	*n = kept;
	return rc;
}

/* ---- quotes ---- */

static const struct sheet_column quote_columns[] = {{"statement", "statement", SHEET_NUMBER, false},
	{"quote", "quote", SHEET_TEXT, true}, {"name", "name", SHEET_TEXT, false},
	{"title", "title", SHEET_TEXT, true}, {"account", "account", SHEET_TEXT, true},
	{"url", NULL, SHEET_TEXT, false}, {"said", "said", SHEET_TIME, false},
	{"sha256", NULL, SHEET_TEXT, false}, {"expires", NULL, SHEET_TIME, false}};

static int fill_quotes(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct voice *v;
	size_t n;
	enum gate_verdict held = GATE_NO_CONSENT; /* why the last one stays */
	int rc = read_voices(who, f, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		enum gate_verdict verdict = ask(who, GATE_QUOTE, &v[i]);
		if (verdict != GATE_OPEN) {
			held = verdict;
			continue;
		}
		sheet_key(s, v[i].statement.id);
		sheet_number(s, v[i].statement.id);
		sheet_text(s, v[i].statement.text);
		sheet_text(s, v[i].person);
		sheet_text(s, v[i].title);
		sheet_text(s, v[i].account);
		sheet_text(s, v[i].statement.is_private ? STR_NONE : v[i].statement.url);
		sheet_number(s, v[i].statement.said_ms);
		sheet_text(s, v[i].statement.hash);
		sheet_number(s, v[i].expires_ms);
	}
	return rc == HARK_OK && f->reference != 0 && sheet_rows(s) == 0
		       ? hark_err_set(err, HARK_ESTATE, "nothing of ref_%lld may be quoted: %s",
				 (long long)f->reference, gate_verdict_about(held))
		       : rc;
}

const struct list_kind list_quotes = {LIST_COLUMNS(quote_columns),
	"nothing may be quoted: nobody is named, see `hark references list --state named`", true,
	fill_quotes};

/* ---- proof ---- */

#define NO_VOICES "no customer who is known said anything like that in public"

static const struct sheet_column proof_columns[] = {{"url", "where it stands", SHEET_TEXT, false},
	{"tone", "voice", SHEET_TEXT, false}, {"account", "account", SHEET_TEXT, true},
	{"said", "said", SHEET_TIME, false}, {"captured", "captured", SHEET_TIME, false},
	{"sha256", NULL, SHEET_TEXT, false}, {"text", "text", SHEET_TEXT, true}};

static int fill_proof(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct voice *v;
	size_t n;
	int rc = read_voices(who, f, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		enum gate_verdict verdict = ask(who, GATE_LINK, &v[i]);
		s->left_out += verdict == GATE_NO_PLACE;
		if (verdict == GATE_OPEN) {
			sheet_key(s, v[i].statement.id);
			sheet_text(s, v[i].statement.url);
			sheet_text_c(s, statement_tone_name(v[i].statement.tone));
			sheet_text(s, v[i].account);
			sheet_number(s, v[i].statement.said_ms);
			sheet_number(s, v[i].statement.captured_ms);
			sheet_text(s, v[i].statement.hash);
			sheet_text(s, v[i].statement.text);
		}
	}
	s->left_out_why = PACK_UNLINKED;
	return rc;
}

const struct list_kind list_proof = {LIST_COLUMNS(proof_columns),
	"no customer who is known said anything like that in public that can be pointed to", true,
	fill_proof};

/* ---- prospect ---- */

static const struct sheet_column prospect_columns[] = {{"product", "product", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"name", "who", SHEET_TEXT, true},
	{"tone", "voice", SHEET_TEXT, false}, {"official", "on the list", SHEET_BOOL, false},
	{"flag", "mind", SHEET_TEXT, true}, {"said", "said", SHEET_TIME, false},
	{"source", "source", SHEET_TEXT, true}, {"url", "where it stands", SHEET_TEXT, true}};

/* A prospect who looks there sees it, with a link or without. */
static bool is_seen(enum gate_verdict verdict)
{
	return verdict == GATE_OPEN || verdict == GATE_NO_PLACE || verdict == GATE_REGULATED ||
	       verdict == GATE_EDITED || verdict == GATE_WITHDRAWN;
}

static int fill_prospect(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct voice *v;
	size_t n;
	int rc = read_voices(who, f, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		const struct statement *w = &v[i].statement;
		bool official = v[i].permission == PERMISSION_NAMED;
		enum gate_verdict verdict = ask(who, GATE_LINK, &v[i]);
		if (!is_seen(verdict)) {
			continue;
		}
		sheet_key(s, w->id);
		sheet_text(s, w->product);
		sheet_text(s, v[i].account);
		sheet_text(s, v[i].person);
		sheet_text_c(s, statement_tone_name(w->tone));
		sheet_number(s, official);
		sheet_text_c(s, official && w->tone == SAID_NEGATIVE ? "on the list, and unhappy"
				: verdict == GATE_REGULATED          ? "regulated: do not share"
								     : NULL);
		sheet_number(s, w->said_ms != 0 ? w->said_ms : w->captured_ms);
		sheet_text(s, w->source);
		sheet_text(s, w->url);
	}
	return rc;
}

const struct list_kind list_prospect = {
	LIST_COLUMNS(prospect_columns), NO_VOICES, true, fill_prospect};

/* ---- coach ---- */

static const struct sheet_column coach_columns[] = {{"part", "what", SHEET_TEXT, false},
	{"text", "in their words", SHEET_TEXT, true}, {"said", "said", SHEET_TIME, false},
	{"url", "where it stands", SHEET_TEXT, true}};

/* Of one statement; more have the key of another. */
#define PARTS_MAX 64

static void add_parts(struct sheet *s, const struct statement *w)
{
	json_t *parts = w->parts.n > 0 ? json_read(w->parts, NULL) : NULL;
	for (size_t i = 0; i < json_array_size(parts); i++) {
		struct str part = json_str(json_array_get(parts, i), "part");
		if (str_eq_c(part, "limit") || str_eq_c(part, "lesson")) {
			sheet_key(s, w->id * PARTS_MAX + (int64_t)i);
			sheet_text(s, part);
			sheet_text(s, json_str(json_array_get(parts, i), "text"));
			sheet_number(s, w->said_ms);
			sheet_text(s, w->url);
		}
	}
	json_decref(parts);
}

static int fill_coach(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct brief b;
	int rc = brief_load(who, f->reference, &b, err);
	for (size_t i = 0; i < b.n && rc == HARK_OK; i++) {
		add_parts(s, &b.v[i]);
	}
	return rc;
}

const struct list_kind list_coach = {LIST_COLUMNS(coach_columns),
	"they have stated no limit and no lesson in public", true, fill_coach};
