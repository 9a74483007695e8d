#include "monitor/api/http_gate.h"

#include "monitor/base/utf8.h"

struct gate {
	unsigned hosts, lengths, encodings;
	bool bad;
	uint64_t length;
};

static bool is_token(const char *p, size_t n)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	for (size_t i = 0; i < n; i++) {
		char c = p[i];
		bool alnum =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!alnum && (c == '\0' || strchr(marks, c) == NULL)) {
			return false;
		}
	}
	return n > 0;
}

static bool has_control(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f) {
			return true;
		}
	}
	return false;
}

bool http_is_header(struct str name, struct str value)
{
	return is_token(name.p, name.n) && !has_control(value.p, value.n);
}

static bool read_length(struct str value, uint64_t *out)
{
	if (value.n == 0 || value.n > 15) {
		return false;
	}
	*out = 0;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9') {
			return false;
		}
		*out = *out * 10 + (uint64_t)(value.p[i] - '0');
	}
	return true;
}

static enum MHD_Result gate_header(void *cls, enum MHD_ValueKind kind, const char *key,
	size_t key_n, const char *value, size_t value_n)
{
	struct gate *g = cls;
	struct str name = str_n(key, key_n), text = str_n(value != NULL ? value : "", value_n);
	(void)kind;
	if (!http_is_header(name, text)) {
		g->bad = true;
	} else if (str_eq_nocase(name, STR("host"))) {
		g->hosts++;
	} else if (str_eq_nocase(name, STR("content-length"))) {
		g->lengths++;
		g->bad |= !read_length(text, &g->length);
	} else if (str_eq_nocase(name, STR("transfer-encoding"))) {
		g->encodings++;
		g->bad |= !str_eq_c(text, "chunked");
	}
	return MHD_YES;
}

static bool holds_nocase(struct str text, const char *part)
{
	struct str want = str_c(part);
	for (size_t i = 0; i + want.n <= text.n; i++) {
		if (str_eq_nocase(str_n(text.p + i, want.n), want)) {
			return true;
		}
	}
	return false;
}

static bool target_passes(const char *target)
{
	static const char *const refused[] = {"//", "..", "%2f", "%2e", "%5c"};
	struct str all = str_c(target), path = all;
	size_t mark = str_find(all, STR("?"));
	if (mark != SIZE_MAX) {
		path.n = mark;
	}
	if (path.n == 0 || path.p[0] != '/' || holds_nocase(all, "%00")) {
		return false;
	}
	for (size_t i = 0; i < all.n; i++) {
		if ((unsigned char)all.p[i] <= 0x20 || all.p[i] == 0x7f) {
			return false;
		}
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (holds_nocase(path, refused[i])) {
			return false;
		}
	}
	return true;
}

/* A part of the query, decoded. */
static enum MHD_Result gate_argument(void *cls, enum MHD_ValueKind kind, const char *key,
	size_t key_n, const char *value, size_t value_n)
{
	struct gate *g = cls;
	(void)kind;
	g->bad |= !utf8_is_clean(str_n(key, key_n)) ||
		  !utf8_is_clean(str_n(value != NULL ? value : "", value_n));
	return MHD_YES;
}

bool http_gate(struct MHD_Connection *connection, const char *target, const char *path,
	const char *version, uint64_t *length)
{
	struct gate g = {0};
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, gate_header, &g);
	MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, gate_argument, &g);
	*length = g.length;
	return !g.bad && g.hosts == 1 && g.lengths <= 1 && g.encodings <= 1 &&
	       (g.lengths == 0 || g.encodings == 0) && strcmp(version, "HTTP/1.1") == 0 &&
	       target != NULL && target_passes(target) && utf8_is_clean(str_c(path));
}
