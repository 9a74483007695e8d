#include "rules/scope.h"

#include "rules/eval.h"

static bool any_of(const struct strs *wanted, bool (*is)(const struct post *, struct str),
	const struct post *p)
{
	for (size_t i = 0; i < wanted->n; i++) {
		if (is(p, wanted->v[i])) {
			return true;
		}
	}
	return wanted->n == 0;
}

static bool post_lang(const struct post *p, struct str wanted)
{
	return lang_is(p->lang, wanted);
}

static bool post_type(const struct post *p, struct str wanted)
{
	return str_eq_c(wanted, post_type_name(p->type));
}

static bool post_source(const struct post *p, struct str wanted)
{
	return str_eq_nocase(p->source, wanted);
}

static bool post_site(const struct post *p, struct str wanted)
{
	return url_is_below(p->url, wanted, false);
}

static struct str bare(struct str handle)
{
	return handle.n > 0 && handle.p[0] == '@' ? str_n(handle.p + 1, handle.n - 1) : handle;
}

static bool post_author(const struct post *p, struct str wanted)
{
	return (p->author.handle.n > 0 && str_eq_nocase(bare(p->author.handle), bare(wanted))) ||
	       (p->author.display_name.n > 0 && str_eq_nocase(p->author.display_name, wanted));
}

static bool is_unknown(struct str lang)
{
	return lang.n == 0 || str_eq_c(lang, "und");
}

bool scope_lang_passed(const struct scope *s, const struct post *p)
{
	return s->langs.n > 0 && is_unknown(p->lang) && !s->lang_strict;
}

static bool lang_holds(const struct scope *s, const struct post *p)
{
	return is_unknown(p->lang) ? s->langs.n == 0 || !s->lang_strict
				   : any_of(&s->langs, post_lang, p);
}

bool scope_part_holds(const struct scope *s, enum scope_part part, const struct post *p)
{
	switch (part) {
	case SCOPE_LANG:
		return lang_holds(s, p);
	case SCOPE_TYPE:
		return any_of(&s->types, post_type, p);
	case SCOPE_SOURCE:
		return any_of(&s->sources, post_source, p);
	case SCOPE_SITE:
		return any_of(&s->sites, post_site, p);
	default:
		return any_of(&s->authors, post_author, p);
	}
}

bool scope_holds(const struct scope *s, const struct post *p)
{
	return lang_holds(s, p) && any_of(&s->types, post_type, p) &&
	       any_of(&s->sources, post_source, p) && any_of(&s->sites, post_site, p) &&
	       any_of(&s->authors, post_author, p);
}

const char *scope_part_name(enum scope_part part)
{
	static const char *const names[] = {"lang", "type", "source", "site", "author"};
	return names[part];
}

const struct strs *scope_part_values(const struct scope *s, enum scope_part part)
{
	const struct strs *const values[] = {
		&s->langs, &s->types, &s->sources, &s->sites, &s->authors};
	return values[part];
}
