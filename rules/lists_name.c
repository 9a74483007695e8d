/* The names of an entry, as they are given and as people write them. */
#include "rules/lists_in.h"

#include "rules/fold.h"
#include "rules/frequency.h"
#include "rules/slot.h"

static size_t characters(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	}
	return n;
}

/* Most names, and the quick way past what few need. */
static bool is_ascii(struct str s)
{
	size_t i = 0;
	while (i < s.n && (unsigned char)s.p[i] < 0x80) {
		i++;
	}
	return i == s.n;
}

static bool is_letter_at(struct str s, size_t i)
{
	return i < s.n && ((unsigned char)s.p[i] >= 0x80 ||
				  fold_ascii_class[(unsigned char)s.p[i]] == CHAR_LETTER ||
				  fold_ascii_class[(unsigned char)s.p[i]] == CHAR_DIGIT);
}

/* A sign that belongs to the name (C++, AT&T, Yahoo!) and that words alone would not see. */
static bool needs_verify(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		bool sign = strchr("&+#!@$%*=^|", name.p[i]) != NULL;
		bool glued = (i > 0 && name.p[i - 1] != ' ') || is_letter_at(name, i + 1);
		if (sign && glued && i > 0) {
			return true;
		}
	}
	return false;
}

static void fold(struct row *r, struct str name)
{
	text_reset(&r->l->scratch);
	text_add(&r->l->scratch, TEXT_TEXT, name);
}

/* The words of the name are in the scratch text. */
static void add_name(struct row *r, struct str name, unsigned flags)
{
	size_t tokens = r->l->scratch.n;
	int rc = names_add(&r->l->names, r->list->index, r->entry, &r->l->scratch,
		needs_verify(name) ? name : STR_NONE, flags);
	if (rc == HARK_ELIMIT) {
		row_complain(r, "W075", "give it a short alias",
			"a name of more than 64 words is left out", str_cut_utf8(name, 80));
	} else if (rc != HARK_OK) {
		r->l->rc = rc;
	} else if (tokens == 0) {
		row_complain(r, "W072", "give it an alias with letters",
			"there is no word in this name", name);
	} else {
		r->list->names++;
	}
}

struct spelling {
	const char *letter, *as;
};

/* Which of them stands at the beginning of `s`; n: none. */
static size_t spelling_at(struct str s, const struct spelling *letters, size_t n)
{
	size_t k = 0;
	while (k < n &&
		(s.p[0] != letters[k].letter[0] || !str_starts(s, str_c(letters[k].letter)))) {
		k++;
	}
	return k;
}

/* A copy in which each of `letters` is replaced; absent if none occurs. */
static struct str respell(struct row *r, struct str name, const struct spelling *letters, size_t n)
{
	struct buf b;
	bool changed = false;
	buf_init(&b, 4096);
	for (size_t i = 0; i < name.n;) {
		size_t k = spelling_at(str_n(name.p + i, name.n - i), letters, n);
		if (k < n) {
			buf_add_c(&b, letters[k].as);
			i += strlen(letters[k].letter);
			changed = true;
		} else {
			buf_add_char(&b, name.p[i++]);
		}
	}
	r->l->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : r->l->rc;
	struct str out =
		changed && b.rc == HARK_OK ? arena_str(&r->l->arena, buf_str(&b)) : STR_NONE;
	buf_release(&b);
	return out;
}

/* How often the one word of a name is said; names of more words are rare enough. */
static enum word_frequency frequency_of(const struct row *r, struct str name)
{
	const struct text *t = &r->l->scratch;
	if (memchr(name.p, ' ', name.n) != NULL || needs_verify(name)) {
		return WORD_RARE;
	}
	return t->n == 1 && t->v[0].kind == TOKEN_WORD ? word_frequency(text_at(t, 0)) : WORD_RARE;
}

/* A name, or a way to write it (`given` false), with what its list and its words ask for. Its words
 * are left in the scratch text. */
static void add_classed(struct row *r, struct str name, bool given)
{
	const struct list_options *o = &r->list->options;
	unsigned flags = (o->need_case ? NAME_CASE : 0) | (o->need_context ? NAME_CONTEXT : 0);
	/* A list that says itself what its names need is not told more. */
	bool plain = o->no_class || o->need_case || o->need_context;
	fold(r, name);
	enum word_frequency said = plain ? WORD_RARE : frequency_of(r, name);
	if (said == WORD_EVERYWHERE) {
		if (given) {
			row_complain(r, "W070", "use a longer name or a handle, or class: off",
				"this word is in every other post, the name is left out", name);
		}
		return;
	}
	if (said == WORD_EVERYDAY) {
		flags |= NAME_CASE | NAME_CONTEXT;
		if (given && o->context.n == 0) {
			row_complain(r, "W070",
				"give the list context: words, or class: off to find it everywhere",
				"this is an everyday word: it counts with a capital first letter "
				"near words such as company or app",
				name);
		}
	}
	add_name(r, name, flags);
}

static bool is_possessive(struct str name)
{
	name.n -= str_ends(name, STR("s")) || str_ends(name, STR("S"));
	return str_ends(name, STR("'")) || str_ends(name, STR("\xe2\x80\x99"));
}

