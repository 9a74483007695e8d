/* Names of lists: every spelling of every entry is tried at every position. */
#include "tests/oracle/ref.h"

#include "rules/frequency.h"

#include <stdlib.h>

/* ---- spellings ---- */

struct spelling {
	struct ref_text words;
	struct str verify; /* these bytes must stand there, or absent */
};

struct search {
	const struct ref_list *list;
	size_t list_index, entry;
	const struct ref_text *t;
	struct arena *arena;
	struct ref_hits *out;
};

/* A sign inside or behind the name that splits no words for people: AT&T, C++. */
static bool has_signs(struct str name)
{
	for (size_t i = 1; i < name.n; i++) {
		unsigned char next = i + 1 < name.n ? (unsigned char)name.p[i + 1] : ' ';
		bool letter = next >= 0x80 || next == '_' || (next >= '0' && next <= '9') ||
			      ((next | 0x20) >= 'a' && (next | 0x20) <= 'z');
		if (strchr("&+#!@$%*=^|", name.p[i]) != NULL && (name.p[i - 1] != ' ' || letter)) {
			return true;
		}
	}
	return false;
}

static bool bytes_are(struct str source, size_t at, struct str wanted)
{
	if (source.p == NULL || at + wanted.n > source.n) {
		return false;
	}
	for (size_t i = 0; i < wanted.n; i++) {
		unsigned char a = (unsigned char)source.p[at + i], b = (unsigned char)wanted.p[i];
		a = a >= 'A' && a <= 'Z' ? (unsigned char)(a + 32) : a;
		b = b >= 'A' && b <= 'Z' ? (unsigned char)(b + 32) : b;
		if (a != b) {
			return false;
		}
	}
	return true;
}

/* A syllable at the end: the bytes it has, or 0. */
static size_t last_syllable(struct str s, struct arena *arena)
{
	struct ref_chars c = ref_decode(s, arena);
	bool is = c.n > 0 && c.v[c.n - 1].cp >= 0xac00 && c.v[c.n - 1].cp <= 0xd7a3;
	return is ? c.v[c.n - 1].end - c.v[c.n - 1].start : 0;
}

static bool is_word_kind(enum token_kind kind)
{
	return kind == TOKEN_WORD || kind == TOKEN_CJK;
}

static bool same_token(const struct search *s, const struct ref_token *found,
	const struct ref_token *wanted, bool last)
{
	bool kinds = found->kind == wanted->kind ||
		     (is_word_kind(found->kind) && is_word_kind(wanted->kind));
	struct str left = found->folded;
	if (!kinds) {
		return false;
	}
	for (unsigned particles = 0; particles <= 2; particles++) {
		if (str_eq(left, wanted->folded)) {
			return true;
		}
		size_t bytes = last_syllable(left, s->arena);
		if (!last || bytes == 0 || last_syllable(wanted->folded, s->arena) == 0) {
			return false;
		}
		left.n -= bytes;
	}
	return false;
}

static const char *const usual_context[] = {"company", "companies", "software", "app", "apps",
	"product", "products", "brand", "vendor", "vendors", "supplier", "customer", "customers",
	"client", "clients", "crm", "erp", "saas", "tool", "tools", "platform", "service",
	"services", "support", "team", "ceo", "cto", "cfo", "founder", "founders", "startup",
	"firm", "inc", "ltd", "gmbh", "corp", "shares", "stock", "investors", "funding",
	"subscription", "licence", "license", "licences", "licenses", "pricing", "invoice",
	"contract", "api", "integration", "alternative", "alternatives", "competitor",
	"competitors", "vs", "versus", "users", "using", "bought", "buying", "switch", "switched",
	"switching", "migrate", "migrated", "migrating", "hiring", "joined", "joining", "employees",
	"website", "store", "update", "outage", "login", NULL};

/* One of these words, up to NULL, stands near the name and outside it. */
static bool is_near(const struct search *s, const char *const *words, uint32_t from, uint32_t to)
{
	for (; *words != NULL; words++) {
		struct ref_text word = {.arena = s->arena};
		ref_add_text(&word, TEXT_TEXT, str_c(*words));
		for (uint32_t i = 0; i < s->t->n && word.n > 0; i++) {
			const struct ref_token *w = &s->t->v[i];
			bool near = (i < from && from - i <= 10) || (i >= to && i - to < 10);
			bool kinds = w->kind == word.v[0].kind ||
				     (is_word_kind(w->kind) && is_word_kind(word.v[0].kind));
			if (near && w->field == s->t->v[from].field && kinds &&
				str_eq(w->folded, word.v[0].folded)) {
				return true;
			}
		}
	}
	return false;
}

static bool in_context(const struct search *s, uint32_t from, uint32_t to)
{
	const struct ref_list *l = s->list;
	return is_near(s, l->context[0] != NULL ? l->context : usual_context, from, to);
}

/* A name of words does not count near a word that forbids it. */
static bool is_forbidden(const struct search *s, uint32_t from, uint32_t to)
{
	return is_word_kind(s->t->v[from].kind) && is_near(s, s->list->forbid, from, to);
}

