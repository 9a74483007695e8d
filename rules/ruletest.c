/* The tests inside rule files, run through the production matcher: the rule alone, with the lists
 * of its tests. */
#include "rules/ruleset.h"

#include "rules/fold.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SAMPLE_MAX 100

struct testing {
	const struct rules_source *source;
	rule_test_fn report;
	void *ctx;
	size_t failed;
	struct diags *diags;
	struct rule_file *file;
	struct rule *rule;
	struct ruleset *set; /* the rule alone; NULL: it cannot be linked */
	struct matcher *matcher;
};

/* ---- a sample post ---- */

static const char *const text_keys[] = {"text", "title", "quoted", "url", "source", "lang",
	"country", "bio", "name", "profile_url", "in_reply_to", "thread", "handle"};

static struct str *text_member(struct post *p, size_t key)
{
	struct str *const members[] = {&p->text, &p->title, &p->quoted, &p->url, &p->source,
		&p->lang, &p->country, &p->author.bio, &p->author.display_name,
		&p->author.profile_url, &p->in_reply_to, &p->thread, &p->author.handle};
	return members[key];
}

static const char *const number_keys[] = {
	"followers", "following", "likes", "replies", "shares", "views", "rating", "score"};

static int64_t *number_member(struct post *p, size_t key)
{
	int64_t *const members[] = {&p->author.followers, &p->author.following, &p->likes,
		&p->replies, &p->shares, &p->views, &p->rating, &p->score};
	return members[key];
}

static size_t find_key(const char *const *names, size_t n, struct str key)
{
	size_t i = 0;
	while (i < n && !str_eq_c(key, names[i])) {
		i++;
	}
	return i;
}

static void set_mapping(
	struct testing *t, struct post *p, const struct yaml_node *sample, struct arena *arena);

/* "@jdoe" is a handle, everything else a name; or a mapping with both. */
static void set_author(
	struct testing *t, struct post *p, const struct yaml_node *value, struct arena *arena)
{
	p->author.handle = p->author.display_name = STR_NONE; /* not the default's */
	if (value->kind == YAML_MAPPING) {
		set_mapping(t, p, value, arena);
		return;
	}
	struct str s = scalar_text(value, t->diags);
	if (s.n > 0 && s.p[0] == '@') {
		p->author.handle = s;
	} else {
		p->author.display_name = s;
	}
}

static void set_number(struct testing *t, int64_t *out, const struct yaml_node *value)
{
	struct str s = scalar_text(value, t->diags);
	if (s.p != NULL && !str_i64(s, out)) {
		yaml_error(t->diags, value, "E011", NULL, "a number belongs here");
	}
}

/* A sample says what a classifier would. */
static void set_sentiment(struct testing *t, struct post *p, const struct yaml_node *value)
{
	struct str s = scalar_text(value, t->diags);
	char copy[32], *end = copy;
	snprintf(copy, sizeof(copy), "%.*s", (int)(s.n < 31 ? s.n : 31), s.n > 0 ? s.p : "");
	double score = strtod(copy, &end);
	if (s.n == 0 || s.n > 31 || *end != '\0' || !(score >= -1 && score <= 1)) {
		yaml_error(t->diags, value, "E011", NULL, "a number from -1 to 1 belongs here");
		return;
	}
	p->sentiment.score = score;
}

static void set_other(
	struct testing *t, struct post *p, const struct yaml_pair *pair, struct arena *arena)
{
	static const char *const known[] = {"author", "type", "tags", "mentions", "links",
		"verified", "emit", "text", "title", "quoted", "url", "source", "lang", "country",
		"bio", "name", "handle", "followers", "likes", "replies", "shares", "views",
		"rating", "sentiment"};
	struct str key = pair->key->text;
	struct strs *list = str_eq_c(key, "tags")       ? &p->tags
			    : str_eq_c(key, "mentions") ? &p->mentions
			    : str_eq_c(key, "links")    ? &p->links
							: NULL;
	if (list != NULL) {
		*list = (struct strs){0};
		read_strs(list, pair->value, arena, t->diags);
	} else if (str_eq_c(key, "author")) {
		set_author(t, p, pair->value, arena);
	} else if (str_eq_c(key, "sentiment")) {
		set_sentiment(t, p, pair->value);
	} else if (str_eq_c(key, "verified")) {
		p->author.verified = str_eq_c(scalar_text(pair->value, t->diags), "yes") ||
				     str_eq_c(scalar_text(pair->value, t->diags), "true");
	} else if (str_eq_c(key, "type")) {
		if (!post_type_parse(scalar_text(pair->value, t->diags), &p->type)) {
			yaml_error(t->diags, pair->value, "E011", "for example reply",
				"there is no such type of post");
		}
	} else if (!str_eq_c(key, "emit")) {
		unknown_key(pair->key, known, COUNT(known), "a test", t->diags);
	}
}

