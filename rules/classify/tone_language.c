#include "rules/classify/tone_words.h"

bool tone_is_english(const struct tone_scan *s)
{
	unsigned words = 0, english = 0, foreign = 0, accents = 0, script = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		if (t->kind != TONE_WORD) {
			continue;
		}
		words++;
		english += (t->roles & (ROLE_ENGLISH | ROLE_FOREIGN)) == ROLE_ENGLISH;
		foreign += (t->roles & (ROLE_FOREIGN | ROLE_ENGLISH)) == ROLE_FOREIGN;
		script += (t->flags & TONE_SCRIPT) != 0;
		accents += (t->flags & (TONE_FOREIGN | TONE_SCRIPT)) == TONE_FOREIGN &&
			   (t->roles & (ROLE_FOREIGN | ROLE_ENGLISH)) == 0;
	}
	if (script * 2 > words) {
		return false;
	}
	unsigned against = 2 * foreign + accents;
	return against == 0 || against <= 2 * english || (against == 1 && words > 3) ||
	       (against == 2 && english > 0);
}
