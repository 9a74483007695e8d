#include "connectors/definition_read.h"

#include <stdio.h>

bool defread_is(
	struct defread *r, const struct yaml_node *node, enum yaml_kind kind, const char *what)
{
	static const char *const kinds[] = {"a text", "a sequence", "a mapping"};
	if (node->kind == kind) {
		return true;
	}
	defread_say(r, node, D_SHAPE, NULL, "%s must be %s", what, kinds[kind]);
	return false;
}

static void say_unknown(
	struct defread *r, const struct yaml_node *key, const char *what, const struct defkey *keys)
{
	const char *names[64];
	char help[120];
	size_t n = 0;
	for (; n < 64 && keys[n].name != NULL; n++) {
		names[n] = keys[n].name;
	}
	const char *near = did_you_mean(key->text, names, n);
	snprintf(help, sizeof(help), "did you mean %s?", near != NULL ? near : "");
	defread_say(r, key, D_UNKNOWN_KEY, near != NULL ? help : NULL, "%s has no key '%.*s'", what,
		STR_FMT(str_cut_utf8(key->text, 60)));
}

static bool is_known(const struct yaml_node *key, const struct defkey *keys)
{
	for (; keys->name != NULL; keys++) {
		if (str_eq_c(key->text, keys->name)) {
			return true;
		}
	}
	return false;
}

void defread_keys(struct defread *r, const struct yaml_node *node, const char *what,
	const struct defkey *keys, void *into)
{
	if (!defread_is(r, node, YAML_MAPPING, what)) {
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		if (!is_known(node->pairs[i].key, keys)) {
			say_unknown(r, node->pairs[i].key, what, keys);
		}
	}
	for (; keys->name != NULL; keys++) {
		const struct yaml_node *value = yaml_get(node, keys->name);
		if (value != NULL) {
			keys->read(r, value, into);
		} else if (keys->required) {
			defread_say(r, node, D_MISSING, NULL, "%s lacks %s", what, keys->name);
		}
	}
}

const char *defread_text(struct defread *r, const struct yaml_node *node)
{
	if (!defread_is(r, node, YAML_SCALAR, "this")) {
		return NULL;
	}
	const char *text = arena_c(r->arena, node->text);
	r->no_memory |= text == NULL;
	return text;
}

int64_t defread_number(struct defread *r, const struct yaml_node *node, int64_t min, int64_t max)
{
	int64_t number = min;
	if (node->kind != YAML_SCALAR || !str_i64(node->text, &number) || number < min ||
		number > max) {
		defread_say(r, node, D_VALUE, NULL, "this must be a number from %lld to %lld",
			(long long)min, (long long)max);
		return min;
	}
	return number;
}

bool defread_bool(struct defread *r, const struct yaml_node *node)
{
	static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {
									"false", "no", "off"};
	for (size_t i = 0; node->kind == YAML_SCALAR && i < 3; i++) {
		if (str_eq_c(node->text, yes[i]) || str_eq_c(node->text, no[i])) {
			return str_eq_c(node->text, yes[i]);
		}
	}
	defread_say(r, node, D_VALUE, NULL, "this must be true or false");
	return false;
}

size_t defread_choice(struct defread *r, const struct yaml_node *node, const char *const *choices)
{
	struct buf all;
	size_t n = 0;
	if (!defread_is(r, node, YAML_SCALAR, "this")) {
		return 0;
	}
	for (; choices[n] != NULL; n++) {
		if (str_eq_c(node->text, choices[n])) {
			return n;
		}
	}
	const char *near = did_you_mean(node->text, choices, n);
	buf_init(&all, 2000);
	buf_add_c(&all, near != NULL ? "did you mean " : "there are ");
	for (size_t i = 0; near == NULL && i < n; i++) {
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", choices[i]);
	}
	buf_printf(&all, "%s%s", near != NULL ? near : "", near != NULL ? "?" : "");
	defread_say(r, node, D_CHOICE, buf_c(&all), "there is no '%.*s' here",
		STR_FMT(str_cut_utf8(node->text, 60)));
	buf_release(&all);
	return 0;
}

