/* How near a clause came that does not hold. */
#include "monitor/base/count.h"
#include "rules/explain_in.h"

#include "rules/fold.h"

#define NAMES_MAX 32
#define CANDIDATES_MAX 500
#define STEM_MIN 4

/* ---- words ---- */

static size_t common_start(struct str a, struct str b)
{
	size_t n = 0;
	while (n < a.n && n < b.n && a.p[n] == b.p[n]) {
		n++;
	}
	return n;
}

/* Another form of the same word, or a typing error in it. */
bool nearest_token(
	struct explaining *x, const struct query *q, const struct window *w, uint32_t *position)
{
	const struct text *t = x->e->text;
	const char *names[CANDIDATES_MAX] = {0};
	uint32_t at[CANDIDATES_MAX];
	size_t n = 0, best = STEM_MIN - 1;
	bool found = false;
	struct str word = q->parts[0].folded;
	for (uint32_t i = w->from; i < w->to; i++) {
		struct str token = text_at(t, i);
		size_t same = common_start(token, word);
		bool form = same >= STEM_MIN && same * 3 >= word.n * 2;
		if (t->v[i].kind == TOKEN_WORD && form && same > best) {
			best = same;
			*position = i;
			found = true;
		}
		if (n < CANDIDATES_MAX && token.n < 64 && t->v[i].kind == TOKEN_WORD) {
			names[n] = arena_c(x->arena, token);
			at[n] = i;
			n += names[n] != NULL;
		}
	}
	const char *near = found ? NULL : did_you_mean(word, names, n);
	for (size_t i = 0; near != NULL && i < n && !found; i++) {
		found = names[i] == near;
		*position = at[i];
	}
	return found;
}

static struct str written_at(const struct explaining *x, uint32_t position)
{
	struct place p = place_of(x->e->text, position, position + 1);
	return eval_text(x->e, &p);
}

bool other_field(struct explaining *x, const struct query *q, const struct window *w,
	enum query_field *field)
{
	static const enum query_field fields[] = {
		QUERY_TITLE, QUERY_TEXT, QUERY_QUOTED, QUERY_AUTHOR, QUERY_BIO};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct window other = window_of(x->e, fields[i]);
		struct places found = {0};
		if (other.from >= w->from && other.to <= w->to) {
			continue;
		}
		find(x->e, q, &other, &found);
		if (found.n > 0) {
			*field = fields[i];
			return true;
		}
	}
	return false;
}

static struct str elsewhere(struct explaining *x, const struct query *q, const struct window *w)
{
	enum query_field field;
	return other_field(x, q, w, &field)
		       ? explain_say(x->arena, "it is there, but in %s:", query_field_name(field))
		       : STR_NONE;
}

static bool part_is_there(
	struct explaining *x, const struct query *q, size_t part, const struct window *w)
{
	struct query one = *q;
	struct places found = {0};
	one.parts = &q->parts[part];
	one.parts_n = 1;
	one.var = STR_NONE;
	find(x->e, &one, w, &found);
	return found.n > 0;
}

static struct str part_text(struct explaining *x, const struct query_part *p)
{
	return p->kind == PART_SET ? explain_say(x->arena, "any:%.*s", STR_FMT(p->set->list))
				   : explain_say(x->arena, "%.*s%s",
					     STR_FMT(p->written.n > 0 ? p->written : p->folded),
					     p->kind == PART_PREFIX ? "*" : "");
}

/* Of several words: which one is missing, or that they stand apart. */
static struct str miss_of_words(struct explaining *x, const struct query *q, const struct window *w)
{
	size_t there = 0, asked = 0, missing = 0;
	for (size_t i = 0; i < q->parts_n; i++) {
		if (q->parts[i].kind == PART_ANY || q->parts[i].kind == PART_SLOT) {
			continue;
		}
		asked++;
		if (part_is_there(x, q, i, w)) {
			there++;
		} else {
			missing = i;
		}
	}
	if (there == asked) {
		return asked > 1 ? STR("all its words are there, but not in a row") : STR_NONE;
	}
	return there > 0 && there + 1 == asked ? explain_say(x->arena, "only \"%.*s\" is missing",
							 STR_FMT(part_text(x, &q->parts[missing])))
					       : STR_NONE;
}

static struct str miss_of_phrase(
	struct explaining *x, const struct query *q, const struct window *w)
{
	struct query folded = *q;
	struct places found = {0};
	uint32_t position;
	folded.cased = false;
	if (q->cased) {
		find(x->e, &folded, w, &found);
		if (found.n > 0) {
			return explain_say(x->arena, "it is written \"%.*s\" here",
				STR_FMT(eval_text(x->e, &found.v[0])));
		}
	}
	struct str other = elsewhere(x, q, w);
	if (other.p != NULL) {
		return other;
	}
	if (q->parts_n > 1) {
		return miss_of_words(x, q, w);
	}
	if (q->parts[0].kind == PART_TOKEN && q->parts[0].token == TOKEN_WORD &&
		nearest_token(x, q, w, &position)) {
		return explain_say(
			x->arena, "nearest is \"%.*s\"", STR_FMT(written_at(x, position)));
	}
	return STR_NONE;
}

