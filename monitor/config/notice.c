#include "monitor/config/notice.h"

#include <string.h>

const char *const notice_slots[NOTICE_SLOTS + 1] = {
	"name", "source", "date", "purpose", "basis", "contact", "object", "days", NULL};

/* A slot is written {word}; of anything else in braces the brace alone is a piece. */
static struct str braced(struct str rest, enum notice_slot *slot)
{
	size_t end = str_find(rest, STR("}"));
	*slot = NOTICE_TEXT;
	for (size_t i = 0; end != SIZE_MAX && i < NOTICE_SLOTS; i++) {
		if (str_eq_c(str_n(rest.p + 1, end - 1), notice_slots[i])) {
			*slot = (enum notice_slot)i;
			return str_n(rest.p, end + 1);
		}
	}
	return str_n(rest.p, 1);
}

bool notice_next(struct str *rest, enum notice_slot *slot, struct str *piece)
{
	if (rest->n == 0) {
		return false;
	}
	size_t at = str_find(*rest, STR("{"));
	*slot = NOTICE_TEXT;
	*piece = at == 0 ? braced(*rest, slot) : str_n(rest->p, at == SIZE_MAX ? rest->n : at);
	*rest = str_n(rest->p + piece->n, rest->n - piece->n);
	return true;
}

static const struct conf_notice *find_exact(
	const struct conf_notice *v, size_t n, struct str lang)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(str_c(v[i].lang), lang)) {
			return &v[i];
		}
	}
	return NULL;
}

const struct conf_notice *notice_find(const struct conf_notice *v, size_t n, struct str lang)
{
	const struct conf_notice *found = NULL;
	while (found == NULL && lang.n > 0) {
		found = find_exact(v, n, lang);
		do {
			lang.n--;
		} while (lang.n > 0 && lang.p[lang.n] != '-' && lang.p[lang.n] != '_');
	}
	return found;
}
