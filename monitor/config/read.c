/* YAML to records by the option table. */
#include "monitor/config/load.h"
#include "monitor/config/values.h"

#include <assert.h>
#include <iconv.h>
#include <stdio.h>

#define KEYS_MAX 64
#define SECRETS_MAX (sizeof(((struct conf_source *)0)->secrets) / sizeof(struct conf_secret))

void read_say(struct loader *l, enum diag_level level, const char *code,
	const struct yaml_node *node, const char *help, const char *fmt, ...)
{
	char message[700];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	diags_add(l->diags, level, code, node->at, yaml_line(node, node->at.line), help, "%s",
		message);
}

const char *read_keep(struct loader *l, struct str text)
{
	const char *copy = arena_c(&l->conf->arena, text);
	l->no_memory = l->no_memory || copy == NULL;
	return copy;
}

const char *read_join(struct loader *l, struct str path)
{
	struct buf joined;
	bool is_absolute = path.n > 0 && path.p[0] == '/';
	if (is_absolute || strcmp(l->conf->base_dir, ".") == 0) {
		return read_keep(l, path);
	}
	buf_init(&joined, 1 << 16);
	buf_printf(&joined, "%s/%.*s", l->conf->base_dir, STR_FMT(path));
	const char *kept = read_keep(l, buf_str(&joined));
	buf_release(&joined);
	return kept;
}

bool read_is_empty(const struct yaml_node *node)
{
	return node == NULL ||
	       (node->kind == YAML_SCALAR && node->style == YAML_PLAIN && node->text.n == 0);
}

void read_name_all(const char *const *names, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", names[i]);
	}
}

static int read_charset(struct str text, struct hark_err *err)
{
	iconv_t found = iconv_open("UTF-8", text.p);
	if (found == (iconv_t)-1) {
		return hark_err_set(err, HARK_EINVAL,
			"there is no charset '%.*s': iconv --list shows them all", STR_FMT(text));
	}
	iconv_close(found);
	return HARK_OK;
}

static int check_text(enum option_type type, struct str text, struct hark_err *err)
{
	switch (type) {
	case OPTION_NAME:
		return value_name(text, err);
	case OPTION_LANG:
		return value_lang(text, err);
	case OPTION_CHARSET:
		return read_charset(text, err);
	case OPTION_URL:
		return value_url(text, err);
	case OPTION_CONTACT:
		return value_contact(text, err);
	case OPTION_MAIL:
		return value_mail(text, err);
	case OPTION_SERVER:
		return value_server(text, err);
	case OPTION_LISTEN:
		return value_listen(text, err);
	case OPTION_STORE:
		return value_store(text, err);
	default:
		return HARK_OK;
	}
}

static int parse_number(enum option_type type, struct str text, int64_t *out, struct hark_err *err)
{
	switch (type) {
	case OPTION_DURATION:
		return value_duration(text, out, err);
	case OPTION_SIZE:
		return value_size(text, out, err);
	default:
		return value_i64(text, out, err);
	}
}

/* -1: none of them. */
static int find_choice(const struct option *o, struct str text)
{
	for (int i = 0; o->choices[i] != NULL; i++) {
		if (str_eq_c(text, o->choices[i])) {
			return i;
		}
	}
	return -1;
}

static void say_value(struct loader *l, const struct option *o, const struct yaml_node *node,
	const struct hark_err *err)
{
	read_say(l, DIAG_ERROR, C_VALUE, node, NULL, "%s: %s", o->key, err->text);
}

static void read_number(struct loader *l, const struct option *o, const struct yaml_node *node,
	struct str text, int64_t *field)
{
	struct hark_err err;
	int64_t n = 0;
	if (parse_number(o->type, text, &n, &err) != HARK_OK) {
		say_value(l, o, node, &err);
	} else if (o->max > 0 && (n < o->min || n > o->max)) {
		struct buf allowed;
		buf_init(&allowed, 200);
		option_write_type(o, &allowed);
		read_say(l, DIAG_ERROR, C_RANGE, node, NULL, "%s: %.*s is out of bounds: a %s",
			o->key, STR_FMT(text), buf_c(&allowed));
		buf_release(&allowed);
	} else {
		*field = n;
	}
}

