#include "rules/classify/tone_words.h"

bool tone_is_english(const struct tone_scan *s)
{
	enum { ENGLISH = 1, FOREIGN = 2, ACCENT = 4, SCRIPT = 8, KINDS = 16 };
	unsigned counts[KINDS] = {0}, words = 0, english = 0, foreign = 0, accents = 0, script = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		counts[((t->roles & ROLE_ENGLISH) != 0) * ENGLISH +
			((t->roles & ROLE_FOREIGN) != 0) * FOREIGN +
			((t->flags & TONE_FOREIGN) != 0) * ACCENT +
			((t->flags & TONE_SCRIPT) != 0) * SCRIPT] += t->kind == TONE_WORD;
	}
	for (unsigned k = 0; k < KINDS; k++) {
		words += counts[k];
		english += (k & (ENGLISH | FOREIGN)) == ENGLISH ? counts[k] : 0;
		foreign += (k & (ENGLISH | FOREIGN)) == FOREIGN ? counts[k] : 0;
		accents += k == ACCENT ? counts[k] : 0;
		script += (k & SCRIPT) != 0 ? counts[k] : 0;
	}
	if (script * 2 > words) {
		return false;
	}
	unsigned against = 2 * foreign + accents;
	return against == 0 || against <= 2 * english || (against == 1 && words > 3) ||
	       (against == 2 && english > 0);
}
