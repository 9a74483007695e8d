#include "monitor/config/values.h"

#include "monitor/base/clock.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <strings.h>

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit durations[] = {
	{"w", INT64_C(7) * 86400 * 1000},
	{"d", INT64_C(86400) * 1000},
	{"h", INT64_C(3600) * 1000},
	{"m", INT64_C(60) * 1000},
	{"s", 1000},
	{"ms", 1},
};

static const struct unit sizes[] = {
	{"GiB", INT64_C(1) << 30},
	{"MiB", INT64_C(1) << 20},
	{"KiB", INT64_C(1) << 10},
	{"GB", INT64_C(1000000000)},
	{"MB", INT64_C(1000000)},
	{"kB", INT64_C(1000)},
	{"B", 1},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int value_bool(struct str text, bool *out, struct hark_err *err)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
	for (size_t i = 0; i < COUNT(words); i++) {
		if (str_eq_c(text, words[i])) {
			*out = i % 2 == 1;
			return HARK_OK;
		}
	}
	return hark_err_set(err, HARK_EINVAL, "'%.*s' is neither yes nor no", STR_FMT(text));
}

int value_i64(struct str text, int64_t *out, struct hark_err *err)
{
	if (!str_i64(text, out)) {
		return hark_err_set(
			err, HARK_EINVAL, "'%.*s' is not a whole number", STR_FMT(text));
	}
	return HARK_OK;
}

static size_t count_while(struct str s, int (*is)(int))
{
	size_t n = 0;
	while (n < s.n && is((unsigned char)s.p[n])) {
		n++;
	}
	return n;
}

static struct str rest_of(struct str s, size_t from)
{
	return str_n(s.p + from, s.n - from);
}

static const struct unit *find_unit(const struct unit *units, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(name, str_c(units[i].name))) {
			return &units[i];
		}
	}
	return NULL;
}

/* Cuts "15m" off the front. False: no number, no known unit, or out of bounds. */
static bool take_quantity(struct str *rest, const struct unit *units, size_t units_n, int64_t *out,
	const struct unit **unit)
{
	size_t digits = count_while(*rest, isdigit);
	struct str tail = rest_of(*rest, digits);
	size_t letters = count_while(tail, isalpha);
	int64_t n = 0;
	*unit = find_unit(units, units_n, str_n(tail.p, letters));
	if (digits == 0 || *unit == NULL || !str_i64(str_n(rest->p, digits), &n) ||
		__builtin_mul_overflow(n, (*unit)->factor, out)) {
		return false;
	}
	*rest = rest_of(tail, letters);
	return true;
}

static int no_duration(struct str text, struct hark_err *err)
{
	if (text.n > 0 && count_while(text, isdigit) == text.n) {
		return hark_err_set(err, HARK_EINVAL,
			"'%.*s' has no unit: write %.*ss, %.*sm, %.*sh or %.*sd", STR_FMT(text),
			STR_FMT(text), STR_FMT(text), STR_FMT(text), STR_FMT(text));
	}
	return hark_err_set(err, HARK_EINVAL,
		"'%.*s' is no duration: write 30s, 15m, 1h30m, 14d or 2w", STR_FMT(text));
}

int value_duration(struct str text, int64_t *ms, struct hark_err *err)
{
	int64_t total = 0;
	const struct unit *last = NULL;
	struct str rest = text;
	if (str_eq_c(text, "0")) {
		*ms = 0;
		return HARK_OK;
	}
	while (rest.n > 0 || last == NULL) {
		int64_t part = 0;
		const struct unit *unit = NULL;
		if (!take_quantity(&rest, durations, COUNT(durations), &part, &unit) ||
			(last != NULL && unit <= last)) { /* largest first, each once */
			return no_duration(text, err);
		}
		last = unit;
		total = part > VALUE_MS_MAX - total ? VALUE_MS_MAX + 1 : total + part;
		if (total > VALUE_MS_MAX) {
			return hark_err_set(err, HARK_EINVAL, "'%.*s' is more than a hundred years",
				STR_FMT(text));
		}
	}
	*ms = total;
	return HARK_OK;
}

int value_size(struct str text, int64_t *bytes, struct hark_err *err)
{
	const struct unit *unit = NULL;
	struct str rest = text;
	if (str_i64(text, bytes) && *bytes >= 0) {
		return HARK_OK;
	}
	if (!take_quantity(&rest, sizes, COUNT(sizes), bytes, &unit) || rest.n > 0) {
		return hark_err_set(err, HARK_EINVAL,
			"'%.*s' is no size: write 4096, 500kB or 16MiB", STR_FMT(text));
	}
	return HARK_OK;
}

