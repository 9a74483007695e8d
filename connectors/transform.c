#include "connectors/transform.h"

#include "connectors/form.h"
#include "monitor/base/diag.h"
#include "rules/regex.h"

/* clang-format off */
const struct transform_kind transform_kinds[] = {
	{"string", "any scalar as text", NULL, ARG_NONE, false, transform_string, NULL},
	{"integer", "a whole number, from a number or text", NULL, ARG_NONE, false, transform_integer, NULL},
	{"trim", "without white space at both ends", NULL, ARG_NONE, false, transform_trim, NULL},
	{"lower", "ASCII letters in lower case", NULL, ARG_NONE, false, transform_lower, NULL},
	{"words", "one line: white space becomes single blanks", NULL, ARG_NONE, false, transform_words, NULL},
	{"html_to_text", "plain text of HTML", NULL, ARG_NONE, false, transform_html_to_text, NULL},
	{"drop_element", "HTML without the elements of that NAME, or NAME.CLASS", "NAME", ARG_TEXT, false, transform_drop_element, NULL},
	{"html_links", "addresses of the links in HTML", NULL, ARG_NONE, false, NULL, transform_html_links},
	{"text_links", "addresses written in text", NULL, ARG_NONE, false, NULL, transform_text_links},
	{"facet_links", "addresses of Bluesky facets", NULL, ARG_NONE, false, NULL, transform_facet_links},
	{"expand_urls", "puts the full address for each short one; POINTER leads to objects with url and expanded_url", "POINTER", ARG_POINTER, false, transform_expand_urls, NULL},
	{"entities_to_text", "HTML entities as characters; markup stays", NULL, ARG_NONE, false, transform_entities, NULL},
	{"decode_entities", "the same, before html_to_text where HTML was escaped twice", NULL, ARG_NONE, false, transform_entities, NULL},
	{"markdown_to_text", "Markdown without links' addresses, comments and emphasis", NULL, ARG_NONE, false, transform_markdown, NULL},
	{"epoch", "time from seconds since 1970", NULL, ARG_NONE, false, transform_epoch, NULL},
	{"epoch_ms", "time from milliseconds since 1970", NULL, ARG_NONE, false, transform_epoch_ms, NULL},
	{"epoch_us", "time from microseconds since 1970", NULL, ARG_NONE, false, transform_epoch_us, NULL},
	{"iso8601", "time from ISO 8601", NULL, ARG_NONE, false, transform_date, NULL},
	{"rfc822", "time from RFC 822", NULL, ARG_NONE, false, transform_date, NULL},
	{"date_any", "time from any form hark knows", NULL, ARG_NONE, false, transform_date, NULL},
	{"min_time", "the earliest of several times", NULL, ARG_NONE, false, NULL, transform_min_time},
	{"partial_date", "2026, 2026-09 or 2026-09-01 from {year, month, day}, each a value or {value}, or from a date", NULL, ARG_NONE, false, transform_partial_date, NULL},
	{"prefix", "TEXT before it", "TEXT", ARG_TEXT, false, transform_prefix, NULL},
	{"suffix", "TEXT behind it", "TEXT", ARG_TEXT, false, transform_suffix, NULL},
	{"append_if_no", "FORM behind it unless it holds TEXT", "TEXT, FORM", ARG_FORM, false, transform_append_if_no, NULL},
	{"template", "FORM filled in", "FORM", ARG_FORM, false, transform_template, NULL},
	{"resolve_url", "relative address made absolute, against FORM or the document's own", "FORM", ARG_FORM, true, transform_resolve_url, NULL},
	{"url_param", "parameter NAME of an address, decoded", "NAME", ARG_TEXT, false, transform_url_param, NULL},
	{"strip_query", "address without the parameters that begin with TEXT, or without any", "TEXT", ARG_TEXT, true, transform_strip_query, NULL},
	{"host", "host of an address", NULL, ARG_NONE, false, transform_host, NULL},
	{"last_segment", "what follows the last '/'", NULL, ARG_NONE, false, transform_last_segment, NULL},
	{"after_last", "what follows the last TEXT", "TEXT", ARG_TEXT, false, transform_after_last, NULL},
	{"before", "what stands before the first TEXT, all of it where TEXT is not there", "TEXT", ARG_TEXT, false, transform_before, NULL},
	{"regex", "what the named group of PATTERN holds, or all it matches", "PATTERN", ARG_REGEX, false, transform_regex, NULL},
	{"only", "only values in which PATTERN is found", "PATTERN", ARG_REGEX, false, transform_only, NULL},
	{"without", "only values in which PATTERN is not found", "PATTERN", ARG_REGEX, false, transform_without, NULL},
	{"replace", "every TEXT replaced by the second TEXT", "TEXT, TEXT", ARG_TEXT, false, transform_replace, NULL},
	{"split", "pieces between SEPARATORs, trimmed", "SEPARATOR", ARG_TEXT, false, NULL, transform_split},
	{"join", "all values in one text, SEPARATOR between", "SEPARATOR", ARG_TEXT, true, NULL, transform_join},
	{"name_swap", "Forename Surname from \"SURNAME, Forename\"", NULL, ARG_NONE, false, transform_name_swap, NULL},
	{"employer", "the one organisation a text about oneself names as the present employer", NULL, ARG_NONE, false, transform_employer, NULL},
	{"company", "the one organisation in a field that holds nothing else", NULL, ARG_NONE, false, transform_company, NULL},
	{"cut_suffix_equal", "without \" - \" and what POINTER holds at the end", "POINTER", ARG_POINTER, false, transform_cut_suffix_equal, NULL},
	{"path_parent", "the last but one of ids with '.' between", NULL, ARG_NONE, false, transform_path_parent, NULL},
	{"truncate", "at most N bytes, cut between characters", "N", ARG_NUMBER, false, transform_truncate, NULL},
	{"bool_tag", "NAME where it is true", "NAME", ARG_TEXT, false, transform_bool_tag, NULL},
	{"default", "TEXT where there is nothing", "TEXT", ARG_TEXT, false, NULL, transform_default},
	{"first", "the first of several values", NULL, ARG_NONE, false, NULL, transform_first},
	{"last", "the last of several values", NULL, ARG_NONE, false, NULL, transform_last},
	{"count", "how many values, or members of the only one", NULL, ARG_NONE, false, NULL, transform_count},
	{"sum", "their sum", NULL, ARG_NONE, false, NULL, transform_sum},
	{"enc", "percent-encoded for a query", NULL, ARG_NONE, false, transform_enc, NULL},
	{"pathenc", "percent-encoded for a part of a path", NULL, ARG_NONE, false, transform_pathenc, NULL},
	{"raw", "as it is, where an address would encode it", NULL, ARG_NONE, false, transform_raw, NULL},
	{"pad", "zeros before it up to N digits", "N", ARG_NUMBER, false, transform_pad, NULL},
	{"nodash", "without '-'", NULL, ARG_NONE, false, transform_nodash, NULL},
	{"quote", "in double quotes, as a phrase for a search", NULL, ARG_NONE, false, transform_quote, NULL},
	{NULL},
};
/* clang-format on */

