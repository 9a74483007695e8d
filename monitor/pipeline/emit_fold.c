#include "monitor/pipeline/emit_fold.h"

#include "monitor/model/id.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/outbox.h"

#include <stdio.h>

static void log_event(
	struct emitter *e, int64_t lead, const char *action, const char *text, int64_t other)
{
	char id[ID_TEXT_MAX], note[80];
	snprintf(note, sizeof(note), "%s %s: the same story", text, id_text(ID_LEAD, other, id));
	const struct step event = {.action = str_c(action), .note = str_c(note)};
	store_lead_event(e->store, lead, e->now_ms, &event);
}

/* A lead that nobody has touched and that this story alone has made. */
static bool may_go(struct emitter *e, const struct lead *lead)
{
	return lead->state == LEAD_NEW && store_lead_stories(e->store, lead->id) == 1;
}

static bool tells_the_same(const struct lead *a, const struct lead *b)
{
	return str_eq(a->kind, b->kind) && str_eq(a->rule, b->rule) &&
	       str_eq(a->visibility, b->visibility) && a->historic == b->historic &&
	       a->held == b->held;
}

static void fold(struct emitter *e, const struct lead *older, const struct lead *younger)
{
	char reason[80], id[ID_TEXT_MAX];
	snprintf(reason, sizeof(reason), "the same story as %s", id_text(ID_LEAD, older->id, id));
	size_t stopped = outbox_stop(e->store, younger->id, e->now_ms);
	store_lead_fold(e->store, older->id, younger->id, reason, e->now_ms);
	log_event(e, younger->id, "folded", "into", older->id);
	log_event(e, older->id, "evidence", "took in", younger->id);
	e->counts->alerts_stopped += stopped;
}

void emit_fold(struct emitter *e, int64_t story)
{
	int64_t *ids;
	size_t n;
	if (store_lead_of_story(e->store, story, &e->scratch, &ids, &n, NULL) != HARK_OK) {
		return;
	}
	struct lead *leads = arena_alloc(&e->scratch, (n + 1) * sizeof(*leads));
	for (size_t i = 0; i < n && leads != NULL; i++) {
		if (store_lead_load(e->store, ids[i], &e->scratch, &leads[i], NULL) != HARK_OK) {
			return;
		}
	}
	for (size_t i = 0; i < n && leads != NULL; i++) {
		const struct lead *older = NULL;
		for (size_t k = 0; k < n; k++) {
			bool fits =
				leads[k].id < leads[i].id && tells_the_same(&leads[k], &leads[i]);
			older = fits && (older == NULL || leads[k].id < older->id) ? &leads[k]
										   : older;
		}
		if (older != NULL && may_go(e, &leads[i])) {
			fold(e, older, &leads[i]);
		}
	}
}
