#include "rules/need.h"

static int put(struct needs *x, size_t number, struct arena *arena)
{
	uint16_t *grown = arena_grow(arena, x->pool, x->n, &x->cap, sizeof(*grown));
	if (grown == NULL) {
		return HARK_ENOMEM;
	}
	x->pool = grown;
	x->pool[x->n++] = (uint16_t)number;
	return HARK_OK;
}

int needs_add(struct needs *x, const struct rule *rule, struct arena *arena)
{
	uint32_t *grown = arena_grow(arena, x->from, x->rules_n, &x->from_cap, sizeof(*grown));
	if (grown == NULL) {
		return HARK_ENOMEM;
	}
	x->from = grown;
	x->from[x->rules_n++] = (uint32_t)x->n;
	int rc = put(x, rule->needs_n, arena);
	for (size_t i = 0; i < rule->needs_n && rc == HARK_OK; i++) {
		const struct anchors *group = &rule->needs[i];
		rc = put(x, group->n, arena);
		for (size_t k = 0; k < group->n && rc == HARK_OK; k++) {
			rc = put(x, need_bit(group->v[k].hash), arena);
		}
	}
	return rc;
}
