/* Cyrillic and Greek in Latin letters, and what is left of a word when the ways to do it are not told apart.
 *
 * Own tables, close to what passports use; scholars, Germans and French write otherwise ("Chruschtschow"), and
 * spelling_key() takes most of that for the same. */
#include "monitor/people/person_name_in.h"

static const char *const cyrillic[] = {"a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l",
	"m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "",
	"e", "yu", "ya"};
/* From U+0450: ѐ ё ђ ѓ є ѕ і ї ј љ њ ћ ќ ѝ ў џ */
static const char *const cyrillic_more[] = {
	"e", "e", "dj", "g", "ye", "dz", "i", "i", "j", "lj", "nj", "c", "k", "i", "u", "dz"};
/* From U+03B1 to U+03C9. */
static const char *const greek[] = {"a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m",
	"n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o"};

const char *romanize(uint32_t cp)
{
	if (cp >= 0x430 && cp <= 0x44f) {
		return cyrillic[cp - 0x430];
	}
	if (cp >= 0x450 && cp <= 0x45f) {
		return cyrillic_more[cp - 0x450];
	}
	if (cp >= 0x3b1 && cp <= 0x3c9) {
		return greek[cp - 0x3b1];
	}
	return cp == 0x491 ? "g" : NULL;
}

/* Longer ones first. A rule reads the word from left to right. */
static const struct {
	const char *from, *to;
} sounds[] = {{"tsch", "h"}, {"tch", "h"}, {"sch", "s"}, {"ch", "h"}, {"kh", "h"}, {"sh", "s"},
	{"zh", "z"}, {"ph", "f"}, {"ts", "k"}, {"tz", "k"}, {"ck", "k"}, {"gk", "g"}, {"oy", "u"},
	{"ou", "u"}, {"ay", "av"}, {"x", "ks"}, {"ey", "ei"}, {"ye", "e"}, {"ie", "e"}, {"je", "e"},
	{"ae", "a"}, {"oe", "o"}, {"ue", "u"}, {"y", "i"}, {"j", "i"}, {"w", "v"}, {"c", "k"},
	{"q", "k"}};

size_t spelling_key(struct str word, char *out, size_t max)
{
	size_t n = 0, i = 0;
	while (i < word.n) {
		struct str rest = str_n(word.p + i, word.n - i), to = str_n(rest.p, 1);
		size_t k = 0;
		while (k < sizeof(sounds) / sizeof(sounds[0]) &&
			(rest.p[0] != sounds[k].from[0] ||
				!str_starts(rest, str_c(sounds[k].from)))) {
			k++;
		}
		if (k < sizeof(sounds) / sizeof(sounds[0])) {
			to = str_c(sounds[k].to);
			i += strlen(sounds[k].from);
		} else {
			i++;
		}
		for (size_t j = 0; j < to.n && n < max; j++) {
			if (n == 0 || out[n - 1] != to.p[j]) {
				out[n++] = to.p[j];
			}
		}
	}
	return n;
}
