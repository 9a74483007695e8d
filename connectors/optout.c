#include "connectors/optout.h"

#define WORD_MAX 16

static const char *const words[] = {"nobot", "nobots", "noindex", "noindexing", "nosearch",
	"noscrape", "noscraping", "nocrawl", "nocrawling", "noarchive"};

/* Any other writing ends a word, as in "#nobot" before a Japanese full stop. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Where tags that begin at `i` end: servers write "#<span>nobot</span>". */
static size_t skip_tags(struct str s, size_t i)
{
	while (i < s.n && s.p[i] == '<') {
		while (i < s.n && s.p[i] != '>') {
			i++;
		}
		i += i < s.n;
	}
	return i;
}

/* The word behind a '#': letters alone, so that "#No_Bot" is "nobot". Empty: it is too long. */
static size_t read_word(struct str s, size_t i, char out[WORD_MAX])
{
	size_t n = 0;
	for (; i < s.n && (is_letter(s.p[i]) || s.p[i] == '_'); i++) {
		char c = s.p[i];
		if (n == WORD_MAX) {
			return 0;
		}
		if (c != '_') {
			out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
		}
	}
	return n;
}

static bool is_asked_for(const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eq_c(str_n(word, n), words[i])) {
			return true;
		}
	}
	return false;
}

bool optout_in_bio(struct str bio)
{
	static const struct str wide = {
		"\xef\xbc\x83", 3}; /* U+FF03, as a Japanese keyboard gives it */
	size_t behind = 0;          /* the tags that were skipped last */
	for (size_t i = 0; i < bio.n; i++) {
		char word[WORD_MAX];
		size_t sign = bio.p[i] == '#'                                 ? 1
			      : str_starts(str_n(bio.p + i, bio.n - i), wide) ? wide.n
									      : 0;
		if (sign == 0) {
			continue;
		}
		size_t at = i + sign;
		if (at < bio.n && bio.p[at] == '<') {
			if (at < behind) {
				continue; /* within them: the word behind is known */
			}
			at = behind = skip_tags(bio, at);
		}
		size_t n = read_word(bio, at, word);
		if (n > 0 && is_asked_for(word, n)) {
			return true;
		}
	}
	return false;
}