static const struct transform_kind *find(struct str name)
{
	for (const struct transform_kind *k = transform_kinds; k->name != NULL; k++) {
		if (str_eq_c(name, k->name)) {
			return k;
		}
	}
	return NULL;
}

static int no_such_step(struct str name, struct hark_err *err)
{
	const char *names[80];
	size_t n = 0;
	for (; n < 80 && transform_kinds[n].name != NULL; n++) {
		names[n] = transform_kinds[n].name;
	}
	const char *near = did_you_mean(name, names, n);
	return hark_err_set(err, HARK_EPARSE, "there is no step '%.*s'%s%s%s",
		STR_FMT(str_cut_utf8(name, 60)), near != NULL ? ", did you mean '" : "",
		near != NULL ? near : "", near != NULL ? "'?" : "");
}

int maker_regex(struct maker *m, struct str pattern, const struct regex **out, struct hark_err *err)
{
	struct made_regex *made = arena_alloc(m->arena, sizeof(*made));
	size_t offset;
	if (made == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory");
	}
	int rc = regex_new(&made->regex, pattern, false, &offset, err);
	if (rc == HARK_OK) {
		*out = made->regex;
		made->next = m->regexes;
		m->regexes = made;
	}
	return rc;
}

void maker_release(struct maker *m)
{
	for (; m->regexes != NULL; m->regexes = m->regexes->next) {
		regex_free(m->regexes->regex);
	}
}

