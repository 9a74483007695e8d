/* Sources and setup of the running daemon: built aside, swapped whole. */

#include "monitor/base/count.h"
#include "monitor/daemon_parts.h"

#include "monitor/base/clock.h"
#include "monitor/base/listen.h"
#include "monitor/base/log.h"
#include "monitor/base/notify_systemd.h"
#include "monitor/config/load.h"
#include "monitor/pipeline/budget.h"
#include "monitor/pipeline/loaded.h"
#include "monitor/store/audit.h"
#include "monitor/store/imports.h"
#include "monitor/store/sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct named_source {
	UT_hash_handle hh;
	struct source *source;
};

struct memory_reader {
	struct named_source *by_name;
	bool no_memory;
};

static bool take_memory(void *ctx, struct str name, const struct source_state *state)
{
	struct memory_reader *r = ctx;
	struct named_source *n = NULL;
	HASH_FIND(hh, r->by_name, name.p, name.n, n);
	if (n == NULL) {
		return true; /* of a source that is not in the configuration any more */
	}
	struct source_state *packed = source_state_pack(state);
	if (packed == NULL) {
		r->no_memory = true;
		return false;
	}
	free(n->source->state);
	n->source->state = packed;
	source_settle_in(n->source);
	if (packed->plain_due_ms > 0) { /* what its hub told of while harkd was down is lost */
		packed->due_ms = packed->plain_due_ms;
		packed->plain_due_ms = 0;
	}
	return true;
}

/* What is remembered of each source, in one pass over the rows. */
static int load_memory(struct daemon *d, struct source **sources, size_t n, struct hark_err *err)
{
	struct memory_reader r = {0};
	struct named_source *names = calloc(n + 1, sizeof(*names));
	if (names == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
	}
	for (size_t i = 0; i < n; i++) {
		const char *name = sources[i]->conf->name;
		names[i].source = sources[i];
		HASH_ADD_KEYPTR(hh, r.by_name, name, strlen(name), &names[i]);
		r.no_memory |= names[i].hh.tbl == NULL;
	}
	int rc = store_source_each(d->reader, take_memory, &r, err);
	store_forget_pages(d->reader);
	if (r.no_memory) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
	}
	HASH_CLEAR(hh, r.by_name);
	free(names);
	return rc;
}

struct starting {
	struct source **sources;
	size_t n;
};

static int charge(struct store *store, void *arg, struct hark_err *err)
{
	const struct starting *s = arg;
	int64_t now_ms = clock_wall_ms();
	int rc = HARK_OK;
	for (size_t i = 0; i < s->n && rc == HARK_OK; i++) {
		struct source *src = s->sources[i];
		if (budget_restart(src, now_ms)) {
			rc = store_source_save_spent(
				store, str_c(src->conf->name), src->state, err);
		}
	}
	return rc;
}

/* On the disk before anybody is asked, so that no series of crashes asks more than a day's budget. */
static int charge_budgets(struct daemon *d, struct source **sources, size_t n, struct hark_err *err)
{
	struct starting starting = {sources, n};
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		any |= sources[i]->cost.per_day > 0;
	}
	return any ? writer_call(d->writer, charge, &starting, err) : HARK_OK;
}

static void free_sources(struct source **sources, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		source_free(sources[i]);
	}
	free(sources);
}

int daemon_install_sources(struct daemon *d, struct setup *setup, bool starts, struct hark_err *err)
{
	size_t n = setup->conf->sources_n;
	struct source **sources = calloc(n + 1, sizeof(*sources));
	int rc = sources != NULL ? HARK_OK
				 : hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
	size_t i = 0;
	for (; i < n && rc == HARK_OK; i++) {
		rc = source_new(&sources[i], setup, i, err);
	}
	if (rc == HARK_OK) {
		rc = load_memory(d, sources, n, err);
	}
	if (rc == HARK_OK && starts) {
		rc = charge_budgets(d, sources, n, err);
	}
	if (rc == HARK_OK) {
		rc = inlet_set_sources(d->inlet, sources, n, err);
	}
	if (rc == HARK_OK) {
		rc = scheduler_install(d->scheduler, sources, n);
	}
	if (rc != HARK_OK) {
		free_sources(sources, i);
	}
	return rc;
}

struct fetch_options daemon_fetch_options(
	struct daemon *d, const struct conf *c, char agent[CONF_AGENT_MAX])
{
	conf_user_agent(c, agent);
	return (struct fetch_options){
		.user_agent = agent,
		.parallel = c->http_parallel,
		.per_host = c->http_per_host,
		.timeout_ms = c->http_timeout_ms,
		.connect_timeout_ms = c->http_connect_timeout_ms,
		.tick = daemon_tick,
		.tick_ctx = d,
	};
}

static int refuse_moved_store(struct daemon *d, const struct setup *fresh, struct hark_err *err)
{
	if (strcmp(fresh->conf->store, d->setup->conf->store) != 0) {
		return hark_err_set(
			err, HARK_EINVAL, "the store cannot change while harkd runs: restart it");
	}
	return HARK_OK;
}

static bool same_text(const char *a, const char *b)
{
	return str_eq(str_c(a), str_c(b));
}

static void waits(struct daemon *d, struct diags *diags, const struct conf *conf, const char *key,
	const char *till)
{
	size_t n = strlen(d->restart_for);
	diags_add(diags, DIAG_WARNING, C_RESTART, (struct diag_at){.file = conf->path}, STR_NONE,
		"restart harkd", "%s has changed: that takes a restart%s", key, till);
	snprintf(d->restart_for + n, sizeof(d->restart_for) - n, "%s%s%s", n > 0 ? "; " : "", key,
		till);
}

