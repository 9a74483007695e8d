/* New sources over HTTP: what a web page announces, what an entry would give, and the entry in the file that
 * `hark sources add` keeps.
 *
 * Whoever is an admin here need not own the machine: an entry over HTTP starts no program, reads no file, and
 * names secrets by the environment or as a credential of the service. */
#include "monitor/api/sources_in.h"

#include "connectors/registry.h"
#include "monitor/api/trial_view.h"
#include "monitor/config/source_name.h"
#include "monitor/config/sources_file.h"
#include "monitor/config/values.h"
#include "monitor/pipeline/by_hand.h"
#include "monitor/pipeline/find_feed.h"

#include <stdlib.h>

#define URL_MAX 4096
#define NAME_MAX_BYTES 64
#define VALUE_MAX 2000
#define PAIRS_MAX 20
#define REPLY_MAX (4u << 20)
#define FILE_MAX_BYTES 65536
#define TRY_REQUESTS_MAX 5
#define TRY_RECORDS_MAX 20
#define INTERNAL_WORD "\"internal\": true"

/* What somebody else's server did is not a failure of ours. */
static void fail_outside(struct call *c, const struct hark_err *err)
{
	bool is_theirs =
		err->code == HARK_ENET || err->code == HARK_ENOENT || err->code == HARK_EAUTH;
	if (is_theirs) {
		call_refuse(c, 422, "%s", err->text);
	} else {
		call_fail(c, err);
	}
}

/* ---- finding ---- */

static void write_found(struct call *c, const struct found_feeds *found)
{
	struct conf *conf = c->setup->conf;
	jsonout_object(&c->j);
	jsonout_key(&c->j, "found");
	jsonout_array(&c->j);
	for (size_t i = 0; i < found->n; i++) {
		const struct found_feed *f = &found->v[i];
		const struct conf_source *known = sources_file_holder(conf, f->url, STR_NONE);
		char name[SOURCE_NAME_MAX];
		source_name_make(f->title, f->url, source_name_is_taken, conf, name);
		jsonout_object(&c->j);
		found_feed_members(&c->j, f);
		jsonout_key_c(&c->j, "name", known == NULL ? name : NULL);
		jsonout_key_c(&c->j, "known_as", known != NULL ? known->name : NULL);
		jsonout_end_object(&c->j);
	}
	jsonout_end_array(&c->j);
	jsonout_end_object(&c->j);
}

static int find(struct call *c, struct str url, bool internal, struct found_feeds *found,
	struct hark_err *err)
{
	char agent[CONF_AGENT_MAX];
	const struct conf *conf = c->setup->conf;
	const struct find_options options = {internal, INTERNAL_WORD};
	int rc = by_hand_may_ask(conf, internal, options.internal_word, err);
	struct fetch *fetch = rc == HARK_OK ? fetch_by_hand(conf, agent, err) : NULL;
	if (fetch == NULL) {
		return err->code;
	}
	if (api_hold_fetch(c->api, fetch)) {
		rc = find_feeds(fetch, url, &options, c->arena, found, err);
		api_let_go(c->api, fetch);
	} else {
		rc = hark_err_set(err, HARK_EPIPE, "harkd stops");
	}
	fetch_free(fetch);
	return rc;
}

void sources_find_feeds(struct call *c)
{
	static const char *const members[] = {"url", "internal", NULL};
	struct hark_err err = {0};
	struct found_feeds found;
	struct str typed;
	struct buf url;
	bool internal = false;
	if (!call_knows(c, members) || !call_line(c, "url", URL_MAX, &typed) ||
		!call_bool(c, "internal", &internal)) {
		return;
	}
	buf_init(&url, 2 * URL_MAX);
	if (typed.n == 0) {
		call_refuse(c, 422, "'url' is the address of a web page or of a feed");
	} else if (find_address(typed, &url, &err) != HARK_OK) {
		call_refuse(c, 422, "'url': %s", err.text);
	} else if (find(c, buf_str(&url), internal, &found, &err) != HARK_OK) {
		fail_outside(c, &err);
	} else {
		write_found(c, &found);
		call_answer(c, 200);
	}
	buf_release(&url);
}

/* ---- an entry ---- */

struct wish {
	struct source_entry entry;
	struct hark_pair vars[PAIRS_MAX], secrets[PAIRS_MAX];
	char name[SOURCE_NAME_MAX]; /* made, where none was said */
	bool dry_run;
	struct conf *conf; /* owned: the configuration on the disk with the entry in it */
	size_t at;         /* of the entry's source there */
};

