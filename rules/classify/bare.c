/* Moves told without a verb: "Fully fledged zookeeper, Lakeshore Park." Weak, so all of the rest must
 * speak for them. */
#include "rules/classify/frame.h"

#define REACH 4 /* tokens between a title and the name */

static bool may_employ(const struct move_finder *f, uint32_t name)
{
	return name != 0 && f->spans.names[name - 1].lean <= 1;
}

bool bare_title(const struct move_finder *f, size_t title, struct hit *hit)
{
	const struct spans *s = &f->spans;
	const struct extent *t = &s->titles[title];
	*hit = (struct hit){.from = t->from, .to = t->from};
	if (t->old) {
		return false;
	}
	uint32_t sentence = s->marks[t->from].sentence;
	for (uint32_t i = t->to; i < s->text.n && i < t->to + REACH; i++) {
		if (s->marks[i].sentence != sentence || s->marks[i].title != 0) {
			break;
		}
		if (may_employ(f, s->marks[i].name)) {
			return true;
		}
	}
	uint32_t before = t->from > 0 ? s->marks[t->from - 1].name : 0;
	return before != 0 && s->marks[t->from - 1].sentence == sentence;
}

/* "at Acme", said by the author of himself. */
bool bare_name(const struct move_finder *f, size_t name, struct hit *hit)
{
	static const char *const before[] = {
		"at", "with", "for", "from", "to", "of", "in", "join", "by", "hello", "goodbye"};
	const struct extent *n = &f->spans.names[name];
	if (n->lean > 1 || n->from == 0 || !f->speaks_of_me || f->author_is_org) {
		return false;
	}
	uint32_t at = n->from - 1;
	at -= at > 0 && (frame_flags(f, at) & WORD_ARTICLE) != 0;
	*hit = (struct hit){.from = at, .to = at};
	for (size_t k = 0; k < sizeof(before) / sizeof(before[0]); k++) {
		if (frame_is(f, at, before[k])) {
			return f->spans.marks[at].sentence == f->spans.marks[n->from].sentence;
		}
	}
	return false;
}

/* "Yesterday: planner. Today: head of planning. Same Acme." */
bool lone_title(const struct move_finder *f, size_t title, struct hit *hit)
{
	const struct extent *t = &f->spans.titles[title];
	*hit = (struct hit){.from = t->from, .to = t->from};
	return !t->old;
}

/* "We were sad when Jo told us he was off, but our loss is Acme's gain." */
bool lone_name(const struct move_finder *f, size_t name, struct hit *hit)
{
	const struct extent *n = &f->spans.names[name];
	*hit = (struct hit){.from = n->from, .to = n->from};
	return !n->place && may_employ(f, (uint32_t)name + 1);
}

const struct cue *bare_cue(const struct move_finder *f, enum bare_kind kind)
{
	static const struct cue cues[] = {
		{CUE_ME, 1, "<title> at <employer>"},
		{CUE_ME_LEAVE, 1, "<title> at <employer>, an end"},
		{CUE_ME, 0, "at <employer>"},
		{CUE_ME_LEAVE, 0, "at <employer>, an end"},
		{CUE_ME, -1, "<title>"},
		{CUE_ME_LEAVE, -1, "<title>, an end"},
		{CUE_ME, -1, "<employer>"},
		{CUE_ME_LEAVE, -1, "<employer>, an end"},
	};
	bool ends = f->ends_n > f->begins_n;
	return &cues[2 * kind + ends];
}
