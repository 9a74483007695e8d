#include "tests/oracle/gen.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PICK(g, array) (array)[gen_below(g, COUNT(array))]

static const char *keep(struct gen *g, struct buf *b)
{
	const char *out = arena_c(g->arena, buf_str(b));
	buf_release(b);
	return out;
}

/* ---- lists ---- */

static const char *name(struct gen *g)
{
	static const char *const known[] = {"Bank of America", "Bank of America Europe", "America",
		"of America Europe", "Globex", "Acme CRM", "Acme", "CRM Tools", "C++", "AT&T",
		"Yahoo!", "C#", "R&D Tools", "O'Brien",
		"O\xe2\x80\x99"
		"Brien's",
		"M\xc3\xbcller", "Mu\xcc\x88ller", "Caf\xc3\xa9 \xc3\x98sterbro",
		"\xec\x82\xbc\xec\x84\xb1", "\xec\x84\x9c\xec\x9a\xb8 \xec\x82\xbc\xec\x84\xb1",
		"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x9d\xb1\xe4\xba\xac", "\xe6\x97\xa5", "x", "1.5",
		"Coca-Cola", "james'", "\xec\x84\x9c\xec\x9a\xb8", "\xd0\xb9\xd0\xbe\xd0\xb4",
		"\xd0\x81\xd0\xbb\xd0\xba\xd0\xb0", "Macy's", "+Acme+ Tools",
		"acme globex crm \xec\x82\xbc\xec\x84\xb1", "\xe0\xb9\x84\xe0\xb8\x97\xe0\xb8\xa2",
		"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "the @acme", "Acme.example",
		"stra\xc3\x9f"
		"e"};
	struct buf b;
	if (gen_one_in(g, 2)) {
		return PICK(g, known);
	}
	buf_init(&b, 1000);
	for (unsigned n = 1 + gen_below(g, 3); n > 0; n--) {
		buf_add_c(&b, b.n > 0 ? " " : "");
		buf_add_str(&b, gen_respell(g, gen_word(g)));
	}
	return keep(g, &b);
}

static void entry(struct gen *g, struct ref_entry *e, size_t number)
{
	static const char *const handles[] = {"@acme", "ACME", "@jdoe@social.example", "@acme_eu",
		"https://www.social.example/@Jane/"};
	static const char *const domains[] = {
		"acme.example", "globex.example", "social.example", "Sub.acme.example"};
	static const char *const tiers[] = {"gold", "silver", "Gold", NULL};
	static const char *const sizes[] = {"5", "50", "1e2", "big", NULL};
	struct buf b;
	buf_init(&b, 100);
	buf_printf(&b, "e%zu", number);
	e->id = keep(g, &b);
	e->name = name(g);
	for (size_t i = 0; i < REF_CELLS && gen_one_in(g, 3); i++) {
		e->aliases[i] = name(g);
	}
	e->handles[0] = gen_one_in(g, 4) ? PICK(g, handles) : NULL;
	e->domains[0] = gen_one_in(g, 4) ? PICK(g, domains) : NULL;
	e->tier = PICK(g, tiers);
	e->size = PICK(g, sizes);
}

void gen_lists(struct gen *g, struct ref_list out[GEN_LISTS])
{
	static const char *const names[GEN_LISTS] = {
		"people", "firms", "companies", "strict", "near", "known"};
	for (size_t i = 0; i < GEN_LISTS; i++) {
		out[i] = (struct ref_list){.name = names[i], .n = 1 + gen_below(g, 8)};
		out[i].entries = arena_alloc(g->arena, out[i].n * sizeof(*out[i].entries));
		for (size_t k = 0; k < out[i].n; k++) {
			entry(g, &out[i].entries[k], k);
		}
	}
	out[2].no_variants = out[2].no_class = true;
	out[1].no_variants = gen_one_in(g, 4);
	out[3].need_case = true;
	out[4].need_context = true;
	out[4].context[0] = "crm";
	out[4].context[1] = "caf\xc3\xa9";
	out[5].need_handle = true;
	out[1].forbid[0] = gen_one_in(g, 2) ? "launch" : NULL;
	out[0].forbid[0] = gen_one_in(g, 4) ? "m\xc3\xbcller" : NULL;
	g->lists = out;
	g->lists_n = GEN_LISTS;
}

