#include "monitor/api/view.h"

#include "monitor/model/id.h"
#include "monitor/model/signal.h"

static const struct view_column people[] = {{"person", true}, {"name", false}, {"title", false},
	{"employer", false}, {"owner", false}, {"kind", false}, {"one with", true}};
static const struct view_column accounts[] = {{"account", true}, {"name", false}, {"type", false},
	{"domain", false}, {"owner", false}, {"people", true}};

size_t view_known_columns(enum known_what what, const struct view_column **out)
{
	*out = what == KNOWN_PEOPLE ? people : accounts;
	return what == KNOWN_PEOPLE ? sizeof(people) / sizeof(people[0])
				    : sizeof(accounts) / sizeof(accounts[0]);
}

void view_known(struct jsonout *j, enum known_what what, const struct known_row *row)
{
	const struct view_column *columns;
	size_t n = view_known_columns(what, &columns);
	jsonout_object(j);
	jsonout_key_i64(j, columns[0].name, row->id);
	for (size_t i = 1; i < n; i++) {
		int64_t number;
		if (columns[i].is_number && str_i64(row->cells[i - 1], &number)) {
			jsonout_key_i64(j, columns[i].name, number);
		} else if (row->cells[i - 1].n > 0) {
			jsonout_key_str(j, columns[i].name, row->cells[i - 1]);
		}
	}
	jsonout_end_object(j);
}

void view_card_start(
	struct view_card *card, enum known_what what, int64_t id, struct jsonout *j)
{
	const struct view_column *columns;
	*card = (struct view_card){.j = j};
	view_known_columns(what, &columns);
	jsonout_object(j);
	jsonout_key_i64(j, columns[0].name, id);
}

/* Lines without a section are the record's own. */
void view_card_line(void *ctx, const struct known_line *line)
{
	struct view_card *c = ctx;
	if (line->section == NULL) {
		jsonout_key_str(c->j, line->name, line->value);
		return;
	}
	if (c->section == NULL || strcmp(line->section, c->section) != 0) {
		if (c->section != NULL) {
			jsonout_end_array(c->j);
		}
		jsonout_key(c->j, line->section);
		jsonout_array(c->j);
		c->section = line->section;
	}
	jsonout_object(c->j);
	jsonout_key_c(c->j, "kind", line->name);
	jsonout_key_str(c->j, "value", line->value);
	jsonout_key_time(c->j, "at", line->at_ms);
	jsonout_end_object(c->j);
}

void view_card_end(struct view_card *c)
{
	if (c->section != NULL) {
		jsonout_end_array(c->j);
	}
	jsonout_end_object(c->j);
}

void view_silence(struct jsonout *j, const struct silence *s)
{
	jsonout_object(j);
	jsonout_key_i64(j, "id", s->id);
	jsonout_key_str(j, "what", s->what);
	jsonout_key_str(j, "value", s->value);
	jsonout_key_str(j, "reason", s->reason);
	jsonout_key_str(j, "by", s->actor);
	jsonout_key_time(j, "from", s->from_ms);
	jsonout_key_time(j, "until", s->until_ms);
	jsonout_key_i64(j, "hits", s->hits);
	jsonout_end_object(j);
}

void view_rule(struct jsonout *j, const struct rule_info *rule, const struct rule_stats *stats,
	const struct precision_row *judged)
{
	jsonout_object(j);
	view_rule_members(j, rule, stats, judged);
	jsonout_end_object(j);
}

