/* What lies between two words: whether a name or a sentence goes on across it. */
#include "rules/classify/spans.h"

#include "rules/slot.h"

static bool holds(struct str s, const char *c)
{
	return str_find(s, str_c(c)) != SIZE_MAX;
}

static bool holds_any(struct str s, const char *const *signs)
{
	for (; *signs != NULL; signs++) {
		if (holds(s, *signs)) {
			return true;
		}
	}
	return false;
}

static size_t letters(struct str word)
{
	size_t n = 0;
	for (size_t i = 0; i < word.n; i++) {
		n += ((unsigned char)word.p[i] & 0xc0) != 0x80;
	}
	return n;
}

/* A full stop behind word i: does the sentence go on? */
static bool stop_joins(const struct text *t, uint32_t i, struct str gap)
{
	struct str word = text_at(t, i);
	bool capital = (t->v[i + 1].flags & TOKEN_CAPITAL) != 0;
	if (gap.n == 1) { /* nothing behind it: a.m., St.Mary */
		return true;
	}
	if (letters(word) == 1 || slot_is_abbreviation(word)) {
		return true;
	}
	if (slot_is_legal_form(word)) {
		return !capital || slot_is_legal_form(text_at(t, i + 1));
	}
	return !capital && letters(word) <= 4;
}

static enum gap owner_or_quote(struct str gap)
{
	static const char *const apostrophes[] = {"'", "\xe2\x80\x99", NULL};
	static const char *const owner[] = {"'s ", "\xe2\x80\x99s ", "' ", "\xe2\x80\x99 ", NULL};
	for (size_t i = 0; owner[i] != NULL; i++) {
		if (str_eq_c(gap, owner[i])) {
			return GAP_OWNER;
		}
	}
	return holds_any(gap, apostrophes) || holds(gap, "\"") || holds(gap, "\xe2\x80\x9c") ||
			       holds(gap, "\xe2\x80\x9d")
		       ? GAP_SPACE
		       : GAP_OTHER;
}

static enum gap kind_of(const struct text *t, uint32_t i, struct str gap)
{
	static const char *const ends[] = {
		"?", "!", ";", "|", "\n", "\xe2\x80\xa6", "...", "\xe2\x80\xa2", NULL};
	static const char *const dashes[] = {" - ", "--", "\xe2\x80\x93", "\xe2\x80\x94",
		"\xe2\x86\x92", "\xe2\x9e\xa1", "->", NULL};
	struct str inner = str_trim(gap);
	if (inner.n == 0) {
		return GAP_SPACE;
	}
	if (holds_any(gap, ends)) {
		return GAP_END;
	}
	if (inner.p[0] == '.' && !stop_joins(t, i, gap)) {
		return GAP_END;
	}
	if (str_eq_c(inner, "&") || str_eq_c(inner, "+")) {
		return GAP_AND;
	}
	if (str_eq_c(gap, "-") || str_eq_c(gap, "/") || str_eq_c(gap, "\xe2\x80\x91")) {
		return GAP_HYPHEN;
	}
	if (holds_any(gap, dashes)) {
		return GAP_DASH;
	}
	if (holds(inner, "(") || holds(inner, ")") || holds(inner, "[") || holds(inner, "]")) {
		return GAP_PAREN;
	}
	if (holds(inner, ":")) {
		return GAP_COLON;
	}
	if (holds(inner, ",")) {
		return GAP_COMMA;
	}
	return inner.p[0] == '.' || str_eq_c(inner, "/") ? GAP_SPACE : owner_or_quote(gap);
}

enum gap gap_after(const struct text *t, uint32_t i, bool *asks)
{
	struct str source = t->fields[t->v[i].field].source;
	if (i + 1 >= t->n || t->v[i + 1].field != t->v[i].field) {
		*asks = holds(str_n(source.p + t->v[i].end, source.n - t->v[i].end), "?");
		return GAP_END;
	}
	struct str gap = slot_gap(t, i);
	*asks = holds(gap, "?");
	return t->v[i + 1].kind == TOKEN_EMOJI || t->v[i].kind == TOKEN_EMOJI ? GAP_END
	       : (t->v[i + 1].flags & TOKEN_AFTER_BREAK) && str_trim(gap).n == 0
		       ? GAP_END
		       : kind_of(t, i, gap);
}
