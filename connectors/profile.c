#include "connectors/profile.h"

#include "monitor/base/jsonout.h"

const char *profile_event_name(enum hark_profile_event event)
{
	static const char *const names[] = {
		[HARK_LISTED] = "listed",
		[HARK_JOINED] = "joined",
		[HARK_LEFT] = "left",
		[HARK_CHANGED] = "changed",
	};
	return (unsigned)event < sizeof(names) / sizeof(names[0]) ? names[event] : "listed";
}

void profile_write_json(const struct hark_profile *p, struct str source, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_str(&j, "source", source);
	jsonout_key_c(&j, "person", p->person);
	jsonout_key_c(&j, "handle", p->handle);
	jsonout_key_c(&j, "url", p->url);
	jsonout_key_c(&j, "employer", p->employer);
	jsonout_key_c(&j, "title", p->title);
	jsonout_key_c(&j, "location", p->location);
	jsonout_key_time(&j, "observed", p->observed == HARK_TIME_NONE ? 0 : p->observed);
	jsonout_key_c(&j, "event", profile_event_name(p->event));
	jsonout_key_c(&j, "effective", p->effective);
	jsonout_key_c(&j, "evidence_url", p->evidence_url);
	jsonout_end_object(&j);
}