static int is_name_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

int value_name(struct str text, struct hark_err *err)
{
	if (text.n == 0 || text.n > 64 || count_while(text, is_name_char) != text.n ||
		text.p[0] == '-' || text.p[0] == '.') {
		return hark_err_set(err, HARK_EINVAL,
			"'%.*s' is no name: up to 64 of a-z, 0-9, '-', '_' and '.', starting with "
			"a "
			"letter or digit",
			STR_FMT(str_cut_utf8(text, 80)));
	}
	return HARK_OK;
}

/* The part between "://" and the path, or absent. */
static struct str authority_of(struct str url)
{
	size_t start = str_find(url, STR("://"));
	if (start == SIZE_MAX) {
		return STR_NONE;
	}
	struct str s = rest_of(url, start + 3);
	size_t n = 0;
	while (n < s.n && strchr("/?#", s.p[n]) == NULL) {
		n++;
	}
	return str_n(s.p, n);
}

/* Splits "host:port" or "[v6]:port"; `port` is absent when there is none. */
static struct str split_host(struct str authority, struct str *port)
{
	struct str host = authority;
	*port = STR_NONE;
	if (authority.n > 0 && authority.p[0] == '[') {
		size_t end = str_find(authority, STR("]"));
		if (end == SIZE_MAX) {
			return STR_NONE;
		}
		host = str_n(authority.p + 1, end - 1);
		if (str_find(host, STR(":")) == SIZE_MAX) {
			return STR_NONE; /* brackets are for IPv6 */
		}
		if (end + 1 < authority.n) {
			*port = rest_of(authority, end + 1);
		}
	} else {
		const char *colon = memchr(authority.p, ':', authority.n);
		if (colon != NULL) {
			host.n = (size_t)(colon - authority.p);
			*port = rest_of(authority, host.n);
		}
	}
	if (port->n > 0 && port->p[0] == ':') {
		*port = rest_of(*port, 1);
	} else if (port->p != NULL) {
		return STR_NONE; /* something else behind the bracket */
	}
	return host;
}

static bool is_port(struct str text)
{
	int64_t n = 0;
	return text.n > 0 && text.n <= 5 && count_while(text, isdigit) == text.n &&
	       str_i64(text, &n) && n > 0 && n < 65536;
}

static bool is_ip(struct str host)
{
	char text[64];
	struct in6_addr room;
	if (host.n == 0 || host.n >= sizeof(text)) {
		return false;
	}
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	return inet_pton(AF_INET, text, &room) == 1 || inet_pton(AF_INET6, text, &room) == 1;
}

/* Bytes of a host name, international ones included: libcurl and the resolver know the rest. */
static int is_host_char(int c)
{
	return isalnum(c) || c == '-' || c == '.' || c == '_' || c >= 0x80;
}

static bool is_host(struct str host)
{
	return host.n > 0 && host.n <= 253 && host.p[0] != '.' &&
	       (count_while(host, is_host_char) == host.n || is_ip(host));
}

static int has_bad_bytes(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c <= ' ' || c == 0x7f || strchr("<>\"\\^`{|}", c) != NULL) {
			return 1;
		}
	}
	return 0;
}

static int check_authority(struct str text, struct hark_err *err)
{
	struct str port = STR_NONE, authority = authority_of(text);
	if (str_find(authority, STR("@")) != SIZE_MAX) {
		return hark_err_set(err, HARK_EINVAL,
			"a name or password stands in the URL: put it under secret:, as env:NAME, "
			"file:PATH or credential:NAME");
	}
	struct str host = split_host(authority, &port);
	if (!is_host(host)) {
		return hark_err_set(
			err, HARK_EINVAL, "the URL has no host name that could be asked");
	}
	if (port.p != NULL && !is_port(port)) {
		return hark_err_set(
			err, HARK_EINVAL, "the URL's port is not a number from 1 to 65535");
	}
	if (has_bad_bytes(text)) {
		return hark_err_set(err, HARK_EINVAL,
			"a blank or a character such as < > \" { } stands in the URL: write it as "
			"%%XX");
	}
	return HARK_OK;
}

int value_url(struct str text, struct hark_err *err)
{
	if (!str_starts_nocase(text, STR("http://")) && !str_starts_nocase(text, STR("https://"))) {
		return hark_err_set(err, HARK_EINVAL,
			"not an http or https URL: write https://host/path in full");
	}
	return check_authority(text, err);
}

