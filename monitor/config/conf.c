/* Loading: the main file, then the files of conf.d beside it in order of name, then the checks that
 * need all of them. The YAML trees are scratch; the records and their strings move into one arena
 * that lives and dies with the configuration. */
#include "monitor/config/conf.h"

#include "monitor/base/count.h"
#include "monitor/base/file.h"
#include "monitor/base/utf8.h"
#include "connectors/registry.h"
#include "monitor/config/load.h"
#include "monitor/config/values.h"
#include "monitor/store/listed.h"
#include "rules/frequency.h"

#include <limits.h>
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 << 20)
#define SPACING_DEFAULT (-1) /* not written */

static void *append(struct loader *l, void *array, size_t *n, size_t *cap, size_t size)
{
	char *grown = arena_grow(&l->scratch, array, *n, cap, size);
	if (grown == NULL) {
		l->no_memory = true;
		return array;
	}
	memset(grown + *n * size, 0, size);
	(*n)++;
	return grown;
}

static struct diag_at place(const struct yaml_node *node, const char *file)
{
	struct diag_at at = node->at;
	at.file = file;
	return at;
}

/* A name of a rule or a sequence of them, for when it is known which there are. Absent is fine. */
static void gather_rule_names(struct loader *l, const struct yaml_node *node, const char *file)
{
	for (size_t i = 0; node != NULL && node->kind == YAML_SEQUENCE && i < node->n; i++) {
		gather_rule_names(l, node->items[i], file);
	}
	if (node == NULL || node->kind != YAML_SCALAR || node->text.n == 0) {
		return;
	}
	l->rule_names = append(l, l->rule_names, &l->rule_names_n, &l->rule_names_cap,
		sizeof(*l->rule_names));
	if (!l->no_memory) {
		l->rule_names[l->rule_names_n - 1] =
			(struct conf_rule_name){.rule = read_keep(l, node->text),
				.at = place(node, file),
				.line = read_keep(l, yaml_line(node, node->at.line))};
	}
}

/* What stands under a key of a mapping; NULL: nothing, or it is none. */
static const struct yaml_node *below(const struct yaml_node *node, const char *key)
{
	return node != NULL && node->kind == YAML_MAPPING ? yaml_get(node, key) : NULL;
}

static void gather_lists(struct loader *l, const struct yaml_node *node, const char *file)
{
	struct hark_err err;
	for (size_t i = 0; i < node->n; i++) {
		const struct yaml_pair *p = &node->pairs[i];
		l->lists = append(l, l->lists, &l->lists_n, &l->lists_cap, sizeof(*l->lists));
		if (l->no_memory) {
			return;
		}
		struct conf_list *list = &l->lists[l->lists_n - 1];
		if (value_name(p->key->text, &err) != HARK_OK) {
			read_say(l, DIAG_ERROR, C_VALUE, p->key, NULL, "%s", err.text);
		} else {
			list->name = read_keep(l, p->key->text);
		}
		list->at = place(p->key, file);
		read_defaults(l, SECTION_LIST, list);
		read_mapping(l, p->value, SECTION_LIST, list);
		cross_list(l, p, list);
	}
}

/* There may be thousands: what each begins with is read once. */
static const struct conf_source *fresh_source(struct loader *l)
{
	if (!l->has_fresh_source) {
		l->fresh_source.spacing_ms = SPACING_DEFAULT;
		read_defaults(l, SECTION_SOURCE, &l->fresh_source);
		l->has_fresh_source = true;
	}
	return &l->fresh_source;
}

static void gather_source(struct loader *l, const struct yaml_node *node, const char *file)
{
	if (node->kind != YAML_MAPPING) {
		read_mapping(l, node, SECTION_SOURCE, NULL); /* says so */
		return;
	}
	l->sources = append(l, l->sources, &l->sources_n, &l->sources_cap, sizeof(*l->sources));
	if (l->no_memory) {
		return;
	}
	struct conf_source *s = &l->sources[l->sources_n - 1];
	*s = *fresh_source(l);
	s->at = place(node, file);
	read_mapping(l, node, SECTION_SOURCE, s);
	cross_source(l, node, s);
}