static void hit(struct search *s, uint32_t from, uint32_t to)
{
	struct ref_hits *h = s->out;
	h->v = ref_grow(s->arena, h->v, h->n, &h->cap, sizeof(*h->v));
	h->v[h->n++] = (struct ref_hit){s->list_index, s->entry, from, to};
}

static void try_classed(struct search *s, struct str name, bool everyday)
{
	struct ref_text words = {.arena = s->arena};
	ref_add_text(&words, TEXT_TEXT, name);
	uint32_t n = (uint32_t)words.n;
	for (uint32_t i = 0; n > 0 && i + n <= s->t->n; i++) {
		const struct ref_token *first = &s->t->v[i];
		bool is = true;
		for (uint32_t k = 0; k < n && is; k++) {
			is = s->t->v[i + k].field == first->field &&
			     same_token(s, &s->t->v[i + k], &words.v[k], k + 1 == n);
		}
		size_t lead = words.v[0].start; /* signs before the first word */
		bool verified =
			!has_signs(name) ||
			(first->start >= lead && bytes_are(s->t->fields[first->field].source,
							 first->start - lead, name));
		if (!is || !verified || ((s->list->need_case || everyday) && !first->capital) ||
			((s->list->need_context || everyday) && !in_context(s, i, i + n)) ||
			is_forbidden(s, i, i + n)) {
			continue;
		}
		hit(s, i, i + n);
	}
}

/* A word everybody uses counts only with a capital and in its context, or never, unless the list
 * says itself what its names need. */
static void try_spelling(struct search *s, struct str name)
{
	struct ref_text words = {.arena = s->arena};
	enum word_frequency said = WORD_RARE;
	ref_add_text(&words, TEXT_TEXT, name);
	bool told = s->list->no_class || s->list->need_case || s->list->need_context;
	if (!told && memchr(name.p, ' ', name.n) == NULL && !has_signs(name) && words.n == 1 &&
		words.v[0].kind == TOKEN_WORD) {
		said = word_frequency(words.v[0].folded);
	}
	if (said != WORD_EVERYWHERE) {
		try_classed(s, name, said == WORD_EVERYDAY);
	}
}

static const char *without_dots(uint32_t cp)
{
	switch (cp) {
	case 0xe4:
		return "ae";
	case 0xf6:
	case 0xf8:
		return "oe";
	case 0xfc:
		return "ue";
	case 0xe5:
		return "aa";
	case 0xc4:
		return "Ae";
	case 0xd6:
	case 0xd8:
		return "Oe";
	case 0xdc:
		return "Ue";
	case 0xc5:
		return "Aa";
	default:
		return NULL;
	}
}

/* The name with every umlaut or every apostrophe written otherwise; absent if nothing changes. */
static struct str respelled(struct search *s, struct str name, bool umlauts)
{
	struct ref_chars c = ref_decode(name, s->arena);
	char *out = arena_alloc(s->arena, 2 * name.n + 8);
	size_t n = 0;
	bool changed = false;
	for (size_t i = 0; i < c.n; i++) {
		uint32_t cp = c.v[i].cp, both = 0;
		if (umlauts && i + 1 < c.n && (c.v[i + 1].cp == 0x308 || c.v[i + 1].cp == 0x30a)) {
			both = ref_compose(cp, c.v[i + 1].cp);
		}
		const char *as = umlauts ? without_dots(both != 0 ? both : cp) : NULL;
		bool dropped = !umlauts && (cp == '\'' || cp == 0x2019);
		if (as != NULL) {
			memcpy(out + n, as, 2);
			n += 2;
			i += both != 0;
		} else if (!dropped) {
			memcpy(out + n, name.p + c.v[i].start, c.v[i].end - c.v[i].start);
			n += c.v[i].end - c.v[i].start;
		}
		changed |= as != NULL || dropped;
	}
	return changed ? str_n(out, n) : STR_NONE;
}

static bool ends_in_possessive(struct str name, struct arena *arena)
{
	struct ref_chars c = ref_decode(name, arena);
	size_t n = c.n > 0 && (c.v[c.n - 1].cp | 0x20) == 's' ? c.n - 1 : c.n;
	return n > 0 && (c.v[n - 1].cp == '\'' || c.v[n - 1].cp == 0x2019);
}

static void try_respelled(struct search *s, struct str name)
{
	struct str other = respelled(s, name, true);
	if (other.p != NULL) {
		try_spelling(s, other);
	}
	other = ends_in_possessive(name, s->arena) ? STR_NONE : respelled(s, name, false);
	if (other.p != NULL) {
		try_spelling(s, other);
	}
}

/* "Globex, Inc." is also Globex. */
static struct str without_legal_form(struct search *s, struct str name)
{
	static const char *const forms[] = {"inc", "gmbh", "ltd", "company"};
	struct ref_text words = {.arena = s->arena};
	size_t whole = name.n;
	ref_add_text(&words, TEXT_TEXT, name);
	for (size_t n = words.n; n > 1; n--) {
		bool form = false;
		for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++) {
			form |= str_eq_c(words.v[n - 1].folded, forms[k]);
		}
		if (!form) {
			break;
		}
		name.n = words.v[n - 1].start;
	}
	while (name.n > 0 && name.n < whole && strchr(" ,.;:(-/", name.p[name.n - 1]) != NULL) {
		name.n--;
	}
	return name;
}

