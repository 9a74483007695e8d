/* DESIGN. Three questions with known answers: does the fast way through a text give what the long way
 * gives, at every offset of its blocks; are words folded as they were when this was written; does the
 * index find a few names and nothing else. */
#include "rules/selftest.h"

#include "rules/names.h"

#define OFFSETS 64
#define SAMPLE_MAX 2048

static const char sample[] =
	"The quick brown fox; JUMPS over Zoe 13 lazy dogs, doesn't it? a-b c_d e.f 1.5 1,000 x:y (z) [q]\n"
	"Acme's CEO: see https://acme.example/a?b=1. or www.acme.example! mail jo@acme.example @acme\n"
	"#ProductLaunch $ACME abcdefghijklmnop abcdefghijklmnopq Stra\xc3\x9f"
	"e caf\xc3\xa9 O\xe2\x80\x99"
	"Brien "
	"\xe6\x97\xa5\xe6\x9c\xac \xec\x82\xbc\xec\x84\xb1\xec\x9d\x80 \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd \xff "
	"~ ^ ` | < > { } = + * & % / \\ \" ' ! ? ; : , . - _ tail";

bool selftest_same(const struct text *a, const struct text *b)
{
	if (a->n != b->n || a->tags_n != b->tags_n || a->question != b->question) {
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		const struct token *x = &a->v[i], *y = &b->v[i];
		if (x->start != y->start || x->end != y->end || x->kind != y->kind ||
			((x->flags ^ y->flags) & (TOKEN_CAPITAL | TOKEN_AFTER_BREAK)) != 0 ||
			a->hash[i] != b->hash[i] || !str_eq(text_at(a, i), text_at(b, i))) {
			return false;
		}
	}
	return true;
}

static void read_words(struct text *t, struct str s)
{
	text_reset(t);
	text_add(t, TEXT_TEXT, s);
}

static bool both_ways_agree(struct text *fast, struct text *slow)
{
	char bytes[SAMPLE_MAX];
	size_t n = sizeof(sample) - 1;
	slow->careful = true;
	for (size_t offset = 0; offset < OFFSETS; offset++) {
		memset(bytes, ' ', offset);
		memcpy(bytes + offset, sample, n);
		read_words(fast, str_n(bytes, offset + n - offset / 2)); /* also other ends */
		read_words(slow, str_n(bytes, offset + n - offset / 2));
		if (!selftest_same(fast, slow)) {
			return false;
		}
	}
	return true;
}

static bool words_are_known(struct text *t)
{
	static const char *const written[] = {"STRASSE", "Stra\303\237e", "\xc4\xb0stanbul",
		"Caf\xc3\xa9's", "\xef\xac\x81n", "don\xe2\x80\x99t",
		"\xd0\x81\xd0\xbb\xd0\xba\xd0\xb0", "ABCdef0123456789_x"};
	static const char *const folded[] = {"strasse", "strasse", "istanbul", "cafe", "fin",
		"don't", "\xd0\xb5\xd0\xbb\xd0\xba\xd0\xb0", "abcdef0123456789_x"};
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		read_words(t, str_c(written[i]));
		if (t->n != 1 || !str_eq_c(text_at(t, 0), folded[i]) ||
			t->hash[0] != token_hash(TOKEN_WORD, str_c(folded[i]))) {
			return false;
		}
	}
	return true;
}

struct hits {
	unsigned seen; /* bits of entries */
	size_t n;
};

static bool on_hit(void *ctx, const struct name_hit *hit)
{
	struct hits *h = ctx;
	h->seen |= 1u << hit->name->entry;
	h->n++;
	return true;
}

/* HARK_EINVAL: a name is not found, or found where it is not. */
static int names_are_found(struct text *t)
{
	static const char *const list[] = {"Globex", "Bank of America", "C++", "M\xc3\xbcller",
		"\xe6\x97\xa5\xe6\x9c\xac", "Initech", "Bank of Amerika"};
	struct names names;
	struct hits h = {0};
	int rc = HARK_OK;
	names_init(&names);
	for (uint32_t i = 0; i < sizeof(list) / sizeof(list[0]) && rc == HARK_OK; i++) {
		struct str name = str_c(list[i]);
		read_words(t, name);
		rc = names_add(&names, 0, i, t, i == 2 ? name : STR_NONE, 0);
	}
	rc = rc == HARK_OK ? names_build(&names, NULL, NULL, NULL) : rc;
	if (rc == HARK_OK) {
		read_words(t,
			STR("At GLOBEX's bank of America, C++ and muller: \xe5\x85\xa8\xe6\x97\xa5"
			    "\xe6\x9c\xac. Globexed, a bank, C, of Amerika, initech.example"));
		names_find(&names, NAMES_FIRST, t, on_hit, &h);
		rc = h.n == 6 && h.seen == 0x3f ? HARK_OK : HARK_EINVAL;
	}
	names_release(&names);
	return rc;
}

static int refuse(struct hark_err *err, const char *what)
{
	return hark_err_set(err, HARK_EINVAL,
		"the self-test failed: %s on this machine, so posts would be missed; "
		"please report it with the output of lscpu",
		what);
}

int selftest(struct hark_err *err)
{
	struct text t, slow;
	int rc = HARK_OK;
	text_init(&t);
	text_init(&slow);
	if (!both_ways_agree(&t, &slow)) {
		rc = refuse(err, "the fast way of reading words and the plain one differ");
	} else if (!words_are_known(&t)) {
		rc = refuse(err, "words are not folded as they should be");
	} else {
		rc = names_are_found(&t);
		rc = rc == HARK_EINVAL ? refuse(err, "names are not found") : rc;
	}
	if (t.starved || slow.starved || rc == HARK_ENOMEM) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the self-test");
	}
	text_release(&t);
	text_release(&slow);
	return rc;
}
