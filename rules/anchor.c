/* The rarest group of words of which one must be in every post that a query matches. */
#include "rules/link.h"

#include "rules/fold.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define COST_COMMON 2000
#define COST_OPAQUE 300
#define COST_LIST 50 /* at least */
#define COST_PREFIX 100
#define GROUP_MAX 20000

/* Words found in so many posts that they say nothing. */
static const char *const common[] = {"the", "a", "an", "and", "or", "to", "of", "in", "for", "is",
	"on", "we", "our", "you", "your", "i", "my", "me", "it", "with", "at", "from", "this",
	"that", "new", "are", "as", "be", "have", "has", "was", "not", "by", "who", "any", "what",
	"how", "need", "get", "all", "but", "they", "their", "can", "will", "do", "if", "so",
	"just", "out", "up", "about", "more", "one", "no", "now", "like", "has", "had", "us", "am",
	"im", "i'm"};

static unsigned word_cost(struct str word)
{
	for (size_t i = 0; i < COUNT(common); i++) {
		if (str_eq_c(word, common[i])) {
			return COST_COMMON;
		}
	}
	return word.n <= 3 ? 300 : word.n <= 5 ? 80 : word.n <= 8 ? 20 : 10;
}

/* A thousand names are in 2 of 100 posts, ten thousand in 5, a hundred thousand in 20, a million in
 * 65: four times the names, twice as often. */
static unsigned list_cost(const struct list *list)
{
	unsigned cost = COST_LIST;
	for (size_t n = list != NULL ? list->names : 0; n > 160; n /= 4) {
		cost *= 2;
	}
	return cost;
}

static void set_always(struct anchors *a)
{
	*a = (struct anchors){.always = true, .cost = UINT64_MAX};
}

static void add(struct linker *l, struct anchors *a, struct anchor one)
{
	struct anchor *grown =
		a->n < GROUP_MAX ? arena_grow(l->arena, a->v, a->n, &a->cap, sizeof(*grown)) : NULL;
	if (a->always || grown == NULL) {
		set_always(a);
		return;
	}
	a->v = grown;
	a->v[a->n++] = one;
	a->cost += one.cost;
}

static void join(struct linker *l, struct anchors *a, const struct anchors *b)
{
	if (b->always) {
		set_always(a);
	}
	for (size_t i = 0; i < b->n && !a->always; i++) {
		add(l, a, b->v[i]);
	}
}

static struct anchor token_anchor(enum token_kind kind, struct str folded)
{
	return (struct anchor){.kind = ANCHOR_TOKEN,
		.hash = token_hash(kind, folded),
		.cost = kind == TOKEN_WORD ? word_cost(folded) : 20};
}

static struct anchor list_anchor(const struct query *set)
{
	const struct list *list = set->link;
	return (struct anchor){.kind = ANCHOR_LIST,
		.list = list != NULL ? list->index : 0,
		.cost = list_cost(list)};
}

/* False: the part says nothing about the post. */
static bool part_anchor(const struct query_part *p, struct anchor *out)
{
	struct str head = p->folded;
	size_t wild;
	switch (p->kind) {
	case PART_TOKEN:
		*out = token_anchor(p->token == TOKEN_CJK ? TOKEN_WORD : p->token, p->folded);
		out->folded = p->folded;
		return true;
	case PART_PATTERN:
		wild = str_find(head, STR(WILDCARD));
		head.n = wild != SIZE_MAX ? wild : head.n;
		/* fall through */
	case PART_PREFIX:
		*out = (struct anchor){.kind = ANCHOR_PREFIX,
			.folded = head,
			.cost = head.n < PREFIX_MIN ? COST_COMMON : COST_PREFIX};
		return head.n > 0;
	case PART_SLOT: /* a name of a list, of others anything */
		if (p->set == NULL) {
			return false;
		}
		/* fall through */
	case PART_SET:
		*out = list_anchor(p->set);
		return true;
	default:
		return false;
	}
}

/* The rarest of the other words. Of a name that is cut short a phrase with slots may be undecided without it, and
 * in author: a phrase may be in a handle. */
static uint64_t mate_of(const struct query *q, bool author, const struct anchor *best)
{
	struct anchor mate = {0}, one;
	for (size_t i = 0; !author && !q->slots && i < q->parts_n; i++) {
		if (q->parts[i].kind == PART_TOKEN && part_anchor(&q->parts[i], &one) &&
			one.hash != best->hash && (mate.hash == 0 || one.cost < mate.cost)) {
			mate = one;
		}
	}
	return mate.hash;
}

/* In author: a word is also looked for as a handle. */
static void phrase_anchors(
	struct linker *l, const struct query *q, bool author, struct anchors *out)
{
	struct anchor best = {0}, one;
	bool found = false;
	for (size_t i = 0; i < q->parts_n; i++) {
		if (part_anchor(&q->parts[i], &one) && (!found || one.cost < best.cost)) {
			best = one;
			found = true;
		}
	}
	if (!found) {
		set_always(out);
		return;
	}
	best.mate = mate_of(q, author, &best);
	add(l, out, best);
	if (author && q->parts_n == 1 && q->parts[0].kind == PART_TOKEN) {
		one = token_anchor(TOKEN_HANDLE, q->parts[0].folded);
		one.folded = q->parts[0].folded;
		add(l, out, one);
	}
}

/* The best word of `text`, which may also lie where words are not seen. `inner`: it is one word of
 * letters and digits with borders around it, so it can be looked for there too. */