/* Why nobody could listen there after a restart, into `out`; "" where it can be done, or is not to be tried: a unix
 * socket would take the place of another's. */
static void try_address(const char *at, bool beyond, char *out, size_t size)
{
	union listen_address a;
	socklen_t len = 0;
	struct hark_err err = {0};
	out[0] = '\0';
	if (at == NULL || listen_check(at, beyond, &a, &len, &err) != HARK_OK ||
		a.any.sa_family == AF_UNIX) {
		return;
	}
	int fd = listen_open(&a, len, at, &err);
	if (fd >= 0) {
		close(fd);
	} else {
		snprintf(out, size, ", which would fail: %s", err.text);
	}
}

/* What is set up once, at the start. */
static void say_what_waits(struct daemon *d, const struct conf *fresh, struct diags *diags)
{
	char why[600];
	d->restart_for[0] = '\0';
	if (!same_text(fresh->http_listen, d->http_at)) {
		try_address(fresh->http_listen, fresh->http_behind_tls, why, sizeof(why));
		waits(d, diags, fresh, "http.listen", why);
	}
	if (fresh->workers != d->workers_asked) {
		waits(d, diags, fresh, "workers", "");
	}
	if (!same_text(fresh->control, d->control_path)) {
		waits(d, diags, fresh, "control", ", until then hark does not reach this daemon");
	}
}

void daemon_remember_rules(struct daemon *d)
{
	struct hark_err err;
	if (loaded_save(d->setup->conf->store, d->setup->rules, clock_wall_ms(), &err) != HARK_OK) {
		log_warn(
			"which rules are loaded could not be stored, hark rules diff compares with "
			"older ones: %s",
			err.text);
	}
}

static int add_note(struct store *s, void *arg, struct hark_err *err)
{
	(void)err; /* a failure is the transaction's */
	store_audit_add(s, arg);
	return HARK_OK;
}

void daemon_note(
	struct daemon *d, struct str by, struct str action, struct str target, struct str note)
{
	struct hark_err err = {0};
	struct audit_entry entry = {.actor = by, .action = action, .target = target, .note = note};
	if (writer_call(d->writer, add_note, &entry, &err) != HARK_OK) {
		log_warn("'%.*s' is not in the audit trail: %s", STR_FMT(action), err.text);
	}
}

void daemon_note_sensitive(struct daemon *d)
{
	const struct conf_sensitive *s = &d->setup->conf->sensitive;
	for (size_t i = 0; i < s->rules_n; i++) {
		daemon_note(d, str_c(s->by), STR("sensitive opt-in"), str_c(s->rules[i]),
			str_c(s->why));
	}
}

int daemon_reload(struct daemon *d, struct diags *diags, struct hark_err *err)
{
	struct setup *fresh = NULL;
	systemd_notify("RELOADING=1");
	int rc = setup_load_running(&fresh, d->options->config, d->setup->conf, diags, err);
	if (rc == HARK_OK) {
		rc = refuse_moved_store(d, fresh, err);
	}
	if (rc == HARK_OK) {
		rc = daemon_install_sources(d, fresh, false, err);
	}
	if (rc == HARK_OK) {
		say_what_waits(d, fresh->conf, diags);
		fresh = daemon_meet_people(d, fresh);
		daemon_set_setup(d, setup_ref(fresh));
		notify_set_conf(d->notify, fresh->conf);
		char agent[CONF_AGENT_MAX];
		const struct fetch_options fetching = daemon_fetch_options(d, fresh->conf, agent);
		fetch_set_options(d->fetch, &fetching);
		websub_look(d->websub);
		log_info("reloaded: %s, %s", COUNT(fresh->conf->sources_n, "source"),
			COUNT(ruleset_count(fresh->rules), "rule"));
		d->reload_error[0] = '\0';
		daemon_remember_rules(d);
		daemon_note_sensitive(d);
	} else {
		log_error("not reloaded, the old configuration stays: %s", err->text);
		snprintf(d->reload_error, sizeof(d->reload_error), "%.*s",
			(int)sizeof(d->reload_error) - 1, err->text);
	}
	d->reload_ms = clock_wall_ms();
	setup_unref(fresh);
	systemd_notify("READY=1");
	return rc;
}

void daemon_reload_for(struct daemon *d, const char *what)
{
	struct diags diags;
	char note[100];
	struct hark_err err = {0};
	log_info("%s", what);
	diags_init(&diags);
	bool well = daemon_reload(d, &diags, &err) == HARK_OK; /* says itself how it went */
	snprintf(note, sizeof(note), "%s%s", what, well ? "" : ": refused");
	daemon_note(d, STR_NONE, STR("reload"), STR_NONE, str_c(note));
	diags_print(&diags, stderr, false);
	diags_release(&diags);
}

/* An import is there whole or not at all: nothing to wait for. */
static bool records_changed(struct daemon *d)
{
	int64_t now = store_import_mark(d->reader);
	bool changed = now != d->imports_seen;
	d->imports_seen = now;
	return changed && ruleset_uses_records(d->setup->rules);
}

void daemon_watch_lists(struct daemon *d)
{
	uint64_t loaded = ruleset_lists_mark(d->setup->rules, false);
	uint64_t now = ruleset_lists_mark(d->setup->rules, true);
	bool still = now == d->lists_seen;
	d->lists_seen = now;
	if (now != loaded && still && now != d->lists_tried) {
		d->lists_tried = now;
		daemon_reload_for(d, "a list has changed");
	} else if (records_changed(d)) {
		daemon_reload_for(d, "the records of people and accounts have changed");
	}
}