static void gather_receiver(struct loader *l, const struct yaml_node *node, const char *file)
{
	l->receivers =
		append(l, l->receivers, &l->receivers_n, &l->receivers_cap, sizeof(*l->receivers));
	if (l->no_memory) {
		return;
	}
	struct conf_receiver *r = &l->receivers[l->receivers_n - 1];
	r->at = place(node, file);
	read_defaults(l, SECTION_RECEIVER, r);
	read_mapping(l, node, SECTION_RECEIVER, r);
	cross_receiver(l, node, r);
}

/* A route and what is below it. At the top every one that matches is taken unless it says otherwise, below
 * another the first. */
static void gather_route_below(
	struct loader *l, const struct yaml_node *node, const char *file, size_t above)
{
	size_t at = l->routes_n;
	l->routes = append(l, l->routes, &l->routes_n, &l->routes_cap, sizeof(*l->routes));
	if (l->no_memory) {
		return;
	}
	struct loaded_route *r = &l->routes[at];
	r->node = node;
	r->above = above;
	r->route.depth = above == SIZE_MAX ? 0 : l->routes[above].route.depth + 1;
	r->route.at = place(node, file);
	read_defaults(l, SECTION_ROUTE, r);
	r->route.goes_on &= above == SIZE_MAX;
	read_mapping(l, node, SECTION_ROUTE, r);
	const struct yaml_node *under = r->below;
	gather_rule_names(l, below(below(node, "when"), "rule"), file);
	bool is_deep = r->route.depth + 1 == CONF_ROUTE_DEPTH_MAX;
	if (!read_is_empty(under) && (under->kind != YAML_SEQUENCE || is_deep)) {
		read_say(l, DIAG_ERROR, is_deep ? C_RANGE : C_SHAPE, under, NULL,
			is_deep ? "routes may not be nested any deeper"
				: "routes must be a sequence: one entry a line, each after '- '");
	} else if (!read_is_empty(under)) {
		for (size_t i = 0; i < under->n && !l->no_memory; i++) {
			gather_route_below(l, under->items[i], file, at);
		}
	}
	if (!l->no_memory) {
		l->routes[at].route.end = l->routes_n; /* the array may have moved */
	}
}

static void gather_route(struct loader *l, const struct yaml_node *node, const char *file)
{
	gather_route_below(l, node, file, SIZE_MAX);
}

static void gather_rule(struct loader *l, const struct yaml_node *node, const char *file)
{
	size_t n = l->rules_n;
	if (node->kind != YAML_SCALAR || node->text.n == 0) {
		read_say(l, DIAG_ERROR, C_SHAPE, node, NULL,
			"an entry of rules must be a path, a pattern or packs/NAME");
		return;
	}
	l->rules_at = append(l, l->rules_at, &n, &l->rules_at_cap, sizeof(*l->rules_at));
	l->rules = append(l, l->rules, &l->rules_n, &l->rules_cap, sizeof(*l->rules));
	if (l->no_memory) {
		return;
	}
	l->rules_at[l->rules_n - 1] = place(node, file);
	l->rules[l->rules_n - 1] = read_keep(l, node->text);
}

typedef void (*gather_fn)(struct loader *l, const struct yaml_node *node, const char *file);

static void gather_inhibit(struct loader *l, const struct yaml_node *node, const char *file)
{
	l->inhibits =
		append(l, l->inhibits, &l->inhibits_n, &l->inhibits_cap, sizeof(*l->inhibits));
	if (l->no_memory) {
		return;
	}
	struct conf_inhibit *in = &l->inhibits[l->inhibits_n - 1];
	in->at = place(node, file);
	read_mapping(l, node, SECTION_INHIBIT, in);
	cross_inhibit(l, node);
}

static void gather_ref_owner(struct loader *l, const struct yaml_node *node, const char *file)
{
	l->ref_owners = append(
		l, l->ref_owners, &l->ref_owners_n, &l->ref_owners_cap, sizeof(*l->ref_owners));
	if (!l->no_memory) {
		struct conf_ref_owner *o = &l->ref_owners[l->ref_owners_n - 1];
		o->at = place(node, file);
		read_mapping(l, node, SECTION_REFERENCE_OWNER, o);
	}
}