bool work_matches(struct work *w, const struct regex *regex, struct str text)
{
	size_t start, end;
	return w->scratch != NULL &&
	       regex_find(regex, w->scratch, text, 0, &start, &end) == HARK_OK;
}

static int read_arg(struct transform *t, struct maker *m, size_t args_n, struct hark_err *err)
{
	const struct str last = t->args[args_n > 0 ? args_n - 1 : 0];
	int64_t number = 0;
	struct form *form;
	switch (t->kind->arg) {
	case ARG_NUMBER:
		if (!str_i64(last, &number) || number < 1 || number > 1 << 20) {
			return hark_err_set(err, HARK_EPARSE,
				"%s needs a number from 1 to 1048576: %s:80", t->kind->name,
				t->kind->name);
		}
		t->number = (long)number;
		return HARK_OK;
	case ARG_REGEX:
		return maker_regex(m, last, &t->regex, err);
	case ARG_POINTER:
		return pointer_compile(&t->pointer, last, m->lookups, m->lookups_n, m->arena, err);
	case ARG_FORM:
		form = arena_alloc(m->arena, sizeof(*form));
		t->form = form;
		return form == NULL ? hark_err_set(err, HARK_ENOMEM, "no memory")
				    : form_compile(form, last, FORM_TEXT, m, err);
	default:
		return HARK_OK;
	}
}

/* "TEXT, FORM" is two. */
static size_t args_wanted(const struct transform_kind *k)
{
	return k->args == NULL ? 0 : strchr(k->args, ',') != NULL ? 2 : 1;
}

int transform_add(struct transforms *ts, struct maker *m, struct str name, const struct str *args,
	size_t args_n, struct hark_err *err)
{
	const struct transform_kind *kind = find(name);
	if (kind == NULL) {
		return no_such_step(name, err);
	}
	size_t wanted = args_wanted(kind);
	if (args_n > wanted || (args_n < wanted && !kind->arg_optional)) {
		return wanted == 0
			       ? hark_err_set(err, HARK_EPARSE,
					 "the step %s takes nothing behind it", kind->name)
			       : hark_err_set(err, HARK_EPARSE, "the step %s needs %s: [\"%s\", …]",
					 kind->name, kind->args, kind->name);
	}
	struct transform *v = arena_grow(m->arena, ts->v, ts->n, &ts->cap, sizeof(*v));
	if (v == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory");
	}
	ts->v = v;
	struct transform *t = &v[ts->n];
	*t = (struct transform){.kind = kind};
	for (size_t i = 0; i < args_n; i++) {
		t->args[i] = arena_str(m->arena, args[i]);
	}
	int rc = args_n > 0 ? read_arg(t, m, args_n, err) : HARK_OK;
	ts->n += rc == HARK_OK;
	return rc;
}

int transform_add_text(
	struct transforms *ts, struct maker *m, struct str text, struct hark_err *err)
{
	size_t n = str_find(text, STR(":"));
	struct str name = n == SIZE_MAX ? text : str_n(text.p, n);
	struct str arg = n == SIZE_MAX ? STR_NONE : str_n(text.p + n + 1, text.n - n - 1);
	return transform_add(ts, m, name, &arg, n != SIZE_MAX, err);
}

static void run_each(const struct transform *t, struct work *w, struct values *vs)
{
	size_t kept = 0;
	for (size_t i = 0; i < vs->n; i++) {
		struct value v = vs->v[i];
		if (t->kind->each(w, t, &v) && !(v.kind == VALUE_TEXT && v.text.n == 0)) {
			vs->v[kept++] = v;
		}
	}
	vs->n = kept;
}

void transforms_run(const struct transforms *ts, struct work *w, struct values *vs)
{
	for (size_t i = 0; i < ts->n; i++) {
		const struct transform *t = &ts->v[i];
		if (t->kind->each != NULL) {
			run_each(t, w, vs);
		} else {
			t->kind->all(w, t, vs);
		}
	}
}
