#include "monitor/api/words.h"

static const struct {
	const char *command, *page;
} words[] = {
	{"hark references owner says why", "press Gatekeeper (m) and say who does"},
	{"hark references ask", "press Ask the gatekeeper (a)"},
	{"--without-critical makes it", "Make it of praise alone makes it"},
	{"hark references supply", "press Name beside one who fits"},
	{"ask again with hark references request", "press Ask for a reference (c) to ask again"},
	{"hark references use", "press Was used (x)"},
	{"hark people list shows them", "the page People shows them"},
	{"hark notify dead and hark notify held list those that were", "GET /api/v1/alerts lists those that were"},
	{"hark notify list shows all", "look at receivers: of the configuration"},
	{"see `hark references list`", "the page References says where they come from"},
	{"hark leads verdict LEAD relevant, or not-relevant", "a lead asks whether it was worth it"},
	{"`hark moves list`", "the page People shows them"},
	{"`hark review list`", "the page People shows them"},
	{"`hark import list`", "People, Lists shows them"},
	{"`hark references values`", "the page References shows them"},
	{"--map type=COLUMN or --set type=customer (or prospect, competitor)",
		"say what they are, where the file does not say"},
	{"--set survey=nps or --set survey=csat", "call a column survey, and say nps or csat in it"},
	{"--map name=COLUMN", "call it name in the first line"},
	{"--map employer=COLUMN", "called employer in the first line"},
	{"--map id=COLUMN", "call it id in the first line"},
	{"--map account=COLUMN", "call it account in the first line"},
	{"--map stage=COLUMN", "call it stage in the first line"},
	{"--map status=COLUMN", "call it status in the first line"},
	{"--map score=COLUMN", "call it score in the first line"},
	{"--dates dmy or --dates mdy", "say what 3/4/2026 means"},
};
#define WORDS (sizeof(words) / sizeof(words[0]))

/* Where the first of them stands; SIZE_MAX: nowhere. */
static size_t find_first(struct str text, size_t *which)
{
	size_t first = SIZE_MAX;
	for (size_t i = 0; i < WORDS; i++) {
		size_t at = str_find(text, str_c(words[i].command));
		if (at < first) {
			first = at;
			*which = i;
		}
	}
	return first;
}

void words_for_pages(struct str sentence, struct buf *out)
{
	size_t which = 0;
	for (size_t at = find_first(sentence, &which); at != SIZE_MAX;
		at = find_first(sentence, &which)) {
		size_t end = at + strlen(words[which].command);
		buf_add(out, sentence.p, at);
		buf_add_c(out, words[which].page);
		sentence = str_n(sentence.p + end, sentence.n - end);
	}
	buf_add_str(out, sentence);
}
