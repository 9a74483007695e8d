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

void step_edits_json(const char *key, const struct step_edits *e, struct jsonout *j)
{
	char hex[33];
	jsonout_key(j, key);
	jsonout_object(j);
	jsonout_key_i64(j, "count", e->count);
	jsonout_key_time(j, "last", e->last_ms);
	jsonout_key_c(j, "before", hash128_hex(e->before, hex));
	jsonout_key_c(j, "after", hash128_hex(e->after, hex));
	jsonout_end_object(j);
}
