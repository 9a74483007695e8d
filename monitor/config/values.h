/* What people write as a value: durations, sizes, addresses, secrets. Each function reads the whole
 * text or refuses it with a sentence that says what to write instead. Pure; nothing is printed that
 * could be a secret. */
#ifndef HARK_CONFIG_VALUES_H
#define HARK_CONFIG_VALUES_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"
#include "monitor/config/conf.h"

#define VALUE_MS_MAX ((int64_t)100 * 365 * 86400 * 1000) /* a hundred years */

/* yes/no, true/false, on/off. */
int value_bool(struct str text, bool *out, struct hark_err *err);
int value_i64(struct str text, int64_t *out, struct hark_err *err);
/* "15m", "1h30m", "14d", "2w", "500ms"; "0" needs no unit. */
int value_duration(struct str text, int64_t *ms, struct hark_err *err);
/* A moment: a day such as "2026-12-01", a time of RFC 3339, or a duration from now on. False: it is none. */
bool value_when(struct str text, int64_t now_ms, int64_t *out);
/* "16MiB", "500kB", "4096". */
int value_size(struct str text, int64_t *bytes, struct hark_err *err);
/* A name to refer to something by: lower-case letters, digits, '.', '_', '-'; at most 64 bytes. */
int value_name(struct str text, struct hark_err *err);
/* A language, as "en" or "pt-BR". */
int value_lang(struct str text, struct hark_err *err);
/* An http or https URL with a host and without a password in it. */
int value_url(struct str text, struct hark_err *err);
/* mailto:name@host, or a URL as above. */
int value_contact(struct str text, struct hark_err *err);
/* name@host. */
int value_mail(struct str text, struct hark_err *err);
/* smtp://host[:port] or smtps://host[:port], nothing else in it. */
int value_server(struct str text, struct hark_err *err);
/* "127.0.0.1:8787", "[::1]:8787", "localhost:8787", "unix:/run/hark/api.sock". */
int value_listen(struct str text, struct hark_err *err);
/* "sqlite:PATH". */
int value_store(struct str text, struct hark_err *err);
/* "env:NAME", "file:PATH", "credential:NAME". `out->name` points into `text`, which must be
 * NUL-terminated. The sentence never repeats the text: it may be the secret itself. */
int value_secret(struct str text, struct conf_secret *out, struct hark_err *err);

/* The host of a URL, without port and brackets; absent if there is none. */
struct str url_host(struct str url);
/* Whether a host is plainly not on the public internet: localhost, a private or loopback address, a
 * name without a dot or under .local, .internal, .localhost, .test, .home.arpa. */
bool host_is_internal(struct str host);

/* A duration as people write it: "1h30m"; for help texts and sentences. */
void value_write_duration(struct buf *out, int64_t ms);
void value_write_size(struct buf *out, int64_t bytes);

#endif
