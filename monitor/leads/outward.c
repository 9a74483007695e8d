#include "monitor/leads/outward.h"

struct outward outward_lead(const struct lead *lead, const struct lead_evidence *e)
{
	if (lead->is_private || (e != NULL && e->is_private)) {
		return (struct outward){
			STR(OUTWARD_INSTEAD), STR(OUTWARD_INSTEAD), STR_NONE, STR_NONE};
	}
	return (struct outward){lead->title, lead->why, e != NULL ? e->url : STR_NONE,
		e != NULL ? e->text : STR_NONE};
}