static void set_mapping(
	struct testing *t, struct post *p, const struct yaml_node *sample, struct arena *arena)
{
	for (size_t i = 0; i < sample->n; i++) {
		const struct yaml_pair *pair = &sample->pairs[i];
		size_t text = find_key(text_keys, COUNT(text_keys), pair->key->text);
		size_t number = find_key(number_keys, COUNT(number_keys), pair->key->text);
		if (text < COUNT(text_keys)) {
			*text_member(p, text) = scalar_text(pair->value, t->diags);
		} else if (number < COUNT(number_keys)) {
			set_number(t, number_member(p, number), pair->value);
		} else {
			set_other(t, p, pair, arena);
		}
	}
}

static void read_sample(
	struct testing *t, struct post *p, const struct yaml_node *sample, struct arena *arena)
{
	const struct yaml_node *defaults = yaml_get(t->rule->tests, "defaults");
	post_init(p);
	p->source = STR("test");
	p->external_id = STR("1");
	if (defaults != NULL) {
		set_mapping(t, p, defaults, arena);
	}
	if (sample->kind == YAML_MAPPING) {
		set_mapping(t, p, sample, arena);
	} else {
		p->text = scalar_text(sample, t->diags);
	}
}

/* ---- one case ---- */

static void compare_emit(const struct signal *s, const struct yaml_node *wanted, struct buf *why)
{
	for (size_t i = 0; wanted != NULL && i < wanted->n; i++) {
		struct str name = wanted->pairs[i].key->text, got = STR_NONE;
		struct str want = wanted->pairs[i].value->kind == YAML_SCALAR
					  ? wanted->pairs[i].value->text
					  : STR("");
		for (size_t k = 0; k < s->emit_n; k++) {
			got = str_eq(s->emit[k].name, name) ? s->emit[k].value : got;
		}
		if (got.p == NULL) {
			buf_printf(why, "%semit.%.*s is missing, wanted '%.*s'",
				why->n > 0 ? "; " : "", STR_FMT(name), STR_FMT(want));
		} else if (!str_eq(got, want)) {
			buf_printf(why, "%semit.%.*s is '%.*s', wanted '%.*s'",
				why->n > 0 ? "; " : "", STR_FMT(name), STR_FMT(got), STR_FMT(want));
		}
	}
}

static void judge(struct testing *t, const struct yaml_node *sample, bool wanted, struct buf *why,
	struct arena *arena)
{
	struct post post;
	struct signal *found = NULL;
	size_t n = 0;
	read_sample(t, &post, sample, arena);
	if (t->matcher == NULL) {
		buf_add_c(
			why, t->rule->inactive
				     ? "a list the rule needs is neither defined nor in tests.lists"
				     : "the rule has errors");
		return;
	}
	if (matcher_match(t->matcher, &post, arena, &found, &n) != HARK_OK) {
		buf_add_c(why, "no memory");
	} else if (!wanted && n > 0) {
		buf_printf(why, "it matches, and should not: %.*s", STR_FMT(found[0].explain));
	} else if (wanted && n == 0) {
		buf_add_c(why, "it does not match");
	} else if (wanted) {
		compare_emit(&found[0], yaml_get(sample, "emit"), why);
	}
}

static struct str sample_text(const struct yaml_node *sample)
{
	const struct yaml_node *text =
		sample->kind == YAML_MAPPING ? yaml_get(sample, "text") : sample;
	if (text == NULL && sample->kind == YAML_MAPPING) {
		text = yaml_get(sample, "title");
	}
	return text != NULL && text->kind == YAML_SCALAR ? str_trim(text->text) : STR("(a post)");
}

