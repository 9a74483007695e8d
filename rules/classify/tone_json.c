#include "rules/classify/tone.h"

#include <math.h>

static double thousandths(double x)
{
	return round(x * 1000) / 1000;
}

static void write_chances(struct jsonout *j, const struct tone *t)
{
	static const char *const names[TONE_CLASSES] = {"negative", "neutral", "positive"};
	jsonout_key(j, "score");
	jsonout_double(j, thousandths(t->score));
	jsonout_key(j, "p");
	jsonout_object(j);
	for (int c = 0; c < TONE_CLASSES; c++) {
		jsonout_key(j, names[c]);
		jsonout_double(j, thousandths(t->p[c]));
	}
	jsonout_end_object(j);
}

static void write_why(struct jsonout *j, const struct tone *t)
{
	jsonout_key(j, "why");
	jsonout_array(j);
	for (size_t i = 0; i < t->why_n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "evidence", t->why[i].what);
		jsonout_key_str(j, "text", t->why[i].text);
		jsonout_key(j, "worth");
		jsonout_double(j, thousandths(t->why[i].worth));
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

/* Text, field, start, end, and the end of the object. */
static void write_place(
	struct jsonout *j, const struct post *post, bool title, uint32_t start, uint32_t end)
{
	struct str field = title ? post->title : post->text;
	jsonout_key_str(j, "text", str_n(field.p + start, end - start));
	jsonout_key_c(j, "field", title ? "title" : "text");
	jsonout_key_i64(j, "start", start);
	jsonout_key_i64(j, "end", end);
	jsonout_end_object(j);
}

static void write_aspects(struct jsonout *j, const struct tone *t, const struct post *post)
{
	const struct tone_aspects *a = &t->aspects;
	jsonout_key_bool(j, "sarcasm", a->sarcasm);
	if (a->target != TONE_NOBODY) {
		jsonout_key_c(j, "target", tone_target_name(a->target));
	}
	if (a->target == TONE_PERSON) {
		jsonout_key(j, "person");
		jsonout_object(j);
		write_place(j, post, a->person.title, a->person.start, a->person.end);
	}
	jsonout_key(j, "aspects");
	jsonout_array(j);
	for (size_t i = 0; i < a->n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "polarity", a->v[i].praised ? "praised" : "criticised");
		write_place(j, post, a->v[i].title, a->v[i].start, a->v[i].end);
	}
	jsonout_end_array(j);
}

static void write_part(const struct tone_part *p, const struct post *post, struct jsonout *j)
{
	static const char *const names[] = {"lesson", "selection", "outcome", "limit"};
	jsonout_object(j);
	jsonout_key_c(j, "part", names[p->kind]);
	write_place(j, post, p->title, p->start, p->end);
}

void tone_write_parts(const struct tone *t, const struct post *post, struct jsonout *j)
{
	jsonout_array(j);
	for (size_t i = 0; i < t->parts.n; i++) {
		write_part(&t->parts.v[i], post, j);
	}
	jsonout_end_array(j);
}

void tone_write_all_parts(const struct tone *t, const struct post *post, struct jsonout *j)
{
	const struct tone_aspects *a = &t->aspects;
	jsonout_array(j);
	for (size_t i = 0; i < t->parts.n; i++) {
		write_part(&t->parts.v[i], post, j);
	}
	if (a->target != TONE_NOBODY) {
		jsonout_object(j);
		jsonout_key_c(j, "part", "praise");
		jsonout_key_c(j, "target", tone_target_name(a->target));
		if (a->target == TONE_PERSON) {
			write_place(j, post, a->person.title, a->person.start, a->person.end);
		} else {
			jsonout_end_object(j);
		}
	}
	jsonout_end_array(j);
}

void tone_write_json(const struct tone *t, const struct post *post, bool why, struct jsonout *j)
{
	jsonout_key(j, "sentiment");
	jsonout_object(j);
	jsonout_key_c(j, "label", tone_label_name(t->label));
	if (t->label != TONE_UNKNOWN) {
		write_chances(j, t);
		if (why) {
			write_why(j, t);
		}
	}
	jsonout_end_object(j);
	if (t->label != TONE_UNKNOWN) {
		jsonout_key(j, "praise");
		jsonout_double(j, thousandths(t->praise));
		jsonout_key_bool(j, "mixed", t->mixed);
		jsonout_key_bool(j, "question", t->parts.question);
		write_aspects(j, t, post);
		jsonout_key(j, "statements");
		tone_write_parts(t, post, j);
	}
}
