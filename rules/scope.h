/* What a rule looks at, before any word counts: language, type, source, site, author. */
#ifndef HARK_RULES_SCOPE_H
#define HARK_RULES_SCOPE_H

#include "rules/rule.h"

enum scope_part {
	SCOPE_LANG,
	SCOPE_TYPE,
	SCOPE_SOURCE,
	SCOPE_SITE,
	SCOPE_AUTHOR,
	SCOPE_PARTS,
};

bool scope_part_holds(const struct scope *s, enum scope_part part, const struct post *p);
bool scope_holds(const struct scope *s, const struct post *p);
/* Whether a scope of languages let the post pass only because its language is not known. */
bool scope_lang_passed(const struct scope *s, const struct post *p);
/* "lang"; as it is written under scope:. */
const char *scope_part_name(enum scope_part part);
const struct strs *scope_part_values(const struct scope *s, enum scope_part part);

#endif