static void shorten(struct str text, char out[SAMPLE_MAX + 8])
{
	struct str cut = str_cut_utf8(text, SAMPLE_MAX);
	snprintf(out, SAMPLE_MAX + 8, "%.*s%s", STR_FMT(cut), cut.n < text.n ? "…" : "");
	for (char *c = out; *c != '\0'; c++) {
		*c = *c == '\n' || *c == '\r' || *c == '\t' ? ' ' : *c;
	}
}

static void run_case(struct testing *t, const struct yaml_node *sample, bool wanted)
{
	struct arena arena;
	struct buf why;
	char what[SAMPLE_MAX + 8];
	arena_init(&arena, 0);
	buf_init(&why, 4096);
	size_t before = t->diags->errors;
	judge(t, sample, wanted, &why, &arena);
	if (t->diags->errors > before) {
		buf_clear(&why);
		buf_add_c(&why, "the test itself is wrong, see above");
	}
	shorten(sample_text(sample), what);
	struct rule_test_result result = {.file = t->file->name,
		.rule = t->rule->id.n > 0 ? t->rule->id.p : "?",
		.line = sample->at.line,
		.ok = why.n == 0,
		.what = what,
		.why = why.n > 0 ? buf_c(&why) : NULL};
	t->failed += !result.ok;
	bool said = t->diags->errors > before || (t->matcher == NULL && before > 0);
	if (!result.ok && !said) {
		yaml_error(t->diags, sample, "E050", NULL, "a test of rule %s failed: %s",
			result.rule, buf_c(&why));
	}
	if (t->report != NULL) {
		t->report(t->ctx, &result);
	}
	buf_release(&why);
	arena_release(&arena);
}

static void run_cases(struct testing *t, const char *key, bool wanted)
{
	const struct yaml_node *cases = yaml_get(t->rule->tests, key);
	if (cases == NULL) {
		return;
	}
	if (cases->kind != YAML_SEQUENCE) {
		yaml_error(t->diags, cases, "E008", "put - before each", "%s: is a list of samples",
			key);
		t->failed++;
		return;
	}
	for (size_t i = 0; i < cases->n; i++) {
		run_case(t, cases->items[i], wanted);
	}
}

/* ---- one rule, one file ---- */

static int prepare(struct testing *t)
{
	int rc = HARK_ENOMEM;
	t->set = ruleset_new();
	t->rule->inactive = false;
	t->rule->vars_n = 0;
	if (t->set != NULL && !t->rule->broken) {
		rc = ruleset_link(t->set, t->file, t->rule, t->source, t->diags);
		rc = rc == HARK_OK ? ruleset_finish(t->set, t->diags) : rc;
	}
	if (rc == HARK_OK && t->set->rules_n > 0) {
		t->matcher = matcher_new(t->set);
		rc = t->matcher != NULL ? HARK_OK : HARK_ENOMEM;
	}
	return t->rule->broken ? HARK_OK : rc;
}

static int test_rule(struct testing *t)
{
	if (t->rule->tests == NULL) {
		return HARK_OK;
	}
	int rc = prepare(t);
	if (rc == HARK_OK) {
		run_cases(t, "match", true);
		run_cases(t, "nomatch", false);
	}
	matcher_free(t->matcher);
	ruleset_unref(t->set);
	t->matcher = NULL;
	t->set = NULL;
	return rc;
}

int ruleset_test(const struct rules_source *source, rule_test_fn report, void *ctx, size_t *failed,
	struct diags *diags, struct hark_err *err)
{
	struct testing t = {.source = source, .report = report, .ctx = ctx, .diags = diags};
	struct ruleset *r = ruleset_new();
	if (r == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the rules");
	}
	int rc = ruleset_read(r, source, diags, err);
	for (size_t f = 0; f < r->files_n && rc == HARK_OK; f++) {
		t.file = r->files[f];
		for (size_t i = 0; i < t.file->rules_n && rc == HARK_OK; i++) {
			t.rule = &t.file->rules[i];
			rc = test_rule(&t);
		}
	}
	*failed = t.failed;
	ruleset_unref(r);
	return rc;
}