static void gather_regulated(struct loader *l, const struct yaml_node *node, const char *file)
{
	l->regulated =
		append(l, l->regulated, &l->regulated_n, &l->regulated_cap, sizeof(*l->regulated));
	if (!l->no_memory) {
		struct conf_ref_regulated *r = &l->regulated[l->regulated_n - 1];
		r->at = place(node, file);
		read_mapping(l, node, SECTION_REGULATED, r);
	}
}

static void gather_ref_request(struct loader *l, const struct yaml_node *node, const char *file)
{
	l->ref_requests = append(l, l->ref_requests, &l->ref_requests_n, &l->ref_requests_cap,
		sizeof(*l->ref_requests));
	if (l->no_memory) {
		return;
	}
	struct conf_ref_request *r = &l->ref_requests[l->ref_requests_n - 1];
	r->at = place(node, file);
	read_mapping(l, node, SECTION_REFERENCE_REQUEST, r);
	if (node->kind == YAML_MAPPING && yaml_get(node, "stage") == NULL &&
		yaml_get(node, "below") == NULL && yaml_get(node, "open") == NULL &&
		yaml_get(node, "owes") == NULL) {
		read_say(l, DIAG_ERROR, C_MISSING, node, "say stage, below, open or owes",
			"this would refuse every request");
	}
}

static bool is_code(struct str code)
{
	bool good = code.n >= OFFER_CODE_MIN;
	for (size_t i = 0; i < code.n && good; i++) {
		char c = code.p[i];
		good = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		       (c == '-' && i > 0 && i + 1 < code.n);
	}
	return good;
}

/* Of the words between the hyphens; "friends" is as much of everyday as "friend". */
static bool is_everyday(struct str word)
{
	char lower[32];
	if (word.n >= sizeof(lower)) {
		return false;
	}
	for (size_t i = 0; i < word.n; i++) {
		lower[i] = (char)(word.p[i] | 32);
	}
	struct str one = str_n(lower, word.n - (word.n > 1 && lower[word.n - 1] == 's'));
	return word_frequency(str_n(lower, word.n)) != WORD_RARE ||
	       word_frequency(one) != WORD_RARE;
}

/* Whoever writes a word of everyday hands on no offer. */
static void look_at_code(struct loader *l, const struct yaml_node *node, struct str code)
{
	struct str rest = code, word;
	bool everyday = true, digits = false, letters = false;
	for (size_t i = 0; i < code.n; i++) {
		bool digit = code.p[i] >= '0' && code.p[i] <= '9';
		digits = digits || digit;
		letters = letters || (!digit && code.p[i] != '-');
	}
	if (digits && letters) {
		return;
	}
	while (str_split(&rest, '-', &word)) {
		everyday = everyday && (digits || is_everyday(word));
	}
	if (everyday) {
		read_say(l, DIAG_ERROR, C_VALUE, node, "give it letters and a digit, for example SPRING-20",
			"'%.*s' is what people write without the offer in mind", STR_FMT(code));
	} else {
		read_say(l, DIAG_WARNING, C_VALUE, node,
			"give it a digit unless nobody writes this but for the offer",
			"'%.*s' has no digit: whoever writes such a word is taken to hand on the offer",
			STR_FMT(code));
	}
}

/* What people are told as it is. */
static void look_at_text(
	struct loader *l, const struct yaml_node *node, const char *key, const char *text)
{
	if (text != NULL && str_empty(str_trim(str_c(text)))) {
		read_say(l, DIAG_ERROR, C_VALUE, yaml_get(node, key), "write it out",
			"'%s' is nothing but spaces", key);
	}
	if (text != NULL && strlen(text) > OFFER_TEXT_MAX) {
		read_say(l, DIAG_ERROR, C_VALUE, yaml_get(node, key), "name a page that says all",
			"'%s' has more than %d bytes", key, OFFER_TEXT_MAX);
	}
	if (text != NULL && utf8_is_disguised(str_c(text))) {
		read_say(l, DIAG_ERROR, C_VALUE, yaml_get(node, key), "write it in plain letters",
			"'%s' holds a character that nobody sees",
			key);
	}
}