void view_rule_members(struct jsonout *j, const struct rule_info *rule,
	const struct rule_stats *stats, const struct precision_row *judged)
{
	jsonout_key_str(j, "id", rule->id);
	jsonout_key_str(j, "title", rule->title);
	jsonout_key_c(j, "kind", signal_kind_name(rule->kind));
	jsonout_key_c(j, "level", signal_level_name(rule->level));
	jsonout_key_c(j, "status", rule->status);
	jsonout_key_str(j, "file", rule->file);
	jsonout_key_i64(j, "line", rule->line);
	jsonout_key_c(j, "hash", rule->hash);
	jsonout_key_bool(j, "pack", rule->pack);
	if (stats != NULL) {
		jsonout_key_i64(j, "matches", stats->matches);
		jsonout_key_i64(j, "leads", stats->leads);
		jsonout_key_i64(j, "shadow", stats->shadow);
		jsonout_key_i64(j, "sensitive", stats->sensitive);
		jsonout_key_i64(j, "undecided", stats->undecided);
		jsonout_key_i64(j, "lang_passed", stats->lang_passed);
		jsonout_key_time(j, "last_match", stats->last_ms);
	}
	if (judged != NULL) {
		jsonout_key_i64(j, "judged", judged->n);
		jsonout_key_i64(j, "relevant", judged->good);
	}
}

static void write_move(struct jsonout *j, const struct move_row *m)
{
	jsonout_key_i64(j, "move", m->id);
	if (m->person != 0) {
		jsonout_key_i64(j, "person", m->person);
	}
	jsonout_key_str(j, "name", m->name);
	jsonout_key_str(j, "event", m->event);
	jsonout_key_str(j, "to", m->to);
	jsonout_key_str(j, "from", m->from);
	jsonout_key_str(j, "title", m->title);
	jsonout_key_str(j, "was_title", m->was_title);
	jsonout_key_str(j, "effective", m->effective);
	jsonout_key_str(j, "grade", str_n(&m->grade, 1));
	jsonout_key_i64(j, "sources", m->sources);
	jsonout_key_str(j, "seen_by", m->visibility);
	if (m->contradicts != 0) {
		jsonout_key_i64(j, "contradicts", m->contradicts);
	}
	jsonout_key_time(j, "first", m->first_ms);
	jsonout_key_time(j, "last", m->last_ms);
}

static void write_told(struct jsonout *j, const struct move_source *v, size_t n)
{
	jsonout_key(j, "evidence");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "source", v[i].source);
		jsonout_key_str(j, "kind", v[i].kind);
		jsonout_key_str(j, "known_by", v[i].known_by);
		jsonout_key_str(j, "event", v[i].event);
		jsonout_key_str(j, "to", v[i].to);
		jsonout_key_str(j, "from", v[i].from);
		jsonout_key_str(j, "title", v[i].title);
		jsonout_key_str(j, "effective", v[i].effective);
		jsonout_key_str(j, "url", v[i].url);
		jsonout_key_bool(j, "private", v[i].is_private);
		jsonout_key_time(j, "told", v[i].told_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_effects(struct jsonout *j, const struct move_story *s)
{
	jsonout_key(j, "effects");
	jsonout_array(j);
	for (size_t i = 0; i < s->effects_n; i++) {
		const struct move_effect *e = &s->effects[i];
		char lead[ID_TEXT_MAX], reference[ID_TEXT_MAX];
		jsonout_object(j);
		jsonout_key_str(j, "make", e->make);
		jsonout_key_str(j, "effect", e->effect);
		jsonout_key_str(j, "text", e->text);
		if (e->lead != 0) {
			jsonout_key_c(j, "lead", id_text(ID_LEAD, e->lead, lead));
		}
		if (e->reference != 0) {
			jsonout_key_c(
				j, "reference", id_text(ID_REFERENCE, e->reference, reference));
		}
		jsonout_key_str(j, "account", e->account_name);
		jsonout_key_str(j, "class", e->class);
		jsonout_key_time(j, "at", e->at_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void view_move(struct jsonout *j, const struct move_row *m, const struct move_story *story)
{
	jsonout_object(j);
	write_move(j, m);
	if (story != NULL) {
		write_told(j, story->told, story->told_n);
		write_effects(j, story);
	}
	jsonout_end_object(j);
}
