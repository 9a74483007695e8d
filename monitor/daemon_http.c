/* What the daemon serves over HTTP: the API, the inbox, what is pushed, and its health. It is started by the main
 * thread; what answers runs on the server's. */
#include "monitor/daemon_parts.h"

#include "monitor/api/first_user.h"
#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/log.h"
#include "monitor/store/audit.h"
#include "monitor/store/first_user.h"
#include "monitor/web/web.h"

#include <stdlib.h>

/* On the HTTP server's threads. */
static bool is_ready(void *ctx, char why[HEALTH_WHY_MAX])
{
	struct daemon *d = ctx;
	struct writer_counts counts = {0};
	pthread_mutex_lock(&d->lock);
	if (d->stopping) {
		snprintf(why, HEALTH_WHY_MAX, "hark is stopping\n");
	} else {
		writer_counts(d->writer, &counts);
	}
	pthread_mutex_unlock(&d->lock);
	if (why[0] != '\0') {
		return false;
	}
	if (counts.disk_full) {
		snprintf(why, HEALTH_WHY_MAX,
			"the disk is full: polling pauses until there is room\n");
	} else if (!daemon_is_alive(d)) {
		snprintf(why, HEALTH_WHY_MAX, "a thread has been stuck for %d s\n",
			THREAD_STUCK_MS / 1000);
	}
	return why[0] == '\0';
}

static int take_push(void *ctx, struct push *push)
{
	struct daemon *d = ctx;
	return scheduler_push(d->scheduler, push);
}

static bool is_disk_full(void *ctx)
{
	struct daemon *d = ctx;
	struct writer_counts counts;
	writer_counts(d->writer, &counts);
	return counts.disk_full;
}

int daemon_make_inlet(struct daemon *d, struct hark_err *err)
{
	struct websub *websub = d->options->once ? NULL : d->websub;
	const struct inlet_options options = {websub, take_push, is_disk_full, d};
	d->inlet = inlet_new(&options);
	return d->inlet != NULL ? HARK_OK : hark_err_set(err, HARK_ENOMEM, "no memory");
}

/* On the HTTP server's threads, as the next. */
static void admit_http(void *ctx, struct http_exchange *x)
{
	struct daemon *d = ctx;
	if (api_serves(http_path(x))) {
		api_admit(d->api, x);
	} else if (str_starts(http_path(x), STR(INLET_PATH))) {
		inlet_admit(d->inlet, x);
	} else if (web_serves(http_path(x))) {
		web_admit(x);
	} else {
		health_admit(x);
	}
}

static void handle_http(void *ctx, struct http_exchange *x)
{
	struct daemon *d = ctx;
	if (api_serves(http_path(x))) {
		api_handle(d->api, x);
	} else if (str_starts(http_path(x), STR(INLET_PATH))) {
		inlet_handle(d->inlet, x);
	} else if (web_serves(http_path(x))) {
		web_handle(x);
	} else {
		health_handle(&d->health, x);
	}
}

/* On the API's threads: a word with the main one. */
static int ask_main(void *ctx, const char *request_json, struct buf *reply, struct hark_err *err)
{
	struct daemon *d = ctx;
	return control_call(d->control_path, request_json, reply, err);
}

static int start_api(struct daemon *d, struct hark_err *err)
{
	const struct api_options options = {.store_url = d->setup->conf->store,
		.setup = daemon_setup,
		.write = daemon_write,
		.ask = ask_main,
		.ctx = d};
	d->api = api_new(&options, err);
	return d->api != NULL ? HARK_OK : HARK_ENOMEM;
}

/* Nothing that hark serves loads anything from elsewhere or runs what it did not bring. */
static const char *const http_headers[] = {"Content-Security-Policy",
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
	"X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer",
	"Cross-Origin-Resource-Policy", "same-origin", NULL};

static int make_first_link(struct store *store, void *arg, struct hark_err *err)
{
	const struct audit_entry entry = {.action = STR("first link")};
	int rc = store_first_link(store, clock_wall_ms(), arg, err);
	store_audit_add(store, &entry);
	return rc;
}

/* A new store has nobody who could let anybody in: whoever reads the log of harkd runs it. */
static void invite_first_user(struct daemon *d)
{
	char token[TOKEN_TEXT_MAX];
	struct hark_err err = {0};
	struct buf link;
	if (d->options->once || !web_serves(STR(FIRST_USER_PAGE)) ||
		first_user_possible(d->setup->conf, NULL) != HARK_OK ||
		store_first_check(d->reader, NULL) != HARK_OK) {
		return;
	}
	buf_init(&link, 4096);
	if (writer_call(d->writer, make_first_link, token, &err) != HARK_OK) {
		log_warn("no link for the first user: %s", err.text);
	} else {
		first_user_link(d->setup->conf, token, &link);
		log_info("there is no user yet: the first, an admin, opens %s within a day%s",
			buf_c(&link),
			buf_c(&link)[0] == '/' ? ", at the address where people reach hark" : "");
	}
	crypto_wipe(token, sizeof(token));
	crypto_wipe_buf(&link);
}

int daemon_start_http(struct daemon *d, struct hark_err *err)
{
	const char *at = d->setup->conf->http_listen;
	if (at == NULL) {
		return HARK_OK;
	}
	d->http_at = strdup(at);
	if (d->http_at == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for http.listen");
	}
	d->health = (struct health){is_ready, d};
	const struct http_options options = {.handler = handle_http,
		.admit = admit_http,
		.ctx = d,
		.timeout_s = 20,
		.headers = http_headers,
		.beyond_loopback = d->setup->conf->http_behind_tls};
	int rc = start_api(d, err);
	if (rc != HARK_OK) {
		return rc;
	}
	d->http = http_server_new(&options, err);
	rc = d->http != NULL ? http_server_listen(d->http, at, err) : HARK_ENOMEM;
	if (rc >= 0 && !http_is_local(at)) {
		log_warn("%s can be reached from other machines, in the open: let only a proxy "
			 "that speaks TLS get there",
			at);
	}
	if (rc >= 0) {
		invite_first_user(d);
	}
	return rc < 0 ? rc : HARK_OK;
}