static void gather_offer(struct loader *l, const struct yaml_node *node, const char *file)
{
	l->offers = append(l, l->offers, &l->offers_n, &l->offers_cap, sizeof(*l->offers));
	if (l->no_memory) {
		return;
	}
	struct conf_offer *o = &l->offers[l->offers_n - 1];
	o->at = place(node, file);
	read_mapping(l, node, SECTION_OFFER, o);
	const struct yaml_node *code =
		node->kind == YAML_MAPPING ? yaml_get(node, "code") : NULL;
	if (o->code == NULL || code == NULL) {
		return;
	}
	if (!is_code(str_c(o->code))) {
		read_say(l, DIAG_ERROR, C_VALUE, code, "for example SPRING-20",
			"a code has at least %d letters, digits and hyphens, none at an end",
			OFFER_CODE_MIN);
	} else {
		look_at_code(l, code, str_c(o->code));
	}
	look_at_text(l, node, "offer", o->text);
	look_at_text(l, node, "disclosure", o->disclosure);
	for (size_t i = 0; i + 1 < l->offers_n; i++) {
		if (l->offers[i].code != NULL &&
			str_eq_nocase(str_c(l->offers[i].code), str_c(o->code))) {
			read_say(l, DIAG_ERROR, C_TAKEN, code, NULL,
				"there is an offer of code '%s' already (line %u)", o->code,
				(unsigned)l->offers[i].at.line);
			break;
		}
	}
}

static void gather_route_test(struct loader *l, const struct yaml_node *node, const char *file)
{
	l->route_tests = append(
		l, l->route_tests, &l->route_tests_n, &l->route_tests_cap, sizeof(*l->route_tests));
	if (l->no_memory) {
		return;
	}
	struct conf_route_test *t = &l->route_tests[l->route_tests_n - 1];
	t->place = place(node, file);
	read_defaults(l, SECTION_ROUTE_TEST, t);
	read_mapping(l, node, SECTION_ROUTE_TEST, t);
	gather_rule_names(l, below(below(node, "lead"), "rule"), file);
}

static gather_fn gatherer(const struct option *o)
{
	if (o->type == OPTION_RULES) {
		return gather_rule;
	}
	switch (o->sub) {
	case SECTION_SOURCE:
		return gather_source;
	case SECTION_RECEIVER:
		return gather_receiver;
	case SECTION_INHIBIT:
		return gather_inhibit;
	case SECTION_REFERENCE_OWNER:
		return gather_ref_owner;
	case SECTION_REGULATED:
		return gather_regulated;
	case SECTION_REFERENCE_REQUEST:
		return gather_ref_request;
	case SECTION_ROUTE_TEST:
		return gather_route_test;
	case SECTION_OFFER:
		return gather_offer;
	default:
		return gather_route;
	}
}

/* One collection of one file. */
static void gather(
	struct loader *l, const struct option *o, const struct yaml_node *node, const char *file)
{
	bool is_map = o->type == OPTION_MAP;
	if (read_is_empty(node)) {
		return; /* every entry is commented out */
	}
	if (node->kind != (is_map ? YAML_MAPPING : YAML_SEQUENCE)) {
		read_say(l, DIAG_ERROR, C_SHAPE, node, NULL, "%s must be a %s", o->key,
			is_map ? "mapping of names"
			       : "sequence: one entry a line, each after '- '");
		return;
	}
	if (is_map) {
		gather_lists(l, node, file);
		return;
	}
	gather_fn each = gatherer(o);
	for (size_t i = 0; i < node->n && !l->no_memory; i++) {
		each(l, node->items[i], file);
	}
}

static void gather_all(struct loader *l, const struct yaml_node *root, const char *file)
{
	for (size_t i = 0; root->kind == YAML_MAPPING && i < root->n; i++) {
		const struct option *o = option_find(SECTION_TOP, root->pairs[i].key->text);
		if (o != NULL && o->shared) {
			gather(l, o, root->pairs[i].value, file);
		}
	}
}

