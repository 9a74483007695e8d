#include "monitor/api/explain_view.h"

#include "rules/explain.h"

const char *explain_outcome_name(const struct explanation *x)
{
	return x->inactive    ? "inactive"
	       : x->undecided ? "undecided"
	       : x->matched   ? "match"
			      : "no match";
}

static const char *clause_outcome_name(enum clause_outcome outcome)
{
	static const char *const names[] = {"false", "true", "undecided", "not evaluated"};
	return names[outcome];
}

static void json_place(const struct clause_place *place, struct jsonout *j)
{
	jsonout_object(j);
	if (place->placed) {
		jsonout_key_c(j, "field", post_field_name(place->span.field));
		jsonout_key_i64(j, "start", place->span.start);
		jsonout_key_i64(j, "end", place->span.end);
	}
	jsonout_key_str(j, "text", place->text);
	if (place->list != NULL) {
		jsonout_key_str(j, "list", place->list_name);
		jsonout_key_str(j, "id", place->entry_id);
		jsonout_key_str(j, "name", place->entry_name);
		if (place->line > 0) {
			jsonout_key_i64(j, "line", place->line);
		}
	}
	jsonout_end_object(j);
}

static void json_clause(const struct clause *c, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_str(j, "clause", c->text);
	jsonout_key_c(j, "outcome", clause_outcome_name(c->outcome));
	if (c->var.n > 0) {
		jsonout_key_str(j, "var", c->var);
		jsonout_key_str(j, "value", c->value);
	}
	if (c->values_n > 0) {
		jsonout_key(j, "values");
		jsonout_object(j);
		for (size_t i = 0; i < c->values_n; i++) {
			jsonout_key_any(j, c->values[i].name);
			jsonout_str(j, c->values[i].value);
		}
		jsonout_end_object(j);
	}
	jsonout_key_str(j, "miss", c->miss.n > 0 ? c->miss : STR_NONE);
	if (c->places_n > 0) {
		jsonout_key(j, "places");
		jsonout_array(j);
		for (size_t i = 0; i < c->places_n; i++) {
			json_place(&c->places[i], j);
		}
		jsonout_end_array(j);
	}
	if (c->kids_n > 0 && c->outcome != CLAUSE_SKIPPED) {
		jsonout_key(j, "clauses");
		jsonout_array(j);
		for (size_t i = 0; i < c->kids_n; i++) {
			json_clause(&c->kids[i], j);
		}
		jsonout_end_array(j);
	}
	jsonout_end_object(j);
}

static void json_strs(struct jsonout *j, const char *key, const struct str *v, size_t n)
{
	jsonout_key(j, key);
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_str(j, v[i]);
	}
	jsonout_end_array(j);
}

static void json_scope(const struct explanation *x, struct jsonout *j)
{
	jsonout_key(j, "scope");
	jsonout_object(j);
	jsonout_key_bool(j, "holds", x->scope_holds);
	jsonout_key_bool(j, "lang_passed", x->lang_passed);
	jsonout_key(j, "fails");
	jsonout_array(j);
	for (enum scope_part i = 0; i < SCOPE_PARTS; i++) {
		if (!x->in_scope[i]) {
			jsonout_str(j, str_c(scope_part_name(i)));
		}
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

static void json_flips(const struct explanation *x, struct jsonout *j)
{
	jsonout_key(j, x->matched ? "hangs_on" : "would_match");
	jsonout_array(j);
	for (size_t i = 0; i < x->flips_n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "change", x->flips[i].change);
		jsonout_key_str(j, "clause", x->flips[i].clause);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void json_rule(const struct explanation *x, struct jsonout *j)
{
	jsonout_key(j, "rule");
	jsonout_object(j);
	jsonout_key_str(j, "id", x->rule.id);
	jsonout_key_c(j, "hash", x->rule.hash);
	jsonout_key_str(j, "file", x->rule.file);
	jsonout_key_i64(j, "line", x->rule.line);
	jsonout_key_c(j, "status", x->rule.status);
	jsonout_end_object(j);
}

static void json_score(const struct explanation *x, struct jsonout *j)
{
	if (x->score_n == 0) {
		return;
	}
	jsonout_key(j, "score");
	jsonout_array(j);
	for (size_t i = 0; i < x->score_n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "term", x->score[i].name);
		jsonout_key_i64(j, "points", x->score[i].points);
		jsonout_key_bool(j, "holds", x->score[i].holds);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void json_decision(const struct explanation *x, const struct post *post, struct jsonout *j)
{
	json_scope(x, j);
	jsonout_key_bool(j, "woken", x->woken);
	json_strs(j, "woken_by", x->anchors, x->anchors_n);
	json_strs(j, "anchors", x->anchor_group, x->anchor_group_n);
	json_strs(j, "lists", x->lists, x->lists_n);
	jsonout_key(j, "query");
	json_clause(&x->root, j);
	if (!x->matched && x->first_false != NULL) {
		jsonout_key_str(j, "fails_at", x->first_false->text);
	}
	json_flips(x, j);
	json_score(x, j);
	if (x->signal != NULL) {
		struct buf b;
		buf_init(&b, (size_t)1 << 20);
		signal_write_json(x->signal, post, &b);
		jsonout_key(j, "signal");
		jsonout_raw(j, b.rc == HARK_OK ? buf_str(&b) : STR("null"));
		buf_release(&b);
	}
}

void explain_missing(const struct explanation *x, struct buf *out)
{
	buf_add_c(out, "there is no list called ");
	for (size_t i = 0; i < x->missing_n; i++) {
		buf_add_c(out, i > 0 ? " and none called " : "");
		buf_add_str(out, x->missing[i]);
	}
}

static void json_missing(const struct explanation *x, struct jsonout *j)
{
	jsonout_key(j, "missing_lists");
	jsonout_array(j);
	for (size_t i = 0; i < x->missing_n; i++) {
		jsonout_str(j, x->missing[i]);
	}
	jsonout_end_array(j);
}

void explain_json(const struct explanation *x, const struct post *post, struct jsonout *j)
{
	jsonout_object(j);
	json_rule(x, j);
	jsonout_key(j, "post");
	jsonout_object(j);
	jsonout_key_str(j, "source", post->source);
	jsonout_key_str(j, "external_id", post->external_id);
	jsonout_key_str(j, "url", post->url);
	jsonout_end_object(j);
	jsonout_key_c(j, "outcome", explain_outcome_name(x));
	if (x->inactive) {
		json_missing(x, j);
	} else {
		json_decision(x, post, j);
	}
	jsonout_end_object(j);
}