/* Mueller for Müller, obrien for O'Brien: what people type without the right keys. */
static void add_spellings(struct row *r, struct str name)
{
	static const struct spelling umlauts[] = {
		{"\xc3\xa4", "ae"},
		{"\xc3\xb6", "oe"},
		{"\xc3\xbc", "ue"},
		{"\xc3\x84", "Ae"},
		{"\xc3\x96", "Oe"},
		{"\xc3\x9c", "Ue"},
		{"\xc3\xb8", "oe"},
		{"\xc3\x98", "Oe"},
		{"\xc3\xa5", "aa"},
		{"\xc3\x85", "Aa"},
		/* the same as letter and mark */
		{"a\xcc\x88", "ae"},
		{"o\xcc\x88", "oe"},
		{"u\xcc\x88", "ue"},
		{"A\xcc\x88", "Ae"},
		{"O\xcc\x88", "Oe"},
		{"U\xcc\x88", "Ue"},
		{"a\xcc\x8a", "aa"},
		{"A\xcc\x8a", "Aa"},
	};
	static const struct spelling apostrophes[] = {{"'", ""}, {"\xe2\x80\x99", ""}};
	struct str other = STR_NONE;
	if (!is_ascii(name)) {
		other = respell(r, name, umlauts, sizeof(umlauts) / sizeof(umlauts[0]));
	}
	if (other.p != NULL) {
		add_classed(r, other, false);
	}
	bool plain = is_ascii(name) && memchr(name.p, '\'', name.n) == NULL;
	other = plain || is_possessive(name) ? STR_NONE : respell(r, name, apostrophes, 2);
	if (other.p != NULL) {
		add_classed(r, other, false);
	}
}

/* The name, whose words are in the scratch text, without the legal forms at its end; itself if it has
 * none. */
static struct str without_legal_form(const struct row *r, struct str name)
{
	const struct text *t = &r->l->scratch;
	size_t n = t->n;
	while (n > 1 && slot_is_legal_form(text_at(t, n - 1))) {
		n--;
	}
	if (n == t->n) {
		return name;
	}
	name.n = t->v[n].start; /* with the signs of the name: Yahoo! Inc */
	while (name.n > t->v[n - 1].end && strchr(" ,.;:(-/", name.p[name.n - 1]) != NULL) {
		name.n--;
	}
	return name;
}

/* Of a name that was added just before: its words are still at hand. */
static void add_variants(struct row *r, struct str name)
{
	struct str shorter = without_legal_form(r, name);
	add_spellings(r, name);
	if (shorter.n < name.n && characters(shorter) > 1) {
		add_classed(r, shorter, false);
		add_spellings(r, shorter);
	}
}

void take_name(struct row *r, struct str name)
{
	if (characters(name) < 2) {
		row_complain(r, "W071", "use a longer name or a handle",
			"a name of one letter is found everywhere and is left out", name);
		return;
	}
	if (r->list->options.need_handle) {
		return;
	}
	size_t before = r->l->names.n;
	add_classed(r, name, true);
	struct list_entry *e = &r->list->entries[r->entry];
	if (e->id.p == NULL && r->l->names.n > before && str_eq(e->name, name)) {
		e->id = names_last(&r->l->names); /* the same bytes: kept once */
	}
	if (!r->list->options.no_variants) {
		add_variants(r, name);
	}
}

static void add_token(struct row *r, enum token_kind kind, struct str folded)
{
	if (names_add_token(&r->l->names, r->list->index, r->entry, kind, folded) != HARK_OK) {
		r->l->rc = HARK_ENOMEM;
	}
	r->list->names++;
}

void profile_address(struct str url, struct buf *out)
{
	size_t scheme = str_find(url, STR("://"));
	if (scheme != SIZE_MAX) {
		url = str_n(url.p + scheme + 3, url.n - scheme - 3);
	}
	if (str_starts_nocase(url, STR("www."))) {
		url = str_n(url.p + 4, url.n - 4);
	}
	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] == '?' || url.p[i] == '#') {
			url.n = i;
		}
	}
	while (url.n > 0 && url.p[url.n - 1] == '/') {
		url.n--;
	}
	size_t from = out->n;
	buf_add_str(out, url);
	for (size_t i = from; i < out->n; i++) {
		char c = out->p[i];
		out->p[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
}

struct str author_handle(const struct author *a)
{
	struct str rest = a->profile_url, part = STR_NONE, last = STR_NONE;
	if (a->handle.n > 0) {
		return a->handle;
	}
	while (str_split(&rest, '/', &part)) {
		last = part.n > 0 ? part : last;
	}
	return last.n > 1 && last.p[0] == '@' ? last : STR_NONE;
}

/* @name, name@host, or the address of a profile. */
void take_handle(struct row *r, struct str handle)
{
	struct buf b;
	buf_init(&b, 2048);
	if (memchr(handle.p, '/', handle.n) != NULL) {
		profile_address(handle, &b);
		add_token(r, TOKEN_URL, buf_str(&b));
	} else {
		text_reset(&r->l->scratch);
		text_open(&r->l->scratch, TEXT_HANDLE);
		text_add_handle(&r->l->scratch, handle);
		if (r->l->scratch.n == 1) {
			add_token(r, TOKEN_HANDLE, text_at(&r->l->scratch, 0));
		}
	}
	r->list->entries[r->entry].has_handle = true;
	r->l->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : r->l->rc;
	buf_release(&b);
}

void take_domain(struct row *r, struct str domain)
{
	struct buf b;
	buf_init(&b, 2048);
	profile_address(domain, &b);
	struct str host = buf_str(&b);
	const char *slash = memchr(host.p, '/', host.n);
	host.n = slash != NULL ? (size_t)(slash - host.p) : host.n;
	if (host.n > 0) {
		add_token(r, TOKEN_DOMAIN, host);
	}
	r->l->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : r->l->rc;
	buf_release(&b);
}