/* NULL: unreadable or not YAML, which has been said. */
/* The place says which file already. */
static const char *without_name(const char *sentence, const char *path)
{
	size_t n = strlen(path);
	return strncmp(sentence, path, n) == 0 && strncmp(sentence + n, ": ", 2) == 0
		       ? sentence + n + 2
		       : sentence;
}

static const struct yaml_node *open_file(struct loader *l, const char *path, struct buf *text)
{
	struct hark_err err;
	if (file_read(text, path, &err) != HARK_OK) {
		diags_add(l->diags, DIAG_ERROR, C_UNREADABLE, (struct diag_at){.file = path},
			STR_NONE,
			err.code == HARK_ENOENT
				? "go to its folder, name it with -c FILE, or let hark init write a first one"
			: access(path, R_OK) != 0 && errno == EACCES
				? "be the user harkd runs as: sudo -u USER hark …"
				: NULL,
			"%s", without_name(err.text, path));
		return NULL;
	}
	return yaml_read(buf_str(text), path, &l->scratch, l->diags);
}

/* Keys of the main file do not belong into conf.d, where a package or a program may write. */
static void check_shared(struct loader *l, const struct yaml_node *root)
{
	if (root->kind != YAML_MAPPING) {
		read_say(l, DIAG_ERROR, C_SHAPE, root, NULL,
			"the file must be a mapping of key: value");
		return;
	}
	for (size_t i = 0; i < root->n; i++) {
		const struct yaml_node *key = root->pairs[i].key;
		const struct option *o = option_find(SECTION_TOP, key->text);
		if (o == NULL) {
			read_unknown(l, key, SECTION_TOP);
		} else if (!o->shared) {
			read_say(l, DIAG_ERROR, C_MAIN_ONLY, key, NULL,
				"%s belongs in the main file, %s", o->key, l->conf->path);
		}
	}
}

