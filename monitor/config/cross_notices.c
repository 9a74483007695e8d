/* The texts for those who must be told that they are here: those that come with hark, and those that the configuration
 * names in their place or beside them. */
#include "monitor/base/file.h"
#include "monitor/config/load.h"
#include "monitor/config/values.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)64 << 10)
#define ENDING ".yaml"

static const char *const keys[] = {"subject", "purpose", "basis", "text", NULL};

/* NULL: it is not there or no text, which is said. */
static const char *read_text(struct loader *l, const struct yaml_node *in, const char *key)
{
	const struct yaml_node *node = yaml_get(in, key);
	if (node == NULL || node->kind != YAML_SCALAR || str_trim(node->text).n == 0) {
		read_say(l, DIAG_ERROR, node == NULL ? C_MISSING : C_SHAPE,
			node != NULL ? node : in, NULL, "a notice needs a text under %s", key);
		return NULL;
	}
	return read_keep(l, node->text);
}

static void say_unknown(struct loader *l, const struct yaml_node *node, struct str at)
{
	size_t end = str_find(at, STR("}"));
	struct str word = end == SIZE_MAX ? str_n(at.p + 1, 0) : str_n(at.p + 1, end - 1);
	struct str shown = str_n(at.p, word.n + (end == SIZE_MAX ? 1 : 2));
	struct diag_at place = yaml_place(node, (size_t)(at.p - node->text.p), shown.n);
	const char *near = did_you_mean(word, notice_slots, NOTICE_SLOTS);
	struct buf help;
	buf_init(&help, 400);
	if (near != NULL) {
		buf_printf(&help, "did you mean {%s}?", near);
	} else {
		buf_add_c(&help, "there are {");
		for (size_t i = 0; i < NOTICE_SLOTS; i++) {
			buf_printf(&help, "%s%s", notice_slots[i],
				i + 2 < NOTICE_SLOTS    ? "}, {"
				: i + 2 == NOTICE_SLOTS ? "} and {"
							: "}");
		}
	}
	diags_add(l->diags, DIAG_ERROR, C_VALUE, place, yaml_line(node, place.line), buf_c(&help),
		"nothing stands for %.*s", STR_FMT(str_cut_utf8(shown, 60)));
	buf_release(&help);
}

/* Who is not told where from, since when, why, by whom and how to object is not informed. */
static void check_slots(struct loader *l, const struct yaml_node *node)
{
	static const enum notice_slot needed[] = {
		NOTICE_SOURCE, NOTICE_DATE, NOTICE_PURPOSE, NOTICE_BASIS, NOTICE_CONTACT, NOTICE_OBJECT};
	bool has[NOTICE_SLOTS] = {false};
	struct str rest = node->text, piece;
	enum notice_slot slot;
	while (notice_next(&rest, &slot, &piece)) {
		if (slot != NOTICE_TEXT) {
			has[slot] = true;
		} else if (str_starts(piece, STR("{"))) {
			say_unknown(l, node,
				str_n(piece.p, (size_t)(node->text.p + node->text.n - piece.p)));
		}
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (!has[needed[i]]) {
			read_say(l, DIAG_ERROR, C_MISSING, node, NULL,
				"the text of a notice has to say {%s}", notice_slots[needed[i]]);
		}
	}
}

static void check_keys(struct loader *l, const struct yaml_node *root)
{
	for (size_t i = 0; i < root->n; i++) {
		size_t k = 0;
		while (keys[k] != NULL && !str_eq_c(root->pairs[i].key->text, keys[k])) {
			k++;
		}
		if (keys[k] == NULL) {
			read_say(l, DIAG_ERROR, C_UNKNOWN_KEY, root->pairs[i].key,
				"a notice knows subject, purpose, basis and text",
				"there is no key '%.*s' in a notice",
				STR_FMT(str_cut_utf8(root->pairs[i].key->text, 80)));
		}
	}
}

static void read_notice(struct loader *l, const struct yaml_node *root, struct conf_notice *n)
{
	if (root->kind != YAML_MAPPING) {
		read_say(l, DIAG_ERROR, C_SHAPE, root, NULL,
			"a notice is a mapping of subject, purpose, basis and text");
		return;
	}
	check_keys(l, root);
	const struct yaml_node *basis = yaml_get(root, "basis"), *text = yaml_get(root, "text");
	n->subject = read_text(l, root, "subject");
	n->purpose = read_text(l, root, "purpose");
	n->text = read_text(l, root, "text");
	if (n->text != NULL) {
		check_slots(l, text);
	}
	if (basis == NULL || basis->kind != YAML_MAPPING) {
		read_say(l, DIAG_ERROR, basis == NULL ? C_MISSING : C_SHAPE,
			basis != NULL ? basis : root, NULL,
			"a notice says under basis what operator.lawful-basis means");
	} else if (l->conf->lawful_basis != NULL) {
		n->basis = read_text(l, basis, l->conf->lawful_basis);
	}
}