static void text_anchors(struct linker *l, struct str text, bool inner, struct anchors *out)
{
	struct anchor best = {.cost = UINT32_MAX};
	text_reset(&l->scratch);
	text_add(&l->scratch, TEXT_TEXT, text);
	for (size_t i = 0; i < l->scratch.n; i++) {
		struct anchor one = token_anchor(
			(enum token_kind)l->scratch.v[i].kind, text_at(&l->scratch, i));
		one.folded = text_at(&l->scratch, i);
		best = one.cost < best.cost ? one : best;
	}
	if (l->scratch.n == 0) {
		set_always(out);
		return;
	}
	best.folded = arena_str(l->arena, best.folded);
	add(l, out, best);
	if (inner && text.n <= INNER_BYTES_MAX) {
		best.kind = ANCHOR_INNER;
		add(l, out, best);
	} else {
		add(l, out, (struct anchor){.kind = ANCHOR_OPAQUE, .cost = COST_OPAQUE});
	}
}

static void walk(struct linker *l, const struct query *q, bool author, struct anchors *out);

static void cheapest_kid(struct linker *l, const struct query *q, bool author, struct anchors *out)
{
	set_always(out);
	for (size_t i = 0; i < q->kids_n; i++) {
		struct anchors one = {0};
		walk(l, q->kids[i], author, &one);
		if (one.cost < out->cost) {
			*out = one;
		}
	}
}

static void all_kids(struct linker *l, const struct query *q, bool author, struct anchors *out)
{
	for (size_t i = 0; i < q->kids_n && !out->always; i++) {
		struct anchors one = {0};
		walk(l, q->kids[i], author, &one);
		join(l, out, &one);
	}
}

static void field_anchors(struct linker *l, const struct query *q, struct anchors *out)
{
	if (q->field < QUERY_FIRST_VALUE_FIELD || q->field == QUERY_TAGS ||
		q->field == QUERY_MENTION) {
		walk(l, q->kids[0], q->field == QUERY_AUTHOR, out);
	} else {
		set_always(out);
	}
}

static void walk(struct linker *l, const struct query *q, bool author, struct anchors *out)
{
	switch (q->kind) {
	case QUERY_PHRASE:
		phrase_anchors(l, q, author, out);
		break;
	case QUERY_TAG:
		add(l, out,
			(struct anchor){.kind = ANCHOR_TOKEN,
				.hash = q->parts[0].hash,
				.folded = q->parts[0].folded,
				.cost = 20});
		break;
	case QUERY_VALUE: /* of tag: and mention: */
		add(l, out,
			(struct anchor){.kind = ANCHOR_TOKEN,
				.hash = q->hash,
				.folded = q->text,
				.cost = 20});
		break;
	case QUERY_RAW:
		text_anchors(l, q->text, false, out);
		break;
	case QUERY_REGEX:
		text_anchors(l, regex_anchor(q->text), true, out);
		break;
	case QUERY_SET:
		add(l, out, list_anchor(q));
		break;
	case QUERY_AND:
	case QUERY_NEAR:
		cheapest_kid(l, q, author, out);
		break;
	case QUERY_OR:
	case QUERY_PICK:
	case QUERY_COUNT:
	case QUERY_REF:
		all_kids(l, q, author, out);
		break;
	case QUERY_FIELD:
		field_anchors(l, q, out);
		break;
	default:
		set_always(out);
		break;
	}
}

void anchors_of(struct linker *l, const struct query *q, struct anchors *out)
{
	*out = (struct anchors){0};
	walk(l, q, false, out);
}

/* ---- what else must be there ---- */

#define NEED_TOKENS_MAX 16 /* of a group: more are hardly ever all missing */

static bool is_tokens(const struct anchors *a)
{
	bool all = !a->always && a->n > 0 && a->n <= NEED_TOKENS_MAX;
	for (size_t i = 0; all && i < a->n; i++) {
		all = a->v[i].kind == ANCHOR_TOKEN;
	}
	return all;
}

/* Keeps the cheapest, in order; the group that wakes the rule is no news. */
static void keep_need(struct rule *rule, const struct anchors *a)
{
	size_t i = rule->needs_n;
	if (!is_tokens(a) || (a->n == rule->anchors.n && a->v[0].hash == rule->anchors.v[0].hash)) {
		return;
	}
	if (i == RULE_NEEDS_MAX) {
		if (a->cost >= rule->needs[--i].cost) {
			return;
		}
	} else {
		rule->needs_n++;
	}
	for (; i > 0 && a->cost < rule->needs[i - 1].cost; i--) {
		rule->needs[i] = rule->needs[i - 1];
	}
	rule->needs[i] = *a;
}

/* Each word of a phrase must be there. */
static void phrase_needs(struct linker *l, const struct query *q, struct rule *rule)
{
	for (size_t i = 0; i < q->parts_n; i++) {
		struct anchors one = {0};
		struct anchor a;
		if (q->parts[i].kind == PART_TOKEN && part_anchor(&q->parts[i], &a)) {
			add(l, &one, a);
			keep_need(rule, &one);
		}
	}
}

static void collect_needs(struct linker *l, const struct query *q, struct rule *rule)
{
	struct anchors one = {0};
	switch (q->kind) {
	case QUERY_AND:
	case QUERY_NEAR:
		for (size_t i = 0; i < q->kids_n; i++) {
			collect_needs(l, q->kids[i], rule);
		}
		break;
	case QUERY_PHRASE:
		if (q->parts_n > 1) {
			phrase_needs(l, q, rule);
			break;
		}
		/* fall through */
	default:
		walk(l, q, false, &one);
		keep_need(rule, &one);
		break;
	}
}

void needs_of(struct linker *l, const struct query *q, struct rule *rule)
{
	rule->needs_n = 0;
	if (!rule->anchors.always && rule->anchors.n > 0) {
		collect_needs(l, q, rule);
	}
}