/* ---- queries ---- */

static void expression(struct gen *g, struct buf *out, unsigned depth);

static void bare_word(struct gen *g, struct buf *out)
{
	const char *w = gen_word(g);
	while (strpbrk(w, "+&#!,") != NULL) {
		w = gen_word(g);
	}
	buf_add_str(out, gen_respell(g, w));
}

static void prefix(struct gen *g, struct buf *out)
{
	static const char *const known[] = {"launch*", "laun*", "organi?ation*", "organi?ation",
		"caf\xc3\xa9*", "cafe*", "m?ller", "str*", "a?me", "www*", "http*", "don?t",
		"Launch*", "mue*", "\xd0\xbf\xd1\x80\xd0\xb8*", "abcdefghijklmnop*", "l??nch",
		"\xe6\x97\xa5*", "\xec\x82\xbc\xec\x84\xb1\xec\x9d*"};
	buf_add_c(out, PICK(g, known));
}

static void phrase(struct gen *g, struct buf *out)
{
	static const char *const known[] = {"coca-cola", "bank of america", "launch * price",
		"the any:people", "any:firms any:people", "any:firms of", "acme *", "crm tools",
		"slow launch*", "any:firms[tier=gold] *", "don't *", "* of", "@acme launch",
		"product launch", "of america any:strict", "<a:WORD> crm",
		"launch <a:WORDS/1-3> price", "the <a:WORDS/2-5>", "<a:WORDS/1-2> <b:WORDS/1-3> a",
		"slow <a:HANDLE>", "<a:URL> <b:WORD>", "<a:list:people> <b:WORD>",
		"<a:list:firms>, any:firms", "the <a:list:near>"};
	static const char *const slots[] = {"<a:ORG> crm", "joining <a:ORG> as <b:TITLE>",
		"the <a:ORG>", "at <a:ORG>", "<a:PERSON> of", "<a:PERSON> joined", "the <a:PERSON>",
		"<a:PERSON>, <b:TITLE> of", "<a:TITLE> at <b:ORG>", "as <a:TITLE>",
		"<a:TITLE> of <b:ORG> launch*", "<a:NUM> crm", "for <a:NUM>", "for <a:MONEY>",
		"<a:MONEY> price", "launch <a:MONEY>", "on <a:DATE>", "<a:DATE> launch",
		"launch <a:DATE> <b:WORD>", "<a:ORG> <b:PERSON> joined"};
	buf_add_char(out, '"');
	if (gen_one_in(g, 3)) {
		buf_add_c(out, PICK(g, slots));
	} else if (gen_one_in(g, 2)) {
		buf_add_c(out, PICK(g, known));
	} else {
		for (unsigned n = 1 + gen_below(g, 3); n > 0; n--) {
			bare_word(g, out);
			buf_add_c(out, n > 1 ? " " : "");
		}
	}
	buf_add_char(out, '"');
}

static void sign(struct gen *g, struct buf *out)
{
	static const char *const known[] = {"#launch", "#ProductLaunch", "#caf\xc3\xa9",
		"#\xd0\x99\xd0\xbe\xd0\xb4", "#\xe6\x97\xa5\xe6\x9c\xac", "@acme", "@ACME",
		"@jdoe@social.example", "$ACME", "\xf0\x9f\x91\x8d", "\xe2\x9d\xa4",
		"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
		"#crm2024", "#globexrocks"};
	buf_add_c(out, PICK(g, known));
}

