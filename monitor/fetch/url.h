/* URLs as the fetcher sees them, through libcurl's own parser: what is checked here is what will be
 * asked. Pure. */
#ifndef HARK_FETCH_URL_H
#define HARK_FETCH_URL_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#define URL_MAX 8192

/* Checks that `url` is a complete http or https URL and appends the key of its host budget:
 * "https://feeds.example.com:443", in lower case. HARK_EINVAL says what is wrong. */
int url_origin(struct buf *key, const char *url, struct hark_err *err);
/* The same for a mailbox, by imap or imaps, where a folder is named too; its name is appended to `folder`. */
int url_mailbox(struct buf *key, struct buf *folder, const char *url, struct hark_err *err);
/* url_origin() for a URL that must not be repeated. NULL, or what is wrong: a constant without the URL. */
const char *url_origin_why(struct buf *key, const char *url);

struct Curl_URL; /* libcurl's: CURLU */
/* url_origin_why(), and the URL as libcurl has read it, for a request (CURLOPT_CURLU) to read it no second time; owned,
 * url_parts_free(). NULL: `wrong` says what is wrong. */
struct Curl_URL *url_parts(struct buf *key, const char *url, const char **wrong);
void url_parts_free(struct Curl_URL *parts);
/* HARK_EINVAL, and a sentence of what is wrong with which URL. */
int url_refuse(const char *url, const char *wrong, struct hark_err *err);

/* What `reference` (a Location header, say) means on the page `base`. Owned by the caller; NULL: it
 * makes no URL, or no memory. Any scheme may come out. */
char *url_join(const char *base, const char *reference);

/* Whether what was sent to the origin `from` may be sent again to `to`, both as url_origin() writes them: it is
 * the same, or https in place of http, of the same host at the ports that go without saying. */
bool url_may_repeat(struct str from, struct str to);

/* Appends what a request for the URL says: its host, with the port if that does not go without saying, and path
 * and query. False: it is no URL, or no memory. */
bool url_request(struct buf *host, struct buf *target, const char *url);

/* Appends what may be shown of a URL: no user, password, query or fragment; with `host_only` no path
 * either, for URLs that are secrets themselves. What is no URL is shown up to its first '?'. */
void url_show(struct buf *out, const char *url, bool host_only);

#endif