/* An object of texts. False: the call is answered. */
static bool read_pairs(
	struct call *c, const char *member, struct hark_pair out[PAIRS_MAX], size_t *n)
{
	json_t *object = json_object_get(c->body, member), *value;
	const char *key;
	bool well = object == NULL || json_is_object(object);
	*n = 0;
	json_object_foreach(object, key, value)
	{
		const char *text = json_string_value(value);
		well = well && text != NULL && strlen(text) <= VALUE_MAX && *n < PAIRS_MAX;
		if (well && text[0] != '\0') {
			out[(*n)++] = (struct hark_pair){key, text};
		}
	}
	if (!well) {
		call_refuse(c, 422,
			"'%s' holds at most %d texts of at most %d bytes, each under its name",
			member, PAIRS_MAX, VALUE_MAX);
	}
	return well;
}

static bool read_texts(struct call *c, struct source_entry *e)
{
	return call_line(c, "name", NAME_MAX_BYTES, &e->name) &&
	       call_line(c, "url", URL_MAX, &e->url) &&
	       call_line(c, "connector", NAME_MAX_BYTES, &e->connector) &&
	       call_line(c, "every", 40, &e->every);
}

/* Where a secret is. False: the call is answered. */
static bool check_secrets(struct call *c, const struct source_entry *e)
{
	for (size_t i = 0; i < e->secrets_n; i++) {
		struct conf_secret where = {0};
		struct hark_err err = {0};
		if (value_secret(str_c(e->secrets[i].value), &where, &err) != HARK_OK) {
			call_refuse(c, 422, "secret '%s': %s", e->secrets[i].name, err.text);
			return false;
		}
		if (where.from == SECRET_FILE) {
			call_refuse(c, 422,
				"secret '%s': over HTTP a secret is env:NAME or credential:NAME; one that "
				"is in a file is named in the configuration itself",
				e->secrets[i].name);
			return false;
		}
	}
	return true;
}