static void as_written(struct gen *g, struct buf *out)
{
	static const char *const raws[] = {"raw:\"C++\"", "raw:\"AT&T\"", "raw:\"acme\"",
		"raw:\"e \"", "raw:\", \"", "raw:\"Caf\xc3\xa9\"", "raw:\"\xe6\x97\xa5\"",
		"raw:\"#launch\"", "raw:\"aun\"", "raw:\"'s\"", "raw:\"https://acme\"",
		"raw:\"\xcc\x81\""};
	static const char *const regexes[] = {"re:/\\bacme\\b/i", "re:/\\bla[un]+ch(ing|ed)?\\b/i",
		"re:/\\b\\d+\\b/", "re:/(?<year>20\\d\\d)/", "re:/caf\xc3\xa9/i",
		"re:/\\bthe\\b.*\\bcrm\\b/i", "re:/of +america/i", "re:/\\p{Han}+/",
		"re:/(?=l)\\bslow\\b|\\bcrm\\b/", "re:/[^ ]+@acme/", "re:/\\bC\\+\\+/",
		"re:/s\\b/"};
	unsigned what = gen_below(g, 4);
	if (what == 0) {
		buf_add_c(out, PICK(g, regexes));
	} else if (what == 1) {
		buf_add_c(out, PICK(g, raws));
	} else {
		buf_add_c(out, "case:");
		(gen_one_in(g, 3) ? phrase : gen_one_in(g, 4) ? prefix : bare_word)(g, out);
	}
}

static void set(struct gen *g, struct buf *out)
{
	static const char *const tests[] = {"", "", "", "[tier=gold]", "[tier!=gold]", "[size>=50]",
		"[tier=gold,size<60]", "[id=e0]", "[name=\"Acme\"]"};
	buf_printf(out, "%s:%s%s", gen_one_in(g, 8) ? "all" : "any",
		g->lists[gen_below(g, (uint32_t)g->lists_n)].name, PICK(g, tests));
}

static void placed(struct gen *g, struct buf *out, unsigned depth)
{
	switch (gen_below(g, depth > 0 ? 13 : 10)) {
	case 0:
	case 1:
	case 2:
		bare_word(g, out);
		break;
	case 3:
		prefix(g, out);
		break;
	case 4:
	case 5:
		phrase(g, out);
		break;
	case 6:
		sign(g, out);
		break;
	case 7:
		as_written(g, out);
		break;
	case 8:
	case 9:
		set(g, out);
		if (gen_one_in(g, 4)) {
			buf_add_c(out, " AS $v");
		}
		break;
	case 10:
		buf_add_c(out, "(");
		placed(g, out, depth - 1);
		buf_add_c(out, " OR ");
		placed(g, out, depth - 1);
		buf_add_c(out, ")");
		break;
	case 11:
		buf_printf(out, "ATLEAST/%u (", 1 + gen_below(g, 3));
		if (gen_one_in(g, 3)) { /* several terms for the same word */
			buf_add_c(out, "launch OR laun* OR any:people OR ");
		}
		placed(g, out, depth - 1);
		buf_add_c(out, ")");
		break;
	default:
		buf_add_c(out, "(");
		placed(g, out, depth - 1);
		buf_printf(out, " %sNEAR/%u%s ", gen_one_in(g, 3) ? "O" : "", gen_below(g, 6),
			gen_one_in(g, 8) ? "f" : "");
		placed(g, out, depth - 1);
		buf_add_c(out, ")");
		break;
	}
}

static void field(struct gen *g, struct buf *out)
{
	static const char *const texts[] = {
		"text:", "title:", "quoted:", "author:", "name:", "bio:"};
	static const char *const values[] = {"url:acme.example/a", "site:acme.example",
		"link:globex.example", "link:any:firms", "site:any:people", "source:forum",
		"source:for*", "lang:en", "lang:(de OR fr)", "country:DE", "tag:launch",
		"tag:caf\xc3\xa9", "tag:(launch OR NOT crm2024)", "mention:acme",
		"mention:any:people", "replyto:p1", "type:post", "type:(reply OR quote)",
		"has:link", "has:image", "has:tag", "has:mention", "verified:yes", "verified:no",
		"site:*.example", "followers > 100", "followers:10..1000", "likes >= 3",
		"engagement < 10", "rating = 5", "age_days <= 2", "score != 1",
		"link:acme.example/launch", "url:any:firms[tier=gold]",
		"mention:(acme OR any:known)", "tag:\xd0\xb9\xd0\xbe\xd0\xb4"};
	if (gen_one_in(g, 2)) {
		buf_add_c(out, PICK(g, values));
		return;
	}
	buf_add_c(out, PICK(g, texts));
	if (gen_one_in(g, 3)) {
		buf_add_c(out, "(");
		placed(g, out, 1);
		buf_add_c(out, gen_one_in(g, 2) ? " OR " : " ");
		placed(g, out, 1);
		buf_add_c(out, ")");
	} else {
		placed(g, out, 0);
	}
}