static int is_yaml(const struct dirent *entry)
{
	struct str name = str_c(entry->d_name);
	return name.p[0] != '.' && str_ends(name, STR(".yaml"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void take_included(struct loader *l, const struct yaml_node *root, const char *file)
{
	if (root != NULL) {
		check_shared(l, root);
		gather_all(l, root, file);
	}
}

static void load_included(struct loader *l, const char *path)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	const char *file = read_keep(l, str_c(path));
	if (file != NULL) {
		take_included(l, open_file(l, file, &text), file);
	}
	secrets_hide(l->diags, path, buf_str(&text));
	buf_release(&text);
}

static void load_extra(struct loader *l)
{
	const char *file = l->extra.p != NULL ? read_keep(l, str_c(l->extra_name)) : NULL;
	if (file != NULL) {
		take_included(l, yaml_read(l->extra, file, &l->scratch, l->diags), file);
		secrets_hide(l->diags, file, l->extra);
	}
}

static void load_folder(struct loader *l)
{
	struct dirent **entries = NULL;
	const char *folder = read_join(l, STR("conf.d"));
	int n = folder != NULL ? scandir(folder, &entries, is_yaml, by_name) : 0;
	if (n < 0 && errno != ENOENT && errno != ENOTDIR) {
		struct hark_err err;
		hark_err_errno(&err, HARK_EIO, errno, "cannot list it");
		diags_add(l->diags, DIAG_ERROR, C_UNREADABLE, (struct diag_at){.file = folder},
			STR_NONE, NULL, "%s", err.text);
	}
	for (int i = 0; i < n; i++) {
		struct buf path;
		buf_init(&path, 1 << 16);
		buf_printf(&path, "%s/%s", folder, entries[i]->d_name);
		load_included(l, buf_c(&path));
		buf_release(&path);
		free(entries[i]);
	}
	free(entries);
}

static void set_store(struct loader *l, const struct yaml_node *root)
{
	struct buf text;
	const char *state = getenv("STATE_DIRECTORY");
	struct str folder = str_c(HARK_LOCALSTATEDIR);
	if (l->conf->store == NULL && yaml_get(root, "store") != NULL) {
		return; /* what is written there is wrong, and another store is not meant */
	}
	buf_init(&text, 1 << 16);
	if (l->conf->store != NULL) {
		size_t scheme = strlen("sqlite:");
		const char *path = read_join(l, str_c(l->conf->store + scheme));
		buf_printf(&text, "sqlite:%s", path != NULL ? path : "");
	} else {
		if (state != NULL && state[0] == '/') {
			struct str all = str_c(state);
			str_split(&all, ':', &folder);
		}
		buf_printf(&text, "sqlite:%.*s/hark.db", STR_FMT(folder));
	}
	l->conf->store = read_keep(l, buf_str(&text));
	buf_release(&text);
}

static void set_control(struct loader *l)
{
	struct buf text;
	buf_init(&text, 1 << 16);
	if (l->conf->control == NULL && l->conf->store != NULL) {
		const char *path = l->conf->store + strlen("sqlite:");
		const char *slash = strrchr(path, '/');
		buf_add(&text, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
		buf_add_c(&text, "hark.sock");
		l->conf->control = read_keep(l, buf_str(&text));
	}
	size_t most = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;
	if (l->conf->control != NULL && strlen(l->conf->control) > most) {
		diags_add(l->diags, DIAG_ERROR, C_RANGE, (struct diag_at){.file = l->conf->path},
			STR_NONE, "set control: to a shorter path, as in /run/hark/hark.sock",
			"the path of the control socket is longer than %zu bytes: %s", most,
			l->conf->control);
	}
	buf_release(&text);
}

/* What hangs on other values. */
static void finish(struct loader *l, const struct yaml_node *root)
{
	struct conf *c = l->conf;
	set_store(l, root);
	set_control(l);
	if (c->privacy_contact == NULL) {
		c->privacy_contact = c->contact;
	}
	for (size_t i = 0; i < l->sources_n; i++) {
		struct conf_source *s = &l->sources[i];
		if (s->spacing_ms == SPACING_DEFAULT) {
			s->spacing_ms = s->internal ? 0 : c->http_spacing_ms;
		}
		if (s->max_bytes == 0) {
			s->max_bytes = c->http_max_bytes;
		}
	}
}

static void *keep_array(struct loader *l, const void *array, size_t n, size_t size)
{
	void *copy = n > 0 ? arena_alloc(&l->conf->arena, n * size) : NULL;
	l->no_memory = l->no_memory || (n > 0 && copy == NULL);
	if (copy != NULL) {
		memcpy(copy, array, n * size);
	}
	return copy;
}

static void publish(struct loader *l)
{
	struct conf *c = l->conf;
	c->lists = keep_array(l, l->lists, l->lists_n, sizeof(*c->lists));
	c->sources = keep_array(l, l->sources, l->sources_n, sizeof(*c->sources));
	c->receivers = keep_array(l, l->receivers, l->receivers_n, sizeof(*c->receivers));
	c->inhibits = keep_array(l, l->inhibits, l->inhibits_n, sizeof(*c->inhibits));
	c->inhibits_n = l->inhibits_n;
	c->references.owners =
		keep_array(l, l->ref_owners, l->ref_owners_n, sizeof(*c->references.owners));
	c->references.owners_n = l->ref_owners_n;
	c->references.regulated =
		keep_array(l, l->regulated, l->regulated_n, sizeof(*l->regulated));
	c->references.regulated_n = l->regulated_n;
	c->references.requests =
		keep_array(l, l->ref_requests, l->ref_requests_n, sizeof(*l->ref_requests));
	c->references.requests_n = l->ref_requests_n;
	c->offers = keep_array(l, l->offers, l->offers_n, sizeof(*c->offers));
	c->offers_n = l->offers_n;
	c->route_tests = keep_array(l, l->route_tests, l->route_tests_n, sizeof(*c->route_tests));
	c->route_tests_n = l->route_tests_n;
	c->rule_names = keep_array(l, l->rule_names, l->rule_names_n, sizeof(*c->rule_names));
	c->rule_names_n = l->rule_names_n;
	c->rules = keep_array(l, l->rules, l->rules_n, sizeof(*c->rules));
	c->rules_at = keep_array(l, l->rules_at, l->rules_n, sizeof(*c->rules_at));
	struct conf_route *routes =
		l->routes_n > 0 ? arena_alloc(&c->arena, l->routes_n * sizeof(*routes)) : NULL;
	l->no_memory = l->no_memory || (l->routes_n > 0 && routes == NULL);
	for (size_t i = 0; routes != NULL && i < l->routes_n; i++) {
		routes[i] = l->routes[i].route;
	}
	c->routes = routes;
	c->lists_n = l->lists_n;
	c->sources_n = l->sources_n;
	c->receivers_n = l->receivers_n;
	c->rules_n = l->rules_n;
	c->routes_n = l->routes_n;
}

/* Beside the names that were read, in their order. */
static void place_sensitive(struct loader *l, const struct yaml_node *node, const char *file)
{
	struct conf_sensitive *s = &l->conf->sensitive;
	struct diag_at *at = arena_alloc(&l->conf->arena, (s->rules_n + 1) * sizeof(*at));
	l->no_memory = l->no_memory || at == NULL;
	for (size_t i = 0; at != NULL && i < s->rules_n; i++) {
		at[i] = place(node->kind == YAML_SEQUENCE ? node->items[i] : node, file);
	}
	s->rules_at = at;
}

static void load_main(struct loader *l)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	const struct yaml_node *root = open_file(l, l->conf->path, &text);
	read_defaults(l, SECTION_TOP, l->conf);
	if (root != NULL) {
		read_mapping(l, root, SECTION_TOP, l->conf);
		gather_all(l, root, l->conf->path);
		gather_rule_names(l, below(below(root, "unanswered"), "rules"), l->conf->path);
		const struct yaml_node *sensitive = below(root, "sensitive");
		if (l->conf->sensitive.rules_n > 0) {
			place_sensitive(l, below(sensitive, "rules"), l->conf->path);
		}
		look_at_text(l, sensitive, "by", l->conf->sensitive.by);
		look_at_text(l, sensitive, "why", l->conf->sensitive.why);
	}
	if (text.n > 0) { /* else what stands beside it is not meant */
		load_folder(l);
	}
	load_extra(l);
	if (root != NULL && root->kind == YAML_MAPPING && !l->no_memory) {
		cross_all(l, root);
		finish(l, root);
	}
	secrets_hide(l->diags, l->conf->path, buf_str(&text));
	buf_release(&text);
}

static struct conf *conf_new(const char *path)
{
	struct conf *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		return NULL;
	}
	arena_init(&c->arena, 0);
	atomic_init(&c->refs, 1);
	const char *slash = strrchr(path, '/');
	struct str dir = slash == NULL   ? STR(".")
			 : slash == path ? STR("/")
					 : str_n(path, (size_t)(slash - path));
	c->path = arena_c(&c->arena, str_c(path));
	c->base_dir = arena_c(&c->arena, dir);
	if (c->path == NULL || c->base_dir == NULL) {
		conf_unref(c);
		return NULL;
	}
	return c;
}

/* Definitions of one's own lie in `connectors` beside the configuration. */
static void add_definitions(const struct conf *c)
{
	char dir[PATH_MAX];
	int n = snprintf(dir, sizeof(dir), "%s/connectors", c->base_dir);
	if (n > 0 && n < (int)sizeof(dir)) {
		connector_add_dir(dir);
	}
}

/* `l` says how. */
static int load(struct conf **out, const char *path, struct loader *l, struct hark_err *err)
{
	size_t errors = l->diags->errors;
	*out = NULL;
	l->conf = conf_new(path);
	if (l->conf == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "%s: no memory to read it", path);
	}
	add_definitions(l->conf);
	arena_init(&l->scratch, 0);
	load_main(l);
	publish(l);
	arena_release(&l->scratch);
	errors = l->diags->errors - errors;
	if (l->no_memory) {
		conf_unref(l->conf);
		return hark_err_set(err, HARK_ENOMEM, "%s: no memory to read it", path);
	}
	*out = l->conf;
	return errors == 0 ? HARK_OK
			   : hark_err_set(err, HARK_EPARSE, "%s: %s in the configuration", path,
				     COUNT(errors, "error"));
}