static struct str miss_of_tag(struct explaining *x, const struct query *q, const struct window *w)
{
	const struct text *t = x->e->text;
	for (uint32_t i = w->from; i < w->to; i++) {
		if (str_eq(text_at(t, i), q->parts[0].folded)) {
			return STR("the word is there, but not as a tag");
		}
	}
	return STR_NONE;
}

static struct str miss_of_raw(struct explaining *x, const struct query *q)
{
	for (unsigned f = 0; f < TEXT_FIELDS; f++) {
		struct str s = x->e->text->fields[f].source;
		for (size_t i = 0; s.p != NULL && i + q->text.n <= s.n; i++) {
			struct str here = str_n(s.p + i, q->text.n);
			if (str_eq_nocase(here, q->text)) {
				return explain_say(x->arena,
					str_eq(here, q->text)
						? "\"%.*s\" is there as a part of a longer word"
						: "it is written \"%.*s\" here",
					STR_FMT(here));
			}
		}
	}
	return STR_NONE;
}

/* ---- names ---- */

struct name_search {
	struct explaining *x;
	const struct list *list;
	const struct window *w;
	struct refused_name *out;
	size_t n, max;
};

static bool is_counted(
	const struct explaining *x, const struct list *list, const struct name_hit *hit)
{
	for (size_t i = 0; i < x->e->hits_n; i++) {
		const struct list_hit *h = &x->e->hits[i];
		if (h->list == list && h->from == hit->from && h->to == hit->to) {
			return true;
		}
	}
	return false;
}

static bool is_inside_counted(
	const struct explaining *x, const struct list *list, const struct name_hit *hit)
{
	for (size_t i = 0; i < x->e->hits_n; i++) {
		const struct list_hit *h = &x->e->hits[i];
		if (h->list == list && h->from <= hit->from && h->to >= hit->to) {
			return true;
		}
	}
	return false;
}

static bool on_refused(void *ctx, const struct name_hit *hit)
{
	struct name_search *s = ctx;
	const struct text *t = s->x->e->text;
	if (hit->name->list != s->list->index || hit->from < s->w->from || hit->to > s->w->to ||
		is_counted(s->x, s->list, hit)) {
		return true;
	}
	bool lower = (hit->name->flags & NAME_CASE) && !(t->v[hit->from].flags & TOKEN_CAPITAL);
	struct refused_name *r = &s->out[s->n++];
	*r = (struct refused_name){.hit = {s->list, hit->name->entry, hit->from, hit->to}};
	if (is_inside_counted(s->x, s->list, hit)) {
		r->why = "is part of a longer name of the list";
	} else if (lower) {
		r->why = "is written without a capital letter";
		r->cure = "count it as it stands (class: off on the list)";
	} else if ((hit->name->flags & NAME_CONTEXT) && s->list->forbid_n == 0) {
		r->why = "none of the words it needs is near";
		r->cure =
			"count it without them (class: off on the list, or a word under context:)";
	} else {
		r->why = "the words around it are not those it needs, or are forbidden";
		r->cure = "count it all the same (context: and forbid: of the list)";
	}
	return s->n < s->max;
}

size_t refused_names(struct explaining *x, const struct list *list, const struct window *w,
	struct refused_name *out, size_t max)
{
	struct name_search s = {x, list, w, out, 0, max};
	names_find(&x->e->lists->names, list->wakes ? NAMES_FIRST : NAMES_LATE, x->e->text,
		on_refused, &s);
	return s.n;
}

static struct str entry_text(struct explaining *x, const struct list *list, uint32_t entry)
{
	const struct list_entry *e = &list->entries[entry];
	return e->line > 0 ? explain_say(x->arena, "%.*s (%.*s line %u)", STR_FMT(e->name),
				     STR_FMT(list->name), e->line)
			   : explain_say(x->arena, "%.*s (%.*s)", STR_FMT(e->name),
				     STR_FMT(list->name));
}

static struct str miss_of_set(struct explaining *x, const struct query *q, const struct window *w)
{
	const struct list *list = q->link;
	struct refused_name refused[NAMES_MAX];
	struct query bare = *q;
	struct places found = {0};
	if (list->n == 0) {
		return STR("the list is empty");
	}
	bare.tests_n = 0;
	bare.all = false;
	find(x->e, &bare, w, &found);
	if (found.n > 0) {
		return explain_say(x->arena, "%.*s is there, but %s",
			STR_FMT(entry_text(x, list, found.v[0].entry)),
			q->all ? "not all the others" : "does not pass the condition in [ ]");
	}
	if (refused_names(x, list, w, refused, NAMES_MAX) > 0) {
		return explain_say(x->arena, "%.*s is there, but %s",
			STR_FMT(entry_text(x, list, refused[0].hit.entry)), refused[0].why);
	}
	return elsewhere(x, q, w);
}

