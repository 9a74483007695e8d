/* GET /metrics, for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/, text format 0.0.4.
 *
 * Base units, counters end in _total, and no label holds what a stranger wrote: states, kinds of results, and the
 * names that sources have in the configuration, of SOURCES_MAX sources at most. */
#include "monitor/api/api_in.h"

#include "monitor/base/clock.h"
#include "monitor/store/leads.h"
#include "monitor/store/outbox.h"
#include "monitor/store/sources.h"

#define REPLY_MAX (4u << 20)
#define SOURCES_MAX 1000

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void plain(
	struct buf *out, const char *name, const char *type, int64_t value, const char *help)
{
	head(out, name, type, help);
	buf_printf(out, "%s %lld\n", name, (long long)value);
}

static void labelled(
	struct buf *out, const char *name, const char *label, const char *is, int64_t value)
{
	buf_printf(out, "%s{%s=\"%s\"} %lld\n", name, label, is, (long long)value);
}

/* What the daemon counts since its start, by the names it has in its status. */
static const struct {
	const char *in_status, *name, *help;
} counters[] = {
	{"polls", "hark_polls_total", "Answers of sources that were stored."},
	{"signals", "hark_signals_total", "Findings of rules in posts."},
	{"leads", "hark_leads_raised_total", "Leads that were raised."},
	{"leads_joined", "hark_leads_joined_total", "Findings that joined a lead that was there."},
	{"historic", "hark_leads_historic_total", "Leads of first polls, which alert nobody."},
	{"alerts", "hark_alerts_total", "Alerts that were made, a lead and a receiver each."},
	{"commits", "hark_commits_total", "Transactions of the writer."},
};

static void write_status(struct buf *out, const json_t *s)
{
	const json_t *sources = json_object_get(s, "sources");
	int64_t started_ms = 0, reloaded_ms = 0;
	clock_parse_rfc3339(json_str(s, "started"), &started_ms);
	clock_parse_rfc3339(json_str(s, "reloaded"), &reloaded_ms);
	head(out, "hark_build_info", "gauge", "The version that runs.");
	buf_printf(out, "hark_build_info{version=\"%.*s\"} 1\n", STR_FMT(json_str(s, "version")));
	plain(out, "hark_start_time_seconds", "gauge", started_ms / 1000,
		"When the daemon started.");
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		plain(out, counters[i].name, "counter", json_i64(s, counters[i].in_status, 0),
			counters[i].help);
	}
	head(out, "hark_posts_total", "counter", "Posts that were stored, by what they were.");
	labelled(out, "hark_posts_total", "what", "new", json_i64(s, "posts", 0));
	labelled(out, "hark_posts_total", "what", "edited", json_i64(s, "edits", 0));
	labelled(out, "hark_posts_total", "what", "copy", json_i64(s, "copies", 0));
	plain(out, "hark_disk_full", "gauge", json_bool(s, "disk_full", false),
		"1 while the disk is full: polling pauses, nothing is lost.");
	plain(out, "hark_rules", "gauge", json_i64(s, "rules", 0), "Rules that are loaded.");
	plain(out, "hark_list_entries", "gauge", json_i64(s, "list_entries", 0),
		"Names on lists that are loaded.");
	plain(out, "hark_sources", "gauge", json_i64(sources, "total", 0), "Sources there are.");
	plain(out, "hark_sources_failing", "gauge", json_i64(sources, "failing", 0),
		"Sources whose last poll failed.");
	plain(out, "hark_sources_paused", "gauge", json_i64(sources, "paused", 0),
		"Sources that are paused.");
	plain(out, "hark_source_alarms", "gauge", json_i64(s, "source_alarms_total", 0),
		"Alarms of sources that stand.");
	plain(out, "hark_config_last_reload_successful", "gauge",
		json_str(s, "reload_error").p == NULL, "0 where the last reload failed.");
	plain(out, "hark_config_last_reload_timestamp_seconds", "gauge", reloaded_ms / 1000,
		"When the last reload was; 0: there was none.");
}

static int write_leads(struct call *c, struct hark_err *err)
{
	int64_t counts[LEAD_STATES + 1];
	int rc = store_lead_count(c->store, counts, err);
	head(&c->out, "hark_leads", "gauge", "Leads that were raised, by state.");
	for (int i = 0; rc == HARK_OK && i < LEAD_STATES; i++) {
		labelled(&c->out, "hark_leads", "state", lead_state_name((enum lead_state)i),
			counts[i]);
	}
	return rc;
}

static int write_outbox(struct call *c, struct hark_err *err)
{
	struct outbox_counts n = {0};
	int rc = outbox_count(c->store, STR_NONE, &n, err);
	head(&c->out, "hark_outbox_alerts", "gauge", "Alerts in the outbox, by state.");
	labelled(&c->out, "hark_outbox_alerts", "state", "due", n.due);
	labelled(&c->out, "hark_outbox_alerts", "state", "sent", n.sent);
	labelled(&c->out, "hark_outbox_alerts", "state", "failed", n.failed);
	labelled(&c->out, "hark_outbox_alerts", "state", "dead", n.dead);
	labelled(&c->out, "hark_outbox_alerts", "state", "held", n.held);
	labelled(&c->out, "hark_outbox_alerts", "state", "withdrawn", n.withdrawn);
	return rc;
}

struct listing {
	struct call *c;
	size_t n;
};

static bool is_configured(const struct conf *conf, struct str name)
{
	for (size_t i = 0; i < conf->sources_n; i++) {
		if (str_eq_c(name, conf->sources[i].name)) {
			return true;
		}
	}
	return false;
}

static bool take_source(void *ctx, struct str name, const struct source_state *state)
{
	struct listing *l = ctx;
	if (is_configured(l->c->setup->conf, name)) {
		buf_printf(&l->c->out, "hark_source_failures{source=\"%.*s\"} %d\n", STR_FMT(name),
			state->failures);
		l->n++;
	}
	return l->n < SOURCES_MAX;
}

static int write_sources(struct call *c, struct hark_err *err)
{
	struct listing l = {c, 0};
	head(&c->out, "hark_source_failures", "gauge", "Polls of a source that failed in a row.");
	return store_source_each(c->store, take_source, &l, err);
}

static void write_api(struct call *c)
{
	struct api_counts n;
	api_counts(c->api, &n);
	head(&c->out, "hark_api_requests_total", "counter",
		"Requests to the API that were answered, by class.");
	labelled(&c->out, "hark_api_requests_total", "code", "2xx", n.well);
	labelled(&c->out, "hark_api_requests_total", "code", "4xx", n.refused);
	labelled(&c->out, "hark_api_requests_total", "code", "5xx", n.failed);
}

void metrics_show(struct call *c)
{
	struct hark_err err = {0};
	struct buf reply;
	json_t *status = NULL;
	buf_init(&reply, REPLY_MAX);
	int rc = api_ask(c->api, "{\"do\":\"status\"}", &reply, &err);
	if (rc == HARK_OK) {
		status = json_read(buf_str(&reply), &err);
		rc = status != NULL ? HARK_OK : err.code;
	}
	if (rc == HARK_OK) {
		write_status(&c->out, status);
		rc = write_leads(c, &err);
	}
	rc = rc == HARK_OK ? write_outbox(c, &err) : rc;
	rc = rc == HARK_OK ? write_sources(c, &err) : rc;
	if (rc == HARK_OK) {
		write_api(c);
		call_answer_as(c, 200, "text/plain; version=0.0.4; charset=utf-8");
	} else {
		call_fail(c, &err);
	}
	json_decref(status);
	buf_release(&reply);
}
