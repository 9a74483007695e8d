#include "monitor/pipeline/mailbox.h"

#include <stdio.h>
#include <strings.h>

#define MAIL_BYTES_OTHERWISE (1u << 20)
#define MAILS_OTHERWISE 50
#define PLACE_MAX 40 /* two numbers of 32 bits */

static const char *header_of(const struct hark_request *r, const char *name)
{
	for (size_t i = 0; i < r->headers_count; i++) {
		if (strcasecmp(r->headers[i].name, name) == 0) {
			return r->headers[i].value;
		}
	}
	return NULL;
}

static bool take_count(const char *text, size_t otherwise, size_t *out)
{
	int64_t n = (int64_t)otherwise;
	bool good = text == NULL || (str_i64(str_c(text), &n) && n > 0 && n <= INT32_MAX);
	*out = (size_t)n;
	return good;
}

/* "1700000000 103" */
static bool take_place(struct str text, struct fetch_mailbox *m)
{
	struct str first;
	int64_t validity, after;
	if (text.n == 0) {
		return true;
	}
	if (text.n > PLACE_MAX || !str_split(&text, ' ', &first) || !str_i64(first, &validity) ||
		!str_i64(text, &after) || validity < 0 || validity > UINT32_MAX || after < 0 ||
		after > UINT32_MAX) {
		return false;
	}
	m->validity = (uint32_t)validity;
	m->after = (uint32_t)after;
	return true;
}

int mailbox_request(const struct hark_request *planned, struct fetch_request *out,
	struct arena *arena, struct hark_err *err)
{
	struct fetch_mailbox *m = arena_alloc(arena, sizeof(*m));
	if (m == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the request");
	}
	m->since = header_of(planned, "Since");
	if (m->since == NULL ||
		!take_count(header_of(planned, "Mails"), MAILS_OTHERWISE, &m->mails) ||
		!take_count(header_of(planned, "Bytes"), MAIL_BYTES_OTHERWISE, &m->mail_max) ||
		!take_place(str_n(planned->body, planned->body_bytes), m)) {
		return hark_err_set(err, HARK_EINVAL,
			"its connector asks a mailbox for something that cannot be");
	}
	if (out->max_bytes > 0 && m->mail_max > out->max_bytes) {
		m->mail_max = out->max_bytes; /* one mail always fits */
	}
	out->mailbox = m;
	out->method = "EXAMINE";
	out->body = STR_NONE;
	out->keep_headers = true;
	return HARK_OK;
}