static bool has_list(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->lists_n; i++) {
		if (strcmp(conf->lists[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

/* Lists by their names, never by a path. False: the call is answered. */
static bool check_lists(struct call *c, const struct source_entry *e)
{
	const char *name = arena_c(c->arena, e->connector.n > 0 ? e->connector : STR("feed"));
	const struct hark_connector *connector = name != NULL ? connector_find(name) : NULL;
	const struct hark_setting *s = connector != NULL ? connector->settings : NULL;
	for (; s != NULL && s->name != NULL; s++) {
		for (size_t i = 0; i < e->vars_n; i++) {
			if (s->type == HARK_SETTING_LIST && strcmp(e->vars[i].name, s->name) == 0 &&
				!has_list(c->setup->conf, e->vars[i].value)) {
				call_refuse(c, 422,
					"'%s' is the name of a list of the configuration; there is none called "
					"'%s'",
					s->name, e->vars[i].value);
				return false;
			}
		}
	}
	return true;
}

/* False: the call is answered. */
static bool read_wish(struct call *c, struct wish *w)
{
	static const char *const members[] = {"name", "url", "connector", "vars", "secrets",
		"every", "internal", "accept_terms", "dry_run", NULL};
	struct source_entry *e = &w->entry;
	struct buf url;
	bool well = call_knows(c, members) && read_texts(c, e) &&
		    call_bool(c, "internal", &e->internal) &&
		    call_bool(c, "accept_terms", &e->accepts_terms) &&
		    call_bool(c, "dry_run", &w->dry_run) &&
		    read_pairs(c, "vars", w->vars, &e->vars_n) &&
		    read_pairs(c, "secrets", w->secrets, &e->secrets_n);
	e->vars = w->vars;
	e->secrets = w->secrets;
	if (well && e->url.n == 0 && e->connector.n == 0) {
		call_refuse(c, 422, "say a 'url' or a 'connector'");
		return false;
	}
	if (!well || !check_secrets(c, e) || !check_lists(c, e)) {
		return false;
	}
	if (e->url.n > 0) {
		buf_init(&url, 2 * URL_MAX);
		find_address(
			e->url, &url, NULL); /* what is wrong with it, the configuration says */
		e->url = arena_str(c->arena, buf_str(&url));
		buf_release(&url);
	}
	if (e->name.n == 0) {
		source_name_make(
			e->connector, e->url, source_name_is_taken, c->setup->conf, w->name);
		e->name = str_c(w->name);
	}
	return true;
}

#define NEW_FILE "the new source"

/* The first error, rather one of the entry than one elsewhere, which it may bring about all the same. */
static int say_error(const struct diags *diags, struct hark_err *err)
{
	const struct diag *first = NULL;
	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *d = &diags->v[i];
		bool is_new = d->at.file != NULL && strcmp(d->at.file, NEW_FILE) == 0;
		if (d->level == DIAG_ERROR && is_new) {
			return hark_err_set(err, HARK_EINVAL, "%s", d->message);
		}
		first = first == NULL && d->level == DIAG_ERROR ? d : first;
	}
	return hark_err_set(err, HARK_EINVAL, "%s:%u: %s (hark check says all)",
		first->at.file != NULL ? first->at.file : "the configuration", first->at.line,
		first->message);
}

/* The configuration on the disk with the entry in it, whole and sound. */
static int load_with(struct call *c, struct wish *w, struct hark_err *err)
{
	struct diags diags;
	struct buf text;
	const struct conf *now = c->setup->conf;
	diags_init(&diags);
	buf_init(&text, FILE_MAX_BYTES);
	buf_add_c(&text, "sources:\n");
	sources_file_entry(&text, &w->entry);
	int rc = text.rc != HARK_OK ? hark_err_set(err, text.rc, "the entry is too long")
				    : conf_load_with(&w->conf, now->path, buf_str(&text), NEW_FILE,
					      &diags, err);
	if (rc != HARK_OK && diags.errors > 0) {
		rc = say_error(&diags, err);
	}
	diags_release(&diags);
	buf_release(&text);
	return rc;
}

static int check_wish(struct call *c, struct wish *w, struct hark_err *err)
{
	const struct source_entry *e = &w->entry;
	int rc = load_with(c, w, err);
	if (rc != HARK_OK) {
		return rc;
	}
	while (w->at < w->conf->sources_n && !str_eq_c(e->name, w->conf->sources[w->at].name)) {
		w->at++;
	}
	if (w->at == w->conf->sources_n) {
		return hark_err_set(err, HARK_EINVAL, "the entry makes no source");
	}
	const struct conf_source *known =
		e->url.n > 0 ? sources_file_holder(w->conf, e->url, e->name) : NULL;
	if (known != NULL) {
		return hark_err_set(err, HARK_ESTATE, "it is there already: '%s'", known->name);
	}
	const struct conf_source *s = &w->conf->sources[w->at];
	if (s->local && !s->pushed) {
		return hark_err_set(err, HARK_EAUTH,
			"a source of the connector '%s' runs a program or reads files of hark's machine: "
			"only the configuration itself may say that",
			s->connector);
	}
	return HARK_OK;
}

/* ---- adding ---- */

struct added {
	const struct wish *wish;
	const char *file;
	struct reloaded reloaded;
};

void sources_write_reloaded(struct jsonout *j, const struct reloaded *r)
{
	jsonout_key_bool(j, "reloaded", r->well);
	jsonout_key_str(j, "reload_error", r->error);
}

static void write_added(struct jsonout *j, const struct added *a)
{
	struct buf yaml;
	buf_init(&yaml, FILE_MAX_BYTES);
	sources_file_entry(&yaml, &a->wish->entry);
	jsonout_object(j);
	jsonout_key_str(j, "name", a->wish->entry.name);
	jsonout_key_str(j, "url", a->wish->entry.url);
	jsonout_key_c(j, "file", a->file);
	jsonout_key_str(j, "yaml", buf_str(&yaml));
	jsonout_key_bool(j, "added", !a->wish->dry_run);
	sources_write_reloaded(j, &a->reloaded);
	jsonout_end_object(j);
	buf_release(&yaml);
}

/* On the writer's thread. */
static int note_added(struct store *s, struct call *c, struct hark_err *err)
{
	(void)s;
	(void)err;
	write_added(&c->j, c->write_arg);
	return HARK_OK;
}

void sources_reread(struct call *c, struct reloaded *r)
{
	struct hark_err err = {0};
	struct buf reply;
	json_t *said = NULL;
	buf_init(&reply, REPLY_MAX);
	if (call_ask_daemon(c, "reload", NULL, false, &reply, &err) == HARK_OK) {
		said = json_read(buf_str(&reply), &err);
	}
	r->well = json_bool(said, "ok", false);
	if (!r->well) {
		r->error = arena_str(
			c->arena, said != NULL ? json_str(said, "error") : str_c(err.text));
	}
	json_decref(said);
	buf_release(&reply);
}

/* Under systemd the configuration is not harkd's to write, unless somebody says so. */
void sources_say_unwritable(struct hark_err *err)
{
	if (err->code == HARK_EIO) {
		hark_err_wrap(err, "harkd may not write there: use hark sources, or let it");
		err->code = HARK_ESTATE;
	}
}

/* The file is changed before the answer is kept: a change that is there is never denied. */
static void add(struct call *c, struct wish *w)
{
	struct hark_err err = {0};
	char *path = sources_file_path(w->conf);
	struct added a = {.wish = w, .file = path};
	int rc = path != NULL ? HARK_OK : hark_err_set(&err, HARK_ENOMEM, "no memory");
	if (rc == HARK_OK && w->dry_run) {
		write_added(&c->j, &a);
		call_answer(c, 200);
	} else if (rc == HARK_OK) {
		rc = sources_file_change(w->conf, &w->entry, 1, NULL, &err);
		if (rc == HARK_OK) {
			sources_reread(c, &a.reloaded);
			c->arg = w->entry.name; /* what the trail says it is about */
			call_write(c, note_added, &a);
		} else {
			sources_say_unwritable(&err);
		}
	}
	if (rc != HARK_OK) {
		call_fail(c, &err);
	}
	free(path);
}

void sources_add(struct call *c)
{
	struct hark_err err = {0};
	struct wish w = {0};
	if (!read_wish(c, &w) || (!w.dry_run && call_replayed(c))) {
		return;
	}
	if (check_wish(c, &w, &err) == HARK_OK) {
		add(c, &w);
	} else {
		call_fail(c, &err);
	}
	conf_unref(w.conf);
}

/* ---- removing ---- */

struct removed {
	const char *name;
	struct reloaded reloaded;
};

/* On the writer's thread. */
static int note_removed(struct store *s, struct call *c, struct hark_err *err)
{
	const struct removed *r = c->write_arg;
	(void)s;
	(void)err;
	jsonout_object(&c->j);
	jsonout_key_c(&c->j, "removed", r->name);
	sources_write_reloaded(&c->j, &r->reloaded);
	jsonout_end_object(&c->j);
	return HARK_OK;
}

void sources_remove(struct call *c)
{
	static const char *const nothing[] = {NULL};
	const struct conf_source *source;
	struct hark_err err = {0};
	if (!call_knows(c, nothing) || call_replayed(c) || !sources_named(c, &source)) {
		return;
	}
	struct removed r = {.name = source->name};
	if (sources_file_remove(c->setup->conf, source, &err) != HARK_OK) {
		sources_say_unwritable(&err);
		call_fail(c, &err);
		return;
	}
	sources_reread(c, &r.reloaded);
	call_write(c, note_removed, &r);
}

/* ---- trying ---- */

static void answer_trial(struct call *c, const struct trial *t)
{
	struct trial_records all;
	if (trial_records_gather(&all, t) == HARK_OK) {
		trial_view_json(&c->j, t, &all, TRY_RECORDS_MAX);
		call_answer(c, 200);
	} else {
		call_refuse(c, 503, "no memory to show what came of it");
	}
	trial_records_release(&all);
}

static void try_one(struct call *c, struct setup *setup, size_t at)
{
	struct hark_err err = {0};
	struct trial t;
	const struct trial_options options = {
		.requests_max = TRY_REQUESTS_MAX, .stop = api_stopping(c->api)};
	if (trial_run(&t, setup, at, &options, &err) == HARK_OK) {
		answer_trial(c, &t);
	} else {
		call_fail(c, &err);
	}
	trial_release(&t);
}

void sources_try(struct call *c)
{
	static const char *const nothing[] = {NULL};
	const struct conf_source *source;
	if (call_knows(c, nothing) && sources_named(c, &source)) {
		try_one(c, c->setup, (size_t)(source - c->setup->conf->sources));
	}
}

void sources_try_new(struct call *c)
{
	struct hark_err err = {0};
	struct wish w = {0};
	if (!read_wish(c, &w)) {
		return;
	}
	if (check_wish(c, &w, &err) == HARK_OK) {
		struct setup setup = {.refs = 1, .conf = w.conf};
		try_one(c, &setup, w.at);
	} else {
		call_fail(c, &err);
	}
	conf_unref(w.conf);
}
