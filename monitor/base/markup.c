#include "monitor/base/markup.h"

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void markup_escape(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		const char *as = reference(c);
		if (as != NULL) {
			buf_add_c(out, as);
		} else if ((unsigned char)c >= ' ' || c == '\t' || c == '\n' || c == '\r') {
			buf_add_char(out, c);
		}
	}
}
