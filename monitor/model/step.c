#include "monitor/model/step.h"

void step_json(const struct step *s, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_time(j, "at", s->at_ms);
	jsonout_key_str(j, "actor", s->actor);
	jsonout_key_str(j, "action", s->action);
	jsonout_key_str(j, "from", s->from);
	jsonout_key_str(j, "to", s->to);
	jsonout_key_str(j, "note", s->note);
	jsonout_end_object(j);
}
