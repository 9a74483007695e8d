/* What stands between quotation marks beside words: slots and lists. */
#include "rules/query_in.h"

static const char *const names[] = {
	[SLOT_PERSON] = "PERSON",
	[SLOT_ORG] = "ORG",
	[SLOT_TITLE] = "TITLE",
	[SLOT_PRODUCT] = "PRODUCT",
	[SLOT_WORD] = "WORD",
	[SLOT_WORDS] = "WORDS",
	[SLOT_NUM] = "NUM",
	[SLOT_MONEY] = "MONEY",
	[SLOT_DATE] = "DATE",
	[SLOT_HANDLE] = "HANDLE",
	[SLOT_URL] = "URL",
	[SLOT_LIST] = "list",
};
#define TYPES (sizeof(names) / sizeof(names[0]))

const char *query_slot_name(enum slot_type type)
{
	return names[type];
}

static bool unknown_type(struct parser *p, size_t at, struct str type)
{
	char help[160] = "one of ", upper[32];
	size_t n = type.n < sizeof(upper) ? type.n : 0;
	for (size_t i = 0; i < n; i++) {
		upper[i] =
			(char)(type.p[i] >= 'a' && type.p[i] <= 'z' ? type.p[i] - 32 : type.p[i]);
	}
	const char *near = did_you_mean(str_n(upper, n), names, TYPES);
	if (near != NULL) {
		snprintf(help, sizeof(help), "did you mean %s?", near);
	}
	for (size_t i = 0; near == NULL && i < TYPES; i++) {
		size_t used = strlen(help);
		snprintf(help + used, sizeof(help) - used, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	parse_error(p, at, type.n > 0 ? type.n : 1, "E036", help, "there is no slot type \"%.*s\"",
		(int)(type.n < 60 ? type.n : 60), type.p);
	return false;
}

/* "/2-5" or "/3" behind WORDS. */
static bool take_range(struct parser *p, struct query_part *part, size_t at)
{
	int64_t low = take(p, '/') ? take_int(p) : -1;
	int64_t high = take(p, '-') ? take_int(p) : low;
	if (low < 1 || high < low || high > SLOT_WORDS_MAX) {
		parse_error(p, at, p->at - at, "E016", "for example <what:WORDS/1-4>",
			"WORDS says how many, from 1 to %d", SLOT_WORDS_MAX);
		return false;
	}
	part->low = (uint32_t)low;
	part->high = (uint32_t)high;
	return true;
}

static struct query *product_list(struct parser *p, size_t at)
{
	struct query *set = new_node(p, QUERY_SET, at);
	if (set != NULL) {
		set->list = STR("products");
		finish(p, set);
	}
	return set;
}

/* The type, p->at standing at its first byte. */
static bool take_type(struct parser *p, struct query_part *part)
{
	size_t at = p->at;
	struct str type = take_ident(p);
	size_t i = 0;
	while (i < TYPES && !str_eq_c(type, names[i])) {
		i++;
	}
	if (i == TYPES) {
		return unknown_type(p, at, type);
	}
	part->slot = (enum slot_type)i;
	if (part->slot == SLOT_WORDS) {
		return take_range(p, part, at);
	}
	if (part->slot == SLOT_PRODUCT) {
		part->set = product_list(p, at);
		return part->set != NULL;
	}
	if (part->slot == SLOT_LIST) {
		if (!take(p, ':')) {
			parse_error(p, at, type.n, "E016", "for example <who:list:contacts>",
				"the name of a list must follow list:");
			return false;
		}
		part->set = parse_set(p, false, at);
		return part->set != NULL;
	}
	return true;
}

/* A phrase with slots is matched by trying; its length is bounded. */
static bool check_slots(struct parser *p, const struct query *q, size_t at)
{
	size_t slots = 0;
	const struct query_part *last = &q->parts[q->parts_n - 1];
	for (size_t i = 0; i < q->parts_n; i++) {
		const struct query_part *other = &q->parts[i];
		if (other->kind != PART_SLOT) {
			continue;
		}
		slots++;
		if (other != last && str_eq(other->name, last->name)) {
			parse_error(p, at, p->at - at, "E016", NULL,
				"two slots of a phrase are called \"%.*s\"", STR_FMT(last->name));
			return false;
		}
	}
	if (slots > SLOTS_MAX) {
		parse_error(p, at, p->at - at, "E004", NULL, "more than %d slots in a phrase",
			SLOTS_MAX);
		return false;
	}
	return true;
}

bool add_slot(struct parser *p, struct query *q)
{
	size_t at = p->at++;
	struct str name = take_ident(p);
	struct query_part *part = new_part(p, q, PART_SLOT);
	bool letter = name.n > 0 && ((name.p[0] >= 'a' && name.p[0] <= 'z') ||
					    (name.p[0] >= 'A' && name.p[0] <= 'Z'));
	if (part == NULL) {
		return false;
	}
	if (!letter || !take(p, ':')) {
		parse_error(p, at, p->at - at, "E016", "for example <to:ORG>",
			"a slot is a name and a type between < and >");
		return false;
	}
	part->name = arena_str(p->arena, name);
	q->slots = true;
	if (!take_type(p, part)) {
		return false;
	}
	if (!take(p, '>')) {
		parse_error(p, at, p->at - at, "E001", "add the closing >",
			"this slot is never closed");
		return false;
	}
	return check_slots(p, q, at);
}

bool add_set(struct parser *p, struct query *q)
{
	size_t at = p->at;
	bool all = p->text.p[at + 1] == 'l';
	if (all) {
		parse_error(p, at, 4, "E016", "\"ask any:staff about\"",
			"inside quotation marks stands one name of a list at a time: any:");
		return false;
	}
	p->at += 4;
	struct query *set = parse_set(p, false, at);
	struct query_part *part = set != NULL ? new_part(p, q, PART_SET) : NULL;
	if (part != NULL) {
		part->set = set;
		q->slots = true;
	}
	return part != NULL;
}