int64_t defread_duration(struct defread *r, const struct yaml_node *node)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}};
	struct str s = node->kind == YAML_SCALAR ? node->text : STR_NONE;
	int64_t sum = 0;
	bool ok = s.n > 0;
	while (ok && s.n > 0) {
		int64_t number = 0, scale = 0;
		size_t n = 0;
		for (; n < s.n && n < 9 && s.p[n] >= '0' && s.p[n] <= '9'; n++) {
			number = number * 10 + s.p[n] - '0';
		}
		for (size_t i = 0; n > 0 && n < s.n && i < 4; i++) {
			scale = s.p[n] == units[i].unit ? units[i].ms : scale;
		}
		ok = scale > 0;
		sum += number * scale;
		s = ok ? str_n(s.p + n + 1, s.n - n - 1) : s;
	}
	if (!ok || sum > (int64_t)3650 * 86400000) {
		defread_say(
			r, node, D_VALUE, NULL, "this must be a duration, as 90s, 15m or 1h30m");
		return 0;
	}
	return sum;
}

bool defread_pointer(struct defread *r, const struct yaml_node *node, struct pointer *out)
{
	struct hark_err err;
	if (!defread_is(r, node, YAML_SCALAR, "a pointer")) {
		return false;
	}
	if (pointer_compile(out, node->text, r->d->maker.lookups, r->d->maker.lookups_n, r->arena,
		    &err) != HARK_OK) {
		defread_say(r, node, D_POINTER, NULL, "%s", err.text);
		return false;
	}
	return true;
}

const struct pointer *defread_new_pointer(struct defread *r, const struct yaml_node *node)
{
	struct pointer *p = arena_alloc(r->arena, sizeof(*p));
	r->no_memory |= p == NULL;
	return p != NULL && defread_pointer(r, node, p) ? p : NULL;
}

bool defread_form(
	struct defread *r, const struct yaml_node *node, enum form_use use, struct form *out)
{
	struct hark_err err;
	if (!defread_is(r, node, YAML_SCALAR, "this")) {
		return false;
	}
	if (form_compile(out, node->text, use, &r->d->maker, &err) != HARK_OK) {
		defread_say(r, node, D_BLANK, NULL, "%s", err.text);
		return false;
	}
	return true;
}

/* --- conditions --- */

static void read_values(struct defread *r, const struct yaml_node *node, struct condition *c)
{
	size_t n = node->kind == YAML_SEQUENCE ? node->n : 1;
	c->values = arena_alloc(r->arena, (n + 1) * sizeof(*c->values));
	c->forms = arena_alloc(r->arena, (n + 1) * sizeof(*c->forms));
	r->no_memory |= c->values == NULL || c->forms == NULL;
	DEFREAD_EACH(node, i, one)
	{
		if (r->no_memory || !defread_is(r, one, YAML_SCALAR, "this")) {
			continue;
		}
		if (c->op <= CONDITION_IN && memchr(one->text.p, '{', one->text.n) != NULL) {
			struct form *form = arena_alloc(r->arena, sizeof(*form));
			r->no_memory |= form == NULL;
			bool ok = form != NULL && defread_form(r, one, FORM_TEXT, form);
			c->forms[c->values_n] = ok ? form : NULL;
		}
		c->values[c->values_n++] = arena_str(r->arena, one->text);
	}
}

static void read_condition_pointer(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_pointer(r, node, &((struct condition *)into)->pointer);
}

static void read_exists(struct defread *r, const struct yaml_node *node, void *into)
{
	struct condition *c = into;
	c->op = CONDITION_EXISTS;
	c->wanted = defread_bool(r, node);
}

static void read_eq(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct condition *)into)->op = CONDITION_EQ;
	read_values(r, node, into);
}

static void read_ne(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct condition *)into)->op = CONDITION_NE;
	read_values(r, node, into);
}

static void read_in(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct condition *)into)->op = CONDITION_IN;
	read_values(r, node, into);
}

