#include "connectors/parse/base64.h"

#include "monitor/base/err.h"

static int value_of(char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c >= '0' && c <= '9' ? c - '0' + 52
	       : c == '+'             ? 62
	       : c == '/'             ? 63
				      : -1;
}

bool base64_read(struct str text, struct buf *out)
{
	unsigned bits = 0, n = 0;
	bool good = true, ended = false;
	for (size_t i = 0; i < text.n && out->rc == HARK_OK; i++) {
		int value = value_of(text.p[i]);
		if (value >= 0) {
			good = good && !ended;
			bits = bits << 6 | (unsigned)value;
			n++;
		} else if (text.p[i] == '=') {
			good = good && n % 4 != 1;
			ended = true;
			bits = n = 0;
		} else {
			good = good && memchr(" \t\r\n", text.p[i], 4) != NULL;
		}
		if (value >= 0 && n % 4 != 1) {
			/* 6, 12 (8 + 4), 18 (8 + 2), 24 (8) bits */
			buf_add_char(out, (char)(bits >> (n % 4 == 2 ? 4 : n % 4 == 3 ? 2 : 0)));
		}
	}
	return good && n % 4 != 1;
}