int value_server(struct str text, struct hark_err *err)
{
	bool is_smtp = str_starts(text, STR("smtp://")),
	     is_smtps = str_starts(text, STR("smtps://"));
	if (!is_smtp && !is_smtps) {
		return hark_err_set(err, HARK_EINVAL,
			"no mail server: write smtps://mail.example.com or "
			"smtp://mail.example.com:587");
	}
	struct str rest = rest_of(text, is_smtps ? strlen("smtps://") : strlen("smtp://"));
	if (str_find(rest, STR("/")) != SIZE_MAX || str_find(rest, STR("?")) != SIZE_MAX ||
		str_find(rest, STR("#")) != SIZE_MAX) {
		return hark_err_set(
			err, HARK_EINVAL, "a mail server is a host and a port, without a path");
	}
	return check_authority(text, err);
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

static bool is_mail_address(struct str text)
{
	size_t at = str_find(text, STR("@"));
	if (at == SIZE_MAX || at == 0 || has_bad_bytes(text)) {
		return false;
	}
	struct str host = rest_of(text, at + 1);
	return is_host(host) && str_find(host, STR(".")) != SIZE_MAX;
}

int value_mail(struct str text, struct hark_err *err)
{
	if (is_mail_address(text) && is_ascii(text)) {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EINVAL, "no mail address: write name@example.com");
}

int value_contact(struct str text, struct hark_err *err)
{
	if (str_starts(text, STR("mailto:"))) {
		if (is_mail_address(rest_of(text, strlen("mailto:")))) {
			return HARK_OK;
		}
		return hark_err_set(err, HARK_EINVAL,
			"no mail address behind mailto: (write mailto:name@example.com)");
	}
	if (str_find(text, STR("://")) != SIZE_MAX) {
		return value_url(text, err);
	}
	if (is_mail_address(text)) {
		return hark_err_set(err, HARK_EINVAL, "write mailto:%.*s", STR_FMT(text));
	}
	return hark_err_set(err, HARK_EINVAL,
		"no contact: write mailto:name@example.com, or the URL of a page that says who you "
		"are");
}

int value_listen(struct str text, struct hark_err *err)
{
	struct str port = STR_NONE;
	if (str_starts(text, STR("unix:/")) && text.n > 6 && text.n < 5 + 108) {
		return HARK_OK;
	}
	struct str host = split_host(text, &port);
	if (!is_host(host) || !is_port(port)) {
		return hark_err_set(err, HARK_EINVAL,
			"'%.*s' is no address to listen at: write 127.0.0.1:8787, [::1]:8787 or "
			"unix:/path",
			STR_FMT(text));
	}
	return HARK_OK;
}

int value_store(struct str text, struct hark_err *err)
{
	if (str_starts(text, STR("sqlite:")) && text.n > strlen("sqlite:")) {
		return HARK_OK;
	}
	if (str_starts(text, STR("postgres"))) {
		return hark_err_set(err, HARK_EINVAL,
			"this hark stores in SQLite only: write sqlite:/var/lib/hark/hark.db");
	}
	return hark_err_set(err, HARK_EINVAL,
		"'%.*s' is no store: write sqlite:PATH, as in sqlite:/var/lib/hark/hark.db",
		STR_FMT(text));
}

static int is_variable_char(int c)
{
	return isalnum(c) || c == '_';
}

int value_secret(struct str text, struct conf_secret *out, struct hark_err *err)
{
	static const struct {
		const char *prefix;
		int from;
	} kinds[] = {
		{"env:", SECRET_ENV}, {"file:", SECRET_FILE}, {"credential:", SECRET_CREDENTIAL}};
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!str_starts(text, str_c(kinds[i].prefix))) {
			continue;
		}
		struct str name = rest_of(text, strlen(kinds[i].prefix));
		bool is_good = kinds[i].from == SECRET_ENV
				       ? name.n > 0 && count_while(name, is_variable_char) == name.n
			       : kinds[i].from == SECRET_CREDENTIAL
				       ? name.n > 0 && memchr(name.p, '/', name.n) == NULL
				       : name.n > 0;
		if (!is_good) {
			return hark_err_set(err, HARK_EINVAL, "nothing usable stands behind %s",
				kinds[i].prefix);
		}
		out->from = kinds[i].from;
		out->name = name.p;
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EINVAL,
		"a secret does not stand in the file itself: write where it is, as env:NAME, "
		"file:PATH "
		"or credential:NAME");
}

