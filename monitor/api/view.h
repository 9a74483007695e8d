/* Records as JSON, for the command line and the API alike. Each writes one whole object. */
#ifndef HARK_API_VIEW_H
#define HARK_API_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/leads/precision.h"
#include "monitor/store/known.h"
#include "monitor/store/move_effects.h"
#include "monitor/store/rule_stats.h"
#include "monitor/store/silences.h"
#include "rules/rules.h"

/* How the cells of a row are called, the id first. */
struct view_column {
	const char *name;
	bool is_number;
};
#define VIEW_COLUMNS_MAX 7
/* Returns how many there are. */
size_t view_known_columns(enum known_what what, const struct view_column **out);
void view_known(struct jsonout *j, enum known_what what, const struct known_row *row);

/* One person or account, line by line: view_card_line() is for store_known_show(), with a struct view_card. */
struct view_card {
	struct jsonout *j;
	const char *section; /* of the last line, NULL at first */
};
void view_card_start(
	struct view_card *card, enum known_what what, int64_t id, struct jsonout *j);
void view_card_line(void *card, const struct known_line *line);
void view_card_end(struct view_card *card);

/* `story`: who told of it and what followed; NULL: that is left out. */
void view_move(struct jsonout *j, const struct move_row *m, const struct move_story *story);
void view_silence(struct jsonout *j, const struct silence *s);
/* `stats`: NULL, nobody knows what it has done; `judged`: the verdicts on its leads, NULL: none. */
void view_rule(struct jsonout *j, const struct rule_info *rule, const struct rule_stats *stats,
	const struct precision_row *judged);
/* The same without the braces, for what says more. */
void view_rule_members(struct jsonout *j, const struct rule_info *rule,
	const struct rule_stats *stats, const struct precision_row *judged);

#endif
