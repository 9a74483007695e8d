#include "monitor/notify/delivery.h"

#include "monitor/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

static struct str put(char **at, struct str s)
{
	char *p = *at;
	if (s.n > 0) {
		memcpy(p, s.p, s.n);
	}
	*at += s.n + 1; /* calloc() wrote the NUL */
	return str_n(p, s.n);
}

struct delivery *delivery_new(
	struct conf *conf, const struct conf_receiver *receiver, const struct outbox_row *row)
{
	size_t bytes = row->delivery_id.n + row->kind.n + row->payload.n + 3;
	struct delivery *d = calloc(1, sizeof(*d) + bytes);
	if (d == NULL) {
		return NULL;
	}
	char *at = d->block;
	d->conf = conf_ref(conf);
	d->receiver = receiver;
	d->id = row->id;
	d->lease_token = row->lease_token;
	d->lead = row->lead;
	d->attempt = row->attempt;
	d->delivery_id = put(&at, row->delivery_id);
	d->kind = put(&at, row->kind);
	d->payload = put(&at, row->payload);
	return d;
}

void delivery_free(struct delivery *d)
{
	if (d != NULL) {
		conf_unref(d->conf);
		free(d);
	}
}

void delivery_sent(struct delivery *d, int status)
{
	d->outcome = DELIVERY_SENT;
	d->status = status;
	d->error[0] = '\0';
}

void delivery_failed(struct delivery *d, int status, const char *fmt, ...)
{
	va_list ap;
	d->outcome = DELIVERY_FAILED;
	d->status = status;
	va_start(ap, fmt);
	vsnprintf(d->error, sizeof(d->error), fmt, ap);
	va_end(ap);
}

int delivery_path(const struct delivery *d, const char *path, char *out, size_t bytes)
{
	bool is_relative = path[0] != '/' && d->conf->base_dir != NULL;
	int n = snprintf(out, bytes, "%s%s%s", is_relative ? d->conf->base_dir : "",
		is_relative ? "/" : "", path);
	return n >= 0 && (size_t)n < bytes ? HARK_OK : HARK_EINVAL;
}

const struct zone *delivery_zone(const struct delivery *d)
{
	const struct conf_receiver *r = d->receiver;
	const struct zone *zone = r->digest != NULL ? r->digest->zone : NULL;
	return zone == NULL && r->quiet != NULL ? r->quiet->zone : zone;
}

void delivery_first_line(struct str text, char *out, size_t bytes)
{
	struct buf clean;
	struct str line;
	text = str_trim(text);
	buf_init(&clean, 4 * bytes);
	if (str_split(&text, '\n', &line)) {
		utf8_clean(&clean, str_n(line.p, line.n < bytes ? line.n : bytes));
	}
	line = str_cut_utf8(str_trim(buf_str(&clean)), bytes - 1);
	if (line.n > 0) {
		memcpy(out, line.p, line.n);
	}
	out[line.n] = '\0';
	buf_release(&clean);
}
