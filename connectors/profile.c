#include "connectors/profile.h"

#include "connectors/parse/date.h"
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

static bool is_said(const char *text)
{
	return text != NULL && text[0] != '\0';
}

const char *profile_key(const struct hark_profile *p)
{
	return is_said(p->key)      ? p->key
	       : is_said(p->url)    ? p->url
	       : is_said(p->handle) ? p->handle
				    : p->person;
}

void profile_write_json(const struct hark_profile *p, struct str source, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_str(&j, "source", source);
	jsonout_key_c(&j, "key", p->key);
	jsonout_key_c(&j, "person", p->person);
	jsonout_key_c(&j, "handle", p->handle);
	jsonout_key_c(&j, "url", p->url);
	jsonout_key_c(&j, "employer", p->employer);
	jsonout_key_c(&j, "title", p->title);
	jsonout_key_c(&j, "location", p->location);
	jsonout_key_c(&j, "was_employer", p->was_employer);
	jsonout_key_c(&j, "was_title", p->was_title);
	jsonout_key_time(&j, "observed", p->observed == HARK_TIME_NONE ? 0 : p->observed);
	jsonout_key_c(&j, "event", profile_event_name(p->event));
	jsonout_key_c(&j, "effective", p->effective);
	jsonout_key_c(&j, "evidence_url", p->evidence_url);
	jsonout_end_object(&j);
}

/* --- reading --- */

static int read_time(const json_t *object, const char *key, int64_t *out, struct hark_err *err)
{
	struct str text = json_str(object, key);
	*out = HARK_TIME_NONE;
	if (json_object_get(object, key) == NULL) {
		return HARK_OK;
	}
	return text.p != NULL && date_parse(text, out)
		       ? HARK_OK
		       : hark_err_set(err, HARK_EPARSE, "%s: this is no time", key);
}

static int read_event(const json_t *object, enum hark_profile_event *out, struct hark_err *err)
{
	struct str name = json_str(object, "event");
	*out = HARK_LISTED;
	for (int e = HARK_LISTED; e <= HARK_CHANGED; e++) {
		if (name.p != NULL &&
			str_eq_c(name, profile_event_name((enum hark_profile_event)e))) {
			*out = (enum hark_profile_event)e;
			return HARK_OK;
		}
	}
	return json_object_get(object, "event") == NULL
		       ? HARK_OK
		       : hark_err_set(err, HARK_EPARSE,
				 "event: this is none of listed, joined, left, changed");
}

int profile_read_json(
	struct hark_profile *p, const json_t *object, struct arena *arena, struct hark_err *err)
{
	*p = (struct hark_profile){0};
	const struct {
		const char *key, **to;
	} texts[] = {{"key", &p->key}, {"person", &p->person}, {"handle", &p->handle},
		{"url", &p->url}, {"employer", &p->employer}, {"title", &p->title},
		{"location", &p->location}, {"was_employer", &p->was_employer},
		{"was_title", &p->was_title}, {"effective", &p->effective},
		{"evidence_url", &p->evidence_url}};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const json_t *value = json_object_get(object, texts[i].key);
		if (value != NULL && !json_is_string(value) && !json_is_null(value)) {
			return hark_err_set(err, HARK_EPARSE, "%s: must be a text", texts[i].key);
		}
		struct str text = json_str(object, texts[i].key);
		*texts[i].to = text.p != NULL ? arena_c(arena, text) : NULL;
	}
	if (p->person == NULL || p->person[0] == '\0') {
		return hark_err_set(err, HARK_EPARSE, "person: a profile needs a name");
	}
	int rc = read_time(object, "observed", &p->observed, err);
	rc = rc == HARK_OK ? read_event(object, &p->event, err) : rc;
	return rc == HARK_OK && arena->rc != HARK_OK
		       ? hark_err_set(err, arena->rc, "no memory for a profile")
		       : rc;
}