static const struct regex *read_regex(struct defread *r, const struct yaml_node *node)
{
	const struct regex *regex = NULL;
	struct hark_err err;
	if (defread_is(r, node, YAML_SCALAR, "a pattern") &&
		maker_regex(&r->d->maker, node->text, &regex, &err) != HARK_OK) {
		defread_say(r, node, D_VALUE, NULL, "%s", err.text);
	}
	return regex;
}

static void read_condition_regex(struct defread *r, const struct yaml_node *node, void *into)
{
	struct condition *c = into;
	c->op = CONDITION_REGEX;
	c->regex = read_regex(r, node);
	read_values(r, node, c);
}

static void read_lt(struct defread *r, const struct yaml_node *node, void *into)
{
	struct condition *c = into;
	c->op = CONDITION_LT;
	c->number = defread_number(r, node, INT64_MIN, INT64_MAX);
	read_values(r, node, c);
}

static void read_gt(struct defread *r, const struct yaml_node *node, void *into)
{
	read_lt(r, node, into);
	((struct condition *)into)->op = CONDITION_GT;
}

static const struct defkey condition_keys[] = {
	{"pointer", read_condition_pointer, true},
	{"exists", read_exists, false},
	{"eq", read_eq, false},
	{"ne", read_ne, false},
	{"in", read_in, false},
	{"regex", read_condition_regex, false},
	{"lt", read_lt, false},
	{"gt", read_gt, false},
	{NULL, NULL, false},
};

void defread_conditions(struct defread *r, const struct yaml_node *node, struct conditions *out)
{
	DEFREAD_EACH(node, i, one)
	{
		struct condition *v = arena_grow(r->arena, out->v, out->n, &out->cap, sizeof(*v));
		if (v == NULL) {
			r->no_memory = true;
			return;
		}
		out->v = v;
		v[out->n] = (struct condition){.op = CONDITION_EXISTS, .wanted = true};
		size_t errors = r->diags->errors;
		defread_keys(r, one, "a condition", condition_keys, &v[out->n]);
		out->n += r->diags->errors == errors;
		if (r->diags->errors == errors && one->n > 2) {
			defread_say(r, one, D_SHAPE, NULL,
				"a condition has one of exists, eq, ne, in, regex, lt, gt");
		}
	}
}

/* --- fields --- */

static void read_step(struct defread *r, const struct yaml_node *node, struct transforms *steps)
{
	struct hark_err err;
	int rc;
	if (node->kind == YAML_SCALAR || (node->kind == YAML_SEQUENCE && node->n == 1 &&
						 node->items[0]->kind == YAML_SCALAR)) {
		struct str text = node->kind == YAML_SCALAR ? node->text : node->items[0]->text;
		rc = transform_add_text(steps, &r->d->maker, text, &err);
	} else if (node->kind == YAML_SEQUENCE && node->n > 1 &&
		   node->n <= 1 + TRANSFORM_ARGS_MAX) {
		struct str args[TRANSFORM_ARGS_MAX] = {STR_NONE};
		for (size_t i = 0; i < node->n; i++) {
			if (!defread_is(r, node->items[i], YAML_SCALAR, "a step's part")) {
				return;
			}
			if (i > 0) {
				args[i - 1] = node->items[i]->text;
			}
		}
		rc = transform_add(
			steps, &r->d->maker, node->items[0]->text, args, node->n - 1, &err);
	} else {
		defread_say(r, node, D_SHAPE, NULL,
			"a step is a name, name:text, or a sequence of name and texts");
		return;
	}
	if (rc != HARK_OK) {
		defread_say(r, node, D_STEP, "hark-connectors(7) lists the steps", "%s", err.text);
	}
}

static void read_steps(struct defread *r, const struct yaml_node *node, void *into)
{
	struct alternative *a = into;
	if (defread_is(r, node, YAML_SEQUENCE, "do")) {
		for (size_t i = 0; i < node->n; i++) {
			read_step(r, node->items[i], &a->steps);
		}
	}
}

