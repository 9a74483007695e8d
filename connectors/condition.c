#include "connectors/condition.h"

#include "connectors/form.h"

static struct str value_at(const struct condition *c, size_t i, struct work *w)
{
	return c->forms[i] != NULL ? form_text(c->forms[i], w) : c->values[i];
}

/* What it would compare with hangs on a setting that is not there. */
static bool is_idle(const struct condition *c, struct work *w)
{
	for (size_t i = 0; i < c->values_n; i++) {
		if (c->forms[i] == NULL || value_at(c, i, w).n > 0) {
			return false;
		}
	}
	return c->values_n > 0;
}

static bool is_one_of(const struct condition *c, struct str text, struct work *w)
{
	for (size_t i = 0; i < c->values_n; i++) {
		if (str_eq(text, value_at(c, i, w))) {
			return true;
		}
	}
	return false;
}

static bool holds_for(const struct condition *c, struct work *w, const struct value *v)
{
	int64_t number;
	struct str text = value_text(v, w->arena);
	switch (c->op) {
	case CONDITION_EQ:
	case CONDITION_IN:
		return is_one_of(c, text, w);
	case CONDITION_NE:
		return !is_one_of(c, text, w);
	case CONDITION_REGEX:
		return work_matches(w, c->regex, text);
	case CONDITION_LT:
		return value_number(v, &number) && number < c->number;
	case CONDITION_GT:
		return value_number(v, &number) && number > c->number;
	default:
		return true;
	}
}

bool condition_holds(const struct condition *c, struct work *w)
{
	struct values vs = {.arena = w->arena};
	pointer_all(&c->pointer, w->scope, &vs);
	if (c->op == CONDITION_EXISTS) {
		return (vs.n > 0) == c->wanted;
	}
	for (size_t i = 0; i < vs.n; i++) {
		if (holds_for(c, w, &vs.v[i])) {
			return true;
		}
	}
	return false;
}

const struct condition *conditions_any(const struct conditions *all, struct work *w)
{
	for (size_t i = 0; i < all->n; i++) {
		if (!is_idle(&all->v[i], w) && condition_holds(&all->v[i], w)) {
			return &all->v[i];
		}
	}
	return NULL;
}

const struct condition *conditions_all(const struct conditions *all, struct work *w)
{
	for (size_t i = 0; i < all->n; i++) {
		if (!is_idle(&all->v[i], w) && !condition_holds(&all->v[i], w)) {
			return &all->v[i];
		}
	}
	return NULL;
}

void condition_write(const struct condition *c, struct buf *out)
{
	static const char *const says[] = {
		[CONDITION_EQ] = " is ",
		[CONDITION_NE] = " is not ",
		[CONDITION_IN] = " is one of ",
		[CONDITION_REGEX] = " matches ",
		[CONDITION_LT] = " is below ",
		[CONDITION_GT] = " is above ",
	};
	buf_add_str(out, c->pointer.text.n > 0 ? c->pointer.text : STR("it"));
	if (c->op == CONDITION_EXISTS) {
		buf_add_c(out, c->wanted ? " is there" : " is missing");
		return;
	}
	buf_add_c(out, says[c->op]);
	for (size_t i = 0; i < c->values_n; i++) {
		buf_printf(out, "%s'%.*s'", i > 0 ? ", " : "", STR_FMT(c->values[i]));
	}
}