static void read_choice(struct loader *l, const struct option *o, const struct yaml_node *node,
	struct str text, void *field)
{
	int i = find_choice(o, text);
	if (i >= 0 && o->type == OPTION_CHOICE) {
		memcpy(field, &i, sizeof(i)); /* an enum */
	} else if (i >= 0) {
		*(const char **)field = o->choices[i];
	} else {
		struct buf all;
		size_t n = 0;
		while (o->choices[n] != NULL) {
			n++;
		}
		const char *near = did_you_mean(text, o->choices, n);
		buf_init(&all, 400);
		buf_printf(&all, "%s%s%schoose from ", near != NULL ? "did you mean " : "",
			near != NULL ? near : "", near != NULL ? "? " : "");
		read_name_all(o->choices, n, &all);
		read_say(l, DIAG_ERROR, C_CHOICE, node, buf_c(&all), "there is no %s '%.*s'",
			o->key, STR_FMT(text));
		buf_release(&all);
	}
}

static void read_secret(struct loader *l, const char *key, const struct yaml_node *node,
	struct str text, struct conf_secret *field)
{
	struct hark_err err;
	const char *kept = read_keep(l, text);
	if (kept != NULL && value_secret(str_c(kept), field, &err) != HARK_OK) {
		read_say(l, DIAG_ERROR, C_SECRET, node, NULL, "%s: %s", key, err.text);
	}
}

/* A value that is one text. `node` NULL: the text is a default from the table. */
static void read_scalar(struct loader *l, const struct option *o, const struct yaml_node *node,
	struct str text, void *field)
{
	struct hark_err err;
	switch (o->type) {
	case OPTION_BOOL:
		if (value_bool(text, field, &err) != HARK_OK) {
			say_value(l, o, node, &err);
		}
		return;
	case OPTION_COUNT:
	case OPTION_DURATION:
	case OPTION_SIZE:
		read_number(l, o, node, text, field);
		return;
	case OPTION_CHOICE:
	case OPTION_WORD:
		read_choice(l, o, node, text, field);
		return;
	case OPTION_SECRET:
		read_secret(l, o->key, node, text, field);
		return;
	case OPTION_PATH:
		*(const char **)field = read_join(l, text);
		return;
	case OPTION_RECUR:
		if (recur_parse(field, text, &l->conf->arena, &err) != HARK_OK) {
			say_value(l, o, node, &err);
		}
		return;
	case OPTION_HOURS:
		if (hours_parse(field, text, &l->conf->arena, &err) != HARK_OK) {
			say_value(l, o, node, &err);
		}
		return;
	default:
		if (check_text(o->type, text, &err) != HARK_OK) {
			say_value(l, o, node, &err);
		} else {
			*(const char **)field = read_keep(l, text);
		}
	}
}

static void say_shape(
	struct loader *l, const char *key, const struct yaml_node *node, const char *shape)
{
	static const char *const found[] = {[YAML_SCALAR] = "a single value",
		[YAML_SEQUENCE] = "a sequence",
		[YAML_MAPPING] = "a mapping"};
	if (node->kind == YAML_SCALAR && node->text.n == 0) {
		read_say(l, DIAG_ERROR, C_SHAPE, node, "write one, or take the key away",
			"%s has no value", key);
		return;
	}
	bool is_empty = node->kind == YAML_SEQUENCE && node->n == 0;
	read_say(l, DIAG_ERROR, C_SHAPE, node, NULL, "%s must be %s, not %s", key, shape,
		is_empty ? "an empty one" : found[node->kind]);
}

