/* Steps between a value of a reply and a field of a record: "html_to_text", "prefix:https://…",
 * ["regex", "([0-9-]+)"]. A step whose input is absent or of the wrong type gives nothing; it never
 * fails. Compiled once, then run by any thread.
 *
 * The table in transform.c is the list of steps, for compiling, the manual and the tests. */
#ifndef HARK_CONNECTORS_TRANSFORM_H
#define HARK_CONNECTORS_TRANSFORM_H

#include "connectors/connector.h"
#include "connectors/pointer.h"

#define TRANSFORM_ARGS_MAX 2

struct form;
struct regex;
struct regex_scratch;
struct transform;

/* What running steps needs. One user at a time. */
struct work {
	struct arena *arena;       /* takes what comes out */
	const struct scope *scope; /* for steps with pointers */
	const struct str *vars;    /* values of the maker's `vars`, in its order; absent ones too */
	int64_t now_ms;
	struct str base; /* address of the document, for relative references */
	struct regex_scratch *scratch;
};

/* What compiling needs. Regexes are chained in `regexes`, for maker_release(). */
struct maker {
	struct arena *arena;
	const char *const *vars;
	size_t vars_n;
	const struct hark_setting *settings; /* of the first vars; NULL: not known yet */
	size_t settings_n;
	const char *const *lookups;
	size_t lookups_n;
	struct made_regex {
		struct made_regex *next;
		struct regex *regex;
	} * regexes;
};

struct transform_kind {
	const char *name;
	const char *about; /* for the manual */
	const char *args;  /* "SEPARATOR"; NULL: none */
	enum {
		ARG_NONE,
		ARG_TEXT,
		ARG_NUMBER,
		ARG_REGEX,
		ARG_FORM,
		ARG_POINTER,
	} arg;
	bool arg_optional;
	/* One of the two. `each` works on one value and returns false where it is to go; `all` works on
	 * the list. */
	bool (*each)(struct work *w, const struct transform *t, struct value *v);
	void (*all)(struct work *w, const struct transform *t, struct values *vs);
};
/* Ends with a NULL name. */
extern const struct transform_kind transform_kinds[];

struct transform {
	const struct transform_kind *kind;
	struct str args[TRANSFORM_ARGS_MAX]; /* absent: not given */
	long number;
	const struct regex *regex;
	const struct form *form;
	struct pointer pointer;
};

struct transforms {
	struct transform *v;
	size_t n, cap;
};

/* Adds a step written as "name", "name:arg" or name and arguments apart. HARK_EPARSE says what is
 * wrong. */
int transform_add(struct transforms *ts, struct maker *m, struct str name, const struct str *args,
	size_t args_n, struct hark_err *err);
int transform_add_text(
	struct transforms *ts, struct maker *m, struct str text, struct hark_err *err);
void transforms_run(const struct transforms *ts, struct work *w, struct values *vs);

/* A compiled regex that lives as long as the maker. */
int maker_regex(
	struct maker *m, struct str pattern, const struct regex **out, struct hark_err *err);
void maker_release(struct maker *m);
/* Whether the pattern is somewhere in the text. */
bool work_matches(struct work *w, const struct regex *regex, struct str text);

/* Of transform_lists.c, transform_people.c and transform_texts.c, for the table. */
#define TRANSFORM_EACH(name) bool name(struct work *w, const struct transform *t, struct value *v)
#define TRANSFORM_ALL(name) void name(struct work *w, const struct transform *t, struct values *vs)
TRANSFORM_EACH(transform_string);
TRANSFORM_EACH(transform_integer);
TRANSFORM_EACH(transform_trim);
TRANSFORM_EACH(transform_lower);
TRANSFORM_EACH(transform_html_to_text);
TRANSFORM_EACH(transform_drop_element);
TRANSFORM_EACH(transform_entities);
TRANSFORM_EACH(transform_markdown);
TRANSFORM_EACH(transform_epoch);
TRANSFORM_EACH(transform_epoch_ms);
TRANSFORM_EACH(transform_epoch_us);
TRANSFORM_EACH(transform_date);
TRANSFORM_EACH(transform_partial_date);
TRANSFORM_EACH(transform_prefix);
TRANSFORM_EACH(transform_suffix);
TRANSFORM_EACH(transform_append_if_no);
TRANSFORM_EACH(transform_resolve_url);
TRANSFORM_EACH(transform_url_param);
TRANSFORM_EACH(transform_strip_query);
TRANSFORM_EACH(transform_regex);
TRANSFORM_EACH(transform_replace);
TRANSFORM_EACH(transform_last_segment);
TRANSFORM_EACH(transform_after_last);
TRANSFORM_EACH(transform_before);
TRANSFORM_EACH(transform_name_swap);
TRANSFORM_EACH(transform_cut_suffix_equal);
TRANSFORM_EACH(transform_path_parent);
TRANSFORM_EACH(transform_truncate);
TRANSFORM_EACH(transform_bool_tag);
TRANSFORM_EACH(transform_expand_urls);
TRANSFORM_EACH(transform_enc);
TRANSFORM_EACH(transform_pathenc);
TRANSFORM_EACH(transform_pad);
TRANSFORM_EACH(transform_nodash);
TRANSFORM_EACH(transform_quote);
TRANSFORM_EACH(transform_only);
TRANSFORM_EACH(transform_without);
TRANSFORM_EACH(transform_host);
TRANSFORM_EACH(transform_raw);
TRANSFORM_EACH(transform_template);
TRANSFORM_EACH(transform_words);
TRANSFORM_EACH(transform_employer);
TRANSFORM_EACH(transform_company);
TRANSFORM_ALL(transform_html_links);
TRANSFORM_ALL(transform_text_links);
TRANSFORM_ALL(transform_facet_links);
TRANSFORM_ALL(transform_split);
TRANSFORM_ALL(transform_join);
TRANSFORM_ALL(transform_default);
TRANSFORM_ALL(transform_first);
TRANSFORM_ALL(transform_last);
TRANSFORM_ALL(transform_count);
TRANSFORM_ALL(transform_sum);
TRANSFORM_ALL(transform_min_time);

#endif
