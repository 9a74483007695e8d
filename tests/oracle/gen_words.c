#include "tests/oracle/gen.h"

#include <stdlib.h>
#include <utf8proc.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PICK(g, array) (array)[gen_below(g, COUNT(array))]

static uint64_t next(struct gen *g)
{
	uint64_t z = g->state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint32_t gen_below(struct gen *g, uint32_t n)
{
	return (uint32_t)(next(g) >> 32) % n;
}

bool gen_one_in(struct gen *g, uint32_t n)
{
	return gen_below(g, n) == 0;
}

static const char *const plain[] = {"globex", "acme", "initech", "crm", "launch", "price", "slow",
	"launching", "launched", "organisation", "organization", "bank", "of", "america", "europe",
	"the", "a", "s", "product", "Tools", "company", "Inc", "apple", "www", "http", "hhhh",
	"abcdefghijklmnopq", "abcdefghijklmnop"};
static const char *const odd[] = {"don't", "o'brien",
	"O\xe2\x80\x99"
	"Brien",
	"m\xc3\xbcller", "Mueller",
	"stra\xc3\x9f"
	"e",
	"strasse", "caf\xc3\xa9", "cafe", "\xc3\x98sterbro", "\xc3\x86r\xc3\xb8",
	"\xc5\x81\xc3\xb3"
	"d\xc5\xba",
	"\xc4\xb0stanbul", "\xc4\xb1stanbul", "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82",
	"\xd1\x91\xd0\xbb\xd0\xba\xd0\xb0", "\xd0\xb9\xd0\xbe\xd0\xb4",
	"\xce\xa9\xce\xbc\xce\xad\xce\xb3\xce\xb1\xcf\x82", "\xe6\x97\xa5\xe6\x9c\xac",
	"\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd", "\xe3\x82\xac\xe3\x83\xa9\xe3\x82\xb9",
	"\xef\xbd\xb6\xef\xbe\x9e", "\xec\x82\xbc\xec\x84\xb1",
	"\xec\x82\xbc\xec\x84\xb1\xec\x9d\x80", "\xec\x82\xbc\xec\x84\xb1\xec\x97\x90\xec\x84\x9c",
	"\xec\x84\x9c\xec\x9a\xb8", "\xec\x84\x9c\xec\x9a\xb8\xec\x97\x90\xec\x84\x9c",
	"\xec\x82\xbc\xec\x84\xb1\xea\xb9\x8c\xec\xa7\x80",
	"\xd9\x85\xd9\x8e\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
	"\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80",
	"\xe0\xb9\x84\xe0\xb8\x97\xe0\xb8\xa2", "co-op", "coca-cola", "x.y", "1.5", "1,000", "v2",
	"2024", "_id", "l\xc2\xb7l", "\xef\xac\x81n", "\xef\xbc\xa3\xef\xbc\xb2\xef\xbc\xad",
	"mi\xc5\xbf\xc5\xbf", "C++", "AT&T", "Yahoo!", "R&D", "C#", "i", "\xc3\xa9", "james'",
	"mis's", "Miss's"};

const char *gen_word(struct gen *g)
{
	return gen_below(g, 5) < 3 ? PICK(g, plain) : PICK(g, odd);
}

/* ---- written otherwise ---- */

static struct str mapped(struct gen *g, struct str s, int how)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t n = utf8proc_map(
		(const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &out, (utf8proc_option_t)how);
	struct str copy = n >= 0 ? arena_str(g->arena, str_n((const char *)out, (size_t)n)) : s;
	free(out);
	return copy;
}

enum change {
	UPPER,
	TITLE,
	WIDE,
	CURLY,
	SPRINKLE,
};

/* Each character in capitals, as wide as a square, or with something beside it that is not seen. */
static struct str changed(struct gen *g, struct str s, enum change how)
{
	static const uint32_t marks[] = {
		0x301, 0x308, 0x306, 0xad, 0x200d, 0x200c, 0xfe0f, 0x64e, 0x3099, 0x30a};
	struct ref_chars c = ref_decode(s, g->arena);
	char *out = arena_alloc(g->arena, 8 * s.n + 8);
	size_t n = 0, at = c.n > 0 ? gen_below(g, (uint32_t)c.n) : 0;
	for (size_t i = 0; i < c.n; i++) {
		uint32_t cp = c.v[i].cp;
		if (how == UPPER || (how == TITLE && i == 0)) {
			cp = (uint32_t)utf8proc_toupper((utf8proc_int32_t)cp);
		} else if (how == WIDE && cp > ' ' && cp < 0x7f) {
			cp += 0xff00 - ' ';
		} else if (how == CURLY && cp == '\'') {
			cp = 0x2019;
		}
		if (c.v[i].cp == 0xfffd) {
			memcpy(out + n, s.p + c.v[i].start, c.v[i].end - c.v[i].start);
			n += c.v[i].end - c.v[i].start;
		} else {
			n += ref_encode(cp, out + n);
		}
		if (how == SPRINKLE && i == at) {
			n += ref_encode(PICK(g, marks), out + n);
		}
	}
	return str_n(out, n);
}

struct str gen_respell(struct gen *g, const char *word)
{
	struct str s = str_c(word);
	switch (gen_below(g, 14)) {
	case 0:
		return changed(g, s, UPPER);
	case 1:
	case 2:
		return changed(g, s, TITLE);
	case 3:
		return changed(g, s, WIDE);
	case 4:
		return changed(g, s, CURLY);
	case 5:
		return changed(g, s, SPRINKLE);
	case 6:
		return mapped(g, s, UTF8PROC_DECOMPOSE);
	case 7:
		return mapped(g, s, UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK);
	default:
		return s;
	}
}

/* ---- running text ---- */

static void add_name(struct gen *g, struct buf *out)
{
	const struct ref_list *l = &g->lists[gen_below(g, (uint32_t)g->lists_n)];
	if (l->n == 0) {
		return;
	}
	const struct ref_entry *e = &l->entries[gen_below(g, (uint32_t)l->n)];
	const char *alias = e->aliases[gen_below(g, REF_CELLS)];
	const char *handle = e->handles[0];
	if (handle != NULL && gen_one_in(g, 3)) {
		buf_add_c(out, handle);
	} else {
		buf_add_str(
			out, gen_respell(g, alias != NULL && gen_one_in(g, 2) ? alias : e->name));
	}
}

static void add_tag(struct gen *g, struct buf *out)
{
	static const char *const tags[] = {"#launch", "#ProductLaunch", "#CRMTools", "#crm2024",
		"#\xd0\x99\xd0\xbe\xd0\xb4", "#caf\xc3\xa9", "#CAF\xc3\x89S", "#1", "#a_b",
		"#\xe6\x97\xa5\xe6\x9c\xac", "\xef\xbc\x83launch", "#GlobexRocks", "##launch"};
	buf_add_str(out, gen_respell(g, PICK(g, tags)));
}

static void add_sign(struct gen *g, struct buf *out)
{
	static const char *const signs[] = {"@acme", "@ACME", "@jdoe@social.example", "@jdoe.",
		"jane@acme.example", "$ACME", "$acme", "$TOOLONGX", "$5",
		"https://acme.example/launch", "http://www.Globex.example:8080/a?b=(c)",
		"www.acme.example).", "ftp://x", "http://", "(https://acme.example/a_(b))",
		"\xf0\x9f\x91\x8d", "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xe2\x9d\xa4\xef\xb8\x8f",
		"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xab",
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "\xe2\x84\xa2", "\"",
		"\xe2\x80\x9c", "&", "+", "(", ")",
		"\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2", "@", "#", "$", "@acme_eu",
		"\xe2\x80\xa6"};
	buf_add_c(out, PICK(g, signs));
}

/* What slots take, and what is nearly that. */
static void add_slotted(struct gen *g, struct buf *out)
{
	static const char *const before[] = {
		"the ", "at ", "for ", "on ", "as ", "joining ", "launch ", "of ", "", "", ""};
	static const char *const taken[] = {"Jane Doe", "Anna van der Berg", "J. R. Hart",
		"Mary-Ann Poe", "Dr. Jane Doe", "Doe, Jane", "Jane de Globex", "Jane's Doe",
		"Jane' Doe", "A Bank of America", "Bank and America", "Acme, Inc", "Acme, Globex",
		"Smith & Hart", "Smith and hart", "Acme/Globex",
		"One Two Three Four Five Six Seven", "Hart-Doe Poe Roe Moe", "The Acme",
		"Acme's CRM", "St. Acme", "Acme. Globex", "VP of Sales", "the Director",
		"Head of Product", "a the Chief Engineer", "Manager and", "Director, Sales",
		"head of Globex", "vp in sales", "senior big red green blue old new chief engineer",
		"$5m", "5 million euros", "US$20", "EUR5k", "5eur", "5keur", "\xe2\x82\xac 3,5",
		"10 bucks", "5k", "3.5 bn $", "usd 7", "7 usd", "7bn", "$ x", "12.5.", "2026-11-26",
		"26/11/2026", "11/26/2026", "31/31/2026", "2026/11-26", "26.11.2026", "26.11.26",
		"26th of November 2026", "November 26th", "November 2026", "March", "march 3",
		"May", "Q3 2026", "q5", "31 December", "32 December", "3 of march", "1.5.1"};
	static const char *const behind[] = {" joined", " of", " crm", ", VP of ", " as ", " at ",
		" price", " launch", " the", "", "", ""};
	buf_add_c(out, PICK(g, before));
	buf_add_c(out, PICK(g, taken));
	buf_add_c(out, PICK(g, behind));
}

static void add_junk(struct gen *g, struct buf *out)
{
	static const char *const junk[] = {"\x80", "\xc3", "\xff", "\xe2\x80", "\xf0\x9f\x91",
		"\xed\xa0\x80", "\xc0\xaf", "\xcc\x81", "\xe2\x80\x8d", "\xef\xbb\xbf",
		"\xf4\x90\x80\x80"};
	buf_add_c(out, PICK(g, junk));
}

static void add_between(struct gen *g, struct buf *out)
{
	static const char *const often[] = {" ", " ", " ", " ", " ", ", ", ". "};
	static const char *const seldom[] = {"\n", "! ", "? ", "-", "", "'s ", "\xe2\x80\x99s ",
		"\xc2\xa0", " - ", ".", "/", ": ", "' ", "s' ", "\xe3\x80\x82", "\xef\xbc\x81",
		"  ", "'", "_", "\r\n", "\xe2\x80\xa8", "*", ")", "\t"};
	buf_add_c(out, gen_one_in(g, 3) ? PICK(g, seldom) : PICK(g, often));
}

void gen_text(struct gen *g, struct buf *out, unsigned pieces)
{
	for (unsigned i = 0; i < pieces; i++) {
		switch (gen_below(g, 18)) {
		case 16:
		case 17:
			add_slotted(g, out);
			break;
		case 0:
		case 1:
		case 2:
			add_name(g, out);
			break;
		case 3:
			add_tag(g, out);
			break;
		case 4:
			add_sign(g, out);
			break;
		case 5:
			if (gen_one_in(g, 4)) {
				add_junk(g, out);
				break;
			}
			/* fall through */
		default:
			buf_add_str(out, gen_respell(g, gen_word(g)));
			break;
		}
		add_between(g, out);
	}
}