static bool is_text(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && node->text.n > 0;
}

/* One text or a sequence of them, kept as an array that ends with NULL. */
static void read_texts(struct loader *l, const struct option *o, const struct yaml_node *node,
	const char *const **field, size_t *n)
{
	const struct yaml_node *one[] = {node};
	bool is_single = is_text(node) && o->type != OPTION_COMMAND;
	size_t count = is_single ? 1 : node->n;
	const struct yaml_node *const *items =
		is_single ? one : (const struct yaml_node *const *)node->items;
	if (!is_single && (node->kind != YAML_SEQUENCE || node->n == 0)) {
		say_shape(l, o->key, node, "a sequence such as [a, b]");
		return;
	}
	const char **texts = arena_alloc(&l->conf->arena, (count + 1) * sizeof(*texts));
	l->no_memory = l->no_memory || texts == NULL;
	for (size_t i = 0; texts != NULL && i < count; i++) {
		if (!is_text(items[i])) {
			say_shape(l, o->key, items[i], "a text");
			return;
		}
		if (o->choices == NULL) {
			texts[i] = read_keep(l, items[i]->text);
			continue;
		}
		texts[i] = "";
		read_choice(l, o, items[i], items[i]->text, &texts[i]);
	}
	*field = texts;
	if (n != NULL) {
		*n = texts != NULL ? count : 0;
	}
}

static void read_pairs(struct loader *l, const struct option *o, const struct yaml_node *node,
	const struct hark_pair **field, size_t *n)
{
	if (node->kind != YAML_MAPPING) {
		say_shape(l, o->key, node, "a mapping such as { name: value }");
		return;
	}
	struct hark_pair *pairs = arena_alloc(&l->conf->arena, (node->n + 1) * sizeof(*pairs));
	l->no_memory = l->no_memory || pairs == NULL;
	for (size_t i = 0; pairs != NULL && i < node->n; i++) {
		const struct yaml_pair *p = &node->pairs[i];
		if (p->value->kind != YAML_SCALAR) {
			say_shape(l, p->key->text.p, p->value, "a text");
		} else if (secrets_named(p->key->text) && p->value->text.n > 0) {
			read_say(l, DIAG_ERROR, C_SECRET, p->key,
				"move it to secret: as env:NAME, file:PATH or credential:NAME",
				"%s looks like a secret, which does not stand in the file itself",
				p->key->text.p);
		}
		pairs[*n].name = read_keep(l, p->key->text);
		pairs[*n].value = p->value->kind == YAML_SCALAR ? read_keep(l, p->value->text) : "";
		(*n)++;
	}
	*field = pairs;
}

static void read_secrets(struct loader *l, const struct option *o, const struct yaml_node *node,
	struct conf_source *s)
{
	if (node->kind != YAML_MAPPING) {
		say_shape(l, o->key, node, "a mapping such as { token: env:NAME }");
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_pair *p = &node->pairs[i];
		if (s->secrets_n == SECRETS_MAX) {
			read_say(l, DIAG_ERROR, C_RANGE, p->key, NULL,
				"a source has at most %zu secrets", SECRETS_MAX);
			return;
		}
		if (!is_text(p->value)) {
			say_shape(l, p->key->text.p, p->value, "a text");
			continue;
		}
		s->secret_names[s->secrets_n] = read_keep(l, p->key->text);
		read_secret(
			l, p->key->text.p, p->value, p->value->text, &s->secrets[s->secrets_n++]);
	}
}

