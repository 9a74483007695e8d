#include "rules/classify/wording_event.h"

#include <math.h>

enum move_event wording_event_told(
	const struct wording_event_sums *s, const uint32_t n[WORDING_GROUPS])
{
	double told[WORDING_EVENTS];
	for (size_t e = 0; e < WORDING_EVENTS; e++) {
		told[e] = wording_event_worth[e].bias;
		for (size_t g = 0; g < WORDING_GROUPS; g++) {
			told[e] += wording_event_worth[e].step * s->sum[g][e] /
				   sqrt(n[g] > 0 ? n[g] : 1);
		}
	}
	if (told[WORDING_END] <= 0 && told[WORDING_RISE] <= 0) {
		return MOVE_JOINED;
	}
	return told[WORDING_END] >= told[WORDING_RISE] ? MOVE_LEFT : MOVE_PROMOTED;
}
