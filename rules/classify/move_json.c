#include "monitor/base/jsonout.h"
#include "rules/classify/move.h"

static const char *field_name(enum text_field field)
{
	return field == TEXT_TITLE ? "title" : field == TEXT_NAME ? "author.display_name" : "text";
}

static void write_span(struct jsonout *j, const char *name, const struct move_part *p)
{
	if (p->text.p == NULL) {
		return;
	}
	jsonout_object(j);
	jsonout_key_c(j, "part", name);
	jsonout_key_c(j, "field", field_name(p->field));
	jsonout_key_i64(j, "start", p->start);
	jsonout_key_i64(j, "end", p->end);
	jsonout_end_object(j);
}

static void write_spans(struct jsonout *j, const struct move *m)
{
	jsonout_key(j, "spans");
	jsonout_array(j);
	write_span(j, "pattern", &m->cue);
	write_span(j, "person", &m->person);
	write_span(j, "employer", &m->employer);
	write_span(j, "title", &m->title);
	write_span(j, "from", &m->from);
	jsonout_end_array(j);
}

static void write_why(struct jsonout *j, const struct move *m)
{
	jsonout_key(j, "why");
	jsonout_array(j);
	for (size_t i = 0; i < m->why_n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "evidence", m->why[i].name);
		jsonout_key_i64(j, "points", m->why[i].points);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void move_write_json(const struct move *m, bool why, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	if (m->event == MOVE_NONE && (!why || m->pattern == NULL)) {
		jsonout_null(&j);
		return;
	}
	jsonout_object(&j);
	jsonout_key_c(&j, "event", move_event_name(m->event));
	jsonout_key_c(&j, "refused", m->refused);
	jsonout_key_str(&j, "person", m->person.text);
	jsonout_key_str(&j, "employer", m->employer.text);
	jsonout_key_str(&j, "title", m->title.text);
	jsonout_key_str(&j, "from", m->from.text);
	jsonout_key_c(&j, "effective", m->effective[0] != '\0' ? m->effective : NULL);
	jsonout_key_c(&j, "pattern", m->pattern);
	write_spans(&j, m);
	if (why) {
		jsonout_key_i64(&j, "points", m->points);
		write_why(&j, m);
	}
	jsonout_end_object(&j);
}