static void read_value(
	struct loader *l, const struct option *o, const struct yaml_node *node, void *record)
{
	char *field = (char *)record + o->offset;
	switch (o->type) {
	case OPTION_SECTION:
		if (!read_is_empty(node)) {
			read_mapping(l, node, o->sub, record);
		}
		return;
	case OPTION_TEXTS:
	case OPTION_WORDS:
		read_texts(l, o, node, (const char *const **)field,
			(size_t *)(field + sizeof(const char *const *)));
		return;
	case OPTION_COMMAND:
		read_texts(l, o, node, (const char *const **)field, NULL);
		return;
	case OPTION_PAIRS:
		read_pairs(l, o, node, (const struct hark_pair **)field,
			(size_t *)(field + sizeof(struct hark_pair *)));
		return;
	case OPTION_SECRETS:
		read_secrets(l, o, node, record);
		return;
	case OPTION_NODE:
		*(const struct yaml_node **)field = node;
		return;
	case OPTION_MAP:
	case OPTION_RECORDS:
	case OPTION_RULES:
		return; /* collections: conf.c gathers them from all files */
	default:
		if (!is_text(node)) {
			say_shape(l, o->key, node, "a single value");
			return;
		}
		read_scalar(l, o, node, node->text, field);
	}
}

void read_defaults(struct loader *l, enum option_section section, void *record)
{
	for (const struct option *o = options; o->key != NULL; o++) {
		if (o->section == section && o->type == OPTION_SECTION) {
			read_defaults(l, o->sub, record);
		} else if (o->section == section && o->otherwise != NULL) {
			read_scalar(l, o, NULL, str_c(o->otherwise), (char *)record + o->offset);
		}
	}
}

#define ELSEWHERE_MAX 3

/* Where a key of that very name belongs: one level below, or at the top. False: nowhere. */
static bool write_elsewhere(enum option_section section, struct str key, struct buf *help)
{
	size_t n = 0;
	for (const struct option *o = options; o->key != NULL && n < ELSEWHERE_MAX; o++) {
		if (o->section == section && o->type == OPTION_SECTION &&
			option_find(o->sub, key) != NULL) {
			buf_printf(help, "%s%s.%.*s", n++ == 0 ? "did you mean " : " or ", o->key,
				STR_FMT(key));
		}
	}
	bool top = n == 0 && option_find(SECTION_TOP, key) != NULL;
	if (top) {
		buf_printf(help, "%.*s: stands at the top level", STR_FMT(key));
	} else if (n > 0) {
		buf_add_c(help, "?");
	}
	return top || n > 0;
}

static void write_near(enum option_section section, struct str key, struct buf *help)
{
	const char *keys[KEYS_MAX];
	size_t n = option_keys(section, keys, KEYS_MAX);
	const char *near = did_you_mean(key, keys, n);
	if (near != NULL) {
		buf_printf(help, "did you mean %s?", near);
	} else {
		buf_printf(help, "%s knows ", sections[section].name);
		read_name_all(keys, n, help);
	}
}

void read_unknown(struct loader *l, const struct yaml_node *key, enum option_section section)
{
	struct buf help;
	buf_init(&help, 1000);
	if (!write_elsewhere(section, key->text, &help)) {
		write_near(section, key->text, &help);
	}
	read_say(l, DIAG_ERROR, C_UNKNOWN_KEY, key, buf_c(&help), "there is no key '%.*s' in %s",
		STR_FMT(str_cut_utf8(key->text, 80)), sections[section].name);
	buf_release(&help);
}

void read_mapping(
	struct loader *l, const struct yaml_node *node, enum option_section section, void *record)
{
	if (node->kind != YAML_MAPPING) {
		say_shape(l, sections[section].name, node, "a mapping of key: value");
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_pair *p = &node->pairs[i];
		const struct option *o = option_find(section, p->key->text);
		if (o == NULL) {
			read_unknown(l, p->key, section);
		} else {
			read_value(l, o, p->value, record);
		}
	}
	for (const struct option *o = options; o->key != NULL; o++) {
		if (o->section == section && o->required && o->types == 0 &&
			yaml_get(node, o->key) == NULL) {
			read_say(l, DIAG_ERROR, C_MISSING, node, NULL, "%s is missing in %s",
				o->key, sections[section].name);
		}
	}
}
