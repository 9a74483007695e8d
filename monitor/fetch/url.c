#include "monitor/fetch/url.h"

#include <curl/curl.h>
#include <stdlib.h>

/* NULL when it is no URL; owned by the caller. */
static CURLU *parse(const char *url, CURLUcode *why)
{
	CURLU *u = curl_url();
	if (u == NULL) {
		*why = CURLUE_OUT_OF_MEMORY;
		return NULL;
	}
	*why = curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
	if (*why != CURLUE_OK) {
		curl_url_cleanup(u);
		return NULL;
	}
	return u;
}

static void add_lower(struct buf *out, const char *text)
{
	size_t from = out->n;
	buf_add_c(out, text);
	for (size_t i = from; i < out->n; i++) {
		char c = out->p[i];
		out->p[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
}

/* scheme://host:port or, if asked, without a port that goes without saying. */
static bool add_origin(struct buf *out, CURLU *u, unsigned port_flag)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	bool ok = curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		  curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK && host[0] != '\0';
	if (ok) {
		add_lower(out, scheme);
		buf_add_c(out, "://");
		add_lower(out, host);
		if (curl_url_get(u, CURLUPART_PORT, &port, port_flag) == CURLUE_OK) {
			buf_add_c(out, ":"); /* for each request: a printf() costs more than all the rest */
			buf_add_c(out, port);
		}
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	return ok;
}

/* Either the one or the other. */
static bool has_scheme(CURLU *u, const char *plain, const char *secure)
{
	char *scheme = NULL;
	bool yes = curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		   (str_eq_nocase(str_c(scheme), str_c(plain)) ||
			   str_eq_nocase(str_c(scheme), str_c(secure)));
	curl_free(scheme);
	return yes;
}

int url_refuse(const char *url, const char *why, struct hark_err *err)
{
	struct buf shown;
	buf_init(&shown, 200);
	url_show(&shown, url, false);
	hark_err_set(err, HARK_EINVAL, "%s: %s", shown.n > 0 ? buf_c(&shown) : "empty URL", why);
	buf_release(&shown);
	return HARK_EINVAL;
}

CURLU *url_parts(struct buf *key, const char *url, const char **wrong)
{
	CURLUcode why;
	if (strlen(url) > URL_MAX) {
		*wrong = "the URL is longer than 8192 bytes";
		return NULL;
	}
	CURLU *u = parse(url, &why);
	if (u == NULL) {
		*wrong = why == CURLUE_BAD_SCHEME
				 ? "no complete URL, it starts with http:// or https://"
				 : curl_url_strerror(why);
		return NULL;
	}
	*wrong = !has_scheme(u, "http", "https") ? "only http and https are fetched"
		 : !add_origin(key, u, CURLU_DEFAULT_PORT) ? "the URL names no host"
							   : NULL;
	if (*wrong != NULL) {
		url_parts_free(u);
		return NULL;
	}
	return u;
}

void url_parts_free(CURLU *parts)
{
	curl_url_cleanup(parts);
}

const char *url_origin_why(struct buf *key, const char *url)
{
	const char *wrong;
	url_parts_free(url_parts(key, url, &wrong));
	return wrong;
}

int url_origin(struct buf *key, const char *url, struct hark_err *err)
{
	const char *wrong = url_origin_why(key, url);
	if (wrong != NULL) {
		return url_refuse(url, wrong, err);
	}
	return key->rc == HARK_OK ? HARK_OK : hark_err_set(err, key->rc, "no room for a host name");
}

/* "Alerts" of "/Alerts": what stands behind the first slash, percent-decoded. */
static bool add_folder(struct buf *folder, CURLU *u)
{
	char *path = NULL;
	bool ok = curl_url_get(u, CURLUPART_PATH, &path, CURLU_URLDECODE) == CURLUE_OK &&
		  path[0] == '/' && path[1] != '\0' && buf_add_c(folder, path + 1) == HARK_OK;
	curl_free(path);
	return ok;
}

int url_mailbox(struct buf *key, struct buf *folder, const char *url, struct hark_err *err)
{
	CURLUcode why = CURLUE_OK;
	CURLU *u = strlen(url) <= URL_MAX ? parse(url, &why) : NULL;
	bool ok = u != NULL && has_scheme(u, "imap", "imaps") &&
		  add_origin(key, u, CURLU_DEFAULT_PORT) && add_folder(folder, u);
	curl_url_cleanup(u);
	return ok ? HARK_OK
		  : url_refuse(url, "no mailbox, which is imaps://HOST/FOLDER (or imap:)", err);
}

char *url_join(const char *base, const char *reference)
{
	CURLUcode why;
	CURLU *u = parse(base, &why);
	char *joined = NULL, *out = NULL;
	/* Spaces and bytes above 127 in what a server wrote are encoded, as browsers do. */
	if (u != NULL &&
		curl_url_set(u, CURLUPART_URL, reference,
			CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
		curl_url_get(u, CURLUPART_URL, &joined, 0) == CURLUE_OK) {
		out = strdup(joined);
	}
	curl_free(joined);
	curl_url_cleanup(u);
	return out;
}

bool url_may_repeat(struct str from, struct str to)
{
	const struct str plain = STR("http://"), plain_port = STR(":80"), secure = STR("https://"),
			 secure_port = STR(":443");
	if (str_eq(from, to)) {
		return true;
	}
	if (!str_starts(from, plain) || !str_ends(from, plain_port) || !str_starts(to, secure) ||
		!str_ends(to, secure_port)) {
		return false;
	}
	return str_eq(str_n(from.p + plain.n, from.n - plain.n - plain_port.n),
		str_n(to.p + secure.n, to.n - secure.n - secure_port.n));
}

static bool add_part(struct buf *out, CURLU *u, CURLUPart part, const char *before)
{
	char *text = NULL;
	bool has = curl_url_get(u, part, &text, CURLU_NO_DEFAULT_PORT) == CURLUE_OK;
	if (has) {
		buf_add_c(out, before);
		buf_add_c(out, text);
	}
	curl_free(text);
	return has;
}

bool url_request(struct buf *host, struct buf *target, const char *url)
{
	CURLUcode why;
	CURLU *u = parse(url, &why);
	bool ok = u != NULL && add_part(host, u, CURLUPART_HOST, "") &&
		  add_part(target, u, CURLUPART_PATH, "");
	if (ok) {
		add_part(host, u, CURLUPART_PORT, ":");
		add_part(target, u, CURLUPART_QUERY, "?");
	}
	curl_url_cleanup(u);
	return ok && host->rc == HARK_OK && target->rc == HARK_OK;
}

void url_show(struct buf *out, const char *url, bool host_only)
{
	CURLUcode why;
	CURLU *u = parse(url, &why);
	char *path = NULL;
	if (u == NULL || !add_origin(out, u, CURLU_NO_DEFAULT_PORT)) {
		/* A user and password stand before the first '@'. */
		const char *at = strchr(url, '@');
		struct str rest = str_c(host_only ? "(hidden)" : at != NULL ? at + 1 : url);
		buf_add(out, rest.p, strcspn(rest.p, "?#"));
	} else if (!host_only && curl_url_get(u, CURLUPART_PATH, &path, 0) == CURLUE_OK) {
		buf_add_c(out, path);
	}
	curl_free(path);
	curl_url_cleanup(u);
}
