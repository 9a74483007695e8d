#include "monitor/model/signal.h"

static const char *const kinds[] = {
	[SIGNAL_MENTION] = "mention",
	[SIGNAL_PRAISE] = "praise",
	[SIGNAL_COMPLAINT] = "complaint",
	[SIGNAL_JOB_MOVE] = "job-move",
	[SIGNAL_PURCHASE_INTENT] = "purchase-intent",
	[SIGNAL_PURCHASE_ANNOUNCED] = "purchase-announced",
	[SIGNAL_HIRING] = "hiring",
	[SIGNAL_QUESTION] = "question",
	[SIGNAL_PAIN] = "pain",
};

static const char *const levels[] = {
	[LEVEL_INSTANT] = "instant",
	[LEVEL_NORMAL] = "normal",
	[LEVEL_DIGEST] = "digest",
};

static const char *const fields[] = {
	[FIELD_TEXT] = "text",
	[FIELD_TITLE] = "title",
	[FIELD_QUOTED] = "quoted",
	[FIELD_AUTHOR] = "author",
	[FIELD_BIO] = "bio",
	[FIELD_URL] = "url",
	[FIELD_TAGS] = "tags",
	[FIELD_LINKS] = "links",
	[FIELD_OTHER] = "other",
};

static const struct {
	const char *name;
	unsigned bit;
} flags[] = {
	{"regulated", FLAG_REGULATED},
	{"sensitive", FLAG_SENSITIVE},
	{"mixed", FLAG_MIXED},
	{"ambiguous", FLAG_AMBIGUOUS},
	{"undecided", FLAG_UNDECIDED},
	{"shadow", FLAG_SHADOW},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Index of a name in a table, or `n`. */
static size_t find(const char *const *names, size_t n, struct str name)
{
	size_t i = 0;
	while (i < n && !str_eq_c(name, names[i])) {
		i++;
	}
	return i;
}

const char *signal_kind_name(enum signal_kind kind)
{
	return (size_t)kind < COUNT(kinds) ? kinds[kind] : "?";
}

bool signal_kind_parse(struct str name, enum signal_kind *out)
{
	size_t i = find(kinds, COUNT(kinds), name);
	if (i == COUNT(kinds)) {
		return false;
	}
	*out = (enum signal_kind)i;
	return true;
}

const char *signal_level_name(enum signal_level level)
{
	return (size_t)level < COUNT(levels) ? levels[level] : "?";
}

bool signal_level_parse(struct str name, enum signal_level *out)
{
	size_t i = find(levels, COUNT(levels), name);
	if (i == COUNT(levels)) {
		return false;
	}
	*out = (enum signal_level)i;
	return true;
}

const char *post_field_name(enum post_field field)
{
	return (size_t)field < COUNT(fields) ? fields[field] : "?";
}

const char *signal_flag_at(size_t i, unsigned *bit)
{
	if (i >= COUNT(flags)) {
		return NULL;
	}
	*bit = flags[i].bit;
	return flags[i].name;
}

void signal_flags_json(unsigned set, struct jsonout *j)
{
	unsigned bit = 0;
	const char *name;
	jsonout_key(j, "flags");
	jsonout_array(j);
	for (size_t i = 0; (name = signal_flag_at(i, &bit)) != NULL; i++) {
		if (set & bit) {
			jsonout_str(j, str_c(name));
		}
	}
	jsonout_end_array(j);
}

static void write_span(const struct span *s, struct jsonout *j)
{
	jsonout_key_c(j, "field", post_field_name(s->field));
	jsonout_key_i64(j, "start", s->start);
	jsonout_key_i64(j, "end", s->end);
}

void signal_write_spans(const struct signal *s, struct jsonout *j)
{
	jsonout_array(j);
	for (size_t i = 0; i < s->spans_n; i++) {
		jsonout_object(j);
		write_span(&s->spans[i], j);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void signal_write_entities(const struct signal *s, struct jsonout *j)
{
	jsonout_array(j);
	for (size_t i = 0; i < s->entities_n; i++) {
		const struct entity *e = &s->entities[i];
		jsonout_object(j);
		jsonout_key_str(j, "list", e->list);
		jsonout_key_str(j, "id", e->id);
		jsonout_key_str(j, "name", e->name);
		write_span(&e->span, j);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void signal_write_emit(const struct signal *s, struct jsonout *j)
{
	jsonout_object(j);
	for (size_t i = 0; i < s->emit_n; i++) {
		jsonout_key_any(j, s->emit[i].name);
		jsonout_str(j, s->emit[i].value);
	}
	jsonout_end_object(j);
}

void subject_json(const struct subject *s, struct jsonout *j)
{
	jsonout_key(j, "subject");
	jsonout_object(j);
	jsonout_key_str(j, "kind", s->kind);
	jsonout_key_str(j, "id", s->id);
	jsonout_key_str(j, "name", s->name);
	jsonout_end_object(j);
}

static void write_post_key(const struct post *p, struct jsonout *j)
{
	jsonout_key(j, "post");
	jsonout_object(j);
	jsonout_key_str(j, "source", p->source);
	jsonout_key_str(j, "external_id", p->external_id);
	jsonout_key_str(j, "url", p->url);
	jsonout_end_object(j);
}

void signal_write_json(const struct signal *s, const struct post *post, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	write_post_key(post, &j);
	jsonout_key_str(&j, "rule", s->rule);
	jsonout_key_str(&j, "rule_file", s->rule_file);
	jsonout_key_str(&j, "rule_hash", s->rule_hash);
	jsonout_key_str(&j, "lists", s->lists);
	jsonout_key_c(&j, "kind", signal_kind_name(s->kind));
	jsonout_key_c(&j, "level", signal_level_name(s->level));
	signal_flags_json(s->flags, &j);
	jsonout_key_i64(&j, "score", s->score);
	subject_json(&s->subject, &j);
	jsonout_key_str(&j, "title", s->title);
	jsonout_key_str(&j, "owner", s->owner);
	jsonout_key_str(&j, "route", s->route);
	jsonout_key_str(&j, "visibility", s->visibility);
	jsonout_key(&j, "emit");
	signal_write_emit(s, &j);
	jsonout_key(&j, "spans");
	signal_write_spans(s, &j);
	jsonout_key(&j, "entities");
	signal_write_entities(s, &j);
	jsonout_key_str(&j, "lead_key", s->lead_key);
	jsonout_key_i64(&j, "lead_window_ms", s->lead_window_ms);
	jsonout_key_str(&j, "explain", s->explain);
	jsonout_end_object(&j);
}
