/* Fields: those that hold words, those that hold values, and numbers. */
#include "rules/query_in.h"

struct query *parse_field(struct parser *p, size_t at, enum query_field field)
{
	struct query *q = new_node(p, QUERY_FIELD, at);
	bool values = p->values;
	enum query_field outer = p->field;
	size_t cap = 0;
	if (q == NULL || !deeper(p, at)) {
		return NULL;
	}
	if (p->in_field) {
		return parse_error(p, at, p->at - at, "E019", NULL,
			"a field cannot stand inside another field");
	}
	p->in_field = true;
	q->field = p->field = field;
	p->values = field >= QUERY_FIRST_VALUE_FIELD;
	skip_space(p);
	struct query *kid = NULL;
	if (peek(p) == '(') {
		kid = parse_brackets(p);
	} else if (p->at < p->text.n) {
		kid = parse_atom(p);
	} else {
		parse_error(p, at, p->at - at, "E016", NULL, "something to look for must follow");
	}
	p->in_field = false;
	p->values = values;
	p->field = outer;
	p->depth--;
	if (kid == NULL || !add_kid(p, q, kid, &cap)) {
		return NULL;
	}
	return finish(p, q);
}

struct query *parse_comparison(struct parser *p, size_t at, enum query_number number)
{
	struct query *q = new_node(p, QUERY_NUMBER, at);
	bool ok;
	if (q == NULL) {
		return NULL;
	}
	q->number = number;
	skip_space(p);
	if (take(p, ':')) {
		q->op = OP_RANGE;
		skip_space(p);
		ok = take_number(p, &q->low) && take(p, '.') && take(p, '.') &&
		     take_number(p, &q->high);
	} else {
		ok = take_op(p, &q->op);
		skip_space(p);
		ok = ok && take_number(p, &q->low);
	}
	if (!ok || (peek(p) != '\0' && strchr(" \t\r\n)],", peek(p)) == NULL)) {
		return parse_error(p, at, p->at - at, "E016",
			"for example followers > 5000, or followers:100..5000",
			"a number must follow %s", query_number_name(number));
	}
	return finish(p, q);
}

struct query *unknown_field(struct parser *p, size_t at, struct str run)
{
	char help[120] = "put it in quotation marks to search for the text";
	const char *near = field_near(run);
	if (near != NULL) {
		snprintf(help, sizeof(help), "did you mean %s:?", near);
	}
	return parse_error(p, at, run.n, "E010", help, "there is no field called \"%.*s\"",
		(int)(run.n < 60 ? run.n : 60), run.p);
}

static bool check_value(struct parser *p, const struct query *q, size_t at)
{
	const char *near;
	if (value_known(p->field, q->text, &near)) {
		return true;
	}
	char help[80];
	snprintf(help, sizeof(help), "did you mean %s?", near);
	parse_error(p, at, p->at - at, "E013", help, "%s: has no value \"%.*s\"",
		query_field_name(p->field), (int)(q->text.n < 60 ? q->text.n : 60), q->text.p);
	return false;
}

struct query *parse_value(struct parser *p, size_t at)
{
	bool quoted = peek(p) == '"';
	struct str text = quoted ? STR_NONE : peek_run(p);
	bool any = str_starts(text, STR("any:"));
	if (any || str_starts(text, STR("all:"))) {
		if (!any || (p->field != QUERY_SITE && p->field != QUERY_LINK &&
				    p->field != QUERY_MENTION && p->field != QUERY_URL)) {
			return parse_error(p, at, 4, "E016",
				"any: works in site:, link:, url: and mention:",
				"a list cannot stand here");
		}
		p->values = false;
		p->at += 4;
		struct query *set = parse_set(p, false, at);
		p->values = true;
		return set;
	}
	if (!quoted && is_operator(text)) {
		return misplaced(p, at, text);
	}
	struct query *q = new_node(p, QUERY_VALUE, at);
	text = quoted ? take_quoted(p) : text;
	p->at += quoted ? 0 : text.n;
	if (q == NULL || text.p == NULL) {
		return NULL;
	}
	char sign = p->field == QUERY_TAGS ? '#' : p->field == QUERY_MENTION ? '@' : '\0';
	text = str_trim(text);
	if (sign != '\0' && text.n > 0 && text.p[0] == sign) {
		text = str_n(text.p + 1, text.n - 1);
	}
	if (text.n == 0) {
		return parse_error(p, at, 1, "E016", NULL,
			"a value must follow %s:", query_field_name(p->field));
	}
	q->field = p->field;
	q->text = arena_str(p->arena, text);
	if (sign != '\0') {
		text_reset(&p->scratch);
		text_open(&p->scratch, TEXT_TAGS);
		(sign == '#' ? text_add_tag : text_add_handle)(&p->scratch, text);
		q->hash = sign == '#' ? p->scratch.tags[0].hash : p->scratch.hash[0];
	}
	return check_value(p, q, at) ? finish(p, q) : NULL;
}
