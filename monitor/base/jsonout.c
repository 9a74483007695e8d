#include "monitor/base/jsonout.h"

#include "monitor/base/clock.h"
#include "monitor/base/utf8.h"

#include <stdio.h>

void jsonout_init(struct jsonout *j, struct buf *out)
{
	*j = (struct jsonout){.out = out};
}

static void separate(struct jsonout *j)
{
	if (j->comma) {
		buf_add_char(j->out, ',');
	}
	j->comma = true;
}

void jsonout_object(struct jsonout *j)
{
	separate(j);
	buf_add_char(j->out, '{');
	j->comma = false;
}

void jsonout_end_object(struct jsonout *j)
{
	buf_add_char(j->out, '}');
	j->comma = true;
}

void jsonout_array(struct jsonout *j)
{
	separate(j);
	buf_add_char(j->out, '[');
	j->comma = false;
}

void jsonout_end_array(struct jsonout *j)
{
	buf_add_char(j->out, ']');
	j->comma = true;
}

static void escape(struct buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add(out, "\\\"", 2);
		break;
	case '\\':
		buf_add(out, "\\\\", 2);
		break;
	case '\n':
		buf_add(out, "\\n", 2);
		break;
	case '\r':
		buf_add(out, "\\r", 2);
		break;
	case '\t':
		buf_add(out, "\\t", 2);
		break;
	default:
		buf_printf(out, "\\u%04x", c);
		break;
	}
}

static void quoted(struct buf *out, struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t from = 0, i = 0;
	buf_add_char(out, '"');
	while (i < s.n) {
		if (p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' && p[i] != '\\') {
			i++;
			continue;
		}
		size_t len = p[i] >= 0x80 ? utf8_sequence(str_n(s.p + i, s.n - i)) : 0;
		if (len > 0) {
			i += len;
			continue;
		}
		buf_add(out, p + from, i - from);
		if (p[i] >= 0x80) {
			buf_add(out, "\xef\xbf\xbd", 3);
		} else {
			escape(out, p[i]);
		}
		from = ++i;
	}
	buf_add(out, p + from, i - from);
	buf_add_char(out, '"');
}

void jsonout_key_any(struct jsonout *j, struct str key)
{
	separate(j);
	quoted(j->out, key);
	buf_add_char(j->out, ':');
	j->comma = false;
}

void jsonout_key(struct jsonout *j, const char *key)
{
	separate(j);
	buf_add_char(j->out, '"');
	buf_add_c(j->out, key);
	buf_add(j->out, "\":", 2);
	j->comma = false;
}

void jsonout_str(struct jsonout *j, struct str s)
{
	separate(j);
	quoted(j->out, s);
}

void jsonout_i64(struct jsonout *j, int64_t value)
{
	char text[24], *p = text + sizeof(text);
	uint64_t v = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	if (value < 0) {
		*--p = '-';
	}
	separate(j);
	buf_add(j->out, p, (size_t)(text + sizeof(text) - p));
}

void jsonout_double(struct jsonout *j, double value)
{
	separate(j);
	buf_printf(j->out, "%.6g", value);
}

void jsonout_bool(struct jsonout *j, bool value)
{
	separate(j);
	buf_add_c(j->out, value ? "true" : "false");
}

void jsonout_null(struct jsonout *j)
{
	separate(j);
	buf_add(j->out, "null", 4);
}

void jsonout_time(struct jsonout *j, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];
	jsonout_str(j, str_c(clock_rfc3339(wall_ms, text)));
}

void jsonout_raw(struct jsonout *j, struct str json)
{
	separate(j);
	buf_add_str(j->out, json);
}

void jsonout_key_str(struct jsonout *j, const char *key, struct str s)
{
	if (s.p != NULL) {
		jsonout_key(j, key);
		jsonout_str(j, s);
	}
}

void jsonout_key_c(struct jsonout *j, const char *key, const char *s)
{
	jsonout_key_str(j, key, str_c(s));
}

void jsonout_key_i64(struct jsonout *j, const char *key, int64_t value)
{
	jsonout_key(j, key);
	jsonout_i64(j, value);
}

void jsonout_key_bool(struct jsonout *j, const char *key, bool value)
{
	jsonout_key(j, key);
	jsonout_bool(j, value);
}

void jsonout_key_time(struct jsonout *j, const char *key, int64_t wall_ms)
{
	if (wall_ms != 0) {
		jsonout_key(j, key);
		jsonout_time(j, wall_ms);
	}
}