static void read_pointers(struct defread *r, const struct yaml_node *node, void *into)
{
	struct alternative *a = into;
	size_t n = node->kind == YAML_SEQUENCE ? node->n : 1;
	struct pointer *all = arena_alloc(r->arena, (n + 1) * sizeof(*all));
	r->no_memory |= all == NULL;
	a->pointers = all;
	DEFREAD_EACH(node, i, one)
	{
		if (all != NULL && defread_pointer(r, one, &all[a->pointers_n])) {
			a->pointers_n++;
		}
	}
}

static void read_template(struct defread *r, const struct yaml_node *node, void *into)
{
	struct form *form = arena_alloc(r->arena, sizeof(*form));
	r->no_memory |= form == NULL;
	if (form != NULL && defread_form(r, node, FORM_TEXT, form)) {
		((struct alternative *)into)->form = form;
	}
}

static void read_const(struct defread *r, const struct yaml_node *node, void *into)
{
	struct form *form = arena_alloc(r->arena, sizeof(*form));
	const char *text = defread_text(r, node);
	r->no_memory |= form == NULL;
	if (form != NULL && text != NULL) {
		form->after = str_c(text);
		((struct alternative *)into)->form = form;
	}
}

static void read_when(struct defread *r, const struct yaml_node *node, void *into)
{
	struct conditions *when = arena_alloc(r->arena, sizeof(*when));
	r->no_memory |= when == NULL;
	if (when != NULL) {
		defread_conditions(r, node, when);
		((struct alternative *)into)->when = when;
	}
}

static const struct defkey alternative_keys[] = {
	{"pointer", read_pointers, false},
	{"template", read_template, false},
	{"const", read_const, false},
	{"if", read_when, false},
	{"do", read_steps, false},
	{NULL, NULL, false},
};

static void read_alternative(struct defread *r, const struct yaml_node *node, struct alternative *a)
{
	if (node->kind != YAML_MAPPING) {
		read_pointers(r, node, a);
		return;
	}
	size_t errors = r->diags->errors;
	defread_keys(r, node, "an alternative", alternative_keys, a);
	if (errors == r->diags->errors && (a->pointers_n > 0) == (a->form != NULL)) {
		defread_say(r, node, D_SHAPE, NULL,
			"an alternative has one of pointer, template and const");
	}
}

void defread_field(struct defread *r, const struct yaml_node *node, struct field *out)
{
	DEFREAD_EACH(node, i, one)
	{
		struct alternative *v =
			arena_grow(r->arena, out->alternatives, out->n, &out->cap, sizeof(*v));
		if (v == NULL) {
			r->no_memory = true;
			return;
		}
		out->alternatives = v;
		v[out->n] = (struct alternative){0};
		read_alternative(r, one, &v[out->n++]);
	}
}

static const struct target *find_target(struct defread *r, const struct yaml_node *key)
{
	const struct target *all = r->d->is_profile ? profile_targets : post_targets;
	const char *names[64];
	char help[120];
	size_t n = 0;
	for (; all[n].name != NULL; n++) {
		if (str_eq_c(key->text, all[n].name)) {
			return &all[n];
		}
		names[n] = all[n].name;
	}
	const char *near = did_you_mean(key->text, names, n);
	snprintf(help, sizeof(help), "did you mean %s?", near != NULL ? near : "");
	defread_say(r, key, D_UNKNOWN_KEY,
		near != NULL ? help : "hark-connectors(7) lists the fields",
		"a %s has no field '%.*s'", r->d->is_profile ? "profile" : "post",
		STR_FMT(str_cut_utf8(key->text, 60)));
	return NULL;
}

void defread_mapping(struct defread *r, const struct yaml_node *node, struct mapping *out)
{
	if (!defread_is(r, node, YAML_MAPPING, "map")) {
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		const struct target *target = find_target(r, node->pairs[i].key);
		struct field *v = arena_grow(r->arena, out->fields, out->n, &out->cap, sizeof(*v));
		if (v == NULL) {
			r->no_memory = true;
			return;
		}
		out->fields = v;
		if (target != NULL) {
			v[out->n] = (struct field){.target = target};
			defread_field(r, node->pairs[i].value, &v[out->n++]);
		}
	}
}
