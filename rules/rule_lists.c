#include "rules/rule_lists.h"

#include "monitor/base/buf.h"

static int note(struct rule *rule, struct arena *arena, const struct list *list)
{
	for (size_t i = 0; i < rule->lists_n; i++) {
		if (rule->lists[i] == list) {
			return HARK_OK;
		}
	}
	const struct list **grown =
		arena_grow(arena, rule->lists, rule->lists_n, &rule->lists_cap, sizeof(*grown));
	if (grown == NULL) {
		return HARK_ENOMEM;
	}
	rule->lists = grown;
	rule->lists[rule->lists_n++] = list;
	return HARK_OK;
}

static int note_query(struct rule *rule, struct arena *arena, const struct query *q)
{
	int rc = q->kind == QUERY_SET && q->link != NULL ? note(rule, arena, q->link) : HARK_OK;
	for (size_t i = 0; i < q->parts_n && rc == HARK_OK; i++) {
		const struct query_part *p = &q->parts[i];
		rc = p->set != NULL ? note_query(rule, arena, p->set) : HARK_OK;
		for (size_t k = 0; k < p->lists_n && rc == HARK_OK; k++) {
			rc = note(rule, arena, p->lists[k]);
		}
	}
	for (size_t i = 0; i < q->kids_n && rc == HARK_OK; i++) {
		rc = note_query(rule, arena, q->kids[i]);
	}
	return rc;
}

int rule_note_lists(struct rule *rule, uint64_t words, struct arena *arena)
{
	int rc = rule->match != NULL ? note_query(rule, arena, rule->match) : HARK_OK;
	for (size_t i = 0; i < rule->terms_n && rc == HARK_OK; i++) {
		rc = rule->terms[i].when != NULL ? note_query(rule, arena, rule->terms[i].when)
						 : HARK_OK;
	}
	if (rc != HARK_OK || rule->lists_n == 0) {
		return rc;
	}
	struct buf b;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < rule->lists_n; i++) {
		rule->late |= !rule->lists[i]->wakes;
		buf_add_str(&b, rule->lists[i]->name);
		buf_printf(&b, "@%08x ", (unsigned)rule->lists[i]->version);
	}
	buf_printf(&b, "words@%08x", (unsigned)words);
	rule->versions = b.rc == HARK_OK ? arena_str(arena, buf_str(&b)) : STR_NONE;
	rc = b.rc == HARK_ENOMEM || arena->rc != HARK_OK ? HARK_ENOMEM : HARK_OK;
	buf_release(&b);
	return rc;
}