static void group(struct gen *g, struct buf *out, unsigned depth)
{
	const char *between = gen_one_in(g, 2) ? " OR " : gen_one_in(g, 2) ? " AND " : " ";
	buf_add_c(out, "(");
	for (unsigned n = 2 + gen_below(g, 2); n > 0; n--) {
		expression(g, out, depth - 1);
		buf_add_c(out, n > 1 ? between : "");
	}
	buf_add_c(out, ")");
}

static void pick(struct gen *g, struct buf *out, unsigned depth)
{
	buf_printf(out, "MIN/%u (", 1 + gen_below(g, 2));
	for (unsigned n = 2 + gen_below(g, 2); n > 0; n--) {
		expression(g, out, depth - 1);
		buf_add_c(out, n > 1 ? ", " : ")");
	}
}

static void expression(struct gen *g, struct buf *out, unsigned depth)
{
	static const char *const refs[GEN_DEFINES] = {"&d0", "&d1", "&d2"};
	switch (gen_below(g, depth > 0 ? 14 : 6)) {
	case 0:
	case 1:
	case 2:
	case 3:
		placed(g, out, depth);
		break;
	case 4:
		field(g, out);
		break;
	case 5:
		buf_add_c(out, PICK(g, refs));
		break;
	case 6:
		pick(g, out, depth);
		break;
	case 7:
	case 8:
		buf_add_c(out, gen_one_in(g, 2) ? "NOT " : "-");
		expression(g, out, depth - 1);
		break;
	default:
		group(g, out, depth);
		break;
	}
}

const char *gen_query(struct gen *g)
{
	struct buf b;
	buf_init(&b, 60 * 1024);
	if (gen_one_in(g, 3)) {
		placed(g, &b, 3);
	} else {
		expression(g, &b, gen_below(g, 4));
	}
	return keep(g, &b);
}

struct gen_rule gen_rule(struct gen *g)
{
	static const struct gen_rule scopes[] = {
		{.scope = "{ lang: [en] }", .lang = "lang:en", .lang_lax = true},
		{.scope = "{ lang: [de, FR], type: [post, reply, quote] }",
			.lang = "lang:(de OR fr)",
			.rest = "type:(post OR reply OR quote)",
			.lang_lax = true},
		{.scope = "{ lang: [en, de], lang-strict: true }", .lang = "lang:(en OR de)"},
		{.scope = "{ source: [forum, blog] }", .rest = "source:forum"},
		{.scope = "{ site: [acme.example] }", .rest = "site:acme.example"},
		{.scope = "{ type: [review] }", .rest = "type:review"},
	};
	static const char *const terms[] = {"followers > 100", "likes >= 3", "has:link",
		"verified:yes", "\"crm\"", "NOT \"launch\"", "any:people", "bio:\"crm\"",
		"(acme OR globex)", "type:reply", "any:companies NEAR/3 \"crm\"",
		"ATLEAST/2 (launch)"};
	struct gen_rule r = gen_one_in(g, 3) ? PICK(g, scopes) : (struct gen_rule){0};
	r.base = (int)gen_below(g, 101);
	for (size_t i = 0; i < GEN_TERMS && gen_one_in(g, 2); i++) {
		r.terms[i] = PICK(g, terms);
		r.points[i] = (int)gen_below(g, 121) - 60;
		for (size_t k = 0; k < i; k++) { /* each stands once */
			r.terms[i] = r.terms[k] == r.terms[i] ? NULL : r.terms[i];
		}
		if (r.terms[i] == NULL) {
			break;
		}
	}
	return r;
}

const char *gen_define(struct gen *g)
{
	struct buf b;
	buf_init(&b, 60 * 1024);
	buf_add_c(&b, "launch OR ");
	(gen_one_in(g, 2) ? bare_word : gen_one_in(g, 2) ? sign : set)(g, &b);
	return keep(g, &b);
}