static void try_name(struct search *s, const char *text)
{
	struct str name = str_trim(str_c(text)), shorter;
	if (ref_decode(name, s->arena).n < 2 || s->list->need_handle) {
		return;
	}
	try_spelling(s, name);
	if (s->list->no_variants) {
		return;
	}
	try_respelled(s, name);
	shorter = without_legal_form(s, name);
	if (shorter.n < name.n && ref_decode(shorter, s->arena).n > 1) {
		try_spelling(s, shorter);
		try_respelled(s, shorter);
	}
}

struct str ref_address(struct str url, struct arena *arena)
{
	size_t from = 0, n = 0;
	char *out = arena_alloc(arena, url.n + 1);
	for (size_t i = 0; i + 2 < url.n; i++) {
		if (memcmp(url.p + i, "://", 3) == 0) {
			from = i + 3;
			break;
		}
	}
	url = str_n(url.p + from, url.n - from);
	if (bytes_are(url, 0, STR("www."))) {
		url = str_n(url.p + 4, url.n - 4);
	}
	for (size_t i = 0; i < url.n && url.p[i] != '?' && url.p[i] != '#'; i++) {
		char c = url.p[i];
		out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	while (n > 0 && out[n - 1] == '/') {
		n--;
	}
	return str_n(out, n);
}

static void try_handle(struct search *s, const char *handle)
{
	bool address = strchr(handle, '/') != NULL;
	struct str wanted = address ? ref_address(str_c(handle), s->arena)
				    : ref_fold_handle(str_c(handle), s->arena);
	for (uint32_t i = 0; i < s->t->n; i++) {
		const struct ref_token *w = &s->t->v[i];
		if (w->kind == (address ? TOKEN_URL : TOKEN_HANDLE) && str_eq(w->folded, wanted)) {
			hit(s, i, i + 1);
		}
	}
}

static bool suppressed(const struct ref_hits *all, const struct ref_hit *h)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct ref_hit *o = &all->v[i];
		if (o->list == h->list && o->from <= h->from && o->to >= h->to &&
			o->to - o->from > h->to - h->from) {
			return true;
		}
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct ref_hit *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to < y->to) - (x->to > y->to);
}

struct ref_hits ref_find_names(
	const struct ref_list *lists, size_t n, const struct ref_text *t, struct arena *arena)
{
	struct ref_hits all = {0}, out = {0};
	struct search s = {.t = t, .arena = arena, .out = &all};
	for (s.list_index = 0; s.list_index < n; s.list_index++) {
		s.list = &lists[s.list_index];
		for (s.entry = 0; s.entry < s.list->n; s.entry++) {
			const struct ref_entry *e = &s.list->entries[s.entry];
			try_name(&s, e->name);
			for (size_t i = 0; i < REF_CELLS; i++) {
				if (e->aliases[i] != NULL) {
					try_name(&s, e->aliases[i]);
				}
				if (e->handles[i] != NULL) {
					try_handle(&s, e->handles[i]);
				}
			}
		}
	}
	for (size_t i = 0; i < all.n; i++) {
		if (!suppressed(&all, &all.v[i])) {
			out.v = ref_grow(arena, out.v, out.n, &out.cap, sizeof(*out.v));
			out.v[out.n++] = all.v[i];
		}
	}
	if (out.n > 1) {
		qsort(out.v, out.n, sizeof(*out.v), by_place);
	}
	return out;
}

bool ref_entry_has_handle(const struct ref_entry *e)
{
	return e->handles[0] != NULL;
}

static bool is_number(const char *s, double *out)
{
	char *end;
	*out = strtod(s, &end);
	return *s != '\0' && *end == '\0';
}

static bool compare(double a, enum query_op op, double b)
{
	return op == OP_EQ   ? a == b
	       : op == OP_NE ? a != b
	       : op == OP_LT ? a < b
	       : op == OP_LE ? a <= b
	       : op == OP_GT ? a > b
			     : a >= b;
}

bool ref_tests_hold(const struct query *set, const struct ref_entry *e)
{
	for (size_t i = 0; i < set->tests_n; i++) {
		const struct attr_test *t = &set->tests[i];
		const char *value = str_eq_c(t->attr, "tier")   ? e->tier
				    : str_eq_c(t->attr, "size") ? e->size
				    : str_eq_c(t->attr, "id")   ? e->id
								: e->name;
		char wanted[200];
		double a, b;
		snprintf(wanted, sizeof(wanted), "%.*s", STR_FMT(t->value));
		bool same = value != NULL && str_eq_nocase(str_c(value), t->value);
		bool holds = value != NULL && is_number(value, &a) && is_number(wanted, &b)
				     ? compare(a, t->op, b)
			     : t->op == OP_EQ ? same
			     : t->op == OP_NE ? !same
					      : false;
		if (!holds) {
			return false;
		}
	}
	return true;
}