struct str url_host(struct str url)
{
	struct str port;
	struct str authority = authority_of(url);
	return authority.p != NULL ? split_host(authority, &port) : STR_NONE;
}

static bool v4_is_internal(const void *address)
{
	uint32_t a;
	memcpy(&a, address, sizeof(a));
	a = ntohl(a);
	return a >> 24 == 0 || a >> 24 == 10 || a >> 24 == 127 || a >> 20 == 0xac1 ||
	       a >> 16 == 0xc0a8 || a >> 16 == 0xa9fe ||
	       a >> 22 == 0x191; /* the last: 100.64.0.0/10 */
}

/* -1: it is no address. Resolvers also take 127.1 and 0x7f.1, and an IPv6 address may stand for one of IPv4
 * (RFC 4291, RFC 6052). */
static int address_is_internal(const char *text)
{
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
	struct in_addr v4;
	struct in6_addr v6;
	if (inet_aton(text, &v4) == 1) {
		return v4_is_internal(&v4);
	}
	if (inet_pton(AF_INET6, text, &v6) != 1) {
		return -1;
	}
	bool has_v4 = IN6_IS_ADDR_V4MAPPED(&v6) || memcmp(&v6, nat64, sizeof(nat64)) == 0;
	return IN6_IS_ADDR_UNSPECIFIED(&v6) || IN6_IS_ADDR_LOOPBACK(&v6) ||
	       IN6_IS_ADDR_LINKLOCAL(&v6) || (v6.s6_addr[0] & 0xfe) == 0xfc ||
	       (has_v4 && v4_is_internal(v6.s6_addr + 12));
}

bool host_is_internal(struct str host)
{
	static const char *const endings[] = {
		".local", ".internal", ".localhost", ".test", ".home.arpa"};
	char text[256];
	if (host.n == 0 || host.n >= sizeof(text)) {
		return false;
	}
	host.n -= host.n > 1 && host.p[host.n - 1] == '.'; /* the root of all names */
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t n = strlen(endings[i]);
		if (host.n > n && strcasecmp(text + host.n - n, endings[i]) == 0) {
			return true;
		}
	}
	int is_internal = address_is_internal(text);
	return is_internal >= 0 ? is_internal == 1 : strchr(text, '.') == NULL;
}

void value_write_duration(struct buf *out, int64_t ms)
{
	if (ms == 0) {
		buf_add_c(out, "0");
	}
	for (size_t i = 1; i < COUNT(durations) && ms > 0; i++) { /* weeks read worse than days */
		if (ms >= durations[i].factor) {
			buf_printf(out, "%lld%s", (long long)(ms / durations[i].factor),
				durations[i].name);
			ms %= durations[i].factor;
		}
	}
}

void value_write_size(struct buf *out, int64_t bytes)
{
	for (size_t i = 0; i < 3; i++) {
		if (bytes > 0 && bytes % sizes[i].factor == 0) {
			buf_printf(
				out, "%lld%s", (long long)(bytes / sizes[i].factor), sizes[i].name);
			return;
		}
	}
	buf_printf(out, "%lld", (long long)bytes);
}

bool value_when(struct str text, int64_t now_ms, int64_t *out)
{
	char whole[40];
	int64_t span;
	if (text.n == 10) {
		snprintf(whole, sizeof(whole), "%.*sT00:00:00Z", STR_FMT(text));
	}
	if (clock_parse_rfc3339(text.n == 10 ? str_c(whole) : text, out)) {
		return true;
	}
	if (value_duration(text, &span, NULL) != HARK_OK || span <= 0) {
		return false;
	}
	*out = now_ms + span;
	return true;
}

static bool is_lang(struct str text)
{
	struct str rest = text, part;
	for (size_t i = 0; str_split(&rest, '-', &part); i++) {
		for (size_t k = 0; k < part.n; k++) {
			bool is_letter = (part.p[k] | 0x20) >= 'a' && (part.p[k] | 0x20) <= 'z';
			bool is_digit = i > 0 && part.p[k] >= '0' && part.p[k] <= '9';
			if (!is_letter && !is_digit) {
				return false;
			}
		}
		if (part.n == 0 || part.n > 8 || (i == 0 && (part.n < 2 || part.n > 3))) {
			return false;
		}
	}
	return text.n > 0;
}

int value_lang(struct str text, struct hark_err *err)
{
	return is_lang(text) ? HARK_OK
			     : hark_err_set(err, HARK_EINVAL,
				       "'%.*s' is no language: write en, de or pt-BR",
				       STR_FMT(str_cut_utf8(text, 80)));
}
