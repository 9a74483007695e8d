#include "monitor/references/brief.h"

#include "monitor/model/id.h"
#include "monitor/references/gate.h"
#include "monitor/references/peers.h"
#include "monitor/store/references.h"

/* Only what the gate lets others see may be repeated to them. It need not have an address: the words are theirs, and
 * nobody is sent there. What it keeps back is counted; what might be repeated but is not for this reader is not. */
static void keep_public(const struct reader *who, struct brief *b)
{
	const struct gate_consent none = {0};
	size_t kept = 0;
	for (size_t i = 0; i < b->n; i++) {
		enum gate_verdict verdict = gate_ask(GATE_LINK, &b->v[i], &none, who->now_ms);
		if (verdict != GATE_OPEN && verdict != GATE_NO_PLACE) {
			b->left_out[verdict]++;
		} else if (reader_is_told(who->store, who->role, &b->v[i])) {
			b->v[kept++] = b->v[i];
		}
	}
	b->n = kept;
}

int brief_load(const struct reader *who, int64_t reference, struct brief *b, struct hark_err *err)
{
	struct store *s = who->store;
	*b = (struct brief){0};
	int rc = store_reference_load(s, reference, who->arena, &b->r, err);
	rc = rc == HARK_OK ? store_reference_statements(s, reference, who->arena, &b->v, &b->n, err)
			   : rc;
	rc = rc == HARK_OK ? guard_ask(s, who->conf, &b->r, STR_NONE, who->now_ms, who->arena,
				     &b->guard, err)
			   : rc;
	rc = rc == HARK_OK ? peer_motive(s, b->r.person, STR_NONE, who->arena, &b->motive, err)
			   : rc;
	if (rc == HARK_OK && guard_has(&b->guard, GUARD_OPTED_OUT)) {
		return hark_err_set(err, HARK_ESTATE,
			"ref_%lld has asked to be left alone: nothing of theirs is given out",
			(long long)reference);
	}
	if (rc == HARK_OK) {
		keep_public(who, b);
	}
	return rc;
}

static void left_out_json(const struct brief *b, struct jsonout *j)
{
	jsonout_key(j, "left_out");
	jsonout_array(j);
	for (size_t i = 0; i < GATE_VERDICTS; i++) {
		if (b->left_out[i] > 0) {
			jsonout_object(j);
			jsonout_key_i64(j, "statements", (int64_t)b->left_out[i]);
			jsonout_key_c(j, "cause", gate_verdict_name((enum gate_verdict)i));
			jsonout_key_c(j, "why", gate_verdict_about((enum gate_verdict)i));
			jsonout_end_object(j);
		}
	}
	jsonout_end_array(j);
}

void brief_json(const struct brief *b, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_c(j, "id", id_text(ID_REFERENCE, b->r.id, id));
	jsonout_key_str(j, "name", b->r.person_name);
	jsonout_key_str(j, "account", b->r.account_name);
	jsonout_key_str(j, "title", b->r.title);
	jsonout_key_bool(j, "may_ask", b->guard.may_ask);
	jsonout_key_str(j, "ask_through", b->guard.may_ask ? b->r.gatekeeper : STR_NONE);
	jsonout_key_str(j, "motive", b->motive);
	jsonout_key(j, "words");
	jsonout_array(j);
	for (size_t i = 0; i < b->n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "tone", statement_tone_name(b->v[i].tone));
		jsonout_key_time(j, "said", b->v[i].said_ms);
		jsonout_key_str(j, "source", b->v[i].source);
		jsonout_key_str(j, "url", b->v[i].url);
		jsonout_key_str(j, "text", b->v[i].text);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	left_out_json(b, j);
	jsonout_end_object(j);
}
