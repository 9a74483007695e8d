#include "monitor/references/gate.h"

static const struct {
	const char *name, *about;
} verdicts[GATE_VERDICTS] = {
	[GATE_OPEN] = {"open", "it may leave the house"},
	[GATE_OPTED_OUT] = {"opted-out", "who said it has asked to be left alone"},
	[GATE_PRIVATE] = {"private",
		"it was read with your own rights, and nobody agreed to be quoted with it"},
	[GATE_WITHDRAWN] = {"withdrawn", "they have taken it back"},
	[GATE_GONE] = {"gone", "it was deleted where it stood"},
	[GATE_EDITED] = {"edited", "it says something else now than when it was captured"},
	[GATE_REGULATED] = {"regulated", "compliance has not signed it"},
	[GATE_NO_PLACE] = {"no-place", "there is no public address to point to"},
	[GATE_NO_CONSENT] = {"no-consent", "nobody agreed to be quoted by name"},
	[GATE_OTHER_TEXT] = {"other-text", "what was agreed to is another text"},
};

const char *gate_verdict_name(enum gate_verdict verdict)
{
	return verdicts[verdict].name;
}

const char *gate_verdict_about(enum gate_verdict verdict)
{
	return verdicts[verdict].about;
}

enum gate_verdict gate_ask(enum gate_use use, const struct statement *s,
	const struct gate_consent *consent, int64_t now_ms)
{
	bool named = consent->permission == PERMISSION_NAMED &&
		     (consent->expires_ms == 0 || consent->expires_ms > now_ms);
	bool this_text = named && s->id != 0 && consent->statement == s->id;
	if (s->opted_out) {
		return GATE_OPTED_OUT;
	}
	if (s->is_private && !(use == GATE_QUOTE && this_text)) {
		return GATE_PRIVATE;
	}
	if (s->deleted_ms != 0 || s->text.p == NULL) {
		return GATE_GONE;
	}
	if (!statement_stands(s)) {
		return GATE_EDITED;
	}
	if (s->regulated && str_empty(s->signed_by)) {
		return GATE_REGULATED;
	}
	if (consent->permission == PERMISSION_WITHDRAWN) {
		return GATE_WITHDRAWN;
	}
	if (use == GATE_LINK) {
		return str_empty(s->url) ? GATE_NO_PLACE : GATE_OPEN;
	}
	return !named ? GATE_NO_CONSENT : this_text ? GATE_OPEN : GATE_OTHER_TEXT;
}