/* ---- NEAR and counts ---- */

/* Fewest words from an `a` to a `b` behind it, -1: never without a break. */
static int64_t fewest_between(const struct text *t, const struct places *a, const struct places *b)
{
	int64_t best = -1;
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < b->n; k++) {
			const struct place *x = &a->v[i], *y = &b->v[k];
			int64_t between = (int64_t)y->from - (int64_t)x->to;
			if (between >= 0 && (best < 0 || between < best) && x->to > x->from &&
				!crosses_break(t, x->from, y->to)) {
				best = between;
			}
		}
	}
	return best;
}

bool near_distance(struct explaining *x, const struct query *q, const struct window *w,
	int64_t *ahead, int64_t *behind)
{
	struct places a = {0}, b = {0};
	find(x->e, q->kids[0], w, &a);
	find(x->e, q->kids[1], w, &b);
	a.n = a.n < CANDIDATES_MAX ? a.n : CANDIDATES_MAX;
	b.n = b.n < CANDIDATES_MAX ? b.n : CANDIDATES_MAX;
	*ahead = fewest_between(x->e->text, &a, &b);
	*behind = fewest_between(x->e->text, &b, &a);
	return a.n > 0 && b.n > 0;
}

static struct str miss_of_near(struct explaining *x, const struct query *q, const struct window *w)
{
	int64_t ahead, behind;
	if (!near_distance(x, q, w, &ahead, &behind)) {
		return STR_NONE; /* the clause below says what is missing */
	}
	int64_t best = !q->ordered && behind >= 0 && (ahead < 0 || behind < ahead) ? behind : ahead;
	if (best < 0 && behind >= 0) {
		return explain_say(x->arena, "both are there, but in the other order");
	}
	if (best < 0) {
		return STR("both are there, but a line or sentence ends between them");
	}
	return explain_say(x->arena, "%s between them, at most %lld allowed", COUNT(best, "word"),
		(long long)q->count);
}

static struct str miss_of_count(struct explaining *x, const struct query *q, const struct window *w)
{
	struct places found = {0};
	find(x->e, q->kids[0], w, &found);
	return found.n > 0 ? explain_say(x->arena, "found %s, %lld wanted", COUNT(found.n, "time"),
				     (long long)q->count)
			   : STR_NONE;
}

/* ---- values ---- */

static struct str value_of_field(const struct post *p, enum query_field field)
{
	switch (field) {
	case QUERY_URL:
	case QUERY_SITE:
		return p->url;
	case QUERY_SOURCE:
		return p->source;
	case QUERY_LANG:
		return p->lang;
	case QUERY_COUNTRY:
		return p->country;
	case QUERY_REPLYTO:
		return p->in_reply_to;
	case QUERY_TYPE:
		return str_c(post_type_name(p->type));
	default:
		return STR_NONE;
	}
}

static struct str miss_of_value(struct explaining *x, const struct query *q)
{
	struct str value = value_of_field(x->e->post, q->field);
	if (q->field == QUERY_LINK || q->field == QUERY_TAGS || q->field == QUERY_MENTION ||
		q->field == QUERY_HAS || q->field == QUERY_VERIFIED) {
		return STR_NONE;
	}
	return value.n > 0 ? explain_say(x->arena, "the post says %.*s", STR_FMT(value))
			   : STR("the post does not say");
}

static struct str miss_of_number(struct explaining *x, const struct query *q)
{
	double value;
	return meta_number_value(x->e, q, &value) ? explain_say(x->arena, "the post says %g", value)
						  : STR("the post does not say");
}

struct str miss_of(struct explaining *x, const struct query *q, const struct window *w)
{
	switch (q->kind) {
	case QUERY_PHRASE:
		return miss_of_phrase(x, q, w);
	case QUERY_TAG:
		return miss_of_tag(x, q, w);
	case QUERY_RAW:
		return miss_of_raw(x, q);
	case QUERY_SET:
		return miss_of_set(x, q, w);
	case QUERY_NEAR:
		return miss_of_near(x, q, w);
	case QUERY_COUNT:
		return miss_of_count(x, q, w);
	case QUERY_NUMBER:
		return miss_of_number(x, q);
	case QUERY_REGEX: {
		struct places found = {0};
		find(x->e, q, w, &found);
		return found.undecided ? STR("it reached its limit of steps") : STR_NONE;
	}
	case QUERY_FIELD:
		if (q->field >= QUERY_FIRST_VALUE_FIELD) {
			return miss_of_value(x, q);
		}
		return q->kids[0]->kids_n == 0 ? miss_of(x, q->kids[0], w) : STR_NONE;
	default:
		return STR_NONE;
	}
}