int conf_read(struct conf **out, const char *path, struct diags *diags, struct hark_err *err)
{
	struct loader l = {.diags = diags};
	return load(out, path, &l, err);
}

int conf_read_running(struct conf **out, const char *path, const struct conf *running,
	struct diags *diags, struct hark_err *err)
{
	struct loader l = {.diags = diags, .is_daemon = true, .running = running};
	return load(out, path, &l, err);
}

int conf_load(struct conf **out, const char *path, struct diags *diags, struct hark_err *err)
{
	return conf_load_with(out, path, STR_NONE, NULL, diags, err);
}

int conf_load_with(struct conf **out, const char *path, struct str extra, const char *extra_name,
	struct diags *diags, struct hark_err *err)
{
	struct conf *c = NULL;
	struct loader l = {.diags = diags, .extra = extra, .extra_name = extra_name};
	int rc = load(&c, path, &l, err);
	if (rc != HARK_OK) {
		conf_unref(c);
		return rc;
	}
	*out = c;
	return HARK_OK;
}

static struct strs words_of(struct arena *arena, const char *const *texts, size_t n)
{
	struct strs out = {arena_alloc(arena, (n + 1) * sizeof(*out.v)), 0};
	for (size_t i = 0; out.v != NULL && i < n; i++) {
		out.v[out.n++] = str_c(texts[i]);
	}
	return out;
}