/* ---- posts ---- */

static struct str text(struct gen *g, unsigned most)
{
	struct buf b;
	buf_init(&b, 1 << 20);
	gen_text(g, &b, 1 + gen_below(g, most));
	struct str out = arena_str(g->arena, buf_str(&b));
	buf_release(&b);
	return out;
}

static struct strs some(struct gen *g, const char *const *from, size_t n, uint32_t chance)
{
	struct strs out = {.v = arena_alloc(g->arena, 2 * sizeof(*out.v))};
	while (out.n < 2 && gen_one_in(g, chance)) {
		out.v[out.n++] = str_c(from[gen_below(g, (uint32_t)n)]);
	}
	return out;
}

static int64_t count(struct gen *g)
{
	return gen_one_in(g, 3) ? COUNT_NONE : (int64_t)gen_below(g, gen_one_in(g, 2) ? 8 : 2000);
}

static void author(struct gen *g, struct author *a)
{
	static const char *const handles[] = {"@acme", "jdoe", "JDoe@social.example", "@Acme_eu"};
	static const char *const profiles[] = {"https://social.example/@jane",
		"https://www.social.example/@Jane/", "https://acme.example/users/7",
		"https://acme.example/"};
	a->handle = gen_one_in(g, 2) ? str_c(PICK(g, handles)) : STR_NONE;
	a->profile_url = gen_one_in(g, 3) ? str_c(PICK(g, profiles)) : STR_NONE;
	a->display_name = gen_one_in(g, 2) ? text(g, 3) : STR_NONE;
	a->bio = gen_one_in(g, 4) ? text(g, 5) : STR_NONE;
	a->followers = count(g);
	a->following = count(g);
	a->verified = (int)gen_below(g, 3) - 1;
}

void gen_post(struct gen *g, struct post *p)
{
	static const char *const urls[] = {"https://acme.example/a/b",
		"http://sub.acme.example:80/x", "https://globex.example",
		"https://user@globex.example/a?b", "ftp://notacme.example/", "acme.example"};
	static const char *const links[] = {"https://globex.example/x.PNG?1",
		"https://acme.example/launch", "https://b.example/v.mp4#t",
		"https://social.example/"};
	static const char *const langs[] = {"en", "en-GB", "de_AT", "fr", "und"};
	static const char *const tags[] = {"launch", "#Launch", "CAF\xc3\x89", "crm2024",
		"ProductLaunch", "\xd0\x98\xcc\x86\xd0\xbe\xd0\xb4"};
	static const char *const mentions[] = {"@acme", "Acme", "jdoe@social.example", "acme_eu"};
	post_init(p);
	p->external_id = STR("1");
	p->source = gen_one_in(g, 2) ? STR("forum") : STR("news");
	p->text = text(g, gen_one_in(g, 10) ? 120 : 14);
	p->title = gen_one_in(g, 3) ? text(g, 6) : STR_NONE;
	p->quoted = gen_one_in(g, 4) ? text(g, 6) : STR_NONE;
	author(g, &p->author);
	p->url = gen_one_in(g, 3) ? STR_NONE : str_c(PICK(g, urls));
	p->lang = gen_one_in(g, 3) ? STR_NONE : str_c(PICK(g, langs));
	p->country = gen_one_in(g, 3) ? STR("de") : STR_NONE;
	p->in_reply_to = gen_one_in(g, 4) ? STR("p1") : STR_NONE;
	p->type = (enum post_type)gen_below(g, POST_TYPE_FILING + 1);
	p->links = some(g, links, COUNT(links), 3);
	p->tags = some(g, tags, COUNT(tags), 3);
	p->mentions = some(g, mentions, COUNT(mentions), 3);
	p->likes = count(g);
	p->shares = count(g);
	p->replies = count(g);
	p->views = count(g);
	p->score = count(g);
	p->rating = count(g);
	p->published = gen_one_in(g, 3) ? 0 : 1700000000000 - (int64_t)gen_below(g, 5) * 86400000;
}
