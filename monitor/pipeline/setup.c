#include "monitor/pipeline/setup.h"

#include "connectors/registry.h"
#include "monitor/base/log.h"
#include "monitor/pipeline/rule_names.h"
#include "rules/fold.h"

#include <pthread.h>
#include <stdlib.h>

static int load_rules(struct setup *s, struct diags *diags, struct hark_err *err)
{
	struct rules_source source;
	struct arena arena;
	arena_init(&arena, 0);
	int rc = conf_rules_source(s->conf, &arena, &source, err);
	if (rc == HARK_OK) {
		rc = ruleset_load(&s->rules, &source, diags, err);
	}
	if (rc == HARK_OK) {
		rule_names_check(s->conf, s->rules, DIAG_WARNING, diags);
	}
	arena_release(&arena);
	return rc;
}

/* A failure is said where the table is needed. */
static void *make_table(void *unused)
{
	fold_init();
	return unused;
}

/* The first time, the rules' table of characters takes as long to make as the configuration to read. */
static int read_conf(struct conf **out, const char *path, bool runs, const struct conf *running,
	struct diags *diags, struct hark_err *err)
{
	pthread_t helper;
	bool helped = pthread_create(&helper, NULL, make_table, NULL) == 0;
	int rc = runs ? conf_read_running(out, path, running, diags, err)
		      : conf_read(out, path, diags, err);
	if (helped) {
		pthread_join(helper, NULL);
	}
	return rc;
}

static void say_unused(void *ctx, const struct hark_err *why)
{
	(void)ctx;
	log_warn("%s", why->text);
}

static int load(struct setup **out, const char *path, bool runs, const struct conf *running,
	struct diags *diags, struct hark_err *err)
{
	struct setup *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the configuration");
	}
	atomic_init(&s->refs, 1);
	struct hark_err later = {0};
	int rc = read_conf(&s->conf, path, runs, running, diags, err);
	if (s->conf != NULL) { /* a broken one too: everything that is wrong is said at once */
		int rules_rc = load_rules(s, diags, rc == HARK_OK ? err : &later);
		rc = rc == HARK_OK ? rules_rc : rc;
	}
	if (rc != HARK_OK) {
		setup_unref(s);
		return rc;
	}
	connector_report(say_unused, NULL);
	*out = s;
	return HARK_OK;
}

int setup_load(struct setup **out, const char *path, struct diags *diags, struct hark_err *err)
{
	return load(out, path, false, NULL, diags, err);
}

int setup_load_running(struct setup **out, const char *path, const struct conf *running,
	struct diags *diags, struct hark_err *err)
{
	return load(out, path, true, running, diags, err);
}

struct setup *setup_with_who(const struct setup *s, struct who *who)
{
	struct setup *fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL) {
		who_unref(who);
		return NULL;
	}
	atomic_init(&fresh->refs, 1);
	fresh->conf = conf_ref(s->conf);
	fresh->rules = ruleset_ref(s->rules);
	fresh->who = who;
	return fresh;
}

struct setup *setup_ref(struct setup *s)
{
	atomic_fetch_add(&s->refs, 1);
	return s;
}

void setup_unref(struct setup *s)
{
	if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1) {
		return;
	}
	who_unref(s->who);
	ruleset_unref(s->rules);
	conf_unref(s->conf);
	free(s);
}