static bool requires(const struct conf_list *list, const char *what)
{
	for (size_t i = 0; i < list->require_n; i++) {
		if (strcmp(list->require[i], what) == 0) {
			return true;
		}
	}
	return false;
}

static struct list_options options_of(struct arena *arena, const struct conf_list *list)
{
	return (struct list_options){.no_variants = !list->variants || !list->class,
		.no_class = !list->class,
		.need_case = requires(list, "case"),
		.need_context = requires(list, "context"),
		.need_handle = requires(list, "handle"),
		.context = words_of(arena, list->context, list->context_n),
		.forbid = words_of(arena, list->forbid, list->forbid_n)};
}

int conf_rules_source(
	const struct conf *c, struct arena *arena, struct rules_source *out, struct hark_err *err)
{
	struct rules_list *lists = arena_alloc(arena, (c->lists_n + 1) * sizeof(*lists));
	if (lists == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "%s: no memory for its lists", c->path);
	}
	size_t n = 0;
	for (size_t i = 0; i < c->lists_n; i++) {
		const struct conf_list *list = &c->lists[i];
		if (list->name != NULL && (list->file != NULL || list->from != NULL)) {
			lists[n++] = (struct rules_list){.name = list->name,
				.file = list->file,
				.from = list->from,
				.where = list->where,
				.options = options_of(arena, list),
				.at = list->at};
		}
	}
	struct rules_records *records = arena_alloc(arena, sizeof(*records));
	if (arena->rc != HARK_OK) {
		return hark_err_set(err, HARK_ENOMEM, "%s: no memory for its lists", c->path);
	}
	*records = (struct rules_records){store_listed_each, (void *)c->store};
	*out = (struct rules_source){.paths = c->rules,
		.paths_n = c->rules_n,
		.paths_at = c->rules_at,
		.lists = lists,
		.lists_n = n,
		.base_dir = c->base_dir,
		.packs_dir = conf_packs_dir(),
		.records = c->store != NULL ? records : NULL,
		.opened = c->sensitive.rules,
		.opened_n = c->sensitive.rules_n,
		.opened_at = c->sensitive.rules_at};
	return HARK_OK;
}

struct conf *conf_ref(struct conf *c)
{
	atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
	return c;
}

void conf_unref(struct conf *c)
{
	if (c != NULL && atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) == 1) {
		arena_release(&c->arena);
		free(c);
	}
}