/* `named`: the value that names the file; NULL: one that came with hark. */
static void take_file(struct loader *l, struct str lang, const char *path,
	const struct yaml_node *named, struct conf_notice *v, size_t *n)
{
	struct hark_err err;
	struct buf text;
	buf_init(&text, FILE_MAX);
	if (path == NULL || file_read(&text, path, &err) != HARK_OK) {
		if (path != NULL && named != NULL) {
			read_say(l, DIAG_ERROR, C_UNREADABLE, named, NULL, "notices: %s", err.text);
		}
	} else {
		const struct yaml_node *root =
			yaml_read(buf_str(&text), path, &l->scratch, l->diags);
		struct conf_notice one = {.lang = read_keep(l, lang), .file = path};
		if (root != NULL) {
			read_notice(l, root, &one);
		}
		if (one.lang != NULL && one.subject != NULL && one.text != NULL && one.basis != NULL) {
			v[(*n)++] = one;
		}
	}
	buf_release(&text);
}

static int is_notice(const struct dirent *entry)
{
	return str_ends(str_c(entry->d_name), STR(ENDING));
}

static bool is_named(const struct yaml_node *own, struct str lang)
{
	for (size_t i = 0; own != NULL && i < own->n; i++) {
		if (str_eq_nocase(own->pairs[i].key->text, lang)) {
			return true;
		}
	}
	return false;
}

/* Beside the packs. */
static void take_shipped(struct loader *l, const struct yaml_node *own, struct dirent **entries,
	int entries_n, struct conf_notice *v, size_t *n)
{
	for (int i = 0; i < entries_n; i++) {
		struct str lang = str_c(entries[i]->d_name);
		struct buf path;
		lang.n -= strlen(ENDING);
		buf_init(&path, PATH_MAX);
		buf_printf(&path, "%s/../notices/%s", conf_packs_dir(), entries[i]->d_name);
		if (!is_named(own, lang)) {
			take_file(l, lang, read_keep(l, buf_str(&path)), NULL, v, n);
		}
		buf_release(&path);
	}
}

static void take_own(
	struct loader *l, const struct yaml_node *own, struct conf_notice *v, size_t *n)
{
	struct hark_err err;
	for (size_t i = 0; own != NULL && i < own->n; i++) {
		const struct yaml_pair *p = &own->pairs[i];
		if (value_lang(p->key->text, &err) != HARK_OK) {
			read_say(l, DIAG_ERROR, C_VALUE, p->key, NULL, "notices: %s", err.text);
		} else if (p->value->kind == YAML_SCALAR) {
			take_file(l, p->key->text, read_join(l, p->value->text), p->value, v, n);
		}
	}
}

/* Whoever says what it is for says it in every language that is to be used: the one that came with hark may be wrong. */
static void take_purposes(struct loader *l, const struct yaml_node *purposes, struct conf_notice *v, size_t n)
{
	for (size_t i = 0; purposes != NULL && i < n; i++) {
		v[i].purpose = NULL;
	}
	for (size_t i = 0; purposes != NULL && i < purposes->n; i++) {
		const struct yaml_pair *p = &purposes->pairs[i];
		size_t k = 0;
		while (k < n && !str_eq_nocase(p->key->text, str_c(v[k].lang))) {
			k++;
		}
		if (k < n && p->value->kind == YAML_SCALAR) {
			v[k].purpose = read_keep(l, p->value->text);
		} else if (k == n) {
			read_say(l, DIAG_ERROR, C_NO_SUCH, p->key,
				"name a file for that language under notices",
				"purpose: there is no notice in '%.*s'",
				STR_FMT(str_cut_utf8(p->key->text, 80)));
		}
	}
}

static const struct yaml_node *mapping(const struct yaml_node *root, const char *key)
{
	const struct yaml_node *privacy = yaml_get(root, "privacy");
	const struct yaml_node *node =
		privacy != NULL && privacy->kind == YAML_MAPPING ? yaml_get(privacy, key) : NULL;
	return node != NULL && node->kind == YAML_MAPPING && node->n > 0 ? node : NULL;
}

void cross_notices(struct loader *l, const struct yaml_node *root)
{
	struct dirent **entries = NULL;
	struct buf folder;
	const struct yaml_node *own = mapping(root, "notices");
	size_t n = 0;
	buf_init(&folder, PATH_MAX);
	buf_printf(&folder, "%s/../notices", conf_packs_dir());
	int entries_n = scandir(buf_c(&folder), &entries, is_notice, alphasort);
	entries_n = entries_n > 0 ? entries_n : 0; /* a program without its files */
	struct conf_notice *v = arena_alloc(&l->conf->arena,
		((size_t)entries_n + (own != NULL ? own->n : 0) + 1) * sizeof(*v));
	l->no_memory |= v == NULL;
	if (v != NULL) {
		take_shipped(l, own, entries, entries_n, v, &n);
		take_own(l, own, v, &n);
		take_purposes(l, mapping(root, "purpose"), v, n);
	}
	l->conf->notices = v;
	l->conf->notices_n = n;
	for (int i = 0; i < entries_n; i++) {
		free(entries[i]);
	}
	free(entries);
	buf_release(&folder);
}
